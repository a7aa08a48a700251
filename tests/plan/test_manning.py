"""How much of a position is there, against asking day by day from the definitions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import (
    Absence,
    Assignment,
    DateRange,
    Deputy,
    Duty,
    OperatingModel,
    Person,
    Position,
    Ref,
    Unit,
    evolve,
)
from community_ops.org.deputising import who_acts
from community_ops.plan.manning import manning
from community_ops.plan.staffing import staffing

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(-3, 14)]
HQ = Unit(id="hq", name="HQ")
POSITIONS = [Position(id=id, title=id, unit="hq") for id in ("a", "b", "c")]


def period(first, last):
    ends = [None if day is None else MONDAY + timedelta(days=day) for day in (first, last)]
    return DateRange(*ends)


def there(model, day, position="a", since=DAYS[0]):
    return manning(model, frozenset({position}), since).at(position, day)


def by_hand(model, position, day):
    """Sum up who holds it, is employed and not absent."""
    total = Decimal(0)
    for held in model.assignments:
        person = model.people.get(held.person)
        if held.position != position or (held.period and not held.period.covers(day)):
            continue
        employment = person.employment if person is not None else None
        if employment is not None and not employment.backward and not employment.covers(day):
            continue
        if any(gone.person == held.person and gone.period.covers(day) for gone in model.absences):
            continue
        total += held.fte
    return total


periods = st.one_of(
    st.none(),
    st.builds(period, st.one_of(st.none(), st.integers(-2, 9)), st.one_of(st.none(), st.integers(-2, 9))),
)


@st.composite
def organisations(draw):
    people = [Person(id=id, name=id, employment=draw(periods)) for id in ("ann", "ben")]
    held = [
        Assignment(
            id=str(n),
            person=draw(st.sampled_from(["ann", "ben", "nobody"])),
            position=draw(st.sampled_from(["a", "b", "c"])),
            fte=draw(st.sampled_from(["1", "0.5", "0.25"])),
            period=draw(periods),
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    away = [
        Absence(id=str(n), person=draw(st.sampled_from(["ann", "ben"])), period=draw(periods) or DateRange())
        for n in range(draw(st.integers(0, 3)))
    ]
    return OperatingModel.of(HQ, *POSITIONS, *people, *held, *away)


@given(organisations())
def test_it_is_the_sum_of_those_who_hold_it_are_employed_and_are_not_away(model):
    for day in DAYS:
        assert there(model, day) == by_hand(model, "a", day)


@given(organisations(), st.data())
def test_of_a_position_without_anybody_there_is_what_the_deputy_has(model, data):
    chain = [
        Deputy(id=f"{one}{other}", position=one, deputy=other, period=data.draw(periods))
        for one, other in data.draw(st.lists(st.sampled_from(["ab", "bc", "ba", "ac"]), unique=True))
    ]
    model = model.add(*chain)
    order = {deputy.id: n for n, deputy in enumerate(sorted(chain, key=lambda one: one.id))}
    for day in DAYS:
        ring, seen, expected = ["a"], {"a"}, Decimal(0)
        while ring and not expected:
            manned = [one for one in ring if by_hand(model, one, day)]
            expected = by_hand(model, manned[0], day) if manned else Decimal(0)
            onward = [
                deputy.deputy
                for one in ring
                for deputy in sorted(chain, key=lambda deputy: order[deputy.id])
                if deputy.position == one and (deputy.period is None or deputy.period.covers(day))
            ]
            ring = [one for one in dict.fromkeys(onward) if one not in seen]
            seen.update(ring)
        assert there(model, day) == expected


@given(organisations(), st.data())
def test_it_is_what_asking_who_acts_finds_on_every_day_for_every_position(model, data):
    lasting = [evolve(position, period=data.draw(periods)) for position in POSITIONS]
    pairs = data.draw(st.lists(st.sampled_from(["ab", "bc", "ba", "ac", "cb"]), unique=True))
    chain = [Deputy(id=f"{one}{other}", position=one, deputy=other, period=data.draw(periods)) for one, other in pairs]
    acts = data.draw(st.lists(st.sampled_from(["a", "b", "c"]), unique=True))
    acting = [Assignment(id=f"acts-{id}", person="eve", position=id, fte=0, acting=True) for id in acts]
    model = model.replace(*lasting).add(*chain, *acting)
    found = manning(model, frozenset({"a", "b", "c"}), MONDAY)
    for day in DAYS:
        for position in ("a", "b", "c"):
            expected = by_hand(model, position, day)
            if not expected and day >= MONDAY:
                answer = who_acts(model, position, day)
                expected = by_hand(model, answer.by, day) if answer.step == "deputy" else Decimal(0)
            assert found.at(position, day) == expected


def test_a_deputy_whose_position_comes_to_exist_stands_in_from_then_on():
    model = OperatingModel.of(
        HQ,
        POSITIONS[0],
        evolve(POSITIONS[1], period=period(2, 4)),
        Person(id="ben", name="Ben"),
        Assignment(id="b", person="ben", position="b"),
        Deputy(id="d", position="a", deputy="b"),
    )
    assert [(day - MONDAY).days for day in DAYS if there(model, day)] == [2, 3, 4]


def test_a_deputy_who_holds_their_position_to_the_end_of_time_stands_in_until_then():
    model = OperatingModel.of(
        HQ,
        *POSITIONS,
        Person(id="ben", name="Ben"),
        Assignment(id="b", person="ben", position="b", period=DateRange(MONDAY, date.max)),
        Deputy(id="d", position="a", deputy="b"),
    )
    assert [there(model, day) for day in (DAYS[0], MONDAY, date.max)] == [0, 1, 1]


def test_a_plan_is_not_staffed_anew_for_an_edit_of_whom_it_does_not_ask():
    model = OperatingModel.of(
        HQ,
        *POSITIONS,
        *[Assignment(id=id, person=id, position=id, period=period(0, 9)) for id in ("a", "c")],
        Assignment(id="b", person="ben", position="b", period=period(0, 12), fte="0.5"),
        Deputy(id="d", position="a", deputy="b"),
    )
    first = staffing(model, frozenset({"a"}), MONDAY)

    def again(id):
        edited = model.replace(evolve(model.assignments[id], period=period(1, 8)))
        return staffing(edited, frozenset({"a"}), MONDAY)

    assert again("c") is first
    assert again("a") != first
    assert again("b") != first


def test_deputies_are_not_asked_after_for_days_before():
    covered = OperatingModel.of(
        HQ,
        *POSITIONS,
        Person(id="ben", name="Ben"),
        Assignment(id="b", person="ben", position="b"),
        Deputy(id="d", position="a", deputy="b"),
    )
    assert [there(covered, day, since=MONDAY) for day in DAYS[2:5]] == [0, 1, 1]


def test_a_deputy_for_some_things_does_not_do_the_whole_work():
    model = OperatingModel.of(
        HQ,
        *POSITIONS,
        Person(id="ben", name="Ben"),
        Duty(id="count", name="Count", owner="a"),
        Assignment(id="b", person="ben", position="b"),
        Deputy(id="d", position="a", deputy="b", scope=(Ref("duty", "count"),)),
    )
    assert there(model, MONDAY) == 0


def test_of_a_position_that_does_not_exist_nothing_is_there():
    model = OperatingModel.of(HQ, Deputy(id="d", position="ghost", deputy="a"))
    assert there(model, MONDAY, "ghost") == 0


def test_what_was_not_asked_for_is_not_answered():
    with pytest.raises(KeyError):
        manning(OperatingModel.of(HQ), frozenset({"a"}), MONDAY).at("b", MONDAY)


def test_a_schema_without_absences_and_deputies_has_none():
    from community_ops.kernel.model import Model
    from community_ops.kernel.schema import Schema

    kept = [kind.cls for name, kind in OperatingModel.schema.kinds.items() if name not in ("absence", "deputy")]

    class Bare(Model):
        schema = Schema.of(*kept)

    model = Bare.of(HQ, *POSITIONS, Person(id="ann", name="Ann"), Assignment(id="x", person="ann", position="a"))
    assert there(model, MONDAY) == 1


def test_absences_may_overlap_begin_early_and_end_late():
    away = [(-2, 0), (3, 4), (4, 5), (7, 6), (10, None)]
    model = OperatingModel.of(
        HQ,
        *POSITIONS,
        Person(id="ann", name="Ann"),
        Assignment(id="x", person="ann", position="a", period=period(0, 11)),
        *[Absence(id=str(n), person="ann", period=period(first, last)) for n, (first, last) in enumerate(away)],
    )
    present = [(day - MONDAY).days for day in DAYS if there(model, day)]
    assert present == [1, 2, 6, 7, 8, 9]


def test_somebody_assigned_only_after_their_employment_is_never_there():
    model = OperatingModel.of(
        HQ,
        *POSITIONS,
        Person(id="ann", name="Ann", employment=period(None, 2)),
        Assignment(id="x", person="ann", position="a", period=period(5, 9)),
    )
    assert not any(there(model, day) for day in DAYS)
