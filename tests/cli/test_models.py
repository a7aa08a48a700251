from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import community_ops as co
from community_ops.cli import main


def test_the_schema_that_is_printed_judges_what_new_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert main(["schema", str(tmp_path / "schema.json")]) == 0
    assert json.loads((tmp_path / "schema.json").read_text("utf-8")) == schema
    capsys.readouterr()
    assert main(["new"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert list(Draft202012Validator(schema).iter_errors(document)) == []
    document["units"][0]["colour"] = "red"
    assert len(list(Draft202012Validator(schema).iter_errors(document))) == 1


@pytest.mark.parametrize("command", [["schema"], ["catalogue", "pages"], ["check", "x.json"]])
def test_an_extension_that_is_not_installed_exits_with_2(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--extension", "dragons"]) == 2
    assert "there is no extension 'dragons'" in capsys.readouterr().err


def test_the_catalogue_has_a_page_for_every_rule_and_kind(tmp_path: Path) -> None:
    assert main(["catalogue", str(tmp_path)]) == 0
    rules, records = ((tmp_path / name).read_text("utf-8") for name in ("rules.md", "records.md"))
    assert all(rule.code in rules for rule in co.OperatingModel.rules().rules)
    assert all(kind.table in records for kind in co.OperatingModel.schema.kinds.values())
