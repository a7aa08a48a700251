"""What built-in values mean beyond their declaration: currencies that exist, periods and estimates in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from community_ops.kernel.values import DateRange, Estimate, Money
from community_ops.org.records import Meeting
from community_ops.plan.records import UNDATED, Duration, Task
from community_ops.strategies import scalars
from community_ops.strategies.scalars import below
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAYS, Windows

_LENGTHS = 400
_OPEN_END, _OPEN_START, _ONE_DAY = range(3)


@cache
def whole_value(cls: type, plausible: bool) -> SearchStrategy[Any] | None:
    """Return the strategy for a value class whose fields mean something together; None for all others."""
    make = _WHOLE.get(cls)
    return None if make is None else make(plausible)


def field_meaning(cls: type, name: str) -> SearchStrategy[Any] | None:
    """Return the strategy for a field whose meaning is checked in code, also of subclasses; None for all others."""
    return next((_FIELDS[base, name] for base in cls.__mro__ if (base, name) in _FIELDS), None)


def mended(cls: type, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values of an object with those that do not go together made to."""
    if not issubclass(cls, Task):
        return given
    dated = given.get("constraint", "ASAP") not in UNDATED
    if dated and given.get("constraint_date") is None:
        return {**given, "constraint": "ASAP"}
    return {**given, "constraint_date": given.get("constraint_date") if dated else None}


def _period(pair: tuple[date, int]) -> DateRange:
    day, length = pair
    if length == _OPEN_END:
        return DateRange(day, None)
    if length == _OPEN_START:
        return DateRange(None, day)
    return DateRange(day, day + timedelta(days=length - _ONE_DAY))


def _periods(plausible: bool) -> SearchStrategy[DateRange]:
    forward = st.tuples(scalars.days(True), below(_LENGTHS)).map(_period)
    if plausible:
        return forward
    either = st.none() | scalars.days(False)
    return forward | st.tuples(either, either).map(lambda ends: DateRange(*ends))


def _estimates(plausible: bool) -> SearchStrategy[Estimate]:
    point = scalars.decimals(None, plausible)
    return st.tuples(point, point, point).map(lambda drawn: Estimate(*(sorted(drawn) if plausible else drawn)))


def _beginning(drawn: tuple[date, int]) -> str:
    day, quarter = drawn
    return f"{day}T{_clock(quarter)}"


def _clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


def _window(drawn: tuple[int, int]) -> tuple[str, str]:
    # Most begin in the morning and end on the same day; some go over midnight, up to the hour they begin at.
    start, length = drawn
    end = (36 + start + length) % 96
    return _clock((36 + start) % 96), _clock(end) if end else "24:00"


def _by_date(windows: SearchStrategy[Windows]) -> SearchStrategy[Any]:
    return st.dictionaries(scalars.days(True).map(date.isoformat), windows, max_size=3)


def _lengths(most: int) -> SearchStrategy[timedelta]:
    return below(most).map(lambda halves: timedelta(minutes=30 * halves + 30))


_WINDOWS: SearchStrategy[Windows] = st.lists(
    st.tuples(below(96), st.integers(1, 32) | st.integers(1, 95)).map(_window), max_size=3
).map(tuple)
_ZONES = st.sampled_from(("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York"))
_RECURRENCES = st.sampled_from(
    ("", "FREQ=DAILY;COUNT=10", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1FR")
)
_WORK = st.builds(Duration, below(40).map(Decimal), st.sampled_from(("day", "hour", "minute", "week")))
_WHOLE: dict[type, Callable[[bool], SearchStrategy[Any]]] = {DateRange: _periods, Estimate: _estimates}
_FIELDS: dict[tuple[type, str], SearchStrategy[Any]] = {
    (Money, "currency"): st.sampled_from(("CNY", "EUR", "USD", "JPY", "KWD")),
    (Meeting, "start"): st.tuples(scalars.days(True), below(96)).map(_beginning),
    (Meeting, "zone"): _ZONES,
    (Meeting, "duration"): below(16).map(lambda quarters: timedelta(minutes=15 * quarters + 15)),
    (Meeting, "recurrence"): _RECURRENCES,
    (Task, "recurrence"): _RECURRENCES,
    (Task, "percent_complete"): below(101).map(Decimal),
    (Task, "duration"): _WORK,
    (Task, "effort"): _WORK,
    (Task, "remaining"): _WORK,
    (Calendar, "timezone"): _ZONES,
    (Calendar, "hours"): st.dictionaries(st.sampled_from(DAYS), _WINDOWS, max_size=7),
    (Calendar, "shifts"): _by_date(_WINDOWS),
    (Calendar, "breaks"): _by_date(_WINDOWS),
    (Calendar, "day_length"): _lengths(48),
    (Calendar, "week_length"): _lengths(336),
}
