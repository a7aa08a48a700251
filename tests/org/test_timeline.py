"""Intervals of days and sums over them, against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import DateRange
from community_ops.org.timeline import EVER, NEVER, Step, day, interval, period_of, steps, stretch

some_days = (
    st.none()
    | st.integers(-4, 4).map(lambda n: date(2026, 3, 10) + timedelta(n))
    | st.just(date.max)
    | st.just(date.min)
)
some_periods = st.none() | st.builds(DateRange, some_days, some_days)
JUST_DAYS = [date.min, date.max, *(date(2026, 3, 10) + timedelta(n) for n in range(-6, 7))]


def covers(period: DateRange | None, on: date) -> bool:
    return period is None or ((period.start or date.min) <= on <= (period.end or date.max))


@given(some_periods)
def test_an_interval_holds_the_days_of_its_period(period: DateRange | None) -> None:
    first, stop = interval(period)
    for on in JUST_DAYS:
        assert (first <= on.toordinal() < stop) == covers(period, on)
    if first < stop:
        assert period_of(first, stop) == (period or DateRange())


@given(st.lists(st.tuples(some_periods, st.integers(0, 3)), max_size=6))
def test_steps_hold_what_a_count_of_the_day_holds(held: list[tuple[DateRange | None, int]]) -> None:
    line = steps((*interval(period), amount) for period, amount in held)
    assert (line[0].first, line[-1].stop) == (EVER, NEVER)
    assert all(a.stop == b.first and a.first < a.stop for a, b in pairwise(line))
    for on in JUST_DAYS:
        (step,) = (step for step in line if step.first <= on.toordinal() < step.stop)
        there = [amount for period, amount in held if covers(period, on)]
        assert (step.held, step.number) == (sum(there), len(there))


@given(st.lists(st.booleans(), min_size=1, max_size=10), st.data())
def test_a_stretch_is_the_longest_run_around_a_day(marks: list[bool], data: st.DataObject) -> None:
    on = data.draw(st.integers(0, len(marks) - 1))
    line = [Step(i, i + 1, int(mark), 0) for i, mark in enumerate(marks)]
    found = stretch(line, on, lambda step: bool(step.held))
    if not marks[on]:
        assert found is None
    else:
        assert found is not None
        first, stop = found
        assert first <= on < stop
        assert all(marks[first:stop])
        assert first == 0 or not marks[first - 1]
        assert stop == len(marks) or not marks[stop]


def test_a_stretch_of_nothing() -> None:
    assert stretch([], 5, lambda step: True) is None


@pytest.mark.parametrize(
    ("ordinal", "expected"), [(EVER, None), (1, date.min), (date.max.toordinal(), date.max), (NEVER, None)]
)
def test_a_day_outside_all_dates_is_none(ordinal: int, expected: date | None) -> None:
    assert day(ordinal) == expected
