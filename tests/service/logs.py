"""Logs of tickets in a line each, and the calendars and policies that several tests share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from community_ops import Calendar, OperatingModel
from community_ops.service import Queue, SlaPolicy, SlaTarget, Ticket, TicketEvent

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY = Calendar(id="daily", timezone="Europe/Berlin", hours=dict.fromkeys(WEEK, (("09:00", "18:00"),)))
DAY = datetime(2013, 6, 4, tzinfo=UTC)
"""A Tuesday, on which Berlin is two hours ahead."""


def z(clock: str, day: int = 0) -> datetime:
    """Return an instant by the clocks of UTC on `DAY`, or so many days later."""
    hours, minutes, *seconds = map(int, clock.split(":"))
    return DAY + timedelta(days=day, hours=hours, minutes=minutes, seconds=sum(seconds))


def event(line: str, **own: Any) -> TicketEvent:
    """Return an event of a line such as `"09:00 assigned"` or, on the day after, `"+1 09:00 assigned"`."""
    *day, clock, type = line.split()
    return TicketEvent(type, z(clock, int(day[0]) if day else 0), **own)  # type: ignore[arg-type]


def ticket(*happened: str | TicketEvent, id: str = "t", **fields: Any) -> Ticket:
    """Return a ticket with a log of lines, or of events where they have more to say."""
    events = [one if isinstance(one, TicketEvent) else event(one) for one in happened]
    return Ticket(id=id, subject="?", events=events, **{"queue": "q", **fields})


def policy(id: str = "p", **fields: Any) -> SlaPolicy:
    """Return a policy; lengths of time that it promises may be given as fields of its own."""
    lengths = {name: fields.pop(name) for name in ("first_response", "next_response", "resolution") if name in fields}
    targets = (*fields.pop("targets", ()), *([SlaTarget(**lengths)] if lengths else []))
    return SlaPolicy(id=id, name=id, targets=targets, **fields)


def desk(*records: Any) -> OperatingModel:
    """Return a model with a queue whose policy is `p`."""
    return OperatingModel.of(Queue(id="q", name="Q", policy="p"), DAILY, *records)
