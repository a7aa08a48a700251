"""Zones by name, and what their clocks left out."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from community_ops import worktime
from community_ops.worktime.zones import days_left_out, seconds_from_utc, steady_offsets, zone_named


def ordinal(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize("name", ["", "..", "/etc/localtime", "Europe", "Mars/Olympus", "\x00", "UTC\n"])
def test_what_names_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


@pytest.mark.parametrize(
    ("zone", "first", "last", "left_out"),
    [
        ("Pacific/Apia", "2011-07-01", "2012-06-30", ["2011-12-30"]),
        ("Pacific/Kwajalein", "1993-01-01", "1993-12-31", ["1993-08-21"]),
        ("Pacific/Kiritimati", "1994-07-01", "1995-06-30", ["1994-12-31"]),
        ("Pacific/Apia", "2012-07-01", "2013-06-30", []),
        ("America/Juneau", "1867-01-01", "1867-12-31", []),  # there a day came twice
        ("Europe/Berlin", "2026-01-01", "2026-12-31", []),
    ],
)
def test_days_that_never_came(zone: str, first: str, last: str, left_out: list[str]) -> None:
    found = days_left_out(ZoneInfo(zone), ordinal(first), ordinal(last))
    assert sorted(str(date.fromordinal(day)) for day in found) == left_out


def test_offsets_are_steady_but_around_a_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    offsets = steady_offsets(berlin, ordinal("2026-03-20"), ordinal("2026-04-05"))
    assert len(offsets) >= 17
    by_day = dict(zip(range(20, 37), offsets, strict=False))
    assert {by_day[day] for day in range(20, 25)} == {3600}
    assert (by_day[28], by_day[29]) == (None, None)  # the clocks change on the 29th
    assert {by_day[day] for day in range(31, 37)} == {7200}
    last = date.max.toordinal()
    assert set(steady_offsets(berlin, last - 3, last)) == {3600}


def test_a_time_that_comes_twice_is_the_first_and_one_that_does_not_come_counts_from_before() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert seconds_from_utc(berlin, ordinal("2026-10-25"), time(2, 30)) == 7200
    assert seconds_from_utc(berlin, ordinal("2026-03-29"), time(2, 30)) == 3600


def test_the_room_knows_its_names_and_no_others() -> None:
    assert set(worktime.__all__) <= set(dir(worktime))
    assert all(getattr(worktime, name) is not None for name in worktime.__all__)
    with pytest.raises(AttributeError, match="frobnicate"):
        worktime.frobnicate
