"""Who works with whom: the graph of positions along reporting lines and through what they share.

Two positions are tied where one reports to the other, by a solid or a dotted line in force, and where both have a
part in one thing: a record of the RACI chart, or a meeting. A thing is a node of its own, tied to all positions that
share it: the graph stays as large as what was written down, where tying all pairs would grow with the square of the
number who share. Taking a position out parts the same others from one another either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.answering import raci
from community_ops.org.holding import positions_in_existence
from community_ops.org.lines import lines_at
from community_ops.org.records import Meeting, Position
from community_ops.org.recurring import times
from community_ops.org.structure import hierarchy

if TYPE_CHECKING:
    from networkx import Graph

Parts = Iterable[tuple[Ref, Iterable[str]]]
"""Things with the positions that have a part in each."""


@frozen(eq=False, repr=False)
class Collaboration:
    """Who works with whom on a day; made by `collaboration`. Positions are known by their number in `positions`.

    Attributes:
        at: the day.
        positions: the ids of the positions that exist on the day, in table order.
        lines: who reports to whom, as pairs of numbers, each pair of positions once.
        shared: each thing that several of the positions have a part in, with their numbers.
    """

    at: date
    positions: tuple[str, ...]
    lines: tuple[tuple[int, int], ...]
    shared: tuple[tuple[Ref, tuple[int, ...]], ...]

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """What each node is tied to: first the positions, then the shared things in their order."""
        found: list[list[int]] = [[] for _ in range(len(self))]
        for a, b in self.lines:
            found[a].append(b)
            found[b].append(a)
        for thing, (_, members) in enumerate(self.shared, len(self.positions)):
            found[thing] += members
            for member in members:
                found[member].append(thing)
        return tuple(map(tuple, found))

    def graph(self) -> Graph[str]:
        """Return it as a graph for networkx: nodes are `"position:<id>"` and, for things, `"shared <kind>:<id>"`."""
        from networkx import Graph  # noqa: PLC0415 - takes longer to load than all else here

        names = [f"position:{id}" for id in self.positions]
        made: Graph[str] = Graph()
        made.add_nodes_from(names)
        made.add_edges_from((names[a], names[b]) for a, b in self.lines)
        # Not plain addresses: what others share may be a position, and that is another node than the position itself.
        made.add_edges_from((f"shared {ref}", names[member]) for ref, members in self.shared for member in members)
        return made

    def __len__(self) -> int:
        return len(self.positions) + len(self.shared)

    def __str__(self) -> str:
        counts = f"{len(self.positions)} positions, {len(self.lines)} reporting lines, {len(self.shared)} shared things"
        return f"who works with whom on {self.at}: {counts}"


@derived
def collaboration(m: ModelView, at: date) -> Collaboration:
    """Return who works with whom on a day. Linear.

    Example:
        >>> from community_ops import Duty, OperatingModel, Position, Responsibility
        >>> model = OperatingModel.of(
        ...     Position(id="ceo", title="CEO", unit="hq"),
        ...     Position(id="coo", title="COO", unit="hq", reports_to="ceo"),
        ...     Position(id="cmo", title="CMO", unit="hq", reports_to="ceo"),
        ...     Duty(id="fair", name="Trade fair", owner="cmo"),
        ...     Responsibility(id="r1", subject=Ref("duty", "fair"), position="coo", role="consulted"),
        ... )
        >>> print(collaboration(model, date(2026, 3, 2)))
        who works with whom on 2026-03-02: 3 positions, 2 reporting lines, 1 shared things
    """
    ids, places, parents = m.ids(Position), positions_in_existence(m, at), hierarchy(m, at).parents
    positions = tuple([ids[place] for place in places])
    number = {id: row for row, id in enumerate(positions)}
    ties = [
        (id, ids[above]) for id, place in zip(positions, places, strict=True) if (above := parents[place]) is not None
    ]
    ties += [(line.position, line.manager) for line in lines_at(m, at)]
    known = [(number[a], number[b]) for a, b in ties if a in number and b in number]
    return Collaboration(
        at=at,
        positions=positions,
        lines=tuple(dict.fromkeys((min(tie), max(tie)) for tie in known if tie[0] != tie[1])),
        shared=tuple(_shared(m, at, number)),
    )


def _shared(m: ModelView, at: date, number: dict[str, int]) -> Iterable[tuple[Ref, tuple[int, ...]]]:
    for source in _SOURCES:
        for thing, positions in source(m, at):
            members = tuple(dict.fromkeys(number[id] for id in positions if id in number))
            if len(members) > 1:
                yield thing, members


def _answered_for(m: ModelView, at: date) -> Parts:
    """Return every record with the positions that have a letter of RACI for it, inherited accountability included."""
    chart = raci(m, at)
    for subject in chart.subjects:
        yield subject, (
            *chart.accountable(subject), *chart.responsible(subject), *chart.consulted(subject),
            *chart.informed(subject),
        )  # fmt: skip


def _met_at(m: ModelView, at: date) -> Parts:
    """Return every meeting with its participants that is held within a quarter around the day, or at no set time."""
    if not m.schema.heirs(Meeting):
        return
    around = at - min(_QUARTER, at - date.min), at + min(_QUARTER, date.max - at)
    rows = zip(
        m.ids(Meeting), m.column(Meeting.participants), m.column(Meeting.start), m.column(Meeting.zone),
        m.column(Meeting.recurrence), m.column(Meeting.except_dates), strict=True,
    )  # fmt: skip
    for id, participants, start, zone, recurrence, without in rows:
        if start is None or times(start, zone, recurrence, *around, without):
            yield Ref("meeting", id), participants


_QUARTER = timedelta(46)
"""To either side, so that what is held four times a year is always met."""
_SOURCES: tuple[Callable[[ModelView, date], Parts], ...] = (_answered_for, _met_at)
"""What positions share; whatever else brings them together is one more entry."""
