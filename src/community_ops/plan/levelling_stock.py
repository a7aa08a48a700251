"""How much of each position a plan can draw on: what is there over time, less what its tasks have taken up.

A task takes up its positions while it is worked on, which is while its calendar is open, from its start to its finish.
Where all tasks that draw on a position go by one calendar, what is free is counted along the working time of that
calendar, where each task is one stretch; else along real time, where a task is as many stretches as it has shifts.
A task that has a duration takes up the same all the time; an effort takes up what it goes on with, which changes with
who is there (see `efforts.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import takewhile
from operator import itemgetter
from typing import NamedTuple

from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.plan.efforts import wanted
from community_ops.plan.lengths import Clocks
from community_ops.plan.levelling_profile import Profile
from community_ops.plan.pacing import PacedAxis
from community_ops.plan.records import Allocation
from community_ops.plan.staffing import Basis, Changes, staffing
from community_ops.worktime.axis import Axis


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

    def first_fit_of(self, effort: EffortShare, done: int, work: int) -> int:
        """Return from where on in its own work time an effort can have all of a position that it goes on with.

        Args:
            effort: the effort.
            done: where along its work time it could start.
            work: how much of it the effort takes.

        Raises:
            NoWorkTime: it is never finished.
        """
        while True:
            again = self._lacks(effort, done, work)
            if again is None:
                return done
            done = effort.line.worked(again)

    def _lacks(self, effort: EffortShare, done: int, work: int) -> int | None:
        """Return the end of the first time in which there is too little for an effort; None where there is none."""
        for begin, end, amount, stop in effort.pieces(done, work):
            lack = self.profile.first_lack(self._spans(effort.axis, begin, end), amount)
            if lack is not None:
                again = lack[1] if lack[1] is None or self.axis is None else self.axis.opening(lack[1])
                # After its own next change it may go on with less.
                return min([instant for instant in (again, stop) if instant is not None])
        return None

    def take_for(self, effort: EffortShare, done: int, work: int) -> None:
        """Take up what an effort goes on with."""
        for begin, end, amount, _ in effort.pieces(done, work):
            for start, stop in self._spans(effort.axis, begin, end):
                self.profile.take(start, stop, amount)

    def _spans(self, axis: Axis, begin: int, end: int) -> list[tuple[int, int]]:
        """Return the work time between two instants as it is counted here."""
        if self.axis is None:
            return open_between(axis, begin, end)
        first, last = axis.worked(begin), axis.worked(end)
        return [(first, last)] if first < last else []


class EffortShare(NamedTuple):
    """What an effort draws from one position while it goes on.

    Attributes:
        line: its work time, at the pace of who is there.
        axis: the work time of its calendar.
        share: from which instants on how much of the position it takes up.
    """

    line: PacedAxis
    axis: Axis
    share: Changes

    def pieces(self, done: int, work: int) -> Iterator[tuple[int, int, int, int | None]]:
        """Yield from when to when it takes up how much of the position, and until when it would.

        The last is None where it always would.

        Args:
            done: where along its work time it starts.
            work: how much of it it takes.

        Raises:
            NoWorkTime: it is never finished.
        """
        start, finish = self.line.opening(done), self.line.closing(done + work)
        share = self.share
        first = bisect_right(share, start, key=itemgetter(0)) - 1
        for place in range(first, bisect_left(share, finish, key=itemgetter(0))):
            since, amount = share[place]
            stop = share[place + 1][0] if place + 1 < len(share) else None
            if amount:
                yield max(start, since), finish if stop is None else min(finish, stop), amount, stop


def worked_on(axis: Axis, done: int, work: int) -> list[tuple[int, int]]:
    """Return when a task is worked on, as instants."""
    start, finish = axis.opening(done), axis.closing(done + work)
    if finish - start == work:  # nothing closed in between, as always with calendars that are never closed
        return [(start, finish)]
    return open_between(axis, start, finish)


def open_between(axis: Axis, start: int, finish: int) -> list[tuple[int, int]]:
    """Return when a calendar is open between two instants."""
    spans = takewhile(lambda span: span[0] < finish, axis.periods(start))
    return [(max(opens, start), min(closes, finish)) for opens, closes in spans]


Needs = Mapping[int, Sequence[tuple[str, int]]]
"""By task, what it takes up as positions and amounts."""


class Supply(NamedTuple):
    """What there is of positions, and what tasks take up of it.

    Attributes:
        scale: what one part of a full-time equivalent is.
        needs: what each task takes up.
        there: for each position from which instants on how much of it is there.
    """

    scale: Scale
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
    found = staffing(m, positions, since, basis)
    finest = Scale.of([one.fte for every in allocations.values() for one in every])
    scale = Scale(max(found.scale.digits, finest.digits))
    needs = {task: list(wanted(every, scale).items()) for task, every in allocations.items()}
    return Supply(scale, {task: need for task, need in needs.items() if need}, found.instants(clocks, scale))
