"""Whether somebody can do what a queue asks for."""

from __future__ import annotations

from community_ops import OperatingModel, Person, SkillLevel
from community_ops.service.abilities import lacking

MODEL = OperatingModel.of(
    Person(id="ann", name="Ann", skills=[SkillLevel("law", 1), SkillLevel("sql", 4), SkillLevel("law", 3)])
)


def test_a_level_is_reached_or_not_and_the_greatest_counts() -> None:
    assert lacking(MODEL, "ann", {"law": 3, "sql": 4}) == ()
    assert lacking(MODEL, "ann", {"sql": 5, "law": 4, "art": 1}) == ("art", "law", "sql")


def test_who_does_not_exist_can_do_nothing_and_need_not_where_nothing_is_asked() -> None:
    assert lacking(MODEL, "nobody", {"law": 1}) == ("law",)
    assert lacking(MODEL, "nobody", {}) == ()
