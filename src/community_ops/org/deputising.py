"""Who does what a position is there for on a day: its holder, else a deputy, else whoever is above.

A position is *manned* on a day if it exists then and one of those who hold it is there. What is asked of a position is
done

1. by its holders who are there, if it is manned;
2. else by the nearest manned position along deputies: its own before theirs, those of one distance in their order;
3. else by the position above along the solid line, for which the same is asked, and so on up.

So a second deputy who is there comes before the deputy of a first who is not, and deputies that stand in for each
other in a circle need no special care: the way to the nearest goes through no position twice. A deputy counts while
it is in force, and for the records in its scope; what is asked of a position as such, for no record in particular, is
for deputies of unlimited scope alone.

All positions together take one pass over holders, deputies and lines.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView
from community_ops.org.answering import duty_tree
from community_ops.org.holding import positions_in_existence
from community_ops.org.records import Duty
from community_ops.org.standing import Standing, standing
from community_ops.org.structure import Hierarchy, hierarchy

Step = Literal["holder", "deputy", "above", "deputy above", "nobody"]
_HOW: Mapping[Step, str] = MappingProxyType(
    {"holder": "", "deputy": ", as deputy", "above": ", from above", "deputy above": ", as deputy of one above"}
)


@frozen
class Passed:
    """A position that was asked and is not manned.

    Attributes:
        position: its id.
        why: whether nobody holds it, all who hold it are away, or it does not exist that day.
        back: the first day on which one of its holders is back; None where nobody holds it or no end is known.
    """

    position: str
    why: Literal["vacant", "away", "not there"]
    back: date | None = None

    def __str__(self) -> str:
        until = f", back on {self.back}" if self.back else ""
        return f"{self.position} {'does not exist' if self.why == 'not there' else f'is {self.why}'}{until}"


@frozen(kw_only=True)
class Acting:
    """Who does what one position is there for; made by `who_acts`.

    Attributes:
        position: the position asked.
        step: which step answered: its holder, a deputy, a position above, a deputy of one above, or nobody.
        by: the position that does it; None for nobody.
        people: those who hold that position and are there, in the order of their assignments.
        passed: the positions on the way from the one asked to the one that does it, without the latter.
    """

    position: str
    step: Step
    by: str | None
    people: tuple[str, ...]
    passed: tuple[Passed, ...]

    def __str__(self) -> str:
        done = f"{self.by}: {', '.join(self.people)}{_HOW[self.step]}" if self.by is not None else "nobody"
        return "; ".join([done, *map(str, self.passed)])


@frozen(eq=False, repr=False)
class ActingChart:
    """Who does what every position is there for on a day; made by `acting`.

    Attributes:
        at: the day.
        ids: the ids of all positions, in table order.
        by: for each the place of the position that does what it is there for; None for nobody.
    """

    at: date
    ids: tuple[str, ...]
    by: tuple[int | None, ...]
    _lines: Hierarchy = field(alias="lines")
    _standing: Standing = field(alias="standing")
    _existing: tuple[int, ...] = field(alias="existing")
    """The places of the positions that exist on the day, in order."""
    _duties: Hierarchy | None = field(alias="duties")
    """Which duty is part of which; None where no deputy is limited to a scope."""

    def of(self, position: str, subject: Ref | None = None) -> Acting:
        """Return who does what a position is there for.

        Args:
            position: its id.
            subject: the record it is asked for; None for no record in particular.

        Raises:
            UnknownRecord: there is no such position.
        """
        place: int | None = self._lines.place(position)
        asked = self.ids[self._lines.place(position)]
        passed: list[int] = []
        met: set[int] = set()
        while place is not None and place not in met:
            met.add(place)
            way = self._way(place, subject)
            if way:
                *before, by = way
                step = self._step(up=bool(passed), along=bool(before))
                there, missed = self._standing.manned[by], tuple(map(self._passed, [*passed, *before]))
                return Acting(position=asked, step=step, by=self.ids[by], people=there, passed=missed)
            passed.append(place)
            place = self._lines.parents[place]
        return Acting(position=asked, step="nobody", by=None, people=(), passed=tuple(map(self._passed, passed)))

    def manned(self, position: str) -> tuple[str, ...]:
        """Return those who hold a position and are there, in the order of their assignments.

        Raises:
            UnknownRecord: there is no such position.
        """
        return self._standing.manned.get(self._lines.place(position), ())

    def deputy(self, position: str) -> str | None:
        """Return the nearest manned deputy of a position that is not manned itself; None where there is none.

        Only deputies for everything count.

        Raises:
            UnknownRecord: there is no such position.
        """
        place = self._lines.place(position)
        return self.ids[self._standing.along(place)[-1]] if place in self._standing.following else None

    @cached_property
    def uncovered(self) -> tuple[str, ...]:
        """The positions for which nobody acts, in table order."""
        return tuple([id for id, by in zip(self.ids, self.by, strict=True) if by is None])

    @cached_property
    def deserted(self) -> Mapping[str, date | None]:
        """The positions that are held by people who are all away, in table order, with the day one is back.

        None where no end is known.
        """
        return MappingProxyType({self.ids[place]: back for place, back in self._standing.deserted.items()})

    @property
    def away(self) -> Mapping[str, date | None]:
        """Who is away, with the day on which they are back, as in `people_away`."""
        return self._standing.away

    def __iter__(self) -> Iterator[Acting]:
        """Yield who does what each position is there for, in table order."""
        return map(self.of, self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"<ActingChart on {self.at}: {len(self._standing.manned)} of {len(self)} positions manned>"

    def _way(self, place: int, subject: Ref | None) -> list[int]:
        """Return the places from a position to the nearest manned one along deputies, both included; empty for none."""
        if subject is None or self._duties is None:
            return self._standing.along(place)
        manned, deputies = self._standing.manned, self._standing.deputies
        if place in manned:
            return [place]
        wider = {subject} | self._larger(subject)
        came: dict[int, int | None] = {place: None}
        queue = [place]
        for here in queue:
            for one in deputies.get(here, ()):
                if one.deputy in came or (one.scope and wider.isdisjoint(one.scope)):
                    continue
                came[one.deputy] = here
                if one.deputy in manned:
                    return _back(came, one.deputy)
                queue.append(one.deputy)
        return []

    def _larger(self, subject: Ref) -> set[Ref]:
        duties = self._duties
        if duties is None or subject.kind != Duty.kind_name or subject.id not in duties:
            return set()
        return {Ref(Duty.kind_name, id) for id in duties.chain(subject.id)}

    @staticmethod
    def _step(*, up: bool, along: bool) -> Step:
        if up:
            return "deputy above" if along else "above"
        return "deputy" if along else "holder"

    def _passed(self, place: int) -> Passed:
        row = bisect_left(self._existing, place)
        if row == len(self._existing) or self._existing[row] != place:
            return Passed(self.ids[place], "not there")
        held = self._standing.holders(place)
        return Passed(self.ids[place], "away" if held else "vacant", self._standing.back(place))


def _back(came: Mapping[int, int | None], place: int) -> list[int]:
    way: list[int] = []
    node: int | None = place
    while node is not None:
        way.append(node)
        node = came[node]
    return way[::-1]


@derived
def acting(m: ModelView, at: date) -> ActingChart:
    """Return who does what every position is there for on a day: the form of `who_acts` for loops.

    Args:
        m: the model.
        at: the day.
    """
    found, lines = standing(m, at), hierarchy(m, at)
    own: list[int | None] = [place if place in found.manned else None for place in range(len(lines))]
    for place, towards in found.following.items():  # nearest first, so that where a deputy leads is known
        own[place] = own[towards]
    limited = any(one.scope for those in found.deputies.values() for one in those)
    return ActingChart(
        at=at, ids=lines.ids, by=lines.inherit(own), lines=lines, standing=found,
        existing=positions_in_existence(m, at), duties=duty_tree(m) if limited else None,
    )  # fmt: skip


def who_acts(m: ModelView, position: str, at: date, subject: Ref | None = None) -> Acting:
    """Return who does what a position is there for on a day, by which step, and why.

    Args:
        m: the model.
        position: its id.
        at: the day.
        subject: the record it is asked for, which deputies of a limited scope need; None for none in particular.

    Raises:
        UnknownRecord: there is no such position.

    Example:
        >>> from community_ops import Absence, Assignment, DateRange, Deputy, OperatingModel, Position
        >>> model = OperatingModel.of(
        ...     Position(id="cmo", title="CMO", unit="hq"),
        ...     Position(id="coo", title="COO", unit="hq"),
        ...     Assignment(id="a1", person="ann", position="cmo"),
        ...     Assignment(id="a2", person="ben", position="coo"),
        ...     Deputy(id="d1", position="cmo", deputy="coo"),
        ...     Absence(id="l1", person="ann", period=DateRange(date(2026, 3, 2), date(2026, 3, 6))),
        ... )
        >>> print(who_acts(model, "cmo", date(2026, 3, 2)))
        coo: ben, as deputy; cmo is away, back on 2026-03-07
        >>> print(who_acts(model, "cmo", date(2026, 3, 7)))
        cmo: ann
    """
    return acting(m, at).of(position, subject)
