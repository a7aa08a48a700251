"""`read_mspdi`: a plan in MS Project's XML form as a model, with everything that was not understood in a report."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import PurePath
from zoneinfo import ZoneInfo

from attrs import frozen

from community_ops.io.cells import id_of, usable_id
from community_ops.io.mspdi import spans
from community_ops.io.mspdi.calendars_in import (
    ELAPSED_ID,
    Lengths,
    calendars_of,
    elapsed_calendar,
    standard_calendar,
)  # fmt: skip
from community_ops.io.mspdi.days import day_or_instant
from community_ops.io.mspdi.nodes import Node, project_of, unusable
from community_ops.io.mspdi.notes import Notes, PlanSource
from community_ops.io.mspdi.resources_in import UNIT, allocations_of, positions_of
from community_ops.io.mspdi.tasks_in import Row, Setting, rows_of, tasks_of
from community_ops.io.mspdi.values import Values, moment
from community_ops.io.mspdi.words import PROJECT_READ, PROJECT_SETTINGS
from community_ops.kernel.codec import collector_paused
from community_ops.kernel.provenance import Provenance
from community_ops.kernel.record import Record
from community_ops.operating_model import OperatingModel
from community_ops.org.records import Unit
from community_ops.plan.records import Plan
from community_ops.validation.report import Report
from community_ops.worktime.records import Calendar
from community_ops.worktime.zones import zone_named

DOCUMENT_LIMIT = 1 << 28
"""The longest file that is read unless told otherwise, in bytes."""


def read_mspdi(
    path: str | os.PathLike[str], *, timezone: str = "UTC", document_limit: int = DOCUMENT_LIMIT
) -> tuple[OperatingModel, Report]:
    """Read a plan that MS Project, or a program that speaks its form, saved as XML.

    Read are the project, its calendars, tasks, links, resources and assignments; ids are the UIDs of the file. What a
    scheduler works out from these - early and late dates, slack, totals - is not, and anything else is a finding of the
    report, one for each cause.

    Args:
        path: the file.
        timezone: the zone whose clocks the file goes by, as IANA names it; the file names none.
        document_limit: the longest file, in bytes.

    Returns:
        The model, which remembers the file and the line of every record; and the report of what was not read or was
        read otherwise, of references that lead nowhere and of links that go in a circle. What is wrong with the plan
        itself is for `model.check`.

    Raises:
        OSError: the file cannot be read.
        MissingExtra: defusedxml is not installed; the extra is `msproject`.
        InvalidDocument: it is no XML, declares a document type or entities, is no project in the namespace of MSPDI, or
            has no date on which it starts.
        ValueError: there is no such time zone.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("plan.xml").write_text(
        ...     '''<Project xmlns="http://schemas.microsoft.com/project"><Title>Launch</Title>
        ...     <StartDate>2026-03-02T08:00:00</StartDate><Tasks>
        ...     <Task><UID>1</UID><Name>Write</Name><Duration>PT16H0M0S</Duration></Task>
        ...     <Task><UID>2</UID><Name>Print</Name><Duration>PT8H0M0S</Duration><Colour>red</Colour>
        ...     <PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink></Task>
        ...     </Tasks></Project>'''
        ... )
        >>> model, report = read_mspdi("plan.xml", timezone="Asia/Shanghai")
        >>> str(model.tasks["1"].duration), model.tasks["2"].links[0].task
        ('2d', '1')
        >>> print(report.where(code="IMP601").findings[0].message)
        plan.xml says Task/Colour on line 4, which was not read: 2.
    """
    zone = zone_named(timezone)
    if zone is None:
        raise ValueError(f"timezone must be a time zone such as 'Asia/Shanghai', got {timezone[:80]!r}")
    from community_ops.io.plan_files import report_on  # noqa: PLC0415 - the rules show examples that are read here

    name = os.fsdecode(path)
    with collector_paused():
        model = model_of(project_of(path, document_limit), name, zone)
    return model, report_on(model)


def model_of(project: Node, file: str, zone: ZoneInfo) -> OperatingModel:
    """Return the model that a project describes; its source remembers what was odd.

    Raises:
        InvalidDocument: it has no date on which it starts.
    """
    notes = Notes(file)
    values = Values(project, notes)
    values.note_others(PROJECT_READ, PROJECT_SETTINGS, "Project")
    if values.text("ScheduleFromStart").strip() in ("0", "false"):
        notes.add("IMP603", "finish", "Project", project.line)
    found = rows_of(project, notes)
    rows = found.rows
    head = _head(values, found.own, file, zone, rows)
    positions, position_lines = positions_of(project, notes)
    calendars, calendar_lines = _calendars(project, values, rows, head, zone, notes)
    calendar = (
        calendars[head.calendar] if head.calendar in calendars else standard_calendar(_NONE, zone.key, head.lengths)
    )
    setting = Setting(
        plan=head.id,
        zone=zone,
        calendars=calendars,
        calendar=calendar,
        units=spans.Units.of(head.lengths.day, head.lengths.week, head.lengths.days_per_month),
        currency=head.currency,
        allocations=allocations_of(project, positions, {row.uid for row in rows}, notes),
        notes=notes,
    )
    tasks = tasks_of(found, setting)
    plan = Plan(
        id=head.id, name=head.name, start=day_or_instant(head.start, calendar, zone, ends=False),
        calendar=head.calendar, description=head.description,
    )  # fmt: skip
    units = [Unit(id=UNIT, name="Resources")] if positions else []
    records: list[Record] = [*calendars.values(), *units, *positions.values(), plan, *tasks]
    lines = {
        "plan": {plan.id: project.line},
        "unit": {unit.id: project.line for unit in units},
        "task": {row.id: row.values.node.line for row in rows},
        "calendar": calendar_lines,
        "position": position_lines,
    }
    source = PlanSource(file, header_line=project.line, oddities=notes.oddities(), lines=lines)
    made = OperatingModel(records)
    return OperatingModel._of_tables(made._tables, None, Provenance(source=source))


@frozen
class _Head:
    """What a project says of itself."""

    id: str
    name: str
    start: datetime
    calendar: str
    currency: str
    description: str
    lengths: Lengths


def _head(values: Values, own: Node | None, file: str, zone: ZoneInfo, rows: list[Row]) -> _Head:
    start = values.read("StartDate", lambda text: moment(text, zone))
    if start is None:  # the earliest start of a task, as a file without settings still has it
        starts = [row.values.read("Start", lambda text: moment(text, zone)) for row in rows]
        start = min([one for one in starts if one is not None], default=None)
    if start is None:
        raise unusable(
            file, "missing-start", "the project has no StartDate, nor has any task a Start", values.node.line
        )
    stem = PurePath(file.replace("\\", "/")).stem
    told = own.first("Notes") if own is not None else None
    titled = own.first("Name") if own is not None else None
    uid, currency = values.text("UID").strip(), values.text("CurrencyCode").strip()
    calendar = values.integer("CalendarUID")
    return _Head(
        id=usable_id(uid) or id_of(stem),
        name=values.text("Title") or values.text("Name") or (titled.text if titled is not None else "") or stem,
        start=start,
        calendar=_NONE if calendar is None or calendar < 0 else str(calendar),
        currency=currency if len(currency) == 3 and currency.isascii() and currency.isupper() else "",
        description=values.text("Subject") or (told.text if told is not None else ""),
        lengths=Lengths(
            timedelta(minutes=_positive(values, "MinutesPerDay", 480)),
            timedelta(minutes=_positive(values, "MinutesPerWeek", 2400)),
            _positive(values, "DaysPerMonth", 20),
        ),
    )


_NONE = "standard"
_MOST = 1_000_000


def _positive(values: Values, name: str, default: int) -> int:
    found = values.integer(name)
    if found is not None and not 0 < found <= _MOST:
        values.unreadable(name)
        found = None
    return default if found is None else found


def _calendars(
    project: Node, values: Values, rows: list[Row], head: _Head, zone: ZoneInfo, notes: Notes
) -> tuple[dict[str, Calendar], dict[str, int]]:
    """Return the calendars, with those that the file takes for granted; and where they stand."""
    own = values.integer("CalendarUID")
    used = {own, *(row.values.integer("CalendarUID") for row in rows)}
    found, lines = calendars_of(project, zone.key, head.lengths, frozenset(used - {None}), notes)  # type: ignore[arg-type]
    if head.calendar == _NONE:
        found[_NONE] = standard_calendar(_NONE, zone.key, head.lengths)
        notes.add("IMP603", "hours", "Project", project.line)
    if any(not row.summary and spans.is_elapsed(row.values.integer("DurationFormat")) for row in rows):
        found[ELAPSED_ID] = elapsed_calendar(zone.key)
    return found, lines
