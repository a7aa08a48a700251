"""`Sheet`: the cells of a spreadsheet by column, whatever file they came from, and what was odd about its shape."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress
from operator import ne
from typing import Any

from attrs import define, field, frozen

from community_ops.errors import InvalidDocument, Problem
from community_ops.io.headers import Columns, Mapped, UnknownHeader, mapped, recognised
from community_ops.io.oddities import Oddity, sheet_ref
from community_ops.io.sentinels import is_lost
from community_ops.kernel.provenance import Location
from community_ops.validation.finding import ERROR, INFO, WARNING, Severity

_HEADERS_WITHIN = 30
"""How many rows from the top the headers are looked for."""


@frozen
class Grid:
    """The cells of a file, row by row, as it holds them.

    Attributes:
        file: the file's name as it was given.
        rows: the cells of every row, as text.
        lines: the line every row starts on, from 1.
        encoding: what the bytes were read as; empty for a workbook.
        delimiter: what parted the cells; empty for a workbook.
        oddities: what was odd already.
    """

    file: str
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    encoding: str = ""
    delimiter: str = ""
    oddities: tuple[Oddity, ...] = ()


@define
class Sheet:
    """The cells of a spreadsheet by column.

    Attributes:
        file: its name as it was given.
        header_line: the line of its headers.
        headers: its headers; a column without one is called after its place.
        fields: which column holds what.
        columns: the cells of every column, without spaces around them, all of one length.
        lines: the line of every row.
        encoding: as in `Grid`.
        delimiter: as in `Grid`.
        oddities: what was odd about it; whoever reads on adds to it.
    """

    file: str
    header_line: int
    headers: tuple[str, ...]
    fields: Mapped
    columns: list[Sequence[str]]
    lines: Sequence[int]
    encoding: str = ""
    delimiter: str = ""
    oddities: list[Oddity] = field(factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, field: str) -> Sequence[str] | None:
        """Return the cells of a field's column; None where the file has none."""
        place = self.fields.by_field.get(field)
        return None if place is None else self.columns[place]

    def header(self, field: str) -> str:
        """Return the header of a field's column."""
        return self.headers[self.fields.by_field[field]]

    def note(
        self, code: str, variant: str = "", *, severity: Severity | None = None, field: str | None = None, **more: Any
    ) -> None:
        """Note something odd about the file as a whole."""
        self.oddities.append(
            Oddity(
                code=code,
                variant=variant,
                subject=sheet_ref(self.file),
                field=field,
                severity=severity,
                key=(variant,) if variant else (),
                parameters=more,
            )
        )


def sheet_of(grid: Grid, columns: Columns | None = None) -> Sheet:
    """Find the headers of a file and turn its rows into columns.

    Args:
        grid: the cells.
        columns: the headers of some fields; see `headers.mapped`.

    Raises:
        InvalidDocument: it holds no row of headers, or not those that `columns` names.
    """
    top = _header_row(grid, columns)
    names = [cell.strip() for cell in grid.rows[top]]
    rows, lines = list(grid.rows[top + 1 :]), list(grid.lines[top + 1 :])
    width = max(len(names), max(map(len, rows), default=0))
    headers = _distinct([*names, *[""] * (width - len(names))])
    try:
        fields = mapped(headers, columns)
    except UnknownHeader as error:
        raise _unusable(grid, "missing-column", str(error.args[0]), grid.lines[top]) from None
    sheet = Sheet(
        grid.file, grid.lines[top], headers, fields, [], lines, grid.encoding, grid.delimiter, [*grid.oddities]
    )
    above = [line for row, line in zip(grid.rows[:top], grid.lines, strict=False) if any(map(str.strip, row))]
    if above:
        sheet.note("IMP103", "above", lines=above, text=" / ".join(_texts(grid.rows[:top]))[:200])
    kept = _regular(sheet, rows, len(names), tuple(names))
    sheet.columns = [tuple(column) for column in zip(*kept, strict=True)] if kept else [() for _ in headers]
    _without_spaces(sheet)
    _look_for_lost_cells(sheet)
    return sheet


def _texts(rows: Iterable[Sequence[str]]) -> list[str]:
    return [cell.strip() for row in rows for cell in row if cell.strip()]


def _unusable(grid: Grid, code: str, message: str, line: int | None = None) -> InvalidDocument:
    return InvalidDocument([Problem(code, "", message, Location(grid.file, line))])


def _header_row(grid: Grid, columns: Columns | None) -> int:
    first = [*grid.rows[:_HEADERS_WITHIN]]
    if columns:
        wanted = {name for names in columns.values() for name in ([names] if isinstance(names, str) else names)}
        for place, row in enumerate(first):
            if wanted <= {cell.strip() for cell in row}:
                return place
    scores = [recognised(row) for row in first]
    if not scores or max(scores) == 0:
        message = "no row of headers was found: none of its first rows names a post, a unit or a person"
        raise _unusable(grid, "no-headers", message)
    return scores.index(max(scores))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Return the headers with a name for each column that has none, or shares that of another."""
    seen: set[str] = set()
    headers = []
    for place, name in enumerate(names, 1):
        own = name if name and name not in seen else f"{name} (column {place})" if name else f"column {place}"
        while own in seen:
            own += "'"
        seen.add(own)
        headers.append(own)
    return tuple(headers)


def _regular(sheet: Sheet, rows: list[Sequence[str]], named: int, names: tuple[str, ...]) -> list[Sequence[str]]:
    """Return the rows that hold something, all of one width; leave their lines in the sheet."""
    width, lines = len(sheet.headers), list(sheet.lines)
    while rows and not any(map(str.strip, rows[-1])) and len(rows[-1]) <= 1:  # the file's end, not a row
        rows.pop()
        lines.pop()
    if (
        all(len(row) == width == named for row in rows)
        and list(names) not in rows
        and all(row[0].strip() or "".join(row).strip() for row in rows)
    ):  # the ordinary case
        sheet.lines = lines
        return rows
    found: dict[str, list[int]] = {}
    kept: list[Sequence[str]] = []
    kept_lines: list[int] = []
    for row, line in zip(rows, lines, strict=True):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            found.setdefault("blank", []).append(line)
        elif tuple(cells) == names and any(names):
            found.setdefault("header", []).append(line)
        else:
            if len(row) < named:
                found.setdefault("short", []).append(line)
            elif any(cells[named:]):
                found.setdefault("long", []).append(line)
            kept.append([*row, *[""] * (width - len(row))])
            kept_lines.append(line)
    for variant, at in found.items():
        severity = INFO if variant in ("blank", "header") else None
        sheet.note("IMP103", variant, severity=severity, lines=at, count=len(at))
    sheet.lines = kept_lines
    return kept


def _without_spaces(sheet: Sheet) -> None:
    at: set[int] = set()
    count = 0
    for place, column in enumerate(sheet.columns):
        stripped = tuple(map(str.strip, column))
        if stripped != column:
            moved = [*compress(sheet.lines, map(ne, stripped, column))]
            count += len(moved)
            at.update(moved)
        sheet.columns[place] = stripped
    if at:
        sheet.note("IMP106", lines=sorted(at), count=count)


def _look_for_lost_cells(sheet: Sheet) -> None:
    at: set[int] = set()
    texts: dict[str, None] = {}
    for column in sheet.columns:
        if "#" not in "".join(column):
            continue
        lost = {text for text in set(column) if text[:1] == "#" and is_lost(text)}
        if lost:
            at.update([line for text, line in zip(column, sheet.lines, strict=True) if text in lost])
            texts.update(dict.fromkeys([text[:12] for text in sorted(lost)]))
    if at:
        sheet.note("IMP102", "cells", severity=WARNING, lines=sorted(at), count=len(at), texts=tuple(texts))


def damaged(file: str, variant: str, lines: Sequence[int], **more: Any) -> Oddity:
    """Return the oddity of a file of which some lines are damaged."""
    return Oddity(
        code="IMP102", variant=variant, subject=sheet_ref(file), key=(variant,), severity=ERROR,
        parameters={"lines": tuple(lines), "count": len(lines), **more},
    )  # fmt: skip
