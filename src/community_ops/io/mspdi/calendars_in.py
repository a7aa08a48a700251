"""Calendars from MSPDI: the week, the dates that differ, and what one takes over from the calendar it is based on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from attrs import field, frozen

from community_ops.io.cells import Unique
from community_ops.io.mspdi.nodes import Node
from community_ops.io.mspdi.notes import Notes
from community_ops.io.mspdi.recurring_days import days_of
from community_ops.io.mspdi.values import Unreadable, Values, moment
from community_ops.io.mspdi.words import CALENDAR_READ, CALENDAR_SETTINGS, DAYS, EXCEPTION_READ
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import Windows

STANDARD: Windows = (("08:00", "12:00"), ("13:00", "17:00"))
"""When MS Project works on a day of which it only knows that it is worked."""
_WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ELAPSED_ID = "elapsed"
_WHOLE_DAY: Windows = (("00:00", "24:00"),)


@frozen
class Lengths:
    """How long a day and a week of work are, and how many days a month has: a project's settings."""

    day: timedelta
    week: timedelta
    days_per_month: int


@frozen
class _Read:
    """What one calendar says of its own."""

    id: str
    name: str
    base: int | None
    is_base: bool
    line: int
    hours: Mapping[str, Windows]
    dates: Mapping[date, Windows] = field(factory=dict)


def elapsed_calendar(zone: str) -> Calendar:
    """Return the calendar of tasks whose length is real time."""
    return Calendar(
        id=ELAPSED_ID, name="Elapsed time", timezone=zone, hours=dict.fromkeys((*_WORKDAYS, "sat", "sun"), _WHOLE_DAY),
        day_length=timedelta(days=1), week_length=timedelta(weeks=1),
    )  # fmt: skip


def is_elapsed(calendar: Calendar) -> bool:
    """Tell whether a calendar is always open, and counts in days and weeks of real time."""
    same = elapsed_calendar(calendar.timezone)
    return (calendar.hours, calendar.day_length, calendar.week_length) == (
        same.hours, same.day_length, same.week_length
    ) and not (calendar.holidays or calendar.shifts or calendar.breaks)  # fmt: skip


def standard_calendar(id: str, zone: str, lengths: Lengths) -> Calendar:
    """Return the calendar of a project that names none."""
    return Calendar(
        id=id, name="Standard", timezone=zone, hours=dict.fromkeys(_WORKDAYS, STANDARD),
        day_length=lengths.day, week_length=lengths.week, days_per_month=lengths.days_per_month,
    )  # fmt: skip


def calendars_of(
    project: Node, zone: str, lengths: Lengths, used: frozenset[int], notes: Notes
) -> tuple[dict[str, Calendar], dict[str, int]]:
    """Return the calendars of a project, by id, and the line of each.

    Those that are based on others and that neither the project nor a task goes by belong to resources; what such a one
    says of its own is noted.
    """
    found: dict[int, _Read] = {}
    unique = Unique()
    for node in project.within("Calendars", "Calendar"):
        values = Values(node, notes)
        uid = values.integer("UID")
        if uid is None:
            notes.add("IMP605", "missing", "Calendar", node.line, values.text("Name"))
            continue
        if uid in found:
            notes.add("IMP605", "duplicate", "Calendar", node.line, str(uid))
        values.note_others(CALENDAR_READ, CALENDAR_SETTINGS, values.text("Name"))
        one = _calendar(values, unique(str(uid), "{}#{}"), ZoneInfo(zone), notes)
        found[uid if uid not in found else -len(found) - 2] = one
    made: dict[str, Calendar] = {}
    for uid, one in found.items():
        if one.is_base or uid in used:
            made[one.id] = _flat(one, found, zone, lengths, notes)
        elif one.hours or one.dates:
            notes.unread("Resource/CalendarUID", one.line, one.name)
    return made, {one.id: one.line for one in found.values() if one.id in made}


def _calendar(values: Values, id: str, zone: ZoneInfo, notes: Notes) -> _Read:
    node = values.node
    base = values.integer("BaseCalendarUID")
    base = None if base is None or base < 0 else base
    hours: dict[str, Windows] = {}
    dates: dict[date, Windows] = {}
    for week_day in node.within("WeekDays", "WeekDay"):
        day = Values(week_day, notes)
        kind = day.integer("DayType")
        if kind == 0:  # a date that differs, as files before Project 2007 have it
            dates.update(_dates(day, zone, notes))
        elif kind is not None and 1 <= kind <= len(DAYS):
            hours[DAYS[kind - 1]] = _windows(day, notes)
        elif kind is not None:
            day.unreadable("DayType")
    if base is None and not hours:
        notes.add("IMP603", "hours", "Calendar", node.line, values.text("Name"))
        hours = dict.fromkeys(_WORKDAYS, STANDARD)
    for exception in node.within("Exceptions", "Exception"):
        dates.update(_dates(Values(exception, notes), zone, notes))
    is_base = base is None or (values.text("IsBaseCalendar").strip() in ("1", "true"))
    return _Read(id, values.text("Name"), base, is_base, node.line, hours, dates)


def _windows(values: Values, notes: Notes) -> Windows:
    """Return the windows of a day; none for one that is not worked."""
    times = list(values.node.within("WorkingTimes", "WorkingTime"))
    if not times:
        worked = values.flag("DayWorking")
        if worked:
            notes.add("IMP603", "hours", values.node.name, values.node.line)
        return STANDARD if worked else ()
    found = []
    for time in times:
        one = Values(time, notes)
        start, end = one.read("FromTime", _clock), one.read("ToTime", _clock)
        if start is None or end is None:
            continue
        end = "24:00" if end == "00:00" else end
        if start != end:
            found.append((start, end))
    return tuple(found)


def _clock(text: str) -> str:
    """Return a time of day to the minute."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) == 2 for part in parts):
        raise Unreadable(text)
    hour, minute, second = map(int, parts)
    if hour > 23 or minute > 59 or second:
        raise Unreadable(text)
    return f"{hour:02d}:{minute:02d}"


def _dates(values: Values, zone: ZoneInfo, notes: Notes) -> dict[date, Windows]:
    """Return the windows of the dates that an exception is about."""
    values.note_others(EXCEPTION_READ | {"DayType"}, (), values.text("Name"))
    period = values.node.first("TimePeriod")
    span = Values(period, notes) if period is not None else values
    first, last = (span.read(name, lambda text: moment(text, zone)) for name in ("FromDate", "ToDate"))
    days = days_of(values, first, last)
    if days is None:
        notes.add("IMP604", "exceptions", values.node.name, values.node.line, values.text("Name"))
        return {}
    windows = _windows(values, notes)
    return dict.fromkeys(days, windows)


def _flat(one: _Read, all_: Mapping[int, _Read], zone: str, lengths: Lengths, notes: Notes) -> Calendar:
    """Return a calendar with what it takes over from those it is based on."""
    chain = list(_bases(one, all_, notes))
    if len(chain) > 1:
        notes.add("IMP603", "based", chain[1].name, one.line, one.name)
    hours: dict[str, Windows] = {}
    dates: dict[date, Windows] = {}
    for each in reversed(chain):
        hours.update(each.hours)
        dates.update(each.dates)
    return Calendar(
        id=one.id, name=one.name, timezone=zone,
        hours={day: hours[day] for day in (*_WORKDAYS, "sat", "sun") if hours.get(day)},
        holidays=_closed(dates), shifts={day: windows for day, windows in dates.items() if windows},
        day_length=lengths.day, week_length=lengths.week, days_per_month=lengths.days_per_month,
    )  # fmt: skip


def _closed(dates: Mapping[date, Windows]) -> Iterable[date]:
    return tuple([day for day, windows in dates.items() if not windows])


def _bases(one: _Read, all_: Mapping[int, _Read], notes: Notes) -> Iterator[_Read]:
    """Yield a calendar and those it is based on, the nearest first."""
    met: set[str] = set()
    at: _Read | None = one
    while at is not None:
        met.add(at.id)
        yield at
        base = None if at.base is None else all_.get(at.base)
        if at.base is not None and (base is None or base.id in met):
            notes.unreadable("Calendar/BaseCalendarUID", at.line, str(at.base))
            base = None
        at = base
