"""What the rules on absence, deputies, meetings, training and incentives do at their edges."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

import community_ops as co
from community_ops import (
    Absence,
    Assignment,
    DateRange,
    Deputy,
    Duty,
    Goal,
    Incentive,
    Meeting,
    Metric,
    OperatingModel,
    Person,
    Policy,
    Record,
    Ref,
    ReportingLine,
    Schema,
    Skill,
    SkillLevel,
    Training,
    Unit,
)
from tests.org.rules.material import judged, position

DAY = date(2026, 3, 2)
HQ = Unit(id="hq", name="HQ", kind="organisation", heads=["ceo"])
CARE = [Skill(id="care", name="Care")]


def codes(code: str, *records: Record, at: date | None = DAY) -> list[str]:
    return [found.subject.id for found in judged(code, *records, at=at).findings]


def held(at: str, by: str, **fields: Any) -> Assignment:
    return Assignment(id=f"{at}-{by}", person=by, position=at, **fields)


def person(id: str, last: date | None = None, care: int = 0) -> Person:
    skills = [SkillLevel("care", care)] if care else []
    return Person(id=id, name=id.title(), employment=DateRange(None, last), skills=skills)


def away(who: str, days: int = 10) -> Absence:
    return Absence(id=f"away-{who}", person=who, period=DateRange(DAY, DAY + timedelta(days)))


def deputy(whom: str, by: str, **fields: Any) -> Deputy:
    return Deputy(id=f"{whom}-{by}", position=whom, deputy=by, **fields)


class TestKeyPeople:
    def leaver(self, last: date, *more: Record) -> list[Record]:
        mod = position("mod", requires=[SkillLevel("care", 2)])
        return [HQ, position("ceo"), mod, *CARE, person("ann", last, care=3), held("mod", "ann"), *more]

    @pytest.mark.parametrize(("days", "found"), [(-1, False), (0, True), (90, True), (91, False)])
    def test_leaving_counts_from_the_day_to_the_end_of_the_notice(self, days: int, found: bool) -> None:
        assert bool(codes("ORG601", *self.leaver(DAY + timedelta(days)))) == found

    def test_the_calendar_may_end_first(self) -> None:
        assert codes("ORG601", *self.leaver(date.max), at=date.max) == ["ann"]

    def test_a_deputy_held_by_the_leaver_alone_is_none(self) -> None:
        aide = [position("aide"), deputy("mod", "aide")]
        assert codes("ORG601", *self.leaver(DAY, *aide, held("aide", "ann"))) == ["ann"]
        assert codes("ORG601", *self.leaver(DAY, *aide, held("aide", "ann"), held("aide", "ben"))) == []

    def test_a_second_who_has_left_or_knows_less_is_none(self) -> None:
        assert codes("ORG601", *self.leaver(DAY, person("ben", DAY - timedelta(1), care=5))) == ["ann"]
        assert codes("ORG601", *self.leaver(DAY, person("ben", care=1))) == ["ann"]
        assert codes("ORG601", *self.leaver(DAY, person("ben", care=2))) == []

    def test_several_accountable_positions_count_only_where_nobody_shares_them(self) -> None:
        duties = [Duty(id="d", name="D", owner="mod")]
        base = [
            HQ,
            position("ceo"),
            position("mod"),
            person("ann", DAY),
            held("mod", "ann"),
            held("ceo", "ann"),
            *duties,
        ]
        (found,) = judged("ORG601", *base, at=DAY).findings
        assert found.message.startswith("Ann leaves on 2026-03-02 and alone holds Ceo and Mod")
        assert codes("ORG601", *base, held("mod", "ben")) == []
        fewer = Policy(id="p", rule="ORG601", values={"positions": 1})
        assert codes("ORG601", *base, held("mod", "ben"), fewer) == ["ann"]

    def test_where_no_position_needs_a_skill_nobody_alone_has_it(self) -> None:
        plain = [HQ, position("ceo"), person("ann", DAY, care=3), held("ceo", "ann"), *CARE]
        assert codes("ORG601", *plain) == []


class TestAbsence:
    BASE = (HQ, position("ceo"), position("aide", reports_to="ceo"), held("ceo", "ann"), person("ann"), away("ann"))

    def test_positions_of_a_unit_make_one_finding(self) -> None:
        more = [position("cfo"), Duty(id="d", name="D", owner="cfo"), held("cfo", "ann")]
        (found,) = judged("ORG602", *self.BASE, *more, at=DAY).findings
        assert "Ceo and Cfo in HQ: all who hold them are away" in found.message

    def test_a_position_that_neither_heads_nor_answers_is_let_be(self) -> None:
        assert codes("ORG602", *self.BASE, held("aide", "ben"), away("ben")) == ["hq"]
        without = [record for record in self.BASE if record is not HQ]
        assert codes("ORG602", Unit(id="hq", name="HQ"), *without) == []

    def test_somebody_else_who_holds_it_is_there(self) -> None:
        assert codes("ORG602", *self.BASE, held("ceo", "ben")) == []
        assert codes("ORG602", *self.BASE, held("ceo", "ben"), away("ben", 3)) == []

    def test_a_deputy_of_limited_scope_is_one(self) -> None:
        limited = deputy("ceo", "aide", scope=(Ref("goal", "g"),))
        assert codes("ORG602", *self.BASE, limited, held("aide", "ben"), Goal(id="g", name="G")) == []
        assert codes("ORG602", *self.BASE, deputy("ceo", "aide"), deputy("aide", "cfo"), position("cfo")) == ["hq"]

    def test_who_has_simply_left_is_for_other_rules(self) -> None:
        gone = [HQ, position("ceo"), held("ceo", "ann"), person("ann", DAY - timedelta(1)), away("ben")]
        assert codes("ORG602", *gone) == []

    def test_what_is_left_to_the_rule_on_key_people_is_not_found_twice(self) -> None:
        ceo = position("ceo", requires=[SkillLevel("care", 2)])
        records = [HQ, ceo, held("ceo", "ann"), person("ann", care=2), away("ann"), *CARE]
        report = OperatingModel.of(*records).check(DAY, select=["ORG601", "ORG602"])
        assert [found.code for found in report.findings] == ["ORG601"]


class TestChains:
    BASE = (HQ, position("ceo"), position("a"), position("b"), position("c"))

    def test_two_who_stand_in_for_each_other_are_a_fault_once_neither_is_there(self) -> None:
        pair = [deputy("a", "b"), deputy("b", "a")]
        assert codes("ORG603", *self.BASE, *pair, held("a", "ann"), held("b", "ben")) == []
        assert codes("ORG603", *self.BASE, *pair, held("a", "ann")) == ["a"]
        assert codes("ORG603", *self.BASE, *pair) == ["a", "b"]

    def test_one_way_out_of_a_circle_is_enough(self) -> None:
        circle = [deputy("a", "b"), deputy("b", "a"), deputy("b", "c")]
        assert codes("ORG603", *self.BASE, *circle, held("c", "eve")) == []

    def test_two_ends_are_told_apart_from_ones_own(self) -> None:
        lines = [deputy("a", "b"), deputy("b", "a"), deputy("b", "c"), deputy("b", "ceo"), deputy("c", "b")]
        staffed = [held("a", "ann"), held("c", "eve"), held("ceo", "ben")]
        assert codes("ORG603", *self.BASE, *lines, *staffed) == []

    def test_closed_positions_and_deputies_that_are_over_are_let_be(self) -> None:
        closed = [HQ, position("ceo"), position("a", status="closed"), position("b")]
        assert codes("ORG603", *closed, deputy("a", "b"), deputy("a", "a")) == []
        over = DateRange(None, DAY - timedelta(1))
        assert codes("ORG603", *self.BASE, deputy("a", "b", period=over), deputy("b", "b", period=over)) == []


class TestIndependentDeputies:
    FIRM = (
        HQ,
        Unit(id="finance", name="Finance", parent="hq", heads=["cfo"]),
        Unit(id="ledger", name="Ledger", parent="finance"),
        position("ceo"),
        position("cfo", reports_to="ceo"),
        position("clerk", unit="ledger", reports_to="cfo"),
        position("aide", reports_to="cfo"),
        position("auditor", reports_to="ceo", independent_of=["finance", "ghost"]),
    )

    @pytest.mark.parametrize(("by", "found"), [("cfo", True), ("clerk", True), ("aide", True), ("ceo", False)])
    def test_who_may_stand_in_for_an_auditor(self, by: str, found: bool) -> None:
        assert bool(codes("ORG604", *self.FIRM, deputy("auditor", by))) == found

    @pytest.mark.parametrize(("whom", "found"), [("cfo", True), ("clerk", True), ("aide", False), ("ceo", False)])
    def test_for_whom_an_auditor_may_stand_in(self, whom: str, found: bool) -> None:
        assert bool(codes("ORG604", *self.FIRM, deputy(whom, "auditor"))) == found

    def test_what_is_over_closed_missing_or_its_own_is_let_be(self) -> None:
        over = deputy("auditor", "cfo", period=DateRange(None, DAY - timedelta(1)))
        assert codes("ORG604", *self.FIRM, over) == []
        assert codes("ORG604", *self.FIRM, over, at=None) == ["auditor"]
        assert codes("ORG604", *self.FIRM, deputy("auditor", "ghost"), deputy("auditor", "auditor")) == []
        closed = position("old", unit="finance", status="closed")
        assert codes("ORG604", *self.FIRM, closed, deputy("auditor", "old")) == []
        assert codes("ORG604", HQ, position("ceo"), position("cfo"), deputy("ceo", "cfo")) == []


def meeting(id: str, *participants: str, **fields: Any) -> Meeting:
    values = {"name": id, "start": "2026-03-02T10:00", "purpose": "Talk", "recurrence": "FREQ=WEEKLY"} | fields
    return Meeting(id=id, participants=participants, **values)


class TestMeetings:
    NINE = tuple(position(f"p{n}") for n in range(9))

    def test_seats_count_by_who_holds_them(self) -> None:
        board = meeting("board", "p0", "p1", decision=True)
        crowd = [held("p0", f"x{n}") for n in range(7)]
        (found,) = judged("ORG701", HQ, *self.NINE, board, *crowd, at=DAY).findings
        assert "has 8 people; 7 are the most" in found.message
        assert codes("ORG701", HQ, *self.NINE, board, *crowd, at=None) == []

    def test_without_a_date_positions_count(self) -> None:
        board = meeting("board", *(f"p{n}" for n in range(9)), decision=True)
        assert codes("ORG701", HQ, *self.NINE, board, at=None) == ["board"]

    def test_what_is_over_is_not_judged(self) -> None:
        past = {"start": "2025-03-03T10:00", "recurrence": "FREQ=WEEKLY;UNTIL=20251231T000000Z"}
        assert codes("ORG702", meeting("now"), meeting("past", purpose="", **past)) == []
        assert codes("ORG702", meeting("now"), meeting("past", purpose="", **past), at=None) == ["past"]
        assert codes("ORG702", meeting("now", start=None), meeting("b", purpose=""), at=date.max) == []

    def test_what_is_left_out_on_all_its_days_is_not_judged(self) -> None:
        once = {"recurrence": "", "purpose": "", "except_dates": [DAY]}
        assert codes("ORG702", meeting("now"), meeting("off", **once)) == []
        both = [meeting("a", "p0", "p1"), meeting("b", "p1", "p0", start="2026-03-02T10:30", recurrence="")]
        without = [meeting("a", "p0", "p1", except_dates=[DAY]), both[1]]
        crowd = (HQ, *self.NINE, held("p0", "x"), held("p1", "y"))
        assert (codes("ORG703", *crowd, *both), codes("ORG703", *crowd, *without)) == (["a"], [])

    def test_where_no_purpose_is_recorded_none_is_missed(self) -> None:
        assert codes("ORG702", meeting("a", purpose=""), meeting("b", purpose=" ")) == []

    def test_two_meetings_clash_once_whoever_and_however_often(self) -> None:
        both = [meeting("a", "p0", "p1"), meeting("b", "p1", "p0", start="2026-03-09T10:30")]
        (found,) = judged("ORG703", HQ, *self.NINE, *both, held("p0", "x"), held("p1", "y"), at=DAY).findings
        assert found.message == "x and y are wanted in a and in b at the same time, first on 2026-03-09."

    def test_a_meeting_that_runs_into_itself_is_no_clash_of_two(self) -> None:
        long = meeting("long", "p0", recurrence="FREQ=DAILY;COUNT=2", duration=timedelta(hours=30))
        assert codes("ORG703", HQ, *self.NINE, long, held("p0", "x")) == []

    def test_one_week_ahead_is_as_far_as_a_policy_may_say(self) -> None:
        later = [meeting("a", "p0"), meeting("b", "p0", start="2026-03-09T10:30"), held("p0", "x")]
        near = Policy(id="p", rule="ORG703", values={"weeks": 1})
        assert codes("ORG703", HQ, *self.NINE, *later) == ["a"]
        assert codes("ORG703", HQ, *self.NINE, *later, near) == []

    def test_load_is_judged_without_clashes_and_by_the_policy(self) -> None:
        twice = [meeting(id, "p0", duration=timedelta(hours=15), start="2026-03-02T06:00") for id in "ab"]
        assert codes("ORG704", HQ, *self.NINE, *twice, held("p0", "x")) == []
        less = Policy(id="p", rule="ORG704", values={"hours": "14.5"})
        (found,) = judged("ORG704", HQ, *self.NINE, *twice, held("p0", "x"), less, at=DAY).findings
        assert found.message == "Meetings take 15.0 hours of x's week from 2026-03-02; 14.5 are the most."


class TestTraining:
    MOD = position("mod", requires=[SkillLevel("care", 2)])

    def test_it_is_enough_that_one_of_those_booked_learns(self) -> None:
        course = Training(id="t", name="T", skill="care", level=2, people=["ann", "ben", "ghost"])
        assert codes("ORG705", HQ, self.MOD, *CARE, person("ann", care=3), person("ben"), course) == []
        assert codes("ORG705", HQ, self.MOD, *CARE, person("ann", care=3), person("ben", care=2), course) == ["t"]

    def test_where_no_position_requires_anything_nothing_is_unneeded(self) -> None:
        assert codes("ORG705", HQ, position("mod"), *CARE, Training(id="t", name="T", skill="care")) == []
        closed = position("mod", requires=[SkillLevel("care", 2)], status="closed")
        other = position("law", requires=[SkillLevel("law", 1)])
        course = Training(id="t", name="T", skill="care")
        assert codes("ORG705", HQ, closed, other, *CARE, Skill(id="law", name="Law"), course) == ["t"]

    def test_what_another_training_asks_for_is_needed(self) -> None:
        basics, sql = Training(id="b", name="B", skill="basics"), Training(id="s", name="S", skill="care", level=2)
        after = co.evolve(sql, requires=[SkillLevel("basics", 1)])
        records = (HQ, self.MOD, *CARE, Skill(id="basics", name="Basics"), basics)
        assert (codes("ORG705", *records, sql), codes("ORG705", *records, after)) == (["b"], [])

    @pytest.mark.parametrize(("places", "found"), [(None, []), (0, ["t"]), (1, ["t"]), (2, [])])
    def test_who_is_booked_twice_takes_one_place(self, places: int | None, found: list[str]) -> None:
        people = ["ann", "ben", "ann"]
        course = Training(id="t", name="T", skill="care", places=places, people=people, period=DateRange(DAY, DAY))
        assert codes("ORG709", HQ, *CARE, course) == found
        assert codes("ORG709", HQ, *CARE, course, at=DAY + timedelta(1)) == []
        assert codes("ORG709", HQ, *CARE, course, at=None) == found


class TestIncentives:
    FIRM = (HQ, position("ceo"), position("cmo", reports_to="ceo"), position("cfo", reports_to="ceo"))
    REACH = Metric(id="reach", name="Reach", owner="cmo")

    def paid(self, *positions: str, **fields: Any) -> Incentive:
        return Incentive(id="i", name="Bonus", positions=positions, **{"metric": "reach", **fields})

    def test_the_line_of_the_day_decides_who_is_in_reach(self) -> None:
        line = ReportingLine(id="l", position="cfo", manager="cmo", kind="solid", period=DateRange(DAY, DAY))
        records = [*self.FIRM, self.REACH, self.paid("cfo", "ghost"), line]
        assert codes("ORG706", *records) == []
        assert codes("ORG706", *records, at=DAY + timedelta(1)) == ["i"]

    def test_where_nobody_answers_for_the_metric_nothing_is_said(self) -> None:
        assert codes("ORG706", *self.FIRM, Metric(id="reach", name="Reach"), self.paid("cfo")) == []
        assert codes("ORG706", *self.FIRM, Metric(id="reach", name="Reach", owner="ghost"), self.paid("cfo")) == []
        assert codes("ORG706", *self.FIRM, self.paid("cfo", metric="ghost")) == []

    def test_what_is_over_is_not_judged(self) -> None:
        over = self.paid("cfo", period=DateRange(None, DAY - timedelta(1)))
        assert codes("ORG706", *self.FIRM, self.REACH, over) == []
        assert codes("ORG706", *self.FIRM, self.REACH, over, at=None) == ["i"]

    def test_incentives_pull_apart_only_on_one_metric_and_both_ways(self) -> None:
        target = Metric(id="reach", name="Reach", direction="target")
        down = Incentive(id="d", name="Down", metric="reach", pays_for="lower")
        assert codes("ORG707", target, self.paid("cmo"), down) == []
        assert codes("ORG707", target, self.paid("cmo", pays_for="higher"), down) == ["reach"]
        assert codes("ORG707", target, self.paid("cmo", metric=None), self.FIRM[0], down) == []

    def test_the_message_names_all_of_them(self) -> None:
        ups = [Incentive(id=f"u{n}", name=f"Up {n}", metric="reach") for n in (1, 2)]
        downs = [Incentive(id=f"d{n}", name=f"Down {n}", metric="reach", pays_for="lower") for n in (1, 2)]
        (found,) = judged("ORG707", self.REACH, *ups, *downs).findings
        assert (
            found.message
            == "Up 1 and Up 2 pay for more of Reach, and Down 1 and Down 2 pay for less, at the same time."
        )


class TestImpairedIndependence:
    FIRM = (
        HQ,
        Unit(id="finance", name="Finance", parent="hq", heads=["cfo"]),
        Unit(id="ledger", name="Ledger", parent="finance"),
        position("ceo"),
        position("cfo", reports_to="ceo"),
        position("clerk", unit="ledger", reports_to="cfo"),
        position("auditor", reports_to="ceo", independent_of=["finance", "ghost"]),
        held("auditor", "ann"),
    )

    def past(self, start: date | None, end: date | None, at: str = "clerk", id: str = "past") -> Assignment:
        return Assignment(id=id, person="ann", position=at, period=DateRange(start, end))

    @pytest.mark.parametrize(("days", "found"), [(1, True), (365, True), (366, False)])
    def test_a_year_makes_good(self, days: int, found: bool) -> None:
        assert bool(codes("ORG708", *self.FIRM, self.past(None, DAY - timedelta(days)))) == found

    def test_what_is_yet_to_come_never_was_or_is_elsewhere_is_let_be(self) -> None:
        assert codes("ORG708", *self.FIRM, self.past(DAY + timedelta(1), None)) == []
        assert codes("ORG708", *self.FIRM, self.past(DAY - timedelta(1), DAY - timedelta(2))) == []
        assert codes("ORG708", *self.FIRM, self.past(None, None, "ceo")) == []
        assert codes("ORG708", *self.FIRM, self.past(None, None, "ghost")) == []

    def test_one_position_held_twice_is_one_finding_with_the_last_day(self) -> None:
        twice = [self.past(None, date(2025, 10, 1), id="x"), self.past(date(2025, 11, 1), date(2025, 12, 1), id="y")]
        (found,) = judged("ORG708", *self.FIRM, *twice, at=DAY).findings
        assert found.parameters["until"] == date(2025, 12, 1)
        (found,) = judged("ORG708", *self.FIRM, *twice, self.past(DAY, None, id="z"), at=DAY).findings
        assert found.parameters["until"] is None

    def test_a_position_nobody_holds_or_that_is_closed_is_let_be(self) -> None:
        vacant = self.FIRM[:-1]
        assert codes("ORG708", *vacant, self.past(None, None)) == []
        closed = [*self.FIRM[:-2], position("auditor", independent_of=["finance"], status="closed"), self.FIRM[-1]]
        assert codes("ORG708", *closed, self.past(None, None)) == []

    def test_being_paid_for_what_others_answer_for_impairs_nothing(self) -> None:
        mine = Metric(id="m", name="M", owner="auditor")
        theirs = Metric(id="n", name="N", owner="clerk")
        pay = [Incentive(id=id, name=id, positions=["auditor"], metric=id) for id in ("m", "n")]
        (found,) = judged("ORG708", *self.FIRM, mine, theirs, *pay, at=DAY).findings
        assert found.parameters["incentive"] == Ref("incentive", "n")
        loose = Incentive(id="i", name="I", positions=["auditor", "ceo"])
        assert codes("ORG708", *self.FIRM, loose) == []

    def test_a_schema_without_incentives_is_judged_by_roles_alone(self) -> None:
        kinds = [kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls is not Incentive]
        smaller = type("Smaller", (OperatingModel,), {"schema": Schema.of(*kinds), "__slots__": ()})
        report = smaller.of(*self.FIRM, self.past(None, None)).check(DAY, select=["ORG708"])
        assert [found.subject.id for found in report.findings] == ["auditor"]
