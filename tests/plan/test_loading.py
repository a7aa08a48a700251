"""What plans ask of positions, units and people, against adding it up day by day from the definitions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops import (
    Absence,
    Allocation,
    Assignment,
    DateRange,
    Deputy,
    Duration,
    Link,
    OperatingModel,
    Person,
    Plan,
    Policy,
    Position,
    Ref,
    Task,
    Unit,
    errors,
)
from community_ops.plan import LoadStep, load, schedule
from tests.plan.hours import CALENDARS, counted_on, there, worked

MONDAY = date(2026, 3, 2)
DAYS = [MONDAY + timedelta(days=n) for n in range(80)]
UNITS = [Unit(id="hq", name="HQ"), Unit(id="team", name="Team", parent="hq"), Unit(id="other", name="Other")]
POSITIONS = [
    Position(id="boss", title="Boss", unit="hq"),
    Position(id="editor", title="Editor", unit="team", seats=2, seat_fte=Decimal("0.75")),
]


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def model(*records: Any) -> OperatingModel:
    own = [] if any(isinstance(one, Plan) for one in records) else [Plan(id="p", name="P", start=MONDAY)]
    return OperatingModel.of(*UNITS, *POSITIONS, *CALENDARS.values(), *own, *records)


def task(id: str, days: float, *asked: Allocation | str, **fields: Any) -> Task:
    allocations = [Allocation(one) if isinstance(one, str) else one for one in asked]
    length = {} if "effort" in fields else {"duration": Duration(days)}
    values = {"id": id, "name": id.title(), "plan": "p", "allocations": allocations, **length}
    return Task(**{**values, **fields})


def effort(id: str, days: float, *asked: Allocation | str, **fields: Any) -> Task:
    return task(id, 0, *asked, effort=Duration(days), **fields)


def backfilled(day: int) -> Policy:
    """Return the policy that counts vacant positions as filled from a day on."""
    return Policy(id="filled", rule="PLN403", values={"backfill": on(day).isoformat()})


def held(*shares: tuple[str, str, str], **fields: Any) -> list[Any]:
    """Return people and what they hold, as person, position and FTE."""
    people = [Person(id=id, name=id.title()) for id in dict.fromkeys(person for person, _, _ in shares)]
    return [
        *people,
        *[Assignment(id=f"{who}-{what}", person=who, position=what, fte=fte, **fields) for who, what, fte in shares],
    ]


def rows(steps: tuple[LoadStep, ...]) -> list[tuple[str, str, str, str]]:
    return [(str(one.period), str(one.demand), str(one.available), " ".join(one.tasks)) for one in steps]


def by_day(steps: tuple[LoadStep, ...]) -> dict[date, tuple[Decimal, Decimal, frozenset[str]]]:
    found = {}
    for step in steps:
        for day in range((step.last - step.first).days + 1):
            found[step.first + timedelta(days=day)] = (step.demand, step.available, frozenset(step.tasks))
    return found


# --- day by day -----------------------------------------------------------------------------------------------------


def by(model: OperatingModel, task: str) -> str:
    """Return the calendar that a task goes by."""
    return model.tasks[task].calendar or model.plans[model.tasks[task].plan].calendar or "office"


def asked(model: OperatingModel, at: date | None) -> dict[tuple[str, date], list[tuple[str, Decimal]]]:
    """Return for each position and day which tasks ask for how much: whoever works on any hour of it."""
    found: dict[tuple[str, date], list[tuple[str, Decimal]]] = {}
    for one in model.tasks:
        dates = schedule(model, one.plan, at).tasks[one.id]
        calendar = by(model, one.id)
        if dates.start is None or dates.finish is None:  # nobody will ever do it
            continue
        for day in DAYS:
            begin = datetime.combine(day, time(), UTC)
            lo, hi = max(dates.start, begin), min(dates.finish, begin + timedelta(days=1))
            if lo < hi and worked(calendar, lo, hi) and (at is None or day >= at):
                for position in dict.fromkeys(allocation.position for allocation in one.allocations):
                    fte = sum((each.fte for each in one.allocations if each.position == position), Decimal(0))
                    if one.effort is not None and at is not None:  # it goes on at the pace of who is there
                        fte = min(fte, available(model, position, day, at))
                    if fte:
                        found.setdefault((position, day), []).append((one.id, fte))
    return found


def available(model: OperatingModel, position: str, day: date, at: date | None) -> Decimal:
    if at is None:
        return model.positions[position].seats * model.positions[position].seat_fte
    return counted_on(model, position, datetime.combine(day, time(), UTC))


@st.composite
def plans(draw: st.DrawFn) -> OperatingModel:
    names = st.sampled_from(list(CALENDARS))
    records: list[Any] = [
        Plan(id=id, name=id, start=on(draw(st.integers(0, 5))), calendar=draw(names)) for id in ("p", "q")
    ]
    tasks: list[Task] = []
    for number in range(draw(st.integers(1, 5))):
        plan = draw(st.sampled_from(["p", "q"]))
        before = [one.id for one in tasks if one.plan == plan]
        started = draw(st.booleans())
        tasks.append(
            task(
                f"t{number}",
                0,
                *[
                    Allocation(position, draw(st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(0)])))
                    for position in draw(st.lists(st.sampled_from(["boss", "editor"]), max_size=3))
                ],
                plan=plan,
                **{draw(st.sampled_from(["duration", "effort"])): Duration(draw(st.integers(0, 40)) * 2, "hour")},
                calendar=draw(st.none() | names),
                links=[Link(one) for one in before[-1:] if draw(st.booleans())],
                actual_start=on(draw(st.integers(0, 3))) if started else None,
                percent_complete=50 if started and draw(st.booleans()) else 0,
            )
        )
    people = [Person(id=id, name=id) for id in ("ann", "ben")]
    spans = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda ends: DateRange(*map(on, sorted(ends))))
    posts = [
        Assignment(
            id=f"h{number}",
            person=draw(st.sampled_from(["ann", "ben"])),
            position=draw(st.sampled_from(["boss", "editor"])),
            fte=draw(st.sampled_from(["1", "0.25", "0.4", "0"])),
            period=draw(st.none() | spans),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    away = [Absence(id="away", person="ann", period=draw(spans))] if draw(st.booleans()) else []
    filled = [backfilled(draw(st.integers(0, 15)))] if draw(st.booleans()) else []
    return model(*records, *tasks, *people, *posts, *away, *filled)


@settings(max_examples=30)
@given(plans(), st.none() | st.integers(0, 12).map(on))
def test_it_is_what_tasks_ask_for_on_each_day_on_which_they_are_worked_on(
    plan: OperatingModel, at: date | None
) -> None:
    loads, wanted = load(plan, at=at), asked(plan, at)
    both: dict[date, list[tuple[str, Decimal]]] = {}
    for position in ("boss", "editor"):
        days = {day: every for (whose, day), every in wanted.items() if whose == position}
        for day, every in days.items():
            both.setdefault(day, []).extend(every)
        assert by_day(loads.of(position)) == {
            day: (
                sum(fte for _, fte in every),
                available(plan, position, day, at),
                frozenset(id for id, _ in every),
            )
            for day, every in days.items()
        }
        assert [one.periods for one in loads.over() if one.position == position] == _runs(plan, days, position, at)
    assert by_day(loads.of_unit("hq")) == {
        day: (
            sum(fte for _, fte in every),
            sum(available(plan, position, day, at) for position in loads.positions),
            frozenset(id for id, _ in every),
        )
        for day, every in both.items()
    }


def _runs(
    plan: OperatingModel, days: dict[date, list[tuple[str, Decimal]]], position: str, at: date | None
) -> list[tuple[DateRange, ...]]:
    """Return the runs of days that are too much, as `over` has them: none, or those of one position."""

    def works(ids: list[tuple[str, Decimal]], day: date) -> bool:
        begin = datetime.combine(day, time(), UTC)
        return any(worked(by(plan, id), begin, begin + timedelta(days=1)) for id, _ in ids)

    found: list[list[date]] = []
    before: date | None = None
    for day in sorted(days):
        if sum(fte for _, fte in days[day]) > available(plan, position, day, at):
            between = [] if before is None else [one for one in DAYS if before < one < day]
            if before is None or any(one in days or works(days[before] + days[day], one) for one in between):
                found.append([])
            found[-1].append(day)
            before = day
    return [tuple(DateRange(run[0], run[-1]) for run in found)] if found else []


@settings(max_examples=30)
@given(plans(), st.none() | st.integers(0, 12).map(on))
def test_people_share_what_their_positions_are_asked_for_by_what_they_hold(
    plan: OperatingModel, at: date | None
) -> None:
    loads, wanted = load(plan, at=at), asked(plan, at)
    for person in ("ann", "ben"):
        alone = plan.remove(*[Ref("assignment", one.id) for one in plan.assignments if one.person != person])
        expected: dict[date, Fraction] = {}
        capacity: dict[date, Decimal] = {}
        for (position, day), every in wanted.items():
            noon = datetime.combine(day, time(), UTC)
            own, total = there(alone, position, noon), there(plan, position, noon)
            if own:
                share = Fraction(sum(fte for _, fte in every)) * Fraction(own) / Fraction(total)
                expected[day] = expected.get(day, Fraction(0)) + share
                capacity[day] = sum((there(alone, one, noon) for one in loads.positions), Decimal(0))
        found = by_day(loads.of_person(person))
        assert found.keys() == expected.keys()
        for day, (demand, held, _) in found.items():
            assert abs(Fraction(demand) - expected[day]) < Fraction(1, 10**25)
            assert held == capacity[day]


# --- by hand --------------------------------------------------------------------------------------------------------


def test_weekends_are_no_days_and_break_no_run() -> None:
    found = load(model(task("a", 8, "boss"), task("b", 6, Allocation("boss", "0.5"))))
    assert rows(found.of("boss")) == [
        ("2026-03-02 to 2026-03-06", "1.5", "1", "a b"),
        ("2026-03-09 to 2026-03-09", "1.5", "1", "a b"),
        ("2026-03-10 to 2026-03-11", "1", "1", "a"),
    ]
    (over,) = found.over()
    assert (over.position, over.tasks) == ("boss", ("a", "b"))
    assert over.periods == (DateRange(MONDAY, on(7)),)
    assert [run.days for run in over.runs] == [6]
    assert over.peak.demand == Decimal("1.5")
    assert found.over(Decimal("0.5")) == ()


def test_the_peak_is_where_most_is_missing() -> None:
    left = [Assignment(id="b", person="ben", position="boss", period=DateRange(None, on(2)))]
    staff = [*held(("ann", "boss", "1")), Person(id="ben", name="Ben"), *left]
    found = load(model(*staff, task("a", 5, Allocation("boss", 3)), task("b", 1, Allocation("boss", "0.5"))), at=MONDAY)
    (over,) = found.over()
    assert rows((over.peak,)) == [("2026-03-05 to 2026-03-06", "3", "1", "a")]
    assert rows((over.runs[0].steps[0],)) == [("2026-03-02 to 2026-03-02", "3.5", "2", "a b")]
    assert over.peak.excess == 2


def test_days_on_which_something_else_could_be_done_break_a_run() -> None:
    twice = Allocation("boss", 2)
    found = load(model(task("a", 1, twice), task("b", 1, twice, constraint="SNET", constraint_date=on(2))))
    assert found.over()[0].periods == (DateRange(MONDAY, MONDAY), DateRange(on(2), on(2)))


def test_a_task_on_another_calendar_asks_on_the_days_of_its_own() -> None:
    weekend = task("b", 9, "boss", calendar="always", constraint="SNET", constraint_date=on(4))
    found = load(model(task("a", 7, "boss"), weekend))
    assert rows(found.of("boss")) == [
        ("2026-03-02 to 2026-03-05", "1", "1", "a"),
        ("2026-03-06 to 2026-03-06", "2", "1", "a b"),
        ("2026-03-07 to 2026-03-08", "1", "1", "b"),
        ("2026-03-09 to 2026-03-10", "1", "1", "a"),
    ]


def test_a_day_is_one_of_the_clocks_of_the_plan() -> None:
    night = co.Calendar(id="night", timezone="Asia/Shanghai", hours={"mon": (("22:00", "02:00"),)})
    far = co.Calendar(id="far", timezone="America/New_York", hours=CALENDARS["always"].hours)
    shift = task("a", 4, "boss", calendar="night", duration=Duration(4, "hour"))
    assert rows(load(model(Plan(id="p", name="P", start=MONDAY, calendar="night"), night, shift)).of("boss")) == [
        ("2026-03-02 to 2026-03-03", "1", "1", "a"),
    ]
    assert rows(load(model(Plan(id="p", name="P", start=MONDAY, calendar="far"), night, far, shift)).of("boss")) == [
        ("2026-03-02 to 2026-03-02", "1", "1", "a"),
    ]


def test_a_task_worked_on_from_within_a_closed_day_asks_from_the_next_open_one() -> None:
    begun = task("a", 2, "boss", actual_start=datetime(2026, 3, 6, 20, tzinfo=UTC))
    found = load(model(*held(("ann", "boss", "1")), begun), at=datetime(2026, 3, 6, 21, tzinfo=UTC))
    assert rows(found.of("boss")) == [
        ("2026-03-09 to 2026-03-10", "1", "1", "a"),
    ]


def test_several_plans_add_up_and_may_be_chosen() -> None:
    both = [Plan(id="p", name="P", start=MONDAY), Plan(id="q", name="Q", start=on(1))]
    found = model(*both, task("a", 2, "boss"), task("b", 2, "boss", plan="q"))
    assert rows(load(found).of("boss")) == [
        ("2026-03-02 to 2026-03-02", "1", "1", "a"),
        ("2026-03-03 to 2026-03-03", "2", "1", "a b"),
        ("2026-03-04 to 2026-03-04", "1", "1", "b"),
    ]
    assert rows(load(found, ["q", "q"]).of("boss")) == [("2026-03-03 to 2026-03-04", "1", "1", "b")]
    assert load(found, []).positions == ()
    with pytest.raises(errors.UnknownRecord):
        load(found, ["r"])


def test_only_what_drives_and_is_not_counted_elsewhere_asks() -> None:
    found = load(
        model(
            task("sum", 3, "boss"),
            task("part", 1, "editor", parent="sum"),
            task("seen", 1, "boss", overlaps=["part"]),
            task("goes on", 1, "boss", kind="level_of_effort"),
            task("weekly", 1, "boss", kind="recurring", recurrence="FREQ=WEEKLY;BYDAY=MO"),
            task("moment", 0, "boss"),
            task("free", 1, Allocation("boss", 0)),
        )
    )
    assert found.positions == ("editor",)
    assert found.of("boss") == ()


def test_with_a_date_what_is_done_asks_for_nothing_and_the_rest_from_then_on() -> None:
    done = task("a", 3, "boss", actual_start=MONDAY, actual_finish=on(2), percent_complete=100)
    half = task("b", 4, "boss", actual_start=MONDAY, percent_complete=50)
    found = load(model(*held(("ann", "boss", "0.5")), done, half), at=on(3))
    assert rows(found.of("boss")) == [("2026-03-05 to 2026-03-06", "1", "0.5", "b")]


def test_deputies_count_where_nobody_is() -> None:
    away = Absence(id="away", person="ann", period=DateRange(on(1), on(2)))
    staff = held(("ann", "boss", "1"), ("ben", "editor", "0.6"))
    found = model(*staff, away, Deputy(id="d", position="boss", deputy="editor"), task("a", 4, "boss"))
    assert rows(load(found, at=MONDAY).of("boss")) == [
        ("2026-03-02 to 2026-03-02", "1", "1", "a"),
        ("2026-03-03 to 2026-03-04", "1", "0.6", "a"),
        ("2026-03-05 to 2026-03-05", "1", "1", "a"),
    ]
    assert [step.available for step in load(found).of("boss")] == [1]
    assert load(found, at=MONDAY).of_person("ben") == ()


def test_a_share_is_cut_where_it_does_not_come_out_even() -> None:
    staff = held(("ann", "boss", "0.1"), ("ben", "boss", "0.2"))
    found = load(model(*staff, task("a", 1, "boss")), at=MONDAY)
    assert rows(found.of_person("ann")) == [("2026-03-02 to 2026-03-02", f"0.{'3' * 28}", "0.1", "a")]


def test_seats_count_while_a_position_is_there() -> None:
    closed = Position(id="gone", title="Gone", unit="hq", status="closed")
    brief = Position(id="brief", title="Brief", unit="hq", period=DateRange(None, on(0)))
    found = load(model(closed, brief, task("a", 2, "gone", "brief", "ghost")))
    assert [rows(found.of(position)) for position in ("gone", "brief", "ghost")] == [
        [("2026-03-02 to 2026-03-03", "1", "0", "a")],
        [("2026-03-02 to 2026-03-02", "1", "1", "a"), ("2026-03-03 to 2026-03-03", "1", "0", "a")],
        [("2026-03-02 to 2026-03-03", "1", "0", "a")],
    ]


def test_units_have_what_is_asked_of_theirs_and_of_those_below() -> None:
    found = load(model(task("a", 2, "boss", "ghost"), task("b", 1, "editor", Allocation("editor", "0.5"))))
    assert rows(found.of_unit("hq")) == [
        ("2026-03-02 to 2026-03-02", "2.5", "2.5", "a b"),
        ("2026-03-03 to 2026-03-03", "1", "2.5", "a"),
    ]
    assert rows(found.of_unit("hq", below=False)) == [("2026-03-02 to 2026-03-03", "1", "1", "a")]
    assert found.of_unit("other") == ()


def test_what_does_not_exist_has_no_load() -> None:
    found = load(model(task("a", 1, "boss"), *held(("ann", "editor", "1"))))
    assert found.of_person("ann") == ()
    for ask in (found.of, found.of_unit, found.of_person, found.runs):
        with pytest.raises(errors.UnknownRecord):
            ask("nobody")


def test_plans_without_dates_are_left_out() -> None:
    plans = [Plan(id=id, name=id, start=MONDAY) for id in ("p", "ring")]
    never = [co.Calendar(id="never"), Plan(id="closed", name="Closed", start=MONDAY, calendar="never")]
    ring = [task(a, 1, "boss", plan="ring", links=[Link(b)]) for a, b in ("xy", "yx")]
    found = load(model(*plans, *never, *ring, task("shut", 1, "boss", plan="closed"), task("a", 1, "boss")))
    assert found.left_out == (Ref("plan", "ring"), Ref("plan", "closed"))
    assert found.plans == ("p", "ring", "closed")
    assert rows(found.of("boss")) == [("2026-03-02 to 2026-03-02", "1", "1", "a")]


def test_tasks_that_nobody_is_there_to_finish_are_left_out_and_so_is_what_waits_for_them() -> None:
    stuck = effort("a", 3, "boss")
    waits = task("b", 1, "editor", links=[Link("a")])
    vacant = model(*held(("ann", "editor", "1")), stuck, waits, task("c", 1, "editor"))
    found = load(vacant, at=MONDAY)
    assert found.left_out == (Ref("task", "a"), Ref("task", "b"))
    assert rows(found.of("editor")) == [("2026-03-02 to 2026-03-02", "1", "1", "c")]
    assert load(vacant).left_out == ()


def test_an_effort_asks_for_what_is_there_of_what_it_was_allocated_for_as_long_as_it_takes() -> None:
    found = model(*held(("ann", "boss", "1")), effort("a", 4, Allocation("boss", 2)))
    assert rows(load(found).of("boss")) == [("2026-03-02 to 2026-03-03", "2", "1", "a")]  # as it was planned
    assert rows(load(found, at=MONDAY).of("boss")) == [("2026-03-02 to 2026-03-05", "1", "1", "a")]


def test_an_effort_asks_for_nothing_while_nobody_is_there() -> None:
    away = Absence(id="away", person="ann", period=DateRange(on(1), on(2)))
    found = load(model(*held(("ann", "boss", "0.5")), away, effort("a", 1, "boss")), at=MONDAY)
    assert rows(found.of("boss")) == [
        ("2026-03-02 to 2026-03-02", "0.5", "0.5", "a"),
        ("2026-03-05 to 2026-03-05", "0.5", "0.5", "a"),
    ]


def test_a_position_allocated_twice_to_an_effort_is_asked_once_for_what_is_there() -> None:
    twice = effort("a", 2, Allocation("boss", "0.75"), Allocation("boss", "0.75"))
    found = load(model(*held(("ann", "boss", "1")), twice), at=MONDAY)
    assert rows(found.of("boss")) == [("2026-03-02 to 2026-03-03", "1", "1", "a")]


def test_two_efforts_at_once_may_ask_for_more_than_is_there() -> None:
    staff = held(("ann", "boss", "1"))
    found = load(model(*staff, effort("a", 2, Allocation("boss", 2)), effort("b", 1, "boss")), at=MONDAY)
    assert rows(found.of("boss")) == [
        ("2026-03-02 to 2026-03-02", "2", "1", "a b"),
        ("2026-03-03 to 2026-03-03", "1", "1", "a"),
    ]
    assert [one.tasks for one in found.over()] == [("a", "b")]


def test_a_vacant_position_has_its_seats_from_the_day_on_that_the_schedule_counts_on() -> None:
    vacant = model(backfilled(2), effort("a", 3, Allocation("editor", 2)), task("b", 4, "editor"))
    assert rows(load(vacant, at=MONDAY).of("editor")) == [  # two seats of 0.75
        ("2026-03-02 to 2026-03-03", "1", "0", "b"),
        ("2026-03-04 to 2026-03-05", "2.5", "1.5", "a b"),
    ]
    assert schedule(vacant, "p", MONDAY).tasks["a"].finish == datetime(2026, 3, 5, 17, tzinfo=UTC)
    assert rows(load(vacant).of("editor"))[0] == ("2026-03-02 to 2026-03-03", "3", "1.5", "a b")
    manned = load(vacant.add(*held(("ann", "editor", "0.5"))), at=MONDAY)
    assert {step.available for step in manned.of("editor")} == {Decimal("0.5")}


def test_it_is_worked_out_once_until_something_changes() -> None:
    found = model(task("a", 1, "boss"))
    assert load(found) is load(found, ["p"])
    assert load(found.replace(co.evolve(found.tasks["a"], duration=Duration(2)))) is not load(found)


def test_it_says_in_a_few_lines_who_is_asked_for_too_much() -> None:
    found = load(model(task("a", 1, Allocation("boss", 2)), task("b", 1, "editor")))
    assert str(found) == ("1 plan: 2 positions asked for, 1 for more than there is\nboss: 2026-03-02 to 2026-03-02")
    assert (repr(found), len(found)) == ("<Loads: 1 plans, 2 positions>", 2)


# --- the rule -------------------------------------------------------------------------------------------------------


def overload(model: OperatingModel, at: date = MONDAY) -> list[str]:
    return [found.message for found in model.check(at, select=["PLN404"]).findings]


def test_the_finding_names_the_tasks_the_days_and_the_numbers() -> None:
    staff = held(("ann", "editor", "1"), ("ben", "editor", "1"))
    tasks = [task("a", 10, Allocation("editor", 2)), task("b", 10, "editor", plan="q")]
    both = [Plan(id="p", name="P", start=on(7)), Plan(id="q", name="Q", start=on(7))]
    assert overload(model(*staff, *both, *tasks)) == [
        "Editor is asked for 3 FTE from 2026-03-09 to 2026-03-20 by A and B, and has 2."
    ]


def test_a_week_is_no_finding_and_a_policy_of_the_unit_says_otherwise() -> None:
    tasks = [task("a", 5, "boss"), task("b", 5, Allocation("boss", "0.25"))]
    week = model(*held(("ann", "boss", "1")), *tasks)
    assert overload(week) == []
    strict = Policy(id="l", rule="PLN404", scope=Ref("unit", "hq"), values={"days": 4})
    assert len(overload(week.add(strict))) == 1
    lax = Policy(id="l", rule="PLN404", scope=Ref("unit", "hq"), values={"days": 4, "fte": "0.25"})
    assert overload(week.add(lax)) == []
    elsewhere = Policy(id="l", rule="PLN404", scope=Ref("unit", "other"), values={"days": 4})
    assert overload(week.add(elsewhere)) == []


def test_an_effort_that_goes_on_at_the_pace_of_who_is_there_overloads_nobody() -> None:
    staff = held(("ann", "editor", "1"))
    assert overload(model(*staff, effort("a", 12, Allocation("editor", 2)))) == []
    assert len(overload(model(*staff, task("a", 12, Allocation("editor", 2))))) == 1


def test_efforts_that_are_each_paced_as_if_alone_overload_their_position_together() -> None:
    staff = held(("ann", "editor", "1"))
    both = [effort("a", 8, Allocation("editor", 2)), effort("b", 10, "editor")]
    assert overload(model(*staff, *both)) == [
        "Editor is asked for 2 FTE from 2026-03-02 to 2026-03-11 by A and B, and has 1."
    ]


def test_an_effort_that_nobody_can_finish_is_the_matter_of_pln403_alone() -> None:
    leaves = held(("ann", "boss", "0.5"), period=DateRange(None, on(8)))
    found = model(*leaves, effort("a", 20, "boss"))
    codes = [one.code for one in found.check(MONDAY, select=["PLN403", "PLN404"]).findings]
    assert codes == ["PLN403"]


def test_what_is_asked_of_a_vacancy_is_found_until_the_day_on_which_it_counts_as_filled() -> None:
    vacant = model(task("a", 20, "boss"))
    assert overload(vacant) == ["Boss is asked for 1 FTE from 2026-03-02 to 2026-03-27 by A, and has 0."]
    assert overload(vacant.add(backfilled(10))) == [
        "Boss is asked for 1 FTE from 2026-03-02 to 2026-03-11 by A, and has 0."
    ]
    assert overload(vacant.add(backfilled(7))) == []


def test_a_position_that_does_not_exist_is_the_matter_of_another_rule() -> None:
    assert overload(model(task("a", 20, "ghost"))) == []
    assert overload(model(task("a", 20))) == []


def test_a_leave_that_leaves_too_few_is_found() -> None:
    away = Absence(id="away", person="ann", period=DateRange(on(7), on(20)))
    staff = held(("ann", "editor", "1"), ("ben", "editor", "1"))
    found = model(*staff, away, task("a", 20, Allocation("editor", 2)))
    assert overload(found) == ["Editor is asked for 2 FTE from 2026-03-09 to 2026-03-20 by A, and has 1."]
    assert overload(found, on(3)) == overload(found)
