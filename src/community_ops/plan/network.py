"""The numeric core of a schedule: the critical path method over numbered tasks, all four link types, leads and lags.

Theory of operation. Every link says that its successor may not start earlier than some time after its predecessor
does; that time is the link's *step*. With the tasks' durations p (predecessor) and s (successor) it is

    finish to start (FS)    p + lag         start to start (SS)     lag
    finish to finish (FF)   p + lag - s     start to finish (SF)    lag - s

so that one loop serves all types. Links are brought into an order in which every task's incoming links come before its
outgoing ones. Along it early starts rise from the project's start, which no task precedes; against it late starts sink
from the project's finish, which no task exceeds. All arithmetic is on integers, see `measure.py`.

The method: J. E. Kelley and M. R. Walker, Critical-path planning and scheduling, 1959; with generalised precedence
relations, S. E. Elmaghraby and J. Kamburowski, Management Science 38 (1992).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from operator import add, sub
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

from attrs import field, frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.late import late_names
from community_ops.plan.inputs import Given, read
from community_ops.plan.measure import Measure, Number
from community_ops.plan.ordering import Adjacency, adjacency, order

if TYPE_CHECKING:
    from community_ops.kernel.late import Lister, Loader
    from community_ops.plan.levelling_numbers import Levelling, level
    from community_ops.plan.levelling_optimum import optimum
    from community_ops.plan.simulating_numbers import Trials, simulate

__all__ = ["Levelling", "Network", "Trials", "level", "optimum", "simulate", "solve"]

# What else is done with networks builds on `solve`, and is loaded when first asked for.
_VERBS = {
    "Levelling": "levelling_numbers",
    "Trials": "simulating_numbers",
    "level": "levelling_numbers",
    "optimum": "levelling_optimum",
    "simulate": "simulating_numbers",
}


__getattr__: Loader
__dir__: Lister
__getattr__, __dir__ = late_names(__name__, _VERBS, __all__)


N_co = TypeVar("N_co", bound=Number, covariant=True)

_FROM_FINISH = {"FS", "FF"}
_TO_FINISH = {"FF", "SF"}


@frozen(eq=False)
class Wires:
    """The links as columns, one value a link: where from, where to, and by how much the start moves on the way."""

    predecessors: list[int]
    successors: list[int]
    steps: list[int]

    def along(self, tasks: Sequence[int], outgoing: Adjacency) -> Wires:
        """Return the same links in the order of the tasks they lead from."""
        offsets, links = outgoing.offsets, outgoing.links
        there: list[int] = []
        for task in tasks:
            there += links[offsets[task] : offsets[task + 1]]
        columns = (self.predecessors, self.successors, self.steps)
        return Wires(*[list(map(column.__getitem__, there)) for column in columns])


class _Dates(NamedTuple):
    """What the two passes find, in parts: of the project, and one value a task.

    Attributes:
        begin: the project's start.
        finish: its finish.
        early: the early starts.
        late: the late starts.
        free: the least slack of any outgoing link between early dates, or up to the finish.
    """

    begin: int
    finish: int
    early: list[int]
    late: list[int]
    free: list[int]


@frozen(eq=False, repr=False)
class Network(Generic[N_co]):
    """The dates and floats of all tasks; made by `solve`.

    The tuples hold one number a task. Numbers are of the type that went in: ints, unless there were floats, Decimals or
    Fractions. Dates and floats are in the unit of the durations; dates count from where `start` counts from.

    Attributes:
        start: the start of the project.
        finish: the earliest date by which all tasks are done; None where there is no task.
        length: the time from the one to the other, that of the longest path; None where there is no task.
        early_start: the earliest date each task can start.
        early_finish: the earliest date each can finish.
        late_start: the latest date each can start without delaying the finish, or missing the deadline.
        late_finish: the latest date each can finish, likewise.
        total_float: by how much each can slip without delaying the finish; negative by how much it misses the deadline.
        free_float: by how much each can slip without moving the early dates of any other task, nor the finish; never
            negative, and never more than a total float that is positive.

    Example:
        >>> network = solve([2, 3, 1], [(0, 1, "FS", 0), (0, 2, "FS", 0)])
        >>> network.early_start, network.total_float, network.length
        ((0, 2, 2), (0, 0, 2), 5)
        >>> network.critical(), network.longest_path()
        ((0, 1), (0, 1))
    """

    start: N_co
    finish: N_co | None
    length: N_co | None
    early_start: tuple[N_co, ...]
    early_finish: tuple[N_co, ...]
    late_start: tuple[N_co, ...]
    late_finish: tuple[N_co, ...]
    total_float: tuple[N_co, ...]
    free_float: tuple[N_co, ...]
    _wires: Wires = field(alias="wires")
    _starts: list[int] = field(alias="starts")
    """The early starts in parts."""
    _begin: int = field(alias="begin")
    """The project's start in parts."""
    _last: int | None = field(alias="last")
    """The last task in order to finish when the project does."""

    def __repr__(self) -> str:
        tasks, links = len(self.early_start), len(self._wires.steps)
        return f"Network({tasks} tasks, {links} links, length {self.length})"

    def critical(self, threshold: Number = 0) -> tuple[int, ...]:
        """Return the tasks, in their own order, whose total float is at most a threshold.

        Against a deadline that cannot be met, floats are negative, and these are the tasks that miss it.

        Example:
            >>> solve([5, 4], []).critical(), solve([5, 4], []).critical(threshold=1)
            ((0,), (0, 1))
        """
        most: Any = threshold  # types of numbers that cannot be compared say so themselves
        return tuple([task for task, slack in enumerate(self.total_float) if slack <= most])

    @cached_property
    def _drivers(self) -> list[int | None]:
        """For each task the link that decides its early start; found when first asked for."""
        wires, starts = self._wires, self._starts
        drivers: list[int | None] = [None] * len(starts)
        columns = zip(wires.predecessors, wires.successors, wires.steps, strict=True)
        for link, (before, after, step) in enumerate(columns):
            start = starts[after]
            if start > self._begin and drivers[after] is None and starts[before] + step == start:
                drivers[after] = link
        return drivers

    def driver(self, task: int) -> int | None:
        """Return the link that decides the early start of a task; None where the project's start does.

        Where several links demand the same date, it is the first of them.

        Args:
            task: the number of the task.

        Returns:
            The place of the link among the links given to `solve`.

        Example:
            >>> network = solve([2, 3, 1], [(0, 2, "FS", 0), (1, 2, "FS", 0)])
            >>> network.driver(2), network.driver(1)
            (1, None)
        """
        return self._drivers[task]

    def longest_path(self) -> tuple[int, ...]:
        """Return one chain of tasks that decides the finish: each drives the next, and the last finishes last.

        Unlike `critical` it asks for no float: it is there with a deadline far off as with one that is missed, and with
        several chains of one length it is one of them. It begins with a task that starts with the project.

        Example:
            >>> solve([10, 2, 3], [(0, 1, "SS", 9), (0, 2, "FS", -5)]).longest_path()
            (0, 1)
        """
        task = self._last
        path: list[int] = []
        while task is not None:
            path.append(task)
            link = self._drivers[task]
            task = None if link is None else self._wires.predecessors[link]
        return tuple(reversed(path))


@overload
def solve(
    durations: Iterable[int],
    links: Iterable[tuple[int, int, str, int]],
    *,
    start: int = 0,
    deadline: int | None = None,
) -> Network[int]: ...
@overload
def solve(
    durations: Iterable[float],
    links: Iterable[tuple[int, int, str, float]],
    *,
    start: float = 0,
    deadline: float | None = None,
) -> Network[float]: ...
@overload
def solve(
    durations: Iterable[Decimal],
    links: Iterable[tuple[int, int, str, Decimal | int]],
    *,
    start: Decimal | int = 0,
    deadline: Decimal | int | None = None,
) -> Network[Decimal]: ...
@overload
def solve(
    durations: Iterable[Fraction],
    links: Iterable[tuple[int, int, str, Fraction | int]],
    *,
    start: Fraction | int = 0,
    deadline: Fraction | int | None = None,
) -> Network[Fraction]: ...
def solve(
    durations: Iterable[Any],
    links: Iterable[tuple[int, int, str, Any]],
    *,
    start: Any = 0,
    deadline: Any = None,
) -> Network[Any]:
    """Work out the earliest and latest dates and the floats of tasks that depend on each other.

    No task starts before the project, whatever its links demand, and none may finish after it, whatever its links
    allow: a task is late when it finishes after the project, even if only its start holds others.

    Args:
        durations: how long each task takes, not negative, in any one unit. Ints, or ints and one of floats, Decimals
            and Fractions.
        links: each as the number of the predecessor, that of the successor, which end of the one holds which end of the
            other (`"FS"`, `"SS"`, `"FF"` or `"SF"`), and the lag between them, negative for a lead. Two tasks may have
            several links; all of them hold.
        start: the date of the project's start, in the same unit.
        deadline: a date by which the project has to finish. One before its finish brings the late dates forward, so
            that floats become negative; any other changes nothing.

    Returns:
        The dates and floats. They are exact: a float counts as the decimal it prints as, and only results are rounded.

    Raises:
        InvalidRecord: a duration, a link or a date has no meaning; `problems` names the place of each.
        CyclicNetwork: tasks depend on each other in a circle.

    Example:
        >>> network = solve([10, 2], [(0, 1, "SS", 0)])  # the second starts with the first, and has time
        >>> network.total_float, network.late_start
        ((0, 8), (0, 8))
        >>> solve([0.1, 0.2, 0.3], [(0, 1, "FS", 0)], start=1, deadline=1.2).total_float
        (-0.1, -0.1, -0.1)
    """
    given = read(durations, links, start, deadline)
    measure = Measure.of([*given.durations, *given.lags, *given.dates])
    lengths = measure.parts(given.durations)
    wires = Wires(given.predecessors, given.successors, _steps(given, lengths, measure.parts(given.lags)))
    outgoing = adjacency(len(lengths), wires.predecessors)
    tasks = order(len(lengths), wires.predecessors, wires.successors, outgoing)
    dates = _passes(lengths, wires.along(tasks, outgoing), *measure.parts(given.dates))
    try:
        return _network(measure, lengths, wires, tasks, dates)
    except OverflowError:
        problem = "add up to more than a float can hold"
        raise InvalidRecord("Network", None, [("durations and lags", None, problem)]) from None


def _steps(given: Given, lengths: list[int], lags: list[int]) -> list[int]:
    """Return for each link how much later its successor has to start than its predecessor."""
    if set(given.types) <= {"FS"}:  # nearly all plans, and twice as fast
        return list(map(add, map(lengths.__getitem__, given.predecessors), lags))
    columns = zip(given.predecessors, given.successors, given.types, lags, strict=True)
    return [
        lag + (lengths[before] if type in _FROM_FINISH else 0) - (lengths[after] if type in _TO_FINISH else 0)
        for before, after, type, lag in columns
    ]


def _passes(lengths: list[int], wires: Wires, begin: int, deadline: int | None = None) -> _Dates:
    """Find the dates in parts.

    Args:
        lengths: how long each task takes.
        wires: the links in the order of the tasks they lead from, each of which comes after its own predecessors.
        begin: the project's start.
        deadline: the date to finish by, if there is one.
    """
    early = [begin] * len(lengths)
    for before, after, step in zip(wires.predecessors, wires.successors, wires.steps, strict=True):
        demanded = early[before] + step
        early[after] = max(early[after], demanded)
    finish = max(map(add, early, lengths), default=begin)
    latest = finish if deadline is None else min(finish, deadline)
    ends = list(map(add, early, lengths))
    free = [finish - end for end in ends]
    total = [latest - end for end in ends]
    reached, left = map(early.__getitem__, wires.successors), map(early.__getitem__, wires.predecessors)
    slacks = list(map(sub, map(sub, reached, left), wires.steps))
    for before, after, slack in zip(*map(reversed, (wires.predecessors, wires.successors, slacks)), strict=True):
        if slack < free[before]:  # noqa: PLR1730 - calling min would double the time of the loop
            free[before] = slack
        slack += total[after]
        if slack < total[before]:  # noqa: PLR1730 - the same
            total[before] = slack
    return _Dates(begin, finish, early, total, free)


def _network(measure: Measure, lengths: list[int], wires: Wires, tasks: list[int], dates: _Dates) -> Network[Any]:
    """Turn what was found in parts into numbers."""
    begin, finish, early, total, slacks = dates
    late = list(map(add, early, total))
    free = [(slack if slack < most else most) if most > 0 else 0 for slack, most in zip(slacks, total, strict=True)]
    ends = list(map(add, early, lengths))
    project = measure.numbers([begin, finish, finish - begin])
    return Network(
        start=project[0],
        finish=project[1] if lengths else None,
        length=project[2] if lengths else None,
        early_start=measure.numbers(early),
        early_finish=measure.numbers(ends),
        late_start=measure.numbers(late),
        late_finish=measure.numbers(map(add, late, lengths)),
        total_float=measure.numbers(total),
        free_float=measure.numbers(free),
        wires=wires,
        starts=early,
        begin=begin,
        last=next((task for task in reversed(tasks) if ends[task] == finish), None),
    )
