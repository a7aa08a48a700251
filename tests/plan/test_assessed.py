"""The points that look at what has happened, and at what was promised, on plans whose counts are worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

import community_ops as co
from community_ops import Duration, Link, OperatingModel, Plan, Task
from community_ops.errors import NotAnInstant
from community_ops.plan import AssessmentCheck, assess, take_baseline

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = [date(2026, 3, 2) + timedelta(days=day) for day in range(5)]


def task(id: str, days: int, *after: str, **fields: Any) -> Task:
    links = tuple([Link(one) for one in after])
    return Task(**{"id": id, "name": id, "plan": "p", "duration": Duration(days), "links": links, **fields})


def model(*tasks: Task, **fields: Any) -> OperatingModel:
    """Return a plan on the calendar of those that name none: Monday to Friday, eight hours a day, UTC."""
    return OperatingModel.of(Plan(**{"id": "p", "name": "Plan", "start": MONDAY, **fields}), *tasks)


def since(before: OperatingModel, now: OperatingModel, at: date = MONDAY, id: str = "b") -> OperatingModel:
    """Return a plan with a baseline that keeps what it was before."""
    return now.add(take_baseline(before, "p", id=id, at=at))


def came_to(check: AssessmentCheck) -> tuple[Any, Any, tuple[str, ...]]:
    return check.count, check.out_of, check.tasks


A, B = task("a", 3), task("b", 2, "a")  # Monday to Wednesday, Thursday and Friday
BEFORE = model(A, B)


# --- what has happened -----------------------------------------------------------------------------------------------


def test_float_is_that_of_what_is_left_at_the_status_date() -> None:
    late = model(task("a", 3, deadline=FRIDAY), task("b", 50))
    assert came_to(assess(late, "p").check(7)) == (0, 2, ())
    assert came_to(assess(late, "p", WEDNESDAY).check(7)) == (0, 2, ())  # Wednesday to Friday
    assert came_to(assess(late, "p", THURSDAY).check(7)) == (1, 2, ("a",))  # up to Monday
    assert came_to(assess(late, "p").check(6)) == (0, 2, ())
    free = model(task("a", 3), task("b", 50))
    assert came_to(assess(free, "p", MONDAY).check(6)) == (1, 2, ("a",))  # it may slip by 47 days
    begun = model(task("a", 3), task("b", 50, actual_start=MONDAY, percent_complete=20))
    assert came_to(assess(free, "p", TUESDAY).check(6)) == (1, 2, ("a",))  # by as many from Tuesday on
    assert came_to(assess(begun, "p", TUESDAY).check(6)) == (0, 2, ())  # 40 of the 50 days are left: by 37


def test_a_task_of_which_nothing_remains_has_no_float() -> None:
    over = task("a", 3, actual_start=MONDAY, percent_complete=50, remaining=Duration(0))
    found = assess(model(over, task("b", 60)), "p", TUESDAY)
    assert came_to(found.check(6)) == (0, 2, ())
    assert came_to(found.check(7)) == (0, 2, ())


def test_lengths_and_past_dates_are_those_of_the_plan_as_it_was_made() -> None:
    stretched = task("a", 44, actual_start=MONDAY, percent_complete=0)
    found = assess(model(stretched, task("b", 1)), "p", WEDNESDAY)
    assert came_to(found.check(8)) == (0, 2, ())  # by the status date it lasts 46 days
    assert came_to(found.check(9)) == (1, 2, ("b",))  # though what is left is never scheduled before it


def test_critical_is_what_is_critical_at_the_status_date() -> None:
    tasks = (task("a", 10, actual_start=MONDAY, actual_finish=MONDAY), task("b", 8))
    assert assess(model(*tasks), "p").check(12).reason == "no incomplete task is critical"  # b has two days of float
    assert came_to(assess(model(*tasks), "p", TUESDAY).check(12)) == (600, 600, ("b",))


@pytest.mark.parametrize("fields", [{"percent_complete": 50}, {"percent_complete": 10, "remaining": Duration(1)}])
def test_the_delay_of_a_task_under_way_is_as_long_as_that_of_others(fields: dict[str, Any]) -> None:
    begun = model(evolve(A, actual_start=MONDAY, **fields), B)
    assert came_to(assess(begun, "p", TUESDAY).check(12)) == (600, 600, ("a",))


def test_where_the_rest_has_no_time_the_points_on_it_have_no_verdict() -> None:
    fair = co.Calendar(id="fair", shifts={str(day): (("09:00", "17:00"),) for day in (MONDAY, TUESDAY, WEDNESDAY)})
    made = model(task("a", 2), calendar="fair").add(fair)
    found = assess(since(made, made), "p", WEDNESDAY)  # one day is left for two days of work
    reasons = {check.number: check.reason for check in found.checks if check.number > 4 and check.reason}
    assert reasons == dict.fromkeys((6, 7, 12, 13), "the calendars end before what is left is done")
    assert came_to(found.check(14)) == (0, 1, ("a",))


# --- point 11 --------------------------------------------------------------------------------------------------------


def test_missed_is_measured_by_the_baseline_in_force() -> None:
    before = model(*[task(id, 2) for id in ("in_time", "late", "put_off", "reported", "dropped")], task("not_due", 9))
    now = model(
        task("in_time", 2, actual_finish=TUESDAY),
        task("late", 2, actual_finish=datetime(2026, 3, 3, 18, tzinfo=UTC)),
        task("put_off", 9),
        task("reported", 2, percent_complete=100),
        task("not_due", 1),
        task("new", 1),
    )
    check = assess(since(before, now), "p", WEDNESDAY).check(11)
    assert came_to(check) == (3, 5, ("late", "put_off", "dropped"))
    assert check.baseline == "b"
    as_made = assess(now, "p", WEDNESDAY).check(11)
    assert came_to(as_made) == (3, 5, ("late", "not_due", "new"))
    assert as_made.baseline is None
    assert came_to(assess(since(before, now, at=FRIDAY), "p", WEDNESDAY).check(11)) == came_to(as_made)


def test_the_latest_promise_counts() -> None:
    slower = model(evolve(A, duration=Duration(5)), B)
    twice = since(slower, since(BEFORE, slower), at=WEDNESDAY, id="second")
    first, second = assess(twice, "p", TUESDAY), assess(twice, "p", THURSDAY)
    assert [first.check(number).baseline for number in (11, 13, 14)] == ["b", "b", "b"]
    assert [second.check(number).baseline for number in (11, 13, 14)] == ["second", "second", "second"]
    assert came_to(second.check(11)) == (0, 0, ())  # a was due on Wednesday by the first, on Friday of the week by this
    assert second.to_data()["checks"][13]["baseline"] == "second"


def test_a_promise_is_kept_by_the_parts_a_task_was_broken_down_into() -> None:
    whole = evolve(A, duration=None)
    parts = [task("one", 1, parent="a", actual_finish=MONDAY), task("two", 1, parent="a", actual_finish=WEDNESDAY)]
    check = assess(since(BEFORE, model(whole, *parts, B)), "p", THURSDAY)
    assert came_to(check.check(11)) == (0, 1, ())
    assert came_to(check.check(14)) == (1, 1, ())
    late = evolve(parts[1], actual_finish=datetime(2026, 3, 4, 18, tzinfo=UTC))  # an hour after the baseline's finish
    check = assess(since(BEFORE, model(whole, parts[0], late, B)), "p", THURSDAY)
    assert came_to(check.check(11)) == (1, 1, ("a",))
    assert came_to(check.check(14)) == (1, 1, ())
    open_still = evolve(parts[1], actual_finish=None)
    check = assess(since(BEFORE, model(whole, parts[0], open_still, B)), "p", THURSDAY)
    assert came_to(check.check(14)) == (0, 1, ("a",))


def test_a_task_that_became_a_level_of_effort_keeps_its_promise_itself() -> None:
    support = evolve(A, kind="level_of_effort", actual_finish=WEDNESDAY)
    check = assess(since(BEFORE, model(support, evolve(B, links=()))), "p", THURSDAY)
    assert came_to(check.check(11)) == (0, 1, ())
    assert came_to(check.check(14)) == (1, 1, ())


# --- point 13 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "progress", "count", "out_of", "verdict"),
    [
        (date(2026, 2, 25), {}, 5, 5, "passed"),  # the path begins where the plan does
        (MONDAY, {}, 5, 5, "passed"),
        (WEDNESDAY, {}, 3, 5, "failed"),  # nothing done: up to Tuesday, two days after the Friday promised
        (WEDNESDAY, {"actual_start": MONDAY, "remaining": Duration(2)}, 3, 4, "failed"),
        (WEDNESDAY, {"actual_start": MONDAY, "remaining": Duration(4, "hour")}, 3, Fraction(5, 2), "passed"),
        (TUESDAY, {"actual_start": MONDAY, "actual_finish": MONDAY}, 4, 2, "passed"),
        (datetime(2026, 3, 2, 13, tzinfo=UTC), {}, Fraction(9, 2), 5, "failed"),
        (date(2026, 3, 11), {}, -2, 5, "failed"),  # what was promised lies two days back
    ],
)
def test_the_length_index_sets_what_was_promised_against_what_is_left(
    at: date, progress: dict[str, Any], count: int | Fraction, out_of: int | Fraction, verdict: str
) -> None:
    now = model(evolve(A, **progress), B)
    check = assess(since(BEFORE, now, at=date(2026, 2, 1)), "p", at).check(13)
    assert came_to(check) == (count, out_of, () if verdict == "passed" else ("b",))
    assert check.percentage == 100 * Fraction(count) / out_of
    assert (check.verdict, check.baseline) == (verdict, "b")


def test_parts_of_days_are_shown_as_decimals_and_whole_ones_are_not() -> None:
    begun = model(evolve(A, actual_start=MONDAY, remaining=Duration(4, "hour")), B)
    check = assess(since(BEFORE, begun), "p", WEDNESDAY).check(13)
    assert check.row() == ("13", "Critical path length index", "3 / 2.5", "120.0 %", "≥ 95 %", "passed")
    data = check.to_data()
    assert (data["count"], data["out_of"], data["percentage"]) == (3, 2.5, 120.0)
    assert isinstance(data["count"], int)


def test_days_of_the_length_index_are_those_of_the_plan() -> None:
    short = co.Calendar(
        id="short", hours=dict.fromkeys(("mon", "tue", "wed"), (("09:00", "13:00"),)), day_length=timedelta(hours=4)
    )
    made = model(A, calendar="short").add(short)  # Monday to Wednesday, four hours a day
    assert came_to(assess(since(made, made), "p", TUESDAY).check(13)) == (2, 3, ("a",))


def test_the_length_index_asks_for_something_left_something_promised_and_some_time() -> None:
    over = {"actual_start": MONDAY, "actual_finish": MONDAY}
    finished = model(evolve(A, **over), evolve(B, **over))
    assert assess(since(BEFORE, finished), "p", TUESDAY).check(13).reason == "nothing is left to be done"
    check = assess(since(model(), BEFORE), "p", TUESDAY).check(13)
    assert (check.percentage, check.reason) == (None, "the baseline has no tasks")
    gate = model(A, task("m", 0, "a", kind="milestone", duration=None))
    reached = gate.replace(evolve(A, **over))
    check = assess(since(gate, reached), "p", TUESDAY).check(13)
    assert (check.percentage, check.verdict, check.reason) == (None, None, "there is nothing to count")
    assert check.reason_zh == "没有可统计的对象"


def test_levels_of_effort_neither_end_a_plan_nor_its_baseline() -> None:
    support = task("support", 90, kind="level_of_effort")
    with_it = model(A, B, support)
    assert came_to(assess(since(with_it, with_it), "p", WEDNESDAY).check(13)) == (3, 5, ("b",))


# --- point 14 --------------------------------------------------------------------------------------------------------


def test_the_execution_index_counts_what_is_completed_of_what_was_to_be() -> None:
    before = model(
        *[task(id, days) for id, days in (("in_time", 1), ("late", 2), ("open", 3), ("early", 5), ("foretold", 1))],
        task("dropped", 1),
        task("later", 9),
        task("support", 1, kind="level_of_effort"),
    )
    now = model(
        task("in_time", 1, actual_finish=MONDAY),
        task("late", 2, actual_finish=WEDNESDAY),
        task("open", 3, actual_start=MONDAY, percent_complete=90),
        task("early", 5, actual_finish=WEDNESDAY),
        task("foretold", 1, actual_finish=THURSDAY),  # at the end of the day; the status date is its beginning
        task("later", 9),
        task("support", 1, kind="level_of_effort", actual_finish=MONDAY),
        task("new", 1, actual_finish=MONDAY),
    )
    check = assess(since(before, now), "p", THURSDAY).check(14)
    assert came_to(check) == (3, 5, ("open", "foretold", "dropped"))
    assert (check.percentage, check.verdict) == (60, "failed")
    evening = assess(since(before, now), "p", datetime(2026, 3, 5, 17, tzinfo=UTC)).check(14)
    assert came_to(evening) == (4, 5, ("open", "dropped"))


def test_more_than_was_promised_is_more_than_a_hundred_percent() -> None:
    over = evolve(B, links=(), percent_complete=Decimal(100))
    check = assess(since(BEFORE, model(evolve(A, actual_finish=TUESDAY), over)), "p", THURSDAY).check(14)
    assert came_to(check) == (2, 1, ())
    assert (check.percentage, check.verdict) == (200, "passed")


def test_before_anything_is_due_there_is_no_execution_index() -> None:
    check = assess(since(BEFORE, BEFORE), "p", MONDAY).check(14)
    assert (check.count, check.out_of, check.verdict, check.reason) == (0, 0, None, "there is nothing to count")


@pytest.mark.parametrize(("at", "reason"), [(None, "it needs a status date"), (MONDAY, "no baseline is in force")])
def test_without_a_baseline_in_force_there_are_no_indices(at: date | None, reason: str) -> None:
    later = since(BEFORE, BEFORE, at=FRIDAY)
    for number in (13, 14):
        check = assess(later, "p", at).check(number)
        assert (check.count, check.percentage, check.verdict, check.reason) == (None, None, None, reason)


def test_a_status_date_is_a_day_or_an_instant() -> None:
    with pytest.raises(NotAnInstant):
        assess(BEFORE, "p", datetime(2026, 3, 2))


def test_of_work_that_nobody_is_there_to_do_no_index_can_be_told() -> None:
    staffed = model(task("a", 3), task("b", 2, duration=None, effort=Duration(2)))
    vacant = model(
        task("a", 3), task("b", 2, duration=None, effort=Duration(2), allocations=[co.Allocation("writer")])
    ).add(co.Unit(id="hq", name="HQ"), co.Position(id="writer", title="Writer", unit="hq"))
    found = assess(since(staffed, vacant), "p", TUESDAY)
    reasons = {number: found.check(number).reason for number in (12, 13)}
    assert reasons == dict.fromkeys((12, 13), "some of it is never finished as things stand")
    assert came_to(found.check(7)) == (0, 2, ())
