"""The numeric core of levelling: numbered tasks that share what there is too little of; a heuristic.

Theory of operation. This is the resource-constrained project scheduling problem (RCPSP): of every resource there is a
capacity, every task takes up some of it while it is done, links hold as in `network.solve`, and the project is to be
finished early. Finding the shortest schedule is NP-hard, so this does not: it generates schedules serially by several
priority rules (`levelling_order.py`), then by the same rules with some noise, and keeps the best.

Each schedule is improved by *double justification* (V. Valls, F. Ballestin and S. Quintanilla, Justification and RCPSP:
a technique that pays, European Journal of Operational Research 165, 2005): seen from the end, every task is moved as
late as it can be, the last first; then, seen from the start, as early as it can be, the first first.

A link says how much later its successor has to start than its predecessor, as a *step*; seen from the end, its
predecessor has to come as much later than its successor as the step is, less the length of the one, plus that of the
other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from attrs import frozen

from community_ops.errors import InvalidRecord
from community_ops.kernel.text import shown
from community_ops.plan.levelling_order import Keys, priorities, serially
from community_ops.plan.levelling_profile import Profile
from community_ops.plan.measure import Complaint
from community_ops.plan.network import Network, solve
from community_ops.plan.ordering import adjacency, order

_FROM_FINISH, _TO_FINISH = ("FS", "FF"), ("FF", "SF")
_NOISE = 4
"""Noise moves a task's priority by up to this part of the project's length."""


@frozen
class Levelling:
    """When to start tasks so that there is enough of everything for each; made by `level` and `optimum`.

    Attributes:
        starts: when each task starts, counted from the project's start.
        length: how long the project takes; None where there is no task.
        rule: what found it: a priority rule, with what was done to its schedule; or the solver.
        lower_bound: a length that no schedule can be shorter than; None where there is no task.
        tried: how many schedules were generated.
    """

    starts: tuple[int, ...]
    length: int | None
    rule: str
    lower_bound: int | None
    tried: int

    @property
    def gap(self) -> float | None:
        """By how much of the lower bound the project may be longer than it need be; None where that is nothing."""
        return (self.length or 0) / self.lower_bound - 1 if self.lower_bound else None

    @property
    def proven(self) -> bool:
        """Whether no schedule can be shorter."""
        return self.length == self.lower_bound


class Side(NamedTuple):
    """The links as seen from one end of the project.

    Attributes:
        waits: for each task how many links it waits for.
        followers: for each task those that its links lead to.
        steps: for each of these by how much later it has to start.
    """

    waits: list[int]
    followers: list[list[int]]
    steps: list[list[int]]


@frozen(eq=False)
class Project:
    """What is to be levelled, without fault; made by `project`.

    Attributes:
        lengths: how long each task takes.
        links: each as the predecessor, the successor, and by how much later that has to start.
        needs: for each task what it takes up, as resources and amounts; nothing for one that takes no time.
        capacity: how much of each resource there is.
        network: the project as it were with enough of everything.
    """

    lengths: list[int]
    links: list[tuple[int, int, int]]
    needs: list[list[tuple[int, int]]]
    capacity: list[int]
    network: Network[int]

    def forward(self) -> Side:
        """Return the links as seen from the start."""
        return _side(len(self.lengths), self.links)

    def backward(self) -> Side:
        """Return the links as seen from the end."""
        lengths = self.lengths
        return _side(
            len(lengths),
            [(after, before, step - lengths[before] + lengths[after]) for before, after, step in self.links],
        )

    def lower_bound(self) -> int:
        """Return a length that no schedule can be shorter than.

        It is that of the longest path, or for some resource the time before the first task that uses it, all the work
        it has to do, and the time after the last such task.
        """
        net = self.network
        bound: int = net.length or 0
        for resource, amount in enumerate(self.capacity):
            work, heads, tails = 0, [], []
            for task, needs in enumerate(self.needs):
                share = dict(needs).get(resource, 0)
                if share:
                    work += share * self.lengths[task]
                    heads.append(net.early_start[task])
                    tails.append((net.length or 0) - net.late_finish[task])
            if work:
                bound = max(bound, min(heads) + -(-work // amount) + min(tails))
        return bound


def _side(count: int, links: Iterable[tuple[int, int, int]]) -> Side:
    side = Side([0] * count, [[] for _ in range(count)], [[] for _ in range(count)])
    for before, after, step in links:
        side.waits[after] += 1
        side.followers[before].append(after)
        side.steps[before].append(step)
    return side


def project(
    durations: Iterable[int],
    links: Iterable[tuple[int, int, str, int]],
    requests: Iterable[Sequence[int]],
    capacity: Iterable[int],
) -> Project:
    """Check what is to be levelled.

    Raises:
        InvalidRecord: something has no meaning, or can never be done; `problems` names the place of each.
        CyclicNetwork: tasks depend on each other in a circle.
    """
    lengths, wires, wanted, there = list(durations), list(links), [list(row) for row in requests], list(capacity)
    network = solve(lengths, wires)
    found = [
        *_not_whole("durations[{}]", lengths),
        *_not_whole("links[{}].lag", [link[3] for link in wires], least=None),
        *_not_whole("capacity[{}]", there),
    ]
    if len(wanted) != len(lengths):
        found.append(("requests", wanted, f"must be one row a task, {len(lengths)}, got {len(wanted)}"))
    for task, row in enumerate(wanted):
        if len(row) != len(there):
            found.append((f"requests[{task}]", row, f"must be one number a resource, {len(there)}, got {len(row)}"))
        found += _not_whole(f"requests[{task}][{{}}]", row)
    if not found:
        found = [
            (f"requests[{task}][{resource}]", amount, f"is more than there ever is, {there[resource]}, got {amount}")
            for task, row in enumerate(wanted)
            for resource, amount in enumerate(row)
            if amount > there[resource]
        ]
    if found:
        raise InvalidRecord("Levelling", None, found)
    steps = [
        (
            before,
            after,
            lag + (lengths[before] if type in _FROM_FINISH else 0) - (lengths[after] if type in _TO_FINISH else 0),
        )
        for before, after, type, lag in wires
    ]
    needs = [
        [(resource, amount) for resource, amount in enumerate(row) if amount and length]
        for row, length in zip(wanted, lengths, strict=True)
    ]
    return Project(lengths, steps, needs, there, network)


def _not_whole(name: str, numbers: Sequence[Any], least: int | None = 0) -> list[Complaint]:
    return [
        (
            name.format(place),
            number,
            f"must be a whole number{'' if least is None else ' of at least 0'}, got {shown(number)}",
        )
        for place, number in enumerate(numbers)
        if not isinstance(number, int) or isinstance(number, bool) or (least is not None and number < least)
    ]


def level(
    durations: Iterable[int],
    links: Iterable[tuple[int, int, str, int]],
    requests: Iterable[Sequence[int]],
    capacity: Iterable[int],
    *,
    budget: int = 100,
    seed: int = 0,
) -> Levelling:
    """Find a short schedule of tasks that share scarce resources, by a heuristic.

    Args:
        durations: how long each task takes, whole numbers of any one unit.
        links: each as predecessor, successor, type and lag, as for `solve`.
        requests: for each task how much of each resource it takes up while it is done.
        capacity: how much of each resource there is, all the time.
        budget: how many schedules may be generated; every rule is tried at least once.
        seed: what the noise begins with: the same seed gives the same schedule.

    Returns:
        The shortest schedule found, with the rule that found it and a bound on how much shorter one might be.

    Raises:
        InvalidRecord: something has no meaning, or a task takes more than there ever is; `problems` names each.
        CyclicNetwork: tasks depend on each other in a circle.

    Example:
        >>> found = level([3, 2, 2], [(0, 2, "FS", 0)], [[1], [1], [1]], [1])
        >>> found.length, found.lower_bound, found.proven
        (7, 7, True)
    """
    return _Search(project(durations, links, requests, capacity), budget, seed).run()


class _Search:
    """The schedules tried so far, and the best of them."""

    def __init__(self, given: Project, budget: int, seed: int) -> None:
        from random import Random  # noqa: PLC0415 - costs time, and only this needs it

        self.given, self.budget, self.random = given, budget, Random(seed)
        self.forward, self.backward = given.forward(), given.backward()
        self.bound = given.lower_bound()
        self.tried = 0
        self.best: tuple[int, list[int], str] | None = None

    def run(self) -> Levelling:
        lengths = self.given.lengths
        if not lengths:
            return Levelling((), None, "latest finish", None, 0)
        net = self.given.network
        befores, afters = [link[0] for link in self.given.links], [link[1] for link in self.given.links]
        tasks = order(len(lengths), befores, afters, adjacency(len(lengths), befores))
        rules = priorities(lengths, net.late_start, net.late_finish, net.total_float, self.forward.followers, tasks)
        for rule, keys in rules.items():
            self._try(keys, rule)
        self._sample(rules)
        assert self.best is not None
        length, starts, rule = self.best
        return Levelling(tuple(starts), length, rule, self.bound, self.tried)

    def _done(self) -> bool:
        return self.best is not None and self.best[0] == self.bound

    def _sample(self, rules: Any) -> None:
        """Try the rules with noise, in turn, as long as the budget lasts."""
        names = list(rules)
        spread = max(1, self.bound // _NOISE)
        turn = 0
        while self.tried < self.budget and not self._done():
            name = names[turn % len(names)]
            turn += 1
            self._try([key + self.random.randrange(spread + 1) for key in rules[name]], f"{name} with noise")

    def _try(self, keys: Keys, rule: str) -> None:
        """Generate a schedule and improve it, unless the best cannot be improved on."""
        lengths = self.given.lengths
        if self._done():
            return
        starts = self._generated(self.forward, keys)
        self._keep(starts, rule)
        while not self._done() and self.tried < self.budget:
            ends = [-start - length for start, length in zip(starts, lengths, strict=True)]
            late = self._generated(self.backward, ends)
            again = self._generated(
                self.forward, [-start - length for start, length in zip(late, lengths, strict=True)]
            )
            better = self._length(again) < self._length(starts)
            starts = again
            self._keep(starts, f"{rule}, justified")
            if not better:
                break

    def _length(self, starts: Sequence[int]) -> int:
        return max([start + length for start, length in zip(starts, self.given.lengths, strict=True)])

    def _keep(self, starts: list[int], rule: str) -> None:
        length = self._length(starts)
        if self.best is None or length < self.best[0]:
            self.best = length, starts, rule

    def _generated(self, side: Side, keys: Keys) -> list[int]:
        """Return the starts that serial generation gives, seen from one end of the project."""
        self.tried += 1
        lengths, needs = self.given.lengths, self.given.needs
        free = [Profile([(0, amount)]) for amount in self.given.capacity]
        starts = [0] * len(lengths)

        def place(task: int) -> None:
            start = fit(free, starts[task], lengths[task], needs[task])
            starts[task] = start
            for resource, amount in needs[task]:
                free[resource].take(start, start + lengths[task], amount)
            for follower, step in zip(side.followers[task], side.steps[task], strict=True):
                if start + step > starts[follower]:  # noqa: PLR1730 - the innermost loop
                    starts[follower] = start + step

        serially(side.waits, side.followers, keys, place)
        return starts


def fit(free: Sequence[Profile], start: int, length: int, needs: Sequence[tuple[int, int]]) -> int:
    """Return the first time at which all that a task needs is free; it must be some time."""
    while True:
        begun = start
        for resource, amount in needs:
            found = free[resource].first_fit(start, length, amount)
            assert found is not None  # nobody asks for more than there is
            start = found
        if start == begun or len(needs) == 1:
            return start
