"""The order in which tasks can be worked out: each after all tasks it depends on, on integers only.

Theory of operation. Tasks are numbered from 0 to n - 1 and links from 0 to m - 1; link k leads from `predecessors[k]`
to `successors[k]`. Tasks that wait for nothing form the first generation; once they are done, those that waited for
them alone form the next. Generations are sorted by task number, so the order of the links does not matter. What is
never freed lies on a cycle or behind one. Nothing recurses, and nothing depends on how long or how wide the chains are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from attrs import frozen

from community_ops.errors import CyclicNetwork


@frozen(eq=False)
class Adjacency:
    """For each task its links, one task's after the other's; made by `adjacency`.

    Attributes:
        offsets: where in `links` the links of each task begin; one more at the end, which is their number.
        links: the numbers of the links, task by task, ascending within a task.
    """

    offsets: list[int]
    links: list[int]

    def of(self, task: int) -> list[int]:
        """Return the numbers of the links of one task."""
        return self.links[self.offsets[task] : self.offsets[task + 1]]


def adjacency(count: int, tasks: Sequence[int]) -> Adjacency:
    """Sort links by the task at one of their ends.

    Args:
        count: how many tasks there are.
        tasks: for each link the task at that end: the predecessors for outgoing links, the successors for incoming.

    Example:
        >>> outgoing = adjacency(3, [0, 2, 0])
        >>> outgoing.of(0), outgoing.of(1), outgoing.of(2)
        ([0, 2], [], [1])
    """
    numbers = [0] * count
    for task in tasks:
        numbers[task] += 1
    offsets = list(accumulate(numbers, initial=0))
    free = offsets.copy()
    links = [0] * len(tasks)
    for link, task in enumerate(tasks):
        place = free[task]
        links[place] = link
        free[task] = place + 1
    return Adjacency(offsets, links)


def order(
    count: int, predecessors: Sequence[int], successors: Sequence[int], outgoing: Adjacency | None = None
) -> list[int]:
    """Return the tasks in an order in which each comes after all its predecessors.

    The order is that of the generations, and within a generation that of the task numbers; it does not depend on the
    order of the links. Time and memory grow with tasks and links.

    Args:
        count: how many tasks there are.
        predecessors: for each link the task it leads from, 0 to `count` - 1.
        successors: for each link the task it leads to.
        outgoing: `adjacency(count, predecessors)` where the caller has it already.

    Raises:
        CyclicNetwork: tasks depend on each other in a circle; its `cycle` is a short one.

    Example:
        >>> order(4, [3, 3, 1], [1, 0, 2])
        [3, 0, 1, 2]
    """
    if outgoing is None:
        outgoing = adjacency(count, predecessors)
    offsets = outgoing.offsets
    after = list(map(successors.__getitem__, outgoing.links))
    waits = [0] * count
    for task in successors:
        waits[task] += 1
    found: list[int] = []
    generation = [task for task, number in enumerate(waits) if not number]
    while generation:
        found += generation
        freed: list[int] = []
        for task in generation:
            for successor in after[offsets[task] : offsets[task + 1]]:
                left = waits[successor] = waits[successor] - 1
                if not left:
                    freed.append(successor)
        freed.sort()
        generation = freed
    if len(found) < count:
        raise CyclicNetwork(_cycle(waits, predecessors, successors, outgoing))
    return found


def _cycle(
    waits: Sequence[int], predecessors: Sequence[int], successors: Sequence[int], outgoing: Adjacency
) -> list[int]:
    """Return a shortest cycle through the smallest task of the first cycle met, that task first.

    Args:
        waits: for each task how many links it still waits for.
        predecessors: for each link the task it leads from.
        successors: for each link the task it leads to.
        outgoing: the links that lead from each task.
    """
    first = _on_a_cycle(waits, predecessors, successors)
    came: dict[int, int] = {}  # from which task each was reached first
    reached = [first]
    while first not in came:
        found: list[int] = []
        for task in reached:
            for successor in sorted({successors[link] for link in outgoing.of(task)}):
                if waits[successor] and successor not in came:
                    came[successor] = task
                    found.append(successor)
        reached = found
    cycle = [came[first]]
    while cycle[-1] != first:
        cycle.append(came[cycle[-1]])
    cycle.reverse()
    return cycle


def _on_a_cycle(waits: Sequence[int], predecessors: Sequence[int], successors: Sequence[int]) -> int:
    """Return the smallest task of the cycle that one meets going up from the first task that was never freed."""
    incoming = adjacency(len(waits), successors)
    task = next(task for task, number in enumerate(waits) if number)
    path: list[int] = []
    met: dict[int, int] = {}
    while task not in met:
        met[task] = len(path)
        path.append(task)
        # Whoever still waits, waits for somebody who does.
        above = [predecessors[link] for link in incoming.of(task)]
        task = min([predecessor for predecessor in above if waits[predecessor]])
    return min(path[met[task] :])
