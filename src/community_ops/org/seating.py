"""`Seating`: how one position is staffed on a day, with since when and until when.

Full-time equivalents decide how many seats are filled, because two people may share one: the assigned FTE
over the FTE of a seat, rounded up; at least one seat for whoever holds the position at all; never more than
there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from attrs import frozen

from community_ops.kernel.values import DateRange
from community_ops.org.timeline import EVER, Step, interval, steps, stretch

HANDOVER_DAYS = 14
"""How many days a leaver and a successor may overlap before a position counts as over-filled by default."""


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


def seats_filled(seats: int, seat: int, fte: int, count: int) -> int:
    """Return how many seats are filled by some people with some FTE in sum.

    Args:
        seats: how many there are.
        seat: the FTE of one, in parts.
        fte: the FTE assigned, in parts.
        count: how many people that is.
    """
    if not count:
        return 0
    return min(seats, max(1, -(-fte // seat)) if seat else count)


def gathered(held: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Return the places of assignments by the position they are to, from pairs of both."""
    found: dict[int, list[int]] = {}
    for place, position in held:
        found.setdefault(position, []).append(place)
    return found


@frozen(eq=False, kw_only=True)
class Holdings:
    """All assignments ever, as columns, and when positions exist; positions and assignments are known by place.

    Attributes:
        at: the day.
        ids: the assignments' ids.
        people: who each is of.
        positions: where in the table of positions the position of each assignment stands.
        periods: when each holds.
        acting: whether each only acts.
        parts: the FTE of each.
        now: the places of those in force on the day.
        opened: since when each position has been looking for a holder.
        existence: when each position exists.
    """

    at: date
    ids: tuple[str, ...]
    people: tuple[str, ...]
    positions: tuple[int, ...]
    periods: tuple[DateRange | None, ...]
    acting: tuple[bool, ...]
    parts: tuple[int, ...]
    now: tuple[int, ...]
    opened: tuple[date | None, ...]
    existence: tuple[DateRange | None, ...]

    @cached_property
    def index(self) -> Mapping[int, Sequence[int]]:
        """The assignments to each position that ever had one."""
        return gathered(enumerate(self.positions))

    def of(self, positions: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """Return the assignments to each of some positions, in one pass over all."""
        wanted = frozenset(positions)
        every = enumerate(self.positions) if wanted else ()
        return gathered([(place, position) for place, position in every if position in wanted])

    def people_at(self, positions: Sequence[int]) -> tuple[tuple[str, ...], ...]:
        """Return who holds each of some positions by assignments in force, each once."""
        held = gathered((place, self.positions[place]) for place in self.now)
        people = self.people
        return tuple([tuple(dict.fromkeys([people[i] for i in held.get(place, ())])) for place in positions])

    def in_force(self, places: Sequence[int]) -> list[int]:
        """Return those of some assignments that are in force on the day."""
        periods = ((place, self.periods[place]) for place in places)
        return [place for place, period in periods if period is None or period.covers(self.at)]

    def timeline(self, places: Sequence[int]) -> list[Step]:
        """Return what some assignments come to in sum, over all time."""
        return steps((*interval(self.periods[place]), self.parts[place]) for place in places)

    def first_day(self, position: int, day: int) -> date | None:
        """Return a day of a position as a date; for one before all days when it was opened, or None for unknown."""
        opened, existence = self.opened[position], self.existence[position]
        exists_from = None if existence is None else existence.start
        if day != EVER:
            first = date.fromordinal(day)
            return max(first, exists_from) if exists_from else first
        return opened if opened and opened <= self.at else exists_from

    def around(self, line: Sequence[Step], seats: int, seat: int) -> tuple[tuple[int, int] | None, ...]:
        """Return the days around this one with an open seat, and with more FTE than planned."""
        today = self.at.toordinal()
        some_open = stretch(line, today, lambda step: seats_filled(seats, seat, step.held, step.number) < seats)
        return some_open, stretch(line, today, lambda step: step.held > seats * seat)

    def vacant_since(self, position: int, places: Sequence[int]) -> date | None:
        """Return since when nobody holds a position, given all assignments to it, none of which is in force."""
        days = [interval(self.periods[place]) for place in places]
        today = self.at.toordinal()
        return self.first_day(position, max((stop for first, stop in days if first < stop <= today), default=EVER))
