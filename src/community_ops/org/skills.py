"""How far the holders of positions have the skills that these need."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.holding import staffing
from community_ops.org.records import Person, Position, SkillLevel


@frozen(kw_only=True)
class Gap:
    """A skill that a position needs and one of its holders lacks at that level.

    Attributes:
        position: the position.
        person: the holder.
        skill: the skill.
        needed: the level needed.
        has: the level the holder has; 0 for none.
    """

    position: str
    person: str
    skill: str
    needed: int
    has: int


@frozen(kw_only=True)
class SkillCoverage:
    """How far holders have the skills that their positions need on a day; made by `skill_coverage`.

    A skill that a position needs counts once for each of its holders.

    Attributes:
        at: the day.
        required: how many skills are needed of holders.
        gaps: those of them that the holder lacks, by position in table order.
        unheld: the positions that need skills and that nobody holds.
    """

    at: date
    required: int
    gaps: tuple[Gap, ...]
    unheld: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """The share of what is needed that holders have; None where nothing is needed of anybody."""
        return (self.required - len(self.gaps)) / self.required if self.required else None

    def __str__(self) -> str:
        return f"{self.required - len(self.gaps)} of {self.required} required skills are there"


def levels(skills: Iterable[SkillLevel]) -> dict[str, int]:
    """Return the greatest level of each skill."""
    found: dict[str, int] = {}
    for one in skills:
        found[one.skill] = max(one.level, found.get(one.skill, 0))
    return found


@derived
def skill_coverage(m: ModelView, at: date) -> SkillCoverage:
    """Return how far those who hold positions on a day have the skills that these need.

    Positions count that exist on the day; people who are not there count as having no skill. Who is away on the day
    counts like anybody else.

    Example:
        >>> from community_ops import Assignment, OperatingModel, Person, Position, SkillLevel
        >>> model = OperatingModel.of(
        ...     Position(
        ...         id="mod", title="Moderator", unit="hq", requires=[SkillLevel("care", 2), SkillLevel("law", 1)]
        ...     ),
        ...     Person(id="ann", name="Ann", skills=[SkillLevel("care", 3)]),
        ...     Assignment(id="a1", person="ann", position="mod"),
        ... )
        >>> found = skill_coverage(model, date(2026, 3, 2))
        >>> print(found), found.gaps[0].skill
        1 of 2 required skills are there
        (None, 'law')
    """
    requires, skills, index = m.column(Position.requires), m.column(Person.skills), m.place_index(Person)
    gaps, unheld, required = [], [], 0
    staffed = staffing(m, at)
    for id, place, people in zip(staffed.positions, staffed.places, staffed.people, strict=True):
        needs = levels(requires[place]) if requires[place] else {}
        if needs and not people:
            unheld.append(id)
        for person in people if needs else ():
            has = levels(skills[index[person]]) if person in index else {}
            required += len(needs)
            for skill, needed in needs.items():
                if has.get(skill, 0) < needed:
                    gaps.append(Gap(position=id, person=person, skill=skill, needed=needed, has=has.get(skill, 0)))
    return SkillCoverage(at=at, required=required, gaps=tuple(gaps), unheld=tuple(unheld))
