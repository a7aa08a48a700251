"""How much of a position is really there, day by day.

A position has on a day the full-time equivalents of those who hold it, are employed and are not away. Where that is
nothing and a deputy for everything stands in (see `org/deputising.py`), it has those of the deputy's position.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.records import Absence, Assignment, Person, Position
from community_ops.org.stand_ins import Terms, deputy_terms, nearest_manned, within_reach
from community_ops.org.timeline import EVER, NEVER, Step, interval, steps

Days = tuple[int, int]
"""Days as `[first, stop)` in day numbers."""


@frozen(eq=False, repr=False)
class Manning:
    """How much of some positions is there over time; made by `manning`.

    Attributes:
        scale: what one part of a full-time equivalent is.
        lines: for each position what is there in parts, from the beginning of time to its end without a gap.
    """

    scale: Scale
    lines: Mapping[str, Sequence[Step]]

    def at(self, position: str, on: date) -> Decimal:
        """Return the full-time equivalents of a position that are there on a day."""
        return self.scale.decimal(self.parts(position, on.toordinal()))

    def parts(self, position: str, on: int) -> int:
        """Return how much of a position is there on a day, in parts, by the day's number."""
        return held_on(self.lines[position], on)


@derived
def manning(m: ModelView, positions: frozenset[str], since: date) -> Manning:
    """Return how much of some positions is there over time.

    Args:
        m: the model.
        positions: their ids; of one that does not exist nothing is there.
        since: the day from which on deputies are asked after.

    Example:
        >>> from community_ops import DateRange, OperatingModel, Position, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ"),
        ...     Position(id="clerk", title="Clerk", unit="hq"),
        ...     Person(id="ann", name="Ann"),
        ...     Assignment(id="a", person="ann", position="clerk", fte="0.5"),
        ...     Absence(id="b", person="ann", period=DateRange(date(2026, 3, 2), date(2026, 3, 6))),
        ... )
        >>> there = manning(model, frozenset({"clerk"}), date(2026, 3, 1))
        >>> there.at("clerk", date(2026, 3, 1)), there.at("clerk", date(2026, 3, 6))
        (Decimal('0.5'), Decimal('0'))
    """
    terms = deputy_terms(m)
    asked = frozenset(within_reach(terms, positions))  # of all others nothing is looked at
    found = presences(m, asked)
    scale = Scale.of([one.fte for one in found])
    held: dict[str, list[tuple[int, int, int]]] = {position: [] for position in asked}
    for one in found:
        held[one.position].append((one.first, one.stop, scale.part(one.fte)))
    lines = {position: steps(pieces) for position, pieces in held.items()}
    there = _There(lines, _existence(m, asked), terms)
    covered = {position: tuple(there.covered(position, since.toordinal())) for position in positions}
    return Manning(scale, MappingProxyType(covered))


class Presence(NamedTuple):
    """Somebody who holds a position, is employed and is not away, on the days `[first, stop)`."""

    position: str
    person: str
    first: int
    stop: int
    fte: Decimal


def presences(m: ModelView, positions: Set[str]) -> tuple[Presence, ...]:
    """Return who is there of those who hold some positions, in the order of their assignments."""
    assigned, absences = _assigned(m), _absences(m)
    index, employments = m.place_index(Person), m.column(Person.employment)
    held, people = m.column(Assignment.position), m.column(Assignment.person)
    periods, ftes = m.column(Assignment.period), m.column(Assignment.fte)
    found = []
    for place in sorted([place for position in positions for place in assigned.get(position, ())]):
        person = people[place]
        # Of somebody who is no record nothing says that they are away.
        employed = employments[index[person]] if person in index else None
        whole = (EVER, NEVER) if employed is None or employed.backward else interval(employed)
        days = _outside(_shared(interval(periods[place]), whole), absences.get(person, ()))
        found += [Presence(held[place], person, first, stop, ftes[place]) for first, stop in days]
    return tuple(found)


@derived
def _assigned(m: ModelView) -> Mapping[str, Sequence[int]]:
    """Return where in their table the assignments to each position stand."""
    found: dict[str, list[int]] = {}
    for place, position in enumerate(m.column(Assignment.position)):
        found.setdefault(position, []).append(place)
    return MappingProxyType(found)


@derived
def _absences(m: ModelView) -> Mapping[str, Sequence[Days]]:
    """Return when people are absent, by their ids."""
    found: dict[str, list[Days]] = {}
    if m.schema.heirs(Absence):
        for person, period in zip(m.column(Absence.person), m.column(Absence.period), strict=True):
            found.setdefault(person, []).append(interval(period))
    return MappingProxyType(found)


def _existence(m: ModelView, positions: Iterable[str]) -> Mapping[str, Days]:
    """Return when those of some positions exist that ever do."""
    index, statuses, periods = m.place_index(Position), m.column(Position.status), m.column(Position.period)
    places = {position: index[position] for position in positions if position in index}
    return {
        position: interval(periods[place])
        for position, place in places.items()
        if statuses[place] not in ("planned", "closed")
    }


def _shared(a: Days, b: Days) -> Days:
    return max(a[0], b[0]), min(a[1], b[1])


def _outside(days: Days, taken: Iterable[Days]) -> Iterator[Days]:
    """Yield what is left of some days once others are taken out."""
    first, stop = days
    for begin, end in sorted(taken):
        if begin < end and end > first:
            if begin > first:
                yield first, min(begin, stop)
            first = max(first, end)
        if first >= stop:
            return
    if first < stop:
        yield first, stop


@frozen(eq=False, repr=False)
class _There:
    """How much is there of some positions and of all that may stand in for them.

    Attributes:
        lines: what those who hold each are there with, in parts.
        existence: when those exist that ever do.
        terms: who may stand in for whom.
    """

    lines: Mapping[str, Sequence[Step]]
    existence: Mapping[str, Days]
    terms: Terms

    def covered(self, position: str, since: int) -> Iterator[Step]:
        """Yield what is there of a position, deputies included from a day on."""
        for step in self.lines[position]:
            if step.held or step.stop <= since or position not in self.terms:
                yield step
                continue
            if step.first < since:
                yield step._replace(stop=since)
            first = max(step.first, since)
            while first < step.stop:
                by, until = nearest_manned(position, first, self.terms, self._manned)
                stop = min(until, step.stop)
                yield Step(first, stop, held_on(self.lines[by], first) if by is not None else 0, step.number)
                first = stop

    def _manned(self, position: str, on: int) -> tuple[bool, int]:
        """Tell whether anybody who holds a position that exists is there, and until when that is so."""
        step, (first, stop) = _step_on(self.lines[position], on), self.existence.get(position, (NEVER, NEVER))
        until = min([step.stop, *[mark for mark in (first, stop) if mark > on]])
        return bool(step.number) and first <= on < stop, until


def held_on(line: Sequence[Step], on: int) -> int:
    """Return what is held on a day, by the day's number, of what is held from the beginning of time to its end."""
    return _step_on(line, on).held


def _step_on(line: Sequence[Step], on: int) -> Step:
    return line[bisect_right(line, on, key=_first) - 1]


def _first(step: Step) -> int:
    return step.first
