"""A spreadsheet with any combination of oddities gives exactly the injected causes back, with their lines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import community_ops as co
from community_ops.io.import_rules import report_on, sheet_rules
from community_ops.io.oddities import SheetSource
from community_ops.io.posts import posts_of
from community_ops.io.posts_csv import grid_of_bytes
from community_ops.io.sheet import sheet_of
from tests.io.oddity_injection import INJECTIONS, SURROUNDINGS, Cause, Sheet, clean_sheet, odd_sheets


def cause_of(found: co.Finding) -> Cause:
    if found.code == "REF101":
        return "REF101", str(found.parameters["normaliser"]["en"] if "normaliser" in found.parameters else "")
    if found.code == "ORG101":
        return "ORG101", "self"
    templates = sheet_rules().rule(found.code).templates
    variant = next(name for name, texts in templates.items() if texts is found._templates)
    return found.code, variant


def lines_of(found: co.Finding, source: SheetSource) -> list[int]:
    if "lines" in found.parameters:
        return sorted(found.parameters["lines"])
    if found.code.startswith("IMP"):
        return []
    return sorted(line for ref in (found.subject, *found.related) for line in source.lines_of(ref))


def causes(data: bytes) -> dict[Cause, list[int]]:
    model = posts_of(sheet_of(grid_of_bytes(data, "posts.csv")))
    source = model.provenance.source
    assert isinstance(source, SheetSource)
    report = report_on(model)
    found = {cause_of(one): lines_of(one, source) for one in report.findings}
    assert len(found) == len(report.findings), "a cause was told twice"
    return found


def injected(*names: str) -> Sheet:
    sheet = clean_sheet([0, 0, 1, 2, 3, *[0] * (2 * len(names) + 2)])
    for name in names:
        (INJECTIONS | SURROUNDINGS)[name](sheet)
    for finish in sheet.later:
        finish(sheet)
    return sheet


def test_a_clean_spreadsheet_is_silent() -> None:
    assert causes(clean_sheet([0, 0, 1, 2, 2]).data()) == {}


@pytest.mark.parametrize("name", sorted(INJECTIONS | SURROUNDINGS))
def test_every_single_oddity_is_found_with_its_lines(name: str) -> None:
    sheet = injected(name)
    assert causes(sheet.data()) == sheet.expected()


@settings(max_examples=60)
@given(odd_sheets())
def test_any_combination_gives_exactly_the_injected_causes_back(sheet: Sheet) -> None:
    assert causes(sheet.data()) == sheet.expected()


@pytest.mark.parametrize(
    ("gone", "variant"), [("Job title", "title"), ("Unit", "unit"), ("Reports to", "reports_to"), ("Name", "name")]
)
def test_a_missing_column_is_one_cause_and_no_other(gone: str, variant: str) -> None:
    sheet = clean_sheet([0, 0, 1])
    place = sheet.headers.index(gone)
    for row in (*sheet.rows, sheet):
        del (row.headers if isinstance(row, Sheet) else row.cells)[place]
    if gone == "Name":  # nothing can then be said of who they are
        number = sheet.headers.index("Staff number")
        for row in sheet.rows:
            row.cells[number] = row.cells[number + 2] = ""
    assert causes(sheet.data()) == {("IMP105", variant): []}
