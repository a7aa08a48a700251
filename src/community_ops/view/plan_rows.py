"""The rows of a Gantt chart: tasks with their dates, their float and what they wait for in words; and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

from attrs import frozen

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.plan.linking import Wire
from community_ops.plan.records import Task
from community_ops.plan.scheduling import Schedule, TaskDates
from community_ops.plan.wiring import Wiring
from community_ops.validation.wording import Language
from community_ops.view.html import table
from community_ops.view.scene import label
from community_ops.view.words import listed, say

_OCCURRENCES = 400
"""Of a task that recurs more often than this, the first times are drawn."""


@frozen(kw_only=True)
class Row:
    """One task.

    Attributes:
        id: the task's id.
        title: what it is called.
        part_of: what the task it is a part of is called; "" at the top.
        depth: how many tasks it is a part of.
        dates: when it is done.
        slack: its total float in words; "" for what holds nothing back.
        owner: what the position accountable for it is called.
        follows: the tasks it waits for, in words.
    """

    id: str
    title: str
    part_of: str
    depth: int
    dates: TaskDates
    slack: str
    owner: str
    follows: str

    @property
    def occurrences(self) -> Sequence[tuple[datetime, datetime]]:
        """The times at which something is drawn: those of a recurring task, else the one from start to finish."""
        dates = self.dates
        if dates.start is None:
            return ()
        return dates.occurrences[:_OCCURRENCES] or ((dates.start, dates.finish or dates.start),)


def rows_of(
    dated: Schedule, m: ModelView | None, language: Language, shown: Sequence[int], depths: Mapping[int, int]
) -> tuple[Row, ...]:
    """Return the rows of some tasks.

    Args:
        dated: the schedule.
        m: the model, for names; None for ids in their place.
        language: of the words.
        shown: the tasks, by number.
        depths: how many tasks each of them is a part of.
    """
    made = _Rows(dated, m, language, _links(dated.net))
    parents = dated.net.parts.parents
    return tuple([made.row(task, parents[task], depths[task]) for task in shown])


def rows_table(rows: Iterable[Row], words: Language) -> ET.Element:
    """Return a table of rows, a task a row, in a language."""
    keys = ("task", "task_of", "kind", "start", "finish", "slack", "critical", "accountable", "follows")
    cells = [
        (
            row.title,
            row.part_of,
            say("kind_" + row.dates.kind, words),
            _clock(row.dates.start),
            _clock(row.dates.finish),
            row.slack,
            say("yes" if row.dates.critical else "no", words) if row.slack else "",
            row.owner,
            row.follows,
        )
        for row in rows
    ]
    return table([say(key, words) for key in keys], cells)


def _clock(when: datetime | None) -> str:
    return "" if when is None else when.isoformat(" ", "minutes")[:16]


def _links(net: Wiring) -> Mapping[int, Sequence[Wire]]:
    """Return for each task the links it waits by; one that holds all parts of a summary once, at the summary."""
    found: dict[int, dict[int, Wire]] = {}
    for wire in (*net.wires, *net.spans):
        if wire.origin is not None:
            task, place = wire.origin
            found.setdefault(task, {})[place] = wire
    return {task: tuple(wires.values()) for task, wires in found.items()}


def predecessor(net: Wiring, wire: Wire) -> int:
    """Return the task that a link comes from: of one that comes out of a summary, the summary."""
    count = len(net.parts.ids)
    return wire.before if wire.before < count else net.hubs[wire.before - count].summary


@frozen(eq=False)
class _Rows:
    """Makes the rows."""

    dated: Schedule
    m: ModelView | None
    language: Language
    links: Mapping[int, Sequence[Wire]]

    def row(self, task: int, up: int | None, depth: int) -> Row:
        dates = self.dated.tasks[self.dated.net.parts.ids[task]]
        return Row(
            id=dates.id,
            title=self._title(task),
            part_of="" if up is None else self._title(up),
            depth=depth,
            dates=dates,
            slack="" if dates.total_float is None else self._days(dates.total_float, task),
            owner=self._owner(dates.id),
            follows=listed([self._link(wire) for wire in self.links.get(task, ())], self.language),
        )

    def _title(self, task: int) -> str:
        id = self.dated.net.parts.ids[task]
        return label(id if self.m is None else self.m.label(Ref("task", id)), id)

    def _owner(self, id: str) -> str:
        task = None if self.m is None else self.m.table(Task)[id]
        if self.m is None or task is None or task.owner is None:
            return ""
        known = "position" in self.m.schema.kinds
        return label(self.m.label(Ref("position", task.owner)) if known else task.owner, task.owner)

    def _days(self, length: timedelta, task: int) -> str:
        net = self.dated.net
        return say("days", self.language, n=_in_days(length // timedelta(microseconds=1), net, net.calendars[task]))

    def _link(self, wire: Wire) -> str:
        net = self.dated.net
        lag = f"{_in_days(wire.lag, net, wire.lag_calendar, '+')}d" if wire.lag else ""
        how = "" if wire.type == "FS" and not lag else f" {wire.type}{lag}"
        return self._title(predecessor(net, wire)) + how


def _in_days(length: int, net: Wiring, calendar: int, sign: str = "-") -> str:
    """Return a length in days of a calendar, to a hundredth."""
    days = round(Decimal(length) / net.clocks.day(calendar), 2)
    return format(int(days) if days == int(days) else days.normalize(), f"{sign}f" if days != int(days) else f"{sign}d")
