"""How much of a position a plan can count on, against asking day by day from the definitions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, Calendar, DateRange, OperatingModel, Person, Plan, Policy, Position, Unit
from community_ops.errors import InvalidRecord
from community_ops.org.exact import Scale
from community_ops.plan.lengths import Clocks
from community_ops.plan.staffing import staffing
from tests.plan.hours import counted_on

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(14)]
ENDS = st.lists(st.sampled_from(DAYS), min_size=2, max_size=2).map(lambda ends: DateRange(*sorted(ends)))


def parts(found, position, day):
    """Return what is there on a day, as a decimal."""
    (*_, (_, held)) = [change for change in found.days[position] if change[0] <= day.toordinal()]
    return found.scale.decimal(held)


@st.composite
def organisations(draw):
    crew = Position(id="crew", title="Crew", unit="hq", seats=draw(st.integers(0, 2)), seat_fte=Decimal("0.25"))
    post = Assignment(id="a", person="ann", position="crew", fte=draw(st.sampled_from(["1", "0.5"])), period=draw(ENDS))
    filled = Policy(id="b", rule="PLN403", values={"backfill": draw(st.sampled_from(DAYS)).isoformat()})
    more = [one for one in (post, filled) if draw(st.booleans())]
    return OperatingModel.of(Unit(id="hq", name="HQ"), crew, Person(id="ann", name="Ann"), *more)


@given(organisations())
def test_where_nobody_is_there_the_seats_count_from_the_day_that_a_policy_names(model):
    found = staffing(model, frozenset({"crew"}), MONDAY)
    for day in DAYS:
        assert parts(found, "crew", day) == counted_on(model, "crew", datetime.combine(day, time(), UTC))


@given(organisations(), ENDS, st.sampled_from(["approved", "closed"]))
def test_seats_count_while_a_position_exists_whoever_is_there(model, period, status):
    crew = Position(id="crew", title="Crew", unit="hq", seats=3, seat_fte="0.5", period=period, status=status)
    found = staffing(model.put(crew), frozenset({"crew", "ghost"}), MONDAY, "seats")
    for day in DAYS:
        there = period.covers(day) and status != "closed"
        assert (parts(found, "crew", day), parts(found, "ghost", day)) == (Decimal("1.5") if there else 0, 0)


def test_days_begin_on_the_clocks_of_the_plan_and_parts_may_be_finer():
    far = Calendar(id="far", timezone="Asia/Shanghai", hours={"mon": (("09:00", "17:00"),)})
    post = Assignment(id="a", person="ann", position="crew", period=DateRange(MONDAY, date.max))
    model = OperatingModel.of(far, Plan(id="p", name="P", start=MONDAY, calendar="far"), post)
    found = staffing(model, frozenset({"crew"}), MONDAY)
    first, begun, gone = found.instants(Clocks.of(model, ["far"]), Scale(2))["crew"]
    midnight = datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert (begun[0], begun[1]) == (int(midnight.timestamp()) * 1_000_000, 100)
    assert first[1] == gone[1] == 0


def test_another_basis_is_refused_by_naming_the_choices():
    with pytest.raises(InvalidRecord, match="must be held or seats, got 'heads'"):
        staffing(OperatingModel(), frozenset({"crew"}), MONDAY, "heads")
