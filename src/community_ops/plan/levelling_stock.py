"""How much of each position a plan can draw on: what is there over time, less what its tasks have taken up.

A task takes up its positions while it is worked on, which is while its calendar is open, from its start to its finish.
Where all tasks that draw on a position go by one calendar, what is free is counted along the working time of that
calendar, where each task is one stretch; else along real time, where a task is as many stretches as it has shifts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import takewhile
from typing import Literal, NamedTuple

from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.records import Position
from community_ops.org.timeline import interval, steps
from community_ops.plan.lengths import Clocks
from community_ops.plan.levelling_profile import Profile
from community_ops.plan.manning import manning
from community_ops.plan.records import Allocation
from community_ops.worktime.axis import FIRST, LAST, Axis

Basis = Literal["held", "seats"]


class Stock(NamedTuple):
    """What is free of one position.

    Attributes:
        position: its id.
        axis: along whose working time it is counted; None for real time.
        profile: how much is free.
        full: for working time, work and amount between which two places nothing was found. As nothing is ever given
            back, nothing is found there later; without this a long queue would be walked by everybody who joins it.
    """

    position: str
    axis: Axis | None
    profile: Profile
    full: dict[tuple[Axis, int, int], tuple[int, int]]

    def first_fit(self, axis: Axis, done: int, work: int, amount: int) -> int | None:
        """Return from where on in its own working time a task can have an amount; None where it never can.

        Args:
            axis: the task's working time.
            done: where along it the task could start.
            work: how much of it the task takes.
            amount: how much of the position it takes up.

        Raises:
            NoWorkTime: the calendar ends before.
        """
        if self.axis is not None:
            return self.profile.first_fit(done, work, amount)
        first, last = self.full.get((axis, work, amount), (done, done))
        if not first <= done <= last:
            first = last = done
        found = self._walk(axis, last, work, amount)
        if found is not None:
            self.full[axis, work, amount] = first, found
        return found

    def _walk(self, axis: Axis, done: int, work: int, amount: int) -> int | None:
        while True:
            lack = self.profile.first_lack(worked_on(axis, done, work), amount)
            if lack is None:
                return done
            if lack[1] is None:
                return None
            done = axis.worked(lack[1])

    def take(self, axis: Axis, done: int, work: int, amount: int) -> None:
        """Take up an amount for a task."""
        spans = [(done, done + work)] if self.axis is not None else worked_on(axis, done, work)
        for start, end in spans:
            self.profile.take(start, end, amount)


def worked_on(axis: Axis, done: int, work: int) -> list[tuple[int, int]]:
    """Return when a task is worked on, as instants."""
    start, finish = axis.opening(done), axis.closing(done + work)
    if finish - start == work:  # nothing closed in between, as always with calendars that are never closed
        return [(start, finish)]
    spans = takewhile(lambda span: span[0] < finish, axis.periods(start))
    return [(opens, min(closes, finish)) for opens, closes in spans]


Needs = Mapping[int, Sequence[tuple[str, int]]]
"""By task, what it takes up as positions and amounts."""


class Supply(NamedTuple):
    """What there is of positions, and what tasks take up of it, both in parts of a full-time equivalent.

    Attributes:
        needs: what each task takes up.
        there: for each position from which instants on how much of it is there.
    """

    needs: Needs
    there: Mapping[str, Sequence[tuple[int, int]]]

    def stocks(self, axes: Mapping[int, Axis]) -> dict[str, Stock]:
        """Return everything as it is before anybody takes anything.

        Args:
            axes: the working time of each task that takes something up.
        """
        drawn: dict[str, set[Axis]] = {}
        for task, needs in self.needs.items():
            for position, _ in needs:
                drawn.setdefault(position, set()).add(axes[task])
        return {
            position: _stock(position, next(iter(by)) if len(by) == 1 else None, self.there[position])
            for position, by in drawn.items()
        }


def _stock(position: str, axis: Axis | None, there: Sequence[tuple[int, int]]) -> Stock:
    # Of what changes while the calendar is closed, the last counts.
    marks = {instant if axis is None else axis.worked(instant): amount for instant, amount in there}
    return Stock(position, axis, Profile(marks.items()), {})


def supply(
    m: ModelView, allocations: Mapping[int, Sequence[Allocation]], clocks: Clocks, since: date, basis: Basis
) -> Supply:
    """Return what some tasks draw on.

    Args:
        m: the model.
        allocations: who works on each task, and how much.
        clocks: the calendars of the plan, whose clocks say when a day begins.
        since: the day from which on deputies stand in.
        basis: whether those count who really hold a position, or the seats it has.
    """
    positions = frozenset([one.position for every in allocations.values() for one in every if one.fte])
    scale, days = _held(m, positions, since) if basis == "held" else _seats(m, positions)
    fine = Scale(max(scale.digits, Scale.of([one.fte for every in allocations.values() for one in every]).digits))
    finer = 10 ** (fine.digits - scale.digits)
    there = {
        position: [(_instant(first, clocks), amount * finer) for first, amount in changes]
        for position, changes in days.items()
    }
    needs: dict[int, list[tuple[str, int]]] = {}
    for task, every in allocations.items():
        amounts: dict[str, int] = {}
        for one in every:
            if one.fte:
                amounts[one.position] = amounts.get(one.position, 0) + fine.part(one.fte)
        if amounts:
            needs[task] = list(amounts.items())
    return Supply(needs, there)


Changes = Mapping[str, Sequence[tuple[int, int]]]
"""For each position from which days on how many parts of it are there."""


def _held(m: ModelView, positions: frozenset[str], since: date) -> tuple[Scale, Changes]:
    found = manning(m, positions, since)
    return found.scale, {id: [(step.first, step.held) for step in line] for id, line in found.lines.items()}


def _seats(m: ModelView, positions: frozenset[str]) -> tuple[Scale, Changes]:
    """Return what the seats of positions amount to while the positions exist; closed ones have none."""
    scale = Scale.of(m.column(Position.seat_fte))
    found: dict[str, list[tuple[int, int]]] = {position: [] for position in positions}
    columns = (
        m.column(Position.seats),
        m.column(Position.seat_fte),
        m.column(Position.status),
        m.column(Position.period),
    )
    for id, seats, fte, status, period in zip(m.ids(Position), *columns, strict=True):
        if id in found and status != "closed":
            line = steps([(*interval(period), seats * scale.part(fte))])
            found[id] = [(step.first, step.held) for step in line]
    return scale, found


def _instant(day: int, clocks: Clocks) -> int:
    if not date.min.toordinal() < day < date.max.toordinal():
        return FIRST if day <= date.min.toordinal() else LAST
    return clocks.instant(date.fromordinal(day), 0)
