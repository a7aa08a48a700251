"""What has happened to the tasks of a plan by a status date.

What happened is a fact and stays where it is; what is left is scheduled from the status date on, and still waits for
its links (retained logic). A task that was never said to have started has not, whatever it says of percents, and what
is said to happen after the status date has not happened yet; rules find both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.plan.instants import reached
from community_ops.plan.lengths import WIDE, microseconds
from community_ops.plan.records import Duration, Task
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
    remaining: tuple[Duration | None, ...]


@derived(cutoff=True)
def told(m: ModelView, plan_id: str) -> Told:
    """Return what the tasks of a plan say of their progress."""
    places = parts(m, plan_id).places
    columns = (Task.actual_start, Task.actual_finish, Task.percent_complete, Task.remaining)
    start, finish, percent, remaining = map(m.column, columns)
    rows = [(start[place], finish[place], percent[place], remaining[place]) for place in places]
    return Told(*zip(*rows, strict=True)) if rows else Told((), (), (), ())


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
    remaining = said.remaining[task]
    if remaining is not None:
        left = net.clocks.length(remaining, calendar)
    else:
        left = microseconds(WIDE.multiply(Decimal(work), (100 - said.percent[task]) / 100))
    if left:
        return Done(start, None, left)
    return Done(start, max(start, min(at, reached(line, line.worked(start) + work))), 0)  # nobody says when
