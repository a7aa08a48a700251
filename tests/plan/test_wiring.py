"""A plan as numbers: what is wired, what is loose, how long things take, what dates demand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from community_ops import Allocation, Duration, Estimate, Link, OperatingModel, Plan
from community_ops.errors import UnknownRecord
from community_ops.plan.linking import ELAPSED
from community_ops.plan.scheduling import schedule
from community_ops.plan.wiring import Wiring, wiring
from tests.plan.samples import plan, task

HOUR = 3_600_000_000
DAY = 8 * HOUR


def names(net: Wiring) -> list[tuple[str, str, str]]:
    """The wires as the ids of their ends and their types; a hub as its summary and its end."""
    ids = [*net.parts.ids, *(f"{net.parts.ids[hub.summary]}'s {hub.end}" for hub in net.hubs)]
    return sorted((ids[wire.before], ids[wire.after], wire.type) for wire in net.wires)


def loose(net: Wiring) -> list[tuple[str, int, str]]:
    return [(net.parts.ids[one.task], one.place, one.why) for one in net.loose]


def test_a_link_between_two_tasks_is_a_wire() -> None:
    link = Link("a", "SS", Duration(1))
    net = wiring(plan(task("a", 1), task("b", 2, link)), "p")
    (wire,) = net.wires
    assert wire == (0, 1, "SS", DAY, 0, (1, 0), link)
    assert (net.works, net.nodes, net.hubs, net.loose) == ((DAY, 2 * DAY), (0, 1), (), ())


def test_links_out_of_a_summary_come_out_of_a_hub_and_those_into_it_hold_each_leaf() -> None:
    inner = (task("mid", parent="s"), task("x", 1, parent="mid"), task("y", 1, parent="s"))
    after = task("z", 1, "s", Link("s", "SS"), Link("s", "FF"))
    net = wiring(plan(task("a", 1), task("s", None, "a"), *inner, after), "p")
    assert names(net) == [
        ("a", "x", "FS"), ("a", "y", "FS"),
        ("s's finish", "z", "FF"), ("s's finish", "z", "FS"), ("s's start", "z", "SS"),
        ("x", "s's finish", "FS"), ("x", "s's start", "SS"), ("y", "s's finish", "FS"), ("y", "s's start", "SS"),
    ]  # fmt: skip
    assert net.loose == ()


def test_a_summary_of_one_leaf_needs_no_hub() -> None:
    net = wiring(plan(task("s"), task("x", 1, parent="s"), task("z", 1, "s")), "p")
    assert names(net) == [("x", "z", "FS")]


@pytest.mark.parametrize(
    ("lag_time", "calendar"), [("successor", 1), ("predecessor", 2), ("project", 0), ("elapsed", ELAPSED)]
)
def test_a_lag_runs_on_the_calendar_that_its_link_names(lag_time: str, calendar: int) -> None:
    link = Link("a", lag=Duration(1), lag_time=lag_time)  # type: ignore[arg-type]
    tasks = (task("b", 1, link, calendar="round"), task("a", 1, calendar="weekend"))
    (wire,) = wiring(plan(*tasks), "p").wires
    assert wire.lag_calendar == calendar
    assert wire.lag == (24 * HOUR if lag_time == "elapsed" else DAY)


def test_a_percentage_of_the_predecessors_duration_is_a_lag() -> None:
    net = wiring(plan(task("a", 3), task("b", 1, Link("a", lag_percent=Decimal("-12.5"), lag=Duration(9)))), "p")
    assert [wire.lag for wire in net.wires] == [-3 * HOUR]


def test_what_does_not_hold_as_written_is_listed_with_the_reason() -> None:
    net = wiring(
        plan(
            task("far", 1, plan="q"),
            task("s"),
            task("x", 1, "s", "x", parent="s"),
            task("care", kind="level_of_effort"),
            task("weekly", 1, "x", kind="recurring"),
            task("none", None, "x"),
            task("idle", kind="recurring", parent="none"),
            task("y", 1, "far", "nowhere", "care", "weekly", "none", Link("s", lag_percent=50)),
        ),
        "p",
    )
    assert loose(net) == [
        ("x", 0, "own part"), ("x", 1, "own part"), ("weekly", 0, "drives nothing"), ("none", 0, "drives nothing"),
        ("y", 0, "other plan"), ("y", 1, "other plan"), ("y", 2, "drives nothing"), ("y", 3, "drives nothing"),
        ("y", 4, "drives nothing"), ("y", 5, "percent of a summary"),
    ]  # fmt: skip
    assert names(net) == [("x", "y", "FS")]
    assert [wire.lag for wire in net.wires] == [0]


def test_a_summary_does_not_wait_for_its_own_part() -> None:
    net = wiring(plan(task("s", None, "x"), task("x", 1, parent="s")), "p")
    assert loose(net) == [("s", 0, "own part")]
    assert net.wires == ()


def test_levels_of_effort_follow_others_and_hold_nothing() -> None:
    net = wiring(plan(task("a", 1), task("care", None, Link("a", "SS"), kind="level_of_effort")), "p")
    assert [(wire.before, wire.after, wire.type) for wire in net.spans] == [(0, 1, "SS")]
    assert (net.wires, net.nodes) == ((), (0,))


def test_of_how_long_it_takes_the_first_that_is_said_counts() -> None:
    two = (Allocation("a", 2), Allocation("b", "0.5"))
    estimate = Estimate(1, 2, 9)  # (1 + 8 + 9) / 6 is 3
    tasks = (
        task("duration", 1, effort=Duration(9), estimate=estimate),
        task("effort", effort=Duration(5), allocations=two, estimate=estimate),
        task("alone", effort=Duration(5)),
        task("nobody", effort=Duration(5), allocations=(Allocation("a", 0),)),
        task("estimate", estimate=estimate),
        task("early", estimate=Estimate(-9, -9, -9)),
        task("milestone", 4, kind="milestone"),
        task("unknown"),
        task("unknown_summary"),
        task("unknown_part", 1, parent="unknown_summary"),
    )
    net = wiring(plan(*tasks), "p")
    assert [work // HOUR for work in net.works] == [8, 16, 40, 40, 24, 0, 0, 0, 0, 8]
    assert [net.parts.ids[one] for one in net.unestimated] == ["unknown"]


def test_calendars_are_those_of_the_tasks_or_the_plans() -> None:
    own = {"a": None, "b": "weekend", "c": "gone", "d": "office"}
    net = wiring(plan(*[task(id, 1, calendar=calendar) for id, calendar in own.items()]), "p")
    assert [net.clocks.calendars[place].id for place in net.calendars] == ["office", "weekend", "office", "office"]


def test_what_holds_for_a_summary_holds_for_its_parts() -> None:
    day = date(2026, 3, 4)
    top = task("top", constraint="SNET", constraint_date=day, deadline=date(2026, 3, 20))
    mid = task("mid", parent="top", constraint="MSO", constraint_date=date(2026, 3, 5))
    own = task("own", 1, parent="mid", constraint="SNET", constraint_date=date(2026, 3, 3), deadline=date(2026, 3, 18))
    net = wiring(plan(top, mid, own, task("plain", 1, parent="top"), task("free", 1)), "p")
    start = net.clocks.instant(day, 0)
    due, sooner = (net.clocks.end(date(2026, 3, last), 0) for last in (20, 18))
    ids = net.parts.ids
    found = {ids[one]: limits for one, limits in net.limits.items()}
    assert set(found) == {"top", "mid", "own", "plain"}
    assert (found["own"].no_start_before, found["own"].no_finish_after) == (start, sooner)
    assert (found["plain"].no_start_before, found["plain"].no_finish_after) == (start, due)
    assert (found["own"].start_on, found["mid"].start_on) == (None, net.clocks.instant(date(2026, 3, 5), 0))


def test_an_unknown_plan_is_named() -> None:
    with pytest.raises(UnknownRecord, match="gone"):
        wiring(OperatingModel(), "gone")


def test_a_plan_without_a_calendar_goes_by_the_standard_one() -> None:
    net = wiring(OperatingModel.of(Plan(id="p", name="P", start=date(2026, 3, 2))), "p")
    assert [calendar.id for calendar in net.clocks.calendars] == ["standard"]
    assert repr(net) == "<Wiring: 0 tasks, 0 wires>"


# --- editing ---------------------------------------------------------------------------------------------------------


def both() -> OperatingModel:
    mine = (task("a", 1), task("b", 2, "a"))
    others = (task("x", 1, plan="q"), task("y", 2, "x", plan="q"))
    return plan(*mine, *others, more=[Plan(id="q", name="Q", start=date(2026, 3, 2), calendar="office")])


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": Duration(9)},
        {"links": ()},
        {"deadline": date(2026, 3, 3)},
        {"recurrence": "FREQ=DAILY"},
        {"parent": "x"},
    ],
)
def test_an_edit_to_one_plan_leaves_the_numbers_and_dates_of_another(fields: dict[str, object]) -> None:
    before = both()
    net, found = wiring(before, "p"), schedule(before, "p")
    other = schedule(before, "q")
    after = before.replace(evolve(before.tasks["y"], **fields))  # type: ignore[arg-type]
    assert schedule(after, "p") is found
    assert wiring(after, "p") is net
    assert schedule(after, "q") is not other


def test_a_new_name_or_owner_leaves_the_dates() -> None:
    before = both()
    found = schedule(before, "p")
    after = before.replace(evolve(before.tasks["a"], name="Another", owner="ceo", planned_cost=None))
    after = after.replace(evolve(after.plans["p"], name="Another"))
    assert schedule(after, "p") is found
