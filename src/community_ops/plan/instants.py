"""What the passes over a plan ask of working time, also where it begins or ends.

An `Axis` turns instants into work done since some origin and back: `worked` never falls, `closing(w)` is the first and
`opening(w)` the last instant at which it is `w`. The time between those two is closed, or a single point. A calendar of
shifts alone begins and ends; before and after it there is nothing to turn a number into, and the answers are these.
"""

from __future__ import annotations

from typing import Protocol

from community_ops.errors import NoWorkTime
from community_ops.worktime.axis import FIRST, LAST


class Line(Protocol):
    """What is asked of an axis."""

    def worked(self, instant: int, /) -> int:
        """Return the work done up to an instant."""
        ...

    def opening(self, work: int, /) -> int:
        """Return the last instant with so much work done."""
        ...

    def closing(self, work: int, /) -> int:
        """Return the first instant with so much work done."""
        ...


class RealTime:
    """The axis on which everything counts, as far as time goes."""

    def worked(self, instant: int, /) -> int:
        """Return the instant."""
        return instant

    def opening(self, work: int, /) -> int:
        """Return the instant.

        Raises:
            NoWorkTime: there is none.
        """
        if not FIRST <= work <= LAST:
            raise NoWorkTime(["real time"], "after" if work > LAST else "before")
        return work

    closing = opening


def reached(line: Line, work: int) -> int:
    """Return the first instant with at least so much work done.

    Raises:
        NoWorkTime: so much is never done, or none at all.
    """
    try:
        return line.closing(work)
    except NoWorkTime:
        if not line.worked(FIRST) < line.worked(LAST) >= work:
            raise
        return FIRST


def left(line: Line, work: int) -> int:
    """Return the last instant with no more work done than so much; where there is none, the beginning of time.

    Raises:
        NoWorkTime: none at all is ever done.
    """
    try:
        return line.opening(work)
    except NoWorkTime:
        if line.worked(FIRST) == line.worked(LAST):
            raise
        return LAST if work >= line.worked(LAST) else FIRST


def open_from(line: Line, instant: int) -> int:
    """Return the first instant from one on at which work is possible, the closing ones included.

    Raises:
        NoWorkTime: there is none.
    """
    work = line.worked(instant)
    return instant if reached(line, work) == instant else line.opening(work)


def open_until(line: Line, instant: int) -> int:
    """Return the last instant up to one at which work is possible, the closing ones included.

    Raises:
        NoWorkTime: none at all is ever done.
    """
    work = line.worked(instant)
    return instant if left(line, work) == instant else reached(line, work)
