"""The examples run from top to bottom, and what they show can be shown."""

from __future__ import annotations

import ast
import json
import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def test_the_reorganisation_shows_what_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "reorganise.py"), run_name="__main__")
    shown = capsys.readouterr().out
    assert "ORG201 warning position:ceo" in shown
    assert "before: 4 layers, 4 positions report to the top" in shown
    assert "after: 3 layers, 9 positions report to the top" in shown


def test_the_spreadsheets_show_causes_a_mend_and_what_happened(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "spreadsheets.py"), run_name="__main__")
    shown = capsys.readouterr().out
    causes, rest = shown.split("\nThe suggested normaliser:\n")
    assert [line.strip() for line in causes.splitlines() if len(line.strip()) == 6] == ["REF101", "IMP201", "IMP302"]
    assert (
        "    4 references from reports_to, Head of sales first, name a position that is not there (7 and 20)" in causes
    )
    assert rest.count("reports_to: '20' -> '020'") == 3
    assert "as written: 1 errors, 4 posts report to nothing that is there" in rest
    assert "mended: 0 errors, 0 posts report to nothing that is there" in rest
    assert "  Ben Example moved from Head of sales (020) to Purchaser (022) (by name only)" in rest
    assert "  Eva Example joined as Head of sales (020)" in rest
    assert "  Purchaser (022) was called Buyer before" in rest


def test_every_cell_of_the_notebook_runs_and_its_last_value_has_a_display(capsys: pytest.CaptureFixture[str]) -> None:
    """Runs the cells in one namespace and asks each cell's value for what a notebook would ask for."""
    notebook = json.loads((EXAMPLES / "first_look.ipynb").read_text("utf-8"))
    names: dict[str, object] = {}
    shown = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell["id"], "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
            if hasattr(value, "_repr_mimebundle_"):
                bundle = value._repr_mimebundle_()
                assert "<" in bundle["text/html"]
                assert bundle["text/plain"] == repr(value)
                shown += 1
    assert shown == 6
    printed = capsys.readouterr().out
    assert "ticket-12 first_response 1, level 1 at 2026-03-01 18:15: coo: member-02" in printed  # half of half an hour
