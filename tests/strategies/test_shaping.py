from __future__ import annotations

from typing import Any

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from community_ops.errors import InvalidRecord
from community_ops.kernel.codec import dumps, loads
from community_ops.kernel.declaration import kind_of, layout_of
from community_ops.kernel.record import Value
from community_ops.kernel.shapes import Shape
from community_ops.kernel.values import DateRange, Estimate, Money
from community_ops.strategies import records, shaping
from community_ops.strategies.shaping import DRAFT, Sort, instances, made, strategy_for
from tests.strategies.kinds import EveryShape, Everything, Shoes

FREE = Sort(draft=False, kinds=("unit",))


@given(records(Everything, EveryShape.schema))
@settings(suppress_health_check=())
def test_a_record_with_a_field_of_every_shape_survives_being_written_and_read(record: Everything) -> None:
    model = EveryShape.of(record)
    assert loads(dumps(model), EveryShape) == model


@given(records(Everything, EveryShape.schema))
def test_each_field_keeps_to_what_it_declares(record: Everything) -> None:
    assert record.choice in ("a", "b")
    assert record.many >= 3
    assert record.share >= 0
    assert record.price >= 0
    assert record.moment.utcoffset() is not None
    assert len(record.pair) == 2
    assert record.about.kind in EveryShape.schema.kinds


def test_nothing_is_thrown_away_where_the_declaration_says_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def thrown() -> None:
        raise AssertionError("an example was given up")

    monkeypatch.setattr(shaping, "reject", thrown)

    @given(st.one_of([records(kind.cls) for kind in EveryShape.schema.kinds.values()]))
    @settings(max_examples=200, database=None)
    def look(record: Any) -> None:
        assert EveryShape.of(record)[record.ref] is record

    look()


def test_every_field_with_a_default_is_sometimes_given_and_sometimes_left_out() -> None:
    defaults = {spec.name: spec.default for spec in kind_of(Everything).layout.fields if not spec.required}
    seen: set[tuple[str, bool]] = set()

    @given(records(Everything, EveryShape.schema))
    @settings(max_examples=100, derandomize=True, database=None)
    def look(record: Everything) -> None:
        seen.update((name, getattr(record, name) == default) for name, default in defaults.items())

    look()
    assert seen == {(name, left_out) for name in defaults for left_out in (True, False)}


def test_a_check_in_code_only_costs_some_examples() -> None:
    counts: list[int] = []

    @given(records(Shoes))
    @settings(max_examples=50, database=None)
    def look(shoes: Shoes) -> None:
        counts.append(shoes.count.number)

    look()
    assert len(counts) >= 50
    assert not any(count % 2 for count in counts)


def test_what_the_declaration_forbids_is_an_error_and_no_thrown_away_example() -> None:
    with pytest.raises(InvalidRecord):
        made(layout_of(DateRange), {"start": "tomorrow"})


def test_a_check_that_nothing_passes_is_reported_by_hypothesis() -> None:
    @frozen
    class Impossible(Value):
        def __meaning__(self) -> Any:
            yield "all", "is impossible"

    @given(instances(Impossible, FREE))
    @settings(database=None)
    def look(value: Any) -> None: ...

    with pytest.raises(Unsatisfiable):
        look()


def test_a_shape_without_a_strategy_says_what_is_missing() -> None:
    @frozen
    class Colour(Shape):
        pass

    with pytest.raises(NotImplementedError, match="no strategy for Colour"):
        strategy_for(Colour(), FREE)


@given(instances(DateRange, DRAFT), instances(Estimate, DRAFT), instances(Money, DRAFT))
def test_drafts_of_values_are_plausible(period: DateRange, estimate: Estimate, money: Money) -> None:
    assert not period.backward
    assert period.start is not None or period.end is not None
    assert estimate.ordered
    assert money.amount >= 0


def test_free_periods_are_forward_backward_and_open() -> None:
    seen: set[str] = set()

    @given(instances(DateRange, FREE), instances(Estimate, FREE))
    @settings(max_examples=200, derandomize=True, database=None)
    def look(period: DateRange, estimate: Estimate) -> None:
        ends = (period.start is None, period.end is None)
        seen.add("backward" if period.backward else f"open {ends}" if any(ends) else "forward")
        seen.add("ordered" if estimate.ordered else "unordered")

    look()
    opens = {"open (True, False)", "open (False, True)", "open (True, True)"}
    assert seen == {"forward", "backward", "ordered", "unordered", *opens}


def test_a_subclass_of_money_still_has_a_currency() -> None:
    @frozen
    class Price(Money):
        per: str = "piece"

    @given(instances(Price, FREE))
    @settings(database=None, suppress_health_check=())
    def look(price: Price) -> None:
        assert len(price.currency) == 3

    look()


def test_strategies_say_briefly_what_they_are() -> None:
    assert repr(records(Shoes)) == "instances(cls=Shoes, sort=FREE)"
    assert "DRAFT" in repr(instances(Money, DRAFT))
