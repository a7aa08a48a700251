"""Who should fill which open seat, by skills: a matching of the greatest fit in all, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.absences import people_away
from community_ops.org.holding import places_in_force, staffing
from community_ops.org.records import Assignment, Person, Position, SkillLevel
from community_ops.org.skills import levels


@frozen(kw_only=True)
class Placing:
    """A person for an open seat.

    Attributes:
        position: the position.
        person: the person.
        points: how well they fit: for each skill needed the level they have, up to the level needed, in sum.
        most: the points of one who has everything needed.
        met: what the position needs and they have.
        lacking: what the position needs and they lack, at the level needed.
    """

    position: str
    person: str
    points: int
    most: int
    met: tuple[SkillLevel, ...]
    lacking: tuple[SkillLevel, ...]

    def __str__(self) -> str:
        lacks = f", lacks {', '.join(f'{one.skill} {one.level}' for one in self.lacking)}" if self.lacking else ""
        has = ", ".join(f"{one.skill} {one.level}" for one in self.met)
        told = f"{self.person} for {self.position}: {self.points} of {self.most} points"
        return told + (f", has {has}" if has else "") + lacks


@frozen(kw_only=True)
class Unfilled:
    """An open seat for which nobody is left.

    Attributes:
        position: the position.
        seats: how many of its seats that are.
        why: whether it asks for no skill, nobody has any of what it asks for, or those who have serve better elsewhere.
        candidates: those who have some of it, in table order.
    """

    position: str
    seats: int
    why: str
    candidates: tuple[str, ...]

    def __str__(self) -> str:
        named = f": {', '.join(self.candidates)}" if self.candidates else ""
        return f"{self.position}: {self.why}{named}"


@frozen(kw_only=True)
class Matching:
    """Who should fill which open seat on a day; made by `match_people`.

    Attributes:
        at: the day.
        placings: who should fill what, positions in table order.
        unfilled: the open seats that stay open.
        unplaced: the available people who stay without a seat, in table order.
        points: how well all placings fit in sum, which is the most there can be.
    """

    at: date
    placings: tuple[Placing, ...]
    unfilled: tuple[Unfilled, ...]
    unplaced: tuple[str, ...]
    points: int


NO_SKILL = "asks for no skill"
NOBODY = "nobody available has any of what it asks for"
ELSEWHERE = "those who have some of what it asks for serve better elsewhere"


@derived
def available_people(m: ModelView, at: date) -> tuple[str, ...]:
    """Return the people who hold nothing on a day and are there, in table order."""
    who, away = m.column(Assignment.person), people_away(m, at)
    busy = {who[place] for place in places_in_force(m, at)}
    return tuple([id for id in m.ids(Person) if id not in busy and id not in away])


def match_people(m: ModelView, at: date, people: Iterable[str] | None = None) -> Matching:
    """Return who should fill which open seat so that the skills fit best in all.

    The sum of points is the greatest there can be (a maximum-weight matching; Galil, 1986, in networkx). Its cost grows
    with the cube of the number of open seats and candidates, so on a large organisation give the people to look at.
    A person gets at most one seat; seats of positions that ask for no skill are left open, since nothing says who fits.

    Args:
        m: the model.
        at: the day.
        people: who is available; None for all who hold nothing on the day and are there.

    Example:
        >>> from community_ops import OperatingModel
        >>> model = OperatingModel.of(
        ...     Position(id="mod", title="Moderator", unit="hq", requires=[SkillLevel("care", 2)]),
        ...     Position(id="law", title="Lawyer", unit="hq", requires=[SkillLevel("law", 3), SkillLevel("care", 1)]),
        ...     Person(id="ann", name="Ann", skills=[SkillLevel("care", 5)]),
        ...     Person(id="ben", name="Ben", skills=[SkillLevel("care", 2), SkillLevel("law", 2)]),
        ... )
        >>> for placing in match_people(model, date(2026, 3, 2)).placings:
        ...     print(placing)
        ann for mod: 2 of 2 points, has care 2
        ben for law: 3 of 4 points, has care 1, lacks law 3
    """
    known = m.id_set(Person)
    wanted = available_people(m, at) if people is None else tuple([id for id in dict.fromkeys(people) if id in known])
    return _matched(m, at, wanted)


@derived
def _matched(m: ModelView, at: date, people: tuple[str, ...]) -> Matching:
    requires, index, skills = m.column(Position.requires), m.place_index(Person), m.column(Person.skills)
    staffed = staffing(m, at)
    rows = zip(staffed.positions, staffed.places, staffed.seats, staffed.filled, strict=True)
    open_seats = {id: (levels(requires[place]), seats - filled) for id, place, seats, filled in rows if filled < seats}
    has = {id: levels(skills[index[id]]) for id in people}
    fits = _fits({id: needs for id, (needs, _) in open_seats.items()}, has)
    chosen = _chosen({id: number for id, (_, number) in open_seats.items()}, fits)
    placings = [_placing(id, who, open_seats[id][0], has[who]) for id in open_seats for who in chosen.get(id, ())]
    placed = {one.person for one in placings}
    unfilled = [
        Unfilled(position=id, seats=left, why=_why(needs, fits.get(id, {})), candidates=tuple(fits.get(id, ())))
        for id, (needs, number) in open_seats.items()
        if (left := number - len(chosen.get(id, ())))
    ]
    return Matching(
        at=at, placings=tuple(placings), unfilled=tuple(unfilled), points=sum(one.points for one in placings),
        unplaced=tuple([id for id in people if id not in placed]),
    )  # fmt: skip


def _fits(needs: Mapping[str, Mapping[str, int]], has: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return the points of each person who has any of what each position needs."""
    able: dict[str, list[str]] = {}
    for who, theirs in has.items():
        for skill in theirs:
            able.setdefault(skill, []).append(who)
    found: dict[str, dict[str, int]] = {}
    for id, wanted in needs.items():
        several = {who for skill in wanted for who in able.get(skill, ())}
        if several:
            found[id] = {
                who: sum(min(theirs.get(skill, 0), level) for skill, level in wanted.items())
                for who, theirs in has.items()
                if who in several
            }
    return found


def _chosen(seats: Mapping[str, int], fits: Mapping[str, Mapping[str, int]]) -> dict[str, list[str]]:
    """Return who gets the seats of each position in a matching of the greatest sum of points."""
    import networkx as nx  # noqa: PLC0415 - slow to import

    graph: nx.Graph[tuple[str, int] | str] = nx.Graph()
    for id, points in fits.items():
        # More seats than candidates never matter.
        for seat in range(min(seats[id], len(points))):
            graph.add_weighted_edges_from(((id, seat), who, weight) for who, weight in points.items())
    mates: dict[str, str] = {}
    for ends in nx.max_weight_matching(graph):
        seat, who = sorted(ends, key=lambda end: isinstance(end, str))
        mates[str(who)] = str(seat[0])
    found: dict[str, list[str]] = {}
    for points in fits.values():
        for who in points:
            if who in mates:
                found.setdefault(mates.pop(who), []).append(who)
    return found


def _placing(position: str, person: str, needs: Mapping[str, int], has: Mapping[str, int]) -> Placing:
    met = [SkillLevel(skill, level) for skill, level in needs.items() if has.get(skill, 0) >= level]
    lacking = [SkillLevel(skill, level) for skill, level in needs.items() if has.get(skill, 0) < level]
    points = sum(min(has.get(skill, 0), level) for skill, level in needs.items())
    return Placing(
        position=position,
        person=person,
        points=points,
        most=sum(needs.values()),
        met=tuple(met),
        lacking=tuple(lacking),
    )


def _why(needs: Mapping[str, int], candidates: Mapping[str, int]) -> str:
    if not needs:
        return NO_SKILL
    return ELSEWHERE if candidates else NOBODY
