"""Day arithmetic for what is held for a time: periods as intervals of day numbers, and sums over them.

Records write the last day that counts. Sums are taken over half-open intervals `[first, stop)` of ordinals, in
which a period that ends the day before another starts simply lies next to it. Open ends lie outside all dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from community_ops.kernel.values import DateRange

EVER = 0
"""The first day of a period with an open start: before every date."""
NEVER = date.max.toordinal() + 2
"""Where a period with an open end stops: after every date, and after the day that follows the last one."""


class Step(NamedTuple):
    """A stretch of days on which the same is held.

    Attributes:
        first: the first day.
        stop: the day after the last.
        held: the sum of what is held.
        number: how many things are held.
    """

    first: int
    stop: int
    held: int
    number: int


def interval(period: DateRange | None) -> tuple[int, int]:
    """Return the days of a period as `(first, stop)`; `first >= stop` for a backward period, which has none.

    Example:
        >>> first, stop = interval(DateRange(date(2026, 1, 1), date(2026, 1, 31)))
        >>> stop - first
        31
    """
    if period is None:
        return EVER, NEVER
    first = EVER if period.start is None else period.start.toordinal()
    return first, NEVER if period.end is None else period.end.toordinal() + 1


def day(ordinal: int) -> date | None:
    """Return the date of a day number; None for one outside all dates."""
    return date.fromordinal(ordinal) if EVER < ordinal <= date.max.toordinal() else None


def period_of(first: int, stop: int) -> DateRange:
    """Return the days from `first` until before `stop` as records write them."""
    return DateRange(day(first), None if stop == NEVER else day(stop - 1))


def steps(held: Iterable[tuple[int, int, int]]) -> list[Step]:
    """Return what is held in sum, from the beginning of time to its end without a gap.

    Args:
        held: each thing as `(first, stop, amount)`; one with `first >= stop` is never held.

    Example:
        >>> [step.held for step in steps([(10, 20, 5), (15, 30, 1)])]
        [0, 5, 6, 1, 0]
    """
    changes: dict[int, tuple[int, int]] = {EVER: (0, 0)}
    for first, stop, amount in held:
        if first < stop:
            for where, sign in ((first, 1), (stop, -1)):
                total, count = changes.get(where, (0, 0))
                changes[where] = total + sign * amount, count + sign
    changes.pop(NEVER, None)
    found = []
    marks = sorted(changes)
    total = count = 0
    for first, stop in zip(marks, [*marks[1:], NEVER], strict=True):
        total, count = total + changes[first][0], count + changes[first][1]
        found.append(Step(first, stop, total, count))
    return found


def stretch(line: Sequence[Step], on: int, test: Callable[[Step], bool]) -> tuple[int, int] | None:
    """Return the longest run of days around a day on which a test holds; None where it fails that day."""
    found: tuple[int, int] | None = None
    for step in line:
        if test(step):
            found = (found[0] if found else step.first), step.stop
        elif found and found[0] <= on < found[1]:
            break
        else:
            found = None
    return found if found and found[0] <= on < found[1] else None
