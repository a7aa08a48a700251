"""Rework: the tasks that do others' work again, and the gates that they pass in their place."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from attrs import evolve

from community_ops import Allocation, Deliverable, Duration, Link, Money, OperatingModel, Plan, Position, Record, Task
from community_ops.errors import DuplicateRecord, UnknownRecord
from community_ops.plan import earned_value, rework, rollup, schedule, take_baseline
from community_ops.plan.reworking import Gate, gate, redone_by
from tests.plan.control import MONDAY, closing, spent, task, workday, yuan

PLAN = Plan(id="p", name="Launch", start=MONDAY)
LEAD = Position(id="lead", title="Lead", unit="hq")


def copy(result: str = "failed", day: int | None = 1, name: str = "Copy") -> Deliverable:
    when = None if day is None else workday(day)
    return Deliverable(name, ("No errors",), "lead", result, when)  # type: ignore[arg-type]


def failed(**fields: object) -> Task:
    given = {"owner": "lead", "allocations": (Allocation("lead"),), "area": "promotion", "calendar": "c", **fields}
    done = {"actual_start": MONDAY, "actual_finish": workday(1), "percent_complete": 100, "deliverables": (copy(),)}
    return task("write", 2, **{**done, **given})


def model_of(*records: Record) -> OperatingModel:
    return OperatingModel.of(PLAN, LEAD, *records)


def test_rework_does_the_same_again_after_the_task_and_delivers_anew_what_failed() -> None:
    notes, extra = Deliverable("Notes", result="passed", reviewed=workday(1)), Deliverable("Index")
    model = model_of(failed(deliverables=(copy(), notes, extra), parent="all"), task("all", None))
    again = model.apply(rework(model, "write")).tasks["write-rework"]
    assert again == Task(
        id="write-rework",
        name="Write (rework)",
        plan="p",
        parent="all",
        area="promotion",
        owner="lead",
        allocations=(Allocation("lead"),),
        calendar="c",
        duration=Duration(2),
        links=(Link("write"),),
        deliverables=(Deliverable("Copy", ("No errors",), "lead"),),
        reworks="write",
    )


def test_what_is_said_of_the_rework_counts() -> None:
    model = model_of(failed(effort=Duration(3), duration=None))
    made = rework(model, "write", id="w2", name="Write it again", duration=Duration(1), planned_cost=yuan(90))
    (again,) = made.added
    assert isinstance(again, Task)
    assert (again.id, again.name, again.duration, again.effort) == ("w2", "Write it again", Duration(1), None)
    assert again.planned_cost == yuan(90)
    (same,) = rework(model, "write").added
    assert isinstance(same, Task)
    assert (same.duration, same.effort, same.planned_cost) == (None, Duration(3), None)


def test_where_nothing_failed_all_is_delivered_anew() -> None:
    model = model_of(failed(deliverables=(copy("passed"), copy("pending", None, "Index"))))
    (again,) = rework(model, "write").added
    assert isinstance(again, Task)
    assert [(one.name, one.result, one.reviewed) for one in again.deliverables] == [
        ("Copy", "pending", None),
        ("Index", "pending", None),
    ]


def test_a_task_is_called_in_its_language_and_has_an_id_of_its_own() -> None:
    model = model_of(failed(name="写稿"), task("write-rework"))
    (again,) = rework(model, "write").added
    assert isinstance(again, Task)
    assert (again.id, again.name) == ("write-rework-2", "写稿（返工）")


def test_what_waits_for_the_task_waits_for_its_rework_unless_it_has_begun() -> None:
    model = model_of(
        failed(),
        task("print", links=(Link("write", lag=Duration(1)), Link("other"))),
        task("sing", links=(Link("write", "SS"), Link("write", "FF"))),
        task("begun", links=(Link("write"),), actual_start=workday(2)),
        task("over", links=(Link("write"),), actual_finish=workday(2)),
        task("said", links=(Link("write"),), percent_complete=5),
        task("other"),
    )
    after = model.apply(rework(model, "write"))
    assert after.tasks["print"].links == (Link("write-rework", lag=Duration(1)), Link("other"))
    for untouched in ("sing", "begun", "over", "said", "other", "write"):
        assert after.tasks[untouched] == model.tasks[untouched]
    dates = schedule(after, "p", closing(1)).tasks
    # Written on Monday and Tuesday, again on Wednesday and Thursday; a day later printed.
    assert [dates[id].start.date() for id in ("write-rework", "print")] == [workday(2), workday(5)]  # type: ignore[union-attr]


def test_rework_of_rework_takes_its_place_in_turn() -> None:
    model = model_of(failed(), task("print", links=(Link("write"),)))
    once = model.apply(rework(model, "write", id="w2"))
    twice = once.apply(rework(once, "w2", id="w3", name="Third time"))
    assert twice.tasks["print"].links == (Link("w3"),)
    assert (twice.tasks["w3"].reworks, twice.tasks["w3"].links) == ("w2", (Link("w2"),))
    # Redoing the first once more leaves alone what redoes it already.
    thrice = once.apply(rework(once, "write", id="w4"))
    assert thrice.tasks["w2"].links == (Link("write"),)


def test_what_cannot_be_redone_is_an_error() -> None:
    model = model_of(failed())
    with pytest.raises(UnknownRecord):
        rework(model, "nobody")
    with pytest.raises(DuplicateRecord):
        rework(model, "write", id="write")


# -- gates ------------------------------------------------------------------------------------------------------------


def gate_of(*results: tuple[str, str, int | None], **deliverable: str) -> Gate:
    """Return the gate of a chain of tasks, each of which redoes the one before."""
    tasks = [
        task(id, deliverables=(copy(result, day, deliverable.get(id, "Copy")),), reworks=before)
        for (id, result, day), before in zip(results, [None, *[one[0] for one in results]], strict=False)
    ]
    return gate(model_of(*tasks), results[0][0], "Copy")


def test_a_gate_has_passed_once_any_task_that_redoes_the_first_has_passed_it() -> None:
    assert gate_of(("a", "failed", 1)) == Gate("failed", "a")
    assert gate_of(("a", "failed", 1), ("b", "pending", None)) == Gate("pending", "b")
    assert gate_of(("a", "failed", 1), ("b", "failed", 2)) == Gate("failed", "b")
    assert gate_of(("a", "failed", 1), ("b", "passed", 2)) == Gate("passed", "b", workday(2))
    assert gate_of(("a", "failed", 1), ("b", "failed", 2), ("c", "passed", 3)) == Gate("passed", "c", workday(3))
    assert gate_of(("a", "passed", 4), ("b", "passed", 2)) == Gate("passed", "b", workday(2))
    assert gate_of(("a", "passed", 4), ("b", "passed", None)) == Gate("passed", "b")
    assert gate_of(("a", "passed", 1), ("b", "failed", 2)) == Gate("passed", "a", workday(1))


def test_only_what_is_called_the_same_stands_in_for_a_deliverable() -> None:
    assert gate_of(("a", "failed", 1), ("b", "passed", 2), b="Notes") == Gate("failed", "a")
    # What lies between need not deliver it.
    passed = gate_of(("a", "failed", 1), ("b", "passed", 2), ("c", "passed", 3), b="Notes")
    assert passed == Gate("passed", "c", workday(3))
    assert gate(model_of(task("a")), "a", "Copy") == Gate("none", "a")


def test_tasks_that_redo_each_other_in_a_circle_are_told_once() -> None:
    model = model_of(task("a", reworks="b"), task("b", reworks="a"), task("c", reworks="nobody"))
    assert redone_by(model, "a") == ("b",)
    assert redone_by(model, "nobody") == ("c",)
    assert redone_by(model, "c") == ()


# -- what it costs ----------------------------------------------------------------------------------------------------


def test_rework_counts_in_full_and_is_told_apart() -> None:
    first = failed(parent="all", planned_cost=yuan(200), costs=(spent(1, 210),))
    model = model_of(task("all", None), first, task("print", 4, parent="all", planned_cost=yuan(100)))
    untouched = {"actual_start": None, "actual_finish": None, "percent_complete": Decimal(0), "costs": ()}
    before = model.replace(evolve(first, **untouched))  # type: ignore[arg-type]
    model = model.add(take_baseline(before, "p", id="b", at=MONDAY))
    after = model.apply(rework(model, "write", id="w2", planned_cost=yuan(80)))
    whole = rollup(after, "p")["all"]
    assert (whole.planned_cost, whole.rework_cost) == (yuan(380), yuan(80))
    # Two days of eight are done; without the rework it was two of six.
    assert (whole.tasks, whole.work, whole.percent_complete) == (3, timedelta(hours=64), Decimal(25))
    assert rollup(model, "p")["all"].rework_cost is None
    assert (rollup(after, "p")["write"].rework_cost, rollup(after, "p")["w2"].rework_cost) == (None, yuan(80))
    again = evolve(after.tasks["w2"], actual_start=workday(2), costs=(spent(2, 30), spent(3, 40), spent(5, 1)))
    found = earned_value(after.replace(again), "p", closing(3))
    # It earns nothing, as nobody promised it, but it costs.
    assert [found.bac, found.ev, found.ac, found.rework] == [300, 200, 280, 70]
    assert earned_value(model, "p", closing(3)).rework == 0


def test_rework_of_a_level_of_effort_or_in_a_summary_is_not_counted_twice() -> None:
    model = OperatingModel.of(
        PLAN,
        task("a", 1, planned_cost=yuan(10)),
        task("view", None, overlaps=("a",)),
        task("seen", 1, parent="view", reworks="a", planned_cost=yuan(5), costs=(spent(0, 5),)),
        task("guard", None, kind="level_of_effort", reworks="a", planned_cost=yuan(7), costs=(spent(0, 7),)),
    )
    model = model.add(take_baseline(model, "p", id="b", at=date(2026, 3, 2)))
    assert earned_value(model, "p", closing(0)).rework == 7
    assert rollup(model, "p")["view"].rework_cost is None
    assert rollup(model, "p")["guard"].rework_cost == Money(7, "CNY")
