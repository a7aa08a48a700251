"""A plan as numbers: tasks, working times, links and limits, ready to be dated by `passes.py`.

Tasks are known by number, in table order; `linking.py` says how links become wires between them, and `limits.py` what
their own dates demand. Nothing here needs working time but what turns a date into an instant, so that a plan whose
calendars are never open can be looked at all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import frozen

from community_ops.errors import UnknownRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.plan.lengths import WIDE, Clocks, microseconds
from community_ops.plan.limits import Limits, demands
from community_ops.plan.linking import Hub, Loose, Nodes, Wire, linked
from community_ops.plan.records import Allocation, Plan
from community_ops.plan.tasktree import Parts, parts
from community_ops.plan.told import Told, told

DRIVING = ("task", "milestone")
"""The kinds of task that hold others back."""


@frozen(repr=False)
class Wiring:
    """A plan as numbers; made by `wiring`.

    Attributes:
        parts: its tasks, and which is part of which.
        kinds: what each is, as `Task.kind` says it.
        works: how much work each is, in microseconds of working time.
        clocks: the calendars it goes by.
        calendars: for each task the place of its calendar.
        nodes: the tasks that dates run through: those that drive and have no parts.
        hubs: the nodes after those of the tasks.
        wires: the links.
        spans: the links of levels of effort, which follow others and hold nothing back.
        loose: the links that do not hold as they are written.
        limits: what tasks' own dates demand.
        late: the tasks to be done as late as possible.
        start: the instant at which the plan starts.
        unestimated: the driving tasks of which nothing says how long they take; they count as no time at all.
    """

    parts: Parts
    kinds: tuple[str, ...]
    works: tuple[int, ...]
    clocks: Clocks
    calendars: tuple[int, ...]
    nodes: tuple[int, ...]
    hubs: tuple[Hub, ...]
    wires: tuple[Wire, ...]
    spans: tuple[Wire, ...]
    loose: tuple[Loose, ...]
    limits: Mapping[int, Limits]
    late: frozenset[int]
    start: int
    unestimated: tuple[int, ...]

    def __repr__(self) -> str:
        return f"<Wiring: {len(self.kinds)} tasks, {len(self.wires)} wires>"


@derived(cutoff=True)
def wiring(m: ModelView, plan_id: str) -> Wiring:
    """Return a plan as numbers.

    Raises:
        UnknownRecord: there is no such plan.
    """
    plan = m.get(Ref("plan", plan_id))
    if not isinstance(plan, Plan):
        raise UnknownRecord("plan", plan_id)
    shape, said = parts(m, plan_id), told(m, plan_id)
    clocks, calendars = _clocks(m, plan, said.calendar)
    drives = [kind in DRIVING and not shape.is_summary(task) for task, kind in enumerate(said.kind)]
    known = list(_works(said, clocks, calendars))
    works = [work or 0 for work in known]
    links = linked(Nodes(shape, said.kind, drives, works, clocks, calendars), said.links)
    return Wiring(
        parts=shape,
        kinds=tuple(said.kind),
        works=tuple(works),
        clocks=clocks,
        calendars=calendars,
        nodes=tuple([task for task, does in enumerate(drives) if does]),
        hubs=links.hubs,
        wires=links.wires,
        spans=links.spans,
        loose=links.loose,
        limits=demands(shape, said, clocks, calendars),
        late=frozenset([task for task, one in enumerate(said.constraint) if one == "ALAP" and drives[task]]),
        start=clocks.instant(plan.start, 0),
        unestimated=tuple([task for task, work in enumerate(known) if work is None and drives[task]]),
    )


def _clocks(m: ModelView, plan: Plan, own: Sequence[str | None]) -> tuple[Clocks, tuple[int, ...]]:
    """Return the calendars in use, the plan's first, and for each task which is its own."""
    places: dict[str | None, int] = {plan.calendar: 0}
    of_tasks = tuple([places.setdefault(plan.calendar if id is None else id, len(places)) for id in own])
    return Clocks.of(m, list(places)), of_tasks


def _works(said: Told, clocks: Clocks, calendars: Sequence[int]) -> Iterator[int | None]:
    """Yield how much work each task is, in microseconds; None where nothing says so."""
    columns = (said.kind, calendars, said.duration, said.effort, said.allocations, said.estimate)
    for kind, calendar, duration, effort, allocations, estimate in zip(*columns, strict=True):
        if kind == "milestone":
            yield 0
        elif duration is not None:
            yield clocks.length(duration, calendar)
        elif effort is not None:
            yield microseconds(WIDE.divide(clocks.length(effort, calendar), _fte(allocations)))
        elif estimate is not None:
            yield max(0, microseconds(WIDE.multiply(estimate.mean, clocks.day(calendar))))
        else:
            yield None


def _fte(allocations: Sequence[Allocation]) -> Decimal:
    """Return how many full-time equivalents work on a task; one where nobody is said to."""
    total = Decimal(0)
    for one in allocations:
        total = WIDE.add(total, one.fte)
    return total or Decimal(1)
