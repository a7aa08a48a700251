"""Who should fill which open seat: by hand, and against trying every assignment there is."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from community_ops import Absence, Assignment, DateRange, OperatingModel, Person, Position, SkillLevel
from community_ops.org.matching import ELSEWHERE, NO_SKILL, NOBODY, available_people, match_people

DAY = date(2026, 3, 2)


def job(id: str, seats: int = 1, **needs: int) -> Position:
    requires = [SkillLevel(skill, level) for skill, level in needs.items()]
    return Position(id=id, title=id, unit="hq", seats=seats, requires=requires)


def person(id: str, **skills: int) -> Person:
    return Person(id=id, name=id, skills=[SkillLevel(skill, level) for skill, level in skills.items()])


def placed(*records: Any) -> dict[str, str]:
    return {one.person: one.position for one in match_people(OperatingModel.of(*records), DAY).placings}


class TestByHand:
    def test_the_best_in_all_not_the_best_for_the_first(self) -> None:
        # Alone, "a" would take ann with 3 points; then nobody is left for "b".
        jobs = [job("a", care=3), job("b", law=2)]
        assert placed(*jobs, person("ann", care=3, law=2), person("ben", care=2)) == {"ann": "b", "ben": "a"}

    def test_reasons_name_what_is_there_and_what_is_missing(self) -> None:
        found = match_people(OperatingModel.of(job("a", care=3, law=2), person("ann", care=4, law=1)), DAY)
        (placing,) = found.placings
        assert (placing.points, placing.most, found.points) == (4, 5, 4)
        assert str(placing) == "ann for a: 4 of 5 points, has care 3, lacks law 2"
        nothing_whole = match_people(OperatingModel.of(job("a", care=3), person("ann", care=1)), DAY).placings[0]
        assert str(nothing_whole) == "ann for a: 1 of 3 points, lacks care 3"

    def test_seats_that_stay_open_say_why(self) -> None:
        jobs = [job("plain"), job("law", law=1), job("care", 3, care=1), job("rare", care=1)]
        found = match_people(OperatingModel.of(*jobs, person("ann", care=1), person("ben")), DAY)
        assert len(found.placings) == 1
        why = {one.position: one.why for one in found.unfilled}
        assert (why["plain"], why["law"]) == (NO_SKILL, NOBODY)
        assert why["care"] == ELSEWHERE
        assert sum(one.seats for one in found.unfilled) == 5
        assert found.unplaced == ("ben",)
        assert str(found.unfilled[0]) == "plain: asks for no skill"
        assert any(str(one).endswith("serve better elsewhere: ann") for one in found.unfilled)

    def test_a_position_of_several_seats_takes_several(self) -> None:
        assert placed(job("a", 2, care=1), *(person(id, care=1) for id in "xyz")).keys() <= set("xyz")
        assert len(placed(job("a", 2, care=1), *(person(id, care=1) for id in "xyz"))) == 2

    def test_only_those_who_hold_nothing_and_are_there_are_available(self) -> None:
        held = Assignment(id="h", person="busy", position="b")
        away = Absence(id="l", person="away", period=DateRange(DAY, DAY))
        everyone = [person(id, care=1) for id in ("busy", "away", "free")]
        model = OperatingModel.of(job("a", care=1), job("b", care=1), *everyone, held, away)
        assert available_people(model, DAY) == ("free",)
        assert [one.person for one in match_people(model, DAY).placings] == ["free"]
        given = match_people(model, DAY, ["ghost", "busy", "busy"])
        assert [one.person for one in given.placings] == ["busy"]


needs = st.dictionaries(st.sampled_from("stu"), st.integers(1, 3), max_size=3)


@given(st.lists(needs, max_size=4), st.lists(needs, max_size=4))
def test_no_assignment_fits_better(jobs: list[dict[str, int]], people: list[dict[str, int]]) -> None:
    records = [job(f"j{i}", **wanted) for i, wanted in enumerate(jobs)]
    found = match_people(OperatingModel.of(*records, *(person(f"p{i}", **has) for i, has in enumerate(people))), DAY)

    def points(wanted: dict[str, int], has: dict[str, int]) -> int:
        return sum(min(level, has.get(skill, 0)) for skill, level in wanted.items())

    seats = [*jobs, *({} for _ in people)]  # staying without a seat is worth nothing
    best = max(
        sum(points(wanted, has) for wanted, has in zip(order, people, strict=False))
        for order in permutations(seats, len(people))
    )
    assert found.points == best
    assert sum(points(jobs[int(one.position[1:])], people[int(one.person[1:])]) for one in found.placings) == best
    assert (
        len({one.person for one in found.placings})
        == len({one.position for one in found.placings})
        == len(found.placings)
    )
    assert len(found.placings) + sum(one.seats for one in found.unfilled) == len(jobs)
