"""Monte Carlo over a plan of 1,000 tasks, against a pass over bare lists in every trial, written by hand.

Both draw every length from the same PERT-beta. The bare lists check nothing, know finish-to-start links only, and say
when the plan is finished and no more; ours finds which tasks were critical as well, and the dates on the calendar.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import community_ops as co
from bench.networks import Links, project
from bench.timing import Job, Result, in_turn

ROW = "simulation"
TASKS = 1_000
TRIALS = 1_000
REPEAT = 2


def by_hand(order: Sequence[int], predecessors: Sequence[Sequence[int]], lengths: Sequence[int]) -> list[float]:
    """Return for each trial how long the plan takes."""
    rnd = random.Random(0)
    found = []
    for _ in range(TRIALS):
        finishes = [0.0] * len(order)
        for task in order:
            start = 0.0
            for before in predecessors[task]:
                start = max(start, finishes[before])
            mode = lengths[task]
            low, width = mode / 2, mode * 2.5
            length = low + width * rnd.betavariate(1 + 4 * (mode - low) / width, 1 + 4 * (low + width - mode) / width)
            finishes[task] = start + length
        found.append(max(finishes))
    return found


def estimate(length: int) -> co.Estimate:
    return co.Estimate(Decimal(length) / 2, Decimal(length), Decimal(length) * 3)


def plan(lengths: Sequence[int], links: Links) -> co.OperatingModel:
    """Return the project as a plan: every task takes half its length at best, and three times as long at worst."""
    before: list[list[co.Link]] = [[] for _ in lengths]
    for one, other, _, _ in links:
        before[other].append(co.Link(f"t{one}"))
    tasks = [
        co.Task(id=f"t{n}", name="Task", plan="p", estimate=estimate(length), links=tuple(before[n]))
        for n, length in enumerate(lengths)
    ]
    return co.OperatingModel.of(co.Plan(id="p", name="Plan", start=date(2026, 3, 2)), *tasks)


def measure(sizes: Sequence[int]) -> list[Result]:
    from community_ops.plan.ordering import order

    lengths, links = project(TASKS)
    model = plan(lengths, links)
    predecessors: list[list[int]] = [[] for _ in lengths]
    for before, after, _, _ in links:
        predecessors[after].append(before)
    tasks = order(TASKS, [link[0] for link in links], [link[1] for link in links])
    mean = sum(by_hand(tasks, predecessors, lengths)) / TRIALS
    ours = co.plan.simulate(model, "p", trials=TRIALS).mean_length
    if ours is None or abs(ours.total_seconds() / 8 / 3600 / mean - 1) > 0.02:
        raise AssertionError("the two disagree about the plan")
    jobs: dict[str, Job] = {
        "bare lists": lambda: by_hand(tasks, predecessors, lengths),
        "ours": lambda: co.plan.simulate(model, "p", trials=TRIALS),
    }
    best = in_turn(jobs, REPEAT)
    return [Result(ROW, f"{TRIALS:,} trials of a plan", TASKS, best["ours"], "bare lists", best["bare lists"])]
