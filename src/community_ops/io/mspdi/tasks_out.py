"""Tasks, resources and assignments to MSPDI, each element in its place in the schema's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from attrs import frozen

from community_ops.io.mspdi import spans
from community_ops.io.mspdi.days import local
from community_ops.io.mspdi.elements import moment_text, put
from community_ops.io.mspdi.words import CONSTRAINTS, ENDS, FIXED_DURATION, FIXED_WORK, LINKS, WORK_RESOURCE
from community_ops.kernel.values import Money
from community_ops.org.records import Position
from community_ops.plan.lengths import microseconds
from community_ops.plan.records import UNDATED, Link, Task
from community_ops.plan.scheduling import Schedule, sure
from community_ops.plan.wiring import Wiring
from community_ops.worktime.records import Calendar

LONGEST = 512
"""The longest name or outline number, in characters."""


@frozen
class Writing:
    """What all that is written of a plan shares.

    Attributes:
        net: the plan as numbers.
        tasks: its tasks, by number in the plan.
        schedule: its dates; None where it has none.
        zone: the clocks that times are told on.
        task_uids: the UIDs of its tasks by id.
        calendar_uids: the UIDs of the calendars by id.
        position_uids: the UIDs of the positions by id.
        elapsed: the places, in the net, of calendars that stand for real time.
        currency: the currency of its costs.
    """

    net: Wiring
    tasks: Sequence[Task]
    schedule: Schedule | None
    zone: ZoneInfo
    task_uids: Mapping[str, int]
    calendar_uids: Mapping[str, int]
    position_uids: Mapping[str, int]
    elapsed: frozenset[int]
    currency: str

    def calendar(self, task: int) -> Calendar:
        """Return the calendar that a task goes by."""
        return self.net.clocks.calendars[self.net.calendars[task]]

    def is_elapsed(self, task: int) -> bool:
        """Tell whether the length of a task is written as real time."""
        return self.net.calendars[task] in self.elapsed and not self.net.parts.is_summary(task)

    def when(self, when: date | datetime, task: int, *, ends: bool) -> str:
        """Return a day or an instant of a task as text."""
        return moment_text(local(when, self.calendar(task), self.zone, ends=ends))

    def instant(self, when: datetime) -> str:
        """Return an instant as text."""
        return moment_text(when.astimezone(self.zone).replace(tzinfo=None))


def put_tasks(project: Element, writing: Writing) -> None:
    """Add the tasks of a plan in the order of its outline."""
    parts = writing.net.parts
    tasks = put(project, "Tasks")
    numbers: dict[int | None, tuple[str, int]] = {None: ("", 0)}
    counts: dict[int | None, int] = {}
    for place, task in enumerate(parts.order, 1):
        up = parts.parents[task]
        counts[up] = counts.get(up, 0) + 1
        above, level = numbers[up]
        # Too deep an outline has no number that fits; an empty one stays so for all below it.
        number = f"{above}.{counts[up]}".lstrip(".") if above or not level else ""
        numbers[task] = (number if len(number) <= LONGEST else "", level + 1)
        _put_task(tasks, task, place, numbers[task], writing)


def _put_task(tasks: Element, task: int, place: int, outline: tuple[str, int], writing: Writing) -> None:
    record, summary = writing.tasks[task], writing.net.parts.is_summary(task)
    one = put(tasks, "Task")
    put(one, "UID", writing.task_uids[record.id])
    put(one, "ID", place)
    put(one, "Name", record.name[:LONGEST])
    by_effort = record.duration is None and record.effort is not None and not summary
    put(one, "Type", FIXED_WORK if by_effort else FIXED_DURATION)
    put(one, "IsNull", False)
    if outline[0]:
        put(one, "OutlineNumber", outline[0])
    put(one, "OutlineLevel", outline[1])
    _put_dates(one, record, writing)
    for name, value in _lengths(task, writing):
        put(one, name, value)
    put(one, "EffortDriven", False)
    put(one, "Estimated", False)
    put(one, "Milestone", record.kind == "milestone")
    put(one, "Summary", summary)
    cost = _cost(record.planned_cost, writing)
    if cost is not None:
        put(one, "FixedCost", cost)
        put(one, "FixedCostAccrual", 3)
    if not summary:
        _put_progress(one, task, record, cost, writing)
    _put_limits(one, task, record, writing)
    if record.description:
        put(one, "Notes", record.description)
    for link in record.links:
        _put_link(one, task, link, writing)


def _put_dates(one: Element, record: Task, writing: Writing) -> None:
    if writing.schedule is not None:
        dates = writing.schedule.tasks[record.id]
        put(one, "Start", writing.instant(sure(dates.start)))
        put(one, "Finish", writing.instant(sure(dates.finish)))


def _lengths(task: int, writing: Writing) -> Iterator[tuple[str, Any]]:
    """Yield how long a task takes and how much work it is, as far as anything says so."""
    net, record = writing.net, writing.tasks[task]
    elapsed = writing.is_elapsed(task)
    given = record.duration or record.effort or record.remaining
    format = 7 if given is None or record.duration is None else spans.format_of(record.duration, elapsed=elapsed)
    if net.parts.is_summary(task):
        if writing.schedule is not None:
            yield "Duration", spans.xml_duration(_whole(sure(writing.schedule.tasks[record.id].work)))
            yield "DurationFormat", 7
        return
    # A milestone may say how long it takes, which no schedule heeds; a rule speaks of it.
    said = record.duration is not None
    length = net.clocks.length(record.duration, net.calendars[task]) if record.duration is not None else net.works[task]
    if said or given is not None or record.estimate is not None or record.kind == "milestone":
        yield "Duration", spans.xml_duration(length)
        yield "DurationFormat", format if said else 7 + elapsed
    if record.effort is not None:
        yield "Work", spans.xml_duration(net.clocks.length(record.effort, net.calendars[task]))
    elif record.allocations and said:
        fte = sum([one.fte for one in record.allocations], Decimal(0))
        yield "Work", spans.xml_duration(microseconds(length * fte))


def _whole(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


def _put_progress(one: Element, task: int, record: Task, cost: str | None, writing: Writing) -> None:
    put(one, "PercentComplete", whole_percent(record.percent_complete))
    if cost is not None:
        put(one, "Cost", cost)
    if record.actual_start is not None:
        put(one, "ActualStart", writing.when(record.actual_start, task, ends=False))
    if record.actual_finish is not None:
        put(one, "ActualFinish", writing.when(record.actual_finish, task, ends=True))
    if record.remaining is not None:
        length = writing.net.clocks.length(record.remaining, writing.net.calendars[task])
        put(one, "RemainingDuration", spans.xml_duration(length))


def whole_percent(percent: Decimal) -> int:
    """Return a percentage without a fraction: neither 0 nor 100 unless it is.

    Example:
        >>> whole_percent(Decimal("33.3")), whole_percent(Decimal("99.9")), whole_percent(Decimal("0.2"))
        (33, 99, 1)
    """
    whole = int(percent.to_integral_value(ROUND_HALF_EVEN))
    return whole if percent in (0, 100) else min(max(whole, 1), 99)


def _cost(cost: Money | None, writing: Writing) -> str | None:
    """Return a cost in hundredths; None where it is in another currency than the plan's."""
    if cost is None or cost.currency != writing.currency:
        return None
    return f"{cost.amount.scaleb(2):f}"


def _put_limits(one: Element, task: int, record: Task, writing: Writing) -> None:
    put(one, "ConstraintType", CONSTRAINTS.index(record.constraint))
    own = None if writing.is_elapsed(task) or record.calendar is None else writing.calendar_uids.get(record.calendar)
    put(one, "CalendarUID", -1 if own is None else own)
    if record.constraint not in UNDATED and record.constraint_date is not None:
        text = writing.when(record.constraint_date, task, ends=record.constraint in ENDS)
        put(one, "ConstraintDate", text)
    if record.deadline is not None:
        put(one, "Deadline", writing.when(record.deadline, task, ends=True))


def _put_link(one: Element, task: int, link: Link, writing: Writing) -> None:
    """Add a link to a task of the plan; what other plans hold has no UID here."""
    uid = writing.task_uids.get(link.task)
    if uid is None:
        return
    net = writing.net
    node = put(one, "PredecessorLink")
    put(node, "PredecessorUID", uid)
    put(node, "Type", LINKS.index(link.type))
    put(node, "CrossProject", False)
    elapsed = link.lag_time == "elapsed" or (link.lag_time == "successor" and writing.is_elapsed(task))
    if link.lag_percent is not None:
        put(node, "LinkLag", int(link.lag_percent.to_integral_value(ROUND_HALF_EVEN)))
        put(node, "LagFormat", spans.ELAPSED_PERCENT if elapsed else spans.PERCENT)
        return
    calendar = 0 if link.lag_time == "project" else -1 if elapsed else net.calendars[task]
    lag = net.clocks.length(link.lag, calendar)
    put(node, "LinkLag", int((Decimal(lag) / spans.TENTH).to_integral_value(ROUND_HALF_EVEN)))
    put(node, "LagFormat", spans.format_of(link.lag, elapsed=elapsed))


def put_resources(project: Element, positions: Sequence[Position], writing: Writing) -> None:
    """Add the positions that work on a plan."""
    resources = put(project, "Resources")
    for place, position in enumerate(positions, 1):
        one = put(resources, "Resource")
        put(one, "UID", writing.position_uids[position.id])
        put(one, "ID", place)
        put(one, "Name", position.title[:LONGEST])
        put(one, "Type", WORK_RESOURCE)
        put(one, "IsNull", False)
        put(one, "MaxUnits", f"{position.seats * position.seat_fte:f}")


def put_assignments(project: Element, writing: Writing) -> None:
    """Add who works on which task."""
    assignments = put(project, "Assignments")
    parts = writing.net.parts
    number = 0
    for task in parts.order:
        record = writing.tasks[task]
        for allocation in record.allocations:
            uid = writing.position_uids.get(allocation.position)
            if uid is None:
                continue
            number += 1
            one = put(assignments, "Assignment")
            put(one, "UID", number)
            put(one, "TaskUID", writing.task_uids[record.id])
            put(one, "ResourceUID", uid)
            put(one, "Units", f"{allocation.fte:f}")
            if not parts.is_summary(task):
                put(one, "Work", spans.xml_duration(microseconds(writing.net.works[task] * allocation.fte)))
