"""A rule about positions that are asked for more than there is of them (PLN404)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.view import ModelView
from community_ops.org.records import Assignment, Position
from community_ops.org.rules.addresses import position
from community_ops.org.rules.samples import ann, hq
from community_ops.org.scoping import thresholds_by_unit
from community_ops.plan.loading import load
from community_ops.plan.loading_curve import Overrun
from community_ops.plan.records import Allocation, Duration, Task
from community_ops.plan.rules.addresses import task_ref
from community_ops.plan.rules.samples import MONDAY, launch, lead, piece
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule


@frozen
class OverloadThresholds(Value):
    """How much too much a position may be asked for.

    Attributes:
        days: the most days in a row; days on which nobody works do not count, and end nothing.
        fte: by how many full-time equivalents it may be more than there is.
    """

    days: int = field(default=5, metadata=at_least(0))
    fte: Decimal = field(default=Decimal(0), converter=exact, metadata=at_least(0))


@rule(
    "PLN404",
    name="position-overloaded",
    severity=WARNING,
    status=True,
    en={
        "even": "{subject} is asked for {asked} FTE from {first} to {last} by {tasks}, and has {there}.",
        "uneven": "{subject} is asked for more than it has from {first} to {last} by {tasks}: from {peak} on for "
        "{asked} FTE, when it has {there}.",
        "several": "{subject} is asked for more than it has {count} times, by {tasks}; first from {first} to {last}: "
        "from {peak} on for {asked} FTE, when it has {there}.",
    },
    zh={
        "even": "{subject}自 {first} 至 {last} 需为{tasks}投入 {asked} FTE，而实际只有 {there} FTE。",
        "uneven": "{subject}自 {first} 至 {last} 因{tasks}而人力不足：自 {peak} 起需投入 {asked} FTE，"
        "而当时只有 {there} FTE。",
        "several": "{subject}因{tasks}先后 {count} 次人力不足；第一次自 {first} 至 {last}：自 {peak} 起需投入 {asked} "
        "FTE，而当时只有 {there} FTE。",
    },
    needs=("plan", "task", "position"),
    date_use="needed",
    thresholds=OverloadThresholds(),
    scoped=True,
)
def position_overloaded(m: ModelView, context: Context) -> Iterator[Finding]:
    """The tasks of all plans together ask a position for more than there is of it, for more than a few days in a row.

    Why it matters: nobody can be in two places, so that some of the tasks will be late, whatever the schedule says.

    How to fix: move tasks apart (`co.plan.level` proposes dates), ask for less, or have more people hold the position.

    When it is wrong to heed it: where overtime is agreed, or the FTE of allocations are rough; raise the threshold.

    One finding a position. What is left to do from the date of the check on is set against those who hold the position
    and are there, day by day; deputies for everything count where nobody is, and all seats from the day on that a
    policy for PLN403 names. An effort goes on at the pace of who is there, and asks for no more; what is too much is
    then what others ask for beside it. A few days are a matter of who takes over when, not of the plan. Plans and tasks
    that have no dates ask for nothing; other rules name them. A policy for a unit holds for the positions in it.
    """
    if not any(m.column(Task.allocations)):
        return
    limits, index, homes = thresholds_by_unit(m, context), m.place_index(Position), m.column(Position.unit)
    loads = load(m, at=context.day)
    for id in loads.positions:
        if id not in index:  # a reference that leads nowhere is a finding of its own
            continue
        limit = limits.of(homes[index[id]])
        runs = [run for run in loads.runs(id, limit.fte) if run.days > limit.days]
        if runs:
            tasks = tuple([task_ref(task) for task in dict.fromkeys([task for run in runs for task in run.tasks])])
            first, last, peak = runs[0].steps[0].first, runs[0].steps[-1].last, runs[0].peak
            yield position_overloaded.finding(
                position(id), _wording(runs), related=tasks, tasks=tasks, count=len(runs), first=first, last=last,
                peak=peak.first, asked=peak.demand, there=peak.available,
            )  # fmt: skip


def _wording(runs: list[Overrun]) -> str:
    if len(runs) > 1:
        return "several"
    return "even" if len({(step.demand, step.available) for step in runs[0].steps}) == 1 else "uneven"


def _asked_of_lead(*more: Record) -> list[Record]:
    held = Assignment(id="a", person="ann", position="lead")
    return [hq("lead"), lead(), ann(), held, launch(), *more]


_ALL = (Allocation("lead"),)


@position_overloaded.fires(at=MONDAY)
def _two_at_once() -> Iterable[Record]:
    return _asked_of_lead(piece("write", 10, allocations=_ALL), piece("print", 10, allocations=_ALL))


@position_overloaded.fires(at=MONDAY)
def _by_two_plans() -> Iterable[Record]:
    move = launch(id="move", name="Move")
    half = (Allocation("lead", Decimal("0.5")),)
    tasks = [piece("write", 15, allocations=_ALL), piece("pack", 10, plan="move", allocations=half)]
    return _asked_of_lead(move, *tasks, piece("carry", 3, "pack", plan="move", allocations=_ALL))


@position_overloaded.fires(at=MONDAY)
def _twice() -> Iterable[Record]:
    double = (Allocation("lead", Decimal(2)),)
    rest = piece("rest", 2, "write", allocations=_ALL)
    return _asked_of_lead(piece("write", 6, allocations=double), rest, piece("print", 6, "rest", allocations=double))


@position_overloaded.silent(at=MONDAY)
def _one_after_the_other() -> Iterable[Record]:
    return _asked_of_lead(piece("write", 10, allocations=_ALL), piece("print", 10, "write", allocations=_ALL))


@position_overloaded.silent(at=MONDAY)
def _an_effort_that_takes_longer() -> Iterable[Record]:
    double = (Allocation("lead", Decimal(2)),)
    return _asked_of_lead(piece("write", None, effort=Duration(20), allocations=double))


@position_overloaded.silent(at=MONDAY)
def _for_a_week() -> Iterable[Record]:
    return _asked_of_lead(piece("write", 10, allocations=_ALL), piece("print", 5, allocations=_ALL))


RULES = (position_overloaded,)
"""The rules of this module."""
