"""The work breakdown: of all plans, and of one."""

from __future__ import annotations

from datetime import date

import community_ops as co
from community_ops import Duration, OperatingModel, Plan, Task
from community_ops.plan.tasktree import breakdown, parts, places_by_plan
from community_ops.plan.told import told


def task(id: str, parent: str | None = None, plan: str = "p") -> Task:
    return Task(id=id, name=id, plan=plan, parent=parent)


def model(*tasks: Task) -> OperatingModel:
    return OperatingModel([Plan(id="p", name="P", start=date(2026, 3, 2)), *tasks])


def test_each_task_is_followed_by_all_that_is_below_it() -> None:
    shape = parts(model(task("leaf", "mid"), task("other"), task("mid", "top"), task("top"), task("two", "top")), "p")
    assert [shape.ids[one] for one in shape.order] == ["other", "top", "mid", "leaf", "two"]
    assert dict(zip(shape.ids, shape.sizes, strict=True)) == {"leaf": 1, "other": 1, "mid": 2, "top": 4, "two": 1}
    top, mid, leaf, two = (shape.ids.index(id) for id in ("top", "mid", "leaf", "two"))
    assert [shape.is_summary(one) for one in (top, mid, leaf)] == [True, True, False]
    pairs = ((top, leaf), (top, top), (leaf, top), (mid, two))
    assert [shape.contains(*pair) for pair in pairs] == [True, True, False, False]
    assert shape.leaves(top) == [leaf, two]
    assert shape.leaves(two) == [two]


def test_parts_of_tasks_of_other_plans_of_nothing_and_of_each_other_stand_at_the_top() -> None:
    found = model(
        task("a", "far"), task("far", plan="q"), task("b", "gone"), task("c", "d"), task("d", "c"), task("e", "d")
    )
    shape = parts(found, "p")
    assert dict(zip(shape.ids, shape.parents, strict=True)) == {"a": None, "b": None, "c": None, "d": None, "e": 3}
    assert shape.is_summary(3)
    assert breakdown(found).cycles == (("c", "d"),)
    assert parts(found, "q").ids == ("far",)
    assert parts(found, "none").ids == ()


def test_places_are_those_of_the_table() -> None:
    found = model(task("a"), task("x", plan="q"), task("b"))
    assert dict(places_by_plan(found)) == {"p": (0, 2), "q": (1,)}
    assert parts(found, "p").places == (0, 2)


def test_what_the_tasks_of_a_plan_say_stays_the_same_value_while_others_are_edited() -> None:
    before = model(task("a"), task("x", plan="q"))
    after = before.replace(co.Task(id="x", name="X", plan="q", duration=Duration(3)))
    assert told(after, "p") is told(before, "p")
    assert told(after, "q") != told(before, "q")
    assert told(after, "q").duration == (Duration(3),)
    assert told(before, "p") != "something else"
    assert hash(told(after, "p")) == hash(told(before, "p"))
    assert repr(told(before, "p")) == "<what 1 tasks say>"


def test_a_number_written_otherwise_was_said_anew() -> None:
    before = model(co.Task(id="a", name="A", plan="p", duration=Duration("1.0")))
    after = before.replace(co.Task(id="a", name="A", plan="p", duration=Duration("1.00")))
    assert told(after, "p") is not told(before, "p")
