"""What the rules on plans find in a plan that has one fault, and at their edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops import Duration, Estimate, Link, OperatingModel, Record, Ref
from community_ops.plan import scheduling
from tests.plan.rules.material import MONDAY, OFFICE, SCHEDULE, STAFF, found, healthy, plan, task, tasks

WEDNESDAY = MONDAY + timedelta(days=2)
FRIDAY = MONDAY + timedelta(days=4)


def messages(model: OperatingModel, code: str, at: date | None = MONDAY) -> list[str]:
    return [one.message for one in model.check(at, select=[code]).findings]


def small(*records: Record, **fields: Any) -> OperatingModel:
    """Return a model of tasks that nobody owns; `found` is not for them."""
    return OperatingModel.of(*STAFF, OFFICE, plan(**fields), *records)


def test_a_healthy_plan_has_twenty_tasks_and_no_rule_says_anything() -> None:
    model = healthy()
    assert len(model.tasks) == 20
    report = model.check(MONDAY, select=[*SCHEDULE, "REF", "WRK"])
    assert report.findings == ()
    assert not report.skipped
    assert not model.check(None, select=SCHEDULE).findings
    # 2+1+3+3+3+1 = 13 working days, then 9: the 22nd working day from Monday, 2 March, is Tuesday, 31 March.
    assert str(co.plan.schedule(model, "p").finish) == "2026-03-31 18:00:00+08:00"


FAULTS: dict[str, tuple[OperatingModel, list[tuple[str, str]]]] = {
    "cycle": (healthy(a2={"links": (Link("a5"),)}), [("PLN101", "a2")]),
    "cycle through a summary": (healthy(a1={"links": (Link("b9"),)}), [("PLN101", "a1")]),
    "other plan": (
        healthy(
            co.Plan(id="q", name="Other", start=MONDAY, calendar="office"),
            task("x", 1, plan="q", owner="boss"),
            a1={"links": (Link("x"),)},
        ),
        [("PLN102", "a1")],
    ),
    "after a level of effort": (healthy(a7={"links": (Link("a6"), Link("answer"))}), [("PLN103", "a7")]),
    "percent of a summary": (healthy(b={"links": (Link("a", lag_percent=Decimal(10)),)}), [("PLN104", "b")]),
    "own summary": (healthy(a1={"links": (Link("a"),)}), [("PLN105", "a1")]),
    "long lead": (healthy(a3={"links": (Link("a2", lag=Duration(-2)),)}), [("PLN106", "a3")]),
    "open ends": (healthy(a4={"links": ()}, a5={"links": (Link("a3"),)}), [("PLN107", "p")]),
    "deadline": (healthy(end={"deadline": date(2026, 3, 30)}), [("PLN201", "p")]),
    "no later than": (healthy(a7={"constraint": "FNLT", "constraint_date": FRIDAY}), [("PLN202", "a7")]),
    "must before links": (healthy(a7={"constraint": "MSO", "constraint_date": FRIDAY}), [("PLN203", "a7")]),
    "must on a summary": (healthy(a={"constraint": "MFO", "constraint_date": FRIDAY}), [("PLN204", "a")]),
    "closed": (healthy(co.Calendar(id="never", timezone="Asia/Shanghai"), p={"calendar": "never"}), [("PLN206", "p")]),
    "years": (healthy(p={"start": date(2026, 12, 7)}, end={"deadline": None}), [("PLN207", "office")]),
    "zones": (healthy(co.Calendar(id="far", hours=OFFICE.hours), p={"calendar": "far"}), [("PLN208", "p")]),
    "long moment": (healthy(end={"duration": Duration(1)}), [("PLN301", "end")]),
    "no estimate": (healthy(a6={"duration": None}), [("PLN302", "p")]),
    "upside down": (healthy(a4={"estimate": Estimate(3, 2, 1)}), [("PLN303", "a4")]),
    "no owner": (healthy(b={"owner": None}), [("PLN401", "p")]),
    "leaves": (
        healthy(ann={"employment": co.DateRange(None, date(2026, 3, 5))}),
        [("PLN402", "boss")],
    ),
    "asked for too much": (
        healthy(**{id: {"allocations": (co.plan.Allocation("boss", Decimal(2)),)} for id in ("a3", "a5")}),
        [("PLN404", "boss")],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_gives_one_finding(fault: str) -> None:
    model, expected = FAULTS[fault]
    assert found(model, at=MONDAY) == expected


def test_a_plan_that_nobody_has_begun_is_one_finding() -> None:
    assert found(healthy(), at=WEDNESDAY) == [("PLN205", "p")]
    assert messages(healthy(), "PLN205", WEDNESDAY) == ["Plan: A1 should have started on 2026-03-02 and has not."]
    assert found(healthy(a1={"percent_complete": 10}), at=WEDNESDAY) == []
    assert found(healthy(), at=None) == []


def test_the_faults_cover_every_rule() -> None:
    every = {rule.code for rule in OperatingModel.rules() if rule.code[:4] in SCHEDULE}
    # Those on who is there have tests of their own, beside what they read.
    assert every == {"PLN205", "PLN403", "PLN404"} | {code for _, expected in FAULTS.values() for code, _ in expected}


# --- links ----------------------------------------------------------------------------------------------------------


def test_each_circle_is_one_finding_whatever_else_hangs_on_it() -> None:
    first = [task("a", 1, "c"), task("b", 1, "a"), task("c", 1, "b")]
    second = [task("x", 1, "y"), task("y", 1, "x"), task("z", 1, "y", "c")]
    model = small(*first, *second)
    assert messages(model, "PLN101") == [
        "None of these tasks can ever start, for each waits for the one before: A → B → C → A.",
        "None of these tasks can ever start, for each waits for the one before: X → Y → X.",
    ]


def test_circles_that_share_a_task_are_one_finding_and_a_long_one_is_cut_short() -> None:
    eight = small(task("a", 1, "b", "c"), task("b", 1, "a"), task("c", 1, "a"))
    assert len(messages(eight, "PLN101")) == 1
    ring = small(task("t00", 1, "t29"), *[task(f"t{i:02}", 1, f"t{i - 1:02}") for i in range(1, 30)])
    (message,) = messages(ring, "PLN101")
    assert message.endswith("T10 → T11 → ….")
    assert len(ring.check(select=["PLN101"]).findings[0].related) == 29


def test_a_dangling_link_is_no_link_to_another_plan() -> None:
    assert messages(small(task("a", 1, "ghost")), "PLN102") == []


def test_a_link_to_what_recurs_is_told_from_one_from_it() -> None:
    weekly = task("weekly", None, "a", kind="recurring", recurrence="FREQ=WEEKLY;BYDAY=MO")
    model = small(task("a", 9), weekly, task("b", 1, "weekly", "a"))
    assert messages(model, "PLN103") == [
        "Weekly follows A, but what goes on all the time or recurs does not wait so.",
        "B follows Weekly, but nothing waits for what goes on all the time or recurs.",
    ]


@pytest.mark.parametrize(
    ("link", "fires"),
    [
        (Link("a", lag=Duration(-2)), False),
        (Link("a", lag=Duration(-3)), True),
        (Link("a", "FF", lag=Duration(-3)), True),
        (Link("a", "SS", lag=Duration(-3)), False),
        (Link("a", lag_percent=Decimal(-100)), False),
        (Link("a", lag_percent=Decimal(-101)), True),
        (Link("a", lag=Duration(-1), lag_time="elapsed"), False),  # Tuesday 18:00 to Monday 18:00
        (Link("a", lag=Duration(-2), lag_time="elapsed"), True),
    ],
)
def test_a_lead_is_measured_against_its_predecessor_in_its_own_time(link: Link, fires: bool) -> None:
    assert bool(messages(small(task("a", 2), task("b", 1, link)), "PLN106")) is fires


def test_a_lead_on_a_summary_is_measured_against_all_of_it() -> None:
    parts = [task("s", None), task("a", 2, parent="s"), task("b", 3, "a", parent="s")]
    for lead, fires in ((5, False), (6, True)):
        assert bool(messages(small(*parts, task("c", 1, Link("s", lag=Duration(-lead)))), "PLN106")) is fires


def test_open_ends_count_from_a_share_on_that_a_policy_may_set() -> None:
    chain = [task("t0", 1), *[task(f"t{i}", 1, f"t{i - 1}") for i in range(1, 18)]]
    nineteen = small(*chain, task("x", 1))  # x is 1 of 19 tasks: 5.3 %
    twenty = small(*chain, task("t18", 1, "t17"), task("x", 1))
    assert messages(nineteen, "PLN107") == ["Plan: 1 of 19 tasks follow nothing or lead nowhere: X."]
    assert messages(twenty, "PLN107") == []
    lenient = co.Policy(id="l", rule="PLN107", scope=Ref("unit", "hq"), values={"percent": "6"})
    assert messages(nineteen.add(lenient), "PLN107") == []


# --- dates ----------------------------------------------------------------------------------------------------------


def test_a_deadline_on_the_day_itself_is_kept_and_one_of_a_finished_task_is_not_judged() -> None:
    def one(deadline: date | datetime, **fields: Any) -> OperatingModel:
        return small(task("a", 5, deadline=deadline, **fields))

    assert messages(one(FRIDAY), "PLN201") == []
    assert messages(one(datetime(2026, 3, 6, 10, tzinfo=UTC)), "PLN201") == []  # 18:00 in Shanghai
    assert len(messages(one(datetime(2026, 3, 6, 9, 59, tzinfo=UTC)), "PLN201")) == 1
    assert messages(one(WEDNESDAY), "PLN201") == [
        "Plan: A will be finished on 2026-03-06, and its deadline is 2026-03-04."
    ]
    assert messages(one(WEDNESDAY, actual_finish=FRIDAY), "PLN201") == []


def test_the_latest_of_several_missed_deadlines_is_named() -> None:
    model = small(task("a", 5, deadline=WEDNESDAY), task("b", 5, "a", deadline=FRIDAY))
    assert messages(model, "PLN201") == [
        "Plan: B and A will be finished after their deadlines; B on 2026-03-13, due 2026-03-06, is the latest."
    ]


def test_a_start_on_the_last_day_allowed_is_in_time() -> None:
    def one(day: date) -> OperatingModel:
        return small(task("a", 2), task("b", 1, "a", constraint="SNLT", constraint_date=day))

    assert messages(one(WEDNESDAY), "PLN202") == []
    assert messages(one(WEDNESDAY - timedelta(days=1)), "PLN202") == [
        "B has to start by 2026-03-03 at the latest, and can start on 2026-03-04 at the earliest."
    ]


def test_a_date_that_a_summary_must_keep_is_one_finding_for_all_its_parts() -> None:
    whole = task("s", None, constraint="FNLT", constraint_date=MONDAY)
    parts = [task("a", 2, parent="s"), task("b", 3, "a", parent="s")]
    assert messages(small(whole, *parts), "PLN2") == [
        "S has to be finished by 2026-03-02 at the latest, and can be finished on 2026-03-06 at the earliest."
    ]


def test_a_must_date_names_the_links_that_it_breaks_only() -> None:
    must = task("c", 1, "a", "b", constraint="MFO", constraint_date=WEDNESDAY)
    model = small(task("a", 1), task("b", 5), must)
    assert messages(model, "PLN203") == ["C must finish on 2026-03-04, before its links to B allow it."]
    assert messages(small(task("a", 1), must, task("b", 2)), "PLN203") == []


def test_must_dates_are_held_against_links_between_finishes_too() -> None:
    must = task("b", 1, Link("a", "FF"), constraint="MSO", constraint_date=MONDAY)
    assert messages(small(task("a", 3), must), "PLN203") == [
        "B must start on 2026-03-02, before its links to A allow it."
    ]


def test_what_is_finished_is_not_held_to_its_constraint() -> None:
    late = {"constraint": "FNLT", "constraint_date": MONDAY}
    must = {"constraint": "MSO", "constraint_date": MONDAY}
    model = small(
        task("a", 5, actual_finish=FRIDAY, **late), task("b", 1, "a", actual_finish=FRIDAY, **must)
    )  # fmt: skip
    assert messages(model, "PLN2") == []


# --- calendars ------------------------------------------------------------------------------------------------------


def test_a_calendar_is_too_short_for_all_its_plans_at_once() -> None:
    until_friday = evolve(OFFICE, covers=co.DateRange(MONDAY, FRIDAY))
    records: list[Record] = [until_friday, plan(), co.Plan(id="q", name="Other", start=FRIDAY, calendar="office")]
    enough = OperatingModel.of(*records, task("a", 5), task("b", 1, plan="q"))
    assert messages(enough, "PLN207") == []
    short = OperatingModel.of(*records, task("a", 6), task("b", 2, plan="q"))
    (message,) = messages(short, "PLN207")
    known = "The holidays of Office are known for 2026-03-02 to 2026-03-06"
    assert message == f"{known}, and Plan and Other work by it from 2026-03-02 to 2026-03-09."
    assert messages(short, "PLN207", at=date(2026, 3, 7)) == []  # WRK104 says so
    assert len(messages(short, "PLN207", at=None)) == 1


def test_work_until_midnight_belongs_to_the_day_before() -> None:
    nights = co.Calendar(id="office", hours={"fri": (("16:00", "24:00"),)}, covers=co.DateRange(MONDAY, FRIDAY))
    assert messages(OperatingModel.of(nights, plan(), task("a", 1)), "PLN207") == []


def test_summer_time_decides_how_far_clocks_are_apart() -> None:
    athens = co.Calendar(id="athens", timezone="Europe/Athens", hours=OFFICE.hours)
    model = small(task("a", 1), athens, calendar="athens")  # 8 - 2 = 6 hours in winter, 5 in summer
    limit = co.Policy(id="l", rule="PLN208", scope=Ref("unit", "hq"), values={"hours": "5"})
    assert messages(model, "PLN208") == ["Plan goes by athens, 6 hours apart from Office, by which HQ works."]
    assert len(messages(model.add(limit), "PLN208")) == 1
    summer = evolve(model.plans["p"], start=date(2026, 7, 1))
    assert messages(model.replace(summer).add(limit), "PLN208") == []


@pytest.mark.parametrize("fields", [{"unit": None}, {"unit": "ghost"}, {"calendar": "ghost"}])
def test_a_plan_without_unit_or_with_a_calendar_that_is_not_there_has_no_clocks_to_compare(fields: Any) -> None:
    assert messages(small(task("a", 1), co.Calendar(id="far"), **{"calendar": "far", **fields}), "PLN208") == []


def test_a_team_without_a_calendar_has_no_clocks_to_compare() -> None:
    model = small(task("a", 1), calendar=None)
    assert len(messages(model, "PLN208")) == 1
    for calendar in (None, "ghost"):
        assert messages(model.replace(evolve(model.units["hq"], calendar=calendar)), "PLN208") == []


# --- owners and estimates -------------------------------------------------------------------------------------------


def test_whoever_a_responsibility_makes_accountable_is_an_owner() -> None:
    model = small(task("a", 1), task("b", 1, "a"), task("c", 1, actual_finish=MONDAY))
    assert messages(model, "PLN401") == ["Plan: nobody is accountable for 2 of 3 tasks: A and B."]
    row = co.Responsibility(id="r", position="boss", subject=Ref("task", "a"), role="accountable")
    assert messages(model.add(row), "PLN401") == ["Plan: nobody is accountable for B."]


def gone(who: str, first: date, last: date | None) -> co.Absence:
    return co.Absence(id=f"{who}-{first}", person=who, period=co.DateRange(first, last))


def test_a_holiday_within_a_long_task_is_let_pass_and_one_over_a_short_task_is_not() -> None:
    long, short = small(task("a", 30, owner="boss")), small(task("a", 3, owner="boss"))
    fortnight = gone("ann", MONDAY, MONDAY + timedelta(days=13))
    assert messages(long.add(fortnight), "PLN402") == []
    longer = gone("ann", MONDAY, MONDAY + timedelta(days=14))
    assert messages(long.add(longer), "PLN402") == [
        "Nobody holds Boss or stands in for it from 2026-03-02 on, while A is due."
    ]
    assert len(messages(short.add(fortnight), "PLN402")) == 1
    assert messages(short.add(gone("ann", MONDAY, MONDAY + timedelta(days=1))), "PLN402") == []
    strict = co.Policy(id="l", rule="PLN402", scope=Ref("unit", "hq"), values={"days": 13})
    assert len(messages(long.add(fortnight, strict), "PLN402")) == 1


def test_a_deputy_stands_in_while_in_force_for_the_task_and_there() -> None:
    vacant = small(task("a", 5, owner="boss")).remove(Ref("assignment", "ann-boss"))

    def stands_in(**fields: Any) -> list[str]:
        return messages(vacant.add(co.Deputy(id="d", position="boss", deputy="aide", **fields)), "PLN402")

    assert len(messages(vacant, "PLN402")) == 1
    assert stands_in() == []
    assert stands_in(scope=[Ref("task", "a")]) == []
    assert len(stands_in(scope=[Ref("task", "b")])) == 1
    assert len(stands_in(period=co.DateRange(None, date(2026, 2, 28)))) == 1
    assert len(messages(vacant.add(co.Deputy(id="d", position="boss", deputy="ghost")), "PLN402")) == 1


def test_who_acts_without_any_full_time_equivalents_is_there() -> None:
    model = small(task("a", 5, owner="boss"))
    acting = evolve(model.assignments["ann-boss"], fte=0, acting=True)
    assert messages(model.replace(acting), "PLN402") == []


def test_only_what_is_left_of_a_task_is_judged() -> None:
    model = small(task("a", 5, owner="boss"), task("b", 5, "a", owner="boss")).remove(Ref("assignment", "ann-boss"))
    second = MONDAY + timedelta(days=7)
    assert messages(model, "PLN402") == [
        "Nobody holds Boss or stands in for it while 2 tasks are due: A and B; of the first, from 2026-03-02 on."
    ]
    assert messages(model, "PLN402", second) == [
        "Nobody holds Boss or stands in for it from 2026-03-09 on, while B is due."
    ]
    assert messages(model, "PLN402", second + timedelta(days=5)) == []
    done = model.replace(*[evolve(one, actual_finish=MONDAY) for one in model.tasks])
    assert messages(done, "PLN402") == []


def test_an_estimate_is_not_missed_where_the_task_is_done() -> None:
    model = small(task("a", None, actual_finish=MONDAY), task("b", None))
    assert messages(model, "PLN302") == ["Plan: nothing says how long B takes; the plan counts no time for it."]


# --- all together ---------------------------------------------------------------------------------------------------


def test_a_plan_without_dates_is_looked_at_all_the_same_and_the_others_as_ever() -> None:
    ring = [task("x", 1, "y", plan="q"), task("y", 1, "x", "x", plan="q", estimate=Estimate(2, 1, 3))]
    other = co.Plan(id="q", name="Other", start=MONDAY, calendar="office")
    model = healthy(other, *[evolve(one, owner="boss") for one in ring], end={"deadline": MONDAY})
    assert found(model) == [("PLN101", "x"), ("PLN303", "y"), ("PLN201", "p")]


def test_renaming_a_task_dates_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    model = healthy()
    model.check(MONDAY)
    monkeypatch.setattr(scheduling, "dated", lambda *_: pytest.fail("dated anew"))
    renamed = model.replace(evolve(model.tasks["a1"], name="Another name", description="and what it is about"))
    assert renamed.check(MONDAY, select=SCHEDULE).findings == ()


DAYS = st.integers(0, 12).map(lambda days: MONDAY + timedelta(days=days))


@st.composite
def networks(draw: st.DrawFn) -> OperatingModel:
    """Draw a plan of a few tasks under one summary, with links, lags, limits and deadlines of every kind."""
    pieces = [task("s", None, deadline=draw(st.none() | DAYS))]
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["task", "task", "milestone"]))
        links = [
            Link(f"t{before}", draw(st.sampled_from(["FS", "SS", "FF", "SF"])), Duration(draw(st.integers(-2, 2))))
            for before in draw(st.sets(st.integers(0, number - 1), max_size=2) if number else st.just(set()))
        ]
        constraint = draw(st.sampled_from(["ASAP", "ALAP", "SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO"]))
        fields = {
            "kind": kind,
            "constraint": constraint,
            "constraint_date": None if constraint in ("ASAP", "ALAP") else draw(DAYS),
            "deadline": draw(st.none() | DAYS),
            "parent": draw(st.sampled_from([None, "s"])),
        }
        pieces.append(task(f"t{number}", draw(st.integers(1, 4)) if kind == "task" else None, *links, **fields))
    return small(*pieces)


@settings(max_examples=80, deadline=None)
@given(networks())
def test_negative_float_always_has_a_cause_that_one_of_the_rules_names(model: OperatingModel) -> None:
    dates = co.plan.schedule(model, "p").tasks.values()
    late = any(one.total_float is not None and one.total_float < timedelta() for one in dates)
    named = {code for code, _ in found(model)} & {"PLN201", "PLN202", "PLN203"}
    assert named or not late


def test_a_broken_model_is_judged_without_a_crash() -> None:
    model = OperatingModel.of(
        plan(calendar="ghost", unit="ghost", owner="ghost"),
        *[evolve(one, owner="ghost", calendar="ghost", parent="ghost", links=(Link("ghost"),)) for one in tasks()],
        task("stray", 1, plan="ghost"),
    )
    assert {code for code, _ in found(model)} == {"PLN107", "PLN302"}


def test_a_schema_without_deputies_is_judged_by_holders_alone() -> None:
    kinds = [kind.cls for kind in OperatingModel.schema.kinds.values() if kind.cls is not co.Deputy]
    smaller = type("Smaller", (OperatingModel,), {"schema": co.Schema.of(*kinds), "__slots__": ()})
    model = smaller.of(*[one for one in healthy() if not isinstance(one, co.Assignment)])
    assert [one.subject.id for one in model.check(MONDAY, select=["PLN402"]).findings] == ["boss", "aide"]


def test_dates_beyond_all_calendars_are_one_finding() -> None:
    model = small(task("a", 1), task("b", 1, Link("a", lag=Duration(10**7), lag_time="elapsed"), deadline=FRIDAY))
    assert messages(model, "PLN206") == ["Plan has no dates: it leads out of the years 1 to 9999."]
    assert messages(model, "PLN2") == messages(model, "PLN206")
    for start in (date.min, date.max):
        report = small(task("a", 1, deadline=start, constraint="MFO", constraint_date=start), start=start).check(MONDAY)
        assert not [one for one in report.findings if one.code == "WVR901"]


def test_the_circle_that_is_named_does_not_depend_on_the_order_of_tasks() -> None:
    circling = [
        task("s", None, "v"),
        task("x", 1, "u", "v", parent="s"),
        task("u", 1, "x", Link("s", "SF")),
        task("v", 1, "x"),
    ]
    named = set()
    for mixed in permutations(circling):
        model = OperatingModel([*STAFF, OFFICE, plan(), *mixed])
        (finding,) = model.check(select=["PLN101"]).findings
        named.add((finding.subject.id, tuple(ref.id for ref in finding.related), finding.fingerprint))
    assert len(named) == 1
