"""Skill coverage, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from community_ops import Assignment, OperatingModel, Person, Position, SkillLevel
from community_ops.org.skills import skill_coverage

DAY = date(2026, 3, 2)


def mod(**fields: Any) -> Position:
    return Position(id="mod", title="Moderator", unit="hq", **{"requires": [SkillLevel("care", 2)], **fields})


def ann(level: int = 0) -> list[Any]:
    skills = [SkillLevel("care", level)] if level else []
    return [Person(id="ann", name="Ann", skills=skills), Assignment(id="a", person="ann", position="mod")]


class TestCoverage:
    def test_a_level_below_is_a_gap_and_says_by_how_much(self) -> None:
        found = skill_coverage(OperatingModel.of(mod(), *ann(1)), DAY)
        (gap,) = found.gaps
        assert (gap.position, gap.person, gap.skill, gap.needed, gap.has) == ("mod", "ann", "care", 2, 1)
        assert (found.required, found.share, str(found)) == (1, 0.0, "0 of 1 required skills are there")

    def test_a_level_above_is_none(self) -> None:
        assert skill_coverage(OperatingModel.of(mod(), *ann(3)), DAY).share == 1.0

    def test_a_position_that_nobody_holds_is_no_gap_of_anybody(self) -> None:
        found = skill_coverage(OperatingModel.of(mod()), DAY)
        assert (found.required, found.share, found.unheld) == (0, None, ("mod",))

    def test_who_is_not_there_has_no_skill(self) -> None:
        ghost = Assignment(id="a", person="ghost", position="mod")
        assert len(skill_coverage(OperatingModel.of(mod(), ghost), DAY).gaps) == 1

    def test_positions_that_need_nothing_count_for_nothing(self) -> None:
        assert skill_coverage(OperatingModel.of(mod(requires=[]), *ann()), DAY).required == 0

    def test_a_skill_needed_twice_counts_once_at_the_greater_level(self) -> None:
        twice = mod(requires=[SkillLevel("care", 1), SkillLevel("care", 4)])
        found = skill_coverage(OperatingModel.of(twice, *ann(2)), DAY)
        assert (found.required, found.gaps[0].needed) == (1, 4)
