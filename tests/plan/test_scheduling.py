"""The schedule as people see it: dates, what drives them, paths, text; and plans that are broken."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from community_ops import Duration, Link, OperatingModel, Plan, Task
from community_ops.errors import CyclicNetwork, UnknownRecord
from community_ops.plan import schedule
from community_ops.plan.scheduling import link_text
from tests.plan.samples import ROUND, clock, dated, plan, spans, task


def test_the_critical_paths_of_psplib_have_the_length_that_is_published(data_dir: Path) -> None:
    projects = [json.loads(line) for line in (data_dir / "psplib-j30.jsonl").read_text("utf-8").splitlines()]
    chosen = projects[::8]
    assert len(chosen) == 60
    for project in chosen:
        before: dict[int, list[str]] = {}
        for one, successors in enumerate(project["successors"]):
            for after in successors:
                before.setdefault(after - 1, []).append(f"t{one}")
        lengths = [Duration(one, "hour") for one in project["durations"]]
        tasks = [task(f"t{i}", None, *before.get(i, ()), duration=length) for i, length in enumerate(lengths)]
        found = dated(*tasks, calendar="round")
        assert found.finish is not None
        assert (found.finish - found.start) / timedelta(hours=1) == project["critical_path_length"], project["id"]
        assert sum([found.tasks[id].work for id in found.longest_path()], timedelta()) == found.finish - found.start
        assert set(found.longest_path()) <= set(found.critical())


# --- reasons ---------------------------------------------------------------------------------------------------------


LATE = (
    "late starts 2026-03-02 09:00 because the plan starts 2026-03-02 00:00; put off to 2026-03-10 09:00, "
    "as late as holds nobody up"
)


def test_every_task_says_why_it_is_done_when_it_is() -> None:
    found = dated(
        task("plan", 3),
        task("ads", 1, Link("plan", lag=Duration(1))),
        task("shoot", 2, Link("ads", "FF", Duration(1, "hour"), lag_time="elapsed")),
        task("fair", 1, constraint="SNET", constraint_date=date(2026, 3, 10)),
        task("press", 1, constraint="FNET", constraint_date=date(2026, 3, 10)),
        task("late", 1, constraint="ALAP"),
        task("s"), task("part", 1, "ads", parent="s"),
    )  # fmt: skip
    assert [found.explain(id) for id in found.tasks] == [
        "plan starts 2026-03-02 09:00 because the plan starts 2026-03-02 00:00",
        "ads starts 2026-03-06 09:00 because plan finishes 2026-03-04 18:00, FS+1d",
        "shoot finishes 2026-03-09 09:00 because ads finishes 2026-03-06 18:00, FF+1h elapsed",
        "fair starts 2026-03-10 09:00 because its constraint names 2026-03-10 00:00",
        "press finishes 2026-03-10 18:00 because its constraint names 2026-03-10 18:00",
        LATE,
        "s starts 2026-03-09 09:00 because part starts 2026-03-09 09:00",
        "part starts 2026-03-09 09:00 because ads finishes 2026-03-06 18:00, FS",
    ]
    assert found.tasks["ads"].driver.link == Link("plan", lag=Duration(1))


def test_a_driver_that_is_a_summary_is_named_as_the_link_names_it() -> None:
    found = dated(task("s"), task("a", 1, parent="s"), task("b", 2, parent="s"), task("z", 1, "s"))
    assert found.explain("z") == "z starts 2026-03-04 09:00 because s finishes 2026-03-03 18:00, FS"
    assert found.longest_path() == ("b", "z")


def test_of_two_links_that_demand_the_same_the_one_with_the_smaller_id_drives() -> None:
    tasks = (task("b", 2), task("a", 2), task("z", 1, "b", "a"))
    assert dated(*tasks).tasks["z"].driver.task == "a"
    assert dated(*tasks[::-1]).longest_path() == ("a", "z")


tied = pytest.mark.parametrize(
    ("one", "other"),
    [
        (Link("a"), Link("a", lag_time="elapsed")),
        (Link("a", lag_time="project"), Link("a", lag_time="predecessor")),
        (Link("a", lag=Duration(1, "hour"), lag_time="project"), Link("a", lag=Duration(1, "hour"))),
        (Link("a", lag=Duration(1, "hour")), Link("a", lag=Duration(60, "minute"))),
        (Link("a", lag=Duration(16, "hour")), Link("a", lag_percent=100)),
        (Link("a"), Link("a", lag_percent=0)),
        (Link("a", lag_percent=50, lag=Duration(1)), Link("a", lag_percent=50)),
        (Link("a"), Link("s")),
    ],
)
"""Links that demand the same after "a", of two days, the only part of "s"."""


@tied
def test_which_of_two_links_that_demand_the_same_drives_does_not_depend_on_their_order(one: Link, other: Link) -> None:
    first = (task("s"), task("a", 2, parent="s"))
    found, again = (dated(*first, task("z", 1, *links)) for links in ((one, other), (other, one)))
    assert found.tasks["z"].driver.link in (one, other)
    assert found.tasks["z"].driver == again.tasks["z"].driver


@tied
def test_whether_the_link_of_a_task_or_of_its_summary_drives_does_not_depend_on_their_order(
    one: Link, other: Link
) -> None:
    first = (task("s"), task("a", 2, parent="s"))
    above, part = task("top", None, one), task("z", 1, other, parent="top")
    found, again = (dated(*first, *those) for those in ((above, part), (part, above)))
    assert found.tasks["z"].driver.link in (one, other)
    assert found.tasks["z"].driver == again.tasks["z"].driver


def test_must_dates_and_dates_of_summaries_are_named_as_reasons() -> None:
    top = task("s", constraint="SNET", constraint_date=date(2026, 3, 4))
    must = task("must", 1, "a", constraint="MFO", constraint_date=date(2026, 3, 5))
    on = task("on", 1, "a", constraint="MSO", constraint_date=date(2026, 3, 6))
    found = dated(top, task("a", 1, parent="s"), must, on)
    reasons = {id: (one.driver.kind, one.driver.end, clock(one.driver.at)) for id, one in found.tasks.items()}
    assert reasons["a"] == ("date", "start", "03-04 00:00")
    assert reasons["must"] == ("date", "finish", "03-05 18:00")
    assert reasons["on"] == ("date", "start", "03-06 00:00")
    assert found.longest_path() == ("on",)


def test_links_print_as_plans_write_them() -> None:
    links = [Link("a", "SF", Duration("1.5", "week")), Link("a", lag=Duration(0), lag_time="elapsed")]
    links += [Link("a", "FF", lag_percent=-50), Link("a", lag=Duration(-1), lag_time="elapsed")]
    assert [link_text(link) for link in links] == ["SF+1.5w", "FS", "FF-50%", "FS-1d elapsed"]


# --- the whole -------------------------------------------------------------------------------------------------------


def test_a_schedule_prints_its_dates() -> None:
    found = dated(task("content", 3), task("ads", 2, "content"), task("short", 1))
    assert str(found) == (
        "p: 2026-03-02 09:00 to 2026-03-06 18:00\n"
        "content  2026-03-02 09:00  2026-03-04 18:00  critical\n"
        "ads      2026-03-05 09:00  2026-03-06 18:00  critical\n"
        "short    2026-03-02 09:00  2026-03-02 18:00"
    )
    assert set(found._repr_mimebundle_()) == {"text/plain", "text/html"}
    assert (found.net.parts.ids, len(found.net.wires)) == (("content", "ads", "short"), 1)
    assert repr(found) == "<Schedule of 'p': 3 tasks, finish 2026-03-06 18:00:00+08:00>"
    assert str(dated(*[task(f"t{i}", 1) for i in range(50)])).endswith("\nand 10 more")
    old = dated(task("a", 1), start=date(44, 3, 15))
    assert str(old).startswith("p: 0044-03-15 09:00")


def test_it_is_equal_to_another_with_the_same_dates_and_survives_pickling() -> None:
    tasks = (
        task("a", 3, deadline=date(2026, 3, 3)),
        task("b", 2, "a"),
        task("care", kind="level_of_effort"),
        task("s"),
    )
    found = dated(*tasks, task("c", 1, "b", parent="s"))
    assert found == dated(*tasks, task("c", 1, "b", parent="s"))
    assert found != dated(*tasks, task("c", 2, "b", parent="s"))
    assert found != "a schedule"
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert again.explain("c") == found.explain("c")
    assert hash(again) == hash(found)


def test_critical_takes_a_threshold() -> None:
    found = dated(task("long", 5), task("short", 3), task("tiny", 1), task("next", 1, "short"))
    assert found.critical() == ("long",)
    assert found.critical(timedelta(hours=8)) == ("short", "long", "next")


def test_tasks_are_asked_for_by_id_and_come_in_table_order() -> None:
    found = dated(task("b", 1), task("a", 1))
    assert list(found.tasks) == ["b", "a"]
    assert len(found) == len(found.tasks) == 2
    assert found.tasks["a"] is found.tasks["a"]
    with pytest.raises(UnknownRecord, match="gone"):
        found.tasks["gone"]
    with pytest.raises(UnknownRecord, match="gone"):
        found.explain("gone")


def test_what_nobody_estimated_is_named_and_takes_no_time() -> None:
    found = dated(task("a"), task("b", 1))
    assert found.unestimated == ("a",)
    assert spans(found)["a"] == ("03-02 09:00", "03-02 09:00")


def test_a_plan_without_tasks_starts_and_has_no_finish() -> None:
    found = dated()
    assert (found.finish, clock(found.start), found.longest_path(), found.critical(), len(found)) == (
        None, "03-02 00:00", (), (), 0
    )  # fmt: skip
    assert str(found) == "p: 2026-03-02 00:00 to no finish"


def test_an_unknown_plan_is_named() -> None:
    with pytest.raises(UnknownRecord, match="gone"):
        schedule(plan(), "gone")


# --- broken plans ----------------------------------------------------------------------------------------------------


def test_a_circle_names_its_tasks_also_through_summaries() -> None:
    with pytest.raises(CyclicNetwork) as caught:
        dated(
            task("before", 1), task("a", 1, "before", "c"), task("b", 1, "a"), task("c", 1, "b"), task("after", 1, "c")
        )
    assert caught.value.cycle == ("a", "b", "c")
    with pytest.raises(CyclicNetwork) as caught:
        dated(task("a", 1, "s"), task("s", None, "a"), task("x", 1, parent="s"), task("y", 1, parent="s"))
    assert caught.value.cycle == ("a", "x", "s")


def test_a_circle_is_reported_again_until_it_is_gone() -> None:
    model = plan(task("a", 1, "b"), task("b", 1, "a"))
    for _ in range(2):
        with pytest.raises(CyclicNetwork, match="a -> b -> a"):
            schedule(model, "p")
    mended = model.replace(evolve(model.tasks["b"], links=()))
    assert schedule(mended, "p").longest_path() == ("b", "a")


def test_links_that_lead_nowhere_hold_nothing_back() -> None:
    other = Plan(id="q", name="Q", start=date(2026, 3, 2))
    tasks = (
        task("far", 9, plan="q"),
        task("a", 1, "gone", "far", "a"),
        task("s", None, "b"),
        task("b", 1, "s", parent="s"),
    )
    found = dated(*tasks, more=[other])
    assert spans(found)["a"] == spans(found)["b"] == ("03-02 09:00", "03-02 18:00")
    assert list(found.tasks) == ["a", "s", "b"]


def test_tasks_that_are_parts_of_each_other_are_dated_all_the_same() -> None:
    found = dated(task("a", 1, parent="b"), task("b", 2, parent="a"), task("x", 1, parent="a"))
    assert {id: one.kind for id, one in found.tasks.items()} == {"a": "summary", "b": "task", "x": "task"}
    assert spans(found)["b"] == ("03-02 09:00", "03-03 18:00")


def test_plans_keep_to_their_own_tasks() -> None:
    more = [Plan(id="q", name="Q", start=datetime(2027, 1, 4, tzinfo=None).date(), calendar="round"), ROUND]
    model = OperatingModel(
        [*plan(task("a", 1), task("x", 1, plan="q")).tasks, *more, Plan(id="p", name="P", start=date(2026, 3, 2))]
    )
    assert list(schedule(model, "q").tasks) == ["x"]
    assert schedule(model, "q").start.year == 2027
    assert schedule(model, "p") is schedule(model, "p")


def test_progress_is_recorded_and_does_not_move_dates_yet() -> None:
    done = Task(id="a", name="a", plan="p", duration=Duration(2), percent_complete=50, actual_start=date(2026, 3, 9))
    assert spans(dated(done))["a"] == ("03-02 09:00", "03-03 18:00")
