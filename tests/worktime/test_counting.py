"""`WorkTime` answers the published cases, and what it takes and gives back."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import community_ops as co
from community_ops.errors import NotAnInstant, NoWorkTime
from community_ops.worktime import Calendar, WorkTime

# Cases restated from the tests of zendesk/biz (Apache-2.0) and Intrepidd/working_hours (MIT).
CASES = Path(__file__).parents[3] / "shared" / "data" / "worktime-cases.json"
PUBLISHED: dict[str, Any] = json.loads(CASES.read_text("utf-8")) if CASES.exists() else {"cases": [], "calendars": {}}

OFFICE = Calendar(
    id="office",
    timezone="Asia/Shanghai",
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "12:00"), ("13:00", "18:00"))),
    holidays=[date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 19), date(2026, 2, 20)],
    shifts={date(2026, 2, 14): (("09:00", "12:00"), ("13:00", "18:00"))},
)
ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
work = WorkTime(OFFICE)


def local(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def in_utc(value: Any) -> Any:
    # Python holds an aware time that its clocks show twice equal to no time of another zone.
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return tuple(map(in_utc, value)) if isinstance(value, (tuple, list)) else value


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not part of the repository")
def test_there_are_as_many_published_cases_as_there_should_be() -> None:
    assert len(PUBLISHED["cases"]) == 89


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["id"])
def test_a_published_case(case: dict[str, Any]) -> None:
    counted = WorkTime(Calendar(id="c", **PUBLISHED["calendars"][case["calendar"]]))
    when = datetime.fromisoformat(case["at" if case["op"] == "is_open" else "start"])
    if case["op"] == "elapsed":
        assert counted.elapsed(when, datetime.fromisoformat(case["end"])) == timedelta(seconds=case["expect"])
    elif case["op"] == "is_open":
        assert counted.is_open(when) is case["expect"]
    elif case["op"] == "open_periods":
        expected = [tuple(map(datetime.fromisoformat, period)) for period in case["expect"]]
        assert in_utc(list(islice(counted.open_periods(when), case["count"]))) == in_utc(expected)
    else:
        found = getattr(counted, case["op"])(when, timedelta(seconds=case["seconds"]))
        assert in_utc(found) == datetime.fromisoformat(case["expect"])


def test_work_goes_on_after_lunch_after_the_weekend_and_on_the_day_that_makes_up() -> None:
    assert work.add(local(6, 16), 4 * HOUR) == local(9, 11)
    assert work.add(local(2, 11), 2 * HOUR) == local(2, 14)
    # Friday 13 February, 17:00: an hour that day, eight on the Saturday that makes up, then the Monday after.
    assert work.add(local(13, 17, month=2), 10 * HOUR) == local(23, 10, month=2)
    assert work.elapsed(local(13, 17, month=2), local(23, 10, month=2)) == 10 * HOUR


def test_what_is_used_up_at_closing_goes_on_at_the_next_opening_but_is_finished_there() -> None:
    assert work.add(local(2, 9), 8 * HOUR) == local(3, 9)
    assert work.finish(local(2, 9), 8 * HOUR) == local(2, 18)
    assert work.add(local(2, 9), 3 * HOUR) == local(2, 13)
    assert work.finish(local(2, 9), 3 * HOUR) == local(2, 12)
    assert work.finish(local(2, 9), timedelta(hours=2, microseconds=1)) == local(2, 11) + timedelta(microseconds=1)


def test_subtracting_is_finishing_backwards() -> None:
    assert work.subtract(local(9, 11), 4 * HOUR) == local(6, 16)
    assert work.subtract(local(9, 11), 2 * HOUR) == local(6, 18)
    assert work.subtract(local(2, 9), -8 * HOUR) == work.finish(local(2, 9), 8 * HOUR)
    assert work.add(local(3, 11), -2 * HOUR) == local(3, 9)


def test_openings_and_closings_around_an_instant() -> None:
    assert work.next_opening(local(7, 12)) == local(9, 9)
    assert work.next_opening(local(9, 9)) == work.previous_closing(local(9, 9, 1)) - timedelta(minutes=1) == local(9, 9)
    assert work.previous_closing(local(7, 12)) == local(6, 18)
    assert (work.is_open(local(6, 17, 59)), work.is_open(local(6, 18)), work.is_open(local(9, 9))) == (
        True,
        False,
        True,
    )


def test_elapsed_is_negative_backwards_and_nothing_over_a_weekend() -> None:
    assert work.elapsed(local(9, 11), local(6, 16)) == -4 * HOUR
    assert work.elapsed(local(6, 18), local(9, 9)) == timedelta()
    assert work.elapsed(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)) > timedelta(days=800_000)


def test_a_day_on_which_the_clocks_are_set_back_has_25_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    sunday = WorkTime(Calendar(id="sun", timezone="Europe/Berlin", hours={"sun": (("00:00", "24:00"),)}))
    start, end = datetime(2026, 10, 25, tzinfo=berlin), datetime(2026, 10, 26, tzinfo=berlin)
    assert sunday.elapsed(start, end) == 25 * HOUR
    twice = [datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1)]
    assert sunday.elapsed(*twice) == HOUR
    assert sunday.add(start, timedelta(hours=3, minutes=30)).fold == 1


def test_results_carry_the_zone_of_the_first_calendar() -> None:
    berlin = Calendar(id="berlin", timezone="Europe/Berlin", hours={"mon": (("09:00", "17:00"),)})
    both = WorkTime(OFFICE, berlin)
    # 16:00 to 18:00 in Shanghai is 9:00 to 11:00 in Berlin, before its clocks change.
    assert list(islice(both.open_periods(local(2, 0)), 1)) == [(local(2, 16), local(2, 18))]
    found = both.add(datetime(2026, 3, 2, tzinfo=UTC), HOUR)
    assert (found, found.tzinfo) == (local(2, 17), ZONE)
    assert WorkTime(berlin, OFFICE).zone == ZoneInfo("Europe/Berlin")


def test_instants_of_any_zone_mean_the_same() -> None:
    for zone in (UTC, UTC, timezone(timedelta(hours=-3, minutes=-30)), ZoneInfo("America/New_York"), ZONE):
        start = local(6, 16).astimezone(zone)
        assert work.add(start, 4 * HOUR) == local(9, 11)
        assert work.elapsed(start, local(9, 11)) == 4 * HOUR


class Undecided(tzinfo):
    def utcoffset(self, when: datetime | None) -> None:
        return None

    def dst(self, when: datetime | None) -> None:
        return None

    def tzname(self, when: datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    "bad",
    [datetime(2026, 3, 2, 9), date(2026, 3, 2), "2026-03-02", None, 1.0, datetime(2026, 3, 2, tzinfo=Undecided())],
)
def test_only_an_aware_datetime_is_an_instant(bad: Any) -> None:
    for ask in (
        lambda: work.add(bad, HOUR),
        lambda: work.elapsed(local(2, 9), bad),
        lambda: work.is_open(bad),
        lambda: work.open_periods(bad),
    ):
        with pytest.raises(NotAnInstant, match="must be a datetime with a time zone") as caught:
            ask()
        assert caught.value.value is bad
        assert isinstance(caught.value, co.CommunityOpsError)


def test_only_a_timedelta_is_an_amount() -> None:
    with pytest.raises(TypeError, match="an amount of work is a timedelta, got int"):
        work.add(local(2, 9), 3600)  # type: ignore[arg-type]


def test_the_ends_of_time_are_an_error_and_not_an_overflow() -> None:
    always = WorkTime(Calendar(id="always", timezone="Pacific/Kiritimati", hours={"mon": (("00:00", "24:00"),)}))
    for ask, far in ((always.add, datetime.max), (always.finish, datetime.max), (always.subtract, datetime.min)):
        with pytest.raises(NoWorkTime):
            ask(far.replace(tzinfo=UTC), 200 * HOUR)
        with pytest.raises(NoWorkTime):
            ask(local(2, 9), timedelta.max)
    last = list(always.open_periods(datetime(9999, 12, 20, tzinfo=UTC)))
    assert [end.date() for _, end in last] == [date(9999, 12, 21), date(9999, 12, 28)]


def test_work_time_is_a_value_that_can_be_copied_and_sent() -> None:
    for other in (pickle.loads(pickle.dumps(work)), copy.deepcopy(work), WorkTime(OFFICE)):
        assert other == work
        assert hash(other) == hash(work)
        assert other.add(local(6, 16), 4 * HOUR) == local(9, 11)
    assert work != WorkTime(OFFICE, OFFICE)
    assert work != OFFICE
    assert repr(WorkTime(OFFICE, OFFICE)) == "WorkTime('office', 'office')"


def test_errors_survive_a_trip_to_another_process() -> None:
    for error in (NoWorkTime(["a"], "after"), NotAnInstant(date(2026, 3, 2))):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
