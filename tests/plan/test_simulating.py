"""Simulated plans: on calendars, with delays, the same for one seed, and as the schedule says where all is certain."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import sqrt
from multiprocessing import get_context
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops import Duration, Estimate, Link, Plan, Task
from community_ops.errors import CyclicNetwork, InvalidRecord, UnknownRecord
from community_ops.plan import Delay, path_estimate, schedule, simulate, simulating_dates
from tests.plan.hours import CALENDARS, worked
from tests.plan.test_levelling import quiet_plans

DAY = timedelta(hours=8)


def at(day: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def model(*tasks: Any, start: Any = date(2026, 3, 2)) -> co.OperatingModel:
    return co.OperatingModel.of(*CALENDARS.values(), Plan(id="p", name="P", start=start, calendar="office"), *tasks)


def task(id: str, length: Any = None, links: Any = (), **fields: Any) -> Task:
    """A task that takes some days, or an estimate of days."""
    name = "estimate" if isinstance(length, Estimate) else "duration"
    given = {} if length is None else {name: length if name == "estimate" else Duration(length)}
    return Task(id=id, name=id, plan="p", links=links, **given, **fields)


CHAIN = (
    task("a", Estimate(2, 3, 10)),
    task("b", Estimate(1, 1, 4), [Link("a")]),
    task("c", 2, [Link("b", lag=Duration(1))]),
)


def results(found: Any) -> tuple[Any, ...]:
    return found.finishes, dict(found.criticality), dict(found.sensitivity)


# --- the numbers -------------------------------------------------------------------------------------------


def test_the_mean_of_a_single_path_is_the_exact_sum_within_four_standard_errors() -> None:
    trials = 3_000
    found = simulate(model(*CHAIN), "p", trials=trials, seed=2)
    means = [(2 + 12 + 10) / 6, (1 + 4 + 4) / 6]
    variances = [(means[0] - 2) * (10 - means[0]) / 7, (means[1] - 1) * (4 - means[1]) / 7]
    assert found.mean_length is not None
    assert found.deviation is not None
    assert abs(found.mean_length / DAY - (sum(means) + 3)) <= 4 * sqrt(sum(variances) / trials)
    assert abs((found.deviation / DAY) ** 2 - sum(variances)) <= 4 * sum(variances) * sqrt(2 / trials)
    assert dict(found.criticality) == {"a": 1, "b": 1, "c": 1}
    assert set(found.sensitivity) == {"a", "b"}
    assert found.sensitivity["a"] > found.sensitivity["b"] > 0  # type: ignore[operator]


def test_two_equal_tasks_side_by_side_are_each_critical_half_the_time() -> None:
    trials = 1_600
    both = task("a", Estimate(1, 2, 6)), task("b", Estimate(1, 2, 6))
    found = simulate(model(*both), "p", trials=trials)
    assert all(abs(share - 0.5) <= 4 * 0.5 / sqrt(trials) for share in found.criticality.values())


def test_dates_are_those_of_the_plans_calendar() -> None:
    found = simulate(model(task("a", Estimate(4, 5, 9))), "p", trials=300)
    assert all(one.weekday() < 5 and 9 <= one.hour <= 17 for one in found.finishes)
    assert found.mean is not None
    assert found.mean.weekday() < 5
    assert min(found.finishes) >= at(5)
    assert max(found.finishes) <= at(12)


def test_percentiles_and_chances_agree() -> None:
    found = simulate(model(*CHAIN), "p", trials=200)
    ordered = sorted(found.finishes)
    assert [found.finish(percent) for percent in (1e-12, 0.5, 7, 50, 80.5, 100)] == [
        ordered[place] for place in (0, 0, 13, 99, 160, 199)
    ]
    assert found.finish() == ordered[159]
    assert found.chance(ordered[49]) == sum(one <= ordered[49] for one in ordered) / 200
    assert (found.chance(at(1)), found.chance(ordered[-1])) == (0, 1)
    for percent in (0, 101):
        with pytest.raises(InvalidRecord):
            found.finish(percent)


def test_the_triangular_shape_may_be_asked_for() -> None:
    found = simulate(model(task("a", Estimate(0, 0, 9))), "p", trials=2_000, shape="triangular")
    assert found.mean_length is not None
    assert abs(found.mean_length / DAY - 3) <= 4 * sqrt(81 / 18 / 2_000)


# --- the same for one seed ---------------------------------------------------------------------------------


ON_CALENDARS = (*CHAIN, task("d", Estimate(1, 2, 3), [Link("b", "SS", lag_percent=50)], calendar="late"))


@pytest.mark.parametrize("tasks", [CHAIN, ON_CALENDARS])
def test_processes_find_what_is_found_alone(tasks) -> None:
    plan = model(*tasks, task("e", 1, [Link("a")], deadline=date(2026, 3, 3)))
    alone = simulate(plan, "p", trials=250, seed=4)
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        shared = simulate(plan, "p", trials=250, seed=4, executor=executor)
    assert shared == alone
    assert results(shared) == results(alone)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_threads_find_what_is_found_alone(workers) -> None:
    plan = model(*ON_CALENDARS)
    alone = simulate(plan, "p", trials=250, seed=4)
    with ThreadPoolExecutor(workers) as executor:
        assert simulate(plan, "p", trials=250, seed=4, executor=executor) == alone
    assert simulate(plan, "p", trials=250, seed=5) != alone
    assert alone != "something else"


# --- the two ways of dating --------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn) -> co.OperatingModel:
    records: list[Task] = []
    summary = draw(st.booleans())
    lengths = st.integers(0, 6) | st.builds(lambda a, b, c: Estimate(*sorted([a, b, c])), *[st.integers(0, 9)] * 3)
    for n in range(draw(st.integers(1, 6))):
        links = []
        for _ in range(draw(st.integers(0, 2)) if n else 0):
            percent = draw(st.none() | st.sampled_from([33, -50]))
            lag = {"lag": Duration(draw(st.integers(-2, 2)))} if percent is None else {"lag_percent": percent}
            before = draw(st.sampled_from([f"t{draw(st.integers(0, n - 1))}", *["s"] * (summary and n > 2)]))
            links.append(Link(before, draw(st.sampled_from(["FS", "SS", "FF", "SF"])), **lag))
        deadline = draw(st.none() | st.just(date(2026, 3, 4)))
        parent = "s" if summary and n < 2 else None
        records.append(task(f"t{n}", draw(lengths), links, parent=parent, deadline=deadline))
    return model(*records, *[task("s")] * summary)


@settings(max_examples=40)
@given(plans(), st.none() | st.sampled_from([date(2026, 2, 27), date(2026, 3, 4), at(7, 12)]))
def test_dating_along_one_axis_is_dating_on_the_calendar(plan, when) -> None:
    quick = simulate(plan, "p", trials=10, at=when)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(simulating_dates, "fixed", lambda limits: True)
        patched.setattr(simulating_dates, "ELAPSED", 0)  # as if the only calendar were real time
        slow = simulate(plan, "p", trials=10, at=when)
    assert quick.finishes == slow.finishes
    assert quick.criticality == slow.criticality


@pytest.mark.parametrize(
    "fields",
    [
        {"constraint": "SNET", "constraint_date": date(2026, 3, 5)},
        {"constraint": "FNET", "constraint_date": date(2026, 3, 7)},
        {"constraint": "MSO", "constraint_date": date(2026, 3, 4)},
        {"constraint": "MFO", "constraint_date": date(2026, 3, 12)},
        {"calendar": "late"},
        {"links": [Link("x", lag=Duration(30, "hour"), lag_time="elapsed")]},
        {"links": [Link("s", "SS", Duration(1))]},
        {"links": [Link("s", "FS", Duration(1))]},
        {"links": [Link("x", lag_percent=150)]},
        {"deadline": date(2026, 3, 3)},
        {},
    ],
)
def test_where_all_is_certain_every_trial_finishes_with_the_schedule(fields) -> None:
    parts = [task("s"), task("s1", 2, parent="s"), task("s2", 1, [Link("s1")], parent="s")]
    plan = model(task("x", 1), *parts, task("y", 3, **fields), task("z", 1, [Link("y", "FF")]))
    found, plain = simulate(plan, "p", trials=2), schedule(plan, "p")
    assert found.finishes == (plain.finish, plain.finish)
    assert found.mean is not None
    assert plain.finish is not None
    assert worked("office", found.mean, plain.finish) == 0
    if "deadline" not in fields:
        assert {id for id, share in found.criticality.items() if share} == {
            id for id, one in plain.tasks.items() if one.critical and one.kind != "summary"
        }


def test_a_plan_of_milestones_alone_is_finished_when_work_can_first_be_done() -> None:
    found = simulate(
        model(Task(id="m", name="M", plan="p", kind="milestone", estimate=Estimate(1, 2, 3))), "p", trials=3
    )
    assert found.finishes == (at(2, 9),) * 3
    assert (found.mean, found.mean_length, found.deviation) == (at(2, 9), timedelta(), timedelta())
    assert dict(found.sensitivity) == {}


# --- a status date -----------------------------------------------------------------------------------------


@st.composite
def under_way(draw: st.DrawFn) -> co.OperatingModel:
    """Plans of which some tasks have started or are finished, and of which every estimate is certain."""
    records: list[Task] = []
    for n in range(draw(st.integers(1, 6))):
        links = [
            Link(
                f"t{draw(st.integers(0, n - 1))}",
                draw(st.sampled_from(["FS", "SS", "FF", "SF"])),
                **draw(st.sampled_from([{}, {"lag": Duration(1)}, {"lag": Duration(-2)}, {"lag_percent": 50}])),
            )
            for _ in range(draw(st.integers(0, 2)) if n else 0)
        ]
        fields: dict[str, Any] = {"calendar": draw(st.sampled_from([None, *CALENDARS]))}
        if draw(st.booleans()):
            fields["actual_start"] = date(2026, 3, draw(st.integers(2, 6)))
            fields["percent_complete"] = draw(st.sampled_from([0, 33, 50, 100]))
            fields["remaining"] = draw(st.none() | st.just(Duration(7, "hour")))
            fields["actual_finish"] = date(2026, 3, draw(st.integers(6, 9))) if draw(st.integers(0, 3)) == 0 else None
        if draw(st.integers(0, 3)) == 0:
            fields["constraint"] = draw(st.sampled_from(["SNET", "FNET", "MSO", "MFO"]))
            fields["constraint_date"] = date(2026, 3, draw(st.integers(2, 12)))
        days = draw(st.integers(0, 5))
        records.append(task(f"t{n}", draw(st.sampled_from([days, Estimate(days, days, days)])), links, **fields))
    return model(*records)


@settings(max_examples=80)
@given(under_way() | quiet_plans(), st.sampled_from([date(2026, 3, day) for day in (1, 4, 6, 7, 11)]))
def test_where_all_is_certain_every_trial_is_the_schedule_of_the_status_date(plan, when) -> None:
    found, plain = simulate(plan, "p", trials=2, at=when), schedule(plan, "p", when)
    assert found.finishes == (plain.finish, plain.finish)
    assert {id for id, share in found.criticality.items() if share} == set(plain.critical())


def test_what_is_finished_is_a_fact_and_nothing_else_starts_before_the_status_date() -> None:
    done = task("a", Estimate(1, 5, 9), actual_start=at(2, 9), actual_finish=at(3))
    next_ = task("b", Estimate(1, 2, 3), [Link("a")])
    found = simulate(model(done, next_), "p", trials=300, at=date(2026, 3, 10))
    assert found.criticality == {"a": 0, "b": 1}
    assert set(found.sensitivity) == {"b"}
    assert min(found.finishes) >= at(10)
    assert max(found.finishes) <= at(12)
    delayed = simulate(model(done), "p", trials=20, at=date(2026, 3, 10), delays=[Delay("a", 1, Estimate(3, 3, 3))])
    assert set(delayed.finishes) == {at(3)}


def test_of_what_has_started_the_share_that_is_left_is_drawn() -> None:
    trials = 3_000
    begun = task("a", Estimate(2, 3, 10), actual_start=at(2, 9), percent_complete=75)
    found = simulate(model(begun), "p", trials=trials, at=date(2026, 3, 9))
    mean = (2 + 12 + 10) / 6
    variance = (mean - 2) * (10 - mean) / 7
    assert found.mean_length is not None
    # Five working days have gone by; a quarter of what the whole task takes is left.
    assert abs(found.mean_length / DAY - (5 + mean / 4)) <= 4 * sqrt(variance / 16 / trials)
    assert min(found.finishes) >= at(9, 13)
    assert max(found.finishes) <= at(11, 13)
    whole = simulate(model(begun), "p", trials=100)
    assert min(whole.finishes) >= at(3)  # the plan as it was made knows nothing of it


def test_what_is_said_to_remain_decides_which_share_that_is() -> None:
    begun = task("a", Estimate(2, 2, 5), actual_start=at(2, 9), duration=Duration(2), remaining=Duration(4))
    found = simulate(model(begun), "p", trials=200, at=date(2026, 3, 9))
    assert min(found.finishes) >= at(12)  # twice as much as of the whole task, four days at best and ten at worst
    assert max(found.finishes) <= at(20)
    of_nothing = task("a", Estimate(0, 0, 0), actual_start=at(2, 9), remaining=Duration(2))
    assert set(simulate(model(of_nothing), "p", trials=3, at=date(2026, 3, 9)).finishes) == {at(10)}


def test_an_estimate_of_what_is_finished_is_not_missed_where_it_is_out_of_order() -> None:
    wrong = Estimate(6, 3, 1)
    tasks = [task("a", wrong, actual_start=at(2, 9), actual_finish=at(3)), task("b", wrong)]
    assert simulate(model(*tasks), "p", trials=2, at=date(2026, 3, 4)).disordered == ("b",)


def test_a_delay_of_what_has_started_comes_on_top_of_what_is_left() -> None:
    begun = task("a", 4, actual_start=at(2, 9), percent_complete=50)
    three = Delay("a", 1, Estimate(3, 3, 3))
    found = simulate(model(begun), "p", trials=3, at=date(2026, 3, 9), delays=[three])
    assert set(found.finishes) == {at(13)}


def test_a_lag_in_percents_of_what_has_started_is_as_planned() -> None:
    begun = task("a", Estimate(4, 4, 4), actual_start=at(2, 9), percent_complete=50)
    after = task("b", 1, [Link("a", lag_percent=50)])
    # Two days are left of four; the lag is half of the four.
    assert set(simulate(model(begun, after), "p", trials=2, at=date(2026, 3, 9)).finishes) == {at(13)}


def staffed(*records: Any, **effort: Any) -> co.OperatingModel:
    """An effort of eight days for two writers, of whom there is one."""
    work = {"effort": Duration(8), "allocations": [co.Allocation("writer", 2)], **effort}
    return model(
        task("a", None, **work),
        task("b", Estimate(1, 2, 3), [Link("a")]),
        co.Position(id="writer", title="Writer", unit="hq", seats=2),
        co.Person(id="ann", name="Ann"),
        *records,
    )


ANN = co.Assignment(id="ann", person="ann", position="writer")


def test_efforts_go_on_at_the_pace_of_who_is_there() -> None:
    trials = 1_000
    plan = staffed(ANN)
    found = simulate(plan, "p", trials=trials, at=date(2026, 3, 2))
    assert found.mean_length is not None
    assert abs(found.mean_length / DAY - (8 + 2)) <= 4 * sqrt(1 / 7 / trials)
    as_planned = simulate(plan, "p", trials=trials).mean_length
    assert as_planned is not None
    assert abs(as_planned / DAY - (4 + 2)) <= 4 * sqrt(1 / 7 / trials)
    drawn = simulate(staffed(ANN, estimate=Estimate(3, 4, 5)), "p", trials=trials, at=date(2026, 3, 2)).mean_length
    assert drawn is not None
    assert abs(drawn / DAY - (8 + 2)) <= 4 * sqrt((4 + 1) / 7 / trials)  # twice what the estimate says


def test_what_nobody_does_is_finished_in_no_trial() -> None:
    found = simulate(staffed(), "p", trials=20, at=date(2026, 3, 2))
    assert set(found.finishes) == {None}
    assert (found.finish(1), found.mean, found.mean_length, found.deviation) == (None, None, None, None)
    assert found.chance(at(31)) == 0
    assert found.criticality == {"a": 0, "b": 0}
    assert str(found) == "p: P10 never, P50 never, P80 never, P90 never; 20 trials"


def test_where_somebody_leaves_only_the_short_trials_are_finished() -> None:
    leaves = co.evolve(ANN, period=co.DateRange(None, date(2026, 3, 11)))
    plan = staffed(leaves, estimate=Estimate(2, 4, 6))
    found = simulate(plan, "p", trials=500, at=date(2026, 3, 2))
    always = simulate(plan.put(ANN), "p", trials=500, at=date(2026, 3, 2))
    # By the end of Wednesday, 11 March, one of two has done eight days, and so half of the trials at about.
    done = [one for one in found.finishes if one is not None]
    assert 0.4 < len(done) / 500 < 0.6
    assert set(done) < set(always.finishes)
    assert found.finish(30) == sorted(done)[149]
    assert (found.finish(70), found.mean) == (None, None)
    assert found.chance(at(31)) == len(done) / 500


def test_processes_find_what_is_found_alone_at_a_status_date() -> None:
    begun = task("c", Estimate(1, 5, 9), actual_start=at(2, 9), percent_complete=40)
    plan = staffed(ANN, begun, task("d", Estimate(1, 2, 3), [Link("c", "SS", lag_percent=50)], calendar="late"))
    alone = simulate(plan, "p", trials=250, seed=4, at=date(2026, 3, 3))
    with ProcessPoolExecutor(2, get_context("spawn")) as executor:
        shared = simulate(plan, "p", trials=250, seed=4, at=date(2026, 3, 3), executor=executor)
    assert shared == alone
    assert results(shared) == results(alone)


# --- delays ------------------------------------------------------------------------------------------------


def test_a_delay_that_never_happens_changes_nothing_and_one_that_always_does_moves_everything() -> None:
    plan, days = model(task("a", 2), task("b", 1, [Link("a")])), Estimate(3, 3, 3)
    never = simulate(plan, "p", trials=20, delays=[Delay("a", 0, days)])
    always = simulate(plan, "p", trials=20, delays=[Delay("a", 1, days)])
    assert set(never.finishes) == {at(4)}
    assert set(always.finishes) == {at(9)}
    assert dict(always.sensitivity) == {"a": None}


def test_a_delay_happens_as_often_as_it_is_probable_and_takes_what_is_drawn() -> None:
    trials = 2_000
    delay = Delay("a", "0.3", Estimate(1, 2, 9))
    found = simulate(model(task("a", 2)), "p", trials=trials, delays=[delay])
    delayed = [one for one in found.finishes if one > at(3)]
    assert abs(len(delayed) / trials - 0.3) <= 4 * sqrt(0.21 / trials)
    assert found.mean_length is not None
    mean, variance = 3.0, (3 - 1) * (9 - 3) / 7
    exact = 0.3 * variance + 0.21 * mean**2  # of a number that is drawn with a chance, and 0 else
    assert abs(found.mean_length / DAY - (2 + 0.3 * mean)) <= 4 * sqrt(exact / trials)


def test_delays_add_to_estimates_and_to_each_other_and_may_hold_up_a_milestone() -> None:
    one = Estimate(1, 1, 1)
    plan = model(task("a", Estimate(2, 2, 2)), Task(id="m", name="M", plan="p", kind="milestone", links=[Link("a")]))
    found = simulate(plan, "p", trials=5, delays=[Delay("a", 1, one), Delay("a", 1, one), Delay("m", 1, one)])
    assert set(found.finishes) == {at(6)}


@pytest.mark.parametrize(
    ("probability", "days", "field"),
    [("1.1", Estimate(1, 1, 1), "probability"), (-1, Estimate(1, 1, 1), "probability"), (1, Estimate(2, 1, 3), "days")],
)
def test_a_delay_that_has_no_meaning_is_refused(probability, days, field) -> None:
    with pytest.raises(InvalidRecord) as caught:
        Delay("a", probability, days)
    assert caught.value.field == field


def test_only_what_holds_others_back_can_be_delayed() -> None:
    plan = model(task("s"), task("a", 2, parent="s"))
    with pytest.raises(InvalidRecord) as caught:
        simulate(plan, "p", delays=[Delay("s", 1, Estimate(1, 1, 1))])
    assert caught.value.field == "task"
    with pytest.raises(UnknownRecord):
        simulate(plan, "p", delays=[Delay("other", 1, Estimate(1, 1, 1))])


# --- odd plans ---------------------------------------------------------------------------------------------


def test_an_estimate_out_of_order_is_named_and_the_task_takes_what_the_schedule_says() -> None:
    plan = model(task("a", Estimate(6, 3, 1)), task("b", Estimate(1, 1, 1), [Link("a")]))
    found = simulate(plan, "p", trials=3)
    assert found.disordered == ("a",)
    assert found.finishes == (schedule(plan, "p").finish,) * 3


def test_no_task_takes_less_than_no_time() -> None:
    found = simulate(model(task("a", Estimate(-5, -3, 1)), task("b", 1)), "p", trials=50)
    assert min(found.finishes) == at(2)


def test_an_estimate_counts_before_a_duration_and_an_effort() -> None:
    both = task("a", Estimate(4, 4, 4), duration=Duration(1))
    assert set(simulate(model(both), "p", trials=2).finishes) == {at(5)}


def test_a_plan_without_tasks_has_no_finish() -> None:
    found = simulate(model(), "p", trials=7)
    assert (found.finishes, found.mean, found.mean_length, found.deviation) == ((), None, None, None)
    assert (found.finish(50), found.chance(at(2)), dict(found.sensitivity)) == (None, None, {})
    assert str(found) == "p: no finish"


def test_it_prints_its_percentiles() -> None:
    found = simulate(model(task("a", 1)), "p", trials=1_000)
    day = "2026-03-02 17:00"
    assert repr(found) == f"<Simulation of p: P10 {day}, P50 {day}, P80 {day}, P90 {day}; 1,000 trials>"


def test_what_the_schedule_refuses_is_refused_and_so_is_what_has_no_meaning() -> None:
    with pytest.raises(UnknownRecord):
        simulate(model(), "other")
    with pytest.raises(CyclicNetwork):
        simulate(model(task("a", 1, [Link("b")]), task("b", 1, [Link("a")])), "p")
    with pytest.raises(InvalidRecord) as caught:
        simulate(model(), "p", trials=0)
    assert caught.value.field == "trials"


# --- PERT --------------------------------------------------------------------------------------------------


def test_pert_sums_mean_and_variance_along_the_longest_path() -> None:
    tasks = [*CHAIN, task("d", Estimate(1, 1, 1)), task("e", Estimate(9, 4, 1), [Link("c")])]
    found = path_estimate(model(*tasks), "p")
    assert found.path == ("a", "b", "c", "e")
    # (2 + 12 + 10) / 6 + (1 + 4 + 4) / 6 + 2 + (9 + 16 + 1) / 6 days of 8 hours; e's estimate is out of order.
    assert found.mean / DAY == pytest.approx(4 + 1.5 + 2 + 26 / 6)
    assert found.variance == pytest.approx(Decimal(64) * (Decimal(8) ** 2 + Decimal(3) ** 2) / 36)
    assert found.deviation / timedelta(hours=8) == pytest.approx(sqrt(73) / 6)
    assert found.disordered == ("e",)


def test_a_plan_without_tasks_has_an_empty_path() -> None:
    found = path_estimate(model(), "p")
    assert (found.path, found.mean, found.variance, found.deviation) == ((), timedelta(), 0, timedelta())
