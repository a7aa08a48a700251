"""`WorkTime`: durations and deadlines in work time, between aware datetimes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from community_ops.errors import NotAnInstant
from community_ops.worktime.axis import BLOCK_DAYS, Axis, axis_of
from community_ops.worktime.openings import SECOND
from community_ops.worktime.records import Calendar
from community_ops.worktime.zones import zone_named

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class WorkTime:
    """Work time by a calendar, or by several: then it is the time in which all of them are open.

    Instants are aware datetimes; what comes back carries the zone of the first calendar. Lengths of time are really
    elapsed ones: a day on which the clocks are set back has 25 hours. On the way from a calendar's clocks to instants,
    a time that occurs twice means the first, and one that does not exist moves forward by the gap; a date that a zone
    left out altogether has no windows. Work is counted from the 2nd day of the year 1 to the 30th of December 9999.

    Making one is cheap: calendars that are open alike share their tables. It may be used from several threads.

    Attributes:
        calendars: the calendars, in the order given.
        zone: the time zone of the first.
        axis: the same work time in integers.

    Example:
        >>> from datetime import datetime, timedelta
        >>> from zoneinfo import ZoneInfo
        >>> office = Calendar(
        ...     id="office",
        ...     timezone="Asia/Shanghai",
        ...     hours={day: (("09:00", "12:00"), ("13:00", "18:00")) for day in ("mon", "tue", "wed", "thu", "fri")},
        ... )
        >>> work = WorkTime(office)
        >>> friday = datetime(2026, 3, 6, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        >>> str(work.add(friday, timedelta(hours=4)))
        '2026-03-09 11:00:00+08:00'
        >>> str(work.elapsed(friday, work.add(friday, timedelta(hours=4))))
        '4:00:00'
        >>> str(work.add(friday, timedelta(hours=2))), str(work.finish(friday, timedelta(hours=2)))
        ('2026-03-09 09:00:00+08:00', '2026-03-06 18:00:00+08:00')
    """

    __slots__ = ("_epoch", "axis", "calendars", "zone")

    def __init__(self, calendar: Calendar, *others: Calendar) -> None:
        self.calendars: tuple[Calendar, ...] = (calendar, *others)
        self.axis: Axis = axis_of(self.calendars)
        zone = zone_named(calendar.timezone)
        assert zone is not None  # the record has seen to it
        self.zone: ZoneInfo = zone
        self._epoch = datetime(1970, 1, 1, tzinfo=zone)  # the epoch's digits: `fromutc` turns them into the clocks'

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the work time from a start to an end; negative where the end comes first."""
        return self._worked(end) - self._worked(start)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return where work goes on once an amount of it is done: at a closing time, that is the next opening.

        To add nothing gives the start itself where it is open, else the next opening. An amount below nothing goes
        back, and also comes out where work goes on.

        Args:
            start: from when on.
            amount: how much work time.

        Raises:
            NoWorkTime: the calendar is not open long enough after the start, or at all.
        """
        return self.shown(self.axis.opening(self.axis.worked(self.instant(start)) + _amount(amount)))

    def finish(self, start: datetime, amount: timedelta) -> datetime:
        """Return when an amount of work begun at a start is complete: at a closing time, that time itself.

        To finish nothing gives the start itself within work time, else the closing before it.

        Raises:
            NoWorkTime: the calendar is not open long enough after the start; or for nothing, not open before it.
        """
        return self.shown(self.axis.closing(self.axis.worked(self.instant(start)) + _amount(amount)))

    def subtract(self, end: datetime, amount: timedelta) -> datetime:
        """Return the first instant from which no more than an amount of work lies before an end.

        That is the opposite of `finish`: where the amount reaches back to an opening, it is the closing before it. To
        subtract nothing gives the last instant up to which work was possible.

        Raises:
            NoWorkTime: the calendar is not open long enough before the end.
        """
        return self.shown(self.axis.closing(self.axis.worked(self.instant(end)) - _amount(amount)))

    def is_open(self, at: datetime) -> bool:
        """Tell whether work is done at an instant; at closing time it no longer is."""
        return self.axis.is_open(self.instant(at))

    def next_opening(self, at: datetime) -> datetime:
        """Return the instant itself where it is open, else the next opening.

        Raises:
            NoWorkTime: there is none.
        """
        return self.add(at, timedelta())

    def previous_closing(self, at: datetime) -> datetime:
        """Return the last instant, not after the given one, up to which work was possible.

        Raises:
            NoWorkTime: there is none.
        """
        return self.subtract(at, timedelta())

    def open_periods(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Return an iterator over the open periods from a start on, of which the first may already be on.

        Windows that touch are one period. The iterator comes to an end where the calendar does.
        """
        return ((self.shown(a), self.shown(b)) for a, b in self.axis.periods(self.instant(start)))

    def _since(self, at: datetime) -> timedelta:
        """Return an instant as the time since the epoch."""
        try:
            # Two times of one zone are subtracted as its clocks show them, which is quick, and right for UTC alone.
            if at.tzinfo is self.zone:
                return at - self._epoch - self.zone.utcoffset(at)  # type: ignore[operator]  # an aware time has one
            return at - _EPOCH
        except (TypeError, AttributeError):
            raise NotAnInstant(at) from None

    def _worked(self, at: datetime) -> timedelta:
        """Return the work time from the origin to an instant: what `Axis.worked` says, in timedeltas throughout."""
        since = self._since(at)
        block = since.days // BLOCK_DAYS
        before, starts, ends, done = self.axis.lengths.get(block) or self.axis.length_table(block)
        i = bisect_right(starts, since) - 1
        if i < 0:
            return before
        end = ends[i]
        return done[i] + (since if since < end else end) - starts[i]

    def instant(self, at: datetime) -> int:
        """Return an instant as `axis` counts it: microseconds since the epoch."""
        return _in_microseconds(self._since(at))

    def shown(self, instant: int) -> datetime:
        """Return an instant of `axis` as the clocks of the zone show it."""
        return self.zone.fromutc(self._epoch + instant * _MICROSECOND)

    def __eq__(self, other: object) -> bool:
        return self.calendars == other.calendars if isinstance(other, WorkTime) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.calendars)

    def __reduce__(self) -> tuple[Any, ...]:
        return WorkTime, self.calendars  # the tables are built again where they are needed

    def __repr__(self) -> str:
        return f"WorkTime({', '.join([repr(calendar.id) for calendar in self.calendars])})"


def _amount(amount: timedelta) -> int:
    if not isinstance(amount, timedelta):
        raise TypeError(f"an amount of work is a timedelta, got {type(amount).__name__}")
    return _in_microseconds(amount)


def _in_microseconds(length: timedelta) -> int:
    return (length.days * 86_400 + length.seconds) * SECOND + length.microseconds
