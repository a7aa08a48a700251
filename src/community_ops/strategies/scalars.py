"""Strategies for numbers, days, instants, durations and free JSON.

Each comes in two sorts: *wild* is anything the field can hold, *plausible* is what an organisation's file is likely to
hold, small and cheap to draw.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from community_ops.kernel.written import DECIMAL_DIGITS
from community_ops.strategies.texts import names, texts

_PLAUSIBLE_DIGITS = 15
_BEYOND_A_DOUBLE = 2**53 + 1
_EPOCH = date(2024, 1, 1)
_DAYS = 4 * 365
_LEAP_DAYS = (date(2024, 2, 29), date(2028, 2, 29), date(2000, 2, 29))
_FAR_DAYS = (*_LEAP_DAYS, date.min, date.max, date(1900, 3, 1))
# Whole offsets, a half hour, and one of a second: what a file can carry. Zones with rules of their own are names.
_OFFSETS = (
    UTC,
    timezone(timedelta(hours=8)),
    timezone(timedelta(hours=-3, minutes=-30)),
    timezone(timedelta(hours=5, minutes=45)),
    timezone(timedelta(minutes=19, seconds=32)),
    timezone(timedelta(hours=14)),
)


@cache
def below(count: int) -> SearchStrategy[int]:
    """Return a strategy for 0 to `count` - 1; shrinks to 0."""
    return st.integers(0, count - 1)


@cache
def integers(minimum: int | None, plausible: bool) -> SearchStrategy[int]:
    """Return a strategy for whole numbers of at least a minimum."""
    if plausible:
        return st.integers(minimum or 0, (minimum or 0) + 5)
    large = max(_BEYOND_A_DOUBLE, minimum or 0)
    return st.integers(min_value=minimum) | st.sampled_from((large, large * 2**64))


@cache
def numbers(minimum: float | None, plausible: bool) -> SearchStrategy[float]:
    """Return a strategy for finite floats of at least a minimum."""
    if plausible:
        return st.integers(0, 40).map(lambda quarters: (minimum or 0) + quarters / 4)
    least = None if minimum is None else float(minimum)
    return st.floats(min_value=least, allow_nan=False, allow_infinity=False)


def _scaled(number: int, places: int) -> Decimal:
    # Built from its digits: arithmetic would round to the precision of the caller's decimal context.
    return Decimal((int(number < 0), tuple(map(int, str(abs(number)))), -places))


@st.composite
def _decimals(draw: DrawFn, minimum: Decimal | None) -> Decimal:
    places = draw(below(DECIMAL_DIGITS // 4))
    least, most = _bounds(minimum, places)
    if least > most:  # a minimum so large that its digits leave no room for places
        places = 0
        least, most = _bounds(minimum, places)
    return _scaled(draw(st.integers(least, most)), places)


def _bounds(minimum: Decimal | None, places: int) -> tuple[int, int]:
    most: int = 10 ** (DECIMAL_DIGITS - places) - 1
    return -most if minimum is None else ceil(Fraction(minimum) * 10**places), most


@cache
def decimals(minimum: Decimal | None, plausible: bool) -> SearchStrategy[Decimal]:
    """Return a strategy for exact decimals of at least a minimum, within the digits that a field can hold."""
    if not plausible or (minimum is not None and len(minimum.as_tuple().digits) > _PLAUSIBLE_DIGITS):
        return _decimals(minimum)
    least = ceil(Fraction(minimum or 0) * 4)
    return st.integers(least, least + 8).map(_quarters)


def _quarters(count: int) -> Decimal:
    return _scaled(count * 25, 2) if count % 4 else _scaled(count // 4, 0)


@cache
def days(plausible: bool) -> SearchStrategy[date]:
    """Return a strategy for dates; leap days come up more often than one in 1,461."""
    if plausible:
        near = below(_DAYS).map(lambda after: _EPOCH + timedelta(days=after))
        return near | near | st.sampled_from(_LEAP_DAYS)
    return st.dates() | st.sampled_from(_FAR_DAYS)


@cache
def instants(plausible: bool) -> SearchStrategy[datetime]:
    """Return a strategy for aware datetimes, in several offsets."""
    zones = st.sampled_from(_OFFSETS)
    if not plausible:
        return st.datetimes(timezones=zones)
    start = datetime(_EPOCH.year, 1, 1, tzinfo=UTC)
    moments = below(_DAYS * 1440).map(lambda minutes: start + timedelta(minutes=minutes))
    return st.tuples(moments, zones).map(lambda pair: pair[0].astimezone(pair[1]))


@cache
def durations(plausible: bool) -> SearchStrategy[timedelta]:
    """Return a strategy for lengths of time; plausible ones are up to ten days of quarter hours."""
    if plausible:
        return below(10 * 96).map(lambda quarters: timedelta(minutes=15 * quarters))
    return st.timedeltas()


@cache
def json_objects(plausible: bool) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for the JSON objects that embedding applications keep in `extra`; at most a few levels deep."""
    if plausible:
        return st.dictionaries(names(), st.sampled_from((None, True, 1, 1.0, "1")), max_size=2)
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    leaves = st.none() | st.booleans() | numbers | texts()
    values = st.recursive(leaves, _containers, max_leaves=5)
    return st.dictionaries(texts(), values, max_size=3)


def _containers(items: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.lists(items, max_size=3) | st.dictionaries(texts(), items, max_size=3)
