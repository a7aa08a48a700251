"""What a length is as a duration and a format: how many minutes, and in which unit people see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from attrs import frozen

from community_ops.plan.records import Duration

Unit = Literal["minute", "hour", "day", "week"]
_MICROSECOND = timedelta(microseconds=1)
_FORMATS: Mapping[int, tuple[Unit | Literal["month"], bool]] = {
    3: ("minute", False), 4: ("minute", True), 5: ("hour", False), 6: ("hour", True), 7: ("day", False),
    8: ("day", True), 9: ("week", False), 10: ("week", True), 11: ("month", False), 12: ("month", True),
    21: ("day", False), 53: ("day", False),
}  # fmt: skip
PERCENT, ELAPSED_PERCENT = 19, 20
ESTIMATED = 32
"""What is added to a format where the length is an estimate."""
_ELAPSED_MONTH = 30
_PLACES = 12  # of a minute: far below the microsecond that lengths are counted in
TENTH = 6_000_000
"""A tenth of a minute in microseconds, in which lags are written."""


@frozen
class Units:
    """How long days, weeks and months of work are, in microseconds; those of elapsed time are always the same."""

    day: int
    week: int
    month: int

    @classmethod
    def of(cls, day: timedelta, week: timedelta, days_per_month: int) -> Units:
        """Return the units of a calendar or a project."""
        return cls(day // _MICROSECOND, week // _MICROSECOND, day // _MICROSECOND * days_per_month)

    def length(self, unit: str) -> int:
        """Return the length of a unit."""
        known = {"minute": 60_000_000, "hour": 3_600_000_000, "day": self.day, "week": self.week, "month": self.month}
        return known[unit]


ELAPSED = Units.of(timedelta(days=1), timedelta(weeks=1), _ELAPSED_MONTH)


def plain_format(format: int | None) -> int:
    """Return the format of a length without the mark of an estimate; days where there is none."""
    if format is None:
        return 7
    return format - ESTIMATED if 35 <= format <= 44 or format in (51, 52) else format


def known(format: int) -> bool:
    """Tell whether a format is that of a length or of a percentage."""
    return plain_format(format) in (*_FORMATS, PERCENT, ELAPSED_PERCENT)


def is_elapsed(format: int | None) -> bool:
    """Tell whether a format is that of real time."""
    plain = plain_format(format)
    return plain == ELAPSED_PERCENT or _FORMATS.get(plain, ("day", False))[1]


def duration_of(microseconds: int, format: int | None, units: Units) -> Duration:
    """Return a length in the unit of its format; in a smaller one where that cannot be written out; months as days.

    Example:
        >>> office = Units.of(timedelta(hours=8), timedelta(hours=40), 20)
        >>> str(duration_of(3_600_000_000 * 12, 7, office)), str(duration_of(3_600_000_000, 9, office))
        ('1.5d', '0.025w')
    """
    unit, elapsed = _FORMATS.get(plain_format(format), ("day", False))
    units = ELAPSED if elapsed else units
    finer: tuple[Unit, ...] = ("week", "day", "hour", "minute")
    start = finer.index("day" if unit == "month" else unit)
    for one in finer[start:]:
        amount = Fraction(microseconds, units.length(one))
        scaled = amount * 10**6
        if scaled.denominator == 1:
            return Duration(_plain(Decimal(scaled.numerator).scaleb(-6)), one)
    return Duration(_plain(round(Decimal(microseconds) / 60_000_000, _PLACES)), "minute")


def _plain(amount: Decimal) -> Decimal:
    text = f"{amount:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def format_of(duration: Duration, *, elapsed: bool = False) -> int:
    """Return the format of a duration's unit."""
    return {"minute": 3, "hour": 5, "day": 7, "week": 9}[duration.unit] + elapsed


def xml_duration(microseconds: int) -> str:
    """Return a length as MS Project writes it.

    Example:
        >>> xml_duration(3_600_000_000 * 40), xml_duration(90_500_000)
        ('PT40H0M0S', 'PT0H1M30.5S')
    """
    minutes, rest = divmod(microseconds, 60_000_000)
    hours, minutes = divmod(minutes, 60)
    seconds = _plain(Decimal(rest).scaleb(-6))
    return f"PT{hours}H{minutes}M{seconds:f}S"
