"""What the examples beside the rules leave open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import community_ops as co
from community_ops import OperatingModel, Policy, Position, Queue, Ticket, TicketEvent, Unit
from community_ops.service.rules.privacy import MOBILE
from community_ops.service.rules.samples import HOUR, NINE, chat, event, hours, promise, taken, team, ticket


def codes(model: OperatingModel, at: date | None = None, select: str = "SVC") -> list[str]:
    return [found.code for found in model.check(at, select=[select]).findings]


def model(*records: Any) -> OperatingModel:
    return OperatingModel(team(*records))


def busy() -> OperatingModel:
    """A healthy service: replies in time, one ticket in every state."""
    reply = event("public_reply", 0.5)
    done = (taken(), reply, event("resolved", 1))
    return model(
        chat(),
        Ticket(id="new", subject="New", queue="chat", events=[TicketEvent("opened", NINE + 1.5 * HOUR)]),
        ticket(taken(), reply, id="open"),
        ticket(taken(), reply, event("pending", 1), id="pending"),
        ticket(taken(), reply, event("on_hold", 1), id="on hold"),
        ticket(*done, id="resolved"),
        ticket(*done, event("customer_message", 1.2), event("public_reply", 1.3), id="reopened"),
        ticket(*done, event("rated", 1.2, scale="csat", rating=5), event("closed", 1.3), id="closed"),
        ticket(event("merged", 0.1, into="open"), id="merged"),
        ticket(event("cancelled", 0.1), id="cancelled"),
        ticket(taken(), reply, id="complaint", kind="complaint"),
    )


def test_a_healthy_service_is_silent() -> None:
    assert codes(busy(), NINE + 1.5 * HOUR, "SVC") == []


def test_an_hour_later_one_ticket_is_late_and_nothing_else() -> None:
    found = busy().check(NINE + 3 * HOUR, select=["SVC"]).findings
    assert [str(one) for one in found] == [
        "SVC203 warning queue:chat  New in Chat is late with the first response since 2026-03-02 11:30 +00:00."
    ]


def test_without_an_instant_what_needs_one_is_listed_and_not_guessed() -> None:
    report = busy().check(NINE.date(), select=["SVC"])
    assert {"SVC203", "SVC204", "SVC205", "SVC302", "SVC503"} <= set(report.skipped)
    assert report.findings == ()


def test_tickets_are_judged_by_queue_only_where_there_are_queues() -> None:
    lone = Ticket(id="t", subject="T", events=[TicketEvent("opened", NINE)])
    assert codes(OperatingModel.of(lone)) == []
    assert codes(OperatingModel.of(lone, *team(chat()))) == ["SVC101"]


def test_positions_of_parts_serve_a_queue_as_well() -> None:
    whole = Unit(id="whole", name="Whole")
    part = Unit(id="part", name="Part", parent="whole")
    served = model(whole, part, Position(id="p", title="P", unit="part"), chat(unit="whole"))
    assert codes(served) == []
    assert codes(model(chat(unit="nowhere"))) == []  # which REF101 says


def test_the_lead_is_only_proposed_where_the_unit_has_one_head() -> None:
    def fix_of(*records: Any) -> Any:
        return OperatingModel(records).check(select=["SVC103"]).findings[0].fix

    queue = Queue(id="q", name="Q", unit="u")
    assert fix_of(queue, Unit(id="u", name="U")) is None
    assert fix_of(Queue(id="q", name="Q")) is None
    heads = [Position(id=id, title=id, unit="u") for id in ("a", "b")]
    assert fix_of(queue, Unit(id="u", name="U", heads=["a", "b"]), *heads) is None
    fix = fix_of(queue, Unit(id="u", name="U", heads=["a"]), *heads)
    assert "lead: None -> 'a'" in str(fix)


def test_hours_are_only_proposed_where_the_policy_has_some() -> None:
    for policy in (None, "standard", "nowhere"):
        found = model(chat(calendar=None, policy=policy)).check(select=["SVC104"]).findings[0]
        assert found.fix is None


def test_a_target_for_all_kinds_fits_every_kind() -> None:
    assert codes(model(chat(), ticket(kind="anything at all"))) == []


def test_every_kind_without_a_target_is_named_once_a_policy() -> None:
    only = (co.SlaTarget(kind="complaint", resolution=HOUR), co.SlaTarget(priority="urgent", resolution=HOUR))
    found = model(
        promise(id="p", targets=only),
        chat(policy="p"),
        ticket(id="a", kind="technical"),
        ticket(id="b", kind="technical"),
        ticket(id="c", kind="inquiry"),
        ticket(id="d", kind="inquiry", priority="urgent"),
        ticket(id="e", kind="complaint"),
    ).check(select=["SVC201"])
    assert [one.message for one in found.findings] == [
        "Standard promises nothing for inquiry and technical, of which there are 3 under it."
    ]


def test_a_calendar_that_is_never_open_is_named_once() -> None:
    never = model(hours(id="never", hours={}), promise(id="p", calendar="never"), chat(policy="p"), ticket())
    assert codes(never, NINE + 100 * HOUR, "SVC") == []
    assert [one.code for one in never.check(select=["WRK"]).findings] == ["WRK101"]
    clock = co.service.clock(never, "t1", NINE + HOUR)
    assert [(one.due, one.state, one.elapsed) for one in clock.cycles] == [(None, "outside_hours", timedelta())] * 2


def test_a_roster_is_judged_by_what_is_left_of_it() -> None:
    shifts = {"2026-03-02": (("09:00", "17:00"),), "2026-03-03": (("09:00", "17:00"),)}
    roster = hours(id="roster", hours={}, shifts=shifts)
    policy = promise(id="p", calendar="roster", targets=[co.SlaTarget(resolution=8 * HOUR)])
    rostered = model(roster, policy)
    # From the 3rd on exactly eight hours are left, after which the calendar never opens again.
    assert codes(rostered, date(2026, 3, 2), "SVC202") == []
    assert codes(rostered, date(2026, 3, 3), "SVC202") == ["SVC202"]
    assert codes(model(roster, promise(id="p", calendar="roster", targets=())), date(2026, 3, 4), "SVC202") == []


def test_what_is_late_is_grouped_by_queue_and_ordered_by_lateness() -> None:
    mail = chat(id="mail", name="Mail")
    early = Ticket(id="early", subject="Early", queue="mail", events=[TicketEvent("opened", NINE - 5 * HOUR)])
    late = model(mail, chat(), ticket(id="a", queue="mail"), early, ticket(id="b"))
    found = late.check(NINE + 2 * HOUR, select=["SVC203"]).findings
    assert [(one.subject.id, [ref.id for ref in one.related]) for one in found] == [
        ("mail", ["early", "a"]),
        ("chat", ["b"]),
    ]


def test_a_complaint_without_a_reply_is_named_once() -> None:
    waiting = model(chat(), ticket(kind="complaint"))
    assert codes(waiting, NINE + 2 * HOUR) == ["SVC205"]
    # Nine hours on, its resolution is late as well, which is another promise.
    assert sorted(codes(waiting, NINE + 9 * HOUR)) == ["SVC203", "SVC205"]


def test_a_complaint_that_was_replied_to_late_is_left_alone() -> None:
    assert codes(model(chat(), ticket(event("public_reply", 3), kind="complaint")), NINE + 4 * HOUR, "SVC205") == []


def test_a_complaint_without_a_promise_waits_a_day() -> None:
    silent = model(chat(policy=None), ticket(kind="complaint"))
    assert codes(silent, NINE + 24 * HOUR, "SVC205") == []
    assert codes(silent, NINE + 24.1 * HOUR, "SVC205") == ["SVC205"]
    sooner = silent.add(Policy(id="p", rule="SVC205", values={"hours": 1}))
    assert codes(sooner, NINE + 1.1 * HOUR, "SVC205") == ["SVC205"]


def test_what_is_due_soon_follows_the_policy() -> None:
    waiting = model(chat(), ticket())
    assert codes(waiting, NINE, "SVC204") == []
    hour = waiting.add(Policy(id="p", rule="SVC204", values={"within": "PT1H"}))
    assert codes(hour, NINE, "SVC204") == ["SVC204"]


def test_a_broken_log_is_one_finding_and_not_more() -> None:
    illegal = model(
        chat(),
        Ticket(id="t", subject="T", queue="chat", events=[*ticket().events, event("closed"), event("opened", 0.5)]),
    )
    found = illegal.check(NINE + 100 * HOUR, select=["SVC"]).findings
    assert [(one.code, one.message) for one in found] == [
        ("SVC301", "Event 2 of T, 'closed', is not possible in the state 'new'.")
    ]


def test_events_of_a_broken_log_can_still_be_in_the_future() -> None:
    log = [*ticket().events, event("closed", 30), event("internal_note", 2)]
    illegal = model(chat(), Ticket(id="t", subject="T", queue="chat", events=log))
    assert codes(illegal, NINE + HOUR, "SVC3") == ["SVC301", "SVC302"]
    assert codes(illegal, NINE + 31 * HOUR, "SVC3") == ["SVC301"]


def test_a_reply_after_a_reopened_closing_is_none() -> None:
    log = [event("resolved"), event("closed", 2), event("public_reply", 3), event("reopened", 4)]
    assert codes(model(chat(), ticket(*log)), None, "SVC303") == []
    again = [*log, event("resolved", 5), event("closed", 6)]
    assert codes(model(chat(), ticket(*again)), None, "SVC303") == []


def test_only_a_rating_before_the_first_resolution_is_early() -> None:
    rating = {"scale": "csat", "rating": 3}
    fine = ticket(event("resolved"), event("reopened", 2), event("rated", 3, **rating))
    assert codes(model(chat(), fine), None, "SVC304") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("high", "")], True),
        ([("low", "")], False),
        ([("high", "VIP"), ("urgent", "")], True),
        ([("high", ""), ("urgent", "Outage")], True),
        ([("high", ""), ("normal", "")], False),  # as it was in the beginning
        ([("low", ""), ("high", "  ")], True),
    ],
)
def test_raising_a_priority_wants_a_reason(changes: list[tuple[Any, str]], said: bool) -> None:
    log = [event("priority_changed", n, priority=to, text=why) for n, (to, why) in enumerate(changes, 1)]
    assert codes(model(chat(), ticket(*log)), None, "SVC305") == (["SVC305"] if said else [])
    assert codes(model(chat(), ticket(*log, event("cancelled", 9))), None, "SVC305") == []


def test_reopenings_and_returns_follow_the_policies() -> None:
    log = [event("resolved"), event("reopened", 2)]
    assert codes(model(chat(), ticket(*log)), None, "SVC501") == []
    strict = model(chat(), ticket(*log), Policy(id="p", rule="SVC501", values={"most": 0}))
    assert codes(strict, None, "SVC501") == ["SVC501"]
    moves = [event("queue_changed", 1, queue="mail"), event("queue_changed", 2, queue="chat")]
    once = model(chat(), chat(id="mail"), ticket(*moves))
    assert codes(once, None, "SVC502") == []
    assert codes(once.add(Policy(id="p", rule="SVC502", values={"returns": 0})), None, "SVC502") == ["SVC502"]


def test_two_bouncing_tickets_are_one_finding() -> None:
    moves = [event("queue_changed", n, queue=("mail", "chat")[n % 2 == 0]) for n in range(1, 5)]
    found = model(chat(), chat(id="mail"), ticket(*moves), ticket(*moves, id="t2")).check(select=["SVC502"])
    (one,) = found.findings
    assert one.message.startswith("Question t1 and Question t2 in Chat were sent to and fro between queues: 3 returns")


def test_satisfaction_counts_the_last_days_and_enough_answers() -> None:
    rated = [
        ticket(event("resolved"), event("rated", 2, scale="csat", rating=1), id=f"t{n}", policy="p") for n in range(20)
    ]
    policy = promise(id="p", csat_target=80)
    bad = model(policy, chat(), *rated)
    at = NINE + 3 * HOUR
    assert codes(bad, at, "SVC503") == ["SVC503"]
    assert codes(model(policy, chat(), *rated[1:]), at, "SVC503") == []
    assert codes(bad, at + timedelta(days=89), "SVC503") == ["SVC503"]
    assert codes(bad, at + timedelta(days=90), "SVC503") == []
    assert codes(model(promise(id="p"), chat(), *rated), at, "SVC503") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13800138000", True),
        ("请回电13800138000谢谢", True),
        ("+86 138 0013 8000", True),
        ("8613800138000", True),
        ("１３８００１３８０００", True),  # full-width digits
        ("2138001380001", False),
        ("138001380001", False),
        ("1380013800", False),
        ("12800138000", False),
        ("110101199003071234", False),
        ("订单 202603021380013800099", False),
    ],
)
def test_mobile_numbers_are_whole_groups_of_digits(text: str, found: bool) -> None:
    assert codes(model(chat(), ticket(subject=text)), None, "SVC601") == (["SVC601"] if found else [])


def test_a_policy_says_what_is_personal() -> None:
    both = model(chat(), ticket(subject="13800138000 or a@b.example"))
    no_mobile = both.add(Policy(id="p", rule="SVC601", values={"mobile": False}))
    assert [one.message for one in no_mobile.check(select=["SVC601"]).findings] == [
        "The subject of t1 has an e-mail address in it."
    ]
    neither = both.add(Policy(id="p", rule="SVC601", values={"mobile": False, "email": False}))
    assert codes(neither, None, "SVC601") == []


def test_the_message_does_not_repeat_what_is_personal() -> None:
    found = model(chat(), ticket(subject="13800138000")).check(select=["SVC601"]).findings[0]
    assert not MOBILE.search(found.message + found.text("zh") + str(found))
    assert found.fix is not None
    assert model(chat(), ticket(subject="13800138000")).apply(found.fix).tickets["t1"].subject == "***"


def test_thresholds_may_reach_beyond_all_dates() -> None:
    rated = [ticket(event("resolved"), event("rated", 2, scale="csat", rating=1), id=f"t{n}") for n in range(20)]
    judged = model(promise(id="p", csat_target=80), chat(policy="p"), *rated)
    silent = model(chat(policy=None), ticket(kind="complaint"))
    for many in (10**6, 10**12):
        ever = judged.add(Policy(id="ever", rule="SVC503", values={"days": many}))
        assert codes(ever, NINE + 3 * HOUR, "SVC503") == ["SVC503"]
        never = silent.add(Policy(id="never", rule="SVC205", values={"hours": many * 10**6}))
        assert [one.code for one in never.check(NINE + 99 * HOUR, select=["SVC205", "WVR"]).findings] == []


def test_an_instant_decides_to_the_second() -> None:
    due = datetime(2026, 3, 2, 10, tzinfo=UTC)
    waiting = model(chat(), ticket())
    assert codes(waiting, due, "SVC203") == []
    assert codes(waiting, due + timedelta(seconds=1), "SVC203") == ["SVC203"]
