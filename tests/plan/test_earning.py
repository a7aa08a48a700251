"""Earned value: the figures of the textbook, the methods of earning, and a slow count day by day in fractions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import Baseline, Calendar, Cost, Money, OperatingModel, Plan, PlannedTask, Step, Task
from community_ops.errors import MixedCurrencies, NoBaseline, UnknownRecord
from community_ops.plan import EarnedValue, Progress, earned_value
from tests.plan.control import DAY, MONDAY, closing, planned, spent, task, workday, yuan

FOUR = closing(3)
"""The end of the fourth day."""


def of_one(**fields: object) -> EarnedValue:
    """Return how a plan of one task of ten days and 100,000 stands after four."""
    model = planned(task("t", 10, planned_cost=yuan(100_000)))
    now = evolve(model.tasks["t"], **fields)  # type: ignore[arg-type]
    return earned_value(model.replace(now), "p", FOUR)


def test_the_textbook_case_gives_the_textbook_figures() -> None:
    found = of_one(percent_complete=Decimal(30), costs=(spent(0, 20_000), spent(3, 15_000), spent(4, 9_000)))
    assert (found.bac, found.pv, found.ev, found.ac) == (100_000, 40_000, 30_000, 35_000)
    assert (found.sv, found.cv, found.left) == (-10_000, -5_000, 70_000)
    assert found.cpi == Decimal("0.8571428571428571428571428571")  # 6/7
    assert found.spi == Decimal("0.75")
    assert found.eac is not None
    assert round(found.eac) == 116_667
    assert found.eac_at_budget == 105_000
    assert found.eac_at_both is not None
    assert round(found.eac_at_both, 2) == Decimal("143888.89")  # 35,000 + 70,000 / (6/7 x 3/4)
    assert found.etc is not None
    assert round(found.etc, 2) == Decimal("81666.67")
    assert found.vac is not None
    assert round(found.vac, 2) == Decimal("-16666.67")
    assert found.tcpi is not None
    assert round(found.tcpi, 4) == Decimal("1.0769")
    assert found.tcpi_to_eac is not None
    assert round(found.tcpi_to_eac, 4) == Decimal("0.8571")
    assert (found.earned_schedule, found.actual_time, found.planned_duration) == (3 * DAY, 4 * DAY, 10 * DAY)
    assert (found.sv_t, found.spi_t) == (-DAY, Decimal("0.75"))
    assert found.ieac_t is not None
    assert round(found.ieac_t / DAY, 2) == 13.33
    assert found.expected_finish == datetime(2026, 3, 19, 11, 40, tzinfo=UTC)  # a third of the 14th day, 2 h 40
    assert (found.complete, found.currency, found.baseline) == (Decimal("0.3"), "CNY", "b")


def test_the_textbook_case_is_measured_at_each_period_from_one_model() -> None:
    # 100,000 over ten days; by the end of each day so many percents were done and so much was spent.
    percents = [5, 12, 21, 30, 44, 53, 66, 78, 91, 100]
    costs = [6_000, 8_000, 9_000, 12_000, 14_000, 11_000, 13_000, 14_000, 12_000, 9_000]
    history = tuple([Progress(workday(day), percent) for day, percent in enumerate(percents)])
    spending = tuple([spent(day, amount) for day, amount in enumerate(costs)])
    model = planned(task("t", 10, planned_cost=yuan(100_000)))
    now = evolve(
        model.tasks["t"], actual_start=MONDAY, actual_finish=workday(9), percent_complete=Decimal(100),
        progress=history, costs=spending,
    )  # fmt: skip
    model = model.replace(now)
    for day, percent in enumerate(percents):
        found = earned_value(model, "p", closing(day))
        earned, cost = Fraction(1_000 * percent), Fraction(sum(costs[: day + 1]))
        plan_value = Fraction(10_000 * (day + 1))
        assert (found.pv, found.ev, found.ac) == (plan_value, earned, cost)
        exact = {
            "cpi": earned / cost, "spi": earned / plan_value, "eac": 100_000 * cost / earned,
            "spi_t": Fraction(percent, 10) / (day + 1),
        }  # fmt: skip
        for name, value in exact.items():
            assert abs(Fraction(getattr(found, name)) - value) < Fraction(1, 10**15), (day, name)
        assert (found.earned_schedule, found.actual_time) == (DAY * percent / 10, (day + 1) * DAY)
        assert found.ieac_t is not None
        assert abs(found.ieac_t - DAY * 100 * (day + 1) / percent) <= timedelta(microseconds=1)
    # On the fourth day it is the textbook's, though all of it is done by now.
    four = earned_value(model, "p", FOUR)
    assert (four.pv, four.ev, four.ac) == (40_000, 30_000, 35_000)
    assert (four.spi, four.cpi) == (Decimal("0.75"), Decimal("0.8571428571428571428571428571"))
    assert earned_value(model, "p", MONDAY).ev == 0


def test_without_a_history_percents_count_as_they_are_today() -> None:
    today = earned_after_four(actual_start=MONDAY, percent_complete=50)
    assert today == 40
    assert earned_after_four(actual_start=MONDAY, percent_complete=50, progress=(Progress(workday(5), 50),)) == 0
    assert earned_after_four(actual_start=MONDAY, percent_complete=50, progress=(Progress(closing(3), 25),)) == 20
    # What the last report says counts before what nobody dated; a rule tells that they differ.
    assert earned_after_four(percent_complete=50, progress=(Progress(workday(2), 30),)) == 24


def test_a_history_dates_what_is_earned_at_start_and_finish() -> None:
    history = (Progress(workday(4), 1), Progress(workday(6), 100))
    model = planned(task("t", 10, planned_cost=yuan(80), percent_complete=100, progress=history))
    for earning, values in {"0/100": (0, 0, 80), "50/50": (0, 40, 80)}.items():
        one = model.replace(evolve(model.tasks["t"], earning=earning))
        assert tuple(earned_value(one, "p", closing(day)).ev for day in (3, 4, 6)) == values


def test_what_is_undefined_is_none() -> None:
    free = of_one(percent_complete=Decimal(30))
    assert (free.ac, free.cpi, free.eac, free.eac_at_both, free.etc, free.vac) == (0, None, None, None, None, None)
    assert free.tcpi_to_eac is None
    idle = of_one(costs=(spent(0, 100),))
    assert (idle.cpi, idle.eac, idle.eac_at_both, idle.spi_t, idle.ieac_t) == (0, None, None, 0, None)
    assert idle.expected_finish is None
    done = of_one(percent_complete=Decimal(100), costs=(spent(0, 100_000),))
    assert (done.tcpi, done.cpi, done.left) == (None, 1, 0)
    over = of_one(percent_complete=Decimal(50), costs=(spent(0, 100_001),))
    assert over.tcpi is None
    nothing = earned_value(planned(task("t", 10)), "p", FOUR)
    assert (nothing.bac, nothing.spi, nothing.complete, nothing.currency) == (0, None, None, None)
    assert (nothing.planned_duration, nothing.actual_time, nothing.earned_schedule) == (None, None, None)
    assert (nothing.sv_t, nothing.spi_t, nothing.ieac_t, nothing.expected_finish) == (None, None, None, None)
    empty = earned_value(planned(), "p", FOUR)
    assert (empty.bac, dict(empty.tasks)) == (0, {})


def test_before_the_start_no_time_has_passed() -> None:
    found = earned_value(planned(task("t", 10, planned_cost=yuan(10))), "p", MONDAY)
    assert (found.pv, found.actual_time, found.earned_schedule) == (0, timedelta(), timedelta())
    assert (found.spi_t, found.ieac_t, found.sv_t) == (None, None, timedelta())


def test_once_all_is_done_time_no_longer_passes() -> None:
    # Ten days' work was done in eight; two weeks later the plan is still two days better than planned.
    model = planned(task("t", 10, planned_cost=yuan(100)))
    done = evolve(model.tasks["t"], percent_complete=Decimal(100), actual_finish=workday(7))
    found = earned_value(model.replace(done), "p", workday(24))
    assert (found.earned_schedule, found.actual_time, found.spi_t) == (10 * DAY, 8 * DAY, Decimal("1.25"))
    assert (found.ieac_t, found.expected_finish) == (8 * DAY, closing(7))
    undated = model.replace(evolve(model.tasks["t"], percent_complete=Decimal(100)))
    assert earned_value(undated, "p", closing(19)).actual_time == 20 * DAY


def test_a_day_is_its_beginning_and_costs_count_from_its_end() -> None:
    model = planned(task("t", 10, planned_cost=yuan(100), costs=(spent(3, 7),)))
    for at, ac, pv in [(workday(3), 0, 30), (closing(3) - timedelta(hours=4), 0, 35), (closing(3), 7, 40)]:
        found = earned_value(model, "p", at)
        assert (found.ac, found.pv) == (ac, pv)


@pytest.mark.parametrize(
    ("fields", "earned"),
    [
        ({"percent_complete": 99}, 0),
        ({"actual_start": workday(0)}, 0),
        ({"percent_complete": 100}, 80),
        ({"actual_finish": workday(3)}, 80),
        ({"actual_finish": workday(4), "percent_complete": 100}, 0),
    ],
)
def test_all_or_nothing_is_earned_at_the_finish(fields: dict[str, object], earned: int) -> None:
    assert earned_after_four(earning="0/100", **fields) == earned


@pytest.mark.parametrize(
    ("fields", "earned"),
    [
        ({}, 0),
        ({"percent_complete": 1}, 40),
        ({"actual_start": workday(3)}, 40),
        ({"actual_start": workday(4), "percent_complete": 20}, 0),
        ({"actual_start": workday(0), "actual_finish": workday(2)}, 80),
        ({"actual_finish": workday(2)}, 80),
    ],
)
def test_half_is_earned_at_the_start(fields: dict[str, object], earned: int) -> None:
    assert earned_after_four(earning="50/50", **fields) == earned


def test_percents_count_from_the_start() -> None:
    assert earned_after_four(percent_complete=25) == 20
    assert earned_after_four(percent_complete=25, actual_start=workday(4)) == 0


def test_weights_are_earned_step_by_step() -> None:
    steps = (Step("Draft", 3, workday(1)), Step("Proof", 1, closing(3)), Step("Print", 4, workday(4)))
    assert earned_after_four(earning="weights", steps=steps, percent_complete=100) == 40
    assert earned_after_four(earning="weights", percent_complete=100) == 0
    assert earned_after_four(earning="weights", steps=(Step("Draft", 0, workday(0)),)) == 0


def earned_after_four(**fields: object) -> Decimal:
    model = planned(task("t", 10, planned_cost=yuan(80)))
    return earned_value(model.replace(evolve(model.tasks["t"], **fields)), "p", FOUR).ev  # type: ignore[arg-type]


def test_levels_of_effort_are_kept_apart() -> None:
    guard = task("guard", None, kind="level_of_effort", planned_cost=yuan(50), costs=(spent(0, 30),))
    found = earned_value(planned(task("t", 10, planned_cost=yuan(100)), guard), "p", FOUR)
    assert (found.bac, found.pv, found.ev, found.ac, found.spi) == (100, 40, 0, 0, 0)
    effort = found.level_of_effort
    assert (effort.bac, effort.pv, effort.ev, effort.ac, effort.spi) == (50, 20, 20, 30, 1)
    assert found.tasks["guard"] == effort
    assert (found.total.bac, found.total.pv, found.total.ev, found.total.ac) == (150, 60, 20, 30)


def test_contingency_is_in_the_budget_and_the_management_reserve_beside_it() -> None:
    risky = task("t", 10, planned_cost=yuan(100), contingency=yuan(20))
    found = earned_value(planned(risky, management_reserve=yuan(30)), "p", FOUR)
    assert (found.bac, found.contingency, found.management_reserve, found.budget) == (120, 20, 30, 150)
    assert found.pv == 48


def test_summaries_and_areas_are_the_sums_of_what_is_below() -> None:
    model = planned(
        task("all", None, area="promotion", planned_cost=yuan(999), costs=(spent(0, 999),)),
        task("a", 4, parent="all", planned_cost=yuan(40), percent_complete=50, costs=(spent(0, 5),)),
        task("deep", None, parent="all"),
        task("b", 8, parent="deep", planned_cost=yuan(80), costs=(spent(1, 6),), area="service"),
        task("loe", None, parent="deep", kind="level_of_effort", planned_cost=yuan(16)),
        task("c", 1, planned_cost=yuan(7)),
    )
    found = earned_value(model, "p", FOUR)
    four = {id: (one.bac, one.pv, one.ev, one.ac) for id, one in found.tasks.items()}
    assert list(four) == ["all", "a", "deep", "b", "loe", "c"]
    assert four["a"] == (40, 40, 20, 5)
    assert four["b"] == four["deep"] == (80, 40, 0, 6)
    assert four["all"] == (120, 80, 20, 11)
    assert four["loe"] == (16, 8, 8, 0)
    assert (found.bac, found.pv, found.ev, found.ac) == (127, 87, 20, 11)
    assert {area: (one.bac, one.ac) for area, one in found.areas.items()} == {"promotion": (40, 5), "service": (80, 6)}


def test_what_overlaps_other_tasks_is_counted_there() -> None:
    view = [
        task("phase", None, overlaps=("a",)),
        task("seen", 2, parent="phase", planned_cost=yuan(40), costs=(spent(0, 5),)),
    ]
    elsewhere = task("x", 1, overlaps=("of another plan",), planned_cost=yuan(3))
    found = earned_value(planned(task("a", 4, planned_cost=yuan(40)), *view, elsewhere), "p", FOUR)
    assert (found.bac, found.ac, found.tasks["phase"].bac) == (43, 0, 0)


def test_new_tasks_only_cost_and_dropped_ones_can_earn_no_more() -> None:
    model = planned(
        task("all", None),
        task("gone", None, parent="all", area="control"),
        task("a", 4, parent="gone", planned_cost=yuan(40), percent_complete=50),
        task("watch", None, parent="gone", kind="level_of_effort", planned_cost=yuan(4)),
        task("stays", 2, planned_cost=yuan(10)),
    )
    dropped = model.remove(*(model.tasks[id].ref for id in ("a", "gone", "watch")))
    found = earned_value(dropped.add(task("new", 2, planned_cost=yuan(500), costs=(spent(0, 9),))), "p", FOUR)
    assert (found.bac, found.pv, found.ev, found.ac) == (50, 50, 0, 9)
    assert list(found.tasks) == ["all", "stays", "new", "gone", "a", "watch"]
    assert found.tasks["all"].bac == found.tasks["a"].bac == found.areas["control"].bac == 40
    assert found.tasks["new"].bac == 0
    assert found.level_of_effort.bac == 4


def test_parents_of_dropped_tasks_may_be_unknown_or_go_in_circles() -> None:
    rows = [
        PlannedTask(id, closing(0), closing(1), cost=yuan(1), parent=up)
        for id, up in [("a", "b"), ("b", "a"), ("c", "nobody"), ("d", None)]
    ]
    plan = Plan(id="p", name="Launch", start=MONDAY)
    model = OperatingModel.of(plan, Baseline(id="b", plan="p", since=MONDAY, tasks=rows))
    assert earned_value(model, "p", FOUR).pv == 4


def test_a_task_that_has_got_parts_since_keeps_its_budget() -> None:
    model = planned(task("t", 10, planned_cost=yuan(100), percent_complete=30, costs=(spent(0, 5),)))
    split = model.add(task("part", 3, parent="t", planned_cost=yuan(70), costs=(spent(0, 6),)))
    found = earned_value(split, "p", FOUR)
    assert (found.bac, found.pv, found.ev, found.ac) == (100, 40, 30, 11)
    assert found.tasks["t"].ac == 11


def test_a_summary_that_has_lost_its_parts_has_no_budget_of_its_own() -> None:
    model = planned(task("all", None, planned_cost=yuan(999)), task("a", 4, parent="all", planned_cost=yuan(40)))
    found = earned_value(model.remove(model.tasks["a"].ref), "p", FOUR)
    assert (found.bac, found.tasks["all"].bac) == (40, 40)  # of the part, which was dropped


def test_what_takes_no_time_is_due_at_once_and_counts_in_time_too() -> None:
    model = planned(
        task("a", 2, planned_cost=yuan(20)),
        task("fee", None, kind="milestone", planned_cost=yuan(30), constraint="SNET", constraint_date=closing(1)),
        task("b", 2, planned_cost=yuan(20), constraint="SNET", constraint_date=workday(2)),
    )
    for at, pv in [(closing(1) - timedelta(hours=4), 15), (closing(1), 50), (closing(2), 60)]:
        assert earned_value(model, "p", at).pv == pv
    for percent, days in [(50, 1), (100, 2)]:
        begun = model.replace(evolve(model.tasks["a"], percent_complete=Decimal(percent)))
        assert earned_value(begun, "p", closing(2)).earned_schedule == days * DAY
    paid = begun.replace(evolve(model.tasks["fee"], percent_complete=Decimal(50)))
    assert earned_value(paid, "p", closing(2)).earned_schedule == 2 * DAY  # 35 lies inside the step from 20 to 50
    paid = begun.replace(evolve(model.tasks["fee"], percent_complete=Decimal(100)))
    assert earned_value(paid, "p", closing(2)).earned_schedule == 2 * DAY


def test_what_earns_less_than_nothing_is_at_the_start_and_what_is_due_last_at_the_finish() -> None:
    model = planned(
        task("refund", 1, planned_cost=yuan(-10), percent_complete=100),
        task("a", 2, planned_cost=yuan(20)),
        task("fee", None, kind="milestone", planned_cost=yuan(30), constraint="SNET", constraint_date=closing(2)),
    )
    assert earned_value(model, "p", closing(1)).earned_schedule == timedelta()
    most = model.replace(evolve(model.tasks["a"], percent_complete=Decimal(100)))
    assert earned_value(most, "p", closing(1)).earned_schedule == 3 * DAY


def test_each_task_is_spread_over_its_own_working_time() -> None:
    early = Calendar(id="early", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("05:00", "13:00"),)))
    model = planned(early, task("t", 2, calendar="early", planned_cost=yuan(160)))
    assert earned_value(model, "p", datetime(2026, 3, 2, 9, tzinfo=UTC)).pv == 40


def test_an_estimate_beyond_all_time_is_none() -> None:
    found = of_one(percent_complete=Decimal("0.0000000001"))
    assert found.earned_schedule is not None
    assert found.earned_schedule < timedelta(seconds=1)
    slow = planned(task("t", 300_000, planned_cost=yuan(1)))
    begun = slow.replace(evolve(slow.tasks["t"], percent_complete=Decimal("0.000000001")))
    far = earned_value(begun, "p", date(2900, 1, 1))
    assert (far.ieac_t, far.expected_finish) == (None, None)


def test_an_estimate_beyond_the_calendar_has_no_date() -> None:
    shifts = {str(workday(number)): (("09:00", "17:00"),) for number in range(10)}
    model = OperatingModel.of(
        Plan(id="p", name="Launch", start=MONDAY, calendar="ten"),
        Calendar(id="ten", shifts=shifts),
        task("t", 10, percent_complete=10),
        Baseline(
            id="b", plan="p", since=MONDAY,
            tasks=[PlannedTask("t", closing(0) - DAY, closing(9), cost=yuan(100))],
        ),
    )  # fmt: skip
    found = earned_value(model, "p", FOUR)
    assert (found.ieac_t, found.expected_finish) == (40 * DAY, None)


def test_what_cannot_be_measured_is_an_error() -> None:
    model = planned(task("t", 10, planned_cost=yuan(100)))
    with pytest.raises(NoBaseline) as missing:
        earned_value(model, "p", date(2026, 2, 27))
    assert missing.value.plan == "p"
    with pytest.raises(UnknownRecord):
        earned_value(model, "q", FOUR)
    mixed = model.replace(evolve(model.tasks["t"], costs=(Cost(MONDAY, Money(1, "EUR")),)))
    with pytest.raises(MixedCurrencies, match="CNY and EUR"):
        earned_value(mixed, "p", FOUR)


def test_it_can_be_printed() -> None:
    found = of_one(percent_complete=Decimal(30))
    assert str(found).splitlines() == [
        "p at 2026-03-05 17:00+00:00 by b, CNY",
        "BAC 100,000.00  PV 40,000.00  EV 30,000.00  AC 0.00  SV -10,000.00  CV 30,000.00",
        "SPI 0.75  CPI -  EAC -  VAC -  TCPI 0.70",
        "SPI(t) 0.75  SV(t) -8.0h  IEAC(t) 106.7h",
    ]
    assert "no currency" in str(earned_value(planned(task("t")), "p", FOUR))


# -- the slow count ---------------------------------------------------------------------------------------------------

Job = tuple[int, int, int, int, int]
"""First day, days, cost, percent complete, and what was spent on the first day."""
JOBS = st.lists(
    st.tuples(
        st.integers(0, 8), st.integers(1, 6), st.integers(0, 60), st.sampled_from((0, 20, 50, 100)), st.integers(0, 40)
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def modelled(jobs: list[Job]) -> OperatingModel:
    tasks: list[Task] = []
    for number, (first, days, cost, percent, ac) in enumerate(jobs):
        date_fields = {"constraint": "SNET", "constraint_date": workday(first)}
        tasks.append(
            task(
                f"t{number}", days, planned_cost=yuan(cost), percent_complete=percent, costs=(spent(first, ac),),
                **date_fields,
            )
        )  # fmt: skip
    return planned(*tasks)


def due(jobs: list[Job], day: int) -> Fraction:
    """Return what was to be done by the end of so many days, counting them one by one."""
    return sum(
        (Fraction(cost, days) for first, days, cost, _, _ in jobs for own in range(days) if first + own < day),
        Fraction(),
    )


def lipke(jobs: list[Job], earned: Fraction) -> Fraction:
    """Return the earned schedule from the first start on: whole days, and the next in proportion (Lipke, 2003)."""
    begin, end = min(job[0] for job in jobs), max(job[0] + job[1] for job in jobs)
    whole = max((day for day in range(begin, end + 1) if due(jobs, day) <= earned), default=begin)
    if whole == end:
        return Fraction(end - begin)
    step = due(jobs, whole + 1) - due(jobs, whole)
    return whole - begin + (earned - due(jobs, whole)) / step


@given(JOBS, st.integers(0, 16))
@settings(max_examples=60, deadline=None)
def test_the_slow_count_agrees(jobs: list[Job], days: int) -> None:
    found = earned_value(modelled(jobs), "p", closing(days - 1) if days else MONDAY)
    earned = sum((Fraction(cost * percent, 100) for _, _, cost, percent, _ in jobs), Fraction())
    spent_so_far = sum(ac for first, _, _, _, ac in jobs if first < days)
    assert (found.bac, found.ac) == (sum(job[2] for job in jobs), spent_so_far)
    assert Fraction(found.ev) == earned
    assert abs(Fraction(found.pv) - due(jobs, days)) < Fraction(1, 10**20)
    if due(jobs, days):
        assert found.spi is not None
        assert abs(Fraction(found.spi) - earned / due(jobs, days)) < Fraction(1, 10**15)
    if found.bac:
        assert found.earned_schedule is not None
        exact = lipke(jobs, earned) * int(DAY.total_seconds()) * 10**6
        assert abs(found.earned_schedule // timedelta(microseconds=1) - exact) <= 1
