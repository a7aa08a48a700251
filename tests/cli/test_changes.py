"""The commands that compare, mend and merge files: what they print, write and exit with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import community_ops as co
from community_ops.cli import main
from community_ops.kernel.changes_codec import changes_from_data

BASE = co.OperatingModel.of(
    co.Unit(id="hq", name="Head office", heads=["ceo"]),
    co.Unit(id="lab", name="实验室", parent="hq"),
    co.Position(id="ceo", title="CEO", unit="hq"),
    co.Position(id="dev", title="Developer", unit="lab", reports_to="ceo"),
)
Out = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    co.dump(BASE, "base.json")


def retitled(title: str, model: co.OperatingModel = BASE) -> co.OperatingModel:
    return model.replace(co.evolve(model.positions["dev"], title=title))


def moved(model: co.OperatingModel = BASE) -> co.OperatingModel:
    return model.replace(co.evolve(model.positions["dev"], unit="hq"))


BAD = {
    "missing.json": None,
    "broken.json": b"{",
    "list.json": b"[]",
    "latin.json": b"\xff",
    "wrong.json": b'{"format": "community-ops", "version": 2, "units": [{"id": "a", "name": 5}]}',
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize(
    "arguments",
    [["diff", "base.json", "BAD"], ["diff", "BAD", "base.json"], ["fix", "BAD"], ["fix", "BAD", "--write"]]
    + [["merge", *("BAD" if i == bad else "base.json" for i in range(3)), "-o", "out.json"] for bad in range(3)],
    ids=" ".join,
)
def test_a_file_that_cannot_be_read_exits_with_2_and_writes_nothing(
    arguments: list[str], name: str, capsys: Out
) -> None:
    if BAD[name] is not None:
        Path(name).write_bytes(BAD[name])
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    assert main([name if argument == "BAD" else argument for argument in arguments]) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("community-ops: ")
    assert shown.out == ""
    assert {path.name: path.read_bytes() for path in Path().iterdir()} == before


# -- diff -------------------------------------------------------------------------------------------------------------


def test_equal_files_exit_with_0(capsys: Out) -> None:
    assert main(["diff", "base.json", "base.json"]) == 0
    assert capsys.readouterr().out == "No changes.\n"
    assert main(["diff", "base.json", "base.json", "--language", "zh", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == "**没有改动。**\n"


def test_different_files_exit_with_1_and_changes_are_told_by_name(capsys: Out) -> None:
    co.dump(moved(retitled("Engineer")), "b.json")
    assert main(["diff", "base.json", "b.json"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "~ Developer (position:dev)",
        '    title: "Developer" -> "Engineer"',
        "    unit: 实验室 (lab) -> Head office (hq)",
        "1 changed",
    ]


def test_json_is_a_change_set_that_can_be_applied(capsys: Out) -> None:
    after = retitled("Engineer").rename(co.Ref("unit", "lab"), "laboratory")
    co.dump(after, "b.json")
    assert main(["diff", "base.json", "b.json", "--format", "json"]) == 1
    changes = changes_from_data(json.loads(capsys.readouterr().out), co.OperatingModel)
    assert BASE.apply(changes) == after


def test_an_empty_file_is_an_empty_model(capsys: Out) -> None:
    Path("empty").touch()
    assert main(["diff", "empty", "base.json"]) == 1
    assert capsys.readouterr().out.endswith("\n4 added\n")


def test_a_directory_is_a_model_too(capsys: Out) -> None:
    co.dump(BASE, "model/")
    assert main(["diff", "base.json", "model"]) == 0
    co.dump(retitled("Engineer"), "theirs.json")
    assert main(["merge", "base.json", "model", "theirs.json", "-o", "model"]) == 0
    assert co.load("model") == retitled("Engineer")
    assert capsys.readouterr().err == ""


# -- fix --------------------------------------------------------------------------------------------------------------

MISSPELT = BASE.replace(co.evolve(BASE.units["lab"], parent="HQ"))


def test_fix_shows_what_it_would_do_and_writes_only_when_told(capsys: Out) -> None:
    co.dump(MISSPELT, "m.json")
    text = Path("m.json").read_bytes()
    assert main(["fix", "m.json"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("would mend  REF101  实验室 names 'HQ' as parent")
    assert "    parent: HQ -> Head office (hq)\n" in shown
    assert "Nothing is written; --write writes m.json." in shown
    assert Path("m.json").read_bytes() == text
    assert main(["fix", "m.json", "--write", "--language", "zh"]) == 0
    assert "已写入：m.json" in capsys.readouterr().out
    assert co.load("m.json") == BASE
    assert main(["fix", "m.json"]) == 0
    assert capsys.readouterr().out == "Nothing to mend.\n"


def test_fix_leaves_the_comments_of_a_yaml_file() -> None:
    Path("m.yaml").write_text("# kept\n" + co.dumps(MISSPELT, format="yaml"), encoding="utf-8")
    assert main(["fix", "m.yaml", "-w"]) == 0
    assert co.load("m.yaml") == BASE
    assert Path("m.yaml").read_text("utf-8").startswith("# kept\n")


def test_fix_mends_only_what_is_selected_and_not_ignored(capsys: Out) -> None:
    co.dump(MISSPELT, "m.json")
    assert main(["fix", "m.json", "--select", "ORG", "-w"]) == 0
    assert main(["fix", "m.json", "--ignore", "REF1", "--yes"]) == 0
    assert co.load("m.json") == MISSPELT
    assert main(["fix", "m.json", "--select", "XYZ"]) == 2
    assert "no rule's code starts with 'XYZ'" in capsys.readouterr().err


def test_what_is_not_safe_is_mended_on_demand_only(capsys: Out) -> None:
    co.dump(BASE.add(co.Unit(id="hollow", name="Hollow", kind="department", parent="hq")), "m.json")
    assert main(["fix", "m.json", "--write", "--at", "2026-03-02"]) == 0
    assert capsys.readouterr().out == (
        "Nothing to mend.\n1 more can be mended with --unsafe; look at what that changes.\n"
    )
    assert main(["fix", "m.json", "--unsafe", "--write", "--at", "2026-03-02"]) == 0
    assert capsys.readouterr().out.startswith("mended  ORG105  Hollow")
    assert co.load("m.json") == BASE


def test_fix_may_judge_at_an_instant() -> None:
    co.dump(BASE.add(co.Unit(id="hollow", name="Hollow", kind="department", parent="hq")), "m.json")
    assert main(["fix", "m.json", "--unsafe", "--write", "--at", "2026-03-02T10:00+08:00"]) == 0
    assert co.load("m.json") == BASE


def test_a_fix_that_would_bring_an_error_is_told_and_not_applied(capsys: Out) -> None:
    model = co.OperatingModel.of(
        co.Unit(id="hq", name="HQ", heads=["ceo"]),
        co.Unit(id="finance", name="Finance", heads=["cfo"], parent="hq"),
        co.Position(id="ceo", title="CEO", unit="hq"),
        co.Position(id="cfo", title="CFO", unit="finance", reports_to="ceo"),
        # Spelt right, this reporting line is what the auditor must not have.
        co.Position(id="auditor", title="Auditor", unit="hq", reports_to="CFO", independent_of=["finance"]),
    )
    co.dump(model, "m.json")
    assert main(["fix", "m.json", "--write", "--select", "REF"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("not mended  REF101  Auditor names 'CFO' as reports_to")
    assert shown[0].endswith("(its fix would bring another error)")
    assert shown[1:] == ["Nothing to mend."]
    assert co.load("m.json") == model


# -- merge ------------------------------------------------------------------------------------------------------------


def test_merge_writes_to_standard_output_or_a_file(capsys: Out) -> None:
    co.dump(retitled("Engineer"), "ours.json")
    co.dump(moved(), "theirs.json")
    assert main(["merge", "base.json", "ours.json", "theirs.json"]) == 0
    shown = capsys.readouterr()
    assert co.loads(shown.out) == moved(retitled("Engineer"))
    assert shown.err == ""
    assert main(["merge", "base.json", "ours.json", "theirs.json", "-o", "ours.json"]) == 0
    assert Path("ours.json").read_text("utf-8") == shown.out
    assert main(["merge", "base.json", "ours.json", "theirs.json", "-o", "nowhere/x.json"]) == 2


def test_a_conflict_exits_with_1_keeps_ours_and_is_told_by_name(capsys: Out) -> None:
    co.dump(retitled("Engineer"), "ours.json")
    co.dump(moved(retitled("Coder")), "theirs.json")
    assert main(["merge", "base.json", "ours.json", "theirs.json", "-o", "out.json"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "community-ops: out.json: 1 conflict; ours is kept:",
        "  position:dev title: ours 'Engineer', theirs 'Coder', was 'Developer'  (Developer)",
    ]
    assert co.load("out.json") == moved(retitled("Engineer"))


def test_a_record_added_twice_has_no_base_and_is_told_by_what_ours_calls_it(capsys: Out) -> None:
    Path("empty").touch()
    co.dump(BASE, "ours.json")
    co.dump(retitled("Coder"), "theirs.json")
    assert main(["merge", "empty", "ours.json", "theirs.json", "--path", "model.json"]) == 1
    shown = capsys.readouterr()
    assert co.loads(shown.out) == BASE
    assert shown.err.splitlines() == [
        "community-ops: model.json: 1 conflict; ours is kept:",
        "  position:dev title: ours 'Developer', theirs 'Coder', added by both  (Developer)",
    ]
    assert main(["merge", "base.json", "empty", "theirs.json"]) == 2  # an emptied side is an accident


def test_files_with_passing_names_have_the_format_of_the_path(capsys: Out) -> None:
    comment = "# kept\n"
    for name, model in (("base", BASE), ("ours", retitled("Engineer")), ("theirs", moved())):
        Path(f".merge_{name}").write_text(comment + co.dumps(model, format="yaml"), encoding="utf-8")
    arguments = ["merge", ".merge_base", ".merge_ours", ".merge_theirs", "-o", ".merge_ours"]
    assert main(arguments) == 2
    assert main([*arguments, "--path", "model.yaml"]) == 0
    text = Path(".merge_ours").read_text("utf-8")
    assert text.startswith(comment)
    assert co.loads(text, format="yaml") == moved(retitled("Engineer"))
