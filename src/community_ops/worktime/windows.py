"""Windows of a day as people write them, `("09:00", "17:00")`, and what their texts mean in minutes.

A window belongs to the day it starts on. One that ends where it starts or before - `("22:00", "06:00")` - goes over
midnight into the next day; `"24:00"` is the end of its own day, and so is `"00:00"` as an end.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from operator import itemgetter
from typing import Any

from community_ops.kernel.text import shown

Windows = tuple[tuple[str, str], ...]
Span = tuple[int, int]
"""From where to where, half-open; in minutes from a day's midnight, or in microseconds since the epoch."""

_START_OF, _END_OF = itemgetter(0), itemgetter(1)

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440
START = r"([01][0-9]|2[0-3]):[0-5][0-9]"
END = rf"({START}|24:00)"
DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_START, _END, _DATE = (re.compile(pattern, re.ASCII) for pattern in (START, END, DATE))


def by_day(days: Mapping[str, Any] | Mapping[date, Any]) -> Mapping[str, Any]:
    """Return a mapping with its dates written `YYYY-MM-DD`; anything else is handed on for the record's check.

    Example:
        >>> by_day({date(2026, 2, 14): (("09:00", "17:00"),)})
        {'2026-02-14': (('09:00', '17:00'),)}
    """
    given: Any = days
    if not isinstance(given, Mapping) or not any(type(day) is date for day in given):
        return given  # type: ignore[no-any-return]
    written = {day.isoformat() if type(day) is date else day: windows for day, windows in given.items()}
    return written if len(written) == len(given) else given  # of a date and its own text, which one would be meant?


def dates(days: Iterable[date | str]) -> tuple[date, ...]:
    """Return days as dates, those written `YYYY-MM-DD` read; what is none is handed on for the record's check.

    Example:
        >>> dates(["2026-01-01"])
        (datetime.date(2026, 1, 1),)
    """
    given: Any = sorted(days, key=str) if isinstance(days, (set, frozenset)) else days
    if not isinstance(given, (list, tuple)):
        return given  # type: ignore[no-any-return]
    read: list[Any] = [(day_named(day) or day) if type(day) is str else day for day in given]
    return tuple(read)


def day_named(text: str) -> date | None:
    """Return the date written `YYYY-MM-DD`; None where there is none."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def complaints(windows: Windows) -> Iterator[str]:
    """Yield what is wrong with windows, each to complete the sentence "hours ..."."""
    for start, end in windows:
        if not _START.fullmatch(start):
            yield f"must start at a time written 09:00, got {shown(start)}"
        elif not _END.fullmatch(end):
            yield f"must end at a time written 17:00, at most 24:00, got {shown(end)}"
        elif start == end:
            yield f"must not start and end both at {start}; a whole day is 00:00 to 24:00"


def minutes(windows: Windows) -> list[Span]:
    """Return windows in minutes from the midnight that their day begins with, as they are given.

    Example:
        >>> minutes((("09:00", "17:00"), ("22:00", "06:00")))
        [(540, 1020), (1320, 1800)]
    """
    return [(from_, to if to > from_ else to + DAY_MINUTES) for from_, to in _clocks(windows)]


def _clocks(windows: Windows) -> Iterator[Span]:
    for start, end in windows:
        yield int(start[:2]) * 60 + int(start[3:]), int(end[:2]) * 60 + int(end[3:])


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that overlap or touch made one, and those of no length left out.

    Example:
        >>> merged([(13, 18), (9, 12), (12, 13), (20, 20)])
        [(9, 18)]
    """
    found: list[Span] = []
    reach = None
    for start, end in sorted(spans):
        if end <= start:
            continue
        if reach is None or start > reach:
            found.append((start, end))
        elif end > reach:
            found[-1] = (found[-1][0], end)
        reach = end if reach is None else max(reach, end)
    return found


def shared(ones: list[Span], others: list[Span]) -> list[Span]:
    """Return what two lists of merged spans have in common.

    Example:
        >>> shared([(9, 12), (13, 18)], [(10, 14)])
        [(10, 12), (13, 14)]
    """
    found: list[Span] = []
    i = j = 0
    while i < len(ones) and j < len(others):
        start, end = max(ones[i][0], others[j][0]), min(ones[i][1], others[j][1])
        if start < end:
            found.append((start, end))
        if ones[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return found


def clipped(spans: list[Span], start: int, end: int) -> list[Span]:
    """Return what merged spans have of the time from a start to an end.

    Example:
        >>> clipped([(9, 12), (13, 18), (20, 22)], 11, 15)
        [(11, 12), (13, 15)]
    """
    found = spans[bisect_right(spans, start, key=_END_OF) : bisect_left(spans, end, key=_START_OF)]
    if found:
        found[0] = max(start, found[0][0]), found[0][1]
        found[-1] = found[-1][0], min(end, found[-1][1])
    return found


def outside(spans: list[Span], start: int, end: int) -> list[Span]:
    """Return what merged spans leave of the time from a start to an end.

    Example:
        >>> outside([(10, 12), (13, 14)], 9, 18)
        [(9, 10), (12, 13), (14, 18)]
    """
    bounds = [start, *(bound for span in spans for bound in span), end]
    return [(a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if a < b]
