"""Time zones by name, and the days that a zone's clocks left out."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_HALF_A_DAY = timedelta(hours=12)
_NOON = time(12)


@lru_cache
def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone of a name; None where there is none.

    Example:
        >>> zone_named("Asia/Shanghai"), zone_named("Asia/Atlantis")
        (zoneinfo.ZoneInfo(key='Asia/Shanghai'), None)
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone; a name that leads out of the database; a directory of it
        return None


def seconds_from_utc(zone: ZoneInfo, day: int, clock: time) -> int:
    """Return by how many seconds a zone's clocks are ahead of UTC when they show a time.

    A time that occurs twice means the first; one that does not exist counts from the offset before the gap, which
    moves it forward by the gap. Both is what `datetime` means by `fold=0`.

    Args:
        zone: the time zone.
        day: the proleptic ordinal of the date that the clocks show; beyond what a date can be, that of the nearest.
        clock: the time of day that they show.
    """
    shown = datetime.combine(date.fromordinal(min(max(day, 1), date.max.toordinal())), clock, zone)
    return _in_seconds(zone.utcoffset(shown))


def _in_seconds(offset: timedelta | None) -> int:
    assert offset is not None  # a zone of the database always has one
    return offset.days * 86_400 + offset.seconds


def steady_offsets(zone: ZoneInfo, first: int, last: int) -> list[int | None]:
    """Return, for every day, by how many seconds a zone's clocks are ahead of UTC on it and the next.

    None where that changes. Every second midnight is looked at, which is enough: no two changes of a zone in the IANA
    database are less than three days apart. The closest are those of Freetown in September 1939, not quite four days.

    Args:
        zone: the time zone.
        first: the first day, as its ordinal.
        last: the last day.
    """
    begin = datetime.fromordinal(first).replace(tzinfo=zone)
    most = datetime.max.replace(tzinfo=zone) - begin
    marks = [zone.utcoffset(begin + min(timedelta(days), most)) for days in range(0, last - first + 5, 2)]
    found: list[int | None] = []
    for one, other, third in zip(marks, marks[1:], marks[2:], strict=False):
        steady = _in_seconds(one) if one == other == third else None
        found += (steady, steady)
    return found


def days_left_out(zone: ZoneInfo, first: int, last: int) -> frozenset[int]:
    """Return the days, no more than about a year apart, that never came in a zone, as ordinals.

    Samoa went from 29 to 31 December 2011. Zones that crossed the date line the other way had a day twice.

    Example:
        >>> zone = ZoneInfo("Pacific/Apia")
        >>> days = days_left_out(zone, date(2011, 7, 1).toordinal(), date(2012, 6, 30).toordinal())
        >>> [str(date.fromordinal(day)) for day in days]
        ['2011-12-30']
    """
    ends = [seconds_from_utc(zone, day, _NOON) for day in (first, last)]
    if abs(ends[1] - ends[0]) < _HALF_A_DAY.total_seconds():  # no zone has moved there and back within a year
        return frozenset()
    begins = [day * 86_400 - seconds_from_utc(zone, day, time.min) for day in range(first, last + 2)]
    return frozenset(first + i for i, begin in enumerate(begins[:-1]) if begin == begins[i + 1])
