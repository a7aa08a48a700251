"""Days, weeks and dates as microseconds of the calendars of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cached_property

from attrs import frozen

from community_ops.errors import NoWorkTime
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Duration
from community_ops.worktime.axis import FIRST, LAST, Axis
from community_ops.worktime.counting import WorkTime
from community_ops.worktime.records import Calendar

WIDE = Context(prec=80)
"""Room for the product of two numbers as long as a field holds, and a quotient's worth of digits."""
_MICROSECOND = timedelta(microseconds=1)
_CLOCK = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_OFFICE = (("09:00", "17:00"),)
STANDARD = Calendar(
    id="standard",
    name="Monday to Friday, 9 to 17, UTC",
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _OFFICE),
)
"""The calendar of a plan that names none."""


def microseconds(number: Decimal) -> int:
    """Return the nearest whole number of microseconds, of two equally near ones the even one.

    Example:
        >>> microseconds(Decimal("2.5")), microseconds(Decimal("-2.6"))
        (2, -3)
    """
    return int(number.to_integral_value(ROUND_HALF_EVEN, WIDE))


@frozen
class Clocks:
    """The calendars that a plan goes by, its own first.

    Tasks and lags know their calendar by its place here; -1 stands for real time. Instants are microseconds since the
    epoch, between those within which work is counted: what lies beyond stands for the nearer of them.
    """

    calendars: tuple[Calendar, ...]

    @classmethod
    def of(cls, m: ModelView, ids: Sequence[str | None]) -> Clocks:
        """Return the calendars of some ids, the first of which stands in for those that do not exist."""
        first = _named(m, ids[0]) or STANDARD
        return cls((first, *[_named(m, id) or first for id in ids[1:]]))

    @cached_property
    def times(self) -> tuple[WorkTime, ...]:
        """The working time of each; that of calendars seen before costs nothing."""
        return tuple([WorkTime(calendar) for calendar in self.calendars])

    def axes(self) -> list[Axis]:
        """Return the working time of each in integers."""
        return [time.axis for time in self.times]

    def day(self, calendar: int) -> int:
        """Return how many microseconds of work "a day" is."""
        return self._unit("day", calendar)

    def length(self, duration: Duration, calendar: int) -> int:
        """Return a duration in microseconds of working time, or of real time."""
        return microseconds(WIDE.multiply(duration.amount, Decimal(self._unit(duration.unit, calendar))))

    def _unit(self, name: str, calendar: int) -> int:
        if calendar >= 0 and name == "day":
            return self.calendars[calendar].day_length // _MICROSECOND
        if calendar >= 0 and name == "week":
            return self.calendars[calendar].week_length // _MICROSECOND
        return _CLOCK[name] // _MICROSECOND

    def instant(self, when: date, calendar: int) -> int:
        """Return a time as an instant; a day stands for its beginning on the calendar's clocks."""
        work = self.times[calendar]
        if not isinstance(when, datetime):
            when = datetime.combine(when, time.min, work.zone)
        return min(max(work.instant(when), FIRST), LAST)

    def end(self, when: date, calendar: int) -> int:
        """Return a time as an instant; a day stands for the end of its work.

        Where no work is done on that day, it stands for its midnight.
        """
        begin = self.instant(when, calendar)
        if isinstance(when, datetime):
            return begin
        midnight = self.instant(when + timedelta(days=1), calendar) if when < date.max else LAST
        axis = self.times[calendar].axis
        try:
            closing = axis.closing(axis.worked(midnight))
        except NoWorkTime:  # not on this day, nor on any before it
            return midnight
        return closing if closing > begin else midnight


def _named(m: ModelView, id: str | None) -> Calendar | None:
    found = m.get(Ref("calendar", id)) if id is not None else None
    return found if isinstance(found, Calendar) else None
