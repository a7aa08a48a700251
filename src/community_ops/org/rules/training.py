"""Rules about trainings that lead nowhere or have too few places (ORG705, ORG709)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.values import DateRange
from community_ops.kernel.view import ModelView
from community_ops.org.ending import ended_positions
from community_ops.org.records import Person, Position, Skill, SkillLevel, Training, Unit
from community_ops.org.skills import levels
from community_ops.validation.finding import WARNING, Finding
from community_ops.validation.rule import Context, rule
from community_ops.validation.wording import counted

DAY = date(2026, 3, 2)


@rule(
    "ORG705",
    name="training-for-nothing",
    severity=WARNING,
    en={
        "unneeded": "{subject} raises {skill}, which no position requires, nor any other training.",
        "nobody": "{subject} begins on {begins}, and nobody is booked.",
        "known": "{subject} leads to level {level} of {skill}, which all who are booked have already.",
    },
    zh={
        "unneeded": "{subject}培养的{skill}没有任何岗位要求，也不是其他培训的前提。",
        "nobody": "{subject}于 {begins} 开始，却无人报名。",
        "known": "{subject}培养到{skill} {level} 级，而所有报名者都已达到。",
    },
    needs=("training",),
)
def training_for_nothing(m: ModelView, context: Context) -> Iterator[Finding]:
    """A training raises no skill that a position or another training requires, or teaches nobody anything.

    Why it matters: money and time are spent, and the organisation can do nothing afterwards that it could not before.

    How to fix: record which positions require the skill; book those who lack it; or cancel the training.

    When it is wrong to heed it: for training that is a reward, or a preparation for positions not yet planned.

    Trainings that are over are not judged. An offer without a date needs nobody booked. Where no position requires any
    skill, requirements are not recorded, and whether a skill is needed is not judged.
    """
    at, closed = context.at, ended_positions(m, context.at)
    rows = zip(m.ids(Position), m.column(Position.requires), strict=True)
    required = {one.skill for id, needs in rows if id not in closed for one in needs}
    prepares = {one.skill for needs in m.column(Training.requires) for one in needs}
    skills, index = m.column(Person.skills), m.place_index(Person)
    for one in m.table(Training):
        begins = one.period.start if one.period is not None else None
        if _over(one.period, at):
            continue
        subject, skill = one.ref, Ref("skill", one.skill)
        booked = [levels(skills[index[who]]) for who in one.people if who in index]
        if required and one.skill not in required and one.skill not in prepares:
            yield training_for_nothing.finding(subject, "unneeded", field="skill", related=[skill], skill=skill)
        elif begins is not None and not one.people:
            yield training_for_nothing.finding(subject, "nobody", field="people", begins=begins)
        elif booked and all(has.get(one.skill, 0) >= one.level for has in booked):
            yield training_for_nothing.finding(
                subject, "known", field="people", related=[skill], skill=skill, level=one.level
            )


def _over(period: DateRange | None, at: date | None) -> bool:
    return at is not None and period is not None and period.end is not None and period.end < at


def _school(*people: str, level: int = 1, skill: str = "care", **fields: object) -> list[Record]:
    needs = (SkillLevel("care", 2),)
    course = Training(id="course", name="Course", skill=skill, level=2, people=people, **fields)  # type: ignore[arg-type]
    return [
        Unit(id="hq", name="Head office", heads=("mod",)),
        Position(id="mod", title="Moderator", unit="hq", requires=needs),
        Person(id="ann", name="Ann", skills=(SkillLevel("care", level),)),
        Skill(id="care", name="Care"),
        Skill(id="golf", name="Golf"),
        course,
    ]


@training_for_nothing.fires()
def _golf() -> Iterable[Record]:
    return _school("ann", skill="golf")


@training_for_nothing.fires(at=DAY)
def _empty_room() -> Iterable[Record]:
    return _school(period=DateRange(date(2026, 3, 9), date(2026, 3, 10)))


@training_for_nothing.fires()
def _teaches_the_teacher() -> Iterable[Record]:
    return _school("ann", level=4)


@training_for_nothing.silent(at=DAY)
def _raises() -> Iterable[Record]:
    return _school("ann", period=DateRange(date(2026, 3, 9), date(2026, 3, 10)))


@training_for_nothing.silent(at=DAY)
def _past() -> Iterable[Record]:
    return _school(period=DateRange(date(2026, 2, 9), date(2026, 2, 10)))


@rule(
    "ORG709",
    name="training-overbooked",
    severity=WARNING,
    en="{subject} has {places} and {people} booked.",
    zh="{subject}有 {places} 个名额，却有 {people} 人报名。",
    needs=("training",),
)
def training_overbooked(m: ModelView, context: Context) -> Iterator[Finding]:
    """More people are booked for a training than can be taught at once.

    Why it matters: somebody travels there and is sent home, or everybody learns less.

    How to fix: book some for another date, or raise `places` where there is room after all.

    When it is wrong to heed it: where people are overbooked on purpose because some never come; raise `places`.

    Trainings that are over are not judged. Whoever is listed twice takes one place.
    """
    rows = zip(m.ids(Training), m.column(Training.people), m.column(Training.places), strict=True)
    for number, (id, people, places) in enumerate(rows):
        if places is None or len(people) <= places:
            continue
        booked = tuple(dict.fromkeys(Ref("person", who) for who in people))
        if len(booked) > places and not _over(m.column(Training.period)[number], context.at):
            yield training_overbooked.finding(
                Ref("training", id), field="people", related=booked, places=counted(places, "place"),
                people=counted(len(booked), "person", "people"),
            )  # fmt: skip


@training_overbooked.fires()
def _crowded() -> Iterable[Record]:
    return [*_school("ann", "ben", places=1), Person(id="ben", name="Ben")]


@training_overbooked.silent()
def _full() -> Iterable[Record]:
    return [*_school("ann", "ben", places=2), Person(id="ben", name="Ben")]


RULES = (training_for_nothing, training_overbooked)
"""The rules of this module."""
