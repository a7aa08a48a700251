"""Tickets by the queue they are in, as findings on the situation name them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.service.records import Queue
from community_ops.service.rules.addresses import queue_ref, ticket_ref
from community_ops.service.story import Story


@frozen
class Group:
    """Tickets that one finding is about.

    Attributes:
        subject: the queue they are in; the first of them where they are in none.
        tickets: all of them.
        related: all of them but the subject.
        gathered: whether the subject is merely the first.
    """

    subject: Ref
    tickets: tuple[Ref, ...]
    related: tuple[Ref, ...]
    gathered: bool

    @property
    def variant(self) -> str:
        """Which of four messages fits: for one ticket or several, in a queue or in none."""
        if self.gathered:
            return "gathered" if self.related else "alone"
        return "several" if len(self.tickets) > 1 else "one"


def by_queue(m: ModelView, told: Mapping[str, Story], ids: Iterable[str]) -> Iterator[Group]:
    """Yield tickets by the queue they are in, in table order; last those in none, or in one that does not exist."""
    queues: dict[str | None, list[str]] = {queue: [] for queue in [*m.ids(Queue), None]}
    for id in ids:
        queue = told[id].queue
        queues[queue if queue in queues else None].append(id)
    for queue, those in queues.items():
        tickets = tuple(map(ticket_ref, those))
        if tickets and queue is not None:
            yield Group(queue_ref(queue), tickets, tickets, gathered=False)
        elif tickets:
            yield Group(tickets[0], tickets, tickets[1:], gathered=True)
