"""Units, the positions in them, and their heads."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given

from community_ops import OperatingModel, Position, Unit
from community_ops.errors import UnknownRecord
from community_ops.org.placement import (
    headed_by,
    heads_by_unit,
    heads_of,
    positions_by_unit,
    positions_in,
    unit_of,
    units_by_head,
    units_under,
)
from tests.org import naive

MODEL = OperatingModel.of(
    Unit(id="hq", name="HQ", heads=("ceo",)),
    Unit(id="ops", name="Operations", parent="hq", heads=("coo", "deputy", "coo", "ghost")),
    Unit(id="service", name="Service", parent="ops", heads=("coo",)),
    Unit(id="content", name="Content", parent="hq"),
    Position(id="agent", title="Agent", unit="service"),
    Position(id="ceo", title="CEO", unit="hq"),
    Position(id="coo", title="COO", unit="ops"),
    Position(id="deputy", title="Deputy", unit="ops"),
    Position(id="stray", title="Stray", unit="ghost"),
)


def test_a_unit_may_have_several_heads_and_a_position_may_head_several_units() -> None:
    assert heads_of(MODEL, "ops") == ("coo", "deputy")
    assert heads_of(MODEL, "content") == ()
    assert headed_by(MODEL, "coo") == ("ops", "service")
    assert headed_by(MODEL, "agent") == ()


def test_where_a_position_sits() -> None:
    assert unit_of(MODEL, "agent") == "service"
    assert unit_of(MODEL, "stray") is None


def test_what_sits_in_a_unit() -> None:
    assert positions_in(MODEL, "ops") == ("coo", "deputy")
    assert positions_in(MODEL, "hq", deep=True) == ("ceo", "coo", "deputy", "agent")
    assert positions_in(MODEL, "content", deep=True) == ()
    assert units_under(MODEL, "hq") == ("ops", "service", "content")


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (heads_of, "unit"),
        (units_under, "unit"),
        (positions_in, "unit"),
        (headed_by, "position"),
        (unit_of, "position"),
    ],
)
def test_what_is_not_there_is_named(ask, kind: str) -> None:
    with pytest.raises(UnknownRecord) as caught:
        ask(MODEL, "ghost")
    assert (caught.value.kind, caught.value.id) == (kind, "ghost")


@given(naive.lines("abcdef"))
def test_all_positions_under_a_unit_whatever_the_units_are_part_of(lines: naive.Lines) -> None:
    units = [Unit(id=id, name=id, parent=up) for id, up in lines.items()]
    seats = [Position(id=f"{id}{n}", title="P", unit=id) for n in range(2) for id in lines]
    model = OperatingModel([*units, *seats])
    for id in lines:
        inside = naive.descendants(lines, id) | {id}
        found = positions_in(model, id, deep=True)
        assert sorted(found) == sorted(seat.id for seat in seats if seat.unit in inside)
        assert found[:2] == positions_in(model, id) == (f"{id}0", f"{id}1")


def test_remembered_while_titles_and_names_change() -> None:
    edited = MODEL.replace(
        evolve(MODEL.positions["coo"], title="Chief", reports_to="ceo"), evolve(MODEL.units["hq"], name="Head office")
    )
    for whole in (heads_by_unit, units_by_head, positions_by_unit):
        assert whole(edited) is whole(MODEL)


def test_the_answers_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        positions_by_unit(MODEL)["hq"] = ()  # type: ignore[index]
