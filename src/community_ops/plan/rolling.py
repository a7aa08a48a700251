"""Work, progress and cost of a plan, rolled up along its breakdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from attrs import frozen

from community_ops.errors import MixedCurrencies
from community_ops.kernel.derived import derived
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.plan.baselines import counting, status_instant
from community_ops.plan.lengths import WIDE
from community_ops.plan.progress import Told, done_by, told
from community_ops.plan.records import Task
from community_ops.plan.tasktree import Parts
from community_ops.plan.wiring import Wiring, wiring

N = TypeVar("N", int, Decimal)


@frozen(kw_only=True)
class Rollup:
    """What a task amounts to with all its parts; made by `rollup`.

    Attributes:
        id: the task.
        tasks: how many tasks without parts that is, itself included where it has none.
        work: how much working time they take in sum; levels of effort and recurring tasks have none of their own.
        percent_complete: how much of that is done, in percents weighed by working time; None where there is none.
        planned_cost: what they are to cost; None where none of them says.
        rework_cost: how much of that is for doing work again; None where none of them says so of itself.
        contingency: what is set aside for their known risks; None where none of them says.
    """

    id: str
    tasks: int
    work: timedelta
    percent_complete: Decimal | None
    planned_cost: Money | None
    rework_cost: Money | None
    contingency: Money | None


@derived
def rollup(m: ModelView, plan_id: str, at: date | None = None) -> Mapping[str, Rollup]:
    """Return what each task of a plan amounts to, by id and in table order: a summary is the sum of its parts.

    What overlaps other tasks of the plan is counted there, and not in what it is a part of. A task that is finished is
    done, whatever its percents say. One that does another's work again is counted like any other, beside the first.

    Args:
        m: the model.
        plan_id: the plan.
        at: the date for which to tell how much is done, by what was known then; a day stands for its beginning on the
            plan's clocks. None for now. What there is to do, and what it costs, is that of the plan as it is.

    Raises:
        UnknownRecord: there is no such plan.
        MixedCurrencies: costs are in several currencies.

    Example:
        >>> from datetime import date
        >>> from community_ops import Duration, OperatingModel, Plan
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="P", start=date(2026, 3, 2)),
        ...     Task(id="s", name="S", plan="p"),
        ...     Task(id="a", name="A", plan="p", parent="s", duration=Duration(3), percent_complete=100),
        ...     Task(id="b", name="B", plan="p", parent="s", duration=Duration(1), planned_cost=Money(90, "CNY")),
        ... )
        >>> whole = rollup(model, "p")["s"]
        >>> whole.percent_complete, str(whole.planned_cost)
        (Decimal('75'), '90 CNY')
    """
    net = wiring(m, plan_id)
    parts = net.parts
    counts, driving = counting(m, parts), frozenset(net.nodes)
    tasks = [int(not parts.is_summary(task)) for task in range(len(counts))]
    works = [work if task in driving else 0 for task, work in enumerate(net.works)]
    done = [work * percent for work, percent in zip(works, _percents(net, told(m, plan_id), at), strict=True)]
    sums = [_rolled(parts, counts, values) for values in (tasks, works)]
    shares = _rolled(parts, counts, done)
    planned, again = m.column(Task.planned_cost), m.column(Task.reworks)
    rework = [None if of is None else cost for cost, of in zip(planned, again, strict=True)]
    columns = (planned, rework, m.column(Task.contingency))
    costs = [_costs(column, plan_id, parts, counts) for column in columns]
    found = {
        id: Rollup(
            id=id,
            tasks=sums[0][task],
            work=timedelta(microseconds=sums[1][task]),
            percent_complete=WIDE.divide(shares[task], Decimal(sums[1][task])) if sums[1][task] else None,
            planned_cost=costs[0][task],
            rework_cost=costs[1][task],
            contingency=costs[2][task],
        )
        for task, id in enumerate(parts.ids)
    }
    return MappingProxyType(found)


def _percents(net: Wiring, said: Told, at: date | None) -> list[Decimal]:
    """Return how much of each task is done in percents, or was by a date."""
    if at is not None:
        instant = status_instant(net, at)
        return [done_by(net, said, task, instant) for task in range(len(net.parts.ids))]
    return [percent if end is None else Decimal(100) for percent, end in zip(said.percent, said.finish, strict=True)]


def _rolled(parts: Parts, counts: Sequence[bool], values: Sequence[N]) -> list[N]:
    """Return for each task the sum of its own value and of those of the parts that count."""
    sums = list(values)
    for task in reversed(parts.order):
        up = parts.parents[task]
        if up is not None and (counts[task] or parts.is_summary(task)):
            sums[up] += sums[task]
    return sums


def _costs(amounts: Sequence[Money | None], plan_id: str, parts: Parts, counts: Sequence[bool]) -> list[Money | None]:
    """Return for each task what it costs with its parts; None where nothing says."""
    own = [None if parts.is_summary(task) else amounts[place] for task, place in enumerate(parts.places)]
    currencies = sorted({one.currency for one in own if one is not None})
    if len(currencies) > 1:
        raise MixedCurrencies(f"plan {plan_id!r}", currencies)
    sums = _rolled(parts, counts, [Decimal(0) if one is None else one.amount for one in own])
    given = _rolled(parts, counts, [int(one is not None) for one in own])
    return [Money(total, currencies[0]) if number else None for total, number in zip(sums, given, strict=True)]
