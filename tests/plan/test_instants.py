"""What is asked of working time, also before it begins and after it ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from community_ops.errors import NoWorkTime
from community_ops.plan.instants import RealTime, left, open_from, open_until, reached
from community_ops.worktime import Calendar
from community_ops.worktime.axis import FIRST, LAST, axis_of

HOUR = 3_600_000_000
SHIFTS = axis_of([Calendar(id="s", shifts={"2026-03-04": (("09:00", "12:00"),), "2026-03-06": (("09:00", "10:00"),)})])
EMPTY = axis_of([Calendar(id="e")])


def at(day: int, hour: int) -> int:
    return int(datetime(2026, 3, day, hour, tzinfo=UTC).timestamp()) * 1_000_000


NONE = SHIFTS.worked(FIRST)


@pytest.mark.parametrize(
    ("hours", "first", "last"),
    [
        (-1, FIRST, FIRST),
        (0, FIRST, at(4, 9)),
        (1, at(4, 10), at(4, 10)),
        (3, at(4, 12), at(6, 9)),
        (4, at(6, 10), LAST),
    ],
)
def test_the_first_and_the_last_instant_with_so_much_work_done(hours: int, first: int, last: int) -> None:
    assert reached(SHIFTS, NONE + hours * HOUR) == first
    assert left(SHIFTS, NONE + hours * HOUR) == last


def test_more_than_is_ever_done_is_never_reached_and_always_left() -> None:
    with pytest.raises(NoWorkTime):
        reached(SHIFTS, NONE + 5 * HOUR)
    assert left(SHIFTS, NONE + 5 * HOUR) == LAST


@pytest.mark.parametrize("ask", [reached, left, open_from, open_until])
def test_a_calendar_that_is_never_open_has_no_answers(ask: object) -> None:
    assert callable(ask)
    for number in (-1, 0, 1):
        with pytest.raises(NoWorkTime):
            ask(EMPTY, number)


@pytest.mark.parametrize(
    ("instant", "first", "last"),
    [
        (at(4, 10), at(4, 10), at(4, 10)),
        (at(4, 12), at(4, 12), at(4, 12)),  # the closing instant counts
        (at(5, 0), at(6, 9), at(4, 12)),
        (at(6, 9), at(6, 9), at(6, 9)),
        (at(6, 10), at(6, 10), at(6, 10)),
        (at(4, 9), at(4, 9), at(4, 9)),
    ],
)
def test_the_nearest_instants_at_which_work_is_possible(instant: int, first: int, last: int) -> None:
    assert (open_from(SHIFTS, instant), open_until(SHIFTS, instant)) == (first, last)


def test_before_all_work_the_first_opening_and_after_it_the_last_closing_is_near() -> None:
    assert open_from(SHIFTS, at(1, 0)) == at(4, 9)
    assert open_until(SHIFTS, at(1, 0)) == FIRST
    assert open_until(SHIFTS, at(9, 0)) == at(6, 10)
    with pytest.raises(NoWorkTime):
        open_from(SHIFTS, at(9, 0))


def test_real_time_goes_as_far_as_dates_do() -> None:
    real = RealTime()
    assert real.worked(7) == real.opening(7) == real.closing(7) == 7
    with pytest.raises(NoWorkTime, match=r"real time.*after"):
        real.closing(LAST + 1)
    with pytest.raises(NoWorkTime, match=r"real time.*before"):
        real.opening(FIRST - 1)
    assert (reached(real, FIRST - 1), left(real, LAST + 1), left(real, FIRST - 1)) == (FIRST, LAST, FIRST)
