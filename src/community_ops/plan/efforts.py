"""The work time of efforts: how fast those go on who are really there.

A task whose length follows from `effort` and `allocations` was planned to go on at the pace of all it was allocated. On
a day on which less of a position is there than that, it goes on more slowly, and where none is, not at all. It takes up
no more of anybody than that. What others do in the meantime does not slow it down: each effort is paced as if it were
alone. Days are those of the clocks of the plan's calendar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date

from attrs import field, frozen

from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.plan.pacing import PacedAxis
from community_ops.plan.records import Allocation
from community_ops.plan.staffing import Changes, staffing
from community_ops.plan.told import Told
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import LAST, Axis

_LONG = 50 * 366 * 86_400_000_000
"""Half a century, in microseconds."""


@frozen
class Pace:
    """How fast one task goes on, in parts of a full-time equivalent; plain numbers, which can be pickled.

    Attributes:
        planned: how much would be there if it went on as planned.
        shares: for each position from which instants on how much of it the task takes up.
    """

    planned: int
    shares: Mapping[str, Changes]

    def along(self, axis: Axis) -> Paced:
        """Return it on the work time of the task's calendar."""
        marks = sorted({instant for share in self.shares.values() for instant, _ in share})
        amounts = [sum([_at(share, mark) for share in self.shares.values()]) for mark in marks]
        return Paced(PacedAxis(axis, list(zip(marks, amounts, strict=True))), self.planned)


@frozen
class Paced:
    """How fast one task goes on, on its calendar.

    Attributes:
        line: the work time of its calendar, weighed by how much is there of those it is allocated.
        pace: how much would be there if it went on as planned.
    """

    line: PacedAxis = field(repr=False)
    pace: int


def driven(net: Wiring, said: Told) -> list[int]:
    """Return the tasks whose length follows from an effort and those allocated to it."""
    return [
        task
        for task in net.nodes
        if net.works[task]
        and said.duration[task] is None
        and said.effort[task] is not None
        and any(one.fte for one in said.allocations[task])
    ]


def wanted(allocations: Sequence[Allocation], scale: Scale) -> dict[str, int]:
    """Return how many parts of each position are allocated, those left out of which nothing is."""
    found: dict[str, int] = {}
    for one in allocations:
        if one.fte:
            found[one.position] = found.get(one.position, 0) + scale.part(one.fte)
    return found


def paced(m: ModelView, net: Wiring, said: Told, since: date) -> Mapping[int, Pace]:
    """Return how fast the efforts of a plan go on from a day on.

    Args:
        m: the model.
        net: the plan.
        said: what its tasks say.
        since: the day; what was before it does not count.
    """
    tasks = driven(net, said)
    allocations = [one for task in tasks for one in said.allocations[task]]
    if not allocations:
        return {}
    there = staffing(m, frozenset([one.position for one in allocations]), since)
    scale = Scale(max(there.scale.digits, Scale.of([one.fte for one in allocations]).digits))
    begin = net.clocks.instant(since, 0)
    return paces_of(tasks, said, there.instants(net.clocks, scale), scale, begin)


def paces_of(
    tasks: Sequence[int], said: Told, there: Mapping[str, Changes], scale: Scale, since: int
) -> Mapping[int, Pace]:
    """Return how fast efforts go on with so much of each position there.

    Args:
        tasks: the efforts.
        said: what the tasks of the plan say.
        there: for each position from which instants on how many parts of it are there.
        scale: what one part is.
        since: the instant before which all go on as planned.
    """
    found = {}
    for task in tasks:
        asked = wanted(said.allocations[task], scale)
        shares = {position: _share(amount, there[position], since) for position, amount in asked.items()}
        found[task] = Pace(sum(asked.values()), shares)
    return found


def _share(amount: int, there: Changes, since: int) -> Changes:
    """Return how much a task takes up of a position of which it is allocated an amount."""
    # What was before does not count, but for the question since when it should have gone on: as planned.
    later = [(instant, min(amount, parts)) for instant, parts in there if since < instant < LAST]
    return [(since - _LONG, amount), (since, min(amount, _at(there, since))), *later]


def _at(changes: Changes, instant: int) -> int:
    """Return how much is there at an instant."""
    return changes[bisect_right(changes, instant, key=lambda change: change[0]) - 1][1]
