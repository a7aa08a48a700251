from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from community_ops.kernel.quantities import duration_text, exact, parse_duration
from community_ops.kernel.text import BadValue


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        (0.1, "0.1"),
        (-2.5, "-2.5"),
        (1e20, "1E+20"),
        (3, "3"),
        (-3, "-3"),
        ("12.50", "12.50"),
        ("-0.5", "-0.5"),
        (Decimal("7.00"), "7.00"),
    ],
)
def test_numbers_become_the_decimal_they_print_as(given_value, expected):
    assert str(exact(given_value)) == expected


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 10**100, True, "", " 1", "1e5", "NaN", "１２", "1.", ".5", "9" * 61, None, b"1", [1]],
)
def test_what_is_no_plain_number_is_handed_on_untouched(value):
    assert exact(value) is value


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT0S", timedelta()),
        ("P0D", timedelta()),
        ("P1D", timedelta(days=1)),
        ("P1DT30M", timedelta(days=1, minutes=30)),
        ("PT8H", timedelta(hours=8)),
        ("PT90M", timedelta(minutes=90)),
        ("PT1.5S", timedelta(seconds=1, microseconds=500_000)),
        ("PT0.000001S", timedelta(microseconds=1)),
        ("-PT1H", timedelta(hours=-1)),
        ("-P1DT1S", -timedelta(days=1, seconds=1)),
        ("P999999999DT23H59M59.999999S", timedelta.max),
        ("-P999999999D", timedelta.min),
    ],
)
def test_durations_are_read(text, length):
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text",
    [
        *["", "P", "-P", "PT", "P1DT", "1D", "P1", "PT5", "P1H", "PT1D", "P1M", "P1Y", "P1W", "P-1D", "+P1D"],
        *["PT1.S", "PT.5S", "PT1.0000001S", "PT1,5S", "P1.5D", "pt1h", "P1D ", " P1D", "P１D", "PT1S1M"],
        *["P1000000000D", "P999999999DT24H", "-P999999999DT1S", "-P999999999DT0.000001S", "8:00", "P1DPT1H"],
    ],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(BadValue) as caught:
        parse_duration(text)
    assert caught.value.code == "bad-duration"


@given(st.timedeltas())
@example(timedelta.max)
@example(timedelta.min)
@example(timedelta(microseconds=-1))
def test_durations_are_read_back_as_they_were_written(length):
    assert parse_duration(duration_text(length)) == length


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(), "PT0S"),
        (timedelta(days=2), "P2D"),
        (timedelta(hours=25), "P1DT1H"),
        (timedelta(seconds=61), "PT1M1S"),
        (timedelta(milliseconds=250), "PT0.25S"),
        (timedelta(hours=-1), "-PT1H"),
        (timedelta(microseconds=-1), "-PT0.000001S"),
    ],
)
def test_durations_have_one_way_of_writing(length, text):
    assert duration_text(length) == text
