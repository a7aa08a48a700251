"""The noun of work time: the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from attrs import field, frozen

from community_ops.kernel.frozenmap import EMPTY
from community_ops.kernel.record import Record, at_least, ref
from community_ops.kernel.text import shown
from community_ops.kernel.values import DateRange
from community_ops.worktime.windows import DATE, DAYS, END, START, Windows, by_day, complaints, dates, day_named
from community_ops.worktime.zones import zone_named

_WINDOW = {
    "type": "array",
    "prefixItems": [
        {"type": "string", "pattern": f"^{START}$", "maxLength": 5},
        {"type": "string", "pattern": f"^{END}$", "maxLength": 5},
    ],
    "minItems": 2,
    "maxItems": 2,
}
_BY_DATE = {
    "propertyNames": {"pattern": f"^{DATE}$", "maxLength": 10},
    "additionalProperties": {"type": "array", "items": _WINDOW},
}


@frozen(kw_only=True)
class Calendar(Record):
    """When work is done: hours of the week, and the dates on which they differ.

    A window such as `("09:00", "17:00")` is on the clocks of the time zone, to the minute and half-open. It belongs to
    the day it starts on: where it goes over midnight, `("22:00", "06:00")`, its whole length goes by the hours, the
    shift or the holiday of the evening. A day may have any number of windows; time in several of them counts once.

    Attributes:
        name: what people call it.
        timezone: the time zone whose clocks it goes by, as IANA names it.
        hours: the windows of each day of the week, `mon` to `sun`; a day left out is closed.
        shifts: windows by date, in place of the hours of that date, also where it is a holiday: half days, and working
            days that make up for others; none at all for a day off. Dates may be given as such or as `YYYY-MM-DD`.
        breaks: windows by date that are cut out, whatever else is on then, the end of a night that began the day before
            among it.
        holidays: the dates whose hours are closed. Dates may be given as such or as `YYYY-MM-DD`.
        covers: the time for which the holidays are known; None where nobody has said.
        day_length: how much work "a day" is where a duration is given in days.
        week_length: how much work "a week" is.
        days_per_month: how many such days "a month" of work is.
        owner: the position accountable for it.

    Example:
        >>> Calendar(id="office", timezone="Europe/Berlin", hours={"fri": (("09:00", "12:30"), ("13:00", "15:00"))})
        Calendar(id='office', timezone='Europe/Berlin', hours={'fri': [['09:00', '12:30'], ['13:00', '15:00']]})
    """

    kind_name: ClassVar[str] = "calendar"
    table_name: ClassVar[str] = "calendars"
    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "timezone": {"examples": ["Asia/Shanghai"]},
        "hours": {
            "propertyNames": {"enum": list(DAYS)},
            "additionalProperties": {"type": "array", "items": _WINDOW},
            "examples": [{"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}],
        },
        "shifts": {**_BY_DATE, "examples": [{"2026-02-14": [["09:00", "12:00"]]}]},
        "breaks": {**_BY_DATE, "examples": [{"2026-02-13": [["15:00", "17:00"]]}]},
        "day_length": {"examples": ["PT7H30M"]},
        "week_length": {"examples": ["PT37H30M"]},
    }

    name: str = ""
    timezone: str = "UTC"
    hours: Mapping[str, Windows] = EMPTY
    shifts: Mapping[str, Windows] = field(default=EMPTY, converter=by_day)
    breaks: Mapping[str, Windows] = field(default=EMPTY, converter=by_day)
    holidays: tuple[date, ...] = field(default=(), converter=dates)
    covers: DateRange | None = None
    day_length: timedelta = timedelta(hours=8)
    week_length: timedelta = timedelta(hours=40)
    days_per_month: int = field(default=20, metadata=at_least(1))
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if zone_named(self.timezone) is None:
            yield "timezone", f"must be a time zone such as 'Asia/Shanghai', got {shown(self.timezone)}"
        for day, windows in self.hours.items():
            if day not in DAYS:
                yield "hours", f"must be of days {', '.join(DAYS)}, got {shown(day)}"
            yield from (("hours", f"of {day} {wrong}") for wrong in complaints(windows))
        yield from _wrong_dates("shifts", self.shifts)
        yield from _wrong_dates("breaks", self.breaks)
        for name, length in (("day_length", self.day_length), ("week_length", self.week_length)):
            if length <= timedelta():
                yield name, f"must be more than nothing, got {length}"


def _wrong_dates(name: str, days: Mapping[str, Windows]) -> Iterator[tuple[str, str]]:
    for day, windows in days.items():
        if day_named(day) is None:
            yield name, f"must be of dates that exist, written YYYY-MM-DD, got {shown(day)}"
        yield from ((name, f"of {day} {wrong}") for wrong in complaints(windows))
