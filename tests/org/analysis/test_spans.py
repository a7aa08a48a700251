"""Spans, layers and manager ratio: by hand, and against plain counts over the records."""

from __future__ import annotations

import statistics
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given

from community_ops import Assignment, OperatingModel, Position, Unit
from community_ops.errors import UnknownRecord
from community_ops.org.analysis.spans import Counting, Layer, layers, manager_ratios, span_distribution
from tests.org import naive
from tests.org.analysis.organisations import DAY, existing, held_by, managers, organisations, reports, within


def seat(id: str, up: str | None, unit: str = "hq", **fields: object) -> Position:
    return Position(id=id, title=id, unit=unit, reports_to=up, **fields)  # type: ignore[arg-type]


MODEL = OperatingModel.of(
    Unit(id="hq", name="HQ"),
    Unit(id="ops", name="Operations", parent="hq"),
    seat("ceo", None, level="executive"),
    seat("coo", "ceo", level="executive"),
    seat("cmo", "ceo", level="executive"),
    seat("lead", "coo", "ops", level="lead"),
    seat("a1", "lead", "ops", seats=3),
    seat("a2", "lead", "ops"),
    seat("idea", "lead", "ops", status="planned"),
    Assignment(id="h1", person="ann", position="a1"),
    Assignment(id="h2", person="ben", position="a1"),
    Assignment(id="h3", person="ann", position="a2", fte=0),
    Assignment(id="h4", person="cat", position="lead"),
)


def test_spans_by_hand() -> None:
    found = span_distribution(MODEL, DAY)
    assert dict(zip(found.managers, found.spans, strict=True)) == {"ceo": 2, "coo": 1, "lead": 2}
    assert (found.whole.median, found.whole.lower) == (2, Fraction(3, 2))
    assert {level: one.count for level, one in found.by_level.items()} == {"executive": 2, "lead": 1}
    assert (found.own("hq").total, found.own("ops").total, found.total("hq").total) == (3, 2, 5)
    assert dict(zip(found.managers, span_distribution(MODEL, DAY, "seats").spans, strict=True))["lead"] == 4
    people = span_distribution(MODEL, DAY, "people")
    assert dict(zip(people.managers, people.spans, strict=True)) == {"ceo": 0, "coo": 1, "lead": 2}
    assert str(found).splitlines() == [
        "spans in positions on 2026-03-02",
        "level      managers  least  lower  median  upper  most",
        "executive         2      1   1.25     1.5   1.75     2",
        "lead              1      2      2       2      2     2",
        "all               3      1    1.5       2      2     2",
    ]


def test_whoever_alone_holds_the_manager_does_not_report_to_themselves() -> None:
    model = MODEL.add(Assignment(id="h5", person="cat", position="a2"))
    found = span_distribution(model, DAY, "people")
    assert dict(zip(found.managers, found.spans, strict=True))["lead"] == 2


def test_unknown_units_are_named() -> None:
    ratios, spans = manager_ratios(MODEL, DAY), span_distribution(MODEL, DAY)
    for ask in (ratios.own, ratios.total, spans.own, spans.total):
        with pytest.raises(UnknownRecord):
            ask("ghost")


@pytest.mark.parametrize("counting", ["positions", "seats", "people"])
@given(model=organisations())
def test_spans_are_those_counted_one_by_one(counting: Counting, model: OperatingModel) -> None:
    below = reports(model)
    expected = {}
    for id, found in below.items():
        own = held_by(model, id)
        people = {person for one in found for person in held_by(model, one.id)} - ({*own} if len(own) == 1 else set())
        measures = {"positions": len(found), "seats": sum(p.seats for p in found), "people": len(people)}
        expected[id] = measures[counting]
    result = span_distribution(model, DAY, counting)
    assert dict(zip(result.managers, result.spans, strict=True)) == expected
    assert list(result.managers) == [p.id for p in model.positions if p.id in expected]
    assert result.whole.count == len(expected)
    if len(expected) > 1:
        values = list(map(Fraction, expected.values()))
        quartiles = statistics.quantiles(values, method="inclusive")
        assert [result.whole.lower, result.whole.median, result.whole.upper] == quartiles
    homes = {p.id: (p.unit, p.level) for p in model.positions}
    for unit in model.units.ids:
        assert result.own(unit).total == sum(n for id, n in expected.items() if homes[id][0] == unit)
        assert result.total(unit).total == sum(n for id, n in expected.items() if homes[id][0] in within(model, unit))
    assert {level: one.total for level, one in result.by_level.items()} == {
        level: sum(n for id, n in expected.items() if homes[id][1] == level)
        for level in {homes[id][1] for id in expected}
    }
    assert str(DAY) in str(result)


def test_layers_by_hand() -> None:
    found = layers(MODEL, DAY)
    assert found.layers == (
        Layer(depth=0, positions=1, managers=1),
        Layer(depth=1, positions=2, managers=1),
        Layer(depth=2, positions=1, managers=1),
        Layer(depth=3, positions=2, managers=0),
    )
    assert (len(found), found.unplaced, found.depth.median) == (4, 0, Fraction(3, 2))
    loop = layers(MODEL.add(seat("x", "y"), seat("y", "x"), seat("z", "y")), DAY)
    assert (len(loop), loop.unplaced) == (4, 3)
    assert str(loop).endswith("3 on or below a reporting cycle")


@given(organisations())
def test_layers_are_those_counted_one_by_one(model: OperatingModel) -> None:
    above, below = managers(model), reports(model)
    depths = {p.id: len(naive.chain(above, p.id)) for p in existing(model) if naive.has_top(above, p.id)}
    counts = Counter(depths.values())
    found = layers(model, DAY)
    deepest = max(counts, default=-1)
    assert [(x.depth, x.positions) for x in found.layers] == [(d, counts[d]) for d in range(deepest + 1)]
    assert sum(x.managers for x in found.layers) == sum(id in below for id in depths)
    assert found.unplaced == len(existing(model)) - len(depths)
    assert (found.depth.count, found.depth.total) == (len(depths), sum(depths.values()))
    assert str(DAY) in str(found)


def test_manager_ratio_by_hand() -> None:
    found = manager_ratios(MODEL, DAY)
    assert (found.whole.managers, found.whole.positions, found.whole.share) == (3, 6, 0.5)
    assert found.own("ops").others_per_manager == 2
    assert (found.total("hq").managers, found.own("hq").managers) == (3, 2)
    assert str(found.own("ops")) == "1 of 3 positions manage others, 1 to 2.00"
    assert str(found).splitlines()[-1].split() == ["all", "6", "3", "1.00"]


def test_without_positions_there_is_no_ratio() -> None:
    whole = manager_ratios(OperatingModel(), DAY).whole
    assert (whole.share, whole.others_per_manager) == (None, None)
    assert str(whole) == "0 of 0 positions manage others"


@given(organisations())
def test_manager_ratios_are_those_counted_one_by_one(model: OperatingModel) -> None:
    there, below = existing(model), reports(model)
    found = manager_ratios(model, DAY)
    assert (found.whole.positions, found.whole.managers) == (len(there), len(below))
    for unit in model.units.ids:
        for inside, one in (({unit}, found.own(unit)), (within(model, unit), found.total(unit))):
            here = [p.id for p in there if p.unit in inside]
            assert (one.positions, one.managers) == (len(here), sum(id in below for id in here))
    assert {level: (one.positions, one.managers) for level, one in found.by_level.items()} == {
        level: (sum(p.level == level for p in there), sum(p.level == level and p.id in below for p in there))
        for level in {p.level for p in there}
    }
    assert str(DAY) in str(found)
