"""What is escalated, when and to whom: by hand, and against somebody who watches tick after tick."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import Absence, Assignment, DateRange, Deputy, OperatingModel, Position, Ref, Responsibility
from community_ops.errors import IllegalTransition, NotAnInstant
from community_ops.service import EscalationLevel, Queue, Recipient, Ticket
from community_ops.service.escalating import Escalation, escalations, levels_due
from community_ops.service.story import story
from community_ops.service.terms import PROMISED, UTC_TIME, instant_of, terms
from tests.service.logs import DAILY, HOUR, MINUTE, desk, event, policy, ticket, z
from tests.service.watched_levels import QUARTER, LevelWatch, Seen, desks

FIRST = "first_response"


def level(target: str = "resolution", percent: Any = 100, **own: Any) -> EscalationLevel:
    if "offset" in own:
        percent = None
    return EscalationLevel(target=target, percent=percent, **own)  # type: ignore[arg-type]


def raised(*records: Any, at: str = "23:00", day: int = 0, since: datetime | None = None) -> list[Escalation]:
    return list(escalations(desk(*records), z(at, day), since))


def times(found: list[Escalation]) -> list[tuple[str, int]]:
    """Return when levels fell due on the clocks of UTC, with their numbers."""
    return [(f"{one.at.astimezone(UTC):%d %H:%M}", one.level) for one in found]


def job(id: str, reports_to: str | None = None, **own: Any) -> Position:
    return Position(id=id, title=id, unit="hq", reports_to=reports_to, **own)


def held(position: str, person: str = "", **own: Any) -> Assignment:
    return Assignment(id=f"{position}-{person}", person=person or f"p-{position}", position=position, **own)


EIGHT: dict[str, Any] = {"resolution": 8 * HOUR}
LINE = (job("ceo"), job("coo", "ceo"), job("lead", "coo"), job("agent", "lead"))
STAFFED = (*LINE, *[held(one.id) for one in LINE])


class TestWhen:
    def test_a_level_is_due_when_its_share_of_the_promised_time_has_passed(self) -> None:
        half = policy(**EIGHT, escalations=[level(percent=50), level(percent=100), level(percent=150)])
        assert times(raised(half, ticket("01:00 opened"))) == [("04 05:00", 1), ("04 09:00", 2), ("04 13:00", 3)]

    def test_an_offset_counts_working_time_from_the_due_time(self) -> None:
        # Daily 09:00 to 18:00 in Berlin, two hours ahead; eight hours from 09:00 there end at 17:00, two more at 10:00.
        around = policy(**EIGHT, calendar="daily", escalations=[level(offset=-HOUR), level(offset=2 * HOUR)])
        assert times(raised(around, ticket("07:00 opened"), day=1)) == [("04 14:00", 1), ("05 08:00", 2)]

    def test_a_share_that_is_no_whole_number_is_never_due_before_it_has_passed(self) -> None:
        third = policy(resolution=timedelta(microseconds=10), escalations=[level(percent=33)])
        (found,) = raised(third, ticket("01:00 opened"))
        assert found.at == z("01:00") + timedelta(microseconds=4)

    def test_what_is_reached_at_a_closing_time_is_due_when_work_goes_on(self) -> None:
        nine = policy(resolution=9 * HOUR, calendar="daily", escalations=[level()])
        assert raised(nine, ticket("07:00 opened")) == []
        assert times(raised(nine, ticket("07:00 opened"), at="07:00", day=1)) == [("05 07:00", 1)]
        assert raised(nine, ticket("07:00 opened"), at="06:59", day=1) == []

    def test_a_level_of_nothing_is_due_at_once_and_outside_hours_at_the_opening(self) -> None:
        at_once = policy(**EIGHT, calendar="daily", escalations=[level(percent=0)])
        assert times(raised(at_once, ticket("10:00 opened"))) == [("04 10:00", 1)]
        assert times(raised(at_once, ticket("20:00 opened"), day=1)) == [("05 07:00", 1)]

    def test_nothing_is_escalated_that_came_by_then(self) -> None:
        log = ["01:00 opened", "09:00 resolved"]
        assert raised(policy(**EIGHT, escalations=[level()]), ticket(*log)) == []
        early = policy(**EIGHT, escalations=[level(offset=-MINUTE)])
        assert times(raised(early, ticket(*log))) == [("04 08:59", 1)]

    @pytest.mark.parametrize("end", ["cancelled", "merged"])
    def test_nothing_is_escalated_after_a_ticket_is_cancelled_or_merged(self, end: str) -> None:
        last = event(f"05:00 {end}", **({"into": "u"} if end == "merged" else {}))
        levels = [level(percent=25), level(percent=50), level(FIRST, 100)]
        both = policy(first_response=6 * HOUR, **EIGHT, escalations=levels)
        assert times(raised(both, ticket("01:00 opened", last))) == [("04 03:00", 1)]

    def test_nothing_is_escalated_while_the_clock_stands_still(self) -> None:
        paused = policy(**EIGHT, escalations=[level(percent=50)])
        log: list[Any] = ["01:00 opened", "05:00 pending"]  # the level is reached with the beginning of the pause
        assert raised(paused, ticket(*log)) == []
        assert times(raised(paused, ticket(*log, "20:00 resumed"))) == [("04 20:00", 1)]
        assert raised(paused, ticket("01:00 opened", "04:00 pending", "20:00 resumed"), at="20:59") == []
        assert raised(paused, ticket(*log), at="05:00") == []

    def test_a_level_that_new_terms_bring_when_it_is_behind_is_due_with_them(self) -> None:
        quick = policy("quick", resolution=2 * HOUR, escalations=[level()])
        change = event("05:30 policy_changed", policy="quick")
        found = raised(policy(**EIGHT), quick, ticket("01:00 opened", change))
        assert [(one.policy, *times([one])) for one in found] == [("quick", ("04 05:30", 1))]
        assert times(raised(policy(**EIGHT), quick, ticket("01:00 opened", change), at="05:30")) == [("04 05:30", 1)]

    def test_in_a_pause_such_a_level_waits_for_its_end(self) -> None:
        quick = policy("quick", resolution=2 * HOUR, escalations=[level()])
        log = ["01:00 opened", "04:00 pending", event("05:30 policy_changed", policy="quick")]
        assert raised(policy(**EIGHT), quick, ticket(*log)) == []
        assert times(raised(policy(**EIGHT), quick, ticket(*log, "07:00 resumed"))) == [("04 07:00", 1)]

    def test_a_level_of_terms_that_no_longer_hold_is_not_due(self) -> None:
        change = event("05:00 policy_changed", policy="calm")
        records = [policy(**EIGHT, escalations=[level(percent=50)]), policy("calm", **EIGHT)]
        assert raised(*records, ticket("01:00 opened", change)) == []

    def test_another_priority_does_not_fire_a_level_again(self) -> None:
        levels = [level(percent=50), level(percent=100)]
        own = policy(**EIGHT, escalations=levels)
        quicker = evolve(own.targets[0], priority="urgent", resolution=2 * HOUR)
        both = evolve(own, targets=(*own.targets, quicker))
        urgent = event("05:30 priority_changed", priority="urgent")
        # Half of eight hours have passed at 05:00; two hours had at 03:00 already, which is known at 05:30.
        assert times(raised(both, ticket("01:00 opened", urgent))) == [("04 05:00", 1), ("04 05:30", 2)]

    def test_coming_back_to_a_policy_does_not_fire_its_levels_again(self) -> None:
        there = event("06:00 policy_changed", policy="other")
        back = event("07:00 policy_changed", policy=None)
        both = [policy(id, **EIGHT, escalations=[level(percent=50)]) for id in ("p", "other")]
        found = raised(*both, ticket("01:00 opened", there, back))
        assert [(one.policy, *times([one])) for one in found] == [("p", ("04 05:00", 1)), ("other", ("04 06:00", 1))]

    def test_a_cycle_that_is_resumed_does_not_fire_again_and_a_new_one_does(self) -> None:
        log = ["01:00 opened", "06:00 resolved", "07:00 reopened"]
        levels = [level(percent=50), level(percent=100)]
        resumed = raised(policy(**EIGHT, escalations=levels), ticket(*log))
        assert [(one.cycle, *times([one])) for one in resumed] == [(1, ("04 05:00", 1)), (1, ("04 10:00", 2))]
        anew = raised(policy(**EIGHT, escalations=levels, reopening="new_cycle"), ticket(*log))
        assert [(one.cycle, *times([one])) for one in anew] == [
            (1, ("04 05:00", 1)), (2, ("04 11:00", 1)), (2, ("04 15:00", 2)),
        ]  # fmt: skip

    def test_a_next_response_is_never_escalated_before_the_first(self) -> None:
        responses = policy(
            first_response=10 * HOUR, next_response=HOUR, escalations=[level(FIRST), level("next_response")]
        )
        log = ["01:00 opened", "02:00 customer_message", "03:00 customer_message"]
        assert raised(responses, ticket(*log), at="10:00") == []
        after = [*log, "12:00 public_reply", "13:00 customer_message"]
        found = raised(responses, ticket(*after))
        assert [(one.target, *times([one])) for one in found] == [
            (FIRST, ("04 11:00", 1)), ("next_response", ("04 14:00", 2)),
        ]  # fmt: skip

    def test_a_level_for_another_kind_of_ticket_is_not_due(self) -> None:
        some = policy(**EIGHT, escalations=[level(kind="complaint", percent=50)])
        assert raised(some, ticket("01:00 opened", kind="inquiry")) == []
        assert times(raised(some, ticket("01:00 opened", kind="complaint"))) == [("04 05:00", 1)]

    def test_cycles_are_numbered_as_in_the_clocks_without_those_of_which_nothing_was_promised(self) -> None:
        log = [event("01:00 opened"), event("02:00 resolved"), event("02:30 policy_changed", policy="p"),
               event("03:00 reopened")]  # fmt: skip
        anew = policy(**EIGHT, escalations=[level(percent=50)], reopening="new_cycle")
        (found,) = raised(anew, policy("none"), ticket(*log, policy="none"))
        assert (found.cycle, times([found])) == (1, [("04 07:00", 1)])

    def test_a_calendar_that_is_never_open_again_has_nothing_due(self) -> None:
        never = evolve(DAILY, id="never", hours={})
        empty = policy(**EIGHT, calendar="never", escalations=[level()])
        assert raised(never, empty, ticket("01:00 opened")) == []


class TestPolling:
    def test_only_what_fell_due_after_the_last_time_is_listed(self) -> None:
        levels = policy(**EIGHT, escalations=[level(percent=50), level(percent=100)])
        one = ticket("01:00 opened")
        assert times(raised(levels, one, at="09:00", since=z("05:00"))) == [("04 09:00", 2)]
        assert times(raised(levels, one, at="08:59", since=z("04:59"))) == [("04 05:00", 1)]
        assert raised(levels, one, since=z("09:00")) == []

    def test_what_came_before_that_is_left_out(self) -> None:
        levels = policy(**EIGHT, escalations=[level(percent=50)])
        over = ticket("01:00 opened", "06:00 resolved")
        assert times(raised(levels, over, since=z("04:00"))) == [("04 05:00", 1)]
        assert raised(levels, over, since=z("06:00")) == []

    def test_the_order_is_by_instant_ticket_and_level_whatever_that_of_the_tables(self) -> None:
        levels = policy(first_response=4 * HOUR, **EIGHT, escalations=[level(percent=50), level(FIRST), level()])
        both = [ticket("01:00 opened", id=id) for id in ("b", "a")]
        found = raised(levels, *both, ticket("00:00 opened", id="c"))
        assert [(one.ticket, *times([one])) for one in found] == [
            ("c", ("04 04:00", 1)), ("c", ("04 04:00", 2)), ("a", ("04 05:00", 1)), ("a", ("04 05:00", 2)),
            ("b", ("04 05:00", 1)), ("b", ("04 05:00", 2)), ("c", ("04 08:00", 3)), ("a", ("04 09:00", 3)),
            ("b", ("04 09:00", 3)),
        ]  # fmt: skip

    def test_a_log_that_does_not_hold_together_is_named_and_left_out(self) -> None:
        levels = policy(**EIGHT, escalations=[level()])
        model = desk(levels, ticket("01:00 opened", "02:00 closed", id="bad"), ticket("01:00 opened", id="good"))
        found = escalations(model, z("23:00"))
        assert [one.ticket for one in found] == ["good"]
        assert isinstance(found.illegal["bad"], IllegalTransition)
        assert (len(found), repr(found)) == (1, "<Escalations up to 2013-06-04 23:00:00+00:00: 1>")
        assert repr(escalations(model, z("23:00"), z("22:00"))).startswith("<Escalations after 2013-06-04 22:00")

    @pytest.mark.parametrize("wrong", [date(2013, 6, 4), datetime(2013, 6, 4)])
    def test_only_instants_will_do(self, wrong: Any) -> None:
        with pytest.raises(NotAnInstant):
            escalations(desk(), wrong)
        with pytest.raises(NotAnInstant):
            escalations(desk(), z("09:00"), wrong)


def told(*records: Any, recipient: Recipient, log: Any = (), lead: str | None = None) -> list[Escalation]:
    own = policy(**EIGHT, escalations=[level(recipient=recipient, action="Call")])
    queue = Queue(id="q", name="Q", policy="p", lead=lead)
    model = OperatingModel.of(queue, own, ticket("01:00 opened", *log), *records)
    return list(escalations(model, z("23:00")))


GIVEN = event("02:00 assigned", position="agent")


class TestWho:
    def test_an_entry_says_all_there_is_to_know(self) -> None:
        (found,) = told(*STAFFED, recipient=Recipient(), log=[GIVEN])
        assert found == Escalation(
            ticket="t", target="resolution", cycle=1, level=1, policy="p", at=z("09:00"), action="Call", asked="lead",
            by="lead", people=("p-lead",), covered=(), passed=(), reason=None,
        )  # fmt: skip
        assert str(found) == "t resolution 1, level 1 at 2013-06-04 09:00: lead: p-lead"

    def test_whoever_had_the_ticket_at_that_instant_counts(self) -> None:
        log = [GIVEN, event("09:00 assigned", position="lead"), event("09:01 assigned", position=None)]
        assert [one.by for one in told(*STAFFED, recipient=Recipient(), log=log)] == ["coo"]
        assert [one.by for one in told(*STAFFED, recipient=Recipient(), log=[GIVEN, *log[2:]])] == ["lead"]

    def test_whoever_led_the_queue_it_was_in_counts(self) -> None:
        moved = event("03:00 queue_changed", queue="other")
        log = [moved, event("10:00 queue_changed", queue="q")]
        other = Queue(id="other", name="Other", policy="p", lead="lead")
        (found,) = told(*STAFFED, other, recipient=Recipient("queue_lead"), log=log, lead="agent")
        assert (found.asked, found.by) == ("lead", "lead")

    def test_the_day_is_that_of_the_clocks_of_the_policy(self) -> None:
        # 23:00 in London is the day after in Berlin.
        around = evolve(DAILY, hours=dict.fromkeys(("mon", "tue", "wed"), (("00:00", "24:00"),)))
        own = policy(resolution=22 * HOUR, calendar="daily", escalations=[level(recipient=Recipient("queue_lead"))])
        queue = Queue(id="q", name="Q", policy="p", lead="lead")
        gone = [Absence(id="a", person="p-lead", period=DateRange(date(2013, 6, 5), date(2013, 6, 5)))]
        model = OperatingModel.of(queue, own, around, ticket("01:00 opened"), *STAFFED, *gone)
        (found,) = escalations(model, z("23:30"))
        assert found.at.isoformat() == "2013-06-05T01:00:00+02:00"
        assert (found.asked, found.by, [str(one) for one in found.passed]) == (
            "lead", "coo", ["lead is away, back on 2013-06-06"],
        )  # fmt: skip
        assert str(found) == (
            "t resolution 1, level 1 at 2013-06-05 01:00: coo: p-coo; lead is away, back on 2013-06-06"
        )

    def test_where_nobody_is_found_it_is_listed_all_the_same(self) -> None:
        (found,) = told(*LINE, recipient=Recipient(steps=2), log=[GIVEN])
        assert (found.asked, found.by, found.people, found.reason) == ("coo", None, (), "nobody up to the top")
        assert [one.position for one in found.passed] == ["coo", "ceo"]
        (found,) = told(recipient=Recipient())
        assert (found.asked, found.by, found.passed, found.reason) == (None, None, (), "no assignee and no lead")
        assert str(found) == "t resolution 1, level 1 at 2013-06-04 09:00: nobody, no assignee and no lead"

    def test_everybody_who_shares_a_job_gets_a_notice(self) -> None:
        shared = [*LINE, held("lead", "ann", fte="0.5"), held("lead", "ben", fte="0.5")]
        (found,) = told(*shared, recipient=Recipient(), log=[GIVEN])
        assert set(found.people) == {"ann", "ben"}


class TestOneNotice:
    def test_one_person_gets_the_notice_of_the_highest_level_alone(self) -> None:
        levels = [
            level(percent=50, recipient=Recipient("queue_lead")),
            level(FIRST, 100, recipient=Recipient(steps=3)),
            level(percent=50, recipient=Recipient("queue_lead")),
        ]
        own = policy(first_response=4 * HOUR, **EIGHT, escalations=levels)
        queue = Queue(id="q", name="Q", policy="p", lead="lead")
        model = OperatingModel.of(queue, own, *STAFFED, ticket("01:00 opened", GIVEN))
        low, middle, high = escalations(model, z("06:00"))
        assert (low.people, low.covered, low.by) == ((), (("p-lead", 3),), "lead")
        assert str(low) == "t resolution 1, level 1 at 2013-06-04 05:00: lead: p-lead (with level 3)"
        assert (middle.people, middle.covered, middle.by) == (("p-ceo",), (), "ceo")
        assert (high.people, high.covered) == (("p-lead",), ())

    def test_who_shares_a_job_may_be_covered_in_part(self) -> None:
        levels = [level(recipient=Recipient("queue_lead")), level(recipient=Recipient("position", position="coo"))]
        queue = Queue(id="q", name="Q", policy="p", lead="lead")
        people = [held("lead", "ann"), held("lead", "ben"), held("coo", "ben")]
        own = policy(**EIGHT, escalations=levels)
        low, high = escalations(OperatingModel.of(queue, own, *LINE, *people, ticket("01:00 opened")), z("09:00"))
        assert (low.people, low.covered) == (("ann",), (("ben", 2),))
        assert (high.people, high.covered) == (("ben",), ())

    def test_who_has_a_role_in_two_positions_gets_one_notice(self) -> None:
        roles = [
            Responsibility(id=id, subject=Ref("queue", "q"), position=id, role="informed") for id in ("lead", "coo")
        ]
        people = [held("lead", "ann"), held("coo", "ann")]
        first, second = told(*LINE, *roles, *people, recipient=Recipient("role", role="informed"))
        assert (first.asked, first.people, first.covered) == ("coo", ("ann",), ())
        assert (second.asked, second.people, second.covered) == ("lead", (), (("ann", 1),))

    def test_at_other_instants_and_for_other_tickets_they_get_one_again(self) -> None:
        levels = [level(percent=50, recipient=Recipient("queue_lead")), level(recipient=Recipient("queue_lead"))]
        queue = Queue(id="q", name="Q", policy="p", lead="lead")
        both = [ticket("01:00 opened", id=id) for id in ("t", "u")]
        model = OperatingModel.of(queue, policy(**EIGHT, escalations=levels), *STAFFED, *both)
        assert [one.people for one in escalations(model, z("09:00"))] == [("p-lead",)] * 4


# -- against somebody who watches ---------------------------------------------------------------------------------


def seen(model: OperatingModel, of: Ticket, at: datetime, since: datetime | None = None) -> list[Seen]:
    """Return what we find, as the watch tells it."""
    told = story(of, terms(model), instant_of(at))
    assert told is not None
    due = levels_due(told, instant_of(at), None if since is None else instant_of(since))
    return sorted(
        [
            (UTC_TIME.shown(one.instant), PROMISED[one.target], one.number, one.terms.policy or "", one.level.number)
            for one in due
        ]
    )


@given(desks(), st.integers(0, 120))
@settings(max_examples=300, deadline=None)
def test_levels_are_due_when_somebody_who_watches_says_so(drawn: tuple[OperatingModel, Ticket], later: int) -> None:
    model, of = drawn
    at = of.events[-1].at + later * QUARTER
    assert seen(model, of, at) == LevelWatch(model, of, at).seen()


@given(desks(), st.lists(st.integers(0, 300), max_size=5))
@settings(max_examples=200, deadline=None)
def test_whoever_polls_gets_every_escalation_once(drawn: tuple[OperatingModel, Ticket], ticks: list[int]) -> None:
    model, of = drawn
    end = of.events[0].at + 300 * QUARTER
    stops = [*sorted({of.events[0].at + tick * QUARTER for tick in ticks}), end + QUARTER]
    piecemeal: list[Escalation] = []
    since = None
    for at in stops:
        piecemeal += escalations(model, at, since)
        since = at
    whole = escalations(model, stops[-1])
    assert piecemeal == list(whole)
    # The numbers and instants are those of the plain reckoning, in order of time.
    assert [one.at for one in whole] == sorted([one.at for one in whole], key=instant_of)


@given(st.integers(0, 2**16))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_tables_makes_no_difference(seed: int) -> None:
    rnd = Random(seed)
    levels = [
        level(FIRST, 100),
        level(percent=50, recipient=Recipient("queue_lead")),
        level(recipient=Recipient(steps=2)),
    ]
    own = policy(first_response=4 * HOUR, **EIGHT, calendar="daily", escalations=levels)
    records: list[Any] = [
        *LINE, held("agent"), held("coo"), held("ceo"), Queue(id="q", name="Q", policy="p", lead="lead"), own, DAILY,
        Deputy(id="d", position="lead", deputy="ceo"),
        *[
            ticket(f"0{rnd.randrange(1, 9)}:00 opened", *([GIVEN_LATE] if rnd.random() < 0.5 else []), id=f"t{n}")
            for n in range(8)
        ],
    ]  # fmt: skip
    found = escalations(OperatingModel(records), z("23:00", 2))
    assert len(found) == 24
    rnd.shuffle(records)
    assert list(escalations(OperatingModel(records), z("23:00", 2))) == list(found)


GIVEN_LATE = event("09:30 assigned", position="agent")
