"""Work time equals a count of minutes, in zones whose clocks do odd things, on the days on which they do."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops.errors import NoWorkTime
from community_ops.worktime import Calendar
from community_ops.worktime.axis import Axis
from tests.worktime.naive import WEEK, clocks, open_minutes

MINUTE = 60_000_000
ODD_DAYS = [
    ("America/Sao_Paulo", date(2015, 10, 18)),  # there is no midnight
    ("America/Sao_Paulo", date(2016, 2, 21)),  # the hour before midnight comes twice
    ("America/Los_Angeles", date(2026, 3, 8)),
    ("America/Los_Angeles", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Kathmandu", date(1986, 1, 1)),  # by a quarter, for good
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never came
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("Africa/Freetown", date(1939, 9, 3)),  # two changes in four days
    ("Europe/Berlin", date(2026, 7, 1)),  # and nothing at all
]
DAYS = 4
LONG = pytest.mark.unwatched  # the count of minutes takes the time, and the other tests reach the same lines

times = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
windows = (
    st.tuples(times, times | st.just("24:00"))
    .filter(lambda window: window[0] != window[1])
    .flatmap(lambda window: st.just((window,)) | times.map(lambda t: (window, (t, "24:00"))))
)
whole_day = st.just((("00:00", "24:00"),))
some = st.just(()) | windows | whole_day


def calendars(around: date, zone: str) -> st.SearchStrategy[Calendar]:
    near = st.integers(-DAYS, DAYS).map(lambda n: around + timedelta(days=n))
    return st.builds(
        Calendar,
        id=st.just("c"),
        timezone=st.just(zone),
        hours=st.dictionaries(st.sampled_from(WEEK), some, min_size=2, max_size=7),
        shifts=st.dictionaries(near, some, max_size=3),
        breaks=st.dictionaries(near, some, max_size=3),
        holidays=st.lists(near, max_size=3),
    )


def origin(zone: str, around: date) -> int:
    return int(clocks(zone, around, DAYS).start.timestamp()) * 1_000_000


def counted(axis: Axis, zone: str, around: date) -> set[int]:
    """The minutes in which an axis says that it is open."""
    start = origin(zone, around)
    end = start + clocks(zone, around, DAYS).count * MINUTE
    found: set[int] = set()
    for begin, until in takewhile(lambda period: period[0] < end, axis.periods(start)):
        assert (begin - start) % MINUTE == (until - start) % MINUTE == 0 or until > end
        found |= set(range((begin - start) // MINUTE, (min(until, end) - start) // MINUTE))
    return found


@LONG
@pytest.mark.parametrize(("zone", "around"), ODD_DAYS)
@settings(max_examples=10)
@given(data=st.data())
def test_a_calendar_is_open_in_the_minutes_that_the_clocks_say(zone: str, around: date, data: Any) -> None:
    calendar = data.draw(calendars(around, zone))
    assert counted(Axis([calendar]), zone, around) == open_minutes(calendar, around, DAYS)


@LONG
@settings(max_examples=5)
@given(data=st.data())
def test_several_calendars_are_open_where_all_of_them_are(data: Any) -> None:
    around = date(2026, 3, 8)
    zones = data.draw(st.permutations(["America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu"]))
    ours = [data.draw(calendars(around, zone)) for zone in zones]
    expected = set.intersection(*(open_minutes(calendar, around, DAYS) for calendar in ours))
    assert counted(Axis(ours), zones[0], around) == expected


@pytest.mark.parametrize(("zone", "around"), ODD_DAYS)
@settings(max_examples=10)
@given(data=st.data())
def test_work_is_the_number_of_open_minutes_and_is_found_again(zone: str, around: date, data: Any) -> None:
    calendar = data.draw(calendars(around, zone))
    axis, start = Axis([calendar]), origin(zone, around)
    count = clocks(zone, around, DAYS).count
    minutes = sorted(open_minutes(calendar, around, DAYS))
    a, b = data.draw(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)))
    between = sum(min(a, b) <= n < max(a, b) for n in minutes) * (1 if a <= b else -1)
    assert axis.worked(start + b * MINUTE) - axis.worked(start + a * MINUTE) == between * MINUTE
    assert axis.is_open(start + a * MINUTE) == (a in minutes)
    later = [n for n in minutes if n >= a]
    if later:
        amount = data.draw(st.integers(0, len(later) - 1))
        work = axis.worked(start + a * MINUTE) + amount * MINUTE
        assert axis.opening(work) == start + later[amount] * MINUTE
        if amount:
            assert axis.closing(work) == start + (later[amount - 1] + 1) * MINUTE
    earlier = [n for n in minutes if n < a]
    if earlier:
        amount = data.draw(st.integers(0, len(earlier) - 1))
        assert (
            axis.closing(axis.worked(start + a * MINUTE) - amount * MINUTE)
            == start + (earlier[-1 - amount] + 1) * MINUTE
        )


instants = st.integers(0, 3 * 10**15)
works = st.integers(-(10**14), 10**14)


@settings(max_examples=15)
@given(data=st.data(), instant=instants, work=works)
def test_opening_and_closing_are_the_two_inverses_of_worked(data: Any, instant: int, work: int) -> None:
    zone, around = data.draw(st.sampled_from(ODD_DAYS))
    axis = Axis([data.draw(calendars(around, zone))])
    try:
        opening, closing = axis.opening(work), axis.closing(work)
    except NoWorkTime:
        return
    assert axis.worked(opening) == axis.worked(closing) == work
    assert (instant <= opening) == (axis.worked(instant) <= work)
    assert (closing <= instant) == (work <= axis.worked(instant))
    assert axis.is_open(opening)
    assert axis.is_open(closing - 1)
    assert not axis.is_open(closing) or closing == opening
    assert axis.worked(axis.opening(axis.worked(instant))) == axis.worked(instant)
