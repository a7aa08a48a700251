"""Baselines: what a plan promised, which promise holds on a day, and how far things are from it.

A baseline is taken from the schedule and kept as it was. The one in force at an instant is the last that came into
force by then; of several from the same instant it is the last in the table, and a rule says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from attrs import frozen

from community_ops.errors import NoBaseline
from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.plan.records import Area, Task
from community_ops.plan.scheduling import Driver, schedule
from community_ops.plan.steering import Baseline, PlannedTask
from community_ops.plan.tasktree import Parts
from community_ops.plan.wiring import Wiring, wiring


@frozen(kw_only=True)
class TaskVariance:
    """How far one task is from what its baseline says.

    Attributes:
        id: the task.
        milestone: whether it is one, by the baseline.
        start: how much later it starts, in its own working time; less than nothing for earlier; None for never.
        finish: how much later it is finished; None for never.
        work: how much more working time it takes; None for a summary that is never finished.
        cost: how much more is planned for it, contingency included; None where neither says, or where they say it in
            two currencies.
        driver: what its dates hang on as things are: where it slips, that is where to look.
    """

    id: str
    milestone: bool
    start: timedelta | None
    finish: timedelta | None
    work: timedelta | None
    cost: Money | None
    driver: Driver


@frozen(kw_only=True)
class Variance:
    """How far a plan is from its baseline; made by `variance`.

    Attributes:
        plan: the plan's id.
        baseline: the baseline's id.
        tasks: each task that both have, by id, in the plan's order.
        new: the tasks that the baseline does not know.
        dropped: the tasks of the baseline that the plan no longer has, with what they were called.
    """

    plan: str
    baseline: str
    tasks: Mapping[str, TaskVariance]
    new: tuple[str, ...]
    dropped: Mapping[str, str]

    @property
    def milestones(self) -> tuple[TaskVariance, ...]:
        """The milestones among the tasks."""
        return tuple([one for one in self.tasks.values() if one.milestone])


def status_instant(net: Wiring, at: date) -> int:
    """Return a status date as an instant; a day stands for its beginning on the plan's clocks."""
    return net.clocks.instant(at, 0)


def status_moment(net: Wiring, at: date) -> datetime:
    """Return a status date as a datetime on the plan's clocks."""
    return net.clocks.times[0].shown(status_instant(net, at))


def take_baseline(
    model: ModelView,
    plan_id: str,
    *,
    id: str,
    at: date,
    name: str = "",
    management_reserve: Money | None = None,
    approved_by: str | None = None,
) -> Baseline:
    """Return a baseline that keeps what a plan promises now.

    Args:
        model: the model.
        plan_id: the plan.
        id: the baseline's own id.
        at: from when on it is to be in force, and the status date of the schedule; a day stands for its beginning.
        name: what it is called.
        management_reserve: what is set aside for what nobody knows yet.
        approved_by: the position that approved it.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: the plan has no dates, nor has it where NoWorkTime is raised.

    Example:
        >>> from community_ops import Duration, OperatingModel, Plan
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="ads", name="Plan the ads", plan="p", duration=Duration(2), planned_cost=Money(900, "CNY")),
        ... )
        >>> baseline = take_baseline(model, "p", id="b1", at=date(2026, 3, 2))
        >>> str(baseline.tasks[0].finish), str(baseline.tasks[0].cost)
        ('2026-03-03 17:00:00+00:00', '900 CNY')
        >>> baseline_at(model.add(baseline), "p", date(2026, 3, 4)).id
        'b1'
    """
    net = wiring(model, plan_id)
    dates = schedule(model, plan_id, status_moment(net, at)).tasks
    names, costs, reserves = model.column(Task.name), model.column(Task.planned_cost), model.column(Task.contingency)
    areas, counted = areas_of(model, net.parts), counting(model, net.parts)
    rows = []
    for task, (own, place, up) in enumerate(zip(net.parts.ids, net.parts.places, net.parts.parents, strict=True)):
        found, counts = dates[own], counted[task]
        if found.start is None or found.finish is None or found.work is None:
            continue
        rows.append(
            PlannedTask(
                task=own,
                start=found.start,
                finish=found.finish,
                work=found.work,
                cost=costs[place] if counts else None,
                contingency=reserves[place] if counts else None,
                name=names[place],
                kind=found.kind,
                area=areas[task],
                parent=None if up is None else net.parts.ids[up],
            )
        )
    return Baseline(
        id=id,
        name=name,
        plan=plan_id,
        since=at,
        tasks=tuple(rows),
        management_reserve=management_reserve,
        approved_by=approved_by,
    )


def areas_of(m: ModelView, parts: Parts) -> list[Area | None]:
    """Return the area of each task of a plan: its own, or that of the nearest task it is a part of."""
    column = cast("Sequence[Area | None]", m.column(Task.area))  # pyright sees any text in it
    found: list[Area | None] = [column[place] for place in parts.places]
    for task in parts.order:
        up = parts.parents[task]
        if found[task] is None and up is not None:
            found[task] = found[up]
    return found


def counting(m: ModelView, parts: Parts) -> list[bool]:
    """Tell of each task of a plan whether its cost and progress count in the plan's.

    Those of a summary are its parts'; what overlaps other tasks of the plan, by itself or by what it is a part of, is
    counted there.
    """
    overlaps, there = m.column(Task.overlaps), frozenset(parts.ids)
    found = [there.isdisjoint(overlaps[place]) for place in parts.places]
    for task in parts.order:
        up = parts.parents[task]
        if up is not None and not found[up]:
            found[task] = False
    return [counts and size == 1 for counts, size in zip(found, parts.sizes, strict=True)]


@derived(cutoff=True)
def baselines_of(m: ModelView, plan_id: str) -> tuple[tuple[int, str], ...]:
    """Return the baselines of a plan with the instants from which they are in force, the first of them first.

    Raises:
        UnknownRecord: there is no such plan.
    """
    net = wiring(m, plan_id)
    columns = (m.ids(Baseline), m.column(Baseline.plan), m.column(Baseline.since))
    found = [(status_instant(net, since), id) for id, plan, since in zip(*columns, strict=True) if plan == plan_id]
    return tuple(sorted(found, key=lambda one: one[0]))


def baseline_at(m: ModelView, plan_id: str, at: date) -> Baseline | None:
    """Return the baseline of a plan that is in force at a date or an instant; None where there is none yet.

    Raises:
        UnknownRecord: there is no such plan.
    """
    instant = status_instant(wiring(m, plan_id), at)
    begun = [id for since, id in baselines_of(m, plan_id) if since <= instant]
    if not begun:
        return None
    found = m[Ref("baseline", begun[-1])]
    assert isinstance(found, Baseline)
    return found


@derived
def variance(m: ModelView, plan_id: str, at: date) -> Variance:
    """Return how far a plan is from the baseline in force.

    Args:
        m: the model.
        plan_id: the plan.
        at: the status date; a day stands for its beginning on the plan's clocks.

    Raises:
        UnknownRecord: there is no such plan.
        NoBaseline: it has no baseline in force at that time.
        CyclicNetwork: the plan has no dates, nor has it where NoWorkTime is raised.

    Example:
        >>> from attrs import evolve
        >>> from community_ops import Duration, OperatingModel, Plan
        >>> ads = Task(id="ads", name="Plan the ads", plan="p", duration=Duration(2))
        >>> model = OperatingModel.of(Plan(id="p", name="Launch", start=date(2026, 3, 2)), ads)
        >>> model = model.add(take_baseline(model, "p", id="b1", at=date(2026, 3, 2)))
        >>> later = model.replace(evolve(ads, duration=Duration(3)))
        >>> str(variance(later, "p", date(2026, 3, 2)).tasks["ads"].finish)
        '8:00:00'
    """
    base = baseline_at(m, plan_id, at)
    if base is None:
        raise NoBaseline(plan_id, at)
    net = wiring(m, plan_id)
    axes, dates = net.clocks.axes(), schedule(m, plan_id, status_moment(net, at)).tasks
    costs, reserves, counted = m.column(Task.planned_cost), m.column(Task.contingency), counting(m, net.parts)
    rows, found, new = {row.task: row for row in base.tasks}, {}, []
    for task, (id, place) in enumerate(zip(net.parts.ids, net.parts.places, strict=True)):
        row = rows.pop(id, None)
        if row is None:
            new.append(id)
            continue
        now, axis = dates[id], axes[net.calendars[task]]
        begun, done, was_begun, was_done = [
            None if one is None else axis.worked(net.clocks.instant(one, 0))
            for one in (now.start, now.finish, row.start, row.finish)
        ]
        money = (costs[place], reserves[place]) if counted[task] else (None, None)
        found[id] = TaskVariance(
            id=id,
            milestone=row.kind == "milestone",
            start=_later(begun, was_begun),
            finish=_later(done, was_done),
            work=None if now.work is None else now.work - row.work,
            cost=_more(money, (row.cost, row.contingency)),
            driver=now.driver,
        )
    return Variance(
        plan=plan_id,
        baseline=base.id,
        tasks=MappingProxyType(found),
        new=tuple(new),
        dropped=MappingProxyType({id: row.name for id, row in rows.items()}),
    )


def _later(now: int | None, then: int | None) -> timedelta | None:
    return None if now is None or then is None else timedelta(microseconds=now - then)


def _more(now: tuple[Money | None, ...], then: tuple[Money | None, ...]) -> Money | None:
    """Return by how much amounts exceed others; what is not said counts as nothing."""
    given = [one for one in (*now, *then) if one is not None]
    if len({one.currency for one in given}) != 1:
        return None
    total = Money(Decimal(0), given[0].currency)
    for one in now:
        total = total if one is None else total + one
    for one in then:
        total = total if one is None else total - one
    return total
