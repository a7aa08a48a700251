"""How spans of control are distributed, how many layers there are, and how many positions manage others.

All of it counts positions that exist on the day, along the solid lines in force then. Nobody counts as reporting to
themselves; who reports to a position that does not exist on the day counts for no manager.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.distribution import Distribution
from community_ops.org.analysis.text import rounded, table
from community_ops.org.holding import filling, positions_in_existence, staffing
from community_ops.org.records import Position
from community_ops.org.structure import Hierarchy, hierarchy, unit_tree

Counting = Literal["positions", "seats", "people"]
SPAN_BANDS = (2, 5, 7, 10, 15)
"""Where bands of spans end: 3-5, 6-7, 8-10, 11-15 and more suit ever more uniform work (see rule ORG201)."""
_COUNTS = "direct reports of a manager in "


@frozen(eq=False, repr=False)
class SpanDistribution:
    """How spans of control are distributed on a day; made by `span_distribution`.

    Attributes:
        at: the day.
        counting: whether positions, their seats, or the people who hold them are counted.
        managers: the ids of the positions to which any position reports that exists on the day, in table order.
        spans: how many report to each of them; with `"people"`, 0 where all these positions are vacant.
        whole: the distribution over all managers.
        by_level: the distribution by `Position.level` of the manager; None for managers without one.
    """

    at: date
    counting: Counting
    managers: tuple[str, ...]
    spans: tuple[int, ...]
    whole: Distribution
    by_level: Mapping[str | None, Distribution]
    _tree: Hierarchy = field(alias="tree")
    _by_unit: Mapping[str, tuple[int, ...]] = field(alias="by_unit")
    _edges: tuple[int, ...] = field(alias="edges")

    def own(self, unit: str) -> Distribution:
        """Return the distribution over the managers who sit directly in a unit.

        Raises:
            UnknownRecord: there is no such unit.
        """
        return self._of([self._tree.ids[self._tree.place(unit)]])

    def total(self, unit: str) -> Distribution:
        """Return the distribution over the managers in a unit and all under it, in time in proportion to these.

        Raises:
            UnknownRecord: there is no such unit.
        """
        return self._of([self._tree.ids[self._tree.place(unit)], *self._tree.descendants(unit)])

    def _of(self, units: Sequence[str]) -> Distribution:
        values = [span for unit in units for span in self._by_unit.get(unit, ())]
        return Distribution.of(values, _COUNTS + self.counting, self._edges)

    def __str__(self) -> str:
        rows = [
            (_called(level), found.count, *_five(found))
            for level, found in [*self.by_level.items(), ("all", self.whole)]
        ]
        header = ("level", "managers", "least", "lower", "median", "upper", "most")
        return f"spans in {self.counting} on {self.at}\n{table(header, rows)}"


def _called(level: str | None) -> str:
    return "(no level)" if level is None else level


def _five(found: Distribution) -> tuple[object, ...]:
    return found.least, found.lower, found.median, found.upper, found.most


@derived
def span_distribution(
    m: ModelView, at: date, counting: Counting = "positions", edges: tuple[int, ...] = SPAN_BANDS
) -> SpanDistribution:
    """Return how spans of control are distributed on a day: in the whole, by level, and by unit. Linear.

    Args:
        m: the model.
        at: the day.
        counting: what reports: positions, their seats, or the people who hold them (each once for a manager, and not
            who alone holds the manager's own position).
        edges: the greatest span of every band but the last.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> lines = {"ceo": None, "coo": "ceo", "cmo": "ceo", "a1": "coo", "a2": "coo", "a3": "coo"}.items()
        >>> model = OperatingModel(Position(id=id, title=id, unit="hq", reports_to=up) for id, up in lines)
        >>> print(span_distribution(model, date(2026, 3, 2)).whole)
        2 x direct reports of a manager in positions: 2 | 2.25 2.5 2.75 | 3
        1-2: 1, 3-5: 1, 6-7: 0, 8-10: 0, 11-15: 0, 16+: 0
    """
    below = _below(m, at)
    spans = _counted(m, at, below, counting)
    ids, levels, homes = m.ids(Position), m.column(Position.level), m.column(Position.unit)
    tree = unit_tree(m)
    by_level: dict[str | None, list[int]] = {}
    by_unit: dict[str, list[int]] = {}
    for place, span in zip(below, spans, strict=True):
        by_level.setdefault(levels[place], []).append(span)
        by_unit.setdefault(homes[place], []).append(span)
    what = _COUNTS + counting
    return SpanDistribution(
        at=at,
        counting=counting,
        managers=tuple([ids[place] for place in below]),
        spans=tuple(spans),
        whole=Distribution.of(spans, what, edges),
        by_level=MappingProxyType({level: Distribution.of(by_level[level], what, edges) for level in by_level}),
        tree=tree,
        by_unit={unit: tuple(values) for unit, values in by_unit.items()},
        edges=edges,
    )


@derived
def _below(m: ModelView, at: date) -> Mapping[int, tuple[int, ...]]:
    """Return, for every position that exists and manages, the rows in `filling` of what reports to it, in order."""
    parents, places = hierarchy(m, at).parents, positions_in_existence(m, at)
    there, found = frozenset(places), dict[int, list[int]]()
    for row, place in enumerate(places):
        above = parents[place]
        if above is not None and above != place and above in there:
            found.setdefault(above, []).append(row)
    return MappingProxyType({place: tuple(found[place]) for place in sorted(found)})


def _counted(m: ModelView, at: date, below: Mapping[int, Sequence[int]], counting: Counting) -> list[int]:
    if counting == "positions":
        return list(map(len, below.values()))
    if counting == "seats":
        seats = filling(m, at).seats
        return [sum([seats[row] for row in rows]) for rows in below.values()]
    staffed = staffing(m, at)
    held = dict(zip(staffed.places, staffed.people, strict=True))
    return [
        len({person for row in rows for person in staffed.people[row] if held[place] != (person,)})
        for place, rows in below.items()
    ]


@frozen(kw_only=True)
class Layer:
    """One layer of the hierarchy.

    Attributes:
        depth: how many positions are above each of its positions; 0 at the top.
        positions: how many positions it holds that exist on the day.
        managers: how many of these have anything reporting to them.
    """

    depth: int
    positions: int
    managers: int


@frozen(kw_only=True)
class Layers:
    """The layers of a hierarchy on a day; made by `layers`.

    Attributes:
        at: the day.
        layers: every layer down to the deepest with a position that exists on the day; none in between is left out.
        depth: how the number of positions above each position is distributed.
        unplaced: how many positions are on a reporting cycle or below one, and so in no layer.
    """

    at: date
    layers: tuple[Layer, ...]
    depth: Distribution
    unplaced: int

    def __len__(self) -> int:
        return len(self.layers)

    def __str__(self) -> str:
        rows = [(layer.depth, layer.positions, layer.managers) for layer in self.layers]
        rest = f"\n{self.unplaced} on or below a reporting cycle" if self.unplaced else ""
        return f"layers on {self.at}\n{table(('above', 'positions', 'managers'), rows)}{rest}"


@derived
def layers(m: ModelView, at: date) -> Layers:
    """Return how many positions are in each layer on a day. Linear.

    A position that does not exist on the day is in no layer, but still a step for what reports to it.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> lines = {"ceo": None, "coo": "ceo", "cmo": "ceo", "agent": "coo"}.items()
        >>> model = OperatingModel(Position(id=id, title=id, unit="hq", reports_to=up) for id, up in lines)
        >>> print(layers(model, date(2026, 3, 2)))
        layers on 2026-03-02
        above  positions  managers
        0              1         1
        1              2         1
        2              1         0
    """
    depths, managing = hierarchy(m, at).depths, _below(m, at)
    places = positions_in_existence(m, at)
    there = [(depth, place in managing) for place in places if (depth := depths[place]) is not None]
    deepest = max((depth for depth, _ in there), default=-1)
    positions, managers = [0] * (deepest + 1), [0] * (deepest + 1)
    for depth, manages in there:
        positions[depth] += 1
        managers[depth] += manages
    rows = enumerate(zip(positions, managers, strict=True))
    return Layers(
        at=at,
        layers=tuple([Layer(depth=depth, positions=every, managers=some) for depth, (every, some) in rows]),
        depth=Distribution.of([depth for depth, _ in there], "positions above a position"),
        unplaced=len(places) - len(there),
    )


@frozen(kw_only=True)
class ManagerRatio:
    """How many positions manage others.

    Attributes:
        positions: how many positions exist on the day.
        managers: how many of them have anything reporting to them that exists on the day.
    """

    positions: int
    managers: int

    @property
    def share(self) -> float | None:
        """Managers among all positions, from 0 to 1; None where there are no positions."""
        return self.managers / self.positions if self.positions else None

    @property
    def others_per_manager(self) -> float | None:
        """Positions that manage nobody for each that does; None where none does."""
        return (self.positions - self.managers) / self.managers if self.managers else None

    def __str__(self) -> str:
        ratio = rounded(self.others_per_manager)
        return f"{self.managers} of {self.positions} positions manage others" + (f", 1 to {ratio}" if ratio else "")


@frozen(eq=False, repr=False)
class ManagerRatios:
    """How many positions manage others on a day; made by `manager_ratios`.

    Attributes:
        at: the day.
        whole: over all positions.
        by_level: by `Position.level`; None for positions without one.
    """

    at: date
    whole: ManagerRatio
    by_level: Mapping[str | None, ManagerRatio]
    _tree: Hierarchy = field(alias="tree")
    _own: tuple[Sequence[int], Sequence[int]] = field(alias="own")
    _total: tuple[Sequence[int], Sequence[int]] = field(alias="total")

    def own(self, unit: str) -> ManagerRatio:
        """Return it over the positions directly in a unit.

        Raises:
            UnknownRecord: there is no such unit.
        """
        return self._at(self._own, unit)

    def total(self, unit: str) -> ManagerRatio:
        """Return it over the positions in a unit and all under it; on a cycle, in all on and below the cycle.

        Raises:
            UnknownRecord: there is no such unit.
        """
        return self._at(self._total, unit)

    def _at(self, columns: tuple[Sequence[int], Sequence[int]], unit: str) -> ManagerRatio:
        place = self._tree.place(unit)
        positions, managers = columns
        return ManagerRatio(positions=positions[place], managers=managers[place])

    def __str__(self) -> str:
        rows = [
            (
                _called(level),
                found.positions,
                found.managers,
                rounded(found.others_per_manager),
            )
            for level, found in [*self.by_level.items(), ("all", self.whole)]
        ]
        return f"managers on {self.at}\n{table(('level', 'positions', 'managers', 'others per manager'), rows)}"


@derived
def manager_ratios(m: ModelView, at: date) -> ManagerRatios:
    """Return how many positions manage others on a day: in the whole, by level, by unit and rolled up. Linear.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> lines = {"ceo": None, "coo": "ceo", "cmo": "ceo", "agent": "coo"}.items()
        >>> model = OperatingModel(Position(id=id, title=id, unit="hq", reports_to=up) for id, up in lines)
        >>> print(manager_ratios(model, date(2026, 3, 2)).whole)
        2 of 4 positions manage others, 1 to 1.00
    """
    tree, managing = unit_tree(m), _below(m, at)
    homes, levels = target_places(m, "position", "unit"), m.column(Position.level)
    positions, managers = [0] * (len(tree) + 1), [0] * (len(tree) + 1)  # the last for units that are not there
    by_level: dict[str | None, list[int]] = {}
    places = positions_in_existence(m, at)
    for place in places:
        manages = place in managing
        positions[homes[place]] += 1
        managers[homes[place]] += manages
        counts = by_level.setdefault(levels[place], [0, 0])
        counts[0] += 1
        counts[1] += manages
    own = positions[:-1], managers[:-1]
    return ManagerRatios(
        at=at,
        whole=ManagerRatio(positions=len(places), managers=len(managing)),
        by_level=MappingProxyType(
            {level: ManagerRatio(positions=every, managers=some) for level, (every, some) in by_level.items()}
        ),
        tree=tree,
        own=own,
        total=(tree.rollup(own[0]), tree.rollup(own[1])),
    )
