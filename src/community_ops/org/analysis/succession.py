"""Succession: who could act for whom, by the skills a position requires and by how near their own level is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.presence import people_employed, skill_holders
from community_ops.org.analysis.text import table
from community_ops.org.holding import staffing
from community_ops.org.lookup import look_up
from community_ops.org.records import Person, Position
from community_ops.org.skills import levels as highest
from community_ops.org.structure import hierarchy

Needs = tuple[tuple[str, int], ...]


@frozen(kw_only=True)
class Candidate:
    """Someone who could act for a position.

    Attributes:
        person: the id.
        steps: how many levels below it their own highest position is; negative for one above.
    """

    person: str
    steps: int


@frozen(kw_only=True)
class Cover:
    """Who could act for a position.

    Attributes:
        position: its id.
        holders: who holds it.
        candidates: who else has every required skill at the required level or above, and a position near enough;
            nearest levels first, then in table order. None where it is not to be told: the position requires no
            skill, or has no level to compare with.
    """

    position: str
    holders: tuple[str, ...]
    candidates: tuple[Candidate, ...] | None

    def __str__(self) -> str:
        if self.candidates is None:
            return f"{self.position}: not to be told"
        return f"{self.position}: {', '.join(one.person for one in self.candidates) or 'nobody'}"


@frozen(eq=False, repr=False)
class Succession:
    """Who could act for whom on a day; made by `succession`.

    Attributes:
        at: the day.
        steps: how many levels below a position the candidates' own may be.
        positions: the ids of the positions that exist on the day, in table order.
    """

    at: date
    steps: int
    positions: tuple[str, ...]
    _people: Sequence[tuple[str, ...]] = field(alias="people")
    _needs: Sequence[Needs] = field(alias="needs")
    _ranks: Sequence[int | None] = field(alias="ranks")
    """How far from the top each position is."""
    _reached: Mapping[str, int] = field(alias="reached")
    """How far from the top the highest position of each person is, in table order of people."""
    _skilled: Mapping[str, Mapping[str, int]] = field(alias="skilled")
    _rows: Mapping[str, int] = field(alias="rows")
    _able: dict[tuple[Needs, int], tuple[Candidate, ...]] = field(factory=dict, init=False)
    """Found once for all positions that ask for the same, which on most levels many do."""

    def cover(self, position: str) -> Cover:
        """Return who could act for a position that exists on the day.

        Raises:
            UnknownRecord: there is no such position on the day.
        """
        return self._cover(look_up(self._rows, "position", position))

    def uncovered(self) -> tuple[str, ...]:
        """Return the ids of the positions for which nobody else could act, in table order."""
        covers = map(self._cover, range(len(self.positions)))
        return tuple([cover.position for cover in covers if cover.candidates == ()])

    def unknown(self) -> tuple[str, ...]:
        """Return the ids of the positions of which it is not to be told, in table order."""
        rows = enumerate(zip(self._needs, self._ranks, strict=True))
        return tuple([self.positions[row] for row, (needs, rank) in rows if not needs or rank is None])

    def by(self, person: str) -> tuple[str, ...]:
        """Return the ids of the positions that a person could act for; none for one who is not there."""
        covers = map(self._cover, range(len(self.positions)))
        return tuple(
            [cover.position for cover in covers if any(one.person == person for one in cover.candidates or ())]
        )

    def _cover(self, row: int) -> Cover:
        needs, rank, holders = self._needs[row], self._ranks[row], self._people[row]
        found: tuple[Candidate, ...] | None = None
        if needs and rank is not None:
            found = tuple([one for one in self._candidates(needs, rank) if one.person not in holders])
        return Cover(position=self.positions[row], holders=holders, candidates=found)

    def _candidates(self, needs: Needs, rank: int) -> tuple[Candidate, ...]:
        found = self._able.get((needs, rank))
        if found is None:
            holders = [(self._skilled.get(skill, {}), level) for skill, level in needs]
            rarest = min((held for held, _ in holders), key=len)
            able = [
                Candidate(person=person, steps=self._reached[person] - rank)
                for person in rarest
                if self._reached.get(person, rank + self.steps + 1) <= rank + self.steps
                and all(held.get(person, 0) >= level for held, level in holders)
            ]
            found = self._able[needs, rank] = tuple(sorted(able, key=lambda one: abs(one.steps)))
        return found

    def __str__(self) -> str:
        covers = [self._cover(row) for row in range(len(self.positions))]
        rows = [
            (cover.position, len(cover.candidates), cover.candidates[0].person if cover.candidates else None)
            for cover in sorted(covers, key=lambda cover: len(cover.candidates or ()))
            if cover.candidates is not None
        ]
        first = f"who could act for {len(rows)} of {len(covers)} positions on {self.at}"
        return f"{first}\n{table(('position', 'candidates', 'nearest'), rows)}" if rows else first


@derived
def succession(m: ModelView, at: date, steps: int = 1, levels: tuple[str, ...] | None = None) -> Succession:
    """Return who could act for whom on a day.

    Candidates are people who belong to the organisation on the day, have all skills that the position requires, and
    hold a position that is at most `steps` below it. Making it is linear. Asking for all positions takes, for every
    different set of requirements on a level, a look at all who have the rarest of its skills.

    Args:
        m: the model.
        at: the day.
        steps: how many levels below the position their own may be; those above always count.
        levels: the values of `Position.level` from the top down; a position with none of them has no level. None
            takes the layer in the hierarchy, of which positions on or below a reporting cycle have none.

    Raises:
        ValueError: `levels` names one twice.

    Example:
        >>> from community_ops import Assignment, OperatingModel, SkillLevel
        >>> model = OperatingModel.of(
        ...     Position(id="coo", title="COO", unit="hq", requires=(SkillLevel("law", 3),)),
        ...     Position(id="clerk", title="Clerk", unit="hq", reports_to="coo"),
        ...     Person(id="ann", name="Ann", skills=(SkillLevel("law", 4),)),
        ...     Assignment(id="a1", person="ann", position="clerk"),
        ... )
        >>> succession(model, date(2026, 3, 2)).cover("coo").candidates
        (Candidate(person='ann', steps=1),)
    """
    staffed = staffing(m, at)
    every = _ranks(m, at, levels)
    ranks = [every[place] for place in staffed.places]
    best: dict[str, int] = {}
    for rank, people in zip(ranks, staffed.people, strict=True):
        if rank is not None:
            best.update({person: min(rank, best.get(person, rank)) for person in people})
    ids, requires = m.ids(Person), m.column(Position.requires)
    here = [ids[place] for place in people_employed(m, at)]
    return Succession(
        at=at,
        steps=steps,
        positions=staffed.positions,
        people=staffed.people,
        needs=[tuple(sorted(highest(requires[place]).items())) for place in staffed.places],
        ranks=ranks,
        reached={person: best[person] for person in here if person in best},
        skilled=skill_holders(m, at),
        rows=MappingProxyType({id: row for row, id in enumerate(staffed.positions)}),
    )


def _ranks(m: ModelView, at: date, levels: tuple[str, ...] | None) -> Sequence[int | None]:
    """Return how far from the top each position is, in table order; None for those without a level."""
    if levels is None:
        return hierarchy(m, at).depths
    if len(set(levels)) < len(levels):
        raise ValueError(f"levels must all be different, got {', '.join(levels)}")
    known: Mapping[str | None, int] = {level: rank for rank, level in enumerate(levels)}
    return [known.get(level) for level in m.column(Position.level)]
