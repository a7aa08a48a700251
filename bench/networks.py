"""The critical path method against walopy, and against two passes written by hand on bare lists.

walopy knows finish-to-start links without lag, so that is what all three are given: two links a task, from one of the
two hundred tasks before it, tasks and links numbered at random. The bare lists check nothing, take no lag, and find no
free float; walopy finds all that we do.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from walopy.project import cpm

from bench.timing import Job, Result, in_turn
from community_ops.plan.network import Network, solve

ROW = "network"
JUDGED_AT = 100_000
REPEAT = 3
REACH = 200
GOALS = {"walopy": 0.5, "bare lists": 3.0}

Links = list[tuple[int, int, str, int]]


def project(count: int, seed: int = 0) -> tuple[list[int], Links]:
    """Return durations of 1 to 20, and about two links a task, each different from all others."""
    rnd = random.Random(seed)
    names = list(range(count))
    rnd.shuffle(names)
    links: set[tuple[int, int]] = set()
    for after in range(1, count):
        for _ in range(2):
            links.add((names[rnd.randrange(max(0, after - REACH), after)], names[after]))
    tied = sorted(links)
    rnd.shuffle(tied)
    return [rnd.randint(1, 20) for _ in range(count)], [(before, after, "FS", 0) for before, after in tied]


def by_hand(durations: Sequence[int], links: Links) -> tuple[list[int], ...]:
    """Return early starts, late starts and total floats."""
    successors: list[list[int]] = [[] for _ in durations]
    waits = [0] * len(durations)
    for before, after, _, _ in links:
        successors[before].append(after)
        waits[after] += 1
    early = [0] * len(durations)
    order = [task for task, left in enumerate(waits) if not left]
    for task in order:  # which grows on the way
        end = early[task] + durations[task]
        for after in successors[task]:
            early[after] = max(early[after], end)
            waits[after] -= 1
            if not waits[after]:
                order.append(after)
    finish = max(map(int.__add__, early, durations))
    late = [0] * len(durations)
    for task in reversed(order):
        latest = finish
        for after in successors[task]:
            latest = min(latest, late[after])
        late[task] = latest - durations[task]
    return early, late, list(map(int.__sub__, late, early))


def activities(durations: Sequence[int], links: Links) -> list[dict[str, Any]]:
    """Return the project as walopy takes it."""
    found: list[dict[str, Any]] = [
        {"name": str(task), "duration": length, "predecessors": []} for task, length in enumerate(durations)
    ]
    for before, after, _, _ in links:
        found[after]["predecessors"].append(str(before))
    return found


def agree(ours: Network[int], durations: Sequence[int], links: Links) -> bool:
    """Tell whether the others find what we find."""
    theirs = {int(result.name): result for result in cpm(activities(durations, links)).activities}
    same = all(
        (result.es, result.ef, result.ls, result.lf, result.total_float, result.free_float)
        == (
            ours.early_start[task],
            ours.early_finish[task],
            ours.late_start[task],
            ours.late_finish[task],
            ours.total_float[task],
            ours.free_float[task],
        )
        for task, result in theirs.items()
    )
    bare = (list(ours.early_start), list(ours.late_start), list(ours.total_float))
    return same and len(theirs) == len(durations) and bare == by_hand(durations, links)


def measure(sizes: Sequence[int]) -> list[Result]:
    return [result for size in sizes for result in _measured(size)]


def _measured(size: int) -> list[Result]:
    durations, links = project(size)
    given = activities(durations, links)
    if not agree(solve(durations, links), durations, links):
        raise AssertionError("the three disagree about the project")
    jobs: dict[str, Job] = {
        "walopy": lambda: cpm(given),
        "bare lists": lambda: by_hand(durations, links),
        "ours": lambda: solve(durations, links),
    }
    best = in_turn(jobs, REPEAT)
    job = f"dates and floats, {len(links) / size:.1f} links a task, against "
    return [
        Result(ROW, job + peer, size, best["ours"], peer, best[peer], goal, size == JUDGED_AT)
        for peer, goal in GOALS.items()
    ]
