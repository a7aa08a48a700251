"""Who is told when a ticket is escalated: from what a level of a policy asks for to the people who are there.

What a level asks for is counted from who has the ticket. Nobody has one that is assigned to a position that does not
exist: such a ticket counts as unassigned, and the lead of its queue takes the place of its assignee. Whoever does what
the position asked is there for is told in its place, as `org.acting` says; deputies whose scope has the queue in it
count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from attrs import frozen

from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.answering import raci
from community_ops.org.deputising import Passed, acting
from community_ops.org.lines import lines_at
from community_ops.org.records import Role
from community_ops.org.structure import hierarchy
from community_ops.service.records import Queue, Recipient

Unheard = Literal[
    "no assignee and no lead", "no lead", "no functional line", "nobody has the role", "no such position",
    "nobody up to the top",
]  # fmt: skip
"""Why there is nobody to be told."""
_COUNTED = ("manager", "functional")
"""The recipients that depend on who has the ticket."""


@frozen
class Asked:
    """A position that a level asks for, and who does what it is there for.

    Attributes:
        position: its id; None where there is none to ask.
        by: the position that does it; None for nobody.
        people: those who hold that position and are there.
        passed: the positions on the way there, as in `org.Acting`.
        reason: why nobody can be told; None where somebody can.
    """

    position: str | None
    by: str | None = None
    people: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()
    reason: Unheard | None = None


def leads_of(m: ModelView) -> Mapping[str, str | None]:
    """Return the position that leads each queue; None where none does."""
    return dict(zip(m.ids(Queue), m.column(Queue.lead), strict=True))


class Directory:
    """Who is told on one day, made while somebody asks and dropped with that."""

    def __init__(self, m: ModelView, day: date, leads: Mapping[str, str | None]) -> None:
        self._chart = acting(m, day)
        self._lines = hierarchy(m, day)
        self._raci = raci(m, day)
        self._leads = leads
        self._functional: dict[str, list[str]] = {}
        for line in lines_at(m, day):
            if line.kind == "functional":
                self._functional.setdefault(line.position, []).append(line.manager)
        self._known: dict[tuple[Recipient, str | None, str | None], tuple[Asked, ...]] = {}
        self._acting: dict[tuple[str, str | None], Asked] = {}

    def of(self, recipient: Recipient, assignee: str | None, queue: str | None) -> tuple[Asked, ...]:
        """Return the positions that are asked, by id; there is at least one entry.

        Args:
            recipient: what a level asks for.
            assignee: the position that has the ticket; None for nobody.
            queue: the queue that the ticket is in; None for none.
        """
        key = (recipient, assignee if recipient.kind in _COUNTED else None, queue)
        found = self._known.get(key)
        if found is None:
            positions, reason = self._positions(recipient, assignee, queue)
            asked = [self._asked(one, queue) for one in sorted(set(positions))]
            found = self._known[key] = tuple(asked) or (Asked(None, reason=reason),)
        return found

    def _positions(
        self, recipient: Recipient, assignee: str | None, queue: str | None
    ) -> tuple[Iterable[str], Unheard | None]:
        """Return the positions asked for, and why there is none where that is so."""
        if recipient.kind == "position":
            assert recipient.position is not None  # the record has seen to it
            return (recipient.position,), None
        if recipient.kind == "role":
            return self._in_role(recipient.role, queue), "nobody has the role"
        lead = None if queue is None else self._leads.get(queue)
        if recipient.kind == "queue_lead":
            return () if lead is None else (lead,), "no lead"
        start = assignee if assignee in self._lines else lead
        if start is None or start not in self._lines:
            return (), "no assignee and no lead"
        if recipient.kind == "functional":
            return self._functional.get(start, ()), "no functional line"
        return (self._up(start, recipient.steps),), None

    def _up(self, start: str, steps: int) -> str:
        """Return the position so many steps up, or at the top; on a circle the last before it would repeat itself."""
        node = self._lines.place(start)
        met = {node}
        for _ in range(steps):
            above = self._lines.parents[node]
            if above is None or above in met:
                break
            met.add(above)
            node = above
        return self._lines.ids[node]

    def _in_role(self, role: Role | None, queue: str | None) -> Iterable[str]:
        if queue is None:
            return ()
        chart, subject = self._raci, Ref(Queue.kind_name, queue)
        by_role = {
            "accountable": chart.accountable,
            "responsible": chart.responsible,
            "consulted": chart.consulted,
            "informed": chart.informed,
        }
        assert role is not None  # the record has seen to it
        return by_role[role](subject)

    def _asked(self, position: str, queue: str | None) -> Asked:
        found = self._acting.get((position, queue))
        if found is None:
            found = self._acting[position, queue] = self._looked_up(position, queue)
        return found

    def _looked_up(self, position: str, queue: str | None) -> Asked:
        if position not in self._lines:
            return Asked(position, reason="no such position")
        found = self._chart.of(position, None if queue is None else Ref(Queue.kind_name, queue))
        reason: Unheard | None = "nobody up to the top" if found.by is None else None
        return Asked(position, found.by, found.people, found.passed, reason)
