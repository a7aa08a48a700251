"""Rules about goals: measured, owned, served, and reached in time (PLN701, PLN702)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from community_ops.kernel.derived import derived
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.monitoring.records import Metric
from community_ops.org.records import Goal
from community_ops.org.structure import Hierarchy
from community_ops.plan.records import Plan
from community_ops.plan.rules.samples import launch, lead, piece
from community_ops.plan.tasktree import places_by_plan
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted


def _goal(id: str) -> Ref:
    return Ref("goal", id)


@derived
def _tree(m: ModelView) -> Hierarchy:
    return Hierarchy.along(m, "goal", "parent")


def _served(m: ModelView) -> list[bool]:
    """Tell of each goal whether a plan that has tasks serves it, or a goal below or above it."""
    busy, plans = places_by_plan(m), zip(m.ids(Plan), m.column(Plan.goals), strict=True)
    tree, wanted = _tree(m), {goal for plan, goals in plans if plan in busy for goal in goals}
    direct = [id in wanted for id in tree.ids]
    below = tree.rollup([int(one) for one in direct])
    above = tree.inherit([True if one else None for one in direct])
    return [one > 0 or other is True for one, other in zip(below, above, strict=True)]


@rule(
    "PLN701",
    name="goal-incomplete",
    severity=INFO,
    en={
        "metric": "Nothing measures {goals}.",
        "target": "Of {goals} it is said what is measured, but not what is to be reached.",
        "owner": "Nobody is accountable for {goals}.",
        "unserved": "No plan that has tasks serves {goals}.",
    },
    zh={
        "metric": "{goals}没有衡量指标。",
        "target": "{goals}有指标，但没有目标值。",
        "owner": "{goals}没有负责岗位。",
        "unserved": "没有任何含有任务的计划服务于{goals}。",
    },
    needs=("goal",),
    date_use="ignored",
)
def goal_incomplete(m: ModelView, context: Context) -> Iterator[Finding]:
    """A goal has no metric, no target, no owner, or nothing is planned for it.

    Why it is worth knowing: nobody can say whether such a goal has been reached, or nobody works towards it.

    How to fix: name a `metric` and a `target`, or break the goal down into goals that have them; name an `owner`; list
    the goal in `goals` of the plan that serves it.

    When it is wrong to heed it: for a goal that is a direction rather than a place to arrive at.

    A goal that is broken down into others needs no metric of its own. A plan that serves a goal serves those above
    and below it, once it has tasks. Goals that were reached are not judged. Where there are no plans, nothing is said
    of serving, and where no metrics are kept, nothing of measuring.
    """
    tree, ids = _tree(m), m.ids(Goal)
    columns = (m.column(Goal.metric), m.column(Goal.target), m.column(Goal.owner), m.column(Goal.reached))
    served = _served(m) if m.ids(Plan) else [True] * len(ids)
    measuring = bool(m.ids(Metric))
    lacking: dict[str, list[Ref]] = {"metric": [], "target": [], "owner": [], "unserved": []}
    for place, (metric, target, owner, reached) in enumerate(zip(*columns, strict=True)):
        if reached is not None:
            continue
        goal = _goal(ids[place])
        if measuring and metric is None and not tree.spans[place]:
            lacking["metric"].append(goal)
        if metric is not None and target is None:
            lacking["target"].append(goal)
        if owner is None:
            lacking["owner"].append(goal)
        if not served[place]:
            lacking["unserved"].append(goal)
    for variant, goals in lacking.items():
        if goals:
            field = None if variant == "unserved" else variant
            key = (variant, *sorted(goal.id for goal in goals))
            yield goal_incomplete.finding(
                goals[0], variant, field=field, gathered=True, key=key, related=goals[1:], goals=tuple(goals)
            )


def _aim(**fields: object) -> list[Record]:
    values = {"id": "grow", "name": "Grow", "owner": "lead", "metric": "active", "target": Decimal(500), **fields}
    return [lead(), Metric(id="active", name="Active members", owner="lead"), Goal(**values)]  # type: ignore[arg-type]


@goal_incomplete.silent()
def _without_measures() -> Iterable[Record]:
    return [lead(), Goal(id="grow", name="Grow", owner="lead")]


@goal_incomplete.fires()
def _unmeasured() -> Iterable[Record]:
    return _aim(metric=None, target=None)


@goal_incomplete.fires()
def _anything_goes() -> Iterable[Record]:
    return _aim(target=None)


@goal_incomplete.fires()
def _nobodys() -> Iterable[Record]:
    return _aim(owner=None)


@goal_incomplete.fires()
def _dreamt_of() -> Iterable[Record]:
    return [*_aim(), launch()]


@goal_incomplete.silent()
def _pursued() -> Iterable[Record]:
    whole = Goal(id="thrive", name="Thrive", owner="lead")
    return [*_aim(parent="thrive"), whole, launch(goals=("thrive",)), piece("write")]


@goal_incomplete.silent()
def _behind_us() -> Iterable[Record]:
    return [*_aim(owner=None, reached=date(2026, 2, 1)), launch()]


@rule(
    "PLN702",
    name="goal-past-due",
    severity=WARNING,
    status=True,
    date_use="needed",
    en="{subject} was to be reached by {due}, {days} ago.",
    zh="{subject}应于 {due} 前达成，已逾期 {days} 天。",
    needs=("goal",),
)
def goal_past_due(m: ModelView, context: Context) -> Iterator[Finding]:
    """A goal, or key result, is past its date and not recorded as reached.

    Why it matters: people go on planning by a promise that was not kept, or was kept and nobody knows.

    How to fix: record the day in `reached`; or set another date, and say why.

    When it is wrong to heed it: never for long; a waiver may bridge the time until the figures are in.
    """
    for id, due, reached in zip(m.ids(Goal), m.column(Goal.due), m.column(Goal.reached), strict=True):
        if due is not None and reached is None and due < context.day:
            late = {"en": counted((context.day - due).days, "day")["en"], "zh": str((context.day - due).days)}
            yield goal_past_due.finding(_goal(id), field="due", due=due, days=late)


@goal_past_due.fires(at=date(2026, 4, 1))
def _late() -> Iterable[Record]:
    return _aim(due=date(2026, 3, 31))


@goal_past_due.silent(at=date(2026, 4, 1))
def _reached() -> Iterable[Record]:
    return _aim(due=date(2026, 3, 31), reached=date(2026, 3, 30))


@goal_past_due.silent(at=date(2026, 3, 31))
def _last_day() -> Iterable[Record]:
    return _aim(due=date(2026, 3, 31))


RULES = (goal_incomplete, goal_past_due)
"""The rules of this module."""
