"""Who stands in for a position from day to day, asked for a few positions rather than for all.

`acting` (see `deputising.py`) tells of one day who does the work of every position, in a pass over the organisation.
Whoever asks after few positions on many days asks here: the search ends with the nearest deputy who is there, and says
until when it would end alike, so that only days on which one of those asked changes cost anything. Both agree on who
stands in; who is above is not asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.records import Deputy, Position
from community_ops.org.standing import deputies_asked
from community_ops.org.timeline import NEVER, interval

Manned = Callable[[str, int], tuple[bool, int]]
"""Tells whether a position is manned on a day, and the first later day on which that may be otherwise."""


class Term(NamedTuple):
    """A deputy for everything, on the days `[first, stop)` in day numbers."""

    deputy: str
    first: int
    stop: int


Terms = Mapping[str, tuple[Term, ...]]


@derived
def deputy_terms(m: ModelView) -> Terms:
    """Return for each position its deputies for everything in the order in which they are asked, and when they are.

    Args:
        m: the model.

    Returns:
        By the ids of the positions that ever have any; which deputies are left out is as in `deputies_asked`.

    Example:
        >>> from community_ops import OperatingModel
        >>> model = OperatingModel.of(
        ...     Position(id="cmo", title="CMO", unit="hq"),
        ...     Position(id="coo", title="COO", unit="hq"),
        ...     Deputy(id="d1", position="cmo", deputy="coo"),
        ... )
        >>> [term.deputy for term in deputy_terms(model)["cmo"]]
        ['coo']
    """
    found: dict[str, list[Term]] = {}
    ids, periods = m.ids(Position), m.column(Deputy.period) if m.schema.heirs(Deputy) else ()
    for place, position, one in deputies_asked(m):
        first, stop = interval(periods[place])
        if not one.scope and first < stop:
            found.setdefault(ids[position], []).append(Term(ids[one.deputy], first, stop))
    return MappingProxyType({position: tuple(those) for position, those in found.items()})


def within_reach(terms: Terms, positions: Iterable[str]) -> tuple[str, ...]:
    """Return some positions and all that may ever stand in for them, directly or for those who do; each once."""
    found = dict.fromkeys(positions)
    queue = list(found)
    for position in queue:
        for term in terms.get(position, ()):
            if term.deputy not in found:
                found[term.deputy] = None
                queue.append(term.deputy)
    return tuple(found)


def nearest_manned(position: str, on: int, terms: Terms, manned: Manned) -> tuple[str | None, int]:
    """Return which position does the work of one on a day: itself, else the nearest along deputies.

    Args:
        position: its id.
        on: the day, by its number.
        terms: who may stand in for whom, as `deputy_terms` tells.
        manned: tells which positions are manned.

    Returns:
        The position, None for no such; and the first later day on which it may be another.
    """
    until = NEVER
    found = {position}
    queue = [position]
    for here in queue:  # those of one distance in the order in which they are asked
        there, change = manned(here, on)
        until = min(until, change)
        if there:
            return here, until
        for term in terms.get(here, ()):
            until = min([until, *[mark for mark in (term.first, term.stop) if mark > on]])
            if term.first <= on < term.stop and term.deputy not in found:
                found.add(term.deputy)
                queue.append(term.deputy)
    return None, until
