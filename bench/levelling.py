"""Levelling: a plan within what its positions can do, against the plain schedule; and bare numbers against the optimum.

There is no peer in Python that levels on calendars, so the plain schedule of the same plan stands beside it: what
levelling costs on top. Every rule is tried, five in all.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import community_ops as co
from bench.timing import Job, Result, fresh_copy, in_turn

ROW = "levelling"
SIZES = (1_000, 5_000)
REPEAT = 3
REACH = 200
TASKS_A_POSITION = 100


def plan(count: int, seed: int = 0) -> co.OperatingModel:
    """Return a plan of tasks of one to five days, about two links a task, each done by half or all of one position."""
    rnd = random.Random(seed)
    positions = count // TASKS_A_POSITION + 1
    records: list[Any] = [co.Plan(id="p", name="Plan", start=date(2026, 3, 2))]
    for n in range(positions):
        records += [
            co.Position(id=f"p{n}", title="Editor", unit="hq"),
            co.Person(id=f"h{n}", name="Holder"),
            co.Assignment(id=f"a{n}", person=f"h{n}", position=f"p{n}"),
        ]
    for n in range(count):
        before = sorted({rnd.randrange(max(0, n - REACH), n) for _ in range(2)}) if n else []
        records.append(
            co.Task(
                id=f"t{n}",
                name="Task",
                plan="p",
                duration=co.Duration(rnd.randint(1, 5)),
                links=tuple([co.Link(f"t{one}") for one in before]),
                allocations=(co.Allocation(f"p{rnd.randrange(positions)}", Decimal(rnd.choice(["0.5", "1"]))),),
            )
        )
    return co.OperatingModel.of(*records)


def measure(sizes: Sequence[int]) -> list[Result]:
    return [_measured(size) for size in SIZES if size <= max(sizes)]


def _measured(size: int) -> Result:
    model = plan(size)
    found, plain = co.plan.level(model, "p"), co.plan.schedule(model, "p")
    if found.finish is None or plain.finish is None or found.finish < plain.finish:
        raise AssertionError("the levelled plan cannot be finished before the plain one")
    jobs: dict[str, Job] = {
        "plain": lambda: co.plan.schedule(fresh_copy(model), "p"),
        "ours": lambda: co.plan.level(fresh_copy(model), "p"),
        "copy": lambda: fresh_copy(model),
    }
    best = in_turn(jobs, REPEAT)
    return Result(
        ROW,
        "level a plan, five rules",
        size,
        best["ours"] - best["copy"],
        "the plain schedule",
        best["plain"] - best["copy"],
    )
