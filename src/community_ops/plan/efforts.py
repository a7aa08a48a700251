"""The work time of efforts: how fast those go on who are really there.

A task whose length follows from `effort` and `allocations` was planned to go on at the pace of all it was allocated. On
a day on which less of a position is there than that, it goes on more slowly, and where none is, not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from attrs import field, frozen

from community_ops.kernel.record import Value
from community_ops.kernel.view import ModelView
from community_ops.org.exact import Scale
from community_ops.org.timeline import NEVER
from community_ops.plan.manning import Manning, manning
from community_ops.plan.pacing import PacedAxis
from community_ops.plan.records import Allocation
from community_ops.plan.told import Told
from community_ops.plan.wiring import Wiring
from community_ops.validation.policies import values_for_all

RULE = "PLN403"
"""The rule on work that nobody is there to do; its policy says from when on vacant positions are counted as filled."""


_LONG = 50 * 366 * 86_400_000_000
"""Half a century, in microseconds."""


@frozen
class BackfillThresholds(Value):
    """What is expected of vacant positions.

    Attributes:
        backfill: the day from which on positions that nobody is in count as filled; None for no such day.
    """

    backfill: date | None = None


@frozen
class Paced:
    """How fast one task goes on.

    Attributes:
        line: the work time of its calendar, weighed by how much is there of those it is allocated.
        pace: how much would be there if it went on as planned.
    """

    line: PacedAxis = field(repr=False)
    pace: int


def paced(m: ModelView, net: Wiring, said: Told, since: date) -> Mapping[int, Paced]:
    """Return how fast the tasks go on whose length follows from an effort, from a day on.

    Args:
        m: the model.
        net: the plan.
        said: what its tasks say.
        since: the day; what was before it does not count.
    """
    tasks = [
        task
        for task in net.nodes
        if net.works[task] and said.duration[task] is None and said.effort[task] is not None and said.allocations[task]
    ]
    wanted = frozenset([one.position for task in tasks for one in said.allocations[task]])
    if not wanted:
        return {}
    there = manning(m, wanted, since)
    ftes = [one.fte for task in tasks for one in said.allocations[task]]
    scale = Scale(max(there.scale.digits, Scale.of(ftes).digits))
    backfill = values_for_all(m, RULE, BackfillThresholds()).backfill
    found: dict[int, Paced] = {}
    for task in tasks:
        pace = sum([scale.part(one.fte) for one in said.allocations[task]])
        if pace:
            found[task] = Paced(_line(net, task, said.allocations[task], there, scale, since, backfill), pace)
    return found


def _line(
    net: Wiring,
    task: int,
    allocations: Sequence[Allocation],
    there: Manning,
    scale: Scale,
    since: date,
    backfill: date | None,
) -> PacedAxis:
    calendar, first = net.calendars[task], since.toordinal()
    filled = NEVER if backfill is None else backfill.toordinal()
    marks = {step.first for one in allocations for step in there.lines[one.position]} | {first, filled}
    finer = 10 ** (scale.digits - there.scale.digits)
    # What was before does not count, but for the question since when it should have gone on: as planned.
    paces = [(net.clocks.instant(since, calendar) - _LONG, sum([scale.part(one.fte) for one in allocations]))]
    for mark in sorted(mark for mark in marks if first <= mark <= date.max.toordinal()):
        pace = 0
        for one in allocations:
            wanted, held = scale.part(one.fte), there.parts(one.position, mark) * finer
            pace += wanted if not held and mark >= filled else min(wanted, held)
        paces.append((net.clocks.instant(date.fromordinal(mark), calendar), pace))
    return PacedAxis(net.clocks.times[calendar].axis, paces)
