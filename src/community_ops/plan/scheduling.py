"""The schedule of a plan: when each task starts and finishes, how much it may slip, and why.

Dates come from the critical path method (Kelley and Walker, 1959) with the link types and constraints of MS Project, on
each task's own working time; `passes.py` says how. Around it stand what holds nothing back: summaries, which are as
long as their parts; levels of effort, which last as long as what they span; and recurring tasks.

How this differs from MS Project: a task that is to be done as late as possible uses up its free float and moves nobody
(there it may push its successors), and must-dates hold even against links, which then shows as negative float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar

from attrs import field, frozen

from community_ops.errors import CyclicNetwork, UnknownRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.plan.around import Around, around, driving_span
from community_ops.plan.efforts import paced
from community_ops.plan.passes import Dates, dated
from community_ops.plan.passes_forward import NO_PACES, Cause
from community_ops.plan.progress import AS_PLANNED, Status, status
from community_ops.plan.progress import told as progress_told
from community_ops.plan.records import Link, TaskKind
from community_ops.plan.told import told
from community_ops.plan.wiring import Wiring, wiring
from community_ops.worktime.axis import LAST

T = TypeVar("T")
_AT_ONCE = timedelta()
_SHOWN = 40


@frozen
class Driver:
    """What decides when a task is done: move that, and it moves.

    Attributes:
        kind: the plan's start; the date of its constraint, or of that of a summary it is part of; a link; for what
            holds nothing back, what it spans; the status date, before which nothing more is done; that it is
            finished; or that nobody is there to do it.
        at: the instant from which it holds: an end of the predecessor, before any lag, or the date; None for an end
            that never comes.
        end: which end of the task it decides.
        task: the predecessor; of a summary, the part that starts first; None for a date.
        link: the link.
    """

    kind: Literal["plan", "date", "link", "span", "status", "actual", "nobody"]
    at: datetime | None
    end: Literal["start", "finish"] = "start"
    task: str | None = None
    link: Link | None = None

    def __str__(self) -> str:
        if self.kind == "plan":
            return f"the plan starts {_clock(self.at)}"
        if self.kind == "status":
            return f"what is left is done from {_clock(self.at)} on"
        if self.kind == "actual":
            return f"it was finished {_clock(self.at)}"
        if self.kind == "nobody":
            return "nobody is there to do it"
        if self.kind == "date":
            return f"its constraint names {_clock(self.at)}"
        if self.link is None:
            return f"{self.task or 'what it spans'} starts {_clock(self.at)}"
        does = "starts" if self.link.type in ("SS", "SF") else "finishes"
        return f"{self.task} {does} {_clock(self.at)}, {link_text(self.link)}"


def sure(given: T | None) -> T:
    """Return a date that is there, as all of them are in the plan as it was made."""
    assert given is not None
    return given


def link_text(link: Link) -> str:
    """Return a link the way plans write it, without its task.

    Example:
        >>> from community_ops.plan.records import Duration
        >>> link_text(Link("a")), link_text(Link("a", "SS", Duration(-2))), link_text(Link("a", lag_percent=50))
        ('FS', 'SS-2d', 'FS+50%')
    """
    if link.lag_percent is not None:
        lag = f"{link.lag_percent:+f}%"
    else:
        lag = f"{link.lag.amount:+f}{link.lag.unit[0]}" if link.lag.amount else ""
    return f"{link.type}{lag}{' elapsed' if lag and link.lag_time == 'elapsed' else ''}"


def _clock(when: datetime | None) -> str:
    if when is None:
        return "never"
    return when.strftime("%Y-%m-%d %H:%M") if when.year >= 1000 else str(when)


@frozen(kw_only=True)
class TaskDates:
    """When one task is done.

    With a status date, work that nobody is there to do has no finish, and what waits for it no start: these dates are
    None. They never are in the plan as it was made.

    Attributes:
        id: the task.
        kind: what it is; a task that has parts is a summary, whatever it says of itself.
        start: when it is meant to start.
        finish: when it is meant to finish; work ends at a closing instant, not at the next opening.
        early_start: when it can start first; earlier than `start` only for one to be done as late as possible.
        early_finish: when it can be finished first.
        late_start: when it has to start at the latest for the plan, and every deadline behind it, to hold.
        late_finish: when it has to be finished at the latest.
        work: how much working time it takes; None for a summary that is never finished.
        total_float: by how much it may slip, in its own working time; less than nothing where a date cannot be kept;
            None for what is finished, or holds nothing back.
        free_float: by how much it may slip without moving any other task.
        critical: whether it may not slip at all.
        driver: what decides when it is done.
        occurrences: when a recurring task is done, as starts and finishes.
    """

    id: str
    kind: TaskKind | Literal["summary"]
    start: datetime | None
    finish: datetime | None
    early_start: datetime | None
    early_finish: datetime | None
    late_start: datetime | None
    late_finish: datetime | None
    work: timedelta | None
    total_float: timedelta | None
    free_float: timedelta | None
    critical: bool
    driver: Driver
    occurrences: tuple[tuple[datetime, datetime], ...] = ()


@frozen(eq=False, repr=False)
class Schedule:
    """When the tasks of a plan are done; made by `schedule`.

    Attributes:
        plan: the plan's id.
        start: when the first of its tasks starts; the plan's own start where it has none.
        finish: when the last of them is finished; None where there is none that takes part, or one that never is.
        tasks: the dates of each task, by id and in table order; made when looked at.
        unestimated: the tasks of which nothing says how long they take; they count as no time at all.
        never: the tasks that are never finished as things stand: nobody is there to do them, or what they wait for.
    """

    plan: str
    start: datetime
    finish: datetime | None
    tasks: Mapping[str, TaskDates]
    unestimated: tuple[str, ...]
    never: tuple[str, ...]
    _net: Wiring = field(alias="net")
    _dates: Dates = field(alias="dates")
    _around: Around = field(alias="around")

    @property
    def net(self) -> Wiring:
        """The plan as numbers: its breakdown, calendars and links."""
        return self._net

    def critical(self, threshold: timedelta = _AT_ONCE) -> tuple[str, ...]:
        """Return the tasks whose total float is no more than a threshold, in order of their starts."""
        most = threshold // timedelta(microseconds=1)
        left = [task for task in self._net.nodes if task not in self._dates.settled]
        found = [task for task in left if self._dates.total[task] <= most]
        found.sort(key=lambda task: (self._dates.start[task], self._dates.finish[task], self._net.parts.ids[task]))
        return tuple([self._net.parts.ids[task] for task in found])

    def longest_path(self) -> tuple[str, ...]:
        """Return the tasks that drive each other up to one that finishes last, the first of them first.

        Unlike the critical tasks these are there whatever the deadlines say. Of several that finish last it is one that
        drives none of the others, and of these the one with the smallest id.
        """
        net, dates = self._net, self._dates
        last = [task for task in net.nodes if dates.early_finish[task] == dates.end]
        if not last:
            return ()
        driving = {self._driving(task) for task in last}
        node: int | None = min([task for task in last if task not in driving], key=net.parts.ids.__getitem__)
        path = []
        while node is not None:
            path.append(net.parts.ids[node])
            node = self._driving(node)
        return tuple(path[::-1])

    def _driving(self, node: int) -> int | None:
        """Return the task that decides when another can be done; None where a date does."""
        cause: Cause = self._dates.causes[node]
        while isinstance(cause, int):
            node = self._net.wires[cause].before
            if node < len(self._net.parts.ids):
                return node
            cause = self._dates.causes[node]  # of a hub, the part of the summary that dates it
        return None

    def explain(self, task_id: str) -> str:
        """Return in a sentence why a task is done when it is.

        Raises:
            UnknownRecord: the plan has no such task.
        """
        dates = self.tasks[task_id]
        driver = dates.driver
        ends = driver.end == "finish"
        does = f"finishes {_clock(dates.early_finish)}" if ends else f"starts {_clock(dates.early_start)}"
        late = f"; put off to {_clock(dates.start)}, as late as holds nobody up"
        return f"{task_id} {does} because {driver}{late if dates.start != dates.early_start else ''}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Schedule):
            return NotImplemented
        return self.plan == other.plan and dict(self.tasks) == dict(other.tasks)

    def __hash__(self) -> int:
        return hash((self.plan, self.finish))

    def __len__(self) -> int:
        return len(self.tasks)

    def __str__(self) -> str:
        shown = list(self.tasks)[:_SHOWN]
        width = max(map(len, shown), default=0)
        lines = [f"{self.plan}: {_clock(self.start)} to {_clock(self.finish) if self.finish else 'no finish'}"]
        for id in shown:
            one = self.tasks[id]
            mark = "critical" if one.critical else ""
            lines.append(f"{id:<{width}}  {_clock(one.start)}  {_clock(one.finish)}  {mark}".rstrip())
        if len(self.tasks) > len(shown):
            lines.append(f"and {len(self.tasks) - len(shown)} more")
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from community_ops.kernel.display import bundle  # noqa: PLC0415 - only when something is shown

        return bundle("schedule", self)

    def __repr__(self) -> str:
        return f"<Schedule of {self.plan!r}: {len(self.tasks)} tasks, finish {self.finish}>"


class _Tasks(Mapping[str, TaskDates]):
    """The dates of every task, made when looked at: most callers look at a few of many."""

    def __init__(
        self, net: Wiring, dates: Dates, others: Around, links: Sequence[Sequence[Link]], state: Status
    ) -> None:
        self._net, self._dates, self._others, self._links = net, dates, others, links
        self._done, self._floor = state.done, state.at or 0
        self._numbers = {id: task for task, id in enumerate(net.parts.ids)}
        self._made: dict[int, TaskDates] = {}

    def __getitem__(self, id: str) -> TaskDates:
        task = self._numbers.get(id)
        if task is None:
            raise UnknownRecord("task", id)
        found = self._made.get(task)
        if found is None:
            found = self._made.setdefault(task, self._make(task))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._net.parts.ids)

    def __len__(self) -> int:
        return len(self._net.parts.ids)

    def _make(self, task: int) -> TaskDates:
        net, show = self._net, self._shown(task)
        other = self._others.spans.get(task)
        span = driving_span(net, self._dates, task) if other is None else other
        start, shown = show(span.start), net.clocks.times[net.calendars[task]].shown
        return TaskDates(
            id=net.parts.ids[task],
            kind="summary" if net.parts.is_summary(task) else net.kinds[task],  # type: ignore[arg-type]
            start=start,
            finish=show(span.finish),
            early_start=show(span.early_start),
            early_finish=show(span.early_finish),
            late_start=show(span.late_start),
            late_finish=show(span.late_finish),
            work=None if other is not None and span.finish == LAST else timedelta(0, 0, span.work),
            total_float=None if span.total is None else timedelta(0, 0, span.total),
            free_float=None if span.total is None or other is not None else timedelta(0, 0, self._dates.free[task]),
            critical=span.total is not None and span.total <= 0,
            driver=self._driver(task, show) if other is None else Driver("span", start, task=span.first),
            occurrences=tuple([(shown(begun), shown(done)) for begun, done in span.occurrences]),
        )

    def _shown(self, task: int) -> Callable[[int], datetime | None]:
        """Return how instants are shown: by the task's calendar, and the end of all time as None."""
        shown = self._net.clocks.times[self._net.calendars[task]].shown
        return lambda instant: None if instant == LAST else shown(instant)

    def _driver(self, task: int, show: Callable[[int], datetime | None]) -> Driver:
        cause = self._dates.causes[task]
        if cause == "plan":
            return Driver("plan", show(self._net.start))
        if cause == "status":
            return Driver("status", show(self._floor))
        if cause == "actual":
            return Driver("actual", show(self._dates.early_finish[task]), "finish")
        if cause == "nobody":
            return Driver("nobody", None, "finish")
        if not isinstance(cause, int):
            held: Literal["start", "finish"] = "start" if cause == "start date" else "finish"
            date = self._net.limits[task].earliest(held)
            assert date is not None  # it is what held the task
            return Driver("date", show(date), held)
        wire = self._net.wires[cause]
        ends = self._dates.early_start if wire.type in ("SS", "SF") else self._dates.early_finish
        assert wire.origin is not None  # only hubs are dated by wires without one
        after, place = wire.origin
        link = self._links[after][place]  # as it is written now; the wire may know it as an equal one, 2d for 2.0d
        end: Literal["start", "finish"] = "start" if wire.type in ("FS", "SS") else "finish"
        return Driver("link", show(ends[wire.before]), end, link.task, link)


@derived
def schedule(m: ModelView, plan_id: str, at: date | None = None) -> Schedule:
    """Return when the tasks of a plan are done.

    Args:
        m: the model.
        plan_id: the plan.
        at: the status date: what happened before it is a fact, and what is left is done from then on. A day stands for
            its beginning on the clocks of the plan's calendar. From then on, a task whose length follows from an
            effort goes on at the pace of those who are really there. None for the plan as it was made, whatever
            happened and whoever is there.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks wait for each other in a circle; its `cycle` names them.
        NoWorkTime: a calendar has no time in which a task could be done.

    Example:
        >>> from datetime import date
        >>> from community_ops import Duration, Link, OperatingModel, Plan, Task
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="content", name="Plan the content", plan="p", duration=Duration(3)),
        ...     Task(id="ads", name="Plan the ads", plan="p", duration=Duration(2), links=[Link("content")]),
        ... )
        >>> dates = schedule(model, "p")
        >>> str(dates.finish), dates.tasks["ads"].critical
        ('2026-03-06 17:00:00+00:00', True)
        >>> print(dates.explain("ads"))
        ads starts 2026-03-05 09:00 because content finishes 2026-03-04 17:00, FS
    """
    net, said = wiring(m, plan_id), told(m, plan_id)
    lines = net.clocks.axes()
    moment = net.clocks.instant(at, 0) if at is not None else None
    state = AS_PLANNED if moment is None else status(net, progress_told(m, plan_id), moment)
    paces = NO_PACES
    if moment is not None:
        found = paced(m, net, said, net.clocks.times[0].shown(moment).date())
        paces = {task: pace.along(lines[net.calendars[task]]) for task, pace in found.items()}
    try:
        dates = dated(net, lines, state, paces)
    except CyclicNetwork as cyclic:
        raise CyclicNetwork(named(net, cyclic.cycle)) from None
    others = around(net, said.recurrence, lines, dates)
    show, ids = net.clocks.times[0].shown, net.parts.ids
    begun = [dates.start[task] for task in net.nodes if dates.start[task] != LAST]
    last = max([dates.finish[task] for task in net.nodes], default=LAST)
    return Schedule(
        plan=plan_id,
        start=show(min(begun, default=net.start)),
        finish=show(last) if last != LAST else None,
        tasks=_Tasks(net, dates, others, said.links, state),
        unestimated=tuple([ids[task] for task in net.unestimated]),
        never=tuple([ids[task] for task in net.nodes if dates.finish[task] == LAST]),
        net=net,
        dates=dates,
        around=others,
    )


def named(net: Wiring, cycle: tuple[int | str, ...]) -> list[str]:
    """Return the tasks of a cycle of nodes; a hub stands for its summary."""
    count = len(net.parts.ids)
    tasks = [net.hubs[node - count].summary if node >= count else node for node in map(int, cycle)]
    return [net.parts.ids[task] for task in dict.fromkeys(tasks)]
