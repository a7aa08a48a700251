"""The integer layer: far away in time, where calendars end, and from many threads."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from community_ops.errors import NoWorkTime
from community_ops.worktime import Calendar, axis, zones
from community_ops.worktime.axis import FIRST, LAST, Axis, axis_of

HOUR = 3600 * 10**6
OFFICE = (("09:00", "17:00"),)
ALL_DAY = (("00:00", "24:00"),)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def at(text: str) -> int:
    return int((datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))


def office(**fields: Any) -> Calendar:
    return Calendar(id="office", **{"hours": dict.fromkeys(WEEKDAYS, OFFICE), **fields})


def weekdays(first: date, last: date) -> int:
    return sum(date.fromordinal(n).weekday() < 5 for n in range(first.toordinal(), last.toordinal() + 1))


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Shanghai"])
@pytest.mark.parametrize("year", [3, 1583, 1990, 2031, 2600, 9990])
def test_a_year_far_away_has_eight_hours_for_each_of_its_weekdays(zone: str, year: int) -> None:
    line = Axis([office(timezone=zone)])
    worked = line.worked(at(f"{year + 1:04}-01-01T09:00:00Z")) - line.worked(at(f"{year:04}-01-01T09:00:00Z"))
    expected = 8 * weekdays(date(year, 1, 1), date(year, 12, 31))
    # At 09:00 UTC the office in Los Angeles is closed, and that in Shanghai has closed: both turns of the year alike.
    shift = {"UTC": 0, "America/Los_Angeles": 0, "Asia/Shanghai": 8}[zone]
    first, next_ = date(year, 1, 1).weekday() < 5, date(year + 1, 1, 1).weekday() < 5
    assert worked == (expected + shift * (next_ - first)) * HOUR


def test_centuries_lie_between_by_the_calendar_of_400_years() -> None:
    line = Axis([office(timezone="America/Los_Angeles")])
    years = [line.worked(at(f"{year:04}-06-01T00:00:00Z")) for year in (400, 800, 3000, 3400, 9400, 9800)]
    assert years[1] - years[0] == years[3] - years[2] == years[5] - years[4] == 20_871 * 40 * HOUR


def test_a_shift_centuries_away_is_one() -> None:
    line = Axis([office(shifts={date(5000, 1, 1): ALL_DAY, date(1000, 1, 1): ALL_DAY})])
    assert line.is_open(at("5000-01-01T23:00:00Z"))
    assert line.is_open(at("1000-01-01T23:00:00Z"))
    assert not line.is_open(at("5400-01-01T23:00:00Z"))
    assert not line.is_open(at("0600-01-01T23:00:00Z"))


def test_every_zone_repeats_itself_after_400_years_and_changes_no_more_than_twice_in_a_week() -> None:
    # What the tables rely on; a new edition of the time zone database might bring an exception.
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        offsets = {}
        for year in (1, 401, 1399, 1799, 2100, 2103, 2500, 2503):
            days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal(), 5)
            offsets[year] = [zones.seconds_from_utc(zone, day, time.min) for day in days]
        assert offsets[1] == offsets[401] == offsets[1399] == offsets[1799], name
        assert (offsets[2100], offsets[2103]) == (offsets[2500], offsets[2503]), name
    transitions = zones_changes("Africa/Freetown", date(1939, 8, 1), date(1939, 10, 1))
    assert [b - a for a, b in pairwise(transitions)] == [timedelta(days=3, hours=23, minutes=40)]


def zones_changes(name: str, first: date, last: date) -> list[datetime]:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    minutes = range(int((last - first) / timedelta(minutes=1)))
    shown = [(start + timedelta(minutes=n)).astimezone(ZoneInfo(name)).utcoffset() for n in minutes]
    return [start + timedelta(minutes=n) for n in minutes if n and shown[n] != shown[n - 1]]


def test_a_calendar_that_is_never_open_says_so_and_does_not_look_for_ever() -> None:
    never = Calendar(id="never", timezone="Europe/Berlin", hours={"mon": ()}, shifts={"2026-01-01": ()})
    line = Axis([never])
    for ask in (line.opening, line.closing):
        with pytest.raises(NoWorkTime, match="calendar 'never' is not open") as caught:
            ask(line.worked(at("2026-03-02T09:00:00Z")))
        assert caught.value.calendars == ("never",)
    assert list(line.periods(at("2026-03-02T09:00:00Z"))) == []
    assert line.worked(LAST) == line.worked(FIRST) == 0


def test_calendars_without_a_time_in_common_say_so() -> None:
    monday, tuesday = (Calendar(id=day, hours={day: OFFICE}) for day in ("mon", "tue"))
    line = Axis([monday, tuesday])
    with pytest.raises(NoWorkTime, match="'mon' and 'tue' have no time in common for that long after"):
        line.opening(0)
    assert list(line.periods(at("2026-03-02T09:00:00Z"))) == []
    assert list(Axis([monday, tuesday, office()]).periods(at("2026-03-02T09:00:00Z"))) == []


def test_a_calendar_of_a_few_shifts_runs_out_at_both_ends() -> None:
    line = Axis([Calendar(id="fair", shifts={"2019-05-01": OFFICE, "2026-05-02": OFFICE, "2031-05-01": OFFICE})])
    start = line.worked(at("2019-05-01T09:00:00Z"))
    assert line.worked(LAST) - start == 24 * HOUR
    assert line.opening(start) == at("2019-05-01T09:00:00Z")
    assert line.opening(start + 8 * HOUR) == at("2026-05-02T09:00:00Z")
    assert line.opening(start + 23 * HOUR) == at("2031-05-01T16:00:00Z")
    assert line.closing(start + 24 * HOUR) == at("2031-05-01T17:00:00Z")
    with pytest.raises(NoWorkTime, match="after the start"):
        line.opening(start + 24 * HOUR)
    with pytest.raises(NoWorkTime, match="before the start"):
        line.closing(start)
    assert len(list(line.periods(FIRST - 1))) == 3
    assert list(line.periods(LAST + 1)) == []


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Apia"])
def test_round_the_clock_is_one_period_to_the_end_of_time(zone: str) -> None:
    line = Axis([Calendar(id="always", timezone=zone, hours=dict.fromkeys([*WEEKDAYS, "sat", "sun"], ALL_DAY))])
    start = at("2026-03-02T09:00:00Z")
    assert list(line.periods(start)) == [(start, LAST)]
    assert line.worked(LAST) - line.worked(FIRST) == LAST - FIRST
    assert line.worked(start + HOUR) - line.worked(start) == HOUR


def test_round_the_clock_but_for_a_holiday_is_two_periods() -> None:
    hours = dict.fromkeys([*WEEKDAYS, "sat", "sun"], ALL_DAY)
    line = Axis([Calendar(id="always", hours=hours, holidays=[date(2026, 12, 25)], breaks={"2027-01-01": OFFICE})])
    start = at("2026-12-24T09:00:00Z")
    assert list(islice(line.periods(start), 3)) == [
        (start, at("2026-12-25T00:00:00Z")),
        (at("2026-12-26T00:00:00Z"), at("2027-01-01T09:00:00Z")),
        (at("2027-01-01T17:00:00Z"), LAST),
    ]


def test_a_window_over_midnight_goes_by_the_day_it_starts_on() -> None:
    night = (("22:00", "06:00"),)
    line = Axis([Calendar(id="night", hours={"mon": night, "tue": night}, holidays=[date(2026, 3, 3)])])
    # The holiday on Tuesday leaves Monday's night whole, and takes Tuesday's night with it.
    assert list(islice(line.periods(at("2026-03-02T00:00:00Z")), 2)) == [
        (at("2026-03-02T22:00:00Z"), at("2026-03-03T06:00:00Z")),
        (at("2026-03-09T22:00:00Z"), at("2026-03-10T06:00:00Z")),
    ]
    cut = Axis([Calendar(id="night", hours={"mon": night}, breaks={"2026-03-03": (("00:00", "06:00"),)})])
    # A break takes whatever is open then.
    assert next(cut.periods(at("2026-03-02T00:00:00Z"))) == (at("2026-03-02T22:00:00Z"), at("2026-03-03T00:00:00Z"))


def test_a_date_that_never_came_has_no_windows() -> None:
    line = Axis([office(timezone="Pacific/Apia")])
    week = list(islice(line.periods(at("2011-12-29T00:00:00-10:00")), 2))
    # Thursday the 29th was followed by Saturday the 31st; work went on on Monday.
    assert week == [
        (at("2011-12-29T09:00:00-10:00"), at("2011-12-29T17:00:00-10:00")),
        (at("2012-01-02T09:00:00+14:00"), at("2012-01-02T17:00:00+14:00")),
    ]


def test_each_window_goes_through_a_gap_in_the_clocks_by_itself() -> None:
    # 02:30 to 03:15 does not come on 8 March: it would start at 03:30. The other window is not touched by that.
    spring = (("02:30", "03:15"), ("03:00", "05:00"))
    line = Axis([Calendar(id="c", timezone="America/Los_Angeles", hours={"sun": spring})])
    assert list(islice(line.periods(at("2026-03-08T00:00:00-08:00")), 2)) == [
        (at("2026-03-08T03:00:00-07:00"), at("2026-03-08T05:00:00-07:00")),
        (at("2026-03-15T02:30:00-07:00"), at("2026-03-15T05:00:00-07:00")),
    ]


def test_tables_that_are_dropped_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [at(f"{year}-06-01T12:00:00Z") for year in range(1990, 2040)]
    expected = [Axis([office()]).worked(instant) for instant in asked]
    monkeypatch.setattr(axis, "_KEPT", 3)
    line = Axis([office()])
    assert [line.worked(instant) for instant in asked] == expected
    assert [line.opening(line.worked(instant)) for instant in asked] == [line.opening(work) for work in expected]
    assert len(line._tables) <= 3


def answer(line: Axis, instant: int) -> tuple[int, int, int]:
    work = line.worked(instant)
    return work, line.opening(work), line.closing(work)


def test_threads_that_build_the_same_tables_agree() -> None:
    asked = [at(f"{year}-{month:02}-01T12:00:00Z") for year in range(2000, 2050, 3) for month in (1, 5, 9)]
    alone = Axis([office(timezone="Europe/Berlin")])
    expected = [answer(alone, t) for t in asked]
    shared = Axis([office(timezone="Europe/Berlin")])
    gate = threading.Barrier(6)
    found: list[list[tuple[int, int, int]]] = []

    def ask(turn: int) -> None:
        gate.wait()
        order = asked[turn * 7 :] + asked[: turn * 7]
        answers = {
            t: (shared.worked(t), shared.opening(shared.worked(t)), shared.closing(shared.worked(t))) for t in order
        }
        found.append([answers[t] for t in asked])

    threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


def test_calendars_open_alike_share_an_axis_and_others_do_not() -> None:
    assert axis_of([office()]) is axis_of([office(name="Head office", extra={"a": 1}, owner="coo")])
    assert axis_of([office()]) is not axis_of([office(timezone="Asia/Shanghai")])
    assert axis_of([office()]) is not axis_of([office(), office()])
    assert axis._OpenAlike(office()) != office()
