"""Which reporting lines are in force, and which of several solid ones holds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import DateRange, OperatingModel, ReportingLine
from community_ops.kernel.model import Model
from community_ops.kernel.schema import Schema
from community_ops.org.lines import Line, contested_lines, lines_at, solid_managers

DAY = date(2026, 3, 10)


def line(
    id: str, manager: str, period: DateRange | None = None, position: str = "a", kind: str = "solid"
) -> ReportingLine:
    return ReportingLine(id=id, position=position, manager=manager, kind=kind, period=period)  # type: ignore[arg-type]


def since(day: int) -> DateRange:
    return DateRange(date(2026, 3, day))


@st.composite
def some_lines(draw: st.DrawFn) -> list[ReportingLine]:
    days = st.none() | st.integers(-5, 5).map(lambda n: DAY + timedelta(n))
    periods = st.none() | st.builds(DateRange, days, days)
    kinds = st.sampled_from(["solid", "solid", "project"])
    one = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), kinds, periods)
    rows = draw(st.lists(one, max_size=6))
    ids = draw(st.permutations(range(len(rows))))
    return [line(f"l{id}", to, period, who, kind) for id, (who, to, kind, period) in zip(ids, rows, strict=True)]


@given(some_lines(), st.none() | st.just(DAY))
def test_the_solid_manager_is_that_of_the_line_that_started_last(lines: list[ReportingLine], at: date | None) -> None:
    def in_force(one: ReportingLine) -> bool:
        if one.period is None:
            return True
        starts, ends = one.period.start or date.min, one.period.end or date.max
        return at is not None and starts <= at <= ends

    model = OperatingModel(lines)
    assert [one.id for one in lines_at(model, at)] == [one.id for one in lines if in_force(one)]
    found = solid_managers(model, at)
    contested = {group[0].position: {one.id for one in group} for group in contested_lines(model, at)}
    for position in "ab":
        mine = [one for one in lines if in_force(one) and one.kind == "solid" and one.position == position]
        if not mine:
            assert position not in found
        else:
            dated = [one for one in mine if one.period is not None] or mine
            latest = max((one.period and one.period.start) or date.min for one in dated)
            best = [one for one in dated if ((one.period and one.period.start) or date.min) == latest]
            assert found[position] == min(best, key=lambda one: one.id).manager
        differ = len({one.manager for one in mine}) > 1
        assert contested.get(position) == ({one.id for one in mine} if differ else None)


def test_by_hand() -> None:
    always, early, late = line("l3", "x"), line("l2", "y", since(1)), line("l1", "z", since(5))
    model = OperatingModel.of(always, early, late, line("l4", "q", since(20)), line("l5", "q", kind="functional"))
    assert solid_managers(model, DAY) == {"a": "z"}
    assert solid_managers(model, date(2026, 3, 4)) == {"a": "y"}
    assert solid_managers(model, date(2026, 2, 1)) == solid_managers(model) == {"a": "x"}
    assert [one.id for one in lines_at(model, DAY)] == ["l3", "l2", "l1", "l5"]
    assert lines_at(model) == (Line("l3", "a", "x", "solid"), Line("l5", "a", "q", "functional"))
    assert [[one.id for one in group] for group in contested_lines(model, DAY)] == [["l3", "l2", "l1"]]
    assert contested_lines(model) == ()


def test_several_lines_to_one_manager_are_not_contested() -> None:
    assert contested_lines(OperatingModel.of(line("l1", "x"), line("l2", "x", since(1))), DAY) == ()


def test_the_answer_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        solid_managers(OperatingModel.of(line("l1", "x")))["a"] = "y"  # type: ignore[index]


def test_the_order_of_the_table_decides_nothing() -> None:
    tie = [line("l2", "x", since(1)), line("l1", "y", since(1))]
    assert solid_managers(OperatingModel(tie), DAY) == solid_managers(OperatingModel(tie[::-1]), DAY) == {"a": "y"}


def test_a_schema_without_reporting_lines_has_none() -> None:
    kinds = [kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls is not ReportingLine]

    class Small(Model):
        schema = Schema.of(*kinds)

    assert lines_at(Small.of(), date(2026, 3, 2)) == ()
