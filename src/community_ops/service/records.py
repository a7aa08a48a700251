"""The nouns of customer service: queues, what is promised in them, and tickets with their event logs.

A ticket holds what it was opened with and what has happened since, in an append-only log. Everything else - its state,
who has it, how long each clock has run - is computed from the log (see `replaying.py` and `timekeeping.py`), so that
nothing that is stored can contradict what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from attrs import field, frozen
from attrs.converters import optional

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Record, Value, at_least, ref
from community_ops.kernel.ref import Ref
from community_ops.org.records import Role, SkillLevel
from community_ops.service.demand import Demand

Priority = Literal["low", "normal", "high", "urgent"]
Promised = Literal["first_response", "next_response", "resolution"]
Pausing = Literal["pending_customer", "on_hold"]
Scale = Literal["csat", "nps", "ces"]
EventType = Literal[
    "opened", "customer_message", "public_reply", "internal_note", "assigned", "priority_changed", "policy_changed",
    "queue_changed", "pending", "on_hold", "resumed", "resolved", "reopened", "closed", "merged", "split", "cancelled",
    "rated",
]  # fmt: skip
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high", "urgent")
"""From the least to the most pressing."""
RATINGS: Mapping[str, tuple[int, int]] = MappingProxyType({"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)})
"""The lowest and the highest rating of each scale."""


@frozen(kw_only=True)
class Queue(Record):
    """Where tickets wait for the people of a unit.

    Attributes:
        name: what it is called.
        unit: the unit whose positions work on it.
        lead: the position that leads it.
        calendar: when it is served.
        policy: what is promised to those whose tickets are in it; None for nothing.
        skills: what those who work on it need to be able to do.
        cap: how many open tickets one person can have at a time; None for no limit.
        demand: what comes in, for staffing; None where that is not known.
        description: what it is for.

    Example:
        >>> Queue(id="chat", name="Live chat", unit="customer-service", lead="service-lead", calendar="service")
        Queue(id='chat', name='Live chat', unit='customer-service', lead='service-lead', calendar='service')
    """

    kind_name: ClassVar[str] = "queue"
    table_name: ClassVar[str] = "queues"

    name: str
    unit: str | None = field(default=None, metadata=ref("unit", "served by", inverse="serves"))
    lead: str | None = field(default=None, metadata=ref("position", "led by", inverse="leads"))
    calendar: str | None = field(default=None, metadata=ref("calendar", "served by", inverse="service hours of"))
    policy: str | None = field(default=None, metadata=ref("sla_policy", "promises", inverse="promised in"))
    skills: tuple[SkillLevel, ...] = ()
    cap: int | None = field(default=None, metadata=at_least(0))
    demand: Demand | None = None
    description: str = ""


@frozen(kw_only=True)
class SlaTarget(Value):
    """What is promised for tickets of a kind and a priority, in the working time of the policy.

    Attributes:
        kind: the kind of ticket; None for every kind.
        priority: the priority; None for every priority.
        first_response: within what time a ticket gets its first reply from a person; None for no promise.
        next_response: within what time each further message of the customer is replied to.
        resolution: within what time it is resolved.

    Example:
        >>> SlaTarget(kind="complaint", first_response=timedelta(minutes=30), resolution=timedelta(hours=24)).kind
        'complaint'
    """

    kind: str | None = None
    priority: Priority | None = None
    first_response: timedelta | None = None
    next_response: timedelta | None = None
    resolution: timedelta | None = None

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        for name in ("first_response", "next_response", "resolution"):
            length = getattr(self, name)
            if length is not None and length <= timedelta():
                yield name, f"must be more than nothing, got {length}"


@frozen
class Recipient(Value):
    """Who is told when a ticket is escalated.

    Attributes:
        kind: `manager` is so many steps up the solid reporting line from who has the ticket, or from the queue's lead
            where nobody has it; `functional` the other end of the functional line from there; `position` a certain
            position; `role` whoever has a role for the queue; `queue_lead` the lead of the queue.
        steps: for a manager, how many steps up; where the line ends before, it is the position at its top.
        position: the position, for that kind alone.
        role: the role, for that kind alone.

    Example:
        >>> Recipient("manager", steps=2), Recipient("position", position="coo")
        (Recipient(steps=2), Recipient(kind='position', position='coo'))
    """

    kind: Literal["manager", "functional", "position", "role", "queue_lead"] = "manager"
    steps: int = field(default=1, metadata=at_least(1))
    position: str | None = field(default=None, metadata=ref("position", "escalates to", inverse="is escalated to by"))
    role: Role | None = None

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        for name in ("position", "role"):
            given = getattr(self, name) is not None
            if self.kind == name and not given:
                yield name, f"must be given for recipients of kind {name!r}"
            elif self.kind != name and given:
                yield name, f"is for recipients of kind {name!r} alone; this one is {self.kind!r}"


@frozen(kw_only=True)
class EscalationLevel(Value):
    """When somebody else hears of a ticket, who, and to do what.

    Attributes:
        target: the promise that is in danger.
        percent: how much of the promised time has passed then; 100 at the due time, more after it.
        offset: in place of `percent`, working time after the due time; less than nothing for a time before it.
        recipient: who is told.
        action: what they are to do.
        kind: the kind of ticket it is for; None for every kind.

    Example:
        >>> EscalationLevel(target="resolution", percent=50, recipient=Recipient("queue_lead")).percent
        Decimal('50')
    """

    target: Promised
    percent: Decimal | None = field(default=None, converter=optional(exact), metadata=at_least(0))
    offset: timedelta | None = None
    recipient: Recipient = Recipient()
    action: str = ""
    kind: str | None = None

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if (self.percent is None) == (self.offset is None):
            yield "percent", "either this or an offset must be given, not both"


@frozen(kw_only=True)
class SlaPolicy(Record):
    """What is promised to customers, or by one team to another, and what happens when it is in danger.

    Of several targets that fit a ticket, one for its kind and priority goes before one for its kind, that before one
    for its priority, and that before one for all. A policy without targets promises nothing, which is fine.

    Attributes:
        name: what it is called.
        calendar: the working time in which targets are counted; None for around the clock.
        targets: what is promised.
        first_response_pauses: the states in which the clock of the first response stands still.
        next_response_pauses: the same for the next response.
        resolution_pauses: the same for the resolution.
        counts_from: whether its clocks count from when a ticket was opened or the customer wrote, or, as in an
            operational agreement between teams, from when the policy came into force for the ticket if that was later.
        resolved_unanswered: what resolving a ticket does to a message without a reply: it cancels the response, or
            counts as one.
        reopening: what happens to a ticket that is taken up again: its resolution clock resumes, without the time it
            was resolved or closed; a new cycle starts; or, once it is closed, it is not taken up again, and a message
            belongs in a new ticket.
        escalations: who is told, when.
        csat_target: the satisfaction to be reached, in percent of ratings that are 4 or 5; None for none.
        owner: the position accountable for it.
        description: what it is for.

    Example:
        >>> day = SlaTarget(resolution=timedelta(hours=8))
        >>> SlaPolicy(id="standard", name="Service standard", calendar="service", targets=[day]).reopening
        'resume'
    """

    kind_name: ClassVar[str] = "sla_policy"
    table_name: ClassVar[str] = "sla_policies"
    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "resolution_pauses": {"examples": [["pending_customer", "on_hold"]]}  # not what it is anyway
    }

    name: str
    calendar: str | None = field(default=None, metadata=ref("calendar", "counts in", inverse="working time of"))
    targets: tuple[SlaTarget, ...] = ()
    first_response_pauses: tuple[Pausing, ...] = ("on_hold",)
    next_response_pauses: tuple[Pausing, ...] = ()
    resolution_pauses: tuple[Pausing, ...] = ("pending_customer",)
    counts_from: Literal["creation", "change"] = "creation"
    resolved_unanswered: Literal["cancels", "answers"] = "cancels"
    reopening: Literal["resume", "new_cycle", "new_ticket"] = "resume"
    escalations: tuple[EscalationLevel, ...] = ()
    csat_target: Decimal | None = field(default=None, converter=optional(exact), metadata=at_least(0))
    owner: str | None = field(default=None, metadata=ref("position", "owned by", inverse="accountable for"))
    description: str = ""

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if self.csat_target is not None and self.csat_target > 100:
            yield "csat_target", f"must be at most 100, got {self.csat_target}"


OWN_DATA: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "public_reply": ("automatic",),
        "assigned": ("position",),
        "priority_changed": ("priority",),
        "policy_changed": ("policy",),
        "queue_changed": ("queue",),
        "merged": ("into",),
        "split": ("split_off",),
        "rated": ("scale", "rating"),
    }
)
"""What each type of event has to say, beside its text."""
_NEEDED = frozenset({"priority", "into", "split_off", "scale", "rating"})
EVENT_DATA: tuple[str, ...] = tuple([name for own in OWN_DATA.values() for name in own])
"""The fields of which each belongs to events of one type."""


@frozen
class TicketEvent(Value):
    """Something that happened to a ticket.

    Each type has its own data and no other: an assignment its position, a change what it changed to, a merger the
    ticket merged into, a split the ticket split off, a rating its scale and number.

    Attributes:
        type: what happened.
        at: when.
        actor: who did it: a person, a position, or a record of an application's own; None where that is not known.
        text: what was written, or why it was done.
        automatic: whether a reply was sent by a program, which answers nobody.
        position: who has the ticket from then on; None for nobody.
        priority: the new priority.
        policy: the policy from then on; None for that of the queue.
        queue: the queue from then on; None for none.
        into: the ticket it was merged into.
        split_off: the ticket that was made of a part of it.
        scale: what was asked: satisfaction (CSAT, 1 to 5), recommendation (NPS, 0 to 10) or effort (CES, 1 to 7).
        rating: the customer's answer.

    Example:
        >>> from datetime import timezone
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> TicketEvent("assigned", nine, position="service-agent").position
        'service-agent'
    """

    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {"type": {"examples": ["customer_message"]}}

    type: EventType
    at: datetime
    actor: Ref | None = field(default=None, metadata=ref(None, "done by", inverse="did", historic=True))
    text: str = ""
    automatic: bool = False
    position: str | None = field(
        default=None, metadata=ref("position", "assigned to", inverse="is assigned", historic=True)
    )
    priority: Priority | None = None
    policy: str | None = field(
        default=None, metadata=ref("sla_policy", "came under", inverse="came to govern", historic=True)
    )
    queue: str | None = field(default=None, metadata=ref("queue", "moved to", inverse="was given", historic=True))
    into: str | None = field(default=None, metadata=ref("ticket", "merged into", acyclic=True, inverse="took in"))
    split_off: str | None = field(default=None, metadata=ref("ticket", "split off", inverse="comes from"))
    scale: Scale | None = None
    rating: int | None = None

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        own = OWN_DATA.get(self.type, ())
        for name in EVENT_DATA:
            value = getattr(self, name)
            if name in own:
                if name in _NEEDED and value is None:
                    yield name, f"must be given in an event of type {self.type}"
            elif value is not None and value is not False:
                yield name, f"does not belong in an event of type {self.type}"
        if self.scale is not None and self.rating is not None:
            lowest, highest = RATINGS[self.scale]
            if not lowest <= self.rating <= highest:
                yield "rating", f"must be from {lowest} to {highest} for {self.scale}, got {self.rating}"


@frozen(kw_only=True)
class Ticket(Record):
    """Something a customer wants, from the first message to the last.

    What it was opened with stands in its fields; what became of it follows from its events.

    Attributes:
        subject: what it is about, in a line.
        kind: what sort of request it is: `inquiry`, `technical`, `after_sales`, `complaint`, or a word of your own.
        priority: how pressing it was when it was opened.
        customer: who it is for, by a name or number of the application's own.
        channel: where it came from: the name of a platform.
        queue: the queue it was opened in.
        policy: the policy it was opened under; None for that of its queue.
        requester: the record of whoever asked, where there is one: a person or position of the organisation itself.
        related: records it has to do with.
        tags: words to find it by.
        events: what has happened, in order; the first says when it was opened.

    Example:
        >>> from datetime import timezone
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> Ticket(id="t1", subject="Cannot log in", kind="technical", events=[TicketEvent("opened", nine)]).priority
        'normal'
    """

    kind_name: ClassVar[str] = "ticket"
    table_name: ClassVar[str] = "tickets"
    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {"kind": {"examples": ["technical"]}}

    subject: str
    kind: str = "inquiry"
    priority: Priority = "normal"
    customer: str = ""
    channel: str = ""
    queue: str | None = field(default=None, metadata=ref("queue", "waits in", inverse="holds"))
    policy: str | None = field(default=None, metadata=ref("sla_policy", "falls under", inverse="governs"))
    requester: Ref | None = field(default=None, metadata=ref(None, "requested by", inverse="requested"))
    related: tuple[Ref, ...] = field(default=(), metadata=ref(None, "has to do with", inverse="subject of"))
    tags: tuple[str, ...] = ()
    events: tuple[TicketEvent, ...] = ()
