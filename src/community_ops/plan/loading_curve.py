"""What is asked for day by day against what is there, as steps, and the runs of days on which it is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from attrs import frozen

from community_ops.kernel.values import DateRange
from community_ops.org.exact import Scale
from community_ops.org.timeline import period_of

_SHARED = Context(prec=28)
"""Shares that do not come out even are cut here; those that do are exact up to as many digits."""


class Piece(NamedTuple):
    """What a task asks for on the days `[first, stop)`, as day numbers, in parts of a full-time equivalent."""

    first: int
    stop: int
    amount: int | Fraction
    task: int


@frozen(kw_only=True)
class LoadStep:
    """A stretch of days on which the same is asked for by the same tasks, and the same is there.

    Attributes:
        period: the days.
        demand: how many full-time equivalents are asked for.
        available: how many there are.
        tasks: the tasks that ask, in the order of plans and of their tables.
    """

    period: DateRange
    demand: Decimal
    available: Decimal
    tasks: tuple[str, ...]

    @property
    def first(self) -> date:
        """The first of the days."""
        assert self.period.start is not None  # nobody asks for anything before time begins
        return self.period.start

    @property
    def last(self) -> date:
        """The last of the days."""
        assert self.period.end is not None
        return self.period.end

    @property
    def excess(self) -> Decimal:
        """By how much more is asked for than is there; less than nothing where there is more."""
        return self.demand - self.available


@frozen
class Overrun:
    """Days in a row on which more is asked for than is there.

    Days on which the calendars of the tasks before and after are closed lie in between and break no run.

    Attributes:
        steps: its days, in order of time.
    """

    steps: tuple[LoadStep, ...]

    @property
    def period(self) -> DateRange:
        """From the first to the last of its days."""
        return DateRange(self.steps[0].first, self.steps[-1].last)

    @property
    def days(self) -> int:
        """On how many days it is too much, those left out on which nobody works."""
        return sum(step.period.days or 0 for step in self.steps)

    @property
    def peak(self) -> LoadStep:
        """The days on which most is missing; of several such stretches the first."""
        return max(self.steps, key=lambda step: step.excess)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that ask, in the order in which they begin to."""
        return tuple(dict.fromkeys([task for step in self.steps for task in step.tasks]))


def curve(
    pieces: Iterable[Piece], there: Iterable[tuple[int, int, int]], tasks: Sequence[str], scale: Scale
) -> tuple[LoadStep, ...]:
    """Return what is asked for against what is there, on the days on which anything is asked for.

    Args:
        pieces: what is asked for.
        there: what is there, as `(first, stop, parts)`.
        tasks: the ids of the tasks, by number.
        scale: what one part is.

    Example:
        >>> monday = date(2026, 3, 2).toordinal()
        >>> (step,) = curve([Piece(monday, monday + 5, 2, 0)], [(0, monday + 9, 1)], ["write"], Scale(0))
        >>> str(step.period), step.demand, step.available, step.tasks
        ('2026-03-02 to 2026-03-06', Decimal('2'), Decimal('1'), ('write',))
    """
    return tuple(
        [
            LoadStep(
                period=period_of(first, stop),
                demand=_number(demand, scale),
                available=_number(available, scale),
                tasks=tuple([tasks[task] for task in asking]),
            )
            for first, stop, demand, available, asking in _joined(_swept(pieces, there))
        ]
    )


_Segment = tuple[int, int, int | Fraction, int, tuple[int, ...]]


def _swept(pieces: Iterable[Piece], there: Iterable[tuple[int, int, int]]) -> Iterator[_Segment]:
    """Yield the days between any two changes on which somebody asks for something."""
    changes: list[tuple[int, int | Fraction, int, int | None, int]] = []
    for first, stop, amount, task in pieces:
        changes += [(first, amount, 0, task, 1), (stop, -amount, 0, task, -1)]
    for first, stop, held in there:
        changes += [(first, 0, held, None, 0), (stop, 0, -held, None, 0)]
    changes.sort(key=itemgetter(0))
    demand: int | Fraction = 0
    available = 0
    asking: Counter[int] = Counter()
    for (day, asked, more, who, step), (following, *_) in pairwise(changes):
        demand, available = demand + asked, available + more
        if who is not None:
            asking[who] += step
            if not asking[who]:
                del asking[who]
        if asking and day < following:
            yield day, following, demand, available, tuple(sorted(asking))


def _joined(segments: Iterable[_Segment]) -> Iterator[_Segment]:
    """Yield segments with neighbours that say the same made one."""
    last: _Segment | None = None
    for segment in segments:
        if last is not None and last[1] == segment[0] and last[2:] == segment[2:]:
            last = (last[0], *segment[1:])
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last


def _number(parts: int | Fraction, scale: Scale) -> Decimal:
    if isinstance(parts, int):
        return scale.decimal(parts)
    whole = parts / 10**scale.digits
    return _SHARED.divide(Decimal(whole.numerator), Decimal(whole.denominator))


def overruns(
    steps: Iterable[LoadStep], tolerance: Decimal, closed: Callable[[LoadStep, LoadStep], bool]
) -> tuple[Overrun, ...]:
    """Return the runs of days on which more is asked for than is there.

    Args:
        steps: what is asked for against what is there.
        tolerance: by how many full-time equivalents it may be more.
        closed: tells of two steps whether nobody could work on the days between them.
    """
    runs: list[list[LoadStep]] = []
    before: LoadStep | None = None  # the step just before, where that was too much as well
    for step in steps:
        if step.excess <= tolerance:
            before = None
            continue
        if before is not None and closed(before, step):
            runs[-1].append(step)
        else:
            runs.append([step])
        before = step
    return tuple([Overrun(tuple(run)) for run in runs])
