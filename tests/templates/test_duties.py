"""Who answers for what, and the faults of the document's organisation, found with plain loops."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from community_ops.templates import community_operations

NOBODYS = {"handle-complaints", "develop-partnerships", "hire-people", "train-people"}


@pytest.fixture(scope="module")
def model():
    return community_operations("en")


def owner(model, duty):
    while duty.owner is None and duty.part_of is not None:
        duty = model.duties[duty.part_of]
    return duty.owner


def responsible(model, duty):
    return {r.position for r in model.responsibilities if r.subject == duty.ref and r.role == "responsible"}


def test_every_duty_has_one_accountable_its_own_or_that_of_what_it_is_part_of(model):
    assert not any(row.role == "accountable" for row in model.responsibilities)
    for duty in model.duties:
        assert owner(model, duty) in model.positions
        assert (duty.owner is None) == (duty.part_of is not None), "an owner is named once"


def test_a_duty_of_positions_is_owned_by_their_manager_or_that_managers_manager(model):
    for duty in model.duties:
        for position in responsible(model, duty) - {owner(model, duty)}:
            above = [model.positions[position].reports_to]
            while above[-1] is not None:
                above.append(model.positions[above[-1]].reports_to)
            assert owner(model, duty) in above or duty.id in {"marketing", "drive-sales"}, duty


def test_the_auditor_sits_in_and_reports_into_what_it_is_independent_of(model):
    auditor = model.positions["auditor"]
    assert auditor.independent_of == ("finance",)
    assert auditor.unit == "finance"
    assert auditor.reports_to in model.units["finance"].heads
    assert [p.id for p in model.positions if p.independent_of] == ["auditor"]
    assert owner(model, model.duties["audit-financial-reports"]) == "ceo"


def test_customer_service_is_led_from_afar_by_an_overloaded_officer(model):
    sitting = {position.id for position in model.positions if position.unit == "customer-service"}
    assert not sitting & set(model.units["customer-service"].heads)
    direct = {position.id for position in model.positions if position.reports_to == "coo"}
    assert len(direct) == 5
    day = date(2026, 3, 2)
    people = {
        held.person
        for held in model.assignments
        if held.position in direct and (held.period.end is None or day <= held.period.end)
    }
    assert len(people) == 11
    lines = [task for task in model.tasks if task.parent]
    assert len(lines) == 29
    assert sum(line.owner == "coo" for line in lines) == 12
    service_lines = {"service-standards", "support", "complaints", "satisfaction"}
    assert sum(line.owner == "coo" and line.id not in service_lines for line in lines) == 8


def test_the_fix_of_customer_service_leaves_its_officer_eight_lines(model):
    (found,) = model.check(date(2026, 3, 2), select=("ORG305",)).findings
    after = model.apply(found.fix)
    lines = [task for task in after.tasks if task.parent]
    assert sum(line.owner == "coo" for line in lines) == 8
    assert {line.id for line in lines if line.owner not in model.positions} == {
        "service-standards",
        "support",
        "complaints",
        "satisfaction",
    }


def test_one_department_has_no_position_anywhere_in_it(model):
    staffed = set()
    for position in model.positions:
        unit = position.unit
        while unit is not None:
            staffed.add(unit)
            unit = model.units[unit].parent
    assert {unit.id for unit in model.units} - staffed == {"content"}


def test_marketing_is_mandated_three_times_and_nothing_else_is(model):
    mandates = Counter((duty, unit.id) for unit in model.units for duty in unit.mandates)
    assert mandates == {
        ("marketing", "marketing"): 1,
        ("marketing", "community-marketing"): 1,
        ("marketing", "community-operations"): 1,
    }
    assert model.duties["marketing"].owner == "cmo"
    assert responsible(model, model.duties["marketing"]) == {"marketing-specialist", "community-marketer"}


def test_what_the_document_asks_for_and_gives_to_nobody(model):
    larger = {duty.part_of for duty in model.duties}
    undone = {duty.id: duty.part_of for duty in model.duties if not responsible(model, duty) and duty.id not in larger}
    assert undone == {**dict.fromkeys(NOBODYS), "handle-complaints": "complaints"}


def test_there_are_no_cycles(model):
    ways = (
        (model.positions, "reports_to"),
        (model.units, "parent"),
        (model.duties, "part_of"),
        (model.tasks, "parent"),
    )
    for table, above in ways:
        for record in table:
            met = [record.id]
            while (up := getattr(table[met[-1]], above)) is not None:
                assert up not in met
                met.append(up)
