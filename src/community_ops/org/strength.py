"""How many positions, seats, people and full-time equivalents a unit or a manager has, with and without those below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.holding import Staffing, staffing
from community_ops.org.structure import Hierarchy, hierarchy, unit_tree


@frozen(kw_only=True)
class Strength:
    """How large a unit is on a day.

    Attributes:
        positions: how many positions exist.
        seats: how many holders they are meant to have.
        filled: how many of the seats are filled.
        people: how many people hold them; who holds several counts once.
        planned_fte: full-time equivalents of all seats.
        fte: full-time equivalents assigned.
    """

    positions: int
    seats: int
    filled: int
    people: int
    planned_fte: Decimal
    fte: Decimal

    def __str__(self) -> str:
        return f"{self.filled} of {self.seats} seats filled, {self.people} people, {self.fte} FTE"


@frozen(eq=False, repr=False)
class Headcount:
    """How large every unit is on a day; made by `headcount`. The same by manager is made by `headcount_below`."""

    _tree: Hierarchy = field(alias="tree")
    _scale: Scale = field(alias="scale")
    _own: tuple[Sequence[int], ...] = field(alias="own")
    _total: tuple[Sequence[int], ...] = field(alias="total")

    def own(self, id: str) -> Strength:
        """Return how large a unit is by the positions directly in it; by manager, how large the position itself is.

        Raises:
            UnknownRecord: there is no such unit or position.
        """
        return self._strength(self._own, id)

    def total(self, id: str) -> Strength:
        """Return how large a unit or position is with all under it; on a cycle, with all on and below the cycle.

        Raises:
            UnknownRecord: there is no such unit or position.
        """
        return self._strength(self._total, id)

    def _strength(self, columns: tuple[Sequence[int], ...], id: str) -> Strength:
        place = self._tree.place(id)
        positions, seats, filled, planned, fte, people = (column[place] for column in columns)
        return Strength(
            positions=positions,
            seats=seats,
            filled=filled,
            people=people,
            planned_fte=self._scale.decimal(planned),
            fte=self._scale.decimal(fte),
        )


@derived
def headcount(m: ModelView, at: date) -> Headcount:
    """Return how large every unit is on a day; positions in a unit that does not exist count nowhere.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Position, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ"),
        ...     Unit(id="service", name="Service", parent="hq"),
        ...     Position(id="agent", title="Agent", unit="service", seats=3),
        ...     Assignment(id="a1", person="ann", position="agent", fte="0.5"),
        ... )
        >>> print(headcount(model, date(2026, 3, 2)).total("hq"))
        1 of 3 seats filled, 1 people, 0.5 FTE
    """
    staffed, homes = staffing(m, at), target_places(m, "position", "unit")
    return _rolled_up(unit_tree(m), staffed, [homes[place] for place in staffed.places])


@derived
def headcount_below(m: ModelView, at: date) -> Headcount:
    """Return how large what every position leads is on a day: the position itself, and all below it by solid lines.

    Ask by a position's id. What reports, through however many steps, to a position counts in its `total` even where
    a step between does not exist on the day; positions on a cycle have all on and below the cycle.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Position
        >>> model = OperatingModel.of(
        ...     Position(id="coo", title="COO", unit="hq"),
        ...     Position(id="agent", title="Agent", unit="hq", reports_to="coo", seats=3),
        ...     Assignment(id="a1", person="ann", position="agent", fte="0.5"),
        ... )
        >>> print(headcount_below(model, date(2026, 3, 2)).total("coo"))
        1 of 4 seats filled, 1 people, 0.5 FTE
    """
    staffed = staffing(m, at)
    return _rolled_up(hierarchy(m, at), staffed, staffed.places)


def _rolled_up(tree: Hierarchy, staffed: Staffing, places: Sequence[int]) -> Headcount:
    """Return the strength of each record of a tree, given for every staffed position the record it counts for."""
    planned = [seats * parts for seats, parts in zip(staffed.seats, staffed.seat_parts, strict=True)]
    values: list[Sequence[int]] = [[1] * len(places), staffed.seats, staffed.filled, planned, staffed.fte_parts]
    own: list[Sequence[int]] = [sums_at(len(tree), places, column) for column in values]
    total: list[Sequence[int]] = [tree.rollup(column) for column in own]
    people: list[list[str]] = [[] for _ in range(len(tree) + 1)]  # the last for units that are not there
    for place, holders in zip(places, staffed.people, strict=True):
        people[place] += holders
    own.append([len(set(here)) for here in people[:-1]])
    total.append(tree.count_distinct(people[:-1]))
    return Headcount(tree, staffed.scale, tuple(own), tuple(total))


def sums_at(length: int, places: Iterable[int], values: Iterable[int]) -> list[int]:
    """Return the sum of the values at each place; what stands at the place after the last counts nowhere."""
    sums = [0] * (length + 1)
    for place, value in zip(places, values, strict=True):
        sums[place] += value
    return sums[:length]
