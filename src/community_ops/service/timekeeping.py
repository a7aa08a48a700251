"""The clocks of tickets: how long each promise has run, when it is due, and whether it was kept.

Nothing of this is stored. A clock is reckoned from the ticket's event log, the policies and their calendars as they
stand in the model, and the instant it is asked for, so that it cannot depend on when it was looked at before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from attrs import field, frozen

from community_ops.errors import IllegalTransition, UnknownRecord
from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.service.histories import stories
from community_ops.service.reckoning import Reckoned, State, Stretch, reckon
from community_ops.service.records import Promised, Ticket
from community_ops.service.story import Story, spans, story
from community_ops.service.terms import PROMISED, RESOLUTION, UTC_TIME, TermsBook, instant_of, terms

_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class ClockCycle:
    """One run of a clock: from when something promised was waited for until it came.

    Instants are on the clocks of the policy's calendar, lengths of time are working time of that calendar unless they
    say otherwise.

    Attributes:
        target: what was promised.
        number: which cycle of this target it is, from 1.
        policy: the policy in force in the end.
        promised: how long it may take; None where the policy in force in the end promises nothing.
        started: when it began to be waited for.
        counts_from: from when on it counts: the same, or when the policy came into force.
        paused: when the clock stood still, as pairs of start and end; the end is None while it still does.
        outside_hours: for how long the calendar was closed meanwhile, outside of pauses, in real time.
        stopped: when it came, or was no longer wanted; None where it is still waited for.
        elapsed: how long it has run.
        remaining: what is left of `promised`; less than nothing once that is exceeded.
        due: when it has to come; None while the clock stands still, and where nothing is promised or the calendar is
            never open for so long.
        breached: from when on it was late; None where it was not. Coming late does not undo it, nor do other terms.
        state: how it stands.
    """

    target: Promised
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
    state: State

    @property
    def going(self) -> bool:
        """Whether it is still waited for."""
        return self.stopped is None and self.state != "cancelled"

    def __str__(self) -> str:
        due = f", due {self.due:%Y-%m-%d %H:%M}" if self.due is not None and self.going else ""
        return f"{self.target} {self.number}: {self.state}, {self.elapsed} of {self.promised}{due}"


@frozen(kw_only=True)
class Resolved:
    """When a ticket was resolved, and how long that took.

    Attributes:
        at: when.
        elapsed: the working time from its opening, without pauses and without the time it was resolved or closed.
        real: the real time from its opening.
    """

    at: datetime
    elapsed: timedelta
    real: timedelta


@frozen(kw_only=True)
class TicketClock:
    """The clocks of a ticket at an instant; made by `clock`.

    Attributes:
        ticket: its id.
        at: the instant.
        state: the ticket's state; None where it had not been opened yet.
        policy: the policy it falls under; None for none.
        first_response: the cycles of the first reply: a second one only where a ticket was taken up again that never
            had a reply. None at all where it was never promised, as for the others.
        next_response: the cycles of replies to later messages.
        resolution: the cycles of the resolution.
        first_resolution: when it was first resolved; None where it never was.
        full_resolution: when it was last resolved, if it still is.
    """

    ticket: str
    at: datetime
    state: str | None
    policy: str | None
    first_response: tuple[ClockCycle, ...] = ()
    next_response: tuple[ClockCycle, ...] = ()
    resolution: tuple[ClockCycle, ...] = ()
    first_resolution: Resolved | None = None
    full_resolution: Resolved | None = None

    @property
    def cycles(self) -> tuple[ClockCycle, ...]:
        """All cycles: first responses, next responses, resolutions."""
        return (*self.first_response, *self.next_response, *self.resolution)

    @property
    def breached(self) -> bool:
        """Whether any cycle was breached."""
        return any(one.breached is not None for one in self.cycles)

    @property
    def next_due(self) -> datetime | None:
        """The earliest due time of what is still waited for; None for none."""
        return min((one.due for one in self.cycles if one.going and one.due is not None), default=None)

    def __str__(self) -> str:
        return "; ".join([f"{self.ticket} {self.state or 'not opened'}", *map(str, self.cycles)])


def clock(m: ModelView, ticket_id: str, at: date | datetime) -> TicketClock:
    """Return how a ticket's clocks stand at an instant.

    Args:
        m: the model.
        ticket_id: the ticket.
        at: the instant; events after it do not count. A date stands for its beginning on the clocks of the calendar
            of the policy that the ticket falls under in the end.

    Raises:
        UnknownRecord: there is no such ticket.
        IllegalTransition: an event does not fit what was before it.
        NotAnInstant: `at` is a time without a zone.

    Example:
        >>> from datetime import timezone
        >>> from community_ops import OperatingModel
        >>> from community_ops.service import Queue, SlaPolicy, SlaTarget, Ticket, TicketEvent
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> model = OperatingModel.of(
        ...     SlaPolicy(id="standard", name="Standard", targets=[SlaTarget(first_response=timedelta(hours=1))]),
        ...     Queue(id="chat", name="Live chat", policy="standard"),
        ...     Ticket(id="t1", subject="Hello?", queue="chat", events=[TicketEvent("opened", nine)]),
        ... )
        >>> found = clock(model, "t1", nine + timedelta(minutes=20)).first_response[0]
        >>> found.state, str(found.remaining), str(found.due)
        ('running', '0:40:00', '2026-03-02 10:00:00+00:00')
    """
    ticket, book = ticket_of(m, ticket_id), terms(m)
    until = until_of(ticket, book, at)
    told = story(ticket, book, until)
    if told is None:
        return TicketClock(ticket=ticket_id, at=UTC_TIME.shown(until), state=None, policy=None)
    return _shown(ticket_id, told, _reckoned(told, until), until)


def ticket_of(m: ModelView, ticket_id: str) -> Ticket:
    """Return a ticket by its id.

    Raises:
        UnknownRecord: there is no such ticket.
    """
    found = m.get(Ref(Ticket.kind_name, ticket_id))
    if not isinstance(found, Ticket):
        raise UnknownRecord(Ticket.kind_name, ticket_id)
    return found


@frozen(eq=False, repr=False)
class Clocks:
    """The clocks of all tickets at an instant; made by `clocks`.

    Attributes:
        at: the instant.
        told: what became of each ticket that had been opened, by id in table order.
        reckoned: how the cycles of each of these stand.
        illegal: the tickets whose logs have an event that does not fit, with the error that says so.
    """

    at: datetime
    told: Mapping[str, Story] = field(repr=False)
    reckoned: Mapping[str, tuple[Reckoned, ...]]
    illegal: Mapping[str, IllegalTransition]

    def of(self, ticket_id: str) -> TicketClock:
        """Return the clocks of a ticket that had been opened.

        Raises:
            UnknownRecord: there is no such ticket, or it had not been opened yet.
            IllegalTransition: an event does not fit what was before it.
        """
        if ticket_id in self.illegal:
            raise self.illegal[ticket_id]
        if ticket_id not in self.told:
            raise UnknownRecord(Ticket.kind_name, ticket_id)
        return _shown(ticket_id, self.told[ticket_id], self.reckoned[ticket_id], instant_of(self.at))

    def __iter__(self) -> Iterator[TicketClock]:
        """Yield the clocks of every ticket that had been opened, in table order."""
        return map(self.of, self.told)

    def __len__(self) -> int:
        return len(self.told)

    def __repr__(self) -> str:
        return f"<Clocks at {self.at}: {len(self)} tickets>"


@derived
def clocks(m: ModelView, at: datetime) -> Clocks:
    """Return how the clocks of all tickets stand at an instant: the form of `clock` for loops.

    Tickets whose logs do not hold together are left out and named in `illegal`.

    Args:
        m: the model.
        at: the instant; events after it do not count.

    Raises:
        NotAnInstant: it is a date, or a time without a zone.
    """
    until, found = instant_of(at), stories(m, at)
    reckoned = {id: _reckoned(told, until) for id, told in found.told.items()}
    return Clocks(at, found.told, MappingProxyType(reckoned), found.illegal)


def _reckoned(told: Story, at: int) -> tuple[Reckoned, ...]:
    found = [reckon(cycle, told, at) for cycle in told.cycles]
    return tuple([one for one in found if one is not None])


def until_of(ticket: Ticket, book: TermsBook, at: date | datetime) -> int:
    """Return what a ticket is looked at by, in microseconds since the epoch.

    Args:
        ticket: the ticket.
        book: the terms of the model's policies.
        at: an instant; or a date, which stands for its beginning on the clocks of the calendar of the policy that the
            ticket falls under in the end.

    Raises:
        NotAnInstant: it is neither: a time without a zone, a text.
    """
    if isinstance(at, date) and not isinstance(at, datetime):
        told = story(ticket, book)
        at = datetime.combine(at, time.min, (UTC_TIME if told is None else told.terms.time).zone)
    return instant_of(at)


def _shown(ticket_id: str, told: Story, reckoned: Iterable[Reckoned], until: int) -> TicketClock:
    own = told.terms
    by_target: list[list[ClockCycle]] = [[], [], []]
    for one in reckoned:
        cycles = by_target[one.cycle.target]
        cycles.append(_cycle(one, len(cycles) + 1, told))
    first, following, last = map(tuple, by_target)
    resolved = [_resolved(told, end) for end in dict.fromkeys([*told.resolved[:1], *told.resolved[-1:]])]
    over = told.state in ("resolved", "closed")
    return TicketClock(
        ticket=ticket_id,
        at=own.time.shown(until),
        state=told.state,
        policy=own.policy,
        first_response=first,
        next_response=following,
        resolution=last,
        first_resolution=resolved[0] if resolved else None,
        full_resolution=resolved[-1] if resolved and over else None,
    )


def _cycle(one: Reckoned, number: int, told: Story) -> ClockCycle:
    part, of = one.last, one.cycle
    shown = part.terms.time.shown
    ongoing = of.stop is None and told.state in part.terms.pauses[of.target]
    pauses: list[tuple[datetime, datetime | None]] = [(shown(begin), shown(end)) for begin, end in part.pauses]
    if ongoing:  # one that begins this very instant is not among them
        begun = pauses.pop()[0] if part.pauses and part.pauses[-1][1] == part.end else shown(part.end)
        pauses.append((begun, None))
    remaining = None if one.amount is None else (one.amount - one.elapsed) * _MICROSECOND
    return ClockCycle(
        target=PROMISED[of.target],
        number=number,
        policy=part.terms.policy,
        promised=None if one.amount is None else one.amount * _MICROSECOND,
        started=shown(of.start),
        counts_from=shown(part.start),
        paused=tuple(pauses),
        outside_hours=part.outside() * _MICROSECOND,
        stopped=None if of.stop is None else shown(of.stop),
        elapsed=one.elapsed * _MICROSECOND,
        remaining=remaining,
        due=None if one.due is None else shown(one.due),
        breached=None if one.breached is None else shown(one.breached),
        state=one.state,
    )


def _resolved(told: Story, end: int) -> Resolved:
    # As for a cycle, terms that come into force at the very end do not count; the first always do.
    terms_then = [of for place, (since, of) in enumerate(told.regimes) if since < end or not place][-1]
    pauses = spans(told.states, terms_then.pauses[RESOLUTION], told.opened, end)
    worked = Stretch(terms_then, told.opened, end, told.opened, pauses).worked()
    return Resolved(
        at=terms_then.time.shown(end), elapsed=worked * _MICROSECOND, real=(end - told.opened) * _MICROSECOND
    )
