"""Quartiles, bands and their text; the standard library is the judge."""

from __future__ import annotations

import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.org.analysis.distribution import Band, Distribution
from community_ops.org.analysis.text import table


@given(st.lists(st.integers(0, 30), min_size=2))
def test_quartiles_are_those_of_the_standard_library(values: list[int]) -> None:
    found = Distribution.of(values, "things")
    exact = statistics.quantiles(map(Fraction, values), n=4, method="inclusive")
    assert [found.lower, found.median, found.upper] == exact
    assert found.median == statistics.median(map(Fraction, values))
    assert (found.least, found.most, found.count, found.total) == (min(values), max(values), len(values), sum(values))
    assert found.mean == pytest.approx(statistics.mean(values))


@given(st.lists(st.integers(-3, 20)), st.lists(st.integers(1, 15), unique=True).map(sorted))
def test_bands_hold_every_value_once(values: list[int], edges: list[int]) -> None:
    bands = Distribution.of(values, "things", edges).bands
    assert [band.high for band in bands] == [*edges, None][: len(bands)]
    assert sum(band.count for band in bands) == (len(values) if edges else 0)
    for number, band in enumerate(bands):
        low = band.low if number else min([band.low, *values])  # what is below all bands counts into the first
        assert band.count == sum(low <= value and (band.high is None or value <= band.high) for value in values)


def test_by_hand() -> None:
    # Nine spans: the quartiles are the 3rd, 5th and 7th of them.
    found = Distribution.of([9, 1, 2, 3, 4, 5, 6, 7, 8], "spans", (2, 5))
    assert (found.lower, found.median, found.upper) == (3, 5, 7)
    assert found.bands == (Band(1, 2, 2), Band(3, 5, 3), Band(6, None, 4))
    assert [band.label for band in found.bands] == ["1-2", "3-5", "6+"]
    assert str(found) == "9 x spans: 1 | 3 5 7 | 9\n1-2: 2, 3-5: 3, 6+: 4"
    assert Band(1, 1, 0).label == "1"


def test_one_value_is_every_quartile() -> None:
    found = Distribution.of([7], "spans")
    assert (found.least, found.lower, found.median, found.upper, found.most) == (7, 7, 7, 7, 7)
    assert str(found) == "1 x spans: 7 | 7 7 7 | 7"


def test_nothing_has_no_quartiles_and_no_mean() -> None:
    found = Distribution.of([], "spans", (2,))
    assert (found.least, found.lower, found.median, found.upper, found.most, found.mean) == (None,) * 6
    assert (found.count, found.total, found.bands) == (0, 0, (Band(1, 2, 0), Band(3, None, 0)))
    assert str(found) == "no spans"


def test_quartiles_of_huge_numbers_are_exact() -> None:
    huge = 10**40
    assert Distribution.of([huge, huge + 1], "seats").lower == Decimal(f"{huge}.25")


@pytest.mark.parametrize("edges", [(0,), (3, 3), (5, 2)])
def test_edges_must_rise(edges: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must rise from at least 1"):
        Distribution.of([1], "spans", edges)


def test_long_tables_are_cut_and_say_so() -> None:
    lines = table(["id", "n"], [[f"u{n}", n] for n in range(25)]).splitlines()
    assert len(lines) == 22
    assert lines[-1] == "... and 5 more"
