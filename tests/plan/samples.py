"""Small plans on calendars that everybody knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import community_ops as co
from community_ops import Duration, Link, OperatingModel, Plan, Task
from community_ops.plan.scheduling import Schedule, schedule
from community_ops.worktime import Calendar

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
SHANGHAI = ZoneInfo("Asia/Shanghai")
# 2 March 2026 is a Monday.
OFFICE = Calendar(
    id="office", timezone="Asia/Shanghai", hours=dict.fromkeys(WORKING_DAYS, (("09:00", "12:00"), ("13:00", "18:00")))
)
ROUND = Calendar(id="round", hours=dict.fromkeys((*WORKING_DAYS, "sat", "sun"), (("00:00", "24:00"),)))
WEEKEND = Calendar(
    id="weekend", timezone="Asia/Shanghai", hours={"sat": (("10:00", "16:00"),), "sun": (("10:00", "16:00"),)}
)
EMPTY = Calendar(id="empty")


def task(id: str, days: float | None = None, *links: Link | str, **fields: Any) -> Task:
    fields.setdefault("plan", "p")
    fields.setdefault("duration", None if days is None else Duration(days))
    return Task(id=id, name=id, links=tuple(Link(one) if isinstance(one, str) else one for one in links), **fields)


def plan(
    *tasks: Task, start: date = date(2026, 3, 2), calendar: str = "office", more: Sequence[Any] = ()
) -> OperatingModel:
    own = Plan(id="p", name="P", start=start, calendar=calendar)
    return co.OperatingModel([own, OFFICE, ROUND, WEEKEND, EMPTY, *tasks, *more])


def dated(*tasks: Task, **given: Any) -> Schedule:
    return schedule(plan(*tasks, **given), "p")


def clock(when: datetime | None) -> str:
    """When, as the wall clock of its own zone shows it."""
    return "" if when is None else f"{when:%m-%d %H:%M}"


def spans(found: Schedule) -> dict[str, tuple[str, str]]:
    return {id: (clock(one.start), clock(one.finish)) for id, one in found.tasks.items()}
