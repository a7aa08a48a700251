"""The office calendar of the community operations template, public holidays included.

The days off and the working days that make up for them are those of the notice on the holidays of 2026 by the General
Office of the State Council of 4 November 2025. They stand here as plain data, so that the template needs no extra; a
test holds them against the package `holidays`. No notice tells of 2027 yet, and the plan is over in June 2026.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from community_ops.kernel.values import DateRange
from community_ops.templates.words import Say
from community_ops.worktime.records import Calendar

_OPEN = (("09:00", "12:00"), ("13:00", "18:00"))

DAYS_OFF: tuple[DateRange, ...] = (
    DateRange(date(2026, 1, 1), date(2026, 1, 3)),  # New Year
    DateRange(date(2026, 2, 15), date(2026, 2, 23)),  # Spring Festival
    DateRange(date(2026, 4, 4), date(2026, 4, 6)),  # Tomb-Sweeping Day
    DateRange(date(2026, 5, 1), date(2026, 5, 5)),  # Labour Day
    DateRange(date(2026, 6, 19), date(2026, 6, 21)),  # Dragon Boat Festival
    DateRange(date(2026, 9, 25), date(2026, 9, 27)),  # Mid-Autumn Festival
    DateRange(date(2026, 10, 1), date(2026, 10, 7)),  # National Day
)
"""The public holidays of China in 2026, with the weekends among them."""

WORKDAYS: tuple[date, ...] = (
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
)
"""The days of weekends in 2026 on which China works, to make up for days off (调休)."""


def calendars(say: Say) -> Iterator[Calendar]:
    """Yield the calendar of the office: Monday to Friday, eight hours, without the public holidays."""
    yield Calendar(
        id="office",
        name=say("办公日历", "Office hours"),
        timezone="Asia/Shanghai",
        hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _OPEN),
        shifts=dict.fromkeys(WORKDAYS, _OPEN),
        holidays=tuple([day for period in DAYS_OFF for day in _days(period)]),
        covers=DateRange(date(2026, 1, 1), date(2026, 12, 31)),
    )


def _days(period: DateRange) -> Iterator[date]:
    assert period.start is not None
    assert period.end is not None
    yield from map(date.fromordinal, range(period.start.toordinal(), period.end.toordinal() + 1))
