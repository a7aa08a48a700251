"""`write_mspdi`: a plan as MS Project's XML, and what reading it back would change."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from attrs import evolve

from community_ops.errors import CyclicNetwork, NoWorkTime
from community_ops.io.files import write_whole
from community_ops.io.mspdi.calendars_in import is_elapsed
from community_ops.io.mspdi.calendars_out import put_calendar
from community_ops.io.mspdi.days import local
from community_ops.io.mspdi.elements import moment_text, project_element, put, xml_pieces
from community_ops.io.mspdi.nodes import parsed
from community_ops.io.mspdi.reading import model_of
from community_ops.io.mspdi.tasks_out import Writing, put_assignments, put_resources, put_tasks
from community_ops.io.mspdi.words import LARGEST
from community_ops.kernel.changes import ChangeSet, diff
from community_ops.kernel.record import Record
from community_ops.operating_model import OperatingModel
from community_ops.org.records import Position
from community_ops.plan.records import Plan, Task
from community_ops.plan.scheduling import Schedule, schedule
from community_ops.plan.wiring import Wiring, wiring
from community_ops.worktime.records import Calendar

SAVE_VERSION = 12
"""The version of Project whose form is written: 2007, which all later ones read."""
_NO_CURRENCY = "USD"  # the schema wants one; without a cost in the file it says nothing


def write_mspdi(model: OperatingModel, plan_id: str, path: str | os.PathLike[str]) -> ChangeSet:
    """Write a plan as XML that MS Project opens and `read_mspdi` reads.

    Ids that are whole numbers become UIDs; the others are given the next free ones, in the order of the tables. Times
    are told on the clocks of the plan's calendar. The dates of the schedule are written for other programs to show,
    where the plan can be scheduled.

    Args:
        model: the model.
        plan_id: the plan.
        path: where to; the file is replaced whole or not at all.

    Returns:
        What reading the file back, in the zone of the plan's calendar, would change in the plan, its tasks and the
        calendars they go by, ids and positions aside: empty where nothing is lost.

    Raises:
        UnknownRecord: there is no such plan.
        MissingExtra: defusedxml is not installed; the extra is `msproject`.
        OSError: the file cannot be written.

    Example:
        >>> from datetime import date
        >>> from community_ops import Calendar, Duration, OperatingModel, Plan, Task
        >>> days = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "17:00"),))
        >>> model = OperatingModel.of(
        ...     Calendar(id="1", name="Office", timezone="Asia/Shanghai", hours=days),
        ...     Plan(id="launch", name="Launch", start=date(2026, 3, 2), calendar="1"),
        ...     Task(id="1", name="Write", plan="launch", duration=Duration(2), area="promotion"),
        ... )
        >>> print(write_mspdi(model, "launch", "launch.xml"))
        ~ task:1
            area: 'promotion' -> None
    """
    net = wiring(model, plan_id)
    plan = model.plans[plan_id]
    tasks = [model.tasks[id] for id in net.parts.ids]
    calendars = dict(zip(_calendar_ids(plan, tasks), net.clocks.calendars, strict=True))
    positions = _positions(model, tasks)
    writing = _writing(model, net, plan, tasks, calendars, positions)
    text = "".join(xml_pieces(_project(plan, calendars, positions, writing)))
    # Read back before it is written: whoever cannot read it has no use for it.
    back = model_of(parsed(text.encode(), os.fsdecode(path)), os.fsdecode(path), writing.zone)
    write_whole(path, [text])
    known: list[Record] = [one for id in calendars if id is not None and (one := model.calendars.get(id)) is not None]
    return diff(OperatingModel([*known, plan, *tasks]), OperatingModel(_put_back(back, plan, writing)))


def _calendar_ids(plan: Plan, tasks: Iterable[Task]) -> list[str | None]:
    """Return the calendars that a plan goes by, in the order in which its wiring has them."""
    return list(dict.fromkeys([plan.calendar, *(task.calendar or plan.calendar for task in tasks)]))


def _positions(model: OperatingModel, tasks: Iterable[Task]) -> list[Position]:
    wanted = dict.fromkeys([one.position for task in tasks for one in task.allocations])
    return [model.positions[id] for id in model.positions.ids if id in wanted]


def _writing(
    model: OperatingModel,
    net: Wiring,
    plan: Plan,
    tasks: list[Task],
    calendars: Mapping[str | None, Calendar],
    positions: Iterable[Position],
) -> Writing:
    found: Schedule | None = None
    with suppress(CyclicNetwork, NoWorkTime):  # a rule speaks of either
        found = schedule(model, plan.id)
    shown = [id for place, id in enumerate(calendars) if place == 0 or not is_elapsed(net.clocks.calendars[place])]
    costs = [task.planned_cost.currency for task in tasks if task.planned_cost is not None]
    return Writing(
        net=net,
        tasks=tasks,
        schedule=found,
        zone=ZoneInfo(net.clocks.calendars[0].timezone),
        task_uids=uids([task.id for task in tasks]),
        calendar_uids=uids([id or "" for id in shown]),
        position_uids=uids([position.id for position in positions]),
        elapsed=frozenset([at for at, one in enumerate(net.clocks.calendars) if at and is_elapsed(one)]),
        currency=costs[0] if costs else _NO_CURRENCY,
    )


def uids(ids: Iterable[str]) -> dict[str, int]:
    """Return a UID for each id: the number that it is, or else the next that none of them is.

    Example:
        >>> uids(["3", "write", "print", "007"])
        {'3': 3, 'write': 4, 'print': 5, '007': 6}
    """
    every = list(ids)
    found = {id: int(id) for id in every if _is_uid(id)}
    following = max(found.values(), default=0)
    if following + len(every) > LARGEST:  # start over from below
        following = 0
    taken = set(found.values())
    for id in every:
        if id not in found:
            following += 1
            while following in taken:
                following += 1
            found[id] = following
    return {id: found[id] for id in every}


def _is_uid(id: str) -> bool:
    return id.isascii() and id.isdigit() and id[0] != "0" and len(id) <= 10 and int(id) <= LARGEST


def _project(
    plan: Plan, calendars: Mapping[str | None, Calendar], positions: list[Position], writing: Writing
) -> Element:
    project = project_element()
    first = writing.net.clocks.calendars[0]
    put(project, "SaveVersion", SAVE_VERSION)
    put(project, "UID", plan.id if len(plan.id) <= 16 else "")
    put(project, "Name", plan.name[:255])
    put(project, "Title", plan.name[:512])
    if plan.description and len(plan.description) <= 512:
        put(project, "Subject", plan.description)
    put(project, "ScheduleFromStart", True)
    put(project, "StartDate", moment_text(local(plan.start, first, writing.zone, ends=False)))
    if writing.schedule is not None and writing.schedule.finish is not None:
        put(project, "FinishDate", writing.instant(writing.schedule.finish))
    put(project, "CurrencyDigits", 2)
    put(project, "CurrencyCode", writing.currency)
    put(project, "CalendarUID", writing.calendar_uids[plan.calendar or ""])
    put(project, "MinutesPerDay", max(1, round(first.day_length.total_seconds() / 60)))
    put(project, "MinutesPerWeek", max(1, round(first.week_length.total_seconds() / 60)))
    put(project, "DaysPerMonth", first.days_per_month)
    put(project, "DurationFormat", 7)
    put(project, "WorkFormat", 2)
    node = put(project, "Calendars")
    names: set[str] = set()
    for id, calendar in calendars.items():
        if (id or "") in writing.calendar_uids:
            name = calendar.name or id or "Standard"
            name = name if name not in names else f"{name[:300]} ({id})"
            names.add(name)
            put_calendar(node, calendar, writing.calendar_uids[id or ""], name)
    if writing.tasks:
        put_tasks(project, writing)
    if positions:
        put_resources(project, positions, writing)
        put_assignments(project, writing)
    return project


def _put_back(back: OperatingModel, plan: Plan, writing: Writing) -> Iterable[Record]:
    """Yield what was read back under the ids that it was written from."""
    tasks = {str(uid): id for id, uid in writing.task_uids.items()}
    calendars: dict[str | None, str | None] = {str(uid): id or "standard" for id, uid in writing.calendar_uids.items()}
    positions = {str(uid): id for id, uid in writing.position_uids.items()}
    own = {task.calendar for at, task in enumerate(writing.tasks) if writing.is_elapsed(at)}
    if len(own) == 1:  # whatever the calendar of real time was called
        calendars["elapsed"] = own.pop() or plan.calendar
    for calendar in back.calendars:
        yield evolve(calendar, id=calendars.get(calendar.id) or calendar.id)
    for one in back.plans:
        yield evolve(one, id=plan.id, calendar=calendars.get(one.calendar, one.calendar), **_same_instants(plan, one))
    written = {task.id: task for task in writing.tasks}
    for task in back.tasks:
        yield evolve(
            task,
            **_same_instants(written[tasks[task.id]], task),
            id=tasks[task.id],
            plan=plan.id,
            parent=None if task.parent is None else tasks[task.parent],
            calendar=calendars.get(task.calendar, task.calendar),
            links=tuple([evolve(link, task=tasks.get(link.task, link.task)) for link in task.links]),
            allocations=tuple(
                [evolve(one, position=positions.get(one.position, one.position)) for one in task.allocations]
            ),
        )


_INSTANTS = ("start", "constraint_date", "deadline", "actual_start", "actual_finish")


def _same_instants(before: Record, after: Record) -> dict[str, Any]:
    """Return the fields that hold the same instant as before, as they were told before: nothing but a zone is lost."""
    found = {name: (getattr(before, name, None), getattr(after, name, None)) for name in _INSTANTS}
    return {
        name: one for name, (one, other) in found.items() if isinstance(one, datetime) and isinstance(other, datetime)
        and one == other
    }  # fmt: skip
