"""Efforts go on at the pace of who is there; what nobody does is never finished."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import (
    Absence,
    Allocation,
    Assignment,
    Calendar,
    DateRange,
    Deputy,
    Duration,
    Link,
    OperatingModel,
    Person,
    Plan,
    Policy,
    Position,
    Task,
    Unit,
)
from community_ops.plan import schedule

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "12:00"), ("13:00", "18:00")))
MONDAY = date(2026, 3, 2)
BASE = [
    Calendar(id="office", hours=WEEK),
    Unit(id="hq", name="HQ"),
    Plan(id="p", name="P", start=MONDAY, calendar="office"),
    *[Position(id=id, title=id, unit="hq", seats=3) for id in ("writer", "editor")],
    *[Person(id=id, name=id) for id in ("ann", "ben", "cat")],
]


def holds(person, position="writer", fte="1", first=None, last=None):
    return Assignment(
        id=f"{person}-{position}", person=person, position=position, fte=fte, period=DateRange(first, last)
    )


def effort(id, days, *links, ftes=(("writer", 1),), **fields):
    allocations = [Allocation(position, Decimal(fte)) for position, fte in ftes]
    values = {"plan": "p", "effort": Duration(days), **fields}
    return Task(id=id, name=id, allocations=allocations, links=[Link(one) for one in links], **values)


def piece(id, days, *links, **fields):
    return Task(id=id, name=id, plan="p", duration=Duration(days), links=links, **fields)


def dated(*records, at=MONDAY):
    return schedule(OperatingModel.of(*BASE, *records), "p", at)


def clock(day, hour):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_half_the_people_take_twice_as_long():
    task = effort("t", 4, ftes=[("writer", 2)])
    assert dated(task, holds("ann"), holds("ben")).tasks["t"].finish == clock(3, 18)
    assert dated(task, holds("ann")).tasks["t"].finish == clock(5, 18)
    assert dated(task, holds("ann", fte="0.5")).tasks["t"].finish == clock(11, 18)
    assert dated(task, at=None).tasks["t"].finish == clock(3, 18)  # as planned, whoever is there


def test_more_people_than_allocated_are_no_help():
    task = effort("t", 2)
    assert dated(task, holds("ann"), holds("ben")).tasks["t"].finish == clock(3, 18)


def test_each_position_does_its_own_share():
    task = effort("t", 6, ftes=[("writer", 1), ("editor", "0.5")])
    assert dated(task, holds("ann"), holds("ben", "editor")).tasks["t"].finish == clock(5, 18)
    assert dated(task, holds("ann")).tasks["t"].finish == clock(9, 18)


def test_a_position_allocated_twice_is_not_there_twice():
    task = effort("t", 3, ftes=[("writer", "0.75"), ("writer", "0.75")])
    assert dated(task, holds("ann")).tasks["t"].finish == clock(4, 18)


def test_a_day_is_one_of_the_clocks_of_the_plan():
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("00:00", "24:00"),))
    round_the_clock = [
        Calendar(id="far", timezone="Asia/Shanghai", hours=hours),
        Plan(id="q", name="Q", start=MONDAY, calendar="here"),
        Calendar(id="here", hours=hours),
    ]
    task = effort("t", 0, plan="q", calendar="far", effort=Duration(24, "hour"))
    model = OperatingModel.of(*BASE, *round_the_clock, task, holds("ann", last=MONDAY))
    assert schedule(model, "q", MONDAY).tasks["t"].finish == clock(3, 0)


def test_leave_stretches_what_is_left_over_it():
    away = Absence(id="a", person="ann", period=DateRange(date(2026, 3, 3), date(2026, 3, 4)))
    assert dated(effort("t", 3), holds("ann"), away).tasks["t"].finish == clock(6, 18)


def test_what_has_a_duration_takes_that_whoever_is_there():
    fixed = Task(
        id="t", name="T", plan="p", duration=Duration(2), effort=Duration(9), allocations=[Allocation("writer")]
    )
    assert dated(fixed).tasks["t"].finish == clock(3, 18)
    unshared = Task(id="t", name="T", plan="p", effort=Duration(2))
    assert dated(unshared).tasks["t"].finish == clock(3, 18)
    nothing = effort("t", 2, ftes=[("writer", 0)])
    assert dated(nothing).tasks["t"].finish == clock(3, 18)


def test_what_nobody_does_has_no_finish_and_what_waits_for_it_no_start():
    dates = dated(effort("t", 2), piece("after", 1, Link("t")), piece("beside", 1, Link("t", "SS")), piece("own", 3))
    assert (dates.tasks["t"].start, dates.tasks["t"].finish) == (clock(2, 9), None)
    assert (dates.tasks["after"].start, dates.tasks["after"].finish) == (None, None)
    assert dates.tasks["beside"].finish == clock(2, 18)
    assert (dates.finish, dates.never) == (None, ("t", "after"))
    t = dates.tasks["t"]
    assert (t.late_start, t.late_finish, t.total_float, t.free_float, t.critical) == (
        clock(2, 9),
        None,
        None,
        None,
        False,
    )
    assert dates.explain("t") == "t finishes never because nobody is there to do it"
    assert dates.explain("after") == "after starts never because t finishes never, FS"
    assert dates.critical() == ("own",)  # of what has a finish
    assert dates.longest_path() == ("own",)
    assert "t       2026-03-02 09:00  never" in str(dates)


def test_a_link_with_a_lag_behind_what_is_never_done_leads_nowhere():
    dates = dated(
        effort("t", 2), piece("a", 1, Link("t", "FF", Duration(2))), piece("b", 1, Link("t", "FS", Duration(-1)))
    )
    assert (dates.tasks["a"].start, dates.tasks["a"].finish) == (clock(2, 9), None)
    assert dates.tasks["b"].start is None


def test_a_summary_of_what_is_never_done_is_never_done():
    dates = dated(
        Task(id="s", name="S", plan="p"),
        effort("t", 2, parent="s"),
        piece("u", 1, parent="s"),
        Task(id="watch", name="W", plan="p", parent="s", kind="level_of_effort"),
        Task(
            id="tell", name="T", plan="p", parent="s", kind="recurring", duration=Duration(1), recurrence="FREQ=WEEKLY"
        ),
        Task(id="z", name="Z", plan="p", duration=Duration(1), links=[Link("s")]),
    )
    s = dates.tasks["s"]
    assert (s.start, s.finish, s.work, s.total_float) == (clock(2, 9), None, None, timedelta())
    assert dates.tasks["z"].start is None
    assert (dates.tasks["watch"].start, dates.tasks["watch"].finish) == (clock(2, 9), None)
    assert dates.tasks["tell"].occurrences == ((clock(2, 9), clock(2, 18)),)  # as far as anything is known


def test_what_is_within_what_never_starts_never_does():
    dates = dated(
        effort("t", 2),
        Task(id="s", name="S", plan="p"),
        piece("u", 1, Link("t"), parent="s"),
        Task(id="watch", name="W", plan="p", parent="s", kind="level_of_effort"),
        Task(
            id="tell", name="T", plan="p", parent="s", kind="recurring", duration=Duration(1), recurrence="FREQ=WEEKLY"
        ),
        Task(id="along", name="A", plan="p", kind="level_of_effort", links=[Link("t", "FF", Duration(1))]),
    )
    for id in ("s", "u", "watch", "tell"):
        assert (dates.tasks[id].start, dates.tasks[id].finish) == (None, None)
    assert (dates.tasks["along"].start, dates.tasks["along"].finish) == (clock(2, 9), None)


def test_a_plan_of_which_nothing_is_ever_done_has_no_finish_and_no_path():
    dates = dated(effort("t", 2))
    assert (dates.start, dates.finish, dates.longest_path(), dates.critical()) == (clock(2, 9), None, (), ())


def test_a_deputy_does_the_work():
    covered = [holds("ben", "editor"), Deputy(id="d", position="writer", deputy="editor")]
    assert dated(effort("t", 2), *covered).tasks["t"].finish == clock(3, 18)


def test_a_policy_says_from_when_on_a_vacancy_counts_as_filled():
    policy = Policy(id="b", rule="PLN403", values={"backfill": "2026-03-09"})
    task = effort("t", 4, ftes=[("writer", 2)])
    dates = dated(task, policy)
    assert (dates.tasks["t"].start, dates.tasks["t"].finish) == (clock(9, 9), clock(10, 18))
    part = dated(task, holds("ann", last=date(2026, 3, 3)), policy)
    assert part.tasks["t"].finish == clock(9, 18)  # two days alone, and one together after the gap
    there = dated(task, holds("ann"), policy)
    assert there.tasks["t"].finish == clock(5, 18)  # somebody holds it: no vacancy


def test_what_counts_as_filled_has_its_seats_and_no_more():
    policy = Policy(id="b", rule="PLN403", values={"backfill": "2026-03-09"})
    task = effort("t", 6, ftes=[("writer", 4)])
    assert dated(task, policy).tasks["t"].finish == clock(10, 18)  # three seats
    half = Position(id="writer", title="writer", unit="hq", seats=1, seat_fte="0.5", period=DateRange(None, MONDAY))
    model = OperatingModel.of(*BASE, task, policy)
    assert schedule(model.put(half), "p", MONDAY).tasks["t"].finish is None  # there is none by then
    later = model.put(Position(id="writer", title="writer", unit="hq", period=DateRange(date(2026, 3, 11), None)))
    assert schedule(later, "p", MONDAY).tasks["t"].finish == clock(18, 18)


def test_of_what_has_started_the_rest_goes_on_at_the_pace_of_who_is_left():
    task = effort("t", 8, ftes=[("writer", 2)], actual_start=MONDAY, percent_complete=50)
    assert dated(task, holds("ann"), at=date(2026, 3, 4)).tasks["t"].finish == clock(9, 18)
    gone = dated(task, at=date(2026, 3, 4))
    assert (gone.tasks["t"].start, gone.tasks["t"].finish) == (clock(2, 9), None)


def test_slack_is_counted_by_the_calendar():
    dates = dated(effort("t", 2, ftes=[("writer", 2)]), piece("own", 5), holds("ann"))
    t = dates.tasks["t"]
    assert (t.finish, t.late_start, t.late_finish) == (clock(3, 18), clock(5, 9), clock(6, 18))
    assert t.total_float == t.free_float == timedelta(hours=24)


def test_a_deadline_counts_the_days_that_the_work_really_takes():
    dates = dated(effort("t", 4, ftes=[("writer", 2)], deadline=date(2026, 3, 3)), holds("ann"))
    assert dates.tasks["t"].finish == clock(5, 18)
    # Two days are left for four: at the planned pace of two, one of them would do before today.
    assert dates.tasks["t"].total_float == timedelta(hours=-8)


@pytest.mark.parametrize(("constraint", "finish"), [("MFO", clock(6, 18)), ("ALAP", clock(5, 18))])
def test_dates_of_constraints_hold_for_efforts_too(constraint, finish):
    when = date(2026, 3, 6) if constraint == "MFO" else None
    task = effort("t", 4, ftes=[("writer", 2)], constraint=constraint, constraint_date=when)
    dates = dated(task, piece("own", 9), holds("ann"))
    assert dates.tasks["t"].finish == finish


def test_no_must_date_leads_to_before_the_status_date_even_on_the_day_the_plan_starts():
    late = Task(id="t", name="T", plan="p", duration=Duration(2), constraint="MFO", constraint_date=MONDAY)
    assert dated(late, at=None).tasks["t"].start == datetime(2026, 2, 27, 9, tzinfo=UTC)
    for when, start in ((date(2026, 2, 20), datetime(2026, 2, 27, 9, tzinfo=UTC)), (MONDAY, clock(2, 9))):
        assert dated(late, at=when).tasks["t"].start == start
    assert dated(late, at=date(2026, 2, 28)).tasks["t"].finish == clock(3, 18)


def test_the_pace_of_another_plan_does_not_matter():
    model = OperatingModel.of(*BASE, piece("t", 2), holds("ann"))
    before = schedule(model, "p", MONDAY)
    assert schedule(model.put(holds("ann", fte="0.5")), "p", MONDAY) is before


@st.composite
def plans(draw):
    tasks = []
    for n in range(draw(st.integers(1, 5))):
        before = draw(st.lists(st.integers(0, n - 1), max_size=2, unique=True)) if n else []
        ftes = [("writer", draw(st.sampled_from(["1", "0.5", "2", "0.3"])))]
        days = draw(st.sampled_from([0, 1, "0.7", 3]))
        tasks.append(effort(f"t{n}", days, *[f"t{k}" for k in before], ftes=ftes))
    return tasks


@given(plans())
def test_with_all_people_there_a_plan_is_as_it_was_made(tasks):
    people = [holds(person) for person in ("ann", "ben", "cat")]
    planned, staffed = dated(*tasks, *people, at=None), dated(*tasks, *people)
    for id in planned.tasks:
        assert planned.tasks[id] == staffed.tasks[id]


@given(plans(), st.sampled_from(["0.5", "0.25", "1"]), st.sampled_from([None, date(2026, 3, 4)]))
def test_the_work_of_an_effort_is_done_between_its_start_and_its_finish(tasks, fte, last):
    """Add up by the hour who is there, from the start to the finish that the schedule gives."""
    dates = dated(*tasks, holds("ann", fte=fte, last=last))
    for task in tasks:
        found = dates.tasks[task.id]
        pace = min(task.allocations[0].fte, Decimal(fte))
        if found.finish is None:
            assert last is not None
            continue
        done, moment = Decimal(0), found.start
        while moment < found.finish:
            step = min(moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), found.finish) - moment
            is_open = moment.weekday() < 5 and (9 <= moment.hour < 12 or 13 <= moment.hour < 18)
            held = last is None or moment.date() <= last
            done += (pace if is_open and held else 0) * Decimal(step / timedelta(hours=1))
            moment += step
        assert abs(done - task.effort.amount * 8) < Decimal("0.001")
