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

from collections.abc import Mapping, Sequence

from attrs import frozen

from community_ops.plan.efforts import Paced
from community_ops.plan.instants import Line, left, open_until, reached
from community_ops.plan.limits import UNLIMITED
from community_ops.plan.passes_forward import NO_PACES, Cause, Forward
from community_ops.plan.progress import AS_PLANNED, Status
from community_ops.plan.wiring import Wiring
from community_ops.worktime.axis import LAST


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


class Passes(Forward):
    """Both passes, and what they leave of slack."""

    def __init__(
        self,
        net: Wiring,
        lines: Sequence[Line],
        status: Status = AS_PLANNED,
        paces: Mapping[int, Paced] = NO_PACES,
    ) -> None:
        super().__init__(net, lines, status, paces)
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

    def run(self) -> Dates:
        """Make all passes."""
        self.forward()
        ends = [self.early_finish[node] for node in self.net.nodes if self.early_finish[node] < LAST]
        self.end = max(ends, default=self.net.start)
        self.backward()
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

    # --- backward --------------------------------------------------------------------------------------------------

    def backward(self) -> None:
        """Find the late dates of all nodes, and their slack."""
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
        line, work = self.lines[node], self.work(node)
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
            wire = self.gathered(hub, self.start, self.finish)
            ends = self.start if self.of_start[wire] else self.finish
            self.start[hub] = self.finish[hub] = ends[self.before[wire]]

    def _put_off(self, node: int, line: Line, start: int, finish: int) -> None:
        work = self.work(node)
        done = line.worked(self.start[node]) + self.free[node]
        self.finish[node] = line.closing(done + work)
        self.start[node] = _by(line, done, min(start, finish)) if work else self.finish[node]
        self.total[node] -= self.free[node]
        self.free[node] = 0


def _by(line: Line, work: int, cap: int) -> int:
    """Return the last instant with so much work done, or the first, where the last comes after a cap."""
    last = left(line, work)
    return last if last <= cap else reached(line, work)
