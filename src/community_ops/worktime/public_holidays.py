"""Public holidays of a country, from the package `holidays`, on their way into a calendar.

Some countries - China above all - move days off by a decision of each year: a weekend becomes working days that make up
for them. Such a year is known once the package has its decision; before that, it has only what the law lays down. A
year in which a holiday depends on the moon being sighted, and so is estimated, is not known either.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from community_ops.errors import MissingExtra
from community_ops.kernel.values import DateRange
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAYS

if TYPE_CHECKING:
    from holidays import HolidayBase

_SUBSTITUTION = 4  # a row that moves a day off has at least so many entries: to and from where


class UnknownHolidays(UserWarning):
    """The source does not know the holidays of a year for certain, only what can be said before they are decided."""


def _in_order(names: Mapping[date, str]) -> Mapping[date, str]:
    return MappingProxyType(dict(sorted(names.items())))


@frozen(kw_only=True)
class PublicHolidays:
    """The public holidays of a country or a part of it.

    Attributes:
        country: the two-letter code of ISO 3166-1.
        subdivision: the code of the part; None for what holds everywhere.
        names: what each day off is called, earliest first.
        workdays: the days of weekends that are working days instead.
        years: the years that are known for certain, of those asked for.
    """

    country: str
    subdivision: str | None = None
    names: Mapping[date, str] = field(converter=_in_order)
    workdays: tuple[date, ...] = ()
    years: tuple[int, ...] = ()

    @property
    def covers(self) -> DateRange | None:
        """The latest years in a row that are known for certain, as days; None where none is."""
        if not self.years:
            return None
        first = last = max(self.years)
        while first - 1 in self.years:
            first -= 1
        return DateRange(date(first, 1, 1), date(last, 12, 31))

    def put_into(self, calendar: Calendar, *, workdays_like: str = "mon") -> Calendar:
        """Return a calendar with these holidays added to its own.

        Working days that make up for others become shifts; shifts that the calendar already has for a date stay. Where
        the calendar says what its holidays cover, and that reaches up to these, it covers both.

        Args:
            calendar: the calendar.
            workdays_like: the day of the week, `mon` to `sun`, whose hours such a working day has.

        Raises:
            ValueError: there is no such day of the week.

        Example:
            >>> office = Calendar(id="office", timezone="Asia/Shanghai", hours={"mon": (("09:00", "18:00"),)})
            >>> spring = PublicHolidays(
            ...     country="CN", names={date(2026, 2, 16): "除夕"}, workdays=[date(2026, 2, 14)], years=(2026,)
            ... )
            >>> filled = spring.put_into(office)
            >>> filled.holidays, filled.shifts, str(filled.covers)
            ((datetime.date(2026, 2, 16),), {'2026-02-14': [['09:00', '18:00']]}, '2026-01-01 to 2026-12-31')
        """
        if workdays_like not in DAYS:
            raise ValueError(f"a day of the week is one of {', '.join(DAYS)}, got {workdays_like!r}")
        hours = calendar.hours.get(workdays_like, ())
        return evolve(
            calendar,
            holidays=tuple(sorted({*calendar.holidays, *self.names})),
            shifts={**{day.isoformat(): hours for day in self.workdays}, **calendar.shifts},
            covers=_together(calendar.covers, self.covers),
        )


def _together(known: DateRange | None, added: DateRange | None) -> DateRange | None:
    """Return two periods as one; where days lie between them, or one is open, the added one if there is one."""
    if known is None or added is None:
        return known if added is None else added
    starts, ends = (known.start, added.start), (known.end, added.end)
    first, last, begin, end = *starts, *ends
    if first is None or last is None or begin is None or end is None:
        return known if known.overlap(added) == added else added
    near = max(first, last) - min(begin, end) <= timedelta(days=1)
    return DateRange(min(first, last), max(begin, end)) if near and not known.backward else added


def holidays(
    country: str, years: int | Iterable[int], subdivision: str | None = None, *, language: str | None = None
) -> PublicHolidays:
    """Return the public holidays of some years; warns of those that are not known for certain.

    The days off of such a year are there nonetheless, as far as they can be told.

    Args:
        country: the two-letter code of ISO 3166-1.
        years: a year, or several.
        subdivision: the code of a part of the country that has holidays of its own; None for the whole.
        language: the language of the names, such as `"en_US"`, where the source has it; None for the country's own.

    Raises:
        MissingExtra: holidays is not installed.
        LookupError: the source does not know the country or the part.

    Warns:
        UnknownHolidays: for every such year.
    """
    wanted = sorted({years} if isinstance(years, int) else set(years))
    source = _source(country, wanted, subdivision, language)
    names = {day: source[day] for day in sorted(source) if day.year in wanted}
    settled = _settled(source)
    known = []
    for year in wanted:
        estimated = any(_is_estimated(source, name) for day, name in names.items() if day.year == year)
        if source.start_year <= year <= min(source.end_year, settled) and not estimated:
            known.append(year)
        else:
            warnings.warn(
                f"the holidays of {country} in {year} are not known for certain", UnknownHolidays, stacklevel=2
            )
    workdays = sorted(day for day in source.weekend_workdays if day.year in wanted)
    return PublicHolidays(
        country=country, subdivision=subdivision, names=names, workdays=tuple(workdays), years=tuple(known)
    )


def _source(country: str, years: list[int], subdivision: str | None, language: str | None) -> HolidayBase:
    try:
        from holidays import country_holidays  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("holidays", "holidays") from None
    try:
        if language is None:  # else it would be the language of whoever runs this
            language = country_holidays(country, subdivision).default_language
        return country_holidays(country, subdivision, years, expand=False, language=language)
    except NotImplementedError as error:
        raise LookupError(str(error)) from None


def _settled(source: HolidayBase) -> int:
    """Return the last year whose decision the source has, for a country in which days off are moved by decision."""
    if not getattr(source, "has_substituted_holidays", False):
        return source.end_year
    tables = [getattr(source, name) for name in dir(source) if name.startswith("special_")]
    moved = [
        year
        for table in tables
        if isinstance(table, Mapping)
        for year, rows in table.items()
        if any(len(row) >= _SUBSTITUTION for row in (rows if rows and isinstance(rows[0], tuple) else (rows,)))
    ]
    return max(moved, default=source.end_year)


def _is_estimated(source: HolidayBase, name: str) -> bool:
    labels = [getattr(source, label, "") for label in ("estimated_label", "observed_estimated_label")]
    ends = [source.tr(label).partition("%s")[2] for label in labels if label]
    return any(end and one.endswith(end) for end in ends for one in name.split("; "))
