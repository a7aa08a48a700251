"""A million tasks one after the other, and a million beside each other: every date follows from arithmetic alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

import community_ops as co
from community_ops import Duration, Link, OperatingModel, Plan, Task
from community_ops.plan.scheduling import schedule
from community_ops.worktime import Calendar

pytestmark = pytest.mark.scale

SIZE = 1_000_000
# Ten hours a day, every day, so that a day's work of ten tasks is easily reckoned.
DAILY = Calendar(
    id="daily", hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (("08:00", "18:00"),))
)
PLAN = Plan(id="p", name="P", start=date(2026, 3, 2), calendar="daily")
HOUR = Duration(1, "hour")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """Give back one test's millions before the next makes its own."""
    yield
    gc.collect()


def opens(task: int) -> datetime:
    """When an hour's work begins that comes after so many."""
    return MONDAY + timedelta(days=task // 10, hours=8 + task % 10)


def test_a_chain_of_a_million_tasks() -> None:
    tasks = (
        Task(id=f"t{i}", name="T", plan="p", duration=HOUR, links=(Link(f"t{i - 1}"),) if i else ())
        for i in range(SIZE)
    )
    found = schedule(OperatingModel([PLAN, DAILY, *tasks]), "p")
    assert found.finish == opens(SIZE - 1) + timedelta(hours=1)
    for i in (0, 9, 10, 123_456, SIZE - 1):
        one = found.tasks[f"t{i}"]
        assert (one.start, one.late_start, one.finish) == (opens(i), opens(i), opens(i) + timedelta(hours=1))
    assert len(found.critical()) == len(found.longest_path()) == SIZE


def test_a_star_of_a_million_tasks() -> None:
    rays = [
        Task(id=f"t{i}", name="T", plan="p", duration=Duration(1 + i % 10, "hour"), links=(Link("hub"),))
        for i in range(SIZE)
    ]
    hub = Task(id="hub", name="Hub", plan="p", duration=HOUR)
    end = Task(id="end", name="End", plan="p", kind="milestone", links=tuple([Link(ray.id) for ray in rays]))
    found = schedule(OperatingModel([PLAN, DAILY, hub, end, *rays]), "p")
    assert found.tasks["end"].start == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert found.tasks["t7"].free_float == timedelta(hours=2)
    assert len(found.critical()) == SIZE // 10 + 2


def test_summaries_a_hundred_thousand_deep() -> None:
    depth = 100_000
    tops = (Task(id=f"s{i}", name="S", plan="p", parent=f"s{i - 1}" if i else None) for i in range(depth))
    efforts = (Task(id=f"e{i}", name="E", plan="p", parent=f"s{i}", kind="level_of_effort") for i in range(depth))
    leaf = Task(id="leaf", name="L", plan="p", parent=f"s{depth - 1}", duration=HOUR)
    after = Task(id="after", name="A", plan="p", links=(Link("s0"),), duration=HOUR)
    found = co.plan.schedule(OperatingModel([PLAN, DAILY, *tops, *efforts, leaf, after]), "p")
    assert found.tasks["s0"].finish == found.tasks["e5"].finish == opens(0) + timedelta(hours=1)
    assert found.finish == opens(1) + timedelta(hours=1)
