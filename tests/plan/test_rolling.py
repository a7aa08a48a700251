"""Work, progress and cost rolled up, against adding up the leaves below each task."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Duration, Money, OperatingModel, Plan, Task
from community_ops.errors import MixedCurrencies, UnknownRecord
from community_ops.plan import Progress, rollup

PLAN = Plan(id="p", name="P", start=date(2026, 3, 2))


def task(id, days=None, parent=None, **fields):
    duration = None if days is None else Duration(days)
    return Task(id=id, name=id, plan="p", parent=parent, duration=duration, **fields)


def rolled(*tasks):
    return rollup(OperatingModel.of(PLAN, *tasks), "p")


def test_a_summary_is_the_sum_of_what_is_below_it():
    found = rolled(
        task("s"),
        task("a", 3, "s", percent_complete=50, planned_cost=Money(100, "CNY")),
        task("t", parent="s", planned_cost=Money(999, "CNY")),  # its parts say what it costs
        task("b", 1, "t", planned_cost=Money("0.50", "CNY"), contingency=Money(10, "CNY")),
    )
    s = found["s"]
    assert (s.tasks, s.work, s.percent_complete) == (2, timedelta(hours=32), Decimal("37.5"))
    assert (s.planned_cost, s.contingency) == (Money("100.50", "CNY"), Money(10, "CNY"))
    assert (found["t"].planned_cost, found["a"].contingency) == (Money("0.50", "CNY"), None)


def test_what_is_finished_is_done_and_what_takes_no_time_weighs_nothing():
    found = rolled(
        task("s"),
        task("a", 1, "s", percent_complete=10, actual_finish=date(2026, 3, 2)),
        task("b", 3, "s"),
        task("m", parent="s", kind="milestone", percent_complete=100),
        task("l", parent="s", kind="level_of_effort", percent_complete=100, planned_cost=Money(5, "CNY")),
    )
    assert (found["s"].tasks, found["s"].percent_complete) == (4, Decimal(25))
    assert (found["m"].percent_complete, found["l"].percent_complete) == (None, None)
    assert found["s"].planned_cost == Money(5, "CNY")


def test_at_an_earlier_date_what_was_known_then_is_rolled_up():
    history = (Progress(date(2026, 3, 2), 20), Progress(date(2026, 3, 4), 60))
    model = OperatingModel.of(
        PLAN,
        task("s"),
        task("a", 3, "s", percent_complete=60, actual_start=date(2026, 3, 2), progress=history),
        task("b", 1, "s", percent_complete=100, actual_start=date(2026, 3, 4), actual_finish=date(2026, 3, 5)),
    )
    evening = datetime(2026, 3, 2, 17, tzinfo=UTC)
    # Of four days: three fifths of one; three fifths of one, and all of b as nobody says what it was before.
    known = {date(2026, 3, 2): 0, evening: 15, date(2026, 3, 4): 40, date(2026, 3, 6): 70}
    for at, percent in known.items():
        assert rollup(model, "p", at)["s"].percent_complete == percent, at
    assert rollup(model, "p")["s"].percent_complete == 70
    assert rollup(model, "p", date(2026, 3, 4))["s"].work == timedelta(hours=32)
    late = model.replace(task("b", 1, "s", percent_complete=10, actual_finish=date(2026, 3, 5)))
    assert rollup(late, "p", date(2026, 3, 5))["b"].percent_complete == 10
    assert rollup(late, "p", date(2026, 3, 6))["b"].percent_complete == 100


def test_what_overlaps_others_is_counted_there():
    found = rolled(
        task("item", 2, planned_cost=Money(10, "CNY")),
        task("steps"),
        task("step", 4, "steps", overlaps=["item"], planned_cost=Money(70, "CNY")),
        task("other", 1, "steps"),
    )
    assert (found["steps"].tasks, found["steps"].work, found["steps"].planned_cost) == (1, timedelta(hours=8), None)
    assert (found["step"].work, found["step"].planned_cost) == (timedelta(hours=32), Money(70, "CNY"))


def test_several_currencies_are_not_added_up():
    with pytest.raises(MixedCurrencies, match="plan 'p' has amounts in CNY and EUR"):
        rolled(task("a", 1, planned_cost=Money(1, "EUR")), task("b", 1, planned_cost=Money(1, "CNY")))


def test_there_is_nothing_to_roll_up_in_an_empty_plan_or_none():
    assert dict(rolled()) == {}
    with pytest.raises(UnknownRecord):
        rollup(OperatingModel.of(PLAN), "q")


@st.composite
def trees(draw):
    tasks = []
    for n in range(draw(st.integers(1, 9))):
        parent = draw(st.sampled_from([None, *[one.id for one in tasks]]))
        cost = draw(st.one_of(st.none(), st.integers(0, 50).map(lambda amount: Money(amount, "CNY"))))
        percent = draw(st.integers(0, 100))
        tasks.append(task(f"t{n}", draw(st.integers(0, 5)), parent, percent_complete=percent, planned_cost=cost))
    return tasks


@given(trees())
def test_every_task_is_the_sum_of_its_leaves(tasks):
    found, up = rolled(*tasks), {one.id: one.parent for one in tasks}
    summaries = {one.parent for one in tasks}

    def below(id, top):
        return id == top or (up[id] is not None and below(up[id], top))

    for top in up:
        leaves = [one for one in tasks if one.id not in summaries and below(one.id, top)]
        days = sum(int(one.duration.amount) for one in leaves)
        costs = [one.planned_cost.amount for one in leaves if one.planned_cost is not None]
        assert found[top].tasks == len(leaves)
        assert found[top].work == timedelta(hours=8 * days)
        assert found[top].planned_cost == (Money(sum(costs), "CNY") if costs else None)
        if days:
            done = Fraction(sum(int(one.duration.amount) * int(one.percent_complete) for one in leaves), days)
            assert abs(Fraction(found[top].percent_complete) - done) < Fraction(1, 10**20)
        else:
            assert found[top].percent_complete is None
