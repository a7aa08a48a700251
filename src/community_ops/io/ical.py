"""Milestones and meetings as an iCalendar file (RFC 5545), through icalendar (extra `ical`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from community_ops.errors import MissingExtra, NotAnInstant
from community_ops.io.files import write_whole
from community_ops.kernel.ref import Ref
from community_ops.operating_model import OperatingModel
from community_ops.org.records import Meeting
from community_ops.org.recurring import local, times
from community_ops.plan.scheduling import schedule, sure
from community_ops.worktime.zones import zone_named

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//community_ops//iCalendar export//EN"
_CYCLE = 400
"""After so many years the calendar repeats itself: a rule that names no day until then names none ever."""


def write_ical(
    model: OperatingModel,
    path: str | os.PathLike[str],
    *,
    at: datetime,
    plan_id: str | None = None,
    meetings: bool = True,
    namespace: str = "",
) -> tuple[Ref, ...]:
    """Write the milestones of a plan and the meetings of the organisation as a file that calendar programs import.

    A milestone is an event of the whole day on which the schedule has it, on the clocks of its calendar, and blocks no
    time. A meeting is an event on the clocks of its zone, with its recurrence rule, the days on which it is left out,
    and the rules of its time zone. An event keeps its UID, so that importing a newer file replaces the older one's.

    Args:
        model: the model.
        path: where to; the file is replaced whole or not at all.
        at: when the file is made, which every event has to say.
        plan_id: the plan whose milestones are written; None for none.
        meetings: whether meetings are written.
        namespace: what tells the UIDs of this organisation from those of others, such as its domain.

    Returns:
        The meetings that are not in the file, as their start is open or their rule names no day.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks of the plan wait for each other in a circle.
        NoWorkTime: a calendar has no time in which a task could be done.
        NotAnInstant: `at` names no instant.
        MissingExtra: icalendar is not installed; the extra is `ical`.
        OSError: the file cannot be written.

    Example:
        >>> from community_ops import Meeting, Plan, Task
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="live", name="Live", plan="p", kind="milestone"),
        ...     Meeting(
        ...         id="weekly", name="Weekly", start="2026-03-02T10:00", recurrence="FREQ=WEEKLY", zone="Asia/Shanghai"
        ...     ),
        ... )
        >>> write_ical(model, "launch.ics", plan_id="p", at=datetime(2026, 3, 1, tzinfo=UTC))
        ()
        >>> from pathlib import Path
        >>> [line for line in Path("launch.ics").read_text("utf-8").splitlines() if "DTSTART" in line][-2:]
        ['DTSTART;VALUE=DATE:20260302', 'DTSTART;TZID=Asia/Shanghai:20260302T100000']
    """
    try:
        from icalendar import Calendar  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("icalendar", "ical") from None
    if at.tzinfo is None:
        raise NotAnInstant(at)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    events = list(_milestones(model, plan_id)) if plan_id is not None else []
    left: list[Ref] = []
    for meeting in model.meetings if meetings else ():
        event = _meeting(model, meeting)
        if event is None:
            left.append(Ref("meeting", meeting.id))
        else:
            events.append((Ref("meeting", meeting.id), event))
    for ref, event in events:
        event.add("uid", str(uuid5(NAMESPACE_URL, f"community-ops:{namespace}:{ref}")))
        event.add("dtstamp", at.astimezone(UTC).replace(microsecond=0))
        calendar.add_component(event)
    _add_zones(calendar)
    write_whole(path, [calendar.to_ical().decode("utf-8")])
    return tuple(left)


def _milestones(model: OperatingModel, plan_id: str) -> Iterator[tuple[Ref, Event]]:
    from icalendar import Event  # noqa: PLC0415 - an extra

    dates = schedule(model, plan_id)
    for id, found in dates.tasks.items():
        task = model.tasks[id]
        if found.kind != "milestone":
            continue
        event = Event()
        event.add("summary", task.name)
        day = sure(found.finish).date()
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        if task.description:
            event.add("description", task.description)
        yield Ref("task", id), event


def _meeting(model: OperatingModel, meeting: Meeting) -> Event | None:
    """Return a meeting as an event; None where it is held on no day."""
    from icalendar import Event, vRecur  # noqa: PLC0415 - an extra

    first = _first(meeting)
    if first is None:
        return None
    event = Event()
    event.add("summary", meeting.name)
    event.add("dtstart", first)
    event.add("duration", meeting.duration)
    if meeting.recurrence:
        event.add("rrule", vRecur.from_ical(_rule(meeting)))
    without = [one for day in meeting.except_dates for one in _held(meeting, day, day)]
    if without:
        event.add("exdate", without)
    names = [model.positions[id].title for id in meeting.participants if id in model.positions]
    about = "\n".join([text for text in (meeting.purpose, ", ".join(names)) if text])
    if about:
        event.add("description", about)
    return event


def _held(meeting: Meeting, first: date, last: date) -> tuple[datetime, ...]:
    """Return when a meeting is held between two days, also where it is left out."""
    assert meeting.start is not None  # the first time was found
    return times(meeting.start, meeting.zone, meeting.recurrence, first, last)


def _first(meeting: Meeting) -> datetime | None:
    """Return when a meeting is held first; RFC 5545 wants its rule to name that day, which `start` need not be."""
    begun = None if meeting.start is None else local(meeting.start)
    if begun is None or (not meeting.recurrence and begun.date() in meeting.except_dates):
        return None
    since, years = begun.date(), 1
    while True:
        last = date(min(since.year + years, date.max.year), 12, 31)
        found = _held(meeting, since, last)
        if found or years > _CYCLE or last.year == date.max.year:
            return found[0] if found else None
        since, years = last + timedelta(days=1), years * 2


def _rule(meeting: Meeting) -> str:
    """Return the recurrence rule with its end in UTC, as RFC 5545 wants it where the start has a time zone."""
    parts = dict([part.split("=", 1) for part in meeting.recurrence.split(";")])
    if "UNTIL" in parts and not parts["UNTIL"].endswith("Z"):
        text = parts["UNTIL"]
        day = date.fromisoformat(text[:8])
        clock = time.fromisoformat(text[9:]) if "T" in text else time(23, 59, 59)  # a day counts to its end
        until = datetime.combine(day, clock, zone_named(meeting.zone)).astimezone(UTC)
        parts["UNTIL"] = until.strftime("%Y%m%dT%H%M%SZ")
    return ";".join([f"{name}={value}" for name, value in parts.items()])


def _add_zones(calendar: Any) -> None:
    """Add the rules of the time zones in use, for the years from the first event to well after the last."""
    starts = [one.start for one in calendar.walk("VEVENT") if isinstance(one.start, datetime)]
    if starts:
        first, last = min(starts), max(starts)
        calendar.add_missing_timezones(
            first_date=date(max(first.year - 1, 1), 1, 1), last_date=date(min(last.year + _YEARS, date.max.year), 1, 1)
        )


_YEARS = 30
"""For how many years after the last meeting begins the rules of its zone are written."""
