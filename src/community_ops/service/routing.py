"""Which position a ticket should go to, and why not to any other.

All positions of the unit that serves the ticket's queue, and of the units under it, are considered. A position can
take the ticket if

1. it exists, somebody holds it, and one of those who do is there on that day;
2. one of these has every skill that the queue asks for;
3. it is on shift: the calendar of its unit is open, or that of the nearest unit above it which has one, or else that of
   the queue; where there is none, it always is;
4. its open tickets, over all queues, are fewer for each of those who are there than the cap of the queue.

Of these the one with the fewest open tickets for each of its people is chosen; of several the one that has gone without
a new ticket for longest, and one that never had any before all others; of these the one with the smallest id.

The ticket itself counts in nobody's load: it is to be seen where it would go.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Literal

from attrs import evolve, frozen

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.deputising import acting
from community_ops.org.placement import positions_in
from community_ops.org.records import Unit
from community_ops.org.skills import levels
from community_ops.service.abilities import lacking
from community_ops.service.records import Queue
from community_ops.service.shifts import shift_time
from community_ops.service.states import OVER
from community_ops.service.story import Story, story
from community_ops.service.terms import UTC_TIME, terms
from community_ops.service.timekeeping import ticket_of, until_of
from community_ops.service.workloads import Loads, loads

Rejected = Literal["not there", "vacant", "away", "lacks skills", "off shift", "at the cap"]
"""Why a position cannot take a ticket; the first three as in `org.Passed`."""
Decided = Literal["the only one", "lowest load", "longest idle", "smallest id"]
"""What put a position before the next best."""
Unrouted = Literal["not opened", "over", "no queue", "no unit", "no positions", "nobody can take it"]
"""Why a ticket goes to nobody."""


@frozen(kw_only=True)
class Candidate:
    """A position that a ticket could go to, and why it cannot.

    Attributes:
        position: its id.
        people: those who hold it and are there.
        skilled: those of them who have the skills that the queue asks for.
        open: how many open tickets it has, without the one that is routed.
        load: how many that is for each of its people; None where nobody is there.
        idle_since: when it was last given a ticket; None for never.
        rejected: the first reason why it cannot take the ticket; None where it can.
        missing: the skills that the best of its people lacks, where that is the reason.
        back: the first day on which one of its holders is back, where they are away and that is known.
    """

    position: str
    people: tuple[str, ...]
    skilled: tuple[str, ...]
    open: int
    load: Fraction | None
    idle_since: datetime | None
    rejected: Rejected | None
    missing: tuple[str, ...] = ()
    back: date | None = None

    def __str__(self) -> str:
        if self.rejected is None or self.rejected == "at the cap":
            idle = "never given any" if self.idle_since is None else f"last given one at {self.idle_since}"
            facts = f"{self.open} open for {len(self.people)}, {idle}"
            return f"{self.position} {'can take it' if self.rejected is None else 'is at the cap'}: {facts}"
        more = {
            "lacks skills": f" {', '.join(self.missing)}",
            "away": f", back on {self.back}" if self.back is not None else "",
        }
        verb = "" if self.rejected == "lacks skills" else "is "
        return f"{self.position} {verb}{self.rejected}{more.get(self.rejected, '')}"


@frozen(kw_only=True)
class Routing:
    """Where a ticket should go at an instant; made by `route`.

    Attributes:
        ticket: its id.
        at: the instant.
        queue: the queue it is in; None for none.
        chosen: the position it should go to; None for none.
        decided: what put that position before the next best; None where there is none.
        reason: why it goes to nobody; None where it goes to somebody.
        candidates: all positions that were considered: those that can take it, the best first, then the others by id.
    """

    ticket: str
    at: datetime
    queue: str | None
    chosen: Candidate | None
    decided: Decided | None
    reason: Unrouted | None
    candidates: tuple[Candidate, ...] = ()

    def __str__(self) -> str:
        if self.chosen is None:
            first = f"{self.ticket}: {self.reason}"
        else:
            first = f"{self.ticket}: {self.chosen.position}, {self.decided}"
        return "; ".join([first, *map(str, self.candidates)])


def route(m: ModelView, ticket_id: str, at: date | datetime) -> Routing:
    """Return which position a ticket should go to at an instant, and why.

    Args:
        m: the model.
        ticket_id: the ticket.
        at: the instant, or a date, as in `clock`.

    Raises:
        UnknownRecord: there is no such ticket.
        IllegalTransition: an event of the ticket does not fit what was before it. Other tickets whose logs do not hold
            together count in nobody's load.
        NotAnInstant: `at` is a time without a zone.

    Example:
        >>> from datetime import timezone
        >>> from community_ops import Assignment, OperatingModel, Position
        >>> from community_ops.service import Ticket, TicketEvent
        >>> nine = datetime(2026, 3, 2, 9, tzinfo=timezone.utc)
        >>> busy = [TicketEvent("opened", nine), TicketEvent("assigned", nine, position="agent-1")]
        >>> model = OperatingModel.of(
        ...     Unit(id="service", name="Customer service"),
        ...     Position(id="agent-1", title="Agent", unit="service"),
        ...     Position(id="agent-2", title="Agent", unit="service"),
        ...     Position(id="agent-3", title="Agent", unit="service"),
        ...     Assignment(id="a1", person="ann", position="agent-1"),
        ...     Assignment(id="a2", person="ben", position="agent-2"),
        ...     Queue(id="chat", name="Live chat", unit="service"),
        ...     Ticket(id="t1", subject="Hello?", queue="chat", events=busy),
        ...     Ticket(id="t2", subject="Anybody?", queue="chat", events=busy[:1]),
        ... )
        >>> for line in str(route(model, "t2", nine)).split("; "):
        ...     print(line)
        t2: agent-2, lowest load
        agent-2 can take it: 0 open for 1, never given any
        agent-1 can take it: 1 open for 1, last given one at 2026-03-02 09:00:00+00:00
        agent-3 is vacant
    """
    ticket, book = ticket_of(m, ticket_id), terms(m)
    until = until_of(ticket, book, at)
    told = story(ticket, book, until)
    queue = None if told is None or told.queue is None else m.get(Ref(Queue.kind_name, told.queue))
    when = (UTC_TIME if told is None else told.terms.time).shown(until)
    found = Routing(
        ticket=ticket_id, at=when, queue=None if told is None else told.queue, chosen=None, decided=None, reason=None
    )
    if told is None or told.state in OVER:
        return evolve(found, reason="not opened" if told is None else "over")
    if not isinstance(queue, Queue):
        return evolve(found, reason="no queue")
    if queue.unit is None or queue.unit not in m.id_set(Unit):
        return evolve(found, reason="no unit")
    judge = _Judge(m, queue, told, when)
    candidates = [judge.candidate(position) for position in positions_in(m, queue.unit, deep=True)]
    return _decided(found, candidates)


class _Judge:
    """What decides whether a position can take a ticket of a queue at an instant."""

    def __init__(self, m: ModelView, queue: Queue, told: Story, when: datetime) -> None:
        self.m, self.queue, self.told, self.when = m, queue, told, when
        self.loads: Loads = loads(m, when)
        self.needs = levels(queue.skills)

    def candidate(self, position: str) -> Candidate:
        """Return a position with what speaks against it."""
        time = shift_time(self.m, position, self.queue)
        here = self.when.astimezone(time.zone)
        chart = acting(self.m, here.date())
        people = chart.manned(position)
        lacks = {who: lacking(self.m, who, self.needs) for who in people}
        open = self.loads.of(position) - (self.told.holder == position)
        idle_since = self.loads.last_assigned(position)
        found = Candidate(
            position=position,
            people=people,
            skilled=tuple([who for who, missing in lacks.items() if not missing]),
            open=open,
            load=Fraction(open, len(people)) if people else None,
            idle_since=None if idle_since is None else idle_since.astimezone(self.when.tzinfo),
            rejected=None,
        )
        if not people:
            passed = chart.of(position).passed[0]
            return evolve(found, rejected=passed.why, back=passed.back)
        if not found.skilled:
            return evolve(
                found, rejected="lacks skills", missing=min(lacks.values(), key=lambda some: (len(some), some))
            )
        if not time.is_open(self.when):
            return evolve(found, rejected="off shift")
        if self.queue.cap is not None and open >= self.queue.cap * len(people):
            return evolve(found, rejected="at the cap")
        return found


def _decided(found: Routing, candidates: list[Candidate]) -> Routing:
    """Return a routing with its candidates in order, and the first of those that can take the ticket."""
    able = sorted([one for one in candidates if one.rejected is None], key=_merit)
    others = sorted([one for one in candidates if one.rejected is not None], key=lambda one: one.position)
    every = (*able, *others)
    if not able:
        return evolve(found, reason="nobody can take it" if every else "no positions", candidates=every)
    return evolve(found, chosen=able[0], decided=_by_what(able), candidates=every)


def _merit(one: Candidate) -> tuple[Fraction, bool, float, str]:
    assert one.load is not None  # or it had been rejected
    since = one.idle_since
    return one.load, since is not None, 0.0 if since is None else since.timestamp(), one.position


def _by_what(able: list[Candidate]) -> Decided:
    if len(able) == 1:
        return "the only one"
    best, next_best = _merit(able[0]), _merit(able[1])
    if best[0] != next_best[0]:
        return "lowest load"
    return "longest idle" if best[:3] != next_best[:3] else "smallest id"
