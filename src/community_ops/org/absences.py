"""Who is away on a day: on leave, lent, ill, or not employed at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from community_ops.kernel.derived import derived
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.records import Absence, Person


@derived(cutoff=True)
def absences_at(m: ModelView, at: date) -> tuple[int, ...]:
    """Return where in the table of absences those in force on a day stand; none where a schema has no such table."""
    if not m.schema.heirs(Absence):
        return ()
    return tuple([place for place, period in enumerate(m.column(Absence.period)) if period.covers(at)])


@derived(cutoff=True)
def people_away(m: ModelView, at: date) -> Mapping[str, date | None]:
    """Return who is away on a day, with the day on which they are back.

    Whoever is absent is away, and so is whoever has a recorded employment that does not cover the day; a backward
    employment tells nothing.

    Args:
        m: the model.
        at: the day.

    Returns:
        By the person's id the first day on which none of what keeps them away today lasts; None where no end is known.

    Example:
        >>> from community_ops import Absence, OperatingModel, Person
        >>> week = DateRange(date(2026, 3, 2), date(2026, 3, 6))
        >>> model = OperatingModel.of(Person(id="ann", name="Ann"), Absence(id="a1", person="ann", period=week))
        >>> dict(people_away(model, date(2026, 3, 4))), dict(people_away(model, date(2026, 3, 7)))
        ({'ann': datetime.date(2026, 3, 7)}, {})
    """
    back: dict[str, date | None] = {}
    for id, employment in zip(m.ids(Person), m.column(Person.employment), strict=True):
        if employment is not None and not employment.covers(at) and not employment.backward:
            back[id] = employment.start if employment.start is not None and employment.start > at else None
    places = absences_at(m, at)
    if places:
        people, periods = m.column(Absence.person), m.column(Absence.period)
        for place in places:
            who, until = people[place], _day_after(periods[place])
            known = back.get(who, date.min)
            back[who] = None if known is None or until is None else max(known, until)
    return MappingProxyType(back)


def _day_after(period: DateRange) -> date | None:
    return None if period.end in (None, date.max) else period.end + timedelta(days=1)
