"""How many pairs of people there are to talk to one another: n(n-1)/2, within units and between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from math import comb

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.text import table
from community_ops.org.holding import staffing
from community_ops.org.structure import Hierarchy, unit_tree


@frozen(eq=False, repr=False)
class Channels:
    """How many pairs of people could talk to one another on a day; made by `channels`.

    People are those who hold a position that exists on the day, each once, and sit in every unit they hold one in.

    Attributes:
        at: the day.
        people: how many people there are, those in units that do not exist included.
        whole: the pairs among all of them, n(n-1)/2.
        within: the pairs of people who sit in one unit, each pair once however many units it shares.
    """

    at: date
    people: int
    whole: int
    within: int
    _tree: Hierarchy = field(alias="tree")
    _members: Sequence[frozenset[str]] = field(alias="members")
    _total: Sequence[int] = field(alias="total")

    @property
    def across(self) -> int:
        """The pairs of people who sit in no unit together."""
        return self.whole - self.within

    def own(self, unit: str) -> int:
        """Return how many pairs there are among the people directly in a unit.

        Raises:
            UnknownRecord: there is no such unit.
        """
        return comb(len(self._members[self._tree.place(unit)]), 2)

    def total(self, unit: str) -> int:
        """Return how many pairs there are among the people in a unit and all under it.

        Raises:
            UnknownRecord: there is no such unit.
        """
        return comb(self._total[self._tree.place(unit)], 2)

    def between(self, a: str, b: str) -> int:
        """Return how many pairs two units make, one of each, that neither of the units makes on its own.

        Only people directly in the units count; who sits in both makes no pair, being within either.

        Raises:
            UnknownRecord: there is no such unit.
        """
        here, there = self._members[self._tree.place(a)], self._members[self._tree.place(b)]
        both = len(here & there)
        return (len(here) - both) * (len(there) - both)

    def __str__(self) -> str:
        columns = zip(self._tree.ids, self._members, self._total, strict=True)
        rows = [(id, len(members), comb(len(members), 2), comb(total, 2)) for id, members, total in columns]
        pairs = f"{self.whole} pairs on {self.at}: {self.within} within units, {self.across} across"
        first = f"{self.people} people make {pairs}"
        return f"{first}\n{table(('unit', 'people', 'within', 'with parts'), rows)}" if rows else first


@derived
def channels(m: ModelView, at: date) -> Channels:
    """Return how many pairs of people could talk to one another on a day.

    Linear, but that people who sit in several units are compared with the others of these units who do.

    Source: Brooks, "The Mythical Man-Month" (1975), chapter 2: effort of talking grows as n(n-1)/2.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Position, Unit
        >>> units = [Unit(id="ops", name="Operations"), Unit(id="mkt", name="Marketing")]
        >>> seats = [Position(id=f"p{n}", title="P", unit="ops" if n < 3 else "mkt") for n in range(5)]
        >>> held = [Assignment(id=f"a{n}", person=f"person{n}", position=f"p{n}") for n in range(5)]
        >>> found = channels(OperatingModel([*units, *seats, *held]), date(2026, 3, 2))
        >>> found.whole, found.within, found.own("ops"), found.between("ops", "mkt")
        (10, 4, 3, 6)
    """
    tree, staffed, homes = unit_tree(m), staffing(m, at), target_places(m, "position", "unit")
    members: list[dict[str, None]] = [{} for _ in range(len(tree) + 1)]  # the last for units that are not there
    for place, people in zip(staffed.places, staffed.people, strict=True):
        members[homes[place]].update(dict.fromkeys(people))
    everybody = len(set().union(*members))
    there = [frozenset(people) for people in members[:-1]]
    return Channels(
        at=at,
        people=everybody,
        whole=comb(everybody, 2),
        within=sum(comb(len(people), 2) for people in there) - _counted_again(there),
        tree=tree,
        members=there,
        total=tree.count_distinct(there),
    )


def _counted_again(members: Sequence[frozenset[str]]) -> int:
    """Return how often pairs are counted more than once when those within each unit are added up."""
    times = Counter(person for people in members for person in people)
    homes: dict[str, list[int]] = {}
    for unit, people in enumerate(members):
        for person in people:
            if times[person] > 1:
                homes.setdefault(person, []).append(unit)
    # People who sit in the same units are alike, so that a board whose members all sit on two committees is one row.
    alike = Counter(map(tuple, homes.values()))
    sitting: dict[int, list[tuple[int, ...]]] = {}
    for units in alike:
        for unit in units:
            sitting.setdefault(unit, []).append(units)
    return sum(_with_others(units, alike, sitting) for units in alike)


def _with_others(
    units: tuple[int, ...], alike: Mapping[tuple[int, ...], int], sitting: Mapping[int, Sequence[tuple[int, ...]]]
) -> int:
    shared = Counter(other for unit in units for other in sitting[unit])
    again = (len(units) - 1) * comb(alike[units], 2)
    # Of two different sets of units only the smaller one counts their pairs.
    return again + sum((n - 1) * alike[units] * alike[other] for other, n in shared.items() if units < other)
