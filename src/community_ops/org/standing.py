"""Who is there for each position on a day, and who stands in for it; without the lines, which may change freely."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.absences import people_away
from community_ops.org.presence import People, Roster, roster
from community_ops.org.records import Deputy
from community_ops.org.weeks import weeks_from


class Limited(NamedTuple):
    """A deputy of a position.

    Attributes:
        deputy: where it stands in the table of positions.
        scope: the records it is for; empty for all.
        id: the `Deputy`.
    """

    deputy: int
    scope: tuple[Ref, ...]
    id: str


Deputies = Mapping[int, Sequence[Limited]]


@derived
def deputies_asked(m: ModelView) -> tuple[tuple[int, int, Limited], ...]:
    """Return all deputies there ever were, in the order in which they are asked.

    Positions are known by where they stand in their table. Deputies between positions of which one does not exist are
    left out, and so are those of a position for itself.

    Returns:
        Of each deputy where it stands in its own table, the position it is for, and the deputy; none where a schema
        has no such table.
    """
    if not m.schema.heirs(Deputy):
        return ()
    ids, orders, scopes = m.ids(Deputy), m.column(Deputy.order), m.column(Deputy.scope)
    positions, deputies = target_places(m, "deputy", "position"), target_places(m, "deputy", "deputy")
    nowhere = len(m.ids("position"))
    there = [i for i, (one, other) in enumerate(zip(positions, deputies, strict=True)) if nowhere not in (one, other)]
    there.sort(key=lambda place: (orders[place], ids[place]))
    return tuple(
        [(i, positions[i], Limited(deputies[i], scopes[i], ids[i])) for i in there if positions[i] != deputies[i]]
    )


@derived(cutoff=True)
def _deputies_in_force(m: ModelView, at: date) -> tuple[int, ...]:
    periods = enumerate(m.column(Deputy.period)) if m.schema.heirs(Deputy) else ()
    return tuple([place for place, period in periods if period is None or period.covers(at)])


@derived
def deputies_at(m: ModelView, at: date) -> Deputies:
    """Return the deputies of each position that are in force on a day, in the order in which they are asked.

    Positions, and which deputies are left out, are as in `deputies_asked`.
    """
    in_force = frozenset(_deputies_in_force(m, at))
    found: dict[int, list[Limited]] = {}
    for place, position, one in deputies_asked(m):
        if place in in_force:
            found.setdefault(position, []).append(one)
    return MappingProxyType({position: tuple(those) for position, those in found.items()})


def unlimited(deputies: Deputies) -> dict[int, tuple[int, ...]]:
    """Return the deputies for everything, as places, of the positions that have any."""
    found = {position: tuple([one.deputy for one in those if not one.scope]) for position, those in deputies.items()}
    return {position: places for position, places in found.items() if places}


def following_deputies(deputies: Mapping[int, tuple[int, ...]], manned: Callable[[int], bool]) -> dict[int, int]:
    """Return for each position not manned the deputy on the way to the nearest that is, the nearest such first."""
    asked_by: dict[int, list[int]] = {}
    for position, those in deputies.items():
        if not manned(position):
            for deputy in those:
                asked_by.setdefault(deputy, []).append(position)
    distances = {deputy: 0 for deputy in asked_by if manned(deputy)}
    queue = list(distances)
    found: dict[int, int] = {}
    for deputy in queue:
        for position in asked_by.get(deputy, ()):
            if position not in distances:
                distances[position] = distances[deputy] + 1
                queue.append(position)
    for position in queue:
        if distances[position]:
            near = distances[position] - 1
            found[position] = next(one for one in deputies[position] if distances.get(one) == near)
    return found


@frozen(eq=False)
class Standing:
    """Who is there for each position on a day, and who stands in for it; made by `standing`.

    Positions are known by where they stand in their table.

    Attributes:
        at: the day.
        manned: those who hold each position and are there, for the positions of which anybody is.
        away: who is away, with the day on which they are back, as in `people_away`.
        deputies: the deputies of each position, as in `deputies_at`.
        following: for each position that is not manned the deputy on the way to the nearest one that is, the nearest
            first; only deputies for everything count.
    """

    at: date
    manned: Mapping[int, People]
    away: Mapping[str, date | None]
    deputies: Deputies
    following: Mapping[int, int]
    _roster: Roster = field(alias="roster")

    def holders(self, place: int) -> People:
        """Return who holds a position that exists, be they away, in the order of their assignments."""
        return self._roster.holders(place, self.at)

    def along(self, place: int) -> list[int]:
        """Return the way from a position to the nearest manned one along deputies, both included; empty for none."""
        way = [place]
        while way[-1] in self.following:
            way.append(self.following[way[-1]])
        return way if way[-1] in self.manned else []

    def back(self, place: int) -> date | None:
        """Return the first day on which one of those who hold a position and are away is back; None for unknown."""
        known = [day for day in map(self.away.get, self.holders(place)) if day is not None]
        return min(known, default=None)

    @cached_property
    def deserted(self) -> Mapping[int, date | None]:
        """The positions that are held by people who are all away, in table order, with the day one is back."""
        held = [place for place in self._roster.held if place not in self.manned and self.holders(place)]
        return MappingProxyType({place: self.back(place) for place in held})


@derived
def standing(m: ModelView, at: date) -> Standing:
    """Return who is there for each position on a day, and who stands in for it."""
    those, deputies = roster(m, *weeks_from(at)), deputies_at(m, at)
    there = [(place, those.present(place, at)) for place in those.held]
    manned = {**those.steady, **{place: people for place, people in there if people}}
    following = following_deputies(unlimited(deputies), manned.__contains__)
    return Standing(
        at=at, manned=MappingProxyType(manned), away=people_away(m, at), deputies=deputies,
        following=MappingProxyType(following), roster=those,
    )  # fmt: skip
