"""Key people: by hand, and against plain questions to the records."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from community_ops import Assignment, DateRange, Duty, OperatingModel, Person, Position, SkillLevel, Unit
from community_ops.org.analysis.fragility import CutPoint, cut_points, key_people
from community_ops.org.analysis.presence import required_skills, skill_holders
from community_ops.org.answering import accountable_for
from tests.org.analysis.organisations import DAY, employed, existing, held_by, organisations

MODEL = OperatingModel.of(
    Unit(id="hq", name="HQ", heads=("ceo",)),
    Position(id="ceo", title="CEO", unit="hq"),
    Position(id="cfo", title="CFO", unit="hq", reports_to="ceo", requires=(SkillLevel("tax"), SkillLevel("law"))),
    Position(id="clerk", title="Clerk", unit="hq", reports_to="ceo"),
    Position(id="aide", title="Aide", unit="hq", reports_to="cfo"),
    Duty(id="books", name="Books", owner="cfo"),
    Duty(id="post", name="Post", owner="clerk"),
    Person(id="ann", name="Ann", skills=(SkillLevel("tax", 2), SkillLevel("tax", 4), SkillLevel("go", 1))),
    Person(id="ben", name="Ben", skills=(SkillLevel("law", 2), SkillLevel("art", 2))),
    Person(id="cat", name="Cat", skills=(SkillLevel("law", 3),)),
    Person(id="dan", name="Dan", skills=(SkillLevel("tax", 5),), employment=DateRange(end=DAY.replace(day=1))),
    Assignment(id="a1", person="ann", position="ceo"),
    Assignment(id="a2", person="ann", position="cfo", fte=0),
    Assignment(id="a3", person="ben", position="clerk"),
    Assignment(id="a4", person="cat", position="clerk"),
)


def test_by_hand() -> None:
    found = key_people(MODEL, DAY)
    assert found.alone == {"tax": "ann", "go": "ann", "art": "ben"}
    ann, ben = found.people
    assert (ann.person, ann.skills, ann.required, ann.positions) == ("ann", ("tax", "go"), ("tax",), ("ceo", "cfo"))
    assert ann.cuts == (CutPoint(position="ceo", parts=(2, 1)), CutPoint(position="cfo", parts=(2, 1)))
    assert (ben.skills, ben.required, ben.positions, ben.cuts, ben.cut_off) == (("art",), (), (), (), 0)
    assert (found.get("ann"), found.get("cat"), found.get("ghost")) == (ann, None, None)
    assert str(found).splitlines() == [
        "on whom something hangs alone on 2026-03-02: 2",
        "person  skills  required  answers for  cut off",
        "ann          2         1            2        1",
        "ben          1         0            0        0",
    ]


def test_only_holder_at_a_level() -> None:
    assert key_people(MODEL, DAY, level=3).alone == {"tax": "ann", "law": "cat"}
    assert key_people(OperatingModel(), DAY).people == ()
    assert str(key_people(OperatingModel(), DAY)) == "on whom something hangs alone on 2026-03-02: 0"


def test_required_skills_with_and_without_a_day() -> None:
    ended = Position(
        id="old", title="Old", unit="hq", requires=(SkillLevel("tax"), SkillLevel("tax", 5)),
        period=DateRange(end=DAY.replace(day=1)),
    )  # fmt: skip
    model = MODEL.add(ended)
    assert required_skills(model, DAY) == {"tax": ("cfo",), "law": ("cfo",)}
    assert required_skills(model) == {"tax": ("cfo", "old"), "law": ("cfo",)}


@given(organisations(), st.integers(1, 4))
def test_key_people_are_those_found_one_by_one(model: OperatingModel, level: int) -> None:
    staff, there = employed(model), existing(model)
    skills = {skill.skill for person in staff for skill in person.skills}
    able = {
        skill: [p.id for p in staff if any(s.skill == skill and s.level >= level for s in p.skills)] for skill in skills
    }
    found = key_people(model, DAY, level)
    assert found.alone == {skill: people[0] for skill, people in able.items() if len(people) == 1}
    wanted = {skill.skill for p in there for skill in p.requires}
    points = {point.position: point for point in cut_points(model, DAY).points}
    expected = {}
    for person in staff:
        alone = [p.id for p in there if held_by(model, p.id) == [person.id]]
        answering = tuple(id for id in alone if accountable_for(model, id, DAY))
        answering = answering if len(answering) > 1 else ()
        only = {skill for skill, people in able.items() if people == [person.id]}
        cuts = tuple(points[id] for id in alone if id in points)
        if only or answering or cuts:
            expected[person.id] = (only, only & wanted, answering, cuts)
    assert {
        one.person: (set(one.skills), set(one.required), one.positions, one.cuts) for one in found.people
    } == expected
    assert all(one.cut_off == max([cut.cut_off for cut in one.cuts], default=0) for one in found.people)
    assert str(DAY) in str(found)


@given(organisations())
def test_skills_of_people_and_positions(model: OperatingModel) -> None:
    found = skill_holders(model, DAY)
    for skill in "xyz":
        best = {p.id: max([s.level for s in p.skills if s.skill == skill], default=0) for p in employed(model)}
        assert found.get(skill, {}) == {id: level for id, level in best.items() if level}
        asking = [p.id for p in existing(model) if any(s.skill == skill for s in p.requires)]
        assert list(required_skills(model, DAY).get(skill, ())) == asking
