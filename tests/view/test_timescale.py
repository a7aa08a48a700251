from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.view.textwidth import drawn_width
from community_ops.view.timescale import timescale

MONDAY = date(2026, 3, 2)


def labels(begin, days, width, language="en"):
    scale = timescale(begin, days, width, 10.0, language)
    return [tick.label for tick in scale.coarse], [tick.label for tick in scale.fine]


def test_wide_days_are_marked_one_by_one_under_their_months():
    coarse, fine = labels(date(2026, 2, 26), 6, 30.0)
    assert coarse == ["Feb 2026", "Mar 2026"]
    assert fine == ["26", "27", "28", "1", "2", "3"]


def test_narrower_days_are_marked_by_weeks_from_monday_on():
    coarse, fine = labels(MONDAY + timedelta(days=2), 30, 5.0)
    assert coarse == ["Mar 2026", ""]  # 1 April, the last day, has no room for a label
    # A week that began before the first day is called by its Monday all the same.
    assert fine == ["2", "9", "16", "23", "30"]


def test_months_stand_under_years():
    coarse, fine = labels(date(2025, 11, 15), 120, 1.5)
    assert coarse == ["2025", "2026"]
    assert fine == ["", "Dec", "Jan", "Feb", ""]  # of November and March there are 16 and 14 days


def test_quarters_stand_under_years():
    coarse, fine = labels(date(2025, 1, 1), 730, 0.4)
    assert coarse == ["2025", "2026"]
    assert fine == ["Q1", "Q2", "Q3", "Q4"] * 2


def test_years_stand_alone_and_are_skipped_where_they_are_too_many():
    assert labels(date(2000, 1, 1), 3653, 0.1) == ([], [str(year) for year in range(2000, 2010)])
    assert labels(date(2000, 1, 1), 36525, 0.01) == ([], ["2000", "2010", "2020", "2030", "2040", "2050", "2060",
                                                          "2070", "2080", "2090"])  # fmt: skip


def test_chinese_labels():
    coarse, fine = labels(date(2026, 3, 31), 10, 30.0, "zh")
    assert coarse == ["3月", "2026年4月"]
    assert fine[:3] == ["31", "1", "2"]
    assert labels(date(2026, 1, 1), 730, 0.5, "zh")[1][:2] == ["1季度", "2季度"]


@pytest.mark.parametrize("begin", [date.min, date(9999, 1, 1)])
def test_the_ends_of_time_are_marked_too(begin):
    for width in (30.0, 5.0, 1.0, 0.4, 0.05):
        scale = timescale(begin, 365, width, 10.0, "en")
        assert scale.fine[-1].end == 365


@given(
    begin=st.dates(date(1, 1, 1), date(9000, 1, 1)),
    days=st.integers(1, 4000),
    width=st.floats(0.02, 40.0),
    language=st.sampled_from(["en", "zh"]),
)
def test_marks_follow_each_other_without_gaps_and_every_label_fits_its_stretch(begin, days, width, language):
    scale = timescale(begin, days, width, 10.0, language)
    for ticks in scale:
        assert not ticks or (ticks[0].start, ticks[-1].end) == (0, days)
        assert all(one.end == other.start for one, other in pairwise(ticks))
        for tick in ticks:
            assert tick.start < tick.end
            assert drawn_width(tick.label, 10.0) <= (tick.end - tick.start) * width
