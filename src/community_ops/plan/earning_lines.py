"""What each task of a plan and its baseline has planned, earned and spent by an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.plan.baselines import areas_of, counting
from community_ops.plan.lengths import WIDE
from community_ops.plan.performance import EXACT, ROUNDED, Measures
from community_ops.plan.progress import known
from community_ops.plan.records import Task
from community_ops.plan.steering import Baseline, PlannedTask
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import Axis

NOTHING, _HALF, _ONE, _HUNDRED = Decimal(0), Decimal("0.5"), Decimal(1), Decimal(100)


class Spread(NamedTuple):
    """An amount spread evenly over working time.

    Attributes:
        amount: the amount.
        axis: the working time.
        start: from when on.
        finish: until when; what has no working time between is due there at once.
        begun: the working time up to the start.
        work: the working time from there to the finish.
    """

    amount: Decimal
    axis: Axis
    start: int
    finish: int
    begun: int
    work: int

    @classmethod
    def over(cls, amount: Decimal, axis: Axis, start: int, finish: int) -> Spread:
        """Return an amount spread from one instant to another."""
        begun = axis.worked(start)
        return cls(amount, axis, start, finish, begun, max(0, axis.worked(finish) - begun))

    def by(self, instant: int) -> Decimal:
        """Return how much is due by an instant."""
        return self.amount if instant == self.finish else self.before(instant)

    def before(self, instant: int) -> Decimal:
        """Return how much is due before an instant."""
        if instant > self.finish:
            return self.amount
        done = self.axis.worked(instant) - self.begun if self.work else 0
        if done <= 0:
            return NOTHING
        return self.amount if done >= self.work else share(self.amount, Decimal(done), Decimal(self.work))


def share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return a part of an amount, to 28 digits.

    Example:
        >>> share(Decimal(1000), Decimal(1), Decimal(4)), str(share(Decimal(1), Decimal(2), Decimal(3)))[:8]
        (Decimal('250'), '0.666666')
    """
    return ROUNDED.plus(WIDE.divide(EXACT.multiply(amount, part), whole))


class Line(NamedTuple):
    """One task, of the plan or of its baseline.

    Attributes:
        id: the task.
        up: the nearest task that it is a part of and that the plan still has.
        area: the area it belongs to.
        effort: whether it is a level of effort, which earns by time going by.
        rework: whether it does another task's work again.
        summary: whether it is nothing but its parts.
        budget: what the baseline gives it, contingency included, and over what time; None where it does not know it.
        measures: what that comes to.
        finished: when it was finished, if it was.
    """

    id: str
    up: str | None
    area: str | None
    effort: bool
    rework: bool
    summary: bool
    budget: Spread | None
    measures: Measures
    finished: int | None


class Lines:
    """Reads the tasks of a plan and its baseline as they stand at an instant."""

    def __init__(self, m: ModelView, net: Wiring, base: Baseline, now: int) -> None:
        self._net, self._now = net, now
        self._rows = {row.task: row for row in base.tasks}
        self._numbers = {id: task for task, id in enumerate(net.parts.ids)}
        self._axes = net.clocks.axes()
        self._areas, self._counted = areas_of(m, net.parts), counting(m, net.parts)
        self._earning, self._steps = m.column(Task.earning), m.column(Task.steps)
        self._percents, self._progress = m.column(Task.percent_complete), m.column(Task.progress)
        self._costs, self._reworks = m.column(Task.costs), m.column(Task.reworks)
        self._starts, self._finishes = m.column(Task.actual_start), m.column(Task.actual_finish)

    def __iter__(self) -> Iterator[Line]:
        """Yield the tasks of the plan, then those that only the baseline has."""
        for id in self._net.parts.ids:
            yield self._kept(id)
        for id, row in self._rows.items():
            if id not in self._numbers:
                yield self._dropped(id, row)

    def _kept(self, id: str) -> Line:
        net, task = self._net, self._numbers[id]
        up, row = net.parts.parents[task], self._rows.get(id)
        effort = (net.kinds[task] if row is None else row.kind) == "level_of_effort"
        budget = None if row is None else self._budget(row, self._axes[net.calendars[task]])
        pv = NOTHING if budget is None else budget.by(self._now)
        ev = pv if effort else NOTHING if budget is None else self._earned(task, budget.amount)
        # What has got parts since keeps its budget, and what it has cost.
        counts = self._counted[task] or (budget is not None and bool(budget.amount))
        return Line(
            id=id,
            up=None if up is None else net.parts.ids[up],
            area=self._areas[task],
            effort=effort,
            rework=self._reworks[net.parts.places[task]] is not None,
            summary=not counts and net.parts.is_summary(task),
            budget=budget,
            measures=_measures(budget, pv, ev, self._spent(task) if counts else NOTHING),
            finished=self._finished(task),
        )

    def _dropped(self, id: str, row: PlannedTask) -> Line:
        budget, effort = self._budget(row, self._axes[0]), row.kind == "level_of_effort"
        pv = budget.by(self._now)
        return Line(
            id=id,
            up=self._still_there(row.parent),
            area=row.area,
            effort=effort,
            rework=False,
            summary=row.kind == "summary",
            budget=budget,
            measures=_measures(budget, pv, pv if effort else NOTHING, NOTHING),
            finished=None,
        )

    def _still_there(self, id: str | None) -> str | None:
        """Return the nearest task above, itself included, that the plan still has."""
        passed: set[str] = set()
        while id is not None and id not in self._numbers:
            row = None if id in passed else self._rows.get(id)
            passed.add(id)
            id = None if row is None else row.parent
        return id

    def _budget(self, row: PlannedTask, axis: Axis) -> Spread:
        amount = NOTHING if row.kind == "summary" else amounts((row.cost, row.contingency))
        clocks = self._net.clocks
        return Spread.over(amount, axis, clocks.instant(row.start, 0), clocks.instant(row.finish, 0))

    def _earned(self, task: int, amount: Decimal) -> Decimal:
        """Return how much of an amount a task has earned by its method."""
        place = self._net.parts.places[task]
        method, percent = self._earning[place], self._percent(task)
        if method == "weights":
            steps = self._steps[place]
            whole, part = NOTHING, NOTHING
            for step in steps:
                whole = EXACT.add(whole, step.weight)
                if step.done is not None and self._end(task, step.done) <= self._now:
                    part = EXACT.add(part, step.weight)
            return share(amount, part, whole) if whole else NOTHING
        if not self._started(task, percent):
            return NOTHING
        if method == "percent":
            return share(amount, percent, _HUNDRED)
        if self._done(task, percent):
            return amount
        return share(amount, _HALF, _ONE) if method == "50/50" else NOTHING

    def _percent(self, task: int) -> Decimal:
        place, net = self._net.parts.places[task], self._net
        history, today = self._progress[place], self._percents[place]
        return known(net.clocks, net.calendars[task], history, today, self._now).percent

    def _started(self, task: int, percent: Decimal) -> bool:
        start = self._starts[self._net.parts.places[task]]
        if start is None:
            return bool(percent) or self._done(task, percent)
        return self._net.clocks.instant(start, self._net.calendars[task]) <= self._now

    def _done(self, task: int, percent: Decimal) -> bool:
        finish = self._finishes[self._net.parts.places[task]]
        return percent == _HUNDRED if finish is None else self._end(task, finish) <= self._now

    def _finished(self, task: int) -> int | None:
        finish = self._finishes[self._net.parts.places[task]]
        end = None if finish is None else self._end(task, finish)
        return end if end is not None and end <= self._now else None

    def _end(self, task: int, when: date) -> int:
        return self._net.clocks.end(when, self._net.calendars[task])

    def _spent(self, task: int) -> Decimal:
        costs = self._costs[self._net.parts.places[task]]
        return amounts(cost.amount for cost in costs if self._end(task, cost.day) <= self._now)


def amounts(every: Iterable[Money | None]) -> Decimal:
    """Return the sum of some amounts of one currency; what is not given counts as nothing."""
    total = NOTHING
    for one in every:
        total = total if one is None else EXACT.add(total, one.amount)
    return total


def _measures(budget: Spread | None, pv: Decimal, ev: Decimal, ac: Decimal) -> Measures:
    return Measures(bac=NOTHING if budget is None else budget.amount, pv=pv, ev=ev, ac=ac)
