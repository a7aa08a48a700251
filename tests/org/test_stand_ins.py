"""Who stands in for a position from day to day, against asking `acting` for every position on every day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from community_ops import Absence, Assignment, DateRange, Deputy, OperatingModel, Position, Ref
from community_ops.kernel.model import Model
from community_ops.kernel.schema import Schema
from community_ops.org.deputising import acting
from community_ops.org.stand_ins import Term, deputy_terms, nearest_manned, within_reach
from community_ops.org.timeline import EVER, NEVER

DAY = date(2026, 3, 2)
DAYS = [DAY + timedelta(days=number) for number in range(-2, 9)]
IDS = "abcde"


def job(id: str, **fields: Any) -> Position:
    return Position(id=id, title=id, unit="hq", **fields)


def deputy(position: str, by: str, order: int = 1, **fields: Any) -> Deputy:
    return Deputy(id=f"{position}{by}", position=position, deputy=by, order=order, **fields)


def days(first: int | None, last: int | None) -> DateRange:
    return DateRange(*[None if day is None else DAY + timedelta(days=day) for day in (first, last)])


ends = st.none() | st.integers(-1, 7)
periods = st.none() | st.builds(days, ends, ends)


@st.composite
def organisations(draw: st.DrawFn) -> list[Any]:
    some, people = st.sampled_from(IDS), st.sampled_from("xyz")
    states = st.sampled_from(["approved", "approved", "approved", "planned", "closed"])
    records: list[Any] = [job(id, status=draw(states), period=draw(periods)) for id in IDS]
    for number in range(draw(st.integers(0, 5))):
        held = Assignment(id=f"h{number}", person=draw(people), position=draw(some), period=draw(periods))
        records.append(held)
    for number in range(draw(st.integers(0, 3))):
        records.append(Absence(id=f"l{number}", person=draw(people), period=draw(periods) or DateRange()))
    for number in range(draw(st.integers(0, 9))):
        records.append(
            Deputy(
                id=f"d{number}", position=draw(st.sampled_from("abcdeg")), deputy=draw(st.sampled_from("abcdeg")),
                order=draw(st.integers(1, 3)), period=draw(periods),
                scope=draw(st.sampled_from([(), (), (), (Ref("goal", "x"),)])),
            )
        )  # fmt: skip
    return records


@given(organisations())
@example([*map(job, IDS), *[Assignment(id=id, person=id, position=id) for id in "de"], deputy("a", "b", 1),
          deputy("a", "c", 2), deputy("b", "e"), deputy("c", "d"), deputy("b", "a", 2)])  # fmt: skip
@example([job("a"), job("b"), job("c"), Assignment(id="h", person="x", position="b", period=days(2, 4)),
          Assignment(id="i", person="y", position="c"), deputy("a", "b", 2, period=days(1, 3)),
          deputy("a", "c", 3, period=days(-1, 6))])  # fmt: skip
def test_it_finds_what_acting_finds_for_every_position_on_every_day_and_says_until_when(records: list[Any]) -> None:
    model = OperatingModel.of(*records)
    charts = {day.toordinal(): acting(model, day) for day in DAYS}

    def manned(position: str, on: int) -> tuple[bool, int]:
        return bool(charts[on].manned(position)), on + 1 if on + 1 in charts else NEVER

    def lasting(position: str, on: int) -> tuple[bool, int]:
        now = manned(position, on)[0]
        later = [day for day in charts if day > on and manned(position, day)[0] != now]
        return now, min(later, default=NEVER)

    for position in model.positions.ids:
        expected = {}
        for on, chart in charts.items():
            expected[on] = position if chart.manned(position) else chart.deputy(position)
            assert nearest_manned(position, on, deputy_terms(model), manned)[0] == expected[on]
        for on in charts:
            _, until = nearest_manned(position, on, deputy_terms(model), lasting)
            assert until > on
            assert {expected[day] for day in charts if on <= day < until} == {expected[on]}


def test_only_deputies_for_everything_between_positions_that_exist_stand_in_over_time() -> None:
    model = OperatingModel.of(
        job("a"),
        job("b"),
        job("c"),
        deputy("a", "b", 2, period=days(0, 4)),
        deputy("a", "c", 1),
        deputy("b", "c", scope=(Ref("goal", "x"),)),
        deputy("c", "ghost"),
        deputy("c", "c"),
        deputy("c", "b", period=days(5, 4)),
    )
    first = DAY.toordinal()
    assert deputy_terms(model) == {"a": (Term("c", EVER, NEVER), Term("b", first, first + 5))}


def test_the_search_goes_no_further_than_the_nearest_who_is_there() -> None:
    model = OperatingModel.of(*map(job, IDS), deputy("a", "b"), deputy("b", "c"), deputy("c", "d"))
    asked: list[str] = []

    def manned(position: str, on: int) -> tuple[bool, int]:
        asked.append(position)
        return position == "b", on + 7

    assert nearest_manned("a", 100, deputy_terms(model), manned) == ("b", 107)
    assert asked == ["a", "b"]


def test_within_reach_are_those_who_stand_in_for_those_who_stand_in_each_once() -> None:
    model = OperatingModel.of(*map(job, IDS), deputy("a", "b"), deputy("b", "c"), deputy("c", "a"), deputy("d", "b"))
    assert within_reach(deputy_terms(model), ["a", "ghost"]) == ("a", "ghost", "b", "c")


def test_a_schema_without_deputies_has_nobody_to_stand_in() -> None:
    class Small(Model):
        schema = Schema.of(*[kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls is not Deputy])

    assert deputy_terms(Small.of(job("a"))) == {}
