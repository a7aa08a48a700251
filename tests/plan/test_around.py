"""Summaries, levels of effort and recurring tasks: what stands around the tasks that drive."""

from __future__ import annotations

from datetime import timedelta

import pytest

from community_ops import Duration, Link
from community_ops.errors import NoWorkTime
from community_ops.worktime import Calendar
from tests.plan.samples import clock, dated, spans, task

HOUR = timedelta(hours=1)
TWO_SHIFTS = Calendar(id="shifts", shifts={"2026-03-04": (("09:00", "13:00"),), "2026-03-06": (("09:00", "13:00"),)})


# --- summaries -------------------------------------------------------------------------------------------------------


def test_a_summary_lasts_as_long_as_its_parts_and_slips_as_far_as_the_first_of_them_may() -> None:
    parts = (task("a", 2, parent="s"), task("b", 1, "a", parent="s"), task("c", 1, parent="s"), task("after", 1, "s"))
    found = dated(task("s"), *parts)
    one = found.tasks["s"]
    assert one.kind == "summary"
    assert spans(found)["s"] == ("03-02 09:00", "03-04 18:00")
    assert (one.work, one.total_float, one.free_float, one.critical) == (24 * HOUR, timedelta(), None, True)
    assert spans(found)["after"] == ("03-05 09:00", "03-05 18:00")
    assert (str(one.driver), one.driver.task) == ("a starts 2026-03-02 09:00", "a")


def test_what_starts_with_a_summary_starts_with_the_first_of_its_parts() -> None:
    parts = (task("a", 5, "x", parent="s"), task("b", 3, Link("x", lag=Duration(1)), parent="s"))
    found = dated(task("x", 1), task("s"), *parts, task("with", 1, Link("s", "SS")), task("end", 1, "with"))
    assert spans(found)["with"][0] == "03-03 09:00"
    assert found.tasks["with"].driver.task == "s"
    # The last part may start when it likes: the summary has started by then.
    assert found.tasks["b"].free_float == 8 * HOUR


def test_a_summary_inside_another_counts_with_what_is_in_it() -> None:
    found = dated(task("top"), task("mid", parent="top"), task("a", 2, parent="mid"), task("b", 1, "a", parent="top"))
    assert spans(found)["mid"] == ("03-02 09:00", "03-03 18:00")
    assert spans(found)["top"] == ("03-02 09:00", "03-04 18:00")


def test_a_summary_of_what_drives_nothing_lasts_as_long_as_that() -> None:
    care = task("care", None, Link("b", "SS"), kind="level_of_effort", parent="s")
    found = dated(task("a", 1), task("b", 2, "a"), task("s"), care, task("none"), task("inside", 1, parent="none"))
    assert spans(found)["s"] == spans(found)["care"] == ("03-03 09:00", "03-04 18:00")
    assert (found.tasks["s"].total_float, found.tasks["s"].critical) == (None, False)


# --- levels of effort ------------------------------------------------------------------------------------------------


def test_a_level_of_effort_goes_on_as_long_as_what_it_spans() -> None:
    links = (Link("a", "SS"), Link("b", "SS"), Link("a", "FF"), Link("b", "FF", Duration(1)))
    found = dated(task("a", 2), task("b", 3, "a"), task("end", 9), task("care", 99, *links, kind="level_of_effort"))
    one = found.tasks["care"]
    assert spans(found)["care"] == ("03-02 09:00", "03-09 18:00")
    assert (one.work, one.total_float, one.free_float, one.critical) == (48 * HOUR, None, None, False)
    assert (one.driver.kind, one.driver.task) == ("span", "a")


def test_without_links_it_lasts_as_long_as_its_summary_or_the_plan() -> None:
    care = task("care", kind="level_of_effort", parent="s")
    found = dated(
        task("a", 1), task("s"), task("b", 2, "a", parent="s"), care, task("always", kind="level_of_effort"),
        task("deep", parent="s"), task("deeper", kind="level_of_effort", parent="deep"),
    )  # fmt: skip
    assert spans(found)["care"] == spans(found)["deeper"] == ("03-03 09:00", "03-04 18:00")
    assert spans(found)["always"] == ("03-02 09:00", "03-04 18:00")
    assert found.tasks["always"].driver.task is None


def test_it_may_follow_a_summary_from_its_start_and_past_its_end() -> None:
    parts = (task("a", 1, "x", parent="s"), task("b", 3, "x", parent="s"))
    follows = (Link("s", "SS"), Link("s", "FF", Duration(24, "hour"), lag_time="elapsed"))
    found = dated(task("x", 1), task("s"), *parts, task("care", None, *follows, kind="level_of_effort"))
    assert spans(found)["care"] == ("03-03 09:00", "03-06 18:00")
    assert found.tasks["care"].driver.task == "s"


def test_where_there_is_no_time_between_its_ends_it_is_a_moment() -> None:
    found = dated(task("a", 2), task("b", 1), task("care", None, "a", Link("b", "FF"), kind="level_of_effort"))
    assert spans(found)["care"] == ("03-03 18:00", "03-03 18:00")
    assert found.tasks["care"].work == timedelta()


def test_at_the_end_of_all_work_it_is_the_moment_before() -> None:
    care = task("care", None, "a", kind="level_of_effort", calendar="shifts")
    found = dated(task("a", 9), care, more=[TWO_SHIFTS])
    assert str(found.tasks["care"].start) == "2026-03-06 13:00:00+00:00"
    with pytest.raises(NoWorkTime):
        dated(task("a", 9), task("care", kind="level_of_effort", calendar="empty"))


# --- recurring tasks -------------------------------------------------------------------------------------------------


def test_a_recurring_task_is_done_on_its_days_while_the_plan_lasts() -> None:
    weekly = task("weekly", None, kind="recurring", duration=Duration(2, "hour"), recurrence="FREQ=WEEKLY;BYDAY=TU,SA")
    one = dated(task("a", 9), weekly).tasks["weekly"]
    assert [(clock(begun), clock(done)) for begun, done in one.occurrences] == [
        ("03-03 09:00", "03-03 11:00"),
        ("03-09 09:00", "03-09 11:00"),  # for Saturday, on which nobody works
        ("03-10 09:00", "03-10 11:00"),
    ]
    assert (clock(one.start), clock(one.finish), one.work) == ("03-03 09:00", "03-10 11:00", 6 * HOUR)
    assert (one.total_float, one.driver.kind) == (None, "span")


def test_days_that_come_to_the_same_opening_are_one() -> None:
    daily = task("daily", None, kind="recurring", recurrence="FREQ=DAILY")
    one = dated(task("a", 6), daily).tasks["daily"]
    assert [clock(begun) for begun, _ in one.occurrences] == [f"03-{day:02} 09:00" for day in (2, 3, 4, 5, 6, 9)]
    assert one.work == timedelta()


def test_inside_a_summary_it_is_done_while_that_lasts_and_outside_of_it_never() -> None:
    tasks = (task("x", 3), task("s"), task("a", 2, "x", parent="s"))
    inside = task("in", 0.5, kind="recurring", recurrence="FREQ=DAILY", parent="s")
    seldom = task("seldom", 0.5, kind="recurring", recurrence="FREQ=MONTHLY;BYMONTHDAY=28", parent="s")
    once = task("once", 0.5, kind="recurring")
    found = dated(*tasks, inside, seldom, once)
    assert [clock(begun) for begun, _ in found.tasks["in"].occurrences] == ["03-05 09:00", "03-06 09:00"]
    assert found.tasks["seldom"].occurrences == ()
    assert clock(found.tasks["seldom"].start) == "03-05 09:00"
    assert spans(found)["once"] == ("03-02 09:00", "03-02 14:00")


def test_it_ends_with_its_calendar() -> None:
    daily = task(
        "daily", None, kind="recurring", duration=Duration(4, "hour"), recurrence="FREQ=DAILY", calendar="shifts"
    )
    never = task("never", None, kind="recurring", recurrence="FREQ=DAILY", calendar="empty")
    found = dated(task("a", 20), daily, never, more=[TWO_SHIFTS])
    assert [clock(begun) for begun, _ in found.tasks["daily"].occurrences] == ["03-04 09:00", "03-06 09:00"]
    assert found.tasks["never"].occurrences == ()


def test_a_plan_of_nothing_that_drives_has_a_start_and_no_finish() -> None:
    alone = dated(task("care", kind="level_of_effort"))
    assert (alone.finish, clock(alone.start)) == (None, "03-02 00:00")
    assert spans(alone)["care"] == ("03-02 09:00", "03-02 09:00")
