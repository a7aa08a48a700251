"""Who could act for whom: by hand, and by asking everybody about every position."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, OperatingModel, Person, Position, SkillLevel
from community_ops.errors import UnknownRecord
from community_ops.org.analysis.succession import Candidate, succession
from tests.org import naive
from tests.org.analysis.organisations import DAY, employed, existing, held_by, managers, organisations

LAW = SkillLevel("law", 3)
MODEL = OperatingModel.of(
    Position(id="ceo", title="CEO", unit="hq", level="top", requires=(SkillLevel("go", 4),)),
    Position(id="cfo", title="CFO", unit="hq", level="mid", reports_to="ceo", requires=(LAW, SkillLevel("tax", 2))),
    Position(id="coo", title="COO", unit="hq", level="mid", reports_to="ceo"),
    Position(id="clerk", title="Clerk", unit="hq", level="low", reports_to="coo", requires=(LAW,)),
    *(
        Person(id=id, name=id, skills=skills)
        for id, skills in {
            "ann": (LAW,),
            "ben": (LAW, SkillLevel("tax", 1), SkillLevel("tax", 5)),
            "cat": (SkillLevel("law", 2), SkillLevel("tax", 5)),
            "dan": (LAW, SkillLevel("tax", 2)),
            "eve": (LAW, SkillLevel("tax", 2)),
        }.items()
    ),
    *(
        Assignment(id=who, person=who, position=what)
        for who, what in {"ann": "ceo", "ben": "clerk", "cat": "coo", "dan": "cfo"}.items()
    ),
)


def test_by_hand() -> None:
    found = succession(MODEL, DAY)
    cover = found.cover("cfo")
    assert cover.holders == ("dan",)
    assert cover.candidates == (Candidate(person="ben", steps=1),)  # cat lacks the level, ann tax, eve a position
    assert found.cover("clerk").candidates == (Candidate(person="dan", steps=-1), Candidate(person="ann", steps=-2))
    assert (found.cover("ceo").candidates, found.cover("coo").candidates) == ((), None)
    assert list(map(str, map(found.cover, ("clerk", "ceo", "coo")))) == [
        "clerk: dan, ann", "ceo: nobody", "coo: not to be told",
    ]  # fmt: skip
    assert (found.uncovered(), found.unknown()) == (("ceo",), ("coo",))
    assert (found.by("dan"), found.by("ghost")) == (("clerk",), ())
    assert str(found).splitlines() == [
        "who could act for 3 of 4 positions on 2026-03-02",
        "position  candidates  nearest",
        "ceo                0        -",
        "cfo                1      ben",
        "clerk              2      dan",
    ]


def test_levels_in_words() -> None:
    assert succession(MODEL, DAY, 0).cover("cfo").candidates == ()
    flat = succession(MODEL, DAY, 0, ("top", "mid"))  # "low" is no level here
    assert flat.unknown() == ("coo", "clerk")
    assert flat.cover("cfo").candidates == ()
    assert succession(MODEL, DAY, 1, ("top", "mid", "low")).cover("cfo").candidates == (
        Candidate(person="ben", steps=1),
    )
    with pytest.raises(ValueError, match="all be different"):
        succession(MODEL, DAY, 1, ("top", "top"))


def test_unknown_positions_are_named_and_nothing_is_no_table() -> None:
    with pytest.raises(UnknownRecord):
        succession(MODEL, DAY).cover("ghost")
    assert str(succession(OperatingModel(), DAY)) == "who could act for 0 of 0 positions on 2026-03-02"


@given(organisations(), st.integers(0, 2), st.sampled_from([None, ("top", "mid", "low"), ("low", "top")]))
def test_candidates_are_those_found_by_asking_everybody(
    model: OperatingModel, steps: int, levels: tuple[str, ...] | None
) -> None:
    above, there = managers(model), existing(model)

    def rank(position: Position) -> int | None:
        if levels is not None:
            return levels.index(position.level) if position.level in levels else None
        return len(naive.chain(above, position.id)) if naive.has_top(above, position.id) else None

    found = succession(model, DAY, steps, levels)
    uncovered = []
    for position in there:
        wanted, own = rank(position), held_by(model, position.id)
        cover = found.cover(position.id)
        assert list(cover.holders) == own
        if wanted is None or not position.requires:
            assert cover.candidates is None
            assert position.id in found.unknown()
            continue
        expected = {}
        for person in employed(model):
            ranks = [rank(p) for p in there if person.id in held_by(model, p.id)]
            near = [r for r in ranks if r is not None]
            able = all(any(s.skill == n.skill and s.level >= n.level for s in person.skills) for n in position.requires)
            if person.id not in own and near and min(near) <= wanted + steps and able:
                expected[person.id] = min(near) - wanted
        assert cover.candidates is not None
        assert {one.person: one.steps for one in cover.candidates} == expected
        distances = [abs(one.steps) for one in cover.candidates]
        assert distances == sorted(distances)
        uncovered += [] if expected else [position.id]
        assert all(position.id in found.by(person) for person in expected)
    assert list(found.uncovered()) == uncovered
    assert str(DAY) in str(found)
