"""Baselines keep what was promised, the right one is in force, and what differs from it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from attrs import evolve

from community_ops import (
    Allocation,
    Assignment,
    Baseline,
    Calendar,
    Decision,
    Duration,
    Link,
    Money,
    OperatingModel,
    Person,
    Plan,
    Position,
    Ref,
    Task,
    Unit,
    dumps,
    loads,
)
from community_ops.errors import NoBaseline, UnknownRecord
from community_ops.plan import baseline_at, take_baseline, variance
from tests.plan.control import DAY, MONDAY, closing, planned, spent, task, workday, yuan

OPENING = closing(3) - DAY
"""When work begins on the fourth day."""


def test_a_baseline_keeps_what_the_schedule_says() -> None:
    model = planned(
        task("all", None, area="promotion", planned_cost=yuan(5)),
        task("ads", 2, parent="all", planned_cost=yuan(900), contingency=yuan(90)),
        task("fair", None, parent="all", kind="milestone", area="service", constraint="SNET", constraint_date=OPENING),
        name="First",
        management_reserve=yuan(100),
        approved_by="ceo",
    )  # fmt: skip
    found = model.baselines["b"]
    assert (found.name, found.plan, found.since, found.approved_by) == ("First", "p", MONDAY, "ceo")
    assert found.management_reserve == yuan(100)
    every, ads, fair = found.tasks
    assert (every.kind, every.cost, every.area, every.parent) == ("summary", None, "promotion", None)
    assert (ads.task, ads.name, ads.kind, ads.parent, ads.area) == ("ads", "Ads", "task", "all", "promotion")
    assert (ads.start, ads.finish, ads.work) == (closing(0) - DAY, closing(1), 2 * DAY)
    assert (ads.cost, ads.contingency) == (yuan(900), yuan(90))
    assert (fair.kind, fair.start, fair.finish, fair.area) == ("milestone", OPENING, OPENING, "service")
    assert every.finish == fair.finish
    assert loads(dumps(model)) == model


def test_a_baseline_outlives_its_tasks_and_follows_their_ids() -> None:
    model = planned(task("ads", 2), task("fair", 1))
    renamed = model.rename(Ref("task", "ads"), "advertising")
    assert [row.task for row in renamed.baselines["b"].tasks] == ["advertising", "fair"]
    changed = model.add(Decision(id="d", name="No fair", plan="p", tasks=("fair",)))
    dropped = changed.remove(Ref("task", "fair"))
    assert [row.name for row in dropped.baselines["b"].tasks] == ["Ads", "Fair"]
    assert not dropped.check(select=["REF101"]).findings
    assert len(dropped.referrers(Ref("task", "fair"))) == 2


def test_the_last_baseline_to_come_into_force_is_the_one() -> None:
    zoned = OperatingModel.of(
        Plan(id="p", name="Launch", start=MONDAY, calendar="cn"),
        Calendar(id="cn", timezone="Asia/Shanghai"),
        Plan(id="q", name="Other", start=MONDAY),
        Baseline(id="second", plan="p", since=date(2026, 3, 9)),
        Baseline(id="first", plan="p", since=date(2026, 3, 2)),
        Baseline(id="noon", plan="p", since=datetime(2026, 3, 9, 12, tzinfo=timezone(timedelta(hours=8)))),
        Baseline(id="other", plan="q", since=date(2026, 1, 1)),
    )

    def at(when: date) -> str | None:
        found = baseline_at(zoned, "p", when)
        return None if found is None else found.id

    assert at(date(2026, 3, 1)) is None
    assert at(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) is None
    assert at(datetime(2026, 3, 1, 16, tzinfo=UTC)) == "first"  # midnight in Shanghai
    assert at(date(2026, 3, 8)) == "first"
    assert at(date(2026, 3, 9)) == "second"
    assert at(datetime(2026, 3, 9, 4, tzinfo=UTC)) == "noon"
    assert at(date(2027, 1, 1)) == "noon"
    with pytest.raises(UnknownRecord):
        baseline_at(zoned, "nobody's", MONDAY)


def test_of_two_from_one_day_the_last_in_the_table_counts() -> None:
    model = OperatingModel.of(
        Plan(id="p", name="Launch", start=MONDAY),
        Baseline(id="z", plan="p", since=MONDAY),
        Baseline(id="a", plan="p", since=MONDAY),
    )
    found = baseline_at(model, "p", MONDAY)
    assert found is not None
    assert found.id == "a"


def test_variance_counts_in_working_time_and_money() -> None:
    model = planned(
        task("ads", 2, planned_cost=yuan(900)),
        task("fair", None, kind="milestone", constraint="SNET", constraint_date=closing(3)),
        task("same", 1),
    )
    now = model.replace(
        evolve(model.tasks["ads"], duration=None, estimate=None, effort=Duration(3), contingency=yuan(50)),
        evolve(model.tasks["fair"], constraint_date=closing(5)),
    )
    found = variance(now, "p", MONDAY)
    assert (found.plan, found.baseline, list(found.tasks)) == ("p", "b", ["ads", "fair", "same"])
    ads = found.tasks["ads"]
    assert (ads.start, ads.finish, ads.work, ads.cost) == (timedelta(), DAY, DAY, yuan(50))
    assert [(one.id, one.start, one.finish, one.cost) for one in found.milestones] == [("fair", 2 * DAY, 2 * DAY, None)]
    assert found.tasks["same"].finish == timedelta()
    earlier = model.replace(evolve(model.tasks["ads"], duration=Duration(1), planned_cost=None))
    assert (variance(earlier, "p", MONDAY).tasks["ads"].finish, variance(earlier, "p", MONDAY).tasks["ads"].cost) == (
        -DAY, yuan(-900),
    )  # fmt: skip


def test_a_slip_names_what_it_hangs_on() -> None:
    model = planned(
        task("a", 2), task("b", 1, links=(Link("a"),)), task("end", None, kind="milestone", links=(Link("b"),))
    )
    slipped = model.replace(evolve(model.tasks["a"], actual_start=MONDAY, remaining=Duration(3)))
    found = variance(slipped, "p", workday(1)).tasks
    # Three days from Tuesday on in place of one: each is two days late, and hangs on the one before.
    assert [found[id].finish for id in ("a", "b", "end")] == [2 * DAY] * 3
    assert str(found["a"].driver) == "what is left is done from 2026-03-03 00:00 on"
    assert [found[id].driver.task for id in ("b", "end")] == ["a", "b"]


def test_variance_of_a_task_counts_in_its_own_working_time() -> None:
    half = Calendar(id="half", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "13:00"),)))
    model = planned(half, task("t", 1, calendar="half"))  # eight hours, so two mornings
    moved = model.replace(evolve(model.tasks["t"], constraint="SNET", constraint_date=workday(1)))
    assert variance(moved, "p", MONDAY).tasks["t"].finish == timedelta(hours=4)


def test_two_currencies_have_no_difference() -> None:
    model = planned(task("ads", 2, planned_cost=yuan(900)))
    now = model.replace(evolve(model.tasks["ads"], planned_cost=Money(100, "EUR")))
    assert variance(now, "p", MONDAY).tasks["ads"].cost is None


def test_a_summary_has_dates_but_no_cost_of_its_own() -> None:
    model = planned(task("all", None), task("ads", 2, parent="all", planned_cost=yuan(900)))
    now = model.replace(evolve(model.tasks["ads"], duration=Duration(4), planned_cost=yuan(950), costs=(spent(0, 3),)))
    found = variance(now, "p", MONDAY).tasks
    assert (found["all"].finish, found["all"].cost) == (2 * DAY, None)
    assert found["ads"].cost == yuan(50)


def test_new_and_dropped_tasks_are_named() -> None:
    model = planned(task("ads", 2), task("fair", 1))
    now = model.remove(Ref("task", "fair")).add(task("stand", 1))
    found = variance(now, "p", MONDAY)
    assert (list(found.tasks), found.new, dict(found.dropped)) == (["ads"], ("stand",), {"fair": "Fair"})


def test_without_a_baseline_there_is_nothing_to_differ_from() -> None:
    model = planned(task("ads", 2))
    with pytest.raises(NoBaseline, match="2026-02-27"):
        variance(model, "p", date(2026, 2, 27))
    with pytest.raises(UnknownRecord):
        take_baseline(model, "q", id="x", at=MONDAY)


def test_a_later_baseline_promises_what_the_plan_has_become() -> None:
    model = planned(task("ads", 2))
    longer = model.replace(evolve(model.tasks["ads"], duration=Duration(4), costs=()))
    again = longer.add(*[take_baseline(longer, "p", id=id, at=MONDAY) for id in ("b2", "b3")])
    assert variance(again, "p", MONDAY).baseline == "b3"
    assert variance(again, "p", MONDAY).tasks["ads"].finish == timedelta()


def test_what_is_never_finished_is_not_promised_and_varies_by_nothing_that_can_be_told() -> None:
    writing = Task(id="write", name="Write", plan="p", effort=Duration(2), allocations=[Allocation("writer")])
    plan, check = Plan(id="p", name="P", start=MONDAY), Task(id="check", name="Check", plan="p", duration=Duration(1))
    staffed = OperatingModel.of(
        plan, writing, check, Unit(id="hq", name="HQ"), Position(id="writer", title="Writer", unit="hq"),
        Person(id="ann", name="Ann"), Assignment(id="a", person="ann", position="writer"),
    )  # fmt: skip
    vacant = staffed.remove(Ref("assignment", "a"))
    assert [row.task for row in take_baseline(vacant, "p", id="b", at=MONDAY).tasks] == ["check"]
    promised = vacant.add(take_baseline(staffed, "p", id="b", at=MONDAY))
    found = variance(promised, "p", MONDAY).tasks["write"]
    assert (found.start, found.finish, found.work) == (timedelta(), None, timedelta())
