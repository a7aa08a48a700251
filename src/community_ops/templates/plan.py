"""The plan of the community operations template: five areas of items, the steps of the programme, and the launch.

What to do and who answers for it stands in `raci.py`; here is how long it takes, and what it waits for, in working days
of the office calendar from Monday 2 March 2026 on. The longest path is

    strategy 12, theme 3, goals 2, operations strategy 5, content 9, campaigns 8, ad plan 5: 44 days, the launch
    satisfaction 20, evaluation 3: 67 days, the finish

Qingming and Labour Day take four days out of it and the make-up Saturday of 9 May puts one in. That gives what a domain
expert had worked out by hand: the launch on Wednesday 6 May, the finish on Friday 5 June, and float of 2 days for the
partners, 4 for the technology and 5 for the events. A test counts the days with a plain loop.

**Overlaps.** Steps 1, 2 and 6 of the programme are the same work as some of the items, seen from above. They hold the
others up, so they are tasks with a duration; but their cost and progress are those of the items named in `overlaps`.
Items stand under their areas and steps under the programme, and no task stands above both. So nothing is counted twice
below the plan as a whole; there, what adds up leaves out the tasks with `overlaps`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from community_ops.kernel.values import Estimate
from community_ops.plan.records import Allocation, Area, Deliverable, Duration, Link, Plan, Task
from community_ops.templates.raci import SHORT, Line, lines
from community_ops.templates.words import Say

PLAN = "community-plan"
START = date(2026, 3, 2)
AREAS: tuple[tuple[Area, int], ...] = (
    ("positioning", 5),
    ("operation", 5),
    ("promotion", 5),
    ("service", 4),
    ("control", 4),
)
"""The areas in the order of the lines of the chart, and how many of them each has; the steps are the rest."""


class Work(NamedTuple):
    """How long a task takes, in working days, and what it waits for.

    `range` is how long at best, most likely and at worst; the duration is what was promised within it.
    """

    days: int
    range: tuple[int, int, int]
    links: tuple[Link, ...] = ()


def _after(*ids: str) -> tuple[Link, ...]:
    return tuple(map(Link, ids))


WORK = MappingProxyType(
    {
        # up to the launch, the longest path first
        "strategy": Work(12, (9, 12, 18)),
        "theme": Work(3, (2, 3, 5), _after("strategy")),
        "goals": Work(2, (1, 2, 4), _after("theme", "audience")),
        "operations-strategy": Work(5, (4, 5, 8), _after("goals")),
        "content": Work(9, (7, 9, 14), _after("operations-strategy", "audience")),
        "campaigns": Work(8, (6, 8, 12), _after("content", "marketing-strategy")),
        "ad-plan": Work(5, (3, 5, 8), _after("campaigns")),
        "audience": Work(5, (3, 5, 9), (Link("strategy", "SS", Duration(5)),)),
        "marketing-strategy": Work(6, (4, 6, 9), _after("goals")),
        "project-plan": Work(4, (3, 4, 6)),
        "operating-model": Work(6, (4, 6, 10), _after("operations-strategy")),
        "platforms": Work(4, (2, 4, 8), _after("operations-strategy")),
        "interface": Work(8, (6, 8, 13), _after("platforms")),
        "technology": Work(10, (8, 10, 18), (Link("interface", "SS", Duration(4)),)),
        "rules": Work(4, (2, 4, 6), _after("operations-strategy")),
        "service-standards": Work(4, (3, 4, 6), _after("operations-strategy")),
        "partnerships": Work(20, (14, 20, 34), _after("operations-strategy")),
        "team-building": Work(10, (8, 10, 15), _after("operations-strategy")),
        "events": Work(8, (6, 8, 12), _after("rules", "operating-model", "content")),
        # after it
        "analysis": Work(10, (8, 10, 13), _after("launch")),
        "optimisation": Work(5, (4, 5, 8), _after("analysis")),
        "satisfaction": Work(20, (16, 20, 28), _after("launch")),
        "evaluation": Work(3, (2, 3, 5), _after("optimisation", "satisfaction")),
    }
)
"""The tasks that come to an end. The six other lines go on all the time."""

_ALL_THE_TIME = (Link("strategy", "SS"), Link("evaluation", "FF"))  # from the first day of the plan to its last

LAUNCH_WAITS_FOR = (
    "ad-plan",
    "events",
    "interface",
    "technology",
    "service-standards",
    "partnerships",
    "team-building",
    "project-plan",
)
"""What nothing else before the launch waits for; everything before it is one of these or leads to one."""

OVERLAPS = MappingProxyType(
    {
        "strategy": ("theme", "content", "goals", "audience"),  # direction and goals, segments, content strategy
        "operating-model": ("content", "services", "events"),  # creation, interaction and value, event planning
        "evaluation": ("analysis", "optimisation", "satisfaction"),  # measure, and adjust the strategy in time
    }
)
"""The steps of the programme that are the same work as items, and which."""


def plans(say: Say) -> Iterator[Plan]:
    """Yield the plan."""
    yield Plan(
        id=PLAN,
        name=say("社群运营方案", "Community operations plan"),
        start=START,
        calendar="office",
        unit="hq",
        owner="project-manager",
        goals=("brand-awareness", "stickiness", "market-share"),
    )


def tasks(say: Say) -> Iterator[Task]:
    """Yield the five areas with their items, the programme with its steps, and the launch."""
    chart = lines(say)
    for summary, count in zip(_areas(say), [count for _, count in AREAS], strict=True):
        yield summary
        for _ in range(count):
            yield _line(next(chart), say, summary)
    programme = Task(id="programme", name=say("运营方案六步", "Programme in six steps"), plan=PLAN)
    yield programme
    for line in chart:
        yield _line(line, say, programme)
    yield Task(
        id="launch",
        name=say("上线", "Launch"),
        plan=PLAN,
        kind="milestone",
        owner="coo",
        links=_after(*LAUNCH_WAITS_FOR),
    )


def _line(line: Line, say: Say, summary: Task) -> Task:
    """Return a line of the chart as a task, dated by `WORK`."""
    task = partial(
        Task,
        id=line.id,
        name=line.name,
        plan=PLAN,
        parent=summary.id,
        area=summary.area,
        owner=SHORT[line.accountable],
        overlaps=OVERLAPS.get(line.id, ()),
        description=_details(say).get(line.id, ""),
    )
    work = WORK.get(line.id)
    if work is None:
        return task(kind="level_of_effort", links=_ALL_THE_TIME)
    return task(
        duration=Duration(work.days),
        estimate=Estimate(*work.range),
        links=work.links,
        # Both content creators plan the content.
        allocations=(Allocation("content-creator", 2),) if line.id == "content" else (),
        deliverables=(Deliverable(_direction(say)),) if line.id == "strategy" else (),
    )


def _areas(say: Say) -> Iterator[Task]:
    """Yield a summary an area, with what it is for."""
    names: dict[Area, tuple[str, str]] = {
        "positioning": (
            say("社群定位与规划", "Community positioning and planning"),
            say("提高社群的影响力和营销效果", "Raise the community's influence and marketing results"),
        ),
        "operation": (
            say("社群建设与运营", "Community building and operation"),
            say("提高社群活跃度和用户粘性", "Raise activity and stickiness"),
        ),
        "promotion": (
            say("社群营销与推广", "Community marketing and promotion"),
            say("提高产品或服务的知名度和销售量", "Raise awareness and sales of the product or service"),
        ),
        "service": (
            say("客户服务与管理", "Customer service and management"),
            say(
                "提高客户满意度和忠诚度",
                "Raise customer satisfaction and loyalty (measure loyalty too - NPS or repurchase)",
            ),
        ),
        "control": (
            say("项目管理与风险管理", "Project and risk management"),
            say("监控进度、质量、成本", "Monitor and manage progress, quality and cost"),
        ),
    }
    for area, _ in AREAS:
        name, aim = names[area]
        yield Task(id=area, name=name, plan=PLAN, area=area, description=aim)


def _direction(say: Say) -> str:
    return say("社群发展方向和目标", "The community's direction and goals")


def _details(say: Say) -> dict[str, str]:
    """Return what the document says each step of the programme is made of."""
    return {
        "strategy": say(
            "市场分析、竞争分析、目标客群、内容策略",
            "Market analysis, Competitor analysis, Target customer segments, Content strategy",
        ),
        "operating-model": say(
            "内容创作、活动策划、用户互动、价值传递",
            "Content creation, Event planning, User interaction, Value delivery",
        ),
        "technology": say(
            "平台：网站、APP、微信、微博；能力：用户管理、数据分析、内容分发",
            "Platforms: Website, App, WeChat, Weibo. "
            "Capabilities: User management, Data analysis, Content distribution",
        ),
        "team-building": say(
            "员工培训、激励机制、沟通协作：提高团队凝聚力和执行力，激发积极性和创造力",
            "Training, Incentives, Communication and collaboration: Cohesion and execution; initiative and creativity",
        ),
        "evaluation": say(
            "用户活跃度、参与度、用户满意度",
            "User activity, Engagement, User satisfaction",
        ),
    }
