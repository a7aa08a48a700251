"""Tasks from MSPDI: each element one task, the outline as parents, and links by the UID of what comes before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from community_ops.io.cells import Unique
from community_ops.io.mspdi import spans
from community_ops.io.mspdi.calendars_in import ELAPSED_ID
from community_ops.io.mspdi.days import day_or_instant
from community_ops.io.mspdi.nodes import Node
from community_ops.io.mspdi.notes import Notes
from community_ops.io.mspdi.values import Unreadable, Values, length, moment, number
from community_ops.io.mspdi.words import (
    CONSTRAINTS,
    ENDS,
    FIXED_WORK,
    LINK_READ,
    LINKS,
    NOBODY,
    TASK_READ,
    TASK_RESULTS,
)  # fmt: skip
from community_ops.kernel.values import Money
from community_ops.plan.records import UNDATED, Allocation, Duration, Link, Task
from community_ops.worktime.records import Calendar

_ROUNDED = 6_000_000  # MS Project counts in tenths of a minute


@frozen
class Setting:
    """What all tasks of a file share.

    Attributes:
        plan: the id of the plan.
        zone: the clocks that its times are told on.
        calendars: its calendars by id.
        calendar: the plan's own.
        units: how long days, weeks and months of work are.
        currency: the currency of its costs; empty where it names none.
        allocations: who works on a task, by the task's UID.
        notes: where what is odd is noted.
    """

    plan: str
    zone: ZoneInfo
    calendars: Mapping[str, Calendar]
    calendar: Calendar
    units: spans.Units
    currency: str
    allocations: Mapping[int, tuple[Allocation, ...]]
    notes: Notes


@define
class Row:
    """A task as it stands in the file.

    Attributes:
        values: its element.
        uid: its UID.
        id: its id.
        level: how deep it stands in the outline, from 1.
        parent: the id of the task it is a part of.
        summary: whether it has parts.
    """

    values: Values
    uid: int
    id: str
    level: int
    parent: str | None = None
    summary: bool = field(default=False)


@define
class Rows:
    """The tasks of a file.

    Attributes:
        rows: those that are read.
        own: the element that stands for the project itself; None where there is none.
        inactive: the UIDs of those that are left out.
    """

    rows: list[Row] = field(factory=list)
    own: Node | None = None
    inactive: set[int] = field(factory=set)


def rows_of(project: Node, notes: Notes) -> Rows:
    """Return the tasks of a project."""
    found = Rows()
    unique = Unique()
    met: set[int] = set()
    for node in project.within("Tasks", "Task"):
        values = Values(node, notes)
        if values.flag("IsNull"):  # a blank line of the table
            continue
        uid = values.integer("UID")
        if uid is None:
            notes.add("IMP605", "missing", "Task", node.line, values.text("Name"))
            continue
        level = _level(values)
        if uid == NOBODY and level == 0:
            found.own = node
            continue
        if values.text("Active").strip() in ("0", "false"):
            notes.add("IMP604", "inactive", "Task", node.line, values.text("Name"))
            found.inactive.add(uid)
            continue
        if uid in met:
            notes.add("IMP605", "duplicate", "Task", node.line, str(uid))
        met.add(uid)
        found.rows.append(Row(values, uid, unique(str(uid), "{}#{}"), max(level, 1)))
    _outline(found.rows, notes)
    return found


def _level(values: Values) -> int:
    level = values.integer("OutlineLevel")
    if level is not None:
        return max(level, 0)
    number = values.text("OutlineNumber").strip()
    return 0 if number == "0" else number.count(".") + 1


def _outline(rows: list[Row], notes: Notes) -> None:
    """Give every task the nearest one above it that stands less deep as its parent."""
    above: list[Row] = []
    for row in rows:
        while above and above[-1].level >= row.level:
            above.pop()
        if row.level > (above[-1].level if above else 0) + 1:
            notes.add("IMP603", "outline", "Task", row.values.node.line, row.values.text("Name"))
        if above:
            row.parent, above[-1].summary = above[-1].id, True
        above.append(row)


def tasks_of(found: Rows, setting: Setting) -> list[Task]:
    """Return the tasks of a file."""
    absent = (found.inactive | {NOBODY}) - {row.uid for row in found.rows}
    return [_task(row, absent, setting) for row in found.rows]


def _task(row: Row, absent: set[int], setting: Setting) -> Task:
    values, notes = row.values, setting.notes
    values.note_others(TASK_READ, TASK_RESULTS, row.id, several=("PredecessorLink",))
    elapsed = not row.summary and spans.is_elapsed(_format(values))
    calendar_id = ELAPSED_ID if elapsed else _own_calendar(values)
    if elapsed:
        notes.add("IMP603", "elapsed", "Task", values.node.line, row.id)
    calendar = setting.calendars.get(calendar_id or "", setting.calendar)
    allocations = setting.allocations.get(row.uid, ())
    worked = {} if row.summary else _progress(values, calendar, setting)
    lengths = {} if row.summary else _lengths(values, allocations, setting)
    return Task(
        id=row.id,
        name=values.text("Name"),
        plan=setting.plan,
        parent=row.parent,
        kind="milestone" if values.flag("Milestone") else "task",
        allocations=allocations,
        links=tuple(_links(row, absent, elapsed, setting)),
        calendar=calendar_id,
        planned_cost=_cost(row, setting),
        description=values.text("Notes"),
        deadline=_when(values, "Deadline", calendar, setting, ends=True),
        **_constraint(row, calendar, setting),
        **worked,
        **lengths,
    )


def _own_calendar(values: Values) -> str | None:
    uid = values.integer("CalendarUID")
    return None if uid is None or uid < 0 else str(uid)


def _when(values: Values, name: str, calendar: Calendar, setting: Setting, *, ends: bool) -> date | datetime | None:
    found = values.read(name, lambda text: moment(text, setting.zone))
    return None if found is None else day_or_instant(found, calendar, setting.zone, ends=ends)


def _format(values: Values) -> int | None:
    found = values.integer("DurationFormat")
    return found if found is None or spans.known(found) else None


def _lengths(values: Values, allocations: tuple[Allocation, ...], setting: Setting) -> dict[str, Any]:
    """Return how long a task takes, how much work it is where that says more, and how much of it is left."""
    format = _format(values)
    if format is None and values.integer("DurationFormat") is not None:
        values.unreadable("DurationFormat")
    time, work = values.read("Duration", length), values.read("Work", length)
    if values.flag("Milestone") and not time:
        time = None
    given: dict[str, Any] = {}
    fte = sum([one.fte for one in allocations], Decimal(0)) or Decimal(1)
    by_work = values.integer("Type") == FIXED_WORK and bool(work)
    agrees = time is None or work is None or abs(Decimal(work) / fte - time) <= _ROUNDED
    if time is not None and not (by_work and agrees):
        given["duration"] = spans.duration_of(time, format, setting.units)
    if work and (by_work or (time is not None and abs(Decimal(time) * fte - work) > _ROUNDED)):
        given["effort"] = spans.duration_of(work, 5, setting.units)
    left = values.read("RemainingDuration", length)
    percent = _percent(values, note=False)
    if left is not None and time is not None and abs(time * (100 - percent) / 100 - left) > _ROUNDED:
        given["remaining"] = spans.duration_of(left, format, setting.units)
    if values.text("Estimated").strip() in ("1", "true") or (format is not None and format > spans.ESTIMATED):
        setting.notes.add("IMP603", "estimated", "Task", values.node.line, values.text("Name"))
    return given


def _percent(values: Values, *, note: bool = True) -> Decimal:
    try:
        found = number(values.text("PercentComplete").strip() or "0")
    except Unreadable:
        found = Decimal(-1)
    if 0 <= found <= 100:
        return found
    if note:
        values.unreadable("PercentComplete")
    return Decimal(0)


def _progress(values: Values, calendar: Calendar, setting: Setting) -> dict[str, Any]:
    return {
        "percent_complete": _percent(values),
        "actual_start": _when(values, "ActualStart", calendar, setting, ends=False),
        "actual_finish": _when(values, "ActualFinish", calendar, setting, ends=True),
    }


def _constraint(row: Row, calendar: Calendar, setting: Setting) -> dict[str, Any]:
    """Return the constraint of a task; one that is scheduled by hand must start when it does."""
    values = row.values
    code = values.integer("ConstraintType") or 0
    if not 0 <= code < len(CONSTRAINTS):
        values.unreadable("ConstraintType")
        code = 0
    name = CONSTRAINTS[code]
    if values.flag("Manual") and not row.summary and name in UNDATED:
        start = "ManualStart" if values.text("ManualStart").strip() else "Start"
        when = _when(values, start, calendar, setting, ends=False)
        if when is not None:
            setting.notes.add("IMP603", "manual", "Task", values.node.line, values.text("Name"))
            return {"constraint": "MSO", "constraint_date": when}
    if name in UNDATED:
        return {"constraint": name}
    when = _when(values, "ConstraintDate", calendar, setting, ends=name in ENDS)
    if when is None:
        values.unreadable("ConstraintType")
        return {}
    return {"constraint": name, "constraint_date": when}


def _cost(row: Row, setting: Setting) -> Money | None:
    """Return what a task costs; of a summary, what it costs beside its parts. MSPDI writes hundredths."""
    fixed, whole = row.values.read("FixedCost", number), row.values.read("Cost", number)
    cost = fixed if row.summary else whole or fixed
    if not cost:
        return None
    if not setting.currency:
        setting.notes.add("IMP603", "currency", "Task", row.values.node.line, row.id)
        return None
    hundredth = f"{cost.scaleb(-2):f}"
    return Money(Decimal(hundredth.rstrip("0").rstrip(".") if "." in hundredth else hundredth), setting.currency)


def _links(row: Row, absent: set[int], elapsed: bool, setting: Setting) -> Iterator[Link]:
    for node in row.values.node.within("PredecessorLink"):
        values = Values(node, setting.notes)
        values.note_others(LINK_READ, ("CrossProjectName",), row.id)
        uid = values.integer("PredecessorUID")
        if uid is None or values.flag("CrossProject") or uid in absent:
            name = values.text("CrossProjectName") or values.text("PredecessorUID")
            setting.notes.add("IMP604", "links", "Task", node.line, f"{row.id}: {name}".rstrip(": "))
            continue
        code = values.integer("Type")
        if code is not None and not 0 <= code < len(LINKS):
            values.unreadable("Type")
            code = None
        yield Link(str(uid), LINKS[1 if code is None else code], **_lag(values, elapsed, setting))


def _lag(values: Values, elapsed: bool, setting: Setting) -> dict[str, Any]:
    """Return the lag of a link; the working time of a task in real time is not what its lags run in."""
    lag, format = values.integer("LinkLag") or 0, values.integer("LagFormat")
    if format is not None and not spans.known(format):
        values.unreadable("LagFormat")
        format = None
    if not lag:
        return {}
    given: dict[str, Any] = {}
    if spans.is_elapsed(format):
        given["lag_time"] = "elapsed"
    elif elapsed:
        given["lag_time"] = "project"
    if spans.plain_format(format) in (spans.PERCENT, spans.ELAPSED_PERCENT):
        return {**given, "lag_percent": Decimal(lag)}
    found = spans.duration_of(abs(lag) * spans.TENTH, format, setting.units)
    return {**given, "lag": found if lag > 0 else Duration(-found.amount, found.unit)}
