"""What has happened to the tasks of a plan by a status date.

What happened is a fact and stays where it is; what is left is scheduled from the status date on, and still waits for
its links (retained logic). A task that was never said to have started has not, whatever it says of percents, and what
is said to happen after the status date has not happened yet; rules find both.

Percents of today count at any status date, as nobody knows when they came about; where a task keeps a history of them,
what was last reported by the status date counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.plan.instants import reached
from community_ops.plan.lengths import WIDE, Clocks, microseconds
from community_ops.plan.records import Duration, Progress, Task
from community_ops.plan.tasktree import parts
from community_ops.plan.wiring import Wiring


@frozen
class Done:
    """What has happened to one task, as instants and lengths in microseconds.

    Attributes:
        start: when it was started.
        finish: when it was finished; None where it is not.
        left: how much of its work is left.
    """

    start: int
    finish: int | None
    left: int


@frozen
class Status:
    """What has happened by a status date; made by `status`.

    Attributes:
        at: the status date; None where dates are those of the plan as it was made.
        done: by number the tasks that have started.
    """

    at: int | None = None
    done: Mapping[int, Done] = field(factory=dict)


AS_PLANNED = Status()


class Told(NamedTuple):
    """What the tasks of a plan say of their progress, a value a task in table order."""

    start: tuple[date | None, ...]
    finish: tuple[date | None, ...]
    percent: tuple[Decimal, ...]
    progress: tuple[tuple[Progress, ...], ...]
    remaining: tuple[Duration | None, ...]


@derived(cutoff=True)
def told(m: ModelView, plan_id: str) -> Told:
    """Return what the tasks of a plan say of their progress."""
    places = parts(m, plan_id).places
    columns = (Task.actual_start, Task.actual_finish, Task.percent_complete, Task.progress, Task.remaining)
    start, finish, percent, progress, remaining = map(m.column, columns)
    rows = [(start[at], finish[at], percent[at], progress[at], remaining[at]) for at in places]
    return Told(*zip(*rows, strict=True)) if rows else Told((), (), (), (), ())


class Known(NamedTuple):
    """What was known at an instant of how much of a task was done.

    Attributes:
        percent: how much, in percents.
        latest: whether nothing was reported since.
    """

    percent: Decimal
    latest: bool


def known(clocks: Clocks, calendar: int, history: Sequence[Progress], now: Decimal, at: int) -> Known:
    """Return what was known at an instant of how much of a task was done.

    Args:
        clocks: the calendars of the plan.
        calendar: the task's own, by its place there.
        history: what was reported, in any order; of two reports at once the last counts.
        now: how much is done today, which is all there is to go by without a history.
        at: the instant.
    """
    if not history:
        return Known(now, latest=True)
    ends = [clocks.end(one.day, calendar) for one in history]
    by_then = [(end, place) for place, end in enumerate(ends) if end <= at]
    return Known(history[max(by_then)[1]].percent if by_then else Decimal(0), max(ends) <= at)


def done_by(net: Wiring, said: Told, task: int, at: int) -> Decimal:
    """Return how much of a task was done by an instant, in percents; what was finished by then was done."""
    calendar, start, finish = net.calendars[task], said.start[task], said.finish[task]
    if finish is not None and net.clocks.end(finish, calendar) <= at:
        return Decimal(100)
    if start is not None and net.clocks.instant(start, calendar) > at:
        return Decimal(0)
    return known(net.clocks, calendar, said.progress[task], said.percent[task], at).percent


def status(net: Wiring, said: Told, moment: int) -> Status:
    """Return what has happened to the tasks of a plan by an instant."""
    done: dict[int, Done] = {}
    for task in net.nodes:
        found = _done(net, said, task, moment)
        if found is not None:
            done[task] = found
    return Status(moment, done)


def _done(net: Wiring, said: Told, task: int, at: int) -> Done | None:
    calendar, work = net.calendars[task], net.works[task]
    line = net.clocks.times[calendar].axis
    begun, ended = said.start[task], said.finish[task]
    start = net.clocks.instant(begun, calendar) if begun is not None else None
    if start is not None and work:
        start = line.opening(line.worked(start))  # of a day, where its work begins
    finish = net.clocks.end(ended, calendar) if ended is not None else None
    if finish is not None and finish <= at:
        if start is None:  # it must have been worked on for as long as it takes
            start = line.opening(line.worked(finish) - work) if work else finish
        return Done(min(start, finish), finish, 0)
    if start is None or start > at:
        return None
    found, remaining = known(net.clocks, calendar, said.progress[task], said.percent[task], at), said.remaining[task]
    if remaining is not None and found.latest:
        left = net.clocks.length(remaining, calendar)
    else:
        left = microseconds(WIDE.multiply(Decimal(work), (100 - found.percent) / 100))
    if left:
        return Done(start, None, left)
    return Done(start, max(start, min(at, reached(line, line.worked(start) + work))), 0)  # nobody says when
