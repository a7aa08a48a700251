"""Seats, people and FTE by unit, on their own and rolled up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, OperatingModel, Position, Unit
from community_ops.errors import UnknownRecord
from community_ops.org.strength import Strength, headcount
from tests.org import naive

DAY = date(2026, 3, 2)
MODEL = OperatingModel.of(
    Unit(id="hq", name="HQ"),
    Unit(id="ops", name="Operations", parent="hq"),
    Unit(id="mkt", name="Marketing", parent="hq"),
    Position(id="ceo", title="CEO", unit="hq"),
    Position(id="agent", title="Agent", unit="ops", seats=3),
    Position(id="ads", title="Ads", unit="mkt", seats=2, seat_fte="0.5"),
    Position(id="old", title="Old", unit="mkt", status="closed"),
    Position(id="stray", title="Stray", unit="ghost", seats=9),
    Assignment(id="a1", person="ann", position="ceo"),
    Assignment(id="a2", person="ben", position="agent", fte="0.5"),
    Assignment(id="a3", person="ben", position="ads", fte="0.5"),
    Assignment(id="a4", person="cat", position="agent"),
    Assignment(id="a5", person="dan", position="stray"),
    Assignment(id="a6", person="eve", position="old"),
)


def strength(positions: int, seats: int, filled: int, people: int, planned: str, fte: str) -> Strength:
    return Strength(
        positions=positions, seats=seats, filled=filled, people=people, planned_fte=Decimal(planned), fte=Decimal(fte)
    )


def test_by_hand() -> None:
    found = headcount(MODEL, DAY)
    assert found.own("hq") == strength(1, 1, 1, 1, "1", "1")
    assert found.own("ops") == strength(1, 3, 2, 2, "3", "1.5")
    assert found.own("mkt") == strength(1, 2, 1, 1, "1", "0.5")
    assert found.total("ops") == found.own("ops")
    assert found.total("hq") == strength(3, 6, 4, 3, "5", "3")  # ben counts once
    assert str(found.total("hq")) == "4 of 6 seats filled, 3 people, 3 FTE"


def test_an_unknown_unit_is_named() -> None:
    for ask in (headcount(MODEL, DAY).own, headcount(MODEL, DAY).total):
        with pytest.raises(UnknownRecord) as caught:
            ask("ghost")
        assert (caught.value.kind, caught.value.id) == ("unit", "ghost")


def test_remembered_while_reporting_lines_change() -> None:
    edited = MODEL.replace(evolve(MODEL.positions["agent"], reports_to="ceo", title="Other"))
    assert headcount(edited, DAY) is headcount(MODEL, DAY)


@given(naive.lines("abcdefg"), st.lists(st.tuples(st.sampled_from("PQRS"), st.sampled_from("abcdefg")), max_size=12))
def test_totals_are_those_of_all_units_under_each(lines: naive.Lines, pairs: list[tuple[str, str]]) -> None:
    units = [Unit(id=id, name=id, parent=up) for id, up in lines.items()]
    seats = [Position(id=f"{id}{n}", title="P", unit=id, seats=n + 1) for id in lines for n in range(2)]
    rows = [
        Assignment(id=f"r{n}", person=who, position=f"{what}{n % 2}", fte="0.3") for n, (who, what) in enumerate(pairs)
    ]
    found = headcount(OperatingModel([*units, *seats, *rows]), DAY)
    for id in lines:
        for inside, one in ((naive.descendants(lines, id) | {id}, found.total(id)), ({id}, found.own(id))):
            here = [row for row in rows if row.position[0] in inside and row.position[0] in lines]
            assert (one.positions, one.seats, one.planned_fte) == (
                2 * len(inside),
                3 * len(inside),
                Decimal(3 * len(inside)),
            )
            assert one.people == len({row.person for row in here})
            assert one.fte == sum((row.fte for row in here), Decimal(0))
