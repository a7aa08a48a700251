"""What built-in values mean beyond their declaration: currencies that exist, periods and estimates in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from community_ops.kernel.values import DateRange, Estimate, Money
from community_ops.org.records import Meeting
from community_ops.strategies import scalars
from community_ops.strategies.scalars import below

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
    return f"{day}T{quarter // 4:02}:{quarter % 4 * 15:02}"


_WHOLE: dict[type, Callable[[bool], SearchStrategy[Any]]] = {DateRange: _periods, Estimate: _estimates}
_FIELDS: dict[tuple[type, str], SearchStrategy[Any]] = {
    (Money, "currency"): st.sampled_from(("CNY", "EUR", "USD", "JPY", "KWD")),
    (Meeting, "start"): st.tuples(scalars.days(True), below(96)).map(_beginning),
    (Meeting, "zone"): st.sampled_from(("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York")),
    (Meeting, "duration"): below(16).map(lambda quarters: timedelta(minutes=15 * quarters + 15)),
    (Meeting, "recurrence"): st.sampled_from(
        ("", "FREQ=DAILY;COUNT=10", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=-1FR")
    ),
}
