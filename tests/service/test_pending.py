from __future__ import annotations

from datetime import UTC, datetime, timedelta

from community_ops import OperatingModel
from community_ops.service import Queue, SlaPolicy, SlaTarget, Ticket, TicketEvent, backlog

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = NINE + 10 * DAY
POLICY = SlaPolicy(id="p", name="P", targets=[SlaTarget(first_response=HOUR, resolution=5 * DAY)])
CHAT, MAIL, LOST = (
    Queue(id="chat", name="Chat", unit="service", policy="p"),
    Queue(id="mail", name="Mail", unit="service"),
    Queue(id="lost", name="Lost", policy="p"),
)


def ticket(id: str, age: timedelta, *events: TicketEvent, queue: str | None = "chat") -> Ticket:
    return Ticket(id=id, subject=id, queue=queue, events=[TicketEvent("opened", NOW - age), *events])


def model(*tickets: Ticket) -> OperatingModel:
    return OperatingModel.of(POLICY, CHAT, MAIL, LOST, *tickets)


def test_open_tickets_are_counted_by_queue_and_age() -> None:
    found = backlog(
        model(
            ticket("week", 7 * DAY),
            ticket("new", HOUR),
            ticket("day", DAY),
            ticket("mail", 40 * DAY, queue="mail"),
            ticket("nowhere", HOUR, queue=None),
            ticket("gone", HOUR, queue="closed queue"),
            ticket("done", DAY, TicketEvent("resolved", NOW)),
            ticket("dropped", DAY, TicketEvent("cancelled", NOW)),
            ticket("tomorrow", -DAY),
        ),
        NOW,
    )
    assert list(found.queues) == ["chat", "mail", None]
    assert found.queues["chat"].tickets == ("week", "day", "new")
    assert found.queues["chat"].ages == (1, 1, 0, 1, 0)  # what is exactly as old as a band is in the older
    assert (found.queues["mail"].ages, found.queues["mail"].oldest) == ((0, 0, 0, 0, 1), 40 * DAY)
    assert found.queues[None].tickets == ("gone", "nowhere")
    assert len(found) == 6


def test_bands_can_be_chosen() -> None:
    found = backlog(model(ticket("a", 2 * HOUR), ticket("b", 5 * HOUR)), NOW, (3 * HOUR,))
    assert (found.bands, found.queues["chat"].ages) == ((3 * HOUR,), (1, 1))


def test_breaches_are_added_up_by_unit() -> None:
    replied = TicketEvent("public_reply", NOW)
    found = backlog(
        model(
            ticket("no reply", 2 * HOUR),
            ticket("both", 6 * DAY),
            ticket("late reply", 2 * HOUR, replied),  # broken, but no longer waited for
            ticket("fresh", HOUR / 2),
            ticket("unit-less", 2 * HOUR, queue="lost"),
            ticket("unhurried", 2 * HOUR, queue="mail"),
        ),
        NOW,
    )
    assert found.queues["chat"].breached == ("both", "no reply")
    assert dict(found.breaches_by_unit) == {"service": 2, None: 1}
    assert str(found) == "6 open, 3 of them late; next due 2026-03-12 09:30:00+00:00"
    assert str(backlog(model(), NOW)) == "0 open, 0 of them late; next due nothing"


def test_next_due_are_the_promises_not_yet_broken() -> None:
    pending = TicketEvent("pending", NOW - HOUR)
    found = backlog(
        model(
            ticket("fresh", HOUR / 2),
            ticket("old", 4 * DAY),  # its first response is late
            ticket("paused", 2 * DAY, TicketEvent("public_reply", NOW - 2 * DAY), pending),
        ),
        NOW,
    )
    assert [(one.ticket, one.target, one.due - NOW) for one in found.next_due] == [
        ("fresh", "first_response", HOUR / 2),
        ("old", "resolution", DAY),
        ("fresh", "resolution", 5 * DAY - HOUR / 2),
    ]
    assert [one.ticket for one in found.due_within(DAY)] == ["fresh", "old"]


def test_who_nobody_has_is_told() -> None:
    assigned = TicketEvent("assigned", NOW, position="agent")
    found = backlog(model(ticket("a", HOUR, assigned), ticket("b", HOUR)), NOW)
    assert found.queues["chat"].unassigned == ("b",)
