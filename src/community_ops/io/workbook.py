"""Spreadsheets of posts in Excel workbooks, through openpyxl (extra `excel`); what follows the cells is shared."""

from __future__ import annotations

import os
import re
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from community_ops.errors import InvalidDocument, MissingExtra, Problem
from community_ops.io.headers import Columns
from community_ops.io.oddities import Oddity, sheet_ref
from community_ops.io.posts import read_sheet
from community_ops.io.sheet import Grid, sheet_of
from community_ops.kernel.codec import collector_paused
from community_ops.kernel.provenance import Location
from community_ops.operating_model import OperatingModel
from community_ops.validation.finding import INFO
from community_ops.validation.report import Report

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_ZEROS = re.compile(r"0{2,30}")


def read_posts_excel(
    path: str | os.PathLike[str], sheet: str | None = None, columns: Columns | None = None
) -> tuple[OperatingModel, Report]:
    """Read a spreadsheet of posts from an Excel workbook; as `read_posts_csv` in all but the cells.

    A formula counts as what it last came to. A number shown with leading zeros is read as shown, and a merged cell
    counts for every row it covers; both are reported. Dates are dates whatever their format.

    Args:
        path: the workbook, `.xlsx` or `.xlsm`.
        sheet: the name of the sheet; None for the first.
        columns: as in `read_posts_csv`.

    Returns:
        The model and the report, as from `read_posts_csv`; lines are the numbers of rows.

    Raises:
        OSError: the file cannot be read.
        MissingExtra: openpyxl is not installed.
        InvalidDocument: it is no workbook, has no such sheet, or the sheet is no table with headers.
    """
    with collector_paused():
        return read_sheet(sheet_of(_grid(path, sheet), columns))


def _grid(path: str | os.PathLike[str], sheet: str | None) -> Grid:
    try:
        import openpyxl  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("openpyxl", "excel") from None
    name = os.fsdecode(path)
    with open(path, "rb") as file:
        try:
            values = openpyxl.load_workbook(file, data_only=True)
            file.seek(0)
            formulas = openpyxl.load_workbook(file)
        except Exception as error:  # a zip of anything else fails in whatever way
            message = f"the file is no Excel workbook that openpyxl can read: {error}"
            raise InvalidDocument([Problem("bad-workbook", "", message, Location(name))]) from None
    names = [page.title for page in values.worksheets]
    if (sheet is not None and sheet not in names) or not names:
        message = f"the workbook has no sheet {sheet!r}; its sheets are {', '.join(names)}"
        raise InvalidDocument([Problem("missing-sheet", "", message, Location(name))])
    chosen = names[0] if sheet is None else sheet
    odd = _Odd(name)
    rows = _texts(values[chosen], formulas[chosen], odd)
    others = tuple(other for other in names if other != chosen)
    if others and sheet is None:
        odd.texts["sheets"] = list(others)
    return Grid(name, rows, range(1, len(rows) + 1), oddities=odd.oddities())


class _Odd:
    """What was odd about the cells, by variant of the rule."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.texts: dict[str, list[str]] = {}
        self.lines: list[int] = []

    def oddities(self) -> tuple[Oddity, ...]:
        found = [self._oddity(variant, texts=tuple(texts)) for variant, texts in self.texts.items()]
        if self.lines:
            found.append(self._oddity("padded", lines=tuple(dict.fromkeys(self.lines))))
        return tuple(found)

    def _oddity(self, variant: str, **parameters: Any) -> Oddity:
        severity = INFO if variant in ("sheets", "padded") else None
        return Oddity(code="IMP107", variant=variant, subject=sheet_ref(self.file), key=(variant,),
                      severity=severity, parameters=parameters)  # fmt: skip


def _texts(values: Worksheet, formulas: Worksheet, odd: _Odd) -> list[list[str]]:
    rows = [[_text(cell, odd) for cell in row] for row in values.iter_rows()]
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f" and values[cell.coordinate].value is None:
                odd.texts.setdefault("formulas", []).append(cell.coordinate)
    for area in values.merged_cells.ranges:
        text = rows[area.min_row - 1][area.min_col - 1]
        if not text or area.min_row == area.max_row:  # a title over several columns hides nothing
            continue
        odd.texts.setdefault("merged", []).append(area.coord)
        for line in range(area.min_row, area.max_row + 1):
            rows[line - 1][area.min_col - 1] = text
    return rows


def _text(cell: Cell | MergedCell, odd: _Odd) -> str:
    """Return what a cell says as text, as CSV would hold it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    if isinstance(value, (int, float)):
        text = str(int(value)) if float(value).is_integer() else repr(value)
        zeros = _ZEROS.fullmatch(str(cell.number_format or ""))
        if zeros and text.isdigit() and len(text) < len(zeros[0]):
            odd.lines.append(int(cell.row or 0))
            return text.zfill(len(zeros[0]))
        return text
    return str(value)
