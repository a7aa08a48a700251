"""The pass forward: when every task of a network can be done at the earliest; `passes.py` says how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from community_ops.errors import NoWorkTime
from community_ops.plan.efforts import Paced
from community_ops.plan.instants import Line, RealTime, open_from, open_until, reached
from community_ops.plan.limits import Limits
from community_ops.plan.linking import ELAPSED
from community_ops.plan.ordering import Adjacency, adjacency, order
from community_ops.plan.progress import AS_PLANNED, Done, Status
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import LAST

Cause = int | Literal["plan", "start date", "finish date", "status", "actual", "nobody"]
"""What decides a date: a wire by its number, the plan's start, a date named for one end of the task, the status date,
what has happened, or that nobody is there to do it."""
Bounds = tuple[int, Cause, int, Cause]
"""What a task may not start before, and what says so; what it may not finish before, and what says so."""
NO_PACES: Mapping[int, Paced] = MappingProxyType({})
_LONG_AGO = -(1 << 62)
"""Before every instant, and less than any work done."""


class Forward:
    """The pass forward, and what the other pass shares with it: wires as columns, nodes in order, early dates."""

    def __init__(
        self,
        net: Wiring,
        lines: Sequence[Line],
        status: Status = AS_PLANNED,
        paces: Mapping[int, Paced] = NO_PACES,
    ) -> None:
        self.net: Wiring = net
        self.paces: Mapping[int, Paced] = paces
        self.done: Mapping[int, Done] = status.done
        self.finished: frozenset[int] = frozenset(
            [node for node, done in status.done.items() if done.finish is not None]
        )
        # What holds nobody to anything: what is finished, and, once that is known, what never will be.
        self.settled: set[int] = set(self.finished)
        self.since: int | None = status.at
        self.floor: int = net.start if status.at is None else max(net.start, status.at)
        self.floor_cause: Cause = "plan" if self.floor == net.start else "status"
        self.first_hub: int = len(net.parts.ids)
        self.size: int = self.first_hub + len(net.hubs)
        self.before: list[int] = [wire.before for wire in net.wires]
        self.after: list[int] = [wire.after for wire in net.wires]
        # Which end of the predecessor counts, and which end of the successor is held.
        self.of_start: list[bool] = [wire.type in ("SS", "SF") for wire in net.wires]
        self.to_start: list[bool] = [wire.type in ("FS", "SS") for wire in net.wires]
        self.lag: list[int] = [wire.lag for wire in net.wires]
        real: Line = RealTime()
        self.lag_line: list[Line] = [
            real if wire.lag_calendar == ELAPSED else lines[wire.lag_calendar] for wire in net.wires
        ]
        self.calendars: list[Line] = [lines[place] for place in net.calendars] + [real] * len(net.hubs)
        self.lines: list[Line] = self.calendars.copy()
        for node, paced in paces.items():
            self.lines[node] = paced.line
        self.outgoing: Adjacency = adjacency(self.size, self.before)
        driving = set(net.nodes)
        ordered = order(self.size, self.before, self.after, self.outgoing)
        self.order: list[int] = [node for node in ordered if node >= self.first_hub or node in driving]
        self.incoming: list[list[int]] = self._incoming()
        self.early_start: list[int] = [0] * self.size
        self.early_finish: list[int] = [0] * self.size
        self.causes: list[Cause] = ["plan"] * self.size
        self.resumed: dict[int, int] = {}  # of what has started and is not finished, when the rest of it can be done

    def _incoming(self) -> list[list[int]]:
        """Return the wires into each node.

        Of several that demand the same, the one named as the driver does not depend on the order of records or links.
        """
        net, into = self.net, adjacency(self.size, self.after)
        names = [*net.parts.ids, *(net.parts.ids[hub.summary] for hub in net.hubs)]
        found = [into.of(node) for node in range(self.size)]
        for wires in found:
            if len(wires) > 1:
                wires.sort(
                    key=lambda wire: (
                        names[self.before[wire]], net.wires[wire].type, self.lag[wire], net.wires[wire].words
                    )
                )  # fmt: skip
        return found

    def forward(self) -> None:
        """Find the early dates of all nodes."""
        for node in self.order:
            self.reach(node)

    def reach(self, node: int) -> None:
        """Find the early dates of a node of which all that it waits for have theirs."""
        if node < self.first_hub:
            self._earliest(node)
            return
        wire = self.gathered(node, self.early_start, self.early_finish)
        self.causes[node] = wire
        ends = self.early_start if self.of_start[wire] else self.early_finish
        self.early_start[node] = self.early_finish[node] = ends[self.before[wire]]

    def gathered(self, hub: int, starts: Sequence[int], finishes: Sequence[int]) -> int:
        """Return the wire into a hub that dates it: from the first leaf to start, or from the last to finish."""
        pick: Callable[..., int] = min if self.net.hubs[hub - self.first_hub].end == "start" else max
        dates = starts if pick is min else finishes
        return pick(self.incoming[hub], key=lambda wire: dates[self.before[wire]])

    def _led(self, wire: int) -> int:
        """Return the instant to which a link holds its successor."""
        begin = (self.early_start if self.of_start[wire] else self.early_finish)[self.before[wire]]
        lag = self.lag[wire]
        if not lag or begin == LAST:
            return begin
        line = self.lag_line[wire]
        return reached(line, line.worked(begin) + lag)

    def _earliest(self, node: int) -> None:
        done = self.done.get(node)
        if done is not None and done.finish is not None:
            self.early_start[node], self.early_finish[node], self.causes[node] = done.start, done.finish, "actual"
            return
        bounds = self._held_by_links(node)
        limits = self.net.limits.get(node)
        if done is None and limits is not None:
            bounds = self._held_by_dates(node, limits, bounds)
        self.causes[node] = self._placed(node, bounds)
        if done is not None:
            self.resumed[node], self.early_start[node] = self.early_start[node], done.start

    def _held_by_links(self, node: int) -> Bounds:
        start, finish = self.floor, _LONG_AGO
        start_cause = finish_cause = self.floor_cause
        for wire in self.incoming[node]:
            bound = self._led(wire)
            if not self.to_start[wire]:
                if bound > finish:
                    finish, finish_cause = bound, wire
            elif bound > start or (bound == start and start_cause == self.floor_cause):
                start, start_cause = bound, wire
        return start, start_cause, finish, finish_cause

    def _held_by_dates(self, node: int, limits: Limits, bounds: Bounds) -> Bounds:
        start, start_cause, finish, finish_cause = bounds
        if limits.no_start_before is not None and limits.no_start_before > start:
            start, start_cause = limits.no_start_before, "start date"
        if limits.no_finish_before is not None and limits.no_finish_before > finish:
            finish, finish_cause = limits.no_finish_before, "finish date"
        if limits.start_on is not None:
            start, start_cause, finish = limits.start_on, "start date", _LONG_AGO
        elif limits.finish_on is not None:
            start, finish, finish_cause = _LONG_AGO, self._finish_on(node, limits.finish_on), "finish date"
        if self.since is not None and start < self.since:  # the day has passed
            start, start_cause = self.since, "status"
        return start, start_cause, finish, finish_cause

    def _placed(self, node: int, bounds: Bounds) -> Cause:
        """Put a task where its bounds allow, and return what decides that."""
        start, start_cause, finish, finish_cause = bounds
        if LAST in (start, finish):  # it waits for what is never done
            self._never(node, start)
            return start_cause if start == LAST else finish_cause
        try:
            return finish_cause if self._place(node, start, finish) else start_cause
        except NoWorkTime:
            if node not in self.paces:
                raise
            self._never(node, start)
            return "nobody"

    def _finish_on(self, node: int, instant: int) -> int:
        """Return the last instant up to a date at which a task can be finished."""
        line = self.calendars[node]
        return line.closing(line.worked(instant)) if self.work(node) else open_until(line, instant)

    def work(self, node: int) -> int:
        """Return the work of a task; of one that has started, what is left of it."""
        done = self.done.get(node)
        work = self.net.works[node] if done is None else done.left
        return work * self.paces[node].pace if node in self.paces else work

    def _never(self, node: int, start: int) -> None:
        """Leave a task without a finish, and without a start where it has to wait for ever."""
        line = self.calendars[node]
        self.early_start[node] = start if start == LAST else line.opening(line.worked(start))
        self.early_finish[node] = LAST
        self.settled.add(node)

    def _place(self, node: int, start: int, finish: int) -> bool:
        """Put a task at the first start and finish that two bounds allow; tell whether that on the finish decides."""
        line, work = self.lines[node], self.work(node)
        if not work:
            self.early_start[node] = self.early_finish[node] = open_from(line, max(start, finish))
            return finish > start
        done = line.worked(start) if start != _LONG_AGO else start
        if finish == _LONG_AGO:
            self.early_start[node], self.early_finish[node] = line.opening(done), line.closing(done + work)
            return False
        needed = line.worked(finish) - work
        held, done = needed > done, max(done, needed)
        ready = line.closing(done + work)
        self.early_start[node] = line.opening(done)
        waits = ready < finish  # for something outside its own hours
        self.early_finish[node] = line.opening(done + work) if waits else ready
        return held or waits
