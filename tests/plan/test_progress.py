"""What has happened stays, what is left goes on from the status date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Calendar, Duration, Link, OperatingModel, Plan, Task
from community_ops.plan import Progress, schedule

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("09:00", "12:00"), ("13:00", "18:00")))
OFFICE = Calendar(id="office", hours=WEEK)
PLAN = Plan(id="p", name="P", start=date(2026, 3, 2), calendar="office")
MON, TUE, WED, THU, FRI = (date(2026, 3, day) for day in range(2, 7))


def task(id, days, *links, **fields):
    return Task(id=id, name=id, plan="p", duration=Duration(days), links=links, **fields)


def dated(*tasks, at=THU, plan=PLAN):
    return schedule(OperatingModel.of(OFFICE, plan, *tasks), "p", at)


def clock(day, hour):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def span(dates, id):
    return dates.tasks[id].start, dates.tasks[id].finish


def test_what_is_left_goes_on_from_the_status_date():
    dates = dated(task("a", 3, actual_start=MON, percent_complete=50), task("b", 2, Link("a")))
    assert span(dates, "a") == (clock(2, 9), clock(6, 14))  # Thursday, and four hours of Friday
    assert span(dates, "b") == (clock(6, 14), clock(10, 14))
    assert str(dates.tasks["a"].driver) == "what is left is done from 2026-03-05 00:00 on"
    assert dates.explain("b") == "b starts 2026-03-06 14:00 because a finishes 2026-03-06 14:00, FS"


def test_what_is_said_to_remain_counts_before_percents():
    dates = dated(task("a", 3, actual_start=MON, percent_complete=50, remaining=Duration(1)))
    assert dates.tasks["a"].finish == clock(5, 18)


def reported(**fields):
    """Return a task of four days of which half a day was done by Monday evening, and two by Wednesday evening."""
    history = (Progress(MON, "12.5"), Progress(WED, 50))
    return task("a", 4, actual_start=MON, percent_complete=50, progress=history, **fields)


@pytest.mark.parametrize(
    ("at", "finish"),
    [
        (MON, clock(5, 18)),  # nothing was said to be done yet
        (clock(2, 17), clock(6, 17)),  # nor while Monday was not over: four days from an hour before its end on
        (clock(2, 18), clock(6, 14)),  # three and a half days from Tuesday on
        (WED, clock(9, 14)),  # as of Monday evening still
        (clock(4, 18), clock(6, 18)),
        (FRI, clock(9, 18)),
    ],
)
def test_what_was_left_on_an_earlier_day_is_what_was_known_then(at, finish):
    assert dated(reported(), at=at).tasks["a"].finish == finish


def test_what_remains_now_says_nothing_of_days_before_the_last_report():
    # An hour before the report of Wednesday evening, twenty-eight hours were left.
    known = {TUE: clock(6, 14), clock(4, 17): clock(10, 12), clock(4, 18): clock(5, 18), THU: clock(5, 18)}
    for at, finish in known.items():
        assert dated(reported(remaining=Duration(1)), at=at).tasks["a"].finish == finish


def test_reports_count_by_their_dates_and_of_two_at_once_the_last():
    history = (Progress(WED, 50), Progress(MON, 25), Progress(clock(2, 18), 75), Progress(WED, 25))
    dates = dated(task("a", 4, actual_start=MON, percent_complete=25, progress=history), at=TUE)
    assert dates.tasks["a"].finish == clock(3, 18)
    dates = dated(task("a", 4, actual_start=MON, percent_complete=25, progress=history), at=THU)
    assert dates.tasks["a"].finish == clock(9, 18)


def test_what_is_finished_stays_where_it_was():
    dates = dated(task("a", 3, actual_start=MON, actual_finish=TUE), task("b", 2, Link("a")))
    a = dates.tasks["a"]
    assert span(dates, "a") == (clock(2, 9), clock(3, 18)) == (a.late_start, a.late_finish)
    assert (a.total_float, a.free_float, a.critical) == (None, None, False)
    assert str(a.driver) == "it was finished 2026-03-03 18:00"
    assert span(dates, "b") == (clock(5, 9), clock(6, 18))
    assert dates.tasks["b"].driver.kind == "status"
    assert dates.critical() == dates.longest_path() == ("b",)


def test_what_has_not_started_does_not_start_before_the_status_date():
    assert dated(task("a", 1)).tasks["a"].start == clock(5, 9)
    assert dated(task("a", 1), at=None).tasks["a"].start == clock(2, 9)
    assert dated(task("a", 1), at=datetime(2026, 3, 5, 14, tzinfo=UTC)).tasks["a"].start == clock(5, 14)


def test_what_happens_after_the_status_date_has_not_happened():
    later = task("a", 1, actual_start=TUE, actual_finish=WED, percent_complete=100)
    assert span(dated(later, at=MON), "a") == (clock(2, 9), clock(2, 18))
    running = dated(later, at=WED)  # started, and all of it done; nobody could know when it will be said to be finished
    assert span(running, "a") == (clock(3, 9), clock(3, 18))


def test_percents_without_a_start_are_no_progress():
    assert span(dated(task("a", 2, percent_complete=50)), "a") == (clock(5, 9), clock(6, 18))


def test_a_finish_without_a_start_means_as_long_as_it_takes():
    assert span(dated(task("a", 2, actual_finish=WED)), "a") == (clock(3, 9), clock(4, 18))


def test_a_start_after_the_finish_is_pulled_to_it():
    assert span(dated(task("a", 2, actual_start=WED, actual_finish=TUE)), "a") == (clock(3, 18), clock(3, 18))


def test_what_is_done_to_the_full_ends_after_its_length_or_now():
    long_ago = dated(task("a", 1, actual_start=MON, percent_complete=100))
    just_now = dated(task("a", 5, actual_start=MON, percent_complete=100))
    assert long_ago.tasks["a"].finish == clock(2, 18)
    assert just_now.tasks["a"].finish == datetime(2026, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize("happened", [{"actual_start": TUE}, {"actual_finish": TUE}])
def test_a_milestone_happens_at_once(happened):
    dates = dated(task("m", 0, kind="milestone", **happened), task("b", 1, Link("m")))
    assert dates.tasks["m"].start == dates.tasks["m"].finish
    assert dates.tasks["m"].finish.date() == TUE
    assert dates.tasks["b"].start == clock(5, 9)


def test_what_started_out_of_order_still_waits_with_the_rest():
    dates = dated(
        task("a", 3, actual_start=TUE, remaining=Duration(2)),
        task("b", 2, Link("a"), actual_start=WED, remaining=Duration(1)),
    )
    assert span(dates, "a") == (clock(3, 9), clock(6, 18))
    assert span(dates, "b") == (clock(4, 9), clock(9, 18))
    assert dates.tasks["a"].total_float == timedelta()


def test_what_waits_for_a_start_waits_for_the_one_that_happened():
    dates = dated(task("a", 8, actual_start=MON, remaining=Duration(4)), task("b", 1, Link("a", "SS", Duration(1))))
    assert dates.tasks["b"].start == clock(5, 9)
    assert dates.tasks["a"].total_float == timedelta()


def test_a_start_that_happened_can_not_slip_and_a_finish_can():
    dates = dated(
        task("a", 2, actual_start=MON, remaining=Duration(1)),
        task("b", 1, Link("a", "SS")),
        task("c", 4),
    )
    assert dates.finish == clock(10, 18)
    assert dates.tasks["a"].total_float == dates.tasks["a"].free_float == timedelta(hours=24)
    assert dates.tasks["a"].late_start == clock(2, 9)
    assert dates.tasks["a"].late_finish == clock(10, 18)


def test_who_works_before_what_is_finished_is_free_of_it():
    dates = dated(task("a", 1), task("b", 1, Link("a"), actual_start=MON, actual_finish=TUE), task("c", 3))
    assert dates.tasks["a"].total_float == timedelta(hours=16)


def test_a_finish_is_still_held_by_another():
    dates = dated(
        task("a", 4, actual_start=WED, remaining=Duration(3)),
        task("b", 2, Link("a", "FF"), actual_start=WED, remaining=Duration(1)),
    )
    assert dates.tasks["b"].finish == dates.tasks["a"].finish == clock(9, 18)


def test_a_deadline_counts_what_is_left():
    late = dated(task("a", 3, actual_start=MON, remaining=Duration(2), deadline=THU))
    assert late.tasks["a"].total_float == timedelta(hours=-8)


@pytest.mark.parametrize("constraint", ["MSO", "MFO", "SNET", "FNLT"])
def test_a_day_that_has_passed_without_a_start_gives_way_to_the_status_date(constraint):
    dates = dated(task("a", 1, constraint=constraint, constraint_date=TUE))
    assert dates.tasks["a"].start == clock(5, 9)
    assert dates.tasks["a"].driver.kind == "status"


def test_what_must_finish_on_a_date_has_the_time_until_then():
    dates = dated(task("a", 2, constraint="MFO", constraint_date=FRI, actual_start=MON, remaining=Duration(1)))
    assert span(dates, "a") == (clock(2, 9), clock(5, 18))
    assert dates.tasks["a"].total_float == timedelta()


def test_what_has_started_is_not_put_off():
    dates = dated(task("a", 1, constraint="ALAP", actual_start=WED, remaining=Duration(1)), task("c", 3))
    assert dates.tasks["a"].finish == clock(5, 18)


def test_a_summary_has_the_float_of_what_is_left():
    dates = dated(
        task("s", 0),
        task("a", 1, parent="s", actual_start=MON, actual_finish=MON),
        task("b", 1, parent="s"),
        task("c", 3),
    )
    assert span(dates, "s") == (clock(2, 9), clock(5, 18))
    assert dates.tasks["s"].total_float == timedelta(hours=16)


def test_progress_in_one_plan_leaves_the_dates_of_another_as_they_are():
    model = OperatingModel.of(OFFICE, PLAN, task("a", 2), Plan(id="q", name="Q", start=MON, calendar="office"))
    model = model.add(Task(id="z", name="Z", plan="q", duration=Duration(1)))
    before = schedule(model, "q", THU)
    assert schedule(model.put(task("a", 2, actual_start=MON)), "q", THU) is before


def test_a_plan_without_tasks_has_a_status_too():
    assert dated().finish is None


halves = st.integers(0, 6).map(lambda n: Duration(n * 0.5))
kinds = st.sampled_from(["FS", "SS", "FF", "SF"])


@st.composite
def plans(draw):
    """Return tasks linked backwards, some of which have started or are finished by Thursday."""
    tasks = []
    for n in range(draw(st.integers(1, 6))):
        before = draw(st.lists(st.integers(0, n - 1), max_size=2, unique=True)) if n else []
        links = [Link(f"t{k}", draw(kinds), draw(st.sampled_from([Duration(0), Duration(1)]))) for k in before]
        happened = draw(st.sampled_from([{}, {"actual_start": MON}, {"actual_start": MON, "actual_finish": TUE}]))
        percent = draw(st.sampled_from([0, 25, 50]))
        tasks.append(task(f"t{n}", draw(st.integers(0, 4)), *links, percent_complete=percent, **happened))
    return tasks


@given(plans())
def test_facts_stay_and_nothing_else_is_done_before_the_status_date(tasks):
    dates = dated(*tasks)
    for one in tasks:
        found = dates.tasks[one.id]
        if one.actual_finish is not None:
            assert found.finish.date() in (TUE, MON)
            assert found.total_float is None
        elif one.actual_start is not None and one.duration.amount:
            assert found.start == clock(2, 9)
            assert found.finish > clock(5, 0)
        elif one.actual_start is None:
            assert found.start >= clock(5, 0)


@given(plans())
def test_what_has_not_started_keeps_its_links(tasks):
    dates = dated(*tasks)
    work = dates._net.clocks.times[0]
    for one in tasks:
        if one.actual_start is not None:
            continue
        for link in one.links:
            begun = dates.tasks[link.task].start if link.type in ("SS", "SF") else dates.tasks[link.task].finish
            held = dates.tasks[one.id].start if link.type in ("FS", "SS") else dates.tasks[one.id].finish
            assert work.elapsed(begun, held) >= int(link.lag.amount) * timedelta(hours=8)


@given(plans())
def test_at_the_start_of_a_plan_in_which_nothing_has_happened_it_is_as_it_was_made(tasks):
    fresh = [task(one.id, one.duration.amount, *one.links) for one in tasks]
    planned, now = dated(*fresh, at=None), dated(*fresh, at=MON)
    for id in planned.tasks:
        assert planned.tasks[id] == now.tasks[id]
