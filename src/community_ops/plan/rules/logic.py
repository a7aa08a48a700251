"""The rule about tasks that nothing leads to or from (PLN107)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.view import ModelView
from community_ops.org.scoping import thresholds_by_unit
from community_ops.plan.records import Plan
from community_ops.plan.rules.addresses import plan_ref, task_ref
from community_ops.plan.rules.dating import Dated, dated
from community_ops.plan.rules.samples import launch, piece
from community_ops.validation.finding import INFO, Finding
from community_ops.validation.rule import Context, rule


@frozen
class OpenEndThresholds(Value):
    """How many tasks may hang loose.

    Attributes:
        percent: the most tasks without predecessor or successor, in percents of all that drive dates.
    """

    percent: Decimal = field(default=Decimal(5), metadata=at_least(0))


@rule(
    "PLN107",
    name="open-ends",
    severity=INFO,
    en="{subject}: {count} of {total} tasks follow nothing or lead nowhere: {tasks}.",
    zh="{subject}：{total} 个任务中有 {count} 个没有前置任务或后续任务：{tasks}。",
    needs=("plan", "task"),
    date_use="ignored",
    thresholds=OpenEndThresholds(),
    scoped=True,
)
def open_ends(m: ModelView, context: Context) -> Iterator[Finding]:
    """More tasks of a plan than a few have nothing before them, or nothing after.

    Why it matters: a delay is passed on along links only. What has none can slip without anybody seeing what it does to
    the end, and float and critical path mean little.

    How to fix: ask of each what it needs and who needs it; link what ends the work to the plan's last milestone.

    When it is wrong to heed it: for a list of things to do that do not depend on each other; a waiver says so.

    One finding a plan. The first of the tasks needs no predecessor and the last one no successor. A link to or from a
    summary counts for each of its parts. Levels of effort and recurring tasks are not judged, nor are plans that have
    no dates. A policy for a unit holds for the plans of that unit.

    Source: Defense Contract Management Agency, Earned Value Management System Program Analysis Pamphlet, DCMA-EA PAM
    200.1 (2012), 4.1: missing logic, at most 5 %.
    """
    limits, units = thresholds_by_unit(m, context), dict(zip(m.ids(Plan), m.column(Plan.unit), strict=True))
    for id, found in dated(m):
        loose, total = _loose(found), len(found.net.nodes)
        if loose and len(loose) * 100 > limits.of(units[id]).percent * total:
            tasks = tuple([task_ref(found.net.parts.ids[task]) for task in loose])
            yield open_ends.finding(plan_ref(id), related=tasks, tasks=tasks, count=len(tasks), total=total)


def _loose(found: Dated) -> list[int]:
    """Return the tasks that lack a predecessor or a successor, but for the first and the last."""
    net, dates = found.net, found.dates
    follows = {wire.after for wire in net.wires}
    leads = {wire.before for wire in net.wires}
    starts = [task for task in net.nodes if task not in follows]
    ends = [task for task in net.nodes if task not in leads]
    first = min(starts, key=lambda task: (dates.start[task], net.parts.ids[task]), default=None)
    last = max(ends, key=lambda task: (dates.finish[task], net.parts.ids[task]), default=None)
    loose = {*starts} - {first} | {*ends} - {last}
    return sorted(loose, key=lambda task: (dates.start[task], net.parts.ids[task]))


@open_ends.fires()
def _list() -> Iterable[Record]:
    return [launch(), piece("write", 2), piece("print", 1, "write"), piece("bake", 1)]


@open_ends.silent()
def _chain() -> Iterable[Record]:
    return [launch(), piece("write", 2), piece("print", 1, "write"), piece("send", 1, "print")]


RULES = (open_ends,)
"""The rules of this module."""
