"""Calendars to MSPDI: each a base calendar with its week, and an exception for every date that differs from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from community_ops.io.mspdi.days import usual_windows, windows_on
from community_ops.io.mspdi.elements import put
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAY_MINUTES, Span

MOST_WINDOWS = 5
"""How many windows a day of MSPDI has room for."""


def put_calendar(calendars: Element, calendar: Calendar, uid: int, name: str) -> None:
    """Add a calendar.

    Args:
        calendars: the element that holds them.
        calendar: the calendar.
        uid: its UID.
        name: its name, which MS Project wants to be the only one of its kind.
    """
    one = put(calendars, "Calendar")
    put(one, "UID", uid)
    put(one, "Name", name[:512])
    put(one, "IsBaseCalendar", True)
    put(one, "BaseCalendarUID", -1)
    week = put(one, "WeekDays")
    for code in range(1, 8):
        windows = usual_windows(calendar, (code - 2) % 7)
        day = put(week, "WeekDay")
        put(day, "DayType", code)
        put(day, "DayWorking", bool(windows))
        _put_windows(day, windows)
    dates = list(_dates(calendar))
    exceptions = put(one, "Exceptions") if dates else one
    for when in dates:
        _put_exception(exceptions, when, windows_on(calendar, when))


def _dates(calendar: Calendar) -> Iterator[date]:
    """Yield the dates to write: those that the calendar names, and any other on which it differs from its week."""
    named = {*calendar.holidays, *map(date.fromisoformat, calendar.shifts)}
    touched = {*named, *map(date.fromisoformat, calendar.breaks)}
    near = touched | {day + timedelta(days=1) for day in touched if day < date.max}
    for day in sorted(near):
        if day in named or windows_on(calendar, day) != usual_windows(calendar, day.weekday()):
            yield day


def _put_exception(exceptions: Element, day: date, windows: list[Span]) -> None:
    one = put(exceptions, "Exception")
    put(one, "EnteredByOccurrences", False)
    period = put(one, "TimePeriod")
    put(period, "FromDate", f"{day}T00:00:00")
    put(period, "ToDate", f"{day}T23:59:00")
    put(one, "Occurrences", 1)
    put(one, "Name", "" if windows else "Holiday")
    put(one, "Type", 1)
    put(one, "DayWorking", bool(windows))
    _put_windows(one, windows)


def _put_windows(day: Element, windows: Iterable[Span]) -> None:
    spans = list(windows)[:MOST_WINDOWS]
    if not spans:
        return
    times = put(day, "WorkingTimes")
    for start, end in spans:
        time = put(times, "WorkingTime")
        put(time, "FromTime", _clock(start))
        put(time, "ToTime", _clock(end % DAY_MINUTES))


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"
