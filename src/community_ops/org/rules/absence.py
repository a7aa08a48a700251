"""Rules about people who are away or leave, and nobody stands in (ORG601 and ORG602)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from attrs import field, frozen

from community_ops.kernel.derived import derived
from community_ops.kernel.record import Record, Value, at_least
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.absences import absences_at, people_away
from community_ops.org.answering import accountability
from community_ops.org.holding import places_in_force, positions_held, positions_in_existence
from community_ops.org.placement import home_at, units_by_head
from community_ops.org.records import Absence, Assignment, Deputy, Person, Position, Skill, SkillLevel, Unit
from community_ops.org.rules.addresses import position, unit
from community_ops.org.standing import Standing, standing
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.policies import thresholds_for_all
from community_ops.validation.rule import Context, rule

DAY = date(2026, 3, 2)


def office(*more: Record, **boss: object) -> list[Record]:
    """Return a head office for examples: a manager, held by Ann, and a clerk; without Ann herself."""
    hq = Unit(id="hq", name="Head office", kind="organisation", heads=("boss",))
    head = Position(id="boss", title="Manager", unit="hq", **boss)  # type: ignore[arg-type]
    clerk = Position(id="clerk", title="Clerk", unit="hq", reports_to="boss")
    held = [Assignment(id=f"h{id}", person=who, position=id) for id, who in (("boss", "ann"), ("clerk", "ben"))]
    return [hq, head, clerk, Person(id="ben", name="Ben"), *held, *more]


def ann(last: date | None = None, *skills: SkillLevel) -> Person:
    """Return Ann, employed until a day."""
    return Person(id="ann", name="Ann", employment=DateRange(None, last), skills=skills)


def _away(days: int) -> Absence:
    return Absence(id="away", person="ann", period=DateRange(DAY, DAY + timedelta(days)))


_STANDS_IN = Deputy(id="d", position="boss", deputy="clerk")


@frozen
class KeyThresholds(Value):
    """Who is a key person, and how long they may be missed.

    Attributes:
        days: for how many days from now somebody may be away without a deputy.
        notice: for how many days ahead people who leave are looked for.
        positions: how many accountable positions make their only holder a key person.
    """

    days: int = field(default=5, metadata=at_least(0))
    notice: int = field(default=90, metadata=at_least(0))
    positions: int = field(default=2, metadata=at_least(1))


@derived
def _only_with(m: ModelView, at: date) -> Mapping[str, tuple[str, ...]]:
    """Return the skills that some position needs and one person alone has at that level, by the person."""
    places = positions_in_existence(m, at)
    column = m.column(Position.requires)
    needed: dict[str, int] = {}
    for place in places:
        for one in column[place]:
            needed[one.skill] = min(needed.get(one.skill, one.level), one.level)
    if not needed:
        return MappingProxyType({})
    able: dict[str, list[str]] = {}
    people = zip(m.ids(Person), m.column(Person.skills), m.column(Person.employment), strict=True)
    for id, skills, employment in people:
        if skills and (employment is None or employment.backward or employment.covers(at)):
            for skill in {one.skill for one in skills if one.level >= needed.get(one.skill, one.level + 1)}:
                able.setdefault(skill, []).append(id)
    found: dict[str, list[str]] = {}
    for skill in needed:
        if len(able.get(skill, ())) == 1:
            found.setdefault(able[skill][0], []).append(skill)
    return MappingProxyType({who: tuple(skills) for who, skills in found.items()})


def _missed(m: ModelView, at: date, limits: KeyThresholds) -> dict[str, tuple[bool, date | None]]:
    """Return whoever leaves soon or is away for long: whether they leave, and the day they are back or gone."""
    until = at + timedelta(min(limits.notice, (date.max - at).days))
    found: dict[str, tuple[bool, date | None]] = {id: (True, day) for id, day in _leaving(m, at, until)}
    for id, back in _away_for_long(m, at, limits).items():
        found.setdefault(id, (False, back))
    return found


@derived(cutoff=True)
def _leaving(m: ModelView, at: date, until: date) -> tuple[tuple[str, date], ...]:
    """Return who is employed on a day and leaves until another, with the last day."""
    people = zip(m.ids(Person), m.column(Person.employment), strict=True)
    ends = [(id, period.end, period) for id, period in people if period is not None and period.end is not None]
    return tuple([(id, end) for id, end, period in ends if end <= until and period.covers(at)])


def _away_for_long(m: ModelView, at: date, limits: KeyThresholds) -> dict[str, date | None]:
    places = absences_at(m, at)
    if not places:
        return {}
    away, people = people_away(m, at), m.column(Absence.person)
    return {id: away[id] for id in dict.fromkeys([people[place] for place in places]) if _long(away[id], at, limits)}


def _long(back: date | None, at: date, limits: KeyThresholds) -> bool:
    return back is None or (back - at).days > limits.days


def _deputised(found: Standing, place: int, without: str) -> bool:
    """Tell whether some deputy of a position, of whatever scope, is manned by anybody but one person."""
    those = found.deputies.get(place, ())
    return any(who != without for one in those for who in found.manned.get(one.deputy, ()))


def _until(leaves: bool, day: date | None) -> dict[str, str]:
    if leaves:
        return {"en": f"leaves on {day}", "zh": f"将于 {day} 离开"}
    if day is None:
        return {"en": "is away with no known end", "zh": "不在岗，何时返回不明"}
    return {"en": f"is away and back on {day}", "zh": f"不在岗，{day} 返回"}


@rule(
    "ORG601",
    name="key-person-without-deputy",
    severity=WARNING,
    status=True,
    en={
        "skill": "{subject} {when}, alone has {skills}, which {positions} must have, and no deputy stands in.",
        "posts": "{subject} {when} and alone holds {positions}, for which no deputy stands in.",
    },
    zh={
        "skill": "{subject}{when}，只有此人具备{positions}所需的{skills}，且没有代理人。",
        "posts": "{subject}{when}，由其一人担任的{positions}没有代理人。",
    },
    needs=("person", "assignment"),
    date_use="needed",
    thresholds=KeyThresholds(),
)
def key_person(m: ModelView, context: Context) -> Iterator[Finding]:
    """A key person leaves soon or is away for long, and nobody stands in.

    Why it matters: what only this person can do, or decides, stops on a known day.

    How to fix: name a deputy for the positions and hand over while both are there; train a second person.

    When it is wrong to heed it: where the successor is chosen and simply not recorded yet; record the assignment.

    A key person alone has a skill that a position they hold requires, at its level; or leaves, and is the only holder
    of several positions that head units or are accountable. Any deputy whose position somebody else holds will do.
    """
    at, limits = context.day, thresholds_for_all(m, context)
    alone = _only_with(m, at)
    missed = {who: one for who, one in _missed(m, at, limits).items() if one[0] or who in alone}
    if not missed:
        return
    held, found = _held_by(m, at, missed), standing(m, at)
    accounts, heads = accountability(m, at), units_by_head(m)
    requires, index = m.column(Position.requires), m.place_index(Position)
    for who, (leaves, day) in missed.items():
        bare = [(id, sole) for id, sole in held.get(who, ()) if not _deputised(found, index[id], who)]
        mine = set(alone.get(who, ()))
        needing = [id for id, _ in bare if mine & {one.skill for one in requires[index[id]]}]
        posts = [id for id, sole in bare if sole and leaves and (accounts.is_accountable(id) or id in heads)]
        if not needing and len(posts) < limits.positions:
            continue
        skills = sorted(mine & {one.skill for id in needing for one in requires[index[id]]})
        refs = tuple(map(position, needing or posts))
        yield key_person.finding(
            Ref("person", who), "skill" if needing else "posts", related=refs, positions=refs,
            when=_until(leaves, day), skills=tuple(Ref("skill", id) for id in skills),
        )  # fmt: skip


def _held_by(m: ModelView, at: date, people: Iterable[str]) -> Mapping[str, list[tuple[str, bool]]]:
    """Return the positions that some people hold, and whether each holds it alone."""
    wanted, found = frozenset(people), dict[str, list[tuple[str, bool]]]()
    column, positions, ids = m.column(Assignment.person), positions_held(m), m.ids(Position)
    now, held_by = standing(m, at), [positions[i] for i in places_in_force(m, at) if column[i] in wanted]
    for place in sorted(set(held_by) - {len(ids)}):
        held = now.holders(place)
        for who in held:
            if who in wanted:
                found.setdefault(who, []).append((ids[place], len(held) == 1))
    return found


@key_person.fires(at=DAY)
def _alone_can() -> Iterable[Record]:
    chinese = SkillLevel("zh", 3)
    return [*office(requires=(chinese,)), Skill(id="zh", name="Chinese"), ann(None, chinese), _away(10)]


@key_person.fires(at=DAY)
def _gone_without_end() -> Iterable[Record]:
    chinese, ever = SkillLevel("zh", 3), Absence(id="away", person="ann", period=DateRange(DAY))
    return [*office(requires=(chinese,)), Skill(id="zh", name="Chinese"), ann(None, chinese), ever]


@key_person.fires(at=DAY)
def _leaves_both() -> Iterable[Record]:
    floor = Unit(id="floor", name="Service floor", parent="hq", heads=("lead",))
    lead = Position(id="lead", title="Lead", unit="floor", reports_to="boss")
    both = Assignment(id="h2", person="ann", position="lead")
    return [*office(floor, lead, both), ann(DAY + timedelta(30))]


@key_person.silent(at=DAY)
def _handed_over() -> Iterable[Record]:
    return [*_alone_can(), _STANDS_IN]


@key_person.silent(at=DAY)
def _another_can() -> Iterable[Record]:
    return [*_alone_can(), Person(id="eve", name="Eve", skills=(SkillLevel("zh", 4),))]


@rule(
    "ORG602",
    name="absence-without-deputy",
    severity=WARNING,
    status=True,
    en={
        "": "{positions} in {subject}: all who hold {pronoun} are away for long, and no deputy stands in.",
        "homeless": "{subject}: all who hold it are away for long, and no deputy stands in.",
    },
    zh={
        "": "{subject}的{positions}：任职者长时间不在岗，且没有代理人。",
        "homeless": "{subject}：任职者长时间不在岗，且没有代理人。",
    },
    needs=("absence", "position", "assignment"),
    date_use="needed",
    thresholds=KeyThresholds(),
)
def absence_without_deputy(m: ModelView, context: Context) -> Iterator[Finding]:
    """Everyone who holds an accountable position is away for long, and it has no deputy who is there.

    Why it matters: what is decided or approved there waits, or goes to a manager who was not told.

    How to fix: name a deputy, be it only for the time of the absence.

    When it is wrong to heed it: where the manager steps in and knows it; then name the manager as deputy.

    A position counts if it heads a unit or is accountable for something. Those whose holder alone has a skill that they
    require are left to ORG601. Positions are grouped by unit.
    """
    at, limits = context.day, thresholds_for_all(m, context)
    absent = frozenset(_away_for_long(m, at, limits))
    if not absent:
        return
    found, alone, ids = standing(m, at), _only_with(m, at), m.ids(Position)
    accounts, heads, requires = accountability(m, at), units_by_head(m), m.column(Position.requires)
    by_home: dict[str | None, list[str]] = {}
    for place, back in found.deserted.items():
        id = ids[place]
        if not (accounts.is_accountable(id) or id in heads) or not _long(back, at, limits):
            continue
        held, needed = found.holders(place), {one.skill for one in requires[place]}
        left = any(needed & set(alone.get(who, ())) for who in held)
        if absent.isdisjoint(held) or left or place in found.following or _deputised(found, place, ""):
            continue
        by_home.setdefault(home_at(m, place), []).append(id)
    for home, those in by_home.items():
        refs = tuple(map(position, those))
        if home is None:
            for ref in refs:
                yield absence_without_deputy.finding(ref, "homeless")
        else:
            yield absence_without_deputy.finding(
                unit(home), related=refs, key=sorted(those), positions=refs, pronoun="it" if len(refs) == 1 else "them"
            )


@absence_without_deputy.fires(at=DAY)
def _nobody_decides() -> Iterable[Record]:
    return [*office(), ann(), _away(10)]


@absence_without_deputy.fires(at=DAY)
def _nobody_decides_anywhere() -> Iterable[Record]:
    return [record for record in _nobody_decides() if record.ref != unit("hq")] + [
        Unit(id="out", name="Branch", heads=("boss",))
    ]


@absence_without_deputy.silent(at=DAY)
def _stood_in() -> Iterable[Record]:
    return [*_nobody_decides(), _STANDS_IN]


@absence_without_deputy.silent(at=DAY)
def _back_soon() -> Iterable[Record]:
    return [*office(), ann(), _away(4)]


RULES = (key_person, absence_without_deputy)
"""The rules of this module."""
