"""Duties of the positions and units of the community operations template, and who carries them out.

A duty is what a position is there for, whatever is planned; the lines of the plan are tasks, with their roles in
`raci.py`. Where the document has one in the same words as a line, there is a duty and a task: the duty outlasts it.

A duty that is a part of a larger one names no owner: whoever owns the larger one owns it too. Any other is
owned by the manager of those who carry it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from community_ops.kernel.ref import Ref
from community_ops.org.records import Duty, Responsibility
from community_ops.templates.words import Say


class Charge(NamedTuple):
    """A duty and the positions responsible for it."""

    duty: Duty
    responsible: tuple[str, ...]


def duties(say: Say) -> Iterator[Duty]:
    """Yield every duty."""
    for charge in _charges(say):
        yield charge.duty


def roles(say: Say) -> Iterator[Responsibility]:
    """Yield who is responsible for them."""
    for duty, responsible in _charges(say):
        for position in responsible:
            yield Responsibility(id=f"{duty.id}.{position}", subject=Ref("duty", duty.id), position=position)


def _charges(say: Say) -> Iterator[Charge]:
    yield from _management(say)
    yield from _marketing(say)
    yield from _community(say)
    yield from _service(say)
    yield from _product(say)
    yield from _projects_and_finance(say)
    yield from _nobodys(say)


def _management(say: Say) -> Iterator[Charge]:
    everybody = ("ceo", "coo", "cmo")
    yield Charge(Duty(id="set-strategy", name=say("制定战略规划", "Set strategy"), owner="ceo"), everybody)
    yield Charge(
        Duty(id="coordinate-resources", name=say("协调资源配置", "Coordinate resources"), owner="ceo"),
        everybody,
    )
    yield Charge(
        Duty(id="supervise-execution", name=say("监督团队执行", "Supervise execution"), owner="ceo"),
        everybody,
    )


def _marketing(say: Say) -> Iterator[Charge]:
    # The document gives it to the department, to the marketing team, and to the operations team's marketer.
    yield Charge(
        Duty(id="marketing", name=say("营销和推广", "Marketing and promotion"), owner="cmo"),
        ("marketing-specialist", "community-marketer"),
    )
    yield Charge(
        Duty(
            id="analyse-community-data",
            name=say(
                "分析社群数据、优化营销策略、提高营销效果",
                "Analyse community data, improve the marketing strategy and its results",
            ),
            owner="cmo",
        ),
        ("data-analyst",),
    )
    yield Charge(
        Duty(
            id="set-marketing-strategy",
            name=say("制定营销策略", "Set the marketing strategy"),
            owner="cmo",
        ),
        ("marketing-specialist",),
    )
    yield Charge(
        Duty(id="plan-ad-placements", name=say("制定广告投放计划", "Plan ad placements"), owner="cmo"),
        ("ad-planner",),
    )


def _community(say: Say) -> Iterator[Charge]:
    yield Charge(
        Duty(
            id="set-operations-strategy",
            name=say("制定社群运营策略", "Set the community operations strategy"),
            owner="coo",
        ),
        ("community-operator",),
    )
    yield Charge(
        Duty(
            id="make-content",
            name=say("制作和发布有价值的内容", "Make and publish valuable content"),
            owner="community-operator",
        ),
        ("content-creator",),
    )
    # The document gives the next two to the manager and the marketer together.
    together = ("community-manager", "community-marketer")
    yield Charge(
        Duty(
            id="keep-community-healthy",
            name=say("维护社群环境", "Keep the community healthy"),
            owner="community-operator",
        ),
        together,
    )
    yield Charge(
        Duty(
            id="drive-sales",
            name=say("推动产品或服务的销售和市场推广", "Drive sales and promotion"),
            part_of="marketing",
        ),
        together,
    )


def _service(say: Say) -> Iterator[Charge]:
    yield Charge(
        Duty(id="answer-questions", name=say("解答客户问题", "Answer customer questions"), owner="coo"),
        ("service-agent",),
    )
    yield Charge(
        Duty(
            id="handle-technical-problems",
            name=say("处理客户技术问题", "Handle technical problems"),
            owner="coo",
        ),
        ("tech-support",),
    )
    yield Charge(
        Duty(
            id="handle-after-sales",
            name=say("处理客户售后问题", "Handle after-sales problems"),
            part_of="complaints",
        ),
        ("after-sales",),
    )
    # Made of what after-sales agents do, and of what nobody does: see below.
    yield Charge(
        Duty(
            id="complaints",
            name=say("处理客户投诉和售后问题", "Handle complaints and after-sales problems"),
            owner="coo",
        ),
        (),
    )


def _product(say: Say) -> Iterator[Charge]:
    yield Charge(
        Duty(id="product-planning", name=say("产品规划", "Product planning"), owner="ceo"),
        ("product-manager",),
    )
    yield Charge(
        Duty(id="product-development", name=say("产品开发", "Product development"), owner="product-manager"),
        ("engineer",),
    )
    yield Charge(
        Duty(
            id="product-design",
            name=say("产品界面和用户体验的设计", "Interface and user-experience design"),
            owner="product-manager",
        ),
        ("designer",),
    )


def _projects_and_finance(say: Say) -> Iterator[Charge]:
    # Spans two lines of the plan, progress and quality, so it is a part of neither.
    yield Charge(
        Duty(
            id="monitor-delivery",
            name=say("项目进度和质量监控", "Monitor progress and quality"),
            owner="coo",
        ),
        ("project-manager",),
    )
    yield Charge(
        Duty(
            id="coordinate-departments",
            name=say("协调各部门之间的工作", "Coordinate work between departments"),
            owner="project-manager",
        ),
        ("project-coordinator",),
    )
    yield Charge(
        Duty(
            id="identify-risks",
            name=say("项目风险的识别和应对", "Identify and respond to project risks"),
            owner="project-manager",
        ),
        ("risk-manager",),
    )
    yield Charge(
        Duty(
            id="monitor-finances",
            name=say("项目财务状况监控", "Monitor the project's financial state"),
            owner="ceo",
        ),
        ("finance-manager",),
    )
    yield Charge(
        Duty(id="control-costs", name=say("成本控制", "Control costs"), owner="finance-manager"),
        ("cost-accountant",),
    )
    # Not owned by the auditor's manager, who cannot answer for the audit of their own team.
    yield Charge(
        Duty(
            id="audit-financial-reports",
            name=say("审计项目的财务报告", "Audit the project's financial reports"),
            owner="ceo",
        ),
        ("auditor",),
    )


def _nobodys(say: Say) -> Iterator[Charge]:
    """Yield what the document asks for and gives to no position; somebody answers for it, nobody does it."""
    nobody: tuple[str, ...] = ()
    # The plan speaks of complaints and after-sales problems, the after-sales agent's duty only of the latter.
    yield Charge(
        Duty(id="handle-complaints", name=say("处理客户投诉", "Handle complaints"), part_of="complaints"),
        nobody,
    )
    yield Charge(
        Duty(id="develop-partnerships", name=say("发展伙伴关系", "Develop partnerships"), owner="cmo"),
        nobody,
    )
    yield Charge(Duty(id="hire-people", name=say("招聘员工", "Hire people"), owner="coo"), nobody)
    yield Charge(Duty(id="train-people", name=say("培训员工", "Train people"), owner="coo"), nobody)
