"""Who holds what: assignments in force, and how every position is staffed on a day.

A position counts on a day if it exists then: its status is neither planned nor closed, and its period covers
the day. An assignment counts while its period covers the day, whoever the person is; whether such a person
exists and is employed is for rules to say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import compress
from operator import gt, lt, mul
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from attrs import field, fields, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import target_places
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.lookup import look_up
from community_ops.org.presence import Places, assigned, existing, taken
from community_ops.org.records import Assignment, Position
from community_ops.org.seating import HANDOVER_DAYS, Holdings, Seating, gathered, seats_filled
from community_ops.org.timeline import period_of
from community_ops.org.weeks import weeks_from

T = TypeVar("T")


@derived(cutoff=True)
def places_in_force(m: ModelView, at: date) -> tuple[int, ...]:
    """Return where in the table of assignments those in force on a day stand; reads their periods only."""
    always, at_times = assigned(m, *weeks_from(at))
    return _on(at, always, at_times, m.column(Assignment.period))


def _on(at: date, always: Places, at_times: Places, periods: Sequence[DateRange | None]) -> Places:
    """Return which of some places are in force on a day of some weeks, by what is on all days of these or on some."""
    today = [place for place in at_times if (period := periods[place]) is not None and period.covers(at)]
    return tuple(sorted([*always, *today])) if today else always


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
    place = look_up(m.place_index(Position), "position", position)
    ids, found = m.ids(Assignment), []
    for i in _places_by_position(m).get(place, ()):
        record = m[Ref("assignment", ids[i])]
        assert isinstance(record, Assignment)
        if record.period is None or record.period.covers(at):
            found.append(record)
    return tuple(found)


@derived
def _places_by_position(m: ModelView) -> Mapping[int, Sequence[int]]:
    """Return the places of all assignments to each position, in table order."""
    return MappingProxyType(gathered(enumerate(positions_held(m))))


@frozen(kw_only=True, eq=False, repr=False)
class Filling:
    """How far the seats of all positions that exist on a day are filled; made by `filling`.

    The attributes from `places` to `fte_parts` are tuples of one value a position, in the order of `positions`.

    Attributes:
        at: the day.
        positions: the ids of the positions that exist on the day, in table order.
        places: where in the table of positions they stand.
        seats: how many holders each is meant to have.
        filled: how many seats of each are filled.
        holders: by how many assignments in force each is held.
        seat_parts: the FTE of one seat of each, as a whole number of the parts of `scale`.
        fte_parts: the FTE assigned to each, likewise.
        scale: how large a part is.
        vacant: the ids of the positions that have seats and no holder.
        understaffed: the ids of the positions with a seat that is not filled, the vacant among them.
        crowded: the ids of the positions with more FTE than their seats are meant to take, be it in a
            handover.
    """

    at: date
    positions: tuple[str, ...]
    places: tuple[int, ...]
    seats: tuple[int, ...]
    filled: tuple[int, ...]
    holders: tuple[int, ...]
    seat_parts: tuple[int, ...]
    fte_parts: tuple[int, ...]
    scale: Scale
    vacant: tuple[str, ...]
    understaffed: tuple[str, ...]
    crowded: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.positions)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {self.at}: {sum(self.filled)} of {sum(self.seats)} seats filled>"


@frozen(kw_only=True, eq=False, repr=False)
class Staffing(Filling):
    """How all positions that exist on a day are staffed, with since when and by whom; made by `staffing`.

    Attributes are those of `Filling`, and `people`.
    """

    _index: Mapping[str, int] = field(alias="index")
    """Where in the table every position stands, whether or not it exists on the day."""
    _holdings: Holdings = field(alias="holdings")

    @cached_property
    def people(self) -> tuple[tuple[str, ...], ...]:
        """Who holds each position: ids, each once, in the order of the assignments."""
        return self._holdings.people_at(self.places)

    def get(self, position: str) -> Seating | None:
        """Return how a position is staffed; None if it does not exist on the day.

        Raises:
            UnknownRecord: there is no such position on any day.
        """
        row = self._row(position)
        return None if row is None else self._seating(row, self._holdings.index)

    def of(self, positions: Iterable[str]) -> Iterator[Seating]:
        """Yield how each of some positions is staffed, without those that do not exist on the day."""
        rows = [row for row in map(self._row, positions) if row is not None]
        held = self._holdings.of([self.places[row] for row in rows])
        return (self._seating(row, held) for row in rows)

    def vacant_since(self) -> Mapping[str, date | None]:
        """Return since when nobody holds each vacant position; None where nothing tells, as in `Seating`."""
        places = [self._index[id] for id in self.vacant]
        held = self._holdings.of(places)
        since = [self._holdings.vacant_since(place, held.get(place, ())) for place in places]
        return dict(zip(self.vacant, since, strict=True))

    def over_filled(self, handover_days: int = HANDOVER_DAYS) -> tuple[str, ...]:
        """Return the ids of the positions with more FTE than planned for longer than a handover.

        Args:
            handover_days: how many days a leaver and a successor may overlap.
        """
        return tuple([one.position for one in self.of(self.crowded) if one.over_filled(handover_days)])

    def __iter__(self) -> Iterator[Seating]:
        """Yield how every position is staffed, in table order."""
        return (self._seating(row, self._holdings.index) for row in range(len(self.positions)))

    def _row(self, position: str) -> int | None:
        place = look_up(self._index, "position", position)
        row = bisect_left(self.places, place)
        return row if row < len(self.places) and self.places[row] == place else None

    def _seating(self, row: int, held: Mapping[int, Sequence[int]]) -> Seating:
        place, holdings = self.places[row], self._holdings
        seats, seat, fte = self.seats[row], self.seat_parts[row], self.fte_parts[row]
        every = held.get(place, ())
        now = holdings.in_force(every)
        # Where all seats are filled and no more, there is nothing to date.
        line = holdings.timeline(every) if self.filled[row] < seats or fte > seats * seat else []
        some_open, excess = holdings.around(line, seats, seat)
        return Seating(
            position=self.positions[row],
            seats=seats,
            filled=self.filled[row],
            seat_fte=self.scale.decimal(seat),
            fte=self.scale.decimal(fte),
            assignments=tuple([holdings.ids[i] for i in now]),
            people=tuple(dict.fromkeys(holdings.people[i] for i in now)),
            acting=bool(now) and all(holdings.acting[i] for i in now),
            open_since=holdings.first_day(place, some_open[0]) if some_open else None,
            vacant_since=holdings.vacant_since(place, every) if seats and not now else None,
            excess=period_of(*excess) if excess else None,
        )


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
    found = filling(m, at)
    return Staffing(
        **{attribute.name: getattr(found, attribute.name) for attribute in fields(Filling)},
        index=m.place_index(Position),
        holdings=Holdings(
            at=at,
            ids=m.ids(Assignment),
            people=m.column(Assignment.person),
            positions=positions_held(m),
            now=places_in_force(m, at),
            periods=m.column(Assignment.period),
            acting=m.column(Assignment.acting),
            parts=fte_parts(m).fte,
            opened=m.column(Position.opened),
            existence=m.column(Position.period),
        ),
    )


@derived
def filling(m: ModelView, at: date) -> Filling:
    """Return how far the seats of all positions that exist on a day are filled."""
    parts, places = fte_parts(m), positions_in_existence(m, at)
    ids, seats = taken(m.ids(Position), places), taken(m.column(Position.seats), places)
    seat = taken(parts.seat, places)
    holders, fte = taken(_holders(m, at), places), taken(_amounts(m, at), places)
    filled = list(holders)
    for row, (count, number) in enumerate(zip(seats, holders, strict=True)):
        if count != 1 or number > 1:  # one seat and at most one holder is what nearly all positions are
            filled[row] = seats_filled(count, seat[row], fte[row], number)
    open_rows = tuple(compress(range(len(ids)), map(lt, filled, seats)))
    return Filling(
        at=at,
        positions=ids,
        places=places,
        seats=seats,
        filled=tuple(filled),
        holders=holders,
        seat_parts=seat,
        fte_parts=fte,
        scale=parts.scale,
        vacant=tuple([ids[row] for row in open_rows if not holders[row]]),
        understaffed=tuple([ids[row] for row in open_rows]),
        crowded=tuple(compress(ids, map(gt, fte, map(mul, seats, seat)))),
    )


@derived
def _holders(m: ModelView, at: date) -> tuple[int, ...]:
    """Return by how many assignments in force each position is held, in table order."""
    holders = [0] * (len(m.ids(Position)) + 1)  # the last for assignments to positions that are not there
    for position in taken(positions_held(m), places_in_force(m, at)):
        holders[position] += 1
    return tuple(holders[:-1])


@derived
def _amounts(m: ModelView, at: date) -> tuple[int, ...]:
    """Return how much FTE is assigned to each position by assignments in force, in table order."""
    in_force, parts = places_in_force(m, at), fte_parts(m).fte
    amounts = [0] * (len(m.ids(Position)) + 1)  # the last for assignments to positions that are not there
    for position, part in zip(taken(positions_held(m), in_force), taken(parts, in_force), strict=True):
        amounts[position] += part
    return tuple(amounts[:-1])


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


def positions_held(m: ModelView) -> tuple[int, ...]:
    """Return where in the table of positions the position of each assignment stands; its length for none."""
    return target_places(m, "assignment", "position")


@derived(cutoff=True)
def positions_in_existence(m: ModelView, at: date) -> tuple[int, ...]:
    """Return where in the table of positions those stand that exist on a day."""
    always, at_times = existing(m, *weeks_from(at))
    return _on(at, always, at_times, m.column(Position.period))
