"""`Profile`: how much of something is free over time, as steps; where work fits, and taking it up."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

BEFORE_ALL = -(1 << 80)
"""Before every date that a plan can have, in any unit."""


class Profile:
    """How much is free from which time on, in whole numbers.

    Neighbouring steps are never equal, so that what is taken up without a gap is one step however many took it.

    Args:
        steps: from when on how much there is, earliest first; before the first of them there is nothing.

    Example:
        >>> profile = Profile([(0, 2)])
        >>> profile.take(0, 5, 1)
        >>> profile.first_fit(0, 3, 2), profile.first_fit(0, 3, 1), profile.first_fit(0, 3, 4)
        (5, 0, None)
    """

    __slots__ = ("free", "marks")

    def __init__(self, steps: Iterable[tuple[int, int]]) -> None:
        self.marks: list[int] = [BEFORE_ALL]
        self.free: list[int] = [0]
        for since, amount in steps:
            if amount != self.free[-1]:
                self.marks.append(since)
                self.free.append(amount)

    def first_fit(self, start: int, length: int, amount: int) -> int | None:
        """Return the first time from a start on at which an amount is free for a length; None where it never is.

        Args:
            start: the first time asked after.
            length: for how long it has to be free, more than nothing.
            amount: how much.
        """
        marks, free = self.marks, self.free
        count = len(marks)
        step = bisect_right(marks, start) - 1
        while True:
            while free[step] < amount:
                step += 1
                if step == count:
                    return None
                start = marks[step]
            end = start + length
            step += 1
            while step < count and marks[step] < end and free[step] >= amount:
                step += 1
            if step == count or marks[step] >= end:
                return start

    def first_lack(self, spans: Sequence[tuple[int, int]], amount: int) -> tuple[int, int | None] | None:
        """Return the first time in some spans at which an amount is not free, and from when on it is again.

        Returns:
            None where it is free in all of them; the second time is None where it is never free again.
        """
        marks, free = self.marks, self.free
        for start, end in spans:
            step = bisect_right(marks, start) - 1
            while step < len(marks) and marks[step] < end:
                if free[step] < amount:
                    later = (marks[i] for i in range(step + 1, len(marks)) if free[i] >= amount)
                    return max(start, marks[step]), next(later, None)
                step += 1
        return None

    def take(self, start: int, end: int, amount: int) -> None:
        """Take up an amount from a time until another, which comes after it."""
        marks, free = self.marks, self.free
        first = self._split(start)
        last = self._split(end)
        for step in range(first, last):
            free[step] -= amount
        for step in (last, first):  # what is now as its neighbour becomes part of it
            if free[step] == free[step - 1]:
                del marks[step], free[step]

    def _split(self, time: int) -> int:
        """Return the step that begins at a time, which is made where there is none."""
        step = bisect_left(self.marks, time)
        if step == len(self.marks) or self.marks[step] != time:
            self.marks.insert(step, time)
            self.free.insert(step, self.free[step - 1])
        return step
