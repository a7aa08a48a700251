"""When a plan is finished if nobody knows how long its tasks take: by chance, and by sums along its longest path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.text import shown
from community_ops.kernel.view import ModelView
from community_ops.plan.efforts import Pace, paced
from community_ops.plan.lengths import Clocks
from community_ops.plan.progress import AS_PLANNED, Status, status
from community_ops.plan.progress import told as progress_told
from community_ops.plan.records import Task
from community_ops.plan.scheduling import schedule
from community_ops.plan.simulating_dates import begin, engine_of, instant
from community_ops.plan.simulating_draws import Delay, delayed, estimated, lags
from community_ops.plan.simulating_numbers import Job, Trials, check, place_of, run
from community_ops.plan.simulating_shapes import Shape
from community_ops.plan.told import told
from community_ops.worktime.axis import LAST

if TYPE_CHECKING:
    from concurrent.futures import Executor

_MICROSECOND = timedelta(microseconds=1)


@frozen(eq=False, repr=False)
class Simulation:
    """What came out of many trials of a plan; made by `simulate`.

    Attributes:
        plan: the plan's id.
        trials: how many there were.
        seed: what chance began with.
        finishes: for each trial when the plan was finished, None where it never was, since nobody was there any more to
            do some of it; none at all where it has no task that takes part.
        criticality: for each task that drives and has no parts the share of trials in which it had no slack,
            deadlines apart; what is finished has none to have.
        disordered: the tasks whose estimate is out of order; they take what the schedule says.
    """

    plan: str
    trials: int
    seed: int
    finishes: tuple[datetime | None, ...]
    criticality: Mapping[str, float]
    disordered: tuple[str, ...]
    _outcome: Trials = field(alias="outcome")
    _works: tuple[int, ...] = field(alias="works")
    """For each trial the working time from the plan's start to its finish, by the plan's calendar; nothing where any of
    them has no finish."""
    _clocks: Clocks = field(alias="clocks")
    _start: int = field(alias="start")
    _ids: tuple[str, ...] = field(alias="ids")

    @cached_property
    def mean(self) -> datetime | None:
        """The mean finish: the plan's start and the mean of the working time from there, by the plan's calendar.

        None, like the mean and the deviation of that time, where the plan is never finished in some trial.
        """
        length = self.mean_length
        if length is None:
            return None
        return _shown(self._clocks, instant(self._clocks.axes()[0], self._start, length // _MICROSECOND))

    @property
    def mean_length(self) -> timedelta | None:
        """The mean of the working time from the plan's start to its finish, by the plan's calendar."""
        return timedelta(0, 0, sum(self._works) / len(self._works)) if self._works else None

    @cached_property
    def deviation(self) -> timedelta | None:
        """The standard deviation of that working time; None for less than two trials."""
        count = len(self._works)
        if count < 2:
            return None
        mean = sum(self._works) / count
        return timedelta(0, 0, (sum([(work - mean) ** 2 for work in self._works]) / (count - 1)) ** 0.5)

    def finish(self, percent: float = 80) -> datetime | None:
        """Return by when the plan was finished in so many percent of the trials; None where it was in fewer.

        Args:
            percent: more than 0, at most 100.
        """
        if not 0 < percent <= 100:
            raise InvalidRecord(
                "Simulation", None, [("percent", percent, f"must be more than 0 and at most 100, got {shown(percent)}")]
            )
        return self._sorted[place_of(percent / 100, len(self._sorted))] if self._sorted else None

    @cached_property
    def _sorted(self) -> list[datetime | None]:
        done = sorted([one for one in self.finishes if one is not None])
        return [*done, *[None] * (len(self.finishes) - len(done))]

    def chance(self, by: datetime) -> float | None:
        """Return the share of trials in which the plan was finished by a time."""
        return (
            sum([one is not None and one <= by for one in self.finishes]) / len(self.finishes)
            if self.finishes
            else None
        )

    @cached_property
    def sensitivity(self) -> Mapping[str, float | None]:
        """For each task of uncertain length how closely the plan's finish follows it: a rank correlation, -1 to 1.

        None where either did not vary.
        """
        return MappingProxyType({self._ids[task]: one for task, one in self._outcome.sensitivity.items()})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Simulation):
            return NotImplemented
        return (self.plan, self.trials, self.seed, self.finishes, dict(self.criticality), self._outcome.drawn) == (
            other.plan, other.trials, other.seed, other.finishes, dict(other.criticality), other._outcome.drawn
        )  # fmt: skip

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __str__(self) -> str:
        if not self.finishes:
            return f"{self.plan}: no finish"
        ends = [(percent, self.finish(percent)) for percent in (10, 50, 80, 90)]
        when = [f"P{percent} {'never' if end is None else f'{end:%Y-%m-%d %H:%M}'}" for percent, end in ends]
        return f"{self.plan}: {', '.join(when)}; {self.trials:,} trials"

    def __repr__(self) -> str:
        return f"<Simulation of {self}>"


def simulate(
    m: ModelView,
    plan_id: str,
    trials: int = 1000,
    seed: int = 0,
    delays: Sequence[Delay] = (),
    executor: Executor | None = None,
    shape: Shape = "pert",
    at: date | None = None,
) -> Simulation:
    """Date a plan many times, with the lengths of its tasks drawn by chance.

    A task that has an estimate is as long as what is drawn from it, whatever its duration or effort say; all others
    are as long as in the schedule. Estimates are in working days of the task's calendar. What an estimate or a delay
    gives a task comes independently of all others.

    With a status date, what is finished stays as it was. Of a task that has started, what is left is drawn: its
    estimate, each point times the share of its length that is left. So what has become of it so far says how much is
    left, and nothing of how well it was estimated. Nothing more is done before the status date, and efforts go on at
    the pace of who is there, both as in the schedule; where all estimates are certain, that is what comes out. A delay
    of a task that has started comes on top of what is left; a lag in percents of it stays as planned.

    Args:
        m: the model.
        plan_id: the plan.
        trials: how many times.
        seed: what chance begins with: the same seed gives the same result, whatever the executor and its workers.
        delays: what may hold tasks up, each by its own chance.
        executor: what to share the work with; None to do it here.
        shape: from which distribution to draw, `"pert"` or `"triangular"`; `simulating_shapes` says which they are.
        at: the status date, as for `schedule`. None for the plan as it was made.

    Raises:
        UnknownRecord: there is no such plan, or a delay is of a task that the plan does not have.
        InvalidRecord: something has no meaning, such as a delay of a summary.
        CyclicNetwork: tasks wait for each other in a circle; its `cycle` names them.
        NoWorkTime: a calendar has no time in which a task could be done.

    Example:
        >>> from datetime import date
        >>> from community_ops import Estimate, Link, OperatingModel, Plan
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="Launch", start=date(2026, 3, 2)),
        ...     Task(id="a", name="A", plan="p", estimate=Estimate(2, 3, 6)),
        ...     Task(id="b", name="B", plan="p", estimate=Estimate(1, 2, 4), links=[Link("a")]),
        ... )
        >>> found = simulate(model, "p", trials=200)
        >>> found.criticality["a"], found.finish(10) < found.mean < found.finish(90)
        (1.0, True)
    """
    check(trials, shape)
    net = schedule(m, plan_id, at).net
    if not net.nodes:
        return Simulation(
            plan_id,
            trials,
            seed,
            (),
            MappingProxyType({}),
            (),
            Trials((), (), {}),
            (),
            net.clocks,
            net.start,
            net.parts.ids,
        )
    axes = net.clocks.axes()
    moment = net.clocks.instant(at, 0) if at is not None else None
    state: Status = AS_PLANNED
    paces: Mapping[int, Pace] = {}
    if moment is not None:
        state = status(net, progress_told(m, plan_id), moment)
        paces = paced(m, net, told(m, plan_id), net.clocks.times[0].shown(moment).date())
    draws, disordered = estimated(m, net, state)
    engine, along = engine_of(net, axes, lags(m, net), state, paces)
    lengths = [*net.works, *[0] * len(net.hubs)]
    for task, done in state.done.items():
        lengths[task] = done.left
    job = Job(engine, tuple(lengths), (*draws, *delayed(net, state, delays)), shape, trials, seed, True)
    outcome = run(job, executor)
    ids, line = net.parts.ids, axes[net.calendars[net.nodes[0]]]
    floor, begun = begin(net, state), axes[0].worked(net.start)
    ends = [instant(line, floor, int(one)) if along else int(one) for one in outcome.lengths]
    return Simulation(
        plan=plan_id,
        trials=trials,
        seed=seed,
        finishes=tuple([None if one == LAST else _shown(net.clocks, one) for one in ends]),
        criticality=MappingProxyType({ids[node]: outcome.criticality[node] for node in net.nodes}),
        disordered=disordered,
        outcome=outcome,
        works=tuple([axes[0].worked(one) - begun for one in ends]) if LAST not in ends else (),
        clocks=net.clocks,
        start=net.start,
        ids=ids,
    )


def _shown(clocks: Clocks, when: int) -> datetime:
    return clocks.times[0].shown(when)


@frozen
class PathEstimate:
    """How long a plan takes by its longest path; made by `path_estimate`.

    Attributes:
        path: the tasks on it.
        mean: the sum of their means, in working time.
        variance: the sum of their variances, in square hours of working time.
        disordered: the tasks on it whose estimate is out of order; they count as certain.
    """

    path: tuple[str, ...]
    mean: timedelta
    variance: Decimal
    disordered: tuple[str, ...]

    @property
    def deviation(self) -> timedelta:
        """The root of the variance: about two thirds of plans end within it around the mean, or later."""
        return timedelta(hours=float(self.variance.sqrt()))


def path_estimate(m: ModelView, plan_id: str) -> PathEstimate:
    """Return how long a plan takes by sums along its longest path, as PERT has it.

    What is not on the path counts as if it could never matter, and lags do not count at all; so the mean is too early
    wherever paths of about one length meet (Malcolm, Roseboom, Clark and Fazar, 1959; K. MacCrimmon and C. Ryavec,
    Operations Research 12, 1964). `simulate` has neither fault.

    Raises:
        UnknownRecord: there is no such plan.
        CyclicNetwork: tasks wait for each other in a circle; its `cycle` names them.
        NoWorkTime: a calendar has no time in which a task could be done.

    Example:
        >>> from datetime import date
        >>> from community_ops import Estimate, OperatingModel, Plan
        >>> model = OperatingModel.of(
        ...     Plan(id="p", name="P", start=date(2026, 3, 2)),
        ...     Task(id="a", name="A", plan="p", estimate=Estimate(5, 20, 50)),
        ... )
        >>> found = path_estimate(model, "p")
        >>> found.mean / timedelta(hours=8), found.deviation / timedelta(hours=8)
        (22.5, 7.5)
    """
    plain = schedule(m, plan_id)
    net, numbers = plain.net, {id: task for task, id in enumerate(plain.net.parts.ids)}
    path = plain.longest_path()
    uncertain, disordered = estimated(m, net, AS_PLANNED)
    estimates = {one.task for one in uncertain}
    column = m.column(Task.estimate)
    mean, variance = Decimal(0), Decimal(0)
    hour = Decimal(3_600_000_000)
    for id in path:
        node = numbers[id]
        estimate = column[net.parts.places[node]] if node in estimates else None
        if estimate is None:
            mean += net.works[node]
        else:
            day = net.clocks.day(net.calendars[node])
            mean += estimate.mean * day
            variance += (estimate.deviation * day / hour) ** 2
    return PathEstimate(path, timedelta(0, 0, round(mean)), variance, tuple([id for id in path if id in disordered]))
