"""Recurrence: dates worked out by hand, changes of clocks, and against dateutil walking from the first day on."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rruleset, rrulestr
from hypothesis import given
from hypothesis import strategies as st

import community_ops as co
from community_ops import InvalidRecord, Meeting, OperatingModel
from community_ops.org.recurring import times, wrong_with

START = "2026-03-02T10:00"  # a Monday


def days(recurrence: str, first: date, last: date, start: str = START, zone: str = "UTC") -> list[str]:
    return [f"{one:%m-%d}" for one in times(start, zone, recurrence, first, last)]


class TestByHand:
    MARCH = (date(2026, 3, 1), date(2026, 3, 31))

    @pytest.mark.parametrize(
        ("recurrence", "expected"),
        [
            ("", "03-02"),
            ("FREQ=WEEKLY", "03-02 03-09 03-16 03-23 03-30"),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "03-02 03-06 03-16 03-20 03-30"),
            ("FREQ=DAILY;COUNT=3", "03-02 03-03 03-04"),
            ("FREQ=WEEKLY;UNTIL=20260316T100000Z", "03-02 03-09 03-16"),
            ("FREQ=WEEKLY;UNTIL=20260316T095959", "03-02 03-09"),
            ("FREQ=WEEKLY;UNTIL=20260316", "03-02 03-09 03-16"),  # a day counts to its end
            ("FREQ=WEEKLY;UNTIL=20260101", ""),
            ("FREQ=MONTHLY;BYDAY=-1FR", "03-27"),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", "03-31"),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "03-02"),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ""),
        ],
    )
    def test_in_march(self, recurrence: str, expected: str) -> None:
        assert days(recurrence, *self.MARCH) == expected.split()

    def test_years_later_every_second_week_is_still_the_same_one(self) -> None:
        # 2 March 2026 and 6 January 2031 are both Mondays, 253 weeks apart: an odd number.
        assert days("FREQ=WEEKLY;INTERVAL=2", date(2031, 1, 6), date(2031, 1, 19)) == ["01-13"]

    def test_before_it_begins_and_after_it_happened_once_there_is_nothing(self) -> None:
        assert days("FREQ=DAILY", date(2026, 1, 1), date(2026, 3, 1)) == []
        assert days("", date(2026, 3, 3), date(2026, 3, 31)) == []

    def test_what_never_happens_is_told_soon(self) -> None:
        before = time.perf_counter()
        assert days("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", date(2026, 3, 2), date(2027, 3, 2)) == []
        assert time.perf_counter() - before < 5, "a walk to the year 9999 takes minutes under a tracer"

    def test_the_end_of_the_calendar_is_no_obstacle(self) -> None:
        assert days("FREQ=DAILY", date(9999, 12, 30), date.max) == ["12-30", "12-31"]


class TestClocks:
    def test_ten_stays_ten_when_the_clocks_change(self) -> None:
        found = times("2026-03-23T10:00", "Europe/Berlin", "FREQ=WEEKLY;COUNT=2", date(2026, 3, 1), date(2026, 4, 30))
        assert [one.astimezone(UTC).hour for one in found] == [9, 8]
        found = times(
            "2026-10-26T10:00", "America/New_York", "FREQ=WEEKLY;COUNT=2", date(2026, 10, 1), date(2026, 11, 9)
        )
        assert [one.astimezone(UTC).hour for one in found] == [14, 15]

    def test_a_time_left_out_counts_from_the_offset_before(self) -> None:
        (gap,) = times("2026-03-29T02:30", "Europe/Berlin", "", date(2026, 3, 29), date(2026, 3, 29))
        assert gap.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    def test_of_a_time_that_occurs_twice_the_first_counts(self) -> None:
        (twice,) = times("2026-10-25T02:30", "Europe/Berlin", "", date(2026, 10, 25), date(2026, 10, 25))
        assert twice.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    def test_until_in_utc_is_read_on_the_clocks_of_the_zone(self) -> None:
        # 09:00 in Shanghai is 01:00 UTC.
        for until, last in (("20260304T010000Z", "03-04"), ("20260304T005959Z", "03-03")):
            found = days(f"FREQ=DAILY;UNTIL={until}", *TestByHand.MARCH, "2026-03-02T09:00", "Asia/Shanghai")
            assert found[-1] == last


class TestLeftOut:
    MARCH = TestByHand.MARCH

    def test_a_day_is_left_out_whatever_is_held_on_it(self) -> None:
        found = times(START, "UTC", "FREQ=DAILY;BYHOUR=9,15", *self.MARCH, [date(2026, 3, n) for n in range(5, 32)])
        assert [f"{one:%d %H}" for one in found] == ["02 15", "03 09", "03 15", "04 09", "04 15"]

    def test_what_is_left_out_counts_for_a_rule_that_goes_on_for_a_number_of_times(self) -> None:
        found = times(START, "UTC", "FREQ=DAILY;COUNT=3", *self.MARCH, [date(2026, 3, 3)])
        assert [one.day for one in found] == [2, 4]

    def test_the_first_day_and_a_meeting_held_once_may_be_left_out(self) -> None:
        assert times(START, "UTC", "", *self.MARCH, [date(2026, 3, 2)]) == ()
        weekly = times(START, "UTC", "FREQ=WEEKLY", *self.MARCH, [date(2026, 3, 2)])
        assert [one.day for one in weekly] == [9, 16, 23, 30]

    def test_days_on_which_nothing_is_held_change_nothing(self) -> None:
        assert times(START, "UTC", "", *self.MARCH, [date(2026, 3, 3)]) == times(START, "UTC", "", *self.MARCH)

    def test_the_day_is_that_of_the_zone(self) -> None:
        # 01:00 on 3 March in Shanghai is 17:00 on 2 March in UTC.
        night = ("2026-03-03T01:00", "Asia/Shanghai", "", *self.MARCH)
        assert len(times(*night, [date(2026, 3, 2)])) == 1
        assert times(*night, [date(2026, 3, 3)]) == ()

    def test_meetings_go_through_json_with_the_days_they_leave_out(self) -> None:
        model = OperatingModel.of(Meeting(id="m", name="M", except_dates=[date(2026, 3, 9)]))
        assert '"except_dates": ["2026-03-09"]' in co.dumps(model).replace("\n", "").replace("  ", "")
        assert co.loads(co.dumps(model)) == model

    @pytest.mark.parametrize("value", ["2026-03-09", [datetime(2026, 3, 9)], ["2026-03-09"], [20260309], None])
    def test_what_are_no_days_is_refused(self, value: Any) -> None:
        with pytest.raises(InvalidRecord, match="except_dates"):
            Meeting(id="m", name="M", except_dates=value)

    @pytest.mark.parametrize("written", ["2026-03-09", ["2026-3-9"], ["2026-02-30"], ["2026-03-09T10:00"], [None]])
    def test_what_are_no_days_is_refused_in_json(self, written: Any) -> None:
        document = json.loads(co.dumps(OperatingModel.of(Meeting(id="m", name="M"))))
        document["meetings"][0]["except_dates"] = written
        with pytest.raises(co.InvalidDocument) as refused:
            co.loads(json.dumps(document))
        (problem,) = refused.value.problems
        assert problem.pointer.startswith("/meetings/0/except_dates")


class TestRefused:
    @pytest.mark.parametrize(
        "recurrence",
        [
            "WEEKLY", "FREQ=WEEKLY;", "FREQ=HOURLY", "COUNT=3", "FREQ=WEEKLY;FREQ=DAILY", "FREQ=WEEKLY;BYEASTER=0",
            "FREQ=DAILY;COUNT=0", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=2;UNTIL=20260301", "FREQ=DAILY;UNTIL=soon",
            "FREQ=DAILY;UNTIL=20260230",
            "FREQ=DAILY;UNTIL=2026", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYMONTHDAY=0", "FREQ=DAILY;BYMONTH=-1",
            "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=MONTHLY;BYWEEKNO=3", "FREQ=DAILY;BYYEARDAY=3", "FREQ=WEEKLY;BYDAY=1MO",
            "FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYDAY=54MO", "FREQ=YEARLY;BYWEEKNO=3;BYDAY=1MO",
            "FREQ=DAILY;BYDAY=XX",
            "FREQ=DAILY;WKST=1", "FREQ=MONTHLY;BYSETPOS=1", "freq=daily", "FREQ=DAILY;UNTIL=99999999T000000Z",
            "FREQ=DAILY;UNTIL=00010101T000000Z;X=1",
        ],
    )  # fmt: skip
    def test_what_is_no_rule(self, recurrence: str) -> None:
        assert wrong_with(recurrence)
        with pytest.raises(InvalidRecord) as refused:
            Meeting(id="m", name="M", recurrence=recurrence)
        assert "recurrence" in str(refused.value)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("start", "2026-02-30T10:00"), ("start", "2026-03-02 10:00"), ("start", "2026-03-02T24:00"),
            ("start", "2026-03-02T10:00Z"), ("zone", "Mars/Olympus"), ("zone", "../etc/passwd"), ("zone", ""),
            ("duration", timedelta()), ("duration", timedelta(days=32)),
        ],
    )  # fmt: skip
    def test_what_else_has_no_meaning(self, field: str, value: Any) -> None:
        with pytest.raises(InvalidRecord, match=field):
            Meeting(id="m", name="M", **{field: value})

    def test_all_of_rfc_5545_that_suits_a_meeting_is_fine(self) -> None:
        for recurrence in (
            "", "FREQ=YEARLY;BYDAY=53MO", "FREQ=YEARLY;BYWEEKNO=1,-1", "FREQ=YEARLY;BYYEARDAY=-1",
            "FREQ=DAILY;BYHOUR=9,15",
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=+2TU;WKST=SU", "FREQ=MONTHLY;BYMONTHDAY=15,-1;BYSETPOS=-1",
        ):  # fmt: skip
            assert wrong_with(recurrence) == ""


BY = [
    "", ";BYDAY=TU", ";BYDAY=MO,WE,FR", ";BYMONTH=3,9", ";BYHOUR=9,17", ";BYDAY=MO,TU;BYSETPOS=-1",
    ";WKST=SU;BYDAY=SU,MO",
]  # fmt: skip


@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.sampled_from(BY),
    st.sampled_from(["", ";COUNT=7", ";UNTIL=20270401T100000"]),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.dates(date(2024, 12, 1), date(2029, 12, 31)),
    st.integers(0, 60),
    st.lists(st.integers(0, 60), max_size=9),
)
def test_it_finds_what_dateutil_finds_from_the_first_day_on(
    frequency: str, interval: int, by: str, end: str, begin: date, first: date, length: int, without: list[int]
) -> None:
    recurrence = f"FREQ={frequency};INTERVAL={interval}{by}{end}"
    last = first + timedelta(length)
    left_out = [first + timedelta(days) for days in without]
    found = times(f"{begin}T10:00", "UTC", recurrence, first, last, left_out)
    rules = rruleset()
    rules.rrule(rrulestr(recurrence, dtstart=datetime(begin.year, begin.month, begin.day, 10)))
    for day in left_out:
        for hour in (9, 10, 17):  # all at which any of the rules is held
            rules.exdate(datetime(day.year, day.month, day.day, hour))
    stop = datetime(last.year, last.month, last.day, 23, 59, 59)
    naive = [one for one in rules.between(datetime(2020, 1, 1), stop, inc=True) if one.date() >= first]
    assert [one.replace(tzinfo=None) for one in found] == naive
