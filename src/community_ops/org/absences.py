"""Who is away on a day: on leave, lent, ill, or not employed at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.records import Absence, Person
from community_ops.org.weeks import weeks_from

Spell = tuple[date | None, date | None]
"""The first day away and the first day back; None where it has always been so, or no end is known."""
Spells = Mapping[str, tuple[Spell, ...]]


@derived(cutoff=True)
def absences_at(m: ModelView, at: date) -> tuple[int, ...]:
    """Return where in the table of absences those in force on a day stand; none where a schema has no such table."""
    if not m.schema.heirs(Absence):
        return ()
    return tuple([place for place, period in enumerate(m.column(Absence.period)) if period.covers(at)])


@derived(cutoff=True)
def spells_away(m: ModelView, first: date, last: date) -> Spells:
    """Return when people are away, for those who are on some day from one to another, both included, by their ids.

    Whoever is absent is away, and so is whoever has a recorded employment that does not cover the day; a backward
    employment tells nothing.
    """
    found = {who: list(spells) for who, spells in _not_employed(m, first, last).items()}
    if m.schema.heirs(Absence):
        for who, period in zip(m.column(Absence.person), m.column(Absence.period), strict=True):
            start, end = period.start, period.end
            if (start is None or start <= last) and (end is None or end >= first) and not period.backward:
                found.setdefault(who, []).append((start, _day_after(end)))
    return MappingProxyType({who: tuple(spells) for who, spells in found.items()})


@derived(cutoff=True)
def _not_employed(m: ModelView, first: date, last: date) -> Spells:
    found: dict[str, tuple[Spell, ...]] = {}
    for id, employment in zip(m.ids(Person), m.column(Person.employment), strict=True):
        if employment is not None:
            start, end = employment.start, employment.end
            late, early = start is not None and start > first, end is not None and end < last
            if (late or early) and not employment.backward:
                before: tuple[Spell, ...] = ((None, start),) if late else ()
                found[id] = (*before, (_day_after(end), None)) if early else before
    return MappingProxyType(found)


@derived(cutoff=True)
def people_away(m: ModelView, at: date) -> Mapping[str, date | None]:
    """Return who is away on a day, with the day on which they are back.

    Args:
        m: the model.
        at: the day.

    Returns:
        By the person's id the first day on which none of what keeps them away today lasts; None where no end is known.

    Example:
        >>> from community_ops import Absence, DateRange, OperatingModel, Person
        >>> week = DateRange(date(2026, 3, 2), date(2026, 3, 6))
        >>> model = OperatingModel.of(Person(id="ann", name="Ann"), Absence(id="a1", person="ann", period=week))
        >>> dict(people_away(model, date(2026, 3, 4))), dict(people_away(model, date(2026, 3, 7)))
        ({'ann': datetime.date(2026, 3, 7)}, {})
    """
    back: dict[str, date | None] = {}
    for who, spells in spells_away(m, *weeks_from(at)).items():
        ends = [end for start, end in spells if (start is None or start <= at) and (end is None or at < end)]
        if ends:
            known = [end for end in ends if end is not None]
            back[who] = max(known) if len(known) == len(ends) else None
    return MappingProxyType(back)


def _day_after(end: date | None) -> date | None:
    return None if end in (None, date.max) else end + timedelta(days=1)
