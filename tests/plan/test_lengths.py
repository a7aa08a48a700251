"""Days, weeks and dates on the calendars of a plan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, localcontext

import pytest

import community_ops as co
from community_ops import Duration
from community_ops.plan.lengths import STANDARD, Clocks, microseconds
from community_ops.worktime import Calendar
from community_ops.worktime.axis import FIRST, LAST

HOUR = 3_600_000_000
WEEK = ("mon", "tue", "wed", "thu", "fri")
SHORT = Calendar(
    id="short",
    timezone="Asia/Shanghai",
    hours=dict.fromkeys(WEEK, (("09:00", "12:00"), ("13:00", "16:00"))),
    day_length=timedelta(hours=6),
    week_length=timedelta(hours=30),
)
SHIFTS = Calendar(id="shifts", shifts={"2026-03-04": (("09:00", "12:00"),)})
EMPTY = Calendar(id="empty")


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type, misc]


def test_a_day_and_a_week_are_as_long_as_the_calendar_says() -> None:
    clocks = Clocks((STANDARD, SHORT))
    lengths = [clocks.length(Duration(2, unit), 1) for unit in ("minute", "hour", "day", "week")]
    assert lengths == [2 * HOUR // 60, 2 * HOUR, 12 * HOUR, 60 * HOUR]
    assert clocks.length(Duration(1), 0) == clocks.day(0) == 8 * HOUR
    assert clocks.day(1) == 6 * HOUR


def test_in_real_time_they_are_as_long_as_the_clock_shows() -> None:
    clocks = Clocks((SHORT,))
    assert [clocks.length(Duration(1, unit), -1) // HOUR for unit in ("hour", "day", "week")] == [1, 24, 168]


def test_lengths_are_exact_to_the_microsecond_whatever_the_decimal_context() -> None:
    third = Duration("0." + "3" * 28, "minute")
    with localcontext(Context(prec=3)):
        assert Clocks((SHORT,)).length(third, 0) == 20_000_000
        assert Clocks((SHORT,)).length(Duration("12345.678", "minute"), 0) == 740_740_680_000
    assert [microseconds(Decimal(one)) for one in ("0.5", "1.5", "-0.5", "2.50001")] == [0, 2, 0, 3]


def test_a_day_begins_at_midnight_and_ends_with_its_work() -> None:
    clocks = Clocks((SHORT,))
    friday, saturday = date(2026, 3, 6), date(2026, 3, 7)
    assert clocks.instant(friday, 0) == at(2026, 3, 5, 16)  # midnight in Shanghai
    assert clocks.end(friday, 0) == at(2026, 3, 6, 8)  # 16:00 there
    assert clocks.end(saturday, 0) == at(2026, 3, 7, 16)  # nothing is done; its midnight
    noon = datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert clocks.instant(noon, 0) == clocks.end(noon, 0) == at(2026, 3, 7, 12)


def test_days_before_all_work_or_of_no_calendar_end_at_midnight() -> None:
    for calendar in (SHIFTS, EMPTY):
        assert Clocks((calendar,)).end(date(2026, 3, 2), 0) == at(2026, 3, 3)
    assert Clocks((SHIFTS,)).end(date(2026, 3, 4), 0) == at(2026, 3, 4, 12)
    assert Clocks((SHIFTS,)).end(date(2026, 3, 9), 0) == at(2026, 3, 10)


@pytest.mark.parametrize("calendar", [STANDARD, SHORT, SHIFTS, EMPTY])
def test_the_ends_of_time_are_dates_like_any_other(calendar: Calendar) -> None:
    clocks = Clocks((calendar,))
    assert clocks.instant(date.min, 0) == FIRST
    assert FIRST <= clocks.end(date.min, 0) <= FIRST + 48 * HOUR
    assert clocks.instant(date.max, 0) <= clocks.end(date.max, 0) <= LAST
    assert clocks.instant(datetime.max.replace(tzinfo=UTC), 0) == LAST


def test_the_plans_own_calendar_stands_in_for_one_that_is_not_there() -> None:
    model = co.OperatingModel.of(SHORT)
    assert Clocks.of(model, ["short", "gone"]).calendars == (SHORT, SHORT)
    assert Clocks.of(model, [None, "short"]).calendars == (STANDARD, SHORT)
    assert Clocks.of(model, ["gone"]).calendars == (STANDARD,)
    assert [one.calendars for one in Clocks((SHORT, STANDARD)).axes()] == [("short",), ("standard",)]
