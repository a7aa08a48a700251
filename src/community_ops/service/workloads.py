"""How many open tickets each position has, and when it was last given one: for routing, and for rules on overload."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.service.histories import stories
from community_ops.service.states import OVER
from community_ops.service.terms import UTC_TIME


@frozen(eq=False, repr=False)
class Loads:
    """How many open tickets each position has at an instant; made by `loads`.

    A ticket is open unless it is resolved, closed, merged or cancelled: one that waits for the customer still is.
    Positions are given as they are written, whether or not they exist.

    Attributes:
        at: the instant.
        by_queue: how many open tickets each position has, by queue, None for tickets in none; positions without any are
            left out.
        unassigned: how many open tickets nobody has, by queue.
    """

    at: datetime
    by_queue: Mapping[str, Mapping[str | None, int]]
    unassigned: Mapping[str | None, int]
    _assigned: Mapping[str, int] = field(alias="assigned")

    def of(self, position: str) -> int:
        """Return how many open tickets a position has, over all queues."""
        return sum(self.by_queue.get(position, {}).values())

    def last_assigned(self, position: str) -> datetime | None:
        """Return when a position was last given a ticket, be it over by now; None for never."""
        instant = self._assigned.get(position)
        return None if instant is None else UTC_TIME.shown(instant)

    def __repr__(self) -> str:
        return f"<Loads at {self.at}: {len(self.by_queue)} positions with open tickets>"


@derived
def loads(m: ModelView, at: datetime) -> Loads:
    """Return how many open tickets each position has, and when it was last given one.

    Tickets whose logs do not hold together are left out.

    Args:
        m: the model.
        at: the instant; events after it do not count.

    Raises:
        NotAnInstant: it is a date, or a time without a zone.

    Example:
        >>> from datetime import timezone
        >>> from community_ops import OperatingModel
        >>> from community_ops.service import Ticket, TicketEvent
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> log = [TicketEvent("opened", nine), TicketEvent("assigned", nine, position="agent")]
        >>> found = loads(OperatingModel.of(Ticket(id="t1", subject="Hello?", queue="chat", events=log)), nine)
        >>> found.of("agent"), dict(found.by_queue["agent"]), str(found.last_assigned("agent"))
        (1, {'chat': 1}, '2026-03-02 09:00:00+00:00')
    """
    held: dict[str | None, dict[str | None, int]] = {None: {}}
    assigned: dict[str, int] = {}
    for told in stories(m, at).told.values():
        if told.state not in OVER:
            queues = held.setdefault(told.holder, {})
            queues[told.queue] = queues.get(told.queue, 0) + 1
        for instant, position in told.holders:
            if position is not None and assigned.get(position, instant) <= instant:
                assigned[position] = instant
    unassigned = MappingProxyType(held.pop(None))
    by_queue = {position: MappingProxyType(queues) for position, queues in held.items() if position is not None}
    return Loads(at, MappingProxyType(by_queue), unassigned, MappingProxyType(assigned))
