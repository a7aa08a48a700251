"""Levelling: a plan's dates when nobody can be in two places, by a heuristic.

`schedule` takes it that everybody is there whenever a task could be done. Here no position works on more at once than
it has full-time equivalents on that day. Tasks are placed one after the other, as early as links, dates, calendars and
what is left of their positions allow, in the order of a priority rule; of several rules the one counts whose plan is
finished first (see `levelling_order.py`). Finding the shortest plan there is would take too long for any but the
smallest; `network.optimum` does it for bare numbers.

What holds nothing back - summaries, levels of effort, recurring tasks - takes up nobody. Tasks that must be done on a
date are placed before all others. One to be done as late as possible is placed as early as possible, like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from attrs import frozen

from community_ops.errors import NoWorkTime
from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.plan.levelling_order import Keys, priorities, serially
from community_ops.plan.levelling_profile import BEFORE_ALL
from community_ops.plan.levelling_stock import Basis, Supply, supply
from community_ops.plan.passes import Passes
from community_ops.plan.progress import AS_PLANNED, Status, status
from community_ops.plan.progress import told as progress_told
from community_ops.plan.records import Task
from community_ops.plan.scheduling import schedule
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import Axis


@frozen(kw_only=True)
class LevelledTask:
    """When a task is done once there has to be enough of everybody.

    Attributes:
        id: the task.
        start: when it starts, or did; None where it never can.
        finish: when it is finished; None where it never is.
        delay: by how much later than its early finish, in its own working time; None where it is never finished.
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
        basis: `"held"` counts who holds a position day by day, leave and deputies included, so that a vacancy does
            nothing; `"seats"` counts all seats of a position as if they were filled. A deputy's time counts for either
            of the positions.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks wait for each other in a circle; its `cycle` names them.
        NoWorkTime: a calendar has no time in which a task could be done.

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
    net, dates = plain._net, plain._dates
    column = m.column(Task.allocations)
    allocations = {task: column[net.parts.places[task]] for task in net.nodes if net.works[task]}
    moment = net.clocks.instant(at, 0) if at is not None else None
    state = AS_PLANNED if moment is None else status(net, progress_told(m, plan_id), moment)
    since = net.clocks.times[0].shown(max(net.start, moment or net.start)).date()
    drawn = supply(m, allocations, net.clocks, since, basis)
    axes = net.clocks.axes()
    first = _Placing(net, axes, drawn, state)
    rules = priorities(
        [*net.works, *[0] * len(net.hubs)],
        dates.late_start,
        dates.late_finish,
        dates.total,
        first.followers,
        first.order,
    )
    best: tuple[tuple[int, int, int], str, _Placing] | None = None
    for rule, keys in rules.items():
        tried = _Placing(net, axes, drawn, state)
        tried.place_all(keys)
        if best is None or tried.merit() < best[0]:
            best = tried.merit(), rule, tried
        if not tried.never and not any(tried.short.values()):
            break  # there was enough for everybody
    assert best is not None
    return _levelled(plan_id, net, dates.early_finish, best[2], best[1])


class _Placing(Passes):
    """One serial generation of a schedule: the pass forward, in another order and with less of everybody."""

    def __init__(self, net: Wiring, axes: Sequence[Axis], drawn: Supply, state: Status) -> None:
        super().__init__(net, axes, state)
        self.axes = axes
        self.needs = drawn.needs
        self.stocks = drawn.stocks({task: axes[net.calendars[task]] for task in drawn.needs})
        self.followers = [[self.after[wire] for wire in self.outgoing.of(node)] for node in range(self.size)]
        self.never: dict[int, tuple[str, ...]] = {}
        self.short: dict[int, tuple[str, ...]] = {}

    def place_all(self, keys: Keys) -> None:
        """Place every node in the order of some keys."""
        limits = self.net.limits
        fixed = [
            node
            for node in self.net.nodes
            if node in limits
            and node not in self.done
            and (limits[node].start_on is not None or limits[node].finish_on is not None)
        ]
        ids = self.net.parts.ids
        fixed.sort(key=ids.__getitem__)  # no date depends on the order of records
        for node in fixed:  # whatever their links say
            self._date(node)
        done = frozenset(fixed)
        waits = [len(wires) for wires in self.incoming]
        ranked = [
            (BEFORE_ALL if node in self.done else key, id)
            for node, (key, id) in enumerate(zip(keys, ids, strict=False))
        ]
        hubs_first = [*ranked, *[(BEFORE_ALL, "")] * len(self.net.hubs)]
        driving = frozenset(self.order)

        def place(node: int) -> None:
            if node in driving and node not in done:
                self._settle(node)

        serially(waits, self.followers, hubs_first, place)

    def merit(self) -> tuple[int, int, int]:
        """Return what is to be small: tasks never done, the plan's finish, and the sum of all finishes."""
        finishes = [self.early_finish[node] for node in self.net.nodes if node not in self.never]
        return len(self.never), max(finishes, default=0), sum(finishes)

    def _settle(self, node: int) -> None:
        """Place a node whose predecessors are placed, or never will be."""
        wires = self.incoming[node]
        lost = [wire for wire in wires if self.before[wire] in self.never]
        if node >= self.first_hub:
            kept = [wire for wire in wires if wire not in lost]
            if not kept or (lost and self.net.hubs[node - self.first_hub].end == "finish"):
                self.never[node] = ()
            else:
                self.incoming[node] = kept  # the first of those that start at all
                wire = self._gathered(node, self.early_start, self.early_finish)
                ends = self.early_start if self.of_start[wire] else self.early_finish
                self.early_start[node] = self.early_finish[node] = ends[self.before[wire]]
        elif lost and node not in self.settled:
            self.never[node] = ()
        else:
            self._date(node)

    def _date(self, node: int) -> None:
        try:
            self._earliest(node)
        except NoWorkTime:  # put off until its calendar, or one of its lags', had ended
            self.never[node] = ()

    def _place(self, node: int, start: int, finish: int) -> bool:
        """Put a task where it would be with enough people, or later, where there are."""
        held = super()._place(node, start, finish)
        needs, work = self.needs.get(node), self._work(node)
        if needs is None or not work:
            return held
        axis = self.axes[self.net.calendars[node]]
        done = axis.worked(self.early_start[node])
        found = self._fit(node, needs, axis, done, work)
        if found is None:
            self.never[node] = self.short[node]
            return held
        if found != done:
            self.early_start[node], self.early_finish[node] = axis.opening(found), axis.closing(found + work)
        for position, amount in needs:
            self.stocks[position].take(axis, found, work, amount)
        return held

    def _fit(self, node: int, needs: Sequence[tuple[str, int]], axis: Axis, done: int, work: int) -> int | None:
        """Return from where on in its working time a task can have everybody it needs; None where it never can."""
        short: dict[str, None] = {}
        while True:
            begun = done
            for position, amount in needs:
                found = self.stocks[position].first_fit(axis, done, work, amount)
                if found is None:
                    self.short[node] = (position,)
                    return None
                if found != done:
                    short[position] = None
                done = found
            if done == begun:
                self.short[node] = tuple(short)
                return done


def _levelled(plan_id: str, net: Wiring, early: Sequence[int], placed: _Placing, rule: str) -> Levelled:
    ids = net.parts.ids
    tasks = dict(_tasks(net, early, placed))
    ends = [placed.early_finish[node] for node in net.nodes]
    return Levelled(
        plan=plan_id,
        finish=None if placed.never or not ends else net.clocks.times[0].shown(max(ends)),
        rule=rule,
        tasks=MappingProxyType(tasks),
        never=MappingProxyType({ids[node]: placed.never[node] for node in net.nodes if node in placed.never}),
    )


def _tasks(net: Wiring, early: Sequence[int], placed: _Placing) -> Iterator[tuple[str, LevelledTask]]:
    for node in net.nodes:
        id, place = net.parts.ids[node], net.calendars[node]
        show, axis = net.clocks.times[place].shown, placed.axes[place]
        dates: dict[str, Any] = {"start": None, "finish": None, "delay": None}
        if node not in placed.never:
            start, finish = placed.early_start[node], placed.early_finish[node]
            late = axis.worked(finish) - axis.worked(early[node])
            dates = {"start": show(start), "finish": show(finish), "delay": timedelta(0, 0, late)}
        elif node in placed.done:
            dates["start"] = show(placed.done[node].start)
        yield id, LevelledTask(id=id, short=placed.short.get(node, ()), **dates)
