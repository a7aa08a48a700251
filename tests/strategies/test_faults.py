from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from community_ops import OperatingModel, Position, Unit
from community_ops.strategies import violating
from community_ops.strategies.faults import fresh
from tests.strategies.kinds import EveryShape

CODES = [rule.code for rule in OperatingModel.rules().rules]
few = settings(max_examples=10, derandomize=True, database=None, suppress_health_check=())


@pytest.mark.unwatched  # a thousand models; the rules have their own tests, and the strategy the ones below
@pytest.mark.parametrize("code", CODES)
def test_every_rule_finds_what_was_broken(code: str) -> None:
    sizes: set[int] = set()
    reviews = OperatingModel.rules().rule(code).reviews  # such a rule looks at what the others find

    @given(violating(code, dated=True))
    @few
    def look(pair: tuple[OperatingModel, date | None]) -> None:
        model, at = pair
        sizes.add(len(model))
        assert code in {finding.code for finding in model.check(at=at, select=[] if reviews else [code]).findings}

    look()
    assert len(sizes) > 1, "the example stands in models of different sizes"


@given(violating("ORG101", EveryShape, max_size=5))
@few
def test_a_model_class_of_ones_own_is_broken_as_well(model: EveryShape) -> None:
    assert type(model) is EveryShape
    assert "ORG101" in {finding.code for finding in model.check().findings}


def test_an_unknown_rule_is_an_error_at_once() -> None:
    with pytest.raises(LookupError, match="no rule XYZ999"):
        violating("XYZ999")


def test_grafted_records_get_ids_that_nothing_around_bears_or_points_at() -> None:
    around = [Unit(id="hq-1", name="HQ"), Position(id="b-2", title="B", unit="hq-1", reports_to="ghost-2")]
    example = [
        Unit(id="hq", name="HQ", heads=("a",)),
        Position(id="a", title="A", unit="hq", reports_to="ghost"),
    ]
    unit, position = fresh(example, around)
    assert unit == Unit(id="hq-3", name="HQ", heads=("a-3",))  # -1 is a unit's id; -2 would meet the other ghost
    assert position == Position(id="a-3", title="A", unit="hq-3", reports_to="ghost-3")
