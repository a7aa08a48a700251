"""Rules about which way to go: strategies without ground, areas without tasks (PLN703, PLN704)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import get_args

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.scoping import thresholds_by_unit
from community_ops.plan.baselines import areas_of
from community_ops.plan.records import Area, Plan, Task
from community_ops.plan.rules.addresses import plan_ref
from community_ops.plan.rules.samples import launch, piece
from community_ops.plan.steering import Strategy, Study
from community_ops.plan.tasktree import parts
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule

_AREAS = {
    "positioning": {"en": "positioning", "zh": "定位"},
    "operation": {"en": "operation", "zh": "运营"},
    "promotion": {"en": "promotion", "zh": "推广"},
    "service": {"en": "service", "zh": "服务"},
    "control": {"en": "control", "zh": "管控"},
}


@rule(
    "PLN703",
    name="strategy-without-ground",
    severity=WARNING,
    en={
        "none": "{subject} rests on no study.",
        "outdated": "{subject} rests on {studies}, valid until {until} only.",
    },
    zh={
        "none": "{subject}没有任何研究依据。",
        "outdated": "{subject}所依据的{studies}有效期只到 {until}。",
    },
    needs=("strategy",),
)
def strategy_without_ground(m: ModelView, context: Context) -> Iterator[Finding]:
    """A strategy rests on no study, or on one that is out of date.

    Why it matters: markets, competitors and audiences change; what was decided on old figures is decided on none.

    How to fix: do the study again and name it in `studies`, or say in `valid_until` how long the old one holds.

    When it is wrong to heed it: where the strategy is a matter of values rather than of facts.

    Strategies that are over are not judged, nor are those that have not begun. Without a date nothing is out of date.
    """
    known, until = m.place_index(Study), m.column(Study.valid_until)
    columns = (m.ids(Strategy), m.column(Strategy.studies), m.column(Strategy.period))
    for id, studies, period in zip(*columns, strict=True):
        if context.at is not None and period is not None and not period.covers(context.at):
            continue
        subject = Ref("strategy", id)
        if not studies:
            yield strategy_without_ground.finding(subject, "none", field="studies")
        ends = [(study, until[known[study]]) for study in studies if study in known]
        old = {study: end for study, end in ends if end is not None and _past(end, context.at)}
        if old:
            refs = tuple([Ref("study", study) for study in old])
            yield strategy_without_ground.finding(
                subject, "outdated", field="studies", related=refs, studies=refs, until=min(old.values())
            )


def _past(end: date, at: date | None) -> bool:
    return at is not None and end < at


def _course(*studies: Study) -> list[Record]:
    return [Strategy(id="help", name="Members help members", studies=tuple([study.id for study in studies])), *studies]


@strategy_without_ground.fires()
def _hunch() -> Iterable[Record]:
    return _course()


@strategy_without_ground.fires(at=date(2026, 3, 2))
def _last_years() -> Iterable[Record]:
    return _course(Study(id="s", name="Who stays", kind="audience", valid_until=date(2025, 12, 31)))


@strategy_without_ground.silent(at=date(2025, 12, 31))
def _still_valid() -> Iterable[Record]:
    return _course(Study(id="s", name="Who stays", kind="audience", valid_until=date(2025, 12, 31)))


@frozen
class AreaThresholds(Value):
    """When a plan is one for all areas.

    Attributes:
        used: how many of the areas must have tasks.
    """

    used: int = field(default=2, metadata=at_least(1))


@rule(
    "PLN704",
    name="area-empty",
    severity=INFO,
    en="{subject} has no task in the area of {areas}.",
    zh="{subject}在{areas}方面没有任何任务。",
    needs=("plan", "task"),
    date_use="ignored",
    thresholds=AreaThresholds(),
    scoped=True,
)
def area_empty(m: ModelView, context: Context) -> Iterator[Finding]:
    """A plan that is divided into areas has no task in one of them.

    Why it is worth knowing: a community's plan has five areas - positioning, operation, promotion, service and
    control - and the one that was forgotten is missed when it is too late to plan it.

    How to fix: plan the area; or set `area` of the tasks that belong to it.

    When it is wrong to heed it: where another plan has that area.

    A plan is judged once at least two areas have tasks; a task belongs to the area of the task it is part of, unless it
    names its own.
    """
    if not any(m.column(Task.area)):
        return
    limits = thresholds_by_unit(m, context)
    for id, unit in zip(m.ids(Plan), m.column(Plan.unit), strict=True):
        used = set(areas_of(m, parts(m, id)))
        empty = tuple([area for area in get_args(Area) if area not in used])
        if empty and len(used - {None}) >= limits.of(unit).used:
            yield area_empty.finding(plan_ref(id), key=empty, areas=tuple([_AREAS[area] for area in empty]))


def _divided(*areas: str) -> list[Record]:
    return [launch(), *[piece(area, area=area) for area in areas]]


@area_empty.fires()
def _unattended() -> Iterable[Record]:
    return _divided("positioning", "operation", "promotion", "control")


@area_empty.silent()
def _complete() -> Iterable[Record]:
    return _divided(*_AREAS)


@area_empty.silent()
def _only_one() -> Iterable[Record]:
    return _divided("promotion")


RULES = (strategy_without_ground, area_empty)
"""The rules of this module."""
