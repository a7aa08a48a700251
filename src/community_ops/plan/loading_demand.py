"""What plans ask of positions, gathered task by task as pieces of whole days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.plan.baselines import counting
from community_ops.plan.efforts import driven
from community_ops.plan.lengths import WIDE, Clocks
from community_ops.plan.levelling_stock import worked_on
from community_ops.plan.loading_curve import LoadStep, Piece
from community_ops.plan.records import Allocation, Task
from community_ops.plan.scheduling import Schedule
from community_ops.plan.told import told
from community_ops.worktime.axis import FIRST, Axis

_DAY = timedelta(days=1)


class Hours(NamedTuple):
    """The working time of some tasks, and the calendars of their plan, whose clocks say when a day begins."""

    axis: Axis
    clocks: Clocks

    def open_between(self, before: LoadStep, after: LoadStep) -> bool:
        """Tell whether anybody could work between two stretches of days."""
        begin, end = self.clocks.instant(before.last + _DAY, 0), self.clocks.instant(after.first, 0)
        return self.axis.worked(begin) < self.axis.worked(end)

    def day(self, instant: int) -> int:
        """Return the day number of an instant."""
        return self.clocks.times[0].shown(instant).date().toordinal()

    def span(self, start: datetime | None, finish: datetime | None, floor: int) -> tuple[int, int] | None:
        """Return from where to where along its working time a task is worked on; None where it has no dates.

        Args:
            start: when it starts.
            finish: when it is finished.
            floor: the instant before which nothing counts.
        """
        if start is None or finish is None:
            return None
        instant = self.clocks.times[0].instant
        return self.axis.worked(max(instant(start), floor)), self.axis.worked(instant(finish))

    def open_days(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the days `[first, stop)` on which there is working time of some stretches of it, in order."""
        times = [time for begin, end in _merged(sorted(spans)) for time in worked_on(self.axis, begin, end - begin)]
        return _merged([(self.day(opens), self.day(closes - 1) + 1) for opens, closes in times])


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans, the first of them first, with those made one that touch."""
    found: list[tuple[int, int]] = []
    for first, stop in spans:
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(stop, found[-1][1])
        else:
            found.append((first, stop))
    return found


class _Asking(NamedTuple):
    """A task that asks for positions, from `begin` to `end` along its working time."""

    begin: int
    end: int
    task: int
    asked: Mapping[str, Decimal]


class Demand:
    """What is asked for; grows plan by plan.

    Attributes:
        tasks: the ids of the tasks that ask, by number.
        hours: for each task its working time.
        left_out: what has no dates.
        since: for each plan the day number from which on it counts.
    """

    def __init__(self) -> None:
        self.tasks: list[str] = []
        self.hours: list[Hours] = []
        self.left_out: list[Ref] = []
        self.since: list[int] = []
        self._paced: set[int] = set()
        """The tasks that go on at the pace of who is there, by number."""
        self._asked: dict[str, list[tuple[int, int, Decimal, int]]] = {}
        """By position what is asked for, on which days and by which task."""

    @property
    def positions(self) -> tuple[str, ...]:
        """The positions that are asked for anything."""
        return tuple(self._asked)

    def gather(self, m: ModelView, plan: Schedule, at: date | None) -> None:
        """Take in what a plan asks for, from a day on if one is given."""
        net, column, counts = plan.net, m.column(Task.allocations), counting(m, plan.net.parts)
        clocks = net.clocks
        floor = FIRST if at is None else clocks.instant(at, 0)
        paced = frozenset(() if at is None else driven(net, told(m, plan.plan)))
        by_calendar = [Hours(axis, clocks) for axis in clocks.axes()]
        self.since.append(by_calendar[0].day(floor))
        asking: dict[int, list[_Asking]] = {}
        for task in net.nodes:
            asked = _summed(column[net.parts.places[task]])
            if not asked or not counts[task]:
                continue
            id, calendar = net.parts.ids[task], net.calendars[task]
            dates, hours = plan.tasks[id], by_calendar[calendar]
            span = hours.span(dates.start, dates.finish, floor)
            if span is None:
                self.left_out.append(Ref("task", id))
            elif span[0] < span[1]:
                number = len(self.tasks)
                asking.setdefault(calendar, []).append(_Asking(*span, number, asked))
                self.tasks.append(id)
                self.hours.append(hours)
                if task in paced:
                    self._paced.add(number)
                for position in asked:
                    self._asked.setdefault(position, [])
        for calendar, every in asking.items():
            self._ask(by_calendar[calendar], every)

    def _ask(self, hours: Hours, every: Sequence[_Asking]) -> None:
        """Take in what tasks of one calendar ask for."""
        runs = hours.open_days([(one.begin, one.end) for one in every])
        starts = [first for first, _ in runs]
        for one in every:
            first, last = hours.day(hours.axis.opening(one.begin)), hours.day(hours.axis.closing(one.end) - 1)
            for run_first, run_stop in runs[bisect_right(starts, first) - 1 : bisect_right(starts, last)]:
                days = max(first, run_first), min(last + 1, run_stop)
                for position, fte in one.asked.items():
                    self._asked[position].append((*days, fte, one.task))

    def scale(self) -> Scale:
        """Return the scale that holds everything that is asked for."""
        return Scale.of([fte for every in self._asked.values() for _, _, fte, _ in every])

    def pieces(self, scale: Scale, there: Mapping[str, Sequence[tuple[int, int, int]]]) -> dict[str, tuple[Piece, ...]]:
        """Return by position what is asked for, in parts of a scale.

        Args:
            scale: the scale.
            there: for each position what there is of it, as `(first, stop, parts)` without a gap; what goes on at the
                pace of who is there asks for no more.
        """
        found: dict[str, tuple[Piece, ...]] = {}
        for position, every in self._asked.items():
            pieces: list[Piece] = []
            for first, stop, fte, task in every:
                piece = Piece(first, stop, scale.part(fte), task)
                pieces += _capped(piece, there[position]) if task in self._paced else [piece]
            found[position] = tuple(pieces)
        return found


def _summed(allocations: Iterable[Allocation]) -> Mapping[str, Decimal]:
    """Return how much of each position is allocated, those left out of which nothing is."""
    found: dict[str, Decimal] = {}
    for one in allocations:
        if one.fte:
            found[one.position] = WIDE.add(found.get(one.position, Decimal(0)), one.fte)
    return found


def _capped(piece: Piece, there: Sequence[tuple[int, int, int]]) -> Iterator[Piece]:
    """Yield what is asked for as far as it is there."""
    for first, stop, parts in there:
        if parts and first < piece.stop and piece.first < stop:
            yield Piece(max(first, piece.first), min(stop, piece.stop), min(piece.amount, parts), piece.task)
