"""What a levelled plan means, from the definitions alone: hour by hour, all in UTC, all in whole hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

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


def counted_on(model: co.OperatingModel, position: str, at: datetime) -> Decimal:
    """Return what is there of a position, or its seats from the day on from which a vacant one counts as filled."""
    held = there(model, position, at)
    filled = [date.fromisoformat(str(one.values["backfill"])) for one in model.policies if one.rule == "PLN403"]
    if not held and any(first <= at.date() for first in filled):
        return model.positions[position].seats * model.positions[position].seat_fte
    return held


def shares(task: co.Task) -> dict[str, Decimal]:
    """Return how much of each position a task is allocated."""
    found: dict[str, Decimal] = {}
    for one in task.allocations:
        found[one.position] = found.get(one.position, Decimal(0)) + one.fte
    return found


def taken(model: co.OperatingModel, task: co.Task, at: datetime) -> dict[str, Decimal]:
    """Return how much of each position a task takes up while it is worked on: an effort no more than is there."""
    if task.effort is None:
        return shares(task)
    return {position: min(fte, counted_on(model, position, at)) for position, fte in shares(task).items()}


def _off_hours(model: co.OperatingModel, found: Levelled) -> Iterator[str]:
    for id, dates in found.tasks.items():
        task = model.tasks[id]
        if dates.start is None or dates.finish is None:
            continue
        if task.effort is None and worked(own(model, task), dates.start, dates.finish) != _length(task):
            yield f"{id} does not get its hours"
        if (
            task.effort is not None
            and abs(_put_in(model, task, dates.start, dates.finish) - task.effort.amount) > _NEAR
        ):
            yield f"{id} does not get its effort"
        if dates.start < FIRST:
            yield f"{id} starts before the plan"


_NEAR = Decimal("0.000001")


def _length(task: co.Task) -> Decimal:
    return Decimal(0) if task.duration is None else task.duration.amount


def _put_in(model: co.OperatingModel, task: co.Task, start: datetime, finish: datetime) -> Decimal:
    """Add up who works on an effort from its start to its finish, in hours; one full-time equivalent for nobody."""
    total = Decimal(0)
    for begin, end in pieces([start, finish]):
        if _OPEN[own(model, task)](begin):
            pace = sum(taken(model, task, begin).values()) if any(shares(task).values()) else Decimal(1)
            total += pace * Decimal((end - begin) / HOUR)
    return total


def pieces(times: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the time from the first to the last of some, cut at each of them and at every whole hour."""
    cuts = {*times}
    hour = min(times).replace(minute=0, second=0, microsecond=0) + HOUR
    cuts.update(hours(hour, max(times)))
    return pairwise(sorted(cuts))


def _links(model: co.OperatingModel, found: Levelled) -> Iterator[str]:
    for id, dates in found.tasks.items():
        task = model.tasks[id]
        for link in task.links:
            before = found.tasks[link.task]
            held = before.finish if link.type in ("FS", "FF") else before.start
            holds = dates.start if link.type in ("FS", "SS") else dates.finish
            if holds is None:
                continue
            if held is None:
                yield f"{id} is done, though {link.task} never is"
            elif link.lag_time == "elapsed":
                if holds < held + int(link.lag.amount) * HOUR:
                    yield f"{id} breaks its link to {link.task}"
            elif holds < held if not link.lag.amount else _short(own(model, task), held, holds, link.lag.amount):
                yield f"{id} breaks its link to {link.task}"


def _short(calendar: str, start: datetime, end: datetime, amount: Decimal) -> bool:
    """Tell whether there are fewer open hours than some between two times, which need not be whole hours."""
    if end < start:
        return True
    between = [(begin, stop) for begin, stop in pieces([start, end]) if _OPEN[calendar](begin)]
    return sum([stop - begin for begin, stop in between], timedelta()) / HOUR < float(amount - _NEAR)


def _crowded(model: co.OperatingModel, found: Levelled) -> Iterator[str]:
    done = [(one.id, one.start, one.finish) for one in found.tasks.values() if one.finish is not None]
    cuts = {time for _, *ends in done for time in ends if time is not None}
    used: dict[tuple[str, datetime], Decimal] = {}
    for id, start, finish in done:
        assert start is not None
        task = model.tasks[id]
        for begin, _ in pieces([start, finish, *[cut for cut in cuts if start < cut < finish]]):
            if _OPEN[own(model, task)](begin):
                for position, fte in taken(model, task, begin).items():
                    used[position, begin] = used.get((position, begin), Decimal(0)) + fte
    for (position, begin), fte in used.items():
        if fte > counted_on(model, position, begin):
            yield f"{position} does {fte} at {begin}"
