"""The arrangement the recipe gives, counted with plain loops."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest

from community_ops.templates import community_operations

AT = date(2026, 3, 2)


@pytest.fixture(scope="module")
def model():
    return community_operations("en")


def current(model, day=AT):
    return [held for held in model.assignments if held.period.start <= day <= (held.period.end or day)]


def reports(model, manager):
    return {position.id for position in model.positions if position.reports_to == manager}


def lines_in(text):
    """Read `manager <- one, other. ...` as pairs of reporter and manager."""
    found = re.findall(r"([a-z-]+) <- ([a-z, \n-]+)", text)
    return {(low, high) for high, lows in found for low in re.split(r",\s*", lows.strip())}


def test_units_stand_where_the_recipe_puts_them(model):
    wanted = {
        "hq": None,
        "marketing": "hq",
        "community-marketing": "marketing",
        "operations": "hq",
        "community-operations": "operations",
        "customer-service": "operations",
        "project-management": "operations",
        "content": "hq",
        "technology": "hq",
        "product": "technology",
        "finance": "hq",
    }
    assert {unit.id: unit.parent for unit in model.units} == wanted
    assert Counter(unit.kind for unit in model.units) == {"organisation": 1, "department": 4, "team": 6}


def test_units_are_headed_as_the_recipe_says(model):
    heads = {
        "ceo": {"hq"},
        "coo": {"operations", "customer-service"},
        "cmo": {"marketing", "community-marketing", "content"},
        "product-manager": {"product", "technology"},
        "community-operator": {"community-operations"},
        "project-manager": {"project-management"},
        "finance-manager": {"finance"},
    }
    found: dict[str, set[str]] = {}
    for unit in model.units:
        (head,) = unit.heads
        found.setdefault(head, set()).add(unit.id)
    assert found == heads


def test_solid_and_functional_lines_are_the_recipes(model, recipe):
    solid = recipe.partition("**Solid lines.**")[2].partition("**Functional lines.**")[0]
    assert {(p.id, p.reports_to) for p in model.positions if p.reports_to} == lines_in(solid)
    assert [position.id for position in model.positions if position.reports_to is None] == ["ceo"]
    assert {(line.position, line.manager, line.kind, line.period) for line in model.reporting_lines} == {
        ("content-creator", "cmo", "functional", None),
        ("community-marketer", "cmo", "functional", None),
        ("data-analyst", "coo", "functional", None),
        ("tech-support", "product-manager", "functional", None),
    }


def test_spans_in_positions(model):
    spans = Counter(position.reports_to for position in model.positions if position.reports_to)
    assert spans == {
        "ceo": 4,
        "coo": 5,
        "cmo": 3,
        "community-operator": 3,
        "product-manager": 2,
        "project-manager": 2,
        "finance-manager": 2,
    }


def test_three_executives_and_nineteen_positions_in_teams(model):
    teams = {unit.id for unit in model.units if unit.kind == "team"}
    assert Counter(position.unit in teams for position in model.positions) == {True: 19, False: 3}


def test_levels_follow_who_heads_what(model):
    levels: dict[str, set[str]] = {}
    for position in model.positions:
        levels.setdefault(position.level, set()).add(position.id)
    specialists = levels.pop("specialist")
    assert levels == {
        "executive": {"ceo", "coo", "cmo"},
        "manager": {"product-manager", "finance-manager"},
        "lead": {"community-operator", "project-manager"},
    }
    assert len(specialists) == 22 - 7
    assert not any(head in specialists for unit in model.units for head in unit.heads)


def test_thirty_two_seats(model):
    several = {position.id: position.seats for position in model.positions if position.seats != 1}
    assert several == {
        "content-creator": 2,
        "community-manager": 3,
        "engineer": 3,
        "service-agent": 4,
        "tech-support": 2,
        "after-sales": 2,
    }
    assert sum(position.seats for position in model.positions) == 32


def test_thirty_one_people_and_one_who_left(model):
    assert len({held.person for held in current(model)}) == 31
    employed = [p.id for p in model.people if p.employment.start <= AT <= (p.employment.end or AT)]
    assert {held.person for held in current(model)} == set(employed)
    assert {person.id for person in model.people} - set(employed) == {"member-32"}


@pytest.mark.parametrize(("language", "called"), [("zh", "成员"), ("en", "Member ")])
def test_names_are_placeholders_by_number(language, called):
    people = community_operations(language).people
    assert [(person.id, person.name) for person in people] == [
        (f"member-{number:02}", f"{called}{number:02}") for number in range(1, 33)
    ]


def test_one_engineers_seat_has_been_empty_for_seventy_five_days(model):
    engineers = [held for held in model.assignments if held.position == "engineer"]
    (left,) = [held for held in engineers if held.period.end]
    assert len(engineers) - 1 == 2 == model.positions["engineer"].seats - 1
    empty = [date.fromordinal(day) for day in range(left.period.end.toordinal() + 1, AT.toordinal())]
    assert (empty[0], empty[-1], len(empty)) == (date(2025, 12, 17), date(2026, 3, 1), 75)


def test_two_people_share_a_service_seat_and_one_holds_two_half_posts(model):
    halves = Counter((held.position, held.person) for held in current(model) if held.fte != 1)
    assert {held.fte for held in current(model)} == {Decimal(1), Decimal("0.5")}
    assert Counter(position for position, _ in halves) == {
        "service-agent": 2,
        "project-coordinator": 1,
        "risk-manager": 1,
    }
    assert len({person for position, person in halves if position == "service-agent"}) == 2
    assert len({person for position, person in halves if position != "service-agent"}) == 1
    half_posts = {position.id for position in model.positions if position.seat_fte != 1}
    assert half_posts == {"project-coordinator", "risk-manager"}


def test_every_seat_but_one_is_filled_exactly_and_none_was_ever_over(model):
    days = sorted(
        {held.period.start for held in model.assignments}
        | {held.period.end for held in model.assignments if held.period.end}
        | {AT}
    )
    for day in days:
        given: dict[str, Decimal] = defaultdict(Decimal)
        for held in current(model, day):
            given[held.position] += held.fte
        room = {position.id: position.seats * position.seat_fte for position in model.positions}
        assert all(given[id] <= room[id] for id in room), day
    assert {id: room[id] - given[id] for id in room if given[id] != room[id]} == {"engineer": 1}


def test_nobody_works_more_than_full_time_or_outside_their_employment(model):
    people = {person.id: person for person in model.people}
    for held in model.assignments:
        employment = people[held.person].employment
        assert employment.start <= held.period.start < AT
        assert employment.end == held.period.end
        same_day = [other for other in current(model, held.period.start) if other.person == held.person]
        assert sum(other.fte for other in same_day) <= 1
        assert len({other.position for other in same_day}) == len(same_day)


def test_assignments_are_numbered_by_position(model):
    numbers: Counter[str] = Counter()
    for held in model.assignments:
        numbers[held.position] += 1
        assert held.id == f"{held.position}-{numbers[held.position]}"


def test_seats_cost_between_eleven_and_sixty_thousand_a_month(model):
    costs = {position.id: position.monthly_cost for position in model.positions}
    assert {cost.currency for cost in costs.values()} == {"CNY"}
    assert min(cost.amount for cost in costs.values()) == costs["service-agent"].amount == 11_000
    assert max(cost.amount for cost in costs.values()) == costs["ceo"].amount == 60_000
    assert costs["content-creator"].amount == 18_000
    for position in model.positions:
        if position.reports_to:
            assert costs[position.id].amount < costs[position.reports_to].amount
