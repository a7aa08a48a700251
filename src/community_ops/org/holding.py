"""Who holds what: assignments in force, and how every position is staffed on a day.

A position counts on a day if it exists then: its status is neither planned nor closed, and its period covers
the day. An assignment counts while its period covers the day, whoever the person is; whether such a person
exists and is employed is for rules to say.

Full-time equivalents decide how many seats are filled, because two people may share one: the assigned FTE
over the FTE of a seat, rounded up; at least one seat for whoever holds the position at all; never more than
there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.lookup import look_up
from community_ops.org.records import Assignment, Position
from community_ops.org.timeline import EVER, Step, interval, period_of, steps, stretch

HANDOVER_DAYS = 14
"""How many days a leaver and a successor may overlap before a position counts as over-filled by default."""


@derived
def places_in_force(m: ModelView, at: date) -> tuple[int, ...]:
    """Return where in the table of assignments those in force on a day stand; reads their periods only."""
    # `DateRange.covers` written out: this runs over every assignment after every change of a period.
    return tuple(
        [
            place
            for place, period in enumerate(m.column(Assignment.period))
            if period is None
            or (((start := period.start) is None or start <= at) and ((end := period.end) is None or at <= end))
        ]
    )


def assignments_at(m: ModelView, at: date) -> tuple[Assignment, ...]:
    """Return the assignments in force on a day, in table order.

    Example:
        >>> from community_ops import Assignment, DateRange, OperatingModel
        >>> until_may = DateRange(end=date(2026, 5, 31))
        >>> model = OperatingModel.of(Assignment(id="a1", person="ann", position="ceo", period=until_may))
        >>> [len(assignments_at(model, date(2026, month, 1))) for month in (5, 6)]
        [1, 0]
    """
    records = m.table(Assignment).records
    return tuple([records[place] for place in places_in_force(m, at)])


def holders(m: ModelView, position: str, at: date) -> tuple[Assignment, ...]:
    """Return the assignments to a position that are in force on a day, in table order.

    Raises:
        UnknownRecord: there is no such position.
    """
    found = []
    for id in staffing(m, at).assignments_of(m[Ref("position", position)].id):
        record = m[Ref("assignment", id)]
        assert isinstance(record, Assignment)
        found.append(record)
    return tuple(found)


@frozen(kw_only=True)
class Seating:
    """How one position is staffed on a day.

    Attributes:
        position: its id.
        seats: how many holders it is meant to have.
        filled: how many of the seats are filled.
        seat_fte: full-time equivalents of one seat.
        fte: full-time equivalents assigned.
        assignments: the ids of the assignments in force, in table order.
        people: the ids of the people who hold it, each once, in the order of the assignments.
        acting: whether there are holders and all of them only act.
        open_since: the first day of the unbroken time in which some seat was not filled; None where all are,
            or where nothing tells: no assignment ended, `Position.opened` is empty, and so is the start of
            the position's period, in this order.
        vacant_since: the same for the time in which nobody held it.
        excess: the days around this one on which more FTE is assigned than the seats are meant to take; None
            where it is not more.
    """

    position: str
    seats: int
    filled: int
    seat_fte: Decimal
    fte: Decimal
    assignments: tuple[str, ...]
    people: tuple[str, ...]
    acting: bool
    open_since: date | None
    vacant_since: date | None
    excess: DateRange | None

    @property
    def vacant(self) -> bool:
        """Whether it has seats and nobody holds it."""
        return self.seats > 0 and not self.assignments

    @property
    def open_seats(self) -> int:
        """How many seats are not filled."""
        return self.seats - self.filled

    def over_filled(self, handover_days: int = HANDOVER_DAYS) -> bool:
        """Tell whether more FTE is assigned than the seats are meant to take, for longer than a handover.

        Args:
            handover_days: how many days a leaver and a successor may overlap.
        """
        return self.excess is not None and (self.excess.days is None or self.excess.days > handover_days)

    def __str__(self) -> str:
        return f"{self.filled} of {self.seats} seats filled"


@frozen(eq=False)
class _Held:
    """What a staffing looks up when it is asked for one position: columns of the tables, and places in them."""

    ids: tuple[str, ...]
    people: tuple[str, ...]
    periods: tuple[DateRange | None, ...]
    acting: tuple[bool, ...]
    parts: tuple[int, ...]
    by_position: Mapping[str, list[int]]
    """All assignments to each position, whether in force or not."""
    in_force: frozenset[int]
    """The places of the assignments in force on the day."""
    opened: tuple[date | None, ...]
    existence: tuple[DateRange | None, ...]
    exists: tuple[int, ...]
    """Where in the table of positions those that exist on the day stand."""

    def now(self, position: str) -> list[int]:
        """Return the places of the assignments to a position that are in force."""
        return [place for place in self.by_position.get(position, ()) if place in self.in_force]


@frozen(kw_only=True, eq=False, repr=False)
class Staffing:
    """How all positions that exist on a day are staffed; made by `staffing`.

    The attributes from `seats` to `people` are tuples of one value a position, in the order of `positions`.

    Attributes:
        at: the day.
        positions: the ids of the positions that exist on the day, in table order.
        seats: how many holders each is meant to have.
        filled: how many seats of each are filled.
        seat_parts: the FTE of one seat of each, as a whole number of the parts of `scale`.
        fte_parts: the FTE assigned to each, likewise.
        people: who holds each: ids, each once.
        scale: how large a part is.
        vacant: the ids of the positions that have seats and no holder.
        understaffed: the ids of the positions with a seat that is not filled, the vacant among them.
        crowded: the ids of the positions with more FTE than their seats are meant to take, be it in a
            handover.
    """

    at: date
    positions: tuple[str, ...]
    seats: tuple[int, ...]
    filled: tuple[int, ...]
    seat_parts: tuple[int, ...]
    fte_parts: tuple[int, ...]
    people: tuple[tuple[str, ...], ...]
    scale: Scale
    vacant: tuple[str, ...]
    understaffed: tuple[str, ...]
    crowded: tuple[str, ...]
    _index: Mapping[str, int | None] = field(alias="index")
    """Where each position stands in `positions`; None for one that does not exist on the day."""
    _held: _Held = field(alias="held")

    def get(self, position: str) -> Seating | None:
        """Return how a position is staffed; None if it does not exist on the day.

        Raises:
            UnknownRecord: there is no such position on any day.
        """
        place = look_up(self._index, "position", position)
        return None if place is None else self._seating(place)

    def assignments_of(self, position: str) -> tuple[str, ...]:
        """Return the ids of the assignments to a position that are in force, whether or not it exists."""
        return tuple([self._held.ids[place] for place in self._held.now(position)])

    def over_filled(self, handover_days: int = HANDOVER_DAYS) -> tuple[str, ...]:
        """Return the ids of the positions with more FTE than planned for longer than a handover.

        Args:
            handover_days: how many days a leaver and a successor may overlap.
        """
        return tuple([one.position for one in self.of(self.crowded) if one.over_filled(handover_days)])

    def of(self, positions: Iterable[str]) -> Iterator[Seating]:
        """Yield how each of some positions is staffed, without those that do not exist on the day."""
        return (seating for seating in map(self.get, positions) if seating is not None)

    def __iter__(self) -> Iterator[Seating]:
        """Yield how every position is staffed, in table order."""
        return map(self._seating, range(len(self.positions)))

    def __len__(self) -> int:
        return len(self.positions)

    def __repr__(self) -> str:
        return f"<Staffing on {self.at}: {sum(self.filled)} of {sum(self.seats)} seats filled>"

    def _seating(self, place: int) -> Seating:
        position, held = self.positions[place], self._held
        seats, seat, fte = self.seats[place], self.seat_parts[place], self.fte_parts[place]
        now = held.now(position)
        line: list[Step] = []
        if self.filled[place] < seats or fte > seats * seat:  # else there is nothing to date
            every = held.by_position.get(position, [])
            line = steps((*interval(held.periods[i]), held.parts[i]) for i in every)
        today = self.at.toordinal()
        some_open = stretch(line, today, lambda step: _filled(seats, seat, step.held, step.number) < seats)
        nobody = stretch(line, today, lambda step: not step.number) if seats else None
        excess = stretch(line, today, lambda step: step.held > seats * seat)
        return Seating(
            position=position,
            seats=seats,
            filled=self.filled[place],
            seat_fte=self.scale.decimal(seat),
            fte=self.scale.decimal(fte),
            assignments=tuple([held.ids[i] for i in now]),
            people=self.people[place],
            acting=bool(now) and all(held.acting[i] for i in now),
            open_since=self._first_day(place, some_open),
            vacant_since=self._first_day(place, nobody),
            excess=period_of(*excess) if excess else None,
        )

    def _first_day(self, place: int, days: tuple[int, int] | None) -> date | None:
        if days is None:
            return None
        held, at = self._held, self._held.exists[place]
        opened, existence = held.opened[at], held.existence[at]
        exists_from = None if existence is None else existence.start
        if days[0] != EVER:
            first = date.fromordinal(days[0])
            return max(first, exists_from) if exists_from else first
        return opened if opened and opened <= self.at else exists_from


def _filled(seats: int, seat: int, fte: int, count: int) -> int:
    """Return how many seats are filled by some people with some FTE in sum."""
    if not count:
        return 0
    return min(seats, max(1, -(-fte // seat)) if seat else count)


@derived
def staffing(m: ModelView, at: date) -> Staffing:
    """Return how all positions that exist on a day are staffed.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Position
        >>> model = OperatingModel.of(
        ...     Position(id="agent", title="Agent", unit="service", seats=2),
        ...     Assignment(id="a1", person="ann", position="agent", fte="0.5"),
        ...     Assignment(id="a2", person="ben", position="agent", fte="0.5"),
        ... )
        >>> print(staffing(model, date(2026, 3, 2)).get("agent"))
        1 of 2 seats filled
    """
    existing, parts = _existing(m, at), fte_parts(m)
    in_force = places_in_force(m, at)
    holding, amounts = _in_force(m, in_force, parts.fte)
    seats = m.column(Position.seats)
    filled, fte, people = [], [], []
    nobody: tuple[str, ...] = ()
    for place, id in zip(existing.places, existing.ids, strict=True):
        held = holding.get(id, nobody)
        amount = amounts.get(id, 0)
        # One seat and one holder is what nearly all positions are.
        count = len(held)
        filled.append(count if count <= 1 == seats[place] else _filled(seats[place], parts.seat[place], amount, count))
        fte.append(amount)
        people.append(held if count <= 1 else tuple(dict.fromkeys(held)))
    seat_counts = tuple([seats[place] for place in existing.places])
    seat_parts = tuple([parts.seat[place] for place in existing.places])
    planned = [count * part for count, part in zip(seat_counts, seat_parts, strict=True)]
    return Staffing(
        at=at,
        positions=existing.ids,
        seats=seat_counts,
        filled=tuple(filled),
        seat_parts=seat_parts,
        fte_parts=tuple(fte),
        people=tuple(people),
        scale=parts.scale,
        vacant=tuple(
            [id for id, count, held in zip(existing.ids, seat_counts, people, strict=True) if count and not held]
        ),
        understaffed=tuple(
            [id for id, count, full in zip(existing.ids, seat_counts, filled, strict=True) if full < count]
        ),
        crowded=tuple([id for id, most, held in zip(existing.ids, planned, fte, strict=True) if held > most]),
        index=existing.places_by_id,
        held=_Held(
            ids=m.ids(Assignment),
            people=m.column(Assignment.person),
            periods=m.column(Assignment.period),
            acting=m.column(Assignment.acting),
            parts=parts.fte,
            by_position=_places_by_position(m),
            in_force=frozenset(in_force),
            opened=m.column(Position.opened),
            existence=m.column(Position.period),
            exists=existing.places,
        ),
    )


def _in_force(
    m: ModelView, in_force: Iterable[int], fte: Sequence[int]
) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Return who holds each position by assignments in force, and how much FTE is assigned to it."""
    positions, people = m.column(Assignment.position), m.column(Assignment.person)
    holding: dict[str, tuple[str, ...]] = {}
    amounts: dict[str, int] = {}
    several: dict[str, list[str]] = {}
    for place in in_force:
        position = positions[place]
        if position in holding:
            # Lists only where there are several: nearly all positions have one holder.
            several.setdefault(position, [*holding[position]]).append(people[place])
            amounts[position] += fte[place]
        else:
            holding[position] = (people[place],)
            amounts[position] = fte[place]
    holding.update({position: tuple(held) for position, held in several.items()})
    return holding, amounts


class FteParts(NamedTuple):
    """All full-time equivalents as whole numbers of the parts of one scale.

    Attributes:
        scale: how large a part is.
        seat: the FTE of a seat of each position, in table order.
        fte: the FTE of each assignment, in table order.
    """

    scale: Scale
    seat: tuple[int, ...]
    fte: tuple[int, ...]


@derived
def fte_parts(m: ModelView) -> FteParts:
    """Return the FTE of every seat and every assignment, in table order, as whole parts of one scale."""
    seat, fte = m.column(Position.seat_fte), m.column(Assignment.fte)
    scale = Scale.of([*seat, *fte])
    return FteParts(scale, tuple(scale.parts(seat)), tuple(scale.parts(fte)))


@derived
def _places_by_position(m: ModelView) -> Mapping[str, list[int]]:
    """Return the places of all assignments to each position, in table order."""
    found: dict[str, list[int]] = {}
    for place, position in enumerate(m.column(Assignment.position)):
        found.setdefault(position, []).append(place)
    return MappingProxyType(found)


class _Existing(NamedTuple):
    """The positions that exist on a day."""

    places: tuple[int, ...]
    ids: tuple[str, ...]
    places_by_id: Mapping[str, int | None]


@derived
def _existing(m: ModelView, at: date) -> _Existing:
    places = positions_in_existence(m, at)
    every = m.ids(Position)
    ids = every if len(places) == len(every) else tuple([every[place] for place in places])
    index: dict[str, int | None] = dict.fromkeys(every)
    index.update(zip(ids, range(len(ids)), strict=True))
    return _Existing(places, ids, MappingProxyType(index))


@derived
def positions_in_existence(m: ModelView, at: date) -> tuple[int, ...]:
    """Return where in the table of positions those stand that exist on a day."""
    columns = enumerate(zip(m.column(Position.status), m.column(Position.period), strict=True))
    return tuple(
        [
            place
            for place, (status, period) in columns
            if status not in ("planned", "closed") and (period is None or period.covers(at))
        ]
    )
