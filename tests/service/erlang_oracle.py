"""Erlang's queues by definition: every state of the chain and its probability, exact or to 50 digits."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import exp, factorial, lgamma, log
from typing import NamedTuple

from attrs import frozen

_NEGLIGIBLE = Decimal("1e-40")


def blocking(load: Fraction, agents: int) -> Fraction:
    """Return Erlang B as its sum: the last of all states from nobody to all agents busy."""
    states = [load**n / factorial(n) for n in range(agents + 1)]
    return states[-1] / sum(states)


def waiting(load: Fraction, agents: int) -> Fraction:
    """Return Erlang C as its sum: all states from all agents busy on are a geometric series."""
    queue = load**agents / factorial(agents) * agents / (agents - load)
    return queue / (sum(load**n / factorial(n) for n in range(agents)) + queue)


class Exact(NamedTuple):
    waits: float
    abandons: float
    level: float
    wait: float
    answered_wait: float


@frozen
class Impatient:
    """M/M/N+M; the unit of time is the handling time."""

    load: Decimal
    agents: int
    patience: Decimal

    def queue(self) -> list[Decimal]:
        """Return the probability of each state with all agents busy, by how many are waiting."""
        with localcontext() as context:
            context.prec = 50
            weight = total = Decimal(1)  # of the state with all agents busy
            for n in range(self.agents, 0, -1):
                weight = weight * n / self.load
                total += weight
                if n < self.load and weight < total * _NEGLIGIBLE:
                    break
            weights, most = [Decimal(1)], Decimal(1)
            while weights[-1] > most * _NEGLIGIBLE:
                leaving = self.agents + len(weights) / self.patience
                weights.append(weights[-1] * self.load / leaving)
                most = max(most, weights[-1])
            total += sum(weights[1:])
            return [weight / total for weight in weights]

    def measures(self, within: float) -> Exact:
        """Follow a contact that arrives in each of the states: at each step the queue moves up, or it leaves."""
        queue = self.queue()
        with localcontext() as context:
            context.prec = 50
            waits = sum(queue)
            length = sum(k * state for k, state in enumerate(queue))
            served, time = Decimal(1), Decimal(0)  # of one whose turn it is
            all_served, all_time = 1 - waits, Decimal(0)
            for before, state in enumerate(queue):
                moves, leaves = self.agents + before / self.patience, 1 / self.patience
                served = served * moves / (moves + leaves)
                time = (served + moves * time) / (moves + leaves)
                all_served += state * served
                all_time += state * time
            wait = length / self.load
            assert abs(1 - all_served - wait / self.patience) < Decimal("1e-30")  # two ways to count who gives up
            return Exact(
                float(waits),
                float(wait / self.patience),
                float(1 - waits) + self._soon(list(map(float, queue)), within),
                float(wait),
                float(all_time / all_served),
            )

    def _soon(self, queue: list[float], within: float) -> float:
        """Return the probability of having to wait and being answered within a time, by uniformisation."""
        while len(queue) > 1 and queue[-1] < 1e-20:
            queue.pop()
        rates = [self.agents + (before + 1) / float(self.patience) for before in range(len(queue))]
        fastest = rates[-1]
        mean, answered, found = fastest * within, 0.0, 0.0
        for step in range(int(mean + 12 * mean**0.5 + 60)):
            if mean or not step:
                found += answered * (exp(step * log(mean) - mean - lgamma(step + 1)) if mean else 1)
            answered += queue[0] * self.agents / fastest
            moved = [*[state * (rate / fastest) for state, rate in zip(queue[1:], rates, strict=False)], 0.0]
            queue = [state * (1 - rate / fastest) + up for state, rate, up in zip(queue, rates, moved, strict=True)]
        return found
