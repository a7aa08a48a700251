"""What the examples beside the rules on who has tickets leave open (SVC401, SVC402)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from community_ops import (
    Absence,
    Assignment,
    DateRange,
    Deputy,
    Finding,
    OperatingModel,
    Person,
    Policy,
    Position,
    Ref,
    Skill,
    SkillLevel,
    Unit,
)
from community_ops.service.rules.samples import HOUR, NINE, chat, event, taken, team, ticket

DAY = NINE.date()
AWAY = "Question t1 is with Agent, where everybody is away"
UNABLE = "Question t1 is with Agent, where nobody has all the skills that Chat asks for, at the level it does"
LAW, SQL = SkillLevel("law", 2), SkillLevel("sql", 2)


def model(*records: Any, without: tuple[str, ...] = ()) -> OperatingModel:
    """Return the team and more, without some of its records."""
    return OperatingModel([*[one for one in team() if one.id not in without], *records])


def found(code: str, *records: Any, at: date | datetime | None = None, **how: Any) -> tuple[Finding, ...]:
    chosen = at or (DAY if code == "SVC401" else NINE + HOUR)
    return model(*records, **how).check(chosen, select=[code]).findings


def said(*records: Any, **how: Any) -> list[str]:
    return [one.message for one in found("SVC401", *records, **how)]


def away(person: str, days: int | None, start: date = DAY) -> Absence:
    """Return an absence of so many days."""
    last = None if days is None else start + timedelta(days=days - 1)
    return Absence(id=f"away {person}", person=person, period=DateRange(start, last))


def deputy(*scope: Ref, by: str = "lead", **fields: Any) -> Deputy:
    return Deputy(id=f"by {by}", position="agent", deputy=by, scope=scope, **fields)


def has(id: str, *skills: SkillLevel) -> Person:
    return Person(id=id, name=id.title(), skills=skills)


class TestNotThere:
    def test_nothing_is_said_of_an_empty_model_and_of_tickets_that_nobody_has(self) -> None:
        assert OperatingModel().check(NINE, select=["SVC4"]).findings == ()
        assert said(chat(), ticket(), ticket(event("assigned", position=None), id="t2"), without=("a2",)) == []

    @pytest.mark.parametrize("end", ["resolved", "cancelled"])
    def test_tickets_that_are_over_are_left_alone(self, end: str) -> None:
        assert said(chat(), ticket(taken(), event(end)), without=("a2",)) == []

    def test_whoever_has_it_in_the_end_counts(self) -> None:
        moved = ticket(taken(), event("assigned", 2, position="lead"))
        assert said(chat(), moved, without=("a2",)) == []
        assert said(chat(), moved, without=("a1",)) == [
            "Question t1 is with Lead, which nobody holds or stands in for."
        ]

    def test_one_finding_a_position(self) -> None:
        more = [ticket(taken(), id=f"t{n}") for n in range(3)]
        two, one = found(
            "SVC401", chat(), *more, ticket(event("assigned", position="lead"), id="x"), without=("a1", "a2")
        )
        assert (one.subject, [ref.id for ref in one.related]) == (Ref("position", "agent"), ["t0", "t1", "t2"])
        assert (
            one.message
            == "Question t0, Question t1 and Question t2 are with Agent, which nobody holds or stands in for."
        )
        assert one.text("zh") == "Question t0、Question t1和Question t2在Agent名下，但该岗位空缺且无人代理。"
        assert two.subject == Ref("position", "lead")

    def test_a_position_that_does_not_exist_is_named_once_and_nowhere_else(self) -> None:
        lost = [ticket(event("assigned", position="ghost"), id=id) for id in ("t1", "t2")]
        report = model(chat(), *lost).check(DAY)
        assert [one.message for one in report.findings] == [
            "Question t1 and Question t2 are with the position 'ghost', which does not exist."
        ]
        (first,) = report.findings
        assert (first.subject, first.related) == (Ref("ticket", "t1"), (Ref("ticket", "t2"),))
        later = model(chat(), lost[1]).check(DAY).findings[0]
        assert later.fingerprint == first.fingerprint

    def test_a_closed_position_says_so_even_where_it_is_held(self) -> None:
        closed = Position(id="agent", title="Agent", unit="help", status="closed")
        for absent in ((), (away("ben", 1),)):
            assert said(chat(), ticket(taken()), closed, *absent, without=("agent",)) == [
                "Question t1 is with Agent, a position that does not exist that day, and nobody stands in."
            ]
        assert said(chat(), ticket(taken()), closed, deputy(), without=("agent",)) == []

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (1, []),
            (2, []),
            (3, [f"{AWAY}, the first back on 2026-03-05, and nobody stands in."]),
            (None, [f"{AWAY}, and nobody stands in."]),
        ],
    )
    def test_who_is_back_soon_is_waited_for(self, days: int | None, expected: list[str]) -> None:
        assert said(chat(), ticket(taken()), away("ben", days)) == expected

    def test_the_threshold_says_how_soon(self) -> None:
        records = (chat(), ticket(taken()), away("ben", 5))
        for days, count in ((4, 1), (5, 0), (10**12, 0)):
            assert len(said(*records, Policy(id="p", rule="SVC401", values={"days": days}))) == count
        now = (chat(), ticket(taken()), away("ben", 1), Policy(id="p", rule="SVC401", values={"days": 0}))
        assert len(said(*now)) == 1
        assert said(*now, at=DAY + timedelta(days=1)) == []
        assert len(said(*records, Policy(id="p", rule="SVC401", values={"days": 10**12}), at=date.max)) == 0

    def test_of_several_the_first_to_be_back_counts(self) -> None:
        second = Assignment(id="a3", person="ann", position="agent")
        assert said(chat(), ticket(taken()), away("ben", 9), second) == []
        assert said(chat(), ticket(taken()), away("ben", 9), away("ann", 2), second) == []
        assert "back on 2026-03-07," in said(chat(), ticket(taken()), away("ben", 9), away("ann", 5), second)[0]

    def test_who_only_holds_it_later_or_no_more_is_not_there(self) -> None:
        past = Assignment(id="old", person="ann", position="agent", period=DateRange(None, DAY - timedelta(days=1)))
        assert said(chat(), ticket(taken()), past, without=("a2",)) == [
            "Question t1 is with Agent, which nobody holds or stands in for."
        ]


class TestDeputies:
    def test_one_for_everything_and_one_for_the_queue_stand_in(self) -> None:
        for scope in ((), (Ref("queue", "chat"),)):
            assert said(chat(), ticket(taken()), deputy(*scope), without=("a2",)) == []

    def test_one_for_something_else_does_not(self) -> None:
        assert len(said(chat(), ticket(taken()), deputy(Ref("queue", "mail")), without=("a2",))) == 1
        assert (
            len(said(chat(), ticket(taken()), deputy(period=DateRange(None, date(2026, 3, 1))), without=("a2",))) == 1
        )
        assert len(said(chat(), ticket(taken()), deputy(), without=("a1", "a2"))) == 1

    def test_only_the_tickets_that_nobody_stands_in_for_are_named(self) -> None:
        queues = (chat(), chat(id="mail", name="Mail"))
        tickets = (ticket(taken()), ticket(taken(), id="t2", queue="mail"), ticket(taken(), id="t3", queue=None))
        assert said(*queues, *tickets, deputy(Ref("queue", "chat")), without=("a2",)) == [
            "Question t2 and Question t3 are with Agent, which nobody holds or stands in for."
        ]

    def test_whoever_is_above_does_not_stand_in(self) -> None:
        assert len(said(chat(), ticket(taken()), without=("a2",))) == 1  # the lead is there


class TestSkills:
    def test_one_of_those_there_has_to_have_all_of_them_at_the_level(self) -> None:
        asked = chat(skills=[LAW, SQL])
        skills = (Skill(id="law", name="Law"), Skill(id="sql", name="SQL"))
        second = Assignment(id="a3", person="ann", position="agent")
        partly = (has("ben", LAW, SkillLevel("sql", 1)), has("ann", SQL))
        assert said(asked, ticket(taken()), *skills, *partly, second, without=("ann", "ben")) == [
            f"{UNABLE}: Law and SQL."
        ]
        whole = (has("ben"), has("ann", LAW, SkillLevel("sql", 3)))
        assert said(asked, ticket(taken()), *skills, *whole, second, without=("ann", "ben")) == []

    def test_one_finding_a_queue_of_which_nobody_has_the_skills(self) -> None:
        queues = (chat(skills=[LAW]), chat(id="mail", name="Mail", skills=[SQL]), chat(id="plain", name="Plain"))
        own = [
            ticket(taken(), id=f"t{n}", queue=queue) for n, queue in enumerate(("chat", "mail", "plain", None, "chat"))
        ]
        one, two = found("SVC401", *queues, *own)
        assert [ref.id for ref in one.related] == ["t0", "t4", "chat"]
        assert [ref.id for ref in two.related] == ["t1", "mail"]
        assert one.fingerprint != two.fingerprint
        assert [str(each.subject) for each in found("SVC401", *queues, *own, has("ben", LAW), without=("ben",))] == [
            "position:agent"
        ]

    def test_skills_of_deputies_and_of_those_back_soon_count(self) -> None:
        asked, able = chat(skills=[LAW]), has("ann", LAW)
        assert said(asked, ticket(taken()), able, deputy(), without=("a2", "ann")) == []
        second = Assignment(id="a3", person="ann", position="agent")
        for days, count in ((2, 0), (3, 1)):
            assert len(said(asked, ticket(taken()), able, second, away("ann", days), without=("ann",))) == count

    def test_a_person_who_does_not_exist_has_none(self) -> None:
        assert len(said(chat(skills=[LAW]), ticket(taken()), without=("ben",))) == 1

    def test_where_nobody_is_there_skills_are_not_asked_for(self) -> None:
        (one,) = found("SVC401", chat(skills=[LAW]), ticket(taken()), without=("a2",))
        assert "nobody holds" in one.message

    def test_a_ticket_in_a_queue_that_does_not_exist_needs_none(self) -> None:
        assert said(chat(skills=[LAW]), ticket(taken(), queue="ghost")) == []


class TestVacancies:
    """A vacant position and the tickets that are with it are two matters: each can be mended without the other."""

    def vacant(self, *events: Any) -> list[str]:
        heads = Unit(id="help", name="Help desk", heads=("lead",))
        on_lead = ticket(event("assigned", position="lead"), *events)
        report = model(heads, chat(), on_lead, without=("a1", "help")).check(DAY)
        return [one.code for one in report.findings]

    def test_a_ticket_on_a_vacant_headship_is_two_matters(self) -> None:
        assert self.vacant() == ["ORG401", "SVC401"]

    def test_assigned_anew_only_the_vacancy_is_left(self) -> None:
        assert self.vacant(event("assigned", 2, position="agent")) == ["ORG401"]

    def test_a_vacancy_that_hurts_nobody_yet_is_still_no_place_for_a_ticket(self) -> None:
        report = model(chat(), ticket(taken()), without=("a2",)).check(DAY)
        assert [one.code for one in report.findings] == ["SVC401"]


def several(count: int, queue: str | None = "chat", first: int = 0, position: str = "agent") -> list[Any]:
    own = event("assigned", 0, position=position)
    return [ticket(own, id=f"{position} {queue} {n}", queue=queue) for n in range(first, first + count)]


def overloaded(*records: Any, **how: Any) -> list[str]:
    return [one.message for one in found("SVC402", *records, **how)]


class TestTooMany:
    def test_the_cap_of_the_queue_is_for_each_person(self) -> None:
        assert overloaded(chat(cap=2), *several(2)) == []
        (one,) = found("SVC402", chat(cap=2), *several(3))
        assert one.message == "Agent has 3 open tickets for 1 person who is there, where 2 each would be the most."
        assert one.text("zh") == "Agent名下有 3 个未结工单，而在岗仅 1 人；每人不应超过 2 个。"
        second = Assignment(id="a3", person="ann", position="agent")
        assert overloaded(chat(cap=1), *several(3), second) == [
            "Agent has 3 open tickets for 2 people who are there, where 1 each would be the most."
        ]
        assert overloaded(chat(cap=0), *several(1)) == [
            "Agent has 1 open ticket for 1 person who is there, where 0 each would be the most."
        ]

    def test_who_is_away_takes_none_of_them(self) -> None:
        second = Assignment(id="a3", person="ann", position="agent")
        assert overloaded(chat(cap=2), *several(4), second) == []
        assert len(overloaded(chat(cap=2), *several(4), second, away("ann", 1))) == 1

    def test_positions_that_nobody_is_in_are_for_another_rule(self) -> None:
        records = (chat(cap=0), *several(2), *several(1, position="ghost"))
        assert overloaded(*records, without=("a2",)) == []
        codes = [one.code for one in model(*records, without=("a2",)).check(NINE, select=["SVC4"]).findings]
        assert codes == ["SVC401", "SVC401"]

    def test_without_a_cap_the_threshold_holds(self) -> None:
        assert overloaded(chat(), *several(30)) == []
        assert len(overloaded(chat(), *several(31))) == 1
        strict = Policy(id="p", rule="SVC402", values={"most": 1})
        assert len(overloaded(chat(), *several(2), strict)) == 1
        assert overloaded(chat(cap=2), *several(2), strict) == []  # the queue knows better

    def test_a_policy_for_a_unit_holds_for_its_positions(self) -> None:
        other = [
            Unit(id="back", name="Back office"),
            Position(id="clerk", title="Clerk", unit="back"),
            Assignment(id="a4", person="eve", position="clerk"),
            Position(id="stray", title="Stray", unit="nowhere"),
            Assignment(id="a5", person="kim", position="stray"),
        ]
        tickets = [one for position in ("agent", "clerk", "stray") for one in several(2, position=position)]
        policy = Policy(id="p", rule="SVC402", scope=Ref("unit", "back"), values={"most": 1})
        assert [one.subject.id for one in found("SVC402", chat(), *other, *tickets, policy)] == ["clerk"]

    def test_the_cap_is_that_of_the_queue_with_most_of_them(self) -> None:
        mail = chat(id="mail", name="Mail", cap=1)
        assert overloaded(chat(cap=3), mail, *several(2), *several(1, "mail")) == []
        assert len(overloaded(chat(cap=3), mail, *several(1), *several(2, "mail"))) == 1
        assert len(overloaded(chat(cap=3), mail, *several(2), *several(1, "mail"), *several(1, None))) == 1

    def test_of_queues_with_as_many_the_greatest_cap_counts(self) -> None:
        for caps in ((1, 4), (4, 1), (None, 1), (1, None)):
            queues = chat(cap=caps[0]), chat(id="mail", name="Mail", cap=caps[1])
            assert overloaded(*queues, *several(2), *several(2, "mail")) == []
        assert len(overloaded(chat(cap=1), chat(id="mail", cap=3), *several(2), *several(2, "mail"))) == 1

    @pytest.mark.parametrize("queue", [None, "ghost"])
    def test_tickets_in_no_queue_count_by_the_threshold(self, queue: str | None) -> None:
        strict = Policy(id="p", rule="SVC402", values={"most": 1})
        assert len(overloaded(chat(cap=9), *several(2, queue), strict)) == 1

    def test_only_what_is_open_at_the_instant_counts(self) -> None:
        late = [ticket(taken(5), id=f"late {n}") for n in range(3)]
        records = (chat(cap=2), *late, ticket(taken(), event("resolved", 0.5), id="done"), *several(2))
        assert overloaded(*records) == []
        assert len(overloaded(*records, at=NINE + 6 * HOUR)) == 1
