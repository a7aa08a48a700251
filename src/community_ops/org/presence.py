"""Who is there for which position over some days: looked up once for most, day by day for those of whom it depends.

Most positions are held by the same people on every day, none of whom is away: these are steady. Of all others it is
kept when who holds them and is away, so that each day costs what changes and not the whole organisation.

Nothing is read but what being there depends on, and what comes of dates is cut off, so that an edit which changes
nobody's being there changes nothing here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.absences import Spells, spells_away
from community_ops.org.records import Assignment, Position

T = TypeVar("T")
People = tuple[str, ...]
Places = tuple[int, ...]
InForce = tuple[Places, Places]
"""Where in a table those stand that are in force on every one of some days, and those that are on some of them."""


@frozen(eq=False)
class Roster:
    """Who holds and who is there for each position on some days; made by `roster`.

    Positions are known by where they stand in their table.

    Attributes:
        steady: the people of each position that the same people hold on every day, none of them ever away.
        held: the assignments to each other position that is held on some day: who, and when.
        existence: when each of these exists, for those that do not on every day.
        away: when people are away.
        several: the positions of everybody who has more than one assignment, to whichever positions.
    """

    steady: Mapping[int, People]
    held: Mapping[int, Sequence[tuple[str, DateRange | None]]]
    existence: Mapping[int, DateRange | None]
    away: Spells
    several: Mapping[str, tuple[int, ...]]

    def holders(self, place: int, day: date) -> People:
        """Return who holds a position on a day, be they away, in the order of their assignments."""
        if place in self.steady:
            return self.steady[place]
        exists = self.existence.get(place)
        if exists is not None and not exists.covers(day):
            return ()
        held = [who for who, period in self.held.get(place, ()) if period is None or period.covers(day)]
        return tuple(dict.fromkeys(held))

    def present(self, place: int, day: date) -> People:
        """Return those of them who are there."""
        if place in self.steady:
            return self.steady[place]
        return tuple([who for who in self.holders(place, day) if not self._away(who, day)])

    def ever(self, place: int) -> Iterable[str]:
        """Return who holds a position on any of the days; some may be there more than once."""
        return self.steady.get(place) or [who for who, _ in self.held.get(place, ())]

    def _away(self, who: str, day: date) -> bool:
        spells = self.away.get(who, ())
        return any((start is None or start <= day) and (back is None or day < back) for start, back in spells)


@derived
def roster(m: ModelView, first: date, last: date) -> Roster:
    """Return who holds and who is there for each position from one day to another, both included."""
    (always, at_times), (lasting, passing) = assigned(m, first, last), existing(m, first, last)
    every = always if not at_times else tuple(sorted([*always, *at_times]))
    held, away = target_places(m, "assignment", "position"), spells_away(m, first, last)
    there = frozenset([*lasting, *passing])
    positions, people = taken(held, every), taken(m.column(Assignment.person), every)
    # One holder who is always there is what nearly all positions have; the others are gone through one by one.
    alone = dict(zip(positions, people, strict=True))
    changing = {held[place] for place in at_times}.union(passing)
    changing.update([position for position, who in zip(positions, people, strict=True) if who in away])
    changing &= there & alone.keys()
    apart = changing.union(_repeated(positions) & there)
    by_place: dict[int, list[int]] = {}
    for place, position in zip(every, positions, strict=True):
        if position in apart:
            by_place.setdefault(position, []).append(place)
    steady: dict[int, People] = {position: (who,) for position, who in alone.items() if position in there}
    whole, periods, existence = m.column(Assignment.person), m.column(Assignment.period), m.column(Position.period)
    for position in apart:
        if position in changing:
            del steady[position]
        else:
            steady[position] = tuple(dict.fromkeys([whole[place] for place in by_place[position]]))
    return Roster(
        steady=MappingProxyType(steady),
        held=MappingProxyType(
            {position: [(whole[i], periods[i]) for i in by_place[position]] for position in sorted(changing)}
        ),
        existence=MappingProxyType({place: existence[place] for place in passing}),
        away=away,
        several=MappingProxyType(_of_several(positions, people, there)),
    )


def _of_several(positions: Sequence[int], people: Sequence[str], there: Collection[int]) -> dict[str, tuple[int, ...]]:
    several, found = _repeated(people), dict[str, list[int]]()
    for position, who in zip(positions, people, strict=True) if several else ():
        if who in several and position in there:
            found.setdefault(who, []).append(position)
    return {who: tuple(dict.fromkeys(those)) for who, those in found.items()}


def _repeated(values: Sequence[T]) -> set[T]:
    once = set(values)
    return set() if len(once) == len(values) else {value for value, count in Counter(values).items() if count > 1}


@derived(cutoff=True)
def assigned(m: ModelView, first: date, last: date) -> InForce:
    """Return which assignments are in force on every day from one to another, and which on some; reads periods only."""
    return _split(enumerate(m.column(Assignment.period)), first, last)


@derived(cutoff=True)
def existing(m: ModelView, first: date, last: date) -> InForce:
    """Return which positions exist on every day from one to another, and which on some of them."""
    rows = enumerate(zip(m.column(Position.status), m.column(Position.period), strict=True))
    open_ones = [(place, period) for place, (status, period) in rows if status not in ("planned", "closed")]
    return _split(open_ones, first, last)


def taken(values: tuple[T, ...], places: Sequence[int]) -> tuple[T, ...]:
    """Return the values of a column that stand in some places, which are in order and each given once."""
    return values if len(places) == len(values) else tuple([values[place] for place in places])


def _split(periods: Iterable[tuple[int, DateRange | None]], first: date, last: date) -> InForce:
    always, at_times = list[int](), list[int]()
    for place, period in periods:
        if period is None:
            always.append(place)
            continue
        start, end = period.start, period.end
        if (start is None or start <= last) and (end is None or end >= first):
            whole = (start is None or start <= first) and (end is None or end >= last)
            (always if whole else at_times).append(place)
    return tuple(always), tuple(at_times)
