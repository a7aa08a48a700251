"""Whether somebody can do what a queue asks for."""

from __future__ import annotations

from collections.abc import Mapping

from community_ops.kernel.view import ModelView
from community_ops.org.records import Person
from community_ops.org.skills import levels


def lacking(m: ModelView, person: str, needs: Mapping[str, int]) -> tuple[str, ...]:
    """Return the skills that somebody lacks at the level that is needed, by id; who does not exist has none.

    Args:
        m: the model.
        person: the person's id.
        needs: the level that is needed of each skill.

    Example:
        >>> from community_ops import OperatingModel, SkillLevel
        >>> model = OperatingModel.of(Person(id="ann", name="Ann", skills=[SkillLevel("law", 2), SkillLevel("sql", 1)]))
        >>> lacking(model, "ann", {"sql": 2, "law": 2, "art": 1})
        ('art', 'sql')
    """
    if not needs:
        return ()
    index = m.place_index(Person)
    has = levels(m.column(Person.skills)[index[person]]) if person in index else {}
    return tuple(sorted([skill for skill, level in needs.items() if has.get(skill, 0) < level]))
