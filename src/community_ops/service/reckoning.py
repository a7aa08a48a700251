"""How long a cycle has run, when it is due, and when it was breached, in integers.

Let `W(t)` be the working time of a policy's calendar from where a cycle counts to `t`, less what of it lies in pauses.
`W` never falls. A target of so much work is *due* at the last instant at which `W` is no more than that: at a closing
time that is the next opening, and in a pause its end. What ends at its due time is met; a cycle is breached once `W`
is more than its target. So "after the due time" and "more time than promised" are one and the same.

Where the terms change during a cycle, each holds from its instant to the next. Under new terms `W` counts anew from
the start of the cycle, with its pauses; a breach under the terms then in force stays a breach, and if `W` is beyond a
target at the instant it comes into force, the cycle is breached there and then - or, if the ticket is resolved then,
once it is taken up again under these terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from community_ops.errors import NoWorkTime
from community_ops.service.story import Cycle, Story, spans
from community_ops.service.terms import Terms

State = Literal["running", "paused", "outside_hours", "met", "breached", "cancelled"]
Spans = Sequence[tuple[int, int]]
Counts = tuple[int, Spans]
"""The work at the start of a stretch, and at both ends of every pause."""


class Stretch(NamedTuple):
    """A part of a cycle under the same terms. Instants are microseconds since the epoch.

    Attributes:
        terms: the terms.
        begin: from when they held.
        end: until when they held, or the cycle lasted.
        start: from when on they count.
        pauses: when the clock stood still between the start and the end.
    """

    terms: Terms
    begin: int
    end: int
    start: int
    pauses: Spans

    def counts(self) -> Counts:
        """Return the work at the start, and at both ends of every pause: what `reached` and `worked` go by."""
        worked, pauses = self.terms.time.axis.worked, self.pauses
        return worked(self.start), [(worked(begin), worked(end)) for begin, end in pauses] if pauses else ()

    def reached(self, work: int, counts: Counts | None = None) -> int | None:
        """Return the last instant with no more than so much work behind it; None where that never ends.

        Pauses after the end are not known, and what lies there is as if there were none.

        Args:
            work: how much, in microseconds.
            counts: what `counts` says, for those who ask more than once.
        """
        need, pauses = counts or self.counts()
        need += work
        for before, after in pauses:
            if before > need:
                break
            need += after - before
        try:
            return self.terms.time.axis.opening(need)
        except NoWorkTime:
            return None

    def worked(self, counts: Counts | None = None) -> int:
        """Return how much work lies between the start and the end, in microseconds."""
        total, pauses = counts or self.counts()
        total = self.terms.time.axis.worked(self.end) - total
        for before, after in pauses:
            total -= after - before
        return total

    def outside(self) -> int:
        """Return for how long the calendar was closed outside of pauses, in microseconds."""
        return self.end - self.start - sum([end - begin for begin, end in self.pauses]) - self.worked()


def stretches(of: Cycle, told: Story, at: int) -> Sequence[Stretch]:
    """Return the parts of a cycle under different terms, in order; there is at least one.

    Args:
        of: the cycle.
        told: what became of the ticket.
        at: until when, for a cycle that has not stopped.
    """
    if len(told.regimes) > 1:
        return list(_in_turn(of, told, at))
    terms, start, end = told.terms, of.start, at if of.stop is None else of.stop
    return (Stretch(terms, start, end, start, spans(told.states, terms.pauses[of.target], start, end)),)


def _in_turn(of: Cycle, told: Story, at: int) -> Iterator[Stretch]:
    target, start, end = of.target, of.start, at if of.stop is None else of.stop
    regimes = told.regimes
    # What comes into force at the very end counts for a cycle that goes on, not for one that has just stopped.
    final = end if of.stop is None else end - 1
    regimes = (regimes[0], *[regime for regime in regimes[1:] if regime[0] <= final])
    since, policy = start, None
    for (begin, terms), until in zip(regimes, [*[begin for begin, _ in regimes[1:]], end + 1], strict=True):
        if terms.policy != policy:
            since, policy = begin, terms.policy
        begin = _going(of, max(start, begin))
        if begin < until:
            to = min(until, end)
            counted = max(start, since) if terms.from_change else start
            yield Stretch(terms, begin, to, counted, spans(told.states, terms.pauses[target], counted, to))


def _going(of: Cycle, instant: int) -> int:
    """Return the first instant from a given one on at which a cycle is waited for."""
    for stop, reopened in of.gaps:
        if stop <= instant < reopened:
            instant = reopened
    return instant


class Reckoned(NamedTuple):
    """How a cycle stands. Instants and lengths are in microseconds.

    Attributes:
        cycle: the cycle.
        last: its part under the terms in force in the end.
        amount: what is promised there; None for nothing.
        elapsed: the work since the start of that part.
        due: when it is due, as far as is known; None where nothing is promised, the clock stands still, or the calendar
            is never open for so long again.
        breached: when it was breached; None where it was not.
        state: how it stands.
    """

    cycle: Cycle
    last: Stretch
    amount: int | None
    elapsed: int
    due: int | None
    breached: int | None
    state: State


def reckon(of: Cycle, told: Story, at: int) -> Reckoned | None:
    """Return how a cycle stands at an instant; None where nothing was promised at any time.

    Args:
        of: the cycle.
        told: what became of the ticket up to the instant.
        at: the instant.
    """
    target = of.target
    breached: int | None = None
    promised = False
    parts = stretches(of, told, at)
    part = parts[-1]
    counts: Counts | None = None
    amount = due = None
    for part in parts:
        amount, due, counts = part.terms.amounts[target], None, None
        if amount is not None:
            promised, counts = True, part.counts()
            due = part.reached(amount, counts)
            if breached is None and due is not None and due < part.end:
                breached = max(due, part.begin)
    if not promised:
        return None
    standing = of.stop is None and told.state in part.terms.pauses[target]
    if standing and due is not None and due >= part.end:
        due = None  # it moves on for as long as the clock stands still
    state = _state(of, part, amount, breached, standing, at)
    return Reckoned(of, part, amount, part.worked(counts), due, breached, state)


def _state(of: Cycle, part: Stretch, amount: int | None, breached: int | None, standing: bool, at: int) -> State:
    if breached is not None:
        return "breached"
    if amount is None or of.ending == "cancelled":
        return "cancelled"
    if of.stop is not None:
        return "met"
    if standing:
        return "paused"
    return "running" if part.terms.time.axis.is_open(at) else "outside_hours"
