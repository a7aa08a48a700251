"""How a plan is dated again and again with other lengths: along one axis where that is enough, else on calendars.

Where all tasks go by one calendar, lags too, no date but the plan's start or the status date decides when something is
done, nothing has started and no effort depends on who is there, nothing happens in closed time. Dates can then be
counted in working time, and made into dates at the very end, which is many times as fast as the passes over calendars;
else the passes it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from attrs import evolve, frozen

from community_ops.plan.efforts import Pace
from community_ops.plan.instants import Line, open_from
from community_ops.plan.limits import Limits
from community_ops.plan.linking import ELAPSED
from community_ops.plan.passes import Passes
from community_ops.plan.progress import AS_PLANNED, Status
from community_ops.plan.simulating_network import Engine, Numbers, Run
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import LAST

Shares = dict[int, Fraction]
"""By wire, the share of its predecessor's length that is its lag."""


def fixed(limits: Limits) -> bool:
    """Tell whether a date decides when a task is done at the earliest."""
    early = (limits.no_start_before, limits.no_finish_before, limits.start_on, limits.finish_on)
    return any(one is not None for one in early)


def engine_of(
    net: Wiring,
    lines: Sequence[Line],
    shares: Shares,
    status: Status = AS_PLANNED,
    paces: Mapping[int, Pace] = MappingProxyType({}),
) -> tuple[Engine, bool]:
    """Return what dates a plan, and whether its numbers are working time from `begin` on or else instants.

    Args:
        net: the plan.
        lines: the working time of each of its calendars.
        shares: the lags that are as long as their predecessors make them.
        status: what has happened, and by when.
        paces: how fast efforts go on.
    """
    used = {net.calendars[node] for node in net.nodes}
    used |= {wire.lag_calendar for place, wire in enumerate(net.wires) if wire.lag or place in shares}
    one_axis = ELAPSED not in used and len({id(lines[place]) for place in used}) == 1
    starts = any(hub.end == "start" for hub in net.hubs)  # the first of several, which a network cannot say
    as_planned = not status.done and not paces
    if not (as_planned and one_axis) or starts or any(fixed(limits) for limits in net.limits.values()):
        return OnCalendars(net, shares, status, paces), False
    links = [
        (wire.before, wire.after, wire.type, 0 if place in shares else wire.lag) for place, wire in enumerate(net.wires)
    ]
    return Numbers.of(len(net.parts.ids) + len(net.hubs), links, net.nodes, shares), True


def begin(net: Wiring, status: Status) -> int:
    """Return the instant before which nothing more is done."""
    return net.start if status.at is None else max(net.start, status.at)


def instant(line: Line, start: int, work: int) -> int:
    """Return when so much work is done since an instant."""
    return line.closing(line.worked(start) + work) if work else open_from(line, start)


@frozen(eq=False)
class OnCalendars:
    """Dates a plan on its calendars, deadlines apart: they decide nothing of when it is finished."""

    net: Wiring
    shares: Shares
    status: Status
    paces: Mapping[int, Pace]

    def __reduce__(self) -> tuple[type[OnCalendars], tuple[Wiring, Shares, Status, Mapping[int, Pace]]]:
        # What a mapping is wrapped in cannot be pickled; workers of another process get it bare.
        net = evolve(self.net, limits=dict(self.net.limits))
        return OnCalendars, (net, self.shares, self.status, dict(self.paces))

    def runner(self) -> Run:
        """Return what dates it."""
        limits = {node: evolve(one, no_start_after=None, no_finish_after=None) for node, one in self.net.limits.items()}
        net = evolve(self.net, limits=limits)
        lines = net.clocks.axes()
        paced = {node: pace.along(lines[net.calendars[node]]) for node, pace in self.paces.items()}
        passes = _Trial(net, lines, self.status, paced)
        passes.shares = [
            (wire, passes.before[wire], share)
            for wire, share in self.shares.items()
            if passes.before[wire] not in self.status.done  # of what has started, only what is left is drawn
        ]
        return passes.date


class _Trial(Passes):
    """The passes, with other lengths each time: of a task that has started, what is left of it."""

    shares: Sequence[tuple[int, int, Fraction]] = ()

    def work(self, node: int) -> int:
        """Return the work that is left of a task."""
        work = self.net.works[node]
        return work * self.paces[node].pace if node in self.paces else work

    def date(self, lengths: Sequence[float]) -> tuple[float, list[int]]:
        """Return when the plan is finished, as an instant, and the tasks that have no slack then."""
        works = tuple(map(int, lengths[: self.first_hub]))
        self.net = evolve(self.net, works=works)
        for wire, before, share in self.shares:
            self.lag[wire] = round(works[before] * share)
        self.forward()
        nodes = self.net.nodes
        ends = [self.early_finish[node] for node in nodes]
        self.end = max([end for end in ends if end < LAST], default=self.net.start)
        self.settled = {*self.finished} | {node for node, end in zip(nodes, ends, strict=True) if end == LAST}
        self.backward()
        return max(ends), [node for node in nodes if self.total[node] <= 0 and node not in self.settled]
