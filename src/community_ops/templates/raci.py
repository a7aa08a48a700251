"""The RACI chart of the community operations template: who is what to each line of its plan and programme.

A line is a task of the plan, of the same id: its A is the task's `owner`, every other letter a `Responsibility` for the
task. Duties are what positions have beside, or beyond, the plan: see `duties.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from community_ops.kernel.ref import Ref
from community_ops.org.records import Position, Responsibility, Role, Unit
from community_ops.templates.words import Say

SHORT = {
    "CEO": "ceo",
    "COO": "coo",
    "CMO": "cmo",
    "OP": "community-operator",
    "CC": "content-creator",
    "CM": "community-manager",
    "MK": "community-marketer",
    "MS": "marketing-specialist",
    "AD": "ad-planner",
    "DA": "data-analyst",
    "PD": "product-manager",
    "EN": "engineer",
    "DE": "designer",
    "PJ": "project-manager",
    "PC": "project-coordinator",
    "RM": "risk-manager",
    "FM": "finance-manager",
    "CA": "cost-accountant",
    "SA": "service-agent",
    "TS": "tech-support",
    "AS": "after-sales",
}
"""The chart's abbreviations. Two more words stand for groups: `heads` of units, and `all` positions."""


class Line(NamedTuple):
    """A line of the chart: what is to be done, and the short names of who is what to it."""

    id: str
    name: str
    accountable: str
    responsible: str
    consulted: str
    informed: str


def lines(say: Say) -> Iterator[Line]:
    """Yield the 23 items of the plan, area by area, and the six steps of the programme."""
    yield from _community_items(say)
    yield from _market_items(say)
    yield from _service_and_control_items(say)
    yield from _programme_steps(say)


def _community_items(say: Say) -> Iterator[Line]:
    # positioning and planning
    yield Line("theme", say("确定社群主题", "Decide the community's theme"), "COO", "OP", "CMO PD DA", "CC")
    yield Line("content", say("规划社群内容", "Plan the community's content"), "OP", "CC", "MS PD", "CM")
    yield Line("goals", say("设定社群目标", "Set the community's goals"), "COO", "OP", "CMO DA FM", "PJ")
    yield Line("audience", say("明确社群受众", "Define the community's audience"), "CMO", "DA MS", "OP PD", "CC")
    yield Line(
        "operations-strategy",
        say("制定社群运营策略", "Set the operations strategy"),
        "COO",
        "OP",
        "CMO CM",
        "PJ",
    )
    # building and operation
    yield Line("platforms", say("确定社群平台", "Choose the platforms"), "COO", "OP", "EN AD FM", "SA")
    yield Line("interface", say("设计社群界面", "Design the interface"), "PD", "DE", "CM EN", "SA")
    yield Line("rules", say("制定社群规则", "Set the community rules"), "OP", "CM", "SA PD", "MK")
    yield Line("services", say("提供社群服务", "Provide community services"), "OP", "CM", "SA", "PD")
    yield Line("events", say("组织社群活动", "Organise community events"), "OP", "CM MK", "CC CA", "SA")


def _market_items(say: Say) -> Iterator[Line]:
    # marketing and promotion
    yield Line(
        "marketing-strategy",
        say("制定营销策略", "Set the marketing strategy"),
        "CMO",
        "MS",
        "OP PD DA",
        "COO",
    )
    yield Line("campaigns", say("设计营销活动", "Design campaigns"), "CMO", "MS MK", "DE CC AD", "SA")
    yield Line("ad-plan", say("制定广告投放计划", "Plan ad placements"), "CMO", "AD", "DA CA", "FM")
    yield Line("analysis", say("进行数据分析", "Analyse the data"), "CMO", "DA", "OP", "AD")
    yield Line("optimisation", say("优化营销策略", "Improve the marketing strategy"), "CMO", "MS", "DA AD", "COO")


def _service_and_control_items(say: Say) -> Iterator[Line]:
    # customer service
    yield Line("service-standards", say("设定客户服务标准", "Set service standards"), "COO", "SA", "TS AS PD", "CM")
    yield Line("support", say("提供客户服务支持", "Provide service and support"), "COO", "SA TS", "EN", "PD")
    yield Line(
        "complaints",
        say("处理客户投诉和售后问题", "Handle complaints and after-sales problems"),
        "COO",
        "AS",
        "SA FM",
        "CMO RM",
    )
    yield Line("satisfaction", say("提高客户满意度", "Raise customer satisfaction"), "COO", "SA", "DA PD", "CEO")
    # project and risk management
    yield Line("project-plan", say("制定项目计划", "Make the project plan"), "PJ", "PC", "heads", "CEO")
    yield Line("progress", say("进行项目进度监控", "Monitor progress"), "PJ", "PC", "heads", "COO")
    yield Line("risks", say("管理项目风险", "Manage project risks"), "PJ", "RM", "FM heads", "CEO")
    yield Line("quality", say("进行项目质量控制", "Control quality"), "COO", "PJ", "PD", "CEO")


def _programme_steps(say: Say) -> Iterator[Line]:
    yield Line("strategy", say("制定战略规划", "Strategic planning"), "CEO", "CMO COO", "PD FM DA", "heads")
    yield Line("operating-model", say("构建运营模式", "Operating model"), "COO", "OP", "CC CM MS", "PJ")
    yield Line("technology", say("搭建技术", "Technology platform"), "PD", "EN DE", "DA TS", "OP")
    yield Line("partnerships", say("建立伙伴关系", "Partnerships"), "CMO", "MK", "OP FM", "CEO")
    yield Line("team-building", say("优化团队建设", "Team building"), "COO", "PC", "heads", "all")
    yield Line("evaluation", say("监测评估与优化", "Monitor, evaluate and improve"), "COO", "DA", "PJ SA OP", "CEO")


def line_roles(say: Say, units: Sequence[Unit], positions: Sequence[Position]) -> Iterator[Responsibility]:
    """Yield every R, C and I of the chart; each A is the task's owner.

    Args:
        say: picks the language.
        units: whose heads are meant by `heads`.
        positions: what is meant by `all`.
    """
    groups = {
        "heads": list(dict.fromkeys(chain.from_iterable(unit.heads for unit in units))),
        "all": [position.id for position in positions],
    }
    for line in lines(say):
        for role, position in _cast(line, groups):
            yield Responsibility(id=f"{line.id}.{position}", subject=Ref("task", line.id), position=position, role=role)


def _cast(line: Line, groups: dict[str, list[str]]) -> Iterator[tuple[Role, str]]:
    """Yield who is what to a line.

    A position has one role in a line. So a group stands for those of its members that the line names in no
    column, the A included, and that no group to its left has taken: with `heads` consulted and `all`
    informed, every other head is consulted and everybody else informed.
    """
    columns: dict[Role, list[str]] = {
        "responsible": line.responsible.split(),
        "consulted": line.consulted.split(),
        "informed": line.informed.split(),
    }
    taken = {SHORT[name] for name in chain([line.accountable], *columns.values()) if name in SHORT}
    for role, names in columns.items():
        for name in names:
            if name in SHORT:
                yield role, SHORT[name]
            else:
                rest = [position for position in groups[name] if position not in taken]
                taken.update(rest)
                for position in rest:
                    yield role, position
