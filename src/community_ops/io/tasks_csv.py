"""Tables of tasks saved as CSV: read into a plan, with everything odd about them in a report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from attrs import frozen

from community_ops.io.cells import Unique, day, id_of, number
from community_ops.io.headers import normal_header
from community_ops.io.mspdi.nodes import unusable
from community_ops.io.mspdi.notes import Notes, PlanSource
from community_ops.io.mspdi.resources_in import UNIT
from community_ops.io.oddities import Oddity, sheet_ref
from community_ops.io.posts_csv import grid_of_bytes
from community_ops.io.posts_out import neutral
from community_ops.io.predecessors import length_in, links_in
from community_ops.io.sheet import Grid
from community_ops.kernel.provenance import Provenance
from community_ops.kernel.record import Record
from community_ops.operating_model import OperatingModel
from community_ops.org.records import Position, Unit
from community_ops.plan.records import Link, Plan, Task
from community_ops.validation.report import Report

_ALIASES: Mapping[str, str] = {
    "id": "id|task id|unique id|uid|编号|任务编号|标识号|序号",
    "name": "name|task|task name|任务|任务名称|名称",
    "parent": "parent|parent id|summary task|part of|上级任务|父任务|所属任务",
    "level": "outline level|level|大纲级别|层级",
    "kind": "kind|type|类型|任务类型",
    "start": "start|start date|开始|开始时间|开始日期",
    "finish": "finish|end|finish date|end date|完成|完成时间|完成日期|结束日期",
    "duration": "duration|工期|持续时间",
    "total_float": "total float|total slack|总浮动|总时差|可宽延的总时间",
    "free_float": "free float|free slack|自由浮动|自由时差|可用可宽延时间",
    "critical": "critical|关键|关键任务",
    "predecessors": "predecessors|predecessor|depends on|前置任务|紧前任务|前导任务",
    "percent": "% complete|percent complete|complete|完成百分比|进度",
    "owner": "owner|responsible|accountable|负责人|负责岗位",
    "notes": "notes|description|备注|说明",
}
FIELDS = tuple(_ALIASES)
_KNOWN = {alias: field for field, aliases in _ALIASES.items() for alias in aliases.split("|")}
_RESULTS = frozenset({"finish", "total_float", "free_float", "critical"})
"""What the schedule says, and nobody need read."""
_KINDS = {
    "task": "task", "summary": "task", "milestone": "milestone", "level_of_effort": "level_of_effort",
    "level of effort": "level_of_effort", "recurring": "recurring", "任务": "task", "摘要": "task",
    "里程碑": "milestone", "支持性工作": "level_of_effort", "周期性任务": "recurring",
}  # fmt: skip
_HEADERS_WITHIN = 30


def read_tasks_csv(
    path: str | os.PathLike[str],
    columns: Mapping[str, str] | None = None,
    *,
    start: date | datetime | None = None,
    calendar: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> tuple[OperatingModel, Report]:
    r"""Read a table of tasks: a row for each, with its length and what it follows.

    Columns are found by the headers people use, in English and Chinese; those nothing is known of are kept in `extra`.
    Predecessors are read as MS Project shows them, `3FS+2d`. Floats and finishes are what a schedule works out; so are
    starts, of which the earliest is the plan's. An apostrophe that keeps a cell from being a formula is taken off.

    Args:
        path: the file.
        columns: the headers of some fields, where the file has names of its own, by field: `"id"`, `"name"`,
            `"parent"` or the outline `"level"`, `"kind"`, `"start"`, `"duration"`, `"predecessors"`, `"percent"`,
            `"owner"`, `"notes"`.
        start: when the plan starts; None for the earliest start in the file.
        calendar: the calendar of the plan, which the file does not hold.
        encoding: as in `read_posts_csv`.
        delimiter: as in `read_posts_csv`.

    Returns:
        A model of one plan, called after the file, with the positions that own its tasks; and the report, as from
        `read_mspdi`.

    Raises:
        OSError: the file cannot be read.
        InvalidDocument: it is no table with a header for names, has no column that `columns` names, or says nowhere
            when the plan starts.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("plan.csv").write_text("编号,任务名称,工期,前置任务\n1,写稿,3天,\n2,审稿,4小时,1FS+1d\n", "utf-8")
        >>> model, report = read_tasks_csv("plan.csv", start=date(2026, 3, 2))
        >>> str(model.tasks["2"].duration), str(model.tasks["2"].links[0].lag)
        ('4h', '1d')
    """
    from community_ops.io.plan_files import report_on  # noqa: PLC0415 - the rules show examples that are read

    with open(path, "rb") as file:
        data = file.read()
    grid = grid_of_bytes(data, os.fsdecode(path), encoding, delimiter)
    model = plan_of_table(grid, columns, start, calendar)
    return model, report_on(model)


@frozen
class _Row:
    """A row: its line, what it says by field, and what else it says by header."""

    line: int
    cells: Mapping[str, str]
    extra: Mapping[str, str]

    def says(self, field: str) -> str:
        return self.cells.get(field, "")


def plan_of_table(
    grid: Grid, columns: Mapping[str, str] | None, start: date | datetime | None, calendar: str | None
) -> OperatingModel:
    """Return the model of a table of tasks; its source remembers what was odd.

    Raises:
        InvalidDocument: as `read_tasks_csv` does.
    """
    notes = Notes(grid.file)
    top, headers = _headers(grid, columns)
    rows = list(_rows(grid, top, headers, notes))
    ids = _ids(rows, "id" in headers.values(), notes)
    kept = [(row, id) for row, id in zip(rows, ids, strict=True) if id]
    plan = _plan(grid, rows, start, calendar, notes)
    parents = _parents(kept, notes)
    known = {id for _, id in kept}
    summaries = set(parents)
    tasks = [
        _task(row, id, plan.id, parent, id in summaries, known, notes)
        for (row, id), parent in zip(kept, parents, strict=True)
    ]
    owners = dict.fromkeys([task.owner for task in tasks if task.owner is not None])
    positions = [Position(id=id, title=id, unit=UNIT) for id in owners]
    units = [Unit(id=UNIT, name="Resources")] if positions else []
    records: list[Record] = [*units, *positions, plan, *tasks]
    lines = {"plan": {plan.id: grid.lines[top]}, "task": {id: row.line for row, id in kept}}
    odd = [*grid.oddities, *_unknown(grid, headers), *notes.oddities()]
    source = PlanSource(
        grid.file,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        header_line=grid.lines[top],
        oddities=odd,
        lines=lines,
    )
    made = OperatingModel(records)
    return OperatingModel._of_tables(made._tables, None, Provenance(source=source))


def _headers(grid: Grid, columns: Mapping[str, str] | None) -> tuple[int, dict[str, str]]:
    """Return the row of headers, and which field each of them is: an empty one for those nothing is known of."""
    asked = dict(columns or {})
    for field in asked.keys() - set(FIELDS):
        raise unusable(grid.file, "missing-column", f"columns names {field!r}: the fields are {', '.join(FIELDS)}")
    for place, row in enumerate(grid.rows[:_HEADERS_WITHIN]):
        names = [cell.strip() for cell in row]
        found: dict[str, str] = {}
        for name in names:
            own = next((field for field, header in asked.items() if name == header), None)
            field = own or _KNOWN.get(normal_header(name), "")
            found[name] = "" if field in found.values() or (own is None and field in asked) else field
        if "name" in found.values():
            missing = [header for header in asked.values() if header not in names]
            if missing:
                message = f"there is no column {missing[0]!r}; the columns are {', '.join(map(repr, names))}"
                raise unusable(grid.file, "missing-column", message, grid.lines[place])
            return place, found
    raise unusable(grid.file, "no-headers", "no row of headers was found: none of its first rows names a task")


def _unknown(grid: Grid, headers: Mapping[str, str]) -> Iterator[Oddity]:
    names = tuple([name for name, field in headers.items() if not field and name])
    if names:
        yield Oddity(code="IMP104", subject=sheet_ref(grid.file), parameters={"headers": names})


def _rows(grid: Grid, top: int, headers: Mapping[str, str], notes: Notes) -> Iterator[_Row]:
    names = [cell.strip() for cell in grid.rows[top]]
    for row, line in zip(grid.rows[top + 1 :], grid.lines[top + 1 :], strict=True):
        cells = [_said(cell) for cell in row]
        if not any(cells):
            continue
        if any(cells[len(names) :]):
            notes.unread("row", line, " / ".join(filter(None, cells[len(names) :])))
        by_name: dict[str, str] = {}
        for name, cell in zip(names, cells, strict=False):
            by_name.setdefault(name, cell)
        known = {headers[name]: cell for name, cell in by_name.items() if headers[name]}
        yield _Row(line, known, {name: cell for name, cell in by_name.items() if name and not headers[name] and cell})


def _said(cell: str) -> str:
    """Return a cell without spaces around it, and without the apostrophe that kept it from being a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and neutral(text[1:]) == text else text


def _ids(rows: Sequence[_Row], given: bool, notes: Notes) -> list[str]:
    """Return the id of each row, its number where the table has none; empty for a row that lacks its own."""
    unique, met, found = Unique(), set(), []
    for place, row in enumerate(rows, 1):
        text = row.says("id") if given else str(place)
        if not text:
            notes.add("IMP605", "missing", "Task", row.line, row.says("name"))
            found.append("")
            continue
        id = id_of(text)
        if id in met:
            notes.add("IMP605", "duplicate", "Task", row.line, id)
        met.add(id)
        found.append(unique(id, "{}#{}"))
    return found


def _plan(grid: Grid, rows: Sequence[_Row], start: date | datetime | None, calendar: str | None, notes: Notes) -> Plan:
    stem = PurePath(grid.file.replace("\\", "/")).stem
    if start is None:
        days = []
        for row in rows:
            text = row.says("start")
            found = day(text.replace("T", " ").split(" ")[0]) if text else None
            if text and found is None:
                notes.unreadable("start", row.line, text)
            days += [found] if found is not None else []
        start = min(days, default=None)
    if start is None:
        raise unusable(grid.file, "missing-start", "no row says when it starts; name the day with start=")
    return Plan(id=id_of(stem), name=stem, start=start, calendar=calendar)


def _parents(kept: Sequence[tuple[_Row, str]], notes: Notes) -> list[str | None]:
    """Return what each task is a part of: as its row says, or else as its level in the outline does."""
    found: list[str | None] = []
    above: list[tuple[int, str]] = []
    for row, id in kept:
        text = row.says("level")
        level = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
        if text and level is None:
            notes.unreadable("level", row.line, text)
        if level is not None:
            while above and above[-1][0] >= level:
                above.pop()
        outline = above[-1][1] if above and level is not None else None
        if level is not None:
            above.append((level, id))
        found.append(id_of(row.says("parent")) if row.says("parent") else outline)
    return found


def _task(row: _Row, id: str, plan: str, parent: str | None, summary: bool, known: set[str], notes: Notes) -> Task:
    given: dict[str, Any] = {"kind": "task"}
    kind = row.says("kind")
    if kind and kind.lower() not in _KINDS:
        notes.unreadable("kind", row.line, kind)
    length = length_in(row.says("duration")) if row.says("duration") and not summary else None
    if row.says("duration") and not summary and (length is None or length.elapsed or length.duration.amount < 0):
        notes.unreadable("duration", row.line, row.says("duration"))
        length = None
    nothing = length is not None and not length.duration.amount
    given["kind"] = _KINDS.get(kind.lower(), "milestone" if nothing and not kind else "task")
    if length is not None and not (nothing and given["kind"] == "milestone"):
        given["duration"] = length.duration
    owner = row.says("owner")
    return Task(
        id=id, name=row.says("name"), plan=plan, parent=parent, owner=id_of(owner) if owner else None,
        links=tuple(_links(row, known, notes)), percent_complete=Decimal(0) if summary else _percent(row, notes),
        description=row.says("notes"), extra=row.extra, **given,
    )  # fmt: skip


def _links(row: _Row, known: set[str], notes: Notes) -> Iterator[Link]:
    for one in links_in(row.says("predecessors"), known):
        if isinstance(one, Link):
            yield one
        else:
            notes.unreadable("predecessors", row.line, one)


def _percent(row: _Row, notes: Notes) -> Decimal:
    text = row.says("percent")
    found = number(text.removesuffix("%").strip()) if text else Decimal(0)
    if found is None or found > 100:
        notes.unreadable("percent", row.line, text)
        return Decimal(0)
    return found
