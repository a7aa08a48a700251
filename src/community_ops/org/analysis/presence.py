"""Who is there on a day, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from community_ops.kernel.derived import derived
from community_ops.kernel.view import ModelView
from community_ops.org.records import Person, Position
from community_ops.org.skills import levels


@derived(cutoff=True)
def people_employed(m: ModelView, at: date | None) -> tuple[int, ...]:
    """Return where in the table of people those stand who belong to the organisation on a day.

    Without a day everybody does. A person without a recorded employment belongs to it on all days.
    """
    employments = m.column(Person.employment)
    if at is None:
        return tuple(range(len(employments)))
    # `DateRange.covers` written out, as in `places_in_force`: this runs over everybody after every change of a period.
    return tuple(
        [
            place
            for place, period in enumerate(employments)
            if period is None
            or (((start := period.start) is None or start <= at) and ((end := period.end) is None or at <= end))
        ]
    )


@derived
def skill_holders(m: ModelView, at: date | None = None) -> Mapping[str, Mapping[str, int]]:
    """Return, for every skill that somebody has, who has it and at which level, in table order.

    Args:
        m: the model.
        at: the day on which a person must belong to the organisation to count; None counts everybody.

    Of several entries of one skill the highest level counts. Skills are given as they are written, whether or not
    there is a record of them.
    """
    ids, skills = m.ids(Person), m.column(Person.skills)
    found: dict[str, dict[str, int]] = {}
    for place in people_employed(m, at):
        for skill, level in levels(skills[place]).items() if skills[place] else ():
            found.setdefault(skill, {})[ids[place]] = level
    return MappingProxyType({skill: MappingProxyType(holders) for skill, holders in found.items()})


@derived
def required_skills(m: ModelView, at: date | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return, for every skill that positions require, their ids in table order.

    Args:
        m: the model.
        at: the day on which a position must exist to count; None leaves out planned and closed ones only.
    """
    found: dict[str, list[str]] = {}
    rows = zip(
        m.ids(Position), m.column(Position.requires), m.column(Position.status), m.column(Position.period), strict=True
    )
    for id, requires, status, period in rows:
        if requires and status not in ("planned", "closed") and (at is None or period is None or period.covers(at)):
            for skill in levels(requires):
                found.setdefault(skill, []).append(id)
    return MappingProxyType({skill: tuple(ids) for skill, ids in found.items()})
