"""What a ticket has come to, and one more event at the end of its log."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from community_ops.errors import IllegalTransition, NotAnInstant, UnknownRecord
from community_ops.service import TicketState, clock, record_event, replay
from tests.service.logs import HOUR, desk, event, policy, ticket, z

LOG = (
    "09:00 opened",
    event("09:10 assigned", position="agent"),
    "09:20 public_reply",
    event("09:30 priority_changed", priority="urgent"),
    event("09:40 queue_changed", queue="r"),
    event("09:50 assigned", position="expert"),
    "10:00 resolved",
    "10:10 customer_message",
    "10:20 pending",
    event("10:30 merged", into="t2"),
)
MODEL = desk(policy(calendar="daily", first_response=HOUR), ticket(*LOG))


def test_a_replay_tells_all_that_a_ticket_has_come_to() -> None:
    assert replay(MODEL, "t") == TicketState(
        ticket="t",
        state="merged",
        since=z("10:30"),
        opened=z("09:00"),
        assignee="expert",
        assigned=z("09:50"),
        priority="urgent",
        policy=None,  # there is no queue r
        queue="r",
        replied=z("09:20"),
        reopened=1,
        merged_into="t2",
        events=10,
    )


def test_a_replay_stops_at_the_instant_it_is_asked_for() -> None:
    found = replay(MODEL, "t", z("09:05"))
    assert found is not None
    assert (found.state, found.assignee, found.assigned, found.replied, found.events) == ("new", None, None, None, 1)
    assert (found.priority, found.policy, found.queue, found.reopened) == ("normal", "p", "q", 0)
    states = {"09:09": "new", "09:10": "open", "10:00": "resolved", "10:10": "open", "10:20": "pending_customer"}
    for at, state in states.items():
        found = replay(MODEL, "t", z(at))
        assert found is not None
        assert found.state == state == clock(MODEL, "t", z(at)).state


def test_instants_are_on_the_clocks_of_the_policys_calendar() -> None:
    found = replay(MODEL, "t", z("09:05"))
    assert found is not None
    assert str(found.opened) == "2013-06-04 11:00:00+02:00"
    on_the_day_after = replay(MODEL, "t", date(2013, 6, 5))
    assert on_the_day_after is not None
    assert on_the_day_after.state == "merged"


def test_nobody_has_a_ticket_that_was_given_back() -> None:
    model = desk(ticket("09:00 opened", event("09:10 assigned", position="agent"), "09:20 assigned"))
    found = replay(model, "t")
    assert found is not None
    assert (found.state, found.assignee, found.assigned) == ("open", None, None)


def test_a_ticket_that_is_not_opened_has_come_to_nothing() -> None:
    assert replay(MODEL, "t", z("08:59")) is None
    assert replay(MODEL, "t", date(2013, 6, 4)) is None
    assert replay(desk(ticket()), "t") is None


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(UnknownRecord):
        replay(MODEL, "nobody")
    with pytest.raises(NotAnInstant):
        replay(MODEL, "t", datetime(2013, 6, 4, 12))
    with pytest.raises(IllegalTransition, match=r"'t': 'closed' at events\[1\] is not possible in 'new'"):
        replay(desk(ticket("09:00 opened", "09:10 closed")), "t")


def test_one_more_event_makes_a_longer_log_and_leaves_the_model() -> None:
    model = desk(policy(), ticket("09:00 opened"))
    longer = record_event(model, "t", event("09:10 assigned", position="agent"))
    assert [one.type for one in longer.events] == ["opened", "assigned"]
    assert [one.type for one in model.tickets["t"].events] == ["opened"]
    assert [one.type for one in record_event(desk(ticket()), "t", event("09:00 opened")).events] == ["opened"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("09:20 opened", "only 'internal_note'"),
        ("09:20 closed", "only 'internal_note'"),
        ("09:09 resolved", "it comes before the event in front of it"),
    ],
)
def test_an_event_that_does_not_fit_is_not_recorded(line: str, reason: str) -> None:
    model = desk(policy(), ticket("09:00 opened", "09:10 assigned"))
    with pytest.raises(IllegalTransition, match=reason) as caught:
        record_event(model, "t", event(line))
    assert (caught.value.id, caught.value.place) == ("t", 2)


def test_nothing_is_recorded_for_a_ticket_that_is_merged_or_not_there() -> None:
    with pytest.raises(IllegalTransition, match=r"'internal_note' at events\[10\] is not possible in 'merged'"):
        record_event(MODEL, "t", event("11:00 internal_note"))
    with pytest.raises(IllegalTransition, match="in 'merged'"):
        record_event(MODEL, "t", event("11:00 customer_message"))
    with pytest.raises(UnknownRecord):
        record_event(MODEL, "t2", event("11:00 opened"))
