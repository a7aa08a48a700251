"""Spreadsheets of posts saved as CSV: read into a model, with everything odd about them in a report."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from contextlib import suppress
from io import StringIO

from community_ops.errors import InvalidDocument, Problem
from community_ops.io.decoding import decode
from community_ops.io.headers import Columns, recognised
from community_ops.io.oddities import Oddity, sheet_ref
from community_ops.io.posts import read_sheet
from community_ops.io.sheet import Grid, damaged, sheet_of
from community_ops.kernel.codec import collector_paused
from community_ops.kernel.provenance import Location
from community_ops.operating_model import OperatingModel
from community_ops.validation.report import Report

_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED = 30
_SAMPLE = 200_000
_CELL_LIMIT = 1 << 20
_PLAIN = frozenset({"utf-8", "utf-8-sig", "ascii"})
_CALLED = {"gb18030": "GB18030", "cp1252": "Windows-1252", "utf-16": "UTF-16", "utf-32": "UTF-32", "utf-8": "UTF-8"}


def read_posts_csv(
    path: str | os.PathLike[str],
    columns: Columns | None = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> tuple[OperatingModel, Report]:
    r"""Read a spreadsheet of posts with a column that says whom each reports to.

    Columns are found by the headers people use, in English and Chinese; encoding and delimiter are told from the file.
    Nothing is dropped or repaired without a word: everything odd is a finding of the report, one for each cause.

    Args:
        path: the file.
        columns: the headers of some fields, where the file has names of its own, by field: `"ref"`, `"title"`,
            `"unit"` (several, the widest first), `"reports_to"`, `"name"`, `"person"` (a staff number), `"level"`,
            `"fte"`, `"mission"`, `"email"`, `"start"` and `"end"` of the assignment.
        encoding: what the file is encoded in; None finds out: UTF-8, UTF-16, GB18030 or Windows-1252.
        delimiter: what parts the cells; None finds out: a comma, a semicolon, a tab or a bar.

    Returns:
        The model, which remembers the file and the line of every record; and the report of what is odd about the file,
        of references that lead nowhere and of reporting cycles. What is wrong with the organisation itself is for
        `model.check`.

    Raises:
        OSError: the file cannot be read.
        InvalidDocument: it is no table with headers, or has no column that `columns` names.

    Example:
        >>> from pathlib import Path
        >>> text = "编号,岗位,部门,汇报对象,姓名\n1,总经理,公司,XX,张伟\n2,会计,财务部,01,李娜\n"
        >>> _ = Path("posts.csv").write_bytes(text.encode("gb18030"))
        >>> model, report = read_posts_csv("posts.csv")
        >>> model
        <OperatingModel: 2 units, 2 positions, 2 people, 2 assignments>
        >>> print(report.errors[0].location, report.errors[0].message)
        posts.csv:3 会计 names '01' as reports_to; there is only a position '1', which differs in leading zeros.
    """
    with open(path, "rb") as file:
        data = file.read()
    with collector_paused():
        return read_sheet(sheet_of(grid_of_bytes(data, os.fsdecode(path), encoding, delimiter), columns))


def grid_of_bytes(data: bytes, name: str, encoding: str | None = None, delimiter: str | None = None) -> Grid:
    """Return the cells of a CSV file.

    Args:
        data: what stands in it.
        name: its name.
        encoding: as in `read_posts_csv`.
        delimiter: as in `read_posts_csv`.

    Raises:
        InvalidDocument: it is no CSV.
    """
    decoded = decode(data, encoding)
    odd = []
    called = _CALLED.get(decoded.encoding.removesuffix("-sig"), decoded.encoding)
    if decoded.encoding not in _PLAIN:
        odd.append(Oddity(code="IMP101", subject=sheet_ref(name), parameters={"encoding": called}))
    if decoded.damaged:
        odd.append(damaged(name, "bytes", decoded.damaged, encoding=called))
    delimiter = _delimiter_of(decoded.text) if delimiter is None else delimiter
    reader = _reader(decoded.text, delimiter, strict=True)
    try:
        rows, lines, broken = _rows(reader)
        if broken is not None:
            odd.append(damaged(name, "quotes", (broken,)))
            reader = _reader(decoded.text, delimiter)
            rows, lines, _ = _rows(reader)
    except csv.Error as error:
        place = Location(name, reader.line_num)
        raise InvalidDocument([Problem("bad-csv", "", f"this is no CSV: {error}", place)]) from None
    return Grid(name, rows, lines, decoded.encoding, delimiter, tuple(odd))


def _reader(text: str, delimiter: str, strict: bool = False) -> csv._reader:  # type: ignore[name-defined]
    csv.field_size_limit(max(csv.field_size_limit(), _CELL_LIMIT))
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _rows(reader: csv._reader) -> tuple[list[list[str]], Sequence[int], int | None]:  # type: ignore[name-defined]
    """Return the rows, the lines they begin on, and the line on which quotation marks are out of place."""
    strict = reader.dialect.strict
    rows: list[list[str]] = []
    ends: list[int] = [0]
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        if not strict:
            raise
        return [], [], ends[-1] + 1
    # The reader knows where a row ends; a cell with a line break makes it begin earlier.
    return rows, [end + 1 for end in ends[:-1]], None


def _delimiter_of(text: str) -> str:
    """Return the delimiter that makes the most of the headers, and then of the first rows."""

    def score(delimiter: str) -> tuple[int, int]:
        head: list[list[str]] = []
        with suppress(csv.Error):
            head.extend(_reader("".join(text[:_SAMPLE].splitlines(keepends=True)[:_SNIFFED]), delimiter))
        return max(map(recognised, head), default=0), sum(len(row) - 1 for row in head)

    return max(_DELIMITERS, key=score)
