"""Work, progress and cost of a plan, rolled up along its breakdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from attrs import frozen

from community_ops.errors import MixedCurrencies
from community_ops.kernel.derived import derived
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.plan.baselines import counting
from community_ops.plan.lengths import WIDE
from community_ops.plan.records import Task
from community_ops.plan.tasktree import Parts
from community_ops.plan.wiring import wiring

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
        contingency: what is set aside for their known risks; None where none of them says.
    """

    id: str
    tasks: int
    work: timedelta
    percent_complete: Decimal | None
    planned_cost: Money | None
    contingency: Money | None


@derived
def rollup(m: ModelView, plan_id: str) -> Mapping[str, Rollup]:
    """Return what each task of a plan amounts to, by id and in table order: a summary is the sum of its parts.

    What overlaps other tasks of the plan is counted there, and not in what it is a part of. A task that is finished is
    done, whatever its percents say.

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
    percents, finished = m.column(Task.percent_complete), m.column(Task.actual_finish)
    tasks = [int(not parts.is_summary(task)) for task in range(len(counts))]
    works = [work if task in driving else 0 for task, work in enumerate(net.works)]
    done = [
        work * (Decimal(100) if finished[place] is not None else percents[place])
        for work, place in zip(works, parts.places, strict=True)
    ]
    sums = [_rolled(parts, counts, values) for values in (tasks, works)]
    shares = _rolled(parts, counts, done)
    costs = [_costs(m.column(column), plan_id, parts, counts) for column in (Task.planned_cost, Task.contingency)]
    found = {
        id: Rollup(
            id=id,
            tasks=sums[0][task],
            work=timedelta(microseconds=sums[1][task]),
            percent_complete=WIDE.divide(shares[task], Decimal(sums[1][task])) if sums[1][task] else None,
            planned_cost=costs[0][task],
            contingency=costs[1][task],
        )
        for task, id in enumerate(parts.ids)
    }
    return MappingProxyType(found)


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
