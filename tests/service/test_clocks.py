"""The clocks of tickets: rows worked out by hand for every promise of the service standard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from community_ops import Calendar, DateRange, OperatingModel, Ref
from community_ops.errors import IllegalTransition, NotAnInstant, UnknownRecord
from community_ops.service import (
    ClockCycle,
    Queue,
    SlaTarget,
    Ticket,
    TicketEvent,
    clock,
    clocks,
    standard_policy,
)
from tests.service.logs import DAILY, DAY, HOUR, MINUTE, WEEK, desk, event, policy, ticket, z

BERLIN = ZoneInfo("Europe/Berlin")


def first(model: OperatingModel, at: datetime) -> ClockCycle:
    (found,) = clock(model, "t", at).first_response
    return found


def resolution(model: OperatingModel, at: datetime) -> ClockCycle:
    (found,) = clock(model, "t", at).resolution
    return found


def shop(*hours: tuple[str, str], zone: str = "UTC", id: str = "shop") -> Calendar:
    return Calendar(id=id, timezone=zone, hours=dict.fromkeys(WEEK, hours))


# -- the worked rows -----------------------------------------------------------------------------------------------

# Daily 09:00-18:00 in Berlin, which is 07:00-16:00 by UTC; 120 minutes from 09:00Z.
WORKED = policy(calendar="daily", first_response=2 * HOUR, first_response_pauses=["pending_customer"])


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ((("10:00", "15:00"),), z("07:00", 1)),
        ((("09:30", "09:45"), ("10:00", "10:30")), z("11:45")),
    ],
)
def test_the_rows_of_the_standard(pauses: tuple[tuple[str, str], ...], due: datetime) -> None:
    changes = [line for begin, end in pauses for line in (f"{begin} pending", f"{end} resumed")]
    model = desk(WORKED, ticket("09:00 opened", *changes))
    found = first(model, z("15:30"))
    assert (found.due, found.paused) == (due, tuple([(z(begin), z(end)) for begin, end in pauses]))
    assert str(found.due) == str(due.astimezone(BERLIN))
    late = first(model, due + MINUTE)
    assert (late.state, late.breached, late.elapsed, late.remaining) == ("breached", due, 121 * MINUTE, -MINUTE)
    assert first(model, due).state == "running"


def test_a_clock_tells_everything_of_a_cycle() -> None:
    model = desk(WORKED, ticket("09:00 opened", "10:00 pending", "15:00 resumed"))
    paused = first(model, z("12:00"))
    assert (paused.state, paused.due, paused.elapsed, paused.remaining) == ("paused", None, HOUR, HOUR)
    assert paused.paused == ((z("10:00"), None),)
    running = first(model, z("15:30"))
    assert (running.state, running.elapsed, running.remaining) == ("running", 90 * MINUTE, 30 * MINUTE)
    outside = first(model, z("20:00"))
    assert (outside.state, outside.elapsed, outside.outside_hours) == ("outside_hours", 2 * HOUR, 4 * HOUR)
    assert (outside.target, outside.number, outside.policy, outside.promised) == ("first_response", 1, "p", 2 * HOUR)
    assert (outside.started, outside.counts_from, outside.stopped) == (z("09:00"), z("09:00"), None)
    answered = desk(WORKED, ticket("09:00 opened", "10:00 public_reply"))
    met = first(answered, z("12:00"))
    assert (met.state, met.stopped, met.elapsed, met.remaining, met.due) == (
        "met", z("10:00"), HOUR, HOUR, z("11:00"),
    )  # fmt: skip


def test_clocks_are_right_to_the_second() -> None:
    log = ("09:00:01 opened", "09:00:07 pending", "09:10:20 customer_message", "09:10:21 pending", "09:10:23 resumed")
    model = desk(
        policy(first_response=30 * timedelta(seconds=1), first_response_pauses=["pending_customer"]), ticket(*log)
    )
    found = first(model, z("09:10:31"))  # 6 s, then 1 s, then 8 s
    assert found.elapsed == timedelta(seconds=15)
    assert found.due == z("09:10:46")
    assert found.paused == ((z("09:00:07"), z("09:10:20")), (z("09:10:21"), z("09:10:23")))
    assert first(model, z("09:10:46")).breached is None
    assert first(model, z("09:10:46") + timedelta(microseconds=1)).breached == z("09:10:46")


# Daily 09:00-21:00 in Shanghai, opened half an hour before closing time on Monday, 2 March 2026.
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("kind", "response", "solution"),
    [
        ("inquiry", (3, "09:30"), (3, "16:30")),  # 30 min on Monday; 30 min and 7 h 30 on Tuesday
        ("technical", (3, "10:30"), (4, "20:30")),  # 24 h are 30 min, 12 h and 11 h 30
        ("after_sales", (3, "12:30"), (6, "12:30")),  # 40 h are 30 min, three times 12 h and 3 h 30
        ("complaint", (3, "09:00"), (4, "20:30")),  # 30 min are over at closing time: till the next opening
    ],
)
def test_the_presets_promise_what_they_say(kind: str, response: tuple[int, str], solution: tuple[int, str]) -> None:
    opened = datetime(2026, 3, 2, 20, 30, tzinfo=SHANGHAI)
    model = OperatingModel.of(
        shop(("09:00", "21:00"), zone="Asia/Shanghai"),
        standard_policy(calendar="shop"),
        Ticket(id="t", subject="?", kind=kind, policy="standard", events=[TicketEvent("opened", opened)]),
    )
    found = clock(model, "t", opened)
    for (one,), (day, time) in ((found.first_response, response), (found.resolution, solution)):
        assert str(one.due) == f"2026-03-0{day} {time}:00+08:00"


def test_a_promise_that_is_exhausted_at_closing_time_is_due_at_the_next_opening() -> None:
    late = ticket("15:30 opened", event("20:00 public_reply"))  # 17:30 in Berlin
    model = desk(policy(calendar="daily", first_response=30 * MINUTE), late)
    assert first(model, z("15:45")).due == z("07:00", 1)
    assert first(model, z("21:00")).state == "met"
    answered = desk(
        policy(calendar="daily", first_response=30 * MINUTE), ticket("15:30 opened", "+1 07:00 public_reply")
    )
    assert first(answered, z("09:00", 1)).state == "met"
    too_late = desk(
        policy(calendar="daily", first_response=30 * MINUTE), ticket("15:30 opened", "+1 07:00:01 public_reply")
    )
    assert first(too_late, z("09:00", 1)).state == "breached"


def test_breaches_stay_when_what_was_promised_comes_at_last() -> None:
    model = desk(policy(first_response=HOUR), ticket("09:00 opened", "11:00 public_reply"))
    found = first(model, z("12:00"))
    assert (found.state, found.breached, found.stopped, found.remaining) == ("breached", z("10:00"), z("11:00"), -HOUR)
    assert clock(model, "t", z("12:00")).breached
    assert not clock(model, "t", z("10:00")).breached


def test_a_ticket_cannot_breach_while_the_clock_stands_still() -> None:
    model = desk(policy(resolution=HOUR), ticket("09:00 opened", "10:00 pending", "+2 10:00 customer_message"))
    assert resolution(model, z("09:00", 2)).state == "paused"
    assert resolution(model, z("10:00", 2)).due == z("10:00", 2)
    assert resolution(model, z("10:01", 2)).breached == z("10:00", 2)


# -- what pauses -----------------------------------------------------------------------------------------------------


def test_a_first_response_pauses_on_hold_and_runs_while_the_customer_is_waited_for_unless_told_otherwise() -> None:
    log = ("09:00 opened", "09:10 pending", "09:20 resumed", "09:30 on_hold", "09:40 resumed")
    given = {
        ("on_hold",): 50, ("pending_customer",): 50, ("pending_customer", "on_hold"): 40, (): 60,
    }  # fmt: skip
    assert first(desk(policy(first_response=HOUR), ticket(*log)), z("10:00")).elapsed == 50 * MINUTE
    for pauses, worked in given.items():
        model = desk(policy(first_response=HOUR, first_response_pauses=pauses), ticket(*log))
        assert first(model, z("10:00")).elapsed == worked * MINUTE


def test_a_resolution_pauses_while_the_customer_is_waited_for_and_on_hold_only_by_policy() -> None:
    log = ("09:00 opened", "09:10 pending", "09:20 on_hold", "09:40 resumed")
    assert resolution(desk(policy(resolution=HOUR), ticket(*log)), z("10:00")).elapsed == 50 * MINUTE
    both = policy(resolution=HOUR, resolution_pauses=["pending_customer", "on_hold"])
    found = resolution(desk(both, ticket(*log)), z("10:00"))
    assert (found.elapsed, found.paused) == (30 * MINUTE, ((z("09:10"), z("09:40")),))  # states that follow each other


def test_pauses_outside_of_the_hours_cost_nothing_twice() -> None:
    log = ("15:00 opened", "15:30 pending", "+1 07:30 customer_message")  # 17:00, 17:30 and 09:30 in Berlin
    found = resolution(desk(policy(calendar="daily", resolution=2 * HOUR), ticket(*log)), z("08:00", 1))
    assert (found.elapsed, found.outside_hours, found.due) == (HOUR, timedelta(), z("09:00", 1))


def test_a_pause_that_begins_this_very_instant_is_shown_and_those_before_it_stay_closed() -> None:
    log = ("09:00 opened", "09:10 pending", "09:20 resumed", "09:30 pending", "09:40 resumed", "09:40 pending")
    model = desk(policy(resolution=HOUR), ticket(*log))
    now = resolution(model, z("09:30"))
    assert (now.state, now.paused) == ("paused", ((z("09:10"), z("09:20")), (z("09:30"), None)))
    again = ((z("09:10"), z("09:20")), (z("09:30"), None))  # it stood still for no time at all
    assert resolution(model, z("09:40")).paused == again
    assert resolution(model, z("09:50")).paused == again
    at_once = desk(policy(resolution=HOUR), ticket("09:00 opened", "09:00 pending"))
    assert resolution(at_once, z("09:00")).paused == ((z("09:00"), None),)


# -- replies ---------------------------------------------------------------------------------------------------------


def test_an_automatic_acknowledgement_answers_nobody() -> None:
    log = ("09:00 opened", event("09:00 public_reply", automatic=True), event("09:30 public_reply", automatic=True))
    found = first(desk(policy(first_response=HOUR), ticket(*log)), z("09:45"))
    assert (found.state, found.stopped, found.elapsed) == ("running", None, 45 * MINUTE)


def test_the_next_response_runs_from_the_oldest_message_without_a_reply() -> None:
    log = (
        "09:00 opened", "09:05 customer_message", "09:10 public_reply",
        "09:20 customer_message", "09:50 customer_message", event("09:55 public_reply", automatic=True),
        "10:10 public_reply",
        "10:30 customer_message",
    )  # fmt: skip
    model = desk(policy(first_response=HOUR, next_response=HOUR), ticket(*log))
    assert clock(model, "t", z("09:19")).next_response == ()
    one, two = clock(model, "t", z("11:00")).next_response
    assert (one.number, one.started, one.stopped, one.state, one.elapsed) == (
        1,
        z("09:20"),
        z("10:10"),
        "met",
        50 * MINUTE,
    )
    assert (two.number, two.started, two.stopped, two.state, two.due) == (2, z("10:30"), None, "running", z("11:30"))


def test_no_next_response_is_waited_for_before_there_was_a_first() -> None:
    log = ("09:00 opened", "09:05 customer_message", "12:00 customer_message")
    found = clock(desk(policy(first_response=HOUR, next_response=MINUTE), ticket(*log)), "t", z("13:00"))
    assert found.next_response == ()
    assert [one.state for one in found.first_response] == ["breached"]


def test_a_next_response_pauses_only_by_policy() -> None:
    log = ("09:00 opened", "09:10 public_reply", "09:20 customer_message", "09:30 on_hold", "09:40 resumed")
    for pauses, worked in (((), 40), (("on_hold",), 30)):
        (found,) = clock(
            desk(policy(next_response=HOUR, next_response_pauses=pauses), ticket(*log)), "t", z("10:00")
        ).next_response
        assert found.elapsed == worked * MINUTE


@pytest.mark.parametrize(("rule", "state"), [("cancels", "cancelled"), ("answers", "met")])
def test_resolving_without_a_reply_does_to_the_first_response_what_the_policy_says(rule: str, state: str) -> None:
    model = desk(policy(first_response=HOUR, resolved_unanswered=rule), ticket("09:00 opened", "09:30 resolved"))
    found = first(model, z("12:00"))
    assert (found.state, found.stopped, found.elapsed) == (state, z("09:30"), 30 * MINUTE)
    late = desk(policy(first_response=HOUR, resolved_unanswered=rule), ticket("09:00 opened", "11:30 resolved"))
    assert first(late, z("12:00")).state == "breached"


@pytest.mark.parametrize("last", [event("09:30 merged", into="t2"), event("09:30 cancelled")])
def test_what_is_merged_or_cancelled_is_not_waited_for_any_more(last: TicketEvent) -> None:
    found = clock(desk(policy(first_response=HOUR, resolution=HOUR), ticket("09:00 opened", last)), "t", z("12:00"))
    assert [(one.state, one.stopped) for one in found.cycles] == [("cancelled", z("09:30"))] * 2
    assert (found.next_due, found.breached) == (None, False)


# -- taken up again --------------------------------------------------------------------------------------------------

# Three hours of work, two resolved or closed, two of work, then an hour until somebody asks.
AGAIN = ("00:00 opened", "03:00 resolved", "04:00 closed", "05:00 reopened", "07:00 resolved")


def test_a_resolution_that_resumes_leaves_out_the_time_it_was_resolved_or_closed() -> None:
    model = desk(policy(resolution=8 * HOUR), ticket(*AGAIN))
    found = clock(model, "t", z("08:00"))
    (one,) = found.resolution
    assert (one.elapsed, one.remaining, one.state, one.stopped) == (5 * HOUR, 3 * HOUR, "met", z("07:00"))
    assert one.paused == ((z("03:00"), z("05:00")),)
    assert found.first_resolution is not None
    assert found.full_resolution is not None
    assert (found.first_resolution.at, found.first_resolution.elapsed) == (z("03:00"), 3 * HOUR)
    assert found.first_resolution.real == 3 * HOUR
    assert (found.full_resolution.at, found.full_resolution.elapsed) == (z("07:00"), 5 * HOUR)
    assert found.full_resolution.real == 7 * HOUR


def test_while_it_is_open_again_it_is_not_fully_resolved() -> None:
    found = clock(desk(policy(resolution=8 * HOUR), ticket(*AGAIN)), "t", z("06:00"))
    assert found.first_resolution is not None
    assert found.full_resolution is None
    assert (found.resolution[0].due, found.resolution[0].elapsed) == (z("10:00"), 4 * HOUR)


def test_a_new_cycle_starts_at_nothing() -> None:
    model = desk(policy(resolution=4 * HOUR, reopening="new_cycle"), ticket(*AGAIN))
    found = clock(model, "t", z("08:00"))
    one, two = found.resolution
    assert (one.number, one.elapsed, one.stopped, one.state, one.paused) == (1, 3 * HOUR, z("03:00"), "met", ())
    assert (two.number, two.started, two.elapsed, two.due, two.state) == (2, z("05:00"), 2 * HOUR, z("09:00"), "met")
    assert found.first_resolution is not None
    assert found.full_resolution is not None
    assert (found.first_resolution.elapsed, found.full_resolution.elapsed) == (3 * HOUR, 5 * HOUR)


def test_where_a_new_ticket_is_needed_what_is_closed_stays_closed_and_what_is_resolved_resumes() -> None:
    one = policy(resolution=8 * HOUR, reopening="new_ticket")
    closed = desk(one, ticket("00:00 opened", "03:00 resolved", "04:00 closed", "05:00 customer_message"))
    found = clock(closed, "t", z("06:00"))
    assert (found.state, [cycle.stopped for cycle in found.resolution]) == ("closed", [z("03:00")])
    assert found.first_resolution == found.full_resolution
    with pytest.raises(IllegalTransition):
        clock(desk(one, ticket(*AGAIN)), "t", z("06:00"))
    resolved = desk(one, ticket("00:00 opened", "03:00 resolved", "05:00 customer_message"))
    assert resolution(resolved, z("06:00")).elapsed == 4 * HOUR


def test_the_time_of_a_resolution_is_working_time_without_pauses() -> None:
    # 17:00 to 18:00 and 09:00 to 10:00 in Berlin, less half an hour.
    log = ("15:00 opened", "15:15 pending", "15:45 resumed", "+1 08:00 resolved")
    found = clock(desk(policy(calendar="daily", resolution=8 * HOUR), ticket(*log)), "t", z("09:00", 1))
    assert found.first_resolution is not None
    assert (found.first_resolution.elapsed, found.first_resolution.real) == (90 * MINUTE, 17 * HOUR)
    assert found.first_resolution.at.tzinfo == BERLIN


def test_a_ticket_under_no_policy_still_tells_how_long_its_resolution_took() -> None:
    found = clock(OperatingModel.of(ticket("09:00 opened", "10:00 resolved", queue=None)), "t", z("11:00"))
    assert (found.cycles, found.policy, found.state) == ((), None, "resolved")
    assert found.first_resolution is not None
    assert found.first_resolution.elapsed == HOUR


# -- other terms -----------------------------------------------------------------------------------------------------

TWO = (SlaTarget(priority="high", first_response=HOUR, resolution=2 * HOUR),)


def graded(**fields: Any) -> Any:
    return policy(targets=TWO, first_response=4 * HOUR, resolution=8 * HOUR, **fields)


def test_a_raised_priority_counts_from_the_original_start_and_keeps_the_pauses() -> None:
    log = ("09:00 opened", "09:10 pending", "09:30 resumed", event("09:40 priority_changed", priority="high"))
    model = desk(graded(), ticket(*log))
    before, after = resolution(model, z("09:39")), resolution(model, z("09:45"))
    assert (before.promised, before.due, before.elapsed) == (8 * HOUR, z("17:20"), 19 * MINUTE)
    assert (after.promised, after.due, after.elapsed) == (2 * HOUR, z("11:20"), 25 * MINUTE)
    assert (after.started, after.counts_from, after.paused) == (z("09:00"), z("09:00"), ((z("09:10"), z("09:30")),))


def test_a_tightened_target_that_is_exceeded_already_breaches_at_the_change() -> None:
    model = desk(graded(), ticket("09:00 opened", event("10:30 priority_changed", priority="high")))
    assert first(model, z("10:29")).breached is None
    for at in (z("10:30"), z("10:31"), z("12:00")):
        found = first(model, at)
        assert (found.state, found.breached, found.due) == ("breached", z("10:30"), z("10:00"))


def test_a_tightened_target_that_is_just_exhausted_is_not_breached_yet() -> None:
    model = desk(graded(), ticket("09:00 opened", event("10:00 priority_changed", priority="high")))
    assert first(model, z("10:00")).breached is None
    assert first(model, z("10:01")).breached == z("10:00")


def test_a_loosened_target_later_does_not_remove_a_breach_and_earlier_prevents_it() -> None:
    lowered = event("10:30 priority_changed", priority="normal")
    model = desk(graded(), ticket("09:00 opened", lowered, priority="high"))
    found = first(model, z("11:00"))
    assert (found.state, found.breached, found.promised, found.due) == ("breached", z("10:00"), 4 * HOUR, z("13:00"))
    assert found.remaining == 2 * HOUR
    assert first(model, z("14:00")).breached == z("10:00")  # the first time that it was late, by whatever terms
    in_time = event("10:00 priority_changed", priority="normal")
    assert first(desk(graded(), ticket("09:00 opened", in_time, priority="high")), z("11:00")).breached is None


def test_a_target_tightened_while_the_ticket_is_resolved_breaches_once_it_is_taken_up_again() -> None:
    raised = event("14:00 priority_changed", priority="high")
    log = ("09:00 opened", "12:00 resolved", raised, "15:00 reopened")
    model = desk(graded(), ticket(*log))
    for at in (z("13:00"), z("14:00"), z("14:30")):
        assert (resolution(model, at).state, resolution(model, at).promised) == ("met", 8 * HOUR)
    for at in (z("15:00"), z("16:00")):
        assert (resolution(model, at).state, resolution(model, at).breached) == ("breached", z("15:00"))
    relented = event("14:30 priority_changed", priority="normal")
    mild = desk(graded(), ticket(*log[:3], relented, log[3]))
    assert resolution(mild, z("16:00")).breached is None


def test_a_policy_in_force_only_while_the_ticket_was_resolved_promises_nothing() -> None:
    log = (
        "09:00 opened", "10:00 resolved", event("11:00 policy_changed", policy="p"),
        event("12:00 policy_changed"), "13:00 reopened",
    )  # fmt: skip
    model = desk(policy(resolution=HOUR), ticket(*log, queue=None))
    assert clock(model, "t", z("14:00")).cycles == ()


def test_another_policy_brings_its_calendar_and_pauses_and_counts_from_the_start() -> None:
    log = ("05:00 opened", "07:00 on_hold", "08:00 resumed", event("09:00 policy_changed", policy="office"))
    office = policy("office", calendar="daily", resolution=4 * HOUR, resolution_pauses=["on_hold"])
    model = desk(policy(resolution=8 * HOUR), office, ticket(*log))
    assert resolution(model, z("08:59")).elapsed == 239 * MINUTE
    found = resolution(model, z("09:30"))  # from 07:00Z, when Berlin opens, less the hour on hold
    assert (found.policy, found.elapsed, found.due) == ("office", 90 * MINUTE, z("12:00"))
    assert (found.started, found.outside_hours) == (z("05:00"), 2 * HOUR)
    assert clock(model, "t", z("09:30")).policy == "office"


def test_another_queue_brings_its_policy_unless_the_ticket_has_its_own() -> None:
    moved = event("09:30 queue_changed", queue="fast")
    records = (
        policy(first_response=4 * HOUR),
        policy("quick", first_response=HOUR),
        Queue(id="fast", name="F", policy="quick"),
    )
    model = desk(*records, ticket("09:00 opened", "09:05 on_hold", "09:15 resumed", moved))
    found = first(model, z("09:40"))
    assert (found.policy, found.due, found.elapsed) == ("quick", z("10:10"), 30 * MINUTE)
    own = desk(*records, ticket("09:00 opened", moved, policy="p"))
    assert first(own, z("09:40")).policy == "p"


def test_an_edited_calendar_counts_from_the_start_and_keeps_the_pauses() -> None:
    model = desk(WORKED, ticket("09:00 opened", "10:00 pending", "15:00 resumed"))
    longer = model.replace(evolve(DAILY, hours=dict.fromkeys(WEEK, (("09:00", "20:00"),))))
    assert first(longer, z("15:30")).due == z("16:00")
    holiday = model.replace(
        evolve(DAILY, holidays=[date(2013, 6, 5)], covers=DateRange(date(2013, 1, 1), date(2013, 12, 31)))
    )
    assert first(holiday, z("15:30")).due == z("07:00", 2)
    assert first(model, z("15:30")).due == z("07:00", 1)


def test_a_promise_withdrawn_is_cancelled_and_one_broken_before_stays_broken() -> None:
    withdrawn = event("09:30 policy_changed", policy="none")
    model = desk(policy(first_response=HOUR), policy("none"), ticket("09:00 opened", withdrawn))
    found = first(model, z("12:00"))
    assert (found.state, found.promised, found.due, found.remaining, found.stopped) == (
        "cancelled",
        None,
        None,
        None,
        None,
    )
    assert not found.going
    late = desk(policy(first_response=HOUR), policy("none"), ticket("09:00 opened", evolve(withdrawn, at=z("11:00"))))
    assert first(late, z("12:00")).breached == z("10:00")


def test_an_operational_agreement_counts_from_when_it_came_into_force() -> None:
    team = policy("team", first_response=HOUR, resolution=2 * HOUR, counts_from="change")
    log = ("09:00 opened", "09:10 pending", event("10:00 policy_changed", policy="team"), "10:30 resumed")
    model = desk(policy(resolution=8 * HOUR), team, ticket(*log))
    found = resolution(model, z("11:00"))
    assert (found.started, found.counts_from, found.due) == (z("09:00"), z("10:00"), z("12:30"))
    assert (found.elapsed, found.paused) == (30 * MINUTE, ((z("10:00"), z("10:30")),))
    customer = desk(policy(resolution=8 * HOUR), evolve(team, counts_from="creation"), ticket(*log))
    assert resolution(customer, z("11:00")).elapsed == 40 * MINUTE


def test_an_agreement_in_force_before_the_customer_wrote_counts_from_the_message() -> None:
    team = policy(next_response=HOUR, counts_from="change")
    log = ("09:00 opened", "09:10 public_reply", "09:30 customer_message")
    (found,) = clock(desk(team, ticket(*log)), "t", z("10:00")).next_response
    assert (found.counts_from, found.due) == (z("09:30"), z("10:30"))


def test_another_priority_under_the_same_agreement_does_not_start_it_again() -> None:
    team = graded(counts_from="change", id="team")
    log = (
        "09:00 opened",
        event("09:30 policy_changed", policy="team"),
        event("09:45 priority_changed", priority="high"),
    )
    assert first(desk(policy(), team, ticket(*log)), z("10:00")).counts_from == z("09:30")


def test_terms_that_change_just_when_it_is_done_come_too_late() -> None:
    raised = event("10:30 priority_changed", priority="high")
    for log in (("09:00 opened", raised, "10:30 resolved"), ("09:00 opened", "10:30 resolved", raised)):
        found = clock(desk(graded(), ticket(*log)), "t", z("11:00"))
        assert [(one.promised, one.breached) for one in found.resolution] == [(8 * HOUR, None)]
    night = policy("night", calendar="night", resolution=HOUR)
    moved = event("10:30 policy_changed", policy="night")
    model = desk(graded(), night, shop(("20:00", "21:00"), id="night"), ticket("09:00 opened", moved, "10:30 resolved"))
    found = clock(model, "t", z("11:00"))
    assert found.first_resolution is not None
    assert found.first_resolution.elapsed == found.resolution[0].elapsed == 90 * MINUTE


def test_the_closest_target_is_the_one_that_counts() -> None:
    targets = [
        SlaTarget(first_response=4 * HOUR),
        SlaTarget(priority="high", first_response=3 * HOUR),
        SlaTarget(kind="complaint", first_response=2 * HOUR),
        SlaTarget(kind="complaint", priority="high", first_response=HOUR),
        SlaTarget(kind="complaint", priority="high", first_response=9 * HOUR),
    ]
    for kind, priority, hours in (
        ("inquiry", "low", 4), ("inquiry", "high", 3), ("complaint", "low", 2), ("complaint", "high", 1),
    ):  # fmt: skip
        model = desk(policy(targets=targets), ticket("09:00 opened", kind=kind, priority=priority))
        assert first(model, z("09:00")).promised == hours * HOUR


def test_the_kind_of_a_ticket_goes_before_its_priority() -> None:
    targets = [
        SlaTarget(priority="high", first_response=3 * HOUR),
        SlaTarget(kind="complaint", first_response=2 * HOUR),
    ]
    model = desk(policy(targets=targets), ticket("09:00 opened", kind="complaint", priority="high"))
    assert first(model, z("09:00")).promised == 2 * HOUR


# -- calendars that are odd ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2013, 10, 26), "2013-10-27 11:00:00+01:00"),  # the day has 25 hours
        (date(2013, 3, 30), "2013-03-31 13:00:00+02:00"),  # the day has 23 hours
        (date(2013, 6, 4), "2013-06-05 12:00:00+02:00"),
    ],
)
@pytest.mark.parametrize("calendar", [None, "always"])
def test_on_days_when_the_clocks_change_real_time_counts(day: date, due: str, calendar: str | None) -> None:
    opened = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)
    always = shop(("00:00", "24:00"), zone="Europe/Berlin", id="always")
    one = policy(calendar=calendar, resolution=24 * HOUR)
    found = resolution(desk(one, always, ticket(TicketEvent("opened", opened))), opened)
    assert found.due is not None
    assert str(found.due.astimezone(BERLIN)) == due


def test_hours_in_which_the_clocks_change_are_as_long_as_they_are() -> None:
    small = shop(("01:00", "04:00"), zone="Europe/Berlin", id="small")
    for day, hours in ((date(2013, 10, 27), 4), (date(2013, 3, 31), 2), (date(2013, 6, 4), 3)):
        opened = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
        model = desk(policy(calendar="small", resolution=9 * HOUR), small, ticket(TicketEvent("opened", opened)))
        assert resolution(model, opened + timedelta(hours=12)).elapsed == hours * HOUR


def test_a_time_that_occurs_twice_is_two_instants() -> None:
    once = datetime(2013, 10, 27, 2, 30, tzinfo=BERLIN)
    model = desk(policy(resolution=9 * HOUR), ticket(TicketEvent("opened", once - HOUR)))
    for at, hours in ((once, 1), (once.replace(fold=1), 2), (once, 1)):
        assert resolution(model, at).elapsed == hours * HOUR
        assert clocks(model, at).of("t").resolution[0].elapsed == hours * HOUR


def test_on_an_empty_calendar_nothing_ever_comes_due() -> None:
    model = desk(
        policy(calendar="empty", resolution=HOUR), Calendar(id="empty"), ticket("09:00 opened", "10:00 pending")
    )
    found = resolution(model, z("09:30"))
    assert (found.state, found.due, found.elapsed, found.outside_hours) == (
        "outside_hours",
        None,
        timedelta(),
        30 * MINUTE,
    )
    assert resolution(model, z("11:00")).state == "paused"


@pytest.mark.parametrize(
    ("records", "fields"),
    [
        ((policy(calendar="gone", resolution=HOUR),), {}),  # no such calendar
        ((), {}),  # no such policy
        ((), {"queue": "gone"}),
        ((policy(resolution=HOUR),), {"queue": None}),
        ((policy(),), {}),  # it promises nothing
        ((policy(targets=[SlaTarget(kind="complaint", resolution=HOUR)]),), {"kind": "inquiry"}),
    ],
)
def test_where_nothing_is_promised_there_are_no_cycles(records: Any, fields: Any) -> None:
    found = clock(desk(*records, ticket("09:00 opened", **fields)), "t", z("12:00"))
    assert (found.cycles, found.state, found.breached, found.next_due) == ((), "new", False, None)


def test_a_policy_without_a_calendar_counts_around_the_clock() -> None:
    assert first(desk(policy(first_response=48 * HOUR), ticket("09:00 opened")), z("09:00")).due == z("09:00", 2)


# -- when it is asked ------------------------------------------------------------------------------------------------


def test_before_the_opening_there_is_nothing_to_tell() -> None:
    model = desk(policy(first_response=HOUR), ticket("09:00 opened"))
    found = clock(model, "t", z("08:59"))
    assert (found.state, found.policy, found.cycles, found.at) == (None, None, (), z("08:59"))
    assert str(found) == "t not opened"
    with pytest.raises(UnknownRecord):
        clocks(model, z("08:59")).of("t")
    assert clock(desk(ticket()), "t", z("09:00")).state is None


def test_a_date_is_its_beginning_on_the_clocks_of_the_policys_calendar() -> None:
    log = ("09:00 opened", "22:30 assigned")  # half past midnight of the 5th in Berlin
    model = desk(policy(calendar="daily", first_response=HOUR), ticket(*log))
    found = clock(model, "t", date(2013, 6, 5))
    assert (found.at, found.state) == (datetime(2013, 6, 5, tzinfo=BERLIN), "new")
    utc = desk(policy(first_response=HOUR), ticket(*log))
    assert (clock(utc, "t", date(2013, 6, 5)).at, clock(utc, "t", date(2013, 6, 5)).state) == (DAY + 24 * HOUR, "open")
    assert clock(desk(ticket()), "t", date(2013, 6, 5)).state is None


def test_a_time_without_a_zone_is_refused() -> None:
    model = desk(policy(first_response=HOUR), ticket("09:00 opened"))
    naive = datetime(2013, 6, 4, 12)
    for ask in (
        lambda: clock(model, "t", naive),
        lambda: clocks(model, naive),
        lambda: clocks(model, date(2013, 6, 4)),
    ):
        with pytest.raises(NotAnInstant):
            ask()  # type: ignore[no-untyped-call]


def test_an_unknown_ticket_is_refused() -> None:
    model = desk(ticket("09:00 opened"))
    with pytest.raises(UnknownRecord, match="t2"):
        clock(model, "t2", z("09:00"))
    with pytest.raises(UnknownRecord, match="t2"):
        clocks(model, z("09:00")).of("t2")


def test_instants_are_on_the_clocks_of_the_calendar_whatever_zone_is_asked_in() -> None:
    model = desk(WORKED, ticket("09:00 opened"))
    found = clock(model, "t", z("09:30").astimezone(SHANGHAI))
    assert str(found.at) == "2013-06-04 11:30:00+02:00"
    assert str(found.first_response[0].started) == "2013-06-04 11:00:00+02:00"


def test_events_at_one_instant_count_in_the_order_of_the_log() -> None:
    model = desk(
        policy(first_response=HOUR, next_response=HOUR, resolution=HOUR),
        ticket(
            "09:00 opened", "09:00 public_reply", "09:00 customer_message", "09:00 resolved", "09:00 customer_message"
        ),
    )
    found = clock(model, "t", z("09:10"))
    assert found.state == "open"
    assert [(one.state, one.elapsed) for one in found.first_response] == [("met", timedelta())]
    assert [(one.state, one.elapsed) for one in found.next_response] == [
        ("cancelled", timedelta()), ("running", 10 * MINUTE),
    ]  # fmt: skip
    assert [(one.state, one.elapsed) for one in found.resolution] == [("running", 10 * MINUTE)]


def test_the_next_due_is_the_earliest_of_what_is_waited_for() -> None:
    model = desk(policy(first_response=HOUR, resolution=4 * HOUR), ticket("09:00 opened", "09:30 public_reply"))
    assert clock(model, "t", z("09:15")).next_due == z("10:00")
    assert clock(model, "t", z("09:45")).next_due == z("13:00")


def test_a_clock_reads_as_a_line() -> None:
    model = desk(WORKED, ticket("09:00 opened"))
    assert str(clock(model, "t", z("09:30"))) == (
        "t new; first_response 1: running, 0:30:00 of 2:00:00, due 2013-06-04 13:00"
    )
    assert str(first(model, z("14:00"))) == "first_response 1: breached, 5:00:00 of 2:00:00, due 2013-06-04 13:00"


# -- all tickets -----------------------------------------------------------------------------------------------------


def test_all_clocks_are_those_of_each_ticket_in_the_order_of_the_table() -> None:
    model = desk(
        WORKED, ticket("10:00 opened", id="b"), ticket("09:00 opened", id="a"), ticket("12:00 opened", id="late"),
        ticket(id="never"),
    )  # fmt: skip
    found = clocks(model, z("11:00"))
    assert [one.ticket for one in found] == ["b", "a"]
    assert len(found) == 2
    assert [found.of(id) for id in ("b", "a")] == [clock(model, id, z("11:00")) for id in ("b", "a")]
    assert repr(found) == "<Clocks at 2013-06-04 11:00:00+00:00: 2 tickets>"
    assert clocks(model, z("11:00")) is found


def test_tickets_whose_logs_do_not_hold_together_are_left_out_and_named() -> None:
    model = desk(
        WORKED, ticket("09:00 opened", "09:30 closed", id="bad"), ticket("09:00 opened", id="good"),
        ticket("09:00 opened", "08:00 assigned", id="backward"),
    )  # fmt: skip
    found = clocks(model, z("10:00"))
    assert [one.ticket for one in found] == ["good"]
    assert sorted(found.illegal) == ["backward", "bad"]
    assert found.illegal["bad"].place == 1
    with pytest.raises(IllegalTransition, match="'closed' at events\\[1\\]"):
        found.of("bad")
    with pytest.raises(IllegalTransition, match="'closed' at events\\[1\\]"):
        clock(model, "bad", z("10:00"))
    assert [one.ticket for one in clocks(model, z("09:15"))] == ["bad", "good"]


def test_an_edit_of_a_policy_is_seen_by_what_was_asked_before() -> None:
    model = desk(WORKED, ticket("09:00 opened"))
    assert clocks(model, z("10:30")).of("t").first_response[0].state == "running"
    stricter = model.replace(evolve(WORKED, targets=[SlaTarget(first_response=HOUR)]))
    assert clocks(stricter, z("10:30")).of("t").first_response[0].state == "breached"
    assert clocks(model, z("10:30")).of("t").first_response[0].state == "running"
    assert clocks(stricter.remove(Ref("ticket", "t")), z("10:30")).told == {}


def test_instants_are_utc_where_there_is_no_calendar() -> None:
    found = clock(desk(policy(first_response=HOUR), ticket("09:00 opened")), "t", z("09:30"))
    assert found.at.utcoffset() == timedelta()
    assert found.at.astimezone(UTC) == z("09:30")
