"""What became of a ticket: its event log, folded once into spans of state, terms and waiting.

The fold goes through the log in order and stops at the instant it is asked for, so that what comes after does not
count. It keeps no elapsed time: clocks are reckoned from its spans (see `reckoning.py`), under whatever terms hold.

Customers wait in *cycles*. The first response is waited for from the opening on; a next response from the oldest
message without a reply, once there has been a first. A ticket that is taken up again without ever having had a reply
waits for its first once more. Replies by programs answer nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeVar

from attrs import define, frozen

from community_ops.errors import IllegalTransition
from community_ops.service.records import Priority, Ticket, TicketEvent
from community_ops.service.states import AUTOMATIC, REOPENS, TICKET
from community_ops.service.terms import FIRST_RESPONSE, NEXT_RESPONSE, RESOLUTION, Terms, TermsBook, instant_of

T = TypeVar("T")
Ending = Literal["done", "cancelled"]
_HOLDS: Mapping[tuple[bool, bool], frozenset[str]] = {
    (automatic, reopens): frozenset([*([AUTOMATIC] if automatic else []), *([REOPENS] if reopens else [])])
    for automatic in (False, True)
    for reopens in (False, True)
}
_GUARDED = {(way.source, way.event) for way in TICKET.transitions if way.guard is not None}
_PLAIN: Mapping[tuple[str | None, str], str] = {
    (way.source, way.event): way.target for way in TICKET.transitions if (way.source, way.event) not in _GUARDED
}
"""The transitions for which nothing has to hold."""
_OVER = frozenset({"resolved", "closed"})


@define
class Cycle:
    """A span in which something promised is waited for.

    Attributes:
        target: what, as its place in `terms.PROMISED`.
        start: since when, in microseconds since the epoch.
        stop: until when; None where it still is.
        ending: whether it came or is no longer wanted.
        gaps: when it was not waited for although it goes on, in order: from a resolution to the reopening.
    """

    target: int
    start: int
    stop: int | None = None
    ending: Ending | None = None
    gaps: tuple[tuple[int, int], ...] = ()


@frozen(eq=False, slots=False)  # which attrs makes in half the time
class Story:
    """What became of a ticket up to an instant. Instants are microseconds since the epoch.

    Attributes:
        opened: when it was opened.
        states: the states it went through, each with the instant from which on.
        regimes: the terms it fell under, likewise.
        holders: the positions that had it, likewise; None for nobody.
        queues: the queues it was in, likewise; None for none.
        cycles: what was waited for, in the order in which it began.
        resolved: when it was resolved, each time.
        priority: its priority in the end.
        replied: when it got its first reply; None where it has not.
        reopened: how often it was taken up again.
        merged_into: the ticket it was merged into.
        count: how many events of the log that is.
    """

    opened: int
    states: tuple[tuple[int, str], ...]
    regimes: tuple[tuple[int, Terms], ...]
    holders: tuple[tuple[int, str | None], ...]
    queues: tuple[tuple[int, str | None], ...]
    cycles: tuple[Cycle, ...]
    resolved: tuple[int, ...]
    priority: Priority
    replied: int | None
    reopened: int
    merged_into: str | None
    count: int

    @property
    def state(self) -> str:
        """Its state in the end."""
        return self.states[-1][1]

    @property
    def holder(self) -> str | None:
        """The position that has it in the end."""
        return self.holders[-1][1]

    @property
    def queue(self) -> str | None:
        """The queue it is in in the end."""
        return self.queues[-1][1]

    @property
    def terms(self) -> Terms:
        """The terms it falls under in the end."""
        return self.regimes[-1][1]


def story(ticket: Ticket, book: TermsBook, until: int | None = None) -> Story | None:
    """Return what became of a ticket; None where it had not been opened yet.

    Args:
        ticket: the ticket.
        book: the terms of the model's policies.
        until: the instant up to which events count, itself included; None for all of them.

    Raises:
        IllegalTransition: an event does not fit what was before it; later ones than `until` are not looked at.
    """
    events = ticket.events
    if not events:
        return None
    opened = instant_of(events[0].at)
    if until is not None and opened > until:
        return None
    TICKET.step(None, events[0].type, id=ticket.id, place=0)
    telling = _Telling(ticket, book, opened)
    last = opened
    for place in range(1, len(events)):
        event = events[place]
        at = instant_of(event.at)
        if until is not None and at > until:
            return telling.end(place)
        if at < last:
            reason = "for it comes before the event in front of it"
            raise IllegalTransition(TICKET.name, ticket.id, telling.state, event.type, place, reason)
        last = at
        telling.take(at, event, place)
    return telling.end(len(events))


class _Telling:
    """A fold under way."""

    __slots__ = (
        "book", "cycles", "explicit", "holders", "merged_into", "priority", "queues", "regimes", "reopened",
        "replied", "resolution", "resolved", "response", "state", "states", "terms", "ticket",
    )  # fmt: skip

    def __init__(self, ticket: Ticket, book: TermsBook, opened: int) -> None:
        self.ticket, self.book = ticket, book
        self.explicit: str | None = ticket.policy
        self.priority: Priority = ticket.priority
        self.state = TICKET.initial
        self.states: list[tuple[int, str]] = [(opened, self.state)]
        self.holders: list[tuple[int, str | None]] = [(opened, None)]
        self.queues: list[tuple[int, str | None]] = [(opened, ticket.queue)]
        self.terms = self._terms()
        self.regimes: list[tuple[int, Terms]] = [(opened, self.terms)]
        self.response: Cycle | None = Cycle(FIRST_RESPONSE, opened)
        self.resolution: Cycle = Cycle(RESOLUTION, opened)
        self.cycles: list[Cycle] = [self.response, self.resolution]
        self.resolved: list[int] = []
        self.replied: int | None = None
        self.reopened = 0
        self.merged_into: str | None = None

    def take(self, at: int, event: TicketEvent, place: int) -> None:
        """Go on by one event."""
        type, was = event.type, self.state
        state = _PLAIN.get((was, type))
        if state is None:
            holds = _HOLDS[event.automatic, self.terms.reopening != "new_ticket"]
            state = TICKET.step(was, type, holds, id=self.ticket.id, place=place)
        if state != was:
            self.state = state
            self.states.append((at, state))
            if was in _OVER and state == "open":
                self._reopen(at)
        act = _ACTS.get(type)
        if act is not None:
            act(self, at, event)

    def end(self, count: int) -> Story:
        """Return what was told."""
        return Story(
            self.states[0][0], tuple(self.states), tuple(self.regimes), tuple(self.holders), tuple(self.queues),
            tuple(self.cycles), tuple(self.resolved), self.priority, self.replied, self.reopened, self.merged_into,
            count,
        )  # fmt: skip

    def _terms(self) -> Terms:
        queue = self.queues[-1][1]
        policy = self.explicit if self.explicit is not None or queue is None else self.book.queues.get(queue)
        return self.book.of(policy, self.ticket.kind, self.priority)

    def _regime(self, at: int) -> None:
        self.terms = self._terms()
        if self.terms is not self.regimes[-1][1]:
            self.regimes.append((at, self.terms))

    def _reopen(self, at: int) -> None:
        self.reopened += 1
        if self.terms.reopening == "new_cycle":
            self.resolution = Cycle(RESOLUTION, at)
            self.cycles.append(self.resolution)
        else:
            assert self.resolution.stop is not None  # it was resolved
            self.resolution.gaps += ((self.resolution.stop, at),)
            self.resolution.stop = self.resolution.ending = None
        if self.replied is None and self.response is None:
            self._wait(FIRST_RESPONSE, at)

    def _wait(self, target: int, at: int) -> None:
        self.response = Cycle(target, at)
        self.cycles.append(self.response)

    def _answer(self, at: int, ending: Ending) -> None:
        if self.response is not None:
            self.response.stop, self.response.ending = at, ending
            self.response = None

    def message(self, at: int, event: TicketEvent) -> None:
        """Take a message of the customer."""
        if self.replied is not None and self.response is None and self.state not in _OVER:
            self._wait(NEXT_RESPONSE, at)

    def reply(self, at: int, event: TicketEvent) -> None:
        """Take a reply."""
        if not event.automatic:
            self._answer(at, "done")
            if self.replied is None:
                self.replied = at

    def resolve(self, at: int, event: TicketEvent) -> None:
        """Take that it was resolved."""
        self.resolved.append(at)
        self.resolution.stop, self.resolution.ending = at, "done"
        self._answer(at, "done" if self.terms.answers else "cancelled")

    def drop(self, at: int, event: TicketEvent) -> None:
        """Take that it was cancelled, or merged into another."""
        self.merged_into = event.into
        if self.resolution.stop is None:
            self.resolution.stop, self.resolution.ending = at, "cancelled"
        self._answer(at, "cancelled")

    def assign(self, at: int, event: TicketEvent) -> None:
        """Take who has it."""
        self.holders.append((at, event.position))

    def prioritise(self, at: int, event: TicketEvent) -> None:
        """Take a new priority."""
        assert event.priority is not None  # the record has seen to it
        self.priority = event.priority
        self._regime(at)

    def govern(self, at: int, event: TicketEvent) -> None:
        """Take a new policy."""
        self.explicit = event.policy
        self._regime(at)

    def move(self, at: int, event: TicketEvent) -> None:
        """Take a new queue."""
        self.queues.append((at, event.queue))
        self._regime(at)


_ACTS: Mapping[str, Callable[[_Telling, int, TicketEvent], None]] = {
    "customer_message": _Telling.message,
    "public_reply": _Telling.reply,
    "resolved": _Telling.resolve,
    "cancelled": _Telling.drop,
    "merged": _Telling.drop,
    "assigned": _Telling.assign,
    "priority_changed": _Telling.prioritise,
    "policy_changed": _Telling.govern,
    "queue_changed": _Telling.move,
}


def spans(states: Iterable[tuple[int, str]], wanted: frozenset[str], start: int, end: int) -> list[tuple[int, int]]:
    """Return when a ticket was in some states between two instants, in order, those that touch each other as one.

    Example:
        >>> spans([(0, "new"), (5, "pending_customer"), (9, "open")], frozenset({"pending_customer"}), 2, 8)
        [(5, 8)]
    """
    found: list[tuple[int, int]] = []
    since: int | None = None
    for at, state in states:
        if at >= end:
            break
        if state in wanted:
            if since is None:
                since = found.pop()[0] if found and found[-1][1] == at else at
        elif since is not None:
            if at > max(since, start):
                found.append((max(since, start), at))
            since = None
    if since is not None and max(since, start) < end:
        found.append((max(since, start), end))
    return found


def held_at(changes: Sequence[tuple[int, T]], instant: int) -> T:
    """Return what held at an instant, of what held from when on; what comes into force at it does.

    Example:
        >>> held_at([(0, "chat"), (5, "mail")], 5)
        'mail'
    """
    place = -1
    while changes[place][0] > instant:
        place -= 1
    return changes[place][1]
