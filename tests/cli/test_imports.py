"""`community-ops import`: a model file, a report, and an exit status."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import community_ops as co
from community_ops.cli import main

CLEAN = "ref,title,unit,reports to,name\n1,Chief,HQ,,Ann\n2,Clerk,HQ,1,Ben\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text(CLEAN)
    return path


def test_a_clean_file_becomes_a_model_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = file.with_name("model.json")
    assert main(["import", str(file), "-o", str(target)]) == 0
    assert co.load(target).positions["2"].reports_to == "1"
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .endswith("<OperatingModel: 1 unit, 2 positions, 2 people, 2 assignments>")
    )


def test_faults_are_told_with_their_lines_and_the_model_is_written(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(CLEAN.replace("HQ,1", "HQ,01"))
    target = file.with_name("model.json")
    assert main(["import", str(file), "-o", str(target)]) == 1
    assert "posts.csv:3: REF101 error" in capsys.readouterr().out
    assert target.exists()


def test_what_fails_is_for_the_caller_to_say(file: Path) -> None:
    file.write_text(CLEAN.replace("HQ,,Ann", "HQ,XX,Ann"))
    assert main(["import", str(file)]) == 0
    assert main(["import", str(file), "--fail-on", "info"]) == 1


def test_columns_and_encoding_may_be_named(file: Path) -> None:
    file.write_bytes("Nr,Was,Chef\n1,Café,\n".encode("latin-1"))
    named = ["--column", "ref=Nr", "--column", "title=Was", "--column", "reports_to=Chef", "--encoding", "latin-1"]
    target = file.with_name("model.json")
    assert main(["import", str(file), *named, "-o", str(target)]) == 0
    assert co.load(target).positions["1"].title == "Café"
    with pytest.raises(SystemExit):
        main(["import", str(file), "--column", "ref"])


def test_a_workbook_is_known_by_its_name(file: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in CLEAN.splitlines():
        book.active.append(line.split(","))
    book.save(file.with_suffix(".xlsx"))
    assert main(["import", str(file.with_suffix(".xlsx")), "--sheet", "Sheet"]) == 0


@pytest.mark.parametrize("text", [None, "1,2\n"])
def test_unusable_input(file: Path, text: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    assert main(["import", str(file)]) == 2
    assert "community-ops:" in capsys.readouterr().err


def test_rules_about_spreadsheets_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "imp304"]) == 0
    assert capsys.readouterr().out.startswith("IMP304 reused-ref")
