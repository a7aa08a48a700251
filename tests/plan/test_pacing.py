"""Work time at a pace, against counting minute by minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Calendar
from community_ops.errors import NoWorkTime
from community_ops.plan.pacing import PacedAxis
from community_ops.worktime.axis import axis_of

MINUTE = 60_000_000
HOUR = 60 * MINUTE
# 1 January 1970 was a Thursday: one hour open, one closed, one open.
GAPPED = axis_of([Calendar(id="c", hours={"thu": (("00:00", "01:00"), ("02:00", "03:00"))})])


class Grid:
    """The same on a grid of minutes, added up by hand: the oracle."""

    def __init__(self, paces):
        self.done = [0]
        for minute in range(4 * 60):
            is_open = minute < 60 or 120 <= minute < 180
            pace = next((pace for since, pace in reversed(paces) if since <= minute * MINUTE), 0)
            self.done.append(self.done[-1] + (pace * MINUTE if is_open else 0))

    def worked(self, minute):
        return self.done[minute]

    def closing(self, work):
        return next(minute for minute, done in enumerate(self.done) if done >= work)

    def opening(self, work):
        return max(minute for minute, done in enumerate(self.done) if done <= work)


def in_order(paces):
    return [(minute * MINUTE, pace) for minute, pace in sorted(paces)]


steps = st.tuples(st.integers(0, 180), st.integers(0, 3))
paced = st.lists(steps, min_size=1, max_size=5, unique_by=lambda step: step[0]).map(in_order)


@given(paced, st.integers(0, 200))
def test_work_is_open_time_times_pace(paces, minute):
    assert PacedAxis(GAPPED, paces).worked(minute * MINUTE) == Grid(paces).worked(minute)


@given(paced, st.data())
def test_the_ways_back_are_the_first_and_the_last_instant_with_that_much_done(paces, data):
    grid, axis = Grid(paces), PacedAxis(GAPPED, paces)
    work = data.draw(st.sampled_from(sorted(set(grid.done))))
    if work:
        assert axis.closing(work) == grid.closing(work) * MINUTE
    if work < grid.done[-1]:
        assert axis.opening(work) == grid.opening(work) * MINUTE


def test_what_falls_between_two_microseconds_is_done_at_the_later_and_not_more_than_done_at_the_earlier():
    axis = PacedAxis(GAPPED, [(0, 3)])
    assert (axis.closing(10), axis.opening(10)) == (4, 3)


def test_before_the_first_pace_nothing_is_done():
    axis = PacedAxis(GAPPED, [(30 * MINUTE, 1)])
    assert axis.worked(-5 * HOUR) == axis.worked(30 * MINUTE) == 0
    assert axis.opening(0) == 30 * MINUTE
    for way, work in ((axis.closing, 0), (axis.opening, -1), (axis.closing, -1)):
        with pytest.raises(NoWorkTime, match="before"):
            way(work)


def test_where_nobody_is_there_any_more_work_is_never_done():
    axis = PacedAxis(GAPPED, [(0, 1), (30 * MINUTE, 0)])
    assert axis.closing(30 * MINUTE) == 30 * MINUTE
    for way, work in ((axis.closing, 30 * MINUTE + 1), (axis.opening, 30 * MINUTE)):
        with pytest.raises(NoWorkTime, match="after"):
            way(work)


def test_two_thirds_of_the_people_take_half_as_long_again():
    zone = ZoneInfo("Asia/Shanghai")
    office = Calendar(
        id="office",
        timezone="Asia/Shanghai",
        hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "12:00"), ("13:00", "18:00"))),
    )
    monday = int(datetime(2026, 3, 2, tzinfo=zone).timestamp()) * 1_000_000
    effort = 6 * 8 * HOUR  # six person-days
    three, two = (PacedAxis(axis_of([office]), [(monday, pace)]).closing(effort) for pace in (3, 2))
    shown = [datetime.fromtimestamp(instant // 1_000_000, zone) for instant in (three, two)]
    assert shown == [datetime(2026, 3, day, 18, tzinfo=zone) for day in (3, 4)]
    assert shown[1] - shown[0] == timedelta(days=1)
