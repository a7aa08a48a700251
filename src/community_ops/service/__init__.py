"""Customer service: queues, tickets with their clocks, escalation, routing and staffing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_ops.kernel.late import late_names
from community_ops.service.demand import Demand, Volume
from community_ops.service.records import (
    EscalationLevel,
    Queue,
    Recipient,
    SlaPolicy,
    SlaTarget,
    Ticket,
    TicketEvent,
)

if TYPE_CHECKING:
    from community_ops.kernel.late import Lister, Loader
    from community_ops.service import staffing
    from community_ops.service.escalating import Escalation, Escalations, escalations
    from community_ops.service.merging import merge_tickets, root_of, split_ticket
    from community_ops.service.pending import Backlog, Due, QueueBacklog, backlog
    from community_ops.service.presets import STANDARD_ESCALATIONS, STANDARD_TARGETS, standard_policy
    from community_ops.service.rating import Attainment, Satisfaction, satisfaction, satisfaction_by
    from community_ops.service.replaying import TicketState, record_event, replay
    from community_ops.service.routing import Candidate, Routing, route
    from community_ops.service.timekeeping import ClockCycle, Clocks, Resolved, TicketClock, clock, clocks
    from community_ops.service.workloads import Loads, loads


__all__ = [
    "STANDARD_ESCALATIONS",
    "STANDARD_TARGETS",
    "Attainment",
    "Backlog",
    "Candidate",
    "ClockCycle",
    "Clocks",
    "Demand",
    "Due",
    "Escalation",
    "EscalationLevel",
    "Escalations",
    "Loads",
    "Queue",
    "QueueBacklog",
    "Recipient",
    "Resolved",
    "Routing",
    "Satisfaction",
    "SlaPolicy",
    "SlaTarget",
    "Ticket",
    "TicketClock",
    "TicketEvent",
    "TicketState",
    "Volume",
    "backlog",
    "clock",
    "clocks",
    "escalations",
    "loads",
    "merge_tickets",
    "record_event",
    "replay",
    "root_of",
    "route",
    "satisfaction",
    "satisfaction_by",
    "split_ticket",
    "staffing",
    "standard_policy",
]

# The verbs are loaded when first asked for: a program that only loads and edits records never pays for them.
_VERBS = {
    "STANDARD_ESCALATIONS": "presets",
    "STANDARD_TARGETS": "presets",
    "Attainment": "rating",
    "Backlog": "pending",
    "Candidate": "routing",
    "ClockCycle": "timekeeping",
    "Clocks": "timekeeping",
    "Due": "pending",
    "Escalation": "escalating",
    "Escalations": "escalating",
    "Loads": "workloads",
    "QueueBacklog": "pending",
    "Resolved": "timekeeping",
    "Routing": "routing",
    "Satisfaction": "rating",
    "TicketClock": "timekeeping",
    "TicketState": "replaying",
    "backlog": "pending",
    "clock": "timekeeping",
    "clocks": "timekeeping",
    "escalations": "escalating",
    "loads": "workloads",
    "merge_tickets": "merging",
    "record_event": "replaying",
    "replay": "replaying",
    "root_of": "merging",
    "route": "routing",
    "satisfaction": "rating",
    "satisfaction_by": "rating",
    "split_ticket": "merging",
    "staffing": ".",
    "standard_policy": "presets",
}

__getattr__: Loader
__dir__: Lister
__getattr__, __dir__ = late_names(__name__, _VERBS, __all__)
