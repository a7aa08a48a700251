"""What a day is as a date and a time: MSPDI has no dates without times, and a plan's records may have them.

A day that holds a start is the first working minute of it, a day that holds a finish the end of the last; where it is
not worked, they are its midnights. Each day has its own instants, so that a date and time that is one of them can be
read as the day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAY_MINUTES, DAYS, Span, clipped, merged, minutes, outside

_DAY = timedelta(days=1)


def windows_on(calendar: Calendar, day: date) -> list[Span]:
    """Return when a calendar is open between the midnights of a day, in minutes.

    Other than the windows of a calendar, which belong to the day they start on, a night is cut in two at midnight.

    Example:
        >>> night = Calendar(id="n", hours={"mon": (("22:00", "06:00"),)})
        >>> windows_on(night, date(2026, 3, 2)), windows_on(night, date(2026, 3, 3))
        ([(1320, 1440)], [(0, 360)])
    """
    before = day - _DAY if day > date.min else None
    open_ = minutes(_own(calendar, day))
    shut = minutes(calendar.breaks.get(day.isoformat(), ()))
    if before is not None:
        open_ += _over(minutes(_own(calendar, before)))
        shut += _over(minutes(calendar.breaks.get(before.isoformat(), ())))
    whole = merged(open_)
    found = [piece for start, end in outside(merged(shut), 0, DAY_MINUTES) for piece in clipped(whole, start, end)]
    return merged([(max(start, 0), min(end, DAY_MINUTES)) for start, end in found])


def _own(calendar: Calendar, day: date) -> tuple[tuple[str, str], ...]:
    shift = calendar.shifts.get(day.isoformat())
    if shift is not None:
        return shift
    return () if day in calendar.holidays else calendar.hours.get(DAYS[day.weekday()], ())


def _over(spans: list[Span]) -> list[Span]:
    """Return the parts of spans that lie on the day after."""
    return [(max(start - DAY_MINUTES, 0), end - DAY_MINUTES) for start, end in spans if end > DAY_MINUTES]


def usual_windows(calendar: Calendar, weekday: int) -> list[Span]:
    """Return when a calendar is open on a day of the week, from 0 for Monday, where no date says otherwise."""
    own = minutes(calendar.hours.get(DAYS[weekday], ()))
    own += _over(minutes(calendar.hours.get(DAYS[weekday - 1], ())))
    return merged([(start, min(end, DAY_MINUTES)) for start, end in own])


def beginning(day: date, calendar: Calendar) -> datetime:
    """Return a day that holds a start as a date and time on the calendar's clocks, without a zone."""
    open_ = windows_on(calendar, day)
    return datetime.combine(day, time.min) + timedelta(minutes=open_[0][0] if open_ else 0)


def ending(day: date, calendar: Calendar) -> datetime:
    """Return a day that holds a finish as a date and time on the calendar's clocks, without a zone."""
    open_ = windows_on(calendar, day)
    length = open_[-1][1] if open_ else DAY_MINUTES
    return datetime.combine(day, time.min) + timedelta(minutes=length)


def local(when: date, calendar: Calendar, zone: ZoneInfo, *, ends: bool) -> datetime:
    """Return a day or an instant as a date and time without a zone.

    Args:
        when: the day or the instant.
        calendar: whose working time tells what a day is.
        zone: the clocks on which an instant is told.
        ends: whether it holds a finish.

    Raises:
        OverflowError: it lies outside the years that dates can tell.
    """
    if isinstance(when, datetime):
        return when.astimezone(zone).replace(tzinfo=None)
    return ending(when, calendar) if ends else beginning(when, calendar)


def day_or_instant(when: datetime, calendar: Calendar, zone: ZoneInfo, *, ends: bool) -> date | datetime:
    """Return a date and time without a zone as the day it stands for, or else as an instant; what `local` undoes."""
    today = when.date()
    if not ends:
        return today if when.time() == time.min or when == beginning(today, calendar) else when.replace(tzinfo=zone)
    for day in (today, today - _DAY) if today > date.min else (today,):
        if day < date.max and when == ending(day, calendar):
            return day
    return when.replace(tzinfo=zone)
