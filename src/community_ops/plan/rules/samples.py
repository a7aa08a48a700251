"""What the examples beside several modules of rules are built with."""

from __future__ import annotations

from datetime import date
from typing import Any

from community_ops.org.records import Position
from community_ops.plan.records import Duration, Link, Plan, Task
from community_ops.worktime.records import Calendar

MONDAY = date(2026, 3, 2)
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "17:00"),))


def launch(**fields: Any) -> Plan:
    """Return a plan called Launch that starts on a Monday."""
    return Plan(**{"id": "launch", "name": "Launch", "start": MONDAY, **fields})


def piece(id: str, days: int | None = 1, *after: str | Link, **fields: Any) -> Task:
    """Return a task of that plan, called by its id, of some days, after others."""
    length = None if days is None else Duration(days)
    links = tuple([link if isinstance(link, Link) else Link(link) for link in after])
    values = {"id": id, "name": id.capitalize(), "plan": "launch", "duration": length, "links": links}
    return Task(**{**values, **fields})


def office(**fields: Any) -> Calendar:
    """Return a calendar of five working days a week, Monday to Friday, 9 to 17."""
    return Calendar(**{"id": "office", "name": "Office", "hours": WEEK, **fields})


def lead(**fields: Any) -> Position:
    """Return a position called Lead."""
    return Position(**{"id": "lead", "title": "Lead", "unit": "hq", **fields})
