"""What a levelled plan means, from the definitions alone: hour by hour, all in UTC, all in whole hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import community_ops as co
from community_ops.plan.levelling import Levelled

HOUR = timedelta(hours=1)
FIRST = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
CALENDARS = {
    "office": co.Calendar(id="office", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "17:00"),))),
    "late": co.Calendar(
        id="late",
        hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), (("12:00", "15:00"), ("16:00", "20:00"))),
    ),
    "always": co.Calendar(
        id="always", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (("00:00", "24:00"),))
    ),
}
_OPEN: dict[str, Callable[[datetime], bool]] = {
    "office": lambda at: at.weekday() < 5 and 9 <= at.hour < 17,
    "late": lambda at: at.weekday() < 6 and (12 <= at.hour < 15 or 16 <= at.hour < 20),
    "always": lambda at: True,
}


def hours(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += HOUR


def worked(calendar: str, start: datetime, end: datetime) -> int:
    """Return how many hours a calendar is open between two times; negative where the second comes first."""
    if end < start:
        return -worked(calendar, end, start)
    return sum(_OPEN[calendar](hour) for hour in hours(start, end))


def there(model: co.OperatingModel, position: str, at: datetime) -> Decimal:
    """Return the full-time equivalents of a position that are there at a time; deputies and leavers apart."""
    day = at.date()
    away = {one.person for one in model.absences if one.period.covers(day)}
    return sum(
        [
            one.fte
            for one in model.assignments
            if one.position == position and one.person not in away and (one.period is None or one.period.covers(day))
        ],
        Decimal(0),
    )


def own(model: co.OperatingModel, task: co.Task) -> str:
    return task.calendar or model.plans["p"].calendar or "office"


def broken(model: co.OperatingModel, found: Levelled) -> list[str]:
    """Name all that is wrong with a levelled plan without summaries."""
    return [*_off_hours(model, found), *_links(model, found), *_crowded(model, found)]


def _off_hours(model: co.OperatingModel, found: Levelled) -> Iterator[str]:
    for id, dates in found.tasks.items():
        task = model.tasks[id]
        if dates.start is None or dates.finish is None:
            continue
        if worked(own(model, task), dates.start, dates.finish) != _length(task):
            yield f"{id} does not get its hours"
        if dates.start < FIRST:
            yield f"{id} starts before the plan"


def _length(task: co.Task) -> Decimal:
    return Decimal(0) if task.duration is None else task.duration.amount


def _links(model: co.OperatingModel, found: Levelled) -> Iterator[str]:
    for id, dates in found.tasks.items():
        task = model.tasks[id]
        for link in task.links:
            before = found.tasks[link.task]
            if dates.start is None:
                continue
            held = before.finish if link.type in ("FS", "FF") else before.start
            holds = dates.start if link.type in ("FS", "SS") else dates.finish
            if held is None or holds is None:
                yield f"{id} is done, though {link.task} never is"
            elif link.lag_time == "elapsed":
                if holds < held + int(link.lag.amount) * HOUR:
                    yield f"{id} breaks its link to {link.task}"
            elif holds < held if not link.lag.amount else worked(own(model, task), held, holds) < link.lag.amount:
                yield f"{id} breaks its link to {link.task}"


def _crowded(model: co.OperatingModel, found: Levelled) -> Iterator[str]:
    used: dict[tuple[str, datetime], Decimal] = {}
    for id, dates in found.tasks.items():
        task: Any = model.tasks[id]
        if dates.start is None or dates.finish is None:
            continue
        for hour in hours(dates.start, dates.finish):
            if _OPEN[own(model, task)](hour):
                for one in task.allocations:
                    used[one.position, hour] = used.get((one.position, hour), Decimal(0)) + one.fte
    for (position, hour), fte in used.items():
        if fte > there(model, position, hour):
            yield f"{position} does {fte} at {hour}"
