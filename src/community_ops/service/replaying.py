"""What a ticket has come to: its log replayed, and one more event put at its end."""

from __future__ import annotations

from datetime import date, datetime

from attrs import evolve, frozen

from community_ops.kernel.view import ModelView
from community_ops.service.records import Priority, Ticket, TicketEvent
from community_ops.service.story import Story, story
from community_ops.service.terms import terms
from community_ops.service.timekeeping import ticket_of, until_of


@frozen(kw_only=True)
class TicketState:
    """What a ticket has come to; made by `replay`. Instants are on the clocks of its policy's calendar.

    Attributes:
        ticket: its id.
        state: its state.
        since: since when it is in that state.
        opened: when it was opened.
        assignee: the position that has it; None for nobody.
        assigned: since when; None where nobody has it.
        priority: its priority.
        policy: the policy it falls under, be it its own or that of its queue; None for none.
        queue: the queue it is in; None for none.
        replied: when it got its first reply that no program sent; None where it has not.
        reopened: how often it was taken up again.
        merged_into: the ticket it was merged into.
        events: how many events that took.
    """

    ticket: str
    state: str
    since: datetime
    opened: datetime
    assignee: str | None
    assigned: datetime | None
    priority: Priority
    policy: str | None
    queue: str | None
    replied: datetime | None
    reopened: int
    merged_into: str | None
    events: int


def replay(m: ModelView, ticket_id: str, at: date | datetime | None = None) -> TicketState | None:
    """Return what a ticket has come to; None where it had not been opened yet.

    Args:
        m: the model.
        ticket_id: the ticket.
        at: up to when events count, as in `clock`; None for all of them.

    Raises:
        UnknownRecord: there is no such ticket.
        IllegalTransition: an event does not fit what was before it; the error names it.
        NotAnInstant: `at` is a time without a zone.

    Example:
        >>> from datetime import timedelta, timezone
        >>> from community_ops import OperatingModel
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> log = [TicketEvent("opened", nine), TicketEvent("pending", nine + timedelta(hours=1), text="Which app?")]
        >>> model = OperatingModel.of(Ticket(id="t1", subject="Hello?", events=log))
        >>> replay(model, "t1").state, replay(model, "t1", nine).state
        ('pending_customer', 'new')
    """
    ticket, book = ticket_of(m, ticket_id), terms(m)
    told = story(ticket, book, None if at is None else until_of(ticket, book, at))
    return None if told is None else _state(ticket_id, told)


def _state(ticket_id: str, told: Story) -> TicketState:
    shown = told.terms.time.shown
    taken, holder = told.holders[-1]
    return TicketState(
        ticket=ticket_id,
        state=told.state,
        since=shown(told.states[-1][0]),
        opened=shown(told.opened),
        assignee=holder,
        assigned=None if holder is None else shown(taken),
        priority=told.priority,
        policy=told.terms.policy,
        queue=told.queue,
        replied=None if told.replied is None else shown(told.replied),
        reopened=told.reopened,
        merged_into=told.merged_into,
        events=told.count,
    )


def record_event(m: ModelView, ticket_id: str, event: TicketEvent) -> Ticket:
    """Return a ticket with one more event at the end of its log, for `model.replace`.

    Args:
        m: the model.
        ticket_id: the ticket.
        event: what happened.

    Raises:
        UnknownRecord: there is no such ticket.
        IllegalTransition: the event, or one before it, does not fit what was before.

    Example:
        >>> from datetime import timedelta, timezone
        >>> from community_ops import OperatingModel
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> model = OperatingModel.of(Ticket(id="t1", subject="Hello?", events=[TicketEvent("opened", nine)]))
        >>> solved = record_event(model, "t1", TicketEvent("resolved", nine + timedelta(hours=1)))
        >>> replay(model.replace(solved), "t1").state
        'resolved'
        >>> record_event(model, "t1", TicketEvent("closed", nine))
        Traceback (most recent call last):
        community_ops.errors.IllegalTransition: ticket 't1': 'closed' at events[1] is not possible in 'new', only ...
    """
    ticket = ticket_of(m, ticket_id)
    longer = evolve(ticket, events=(*ticket.events, event))
    story(longer, terms(m))
    return longer
