"""Documents of version 1, one of them as the library wrote it then, and documents of versions to come."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from community_ops import InvalidDocument, Money, OperatingModel, Position, dumps, load, loads, templates
from community_ops.kernel.envelope import VERSION

OLD = Path(__file__).parent.parent / "data" / "version-1.json"


def problems(data: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDocument) as caught:
        loads(json.dumps({"format": "community-ops", **data}), **options)
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


def position(**fields: Any) -> list[dict[str, Any]]:
    return [{"id": "a", "title": "A", "unit": "u", **fields}]


def test_the_old_file_is_of_the_old_version():
    data = json.loads(OLD.read_text("utf-8"))
    assert data["version"] == 1
    assert data["positions"][-1]["cost"] == {"amount": "1234.50", "currency": "EUR"}
    assert "monthly_cost" not in OLD.read_text("utf-8")


def test_the_old_file_is_the_organisation_of_the_template_and_one_position_more():
    editor = Position(id="part-time-editor", title="Part-time editor", unit="hq", monthly_cost=Money("1234.50", "EUR"))
    old, template = load(OLD), templates.community_operations("en").add(editor)
    # Nobody's skills were recorded then.
    template = template.replace(*[evolve(one, requires=()) for one in template.positions])
    template = template.replace(*[evolve(one, skills=()) for one in template.people])
    for table in ("units", "positions", "people", "assignments", "reporting_lines", "goals"):
        assert getattr(old, table) == getattr(template, table), table
    # What were duties with a chart of roles then are tasks of the plan now, with the same owners and roles.
    assert {duty.id: duty.owner for duty in list(old.duties)[:29]} == {
        task.id: task.owner for task in template.tasks if task.parent
    }
    assert {(row.subject.id, row.position, row.role) for row in old.responsibilities if row.role != "responsible"} == {
        (row.subject.id, row.position, row.role) for row in template.responsibilities if row.role != "responsible"
    }


def test_no_amount_is_lost_on_the_way():
    data = json.loads(OLD.read_text("utf-8"))
    written = {row["id"]: row["cost"]["amount"] for row in data["positions"] if "cost" in row}
    read = {p.id: p.monthly_cost.amount for p in load(OLD).positions if p.monthly_cost}
    assert len(read) == len(written) > 20
    assert read == {id: Decimal(amount) for id, amount in written.items()}


def test_it_is_written_as_the_new_version():
    again = json.loads(dumps(load(OLD)))
    assert again["version"] == 2
    assert again["positions"][-1]["monthly_cost"] == {"amount": "1234.50", "currency": "EUR"}
    assert loads(json.dumps(again)) == load(OLD)


def test_each_version_refuses_the_word_of_the_other():
    money = {"amount": "1", "currency": "EUR"}
    for options in ({}, {"unknown": "keep"}):
        assert problems({"version": 1, "positions": position(monthly_cost=money)}, **options) == [
            ("unknown-key", "/positions/0/monthly_cost")
        ]
    assert problems({"version": 2, "positions": position(cost=money)}) == [("unknown-key", "/positions/0/cost")]
    assert problems({"version": 1, "positions": position(cost=money, monthly_cost=money)}) == [
        ("unknown-key", "/positions/0/monthly_cost")
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (position(cost=5), [("wrong-type", "/positions/0/cost")]),
        (position(cost={"amount": "1e3", "currency": "EUR"}), [("bad-number", "/positions/0/cost/amount")]),
        (position(cost={"amount": "1", "currency": "yuan"}), [("no-meaning", "/positions/0/cost/currency")]),
        (position(cost={"amount": "1"}), [("missing-key", "/positions/0/cost/currency")]),
        ([5, *position(salary=1)], [("wrong-type", "/positions/0"), ("unknown-key", "/positions/1/salary")]),
        ({"a": 1}, [("wrong-type", "/positions")]),
        (None, [("wrong-type", "/positions")]),
    ],
)
def test_bad_values_of_an_old_document_are_told_where_they_stand(rows, expected):
    assert problems({"version": 1, "positions": rows}) == expected


def test_a_document_of_a_version_to_come_says_to_upgrade():
    with pytest.raises(InvalidDocument, match=r"reads versions 1 to 2, got 3 .* upgrade community-ops"):
        loads('{"format": "community-ops", "version": 3, "positions": [{"wage": 5}], "ships": []}')
    assert problems({"version": 3, "positions": [{"wage": 5}], "ships": []}) == [("wrong-version", "/version")]


def test_every_version_but_the_first_has_its_migration():
    assert len(OperatingModel._built_in_migrations) == VERSION - 1
