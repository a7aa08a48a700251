"""`PacedAxis`: the work time of an effort, which goes at the pace of who is there.

Where two of three people are there, work goes at two thirds of its pace, and where nobody is there, that time is as
good as closed. So whatever dates tasks by an `Axis` dates efforts by this, without knowing.

Work is counted in microseconds times parts of a full-time equivalent, a whole number. Where that falls between two
microseconds of time, `closing` is the later, at which it is complete, and `opening` the earlier, at which no more is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from community_ops.errors import NoWorkTime
from community_ops.worktime.axis import Axis


class PacedAxis:
    """A calendar's work time, weighed by how much is there.

    Args:
        axis: the calendar's work time.
        paces: from which instants on how many parts are there, earliest first; before the first it is nothing.

    Example:
        >>> from community_ops import Calendar
        >>> from community_ops.worktime.axis import axis_of
        >>> thursdays = axis_of([Calendar(id="c", hours={"thu": (("00:00", "24:00"),)})])
        >>> halved = PacedAxis(thursdays, [(0, 2), (1_000, 1)])  # the epoch was a Thursday
        >>> halved.worked(3_000), halved.closing(4_000)
        (4000, 3000)
    """

    __slots__ = ("_axis", "_before", "_done", "_paces", "_since")

    def __init__(self, axis: Axis, paces: Sequence[tuple[int, int]]) -> None:
        self._axis: Axis = axis
        self._since: list[int] = [since for since, _ in paces]
        self._paces: list[int] = [pace for _, pace in paces]
        self._done: list[int] = [axis.worked(since) for since in self._since]
        self._before: list[int] = [0]  # the work before each pace
        for i in range(1, len(paces)):
            self._before.append(self._before[-1] + (self._done[i] - self._done[i - 1]) * self._paces[i - 1])

    def worked(self, instant: int, /) -> int:
        """Return the work done up to an instant."""
        i = bisect_right(self._since, instant) - 1
        if i < 0:
            return 0
        if not self._paces[i]:  # so the end of all time costs nothing where nobody is there any more
            return self._before[i]
        return self._before[i] + (self._axis.worked(instant) - self._done[i]) * self._paces[i]

    def opening(self, work: int, /) -> int:
        """Return the last instant with no more than so much work done.

        Raises:
            NoWorkTime: no work comes after it.
        """
        i = bisect_right(self._before, work) - 1
        if i < 0 or not self._paces[i]:
            raise NoWorkTime(self._axis.calendars, "before" if i < 0 else "after")
        return self._axis.opening(self._done[i] + (work - self._before[i]) // self._paces[i])

    def closing(self, work: int, /) -> int:
        """Return the first instant with so much work done.

        Raises:
            NoWorkTime: it is never done, or all of it comes after.
        """
        i = bisect_left(self._before, work) - 1
        if i < 0 or not self._paces[i]:
            raise NoWorkTime(self._axis.calendars, "before" if i < 0 else "after")
        return self._axis.closing(self._done[i] - (self._before[i] - work) // self._paces[i])
