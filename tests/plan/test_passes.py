"""The two passes on working time: what each link and each date means, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from community_ops import Duration, Link
from community_ops.errors import NoWorkTime
from community_ops.plan.records import Constraint, LinkType
from community_ops.worktime import Calendar
from tests.plan.samples import SHANGHAI, WORKING_DAYS, clock, dated, spans, task

HOUR = timedelta(hours=1)
# The hours of MS Project's standard calendar.
PROJECT = Calendar(id="project", hours=dict.fromkeys(WORKING_DAYS, (("08:00", "12:00"), ("13:00", "17:00"))))
TWO_SHIFTS = Calendar(id="shifts", shifts={"2026-03-04": (("09:00", "13:00"),), "2026-03-06": (("09:00", "13:00"),)})


@pytest.mark.parametrize(
    ("type", "lag", "start"),
    [
        ("FS", Duration(1), "10-22"),
        ("FS", Duration(2), "10-23"),
        ("FS", Duration(1, "week"), "10-26"),
        ("FS", Duration(2, "week"), "11-02"),
        ("SF", Duration(2), "10-19"),
        ("SS", Duration(2), "10-22"),
        ("FF", Duration(2), "10-22"),
    ],
)
def test_links_with_lag_lead_where_they_do_in_ms_project(type: LinkType, lag: Duration, start: str) -> None:
    tasks = (task("a", 1), task("b", 1, Link("a", type, lag)))
    found = dated(*tasks, start=date(2018, 10, 18), calendar="project", more=[PROJECT])
    assert spans(found)["a"] == ("10-18 08:00", "10-18 17:00")
    assert spans(found)["b"] == (f"{start} 08:00", f"{start} 17:00")


def test_work_ends_at_the_closing_instant_and_goes_on_at_the_opening() -> None:
    found = dated(task("a", 1), task("b", 1, "a"), task("done", None, "b", kind="milestone"))
    assert spans(found) == {
        "a": ("03-02 09:00", "03-02 18:00"),
        "b": ("03-03 09:00", "03-03 18:00"),
        "done": ("03-03 18:00", "03-03 18:00"),
    }
    late = {id: (clock(one.late_start), clock(one.late_finish)) for id, one in found.tasks.items()}
    assert late == spans(found)


def test_late_finishes_are_closing_instants_too() -> None:
    found = dated(task("long", 10), task("short", 3), task("next", 2, "short"))
    short = found.tasks["short"]
    assert (clock(short.late_start), clock(short.late_finish)) == ("03-09 09:00", "03-11 18:00")
    assert (short.total_float, short.free_float) == (40 * HOUR, timedelta())


def test_general_foundry_on_a_calendar() -> None:
    # Render, Stair, Hanna: 15 weeks, with a float of one week for B and D, and six for F.
    work = {"A": "2", "B": "3", "C": "2 A", "D": "4 B", "E": "4 C", "F": "3 C", "G": "5 D E", "H": "2 F G"}
    tasks = []
    for id, said in work.items():
        weeks, *before = said.split()
        tasks.append(task(id, None, *before, duration=Duration(int(weeks), "week")))
    found = dated(*tasks)
    assert clock(found.finish) == "06-12 18:00"  # the Friday of the fifteenth week
    slack = {id: one.total_float for id, one in found.tasks.items() if one.total_float}
    assert slack == {"B": 40 * HOUR, "D": 40 * HOUR, "F": 240 * HOUR}
    assert found.critical() == ("A", "C", "E", "G", "H") == found.longest_path()


# --- traps -----------------------------------------------------------------------------------------------------------


def test_a_predecessor_that_outlasts_what_it_starts_is_critical() -> None:
    found = dated(task("a", 10), task("b", 2, Link("a", "SS")))
    assert found.critical() == ("a",)
    assert clock(found.tasks["a"].late_finish) == "03-13 18:00"
    assert found.tasks["b"].total_float == 64 * HOUR


def test_a_longer_successor_that_finishes_with_its_predecessor_does_not_start_before_the_plan() -> None:
    found = dated(task("a", 2), task("b", 10, Link("a", "FF")))
    assert spans(found)["b"] == ("03-02 09:00", "03-13 18:00")
    assert found.tasks["a"].total_float == 64 * HOUR


def test_two_links_between_the_same_tasks_both_hold() -> None:
    links = (Link("a", "SS", Duration(2)), Link("a", "FF", Duration(4)))
    assert spans(dated(task("a", 10), task("b", 5, *links)))["b"] == ("03-13 09:00", "03-19 18:00")
    assert spans(dated(task("a", 10), task("b", 20, *links)))["b"] == ("03-04 09:00", "03-31 18:00")


def test_free_float_is_never_more_than_total_float() -> None:
    found = dated(task("a", 10), task("b", 1, Link("a", "SS", Duration(-9))), task("c", 11))
    assert (found.tasks["a"].total_float, found.tasks["a"].free_float) == (8 * HOUR, 8 * HOUR)


def test_of_several_links_that_hold_a_finish_the_last_counts() -> None:
    found = dated(task("a", 5), task("b", 2), task("c", 1, Link("a", "FF"), Link("b", "FF")))
    assert spans(found)["c"] == ("03-06 09:00", "03-06 18:00")
    assert found.tasks["c"].driver.task == "a"


# --- dates -----------------------------------------------------------------------------------------------------------

WEDNESDAY, THURSDAY, SATURDAY = date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 7)


@pytest.mark.parametrize(
    ("constraint", "when", "dates", "slack"),
    [
        ("SNET", WEDNESDAY, ("03-04 09:00", "03-05 18:00"), 6),
        ("SNET", SATURDAY, ("03-09 09:00", "03-10 18:00"), 3),
        ("SNET", datetime(2026, 3, 4, 15, tzinfo=SHANGHAI), ("03-04 15:00", "03-06 15:00"), 5.375),
        ("SNLT", THURSDAY, ("03-02 09:00", "03-03 18:00"), 3),
        ("FNET", THURSDAY, ("03-04 09:00", "03-05 18:00"), 6),
        ("FNET", SATURDAY, ("03-05 09:00", "03-09 09:00"), 5),
        ("FNLT", THURSDAY, ("03-02 09:00", "03-03 18:00"), 2),
        ("MSO", WEDNESDAY, ("03-04 09:00", "03-05 18:00"), 0),
        ("MSO", SATURDAY, ("03-09 09:00", "03-10 18:00"), 0),
        ("MFO", THURSDAY, ("03-04 09:00", "03-05 18:00"), 0),
        ("MFO", SATURDAY, ("03-05 09:00", "03-06 18:00"), 0),
        ("FNLT", date(2026, 3, 2), ("03-02 09:00", "03-03 18:00"), -1),
    ],
)
def test_each_constraint_with_the_slack_it_leaves(
    constraint: Constraint, when: date, dates: tuple[str, str], slack: float
) -> None:
    # Another task of ten days sets the finish, on Friday 13 March.
    found = dated(task("a", 2, constraint=constraint, constraint_date=when), task("long", 10))
    assert spans(found)["a"] == dates
    assert found.tasks["a"].total_float == slack * 8 * HOUR


@pytest.mark.parametrize(
    ("constraint", "when", "moment"),
    [
        ("MFO", SATURDAY, "03-06 18:00"), ("MFO", THURSDAY, "03-05 18:00"), ("MSO", SATURDAY, "03-09 09:00"),
        ("FNET", SATURDAY, "03-09 09:00"), ("SNET", WEDNESDAY, "03-04 09:00"),
        ("MFO", datetime(2026, 3, 5, 10, tzinfo=SHANGHAI), "03-05 10:00"),
    ],
)  # fmt: skip
def test_a_milestone_with_a_date_happens_when_work_is_possible(constraint: Constraint, when: date, moment: str) -> None:
    found = dated(task("m", kind="milestone", constraint=constraint, constraint_date=when), task("long", 10))
    assert spans(found)["m"] == (moment, moment)


def test_a_must_date_holds_against_links_and_leaves_negative_float() -> None:
    found = dated(task("a", 5), task("b", 1, "a", constraint="MSO", constraint_date=WEDNESDAY))
    assert spans(found)["b"] == ("03-04 09:00", "03-04 18:00")
    assert (found.tasks["a"].total_float, found.tasks["a"].free_float) == (-24 * HOUR, timedelta())
    assert found.tasks["a"].critical


def test_a_deadline_moves_late_dates_only() -> None:
    tasks = (task("a", 5), task("b", 5, "a", deadline=date(2026, 3, 11)))
    found = dated(*tasks)
    assert spans(found)["b"] == ("03-09 09:00", "03-13 18:00")
    assert clock(found.tasks["b"].late_finish) == "03-11 18:00"
    assert [one.total_float for one in found.tasks.values()] == [-16 * HOUR, -16 * HOUR]
    assert found.critical() == ("a", "b")
    far = dated(tasks[0], task("b", 5, "a", deadline=date.max))
    assert [one.total_float for one in far.tasks.values()] == [timedelta(), timedelta()]


def test_as_late_as_possible_uses_up_free_float_and_moves_nobody() -> None:
    found = dated(
        task("first", 1, constraint="ALAP"), task("late", 2, "first", constraint="ALAP"), task("next", 2, "late"),
        task("long", 10), task("end", 1, "long", "next"),
    )  # fmt: skip
    assert spans(found)["next"] == ("03-05 09:00", "03-06 18:00")  # has float itself, which is left to it
    assert spans(found)["late"] == ("03-03 09:00", "03-04 18:00")
    alone = dated(task("late", 2, constraint="ALAP"), task("m", kind="milestone", constraint="ALAP"), task("long", 10))
    assert spans(alone)["late"] == ("03-12 09:00", "03-13 18:00")
    assert spans(alone)["m"] == ("03-13 18:00", "03-13 18:00")
    one = alone.tasks["late"]
    assert (one.total_float, one.free_float, clock(one.early_start)) == (timedelta(), timedelta(), "03-02 09:00")


def test_put_off_tasks_start_no_later_than_those_on_other_hours_who_start_with_them() -> None:
    crew = task("crew", 1.5, Link("late", "SS"), calendar="weekend", constraint="SNET", constraint_date=SATURDAY)
    found = dated(task("late", 1, constraint="ALAP"), crew, task("long", 10))
    assert spans(found)["late"] == ("03-06 18:00", "03-09 18:00")
    assert found.tasks["late"].start <= found.tasks["crew"].start


# --- hours that differ -----------------------------------------------------------------------------------------------


def test_each_task_works_by_its_own_calendar_and_shows_its_own_clocks() -> None:
    found = dated(
        task("a", 1), task("b", None, "a", calendar="weekend", duration=Duration(7, "hour")), task("c", 1, "b")
    )
    assert spans(found)["b"] == ("03-07 10:00", "03-08 11:00")
    assert spans(found)["c"] == ("03-09 09:00", "03-09 18:00")
    assert str(found.tasks["b"].start) == "2026-03-07 10:00:00+08:00"


def test_what_has_to_wait_for_somebody_on_other_hours_is_finished_when_work_goes_on() -> None:
    crew = task("crew", None, calendar="weekend", duration=Duration(6, "hour"))
    found = dated(crew, task("b", 1, Link("crew", "FF")))
    assert spans(found)["b"] == ("03-06 09:00", "03-09 09:00")
    assert found.tasks["b"].driver.end == "finish"


@pytest.mark.parametrize(
    ("lag_time", "start"),
    [
        ("successor", "03-09 11:00"),
        ("predecessor", "03-09 09:00"),
        ("project", "03-09 11:00"),
        ("elapsed", "03-09 09:00"),
    ],
)
def test_lags_run_in_the_time_their_link_names(lag_time: Any, start: str) -> None:
    # Done on Saturday at 16:00; two hours later is Sunday 12:00 for the crew, Monday 11:00 for the office.
    crew = task("crew", None, calendar="weekend", duration=Duration(6, "hour"))
    found = dated(crew, task("b", 1, Link("crew", lag=Duration(2, "hour"), lag_time=lag_time)))
    assert spans(found)["b"][0] == start


def test_a_day_on_which_the_clocks_change_has_as_many_hours_as_pass() -> None:
    nights = dict.fromkeys(("sun", "mon"), (("00:00", "06:00"),))
    berlin = Calendar(id="berlin", timezone="Europe/Berlin", hours=nights)
    long = task("a", None, duration=Duration(6, "hour"), calendar="berlin")
    found = dated(long, start=date(2026, 3, 29), calendar="berlin", more=[berlin])
    assert spans(found)["a"] == ("03-29 00:00", "03-30 01:00")  # that Sunday had five hours of it


def test_work_goes_on_after_holidays() -> None:
    spring = Calendar(
        id="spring", timezone="Asia/Shanghai", hours=dict.fromkeys(WORKING_DAYS, (("09:00", "17:00"),)),
        holidays=(date(2026, 3, 3), date(2026, 3, 4)), shifts={"2026-03-07": (("09:00", "13:00"),)},
    )  # fmt: skip
    found = dated(task("a", 4), calendar="spring", more=[spring])
    assert spans(found)["a"] == ("03-02 09:00", "03-09 13:00")


# --- where calendars end ---------------------------------------------------------------------------------------------


def test_a_plan_on_a_few_shifts_is_dated_to_the_last_of_them() -> None:
    tasks = (task("start", kind="milestone"), task("a", 1, "start"), task("end", None, "a", kind="milestone"))
    found = dated(*tasks, calendar="shifts", more=[TWO_SHIFTS])
    assert spans(found) == {
        "start": ("03-04 09:00", "03-04 09:00"),
        "a": ("03-04 09:00", "03-06 13:00"),
        "end": ("03-06 13:00", "03-06 13:00"),
    }
    assert found.critical() == ("start", "a", "end")


def test_leads_and_deadlines_may_reach_back_before_all_work() -> None:
    lead = Link("a", lag=Duration(-3))
    tasks = (task("a", 0.5), task("b", 0.5, lead, deadline=date(2026, 2, 1)))
    found = dated(*tasks, calendar="shifts", more=[TWO_SHIFTS])
    assert spans(found)["b"] == ("03-04 09:00", "03-04 13:00")
    assert found.tasks["b"].total_float == -4 * HOUR


def test_lags_that_no_calendar_is_long_enough_for_cannot_be_kept() -> None:
    for lag in (Link("a", lag=Duration(3)), Link("a", lag=Duration(10**50), lag_time="elapsed")):
        with pytest.raises(NoWorkTime):
            dated(task("a", 0.5), task("b", 0.5, lag), calendar="shifts", more=[TWO_SHIFTS])


def test_real_time_before_the_beginning_holds_nothing_up() -> None:
    back = Link("a", lag=Duration(-(10**50)), lag_time="elapsed")
    assert spans(dated(task("a", 1), task("b", 1, back)))["b"] == ("03-02 09:00", "03-02 18:00")
    years = Link("a", lag=Duration(700_000), lag_time="elapsed")
    found = dated(task("a", 1), task("b", 1, years, deadline=date(1800, 1, 1)))
    assert found.tasks["a"].late_start.year == 1
    assert found.tasks["b"].finish.year == 3942


@pytest.mark.parametrize("fields", [{}, {"kind": "milestone"}, {"duration": Duration(0)}])
def test_on_a_calendar_that_is_never_open_nothing_can_be_done(fields: dict[str, Any]) -> None:
    with pytest.raises(NoWorkTime, match="'empty'"):
        dated(task("a", 1, **{"duration": Duration(1), "calendar": "empty", **fields}))


def test_more_work_than_there_is_time_for_cannot_be_done() -> None:
    with pytest.raises(NoWorkTime):
        dated(task("a", 4), calendar="shifts", more=[TWO_SHIFTS])
    with pytest.raises(NoWorkTime):
        dated(task("a", 1), start=date.max)
    assert clock(dated(task("a", 1), start=date.min).finish) == "01-02 18:00"


def test_an_instant_may_start_a_plan() -> None:
    found = dated(task("a", 1), start=datetime(2026, 3, 2, 2, tzinfo=UTC))
    assert spans(found)["a"] == ("03-02 10:00", "03-03 10:00")
