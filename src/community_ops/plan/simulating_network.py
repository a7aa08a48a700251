"""How a network is dated again and again with other lengths, along a single axis: two passes over bare columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from operator import add
from typing import Protocol, TypeAlias

from attrs import frozen

from community_ops.plan.ordering import adjacency, order

ROUNDING = 1e-9
"""Up to this part of the project's length, slack between floats is taken for rounding."""
Run: TypeAlias = Callable[[Sequence[float]], tuple[float, Iterable[int]]]
"""Turns the lengths of tasks into that of the project, and the tasks that are critical."""


class Engine(Protocol):
    """What dates a network, again and again; it can be pickled."""

    def runner(self) -> Run:
        """Return what does it."""
        ...


@frozen(eq=False)
class Numbers:
    """Dates a network along a single axis; made by `Numbers.of`.

    The columns hold a value a link, links in the order of the tasks they lead from.

    Attributes:
        nodes: the tasks that count.
        befores: where links lead from.
        afters: where they lead to.
        lags: the lag of each.
        types: what it ties.
        shares: the share of the predecessor's length, a whole number, that is added to the lag; empty for none.
        plain: whether all are of the type FS.
        exact: whether lengths are whole, so that slack is exact.
    """

    nodes: tuple[int, ...]
    befores: tuple[int, ...]
    afters: tuple[int, ...]
    lags: tuple[float, ...]
    types: tuple[str, ...]
    shares: tuple[Fraction, ...]
    plain: bool
    exact: bool

    @classmethod
    def of(
        cls,
        count: int,
        links: Sequence[tuple[int, int, str, float]],
        nodes: Iterable[int],
        shares: Mapping[int, Fraction] | None = None,
    ) -> Numbers:
        """Make it of links as `solve` takes them.

        Args:
            count: how many tasks there are.
            links: the links.
            nodes: the tasks that count.
            shares: by the place of a link, the share of its predecessor's length that is added to its lag; given, if be
                it empty, where all lengths are whole numbers.
        """
        befores = [link[0] for link in links]
        outgoing = adjacency(count, befores)
        tasks = order(count, befores, [link[1] for link in links], outgoing)
        along = [place for task in tasks for place in outgoing.of(task)]
        before, after, types, lags = ([links[place][one] for place in along] for one in range(4))
        return cls(
            nodes=tuple(nodes),
            befores=tuple(before),  # type: ignore[arg-type]
            afters=tuple(after),  # type: ignore[arg-type]
            lags=tuple(lags),  # type: ignore[arg-type]
            types=tuple(types),  # type: ignore[arg-type]
            shares=tuple([shares.get(place, Fraction(0)) for place in along]) if shares else (),
            plain=set(types) <= {"FS"},
            exact=shares is not None,
        )

    def runner(self) -> Run:
        """Return what dates it."""
        return self._run

    def _run(self, lengths: Sequence[float]) -> tuple[float, list[int]]:
        steps = self._steps(lengths)
        early = [0.0] * len(lengths)
        befores, afters = self.befores, self.afters
        for before, after, step in zip(befores, afters, steps, strict=True):
            demanded = early[before] + step
            if demanded > early[after]:  # noqa: PLR1730 - calling max would double the time of the loop
                early[after] = demanded
        ends = list(map(add, early, lengths))
        finish = max(ends, default=0)
        slack = [finish - end for end in ends]
        for before, after, step in zip(reversed(befores), reversed(afters), reversed(steps), strict=True):
            left = early[after] - early[before] - step + slack[after]
            if left < slack[before]:  # noqa: PLR1730 - the same
                slack[before] = left
        none = 0 if self.exact else finish * ROUNDING
        return finish, [node for node in self.nodes if slack[node] <= none]

    def _steps(self, lengths: Sequence[float]) -> list[float]:
        """Return for each link how much later its successor has to start than its predecessor."""
        lags: Sequence[float] = self.lags
        if self.shares:
            lags = [
                lag + round(int(lengths[before]) * share)
                for lag, share, before in zip(lags, self.shares, self.befores, strict=True)
            ]
        if self.plain:
            return list(map(add, map(lengths.__getitem__, self.befores), lags))
        return [
            lag + (lengths[before] if type in ("FS", "FF") else 0) - (lengths[after] if type in ("FF", "SF") else 0)
            for before, after, type, lag in zip(self.befores, self.afters, self.types, lags, strict=True)
        ]
