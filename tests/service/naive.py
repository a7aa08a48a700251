"""The clocks of a ticket as somebody with a watch would keep them: tick after tick, each looked at by itself.

Nothing here knows of spans, of sums of work or of the shipped lifecycle. Whether a calendar is open in a tick is looked
up in a table of minutes; what the log does to a ticket is written down once more, as plain ifs, from what the service
standard says. A tick is as long as the caller likes, as long as all instants, windows and targets are whole ticks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from attrs import define, evolve, frozen

from community_ops import Calendar, OperatingModel
from community_ops.service import SlaPolicy, SlaTarget, Ticket, TicketEvent
from tests.worktime.naive import open_minutes

DAYS = 16
OVER = ("resolved", "closed")
TARGETS = ("first_response", "next_response", "resolution")


def after(state: str | None, event: TicketEvent, reopens: bool) -> str | None:
    """Return the state after an event; None where it cannot happen.

    Args:
        state: the state before it; None before the ticket was opened.
        event: what happens.
        reopens: whether the policy takes closed tickets up again.
    """
    type = event.type
    if state is None or type == "opened":
        return "new" if state is None and type == "opened" else None
    if state == "merged":  # frozen
        return None
    if type in ("internal_note", "split", "rated"):
        return state
    if state == "cancelled":
        return None
    if type == "public_reply":
        return "open" if state == "new" and not event.automatic else state
    if type == "customer_message":
        resumes = state in ("pending_customer", "resolved") or (state == "closed" and reopens)
        return "open" if resumes else state
    if type == "reopened":
        return "open" if state == "resolved" or (state == "closed" and reopens) else None
    if state == "closed":
        return None
    if type == "merged":
        return "merged"
    if type in ("priority_changed", "policy_changed", "queue_changed"):
        return state
    if type == "assigned":
        return "open" if state == "new" else state
    if type == "closed" or state == "resolved":
        return "closed" if type == "closed" and state == "resolved" else None
    if type == "resumed":
        return "open" if state in ("pending_customer", "on_hold") else None
    return {"pending": "pending_customer", "on_hold": "on_hold"}.get(type, type)


@lru_cache(maxsize=256)
def _open_minutes(calendar: Calendar, around: date) -> frozenset[int]:
    return frozenset(open_minutes(calendar, around, DAYS))


@frozen
class Terms:
    """A policy that a ticket falls under, if any, its priority, and since when the policy holds."""

    policy: SlaPolicy | None
    priority: str
    since: int


@define
class Wait:
    """Something that is waited for; instants are ticks."""

    target: str
    start: int
    stop: int | None = None
    cancelled: bool = False
    terms: Terms | None = None
    worked: int = 0
    promised: bool = False
    late: int | None = None


@frozen(kw_only=True)
class Kept:
    """What a clock should say of a cycle; the names are those of `ClockCycle`."""

    target: str
    number: int
    policy: str | None
    promised: timedelta | None
    started: datetime
    counts_from: datetime
    paused: tuple[tuple[datetime, datetime | None], ...]
    outside_hours: timedelta
    stopped: datetime | None
    elapsed: timedelta
    remaining: timedelta | None
    due: datetime | None
    breached: datetime | None
    state: str


class Watch:
    """Somebody who watches a ticket of a model from its opening to an instant.

    Args:
        model: the model.
        ticket: the ticket, whose log is legal.
        at: the instant.
        around: a date near all that happens, from which the tables of minutes are made.
        tick: how long a tick is.
        horizon: how far from the end of a wait it may come due; what does not is taken never to.

    Attributes:
        state: the ticket's state; None where it had not been opened.
        policy: the id of the policy it falls under.
        resolved: every resolution: its instant, the working time from the opening, the real time from it.
    """

    def __init__(
        self, model: OperatingModel, ticket: Ticket, at: datetime, around: date, tick: timedelta, horizon: timedelta
    ) -> None:
        self.model, self.ticket, self.around, self.length = model, ticket, around, tick
        self.origin = datetime(around.year, around.month, around.day, tzinfo=UTC) - timedelta(days=DAYS)
        self.seconds = int(tick.total_seconds())
        self.horizon = horizon // tick
        self.tables: dict[str, frozenset[int]] = {}
        self.end = self.tick_of(at)
        self.state: str | None = None
        self.states: dict[int, str] = {}
        self.waits: list[Wait] = []
        self.resolved: list[tuple[datetime, timedelta, timedelta]] = []
        self.response: Wait | None = None
        self.replied = False
        self.explicit, self.queue = ticket.policy, ticket.queue
        log: dict[int, list[TicketEvent]] = {}
        for event in ticket.events:
            log.setdefault(self.tick_of(event.at), []).append(event)
        self.opened = min(log, default=self.end + 1)
        self.terms = Terms(self._governing(), ticket.priority, self.opened)
        for now in range(self.opened, self.end + 1):
            self.before = self.terms
            for event in log.get(now, ()):
                self._take(event, now)
            self._look(now)
            if now < self.end:
                self._pass(now)

    def tick_of(self, at: datetime) -> int:
        ticks = (at.astimezone(UTC) - self.origin) / self.length
        assert ticks.is_integer()
        return int(ticks)

    def instant(self, tick: int) -> datetime:
        return self.origin + tick * self.length

    # -- what the log does ------------------------------------------------------------------------------------------

    def _take(self, event: TicketEvent, now: int) -> None:
        type, was = event.type, self.state
        reopening = "resume" if self.terms.policy is None else self.terms.policy.reopening
        self.state = after(was, event, reopening != "new_ticket")
        assert self.state is not None, (was, event)
        if type == "opened":
            self.resolution = self._wait("resolution", now)
            self.response = self._wait("first_response", now)
        if was in OVER and self.state == "open":
            if reopening == "new_cycle":
                self.resolution = self._wait("resolution", now)
            else:
                self.resolution.stop = None
            if not self.replied and self.response is None:
                self.response = self._wait("first_response", now)
        if type == "customer_message" and self.state not in OVER and self.replied and self.response is None:
            self.response = self._wait("next_response", now)
        if type == "public_reply" and not event.automatic:
            self.replied = True
            self._answered(now, cancelled=False)
        if type == "resolved":
            self._stop(self.resolution, now, cancelled=False)
            policy = self.terms.policy
            self._answered(now, cancelled=policy is None or policy.resolved_unanswered == "cancels")
            worked = self._worked("resolution", self.before, self.opened, now)
            self.resolved.append((self.instant(now), worked * self.length, (now - self.opened) * self.length))
        if type in ("merged", "cancelled"):
            if self.resolution.stop is None:
                self._stop(self.resolution, now, cancelled=True)
            self._answered(now, cancelled=True)
        if type == "priority_changed":
            assert event.priority is not None
            self.terms = evolve(self.terms, priority=event.priority)
        if type in ("policy_changed", "queue_changed"):
            if type == "policy_changed":
                self.explicit = event.policy
            else:
                self.queue = event.queue
            policy = self._governing()
            if policy != self.terms.policy:
                self.terms = evolve(self.terms, policy=policy, since=now)

    def _wait(self, target: str, now: int) -> Wait:
        self.waits.append(Wait(target, now))
        return self.waits[-1]

    def _answered(self, now: int, cancelled: bool) -> None:
        if self.response is not None:
            self._stop(self.response, now, cancelled)
        self.response = None

    def _stop(self, wait: Wait, now: int, cancelled: bool) -> None:
        wait.stop, wait.cancelled = now, cancelled
        self._judge_by(wait, self.before, now)  # what changes at this very instant is too late for it

    def _governing(self) -> SlaPolicy | None:
        id = self.explicit
        if id is None and self.queue is not None and self.queue in self.model.queues:
            id = self.model.queues[self.queue].policy
        return None if id is None else self.model.sla_policies.get(id)

    # -- what a watch shows -----------------------------------------------------------------------------------------

    def _look(self, now: int) -> None:
        for wait in self.waits:
            if wait.stop is None:
                self._judge_by(wait, self.terms, now)
                amount = self.amount(wait.target, self.terms)
                wait.promised = wait.promised or amount is not None
                if amount is not None and wait.worked > amount and wait.late is None:
                    wait.late = now

    def _pass(self, now: int) -> None:
        assert self.state is not None
        self.states[now] = self.state
        for wait in self.waits:
            if wait.stop is None and self._counts(wait.target, self.terms, now):
                amount = self.amount(wait.target, self.terms)
                if amount is not None and wait.worked >= amount and wait.late is None:
                    wait.late = now
                wait.worked += 1

    def _judge_by(self, wait: Wait, terms: Terms, now: int) -> None:
        if terms != wait.terms:
            wait.terms = terms
            wait.worked = self._worked(wait.target, terms, counted_from(wait, terms), now)

    def _worked(self, target: str, terms: Terms, start: int, end: int) -> int:
        return sum(1 for tick in range(start, end) if self._counts(target, terms, tick))

    def _counts(self, target: str, terms: Terms, tick: int) -> bool:
        return self.is_open(terms, tick) and not self.stands(target, terms, self.states[tick])

    def is_open(self, terms: Terms, tick: int) -> bool:
        policy = terms.policy
        if policy is None or policy.calendar is None or policy.calendar not in self.model.calendars:
            return True
        if policy.calendar not in self.tables:
            self.tables[policy.calendar] = _open_minutes(self.model.calendars[policy.calendar], self.around)
        return tick * self.seconds // 60 in self.tables[policy.calendar]

    def stands(self, target: str, terms: Terms, state: str) -> bool:
        done = OVER if target == "resolution" else ()
        return state in done or (terms.policy is not None and state in getattr(terms.policy, f"{target}_pauses"))

    def amount(self, target: str, terms: Terms) -> int | None:
        policy = terms.policy
        if policy is None or (policy.calendar is not None and policy.calendar not in self.model.calendars):
            return None
        found = target_of(policy, self.ticket.kind, terms.priority)
        promised = None if found is None else getattr(found, target)
        return None if promised is None else int(promised / self.length)

    # -- what is told of it -----------------------------------------------------------------------------------------

    @property
    def policy(self) -> str | None:
        return None if self.terms.policy is None else self.terms.policy.id

    def cycles(self) -> Iterator[Kept]:
        """Yield what a clock should say, first responses first, then next responses, then resolutions."""
        for target in TARGETS:
            waits = [wait for wait in self.waits if wait.target == target and self._promised(wait)]
            for number, wait in enumerate(waits, 1):
                yield self._kept(wait, number)

    def _promised(self, wait: Wait) -> bool:
        """Tell whether anything was promised while it was waited for, or is at the end."""
        assert wait.terms is not None
        return wait.promised or self.amount(wait.target, wait.terms) is not None

    def _kept(self, wait: Wait, number: int) -> Kept:
        terms, target = wait.terms, wait.target
        assert terms is not None
        assert self.state is not None
        start, end = counted_from(wait, terms), self.end if wait.stop is None else wait.stop
        amount = self.amount(target, terms)
        standing = wait.stop is None and self.stands(target, terms, self.state)
        ticks = [tick for tick in range(start, end) if not self.stands(target, terms, self.states[tick])]
        due = self._due(wait, terms, end)
        return Kept(
            target=target,
            number=number,
            policy=None if terms.policy is None else terms.policy.id,
            promised=None if amount is None else amount * self.length,
            started=self.instant(wait.start),
            counts_from=self.instant(start),
            paused=tuple(self._paused(start, end, {*range(start, end)} - {*ticks}, standing)),
            outside_hours=sum(1 for tick in ticks if not self.is_open(terms, tick)) * self.length,
            stopped=None if wait.stop is None else self.instant(wait.stop),
            elapsed=wait.worked * self.length,
            remaining=None if amount is None else (amount - wait.worked) * self.length,
            due=None if due is None or (standing and due >= end) else self.instant(due),
            breached=None if wait.late is None else self.instant(wait.late),
            state=self._said(wait, terms, amount, standing),
        )

    def _said(self, wait: Wait, terms: Terms, amount: int | None, standing: bool) -> str:
        if wait.late is not None:
            return "breached"
        if amount is None or (wait.stop is not None and wait.cancelled):
            return "cancelled"
        if wait.stop is not None:
            return "met"
        if standing:
            return "paused"
        return "running" if self.is_open(terms, self.end) else "outside_hours"

    def _due(self, wait: Wait, terms: Terms, end: int) -> int | None:
        """Walk on until more than the promised time has been worked; the instant before that is the due time."""
        amount, worked = self.amount(wait.target, terms), 0
        if amount is None:
            return None
        for tick in range(counted_from(wait, terms), end + self.horizon):
            paused = tick < end and self.stands(wait.target, terms, self.states[tick])
            if self.is_open(terms, tick) and not paused:
                worked += 1
            if worked > amount:
                return tick
        return None

    def _paused(
        self, start: int, end: int, ticks: set[int], standing: bool
    ) -> Iterator[tuple[datetime, datetime | None]]:
        begun = None
        for tick in range(start, end):
            if tick in ticks and begun is None:
                begun = tick
            if tick not in ticks and begun is not None:
                yield self.instant(begun), self.instant(tick)
                begun = None
        if standing:
            yield self.instant(end if begun is None else begun), None
        elif begun is not None:
            yield self.instant(begun), self.instant(end)


def counted_from(wait: Wait, terms: Terms) -> int:
    """Return from where a wait counts: its start, or, by an operational agreement, when the policy came to hold."""
    late = terms.policy is not None and terms.policy.counts_from == "change"
    return max(wait.start, terms.since) if late else wait.start


def target_of(policy: SlaPolicy, kind: str, priority: str) -> SlaTarget | None:
    """Return the target for a kind and priority, the closest first."""
    for wanted in ((kind, priority), (kind, None), (None, priority), (None, None)):
        for one in policy.targets:
            if (one.kind, one.priority) == wanted:
                return one
    return None
