"""How many agents 1,000 loads take, against a bare loop over the recurrence of Erlang B.

The bare loop checks nothing, knows Erlang C only, and says how many agents and no more; ours sees to an occupancy and
to shrinkage as well, in exact arithmetic, and returns the measures. The bare loop starts at one agent for each load,
where ours starts at the least number that can do: the larger the loads, the more that is worth. Erlang A has no peer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from math import exp

from bench.timing import Job, Result, in_turn
from community_ops.service.staffing import required_agents

ROW = "staffing"
SEARCHES = 1_000
SMALL, LARGE = 100, 1_000
HANDLING, ANSWER, PATIENCE = timedelta(minutes=3), timedelta(seconds=20), timedelta(minutes=5)
LEVEL = 0.8
REPEAT = 3


def by_hand(loads: Sequence[float]) -> list[int]:
    """Return for each load how many agents it takes."""
    within = ANSWER / HANDLING
    found = []
    for load in loads:
        agents, inverse = 0, 1.0
        while True:
            agents += 1
            inverse = 1 + agents / load * inverse
            spare = agents - load
            if spare > 0 and 1 - agents / (load + spare * inverse) * exp(-spare * within) >= LEVEL:
                break
        found.append(agents)
    return found


def ours(loads: Sequence[float], patience: timedelta | None = None) -> list[int]:
    return [
        required_agents(
            load, HANDLING, service_level=LEVEL, answer_time=ANSWER, patience=patience, shrinkage=0.3
        ).agents
        for load in loads
    ]


def measure(sizes: Sequence[int]) -> list[Result]:
    results = []
    for most in (SMALL, LARGE):
        loads = [most * (n + 1) / SEARCHES for n in range(SEARCHES)]
        if ours(loads) != by_hand(loads):
            raise AssertionError("the two disagree about how many agents it takes")
        jobs: dict[str, Job] = {
            "bare": partial(by_hand, loads),
            "C": partial(ours, loads),
            "A": partial(ours, loads, PATIENCE),
        }
        best = in_turn(jobs, REPEAT)
        job = f"required agents, up to {most:,} erlangs"
        results += [
            Result(ROW, job, SEARCHES, best["C"], "bare loop", best["bare"]),
            Result(ROW, f"{job}, with patience", SEARCHES, best["A"]),
        ]
    return results
