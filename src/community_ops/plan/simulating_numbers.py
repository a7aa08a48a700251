"""Monte Carlo over a network: how long it takes when nobody knows how long its tasks take.

Theory of operation. Trials are run in chunks of a fixed number. Each chunk has a source of randomness of its own, which
begins with the seed and the chunk's number, so that the outcome is the same however many workers share the chunks, and
in whatever order they are done.

**Indices.** A task's *criticality* is the share of trials in which it had no slack; its *sensitivity*, the rank
correlation of its length with that of the project (T. Williams, Criticality in stochastic networks, Journal of the
Operational Research Society 43, 1992; C. Spearman, 1904). A task may be nearly always critical and yet matter little,
because it hardly ever differs.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.text import shown
from community_ops.kernel.values import Estimate
from community_ops.plan.network import solve
from community_ops.plan.simulating_network import ROUNDING, Engine, Numbers
from community_ops.plan.simulating_shapes import SHAPES, Drawer, Shape, drawer

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from random import Random

CHUNK = 100
"""How many trials share a source of randomness."""


class Draw(NamedTuple):
    """How the length of a task comes about in a trial.

    Attributes:
        task: the task.
        low: the least it can be.
        mode: what it most likely is.
        high: the most it can be.
        chance: how likely it happens at all; what does not happen takes no time.
        added: whether it comes on top of what the task takes, as a delay does.
    """

    task: int
    low: float
    mode: float
    high: float
    chance: float = 1.0
    added: bool = False


@frozen
class Job:
    """A simulation, as workers get it.

    Attributes:
        engine: what dates the network.
        lengths: how long each task takes if nothing is drawn for it.
        draws: what is drawn, in this order.
        shape: from which distribution.
        trials: how many there are in all.
        seed: what randomness begins with.
        whole: whether lengths are rounded to whole numbers.
    """

    engine: Engine
    lengths: tuple[float, ...]
    draws: tuple[Draw, ...]
    shape: Shape
    trials: int
    seed: int
    whole: bool

    def drawn(self) -> list[int]:
        """Return the tasks for which something is drawn."""
        return list(dict.fromkeys([one.task for one in self.draws]))


class Chunk(NamedTuple):
    """What came out of some trials.

    Attributes:
        lengths: for each trial that of the project.
        critical: for each task in how many trials it was critical.
        drawn: for each task that something is drawn for its length in each trial.
    """

    lengths: Sequence[float]
    critical: list[int]
    drawn: list[Sequence[float]]


@frozen(eq=False, repr=False)
class Trials:
    """What came out of a simulation of numbered tasks; made by `simulate`.

    Attributes:
        lengths: for each trial how long the project took.
        criticality: for each task the share of trials in which it had no slack.
        drawn: for each task of uncertain length what it was in each trial.
    """

    lengths: tuple[float, ...]
    criticality: tuple[float, ...]
    drawn: Mapping[int, Sequence[float]]

    @cached_property
    def mean(self) -> float:
        """The mean of the project's lengths."""
        return sum(self.lengths) / len(self.lengths)

    @cached_property
    def deviation(self) -> float | None:
        """Their standard deviation, as of a sample; None for a single trial."""
        spread = sum([(length - self.mean) ** 2 for length in self.lengths])
        return sqrt(spread / (len(self.lengths) - 1)) if len(self.lengths) > 1 else None

    def quantile(self, share: float) -> float:
        """Return the shortest length that a share of the trials did not exceed.

        Args:
            share: more than 0, at most 1.
        """
        if not 0 < share <= 1:
            raise InvalidRecord(
                "Trials", None, [("share", share, f"must be more than 0 and at most 1, got {shown(share)}")]
            )
        return self._sorted[place_of(share, len(self.lengths))]

    @cached_property
    def _sorted(self) -> list[float]:
        return sorted(self.lengths)

    @cached_property
    def sensitivity(self) -> dict[int, float | None]:
        """For each task of uncertain length how closely the project's length follows its: -1 to 1.

        None where either did not vary.
        """
        ranks = _ranks(self.lengths)
        return {task: _correlation(_ranks(column), ranks) for task, column in self.drawn.items()}

    def __repr__(self) -> str:
        return f"<Trials: {len(self.lengths)}, mean length {self.mean:g}>"


def place_of(share: float, count: int) -> int:
    """Return which of some values in order, from 0 on, is the first that a share of them does not exceed."""
    # The product of a decimal share and a count may come out a trifle above a whole number.
    return max(ceil(share * count - ROUNDING), 1) - 1


def simulate(
    durations: Iterable[float | Estimate],
    links: Iterable[tuple[int, int, str, float]],
    *,
    trials: int = 1000,
    seed: int = 0,
    shape: Shape = "pert",
    executor: Executor | None = None,
) -> Trials:
    """Work out how long a project takes, many times, with lengths drawn by chance.

    Args:
        durations: how long each task takes, in any one unit: a number, or an estimate to draw from.
        links: each as predecessor, successor, type and lag, as for `solve`.
        trials: how many times.
        seed: what chance begins with: the same seed gives the same result, whatever the executor.
        shape: from which distribution to draw, `"pert"` or `"triangular"`.
        executor: what to share the work with; None to do it here.

    Raises:
        InvalidRecord: something has no meaning, such as an estimate whose points are out of order.
        CyclicNetwork: tasks depend on each other in a circle.

    Example:
        >>> found = simulate([Estimate(1, 2, 3), 4], [(0, 1, "FS", 0)], trials=200)
        >>> found.criticality, 5 < found.quantile(0.1) < found.mean < found.quantile(0.9) < 7
        ((1.0, 1.0), True)
    """
    check(trials, shape)
    given, wires = list(durations), list(links)
    found = [
        (f"durations[{place}]", one, f"must be in order and at least 0, got {one}")
        for place, one in enumerate(given)
        if isinstance(one, Estimate) and not (one.ordered and one.optimistic >= 0)
    ]
    if found:
        raise InvalidRecord("Trials", None, found)
    lengths = [float(one.most_likely) if isinstance(one, Estimate) else float(one) for one in given]
    solve(lengths, [(a, b, type, float(lag)) for a, b, type, lag in wires])  # says what is wrong
    engine = Numbers.of(len(lengths), [(a, b, type, float(lag)) for a, b, type, lag in wires], range(len(lengths)))
    draws = [
        Draw(task, float(one.optimistic), float(one.most_likely), float(one.pessimistic))
        for task, one in enumerate(given)
        if isinstance(one, Estimate)
    ]
    return run(Job(engine, tuple(lengths), tuple(draws), shape, trials, seed, False), executor)


def check(trials: int, shape: str) -> None:
    """Check what every simulation is given.

    Raises:
        InvalidRecord: something has no meaning.
    """
    found: list[tuple[str, Any, str]] = []
    if not isinstance(trials, int) or trials < 1:
        found.append(("trials", trials, f"must be a whole number of at least 1, got {shown(trials)}"))
    if shape not in SHAPES:
        found.append(("shape", shape, f"must be one of {', '.join(SHAPES)}, got {shown(shape)}"))
    if found:
        raise InvalidRecord("simulation", None, found)


def run(job: Job, executor: Executor | None = None) -> Trials:
    """Run all trials of a simulation, here or wherever an executor does."""
    numbers = range(-(-job.trials // CHUNK))
    mapped = map if executor is None else executor.map
    chunks: list[Chunk] = list(mapped(_chunk, [job] * len(numbers), numbers))
    lengths = tuple([length for chunk in chunks for length in chunk.lengths])
    critical = [sum(counts) / job.trials for counts in zip(*[chunk.critical for chunk in chunks], strict=True)]
    drawn = {
        task: array("d", [length for chunk in chunks for length in chunk.drawn[place]])
        for place, task in enumerate(job.drawn())
    }
    return Trials(lengths, tuple(critical), drawn)


def _chunk(job: Job, number: int) -> Chunk:
    """Run one chunk of the trials."""
    from random import Random  # noqa: PLC0415 - costs time, and only this needs it

    rnd = Random(f"{job.seed}/{number}")
    drawers = [drawer(job.shape, one.low, one.mode, one.high, rnd) for one in job.draws]
    dates = job.engine.runner()
    critical = [0] * len(job.lengths)
    tasks = job.drawn()
    rows: list[list[float]] = []
    totals: list[float] = []
    for _ in range(min(CHUNK, job.trials - number * CHUNK)):
        lengths = _lengths(job, drawers, rnd)
        total, decisive = dates(lengths)
        totals.append(total)
        for task in decisive:
            critical[task] += 1
        rows.append([lengths[task] for task in tasks])
    return Chunk(totals, critical, [array("d", column) for column in zip(*rows, strict=True)])


def _lengths(job: Job, drawers: Sequence[Drawer], rnd: Random) -> list[float]:
    """Draw the lengths of one trial."""
    lengths = list(job.lengths)
    for (task, _, _, _, chance, added), draw in zip(job.draws, drawers, strict=True):
        if chance < 1 and rnd.random() >= chance:
            continue
        lengths[task] = lengths[task] + draw() if added else draw()
    if job.whole:
        return [length if length > 0 else 0 for length in map(round, lengths)]
    return lengths


def _ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value; equal ones share the mean of theirs.

    Example:
        >>> _ranks([10, 30, 10])
        [1.5, 3.0, 1.5]
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    first = 0
    for place, one in enumerate(order):
        if place + 1 == len(order) or values[order[place + 1]] != values[one]:
            for same in order[first : place + 1]:
                ranks[same] = (first + place) / 2 + 1
            first = place + 1
    return ranks


def _correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    mean = (len(a) + 1) / 2  # of the ranks from 1 on, ties or not
    around_a, around_b = [x - mean for x in a], [x - mean for x in b]
    spread = sqrt(sum([x * x for x in around_a]) * sum([x * x for x in around_b]))
    return sum([x * y for x, y in zip(around_a, around_b, strict=True)]) / spread if spread else None
