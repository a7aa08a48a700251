"""Work time as a child would count it: minute by minute, through what the clocks of a zone show.

Nothing here knows of offsets or folds: a wall time is looked for among the minutes that show it. The first that does is
meant; of one that none shows, the gap in the clocks is measured, and it is moved forward by so much.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from community_ops.worktime import Calendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MARGIN = 4 * 1440


class Clocks:
    """What a zone's clocks show, for some days around an instant.

    Attributes:
        start: the first minute.
        count: how many minutes from there on are counted; those before and after are there for windows that reach in.
    """

    def __init__(self, zone: str, around: date, days: int) -> None:
        where = ZoneInfo(zone)
        self.start = datetime(around.year, around.month, around.day, tzinfo=UTC) - days * DAY
        self.count = 2 * days * 1440
        minutes = range(-MARGIN, self.count + MARGIN)
        self.shown = [(self.start + n * MINUTE).astimezone(where).replace(tzinfo=None) for n in minutes]
        self.minute_of: dict[datetime, int] = {}
        for n, wall in zip(minutes, self.shown, strict=True):
            self.minute_of.setdefault(wall, n)
        self.dates = sorted({wall.date() for wall in self.shown})[1:-2]

    def minute(self, wall: datetime) -> int:
        found = self.minute_of.get(wall)
        if found is not None:
            return found
        before = max(n for n, shown in enumerate(self.shown) if shown < wall and self.shown[n + 1] > wall)
        return self.minute_of[wall + (self.shown[before + 1] - self.shown[before] - MINUTE)]

    def minutes(self, day: date, windows: tuple[tuple[str, str], ...]) -> set[int]:
        """Return the minutes in windows of a day."""
        midnight = datetime(day.year, day.month, day.day)
        found: set[int] = set()
        for start, end in windows:
            begins, ends = (midnight + int(t[:2]) * 60 * MINUTE + int(t[3:]) * MINUTE for t in (start, end))
            if ends <= begins:
                ends += DAY
            found |= set(range(self.minute(begins), self.minute(ends)))
        return found


@lru_cache(maxsize=64)
def clocks(zone: str, around: date, days: int) -> Clocks:
    return Clocks(zone, around, days)


def open_minutes(calendar: Calendar, around: date, days: int) -> set[int]:
    """Return the minutes at which a calendar is open, counted from `days` before a date until as many after it."""
    seen = clocks(calendar.timezone, around, days)
    found: set[int] = set()
    for day in seen.dates:
        if day.isoformat() in calendar.shifts:
            found |= seen.minutes(day, calendar.shifts[day.isoformat()])
        elif day not in calendar.holidays:
            found |= seen.minutes(day, calendar.hours.get(WEEK[day.weekday()], ()))
    for day in seen.dates:
        found -= seen.minutes(day, calendar.breaks.get(day.isoformat(), ()))
    return {n for n in found if 0 <= n < seen.count}
