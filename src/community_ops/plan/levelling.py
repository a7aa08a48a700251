"""Levelling: a plan's dates when nobody can be in two places, by a heuristic.

`schedule` takes it that everybody is there whenever a task could be done. Here no position works on more at once than
it has full-time equivalents on that day. Tasks are placed one after the other, as early as links, dates, calendars and
what is left of their positions allow, in the order of a priority rule; of several rules the one counts whose plan is
finished first (see `levelling_order.py`). Finding the shortest plan there is would take too long for any but the
smallest; `network.optimum` does it for bare numbers.

An effort takes as long as those who are really there need for it, as in a schedule with a status date; where it has
whom it goes on with to itself, it is done when the schedule says.

What holds nothing back - summaries, levels of effort, recurring tasks - takes up nobody. Tasks that must be done on a
date are placed before all others. One to be done as late as possible is placed as early as possible, like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.plan.efforts import driven, paces_of
from community_ops.plan.levelling_order import priorities
from community_ops.plan.levelling_placing import Given, Placing
from community_ops.plan.levelling_stock import supply
from community_ops.plan.passes import dated
from community_ops.plan.progress import AS_PLANNED, status
from community_ops.plan.progress import told as progress_told
from community_ops.plan.records import Task
from community_ops.plan.scheduling import schedule
from community_ops.plan.staffing import Basis
from community_ops.plan.told import told
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import LAST


@frozen(kw_only=True)
class LevelledTask:
    """When a task is done once there has to be enough of everybody.

    Attributes:
        id: the task.
        start: when it starts, or did; of what is never finished, when links and dates would let it; None where these,
            or people, never do.
        finish: when it is finished; None where it never is.
        delay: by how much later than if it had its positions to itself, an effort at the pace of who is there, in its
            own working time; None where it is never finished.
        short: the positions it had to wait for, or waits for in vain, by id.
    """

    id: str
    start: datetime | None
    finish: datetime | None
    delay: timedelta | None
    short: tuple[str, ...]


@frozen(eq=False, repr=False)
class Levelled:
    """A plan's dates within what positions can do; made by `level`.

    Attributes:
        plan: the plan's id.
        finish: when the last task is finished; None where there is none, or one that never is.
        rule: the priority rule that led to it.
        tasks: the dates of every task that drives and has no parts, by id in table order.
        never: the tasks that can never be done, with the positions of which there is never enough; with none of them
            where a task only waits for another that can never be done, or its calendar ends before.
    """

    plan: str
    finish: datetime | None
    rule: str
    tasks: Mapping[str, LevelledTask]
    never: Mapping[str, tuple[str, ...]]

    def delayed(self) -> tuple[LevelledTask, ...]:
        """Return the tasks that start later than they could with enough people, those delayed most first."""
        late = [one for one in self.tasks.values() if one.delay]
        return tuple(sorted(late, key=lambda one: (-(one.delay or timedelta()), one.id)))

    def waited_for(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each position that was short the tasks that waited for it."""
        found: dict[str, list[str]] = {}
        for one in self.tasks.values():
            for position in one.short:
                found.setdefault(position, []).append(one.id)
        return MappingProxyType({position: tuple(ids) for position, ids in sorted(found.items())})

    def __len__(self) -> int:
        return len(self.tasks)

    def __str__(self) -> str:
        until = "no finish" if self.finish is None else f"finish {self.finish:%Y-%m-%d %H:%M}"
        return f"{self.plan}: {until}, {len(self.delayed())} of {len(self)} tasks delayed, {len(self.never)} never done"

    def __repr__(self) -> str:
        return f"<Levelled {self}>"


@derived
def level(m: ModelView, plan_id: str, at: date | None = None, basis: Basis = "held") -> Levelled:
    """Return when the tasks of a plan are done if no position does more at once than it can; a heuristic.

    Args:
        m: the model.
        plan_id: the plan.
        at: the status date, as for `schedule`: what is finished takes up nobody any more, what has started comes,
            with what is left of it, before all but must-dates. None for the plan as it was made.
        basis: `"held"` counts who holds a position day by day, leave, deputies and what counts as filled included, so
            that a vacancy does nothing; `"seats"` counts all seats of a position as if they were filled. Either way an
            effort goes on at the pace of what there is. A deputy's time counts for either of the positions.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks wait for each other in a circle; its `cycle` names them.
        NoWorkTime: a calendar has no time in which a task could be done.
        InvalidRecord: there is no such basis.

    Example:
        >>> from datetime import date
        >>> from community_ops import Allocation, Assignment, Duration, OperatingModel, Person, Plan, Position, Task
        >>> model = OperatingModel.of(
        ...     Position(id="editor", title="Editor", unit="hq"),
        ...     Person(id="ann", name="Ann"),
        ...     Assignment(id="a1", person="ann", position="editor"),
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="a", name="A", plan="p", duration=Duration(3), allocations=[Allocation("editor")]),
        ...     Task(id="b", name="B", plan="p", duration=Duration(2), allocations=[Allocation("editor")]),
        ... )
        >>> found = level(model, "p")
        >>> str(found.finish), [(one.id, one.short) for one in found.delayed()]
        ('2026-03-06 17:00:00+00:00', [('b', ('editor',))])
    """
    plain = schedule(m, plan_id, at)
    net, axes = plain.net, plain.net.clocks.axes()
    column = m.column(Task.allocations)
    allocations = {task: column[net.parts.places[task]] for task in net.nodes if net.works[task]}
    moment = net.clocks.instant(at, 0) if at is not None else None
    state = AS_PLANNED if moment is None else status(net, progress_told(m, plan_id), moment)
    since = net.clocks.times[0].shown(net.start if moment is None else moment).date()
    drawn = supply(m, allocations, net.clocks, since, basis)
    said = told(m, plan_id)
    paces = paces_of(driven(net, said), said, drawn.there, drawn.scale, net.clocks.instant(since, 0))
    given = Given(net, axes, drawn, state, paces)
    dates = dated(net, axes, state, given.paced) if paces else plain._dates
    first = Placing(given)
    rules = priorities(
        [*net.works, *[0] * len(net.hubs)],
        dates.late_start,
        dates.late_finish,
        dates.total,
        first.followers,
        first.order,
    )
    best: tuple[tuple[int, int, int], str, Placing] | None = None
    for rule, keys in rules.items():
        tried = Placing(given)
        tried.place_all(keys)
        if best is None or tried.merit() < best[0]:
            best = tried.merit(), rule, tried
        if not tried.never() and not any(tried.short.values()):
            break  # there was enough for everybody
    assert best is not None
    return _levelled(plan_id, dates.early_finish, best[2], best[1])


def _levelled(plan_id: str, early: Sequence[int], placed: Placing, rule: str) -> Levelled:
    net, never = placed.net, placed.never()
    ends = [placed.early_finish[node] for node in net.nodes]
    return Levelled(
        plan=plan_id,
        finish=None if never or not ends else net.clocks.times[0].shown(max(ends)),
        rule=rule,
        tasks=MappingProxyType(dict(_tasks(net, early, placed))),
        never=MappingProxyType({net.parts.ids[node]: short for node, short in never.items()}),
    )


def _tasks(net: Wiring, early: Sequence[int], placed: Placing) -> Iterator[tuple[str, LevelledTask]]:
    for node in net.nodes:
        id, time = net.parts.ids[node], net.clocks.times[net.calendars[node]]
        start, finish = placed.early_start[node], placed.early_finish[node]
        if node in placed.done:
            start = placed.done[node].start
        late = None if finish == LAST else timedelta(0, 0, time.axis.worked(finish) - time.axis.worked(early[node]))
        yield (
            id,
            LevelledTask(
                id=id,
                start=None if start == LAST else time.shown(start),
                finish=None if finish == LAST else time.shown(finish),
                delay=late,
                short=placed.short.get(node, ()),
            ),
        )
