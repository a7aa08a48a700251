"""Erlang's formulas on bare floats, stable from one agent to millions; `erlang.py` checks and names things.

Theory of operation. The unit of time is the mean handling time. Contacts arrive at random at `load` a unit (A), and N
agents each answer one at a time. Everything is a sum of positive terms, so that nothing cancels.

**Blocking.** Erlang B obeys 1/B(n) = 1 + (n/A) / B(n-1), with 1/B(0) = 1 (A. K. Erlang, 1917; the inverse form is the
stable one). Unrolled from the top it reads 1/B(N) = 1 + N/A + N(N-1)/A^2 + ..., in which terms soon no longer count: of
200,000 steps about 4,000 are taken. What is passed on is the *odds* of not being blocked, 1/B - 1.

**Patience.** In Erlang A (M/M/N+M; C. Palm, 1946) each waiting contact gives up at random after a mean of p units. With
x = Np and y = Ap, the state with k waiting is t(k) = y^k / ((x+1) ... (x+k)) times as likely as the one with all agents
busy and none waiting. Sums over t(k) give all measures (O. Garnett, A. Mandelbaum and M. Reiman, M&SOM 4, 2002).
The time s an endlessly patient contact would have to wait has the density (A. Mandelbaum and S. Zeltyn, *Service
engineering in action: the Palm/Erlang-A queue*, 2007)

    v(s) = N P(all busy, none waiting) exp(y (1 - e^(-s/p)) - N s),

of which the share e^(-s/p) is still there to be answered; integrated from an answer time on, it is the same sum again,
over x + 1 and y e^(-s/p).

**Overload.** Where N is well below A the sum over t(k) grows beyond all bounds: everybody waits, and the rest follows
from the gamma distribution, to all digits that a float has.
"""

from __future__ import annotations

from math import exp, expm1, inf, lgamma, log, log1p, pi
from typing import NamedTuple

_TINY = 1e-17
"""Up to this part of a sum, what is left of it does not change it."""
_ENDLESS = 1e30
"""A sum beyond this is as good as endless."""


def unblocked_odds(load: float, agents: int) -> float:
    """Return 1/B - 1: the odds that an arrival finds one of so many agents free where nobody waits.

    Example:
        >>> 1 / (1 + unblocked_odds(2, 3))  # A^3/3! / (1 + A + A^2/2! + A^3/3!) = 4/19
        0.21052631578947367
    """
    if not load:
        return inf if agents else 0.0
    total, term = 0.0, 1.0
    for n in range(agents, 0, -1):
        term *= n / load
        total += term
        # The terms below shrink at least as fast as a geometric series of n/A.
        if term * n <= _TINY * total * (load - n) or total == inf:
            break
    return total


def waiting(load: float, agents: int, odds: float) -> float:
    """Return Erlang C, the probability of having to wait where everybody does; there are more agents than load."""
    return agents / (agents + (agents - load) * odds)


def level_of(load: float, agents: int, odds: float, within: float) -> float:
    """Return the share answered within a time where everybody waits; there are more agents than load."""
    return 1 - waiting(load, agents, odds) * exp((load - agents) * within)


def least_agents(load: float, start: int, places: int, within: float, level: float) -> int:
    """Return the least number of agents, from a start on, that answer a share within a time where everybody waits.

    Args:
        load: the load, of more than 0.
        start: the least number of agents that may be; their places are more than the load.
        places: how many contacts an agent handles at once.
        within: the answer time.
        level: the share, less than 1.
    """
    agents, served = start, start * places
    odds = unblocked_odds(load, served)
    while level_of(load, served, odds, within) < level:
        for n in range(served + 1, served + places + 1):
            odds = n / load * (1 + odds)
        agents, served = agents + 1, served + places
    return agents


class Impatience(NamedTuple):
    """What becomes of contacts that give up.

    Attributes:
        waits: the probability of having to wait.
        answered: of being answered.
        abandons: of giving up.
        level: of being answered within a time.
        answered_wait: how long those wait that are answered; None where none is.
    """

    waits: float
    answered: float
    abandons: float
    level: float
    answered_wait: float | None


class _Queue(NamedTuple):
    """Sums over how many are waiting, k = 1, 2, ...: of t(k)/y; of k t(k)/y; and of t(k)/y h(k).

    h(k) = 1/(x+1) + ... + 1/(x+k) is how long the k-th waits if it is answered, in units of patience.
    """

    waiting: float
    abandoning: float
    answering: float


def impatience(load: float, agents: int, patience: float, within: float) -> Impatience:
    """Return the measures of Erlang A.

    Args:
        load: how many contacts arrive, in a unit of time.
        agents: how many agents there are.
        patience: how long contacts are ready to wait, on average.
        within: the answer time.
    """
    if not agents:
        return Impatience(1.0, 0.0, 1.0, 0.0, None)
    odds = unblocked_odds(load, agents)
    if odds == inf:
        return Impatience(0.0, 1.0, 0.0, 1.0, 0.0)
    x, y = agents * patience, load * patience
    queue = _queue(x, y)
    if queue is None:
        share = agents / load
        late = _late(load, agents, patience, within, -_log_sum(x, y))
        return Impatience(1.0, share, (load - agents) / load, max(share - late, 0.0), patience * _mean_log(x, y))
    none_waiting = 1 / (1 + odds + y * queue.waiting)
    abandons = none_waiting * queue.abandoning
    # Either is exact where it is small, and the other follows from it.
    answered = 1 - abandons if abandons < 0.5 else none_waiting * (odds + x * queue.waiting)
    late = _late(load, agents, patience, within, log(none_waiting))
    return Impatience(
        none_waiting * (1 + y * queue.waiting),
        answered,
        abandons,
        max(answered - late, 0.0),
        none_waiting * x * queue.answering * patience / answered,
    )


def _queue(x: float, y: float) -> _Queue | None:
    """Return the sums over how many are waiting; None where they are as good as endless."""
    k, term, mean = 0, 1.0, 0.0
    waits = abandoning = answering = 0.0
    while y * waits <= _ENDLESS:
        k += 1
        rate = x + k
        term /= rate
        mean += 1 / rate
        waits += term
        abandoning += k * term
        answering += term * mean
        term *= y
        # Terms from here on shrink at least as fast as a geometric series; this bounds k times them.
        room = rate + 1 - y
        if room > 0 and term * (k + 1 + y / room) <= _TINY * abandoning * room:
            return _Queue(waits, abandoning, answering)
    return None


def _late(load: float, agents: int, patience: float, within: float, log_none_waiting: float) -> float:
    """Return the share answered after more than a time."""
    x, time = agents * patience, within / patience
    exponent = (load - agents) * within + load * within * _shortfall(time) - time
    log_sum = _log_sum(x + 1, load * patience * exp(-time))
    return x / (x + 1) * exp(log_none_waiting + exponent + log_sum)


def _shortfall(time: float) -> float:
    """Return (1 - e^-t) / t - 1, to all digits."""
    if time > 1:
        return -expm1(-time) / time - 1
    total, term = 0.0, 1.0
    for k in range(2, 22):
        term *= -time / k
        total += term
    return total


def _log_sum(x: float, y: float) -> float:
    """Return the logarithm of 1 + t(1) + t(2) + ..."""
    queue = _queue(x, y)
    if queue is not None:
        return log1p(y * queue.waiting)
    if x < 100:
        return y - x * log(y) + lgamma(x + 1)
    excess = (y - x) / x  # by Stirling's series, as the large terms cancel
    return x * (excess - log1p(excess)) + log(2 * pi * x) / 2 + 1 / (12 * x) - 1 / (360 * x**3) + 1 / (1260 * x**5)


def _mean_log(x: float, y: float) -> float:
    """Return log(y) - digamma(x + 1): the mean of log(y / G), where G is gamma distributed with the shape x + 1."""
    shape, total = x + 1, log(y)
    while shape < 16:
        total += 1 / shape
        shape += 1
    square = shape * shape
    series = 1 / 12 - (1 / 120 - (1 / 252 - 1 / (240 * square)) / square) / square
    return total - log(shape) + 1 / (2 * shape) + series / square
