"""When one calendar is open between two instants: its windows, turned from its clocks into instants."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, time

from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAY_MINUTES, DAYS, Span, Windows, clipped, merged, minutes, outside, shared
from community_ops.worktime.zones import days_left_out, seconds_from_utc, steady_offsets, zone_named

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = DAY_MINUTES * MINUTE
EPOCH = date(1970, 1, 1).toordinal()
# Outside these years no zone's clocks change but by rules that repeat with the Gregorian calendar, every 400 years.
ZONES_UNSETTLED = (date(1800, 1, 1).toordinal(), date(2100, 1, 1).toordinal())
# What a day's windows can touch: clocks differ from UTC by less than a day, and a window ends within two.
_BEFORE, _AFTER = 3, 1
_CLOCKS = tuple(time(minute // 60, minute % 60) for minute in range(DAY_MINUTES))
_Day = tuple[int, tuple[Span, ...]]
"""A day as its ordinal, and its windows in microseconds from its midnight."""


class Openings:
    """The windows of one calendar, compiled; `between` says when it is open.

    Attributes:
        special: the days, as ordinals, on or around which the calendar may differ from what is usual.
        fixed: whether its clocks never change.
    """

    __slots__ = ("_cuts", "_dated", "_fixed", "_round_the_clock", "_week", "_zone", "fixed", "special")

    def __init__(self, calendar: Calendar) -> None:
        zone = zone_named(calendar.timezone)
        assert zone is not None  # the record has seen to it
        self._zone = zone
        fixed = zone.utcoffset(None)
        self._fixed = None if fixed is None else int(fixed.total_seconds())
        self._week = tuple([_spans(calendar.hours.get(day, ())) for day in DAYS])
        self._dated: dict[int, tuple[Span, ...]] = {day.toordinal(): () for day in calendar.holidays}
        self._dated.update(_by_ordinal(calendar.shifts))
        self._cuts = _by_ordinal(calendar.breaks)
        self._round_the_clock = all(merged(windows) == [(0, DAY)] for windows in self._week)
        self.fixed: bool = fixed is not None
        self.special: set[int] = {
            day + near for day in (*self._dated, *self._cuts) for near in range(-_AFTER, _BEFORE + 1)
        }

    def between(self, start: int, end: int) -> list[Span]:
        """Return when the calendar is open, merged and in order.

        Args:
            start: from when on, in microseconds since the epoch.
            end: until when, exclusive; no more than about a year later.
        """
        first = max(start // DAY + EPOCH - _BEFORE, 1)
        last = min(end // DAY + EPOCH + _AFTER, date.max.toordinal())
        dated = {day: windows for day, windows in self._dated.items() if first <= day <= last}
        cuts = [(day, windows) for day, windows in self._cuts.items() if first <= day <= last]
        if self._round_the_clock and not dated:
            found = [(start, end)]
        else:
            days: Collection[_Day] = dated.items()
            if any(self._week):
                week = self._week  # 1 January of the year 1 was a Monday
                days = [(day, dated.get(day, week[(day - 1) % 7])) for day in range(first, last + 1)]
            found = clipped(merged(self._instants(days, first, last)), start, end)
        return shared(found, outside(merged(self._instants(cuts, first, last)), start, end)) if cuts else found

    def _instants(self, days: Collection[_Day], first: int, last: int) -> list[Span]:
        """Return the windows of days as instants; they may overlap, or end before they start."""
        count = last - first + 1
        offsets = [self._fixed] * count if self._fixed is not None else steady_offsets(self._zone, first, last)
        found = [
            (midnight + start, midnight + end)
            for day, windows in days
            if (offset := offsets[day - first]) is not None
            for midnight in ((day - EPOCH) * DAY - offset * SECOND,)
            for start, end in windows
        ]
        if None in offsets:
            never = days_left_out(self._zone, first, last)
            changing = [one for one in days if offsets[one[0] - first] is None and one[0] not in never]
            found += [(self._instant(day, a), self._instant(day, b)) for day, windows in changing for a, b in windows]
        return found

    def _instant(self, day: int, since_midnight: int) -> int:
        later, clock = divmod(since_midnight // MINUTE, DAY_MINUTES)
        offset = seconds_from_utc(self._zone, day + later, _CLOCKS[clock])
        return (day - EPOCH) * DAY + since_midnight - offset * SECOND


def _spans(windows: Windows) -> tuple[Span, ...]:
    return tuple([(start * MINUTE, end * MINUTE) for start, end in minutes(windows)])


def _by_ordinal(days: Mapping[str, Windows]) -> dict[int, tuple[Span, ...]]:
    return {date.fromisoformat(day).toordinal(): _spans(windows) for day, windows in days.items()}
