"""What the tests of baselines and earned value build plans with; working days are Monday to Friday, 9 to 17, UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve

from community_ops import Cost, Duration, Money, OperatingModel, Plan, Record, Task
from community_ops.plan import take_baseline

MONDAY = date(2026, 3, 2)
DAY = timedelta(hours=8)
"""A day of work."""


def workday(number: int) -> date:
    """Return a working day by its number; the first of the plan has 0."""
    weeks, days = divmod(number, 5)
    return MONDAY + timedelta(weeks=weeks, days=days)


def closing(number: int) -> datetime:
    """Return the end of a working day."""
    day = workday(number)
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def yuan(amount: int | str) -> Money:
    return Money(amount, "CNY")


def spent(number: int, amount: int | str) -> Cost:
    return Cost(workday(number), yuan(amount))


def task(id: str, days: int | None = 1, **fields: Any) -> Task:
    length = None if days is None else Duration(days)
    return Task(**{"id": id, "name": id.title(), "plan": "p", "duration": length, **fields})


def planned(*records: Record, **fields: Any) -> OperatingModel:
    """Return a plan with a baseline from its first day on, taken before anything was done."""
    return promised(OperatingModel.of(Plan(id="p", name="Launch", start=MONDAY), *records), **fields)


def promised(model: OperatingModel, **fields: Any) -> OperatingModel:
    """Return a model with a baseline of its plan as it was before anything was done."""
    untouched = {"percent_complete": Decimal(0), "actual_start": None, "actual_finish": None, "remaining": None}
    before = model.put(*[evolve(task, **untouched) for task in model.tasks])  # type: ignore[arg-type]
    return model.add(take_baseline(before, "p", id="b", at=MONDAY, **fields))
