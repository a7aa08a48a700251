"""The cheapest training plan: by hand, and against trying every plan there is, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import (
    Assignment,
    DateRange,
    InvalidRecord,
    Money,
    OperatingModel,
    Person,
    Position,
    SkillLevel,
    Training,
)
from community_ops.org import places
from community_ops.org.teaching import TrainingPlan, training_plan

DAY = date(2026, 3, 2)


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


def days(first: int | None, last: int | None) -> DateRange:
    """Return a period, its ends as days from today."""
    ends = [None if day is None else DAY + timedelta(day) for day in (first, last)]
    return DateRange(*ends)


def care(level: int) -> list[SkillLevel]:
    return [SkillLevel("care", level)]


class TestPrerequisites:
    def test_what_prepares_comes_first_and_closes_nothing(self) -> None:
        expert, basic = course("expert", 90, 4, requires=care(2)), course("basic", 10, 2)
        plan = training_plan(OperatingModel.of(mod(requires=care(4)), *ann(1), expert, basic), DAY)
        assert [(one.training, len(one.gaps)) for one in plan.bookings] == [("basic", 0), ("expert", 1)]
        assert (plan.costs, plan.proven) == ((Money(100, "CNY"),), True)

    def test_who_has_what_is_asked_for_needs_no_more(self) -> None:
        model = OperatingModel.of(mod(requires=care(4)), *ann(2), course("x", 90, 4, requires=care(2)), course("b", 1))
        assert [one.training for one in training_plan(model, DAY).bookings] == ["x"]

    def test_a_dear_training_that_asks_for_nothing_may_be_the_cheaper_way(self) -> None:
        offers = [course("step", 60), course("top", 50, 4, requires=care(2)), course("all", 100, 4)]
        plan = training_plan(OperatingModel.of(mod(requires=care(4)), *ann(), *offers), DAY)
        assert [one.training for one in plan.bookings] == ["all"]

    def test_nobody_is_sent_where_they_can_never_be_fit_for(self) -> None:
        law = [SkillLevel("law", 1)]
        assert len(training_plan(OperatingModel.of(mod(), *ann(), course("x", requires=law)), DAY).unmet) == 1
        circle = Training(id="l", name="L", skill="law", level=1, requires=care(2))
        model = OperatingModel.of(mod(), *ann(), course("x", requires=law), circle)
        assert training_plan(model, DAY).bookings == ()

    @pytest.mark.parametrize(
        ("basic", "expert", "fits"),
        [
            (days(1, 3), days(4, 5), True),
            (days(1, 3), days(3, 5), False),
            (days(4, 5), days(1, 3), False),
            (None, days(0, 3), True),
            (days(1, 3), None, True),
            (days(1, None), None, False),
        ],
    )
    def test_what_prepares_ends_before_the_other_begins(
        self, basic: DateRange | None, expert: DateRange | None, fits: bool
    ) -> None:
        offers = [course("expert", level=4, requires=care(2), period=expert), course("basic", period=basic)]
        plan = training_plan(OperatingModel.of(mod(requires=care(4)), *ann(), *offers), DAY)
        assert [one.training for one in plan.bookings] == (["basic", "expert"] if fits else [])

    def test_a_dearer_way_is_taken_where_the_cheap_one_is_too_late(self) -> None:
        offers = [
            course("late", 1, period=days(5, 6)), course("soon", 9, period=days(1, 2)),
            course("middle", 1, 3, requires=care(2)), course("expert", 1, 4, requires=care(3), period=days(4, 4)),
        ]  # fmt: skip
        plan = training_plan(OperatingModel.of(mod(requires=care(4)), *ann(), *offers), DAY)
        assert [one.training for one in plan.bookings] == ["soon", "middle", "expert"]

    def test_what_somebody_is_booked_for_prepares_as_well(self) -> None:
        offers = [course("on", people=["ann"], period=days(-2, 1)), course("expert", 5, 4, requires=care(2))]
        plan = training_plan(OperatingModel.of(mod(requires=care(4)), *ann(), *offers, course("again", 1)), DAY)
        assert [one.training for one in plan.bookings] == ["expert"]

    def test_one_preparation_serves_two_goals(self) -> None:
        basics = Training(id="b", name="B", skill="basics", level=1, cost=Money(50, "CNY"))
        after = {"requires": [SkillLevel("basics", 1)], "cost": Money(10, "CNY")}
        both = [Training(id=id, name=id, skill=id, level=1, **after) for id in ("law", "sql")]  # type: ignore[arg-type]
        alone = [Training(id=f"{one.id}-alone", name="A", skill=one.id, level=1, cost=Money(40, "CNY")) for one in both]
        asked = mod(requires=[SkillLevel("law", 1), SkillLevel("sql", 1)])
        plan = training_plan(OperatingModel.of(asked, *ann(), *both, *alone, basics), DAY)
        assert (sorted(one.training for one in plan.bookings), *plan.costs) == (["b", "law", "sql"], Money(70, "CNY"))

    def test_of_two_that_want_the_same_dear_preparation_one_is_taken(self) -> None:
        offers = [course(id, cost, 4, requires=care(2)) for id, cost in (("a", 2), ("b", 1))]
        plan = training_plan(OperatingModel.of(mod(requires=care(4)), *ann(), *offers, course("basic", 90)), DAY)
        assert [one.training for one in plan.bookings] == ["basic", "b"]

    def test_currencies_of_ways_that_meet_leave_the_choice_open(self) -> None:
        offers = [course("a", 1, 4, requires=care(2)), course("b", 1, 2, "EUR"), course("other", 1, 1, "USD")]
        plan = training_plan(OperatingModel.of(mod(requires=care(4)), *ann(), *offers), DAY)
        assert (len(plan.undecided), plan.bookings) == (1, ())


def crowd(number: int, **fields: Any) -> list[Any]:
    """Return people who each hold a seat for moderators."""
    ids = [f"p{n}" for n in range(number)]
    held = [Assignment(id=id, person=id, position="mod") for id in ids]
    return [mod(seats=number, **fields), *(Person(id=id, name=id) for id in ids), *held]


def counted(plan: TrainingPlan) -> dict[str, int]:
    ids = [one.training for one in plan.bookings]
    return {id: ids.count(id) for id in ids}


class TestPlaces:
    def test_those_left_over_take_the_next_cheapest(self) -> None:
        offers = [course("cheap", 10, places=3), course("dear", 30, places=4), course("dearest", 50)]
        plan = training_plan(OperatingModel.of(*crowd(9), *offers), DAY)
        assert counted(plan) == {"cheap": 3, "dear": 4, "dearest": 2}
        assert (plan.costs, plan.proven) == ((Money(250, "CNY"),), True)

    def test_whoever_is_booked_has_a_place(self) -> None:
        offer = course("x", 10, places=2, people=["p0", "p0"])
        plan = training_plan(OperatingModel.of(*crowd(3), offer), DAY)
        assert ([one.person for one in plan.bookings], len(plan.booked), len(plan.unmet)) == (["p1"], 1, 1)
        full = training_plan(OperatingModel.of(*crowd(3), course("x", places=0)), DAY)
        assert (full.bookings, len(full.unmet)) == ((), 3)

    def test_a_place_goes_where_nothing_else_will_do(self) -> None:
        # One needs level 4, which one training alone leads to; the other could take it too, and pays more elsewhere.
        lead = Position(id="lead", title="Lead", unit="hq", requires=care(4))
        second = [lead, Assignment(id="l", person="eve", position="lead"), Person(id="eve", name="Eve")]
        offers = [course("both", 10, 4, places=1), course("low", 90)]
        plan = training_plan(OperatingModel.of(*crowd(1), *second, *offers), DAY)
        assert {one.person: one.training for one in plan.bookings} == {"p0": "low", "eve": "both"}
        assert plan.costs == (Money(100, "CNY"),)

    def test_a_scarce_preparation_goes_to_those_who_can_use_it(self) -> None:
        offers = [course("basic", 1, 2, places=2), course("expert", 1, 4, requires=care(2), places=1)]
        plan = training_plan(OperatingModel.of(*crowd(3, requires=care(4)), *offers), DAY)
        assert (counted(plan), len(plan.unmet)) == ({"basic": 1, "expert": 1}, 2)

    def test_more_ways_than_are_followed_are_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        offers = [course("a", 10, places=3), course("b", 20, places=3), course("c", 90)]
        model = OperatingModel.of(*crowd(9), *offers)
        assert training_plan(model, DAY).proven
        monkeypatch.setattr(places, "MOST_STEPS", 1)
        plan = training_plan(model.add(Person(id="x", name="X")), DAY + timedelta(1))
        assert (plan.proven, len(plan.bookings), plan.unmet) == (False, 9, ())
        assert max(counted(plan)["a"], counted(plan)["b"]) <= 3

    def test_hundreds_of_people_share_places_at_once(self) -> None:
        offers = [course("a", 10, places=40), course("b", 20, places=30), course("c", 90)]
        plan = training_plan(OperatingModel.of(*crowd(300), *offers), DAY)
        assert (counted(plan), plan.proven) == ({"a": 40, "b": 30, "c": 230}, True)

    def test_what_places_may_not_be(self) -> None:
        for wrong in (-1, "3", 1.5, True):
            with pytest.raises(InvalidRecord, match="places"):
                Training(id="t", name="T", skill="care", places=wrong)  # type: ignore[arg-type]
        with pytest.raises(InvalidRecord, match="requires"):
            Training(id="t", name="T", skill="care", requires=["care"])  # type: ignore[list-item]


SKILLS = ("s", "t")
OFFER = st.fixed_dictionaries(
    {
        "skill": st.sampled_from(SKILLS),
        "level": st.integers(1, 3),
        "cost": st.none() | st.integers(0, 9),
        "places": st.none() | st.integers(0, 2),
        "requires": st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 2), max_size=1),
        "first": st.none() | st.integers(0, 3),
        "length": st.integers(0, 2),
        "booked": st.sampled_from(["", "", "", "p", "q"]),
    }
)


Offer = dict[str, Any]
Way = tuple[tuple[int, ...], tuple[int, int, int, int]]


def learnt(who: str, has: dict[tuple[str, str], int], offers: list[Offer], chosen: tuple[int, ...]) -> Any:
    """Go through the days and begin whatever can begin; return the levels at last, None if something never began."""
    levels = {skill: level for (one, skill), level in has.items() if one == who}
    coming = [(_until(one, 0), one["skill"], one["level"]) for one in offers if one["booked"] == who]
    left = list(chosen)
    for day in range(9):
        again = True
        while again:
            again = False
            for until, skill, level in coming:
                if until <= day and level > levels.get(skill, 0):
                    levels[skill], again = level, True
            for number in list(left):
                one = offers[number]
                if one["first"] in (None, day) and all(levels.get(s, 0) >= n for s, n in one["requires"].items()):
                    coming.append((_until(one, day), one["skill"], one["level"]))
                    left.remove(number)
                    again = True
    return None if left else levels


def _until(one: Offer, day: int) -> int:
    return day if one["first"] is None else one["first"] + one["length"] + 1


def _ways(who: str, asked: dict[str, int], has: dict[tuple[str, str], int], offers: list[Offer]) -> list[Way]:
    """Return every choice of trainings that somebody can take, and how good it is: the least is the best."""
    free = [number for number, one in enumerate(offers) if one["booked"] != who]
    found = []
    for chosen in (some for count in range(len(free) + 1) for some in combinations(free, count)):
        levels = learnt(who, has, offers, chosen)
        if levels is not None:
            closed = sum(levels.get(skill, 0) >= level for skill, level in asked.items())
            costs = [offers[number]["cost"] for number in chosen]
            priced = [cost for cost in costs if cost is not None]
            found.append((chosen, (-closed, len(costs) - len(priced), sum(priced), len(costs))))
    return found


def _sum(chosen: Any) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(score for _, score in chosen), strict=True)))


def _seats(chosen: Any, offers: list[Offer]) -> bool:
    taken = [number for way, _ in chosen for number in way]
    return all(
        one["places"] is None or number not in taken or taken.count(number) + bool(one["booked"]) <= one["places"]
        for number, one in enumerate(offers)
    )


@given(
    st.dictionaries(st.tuples(st.sampled_from("pqr"), st.sampled_from(SKILLS)), st.integers(1, 3), min_size=1),
    st.dictionaries(st.tuples(st.sampled_from("pqr"), st.sampled_from(SKILLS)), st.integers(1, 2), max_size=2),
    st.lists(OFFER, max_size=4),
)
def test_no_plan_that_closes_as_much_costs_less(
    needs: dict[tuple[str, str], int], has: dict[tuple[str, str], int], offers: list[dict[str, Any]]
) -> None:
    records: list[Any] = []
    for who in "pqr":
        skills = [SkillLevel(skill, level) for (one, skill), level in has.items() if one == who]
        records.append(Person(id=who, name=who, skills=skills))
    for number, ((who, skill), level) in enumerate(needs.items()):
        records.append(Position(id=f"j{number}", title="J", unit="hq", requires=[SkillLevel(skill, level)]))
        records.append(Assignment(id=f"a{number}", person=who, position=f"j{number}"))
    for number, one in enumerate(offers):
        first, booked = one["first"], [one["booked"]] if one["booked"] else []
        records.append(
            Training(
                id=str(number), name="T", skill=one["skill"], level=one["level"], places=one["places"], people=booked,
                cost=None if one["cost"] is None else Money(one["cost"], "CNY"),
                requires=[SkillLevel(*pair) for pair in one["requires"].items()],
                period=None if first is None else days(first, first + one["length"]),
            )
        )  # fmt: skip
    plan = training_plan(OperatingModel.of(*records), DAY)
    asked: dict[str, dict[str, int]] = {who: {} for who in "pqr"}
    for (who, skill), level in needs.items():
        taught = [one for one in offers if one["booked"] == who and one["skill"] == skill and one["level"] >= level]
        if level > has.get((who, skill), 0) and not taught:
            asked[who][skill] = level
    ways = {who: _ways(who, asked[who], has, offers) for who in "pqr"}
    best = min(_sum(chosen) for chosen in product(*ways.values()) if _seats(chosen, offers))
    mine = {who: tuple(int(one.training) for one in plan.bookings if one.person == who) for who in "pqr"}
    picked = [next(way for way in ways[who] if way[0] == tuple(sorted(mine[who]))) for who in "pqr"]
    assert plan.proven
    assert _seats(picked, offers)
    assert _sum(picked) == best
    assert len({(gap.person, gap.skill) for gap in plan.unmet}) == sum(map(len, asked.values())) + best[0]
    for who, taken in mine.items():  # in an order in which nothing waits for what comes after it
        assert all(learnt(who, has, offers, taken[:count]) is not None for count in range(len(taken)))
