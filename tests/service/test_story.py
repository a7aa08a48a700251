"""A log folded once: what was waited for when, who had the ticket, and what does not fit."""

from __future__ import annotations

import pytest

from community_ops.errors import IllegalTransition
from community_ops.service import TicketEvent
from community_ops.service.story import Cycle, Story, spans, story
from community_ops.service.terms import FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, TermsBook, instant_of, terms
from tests.service.logs import HOUR, desk, event, policy, ticket, z


def book(**fields: object) -> TermsBook:
    return terms(desk(policy(first_response=HOUR, **fields)))


def told(*happened: str | TicketEvent, until: str | None = None, **fields: object) -> Story:
    found = story(ticket(*happened), book(**fields), None if until is None else instant_of(z(until)))
    assert found is not None
    return found


def waits(found: Story, target: int) -> list[tuple[int, int | None, str | None]]:
    """Return the cycles of a target in minutes since the opening."""
    return [(minutes(found, one.start) or 0, minutes(found, one.stop), one.ending) for one in cycles(found, target)]


def cycles(found: Story, target: int) -> list[Cycle]:
    return [one for one in found.cycles if one.target == target]


def minutes(found: Story, instant: int | None) -> int | None:
    return None if instant is None else (instant - found.opened) // 60_000_000


def test_a_ticket_without_a_log_has_no_story() -> None:
    assert story(ticket(), book()) is None


def test_there_is_no_story_before_the_opening_and_there_is_one_at_it() -> None:
    late = ticket("09:00 opened")
    assert story(late, book(), instant_of(z("08:59:59"))) is None
    found = story(late, book(), instant_of(z("09:00")))
    assert found is not None
    assert (found.state, found.count) == ("new", 1)


def test_events_at_an_instant_count_at_it_and_later_ones_do_not() -> None:
    log = ("09:00 opened", "10:00 pending", "10:00 resumed", "10:01 resolved")
    assert [told(*log, until=until).count for until in ("09:59", "10:00", "10:01")] == [1, 3, 4]
    assert told(*log, until="10:00").state == "open"


def test_the_first_response_is_waited_for_until_a_person_replies() -> None:
    log = ("09:00 opened", event("09:00 public_reply", automatic=True), "09:10 customer_message", "09:20 public_reply")
    found = told(*log)
    assert waits(found, FIRST_RESPONSE) == [(0, 20, "done")]
    assert waits(found, NEXT_RESPONSE) == []
    assert minutes(found, found.replied) == 20


def test_a_next_response_is_waited_for_from_the_oldest_message_without_a_reply() -> None:
    found = told(
        "09:00 opened", "09:10 public_reply",
        "09:20 customer_message", "09:30 customer_message", event("09:40 public_reply", automatic=True),
        "09:50 public_reply", "09:55 public_reply",
        "10:00 customer_message",
    )  # fmt: skip
    assert waits(found, NEXT_RESPONSE) == [(20, 50, "done"), (60, None, None)]


def test_resolving_ends_the_wait_for_a_reply_as_the_policy_says() -> None:
    log = ("09:00 opened", "09:10 resolved")
    assert waits(told(*log), FIRST_RESPONSE) == [(0, 10, "cancelled")]
    assert waits(told(*log, resolved_unanswered="answers"), FIRST_RESPONSE) == [(0, 10, "done")]
    again = ("09:00 opened", "09:05 public_reply", "09:06 customer_message", "09:10 resolved")
    assert waits(told(*again), NEXT_RESPONSE) == [(6, 10, "cancelled")]
    assert waits(told(*again, resolved_unanswered="answers"), NEXT_RESPONSE) == [(6, 10, "done")]


def test_a_ticket_taken_up_again_that_never_had_a_reply_waits_for_its_first() -> None:
    found = told("09:00 opened", "09:10 resolved", "09:20 customer_message", "09:30 customer_message")
    assert waits(found, FIRST_RESPONSE) == [(0, 10, "cancelled"), (20, None, None)]
    assert waits(found, NEXT_RESPONSE) == []
    assert found.reopened == 1


def test_a_ticket_taken_up_again_by_an_agent_has_nothing_to_reply_to() -> None:
    found = told("09:00 opened", "09:05 public_reply", "09:10 resolved", "09:20 reopened")
    assert waits(found, NEXT_RESPONSE) == []
    by_customer = told("09:00 opened", "09:05 public_reply", "09:10 resolved", "09:20 customer_message")
    assert waits(by_customer, NEXT_RESPONSE) == [(20, None, None)]


def test_a_reply_after_resolving_counts_as_the_first_but_ends_no_wait() -> None:
    found = told("09:00 opened", "09:10 resolved", "09:12 public_reply", "09:20 customer_message")
    assert waits(found, FIRST_RESPONSE) == [(0, 10, "cancelled")]
    assert waits(found, NEXT_RESPONSE) == [(20, None, None)]
    assert minutes(found, found.replied) == 12


def test_a_message_in_a_closed_ticket_waits_for_nothing_where_it_stays_closed() -> None:
    log = ("09:00 opened", "09:05 public_reply", "09:10 resolved", "09:20 closed", "09:30 customer_message")
    closed = told(*log, reopening="new_ticket")
    assert (closed.state, closed.reopened, waits(closed, NEXT_RESPONSE)) == ("closed", 0, [])
    reopened = told(*log)
    assert (reopened.state, reopened.reopened, waits(reopened, NEXT_RESPONSE)) == ("open", 1, [(30, None, None)])


def test_a_resolution_goes_on_or_begins_anew_as_the_policy_says() -> None:
    log = ("09:00 opened", "09:10 resolved", "09:20 reopened", "09:25 resolved", "09:40 closed", "09:50 reopened")
    resumed = told(*log)
    assert waits(resumed, RESOLUTION) == [(0, None, None)]
    gaps = [(minutes(resumed, a), minutes(resumed, b)) for a, b in cycles(resumed, RESOLUTION)[0].gaps]
    assert gaps == [(10, 20), (25, 50)]
    anew = told(*log, reopening="new_cycle")
    assert waits(anew, RESOLUTION) == [(0, 10, "done"), (20, 25, "done"), (50, None, None)]
    assert [minutes(anew, at) for at in anew.resolved] == [10, 25]


@pytest.mark.parametrize("last", [event("09:30 merged", into="t2"), event("09:30 cancelled")])
def test_merging_and_cancelling_end_every_wait(last: TicketEvent) -> None:
    found = told("09:00 opened", last)
    assert waits(found, FIRST_RESPONSE) == [(0, 30, "cancelled")]
    assert waits(found, RESOLUTION) == [(0, 30, "cancelled")]
    assert found.merged_into == last.into


def test_merging_what_was_resolved_leaves_its_resolution() -> None:
    found = told("09:00 opened", "09:10 resolved", event("09:30 merged", into="t2"))
    assert waits(found, RESOLUTION) == [(0, 10, "done")]


def test_holders_and_queues_are_told_with_when_they_began() -> None:
    found = told(
        "09:00 opened", event("09:05 assigned", position="a"), event("09:10 queue_changed", queue="r"),
        event("09:15 assigned"), event("09:20 queue_changed"), event("09:25 assigned", position="b"),
    )  # fmt: skip
    assert [(minutes(found, at), who) for at, who in found.holders] == [(0, None), (5, "a"), (15, None), (25, "b")]
    assert [(minutes(found, at), where) for at, where in found.queues] == [(0, "q"), (10, "r"), (20, None)]
    assert (found.holder, found.queue) == ("b", None)


def test_terms_follow_the_tickets_own_policy_and_else_its_queue() -> None:
    found = told(
        "09:00 opened", event("09:10 policy_changed", policy="gone"), event("09:20 policy_changed"),
        event("09:30 queue_changed", queue="nowhere"), event("09:40 queue_changed", queue="q"),
    )  # fmt: skip
    policies = [(minutes(found, at), terms.policy) for at, terms in found.regimes]
    assert policies == [(0, "p"), (10, None), (20, "p"), (30, None), (40, "p")]


def test_terms_that_stay_the_same_are_told_once() -> None:
    found = told(
        "09:00 opened", event("09:10 policy_changed", policy="p"), event("09:20 priority_changed", priority="normal")
    )
    assert len(found.regimes) == 1


# -- what does not fit ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("log", "place", "what", "state", "reason"),
    [
        (("09:00 assigned",), 0, "assigned", None, "only 'opened'"),
        (("09:00 opened", "09:10 opened"), 1, "opened", "new", "only 'internal_note'"),
        (("09:00 opened", "09:10 closed"), 1, "closed", "new", "only "),
        (("09:00 opened", "09:10 resumed"), 1, "resumed", "new", "only "),
        (("09:00 opened", "09:10 reopened"), 1, "reopened", "new", "only "),
        (("09:00 opened", "09:10 resolved", "09:20 pending"), 2, "pending", "resolved", "only "),
        (("09:00 opened", "08:59:59 assigned"), 1, "assigned", "new", "it comes before the event in front of it"),
        (
            ("09:00 opened", event("09:10 merged", into="t2"), "09:20 internal_note"),
            2, "internal_note", "merged", "nothing is",
        ),
    ],
)  # fmt: skip
def test_an_event_that_does_not_fit_is_named(
    log: tuple[str | TicketEvent, ...], place: int, what: str, state: str | None, reason: str
) -> None:
    with pytest.raises(IllegalTransition) as caught:
        told(*log)
    found = caught.value
    assert (found.kind, found.id, found.place, found.event, found.state) == ("ticket", "t", place, what, state)
    assert reason in str(found)
    assert f"{what!r} at events[{place}] is not possible" in str(found)


def test_what_the_policy_forbids_is_said_to_hang_on_it() -> None:
    log = ("09:00 opened", "09:10 resolved", "09:20 closed", "09:30 reopened")
    assert told(*log).state == "open"
    with pytest.raises(IllegalTransition, match="unless 'reopens' holds"):
        told(*log, reopening="new_ticket")


def test_what_does_not_fit_later_does_no_harm_before() -> None:
    assert told("09:00 opened", "09:10 closed", until="09:09:59").state == "new"


# -- spans -----------------------------------------------------------------------------------------------------------


def test_spans_are_cut_to_the_time_asked_about_and_those_that_touch_are_one() -> None:
    states = [(0, "new"), (2, "a"), (4, "b"), (6, "new"), (6, "a"), (7, "new"), (9, "a"), (9, "new"), (11, "b")]
    both = frozenset("ab")
    assert spans(states, both, 0, 20) == [(2, 7), (11, 20)]
    assert spans(states, both, 3, 5) == [(3, 5)]
    assert spans(states, frozenset("a"), 0, 20) == [(2, 4), (6, 7)]
    assert spans(states, both, 7, 11) == []
    assert spans(states, both, 7, 7) == []
    assert spans(states, frozenset(), 0, 20) == []
    assert spans(states, both, 12, 12) == []
