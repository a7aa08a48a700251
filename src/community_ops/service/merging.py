"""Mergers and splits: two tickets become one, or one becomes two, with what that means in both logs.

A ticket that has been merged is frozen and goes on in the one it was merged into, which may have been merged in turn.
The ticket at the end of that chain is its *root*.
"""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from community_ops.errors import CyclicMerger, DuplicateRecord, IllegalTransition
from community_ops.kernel.changes import ChangeSet, Update
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.service.records import Ticket, TicketEvent
from community_ops.service.replaying import record_event
from community_ops.service.states import TICKET
from community_ops.service.story import story
from community_ops.service.terms import terms
from community_ops.service.timekeeping import ticket_of

_NOBODY_GOES_ON = frozenset({"closed", "cancelled"})


def root_of(m: ModelView, ticket_id: str) -> str:
    """Return the ticket that goes on for a ticket: the one at the end of its mergers; itself where it was not merged.

    Raises:
        UnknownRecord: there is no such ticket, or none that it was merged into.
        CyclicMerger: the mergers go in a circle.

    Example:
        >>> from datetime import timezone
        >>> from community_ops import OperatingModel
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> opened = TicketEvent("opened", nine)
        >>> model = OperatingModel.of(
        ...     Ticket(id="t1", subject="Hello?", events=[opened]),
        ...     Ticket(id="t2", subject="Hello again", events=[opened, TicketEvent("merged", nine, into="t1")]),
        ... )
        >>> root_of(model, "t2"), root_of(model, "t1")
        ('t1', 't1')
    """
    return _way(m, ticket_id)[-1]


def _way(m: ModelView, ticket_id: str) -> list[str]:
    """Return a ticket and those it was merged into, one after the other, as far as the one that goes on."""
    ticket = ticket_of(m, ticket_id)
    way = {ticket.id: None}
    while True:
        into = next((event.into for event in ticket.events if event.into is not None), None)
        if into is None:
            return list(way)
        if into in way:
            ids = list(way)
            raise CyclicMerger(ids[ids.index(into) :])
        way[into] = None
        ticket = ticket_of(m, into)


def merge_tickets(
    m: ModelView, source: str, into: str, at: datetime, actor: Ref | None = None, text: str = ""
) -> ChangeSet:
    """Return what merges a ticket into another, for `model.apply`.

    Where the other has been merged itself, it is merged into the root of that. The merger stands in the log of the
    source, which it freezes, and an internal note about it in the log of the ticket that goes on.

    Args:
        m: the model.
        source: the ticket that ends.
        into: the ticket that takes it in.
        at: when.
        actor: who does it.
        text: why.

    Raises:
        UnknownRecord: one of the tickets does not exist.
        CyclicMerger: the source would go on in itself.
        IllegalTransition: the merger does not fit the logs: the source was merged before or is over, nobody would go on
            since the other was closed or cancelled, or one of them has gone on after that instant.

    Example:
        >>> from datetime import timedelta, timezone
        >>> from community_ops import OperatingModel
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> opened = [TicketEvent("opened", nine)]
        >>> model = OperatingModel.of(
        ...     Ticket(id="t1", subject="Hello?", events=opened), Ticket(id="t2", subject="Hello again", events=opened)
        ... )
        >>> after = model.apply(merge_tickets(model, "t2", "t1", nine + timedelta(hours=1)))
        >>> root_of(after, "t2"), after.tickets["t1"].events[-1].text
        ('t1', 'took in ticket:t2')
    """
    ticket, way = ticket_of(m, source), _way(m, into)
    root = way[-1]
    if root == ticket.id:
        raise CyclicMerger(way)
    told = story(ticket_of(m, root), terms(m))
    if told is not None and told.state in _NOBODY_GOES_ON:
        reason = "for nobody goes on with it"
        raise IllegalTransition(TICKET.name, root, told.state, "merged", None, reason)
    note = f"took in {ticket.ref}: {text}" if text else f"took in {ticket.ref}"
    return ChangeSet(
        updated=(
            _logged(m, source, TicketEvent("merged", at, actor=actor, text=text, into=root)),
            _logged(m, root, TicketEvent("internal_note", at, actor=actor, text=note)),
        )
    )


def split_ticket(
    m: ModelView, source: str, part: Ticket, at: datetime, actor: Ref | None = None, text: str = ""
) -> ChangeSet:
    """Return what splits a part off a ticket, for `model.apply`.

    Args:
        m: the model.
        source: the ticket.
        part: the new ticket, such as the old one evolved. Without events it is opened at that instant; one that is to
            count from an earlier message brings its log with it.
        at: when.
        actor: who does it.
        text: why.

    Raises:
        UnknownRecord: there is no such ticket.
        DuplicateRecord: there already is a ticket with the id of the part.
        IllegalTransition: the split does not fit the log of the ticket, or the log of the part does not hold together.

    Example:
        >>> from datetime import timedelta, timezone
        >>> from community_ops import OperatingModel
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> both = Ticket(id="t1", subject="Cannot log in, and no bill", events=[TicketEvent("opened", nine)])
        >>> model = OperatingModel.of(both)
        >>> bill = evolve(both, id="t2", subject="No bill", events=())
        >>> after = model.apply(split_ticket(model, "t1", bill, nine + timedelta(hours=1)))
        >>> [(one.id, one.events[-1].type) for one in after.tickets]
        [('t1', 'split'), ('t2', 'opened')]
    """
    update = _logged(m, source, TicketEvent("split", at, actor=actor, text=text, split_off=part.id))
    if part.id in m.id_set(Ticket):
        raise DuplicateRecord(Ticket.kind_name, part.id)
    if not part.events:
        part = evolve(part, events=(TicketEvent("opened", at, actor=actor),))
    story(part, terms(m))
    return ChangeSet(updated=(update,), added=(part,))


def _logged(m: ModelView, ticket_id: str, event: TicketEvent) -> Update:
    longer = record_event(m, ticket_id, event)
    return Update(longer.ref, "events", longer.events[:-1], longer.events)
