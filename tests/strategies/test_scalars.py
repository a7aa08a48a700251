from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.strategies import scalars

LIMIT = 60


def collected(strategy: st.SearchStrategy[Any], examples: int = 200) -> list[Any]:
    found: list[Any] = []

    @given(strategy)
    @settings(max_examples=examples, derandomize=True, database=None, suppress_health_check=())
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


@pytest.mark.parametrize("plausible", [True, False])
@pytest.mark.parametrize(
    "minimum",
    [None, Decimal(0), Decimal("0.125"), Decimal("-7.5"), Decimal("9" * LIMIT), Decimal("0." + "0" * 58 + "1")],
)
def test_a_decimal_keeps_to_its_minimum_and_to_the_digits_of_a_field(minimum: Decimal | None, plausible: bool) -> None:
    for value in collected(scalars.decimals(minimum, plausible), 100):
        _, digits, exponent = value.as_tuple()
        assert isinstance(exponent, int)
        assert len(digits) + abs(exponent) <= LIMIT
        assert minimum is None or value.compare(minimum) >= 0


def test_a_decimal_does_not_depend_on_the_callers_precision() -> None:
    with localcontext() as context:
        context.prec = 3
        lengths = {len(value.as_tuple().digits) for value in collected(scalars.decimals(None, False))}
    assert max(lengths) > 30


@pytest.mark.parametrize("plausible", [True, False])
@pytest.mark.parametrize("minimum", [None, 0, -5, 2**70])
def test_a_whole_number_keeps_to_its_minimum(minimum: int | None, plausible: bool) -> None:
    values = collected(scalars.integers(minimum, plausible))
    assert all(type(value) is int for value in values)
    assert minimum is None or min(values) >= minimum
    assert plausible or max(values) > 2**53


@pytest.mark.parametrize("plausible", [True, False])
@pytest.mark.parametrize("minimum", [None, 0, 2.5])
def test_a_float_is_finite_and_keeps_to_its_minimum(minimum: float | None, plausible: bool) -> None:
    values = collected(scalars.numbers(minimum, plausible))
    assert all(type(value) is float and math.isfinite(value) for value in values)
    assert minimum is None or min(values) >= minimum


@pytest.mark.parametrize("plausible", [True, False])
def test_leap_days_come_up(plausible: bool) -> None:
    values = collected(scalars.days(plausible))
    assert all(type(value) is date for value in values)
    assert date(2024, 2, 29) in values


def test_days_reach_from_the_first_to_the_last_there_is() -> None:
    values = collected(scalars.days(False), 400)
    assert {date.min, date.max} <= set(values)


@pytest.mark.parametrize("plausible", [True, False])
def test_instants_are_aware_and_come_in_several_offsets(plausible: bool) -> None:
    values = collected(scalars.instants(plausible))
    assert all(isinstance(value, datetime) for value in values)
    offsets = {value.utcoffset() for value in values}
    assert None not in offsets
    assert len(offsets) >= 4


def test_durations_may_be_negative_and_long_but_plausible_ones_are_not() -> None:
    assert min(collected(scalars.durations(False))) < timedelta()
    plausible = collected(scalars.durations(True))
    assert min(plausible) >= timedelta()
    assert max(plausible) <= timedelta(days=10)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@pytest.mark.parametrize("plausible", [True, False])
def test_free_json_is_an_object_of_bounded_depth(plausible: bool) -> None:
    values = collected(scalars.json_objects(plausible))
    assert all(type(value) is dict for value in values)
    assert max(map(depth, values)) < 20
    assert plausible or max(map(depth, values)) >= 2
