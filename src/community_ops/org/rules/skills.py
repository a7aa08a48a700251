"""Rules about skills that nobody or only one person has (ORG501, ORG502)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import field, frozen

from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.relations import target_places
from community_ops.kernel.view import ModelView
from community_ops.org.analysis.presence import required_skills, skill_holders
from community_ops.org.holding import staffing
from community_ops.org.placement import home_at
from community_ops.org.records import Assignment, Person, Position, Skill, SkillLevel, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.validation.finding import INFO, WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule

DAY = date(2026, 3, 2)


def _skill(id: str) -> Ref:
    return Ref("skill", id)


@frozen
class RecordedThresholds(Value):
    """In which units skills are recorded well enough to be judged.

    Attributes:
        people: how many people must hold a position in the unit at least.
        percent: of how many of these in a hundred some skill must be on record.
    """

    people: int = field(default=3, metadata=at_least(0))
    percent: int = field(default=90, metadata=at_least(0))


def _where_recorded(
    m: ModelView, at: date, required: Mapping[str, Sequence[str]], limits: RecordedThresholds
) -> dict[str, tuple[str, ...]]:
    """Return, for each of some required skills, the positions that require it in units that record skills well."""
    index, homes = m.place_index(Position), target_places(m, "position", "unit")
    asking = {homes[index[id]] for ids in required.values() for id in ids} - {len(m.ids(Unit))}  # the last: no unit
    people: dict[int, set[str]] = {home: set() for home in asking}
    staffed, known = staffing(m, at), m.place_index(Person)
    for place, holders in zip(staffed.places, staffed.people, strict=True) if asking else ():
        if homes[place] in asking:
            people[homes[place]].update([person for person in holders if person in known])
    skills = m.column(Person.skills)
    well = set()
    for home, there in people.items():
        some = sum([bool(skills[known[person]]) for person in there])
        if len(there) >= limits.people and 100 * some >= limits.percent * len(there):
            well.add(home)
    judged = {skill: tuple([id for id in ids if homes[index[id]] in well]) for skill, ids in required.items()}
    return {skill: ids for skill, ids in judged.items() if ids}


@rule(
    "ORG501",
    name="skill-nobody-has",
    severity=WARNING,
    status=True,
    en="Nobody has {subject}, which {positions} {verb}.",
    zh="没有人具备{subject}，而{positions}需要它。",
    needs=("position", "person", "skill"),
    date_use="needed",
    thresholds=RecordedThresholds(),
)
def skill_nobody_has(m: ModelView, context: Context) -> Iterator[Finding]:
    """A position requires a skill that no person has, at whatever level.

    Why it matters: what the position is there for cannot be done, whoever holds it now.

    How to fix: train somebody, hire for it, buy it in; or drop the requirement if nobody misses it.

    When it is wrong to heed it: where somebody of another unit has the skill and it is not on record.

    Positions are judged in units in which skills are on record for nearly everybody, because elsewhere a skill that is
    not on record says nothing. People count who belong to the organisation at the date.
    """
    holders, known = skill_holders(m, context.day), m.id_set(Skill)
    required = required_skills(m, context.day)
    lacking = {skill: ids for skill, ids in required.items() if skill not in holders and skill in known}
    for skill, ids in _where_recorded(m, context.day, lacking, thresholds_for_all(m, context)).items():
        refs = tuple(map(position, ids))
        verb = "requires" if len(refs) == 1 else "require"
        yield skill_nobody_has.finding(_skill(skill), related=refs, positions=refs, verb=verb)


def _team(*records: Record) -> list[Record]:
    """Return records with an office of three clerks, of whom each has a skill on record."""
    names = {"law": "Law", "sql": "SQL", "art": "Art"}
    clerks = [Position(id=f"c{n}", title=f"Clerk {n}", unit="hq", reports_to="boss") for n in range(3)]
    return [
        Unit(id="hq", name="Head office", heads=("boss",)),
        Position(id="boss", title="Manager", unit="hq"),
        *(Skill(id=id, name=name) for id, name in names.items()),
        *clerks,
        *(_person(f"p{n}", "art") for n in range(3)),
        *(Assignment(id=f"a{n}", person=f"p{n}", position=f"c{n}") for n in range(3)),
        *records,
    ]


def _expert(id: str, *skills: str) -> Position:
    return Position(id=id, title=id.title(), unit="hq", reports_to="boss", requires=tuple(map(SkillLevel, skills)))


def _person(id: str, *skills: str) -> Person:
    return Person(id=id, name=id.title(), skills=tuple(map(SkillLevel, skills)))


@skill_nobody_has.fires(at=DAY)
def _lawless() -> Iterable[Record]:
    return _team(_expert("counsel", "law"))


@skill_nobody_has.silent(at=DAY)
def _little_recorded() -> Iterable[Record]:
    return _team(_expert("counsel", "law"), _person("ann"), Assignment(id="a", person="ann", position="counsel"))


@frozen
class KeySkillThresholds(RecordedThresholds):
    """Which skills are key skills, and in which units skills are recorded well enough to be judged.

    Attributes:
        people: how many people must hold a position in the unit at least.
        percent: of how many of these in a hundred some skill must be on record.
        positions: how many positions must require a skill to make it a key skill.
    """

    positions: int = field(default=2, metadata=at_least(1))


@rule(
    "ORG502",
    name="key-skill-of-one-person",
    severity=INFO,
    status=True,
    en={
        "": "In {subject}, {people} {verb} the only one who has {skills}.",
        "homeless": "{subject} is the only one who has {skills}.",
    },
    zh={
        "": "在{subject}中，{skills}只有{people}一人具备。",
        "homeless": "{skills}只有{subject}一人具备。",
    },
    needs=("position", "person", "skill"),
    date_use="needed",
    thresholds=KeySkillThresholds(),
)
def key_skill_of_one(m: ModelView, context: Context) -> Iterator[Finding]:
    """Several positions require a skill that just one person has.

    Why it is worth knowing: when that person is ill, on leave or gone, all these positions lack it at once.

    How to fix: have a second person learn it; the `key_people` of the analysis name all such skills.

    When it is wrong to heed it: for a skill that can be bought in within days; raise `positions` until it is quiet.

    Findings are gathered by person, and people by the unit of the first position they hold. Only positions count in
    units in which skills are on record for nearly everybody.
    """
    limits = thresholds_for_all(m, context)
    required, holders, known = required_skills(m, context.day), skill_holders(m, context.day), m.id_set(Skill)
    scarce = {
        skill: ids
        for skill, ids in required.items()
        if len(ids) >= limits.positions and len(holders.get(skill, ())) == 1 and skill in known
    }
    alone: dict[str, list[str]] = {}
    for skill, ids in _where_recorded(m, context.day, scarce, limits).items():
        if len(ids) >= limits.positions:
            alone.setdefault(next(iter(holders[skill])), []).append(skill)
    homes = _homes(m, context.day, alone)
    by_unit: dict[Ref, list[str]] = {}
    for person in alone:
        home = homes.get(person)
        by_unit.setdefault(Ref("person", person) if home is None else unit(home), []).append(person)
    for subject, people in by_unit.items():
        skills = tuple([_skill(skill) for person in people for skill in alone[person]])
        who = tuple([Ref("person", person) for person in people])
        yield key_skill_of_one.finding(
            subject, "homeless" if subject.kind == "person" else "", related=(*who, *skills), people=who,
            skills=skills, verb="is" if len(who) == 1 else "are each",
        )  # fmt: skip


def _homes(m: ModelView, at: date, people: Iterable[str]) -> dict[str, str | None]:
    """Return the unit of the first position that each of some people holds."""
    wanted, found = set(people), dict[str, str | None]()
    staffed = staffing(m, at)
    for place, holders in zip(staffed.places, staffed.people, strict=True) if wanted else ():
        for person in wanted.intersection(holders):
            found.setdefault(person, home_at(m, place))
    return found


@key_skill_of_one.fires(at=DAY)
def _only_ann() -> Iterable[Record]:
    held = Assignment(id="a", person="ann", position="counsel")
    return _team(_expert("counsel", "law"), _expert("aide", "law"), _person("ann", "law"), held)


@key_skill_of_one.fires(at=DAY)
def _only_ben() -> Iterable[Record]:
    return _team(_expert("counsel", "law"), _expert("aide", "law"), _person("ben", "law"))


@key_skill_of_one.silent(at=DAY)
def _both() -> Iterable[Record]:
    people = [_person("ann", "law", "sql"), _person("ben", "law")]
    return _team(_expert("counsel", "law", "sql"), _expert("aide", "law"), *people)


RULES = (skill_nobody_has, key_skill_of_one)
"""The rules of this module."""
