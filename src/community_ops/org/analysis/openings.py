"""Open seats: which there are, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.distribution import Distribution
from community_ops.org.analysis.text import table
from community_ops.org.holding import staffing
from community_ops.org.placement import home_at
from community_ops.org.records import Position

AGE_BANDS = (30, 60, 90, 180, 365)
"""Where bands of ages end, in days."""


@frozen(kw_only=True)
class Vacancy:
    """A position with open seats.

    Attributes:
        position: its id.
        unit: the id of the unit it sits in; None where that does not exist.
        status: its status, such as `"hiring"` or `"frozen"`.
        open_seats: how many of its seats are not filled.
        vacant: whether nobody holds it at all.
        since: the first day of the unbroken time in which some seat was not filled; None where nothing tells, as in
            `Seating.open_since`.
        days: how many days that is before the day asked about; None where nothing tells.
    """

    position: str
    unit: str | None
    status: str
    open_seats: int
    vacant: bool
    since: date | None
    days: int | None


@frozen(kw_only=True)
class Vacancies:
    """All positions with open seats on a day; made by `vacancies`.

    Attributes:
        at: the day.
        vacancies: the positions, in table order.
        open_seats: how many seats are open.
        seats: how many seats there are, open or filled.
        ages: how the days are distributed, over the positions of which it is known since when.
        unknown: of how many positions it is not.
    """

    at: date
    vacancies: tuple[Vacancy, ...]
    open_seats: int
    seats: int
    ages: Distribution
    unknown: int

    @property
    def rate(self) -> float | None:
        """Open seats among all seats, from 0 to 1; None where there are no seats."""
        return self.open_seats / self.seats if self.seats else None

    @property
    def by_unit(self) -> Mapping[str | None, tuple[Vacancy, ...]]:
        """The positions with open seats by the unit they sit in; None for those in one that does not exist."""
        found: dict[str | None, list[Vacancy]] = {}
        for one in self.vacancies:
            found.setdefault(one.unit, []).append(one)
        return MappingProxyType({unit: tuple(ones) for unit, ones in found.items()})

    def __str__(self) -> str:
        oldest = sorted(self.vacancies, key=lambda one: -1 if one.days is None else one.days, reverse=True)
        rows = [(one.position, one.unit, one.open_seats, one.since, one.days) for one in oldest]
        first = f"{self.open_seats} of {self.seats} seats open on {self.at}"
        return f"{first}\n{table(('position', 'unit', 'open', 'since', 'days'), rows)}" if rows else first


@derived
def vacancies(m: ModelView, at: date, edges: tuple[int, ...] = AGE_BANDS) -> Vacancies:
    """Return all positions with open seats on a day, with since when. Linear.

    Args:
        m: the model.
        at: the day.
        edges: the greatest age, in days, of every band but the last.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> opened = date(2026, 1, 1)
        >>> model = OperatingModel.of(Position(id="agent", title="Agent", unit="hq", seats=2, opened=opened))
        >>> print(vacancies(model, date(2026, 3, 2)))
        2 of 2 seats open on 2026-03-02
        position  unit  open       since  days
        agent        -     2  2026-01-01    60
    """
    staffed, index, status = staffing(m, at), m.place_index(Position), m.column(Position.status)
    found = tuple(
        [
            Vacancy(
                position=one.position,
                unit=home_at(m, index[one.position]),
                status=status[index[one.position]],
                open_seats=one.open_seats,
                vacant=one.vacant,
                since=one.open_since,
                days=None if one.open_since is None else (at - one.open_since).days,
            )
            for one in staffed.of(staffed.understaffed)
        ]
    )
    ages = [one.days for one in found if one.days is not None]
    return Vacancies(
        at=at,
        vacancies=found,
        open_seats=sum(one.open_seats for one in found),
        seats=sum(staffed.seats),
        ages=Distribution.of(ages, "positions by days with an open seat", edges, low=0),
        unknown=len(found) - len(ages),
    )
