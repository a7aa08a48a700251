"""The chart in the model against the table of the recipe, read here from its Markdown."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from community_ops.templates import community_operations

ROLES = ("responsible", "consulted", "informed")


@pytest.fixture(scope="module")
def chart(recipe):
    """The table's lines, from the top: four columns of abbreviations each."""
    section = recipe.partition("## Responsibility")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)[1:]
    cells = []
    for items, marks in rows:
        columns = [[re.split(r", *", column) for column in mark.split("/")] for mark in marks.split("; ")]
        assert len(columns) == len(items.split("; ")), items
        cells += columns
    return cells


@pytest.fixture(scope="module")
def short(recipe):
    legend = recipe.partition("(A accountable")[2].partition("\n| item")[0]
    found = dict(re.findall(r"\b([A-Z]{2}) ([a-z]+(?:-[a-z]+)*)\b", legend))
    assert len(found) == 18
    return {**found, "CEO": "ceo", "COO": "coo", "CMO": "cmo"}


@pytest.fixture(scope="module")
def names(outline):
    items = [item["zh"] for area in outline["plan"]["areas"] for item in area["items"]]
    return items + [step["zh"] for step in outline["plan"]["programme"]]


def roles_in(model, task):
    found: dict[str, set[str]] = {role: set() for role in ROLES}
    for row in model.responsibilities:
        if row.subject == task.ref:
            found[row.role].add(row.position)
    return found


def test_it_is_the_recipes_table_line_by_line(chart, short, names):
    model = community_operations("zh")
    groups = {
        "heads": {head for unit in model.units for head in unit.heads},
        "all": {position.id for position in model.positions},
    }
    assert len(chart) == len(names) == 29
    by_name = {task.name: task for task in model.tasks}
    for name, (accountable, *columns) in zip(names, chart, strict=True):
        task = by_name[name]
        assert [task.owner] == [short[mark] for mark in accountable]
        written = {task.owner} | {short[mark] for column in columns for mark in column if mark in short}
        wanted = {
            role: {short[mark] for mark in column if mark in short} for role, column in zip(ROLES, columns, strict=True)
        }
        for role, column in zip(ROLES, columns, strict=True):
            if "heads" in column:
                wanted[role] |= groups["heads"] - written
        if "all" in columns[2]:
            wanted["informed"] |= groups["all"] - written - groups["heads"]
        assert roles_in(model, task) == wanted, name


def test_expanded_groups_worked_out_by_hand():
    model = community_operations("en")
    team = roles_in(model, model.tasks["team-building"])  # COO / PC / heads / all
    assert team["consulted"] == {
        "ceo",
        "cmo",
        "product-manager",
        "finance-manager",
        "community-operator",
        "project-manager",
    }
    assert len(team["informed"]) == 22 - 1 - 1 - 6
    risks = roles_in(model, model.tasks["risks"])  # PJ / RM / FM, heads / CEO
    assert risks["consulted"] == {"finance-manager", "coo", "cmo", "product-manager", "community-operator"}
    strategy = roles_in(model, model.tasks["strategy"])  # CEO / CMO, COO / PD, FM, DA / heads
    assert strategy["informed"] == {"community-operator", "project-manager"}


def test_a_position_is_one_thing_to_a_line_and_the_accountable_nothing_besides():
    model = community_operations()
    lines = [task for task in model.tasks if task.parent]
    assert len(lines) == 29
    for task in lines:
        held = Counter(row.position for row in model.responsibilities if row.subject == task.ref)
        assert set(held.values()) == {1}, task
        assert task.owner not in held


def test_lines_and_nothing_else_have_somebody_consulted_and_informed():
    model = community_operations()
    lines = [task.ref for task in model.tasks if task.parent]
    beside = {row.subject for row in model.responsibilities if row.role != "responsible"}
    assert beside == set(lines)
    assert all(all(roles_in(model, model[line])[role] for role in ROLES) for line in lines)
