"""How a plan is dated again and again with other lengths: along one axis where that is enough, else on calendars.

Where all tasks go by one calendar, lags too, and no date but the plan's start decides when something is done, nothing
happens in closed time. Dates can then be counted in working time, and made into dates at the very end, which is many
times as fast as the passes over calendars; else the passes it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve, frozen

from community_ops.plan.instants import Line, open_from
from community_ops.plan.limits import Limits
from community_ops.plan.linking import ELAPSED
from community_ops.plan.passes import Passes
from community_ops.plan.simulating_numbers import Engine, Numbers, Run
from community_ops.plan.wiring import Wiring

Shares = dict[int, Fraction]
"""By wire, the share of its predecessor's length that is its lag."""


def fixed(limits: Limits) -> bool:
    """Tell whether a date decides when a task is done at the earliest."""
    early = (limits.no_start_before, limits.no_finish_before, limits.start_on, limits.finish_on)
    return any(one is not None for one in early)


def engine_of(net: Wiring, lines: Sequence[Line], shares: Shares) -> tuple[Engine, bool]:
    """Return what dates a plan, and whether its numbers are working time since the plan's start or else instants."""
    used = {net.calendars[node] for node in net.nodes}
    used |= {wire.lag_calendar for place, wire in enumerate(net.wires) if wire.lag or place in shares}
    one_axis = ELAPSED not in used and len({id(lines[place]) for place in used}) == 1
    starts = any(hub.end == "start" for hub in net.hubs)  # the first of several, which a network cannot say
    if not one_axis or starts or any(fixed(limits) for limits in net.limits.values()):
        return OnCalendars(net, shares), False
    links = [
        (wire.before, wire.after, wire.type, 0 if place in shares else wire.lag) for place, wire in enumerate(net.wires)
    ]
    return Numbers.of(len(net.parts.ids) + len(net.hubs), links, net.nodes, shares), True


def instant(line: Line, start: int, work: int) -> int:
    """Return when so much work is done since a plan's start."""
    return line.closing(line.worked(start) + work) if work else open_from(line, start)


@frozen(eq=False)
class OnCalendars:
    """Dates a plan on its calendars, deadlines apart: they decide nothing of when it is finished."""

    net: Wiring
    shares: Shares

    def __reduce__(self) -> tuple[type[OnCalendars], tuple[Wiring, Shares]]:
        # What a mapping is wrapped in cannot be pickled; workers of another process get it bare.
        return OnCalendars, (evolve(self.net, limits=dict(self.net.limits)), self.shares)

    def runner(self) -> Run:
        """Return what dates it."""
        limits = {node: evolve(one, no_start_after=None, no_finish_after=None) for node, one in self.net.limits.items()}
        net = evolve(self.net, limits=limits)
        passes = _Trial(net, net.clocks.axes(), self.shares)
        return passes.date


class _Trial(Passes):
    """The passes, with other lengths each time."""

    def __init__(self, net: Wiring, lines: Sequence[Line], shares: Shares) -> None:
        super().__init__(net, lines)
        self.shares = [(wire, self.before[wire], share) for wire, share in shares.items()]

    def date(self, lengths: Sequence[float]) -> tuple[float, list[int]]:
        """Return when the plan is finished, as an instant, and the tasks that have no slack then."""
        works = tuple(map(int, lengths[: self.first_hub]))
        self.net = evolve(self.net, works=works)
        for wire, before, share in self.shares:
            self.lag[wire] = round(works[before] * share)
        self._forward()
        nodes = self.net.nodes
        self.end = max([self.early_finish[node] for node in nodes])
        self._backward()
        return self.end, [node for node in nodes if self.total[node] <= 0]
