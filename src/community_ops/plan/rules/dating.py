"""What the rules on links and dates read: the dates of a plan, or why it has none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from attrs import frozen

from community_ops.errors import CyclicNetwork, NoWorkTime
from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.plan.instants import Line, RealTime, reached
from community_ops.plan.linking import ELAPSED, Wire
from community_ops.plan.ordering import order
from community_ops.plan.passes import Dates
from community_ops.plan.records import Plan
from community_ops.plan.scheduling import Schedule, schedule
from community_ops.plan.wiring import Wiring, wiring


@frozen(eq=False)
class Dated:
    """A plan with its dates, as instants in microseconds by the numbers of its tasks.

    Attributes:
        schedule: when its tasks are done.
    """

    schedule: Schedule

    @property
    def net(self) -> Wiring:
        """The plan as numbers."""
        return self.schedule.net

    @property
    def dates(self) -> Dates:
        """The dates of the tasks that drive."""
        return self.schedule._dates

    def start(self, task: int) -> int:
        """Return when any task starts: one that drives, a summary, or what drives nothing."""
        span = self.schedule._around.spans.get(task)
        return self.dates.start[task] if span is None else span.start

    def finish(self, task: int) -> int:
        """Return when any task is finished."""
        span = self.schedule._around.spans.get(task)
        return self.dates.finish[task] if span is None else span.finish

    def first_day(self, task: int) -> date:
        """Return the day on which any task starts, on the clocks of its calendar."""
        return self._day(self.start(task), task)

    def last_day(self, task: int) -> date:
        """Return the day on which any task is finished; one that ends at midnight is on the day before."""
        return self._day(max(self.start(task), self.finish(task) - 1), task)

    def _day(self, instant: int, task: int) -> date:
        return self.net.clocks.times[self.net.calendars[task]].shown(instant).date()

    def line(self, calendar: int) -> Line:
        """Return the working time of one of the plan's calendars, or real time."""
        return RealTime() if calendar == ELAPSED else self.net.clocks.times[calendar].axis

    def led(self, wire: Wire) -> int:
        """Return the instant to which a link holds its successor."""
        begin = (self.dates.start if wire.type in ("SS", "SF") else self.dates.finish)[wire.before]
        line = self.line(wire.lag_calendar)
        return reached(line, line.worked(begin) + wire.lag) if wire.lag else begin

    @cached_property
    def incoming(self) -> Mapping[int, Sequence[Wire]]:
        """The links that hold each task."""
        found: dict[int, list[Wire]] = {}
        for wire in self.net.wires:
            found.setdefault(wire.after, []).append(wire)
        return found


@frozen(eq=False)
class Outcome:
    """What came of dating a plan.

    Attributes:
        net: the plan as numbers.
        dated: the plan with its dates; None where it has none.
        cycles: the circles in which tasks wait for each other, as their ids.
        calendars: the calendars that have no time left for it.
    """

    net: Wiring
    dated: Dated | None = None
    cycles: tuple[tuple[str, ...], ...] = ()
    calendars: tuple[str, ...] = ()


@derived
def outcome(m: ModelView, plan_id: str) -> Outcome:
    """Return the dates of a plan, or why it has none.

    Raises:
        UnknownRecord: there is no such plan.
    """
    net = wiring(m, plan_id)
    try:
        return Outcome(net, Dated(schedule(m, plan_id)))
    except CyclicNetwork:
        return Outcome(net, cycles=_cycles(net))
    except NoWorkTime as none:
        return Outcome(net, calendars=none.calendars)


def wired(m: ModelView) -> Iterator[tuple[str, Wiring]]:
    """Yield every plan as numbers, whether or not it has dates."""
    for id in m.ids(Plan):
        yield id, wiring(m, id)


def dated(m: ModelView) -> Iterator[tuple[str, Dated]]:
    """Yield every plan that has dates; rules on dates have nothing to say about others."""
    for id in m.ids(Plan):
        found = outcome(m, id).dated
        if found is not None:
            yield id, found


def _cycles(net: Wiring) -> tuple[tuple[str, ...], ...]:
    """Return a short circle of each set of tasks that all wait for each other, however many circles run through it."""
    import networkx as nx  # noqa: PLC0415 - few plans have cycles

    graph: nx.DiGraph[int] = nx.DiGraph([(wire.before, wire.after) for wire in net.wires])
    # By names, so that what is found does not depend on the order of the records.
    ids = net.parts.ids
    named = [(False, id, "") for id in ids] + [(True, ids[hub.summary], hub.end) for hub in net.hubs]
    knots = [sorted(knot, key=named.__getitem__) for knot in nx.strongly_connected_components(graph) if len(knot) > 1]
    return tuple([_circle(net, knot) for knot in sorted(knots, key=lambda knot: named[knot[0]])])


def _circle(net: Wiring, knot: Sequence[int]) -> tuple[str, ...]:
    """Return one of the circles among nodes that all lie on some, as the ids of tasks and summaries."""
    count, ids = len(net.parts.ids), net.parts.ids
    places = {node: place for place, node in enumerate(knot)}
    wires = [wire for wire in net.wires if wire.before in places and wire.after in places]
    circle: Sequence[int | str] = ()
    try:  # nodes that all lie on circles have no order
        order(len(knot), [places[wire.before] for wire in wires], [places[wire.after] for wire in wires])
    except CyclicNetwork as cyclic:
        circle = cyclic.cycle
    nodes = [knot[int(place)] for place in circle]
    return tuple(dict.fromkeys([ids[node if node < count else net.hubs[node - count].summary] for node in nodes]))
