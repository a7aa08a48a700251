"""Schedules are what the definitions say, and keep the laws that follow from them, over random plans."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve
from hypothesis import assume, event, given
from hypothesis import strategies as st

import community_ops as co
from community_ops import Duration, Link, Plan, Task
from community_ops.plan.network import solve
from community_ops.plan.records import LagTime
from community_ops.plan.scheduling import Schedule, schedule
from community_ops.worktime import Calendar, WorkTime
from tests.plan.by_definition import Definitions, When

MONDAY_TO_FRIDAY = ("mon", "tue", "wed", "thu", "fri")
CALENDARS = (
    Calendar(id="round", timezone="UTC", hours=dict.fromkeys((*MONDAY_TO_FRIDAY, "sat", "sun"), (("00:00", "24:00"),))),
    Calendar(
        id="office",
        timezone="Europe/Berlin",
        hours=dict.fromkeys(MONDAY_TO_FRIDAY, (("09:00", "12:00"), ("13:00", "18:00"))),
    ),
    Calendar(
        id="weekend", timezone="Asia/Shanghai", hours={"sat": (("10:00", "16:00"),), "sun": (("10:00", "16:00"),)}
    ),
    Calendar(
        id="night",
        timezone="America/New_York",
        hours=dict.fromkeys(MONDAY_TO_FRIDAY, (("22:00", "06:00"),)),
        holidays=(date(2026, 3, 31),),
        shifts={"2026-04-04": (("12:00", "14:30"),)},
    ),
)
START = date(2026, 3, 26)  # a Thursday, the week in which Berlin's clocks change
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
TYPES = ("FS", "SS", "FF", "SF")
halves = st.builds(Duration, st.integers(0, 30).map(lambda n: n * 30), st.just("minute"))


@st.composite
def links(draw: st.DrawFn, before: str, real_time: bool) -> Link:
    lag = draw(st.integers(-20, 20).map(lambda n: n if abs(n) < 12 else 0))
    percent = draw(st.sampled_from([None, None, None, -50, 25, 100])) if before[0] == "t" else None
    times: list[LagTime] = ["successor", "predecessor", "project", *(["elapsed"] if real_time else [])]
    time = draw(st.sampled_from(times))
    return Link(before, draw(st.sampled_from(TYPES)), Duration(lag, "hour"), percent, time)


def instants(draw: st.DrawFn) -> date | datetime:
    day = START + timedelta(days=draw(st.integers(-2, 12)))
    hour = draw(st.sampled_from([None, None, 0, 8, 9, 17, 23]))
    return day if hour is None else datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def own_dates(draw: st.DrawFn, choice: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {"constraint": draw(st.sampled_from(choice))}
    if found["constraint"] not in ("ASAP", "ALAP"):
        found["constraint_date"] = instants(draw)
    if draw(st.integers(0, 5)) == 0 and "MSO" in choice:
        found["deadline"] = instants(draw)
    return found


@st.composite
def plans(
    draw: st.DrawFn,
    calendars: tuple[str, ...] = ("round", "office", "weekend", "night"),
    dated: bool = True,
    late: bool = True,
    nested: bool = True,
    real_time: bool = True,
) -> co.OperatingModel:
    """Up to six tasks, some of them together in summaries, with links from earlier ones to later ones."""
    count = draw(st.integers(1, 6))
    choice = ("ASAP",) * (5 if dated else 1) + (("ALAP",) * 2 if late else ())
    own = (*choice, "SNET", "SNLT", "FNET", "FNLT", "MSO", "MFO") if dated else choice
    parents: list[str | None] = [None] * count
    tops: list[str] = []
    while nested and len(tops) < count and draw(st.booleans()):
        first, size = draw(st.integers(0, count - 1)), draw(st.integers(1, 3))
        if not any(parents[first : first + size]):
            tops.append(f"s{len(tops)}")
            for one in range(first, min(first + size, count)):
                parents[one] = tops[-1]
    members = {top: [i for i, up in enumerate(parents) if up == top] for top in tops}
    members |= {f"t{i}": [i] for i in range(count)}
    records: list[Any] = []
    for id, mine in members.items():
        earlier = [other for other, those in members.items() if max(those) < min(mine)]
        found = [
            draw(links(before, real_time))
            for before in (draw(st.lists(st.sampled_from(earlier), max_size=3)) if earlier else [])
        ]
        if id[0] == "s":
            fields = own_dates(draw, ("ASAP", "ASAP", "SNET", "FNLT", "MSO") if dated else ("ASAP",))
        else:
            fields = own_dates(draw, own)
            fields["kind"] = draw(st.sampled_from(["task"] * 5 + ["milestone"]))
            fields["duration"] = draw(halves)
            fields["parent"] = parents[mine[0]]
        fields["calendar"] = draw(st.sampled_from([None, *calendars]))
        records.append(Task(id=id, name=id, plan="p", links=tuple(found), **fields))
    plan = Plan(id="p", name="P", start=START, calendar=draw(st.sampled_from(calendars)))
    return co.OperatingModel(draw(st.permutations([plan, *CALENDARS, *records])))


def dates_of(found: Schedule, ids: list[str]) -> dict[str, When]:
    return {id: When(found.tasks[id].start, found.tasks[id].finish) for id in ids}


def with_task(model: co.OperatingModel, task: Task) -> co.OperatingModel:
    return model.replace(task)


# --- the definitions ---------------------------------------------------------------------------------------


@given(plans())
def test_early_dates_are_those_of_the_definitions(model: co.OperatingModel) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    early = meant.early()
    assert {id: When(found.tasks[id].early_start, found.tasks[id].early_finish) for id in meant.driving} == early


@given(plans())
def test_floats_and_late_dates_are_those_of_the_definitions(model: co.OperatingModel) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    early = meant.early()
    total = meant.late(early)
    settled, free = meant.settled(early, total)
    for id in meant.driving:
        one, elapsed = found.tasks[id], meant.work[id].elapsed
        put_off = elapsed(early[id].start, settled[id].start)
        assert one.total_float == total[id] - put_off
        assert one.free_float == free[id] - put_off
        assert (one.start, one.finish) == settled[id]
        assert elapsed(early[id].start, one.late_start) == total[id]
        assert elapsed(early[id].finish, one.late_finish) == total[id]
        assert one.critical == (one.total_float <= timedelta())


@given(plans())
def test_a_summary_lasts_from_the_first_start_of_its_parts_to_the_last_finish(model: co.OperatingModel) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    for id, one in found.tasks.items():
        if one.kind == "summary":
            parts = [found.tasks[leaf] for leaf in meant.leaves(id)]
            assert one.start == min(part.start for part in parts)
            assert one.finish == max(part.finish for part in parts)
            assert one.early_start == min(part.early_start for part in parts)
            assert one.late_finish == max(part.late_finish for part in parts)
            assert one.total_float == min(part.total_float for part in parts if part.total_float is not None)
            assert one.free_float is None


# --- laws --------------------------------------------------------------------------------------------------


@given(plans())
def test_every_link_holds_unless_a_task_must_be_done_on_a_date(model: co.OperatingModel) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    dates = dates_of(found, meant.driving)
    for _, after, link in meant.links:
        if meant.tasks[after].constraint not in ("MSO", "MFO"):
            bound = meant.led(meant.left_by(link, dates), link, after)
            assert (dates[after].start if link.type[1] == "S" else dates[after].finish) >= bound
    for id in meant.driving:
        one = found.tasks[id]
        assert one.total_float is not None
        assert one.free_float is not None
        assert timedelta() <= one.free_float <= max(one.total_float, timedelta())
        assert meant.work[id].elapsed(one.start, one.finish) == one.work == meant.length(id)


def shifted(model: co.OperatingModel, id: str, by: timedelta) -> Schedule:
    """The schedule where a task starts no earlier than some working time after it does."""
    meant = Definitions(model)
    work, start = meant.work[id], schedule(model, "p").tasks[id].start
    begin = work.finish(start, by) if not meant.length(id) else work.add(start, by)
    task = evolve(meant.tasks[id], constraint="SNET", constraint_date=begin.astimezone(UTC))
    return schedule(with_task(model, task), "p")


@given(plans(late=False), st.data())
def test_a_task_that_slips_by_its_free_float_moves_no_other(model: co.OperatingModel, data: st.DataObject) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    free = [id for id in meant.driving if found.tasks[id].free_float and meant.tasks[id].constraint == "ASAP"]
    assume(free)
    id = data.draw(st.sampled_from(free))
    by = found.tasks[id].free_float
    assert by is not None
    others = [other for other in meant.driving if other != id]
    # All of its float brings it to where work stops; where it goes on, somebody on other hours may be waiting already.
    assert dates_of(shifted(model, id, by - INSTANT), others) == dates_of(found, others)


# Real time is a calendar of its own: what begins in it when work goes on ends later than from the closing before.
@given(plans(calendars=("office",), late=False, real_time=False), st.data())
def test_on_one_calendar_it_may_slip_by_all_of_it(model: co.OperatingModel, data: st.DataObject) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    free = [id for id in meant.driving if found.tasks[id].free_float and meant.tasks[id].constraint == "ASAP"]
    assume(free)
    id = data.draw(st.sampled_from(free))
    by = found.tasks[id].free_float
    assert by is not None
    moved = dates_of(shifted(model, id, by), meant.driving)
    for other in meant.driving:
        if other != id:
            event("moved" if moved[other] != When(found.tasks[other].start, found.tasks[other].finish) else "still")
            assert moved[other] == When(found.tasks[other].start, found.tasks[other].finish)


@given(plans(dated=False, late=False), st.data())
def test_the_finish_stays_while_a_task_slips_by_its_total_float_and_no_longer(
    model: co.OperatingModel, data: st.DataObject
) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    id = data.draw(st.sampled_from(sorted(meant.driving)))
    by = found.tasks[id].total_float
    assert by is not None
    assert by >= timedelta()
    if by:
        assert shifted(model, id, by - INSTANT).finish == found.finish
    of_first = [link for _, _, link in meant.links if link.type[0] == "S" and len(meant.leaves(link.task)) > 1]
    if not of_first:  # else another part of the summary may be the first to start
        finish = shifted(model, id, by + MINUTE).finish
        assert finish is not None
        assert found.finish is not None
        assert finish > found.finish


@given(plans(), st.randoms())
def test_the_order_of_records_and_of_links_does_not_matter(model: co.OperatingModel, random: Any) -> None:
    records = [
        evolve(record, links=tuple(random.sample(record.links, len(record.links))))
        if isinstance(record, Task)
        else record
        for record in (*model.plans, *model.calendars, *model.tasks)
    ]
    random.shuffle(records)
    found, again = schedule(model, "p"), schedule(co.OperatingModel(records), "p")
    assert found == again
    assert found.longest_path() == again.longest_path()
    assert found.critical() == again.critical()


@given(plans(calendars=("round",), dated=False, late=False, nested=False))
def test_on_a_calendar_without_end_it_is_the_critical_path_method(model: co.OperatingModel) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    ids = list(meant.tasks)
    tied = [
        (ids.index(before), ids.index(after), link.type, meant.lag(link, after)[0] // MINUTE)
        for before, after, link in meant.links
        if not meant.lag(link, after)[0] % MINUTE
    ]
    assume(len(tied) == len(meant.links))
    network = solve([meant.length(id) // MINUTE for id in ids], tied)
    for place, id in enumerate(ids):
        one = found.tasks[id]
        assert one.early_start == meant.begin + network.early_start[place] * MINUTE
        assert one.early_finish == meant.begin + network.early_finish[place] * MINUTE
        assert one.late_start == meant.begin + network.late_start[place] * MINUTE
        assert one.late_finish == meant.begin + network.late_finish[place] * MINUTE
        assert one.total_float == network.total_float[place] * MINUTE
        assert one.free_float == network.free_float[place] * MINUTE


@given(plans())
def test_what_drives_a_task_would_by_itself_put_it_where_it_is(model: co.OperatingModel) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    early = meant.early()
    for id in meant.driving:
        driver = found.tasks[id].driver
        if driver.kind == "plan":
            assert meant.place(id, meant.begin, None).start == early[id].start
            continue
        bound = driver.at
        if driver.link is not None:
            assert driver.task == driver.link.task
            assert driver.link in list(meant.links_of(id))
            assert driver.at == meant.left_by(driver.link, early)
            assert driver.end == ("start" if driver.link.type[1] == "S" else "finish")
            bound = meant.led(driver.at, driver.link, id)
        if meant.must(id) is not None:
            assert driver.kind == "date"
        elif driver.end == "start":
            assert meant.place(id, bound, None).start == early[id].start
        else:
            assert meant.place(id, meant.begin, bound).finish == early[id].finish


def links_above(meant: Definitions, task: Task) -> list[Link]:
    found: list[Link] = []
    while task.parent is not None:
        task = meant.tasks[task.parent]
        found += task.links
    return found


@given(plans(late=False))
def test_without_the_link_that_drives_it_a_task_starts_earlier_or_another_demand_takes_over(
    model: co.OperatingModel,
) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    for id in meant.driving:
        driver = found.tasks[id].driver
        task = meant.tasks[id]
        if driver.link not in task.links or driver.link in links_above(meant, task):
            continue  # without its own, the same link of a summary would still drive it
        fewer = tuple(link for link in task.links if link != driver.link)
        again = schedule(with_task(model, evolve(task, links=fewer)), "p").tasks[id]
        before, after = found.tasks[id], again
        assert (after.early_start, after.early_finish) <= (before.early_start, before.early_finish)
        if (after.early_start, after.early_finish) == (before.early_start, before.early_finish):
            assert after.driver != driver


# --- levels of effort --------------------------------------------------------------------------------------


@given(plans(nested=False), st.data())
def test_a_level_of_effort_lasts_as_long_as_what_it_spans_and_moves_nothing(
    model: co.OperatingModel, data: st.DataObject
) -> None:
    meant, found = Definitions(model), schedule(model, "p")
    first, last = (data.draw(st.sampled_from(sorted(meant.driving))) for _ in range(2))
    care = Task(id="care", name="care", plan="p", kind="level_of_effort", links=(Link(first, "SS"), Link(last, "FF")))
    more = schedule(model.add(care), "p")
    assert dates_of(more, meant.driving) == dates_of(found, meant.driving)
    assert more.finish == found.finish
    one, work = more.tasks["care"], WorkTime(meant.calendars[str(meant.plan.calendar)])
    assert one.total_float is None
    assert one.work == max(timedelta(), work.elapsed(found.tasks[first].start, found.tasks[last].finish))
    if one.work:
        assert one.start == work.next_opening(found.tasks[first].start)
        assert one.finish == work.previous_closing(found.tasks[last].finish)


def test_percentages_are_of_the_predecessors_duration() -> None:
    # An hour and a half is half of three hours; the oracle takes only whole percentages.
    first = Task(id="a", name="A", plan="p", duration=Duration(3, "hour"))
    second = Task(id="b", name="B", plan="p", links=(Link("a", lag_percent=Decimal("50")),))
    plan = Plan(id="p", name="P", start=START, calendar="office")
    found = schedule(co.OperatingModel.of(plan, *CALENDARS, first, second), "p")
    assert str(found.tasks["b"].start) == "2026-03-26 14:30:00+01:00"
