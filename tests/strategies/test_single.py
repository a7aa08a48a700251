from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from community_ops import OperatingModel, Position, Record, Responsibility
from community_ops.errors import InvalidSchema
from community_ops.strategies import records
from tests.strategies.kinds import EveryShape, Everything, Post, Replaced


def drawn(strategy: Any) -> list[Any]:
    found: list[Any] = []

    @given(strategy)
    @settings(max_examples=30, derandomize=True, database=None, suppress_health_check=())
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


@pytest.mark.parametrize("name", OperatingModel.schema.kinds)
def test_every_built_in_kind_has_a_strategy_by_its_name(name: str) -> None:
    cls = OperatingModel.schema.kinds[name].cls
    found = drawn(records(name))
    assert {type(record) for record in found} == {cls}
    assert len({record.id for record in found}) > 5


def test_a_class_needs_no_schema() -> None:
    assert {type(record) for record in drawn(records(Everything))} == {Everything}


def test_a_schema_decides_which_class_a_kind_has() -> None:
    assert {type(record) for record in drawn(records(Position, Replaced.schema))} == {Post}
    assert {type(record) for record in drawn(records("position", Replaced.schema))} == {Post}
    assert {type(record) for record in drawn(records(Position))} == {Position}


def test_references_point_anywhere_and_name_kinds_of_the_schema() -> None:
    found = drawn(records(Responsibility, EveryShape.schema))
    assert {record.subject.kind for record in found} <= set(EveryShape.schema.kinds)
    assert len({record.position for record in found}) > 5


def test_an_unknown_kind_is_an_error_at_once() -> None:
    with pytest.raises(LookupError, match="no kind 'dragon'"):
        records("dragon")
    with pytest.raises(InvalidSchema):
        records(Record)


def test_asking_twice_gives_the_same_strategy() -> None:
    assert records(Position) is records("position")
