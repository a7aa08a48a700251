"""The fourteen points, on plans whose counts are worked out by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

import community_ops as co
from community_ops import Allocation, Duration, Link, Money, OperatingModel, Plan, Task
from community_ops.errors import CyclicNetwork, UnknownRecord
from community_ops.plan import Assessment, AssessmentCheck, assess

MONDAY = date(2026, 3, 2)
FRIDAY = MONDAY + timedelta(days=4)


def task(id: str, days: int | None, *after: str | Link, **fields: Any) -> Task:
    links = tuple([link if isinstance(link, Link) else Link(link) for link in after])
    length = None if days is None else Duration(days)
    return Task(**{"id": id, "name": id, "plan": "p", "duration": length, "links": links, **fields})


def model(*tasks: Task, **fields: Any) -> OperatingModel:
    """Return a plan on the calendar of those that name none: Monday to Friday, eight hours a day, UTC."""
    return OperatingModel.of(Plan(**{"id": "p", "name": "Plan", "start": MONDAY, **fields}), *tasks)


def came_to(number: int, *tasks: Task, at: date | None = MONDAY) -> tuple[int | None, int | None, tuple[str, ...]]:
    check = assess(model(*tasks), "p", at).check(number)
    return check.count, check.out_of, check.tasks


DONE = {"actual_start": MONDAY, "actual_finish": MONDAY}
MIXED = (
    task("s", None),
    task("a", 2, parent="s"),
    task("b", 2, "a", parent="s"),
    task("c", 1, "s"),
    task("goes_on", None, Link("a", "SS"), kind="level_of_effort"),
    task("weekly", 1, kind="recurring", recurrence="FREQ=WEEKLY"),
    task("old", 1, **DONE),
    task("over", 1, percent_complete=100),
    task("alone", 3),
    task("end", None, "c", kind="milestone"),
)


def test_logic_is_asked_of_incomplete_tasks_and_milestones_and_runs_through_summaries() -> None:
    # a lacks a predecessor, end a successor, alone both; b leads to c through s; of a, b, c, alone and end.
    assert came_to(1, *MIXED) == (3, 5, ("a", "alone", "end"))


def test_links_count_once_while_what_follows_is_incomplete() -> None:
    tasks = (
        task("s", None),
        task("a", 4, parent="s"),
        task("b", 4, "a", parent="s"),
        task("c", 4, Link("s", lag=Duration(-1))),
        task("d", 4, Link("a", "SS", Duration(1)), Link("b", "FF")),
        task("e", 4, Link("a", "SF", Duration(2)), **DONE),
        task("f", 4, Link("a", lag_percent=Decimal(-50)), Link("d", lag_percent=Decimal(25)), Link("ghost")),
    )
    # b-a FS, c-s FS-1, d-a SS+1, d-b FF, f-a FS-50 %, f-d FS+25 %; that of e is done, and the ghost is no link.
    assert came_to(2, *tasks) == (2, 6, ("c", "f"))
    assert came_to(3, *tasks) == (2, 6, ("d", "f"))
    assert came_to(4, *tasks) == (4, 6, ("d",))


def test_a_link_to_a_summary_is_one_link() -> None:
    tasks = (task("a", 1), task("s", None, Link("a", "SS")), task("b", 1, parent="s"), task("c", 1, parent="s"))
    assert came_to(4, *tasks) == (0, 1, ("s",))
    half_done = (*tasks[:3], evolve(tasks[3], actual_finish=MONDAY))
    assert came_to(4, *half_done) == (0, 1, ("s",))
    done = (*tasks[:2], *[evolve(one, actual_finish=MONDAY) for one in tasks[2:]])
    assert came_to(4, *done) == (0, 0, ())


def test_hard_are_the_constraints_that_keep_a_task_from_moving_on() -> None:
    kinds = ["SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO"]
    tasks = [task(kind.lower(), 1, constraint=kind, constraint_date=FRIDAY) for kind in kinds]
    tasks += [task("asap", 1), task("alap", 1, constraint="ALAP")]
    tasks += [task("done", 1, constraint="MSO", constraint_date=FRIDAY, **DONE)]
    assert came_to(5, *tasks) == (4, 8, ("snlt", "fnlt", "mso", "mfo"))


def test_float_is_high_above_44_working_days_of_the_task() -> None:
    # The plan takes 50 days; x and y may slip by 44 and 45, the milestone by 50.
    tasks = (task("long", 50), task("x", 6), task("y", 5), task("m", None, kind="milestone"))
    assert came_to(6, *tasks) == (2, 4, ("y", "m"))


def test_float_below_none_counts_whatever_it_comes_from() -> None:
    tasks = (task("a", 2), task("b", 4, "a", deadline=FRIDAY), task("c", 1, "b"))  # b is a day late, and so is a
    assert came_to(7, *tasks) == (2, 3, ("a", "b"))


def test_long_is_what_lasts_more_than_44_working_days_and_milestones_are_not_asked() -> None:
    tasks = (task("just", 44), task("long", 45), task("m", None, "long", kind="milestone"), task("done", 60, **DONE))
    assert came_to(8, *tasks) == (1, 2, ("long",))


def test_dates_are_invalid_where_the_plan_lies_behind_or_the_past_ahead() -> None:
    wednesday = MONDAY + timedelta(days=2)
    tasks = (
        task("forgotten", 1),  # should have been done on Monday
        task("begun", 1, actual_start=MONDAY),  # should be finished
        task("under_way", 5, actual_start=MONDAY),
        task("not_begun", 5),
        task("partly", 5, percent_complete=5),
        task("done", 1, actual_start=MONDAY, actual_finish=MONDAY),
        task("today", 1, actual_finish=wednesday),  # the day counts from its beginning, as the status date does
        task("foretold", 9, actual_start=FRIDAY),
        task("later", 2, "under_way"),
        task("goes_on", None, kind="level_of_effort"),
    )
    found = ("forgotten", "begun", "not_begun", "foretold")
    assert came_to(9, *tasks, at=wednesday) == (4, 9, found)
    at_nine = datetime(2026, 3, 4, 9, tzinfo=UTC)
    assert came_to(9, *tasks, at=at_nine) == (4, 9, found)
    noon = task("noon", 9, actual_start=datetime(2026, 3, 4, 12, tzinfo=UTC))
    assert came_to(9, noon, at=at_nine) == (1, 1, ("noon",))
    assert came_to(9, noon, at=datetime(2026, 3, 4, 12, tzinfo=UTC)) == (0, 1, ())


def test_resources_are_people_or_money_for_what_takes_at_least_a_day() -> None:
    tasks = (
        task("manned", 1, allocations=(Allocation("clerk"),)),
        task("paid", 1, planned_cost=Money(Decimal(5), "EUR")),
        task("bare", 1, owner="clerk"),
        task("short", None, duration=Duration(7, "hour")),
        task("m", None, kind="milestone"),
        task("done", 1, **DONE),
    )
    assert came_to(10, *tasks) == (1, 3, ("bare",))


def test_missed_is_what_was_due_and_came_late_or_not_at_all() -> None:
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    tasks = (
        task("in_time", 2, actual_finish=tuesday),
        task("early", 2, actual_finish=MONDAY),
        task("late", 2, actual_finish=wednesday),
        task("by_the_hour", 2, actual_finish=datetime(2026, 3, 3, 17, tzinfo=UTC)),
        task("an_hour_late", 2, actual_finish=datetime(2026, 3, 3, 18, tzinfo=UTC)),
        task("never", 2),
        task("reported", 2, percent_complete=100),
        task("not_due", 3),
    )
    assert came_to(11, *tasks, at=wednesday) == (3, 7, ("late", "an_hour_late", "never"))
    assert came_to(11, *tasks, at=MONDAY) == (0, 0, ())


def test_a_delay_of_a_critical_task_reaches_the_end_along_the_links() -> None:
    chain = (task("a", 3), task("b", 2, "a"), task("m", None, "b", kind="milestone"), task("idle", 1))
    assert came_to(12, *chain) == (600, 600, ("a",))
    begun = (evolve(chain[0], **DONE), *chain[1:])
    assert came_to(12, *begun) == (600, 600, ("b",))


def test_a_date_that_stands_in_between_keeps_the_delay_from_the_end() -> None:
    # a takes Monday to Wednesday, b Thursday and Friday; that b must start on Thursday holds against any delay of a.
    must = task("b", 2, "a", constraint="MSO", constraint_date=MONDAY + timedelta(days=3))
    check = assess(model(task("a", 3), must), "p").check(12)
    assert (check.count, check.out_of, check.tasks, check.verdict) == (0, 600, ("a",), "failed")


def test_a_critical_task_that_nothing_follows_moves_nothing() -> None:
    # b is critical because of its deadline alone; a, which ends the plan, does not wait for it.
    tasks = (task("a", 8), task("b", 3, deadline=MONDAY + timedelta(days=1)))
    check = assess(model(*tasks), "p").check(12)
    assert (check.count, check.out_of, check.tasks) == (0, 600, ("b",))
    assert check.percentage == Fraction(0)
    assert check.verdict == "failed"


def test_the_delay_counts_in_the_days_of_the_task_and_leaves_the_model_alone() -> None:
    short = co.Calendar(
        id="short",
        hours=dict.fromkeys(("mon", "tue", "wed"), (("09:00", "13:00"),)),
        day_length=timedelta(hours=4),
        week_length=timedelta(hours=12),
    )
    made = model(task("a", None, effort=Duration(3)), calendar="short").add(short)
    before = co.dumps(made)
    check = assess(made, "p").check(12)
    assert (check.count, check.out_of) == (600, 600)
    assert co.dumps(made) == before


@pytest.mark.parametrize(
    ("tasks", "reason"),
    [
        ((task("a", 1, **DONE),), "no incomplete task is critical"),
        ((task("m", None, kind="milestone"),), "no incomplete task is critical"),
        ((), "no incomplete task is critical"),
    ],
)
def test_without_a_critical_task_there_is_no_test(tasks: tuple[Task, ...], reason: str) -> None:
    check = assess(model(*tasks), "p").check(12)
    assert (check.verdict, check.percentage, check.reason) == (None, None, reason)


def test_a_calendar_that_ends_leaves_no_room_for_a_delay() -> None:
    fair = co.Calendar(id="fair", shifts={str(MONDAY + timedelta(days=i)): (("09:00", "17:00"),) for i in range(3)})
    check = assess(model(task("a", 2), calendar="fair").add(fair), "p").check(12)
    assert check.verdict is None
    assert check.reason == "the calendars end before the delay does"


def test_what_needs_a_date_or_a_baseline_says_so() -> None:
    found = assess(model(task("a", 1)), "p")
    assert {check.number: check.reason for check in found.checks if check.reason} == {
        2: "there is nothing to count",
        3: "there is nothing to count",
        4: "there is nothing to count",
        9: "it needs a status date",
        11: "it needs a status date",
        13: "no baseline is in force",
        14: "no baseline is in force",
    }
    assert all(check.verdict is None for check in found.checks if check.reason)
    assert all(check.reason_zh for check in found.checks if check.reason)


def test_the_thresholds_are_those_of_the_pamphlet() -> None:
    bounds = [(check.threshold, check.at_least) for check in assess(model(), "p").checks]
    percent = [5, 0, 5, 90, 5, 5, 0, 5, 0, 0, 5]
    assert [bound for bound, _ in bounds[:11]] == percent
    assert [number for number, (_, least) in enumerate(bounds, 1) if least] == [4, 12, 13, 14]
    assert [bound for bound, _ in bounds[12:]] == [95, 95]


@pytest.mark.parametrize(("count", "least", "verdict"), [(5, False, "passed"), (6, False, "failed")])
def test_a_share_at_the_threshold_passes(count: int, least: bool, verdict: str) -> None:
    texts = {"name": "N", "name_zh": "名", "counts": "c", "counts_zh": "数"}
    check = AssessmentCheck(number=1, **texts, threshold=Decimal(5), count=count, out_of=100)
    assert check.verdict == verdict
    turned = evolve(check, at_least=True, threshold=Decimal(count))
    assert turned.verdict == "passed"
    assert evolve(turned, threshold=Decimal(count + 1)).verdict == "failed"


def test_a_plan_of_nothing_has_no_verdicts() -> None:
    found = assess(model(), "p", MONDAY)
    assert [check.verdict for check in found.checks] == [None] * 14
    assert found.failed == ()


def test_it_prints_as_a_table_in_both_languages_and_is_plain_data() -> None:
    found = assess(model(task("a", 1), task("b", 1, Link("a", "SS"))), "p", MONDAY)
    assert isinstance(found, Assessment)
    lines = str(found).splitlines()
    assert len(lines) == 14
    assert lines[3].split() == ["4", "Relationship", "types", "0", "/", "1", "0.0", "%", "≥", "90", "%", "FAILED"]
    assert lines[12].endswith("-       no baseline is in force")
    chinese = found.to_text("zh").splitlines()
    assert "关系类型" in chinese[3]
    assert chinese[3].endswith("未通过")
    assert [check.number for check in found.failed] == [1, 4, 10]
    data = json.loads(json.dumps(found.to_data()))
    assert (data["plan"], data["at"], len(data["checks"])) == ("p", "2026-03-02", 14)
    assert data["checks"][3]["percentage"] == 0
    assert data["checks"][3]["tasks"] == ["b"]
    assert data["checks"][12]["percentage"] is None
    assert assess(model(), "p").to_data()["at"] is None


def test_points_are_found_by_number() -> None:
    found = assess(model(), "p")
    assert [found.check(number).number for number in range(1, 15)] == list(range(1, 15))
    for number in (0, 15):
        with pytest.raises(LookupError, match="there are 1 to 14"):
            found.check(number)


def test_a_plan_without_dates_cannot_be_assessed() -> None:
    with pytest.raises(CyclicNetwork):
        assess(model(task("a", 1, "b"), task("b", 1, "a")), "p")
    with pytest.raises(UnknownRecord):
        assess(model(), "q")
