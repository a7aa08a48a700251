"""Rules on goals, strategies, baselines, decisions, progress, gates and cost, beyond their own examples."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from community_ops import (
    Baseline,
    DateRange,
    Decision,
    Deliverable,
    Duration,
    Goal,
    Link,
    Metric,
    Money,
    OperatingModel,
    Plan,
    Policy,
    Record,
    Ref,
    Report,
    Strategy,
    Study,
    Task,
    Unit,
)
from community_ops.plan import Progress, rework, schedule
from community_ops.plan.rules.promised import promise, promised
from tests.plan.control import MONDAY, closing, planned, spent, task, workday, yuan
from tests.plan.control import promised as with_baseline

MINE = ("PLN5", "PLN6", "PLN7")


def judged(code: str, *records: Record, at: date | None = None) -> Report:
    return OperatingModel.of(*records).check(at, select=[code])


def said(report: Report) -> list[str]:
    return [found.message for found in report.findings]


def launch(**fields: object) -> Plan:
    return Plan(**{"id": "p", "name": "Launch", "start": MONDAY, **fields})  # type: ignore[arg-type]


# -- goals --------------------------------------------------------------------------------------------------------


def test_goals_that_lack_the_same_are_one_finding_and_whatever_is_lacking_is_told() -> None:
    goals = [Goal(id=id, name=id.upper()) for id in "ab"]
    measure = Metric(id="m", name="M")
    report = judged("PLN701", launch(), measure, *goals)
    assert said(report) == [
        "Nothing measures A and B.",
        "Nobody is accountable for A and B.",
        "No plan that has tasks serves A and B.",
    ]
    other = judged("PLN701", launch(), measure, *reversed(goals))
    assert {one.fingerprint for one in report.findings} == {one.fingerprint for one in other.findings}


def test_a_goal_is_measured_by_those_below_it_and_served_through_those_around_it() -> None:
    measure = Metric(id="m", name="M")
    tree = [("top", None), ("left", "top"), ("leaf", "left"), ("right", "top")]
    goals = [
        Goal(id=id, name=id.title(), parent=up, owner="x", metric=metric, target=Decimal(1))
        for (id, up), metric in zip(tree, [None, None, "m", "m"], strict=True)
    ]
    assert said(judged("PLN701", launch(goals=("left",)), task("x"), measure, *goals)) == [
        "No plan that has tasks serves Right."
    ]
    assert said(judged("PLN701", launch(goals=("top",)), task("x"), measure, *goals)) == []


def test_a_plan_without_tasks_serves_nothing() -> None:
    goal = Goal(id="a", name="A", owner="x")
    told = ["No plan that has tasks serves A."]
    assert said(judged("PLN701", launch(goals=("a",)), goal)) == told
    assert said(judged("PLN701", launch(goals=("a",)), goal, task("t", plan="q"))) == told
    assert said(judged("PLN701", launch(goals=("a",)), goal, task("t"))) == []


def test_goals_in_a_circle_are_judged_all_the_same() -> None:
    goals = [Goal(id=id, name=id.upper(), parent=up, owner="x") for id, up in ("ab", "ba")]
    assert said(judged("PLN701", launch(goals=("a",)), task("x"), *goals)) == []
    assert said(judged("PLN701", launch(), *goals)) == ["No plan that has tasks serves A and B."]


def test_days_past_due_are_counted() -> None:
    goal = Goal(id="g", name="Grow", due=date(2026, 3, 1))
    assert said(judged("PLN702", goal, at=MONDAY)) == ["Grow was to be reached by 2026-03-01, 1 day ago."]
    assert said(judged("PLN702", goal, at=date(2026, 3, 11))) == ["Grow was to be reached by 2026-03-01, 10 days ago."]


# -- strategies and areas -----------------------------------------------------------------------------------------


def test_strategies_that_do_not_hold_now_are_not_judged() -> None:
    old = Strategy(id="s", name="S", period=DateRange(date(2025, 1, 1), date(2025, 12, 31)))
    assert said(judged("PLN703", old, at=MONDAY)) == []
    assert said(judged("PLN703", old, at=date(2025, 6, 1))) == ["S rests on no study."]
    assert said(judged("PLN703", old)) == ["S rests on no study."]


def test_of_several_studies_the_outdated_are_named() -> None:
    studies = [
        Study(id=id, name=id.upper(), valid_until=until)
        for id, until in [("a", date(2025, 12, 31)), ("b", None), ("c", date(2025, 6, 30)), ("d", date(2027, 1, 1))]
    ]
    strategy = Strategy(id="s", name="S", studies=("a", "b", "c", "d", "gone"))
    assert said(judged("PLN703", strategy, *studies, at=MONDAY)) == ["S rests on A and C, valid until 2025-06-30 only."]
    assert said(judged("PLN703", strategy, *studies)) == []


def test_an_area_counts_for_parts_and_plans_without_areas_are_left_alone() -> None:
    parts = [task("whole", None, area="operation"), task("part", parent="whole"), task("ads", area="promotion")]
    report = judged("PLN704", launch(), Plan(id="q", name="Other", start=MONDAY), *parts)
    assert said(report) == ["Launch has no task in the area of positioning, service and control."]
    assert said(judged("PLN704", launch(), task("plain"))) == []
    strict = Policy(id="pol", rule="PLN704", values={"used": 3})
    assert said(judged("PLN704", launch(), *parts, strict)) == []


# -- baselines and decisions --------------------------------------------------------------------------------------


def test_baselines_at_the_same_instant_are_found_whatever_the_words_for_it() -> None:
    first = Baseline(id="a", name="A", plan="p", since=MONDAY)
    second = Baseline(id="b", name="B", plan="p", since=datetime(2026, 3, 2, tzinfo=UTC))
    lost = [Baseline(id=id, plan="gone", since=MONDAY) for id in "cd"]
    (found,) = judged("PLN705", launch(), first, second, *lost).findings
    assert found.message == "A and B of Launch are all in force from 2026-03-02 00:00 +00:00; B counts."
    (other,) = judged("PLN705", launch(), second, first).findings
    assert other.fingerprint == found.fingerprint
    assert other.subject == Ref("baseline", "a")


def test_a_decision_without_a_date_or_with_a_baseline_that_is_gone_is_not_judged() -> None:
    base = Baseline(id="b", name="B", plan="p", since=MONDAY)
    undated = Decision(id="d", name="D", plan="p", status="approved", baseline="b")
    assert said(judged("PLN706", launch(), base, undated)) == []
    assert said(judged("PLN706", launch(), base, evolve(undated, baseline="gone"))) == []
    assert said(judged("PLN706", launch(id="q"), base, evolve(undated, plan="q", baseline=None))) == []
    on_the_day = evolve(undated, decided=MONDAY)
    assert said(judged("PLN706", launch(), base, on_the_day)) == []


def slipping(*more: Record, **fields: object) -> OperatingModel:
    """Return a plan whose first task takes ten days in place of one; two tasks wait for it."""
    model = planned(
        task("a", 1), task("b", 1, links=(Link("a"),)), task("open", None, kind="milestone", links=(Link("b"),)),
        task("help", None, kind="level_of_effort"), task("whole", None), task("part", 1, parent="whole"),
    )  # fmt: skip
    late = evolve(model.tasks["a"], duration=Duration(10), **fields)  # type: ignore[arg-type]
    return model.replace(late).add(*more)


def test_only_what_slips_by_itself_is_told() -> None:
    report = slipping().check(MONDAY, select=["PLN707"])
    told = "A is to be finished on 2026-03-13, 9 working days later than b has it, and no decision names it."
    assert said(report) == [told]


@pytest.mark.parametrize(
    ("decision", "counts"),
    [
        ({"status": "approved", "decided": workday(1)}, True),
        ({"proposed": workday(1)}, True),
        ({}, True),
        ({"status": "rejected", "decided": workday(1)}, False),
        ({"status": "approved", "decided": date(2026, 2, 27)}, False),
        ({"plan": "q"}, False),
        ({"tasks": ("b",)}, False),
    ],
)
def test_a_decision_excuses_a_slip_if_the_baseline_cannot_know_it(decision: dict[str, object], counts: bool) -> None:
    values = {"id": "d", "name": "D", "plan": "p", "tasks": ("a",), **decision}
    model = slipping(Decision(**values))  # type: ignore[arg-type]
    assert bool(model.check(MONDAY, select=["PLN707"]).findings) is not counts


def test_what_may_slip_is_a_policy_of_the_unit() -> None:
    patient = Policy(id="pol", rule="PLN707", scope=Ref("unit", "u"), values={"days": "9"})
    model = slipping(Unit(id="u", name="U"), patient)
    assert model.check(MONDAY, select=["PLN707"]).findings
    assert not model.replace(evolve(model.plans["p"], unit="u")).check(MONDAY, select=["PLN707"]).findings


def test_plans_without_baseline_or_dates_do_not_slip() -> None:
    model = slipping()
    assert not model.check(date(2026, 2, 27), select=["PLN707"]).findings
    circle = model.replace(evolve(model.tasks["a"], links=(Link("b"),)))
    assert not circle.check(MONDAY, select=["PLN707"]).findings
    earlier = model.replace(evolve(model.tasks["a"], duration=Duration(1)))
    assert not earlier.check(MONDAY, select=["PLN707"]).findings


# -- progress and gates -------------------------------------------------------------------------------------------


def test_percents_of_summaries_and_of_other_ways_to_earn_are_not_judged() -> None:
    records = [
        launch(), task("whole", None, percent_complete=40), task("part", parent="whole"),
        task("weights", earning="weights", actual_finish=MONDAY),
    ]  # fmt: skip
    assert said(judged("PLN501", *records)) == []
    half = task("half", earning="50/50", actual_finish=MONDAY, percent_complete=50)
    assert said(judged("PLN501", launch(), half)) == ["Half was finished on 2026-03-02, but is 50 % complete."]
    nothing = task("none", actual_finish=datetime(2026, 3, 2, 17, tzinfo=UTC))
    assert said(judged("PLN501", launch(), nothing)) == ["None was finished on 2026-03-02, but is 0 % complete."]


def test_reviews_and_finishes_to_come_are_found_too() -> None:
    reviewed = task("a", deliverables=(Deliverable("D", result="passed", reviewed=workday(2)),))
    assert said(judged("PLN502", launch(), reviewed, at=MONDAY)) == [
        "A records something as done on 2026-03-04, which is after 2026-03-02."
    ]
    instant = task("b", actual_finish=closing(0))
    assert said(judged("PLN502", launch(), instant, task("c"), at=MONDAY)) == []


def test_times_of_day_count_where_both_have_one() -> None:
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for start, finish, wrong in [
        (nine, nine - timedelta(hours=1), True), (nine, nine, False), (nine, MONDAY, False),
        (nine, date(2026, 3, 1), True), (None, MONDAY, False), (MONDAY, None, False),
    ]:  # fmt: skip
        one = task("a", actual_start=start, actual_finish=finish)
        assert bool(judged("PLN503", launch(), one).findings) is wrong


def test_a_gate_holds_back_what_follows_the_finish_only_once_something_makes_it_a_gate() -> None:
    def after(one: Deliverable, *links: Link) -> list[str]:
        first = task("a", deliverables=(one,))
        return said(judged("PLN506", launch(), first, task("b", links=links, actual_start=MONDAY)))

    assert after(Deliverable("D", criteria=("C",)), Link("a"), Link("a")) == [
        "B was started on 2026-03-02, but 'D' of A is still to be accepted."
    ]
    assert after(Deliverable("D"), Link("a")) == []
    assert after(Deliverable("D", criteria=("C",), result="passed"), Link("a")) == []
    assert after(Deliverable("D", criteria=("C",)), Link("a", "FF"), Link("gone")) == []
    assert said(judged("PLN506", launch(), task("a"), task("b", actual_start=MONDAY, links=(Link("a"),)))) == []


def failing(id: str, result: str = "failed", **fields: object) -> Task:
    when = None if result == "pending" else MONDAY
    copy = Deliverable("Copy", ("No errors",), "lead", result, when)  # type: ignore[arg-type]
    return task(id, **{"deliverables": (copy,), **fields})  # type: ignore[arg-type]


def test_who_waits_for_the_rework_is_judged_by_the_rework_alone() -> None:
    def after(*links: str, result: str = "pending") -> list[str]:
        chain = [failing("a"), failing("b", reworks="a"), failing("c", result, reworks="b")]
        started = task("d", links=tuple(map(Link, links)), actual_start=MONDAY)
        return said(judged("PLN506", launch(), *chain, started))

    told = "D was started on 2026-03-02, but 'Copy' of {}, which C does again, has not passed its review there either."
    pending = "D was started on 2026-03-02, but 'Copy' of C is still to be accepted."
    assert after("a") == [told.format("A")]
    assert after("a", "c") == after("c", "b") == after("c") == [pending]
    assert after("a", "b", result="failed") == [told.format("A"), told.format("B")]
    assert after("a", "b", "c", result="passed") == []


def test_what_failed_is_to_be_done_again_once_the_task_is_over() -> None:
    def found(*tasks: Task) -> list[str]:
        return said(judged("PLN507", launch(), *tasks))

    over = {"actual_finish": MONDAY}
    nobody = "'Copy' of {}, which is finished, failed its review, and nothing is planned to do it again."
    assert found(failing("a", **over)) == found(failing("a", percent_complete=100)) == [nobody.format("A")]
    assert found(failing("a")) == found(failing("a", "passed", **over)) == found(task("a", **over)) == []
    # Of a summary, when its parts are over.
    assert found(failing("a"), task("b", parent="a", **over), task("c", parent="a")) == []
    assert found(failing("a"), task("b", parent="a", **over)) == [nobody.format("A")]
    # What redoes it answers for it, and is judged in its turn.
    assert found(failing("a", **over), failing("b", **over, reworks="a")) == [nobody.format("B")]
    assert found(failing("a", **over), task("b", reworks="a"), failing("c", reworks="b")) == []


def test_planning_the_rework_of_a_failed_deliverable_mends_the_finding() -> None:
    model = OperatingModel.of(launch(), failing("a", actual_finish=MONDAY, actual_start=MONDAY))
    (one,) = model.check(select=["PLN507"]).findings
    assert one.fix == rework(model, "a")
    assert not model.apply(one.fix).check(select=["PLN507"]).findings


def test_a_history_of_percents_goes_forward_and_ends_where_the_task_is() -> None:
    def found(*reports: tuple[date, int], **fields: object) -> list[str]:
        history = tuple([Progress(day, percent) for day, percent in reports])
        one = task("a", **{"percent_complete": 30, "progress": history, **fields})  # type: ignore[arg-type]
        return said(judged("PLN508", launch(), one, task("b", percent_complete=5)))

    noon, evening = closing(0) - timedelta(hours=5), closing(0)
    assert found((noon, 20), (evening, 30)) == found((MONDAY, 20), (noon, 30)) == found((noon, 20), (MONDAY, 30)) == []
    for later in (noon, workday(-1)):
        (told,) = found((evening, 20), (later, 50))
        assert told.startswith("The percents of A reported on ")
        assert told.endswith("one of the dates is wrong, or they are out of order.")
    assert found((MONDAY, 20), (workday(1), 25)) == [
        "A was last reported to be 25 % complete, on 2026-03-03, but is said to be 30 %."
    ]
    summary = task("a", progress=(Progress(MONDAY, 20),))
    assert said(judged("PLN508", launch(), summary, task("b", parent="a"))) == []


# -- cost ---------------------------------------------------------------------------------------------------------


def test_costs_missing_are_counted_for_each_plan() -> None:
    records = [
        launch(), Plan(id="q", name="Other", start=MONDAY), Plan(id="r", name="Third", start=MONDAY),
        task("a", planned_cost=yuan(1)), task("b", planned_cost=yuan(0)), task("c"), task("d"),
        task("e", plan="q"), task("f", plan="r", planned_cost=yuan(1)),
    ]  # fmt: skip
    told = "In Launch, C and D have no planned cost, as 2 other tasks of the plan have."
    assert said(judged("PLN601", *records)) == [told]


def test_what_costs_without_an_estimate_is_found_even_where_nothing_is_estimated() -> None:
    paid = {"costs": (spent(0, 5),)}
    told = "In Launch, money was spent on {}, which {} no planned cost."
    assert said(judged("PLN601", launch(), task("a", **paid), task("b"))) == [told.format("A", "has")]
    records = [task("a", **paid), task("b", **paid, kind="milestone"), task("c"), task("d", planned_cost=yuan(1))]
    assert said(judged("PLN601", launch(), *records)) == [
        told.format("A and B", "have"), "In Launch, C has no planned cost, as 1 other task of the plan has."
    ]  # fmt: skip
    # Of a summary, and of what overlaps others, other rules speak.
    view = task("view", overlaps=("a",), **paid)
    assert said(judged("PLN601", launch(), task("s", None, **paid), task("a", parent="s"), view)) == []


def test_every_amount_of_a_summary_is_counted() -> None:
    whole = task("whole", None, planned_cost=yuan(1), contingency=yuan(1), costs=(spent(0, 1),))
    report = judged("PLN602", launch(), whole, task("part", parent="whole", planned_cost=yuan(1)))
    assert said(report) == ["Whole has 3 amounts of its own, which do not count: what it costs is what its parts cost."]
    assert said(judged("PLN602", launch(), task("a"))) == []


def test_currencies_are_told_apart_by_plan() -> None:
    records = [
        launch(), Plan(id="q", name="Other", start=MONDAY),
        task("a", contingency=Money(1, "EUR"), planned_cost=yuan(1)), task("b", plan="q", planned_cost=Money(1, "EUR")),
    ]  # fmt: skip
    assert said(judged("PLN603", *records)) == ["Launch is planned in CNY and EUR, which cannot be added up."]
    assert said(judged("PLN603", launch(), task("a"))) == []


def performing(percent: int, spent_so_far: int) -> OperatingModel:
    one = task("a", 10, planned_cost=yuan(1000), percent_complete=percent, costs=(spent(0, spent_so_far),))
    return planned(Unit(id="u", name="U"), one)


def test_indices_are_judged_while_they_say_something() -> None:
    low = performing(20, 250).check(workday(2), select=["PLN604", "PLN605"])
    (told,) = said(low)
    assert told.startswith("Launch gets 0.8 of work for each 1 it spends, less than 0.9; ")
    assert told.endswith("at that rate it will cost 1,250 CNY, not 1,000 CNY.")
    assert not performing(14, 250).check(workday(2), select=["PLN604"]).findings
    assert performing(15, 250).check(workday(2), select=["PLN604"]).findings
    assert performing(85, 1000).check(workday(2), select=["PLN604"]).findings
    late = performing(20, 200).check(workday(5), select=["PLN604", "PLN605"])
    assert said(late) == ["Launch has earned 0.4 of the time it has taken, less than 0.9; 20 % of the work is done."]
    assert not performing(20, 0).check(workday(2), select=["PLN604"]).findings


def test_what_index_is_too_low_is_a_policy_of_the_unit() -> None:
    lax = Policy(id="pol", rule="PLN604", scope=Ref("unit", "u"), values={"least": "0.75"})
    model = performing(20, 250).add(lax)
    assert model.check(workday(2), select=["PLN604"]).findings
    assert not model.replace(evolve(model.plans["p"], unit="u")).check(workday(2), select=["PLN604"]).findings


def test_plans_that_cannot_be_measured_are_silent() -> None:
    model = performing(20, 250)
    assert not model.check(date(2026, 2, 27), select=["PLN604"]).findings
    mixed = model.replace(evolve(model.tasks["a"], costs=(spent(0, 1), spent(0, 2)), contingency=None))
    mixed = mixed.replace(evolve(mixed.baselines["b"], management_reserve=Money(1, "EUR")))
    assert not mixed.check(workday(2), select=["PLN604", "PLN605"]).findings
    free = planned(task("a", 10))
    assert not free.check(workday(2), select=["PLN604", "PLN605"]).findings


# -- together -----------------------------------------------------------------------------------------------------


def healthy() -> OperatingModel:
    """Return a plan that is under way and as it should be."""
    tasks = [
        task("find", 2, area="positioning", planned_cost=yuan(100), percent_complete=100, actual_start=MONDAY,
             actual_finish=workday(1), costs=(spent(1, 100),),
             deliverables=(Deliverable("Findings", ("Two sources",), "lead", "passed", workday(1)),)),
        task("build", 4, area="operation", planned_cost=yuan(200), links=(Link("find"),), percent_complete=50,
             actual_start=workday(2), costs=(spent(2, 90),)),
        task("tell", 2, area="promotion", planned_cost=yuan(50), links=(Link("build"),)),
        task("help", 2, area="service", planned_cost=yuan(50), links=(Link("build"),)),
        task("watch", 1, area="control", planned_cost=yuan(20), links=(Link("tell"),)),
    ]  # fmt: skip
    goal = Goal(id="g", name="Grow", owner="lead", metric="m", target=Decimal(5), due=date(2026, 6, 30))
    model = OperatingModel.of(
        launch(goals=("g",), owner="lead"), *tasks, goal, Metric(id="m", name="Members", owner="lead"),
        Study(id="s", name="Who stays", valid_until=date(2027, 1, 1)), Strategy(id="y", name="Help", studies=("s",)),
    )  # fmt: skip
    return with_baseline(model)


def test_a_healthy_plan_is_silent_and_each_fault_is_one_finding() -> None:
    model, at = healthy(), workday(4)
    assert said(model.check(at, select=MINE)) == []
    faults: list[tuple[str, Record]] = [
        ("PLN501", evolve(model.tasks["find"], percent_complete=Decimal(90))),
        ("PLN502", evolve(model.tasks["build"], costs=(spent(2, 90), spent(9, 1)))),
        ("PLN503", evolve(model.tasks["find"], actual_start=workday(2))),
        ("PLN504", evolve(model.tasks["tell"], earning="weights")),
        ("PLN505", evolve(model.tasks["find"], deliverables=(Deliverable("F", ("Two",), "lead", "passed"),))),
        ("PLN506", evolve(model.tasks["find"], deliverables=(Deliverable("F", ("Two",), "lead", "pending"),))),
        (
            "PLN506 PLN507",
            evolve(model.tasks["find"], deliverables=(Deliverable("F", ("Two",), "lead", "failed", MONDAY),)),
        ),
        ("PLN508", evolve(model.tasks["find"], progress=(Progress(MONDAY, 90),))),
        ("PLN601", evolve(model.tasks["tell"], planned_cost=None)),
        ("PLN603", evolve(model.tasks["tell"], planned_cost=Money(50, "EUR"))),
        ("PLN604", evolve(model.tasks["build"], costs=(spent(2, 300),))),
        ("PLN701", evolve(model.goals["g"], metric=None)),
        ("PLN702", evolve(model.goals["g"], due=MONDAY)),
        ("PLN703", evolve(model.strategies["y"], studies=())),
        ("PLN704", evolve(model.tasks["watch"], area="service")),
        ("PLN705", evolve(model.baselines["b"], id="c")),
        ("PLN706", Decision(id="d", name="D", plan="p", status="approved", decided=workday(2))),
        ("PLN707", evolve(model.tasks["tell"], duration=Duration(9))),
    ]
    for code, changed in faults:
        found = model.put(changed).check(at, select=MINE).findings
        assert [one.code for one in found] == code.split()


def test_examples_of_baselines_are_what_the_scheduler_says() -> None:
    # The rules' examples write their baselines by hand; here is what the schedule makes of the same days.
    row = promise("a", 0, 2)
    model = planned(task("a", 3))
    (made,) = model.baselines["b"].tasks
    assert (row.start, row.finish, row.work) == (made.start, made.finish, made.work)
    assert promised(row).since == MONDAY


def test_a_new_name_recomputes_no_schedule() -> None:
    model = slipping()
    before = model.check(MONDAY, select=["PLN707"]).findings
    renamed = model.replace(evolve(model.tasks["b"], name="Another name"))
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    assert schedule(renamed, "p", midnight) is schedule(model, "p", midnight)
    assert renamed.check(MONDAY, select=["PLN707"]).findings == before


def test_no_task_is_of_no_plan() -> None:
    lost = OperatingModel.of(Task(id="a", name="A", plan="gone", planned_cost=yuan(1)))
    assert said(lost.check(MONDAY, select=MINE)) == []
