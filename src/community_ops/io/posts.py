"""From a sheet of posts to a model: units, posts, people and assignments, each a record of its own.

A row says several things at once: that a post exists, where it sits and whom it reports to, and who holds it. They are
kept apart. Two rows that name the same person make two people, unless a staff number says that they are one: a name is
borne by many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve

from community_ops.errors import InvalidDocument, Problem
from community_ops.io.cells import Unique, id_of, number
from community_ops.io.oddities import SheetSource
from community_ops.io.posts_people import Cells, people_of
from community_ops.io.posts_refs import Rows, rows_of
from community_ops.io.posts_states import note_states, note_tops, note_unreadable
from community_ops.io.sheet import Sheet
from community_ops.kernel.codec import table_of_columns
from community_ops.kernel.frozenmap import EMPTY, FrozenMap
from community_ops.kernel.provenance import Location, Provenance
from community_ops.kernel.ref import Ref
from community_ops.operating_model import OperatingModel
from community_ops.validation.report import Report

HOMELESS = "organisation"
"""The id of the unit that posts sit in which name none."""

_WANTED = ("title", "reports_to", "name")


def read_sheet(sheet: Sheet) -> tuple[OperatingModel, Report]:
    """Return the model that a sheet of posts describes, and everything odd about it.

    Raises:
        InvalidDocument: no column says which post a row is about.
    """
    from community_ops.io.import_rules import report_on  # noqa: PLC0415 - the rules show examples that are read here

    model = posts_of(sheet)
    return model, report_on(model)


def posts_of(sheet: Sheet) -> OperatingModel:
    """Return the model that a sheet of posts describes; its source remembers what was odd."""
    fields = sheet.fields
    if not fields.by_field.keys() & {"ref", "title", "name"}:
        message = "no column says which post a row is about; name one with columns={'ref': ...}; the columns are "
        message += ", ".join(map(repr, sheet.headers))
        raise InvalidDocument([Problem("missing-column", "", message, Location(sheet.file, sheet.header_line))])
    for name in _WANTED:
        if name not in fields.by_field:
            sheet.note("IMP105", name)
    if not fields.units:
        sheet.note("IMP105", "unit")
    rows = rows_of(sheet)
    note_states(rows)
    note_tops(rows)
    extras = _extras(sheet)
    units, unit_lines = _units(rows)
    sizes = _sizes(rows, extras)
    people = people_of(rows, sizes, extras)
    positions = _positions(rows, units, sizes, extras)
    found = {"unit": _columns_of_units(units), "position": positions, **people.tables}
    tables = dict(OperatingModel()._tables)
    for name, (given, ready) in found.items():
        kind = OperatingModel.schema.kinds[name]
        tables[name] = table_of_columns(kind, len(given["id"]), given, ready)
    lines = {
        "unit": unit_lines,
        "position": {rows.posts[row]: sheet.lines[row] for row in rows.firsts},
        **people.lines,
    }
    source = SheetSource(
        sheet.file, encoding=sheet.encoding, delimiter=sheet.delimiter, header_line=sheet.header_line,
        headers=_headers(sheet), oddities=sheet.oddities, lines=lines, more_lines=_more_lines(rows),
    )  # fmt: skip
    return OperatingModel._of_tables(tables, None, Provenance(source=source))


def _more_lines(rows: Rows) -> dict[Ref, tuple[int, ...]]:
    if len(rows.firsts) == len(rows.posts):
        return {}
    several: dict[str, list[int]] = {}
    for id, line in zip(rows.posts, rows.sheet.lines, strict=True):
        several.setdefault(id, []).append(line)
    return {Ref("position", id): tuple(lines) for id, lines in several.items() if len(lines) > 1}


def _headers(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    found = {field: (sheet.headers[place],) for field, place in sheet.fields.by_field.items()}
    return {**found, "unit": tuple([sheet.headers[place] for place in sheet.fields.units])}


def _extras(sheet: Sheet) -> list[dict[str, Any]]:
    """Return what the columns that nothing is known of say, row by row; note which they are."""
    places = [place for place in range(len(sheet.headers)) if place not in sheet.fields.used]
    places = [place for place in places if any(sheet.columns[place])]
    if not places:
        return [{} for _ in sheet.lines]
    names = tuple([sheet.headers[place] for place in places])
    sheet.note("IMP104", headers=names, count=len(names))
    columns = [sheet.columns[place] for place in places]
    return [
        {name: cell for name, cell in zip(names, cells, strict=True) if cell} for cells in zip(*columns, strict=True)
    ]


# -- units ------------------------------------------------------------------------------------------------------------


def _units(rows: Rows) -> tuple[dict[tuple[str, ...], dict[str, Any]], dict[str, int]]:
    """Return the unit of every path of names, and the line each is first named on."""
    units: dict[tuple[str, ...], dict[str, Any]] = {}
    lines: dict[str, int] = {}
    unique = Unique()
    first = dict(zip(reversed(rows.paths), range(len(rows.paths) - 1, -1, -1), strict=True))
    for path in dict.fromkeys(rows.paths):
        line = rows.sheet.lines[first[path]]
        if not path:
            id = unique(HOMELESS)
            units[path] = {"id": id, "name": "Organisation", "kind": "organisation"}
            lines[id] = line
        for depth in range(1, len(path) + 1):
            part = path[:depth]
            if part not in units:
                id = unique(id_of(" / ".join(part)))
                units[part] = {"id": id, "name": part[-1], "kind": "department"}
                if depth > 1:
                    units[part]["parent"] = units[part[:-1]]["id"]
                elif len(rows.sheet.fields.units) > 1:
                    units[part]["kind"] = "organisation"
                lines[id] = line
    if rows.sheet.fields.units:
        blank = [row for row, path in enumerate(rows.paths) if not path]
        if blank:
            _note_blank(rows, "unit", blank)
    return units, lines


def _columns_of_units(units: Mapping[tuple[str, ...], Mapping[str, Any]]) -> Cells:
    made = [*units.values()]
    return {name: [unit.get(name) for unit in made] for name in ("id", "name", "parent", "kind")}, {}


def _note_blank(rows: Rows, variant: str, blank: Sequence[int]) -> None:
    lines = [rows.sheet.lines[row] for row in blank]
    rows.sheet.note("IMP404", variant, lines=lines, count=len(lines))
    posts = tuple(dict.fromkeys([rows.post(row) for row in blank]))
    rows.sheet.oddities[-1] = evolve(rows.sheet.oddities[-1], related=posts)


# -- posts ------------------------------------------------------------------------------------------------------------


def _sizes(rows: Rows, extras: list[dict[str, Any]]) -> list[Decimal]:
    """Return the full-time equivalents of every row, 1 where it names none; keep and note what is no number."""
    sheet, one = rows.sheet, Decimal(1)
    column = sheet.column("fte")
    if column is None:
        return [one] * len(sheet)
    read = {text: number(text, sheet.delimiter == ";") if text else one for text in set(column)}
    bad = {text for text, value in read.items() if value is None}
    if bad:
        note_unreadable(rows, "number", "fte", bad, extras)
    return [one if (value := read[text]) is None else value for text in column]


def _positions(
    rows: Rows,
    units: Mapping[tuple[str, ...], Mapping[str, Any]],
    sizes: Sequence[Decimal],
    extras: Sequence[dict[str, Any]],
) -> Cells:
    sheet, firsts = rows.sheet, rows.firsts
    none = [""] * len(sheet)
    titles, levels = sheet.column("title"), sheet.column("level") or none
    missions = sheet.column("mission") or none
    if titles is not None:
        blank = [row for row in firsts if not titles[row]]
        if blank:
            _note_blank(rows, "title", blank)
    homes = {path: unit["id"] for path, unit in units.items()}
    ids = [rows.posts[row] for row in firsts]
    shares = _shares(rows, sizes)
    given = {
        "id": ids,
        "title": ids if titles is None else [titles[row] for row in firsts],
        "unit": [homes[rows.paths[row]] for row in firsts],
        "reports_to": [rows.managers[row] for row in firsts],
        "level": [levels[row] or None for row in firsts],
        "status": ["closed" if rows.states[row] == "eliminated" else "approved" for row in firsts],
        "mission": [missions[row] for row in firsts],
    }
    if rows.seats:
        given["seats"] = [rows.seats.get(id, 1) for id in ids]
    own = [sizes[row] for row in firsts]
    ready: dict[str, list[Any]] = {
        "seat_fte": [shares.get(id, size) for id, size in zip(ids, own, strict=True)] if shares else own,
        "extra": [FrozenMap(extras[row]) if extras[row] else EMPTY for row in firsts],
    }
    return given, ready


def _shares(rows: Rows, sizes: Sequence[Decimal]) -> dict[str, Decimal]:
    """Return the size of a seat where several rows say it: all shares of a job together, the largest of several."""
    if not rows.shared and not rows.seats:
        return {}
    parts: dict[str, list[Decimal]] = {}
    for row, id in enumerate(rows.posts):
        if (id in rows.shared or id in rows.seats) and row not in rows.repeats:
            parts.setdefault(id, []).append(sizes[row])
    return {id: sum(several, Decimal(0)) if id in rows.shared else max(several) for id, several in parts.items()}
