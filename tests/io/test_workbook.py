"""Excel workbooks: the same as CSV in all but the cells."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

import community_ops as co
from community_ops.io import read_posts_excel

HEAD = ["ref", "title", "unit", "reports to", "name", "fte", "start"]
Rows = list[list[object]]


def workbook(path: Path, rows: Rows, **options: object) -> openpyxl.worksheet.worksheet.Worksheet:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEAD, *rows]:
        sheet.append(row)
    return sheet


def read(path: Path, sheet: openpyxl.worksheet.worksheet.Worksheet) -> tuple[co.OperatingModel, list[co.Finding]]:
    assert sheet.parent is not None
    sheet.parent.save(path)
    model, report = read_posts_excel(path)
    return model, [*report.findings]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posts.xlsx"


PLAIN: Rows = [
    [1, "Chief", "Acme", None, "Ann", 1, datetime(2024, 1, 15)],
    [2.0, "Clerk", "Acme", 1, "Ben", 0.5, date(2024, 3, 1)],
]


def test_numbers_and_dates_read_as_in_csv(path: Path, tmp_path: Path) -> None:
    model, findings = read(path, workbook(path, PLAIN))
    text = (
        "ref,title,unit,reports to,name,fte,start\n1,Chief,Acme,,Ann,1,2024-01-15\n2,Clerk,Acme,1,Ben,0.5,2024-03-01\n"
    )
    (tmp_path / "posts.csv").write_text(text)
    assert findings == []
    assert model == co.io.read_posts_csv(tmp_path / "posts.csv")[0]
    source = model.provenance.source
    assert source is not None
    assert str(source.locate(co.Ref("position", "2"))).endswith("posts.xlsx:3")


def test_leading_zeros_that_a_format_shows_are_read_as_shown(path: Path) -> None:
    sheet = workbook(path, [[17, "Chief", "Acme", None, "Ann", 1], ["00018", "Clerk", "Acme", "00017", "Ben", 1]])
    sheet["A2"].number_format = "00000"
    model, (found,) = read(path, sheet)
    assert model.positions["00018"].reports_to == "00017" in model.positions.ids
    assert (found.code, found.parameters["lines"]) == ("IMP107", (2,))


def test_leading_zeros_that_are_lost_are_found_and_not_guessed(path: Path) -> None:
    model, (found,) = read(
        path, workbook(path, [[17, "Chief", "Acme", None, "Ann", 1], [18, "B", "Acme", "00017", "B", 1]])
    )
    assert (found.code, found.fixable) == ("REF101", True)
    assert model.positions["18"].reports_to == "00017"


def test_a_merged_cell_counts_for_every_row_it_covers(path: Path) -> None:
    sheet = workbook(path, [*PLAIN, [3, "Cook", None, 1, "Cem", 1]])
    sheet.merge_cells("C3:C4")
    model, (found,) = read(path, sheet)
    assert model.positions["3"].unit == "Acme"
    assert (found.code, found.parameters["texts"]) == ("IMP107", ("C3:C4",))


def test_a_title_over_several_columns_is_only_something_above(path: Path) -> None:
    sheet = workbook(path, PLAIN)
    sheet.insert_rows(1)
    sheet["A1"] = "All our posts"
    sheet.merge_cells("A1:G1")
    _, (found,) = read(path, sheet)
    assert (found.code, found.parameters["lines"]) == ("IMP103", (1,))


def test_a_formula_nobody_calculated_is_blank_and_told(path: Path) -> None:
    sheet = workbook(path, PLAIN)
    sheet["E3"] = '="Be" & "n"'
    model, findings = read(path, sheet)
    assert len(model.people) == 1
    assert [(one.code, one.parameters.get("texts")) for one in findings if one.code == "IMP107"] == [
        ("IMP107", ("E3",))
    ]


def test_other_sheets_are_told_unless_one_was_named(path: Path) -> None:
    sheet = workbook(path, PLAIN)
    assert sheet.parent is not None
    sheet.parent.create_sheet("Notes")
    _, (found,) = read(path, sheet)
    assert found.parameters["texts"] == ("Notes",)
    assert read_posts_excel(path, sheet="Sheet")[1].findings == ()
    with pytest.raises(co.InvalidDocument, match="Notes"):
        read_posts_excel(path, sheet="Posts")


def test_truth_is_text_and_times_are_kept(path: Path) -> None:
    row: list[object] = [1, True, "Acme", None, "Ann", 1, datetime(2024, 1, 15, 8, 30)]
    model, findings = read(path, workbook(path, [row]))
    assert model.positions["1"].title == "TRUE"
    assert [one.code for one in findings] == ["IMP401"]
    assert model.positions["1"].extra == {"start": "2024-01-15 08:30:00"}


def test_what_is_no_workbook_is_an_error(path: Path) -> None:
    path.write_text("ref,title\n")
    with pytest.raises(co.InvalidDocument) as caught:
        read_posts_excel(path)
    assert caught.value.code == "bad-workbook"


def test_the_extra_is_named_where_it_is_missing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(co.MissingExtra, match="excel"):
        read_posts_excel(path)
