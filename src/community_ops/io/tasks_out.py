"""The tasks of a plan written as a table: what each is, when the schedule has it, and what it follows."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from io import StringIO

from attrs import evolve

from community_ops.errors import CyclicNetwork, NoWorkTime
from community_ops.io.files import write_whole
from community_ops.io.mspdi.spans import Units, duration_of
from community_ops.io.posts_csv import grid_of_bytes
from community_ops.io.posts_out import neutral
from community_ops.io.predecessors import link_cell
from community_ops.io.tasks_csv import plan_of_table
from community_ops.kernel.changes import ChangeSet, diff
from community_ops.operating_model import OperatingModel
from community_ops.plan.scheduling import Schedule, schedule
from community_ops.plan.wiring import wiring

_HEADERS = (
    "ID", "Name", "Parent", "Kind", "Start", "Finish", "Duration", "Total float", "Free float", "Critical",
    "Predecessors", "% complete", "Owner", "Notes",
)  # fmt: skip
_HEADERS_ZH = (
    "任务编号", "任务名称", "上级任务", "类型", "开始时间", "完成时间", "工期", "总浮动", "自由浮动", "关键",
    "前置任务", "完成百分比", "负责岗位", "备注",
)  # fmt: skip
_MICROSECOND = timedelta(microseconds=1)


def write_tasks_csv(
    model: OperatingModel, plan_id: str, path: str | os.PathLike[str], at: datetime | None = None, language: str = "en"
) -> ChangeSet:
    """Write the tasks of a plan as a CSV file that `read_tasks_csv` reads: UTF-8 with a byte-order mark.

    Beside what a task is stand its dates and floats, on the clocks of its calendar, where the plan can be scheduled. A
    cell that a spreadsheet program would take for a formula gets an apostrophe before it.

    Args:
        model: the model.
        plan_id: the plan.
        path: where to; the file is replaced whole or not at all.
        at: the status date of the schedule; None for the plan as it was made.
        language: of the headers, `"en"` or `"zh"`.

    Returns:
        What reading the file back would change in the tasks: empty where nothing is lost.

    Raises:
        UnknownRecord: there is no such plan.
        OSError: the file cannot be written.

    Example:
        >>> from datetime import date
        >>> from community_ops import Duration, Link, OperatingModel, Plan, Task
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="1", name="Write", plan="p", duration=Duration(2)),
        ...     Task(id="2", name="Print", plan="p", duration=Duration(1), links=[Link("1", lag=Duration(1))]),
        ... )
        >>> print(write_tasks_csv(model, "p", "tasks.csv"))
        (no changes)
        >>> print(tasks_text(model, "p").splitlines()[2])
        2,Print,,task,2026-03-05 09:00,2026-03-05 17:00,1d,0d,0d,yes,1FS+1d,0,,
    """
    text = tasks_text(model, plan_id, at, language)
    grid = grid_of_bytes(text.encode(), os.fsdecode(path), "utf-8", ",")
    back = plan_of_table(grid, None, model.plans[plan_id].start, None)
    write_whole(path, ["\ufeff", text])
    own = [task for task in model.tasks if task.plan == plan_id]
    return diff(OperatingModel(own), OperatingModel([evolve(task, plan=plan_id) for task in back.tasks]))


def tasks_text(model: OperatingModel, plan_id: str, at: datetime | None = None, language: str = "en") -> str:
    """Return the tasks of a plan as CSV text; see `write_tasks_csv`."""
    parts = wiring(model, plan_id).parts
    found: Schedule | None = None
    with suppress(CyclicNetwork, NoWorkTime):  # a rule speaks of either
        found = schedule(model, plan_id, at)
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADERS_ZH if language == "zh" else _HEADERS)
    for number in parts.order:
        writer.writerow(map(neutral, _cells(model, plan_id, number, found)))
    return out.getvalue()


def _cells(model: OperatingModel, plan_id: str, number: int, found: Schedule | None) -> Iterator[str]:
    net = wiring(model, plan_id)
    task = model.tasks[net.parts.ids[number]]
    summary = net.parts.is_summary(number)
    calendar = net.clocks.calendars[net.calendars[number]]
    units = Units.of(calendar.day_length, calendar.week_length, calendar.days_per_month)
    dates = None if found is None else found.tasks[task.id]
    yield from (task.id, task.name, task.parent or "", "summary" if summary else task.kind)
    yield from ("", "") if dates is None else (_clock(dates.start), _clock(dates.finish))
    if summary:
        yield "" if dates is None or dates.work is None else _length(dates.work, units)
    elif task.duration is not None or number in net.unestimated:
        yield "" if task.duration is None else str(task.duration)
    else:
        yield str(duration_of(net.works[number], 7, units))
    total, free = (None, None) if dates is None else (dates.total_float, dates.free_float)
    yield from ("" if one is None else _length(one, units) for one in (total, free))
    yield "" if dates is None else "yes" if dates.critical else "no"
    yield ",".join(map(link_cell, task.links))
    yield from (f"{task.percent_complete:f}", task.owner or "", task.description)


def _length(length: timedelta, units: Units) -> str:
    text = str(duration_of(abs(length) // _MICROSECOND, 7, units))
    return f"-{text}" if length < timedelta() else text


def _clock(when: datetime | None) -> str:
    return "" if when is None else when.replace(tzinfo=None).isoformat(" ", "minutes")
