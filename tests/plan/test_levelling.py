"""Levelled plans keep links, calendars and capacities, hour by hour; what can never be done is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops import Allocation, Assignment, DateRange, Duration, Link, Person, Plan, Position, Task
from community_ops.errors import CyclicNetwork, NoWorkTime, UnknownRecord
from community_ops.plan import level, schedule
from tests.plan.hours import CALENDARS, FIRST, broken, counted_on, shares, worked

POSITIONS = ("editor", "artist")
DAYS = [date(2026, 3, day) for day in range(2, 14)]


def task(id: str, hours: float | None = 8, links: Any = (), needs: Any = ("editor",), **fields: Any) -> Task:
    allocations = [Allocation(one) if isinstance(one, str) else Allocation(*one) for one in needs]
    if hours is not None:
        fields["duration"] = Duration(hours, "hour")
    return Task(id=id, name=id, plan="p", links=links, allocations=allocations, **fields)


def model(*tasks: Any, holders: int = 1, **plan: Any) -> co.OperatingModel:
    """A plan from Monday, 2 March 2026 on, and an editor's position with some holders."""
    people = [Person(id=f"h{n}", name=f"Holder {n}") for n in range(holders)]
    held = [Assignment(id=f"a{n}", person=f"h{n}", position="editor") for n in range(holders)]
    return co.OperatingModel.of(
        *CALENDARS.values(),
        Plan(id="p", name="Plan", start=date(2026, 3, 2), **{"calendar": "office", **plan}),
        Position(id="editor", title="Editor", unit="hq"),
        *people,
        *held,
        *tasks,
    )


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def dates(found: Any) -> dict[str, tuple[Any, Any]]:
    return {id: (one.start, one.finish) for id, one in found.tasks.items()}


# --- any plan ----------------------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn, one_calendar: bool = False, efforts: bool = False) -> co.OperatingModel:
    """Tasks in whole hours, on three calendars, for two positions held by people who come, go and take leave."""
    names = ["office"] if one_calendar else [None, *CALENDARS]
    days = st.none() | st.sampled_from(DAYS)
    records: list[Any] = [*CALENDARS.values(), Plan(id="p", name="P", start=FIRST, calendar="office")]
    records += [Position(id=id, title=id, unit="hq") for id in POSITIONS]
    for n in range(draw(st.integers(1, 4))):
        records.append(Person(id=f"h{n}", name="Holder"))
        period = DateRange(draw(days), draw(days))
        fte = draw(st.sampled_from(["0.5", "1", "0.25"]))
        records.append(
            Assignment(id=f"a{n}", person=f"h{n}", position=draw(st.sampled_from(POSITIONS)), fte=fte, period=period)
        )
        if draw(st.booleans()):
            first = draw(st.sampled_from(DAYS))
            records.append(co.Absence(id=f"b{n}", person=f"h{n}", period=DateRange(first, draw(st.sampled_from(DAYS)))))
    for n in range(draw(st.integers(1, 6))):
        links = [
            Link(
                f"t{draw(st.integers(0, n - 1))}",
                draw(st.sampled_from(["FS", "SS", "FF", "SF"])),
                Duration(draw(st.integers(0, 5)), "hour"),
                lag_time=draw(st.sampled_from(["successor", "elapsed"])),
            )
            for _ in range(draw(st.integers(0, 2)) if n else 0)
        ]
        needs = [
            (draw(st.sampled_from(POSITIONS)), draw(st.sampled_from(["0.5", "1"])))
            for _ in range(draw(st.integers(0, 2)))
        ]
        calendar, hours = draw(st.sampled_from(names)), draw(st.integers(0, 20))
        as_effort = {"effort": Duration(hours, "hour")} if efforts and draw(st.booleans()) else {}
        records.append(task(f"t{n}", None if as_effort else hours, links, needs, calendar=calendar, **as_effort))
    if efforts and draw(st.booleans()):
        day = draw(st.sampled_from(DAYS)).isoformat()
        records.append(co.Policy(id="filled", rule="PLN403", values={"backfill": day}))
    return co.OperatingModel.of(*records)


def never_rightly(found: co.OperatingModel, levelled: Any) -> bool:
    """Tell whether what is never done lacks somebody for ever, or follows such a task."""
    later = at(31, 12)
    for id, positions in levelled.never.items():
        one = found.tasks[id]
        if positions:  # there is too little, or for an effort nothing, for ever
            asked = {
                position: shares(one)[position] if one.effort is None else Decimal("0.01") for position in positions
            }
            if not all(counted_on(found, position, later) < fte for position, fte in asked.items()):
                return False
        elif not any(link.task in levelled.never for link in one.links):
            return False
    return True


@settings(max_examples=40)
@given(plans())
def test_no_link_no_calendar_and_no_capacity_is_ever_broken(found) -> None:
    levelled = level(found, "p")
    assert broken(found, levelled) == []
    assert never_rightly(found, levelled)
    assert (levelled.finish is None) is bool(levelled.never)


@settings(max_examples=40)
@given(plans(one_calendar=True))
def test_the_same_on_a_single_calendar(found) -> None:
    levelled = level(found, "p")
    assert broken(found, levelled) == []
    assert never_rightly(found, levelled)


@settings(max_examples=40)
@given(plans(efforts=True))
def test_the_same_where_some_tasks_are_efforts(found) -> None:
    levelled = level(found, "p")
    assert broken(found, levelled) == []
    assert never_rightly(found, levelled)


@settings(max_examples=40)
@given(plans(one_calendar=True, efforts=True))
def test_the_same_where_some_are_efforts_on_a_single_calendar(found) -> None:
    levelled = level(found, "p")
    assert broken(found, levelled) == []
    assert never_rightly(found, levelled)


@st.composite
def quiet_plans(draw: st.DrawFn) -> co.OperatingModel:
    """Efforts each of which has a position of its own, links of all types, progress; and tasks that need nobody."""
    records: list[Any] = [*CALENDARS.values(), Plan(id="p", name="P", start=FIRST, calendar="office")]
    count = draw(st.integers(1, 5))
    for n in range(count):
        seats = draw(st.sampled_from([0, 1, 2]))
        records += [Position(id=f"p{n}", title=f"p{n}", unit="hq", seats=seats), Person(id=f"h{n}", name="Holder")]
        ends = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=4, max_size=4)))
        post = draw(st.sampled_from([None, DateRange(ends[0], None), DateRange(None, ends[3]), DateRange(*ends[::3])]))
        fte = draw(st.sampled_from(["0.5", "1", "0.3", "2"]))
        if draw(st.integers(0, 4)):
            records.append(Assignment(id=f"a{n}", person=f"h{n}", position=f"p{n}", fte=fte, period=post))
        if draw(st.booleans()):
            records.append(co.Absence(id=f"b{n}", person=f"h{n}", period=DateRange(*ends[1:3])))
        if draw(st.booleans()):
            other = draw(st.integers(0, count - 1))
            records.append(co.Deputy(id=f"d{n}", position=f"p{n}", deputy=f"p{other}"))
        links = [
            Link(
                f"t{draw(st.integers(0, n - 1))}",
                draw(st.sampled_from(["FS", "SS", "FF", "SF"])),
                Duration(draw(st.integers(-3, 5)), "hour"),
            )
            for _ in range(draw(st.integers(0, 2)) if n else 0)
        ]
        length = Duration(draw(st.integers(0, 40)), "hour")
        alone = draw(st.integers(0, 3)) == 0
        fields: dict[str, Any] = {"duration": length} if alone else {"effort": length}
        if draw(st.booleans()):
            fields["actual_start"] = draw(st.sampled_from(DAYS[:3]))
            fields["percent_complete"] = draw(st.sampled_from([0, 50, 80]))
            fields["actual_finish"] = DAYS[2] if draw(st.integers(0, 3)) == 0 else None
        if draw(st.integers(0, 3)) == 0:
            fields["constraint"] = draw(st.sampled_from(["SNET", "FNET", "MSO", "MFO"]))
            fields["constraint_date"] = draw(st.sampled_from(DAYS))
        needs = () if alone else [(f"p{n}", draw(st.sampled_from(["1", "0.5", "2"])))]
        calendar = draw(st.sampled_from([None, *CALENDARS]))
        records.append(task(f"t{n}", None, links, needs, calendar=calendar, **fields))
    if draw(st.booleans()):
        day = draw(st.sampled_from(DAYS)).isoformat()
        records.append(co.Policy(id="filled", rule="PLN403", values={"backfill": day}))
    return co.OperatingModel.of(*records)


@settings(max_examples=150)
@given(quiet_plans(), st.sampled_from(DAYS[:6]))
def test_where_nobody_competes_the_levelled_plan_is_the_schedule(found, when) -> None:
    plain, levelled = schedule(found, "p", when), level(found, "p", when)
    assert dates(levelled) == {id: (one.early_start, one.early_finish) for id, one in plain.tasks.items()}
    assert set(levelled.never) == set(plain.never)
    assert levelled.finish == plain.finish
    assert levelled.delayed() == ()


@settings(max_examples=40)
@given(plans())
def test_delays_are_what_lies_between_the_schedule_and_the_levelled_plan(found) -> None:
    plain, levelled = schedule(found, "p"), level(found, "p")
    for id, one in levelled.tasks.items():
        calendar = found.tasks[id].calendar or "office"
        if one.finish is None:
            assert one.delay is None
        else:
            assert one.start is not None
            assert one.delay == worked(calendar, plain.tasks[id].early_start, one.start) * timedelta(hours=1)
            assert one.start >= plain.tasks[id].early_start


@settings(max_examples=40)
@given(plans())
def test_with_enough_of_everybody_the_levelled_plan_is_the_schedule(found) -> None:
    many = [
        record
        for position in POSITIONS
        for record in (
            Person(id=f"crowd {position}", name="Crowd"),
            Assignment(id=f"crowd {position}", person=f"crowd {position}", position=position, fte=100),
        )
    ]
    plain, levelled = schedule(found, "p"), level(found.add(*many), "p")
    assert dates(levelled) == {id: (one.early_start, one.early_finish) for id, one in plain.tasks.items()}
    assert (levelled.finish, levelled.delayed(), dict(levelled.waited_for())) == (plain.finish, (), {})
    assert levelled.rule == "latest finish"


@settings(max_examples=20)
@given(plans(), st.randoms(use_true_random=False))
def test_no_date_depends_on_the_order_of_records(found, rnd) -> None:
    records = list(found)
    rnd.shuffle(records)
    again = level(co.OperatingModel.of(*records), "p")
    assert dates(again) == dates(level(found, "p"))


# --- some plans --------------------------------------------------------------------------------------------


def test_one_editor_does_one_task_after_the_other_and_two_do_both_at_once() -> None:
    both = task("a", 16), task("b", 8)
    found = level(model(*both), "p")
    assert dates(found) == {"a": (at(3, 9), at(4, 17)), "b": (at(2, 9), at(2, 17))} or dates(found) == {
        "a": (at(2, 9), at(3, 17)),
        "b": (at(4, 9), at(4, 17)),
    }
    assert found.finish == at(4, 17)
    assert level(model(*both, holders=2), "p").finish == at(3, 17)


def test_a_half_left_over_is_used() -> None:
    found = level(model(task("a", 8, needs=[("editor", "0.5")]), task("b", 8, needs=[("editor", "0.5")])), "p")
    assert dates(found) == {"a": (at(2, 9), at(2, 17)), "b": (at(2, 9), at(2, 17))}


def test_two_shares_of_one_position_in_one_task_add_up() -> None:
    found = level(model(task("a", 8, needs=[("editor", "0.75"), ("editor", "0.5")])), "p")
    assert dict(found.never) == {"a": ("editor",)}


def test_a_share_of_nothing_needs_nobody() -> None:
    found = level(model(task("a", 8, needs=[("nobody", 0)])), "p")
    assert found.finish == at(2, 17)


def test_who_is_on_leave_works_before_and_after_but_no_task_is_cut() -> None:
    leave = co.Absence(id="l", person="h0", period=DateRange(date(2026, 3, 3), date(2026, 3, 3)))
    found = level(model(task("a", 12), leave), "p")
    assert dates(found)["a"] == (at(4, 9), at(5, 13))
    assert (found.tasks["a"].delay, found.tasks["a"].short) == (timedelta(hours=16), ("editor",))


def test_what_a_vacant_position_should_do_is_never_done_and_seats_may_be_counted_instead() -> None:
    plan = model(task("a"), task("b", 8, [Link("a")], ()), task("c", 8, (), ()), holders=0)
    found = level(plan, "p")
    assert dict(found.never) == {"a": ("editor",), "b": ()}
    assert (found.finish, found.tasks["b"].start, found.tasks["c"].finish) == (None, None, at(2, 17))
    assert dict(found.waited_for()) == {"editor": ("a",)}
    assert str(found) == "p: no finish, 0 of 3 tasks delayed, 2 never done"
    assert level(plan, "p", basis="seats").finish == at(3, 17)


def test_more_than_there_ever_is_is_named_and_not_looked_for_without_end() -> None:
    found = level(model(task("a", 8, needs=[("editor", 2)]), task("b")), "p")
    assert dict(found.never) == {"a": ("editor",)}
    assert found.tasks["b"].finish == at(2, 17)
    assert (found.tasks["a"].short, found.tasks["b"].short) == (("editor",), ())


def test_a_position_that_does_not_exist_has_nobody() -> None:
    plan = model(task("a", 8, needs=["ghost"]))
    assert dict(level(plan, "p").never) == dict(level(plan, "p", basis="seats").never) == {"a": ("ghost",)}


def test_seats_count_while_the_position_exists() -> None:
    crew = Position(
        id="crew", title="Crew", unit="hq", seats=2, seat_fte="0.5", period=DateRange(date(2026, 3, 4), None)
    )
    closed = Position(id="old", title="Old", unit="hq", status="closed")
    tasks = [task("a", 8, needs=["crew"]), task("b", 8, needs=["crew"]), task("c", 8, needs=["old"])]
    found = level(model(*tasks, crew, closed), "p", basis="seats")
    assert {found.tasks[id].start for id in "ab"} == {at(4, 9), at(5, 9)}
    assert dict(found.never) == {"c": ("old",)}


def test_a_must_date_is_kept_before_others_are_placed() -> None:
    fixed = task("b", 8, constraint="MSO", constraint_date=date(2026, 3, 3))
    last = task("c", 8, constraint="MFO", constraint_date=date(2026, 3, 5))
    found = level(model(task("a", 16), fixed, last), "p")
    assert dates(found) == {
        "a": (at(6, 9), at(9, 17)),
        "b": (at(3, 9), at(3, 17)),
        "c": (at(5, 9), at(5, 17)),
    }


def test_two_must_dates_that_nobody_can_keep_both_are_done_one_after_the_other() -> None:
    fixed = [task(id, 8, constraint="MSO", constraint_date=date(2026, 3, 3)) for id in "ab"]
    assert dates(level(model(*fixed), "p")) == {"a": (at(3, 9), at(3, 17)), "b": (at(4, 9), at(4, 17))}


def test_what_waits_for_a_summary_waits_for_its_levelled_parts() -> None:
    parts = [task(id, 8, parent="s") for id in "ab"]
    after = task("c", 8, [Link("s")], ())
    early = task("d", 8, [Link("s", "SS", Duration(8, "hour"))], ())
    found = level(model(Task(id="s", name="S", plan="p"), *parts, after, early), "p")
    assert found.tasks["c"].start == at(4, 9)
    assert found.tasks["d"].start == at(3, 9)
    assert "s" not in found.tasks


def test_a_summary_of_which_a_part_is_never_done_never_ends_but_may_have_begun() -> None:
    parts = [task("a", 8, (), ["ghost"], parent="s"), task("b", 8, (), (), parent="s")]
    after = task("c", 8, [Link("s")], ())
    early = task("d", 8, [Link("s", "SS")], ())
    found = level(model(Task(id="s", name="S", plan="p"), *parts, after, early), "p")
    assert dict(found.never) == {"a": ("ghost",), "c": ()}
    assert found.tasks["d"].start == at(2, 9)


def test_a_summary_of_which_no_part_is_ever_done_never_begins() -> None:
    parts = [task(id, 8, (), ["ghost"], parent="s") for id in "ab"]
    found = level(model(Task(id="s", name="S", plan="p"), *parts, task("d", 8, [Link("s", "SS")], ())), "p")
    assert dict(found.never) == {"a": ("ghost",), "b": ("ghost",), "d": ()}


def test_what_is_put_off_beyond_the_end_of_its_calendar_is_never_done() -> None:
    day = co.Calendar(id="day", shifts={"2026-03-02": (("09:00", "17:00"),)})
    found = level(model(task("a", calendar="day"), task("b", calendar="day"), day), "p")
    assert found.tasks["a"].finish == at(2, 17)
    assert dict(found.never) == {"b": ()}
    assert found.finish is None


def test_a_task_on_other_hours_up_to_the_very_end_of_its_calendar_is_placed() -> None:
    day = co.Calendar(id="day", shifts={"2026-03-02": (("09:00", "12:00"), ("13:00", "18:00"))})
    found = level(model(task("a", calendar="day"), task("b", 8), day), "p")
    assert dates(found) == {"a": (at(2, 9), at(2, 18)), "b": (at(3, 9), at(3, 17))}


def test_on_mixed_hours_a_task_that_can_start_only_after_a_queue_does_not_join_it() -> None:
    queue = [task("a", 8), task("b", 7, calendar="late"), task("c", 7, calendar="late")]
    later = task("d", 7, calendar="late", constraint="SNET", constraint_date=date(2026, 3, 16))
    found = level(model(*queue, later), "p")
    assert broken(model(*queue, later), found) == []
    assert found.tasks["d"].start == at(16, 12)


def test_a_level_of_effort_and_a_milestone_take_up_nobody() -> None:
    effort = task("e", None, kind="level_of_effort")
    found = level(model(effort, task("a", 8), task("m", None, [Link("a")], kind="milestone")), "p")
    assert dates(found) == {"a": (at(2, 9), at(2, 17)), "m": (at(2, 17), at(2, 17))}


def test_at_a_status_date_what_is_done_stays_and_what_has_started_comes_before_all_but_must_dates() -> None:
    done = task("a", 8, actual_start=at(2, 9), actual_finish=at(2, 17))
    begun = task("b", 16, actual_start=at(3, 9), percent_complete=75)
    waiting = task("c", 8, constraint="MSO", constraint_date=date(2026, 3, 3))
    found = level(model(done, begun, task("d", 4), waiting), "p", at=date(2026, 3, 4))
    assert dates(found) == {
        "a": (at(2, 9), at(2, 17)),
        "b": (at(3, 9), at(5, 13)),
        "c": (at(4, 9), at(4, 17)),  # its day has passed, so it is done at once
        "d": (at(5, 13), at(5, 17)),
    }
    assert {id: one.delay for id, one in found.tasks.items() if one.delay} == {
        "b": timedelta(hours=8),
        "d": timedelta(hours=12),
    }


def test_what_has_started_and_can_never_be_finished_keeps_its_start_and_what_is_finished_needs_nobody() -> None:
    begun = task("a", 16, (), ["ghost"], actual_start=at(2, 9), percent_complete=50)
    done = task("b", 8, [Link("a")], ["ghost"], actual_start=at(2, 9), actual_finish=at(2, 17))
    found = level(model(begun, done), "p", at=date(2026, 3, 4))
    assert dates(found) == {"a": (at(2, 9), None), "b": (at(2, 9), at(2, 17))}
    assert dict(found.never) == {"a": ("ghost",)}


def test_the_best_of_the_rules_is_named_and_counts() -> None:
    tasks = [
        task("a", 8, needs=["editor"]),
        task("b", 24, needs=[("editor", "0.5")]),
        task("c", 16, [Link("a")], needs=[("editor", "0.5")]),
        task("d", 8, [Link("c")], needs=["editor"]),
        task("e", 32, [Link("b", "SS")], needs=()),
    ]
    found = level(model(*tasks), "p")
    assert broken(model(*tasks), found) == []
    # 8 and 8 hours of a whole editor, 24 and 16 of half of one: 36 hours of work, on the fifth day at best.
    assert found.finish == at(6, 17)


# --- efforts -----------------------------------------------------------------------------------------------


def effort(id: str, hours: float, needs: Any = ("editor",), links: Any = (), **fields: Any) -> Task:
    return task(id, None, links, needs, effort=Duration(hours, "hour"), **fields)


def test_an_effort_takes_as_long_as_those_who_are_there_need() -> None:
    plan = model(effort("a", 16, [("editor", 2)]))
    found = level(plan, "p")
    assert dates(found) == {"a": (at(2, 9), at(3, 17))}
    assert (found.tasks["a"].delay, found.tasks["a"].short) == (timedelta(), ())
    assert dates(level(plan, "p", basis="seats")) == dates(found)  # one seat
    two = plan.put(Position(id="editor", title="Editor", unit="hq", seats=2))
    assert dates(level(two, "p", basis="seats")) == {"a": (at(2, 9), at(2, 17))}


def test_an_effort_goes_on_after_a_leave_and_a_task_of_a_duration_waits_for_its_end() -> None:
    leave = co.Absence(id="l", person="h0", period=DateRange(date(2026, 3, 3), date(2026, 3, 3)))
    assert dates(level(model(effort("a", 12), leave), "p"))["a"] == (at(2, 9), at(4, 13))
    assert dates(level(model(task("a", 12), leave), "p"))["a"] == (at(4, 9), at(5, 13))


def test_an_effort_is_not_slowed_down_by_others_but_waits_for_all_that_would_be_there() -> None:
    half = task("a", 24, needs=[("editor", "0.5")], constraint="MSO", constraint_date=date(2026, 3, 2))
    found = level(model(half, effort("b", 8)), "p")
    assert dates(found)["b"] == (at(5, 9), at(5, 17))
    assert (found.tasks["b"].delay, found.tasks["b"].short) == (timedelta(hours=24), ("editor",))


def test_two_efforts_on_one_position_are_done_one_after_the_other() -> None:
    plan = model(effort("a", 8, [("editor", 2)]), effort("b", 8, [("editor", 2)]))
    ends = sorted(dates(level(plan, "p")).values())
    assert ends == [(at(2, 9), at(2, 17)), (at(3, 9), at(3, 17))]


def test_while_nobody_is_there_for_one_effort_another_that_needs_someone_else_goes_on() -> None:
    leave = co.Absence(id="l", person="h0", period=DateRange(date(2026, 3, 3), date(2026, 3, 3)))
    both = effort("a", 16, ["editor", ("artist", "1")])
    artist = [
        Position(id="artist", title="Artist", unit="hq"),
        Person(id="z", name="Z"),
        Assignment(id="z", person="z", position="artist"),
    ]
    # On Monday both do 8 hours each, and that is all.
    assert dates(level(model(both, *artist), "p"))["a"] == (at(2, 9), at(2, 17))
    # With the editor away on Tuesday, the artist does 8 of the 24 hours left alone.
    longer = effort("a", 32, ["editor", "artist"])
    assert dates(level(model(longer, *artist, leave), "p"))["a"] == (at(2, 9), at(4, 13))


def test_what_nobody_does_is_never_done_unless_a_deputy_or_a_policy_says_otherwise() -> None:
    plan = model(effort("a", 8), task("b", 8, [Link("a")], ()), task("c", 8, [Link("a", "SS")], ()), holders=0)
    found = level(plan, "p")
    assert dict(found.never) == {"a": ("editor",), "b": ()}
    assert (found.finish, found.tasks["a"].short, found.tasks["b"].start) == (None, ("editor",), None)
    assert dates(found)["c"] == (at(2, 9), at(2, 17))  # for the schedule, too, it could begin
    filled = co.Policy(id="f", rule="PLN403", values={"backfill": "2026-03-04"})
    assert dates(level(plan.add(filled), "p"))["a"] == (at(4, 9), at(4, 17))
    staff = [
        Position(id="artist", title="Artist", unit="hq"),
        Person(id="z", name="Z"),
        Assignment(id="z", person="z", position="artist"),
        co.Deputy(id="d", position="editor", deputy="artist"),
    ]
    assert dates(level(plan.add(*staff), "p"))["a"] == (at(2, 9), at(2, 17))


def test_a_task_of_a_duration_counts_on_what_counts_as_filled_too() -> None:
    filled = co.Policy(id="f", rule="PLN403", values={"backfill": "2026-03-04"})
    assert dates(level(model(task("a"), filled, holders=0), "p"))["a"] == (at(4, 9), at(4, 17))


def test_an_effort_put_off_until_those_who_do_it_have_left_is_never_done() -> None:
    first = task("a", 16, constraint="MSO", constraint_date=date(2026, 3, 2))
    leaves = Assignment(id="a0", person="h0", position="editor", period=DateRange(None, date(2026, 3, 4)))
    found = level(model(first, effort("b", 16)).put(leaves), "p")
    assert dict(found.never) == {"b": ("editor",)}
    assert level(model(first, effort("b", 8)).put(leaves), "p").finish == at(4, 17)


def test_an_effort_put_off_beyond_the_end_of_its_calendar_is_never_done_for_want_of_nobody() -> None:
    day = co.Calendar(id="day", shifts={"2026-03-02": (("09:00", "17:00"),)})
    found = level(model(effort("a", 8, calendar="day"), effort("b", 8, calendar="day"), day), "p")
    assert dict(found.never) == {"b": ()}


def test_efforts_on_mixed_hours_share_a_position() -> None:
    plan = model(effort("a", 8), effort("b", 7, calendar="late"), task("c", 8))
    found = level(plan, "p")
    assert broken(plan, found) == []
    assert found.finish is not None


def test_at_a_status_date_an_effort_goes_on_at_the_pace_of_who_is_left() -> None:
    begun = effort("a", 32, [("editor", 2)], actual_start=at(2, 9), percent_complete=50)
    plan = model(begun, effort("b", 4))
    found = level(plan, "p", at=date(2026, 3, 4))
    assert dates(found) == {"a": (at(2, 9), at(5, 17)), "b": (at(6, 9), at(6, 13))}
    assert found.tasks["b"].delay == timedelta(hours=16)


def test_seats_do_not_depend_on_who_is_there_at_a_status_date() -> None:
    plan = model(effort("a", 8), holders=0)
    found = level(plan, "p", at=date(2026, 3, 2), basis="seats")
    assert (dates(found)["a"], found.tasks["a"].delay) == ((at(2, 9), at(2, 17)), timedelta())


# --- odd plans ---------------------------------------------------------------------------------------------


def test_nothing_to_do_has_no_finish() -> None:
    found = level(model(), "p")
    assert (found.finish, dict(found.tasks), len(found)) == (None, {}, 0)
    assert repr(found) == "<Levelled p: no finish, 0 of 0 tasks delayed, 0 never done>"


def test_those_delayed_most_come_first() -> None:
    found = level(model(*[task(id, 8) for id in "abc"]), "p")
    assert [one.delay for one in found.delayed()] == [timedelta(hours=16), timedelta(hours=8)]
    assert str(found) == "p: finish 2026-03-04 17:00, 2 of 3 tasks delayed, 0 never done"


def test_what_the_schedule_refuses_is_refused() -> None:
    with pytest.raises(UnknownRecord):
        level(model(), "other")
    with pytest.raises(CyclicNetwork) as caught:
        level(model(task("a", 8, [Link("b")]), task("b", 8, [Link("a")])), "p")
    assert caught.value.cycle == ("a", "b")
    with pytest.raises(NoWorkTime):
        level(model(task("a", 8, calendar="closed"), co.Calendar(id="closed")), "p")


def test_an_edit_elsewhere_levels_nothing_again() -> None:
    before = model(task("a", 8))
    found = level(before, "p")
    assert level(before.put(co.Unit(id="hq", name="HQ")), "p") is found
