"""The work breakdown: which task is part of which, for all plans and for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.structure import Hierarchy
from community_ops.plan.records import Task


@derived
def breakdown(m: ModelView) -> Hierarchy:
    """Return the work breakdown of all plans: which task is part of which.

    Example:
        >>> from datetime import date
        >>> from community_ops import OperatingModel, Plan, Task
        >>> build, test = Task(id="build", name="Build", plan="p"), Task(id="t", name="Test", plan="p", parent="build")
        >>> model = OperatingModel.of(Plan(id="p", name="Plan", start=date(2026, 3, 2)), build, test)
        >>> breakdown(model).children("build")
        ('t',)
    """
    return Hierarchy.along(m, "task", "parent")


@derived(cutoff=True)
def places_by_plan(m: ModelView) -> Mapping[str, tuple[int, ...]]:
    """Return for each plan where its tasks stand in their table."""
    found: dict[str, list[int]] = {}
    for place, plan in enumerate(m.column(Task.plan)):
        found.setdefault(plan, []).append(place)
    return MappingProxyType({plan: tuple(places) for plan, places in found.items()})


@frozen
class Parts:
    """The tasks of one plan by number, in table order, and which is part of which; made by `parts`.

    Attributes:
        ids: their ids.
        places: where they stand in the table of tasks.
        parents: the number of the task each is part of; None at the top.
        order: all numbers, every task followed by all that is below it.
        entered: where each stands in `order`.
        sizes: how many tasks each is with all that is below it.
    """

    ids: tuple[str, ...]
    places: tuple[int, ...]
    parents: tuple[int | None, ...]
    order: tuple[int, ...]
    entered: tuple[int, ...]
    sizes: tuple[int, ...]

    def is_summary(self, task: int) -> bool:
        """Tell whether a task has parts."""
        return self.sizes[task] > 1

    def contains(self, task: int, other: int) -> bool:
        """Tell whether one task is the other, or somewhere above it."""
        return self.entered[task] <= self.entered[other] < self.entered[task] + self.sizes[task]

    def leaves(self, task: int) -> list[int]:
        """Return the tasks without parts at or below one, from the first to the last."""
        below = self.order[self.entered[task] : self.entered[task] + self.sizes[task]]
        return [one for one in below if self.sizes[one] == 1]


@derived(cutoff=True)
def parts(m: ModelView, plan_id: str) -> Parts:
    """Return the breakdown of one plan.

    A part of a task of another plan stands at the top, and so do tasks that are parts of each other in a circle.
    """
    places = places_by_plan(m).get(plan_id, ())
    tree = breakdown(m)
    numbers = {place: number for number, place in enumerate(places)}
    circling = {tree.place(id) for cycle in tree.cycles for id in cycle}
    parents = [
        None if up is None or place in circling else numbers.get(up)
        for place, up in zip(places, (tree.parents[place] for place in places), strict=True)
    ]
    order = _down_from_the_top(parents)
    sizes = [1] * len(places)
    for task in reversed(order):
        up = parents[task]
        if up is not None:
            sizes[up] += sizes[task]
    entered = [0] * len(places)
    for position, task in enumerate(order):
        entered[task] = position
    ids = m.ids(Task)
    named = tuple([ids[place] for place in places])
    return Parts(named, places, tuple(parents), tuple(order), tuple(entered), tuple(sizes))


def _down_from_the_top(parents: Sequence[int | None]) -> list[int]:
    below: dict[int | None, list[int]] = {}
    for task, up in enumerate(parents):
        below.setdefault(up, []).append(task)
    order, waiting = [], below.get(None, [])[::-1]
    while waiting:
        task = waiting.pop()
        order.append(task)
        waiting.extend(reversed(below.get(task, ())))
    return order
