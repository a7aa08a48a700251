"""Every line of the document's organisation stands word for word in the record it belongs to."""

from __future__ import annotations

import pytest

from community_ops.kernel.ref import Ref
from community_ops.templates import community_operations


@pytest.fixture(params=["zh", "en"])
def language(request):
    return request.param


@pytest.fixture
def model(language):
    return community_operations(language)


def responsible(model, duty):
    rows = model.responsibilities.where(subject=Ref("duty", duty.id), role="responsible")
    return {row.position for row in rows}


def the_duty(model, text):
    (found,) = [duty for duty in model.duties if duty.name == text]
    return found


def bilingual(node):
    """Yield every place of the outline that has a text in both languages."""
    if isinstance(node, dict):
        if {"zh", "en"} <= node.keys():
            yield node
        for value in node.values():
            yield from bilingual(value)
    elif isinstance(node, list):
        for value in node:
            yield from bilingual(value)


def test_the_purpose_is_the_mission_of_the_whole(model, outline, language):
    assert model.units["hq"].mission == outline["purpose"][language]


def test_goals(model, outline, language):
    wanted = [goal[language] for goal in outline["organisation"]["vision_and_goals"]]
    assert [goal.name for goal in model.goals] == wanted
    assert {(goal.unit, goal.owner) for goal in model.goals} == {("hq", "ceo")}


def test_executives_and_their_duties(model, outline, language):
    management = outline["organisation"]["management_levels"]
    executives = {position.id: position for position in model.positions.where(level="executive")}
    assert {id: position.title for id, position in executives.items()} == {
        position["id"]: position[language] for position in management["positions"]
    }
    for wanted in management["duties"]:
        duty = the_duty(model, wanted[language])
        assert responsible(model, duty) | {duty.owner} == set(executives)


def test_departments(model, outline, language):
    assert {unit.id: unit.name for unit in model.units.where(kind="department")} == {
        unit["id"]: unit[language] for unit in outline["organisation"]["functional_departments"]
    }


def test_teams_and_their_missions(model, outline, language):
    assert {unit.id: (unit.name, unit.mission) for unit in model.units.where(kind="team")} == {
        team["id"]: (team[language], team["mission"][language]) for team in outline["organisation"]["teams"]
    }


def test_positions_of_each_team(model, outline, language):
    for team in outline["organisation"]["teams"]:
        assert {position.id: position.title for position in model.positions.where(unit=team["id"])} == {
            position["id"]: position[language] for position in team["positions"]
        }


def test_every_position_is_responsible_for_its_duty_alone_or_with_whom_it_shares_it(model, outline, language):
    team_positions = [position for team in outline["organisation"]["teams"] for position in team["positions"]]
    shared = 0
    for position in team_positions:
        holders = {position["id"], position.get("shares_duty_with", position["id"])}
        shared += len(holders) == 2
        assert responsible(model, the_duty(model, position["duty"][language])) == holders
    assert (len(team_positions), shared) == (19, 2)


def test_nothing_of_the_organisation_but_its_partners_is_left_out(model, outline, language):
    organisation = {name: part for name, part in outline["organisation"].items() if name != "partners"}
    names = {unit.name for unit in model.units} | {unit.mission for unit in model.units}
    names |= {position.title for position in model.positions} | {goal.name for goal in model.goals}
    lines = [line[language] for line in bilingual(organisation)]
    names |= {duty.name for duty in model.duties}
    assert [line for line in lines if line not in names] == []
    assert len(lines) == 3 + 3 + 3 + 4 + 6 * 2 + 19 * 2


def below(model, id):
    return [task for task in model.tasks if task.parent == id]


def test_areas_are_summaries_of_their_items_in_order(model, outline, language):
    areas = outline["plan"]["areas"]
    assert [task.id for task in model.tasks if task.area and not task.parent] == [area["id"] for area in areas]
    for area in areas:
        summary = model.tasks[area["id"]]
        assert (summary.name, summary.description) == (area[language], area["aim"][language])
        assert [task.name for task in below(model, area["id"])] == [item[language] for item in area["items"]]
        assert {task.area for task in below(model, area["id"])} == {area["id"]} == {summary.area}
    assert sum(len(area["items"]) for area in areas) == 23


def test_steps_are_a_summary_of_their_own(model, outline, language):
    steps = below(model, "programme")
    assert {task.id: task.name for task in steps} == {
        step["id"]: step[language] for step in outline["plan"]["programme"]
    }
    assert {task.area for task in steps} == {None}
    assert len(steps) == 6


def test_what_a_step_is_made_of_stands_with_it(model, outline, language):
    said = 0
    for step in outline["plan"]["programme"]:
        task = model.tasks[step["id"]]
        written = " ".join([task.description, *(one.name for one in task.deliverables)])
        for part in ("output", "aim", "covers", "platforms", "capabilities", "measures"):
            for text in bilingual(step.get(part, [])):
                assert text[language] in written
                said += 1
    assert said == 1 + 4 + 4 + 4 + 3 + 1 + 3 + 3
