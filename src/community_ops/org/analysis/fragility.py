"""Where the organisation hangs on one person: only holders of skills, of accountability, and of cut points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.collaboration import collaboration
from community_ops.org.analysis.cutting import parts_without
from community_ops.org.analysis.presence import people_employed, required_skills, skill_holders
from community_ops.org.analysis.text import table
from community_ops.org.answering import accountability
from community_ops.org.holding import staffing
from community_ops.org.placement import units_by_head
from community_ops.org.records import Person


@frozen(kw_only=True)
class CutPoint:
    """A position without which others could no longer reach one another along lines and shared work.

    Attributes:
        position: its id.
        parts: how many positions each part has into which the others fall, the largest first; at least two.
    """

    position: str
    parts: tuple[int, ...]

    @property
    def cut_off(self) -> int:
        """How many positions would be cut off from the largest part."""
        return sum(self.parts[1:])


@frozen(kw_only=True)
class CutPoints:
    """The cut points, or articulation points, of the collaboration graph on a day; made by `cut_points`.

    Attributes:
        at: the day.
        positions: how many positions the graph has.
        points: the cut points, in table order. In a bare tree of reporting lines that is every manager with a
            manager, or with two reports; work that positions share takes them out one by one.
    """

    at: date
    positions: int
    points: tuple[CutPoint, ...]

    def __str__(self) -> str:
        worst = sorted(self.points, key=lambda point: point.cut_off, reverse=True)
        first = f"{len(self.points)} of {self.positions} positions are cut points on {self.at}"
        rows = [(point.position, len(point.parts), point.cut_off) for point in worst]
        return f"{first}\n{table(('position', 'parts', 'cut off'), rows)}" if rows else first


@derived
def cut_points(m: ModelView, at: date) -> CutPoints:
    """Return the articulation points of the collaboration graph on a day, with what each would cut off. Linear.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> lines = {"ceo": None, "coo": "ceo", "a1": "coo", "a2": "coo"}.items()
        >>> model = OperatingModel(Position(id=id, title=id, unit="hq", reports_to=up) for id, up in lines)
        >>> print(cut_points(model, date(2026, 3, 2)))
        1 of 4 positions are cut points on 2026-03-02
        position  parts  cut off
        coo           3        2
    """
    graph = collaboration(m, at)
    # Only positions weigh: what they share is nobody to be cut off.
    weights = [1] * len(graph.positions) + [0] * len(graph.shared)
    parts = parts_without(graph.neighbours, weights)
    found = [(id, parts[row]) for row, id in enumerate(graph.positions) if len(parts[row]) > 1]
    return CutPoints(
        at=at,
        positions=len(graph.positions),
        points=tuple([CutPoint(position=id, parts=tuple(sizes)) for id, sizes in found]),
    )


@frozen(kw_only=True)
class KeyPerson:
    """Someone on whom something hangs alone.

    Attributes:
        person: the id.
        skills: the skills that nobody else has, in the order in which people have them.
        required: those of them that a position requires that exists on the day.
        positions: if they are several, the positions that answer for something and that nobody else holds.
        cuts: the cut points that nobody else holds.
    """

    person: str
    skills: tuple[str, ...]
    required: tuple[str, ...]
    positions: tuple[str, ...]
    cuts: tuple[CutPoint, ...]

    @property
    def cut_off(self) -> int:
        """The most positions that any of the cut points would cut off."""
        return max((cut.cut_off for cut in self.cuts), default=0)


@frozen(eq=False, repr=False)
class KeyPeople:
    """On whom something hangs alone on a day; made by `key_people`.

    Attributes:
        at: the day.
        level: from which level on somebody counts as having a skill.
        people: everybody of whom anything is to be said, in table order.
        alone: the only holder of each skill that just one person has.
    """

    at: date
    level: int
    people: tuple[KeyPerson, ...]
    alone: Mapping[str, str]

    def get(self, person: str) -> KeyPerson | None:
        """Return what hangs on a person; None for nothing, also for somebody who is not there."""
        return next((one for one in self.people if one.person == person), None)

    def __str__(self) -> str:
        rows = [
            (one.person, len(one.skills), len(one.required), len(one.positions), one.cut_off) for one in self.people
        ]
        header = ("person", "skills", "required", "answers for", "cut off")
        first = f"on whom something hangs alone on {self.at}: {len(rows)}"
        return f"{first}\n{table(header, rows)}" if rows else first


@derived
def key_people(m: ModelView, at: date, level: int = 1) -> KeyPeople:
    """Return on whom something hangs alone on a day. Linear.

    Only holder of a skill: among people who belong to the organisation on the day. Only holder of several accountable
    positions: positions that exist, are themselves accountable for a record or head a unit, and are held by one
    person. Cut points are those of `cut_points`.

    Args:
        m: the model.
        at: the day.
        level: from which level on somebody counts as having a skill.

    Example:
        >>> from community_ops import OperatingModel, SkillLevel
        >>> model = OperatingModel.of(
        ...     Person(id="ann", name="Ann", skills=(SkillLevel("sql", 4), SkillLevel("law", 2))),
        ...     Person(id="ben", name="Ben", skills=(SkillLevel("law", 3),)),
        ... )
        >>> key_people(model, date(2026, 3, 2)).alone["sql"]
        'ann'
        >>> dict(key_people(model, date(2026, 3, 2), level=3).alone)
        {'sql': 'ann', 'law': 'ben'}
    """
    alone: dict[str, str] = {}
    for skill, holders in skill_holders(m, at).items():
        able = [person for person, reached in holders.items() if reached >= level]
        if len(able) == 1:
            alone[skill] = able[0]
    skills = _gathered(alone)
    answering, cutting = _answering_alone(m, at), _cutting_alone(m, at)
    wanted, ids = required_skills(m, at), m.ids(Person)
    found = []
    for person in map(ids.__getitem__, people_employed(m, at)):
        only, positions, cuts = skills.get(person, ()), answering.get(person, ()), cutting.get(person, ())
        if only or len(positions) > 1 or cuts:
            found.append(
                KeyPerson(
                    person=person,
                    skills=only,
                    required=tuple([skill for skill in only if skill in wanted]),
                    positions=positions if len(positions) > 1 else (),
                    cuts=cuts,
                )
            )
    return KeyPeople(at=at, level=level, people=tuple(found), alone=MappingProxyType(alone))


def _gathered(holders: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what each holds, from who holds each."""
    found: dict[str, list[str]] = {}
    for what, who in holders.items():
        found.setdefault(who, []).append(what)
    return {who: tuple(whats) for who, whats in found.items()}


def _held_alone(m: ModelView, at: date) -> dict[str, str]:
    """Return the only holder of every position that just one person holds."""
    staffed = staffing(m, at)
    return {id: people[0] for id, people in zip(staffed.positions, staffed.people, strict=True) if len(people) == 1}


def _answering_alone(m: ModelView, at: date) -> dict[str, tuple[str, ...]]:
    headed, chart = units_by_head(m), accountability(m, at)
    alone = _held_alone(m, at)
    return _gathered({id: who for id, who in alone.items() if id in headed or chart.is_accountable(id)})


def _cutting_alone(m: ModelView, at: date) -> dict[str, tuple[CutPoint, ...]]:
    alone, found = _held_alone(m, at), dict[str, list[CutPoint]]()
    for point in cut_points(m, at).points:
        if point.position in alone:
            found.setdefault(alone[point.position], []).append(point)
    return {who: tuple(points) for who, points in found.items()}
