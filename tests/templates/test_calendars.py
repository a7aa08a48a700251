"""The office's days against the notice of the State Council, and against the package that knows it too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from community_ops import worktime
from community_ops.templates import community_operations
from community_ops.templates.calendars import DAYS_OFF, WORKDAYS

SHANGHAI = ZoneInfo("Asia/Shanghai")
YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.fixture(scope="module")
def office():
    return community_operations("en").calendars["office"]


def test_the_notice_gives_so_many_days_off_in_a_row():
    # New Year, Spring Festival, Tomb-Sweeping Day, Labour Day, Dragon Boat, Mid-Autumn, National Day
    assert [(period.end - period.start).days + 1 for period in DAYS_OFF] == [3, 9, 3, 5, 3, 3, 7]


def test_make_up_days_are_weekends_and_pay_for_the_days_off_that_no_law_gives(office):
    assert all(day.weekday() >= 5 for day in WORKDAYS)
    # By law 13 days: 1, 4, 1, 2, 1, 1 and 3; one that falls on a weekend is given on another day (Order 795, 2024).
    free_weekdays = [day for day in office.holidays if day.weekday() < 5]
    assert len(free_weekdays) - len(WORKDAYS) == 13


def test_plain_data_agree_with_the_package_day_by_day(office):
    known = worktime.holidays("CN", 2026)
    assert known.years == (2026,)
    assert set(known.workdays) == set(WORKDAYS)
    assert set(known.names) <= set(office.holidays)
    differing = set(office.holidays) - set(known.names)
    assert all(day.weekday() >= 5 for day in differing), "the package leaves out weekends among the days off"


def test_it_is_open_for_eight_hours_on_every_working_day_and_closed_otherwise(office):
    work = worktime.WorkTime(office)
    for day in YEAR:
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        works = (day.weekday() < 5 and day not in office.holidays) or day in WORKDAYS
        assert work.elapsed(midnight, midnight + timedelta(days=1)) == timedelta(hours=8 if works else 0), day
    assert not work.is_open(datetime(2026, 3, 2, 12, 30, tzinfo=SHANGHAI))


def test_it_is_known_for_the_years_of_the_plan(office):
    plan = community_operations("en").plans["community-plan"]
    assert (office.covers.start, office.covers.end) == (YEAR[0], YEAR[-1])
    assert plan.calendar == office.id
    assert plan.start in YEAR
