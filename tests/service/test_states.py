"""The lifecycle of a ticket: each row against what the service standard says, and the diagram in the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from community_ops.errors import InvalidSchema
from community_ops.kernel.lifecycle import Lifecycle
from community_ops.service import TicketEvent
from community_ops.service.records import EventType
from community_ops.service.states import AUTOMATIC, REOPENS, TICKET
from tests.service.logs import z
from tests.service.naive import after
from tests.service.test_records import OWN

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tickets.md"
TYPES = get_args(EventType)
STATES = ("new", "open", "pending_customer", "on_hold", "resolved", "closed", "merged", "cancelled")
AT_WORK = STATES[:4]
ANY = frozenset({AUTOMATIC, REOPENS})


def test_it_has_the_states_and_events_of_the_service_standard() -> None:
    assert (TICKET.states, TICKET.initial, TICKET.begins) == (STATES, "new", "opened")
    assert TICKET.final == ("merged", "cancelled")
    assert sorted(TICKET.events) == sorted(TYPES)


@pytest.mark.parametrize("automatic", [False, True])
@pytest.mark.parametrize("reopens", [False, True])
@pytest.mark.parametrize("type", TYPES)
@pytest.mark.parametrize("state", [None, *STATES])
def test_every_row_says_what_the_plain_ifs_say(
    state: str | None, type: EventType, reopens: bool, automatic: bool
) -> None:
    own: dict[str, Any] = {**OWN.get(type, {})}
    if type == "public_reply":
        own["automatic"] = automatic
    holds = frozenset([*([AUTOMATIC] if automatic else []), *([REOPENS] if reopens else [])])
    assert TICKET.next(state, type, holds) == after(state, TicketEvent(type, z("09:00"), **own), reopens)


@pytest.mark.parametrize("state", AT_WORK)
def test_while_it_is_worked_on_anything_can_come_of_it(state: str) -> None:
    assert TICKET.next(state, "pending") == "pending_customer"
    assert TICKET.next(state, "on_hold") == "on_hold"
    assert TICKET.next(state, "resolved") == "resolved"
    assert TICKET.next(state, "merged") == "merged"
    assert TICKET.next(state, "cancelled") == "cancelled"
    assert TICKET.next(state, "closed") is None  # only what was resolved is closed
    assert TICKET.next(state, "reopened") is None


def test_a_customer_message_resumes_what_was_pending_and_reopens_what_was_resolved() -> None:
    answers = {state: TICKET.next(state, "customer_message") for state in STATES}
    assert answers == {
        "new": "new", "open": "open", "pending_customer": "open", "on_hold": "on_hold", "resolved": "open",
        "closed": "closed", "merged": None, "cancelled": None,
    }  # fmt: skip


def test_the_policy_decides_what_a_message_does_to_what_is_closed() -> None:
    assert TICKET.next("closed", "customer_message", {REOPENS}) == "open"
    assert TICKET.next("closed", "reopened", {REOPENS}) == "open"
    assert TICKET.next("closed", "reopened") is None
    assert TICKET.next("resolved", "reopened") == "open"


def test_a_reply_by_a_program_does_not_open_a_ticket_and_one_by_a_person_does() -> None:
    assert TICKET.next("new", "public_reply", {AUTOMATIC}) == "new"
    assert TICKET.next("new", "public_reply") == "open"


def test_what_was_merged_is_frozen_and_what_was_cancelled_only_takes_notes() -> None:
    assert TICKET.allowed("merged") == ()
    assert TICKET.allowed("cancelled") == ("internal_note", "split", "rated")


def test_notes_splits_and_ratings_change_no_state() -> None:
    for type in ("internal_note", "split", "rated"):
        assert [TICKET.next(state, type) for state in STATES] == [*STATES[:6], None, "cancelled"]


def test_a_change_of_what_is_promised_changes_no_state_and_is_too_late_once_closed() -> None:
    for type in ("priority_changed", "policy_changed", "queue_changed"):
        assert [TICKET.next(state, type) for state in STATES] == [*STATES[:5], None, None, None]


def test_every_state_can_be_reached_and_none_but_the_final_ones_is_a_dead_end() -> None:
    ways: dict[str, set[str]] = {state: set() for state in STATES}
    for state in STATES:
        for type in TYPES:
            ways[state] |= {found for holds in ((), ANY) if (found := TICKET.next(state, type, frozenset(holds)))}
    reached = {"new"}
    for _ in STATES:
        reached |= {target for state in reached for target in ways[state]}
    assert reached == {*STATES}
    assert {state for state in STATES if ways[state] <= {state}} == {"merged", "cancelled"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"lost": {"internal_note": "lost", "resumed": "open"}}, "nothing leads to 'lost'"),
        ({"closed": {"internal_note": "closed"}}, "there is no way out of 'closed'"),
        ({"cancelled": {"reopened": "open"}}, "'cancelled' is final, and yet leads to 'open'"),
    ],
)
def test_a_state_that_nothing_leads_to_or_out_of_cannot_be_declared(
    row: dict[str, dict[str, str]], message: str
) -> None:
    with pytest.raises(InvalidSchema, match=message):
        Lifecycle(
            name="ticket", begins="opened", initial="new", final=TICKET.final, guards=TICKET.guards,
            table={**TICKET.table, **row},
        )  # fmt: skip


def test_the_page_shows_the_diagram_and_the_table_as_they_are() -> None:
    page = PAGE.read_text("utf-8")
    assert f"```mermaid\n{TICKET.mermaid()}\n```" in page
    assert table() in page


def table() -> str:
    """Write what each event does in each state, as a table in Markdown."""
    head = ["event", *[state.replace("_", " ") for state in STATES]]
    lines = [head, ["---"] * len(head), *[[type, *[cell(state, type) for state in STATES]] for type in TYPES[1:]]]
    return "\n".join([f"| {' | '.join(line)} |" for line in lines])


def cell(state: str, type: str) -> str:
    """Write what an event leads to: `=` where it stays, nothing where it is not possible."""
    ways = {guard: TICKET.next(state, type, frozenset(guard)) for guard in ((), *[(one,) for one in TICKET.guards])}
    words = {guard: "=" if to == state else (to or "") for guard, to in ways.items()}
    special = [f"{words[guard]} if {guard[0]}" for guard in words if guard and words[guard] != words[()]]
    return ", else ".join([word for word in [*special, words[()]] if word])
