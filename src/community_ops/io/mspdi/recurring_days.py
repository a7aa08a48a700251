"""The dates of an exception of a calendar: one, a run of them, or those of a pattern, as MS Project knows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from community_ops.io.mspdi.values import Values

LONGEST = 36_600
"""The most days that one exception may name: a hundred years of them."""
_DAILY, _YEARLY, _YEARLY_NTH, _MONTHLY, _MONTHLY_NTH, _WEEKLY = 1, 2, 3, 4, 5, 6
_ALL = tuple(range(7))
# What a pattern may name, in days of the week counted from Monday: any day, a working day, a day of the weekend, or one
# day, from Sunday on.
_ITEMS = (_ALL, _ALL[:5], _ALL[5:], (6,), (0,), (1,), (2,), (3,), (4,), (5,))
_POSITIONS = (1, 2, 3, 4, -1)


def days_of(values: Values, first: datetime | None, last: datetime | None) -> Sequence[date] | None:
    """Return the dates that an exception names; None where they cannot be told.

    Args:
        values: the exception.
        first: the beginning of its time.
        last: the end of its time.
    """
    if first is None or last is None or last < first:
        return None
    begin, end = first.date(), last.date()
    if last.time() == time.min and end > begin:  # half-open, as some programs write it
        end -= timedelta(days=1)
    kind = values.integer("Type") or _DAILY
    period = values.integer("Period") or 1
    plain = kind == _DAILY and period == 1
    if (end - begin).days >= LONGEST and (plain or not values.flag("EnteredByOccurrences")):
        return None
    if plain:
        return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    pattern = _pattern(values, kind)
    if pattern is None or not 1 <= period <= LONGEST:
        return None
    count = values.integer("Occurrences") if values.flag("EnteredByOccurrences") else None
    return _expanded(pattern, period, begin, end, count)


def _pattern(values: Values, kind: int) -> dict[str, Any] | None:
    """Return an exception as the words of a recurrence rule."""
    from dateutil import rrule  # noqa: PLC0415 - slow to import

    month, day = values.integer("Month"), values.integer("MonthDay")
    item, position = values.integer("MonthItem"), values.integer("MonthPosition")
    nth = _nth(item, position)
    months = None if month is None or not 0 <= month <= 11 else month + 1
    days = None if day is None or not 1 <= day <= 31 else day
    if kind == _DAILY:
        return {"freq": rrule.DAILY}
    if kind == _YEARLY and months and days:
        return {"freq": rrule.YEARLY, "bymonth": months, "bymonthday": days}
    if kind == _YEARLY_NTH and months and nth:
        return {"freq": rrule.YEARLY, "bymonth": months, **nth}
    if kind == _MONTHLY and days:
        return {"freq": rrule.MONTHLY, "bymonthday": days}
    if kind == _MONTHLY_NTH and nth:
        return {"freq": rrule.MONTHLY, **nth}
    mask = values.integer("DaysOfWeek")
    if kind == _WEEKLY and mask and 0 < mask < 128:
        named = [(bit - 1) % 7 for bit in range(7) if mask >> bit & 1]  # bit 0 is Sunday
        return {"freq": rrule.WEEKLY, "byweekday": named, "wkst": rrule.SU}
    return None


def _nth(item: int | None, position: int | None) -> dict[str, Any] | None:
    if item is None or position is None or not 0 <= item < len(_ITEMS) or not 0 <= position < len(_POSITIONS):
        return None
    return {"byweekday": _ITEMS[item], "bysetpos": _POSITIONS[position]}


def _expanded(pattern: dict[str, Any], period: int, begin: date, end: date, count: int | None) -> Sequence[date]:
    from dateutil.rrule import rrule  # noqa: PLC0415 - slow to import

    freq = pattern.pop("freq")
    found = rrule(
        freq,
        interval=period,
        dtstart=datetime.combine(begin, time.min),
        until=datetime.combine(end, time.max),
        **pattern,
    )
    return [one.date() for one in islice(found, LONGEST if count is None else min(count, LONGEST))]
