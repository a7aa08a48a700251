"""Nothing that is drawn of the built-in kinds is thrown away, and what goes into models is plausible."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import OperatingModel
from community_ops.service import Ticket, TicketEvent, replay
from community_ops.strategies import meanings, models, records, shaping
from community_ops.strategies.shaping import Sort, instances

ROOM = "community_ops.service.records"
EVENTS = instances(TicketEvent, Sort(draft=False, kinds=("unit",)))
KINDS = [kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls.__module__ == ROOM]


@pytest.mark.parametrize("cls", KINDS)
def test_no_record_of_the_service_room_is_thrown_away(cls: type, monkeypatch: pytest.MonkeyPatch) -> None:
    def thrown() -> None:
        raise AssertionError("an example was given up")

    monkeypatch.setattr(shaping, "reject", thrown)

    @given(records(cls))
    @settings(max_examples=100)
    def look(record: Any) -> None:
        assert isinstance(record, cls)

    look()


def test_every_type_of_event_is_drawn_with_what_it_says() -> None:
    seen: set[str] = set()

    @given(st.lists(EVENTS, min_size=10, max_size=10))
    @settings(max_examples=100, derandomize=True, database=None)
    def look(events: list[TicketEvent]) -> None:
        seen.update(event.type for event in events)

    look()
    assert seen >= {"opened", "merged", "split", "rated", "priority_changed", "assigned"}


@given(models(max_size=30))
def test_the_tickets_of_a_model_have_logs_that_can_be(model: OperatingModel) -> None:
    for ticket in model.tickets:
        told = replay(model, ticket.id)
        assert (told is None) == (not ticket.events)


def test_any_events_become_a_log_that_can_be() -> None:
    states: set[str] = set()
    lengths: set[int] = set()

    @given(st.lists(EVENTS, max_size=8))
    @settings(max_examples=150, derandomize=True, database=None)
    def look(events: list[TicketEvent]) -> None:
        found = meanings.plausible(Ticket, {"id": "t", "subject": "?", "events": tuple(events)})
        ticket = Ticket(**found)
        instants = [event.at for event in ticket.events]
        assert instants == sorted(instants)
        assert set(instants) <= {event.at for event in events}
        assert bool(ticket.events) == bool(events)
        told = replay(OperatingModel.of(ticket), "t")
        if told is not None:
            states.add(told.state)
            lengths.add(told.events)

    look()
    assert states >= {"new", "open", "resolved", "on_hold", "pending_customer", "merged", "cancelled"}
    assert max(lengths) == 8


def test_a_ticket_by_itself_may_have_any_log() -> None:
    first: set[str] = set()

    @given(records(Ticket))
    @settings(max_examples=200, derandomize=True, database=None)
    def look(ticket: Ticket) -> None:
        first.update(event.type for event in ticket.events[:1])

    look()
    assert len(first) > 1
