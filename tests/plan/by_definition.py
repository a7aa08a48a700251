"""When tasks are done, worked out slowly from what the fields of a task mean.

Nothing here knows of wires, hubs or passes, nor of the integers under `WorkTime`: every demand is applied, over and
over, until no date changes any more. Early dates rise from the plan's start; late ones are the same, mirrored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import community_ops as co
from community_ops import Link, Task
from community_ops.worktime import Calendar, WorkTime

ZERO = timedelta()
AGES = timedelta(days=20_000)
CLOCK = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


class When(NamedTuple):
    start: datetime
    finish: datetime


class Definitions:
    """The tasks of the one plan of a model, and the demands on them."""

    def __init__(self, model: co.OperatingModel) -> None:
        self.tasks: Mapping[str, Task] = {task.id: task for task in model.tasks}
        (self.plan,) = model.plans
        self.calendars = {calendar.id: calendar for calendar in model.calendars}
        self.work = {id: WorkTime(self.calendar(id)) for id in self.tasks}
        assert self.plan.calendar is not None
        self.project = WorkTime(self.calendars[self.plan.calendar])
        assert not isinstance(self.plan.start, datetime)
        self.begin = datetime.combine(self.plan.start, time(), self.project.zone)
        self.above = {id: self.parents(id) for id in self.tasks}
        summaries = {task.parent for task in self.tasks.values()}
        self.driving = [
            id for id, task in self.tasks.items() if id not in summaries and task.kind in ("task", "milestone")
        ]
        self.links = [(link.task, id, link) for id in self.driving for link in self.links_of(id)]

    def calendar(self, id: str) -> Calendar:
        return self.calendars[self.tasks[id].calendar or self.plan.calendar or ""]

    def parents(self, id: str) -> list[str]:
        found = []
        up = self.tasks[id].parent
        while up is not None:
            found.append(up)
            up = self.tasks[up].parent
        return found

    def links_of(self, id: str) -> Iterator[Link]:
        for one in (id, *self.above[id]):
            yield from self.tasks[one].links

    def leaves(self, id: str) -> list[str]:
        return sorted(one for one in self.driving if one == id or id in self.above[one])

    def length(self, id: str) -> timedelta:
        task = self.tasks[id]
        if task.kind == "milestone" or task.duration is None:
            return ZERO
        return CLOCK[task.duration.unit] * int(task.duration.amount)

    # --- dates and lags ---------------------------------------------------------------------------------------

    def midnight(self, id: str, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.calendar(id).timezone))

    def begin_of(self, id: str, when: date) -> datetime:
        return when if isinstance(when, datetime) else self.midnight(id, when)

    def end_of(self, id: str, when: date) -> datetime:
        if isinstance(when, datetime):
            return when
        first, last = self.midnight(id, when), self.midnight(id, when + timedelta(days=1))
        found = last
        for begun, done in self.work[id].open_periods(first):
            if begun >= last:
                break
            found = min(done, last)
        return found

    def lag(self, link: Link, after: str) -> tuple[timedelta, WorkTime | None]:
        line = {
            "successor": self.work[after], "predecessor": self.work[link.task], "project": self.project, "elapsed": None
        }[link.lag_time]  # fmt: skip
        if link.lag_percent is not None:
            return self.length(link.task) * int(link.lag_percent) / 100, line
        return CLOCK[link.lag.unit] * int(link.lag.amount), line

    def led(self, begin: datetime, link: Link, after: str) -> datetime:
        """Where a link leads to from an end of its predecessor."""
        lag, line = self.lag(link, after)
        if not lag:
            return begin
        if line is None:
            return (begin.astimezone(ZoneInfo("UTC")) + lag).astimezone(begin.tzinfo)
        return line.finish(begin, lag) if lag > ZERO else line.subtract(begin, -lag)

    def held_by(self, end: datetime, link: Link, after: str) -> datetime:
        """The last instant from which a link leads no further than to an end."""
        lag, line = self.lag(link, after)
        if not lag:
            return end
        if line is None:
            return (end.astimezone(ZoneInfo("UTC")) - lag).astimezone(end.tzinfo)
        return line.next_opening(line.subtract(end, lag)) if lag > ZERO else line.add(end, -lag)

    def left_by(self, link: Link, dates: Mapping[str, When]) -> datetime:
        """The end of a predecessor that a link counts from."""
        leaves = self.leaves(link.task)
        if link.type[0] == "S":
            return min(dates[one].start for one in leaves)
        return max(dates[one].finish for one in leaves)

    # --- forward ----------------------------------------------------------------------------------------------

    def possible(self, id: str, at: datetime) -> bool:
        return self.work[id].is_open(at) or self.work[id].previous_closing(at) == at

    def place(self, id: str, start: datetime, finish: datetime | None) -> When:
        work, length = self.work[id], self.length(id)
        if not length:
            at = start if finish is None else max(start, finish)
            at = at if self.possible(id, at) else work.next_opening(at)
            return When(at, at)
        begun = work.next_opening(start)
        if finish is None or work.finish(begun, length) >= finish:
            return When(begun, work.finish(begun, length))
        begun = work.next_opening(work.subtract(finish, length))
        done = work.finish(begun, length)
        return When(begun, done if done >= finish else work.next_opening(finish))

    def must(self, id: str) -> When | None:
        task, work, length = self.tasks[id], self.work[id], self.length(id)
        if task.constraint == "MSO":
            assert task.constraint_date is not None
            return self.place(id, self.begin_of(id, task.constraint_date), None)
        if task.constraint == "MFO":
            assert task.constraint_date is not None
            at = self.end_of(id, task.constraint_date)
            if not length:
                at = at if self.possible(id, at) else work.previous_closing(at)
                return When(at, at)
            return When(work.next_opening(work.subtract(at, length)), work.previous_closing(at))
        return None

    def demanded(self, id: str, dates: Mapping[str, When]) -> tuple[datetime, datetime | None]:
        starts, finishes = [self.begin], []
        for _, after, link in self.links:
            if after == id:
                bound = self.led(self.left_by(link, dates), link, after)
                (starts if link.type[1] == "S" else finishes).append(bound)
        for one in (id, *self.above[id]):
            task = self.tasks[one]
            if task.constraint == "SNET" and task.constraint_date is not None:
                starts.append(self.begin_of(one, task.constraint_date))
            if task.constraint == "FNET" and task.constraint_date is not None and one == id:
                finishes.append(self.end_of(one, task.constraint_date))
        return max(starts), max(finishes, default=None)

    def early(self) -> dict[str, When]:
        dates = {id: self.must(id) or self.place(id, self.begin, None) for id in self.driving}
        while True:
            new = {id: self.must(id) or self.place(id, *self.demanded(id, dates)) for id in self.driving}
            if new == dates:
                return dates
            dates = new

    # --- backward ---------------------------------------------------------------------------------------------

    def first_leaf(self, id: str, early: Mapping[str, When]) -> str:
        return min(self.leaves(id), key=lambda one: (early[one].start, one))

    def caps(
        self, id: str, dates: Mapping[str, When], early: Mapping[str, When]
    ) -> tuple[list[datetime], list[datetime]]:
        """The ends by which a task must start, and finish, for those that follow it to be done as they are."""
        end = max(one.finish for one in early.values())
        starts: list[datetime] = []
        finishes = [end]
        for before, after, link in self.links:
            if id not in self.leaves(before):
                continue
            bound = self.held_by(dates[after].start if link.type[1] == "S" else dates[after].finish, link, after)
            if link.type[0] == "F":
                finishes.append(bound)
            elif self.first_leaf(before, early) == id:  # a summary has started when the first of its leaves has
                starts.append(bound)
        return starts, finishes

    def own_caps(self, id: str, early: Mapping[str, When]) -> tuple[list[datetime], list[datetime]]:
        starts, finishes = [], []
        for one in (id, *self.above[id]):
            task = self.tasks[one]
            if task.deadline is not None:
                finishes.append(self.end_of(one, task.deadline))
            if task.constraint == "FNLT" and task.constraint_date is not None:
                finishes.append(self.end_of(one, task.constraint_date))
        task = self.tasks[id]
        if task.constraint == "SNLT" and task.constraint_date is not None:
            starts.append(self.begin_of(id, task.constraint_date))
        if task.constraint == "MSO":
            starts.append(early[id].start)
        if task.constraint == "MFO":
            finishes.append(early[id].finish)
        return starts, finishes

    def slack(self, id: str, dates: When, starts: list[datetime], finishes: list[datetime]) -> timedelta:
        elapsed = self.work[id].elapsed
        return min([elapsed(dates.start, one) for one in starts] + [elapsed(dates.finish, one) for one in finishes])

    def shifted(self, id: str, dates: When, slack: timedelta, starts: list[datetime], finishes: list[datetime]) -> When:
        """The last ends a task can have after so much slack, for those it follows; closing times where it must."""
        work, length = self.work[id], self.length(id)
        if not length:
            cap = min([*starts, *finishes])
            at = cap if self.possible(id, cap) else work.previous_closing(cap)
            return When(at, at)
        start, finish = work.add(dates.start, slack), work.add(dates.start, slack + length)
        if starts and start > min(starts):
            start = work.subtract(dates.start, -slack)
        if finish > min(finishes):
            finish = work.finish(dates.start, slack + length)
        return When(start, finish)

    def late(self, early: Mapping[str, When]) -> dict[str, timedelta]:
        """Total float of every task, from late dates that sink until every demand is kept."""
        end = max(one.finish for one in early.values())
        far = When(end + AGES, end + AGES)
        dates = dict.fromkeys(self.driving, far)
        total: dict[str, timedelta] = {}
        while True:
            new = {}
            for id in self.driving:
                (starts, finishes), (own_starts, own_finishes) = self.caps(id, dates, early), self.own_caps(id, early)
                starts, finishes = starts + own_starts, finishes + own_finishes
                total[id] = self.slack(id, early[id], starts, finishes)
                new[id] = self.shifted(id, early[id], total[id], starts, finishes)
            if new == dates:
                return total
            dates = new

    def settled(
        self, early: Mapping[str, When], total: Mapping[str, timedelta]
    ) -> tuple[dict[str, When], dict[str, timedelta]]:
        """When tasks are meant to be done, those to be done late put off; and what free float was found before that."""
        dates = dict(early)
        while True:
            new, free = dict(dates), {}
            for id in self.driving:
                starts, finishes = self.caps(id, dates, early)
                free[id] = max(ZERO, min(self.slack(id, early[id], starts, finishes), total[id]))
                if self.tasks[id].constraint == "ALAP" and free[id]:
                    new[id] = self.put_off(id, early[id], free[id], starts)
            if new == dates:
                return dates, free
            dates = new

    def put_off(self, id: str, dates: When, by: timedelta, starts: list[datetime]) -> When:
        work, length = self.work[id], self.length(id)
        finish = work.finish(dates.start, by + length)
        start = work.add(dates.start, by)
        if starts and start > min(starts):
            start = work.finish(dates.start, by)
        return When(start if length else finish, finish)
