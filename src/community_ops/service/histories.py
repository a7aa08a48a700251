"""What became of all tickets of a model: folded once for an instant, for whatever is asked of them then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import frozen

from community_ops.errors import IllegalTransition
from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.service.records import Ticket
from community_ops.service.story import Story, story
from community_ops.service.terms import instant_of, terms


@frozen(eq=False, repr=False)
class Stories:
    """What became of all tickets up to an instant; made by `stories`.

    Attributes:
        told: what became of each ticket that had been opened, by id in table order.
        illegal: the tickets whose logs have an event that does not fit, with the error that says so.
    """

    told: Mapping[str, Story]
    illegal: Mapping[str, IllegalTransition]


@derived
def stories(m: ModelView, at: datetime | None = None) -> Stories:
    """Return what became of all tickets up to an instant.

    Args:
        m: the model.
        at: the instant; events after it do not count. None for all events.

    Raises:
        NotAnInstant: it is a date, or a time without a zone.
    """
    book, until = terms(m), None if at is None else instant_of(at)
    told: dict[str, Story] = {}
    illegal: dict[str, IllegalTransition] = {}
    for ticket in m.table(Ticket):
        try:
            found = story(ticket, book, until)
        except IllegalTransition as error:
            illegal[ticket.id] = error.with_traceback(None)  # whose frames would hold on to the model
            continue
        if found is not None:
            told[ticket.id] = found
    return Stories(MappingProxyType(told), MappingProxyType(illegal))
