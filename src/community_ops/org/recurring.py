"""When something is held that recurs: RFC 5545 recurrence rules on the clocks of a time zone.

A rule is expanded on the clocks of its zone and each time is then turned into an instant, so that a meeting at ten
stays at ten when the clocks change. A time that the change leaves out counts from the offset before it, and of one
that occurs twice the first counts, as RFC 5545, 3.3.5, says of a date-time.

dateutil expands the rules, with two limits of ours. A meeting recurs daily at most, and what RFC 5545, 3.3.10, forbids
to combine is refused, where dateutil would let it pass.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from community_ops.org.records import LOCAL_TIME
from community_ops.worktime.zones import zone_named

if TYPE_CHECKING:
    from dateutil.rrule import rrule

LONGEST = timedelta(days=31)
_START = re.compile(LOCAL_TIME, re.ASCII)
_UNTIL = re.compile(r"([0-9]{8})(T[0-9]{6}(Z?))?", re.ASCII)
_PART = re.compile(r"[A-Z]+=[A-Z0-9+,-]+", re.ASCII)
_DAY_OF_WEEK = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
# Each part with the least and the greatest number it may list, and whether they may count from the end.
_LISTS = {
    "BYMINUTE": (0, 59, False), "BYHOUR": (0, 23, False), "BYMONTHDAY": (1, 31, True), "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True), "BYMONTH": (1, 12, False), "BYSETPOS": (1, 366, True),
}  # fmt: skip
_ONLY_WITH = {"BYYEARDAY": ("YEARLY",), "BYWEEKNO": ("YEARLY",), "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY")}
_REST = ("FREQ", "UNTIL", "COUNT", "INTERVAL", "BYDAY", "WKST")
_CYCLE = 400
"""After so many years the calendar repeats itself, days of the week included."""


def complaints(start: str | None, zone: str, duration: timedelta, recurrence: str) -> Iterator[tuple[str, str]]:
    """Yield `(field, complaint)` for what has no meaning in when something is held."""
    if start is not None and local(start) is None:
        yield "start", f"must be a date and time that exist, written 2026-03-02T10:00; got {start[:80]!r}"
    if zone_named(zone) is None:
        yield "zone", f"must be a time zone such as 'Asia/Shanghai', got {zone[:80]!r}"
    if not timedelta() < duration <= LONGEST:
        yield "duration", f"must be more than nothing and at most {LONGEST.days} days, got {duration}"
    wrong = wrong_with(recurrence)
    if wrong:
        yield "recurrence", wrong


def local(start: str) -> datetime | None:
    """Return a date and time to the minute, without a zone; None for one that does not exist."""
    try:
        return datetime.fromisoformat(start) if _START.fullmatch(start) else None
    except ValueError:
        return None


def wrong_with(recurrence: str) -> str:
    """Return what is wrong with a recurrence rule; empty where nothing is.

    Example:
        >>> wrong_with("FREQ=WEEKLY;BYDAY=MO"), wrong_with("FREQ=HOURLY")
        ('', "must recur daily, weekly, monthly or yearly, got 'HOURLY'")
    """
    return _read(recurrence)[1]


@lru_cache(maxsize=4096)
def _read(recurrence: str) -> tuple[Mapping[str, str], str]:
    """Return the parts of a rule, and what is wrong with it."""
    parts: dict[str, str] = {}
    for part in recurrence.split(";") if recurrence else ():
        if not _PART.fullmatch(part):
            return MappingProxyType({}), f"must be a rule such as 'FREQ=WEEKLY;BYDAY=MO', got {recurrence[:80]!r}"
        name, value = part.split("=")
        if name in parts or name not in (*_REST, *_LISTS):
            return MappingProxyType({}), f"{name} is there twice" if name in parts else f"{name} is no part of a rule"
        parts[name] = value
    wrong = next(_wrong_parts(parts), "") if parts else ""
    return MappingProxyType(parts), wrong


def _wrong_parts(parts: Mapping[str, str]) -> Iterator[str]:
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        yield f"must recur daily, weekly, monthly or yearly, got {frequency!r}"
    for name in ("COUNT", "INTERVAL"):
        if name in parts and not (re.fullmatch("[0-9]{1,6}", parts[name]) and int(parts[name])):
            yield f"{name} must be a number from 1 to 999999, got {parts[name]!r}"
    if "COUNT" in parts and "UNTIL" in parts:
        yield "has COUNT and UNTIL, of which there may be one"
    if "UNTIL" in parts and _until(parts["UNTIL"], ZoneInfo("UTC")) is None:
        yield f"UNTIL must be a date and time such as 20261231T235959Z, got {parts['UNTIL']!r}"
    for name, (least, most, negative) in _LISTS.items():
        for number in parts[name].split(",") if name in parts else ():
            plain = re.fullmatch(r"[+-]?[0-9]{1,3}" if negative else "[0-9]{1,2}", number)
            if not plain or not least <= abs(int(number)) <= most:
                yield f"{name} lists {number!r}, but goes from {least} to {most}"
    for name, frequencies in _ONLY_WITH.items():
        if name in parts and frequency not in frequencies:
            yield f"{name} does not go with FREQ={frequency}"
    yield from _wrong_days(parts, frequency)
    if "BYSETPOS" in parts and not any(name in parts for name in (*_LISTS, "BYDAY") if name != "BYSETPOS"):
        yield "BYSETPOS picks from what another BY part lists, and there is none"


def _wrong_days(parts: Mapping[str, str], frequency: str) -> Iterator[str]:
    if "WKST" in parts and parts["WKST"] not in ("MO", "TU", "WE", "TH", "FR", "SA", "SU"):
        yield f"WKST must be a day such as MO, got {parts['WKST']!r}"
    for day in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        found = _DAY_OF_WEEK.fullmatch(day)
        number = found and found[1]
        if not found or (number and not 1 <= abs(int(number)) <= (53 if frequency == "YEARLY" else 5)):
            yield f"BYDAY lists {day!r}, which is no day such as MO or -1FR"
        elif number and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts):
            yield f"BYDAY lists {day!r}, and only months and years have a first Monday"


def _until(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the last time of a rule on the clocks of a zone; a day counts to its end; None for no such time."""
    found = _UNTIL.fullmatch(text)
    try:
        if found is None:
            return None
        if found[2] is None:
            return datetime.combine(datetime.strptime(found[1], "%Y%m%d").date(), time.max)  # noqa: DTZ007 - local
        until = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local unless it ends in Z
        return until.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None) if found[3] else until
    except (ValueError, OverflowError):
        return None


def times(
    start: str, zone: str, recurrence: str, first: date, last: date, except_dates: Collection[date] = ()
) -> tuple[datetime, ...]:
    """Return when something begins from one day to another, both included, on the clocks of its zone.

    Args:
        start: when it is held first, such as `"2026-03-02T10:00"`.
        zone: the time zone.
        recurrence: when it is held again; empty for once.
        first: the first day, in the zone.
        last: the last day.
        except_dates: the days on which it is left out, in the zone; as with RFC 5545's EXDATE, a rule that goes on
            for a number of times counts these too.

    Returns:
        Aware times, earliest first.

    Example:
        >>> found = times("2026-03-23T10:00", "Europe/Berlin", "FREQ=WEEKLY", date(2026, 3, 23), date(2026, 4, 5))
        >>> [str(one) for one in found]  # the clocks change on 29 March
        ['2026-03-23 10:00:00+01:00', '2026-03-30 10:00:00+02:00']
    """
    found = _held(start, zone, recurrence, first, last)
    return tuple([one for one in found if one.date() not in except_dates]) if except_dates else found


@lru_cache(maxsize=4096)  # in a large organisation hundreds meet at one time
def _held(start: str, zone: str, recurrence: str, first: date, last: date) -> tuple[datetime, ...]:
    begun, where = local(start), zone_named(zone)
    assert begun is not None  # the record has seen to both
    assert where is not None
    since, until = datetime.combine(first, time.min), datetime.combine(last, time.max)
    if not recurrence:
        found = [begun] if since <= begun <= until else []
    else:
        found = _expanded(begun, where, recurrence, since, until)
    return tuple([one.replace(tzinfo=where) for one in found])


def _expanded(begun: datetime, zone: ZoneInfo, recurrence: str, since: datetime, until: datetime) -> list[datetime]:
    parts = dict(_read(recurrence)[0])
    stop = _until(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
    until = until if stop is None else min(until, stop)
    if until < max(begun, since):
        return []
    begun = _forwarded(begun, since, parts)
    # Where nothing more comes, dateutil looks on to the year 9999; so let that be near, where the calendar is the same.
    years = (9999 - until.year) // _CYCLE * _CYCLE
    late = _rule(_later(begun, years), parts)
    found = late.between(_later(since, years), _later(until, years), inc=True)
    return [_later(one, -years) for one in found]


def _later(when: datetime, years: int) -> datetime:
    return when.replace(year=when.year + years)


def _forwarded(begun: datetime, since: datetime, parts: Mapping[str, str]) -> datetime:
    """Return a later beginning from which a daily or weekly rule goes on alike, and no years are walked through."""
    days = {"DAILY": 1, "WEEKLY": 7}.get(parts["FREQ"])
    if days is None or "COUNT" in parts or since <= begun:
        return begun
    step = days * int(parts.get("INTERVAL", "1"))
    return begun + timedelta(days=max(0, (since - begun).days // step - 1) * step)


def _rule(begun: datetime, parts: Mapping[str, str]) -> rrule:
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - slow to import

    found: Any = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=begun)
    return found  # type: ignore[no-any-return]
