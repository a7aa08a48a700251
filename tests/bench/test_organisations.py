"""The organisations that the bench measures: the same for the same seed, of the promised shape, and healthy."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

import community_ops as co
from bench.organisations import AT, NARROWEST, WIDEST, document, grow, lines, organisation


@pytest.fixture(scope="module")
def company() -> co.OperatingModel:
    return organisation(1_000)


def test_one_seed_gives_one_organisation() -> None:
    assert json.dumps(document(300)) == json.dumps(document(300))


def test_another_seed_gives_another_organisation() -> None:
    assert document(300, seed=1)["positions"] != document(300, seed=2)["positions"]


def test_the_global_source_of_randomness_is_left_alone() -> None:
    random.seed(7)
    before = random.getstate()
    document(50)
    assert random.getstate() == before


def test_the_data_is_the_json_document_of_the_organisation() -> None:
    assert co.loads(json.dumps(document(200))) == organisation(200)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 13, 14, 15, 100, 1_000])
def test_there_are_as_many_positions_as_asked_for_under_one_top(count: int) -> None:
    positions = organisation(count).positions
    assert len(positions) == count
    assert [p.reports_to for p in positions].count(None) == 1


def test_there_is_no_organisation_without_positions() -> None:
    with pytest.raises(ValueError, match="at least one"):
        organisation(0)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("count", [4, 14, 19, 50, 777])
def test_every_manager_has_three_to_twelve_direct_reports(count: int, seed: int) -> None:
    tree = grow(count, random.Random(seed))
    assert len(tree.above) == count
    assert Counter(tree.above[1:]) == {manager: len(nodes) for manager, nodes in tree.reports.items()}
    assert {len(nodes) for nodes in tree.reports.values()} <= set(range(NARROWEST, WIDEST + 1))
    assert all(up < node for node, up in enumerate(tree.above))  # nobody below themselves: there is no cycle


def test_the_lines_alone_are_those_of_the_organisation(company: co.OperatingModel) -> None:
    ids, above = lines(1_000)
    assert list(company.positions.ids) == ids
    assert list(company.positions.column("reports_to")) == above


def test_neighbours_in_the_tree_are_no_neighbours_in_the_table(company: co.OperatingModel) -> None:
    place = {id: n for n, id in enumerate(company.positions.ids)}
    gaps = [abs(place[p.id] - place[p.reports_to]) for p in company.positions if p.reports_to]
    assert sum(gaps) / len(gaps) > 200  # two random places of 1,000 are 333 apart on average


def test_every_manager_heads_the_unit_they_sit_in(company: co.OperatingModel) -> None:
    managers = {p.reports_to for p in company.positions} - {None}
    heads = {id: unit.id for unit in company.units for id in unit.heads}
    assert heads.keys() == managers
    assert all(company.positions[head].unit == unit for head, unit in heads.items())
    assert all(p.unit == heads[p.reports_to] for p in company.positions if p.id not in managers and p.reports_to)


def test_units_are_nested_as_their_heads_report(company: co.OperatingModel) -> None:
    for unit in company.units:
        up = company.positions[unit.heads[0]].reports_to
        assert unit.parent == (company.positions[up].unit if up else None)


def test_most_positions_are_one_full_seat_and_the_rest_is_of_every_sort(company: co.OperatingModel) -> None:
    sorts: Counter[str] = Counter()
    for position in company.positions:
        held = [a for a in company.assignments.where(position=position.id) if _current(a)]
        if position.status == "hiring":
            sorts["open"] += 1
            assert not held
            assert position.opened is not None
            assert timedelta(0) < AT - position.opened <= timedelta(days=60)
        elif position.seats > 1:
            sorts["several seats"] += 1
            assert position.seats - 1 <= len(held) <= position.seats
        elif position.seat_fte < 1:
            sorts["part-time"] += 1
            assert [a.fte for a in held] == [position.seat_fte]
        elif len(held) == 2:
            sorts["shared"] += 1
            assert [a.fte for a in held] == [Decimal("0.5")] * 2
        else:
            sorts["plain"] += 1
            assert [a.fte for a in held] == [1]
    assert sorts.keys() == {"open", "several seats", "part-time", "shared", "plain"}
    assert sorts["plain"] > 800
    assert sorts["open"] < 30


def _current(assignment: co.Assignment) -> bool:
    return assignment.period is None or assignment.period.covers(AT)


def test_every_duty_has_one_who_answers_for_it_and_one_who_does_it(company: co.OperatingModel) -> None:
    for duty in company.duties:
        roles = Counter(r.role for r in company.responsibilities.where(subject=duty.ref))
        assert roles["accountable"] + (duty.owner is not None) == 1
        assert roles["responsible"] == 1


def test_there_are_functional_lines_and_secondments(company: co.OperatingModel) -> None:
    kinds = Counter(line.kind for line in company.reporting_lines)
    assert kinds["functional"] > kinds["solid"] > 0


def test_nothing_points_at_what_is_not_there(company: co.OperatingModel) -> None:
    graph = company.graph()
    assert graph.number_of_nodes() == len(company)
    assert not any(missing for _, missing in graph.nodes(data="missing", default=False))


@pytest.mark.parametrize("count", [1, 5, 14, 100, 3_000])
def test_no_rule_has_anything_to_say(count: int) -> None:
    report = organisation(count).check(AT)
    assert report.findings == ()
    assert not report.skipped


def test_every_department_has_work_that_is_steered(company: co.OperatingModel) -> None:
    reports = {p.reports_to for p in company.positions if p.id in {q.reports_to for q in company.positions}} - {None}
    departments = {company.positions[id].unit for id in reports if id is not None}
    assert {task.id.removeprefix("do-") for task in company.tasks if task.extra.get("week", 0) is None} == departments
    assert {strategy.goals for strategy in company.strategies} == {(goal.id,) for goal in company.goals}
    assert len(company.studies) == len(departments)
    divisions = sum(company.positions[id].reports_to in (None, *company.units["u000000"].heads) for id in reports)
    assert len(company.plans) == len(company.baselines) == len(company.decisions) == divisions


def test_a_third_of_the_work_is_done_as_it_was_promised(company: co.OperatingModel) -> None:
    for plan in company.plans:
        earned = co.plan.earned_value(company, plan.id, AT)
        # A third of the weeks, that is: some cost more than others.
        assert earned.ev == earned.pv == earned.ac > 0
        assert earned.spi_t == 1
        assert {one.finish for one in co.plan.variance(company, plan.id, AT).tasks.values()} == {timedelta(0)}


def test_what_is_left_asks_no_position_for_more_than_it_has(company: co.OperatingModel) -> None:
    loads = co.plan.load(company, at=AT)
    assert not loads.left_out
    busy = [step for position in loads.positions for step in loads.of(position)]
    assert len(busy) > 100
    assert all(step.demand <= 1 for step in busy)
