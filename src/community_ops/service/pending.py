"""What is still to be done: open tickets by queue and age, what is late, and what will be next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.service.reckoning import Reckoned
from community_ops.service.records import Promised, Queue
from community_ops.service.states import OVER
from community_ops.service.terms import PROMISED, instant_of
from community_ops.service.timekeeping import Clocks, clocks

AGES: tuple[timedelta, ...] = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""Where one band of age ends and the next begins."""
_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class QueueBacklog:
    """The open tickets of one queue.

    Attributes:
        queue: its id; None for tickets without a queue.
        unit: the unit that serves it.
        tickets: the open tickets, oldest first.
        unassigned: those that nobody has.
        breached: those with a promise that is broken and still waited for.
        ages: how many are in each band of age, in real time since they were opened.
        oldest: the age of the oldest.
    """

    queue: str | None
    unit: str | None
    tickets: tuple[str, ...]
    unassigned: tuple[str, ...]
    breached: tuple[str, ...]
    ages: tuple[int, ...]
    oldest: timedelta

    def __len__(self) -> int:
        return len(self.tickets)


@frozen(kw_only=True)
class Due:
    """A promise that is still waited for.

    Attributes:
        ticket: the ticket.
        target: what was promised.
        due: when it has to come.
    """

    ticket: str
    target: Promised
    due: datetime


@frozen(kw_only=True)
class Backlog:
    """What is still to be done at an instant; made by `backlog`.

    Attributes:
        at: the instant.
        bands: where one band of age ends and the next begins.
        queues: the open tickets by queue, in table order; those without a queue, or in one that does not exist, last.
        next_due: the promises still waited for that are not yet broken, those due first in front; those whose clock
            stands still have no due time and are left out.
    """

    at: datetime
    bands: tuple[timedelta, ...]
    queues: Mapping[str | None, QueueBacklog]
    next_due: tuple[Due, ...] = field(repr=False)

    @property
    def breaches_by_unit(self) -> Mapping[str | None, int]:
        """How many open tickets of each unit have a broken promise; units without any are left out."""
        found: dict[str | None, int] = {}
        for one in self.queues.values():
            if one.breached:
                found[one.unit] = found.get(one.unit, 0) + len(one.breached)
        return MappingProxyType(found)

    def due_within(self, length: timedelta) -> tuple[Due, ...]:
        """Return what is due within a length of real time."""
        return tuple([one for one in self.next_due if one.due <= self.at + length])

    def __len__(self) -> int:
        return sum(map(len, self.queues.values()))

    def __str__(self) -> str:
        late = sum([len(one.breached) for one in self.queues.values()])
        return f"{len(self)} open, {late} of them late; next due {self.next_due[0].due if self.next_due else 'nothing'}"


@derived
def backlog(m: ModelView, at: datetime, bands: tuple[timedelta, ...] = AGES) -> Backlog:
    """Return what is still to be done at an instant.

    Tickets whose logs do not hold together are left out; `clocks` names them.

    Args:
        m: the model.
        at: the instant.
        bands: where one band of age ends and the next begins, in order; what is exactly as old is in the older.

    Raises:
        NotAnInstant: `at` is a date, or a time without a zone.

    Example:
        >>> from datetime import timezone
        >>> from community_ops import OperatingModel
        >>> from community_ops.service import Queue, Ticket, TicketEvent
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> ticket = Ticket(id="t1", subject="Hello?", queue="chat", events=[TicketEvent("opened", nine)])
        >>> found = backlog(OperatingModel.of(Queue(id="chat", name="Chat"), ticket), nine + timedelta(days=2))
        >>> found.queues["chat"].ages
        (0, 1, 0, 0, 0)
    """
    found, until = clocks(m, at), instant_of(at)
    edges = [band // _MICROSECOND for band in bands]
    units = dict(zip(m.ids(Queue), m.column(Queue.unit), strict=True))
    waiting: dict[str | None, list[str]] = {queue: [] for queue in [*units, None]}
    due: list[tuple[int, str, Reckoned]] = []
    for id, told in found.told.items():
        if told.state not in OVER:
            waiting[told.queue if told.queue in units else None].append(id)
            due += [(one.due, id, one) for one in found.reckoned[id] if one.due is not None and _pending(one)]
    due.sort(key=lambda one: (one[0], one[1], one[2].cycle.target))
    return Backlog(
        at=at,
        bands=bands,
        queues=MappingProxyType(
            {
                queue: _queue(found, queue, None if queue is None else units[queue], ids, edges, until)
                for queue, ids in waiting.items()
                if ids
            }
        ),
        next_due=tuple([_due(id, one, instant) for instant, id, one in due]),
    )


def _pending(one: Reckoned) -> bool:
    return one.cycle.stop is None and one.breached is None


def late(one: Reckoned) -> bool:
    """Tell whether a promise is broken and still waited for."""
    return one.cycle.stop is None and one.breached is not None


def _due(ticket: str, one: Reckoned, instant: int) -> Due:
    return Due(ticket=ticket, target=PROMISED[one.cycle.target], due=one.last.terms.time.shown(instant))


def _queue(
    found: Clocks, queue: str | None, unit: str | None, ids: Sequence[str], edges: Sequence[int], until: int
) -> QueueBacklog:
    told = found.told
    ids = sorted(ids, key=lambda id: (told[id].opened, id))
    counts = [0] * (len(edges) + 1)
    for id in ids:
        counts[bisect_right(edges, until - told[id].opened)] += 1
    return QueueBacklog(
        queue=queue,
        unit=unit,
        tickets=tuple(ids),
        unassigned=tuple([id for id in ids if told[id].holder is None]),
        breached=tuple([id for id in ids if any(map(late, found.reckoned[id]))]),
        ages=tuple(counts),
        oldest=(until - told[ids[0]].opened) * _MICROSECOND,
    )
