"""Queues, policies and tickets: what goes in comes back from JSON the same, and what has no meaning is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest

import community_ops as co
from community_ops import InvalidRecord, OperatingModel, Ref
from community_ops.org.records import SkillLevel
from community_ops.service import (
    Demand,
    EscalationLevel,
    Queue,
    Recipient,
    SlaPolicy,
    SlaTarget,
    Ticket,
    TicketEvent,
    Volume,
)
from community_ops.service.records import RATINGS, EventType

AT = datetime(2026, 3, 2, 9, 30, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWN: dict[str, dict[str, Any]] = {
    "public_reply": {"automatic": True},
    "assigned": {"position": "agent"},
    "priority_changed": {"priority": "high"},
    "policy_changed": {"policy": "gold"},
    "queue_changed": {"queue": "chat"},
    "merged": {"into": "t2"},
    "split": {"split_off": "t3"},
    "rated": {"scale": "nps", "rating": 0},
}
"""What each type of event may say beside its text."""
MAY_LACK = {"public_reply", "assigned", "policy_changed", "queue_changed"}
TYPES = get_args(EventType)
QUEUE = Queue(
    id="chat",
    name="Live chat",
    unit="service",
    lead="lead",
    calendar="shop",
    policy="gold",
    skills=(SkillLevel("chinese", 2),),
    cap=5,
    demand=Demand(
        live=False,
        handling=timedelta(minutes=5),
        concurrency=3,
        volumes=(Volume(36), Volume(Decimal("0.5"), "09:00", "24:00", ("sat", "sun"))),
        answer_within=timedelta(),
        service_level=Decimal("0.999"),
        patience=timedelta(minutes=3),
        occupancy=Decimal(1),
        shrinkage=Decimal(0),
    ),
    description="For members.",
    extra={"colour": "red"},
)
POLICY = SlaPolicy(
    id="gold",
    name="Gold",
    calendar="shop",
    targets=(
        SlaTarget(
            kind="complaint", priority="urgent", first_response=HOUR, next_response=2 * HOUR, resolution=3 * HOUR
        ),
        SlaTarget(),
    ),
    first_response_pauses=("pending_customer", "on_hold"),
    next_response_pauses=("pending_customer",),
    resolution_pauses=(),
    counts_from="change",
    resolved_unanswered="answers",
    reopening="new_cycle",
    escalations=(
        EscalationLevel(target="resolution", percent=Decimal("87.5"), recipient=Recipient("manager", steps=2)),
        EscalationLevel(target="next_response", offset=-HOUR, recipient=Recipient("position", position="coo")),
        EscalationLevel(
            target="first_response", offset=HOUR, recipient=Recipient("role", role="accountable"), action="Call."
        ),
        EscalationLevel(target="resolution", percent=0, recipient=Recipient("queue_lead"), kind="complaint"),
        EscalationLevel(target="resolution", percent=100, recipient=Recipient("functional")),
    ),
    csat_target=Decimal(100),
    owner="coo",
    description="For members.",
)
TICKET = Ticket(
    id="t",
    subject="Cannot log in",
    kind="technical",
    priority="urgent",
    customer="0042",
    channel="WeChat",
    queue="chat",
    policy="gold",
    requester=Ref("person", "li"),
    related=(Ref("queue", "chat"), Ref("ticket", "t2")),
    tags=("app", "登录"),
    events=tuple([TicketEvent(type, AT, Ref("person", "li"), "Why.", **OWN.get(type, {})) for type in TYPES]),
)


def loads(**tables: Any) -> OperatingModel:
    return co.loads(json.dumps({"format": "community-ops", "version": 1, **tables}))


def complaints(**tables: Any) -> list[tuple[str, str]]:
    with pytest.raises(co.errors.InvalidDocument) as caught:
        loads(**tables)
    return [(problem.code, problem.pointer) for problem in caught.value.problems]


def test_every_field_comes_back_from_json() -> None:
    model = OperatingModel.of(QUEUE, POLICY, TICKET)
    again = co.loads(co.dumps(model))
    assert again == model
    assert (again.queues["chat"], again.sla_policies["gold"], again.tickets["t"]) == (QUEUE, POLICY, TICKET)


def test_what_is_left_out_promises_nothing_and_says_nothing() -> None:
    model = loads(queues=[{"id": "q", "name": "Q"}], sla_policies=[{"id": "p", "name": "P"}], tickets=[
        {"id": "t", "subject": "?"}
    ])  # fmt: skip
    queue, policy, ticket = model.queues["q"], model.sla_policies["p"], model.tickets["t"]
    assert (queue.unit, queue.lead, queue.calendar, queue.policy, queue.cap, queue.demand) == (None,) * 6
    assert (policy.calendar, policy.targets, policy.escalations, policy.csat_target) == (None, (), (), None)
    assert (ticket.queue, ticket.policy, ticket.events, ticket.kind, ticket.priority) == (
        None,
        None,
        (),
        "inquiry",
        "normal",
    )


# -- events --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type", TYPES)
def test_an_event_says_what_its_type_has_to_say_and_nothing_else(type: EventType) -> None:
    own = OWN.get(type, {})
    assert TicketEvent(type, AT, **own).type == type
    for other, fields in OWN.items():
        for name, value in fields.items():
            if other != type:
                with pytest.raises(InvalidRecord, match=f"{name} does not belong in an event of type {type}"):
                    TicketEvent(type, AT, **own, **{name: value})


@pytest.mark.parametrize("type", TYPES)
def test_an_event_lacks_only_what_may_be_lacking(type: EventType) -> None:
    for name in OWN.get(type, {}):
        rest = {key: value for key, value in OWN[type].items() if key != name}
        if type in MAY_LACK:
            assert TicketEvent(type, AT, **rest).type == type
        else:
            with pytest.raises(InvalidRecord, match=f"{name} must be given in an event of type {type}"):
                TicketEvent(type, AT, **rest)


@pytest.mark.parametrize(("scale", "lowest", "highest"), [("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7)])
def test_a_rating_is_on_its_scale(scale: Any, lowest: int, highest: int) -> None:
    assert RATINGS[scale] == (lowest, highest)
    for rating in range(lowest - 2, highest + 3):
        if lowest <= rating <= highest:
            assert TicketEvent("rated", AT, scale=scale, rating=rating).rating == rating
        else:
            with pytest.raises(InvalidRecord, match=f"rating must be from {lowest} to {highest} for {scale}, got"):
                TicketEvent("rated", AT, scale=scale, rating=rating)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"at": datetime(2026, 3, 2, 9)}, "at must name its time zone"),
        ({"at": "2026-03-02T09:00:00Z"}, "at must be"),
        ({"type": "exploded"}, "type must be one of opened, customer_message"),
        ({"type": "rated", "scale": "stars", "rating": 5}, "scale must be one of csat, nps, ces"),
        ({"type": "rated", "scale": "csat", "rating": 4.5}, "rating must be"),
        ({"type": "rated", "scale": "csat", "rating": True}, "rating must be"),
        ({"type": "priority_changed", "priority": "panic"}, "priority must be one of low, normal, high, urgent"),
        ({"actor": "li"}, "actor must be"),
    ],
)
def test_an_event_without_meaning_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRecord, match=message):
        TicketEvent(**{"type": "opened", "at": AT, **fields})


# -- the rest ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Volume(-1), "contacts must be at least 0, got -1"),
        (lambda: Volume(1, "9:00"), "start must be a whole hour from '00:00' to '23:00', got '9:00'"),
        (lambda: Volume(1, "24:00"), "start must be a whole hour from '00:00' to '23:00'"),
        (lambda: Volume(1, "09:30"), "start must be a whole hour"),
        (lambda: Volume(1, "٠٩:00"), "start must be a whole hour"),
        (lambda: Volume(1, "09:00", "25:00"), "end must be a whole hour from '00:00' to '24:00', got '25:00'"),
        (lambda: Volume(1, days=("monday",)), "days"),  # type: ignore[arg-type]
        (lambda: Demand(handling=timedelta()), "handling must be more than nothing, got 0:00:00"),
        (lambda: Demand(handling=HOUR, patience=-HOUR), "patience must be more than nothing"),
        (lambda: Demand(handling=HOUR, concurrency=0), "concurrency must be at least 1, got 0"),
        (lambda: Demand(handling=HOUR, answer_within=-HOUR), "answer_within must be at least nothing"),
        (lambda: Demand(handling=HOUR, service_level=1), "service_level must be below 1, got 1"),  # type: ignore[arg-type]
        (lambda: Demand(handling=HOUR, service_level=Decimal("-0.1")), "service_level must be at least 0"),
        (lambda: Demand(handling=HOUR, shrinkage=Decimal(1)), "shrinkage must be below 1, got 1"),
        (lambda: Demand(handling=HOUR, occupancy=Decimal(0)), "occupancy must be above 0 and at most 1, got 0"),
        (lambda: Demand(handling=HOUR, occupancy=Decimal("1.01")), "occupancy must be above 0 and at most 1"),
        (lambda: Queue(id="q", name="Q", cap=-1), "cap must be at least 0, got -1"),
        (lambda: SlaTarget(first_response=timedelta()), "first_response must be more than nothing"),
        (lambda: SlaTarget(next_response=-HOUR), "next_response must be more than nothing"),
        (lambda: SlaTarget(resolution=-HOUR), "resolution must be more than nothing"),
        (lambda: SlaTarget(priority="p1"), "priority must be one of"),  # type: ignore[arg-type]
        (lambda: Recipient(steps=0), "steps must be at least 1, got 0"),
        (lambda: Recipient("position"), "position must be given for recipients of kind 'position'"),
        (lambda: Recipient("role"), "role must be given for recipients of kind 'role'"),
        (
            lambda: Recipient(position="coo"),
            "position is for recipients of kind 'position' alone; this one is 'manager'",
        ),
        (lambda: Recipient("queue_lead", role="accountable"), "role is for recipients of kind 'role' alone"),
        (lambda: EscalationLevel(target="resolution"), "percent either this or an offset must be given, not both"),
        (lambda: EscalationLevel(target="resolution", percent=50, offset=HOUR), "percent either this or an offset"),
        (lambda: EscalationLevel(target="resolution", percent=-1), "percent must be at least 0, got -1"),
        (lambda: EscalationLevel(target="reply", percent=1), "target must be one of first_response"),  # type: ignore[arg-type]
        (lambda: SlaPolicy(id="p", name="P", csat_target=101), "csat_target must be at most 100, got 101"),
        (lambda: SlaPolicy(id="p", name="P", csat_target=-1), "csat_target must be at least 0, got -1"),
        (lambda: SlaPolicy(id="p", name="P", reopening="never"), "reopening must be one of"),  # type: ignore[arg-type]
        (lambda: SlaPolicy(id="p", name="P", resolution_pauses=("resolved",)), "resolution_pauses"),  # type: ignore[arg-type]
        (lambda: Ticket(id="t", subject=None), "subject must be text"),  # type: ignore[arg-type]
        (lambda: Ticket(id="t", subject="?", priority="p1"), "priority must be one of"),  # type: ignore[arg-type]
    ],
)
def test_what_has_no_meaning_is_refused(make: Any, message: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        make()
    assert message in str(caught.value)


def test_a_document_says_everything_that_is_wrong_in_it_and_where() -> None:
    instant = "2026-03-02T09:00:00Z"
    found = complaints(
        tickets=[
            {
                "id": "t",
                "subject": "?",
                "events": [
                    {"type": "opened", "at": "2026-03-02T09:00:00"},
                    {"type": "rated", "at": instant, "scale": "csat", "rating": 6},
                    {"type": "exploded", "at": instant},
                    {"type": "assigned", "at": instant, "queue": "q"},
                    {"type": "merged", "at": instant},
                    {"type": "resolved", "at": instant, "state": "resolved"},
                ],
            }
        ],
        sla_policies=[
            {
                "id": "p",
                "name": "P",
                "targets": [{"resolution": "PT0S"}],
                "escalations": [{"target": "resolution", "percent": "50", "recipient": {"kind": "position"}}],
            }
        ],
        queues=[{"id": "q", "name": "Q", "demand": {"handling": "PT5M", "volumes": [{"contacts": "1", "end": "9"}]}}],
    )
    assert sorted(found) == [
        ("bad-choice", "/tickets/0/events/2/type"),
        ("bad-date", "/tickets/0/events/0/at"),
        ("no-meaning", "/queues/0/demand/volumes/0/end"),
        ("no-meaning", "/sla_policies/0/escalations/0/recipient/position"),
        ("no-meaning", "/sla_policies/0/targets/0/resolution"),
        ("no-meaning", "/tickets/0/events/1/rating"),
        ("no-meaning", "/tickets/0/events/3/queue"),
        ("no-meaning", "/tickets/0/events/4/into"),
        ("unknown-key", "/tickets/0/events/5/state"),
    ]


def test_a_ticket_holds_neither_its_state_nor_who_has_it_nor_a_clock() -> None:
    for name in ("state", "assignee", "due", "breached", "paused"):
        assert complaints(tickets=[{"id": "t", "subject": "?", name: None}]) == [("unknown-key", f"/tickets/0/{name}")]


def test_what_an_event_points_at_counts_as_a_reference_of_its_ticket() -> None:
    events = [
        TicketEvent("opened", AT, Ref("ticket", "t3")),
        TicketEvent("queue_changed", AT, queue="chat"),
        TicketEvent("policy_changed", AT, policy="gold"),
        TicketEvent("merged", AT, into="t2"),
    ]
    model = OperatingModel.of(
        QUEUE, POLICY, Ticket(id="t", subject="?", events=events),
        Ticket(id="t2", subject="?"), Ticket(id="t3", subject="?"),
    )  # fmt: skip
    for ref in (Ref("queue", "chat"), Ref("sla_policy", "gold"), Ref("ticket", "t2"), Ref("ticket", "t3")):
        assert "t" in [record.id for record in model.referrers(ref)]
    renamed = model.rename(Ref("queue", "chat"), "live")
    assert renamed.tickets["t"].events[1].queue == "live"
