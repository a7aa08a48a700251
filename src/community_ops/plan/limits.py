"""What the dates that people gave to tasks demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from attrs import evolve, frozen

from community_ops.plan.lengths import Clocks
from community_ops.plan.records import UNDATED
from community_ops.plan.tasktree import Parts
from community_ops.plan.told import Told


@frozen
class Limits:
    """What the dates given to a task demand, as instants in microseconds; None where nothing is demanded."""

    no_start_before: int | None = None
    no_finish_before: int | None = None
    no_start_after: int | None = None
    no_finish_after: int | None = None
    start_on: int | None = None
    finish_on: int | None = None

    def earliest(self, end: Literal["start", "finish"]) -> int | None:
        """Return the instant before which a task may not start, or be finished."""
        if end == "start":
            return self.no_start_before if self.start_on is None else self.start_on
        return self.no_finish_before if self.finish_on is None else self.finish_on


UNLIMITED = Limits()
# Of each constraint: what it demands, and whether its day stands for the end of its work.
_DEMANDS = {
    "SNET": ("no_start_before", False),
    "SNLT": ("no_start_after", False),
    "MSO": ("start_on", False),
    "FNET": ("no_finish_before", True),
    "FNLT": ("no_finish_after", True),
    "MFO": ("finish_on", True),
}


def demands(shape: Parts, said: Told, clocks: Clocks, calendars: Sequence[int]) -> Mapping[int, Limits]:
    """Return what dates demand of each task of which they demand anything.

    What a summary may not start before, or not finish after, no part of it may. Other constraints mean nothing to it.

    Args:
        shape: the tasks.
        said: what they say.
        clocks: the calendars of the plan.
        calendars: for each task the place of its calendar.
    """
    found: dict[int, Limits] = {}
    for task in shape.order:
        named = said.constraint[task] not in UNDATED or said.deadline[task] is not None
        own = _own(said, task, clocks, calendars[task]) if named else UNLIMITED
        up = shape.parents[task]
        above = found.get(up) if up is not None else None
        if above is not None:
            own = evolve(
                own,
                no_start_before=_either(max, own.no_start_before, above.no_start_before),
                no_finish_after=_either(min, own.no_finish_after, above.no_finish_after),
            )
        if (named or above is not None) and own != UNLIMITED:
            found[task] = own
    return found


def _own(said: Told, task: int, clocks: Clocks, calendar: int) -> Limits:
    own = UNLIMITED
    when, deadline = said.constraint_date[task], said.deadline[task]
    if when is not None:
        name, at_end = _DEMANDS[said.constraint[task]]
        instant = clocks.end(when, calendar) if at_end else clocks.instant(when, calendar)
        own = evolve(own, **{name: instant})
    if deadline is not None:
        own = evolve(own, no_finish_after=_either(min, own.no_finish_after, clocks.end(deadline, calendar)))
    return own


def _either(pick: Callable[..., Any], *instants: int | None) -> int | None:
    found: int | None = pick([one for one in instants if one is not None], default=None)
    return found
