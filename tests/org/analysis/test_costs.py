"""Costs per unit and per manager: by hand, and as plain sums over the records; strength per manager likewise."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given

from community_ops import Assignment, Money, OperatingModel, Position, Unit
from community_ops.errors import UnknownRecord
from community_ops.org.analysis.costs import Cost, costs, costs_below
from community_ops.org.strength import headcount_below
from tests.org import naive
from tests.org.analysis.organisations import DAY, existing, filled, held_by, managers, on, organisations, within

MODEL = OperatingModel.of(
    Unit(id="hq", name="HQ"),
    Unit(id="ops", name="Operations", parent="hq"),
    Position(id="ceo", title="CEO", unit="hq", monthly_cost=Money("50000.10", "CNY")),
    Position(id="agent", title="Agent", unit="ops", reports_to="ceo", seats=3, monthly_cost=Money("9000.05", "CNY")),
    Position(id="rep", title="Rep", unit="ops", reports_to="ceo", monthly_cost=Money(4000, "EUR")),
    Position(id="aide", title="Aide", unit="ops", reports_to="ceo"),
    Position(id="idea", title="Idea", unit="ops", reports_to="ceo", status="planned", monthly_cost=Money(1, "USD")),
    Assignment(id="a1", person="ann", position="ceo"),
    Assignment(id="a2", person="ben", position="agent", fte="0.5"),
    Assignment(id="a3", person="cat", position="agent", fte="0.5"),
)


def test_by_hand() -> None:
    found = costs(MODEL, DAY)
    assert found.currencies == ("CNY", "EUR")
    ops = found.own("ops")
    assert ops.planned == (Money("27000.15", "CNY"), Money(4000, "EUR"))
    assert ops.filled == (Money("9000.05", "CNY"), Money(0, "EUR"))  # a seat that two share is one filled seat
    assert ops.open == (Money("18000.10", "CNY"), Money(4000, "EUR"))
    assert (ops.positions, ops.uncosted, ops.at) == (3, 1, DAY)
    whole = found.total("hq")
    assert (whole.planned_in("CNY"), whole.filled_in("CNY")) == (Money("77000.25", "CNY"), Money("59000.15", "CNY"))
    assert (found.own("hq").planned_in("EUR"), found.own("hq").filled_in("EUR")) == (None, None)
    assert str(whole) == (
        "59,000.15 CNY of 77,000.25 CNY a month filled; 0 EUR of 4,000 EUR a month filled; "
        "1 of 4 positions without a cost"
    )
    assert costs_below(MODEL, DAY).total("ceo") == whole
    assert str(costs_below(MODEL, DAY).own("ceo")) == "50,000.1 CNY of 50,000.1 CNY a month filled"


def test_without_any_cost_there_is_no_amount() -> None:
    bare = OperatingModel.of(Unit(id="hq", name="HQ"), Position(id="p", title="P", unit="hq"))
    assert costs(bare, DAY).total("hq") == Cost(at=DAY, planned=(), filled=(), positions=1, uncosted=1)
    assert str(costs(bare, DAY).total("hq")) == "no cost recorded; 1 of 1 positions without a cost"


def test_unknown_records_are_named() -> None:
    for ask, kind in ((costs(MODEL, DAY).own, "unit"), (costs_below(MODEL, DAY).total, "position")):
        with pytest.raises(UnknownRecord) as caught:
            ask("ghost")
        assert caught.value.kind == kind


def test_remembered_while_titles_and_names_change() -> None:
    edited = MODEL.replace(evolve(MODEL.positions["ceo"], title="Founder"))
    assert costs(edited, DAY) is costs(MODEL, DAY)


def check(model: OperatingModel, one: Cost, positions: list[Position]) -> None:
    """Add up exactly, as fractions."""
    planned: dict[str, Fraction] = {}
    taken: dict[str, Fraction] = {}
    for p in positions:
        if p.monthly_cost:
            part, currency = Fraction(p.monthly_cost.amount), p.monthly_cost.currency
            planned[currency] = planned.get(currency, Fraction()) + part * p.seats
            taken[currency] = taken.get(currency, Fraction()) + part * filled(model, p)
    assert {money.currency: Fraction(money.amount) for money in one.planned} == planned
    assert {money.currency: Fraction(money.amount) for money in one.filled} == taken
    assert [money.currency for money in one.planned] == sorted(planned)
    assert (one.positions, one.uncosted) == (len(positions), sum(p.monthly_cost is None for p in positions))


@given(organisations())
def test_costs_are_plain_sums(model: OperatingModel) -> None:
    there, found = existing(model), costs(model, DAY)
    for unit in model.units.ids:
        check(model, found.own(unit), [p for p in there if p.unit == unit])
        check(model, found.total(unit), [p for p in there if p.unit in within(model, unit)])
    above, below = managers(model), costs_below(model, DAY)
    for id in model.positions.ids:
        check(model, below.own(id), [p for p in there if p.id == id])
        check(model, below.total(id), [p for p in there if p.id in naive.descendants(above, id) | {id}])


@given(organisations())
def test_what_each_leads_is_counted_one_by_one(model: OperatingModel) -> None:
    above, found = managers(model), headcount_below(model, DAY)
    for id in model.positions.ids:
        here = [p for p in existing(model) if p.id in naive.descendants(above, id) | {id}]
        held = [a for a in model.assignments if on(a.period) and a.position in {p.id for p in here}]
        one = found.total(id)
        assert (one.positions, one.seats, one.filled) == (
            len(here), sum(p.seats for p in here), sum(filled(model, p) for p in here),
        )  # fmt: skip
        assert one.people == len({person for p in here for person in held_by(model, p.id)})
        assert one.fte == sum((a.fte for a in held), Decimal(0))
        assert one.planned_fte == sum((p.seats * p.seat_fte for p in here), Decimal(0))
        assert found.own(id).positions == sum(p.id == id for p in here)
