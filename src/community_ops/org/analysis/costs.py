"""What seats cost a month, per unit and per manager: exact, and never one currency added to another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import mul

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.relations import target_places
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.holding import Filling, filling
from community_ops.org.records import Position
from community_ops.org.strength import sums_at
from community_ops.org.structure import Hierarchy, hierarchy, unit_tree


@frozen(kw_only=True)
class Cost:
    """What some positions cost a month on a day.

    Attributes:
        at: the day.
        planned: the cost of all their seats, one amount a currency, by code; empty where no position has a cost.
        filled: the cost of the seats that are filled, likewise; 0 in a currency in which none is filled.
        positions: how many positions exist on the day.
        uncosted: how many of them have no `monthly_cost`: what they cost is in no amount.
    """

    at: date
    planned: tuple[Money, ...]
    filled: tuple[Money, ...]
    positions: int
    uncosted: int

    @property
    def open(self) -> tuple[Money, ...]:
        """The cost of the seats that are not filled, one amount a currency."""
        return tuple([whole - part for whole, part in zip(self.planned, self.filled, strict=True)])

    def planned_in(self, currency: str) -> Money | None:
        """Return the cost of all seats in a currency; None where no position has a cost in it."""
        return next((money for money in self.planned if money.currency == currency), None)

    def filled_in(self, currency: str) -> Money | None:
        """Return the cost of the filled seats in a currency; None where no position has a cost in it."""
        return next((money for money in self.filled if money.currency == currency), None)

    def __str__(self) -> str:
        pairs = zip(self.filled, self.planned, strict=True)
        said = "; ".join(f"{part} of {whole} a month filled" for part, whole in pairs) or "no cost recorded"
        return said + (f"; {self.uncosted} of {self.positions} positions without a cost" if self.uncosted else "")


@frozen(eq=False, repr=False)
class _Sums:
    """One number a record in each column: planned and filled parts by currency, positions, uncosted."""

    by_currency: Mapping[str, tuple[Sequence[int], Sequence[int], Sequence[int]]]
    """Planned parts, filled parts, and how many positions have a cost in the currency."""
    positions: Sequence[int]
    uncosted: Sequence[int]


@frozen(eq=False, repr=False)
class Costs:
    """What every unit, or what every position leads, costs a month on a day; made by `costs` and `costs_below`.

    Attributes:
        at: the day.
        currencies: the codes of all currencies in which an existing position has a cost, sorted.
    """

    at: date
    currencies: tuple[str, ...]
    _tree: Hierarchy = field(alias="tree")
    _scale: Scale = field(alias="scale")
    _own: _Sums = field(alias="own")
    _total: _Sums = field(alias="total")

    def own(self, id: str) -> Cost:
        """Return what a unit costs by the positions directly in it; by manager, what the position itself costs.

        Raises:
            UnknownRecord: there is no such unit or position.
        """
        return self._cost(self._own, id)

    def total(self, id: str) -> Cost:
        """Return what a unit or position costs with all under it; on a cycle, with all on and below the cycle.

        Raises:
            UnknownRecord: there is no such unit or position.
        """
        return self._cost(self._total, id)

    def _cost(self, sums: _Sums, id: str) -> Cost:
        place = self._tree.place(id)
        rows = list(self._amounts(sums, place))
        return Cost(
            at=self.at,
            planned=tuple([planned for planned, _ in rows]),
            filled=tuple([filled for _, filled in rows]),
            positions=sums.positions[place],
            uncosted=sums.uncosted[place],
        )

    def _amounts(self, sums: _Sums, place: int) -> Iterator[tuple[Money, Money]]:
        for currency, (planned, filled, count) in sums.by_currency.items():
            if count[place]:
                yield (
                    Money(self._scale.decimal(planned[place]), currency),
                    Money(self._scale.decimal(filled[place]), currency),
                )


@derived
def costs(m: ModelView, at: date) -> Costs:
    """Return what every unit costs a month on a day, by `Position.monthly_cost`, which is that of one seat.

    Counted are the positions that exist on the day; those in a unit that does not exist count nowhere. A seat that two
    people share is one filled seat. One pass a currency; linear in the positions.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Position, Unit
        >>> model = OperatingModel.of(
        ...     Unit(id="hq", name="HQ"),
        ...     Unit(id="service", name="Service", parent="hq"),
        ...     Position(id="coo", title="COO", unit="hq"),
        ...     Position(id="agent", title="Agent", unit="service", seats=3, monthly_cost=Money(9_000, "CNY")),
        ...     Assignment(id="a1", person="ann", position="agent"),
        ... )
        >>> print(costs(model, date(2026, 3, 2)).total("hq"))
        9,000 CNY of 27,000 CNY a month filled; 1 of 2 positions without a cost
    """
    there, homes = filling(m, at), target_places(m, "position", "unit")
    return _costs(m, unit_tree(m), there, [homes[place] for place in there.places])


@derived
def costs_below(m: ModelView, at: date) -> Costs:
    """Return what every position leads costs a month on a day: itself, and all below it by solid lines.

    Ask by a position's id; all else as in `costs`.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> model = OperatingModel.of(
        ...     Position(id="coo", title="COO", unit="hq", monthly_cost=Money(30_000, "CNY")),
        ...     Position(id="agent", title="Agent", unit="hq", reports_to="coo", monthly_cost=Money(900, "EUR")),
        ... )
        >>> costs_below(model, date(2026, 3, 2)).total("coo").planned_in("EUR")
        Money(amount=Decimal('900'), currency='EUR')
    """
    there = filling(m, at)
    return _costs(m, hierarchy(m, at), there, there.places)


def _costs(m: ModelView, tree: Hierarchy, there: Filling, targets: Sequence[int]) -> Costs:
    """Return costs by the records of a tree, given for every existing position the record it counts for."""
    column = m.column(Position.monthly_cost)
    prices = [column[place] for place in there.places]
    scale = Scale.of(price.amount for price in prices if price is not None)
    rows: dict[str, list[int]] = {}
    for row, price in enumerate(prices):
        rows.setdefault("" if price is None else price.currency, []).append(row)
    bare = rows.pop("", [])
    parts = [0 if price is None else scale.part(price.amount) for price in prices]
    amounts = (list(map(mul, parts, there.seats)), list(map(mul, parts, there.filled)), [1] * len(parts))
    by_currency = {
        currency: tuple([_sums(tree, targets, rows[currency], values) for values in amounts])
        for currency in sorted(rows)
    }
    every, ones = range(len(prices)), amounts[2]
    own = _Sums(by_currency, _sums(tree, targets, every, ones), _sums(tree, targets, bare, ones))  # type: ignore[arg-type]
    total = _Sums(
        {currency: tuple(map(tree.rollup, columns)) for currency, columns in own.by_currency.items()},  # type: ignore[misc]
        tree.rollup(own.positions),
        tree.rollup(own.uncosted),
    )
    return Costs(at=there.at, currencies=tuple(by_currency), tree=tree, scale=scale, own=own, total=total)


def _sums(tree: Hierarchy, targets: Sequence[int], rows: Sequence[int], values: Sequence[int]) -> list[int]:
    return sums_at(len(tree), [targets[row] for row in rows], [values[row] for row in rows])
