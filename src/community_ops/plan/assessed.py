"""A plan as the points of its assessment look at it: its tasks, its dates, and what its baseline promised.

There are two schedules of it. The plan **as it was made** knows nothing of progress; the **status schedule** keeps what
has happened by the status date and does the rest from then on. Each point in `points.py` says which it looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from community_ops.kernel.model import Model
from community_ops.kernel.ref import Ref
from community_ops.plan.baselines import baseline_at, baselines_of, status_moment
from community_ops.plan.linking import Wire
from community_ops.plan.progress import AS_PLANNED, Status, status, told
from community_ops.plan.records import Task
from community_ops.plan.scheduling import Schedule, TaskDates, schedule, sure
from community_ops.plan.steering import Baseline, PlannedTask
from community_ops.plan.wiring import DRIVING, Wiring


@frozen
class Counted:
    """What a point came to: how many, or how many working days, of how many, and the tasks to look at."""

    count: int | Fraction
    out_of: int | Fraction
    tasks: tuple[str, ...] = ()
    baseline: str | None = None


@frozen
class Unknown:
    """Why a point came to nothing, in English and Chinese."""

    reason: str
    reason_zh: str


NO_DATE = Unknown("it needs a status date", "需要状态日期")
NO_BASELINE = Unknown("no baseline is in force", "没有生效的基线")


class Subject:
    """A plan as the points look at it.

    Attributes:
        model: the model it is in.
        made: its dates as it was made.
        at: the status date.
        net: the plan as numbers.
        tasks: its tasks, by number.
        every: the numbers of the tasks that count.
        open: those of them that are incomplete.
        moment: the status date as a time; a day stands for its beginning on the plan's clocks.
    """

    def __init__(self, model: Model, made: Schedule, at: date | None) -> None:
        self.model: Model = model
        self.made: Schedule = made
        self.at: date | None = at
        self.net: Wiring = made.net
        records = [model[Ref("task", id)] for id in self.net.parts.ids]
        self.tasks: list[Task] = [record for record in records if isinstance(record, Task)]
        self.every: Sequence[int] = self.net.nodes
        self.open: list[int] = [task for task in self.every if not done(self.tasks[task])]
        self.moment: datetime | None = None if at is None else status_moment(self.net, at)

    @cached_property
    def now(self) -> Schedule:
        """The status schedule; without a status date the plan as it was made.

        Raises:
            NoWorkTime: the calendars end before what is left is done.
        """
        return self.made if self.moment is None else schedule(self.model, self.made.plan, self.moment)

    @cached_property
    def progress(self) -> Status:
        """What has happened by the status date; nothing without one."""
        if self.at is None:
            return AS_PLANNED
        return status(self.net, told(self.model, self.made.plan), self.net.clocks.instant(self.at, 0))

    @cached_property
    def links(self) -> Mapping[tuple[int, int], Wire]:
        """The links that count, by where they stand; of the wires that a link to a summary became, one."""
        still = frozenset(self.open)
        return {wire.origin: wire for wire in self.net.wires if wire.origin is not None and wire.after in still}

    @cached_property
    def working(self) -> list[int]:
        """The incomplete tasks that take time."""
        return [task for task in self.open if self.dates(task).work]

    @cached_property
    def baseline(self) -> Baseline | None:
        """The baseline in force at the status date; None where there is none, or no such date."""
        return None if self.moment is None else baseline_at(self.model, self.made.plan, self.moment)

    @cached_property
    def promised(self) -> Mapping[str, PlannedTask]:
        """What the baseline says of each task that counts there, by id; of two rows of a task the last."""
        rows = () if self.baseline is None else self.baseline.tasks
        return {id: row for id, row in {row.task: row for row in rows}.items() if row.kind in DRIVING}

    def unpromised(self) -> Unknown:
        """Return why there is no baseline to compare with: no date to ask for, or none in force."""
        return NO_DATE if self.at is None and baselines_of(self.model, self.made.plan) else NO_BASELINE

    def due(self) -> list[str]:
        """Return the tasks that were to be finished by the status date, as their baseline says."""
        return [id for id, row in self.promised.items() if row.finish <= self.status]

    def carriers(self, id: str) -> list[int]:
        """Return the tasks that do what a baseline promised of one: itself, or the parts it was broken down into.

        There are none where the plan no longer has it.
        """
        task = self._numbers.get(id)
        if task is None:
            return []
        return [part for part in self.net.parts.leaves(task) if part in self._counting] or [task]

    @cached_property
    def _counting(self) -> frozenset[int]:
        return frozenset(self.every)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {id: task for task, id in enumerate(self.net.parts.ids)}

    def dates(self, task: int) -> TaskDates:
        """Return the dates of a task as the plan was made."""
        return self.made.tasks[self.net.parts.ids[task]]

    def left(self, task: int) -> TaskDates:
        """Return the dates of a task in the status schedule."""
        return self.now.tasks[self.net.parts.ids[task]]

    def slack(self, task: int) -> timedelta | None:
        """Return the total float of a task in the status schedule; None for what is finished there."""
        return self.left(task).total_float

    def days(self, number: int, task: int) -> timedelta:
        """Return some working days of a task."""
        return timedelta(0, 0, number * self.net.clocks.day(self.net.calendars[task]))

    def lasts(self, dates: TaskDates, task: int) -> timedelta:
        """Return how much working time of a task passes from its start to its finish."""
        return self.net.clocks.times[self.net.calendars[task]].elapsed(sure(dates.start), sure(dates.finish))

    def time(self, when: date, task: int) -> datetime:
        """Return a date as a time; a day stands for its beginning on the clocks of the task's calendar."""
        if isinstance(when, datetime):
            return when
        calendar = self.net.calendars[task]
        return self.net.clocks.times[calendar].shown(self.net.clocks.instant(when, calendar))

    def is_over(self, task: int) -> bool:
        """Tell whether a task was completed by the status date; what is done to 100 % without a date was."""
        finish, calendar = self.tasks[task].actual_finish, self.net.calendars[task]
        if finish is None:
            return done(self.tasks[task])
        return self.net.clocks.end(finish, calendar) <= self.net.clocks.instant(self.status, 0)

    def status_of(self, task: int) -> datetime:
        """Return the status date as a time on the clocks of a task's calendar."""
        assert self.at is not None
        return self.time(self.at, task)

    @property
    def status(self) -> datetime:
        """The status date as a time on the plan's clocks, for a point that is only looked at where there is one."""
        assert self.moment is not None
        return self.moment

    def named(self, tasks: Iterable[int]) -> tuple[str, ...]:
        """Return the ids of tasks, each once, in table order."""
        return tuple([self.net.parts.ids[task] for task in sorted(set(tasks))])

    def of_open(self, tasks: list[int]) -> Counted:
        """Return some of the incomplete tasks as what was counted."""
        return Counted(len(tasks), len(self.open), self.named(tasks))

    def of_links(self, fits: Callable[[Wire], bool]) -> Counted:
        """Return the links that fit as what was counted, with the tasks they lead to."""
        found = [origin for origin, wire in self.links.items() if fits(wire)]
        return Counted(len(found), len(self.links), self.named([task for task, _ in found]))


def done(task: Task) -> bool:
    """Tell whether a task says that it is done."""
    return task.actual_finish is not None or task.percent_complete == 100


def begun(task: Task) -> bool:
    """Tell whether a task says that it has begun."""
    return task.actual_start is not None or task.percent_complete > 0
