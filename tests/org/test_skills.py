"""Skill coverage and the cheapest training plan: by hand, and against trying every plan there is."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, DateRange, Money, OperatingModel, Person, Position, SkillLevel, Training
from community_ops.org.skills import skill_coverage, training_plan

DAY = date(2026, 3, 2)
NEXT_WEEK = DateRange(DAY + timedelta(7), DAY + timedelta(8))


def mod(**fields: Any) -> Position:
    return Position(id="mod", title="Moderator", unit="hq", **{"requires": [SkillLevel("care", 2)], **fields})


def ann(level: int = 0) -> list[Any]:
    skills = [SkillLevel("care", level)] if level else []
    return [Person(id="ann", name="Ann", skills=skills), Assignment(id="a", person="ann", position="mod")]


def course(id: str, cost: int | None = 100, level: int = 2, currency: str = "CNY", **fields: Any) -> Training:
    price = None if cost is None else Money(cost, currency)
    return Training(id=id, name=id, skill="care", level=level, cost=price, **fields)


def booked(*records: Any) -> list[str]:
    return [one.training for one in training_plan(OperatingModel.of(mod(), *records), DAY).bookings]


class TestCoverage:
    def test_a_level_below_is_a_gap_and_says_by_how_much(self) -> None:
        found = skill_coverage(OperatingModel.of(mod(), *ann(1)), DAY)
        (gap,) = found.gaps
        assert (gap.position, gap.person, gap.skill, gap.needed, gap.has) == ("mod", "ann", "care", 2, 1)
        assert (found.required, found.share, str(found)) == (1, 0.0, "0 of 1 required skills are there")

    def test_a_level_above_is_none(self) -> None:
        assert skill_coverage(OperatingModel.of(mod(), *ann(3)), DAY).share == 1.0

    def test_a_position_that_nobody_holds_is_no_gap_of_anybody(self) -> None:
        found = skill_coverage(OperatingModel.of(mod()), DAY)
        assert (found.required, found.share, found.unheld) == (0, None, ("mod",))

    def test_who_is_not_there_has_no_skill(self) -> None:
        ghost = Assignment(id="a", person="ghost", position="mod")
        assert len(skill_coverage(OperatingModel.of(mod(), ghost), DAY).gaps) == 1

    def test_positions_that_need_nothing_count_for_nothing(self) -> None:
        assert skill_coverage(OperatingModel.of(mod(requires=[]), *ann()), DAY).required == 0

    def test_a_skill_needed_twice_counts_once_at_the_greater_level(self) -> None:
        twice = mod(requires=[SkillLevel("care", 1), SkillLevel("care", 4)])
        found = skill_coverage(OperatingModel.of(twice, *ann(2)), DAY)
        assert (found.required, found.gaps[0].needed) == (1, 4)


class TestPlan:
    def test_the_cheapest_that_leads_to_the_level(self) -> None:
        assert booked(*ann(), course("dear", 300), course("cheap", 200), course("short", 10, level=1)) == ["cheap"]
        assert booked(*ann(), course("first"), course("second")) == ["first"]

    def test_one_of_unknown_cost_only_where_no_other_will_do(self) -> None:
        assert booked(*ann(), course("unknown", None), course("dear", 900)) == ["dear"]
        plan = training_plan(OperatingModel.of(mod(), *ann(), course("unknown", None)), DAY)
        assert (plan.bookings[0].cost, plan.costs, plan.unpriced) == (None, (), 1)

    def test_what_is_over_closes_nothing_and_what_is_on_is_too_late_to_join(self) -> None:
        over, on = DateRange(None, DAY - timedelta(1)), DateRange(DAY - timedelta(1), DAY)
        assert booked(*ann(), course("over", period=over), course("on", period=on)) == []
        assert booked(*ann(), course("since-ever", period=DateRange(None, DAY))) == []
        assert booked(*ann(), course("today", period=DateRange(DAY, DAY))) == ["today"]

    def test_who_is_booked_already_is_not_booked_again(self) -> None:
        on = DateRange(DAY - timedelta(1), DAY)
        plan = training_plan(
            OperatingModel.of(mod(), *ann(), course("on", people=["ann"], period=on), course("x", 1)), DAY
        )
        assert (plan.bookings, [one.training for one in plan.booked]) == ((), ["on"])
        assert booked(*ann(), course("too-low", people=["ann"], level=1), course("x")) == ["x"]

    def test_one_training_closes_the_gaps_of_all_positions_of_a_person(self) -> None:
        lead = Position(id="lead", title="Lead", unit="hq", requires=[SkillLevel("care", 4)])
        both = [*ann(), lead, Assignment(id="b", person="ann", position="lead")]
        plan = training_plan(OperatingModel.of(mod(), *both, course("low", 10), course("high", 90, level=4)), DAY)
        assert [(one.training, len(one.gaps)) for one in plan.bookings] == [("high", 2)]

    def test_what_no_training_closes_and_what_currencies_leave_open_is_said(self) -> None:
        assert len(training_plan(OperatingModel.of(mod(), *ann()), DAY).unmet) == 1
        mixed = [course("yuan"), course("euro", 20, currency="EUR")]
        plan = training_plan(OperatingModel.of(mod(), *ann(), *mixed), DAY)
        assert (plan.bookings, len(plan.undecided), plan.unmet) == ((), 1, ())

    def test_costs_are_summed_by_currency(self) -> None:
        law = Position(id="law", title="Law", unit="hq", requires=[SkillLevel("law", 1)])
        more = [law, Assignment(id="b", person="ben", position="law"), Assignment(id="c", person="eve", position="law")]
        training = Training(id="l", name="L", skill="law", level=1, cost=Money(5, "EUR"))
        plan = training_plan(OperatingModel.of(mod(), *ann(), *more, course("c", 7), training), DAY)
        assert plan.costs == (Money(7, "CNY"), Money(10, "EUR"))

    def test_without_gaps_there_is_nothing_to_do(self) -> None:
        plan = training_plan(OperatingModel.of(mod(), *ann(2), course("x")), DAY)
        assert (plan.bookings, plan.costs, plan.unmet) == ((), (), ())


@given(
    st.lists(st.tuples(st.sampled_from("pq"), st.sampled_from("st"), st.integers(1, 4)), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from("st"), st.integers(1, 4), st.integers(0, 9)), max_size=4),
)
def test_no_plan_that_closes_as_much_costs_less(
    needs: list[tuple[str, str, int]], offers: list[tuple[str, int, int]]
) -> None:
    records: list[Any] = [Person(id=id, name=id) for id in "pq"]
    for number, (who, skill, level) in enumerate(needs):
        records.append(Position(id=f"j{number}", title="J", unit="hq", requires=[SkillLevel(skill, level)]))
        records.append(Assignment(id=f"a{number}", person=who, position=f"j{number}"))
    for number, (skill, level, cost) in enumerate(offers):
        records.append(Training(id=f"t{number}", name="T", skill=skill, level=level, cost=Money(cost, "CNY")))
    plan = training_plan(OperatingModel.of(*records), DAY)

    pairs = [(who, number) for who in "pq" for number in range(len(offers))]

    def closed(chosen: list[tuple[str, int]]) -> set[tuple[str, str]]:
        """The people and skills of whom all gaps are closed; half a closing helps no position fully."""
        level = {key: max(n[2] for n in needs if n[:2] == key) for key in {n[:2] for n in needs}}
        return {
            key
            for key in level
            if any(w == key[0] and offers[t][:2] >= (key[1], level[key]) and offers[t][0] == key[1] for w, t in chosen)
        }

    every = [
        [pair for pair, on in zip(pairs, flags, strict=True) if on] for flags in product((0, 1), repeat=len(pairs))
    ]
    most = max(len(closed(chosen)) for chosen in every)
    least = min(sum(offers[t][2] for _, t in chosen) for chosen in every if len(closed(chosen)) == most)
    assert len(plan.bookings) == most
    assert sum(int(one.amount) for one in plan.costs) == least
    assert len({(gap.person, gap.skill) for gap in plan.unmet}) == len({n[:2] for n in needs}) - most
