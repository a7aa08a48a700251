"""The two passes over a network of tasks, on the working time of each, and what they leave of slack.

Everything here is a number: instants and lengths in microseconds, tasks and hubs by node, calendars by place. What is
asked of a calendar's axis says `instants.py`.

**Forward.** A task of some work starts at the opening and finishes at the closing instant of its work. What holds its
start holds it to an instant at or after; what holds its finish as well, and where that lies in closed time, the task is
finished when its calendar next opens, which is the first instant that keeps it and costs no work. What takes no time -
milestones, tasks of no duration - happens at any instant at which work is possible, closing instants included. A task
that must finish on a date finishes with the last work up to it.

**Lag.** A lag in working time leads from an instant to `closing(worked(instant) + lag)`; what must be reached by y may
begin by `opening(worked(y) - lag)`, which is the last instant from which the lag leads to y or before.

**Backward.** What a task's predecessors are held to is the last instant allowed, though it may come after closed time;
what is shown as its late finish is the closing instant. Where somebody on other hours waits for a start in
what is closed time to the task itself, there is no last moment of work before it: the task may start up to the closing
instant before, at which nothing of it is done yet. Slack is always counted in a task's own working time, where closed
time is nothing.

**Progress.** What is finished stays where it was, and holds its predecessors to nothing. Of what has started, the work
that is left goes on from the status date, once its links allow a start (retained logic), and what held a start before
now holds that. Nothing else starts before the status date.

**Pace.** Where it matters who is there, a task goes by the work time of an effort (see `efforts.py`), in which the
passes see no difference; only slack is still counted by its calendar. Where so much work is never done, the task has no
finish, and what waits for it has no start: both are at `LAST`, the end of all time. They hold nobody to anything, do
not count for the end of the plan, and have no slack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from attrs import frozen

from community_ops.errors import NoWorkTime
from community_ops.plan.efforts import Paced
from community_ops.plan.instants import Line, RealTime, left, open_from, open_until, reached
from community_ops.plan.limits import UNLIMITED, Limits
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


@frozen(eq=False)
class Dates:
    """When every node can and must be done, a value a node with the hubs last; made by `dated`.

    Attributes:
        early_start: the first instant at which it can start.
        early_finish: the first instant at which it can be finished.
        late_start: when it has to start for the plan to finish in time; its early start where it has no slack.
        late_finish: when it has to be finished for that, by its own calendar; its early finish where it has no slack.
        start: when it is meant to start: early, or as late as holds nobody up where that is wanted.
        finish: when it is meant to finish.
        total: by how much it may slip, in microseconds of its own working time; less than nothing for too late.
        free: by how much it may slip without moving any other task.
        causes: what decides when it can be done.
        end: the instant at which the last of them can be finished.
        settled: the tasks that are finished; they have no slack.
    """

    early_start: Sequence[int]
    early_finish: Sequence[int]
    late_start: Sequence[int]
    late_finish: Sequence[int]
    start: Sequence[int]
    finish: Sequence[int]
    total: Sequence[int]
    free: Sequence[int]
    causes: Sequence[Cause]
    end: int
    settled: frozenset[int] = frozenset()


def dated(
    net: Wiring, lines: Sequence[Line], status: Status = AS_PLANNED, paces: Mapping[int, Paced] = NO_PACES
) -> Dates:
    """Work out when everything can and must be done.

    Args:
        net: the plan.
        lines: the working time of each of its calendars.
        status: what has happened, and by when.
        paces: how fast tasks go on of which that depends on who is there.

    Raises:
        CyclicNetwork: tasks wait for each other in a circle; its `cycle` names nodes.
        NoWorkTime: a calendar has no time in which a task could be done.
    """
    return Passes(net, lines, status, paces).run()


class Passes:
    """What the passes share: columns of the wires, the order of the nodes, and the dates so far."""

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
        # What holds nobody to anything: what is finished, and, once that is known, what never will be.
        self.settled: set[int] = {node for node, done in status.done.items() if done.finish is not None}
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
        self.late_start: list[int] = [0] * self.size
        self.late_finish: list[int] = [0] * self.size
        self.start: list[int] = []
        self.finish: list[int] = []
        self.total: list[int] = [0] * self.size
        self.free: list[int] = [0] * self.size
        self.end: int = net.start
        # The late dates that predecessors are held to: the last instants allowed, closed time included.
        self.start_by: list[int] = [0] * self.size
        self.finish_by: list[int] = [0] * self.size
        self.causes: list[Cause] = ["plan"] * self.size
        self.resumed: dict[int, int] = {}  # of what has started and is not finished, when the rest of it can be done

    def _incoming(self) -> list[list[int]]:
        """Return the wires into each node.

        Of several that demand the same, the one named as the driver does not depend on the order of records.
        """
        net, into = self.net, adjacency(self.size, self.after)
        names = [*net.parts.ids, *(net.parts.ids[hub.summary] for hub in net.hubs)]
        found = [into.of(node) for node in range(self.size)]
        for wires in found:
            if len(wires) > 1:
                wires.sort(key=lambda wire: (names[self.before[wire]], net.wires[wire].type, self.lag[wire]))
        return found

    def run(self) -> Dates:
        """Make all passes."""
        self._forward()
        ends = [self.early_finish[node] for node in self.net.nodes if self.early_finish[node] < LAST]
        self.end = max(ends, default=self.net.start)
        self._backward()
        self.start, self.finish = self.early_start.copy(), self.early_finish.copy()
        for node, instant in self.resumed.items():
            self.start[node] = instant
        self._settle_slack()
        for node in self.resumed:
            self.start[node] = self.late_start[node] = self.early_start[node]
        return Dates(
            self.early_start, self.early_finish, self.late_start, self.late_finish, self.start, self.finish,
            self.total, self.free, self.causes, self.end, frozenset(self.settled),
        )  # fmt: skip

    # --- forward ---------------------------------------------------------------------------------------------------

    def _forward(self) -> None:
        for node in self.order:
            if node >= self.first_hub:
                wire = self._gathered(node, self.early_start, self.early_finish)
                self.causes[node] = wire
                ends = self.early_start if self.of_start[wire] else self.early_finish
                self.early_start[node] = self.early_finish[node] = ends[self.before[wire]]
            else:
                self._earliest(node)

    def _gathered(self, hub: int, starts: Sequence[int], finishes: Sequence[int]) -> int:
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
        if self.floor_cause == "status" and start < self.floor:  # the day has passed
            start, start_cause = self.floor, "status"
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
        return line.closing(line.worked(instant)) if self._work(node) else open_until(line, instant)

    def _work(self, node: int) -> int:
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
        line, work = self.lines[node], self._work(node)
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

    # --- backward --------------------------------------------------------------------------------------------------

    def _backward(self) -> None:
        for node in reversed(self.order):
            start, finish = self._allowed(node, self.start_by, self.finish_by)
            if node >= self.first_hub:
                self.start_by[node] = self.finish_by[node] = min(start, finish)
            else:
                self._latest(node, start, finish)

    def _allowed(self, node: int, starts: Sequence[int], finishes: Sequence[int]) -> tuple[int, int]:
        """Return the last start and finish of a node that leave those who follow it, and the plan, where they are."""
        start = finish = self.end
        for wire in self.outgoing.of(node):
            follower = self.after[wire]
            if follower in self.settled or (follower >= self.first_hub and self._is_free_of(follower, wire)):
                continue
            bound = (starts if self.to_start[wire] else finishes)[follower]
            lag = self.lag[wire]
            if lag:
                line = self.lag_line[wire]
                bound = left(line, line.worked(bound) - lag)
            if not self.of_start[wire]:
                finish = min(finish, bound)
            elif node not in self.done:  # a start that has happened holds nobody up any more
                start = min(start, bound)
        return start, finish

    def _is_free_of(self, hub: int, wire: int) -> bool:
        """Tell whether a hub is dated by another leaf: a summary has started once its first leaf has."""
        return self.net.hubs[hub - self.first_hub].end == "start" and self.causes[hub] != wire

    def _latest(self, node: int, start: int, finish: int) -> None:
        if node in self.settled:
            self.late_start[node], self.late_finish[node] = self.early_start[node], self.early_finish[node]
            return
        limits = self.net.limits.get(node, UNLIMITED)
        if limits.no_finish_after is not None:
            finish = min(finish, limits.no_finish_after)
        if node in self.resumed:
            begun = self.resumed[node]
            if limits.finish_on is not None:
                finish = min(finish, limits.finish_on)
        else:
            begun = self.early_start[node]
            if limits.no_start_after is not None:
                start = min(start, limits.no_start_after)
            if limits.start_on is not None:
                start = min(start, begun)
            if limits.finish_on is not None:
                finish = min(finish, self.early_finish[node])
        line, work = self.lines[node], self._work(node)
        if work:
            done = min(line.worked(finish) - work, line.worked(start))
            self.start_by[node] = _by(line, done, start)
            self.finish_by[node] = _by(line, done + work, finish)
        else:
            done = line.worked(min(start, finish))
            self.start_by[node] = self.finish_by[node] = open_until(line, min(start, finish))
        slack = self.total[node] = self._slack(node, begun, done)
        if not slack:
            self.late_start[node], self.late_finish[node] = self.early_start[node], self.early_finish[node]
        else:
            self.late_finish[node] = reached(line, done + work)
            self.late_start[node] = self.start_by[node] if work else self.late_finish[node]

    def _slack(self, node: int, begun: int, done: int) -> int:
        """Return by how much a task may slip whose work may begin at so much done."""
        line = self.lines[node]
        slack = done - line.worked(begun)
        if node not in self.paces or not slack:
            return slack
        line = self.calendars[node]
        return line.worked(self.start_by[node]) - line.worked(begun)

    # --- slack -----------------------------------------------------------------------------------------------------

    def _settle_slack(self) -> None:
        """Work out free float from the end of the plan on, and use it up where a task is to be done late."""
        for node in reversed(self.order):
            start, finish = self._allowed(node, self.start, self.finish)
            if node >= self.first_hub:
                self.start[node] = self.finish[node] = min(start, finish)  # as late as nobody minds
                continue
            if node in self.settled:
                continue
            line = self.calendars[node]
            slack = min(
                line.worked(finish) - line.worked(self.finish[node]), line.worked(start) - line.worked(self.start[node])
            )
            self.free[node] = max(0, min(slack, self.total[node]))
            if node in self.net.late and self.free[node] and not (node in self.done or node in self.paces):
                self._put_off(node, line, start, finish)
        for hub in range(self.first_hub, self.size):
            wire = self._gathered(hub, self.start, self.finish)
            ends = self.start if self.of_start[wire] else self.finish
            self.start[hub] = self.finish[hub] = ends[self.before[wire]]

    def _put_off(self, node: int, line: Line, start: int, finish: int) -> None:
        work = self._work(node)
        done = line.worked(self.start[node]) + self.free[node]
        self.finish[node] = line.closing(done + work)
        self.start[node] = _by(line, done, min(start, finish)) if work else self.finish[node]
        self.total[node] -= self.free[node]
        self.free[node] = 0


def _by(line: Line, work: int, cap: int) -> int:
    """Return the last instant with so much work done, or the first, where the last comes after a cap."""
    last = left(line, work)
    return last if last <= cap else reached(line, work)
