"""The serial schedule generation scheme, and the priorities it goes by.

Tasks are placed one after the other, each as early as those before it and what they have left allow. Which of the tasks
that may come next does, a key of each decides: the smallest first. No key is best for all projects, so several are
tried (R. Kolisch, Serial and parallel resource-constrained project scheduling methods revisited, European Journal of
Operational Research 90, 1996). Any schedule so made is *active*: no task can be done earlier with all others left where
they are; for some order of the tasks it is the shortest there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

Keys = Sequence[Any]
"""For each task its priority, the smallest first: numbers, or tuples of them."""
_MANY = 20_000
"""With more tasks, nobody's successors are counted all the way: the sets would take gigabytes."""


def serially(
    waits: Sequence[int], followers: Sequence[Sequence[int]], keys: Keys, place: Callable[[int], None]
) -> None:
    """Place every task once all that it waits for are placed, those with the smallest keys first.

    Args:
        waits: for each task how many links it waits for.
        followers: for each task those that its links lead to.
        keys: the priorities; of equal ones, the task with the smaller number comes first.
        place: is called with each task in turn.
    """
    left = list(waits)
    ready = [(keys[task], task) for task, number in enumerate(left) if not number]
    heapify(ready)
    while ready:
        task = heappop(ready)[1]
        place(task)
        for follower in followers[task]:
            left[follower] -= 1
            if not left[follower]:
                heappush(ready, (keys[follower], follower))


def priorities(
    lengths: Sequence[int],
    late_start: Sequence[int],
    late_finish: Sequence[int],
    slack: Sequence[int],
    followers: Sequence[Sequence[int]],
    order: Sequence[int],
) -> Mapping[str, Keys]:
    """Return for each rule the keys of all tasks, the rules that do best on their own first.

    Args:
        lengths: how long each task takes.
        late_start: when each has to start, with enough of everything, for the project to finish in time.
        late_finish: when each has to be finished for that.
        slack: how much each can slip.
        followers: for each task those that its links lead to.
        order: the tasks in an order in which each comes after those it waits for.
    """
    weights = [
        -length - sum([lengths[one] for one in set(after)]) for length, after in zip(lengths, followers, strict=True)
    ]
    found: dict[str, Keys] = {
        "latest finish": late_finish,
        "latest start": late_start,
        "least slack": slack,
        "greatest rank positional weight": weights,
    }
    if len(lengths) <= _MANY:
        found["most total successors"] = [-number for number in total_successors(followers, order)]
    return found


def total_successors(followers: Sequence[Sequence[int]], order: Sequence[int]) -> list[int]:
    """Return for each task how many others have to wait for it, directly or not.

    Example:
        >>> total_successors([[1, 2], [2], []], [0, 1, 2])
        [2, 1, 0]
    """
    behind = [0] * len(followers)  # sets of tasks, as the bits of a number
    for task in reversed(order):
        bits = 0
        for follower in followers[task]:
            bits |= behind[follower] | 1 << follower
        behind[task] = bits
    return [bits.bit_count() for bits in behind]
