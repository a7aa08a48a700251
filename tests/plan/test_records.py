"""Plans and tasks: every field goes in, comes back from JSON the same, and says what is wrong with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import community_ops as co
from community_ops import Allocation, Deliverable, Duration, Estimate, InvalidRecord, Link, Money, Plan, Task
from community_ops.plan import Progress

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EVERYTHING = Task(
    id="t",
    name="Content plan",
    plan="p",
    parent="s",
    kind="recurring",
    area="promotion",
    owner="cmo",
    allocations=(Allocation("creator", 2), Allocation("cmo", "0.25")),
    duration=Duration("1.5", "week"),
    effort=Duration(90, "minute"),
    estimate=Estimate(1, 2, 5),
    links=(
        Link("a"),
        Link("a", "SS", Duration(-2, "hour"), lag_time="elapsed"),
        Link("b", "FF", lag_percent=Decimal("-12.5"), lag_time="predecessor"),
    ),
    constraint="SNET",
    constraint_date=AT,
    deadline=date(2026, 5, 6),
    calendar="office",
    recurrence="FREQ=WEEKLY;BYDAY=MO",
    planned_cost=Money("12000.50", "CNY"),
    deliverables=(Deliverable("Plan", ("complete", "approved"), "ceo", "passed", date(2026, 4, 1)),),
    reworks="draft",
    percent_complete=Decimal("37.5"),
    progress=(Progress(date(2026, 3, 4), 10), Progress(AT, Decimal("37.5"))),
    actual_start=date(2026, 3, 3),
    actual_finish=AT,
    remaining=Duration(3, "hour"),
    description="All of it.",
    extra={"colour": "red"},
)
PLAN = Plan(
    id="p",
    name="Launch",
    start=AT,
    calendar="office",
    unit="hq",
    owner="ceo",
    goals=("reach",),
    description="From nothing to a community.",
)


def test_every_field_comes_back_from_json_the_same() -> None:
    model = co.OperatingModel.of(PLAN, EVERYTHING)
    again = co.loads(co.dumps(model))
    assert list(again.plans) == [PLAN]
    assert list(again.tasks) == [EVERYTHING]
    assert co.dumps(again) == co.dumps(model)


def test_json_is_what_a_person_would_write() -> None:
    row = '{"id": "b", "name": "Build", "plan": "p", "duration": {"amount": "2.50"}, "links": [{"task": "a"}]}'
    (task,) = co.loads('{"format": "community-ops", "version": 2, "tasks": [' + row + "]}").tasks
    assert task == Task(id="b", name="Build", plan="p", duration=Duration("2.50"), links=(Link("a"),))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("percent_complete", -1), ("percent_complete", 101), ("duration", Duration(-1)), ("effort", Duration(-1))],
        *[("remaining", Duration(-1)), ("kind", "phase"), ("area", "sales"), ("constraint", "SOON")],
        *[("recurrence", "FREQ=HOURLY"), ("deadline", datetime(2026, 3, 2)), ("deadline", "2026-03-02")],
        *[("links", ("a",)), ("planned_cost", 12), ("constraint_date", date(2026, 3, 2)), ("name", None)],
    ],
)
def test_what_has_no_meaning_is_refused_with_its_field(field: str, value: Any) -> None:
    given: dict[str, Any] = {"id": "t", "name": "T", "plan": "p", field: value}
    with pytest.raises(InvalidRecord) as caught:
        Task(**given)
    assert {problem[0].split(".")[0] for problem in caught.value.problems} == {field}
    assert caught.value.id == "t"


@pytest.mark.parametrize("constraint", ["SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO"])
def test_a_constraint_on_a_date_needs_one(constraint: Any) -> None:
    with pytest.raises(InvalidRecord, match=f"constraint_date.*{constraint} needs a date"):
        Task(id="t", name="T", plan="p", constraint=constraint)
    assert Task(id="t", name="T", plan="p", constraint=constraint, constraint_date=AT).constraint_date == AT


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (Duration, {"amount": "long"}),
        (Duration, {"amount": float("nan")}),
        (Duration, {"amount": 1, "unit": "month"}),
        (Link, {"task": "a", "type": "SE"}),
        (Link, {"task": "a", "lag": 2}),
        (Link, {"task": "a", "lag_time": "local"}),
        (Allocation, {"position": "cmo", "fte": -1}),
        (Deliverable, {"name": "Plan", "result": "fine"}),
        (Progress, {"day": AT, "percent": -1}),
        (Progress, {"day": AT, "percent": "100.5"}),
        (Progress, {"day": "2026-03-02", "percent": 1}),
        (Deliverable, {"name": "Plan", "criteria": "complete"}),
    ],
)
def test_values_refuse_what_has_no_meaning(value: Any, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidRecord):
        value(**given)


def test_what_real_plans_contain_is_kept_for_the_rules_to_find() -> None:
    task = Task(
        id="t", name="T", plan="gone", parent="t", kind="milestone", duration=Duration(3), estimate=Estimate(9, 2, 1),
        links=(Link("t"), Link("gone")), actual_start=date(2026, 3, 9), actual_finish=date(2026, 3, 2),
    )  # fmt: skip
    assert task.estimate == Estimate(9, 2, 1)


def test_durations_print_as_plans_write_them() -> None:
    assert [str(Duration(5)), str(Duration("2.5", "hour")), str(Duration(-1, "week"))] == ["5d", "2.5h", "-1w"]


def test_references_inside_links_allocations_and_deliverables_are_followed_by_a_rename() -> None:
    model = co.OperatingModel.of(PLAN, EVERYTHING, Task(id="a", name="A", plan="p"))
    (renamed, _) = model.rename(co.Ref("task", "a"), "start").tasks
    assert [link.task for link in renamed.links] == ["start", "start", "b"]
