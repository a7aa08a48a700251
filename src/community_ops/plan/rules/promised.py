"""What the rules on baselines read and their examples are built with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from community_ops.errors import CyclicNetwork, MixedCurrencies, NoBaseline, NoWorkTime
from community_ops.kernel.derived import derived
from community_ops.kernel.values import Money
from community_ops.kernel.view import ModelView
from community_ops.plan.baselines import Variance, variance
from community_ops.plan.earning import earned_value
from community_ops.plan.performance import EarnedValue
from community_ops.plan.rules.samples import MONDAY
from community_ops.plan.steering import Baseline, PlannedTask


@derived
def varied(m: ModelView, plan_id: str, at: date) -> Variance | None:
    """Return how far a plan is from its baseline; None where it has no baseline, or no dates, as other rules say."""
    try:
        return variance(m, plan_id, at)
    except (NoBaseline, CyclicNetwork, NoWorkTime, OverflowError):
        return None


@derived
def earned(m: ModelView, plan_id: str, at: date) -> EarnedValue | None:
    """Return how a plan stands against its baseline; None where that cannot be measured."""
    try:
        return earned_value(m, plan_id, at)
    except (NoBaseline, MixedCurrencies, OverflowError):
        return None


def yuan(amount: int) -> Money:
    """Return an amount of money."""
    return Money(amount, "CNY")


def promise(id: str, first: int, last: int, **fields: Any) -> PlannedTask:
    """Return what a baseline says of a task that is done from one day of the first week to another, 0 for Monday."""
    begin = datetime(MONDAY.year, MONDAY.month, MONDAY.day, 9, tzinfo=UTC) + timedelta(days=first)
    end = begin + timedelta(days=last - first, hours=8)
    return PlannedTask(id, begin, end, work=timedelta(hours=8 * (last - first + 1)), name=id.capitalize(), **fields)


def promised(*tasks: PlannedTask, **fields: Any) -> Baseline:
    """Return a baseline of the plan called Launch, in force from its first day."""
    values = {"id": "first", "name": "First promise", "plan": "launch", "since": MONDAY, "tasks": tasks}
    return Baseline(**{**values, **fields})
