"""What the examples beside several modules of rules are built with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from community_ops.kernel.record import Record
from community_ops.org.records import Assignment, Person, Position, Unit
from community_ops.service.records import Queue, SlaPolicy, SlaTarget, Ticket, TicketEvent
from community_ops.worktime.records import Calendar
from community_ops.worktime.windows import DAYS

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning."""
HOUR = timedelta(hours=1)


def hours(**fields: Any) -> Calendar:
    """Return a calendar that is open every day from 9 to 21, UTC."""
    return Calendar(
        **{"id": "service", "name": "Service hours", "hours": dict.fromkeys(DAYS, (("09:00", "21:00"),))} | fields
    )


def promise(**fields: Any) -> SlaPolicy:
    """Return a policy that promises a reply in one hour and a resolution in eight, around the clock."""
    targets = (SlaTarget(first_response=HOUR, next_response=4 * HOUR, resolution=8 * HOUR),)
    return SlaPolicy(**{"id": "standard", "name": "Standard", "targets": targets} | fields)


def chat(**fields: Any) -> Queue:
    """Return a queue that lacks nothing but what is overridden."""
    served: dict[str, Any] = {"unit": "help", "lead": "lead", "calendar": "service", "policy": "standard"}
    return Queue(**{"id": "chat", "name": "Chat", **served, **fields})


def team(*more: Record) -> list[Record]:
    """Return a team with a lead and an agent who hold their positions, its calendar and policy, and more."""
    unit = Unit(id="help", name="Help desk", heads=("lead",))
    lead = Position(id="lead", title="Lead", unit="help")
    agent = Position(id="agent", title="Agent", unit="help", reports_to="lead")
    people = [Person(id="ann", name="Ann"), Person(id="ben", name="Ben")]
    held = [
        Assignment(id="a1", person="ann", position="lead"),
        Assignment(id="a2", person="ben", position="agent"),
    ]
    return [unit, lead, agent, *people, *held, hours(), promise(), *more]


def ticket(*events: TicketEvent, id: str = "t1", **fields: Any) -> Ticket:
    """Return a ticket in the chat that was opened on Monday at nine, with what happened since."""
    log = (TicketEvent("opened", NINE), *events)
    return Ticket(**{"id": id, "subject": f"Question {id}", "queue": "chat", "events": log} | fields)


def event(type: Any, hour: float = 1, **data: Any) -> TicketEvent:
    """Return an event some hours after Monday at nine."""
    return TicketEvent(type, NINE + hour * HOUR, **data)


def taken(hour: float = 0) -> TicketEvent:
    """Return that the agent took a ticket."""
    return event("assigned", hour, position="agent")
