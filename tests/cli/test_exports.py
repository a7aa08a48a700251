"""`community-ops export` and the plans that `import` reads: files, what is lost, and exit statuses."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import community_ops as co
from community_ops.cli import main


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.json"
    co.dump(
        co.OperatingModel.of(
            co.Unit(id="hq", name="HQ", kind="department"),
            co.Position(id="1", title="Chief", unit="hq"),
            co.Plan(id="p", name="Launch", start=date(2026, 3, 2)),
            co.Task(id="1", name="Write", plan="p", duration=co.Duration(2), area="promotion"),
            co.Task(id="2", name="Live", plan="p", kind="milestone", links=[co.Link("1")]),
            co.Meeting(id="m", name="Weekly", start="2026-03-02T10:00", recurrence="FREQ=WEEKLY"),
            co.Meeting(id="open", name="Open"),
        ),
        path,
    )
    return path


def test_a_plan_goes_out_as_xml_and_comes_back(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target, again = model.with_name("plan.xml"), model.with_name("again.json")
    assert main(["export", str(model), str(target), "--plan", "p"]) == 0
    assert "area: 'promotion' -> None" in capsys.readouterr().out
    assert main(["import", str(target), "--timezone", "Asia/Shanghai", "-o", str(again)]) == 0
    read = co.load(again)
    assert read.tasks["2"].links == (co.Link("1"),)
    assert {calendar.timezone for calendar in read.calendars} == {"Asia/Shanghai"}


@pytest.mark.parametrize("name", ["tasks.csv", "out.ics"])
def test_a_plan_goes_out_as_a_table_and_as_a_calendar(
    model: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = model.with_name(name)
    assert main(["export", str(model), str(target), "--plan", "p"]) == 0
    assert "Live" in target.read_text("utf-8")
    out = capsys.readouterr().out
    assert out.endswith(f"{target}\n")
    assert ("not held on any day: meeting:open" in out) == name.endswith(".ics")


def test_posts_go_out_where_no_plan_is_named(model: Path) -> None:
    target = model.with_name("posts.csv")
    assert main(["export", str(model), str(target)]) == 0
    assert "Chief" in target.read_text("utf-8")


@pytest.mark.parametrize("arguments", [["plan.xml"], ["plan.mpp", "--plan", "p"], ["plan.xml", "--plan", "q"]])
def test_what_cannot_be_written_exits_with_2(
    model: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    target = model.with_name(arguments[0])
    assert main(["export", str(model), str(target), *arguments[1:]]) == 2
    assert capsys.readouterr().err.startswith("community-ops: ")
    assert not target.exists()


def test_a_file_that_is_no_plan_exits_with_2_and_a_zone_that_is_none_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.xml"
    path.write_text("<!DOCTYPE x><x/>")
    assert main(["import", str(path)]) == 2
    assert "document type" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["import", str(path), "--timezone", "Mars"])
    assert "Mars" in capsys.readouterr().err


def test_the_rules_about_plan_files_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "imp604"]) == 0
    assert capsys.readouterr().out.startswith("IMP604 left-out")
