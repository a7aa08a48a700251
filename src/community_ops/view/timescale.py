"""The time axis of a chart: which days, weeks, months or years to mark, and how to call them, for the room there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from community_ops.validation.wording import Language
from community_ops.view.textwidth import drawn_width
from community_ops.view.words import say

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PAD = 6.0
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class Tick(NamedTuple):
    """A stretch of time that is marked: from which day on and up to which, as places, and what it is called."""

    start: int
    end: int
    label: str


class Timescale(NamedTuple):
    """Two rows of marks, the finer one below: days or weeks under months, months or quarters under years, or years."""

    coarse: tuple[Tick, ...]
    fine: tuple[Tick, ...]


Unit = Callable[[date], date]
"""Returns the first day of the day, week, month ... that a day is in."""


def timescale(begin: date, days: int, width: float, size: float, language: Language) -> Timescale:
    """Return the marks of a time axis: the finest units whose labels all fit.

    Args:
        begin: the first day.
        days: how many days there are.
        width: how wide a day is, in user units.
        size: the size of the labels.
        language: of the labels.

    Example:
        >>> weeks = timescale(date(2026, 3, 2), 60, 10.0, 10.0, "en")
        >>> [tick.label for tick in weeks.coarse], [tick.label for tick in weeks.fine][:3]
        (['Mar 2026', 'Apr 2026'], ['2', '9', '16'])
    """
    room = drawn_width("00", size) + _PAD
    if 7 * width >= room:
        unit: Unit = _day if width >= room else _week
        return Timescale(
            tuple(_marked(begin, days, width, size, _month, [_month_year(language), _month_name(language)])),
            tuple(_marked(begin, days, width, size, unit, [_number])),
        )
    for most, unit, name in ((28, _month, _month_name(language)), (90, _quarter, _quarter_name(language))):
        longest = max(drawn_width(name(date(2026, month, 1)), size) for month in range(1, 13))
        if most * width >= longest + _PAD:
            years = tuple(_marked(begin, days, width, size, _years(1), [_year]))
            return Timescale(years, tuple(_marked(begin, days, width, size, unit, [name])))
    needed = drawn_width("0000", size) + _PAD
    step = next((step for step in _YEARS if step * 365 * width >= needed), _YEARS[-1])
    return Timescale((), tuple(_marked(begin, days, width, size, _years(step), [_year])))


def _marked(
    begin: date, days: int, width: float, size: float, unit: Unit, names: list[Callable[[date], str]]
) -> Iterator[Tick]:
    """Yield the marks of a unit, each called by the first of its names that fits, else by none."""
    place = 0
    while place < days:
        day = begin + timedelta(days=place)
        end = min(days, _next(day, unit) - begin.toordinal())
        start = unit(day)
        room = (end - place) * width - _PAD / 2
        label = next((text for text in (name(start) for name in names) if drawn_width(text, size) <= room), "")
        yield Tick(place, end, label)
        place = end


def _next(day: date, unit: Unit) -> int:
    """Return the ordinal of the first day of the next unit, which after the last of all days is no date any more."""
    start = unit(day)
    first, beyond = day.toordinal() + 1, date.max.toordinal() + 1
    while first < beyond and unit(date.fromordinal(first)) == start:
        # Far from the end of a long unit one may go on by whole years, and up to it by whole months and days.
        first += next((n for n in (366, 28) if _still(first + n, unit, start, beyond)), 1)
    return first


def _still(ordinal: int, unit: Unit, start: date, beyond: int) -> bool:
    return ordinal < beyond and unit(date.fromordinal(ordinal)) == start


def _day(day: date) -> date:
    return day


def _week(day: date) -> date:
    return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _years(step: int) -> Unit:
    return lambda day: date(max(1, day.year // step * step), 1, 1)


def _number(day: date) -> str:
    return str(day.day)


def _year(day: date) -> str:
    return str(day.year)


def _month_year(language: Language) -> Callable[[date], str]:
    return lambda day: say("month_year", language, month=_called(day, language), year=day.year)


def _month_name(language: Language) -> Callable[[date], str]:
    return lambda day: say("month", language, month=_called(day, language))


def _called(day: date, language: Language) -> str:
    return str(day.month) if language == "zh" else _MONTHS[day.month - 1]


def _quarter_name(language: Language) -> Callable[[date], str]:
    return lambda day: say("quarter", language, n=(day.month + 2) // 3)
