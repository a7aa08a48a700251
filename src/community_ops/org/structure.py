"""Who is above whom: `Hierarchy`, the tree of positions along solid lines, or of units along `Unit.parent`.

It is built once and answers from integer-indexed tuples: descendants are a slice, "is above" is a comparison.
It reads ids and lines only, so that it stays valid while titles, levels or anything else is edited.

Real organisations arrive broken, and every question still has an answer. A record whose manager does not
exist is a root, named in `dangling`. A record on a reporting cycle is in no tree: it has a parent and
children, but no depth; its descendants are everyone else on the cycle and all below it. Whoever is below a
cycle has a chain of command that goes up to the cycle and once around it, and no depth either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice, repeat
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.forest import Forest, plant
from community_ops.org.lines import solid_managers
from community_ops.org.lookup import look_up

T = TypeVar("T")

_LINES_SHOWN = 40
_LOOP_SHOWN = 8


@frozen(eq=False, repr=False)
class Hierarchy:
    """Who is above whom among the records of one kind; made by `hierarchy` and `unit_tree`.

    Methods take an id and raise `UnknownRecord` for one that is not there. The attributes are for loops over
    all
    records: tuples in the order of the table, one value a record, in which a record is known by its place.

    Attributes:
        kind: the kind of the records, `"position"` or `"unit"`.
        ids: their ids.
        parents: the place of the record above each; None for roots.
        spans: how many records are directly below each.
        sizes: how many records the subtree holds, its top included.
        depths: how many records are above each; None on a cycle and below one.
        roots: the ids of those with nothing above them, in table order.
        dangling: the ids of those roots whose manager or parent does not exist.
        cycles: every cycle as the ids on it, from the smallest id upwards: each reports to the next, the last
            to the first. A record that reports to itself is a cycle of one.
        layers: how many layers the deepest tree has; 0 where there is no tree.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> lines = {"ceo": None, "coo": "ceo", "cmo": "ceo", "agent": "coo"}.items()
        >>> model = OperatingModel(Position(id=i, title=i, unit="hq", reports_to=up) for i, up in lines)
        >>> tree = hierarchy(model)
        >>> print(tree)
        ceo
          coo
            agent
          cmo
        >>> tree.chain("agent"), tree.descendants("ceo"), tree.layers
        (('coo', 'ceo'), ('coo', 'agent', 'cmo'), 3)
    """

    kind: str
    ids: tuple[str, ...]
    parents: tuple[int | None, ...]
    spans: tuple[int, ...]
    sizes: tuple[int, ...]
    depths: tuple[int | None, ...]
    roots: tuple[str, ...]
    dangling: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...]
    layers: int
    _index: Mapping[str, int] = field(alias="index")
    _forest: Forest = field(alias="forest")

    @classmethod
    def of(cls, kind: str, ids: Sequence[str], above: Sequence[str | None]) -> Hierarchy:
        """Build the hierarchy of records from the id above each.

        Args:
            kind: what the records are called in messages.
            ids: the ids, all different.
            above: for each the id of the one above it; None at the top.

        Raises:
            ValueError: there are not as many lines as ids, or an id is there twice.

        Example:
            >>> Hierarchy.of("team", ["a", "b"], [None, "a"]).children("a")
            ('b',)
        """
        ids = tuple(ids)
        ground = len(ids)
        if len(above) != ground:
            raise ValueError(f"{ground} ids, but {len(above)} lines")
        index = dict(zip(ids, range(ground), strict=True))
        if len(index) != ground:
            raise ValueError("an id is there twice")
        up: list[int] = list(map(index.get, above, repeat(ground)))  # type: ignore[arg-type]  # None is no id
        return cls._planted(kind, ids, above, up, index)

    @classmethod
    def along(cls, m: ModelView, kind: str, relation: str, instead: Mapping[str, str] | None = None) -> Hierarchy:
        """Build the hierarchy of all records of a kind along a relation to the same kind.

        Args:
            m: the model.
            kind: the kind.
            relation: a relation that holds one plain id or None.
            instead: for some records the id of the one above that counts in place of what they hold.
        """
        index = m.place_index(kind)
        above, up = m.column_of(kind, relation), target_places(m, kind, relation)
        if instead:
            # Only here are there new lists: without such lines, what is remembered is used as it is.
            changed, moved = list(above), list(up)
            for id, over in instead.items():
                if id in index:
                    changed[index[id]], moved[index[id]] = over, index.get(over, len(index))
            above, up = tuple(changed), tuple(moved)
        return cls._planted(kind, m.ids(kind), above, up, index)

    @classmethod
    def _planted(
        cls,
        kind: str,
        ids: tuple[str, ...],
        above: Sequence[str | None],
        up: Sequence[int],
        index: Mapping[str, int],
    ) -> Hierarchy:
        ground = len(ids)
        forest = plant(up, ids)
        tops = [node for node, over in enumerate(up) if over == ground]
        return cls(
            kind=kind,
            ids=ids,
            parents=forest.parents,
            spans=forest.spans,
            sizes=forest.sizes,
            depths=forest.depths,
            roots=tuple([ids[node] for node in tops]),
            dangling=tuple([ids[node] for node in tops if above[node] is not None]),
            cycles=tuple([tuple([ids[node] for node in loop]) for loop in forest.loops]),
            layers=forest.layers,
            index=index,
            forest=forest,
        )

    # -- one record ----------------------------------------------------------------------------------------

    def place(self, id: str) -> int:
        """Return where a record stands in the table, by which the tuples know it.

        Raises:
            UnknownRecord: there is no such record.
        """
        return look_up(self._index, self.kind, id)

    def parent(self, id: str) -> str | None:
        """Return the id directly above; None for a root, also one whose manager does not exist."""
        above = self.parents[self.place(id)]
        return None if above is None else self.ids[above]

    def children(self, id: str) -> tuple[str, ...]:
        """Return the ids directly below, in table order."""
        return tuple([self.ids[child] for child in self._forest.children(self.place(id))])

    def descendants(self, id: str) -> tuple[str, ...]:
        """Return the ids below, directly or not, in pre-order, siblings in table order.

        Below a record on a cycle are all others on the cycle and everything below them.
        """
        node = self.place(id)
        first, stop = self._forest.slice(node)
        here = self._forest.places[node]
        below = self._forest.order[first:here] + self._forest.order[here + 1 : stop]
        return tuple(map(self.ids.__getitem__, below))

    def chain(self, id: str) -> tuple[str, ...]:
        """Return the chain of command: the ids above, from the manager up to the root, itself excluded.

        On a cycle or below one it stops before it would repeat itself.
        """
        node = self.place(id)
        above = self.parents[node]
        met = {node: None}
        while above is not None and above not in met:
            met[above] = None
            above = self.parents[above]
        return tuple([self.ids[place] for place in met])[1:]

    def depth(self, id: str) -> int | None:
        """Return how many are above: 0 for a root; None on a cycle and below one."""
        return self.depths[self.place(id)]

    def span(self, id: str) -> int:
        """Return how many are directly below."""
        return self.spans[self.place(id)]

    def subtree_size(self, id: str) -> int:
        """Return how many records the subtree holds: all below and the record itself."""
        return self.sizes[self.place(id)]

    # -- two records ---------------------------------------------------------------------------------------

    def is_above(self, upper: str, lower: str) -> bool:
        """Tell whether one is above the other, directly or not; nobody is above themselves.

        The same as `upper in chain(lower)`, by comparing two places.
        """
        node, other = self.place(upper), self.place(lower)
        first, stop = self._forest.slice(node)
        return node != other and first <= self._forest.places[other] < stop

    def lowest_common(self, a: str, b: str) -> str | None:
        """Return the lowest record that is each of the two or above it: whom a dispute between them goes to.

        Where one is above the other it is the upper one; for twice the same it is that one. None where
        nothing is above both, or only a cycle that their chains enter at different members.
        """
        node: int | None = self.place(a)
        other, cycles = self.place(b), self._forest.tops
        while node is not None and node not in cycles:
            first, stop = self._forest.slice(node)
            if first <= self._forest.places[other] < stop:
                return self.ids[node]
            node = self.parents[node]
        if node is None:
            return None
        entered: int | None = other
        while entered is not None and entered not in cycles:
            entered = self.parents[entered]
        return self.ids[node] if entered == node else None

    # -- all of it -----------------------------------------------------------------------------------------

    @property
    def index(self) -> Mapping[str, int]:
        """The place of every id."""
        return MappingProxyType(self._index)

    @property
    def level_counts(self) -> tuple[int, ...]:
        """How many records each layer holds, from the roots down; those on or below a cycle are in none."""
        counts = Counter(self.depths)
        return tuple([counts[depth] for depth in range(self.layers)])

    def rollup(self, values: Sequence[int]) -> tuple[int, ...]:
        """Return for each record the sum of a value over its subtree.

        Args:
            values: one whole number a record, in table order.

        Returns:
            One sum a record, in table order. Every member of a cycle has the sum of all on it and below it.

        Example:
            >>> Hierarchy.of("team", ["a", "b", "c"], [None, "a", "a"]).rollup([1, 10, 100])
            (111, 10, 100)
        """
        return self._forest.sums(values)

    def count_distinct(self, values: Sequence[Iterable[Hashable]]) -> tuple[int, ...]:
        """Return for each record how many different things its subtree holds.

        Args:
            values: what each record holds, in table order.

        Returns:
            One number a record, in table order. Every member of a cycle has that of all on it and below it.

        Example:
            >>> Hierarchy.of("team", ["a", "b", "c"], [None, "a", "a"]).count_distinct(["x", "xy", "x"])
            (2, 2, 1)
        """
        return self._forest.count_distinct(values)

    def inherit(self, values: Sequence[T | None]) -> tuple[T | None, ...]:
        """Return for each record its own value, or else that of the nearest record above which has one.

        Args:
            values: one value a record, in table order; None where it has none of its own.

        Returns:
            One value a record, in table order; None where no record of its chain has one.

        Example:
            >>> Hierarchy.of("team", ["a", "b", "c"], [None, "a", "b"]).inherit(["x", None, "y"])
            ('x', 'x', 'y')
        """
        return self._forest.inherit(values)

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, id: object) -> bool:
        return id in self._index

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Hierarchy):
            return NotImplemented
        # All else follows from these.
        return self is other or (
            self.kind == other.kind
            and self.ids == other.ids
            and self.parents == other.parents
            and self.dangling == other.dangling
        )

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # compared by content; too large to hash

    # -- shown ---------------------------------------------------------------------------------------------

    def text(self, label: Callable[[str], str] | None = None, limit: int = _LINES_SHOWN) -> str:
        """Return the trees as indented lines.

        Args:
            label: what to write for an id; None writes the id.
            limit: how many lines to write at most, of records and of cycles each.
        """
        shown = list(islice(self._rows(), limit))
        lines = ["  " * depth + (label(id) if label else id) for id, depth in shown]
        hidden = sum(depth is not None for depth in self.depths) - len(shown)
        lines += [f"... and {hidden} more"] if hidden else []
        for loop in self.cycles[:limit]:
            around = loop[:_LOOP_SHOWN] + (() if len(loop) <= _LOOP_SHOWN else ("...",)) + loop[:1]
            lines.append("cycle: " + " -> ".join(label(id) if label and id != "..." else id for id in around))
        lines += [f"... and {len(self.cycles) - limit} more cycles"] if len(self.cycles) > limit else []
        return "\n".join(lines)

    def _rows(self) -> Iterator[tuple[str, int]]:
        for node in self._forest.order:
            depth = self.depths[node]
            if depth is not None:
                yield self.ids[node], depth

    def __str__(self) -> str:
        return self.text() or "(empty)"

    def __repr__(self) -> str:
        counts = [(len(self), self.kind), (self.layers, "layer"), (len(self.roots), "root")]
        counts += [(len(self.cycles), "cycle")] if self.cycles else []
        return f"<Hierarchy: {', '.join(f'{n} {word}' + 's' * (n != 1) for n, word in counts)}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from community_ops.kernel.display import bundle  # noqa: PLC0415 - only when something is shown

        return bundle("hierarchy", self)


@derived
def hierarchy(m: ModelView, at: date | None = None) -> Hierarchy:
    """Return who reports to whom among all positions, along solid lines.

    `Position.reports_to` is the solid line of a position. A solid `ReportingLine` in force takes its place:
    one with a period on the days it covers, one without a period always; see `solid_managers` for several at
    once.

    Args:
        m: the model.
        at: the day; None leaves out lines that have a period.

    Every position counts, whatever its status and period: what a closed one still holds up is to be seen.

    Example:
        >>> from community_ops import DateRange, OperatingModel, Position, ReportingLine
        >>> model = OperatingModel.of(
        ...     Position(id="ceo", title="CEO", unit="hq"),
        ...     Position(id="coo", title="COO", unit="hq", reports_to="ceo"),
        ...     Position(id="agent", title="Agent", unit="hq", reports_to="coo"),
        ...     ReportingLine(
        ...         id="l1",
        ...         position="agent",
        ...         manager="ceo",
        ...         kind="solid",
        ...         period=DateRange(date(2026, 1, 1), date(2026, 3, 31)),
        ...     ),
        ... )
        >>> hierarchy(model).parent("agent"), hierarchy(model, date(2026, 3, 31)).parent("agent")
        ('coo', 'ceo')
    """
    moved = solid_managers(m, at)
    if not moved:
        return _as_recorded(m)
    return Hierarchy.along(m, "position", "reports_to", moved)


@derived
def _as_recorded(m: ModelView) -> Hierarchy:
    """Return the hierarchy by `Position.reports_to` alone: the same on all days without other solid lines."""
    return Hierarchy.along(m, "position", "reports_to")


@derived
def unit_tree(m: ModelView) -> Hierarchy:
    """Return which unit is part of which.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> model = OperatingModel.of(Unit(id="hq", name="HQ"), Unit(id="hr", name="HR", parent="hq"))
        >>> unit_tree(model).children("hq")
        ('hr',)
    """
    return Hierarchy.along(m, "unit", "parent")
