"""What the rules on skills, people, crossing lines, letters, names, gaps and levels do at their edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import (
    Assignment,
    DateRange,
    Duty,
    Goal,
    Money,
    OperatingModel,
    Person,
    Policy,
    Position,
    Record,
    Ref,
    ReportingLine,
    Responsibility,
    Skill,
    SkillLevel,
    Unit,
)
from tests.org.rules.material import judged, position

DAY = date(2026, 3, 2)
HQ = Unit(id="hq", name="HQ", kind="organisation", heads=["boss"])


def person(id: str, *skills: str, **fields: object) -> Person:
    return Person(id=id, name=id, skills=tuple(map(SkillLevel, skills)), **fields)  # type: ignore[arg-type]


def asking(id: str, *skills: str, **fields: object) -> Position:
    return position(id, requires=tuple(map(SkillLevel, skills)), **fields)


# -- skills --------------------------------------------------------------------------------------------------


def office(skilled: int, bare: int = 0, unit: str = "hq") -> list[Record]:
    """People in a unit with some skill of no matter on record, and without any."""
    ids = [f"{unit}-s{n}" for n in range(skilled)] + [f"{unit}-b{n}" for n in range(bare)]
    people = [person(id, *(["art"] if "-s" in id else [])) for id in ids]
    return [*people, *(position(id, unit) for id in ids), *(Assignment(id=id, person=id, position=id) for id in ids)]


SKILLS = [Skill(id=id, name=id.title()) for id in ("law", "sql", "art")]


def test_a_skill_of_somebody_who_has_left_is_nobodys() -> None:
    left = person("ann", "law", employment=DateRange(end=DAY - timedelta(1)))
    records = [HQ, *SKILLS, asking("p", "law"), left, *office(3)]
    assert len(judged("ORG501", *records, at=DAY)) == 1
    assert len(judged("ORG501", *records, at=DAY - timedelta(1))) == 0


def test_a_skill_without_a_record_is_for_the_reference_rule() -> None:
    records = [HQ, SKILLS[2], asking("p", "law"), asking("q", "law"), *office(3)]
    assert len(judged("ORG501", *records, at=DAY)) == 0
    assert len(judged("ORG502", *records, person("ann", "law"), at=DAY)) == 0


@pytest.mark.parametrize(("skilled", "bare", "count"), [(2, 0, 0), (3, 0, 1), (9, 1, 1), (8, 1, 0), (0, 3, 0)])
def test_where_skills_are_recorded_well_enough(skilled: int, bare: int, count: int) -> None:
    posts = [asking("p", "law"), asking("q", "law")]
    assert len(judged("ORG501", HQ, *SKILLS, *posts, *office(skilled, bare), at=DAY)) == count
    with_ann = [*office(skilled, bare), person("ann", "law")]
    assert len(judged("ORG502", HQ, *SKILLS, *posts, *with_ann, at=DAY)) == count


def test_only_positions_of_units_that_record_skills_are_named() -> None:
    posts = [asking("p", "law"), asking("q", "law", unit="far"), asking("r", "law", unit="ghost")]
    everybody = [
        *office(3),
        *office(3, 3, "far"),
        *office(1, 0, "other"),
        Assignment(id="x", person="ghost", position="p"),
    ]
    records = [HQ, Unit(id="far", name="Far"), *SKILLS, *posts, *everybody]
    (found,) = judged("ORG501", *records, at=DAY).findings
    assert found.message == "Nobody has Law, which P requires."
    assert len(judged("ORG502", *records, person("ann", "law"), at=DAY)) == 0  # just one of them counts
    (found,) = judged("ORG501", *records, asking("s", "law"), at=DAY).findings
    assert found.message == "Nobody has Law, which P and S require."


def test_key_skills_are_gathered_by_the_unit_of_whoever_has_them() -> None:
    posts = [asking(f"p{n}", "law", "sql", "art") for n in range(2)]
    people = [person("ann", "law"), person("ben", "sql")]
    held = [Assignment(id=f"a{n}", person=who, position=f"p{n}") for n, who in enumerate(("ann", "ben"))]
    (found,) = judged("ORG502", HQ, *SKILLS, *posts, *office(3), *people, *held, at=DAY).findings
    assert found.message == "In HQ, ann and ben are each the only one who has Law and Sql."
    assert len(judged("ORG502", HQ, *SKILLS, posts[0], *office(3), *people, held[0], at=DAY)) == 0


# -- people --------------------------------------------------------------------------------------------------


def test_addresses_that_differ_only_in_case_and_width_are_one() -> None:
    people = [person("a", email="Ann@x.org"), person("b", email="ａｎｎ@X.ORG"), person("c", email=" "), person("d")]
    (found,) = judged("ORG503", *people).findings
    assert (str(found.subject), [str(ref) for ref in found.related]) == ("person:a", ["person:b"])


periods = st.builds(
    lambda start, end: DateRange(start and DAY + timedelta(start), end and DAY + timedelta(end)),
    st.none() | st.integers(1, 9),
    st.none() | st.integers(1, 9),
)


@given(st.lists(st.none() | periods, max_size=6))
def test_an_address_is_shared_only_on_common_days(employments: list[DateRange | None]) -> None:
    people = [person(f"p{n}", email="desk@x.org", employment=period) for n, period in enumerate(employments)]
    days = [DAY + timedelta(n) for n in range(-2, 13)]
    there = [{n for n, period in enumerate(employments) if period is None or period.covers(day)} for day in days]
    expected = {f"p{n}" for together in there if len(together) > 1 for n in together}
    findings = judged("ORG503", *people).findings
    assert {ref.id for found in findings for ref in (found.subject, *found.related)} == expected
    assert len(findings) == bool(expected)


def acting(since: date | None, days_of_policy: int | None = None, post: str = "p") -> list[Record]:
    policy = [] if days_of_policy is None else [
        Policy(id="x", rule="ORG504", scope=Ref("unit", "hq"), values={"days": days_of_policy})
    ]  # fmt: skip
    held = Assignment(id="a", person="ann", position=post, acting=True, period=since and DateRange(since))
    regular = Assignment(id="b", person="ben", position="p", period=DateRange(date(2000, 1, 1)))
    return [HQ, position("p"), person("ann"), person("ben"), held, regular, *policy]


@pytest.mark.parametrize(("days", "policy", "count"), [(180, None, 0), (181, None, 1), (31, 30, 1), (181, 200, 0)])
def test_how_long_somebody_may_stand_in(days: int, policy: int | None, count: int) -> None:
    assert len(judged("ORG504", *acting(DAY - timedelta(days), policy), at=DAY)) == count


def test_where_nobody_stands_in_nothing_is_judged() -> None:
    assert len(judged("ORG504", *[one for one in acting(None) if one.id != "a"], at=DAY)) == 0


def test_acting_without_a_beginning_is_not_judged_and_a_lost_position_is_still_named() -> None:
    assert len(judged("ORG504", *acting(None), at=DAY)) == 0
    (found,) = judged("ORG504", *acting(date(2020, 1, 1), post="ghost"), at=DAY).findings
    assert "acting as ghost" in found.message


def test_only_what_goes_on_in_a_dissolved_unit_is_found() -> None:
    gone = Unit(id="fax", name="Fax", period=DateRange(end=DAY - timedelta(1)))
    posts = [position("p", "fax"), position("q", "fax"), position("old", "fax", status="closed"), position("r")]
    people = [person("ann"), person("ben")]
    over = DateRange(end=DAY - timedelta(1))
    held = [("ann", "p", None), ("ben", "q", None), ("ann", "old", None), ("ben", "p", over), ("ann", "r", None)]
    rows = [Assignment(id=f"a{n}", person=a, position=b, period=c) for n, (a, b, c) in enumerate(held)]
    (found,) = judged("ORG505", HQ, gone, *posts, *people, *rows, at=DAY).findings
    assert found.message == "Fax was dissolved on 2026-03-01, but ann and ben still hold P and Q there."
    assert len(judged("ORG505", HQ, gone, *posts, *people, *rows, at=DAY - timedelta(1))) == 0
    lost = Assignment(id="lost", person="ann", position="ghost")
    assert len(judged("ORG505", gone, posts[0], person("ann"), lost, at=DAY)) == 0


# -- lines ---------------------------------------------------------------------------------------------------


def line(id: str, low: str, high: str, **fields: object) -> ReportingLine:
    return ReportingLine(id=id, position=low, manager=high, **fields)  # type: ignore[arg-type]


def test_dotted_lines_of_lost_or_closed_positions_are_left_alone() -> None:
    posts = [position("boss"), position("old", status="closed")]
    lines = [line(f"l{n}{low}", low, f"m{n}") for n in range(3) for low in ("ghost", "old")]
    assert len(judged("ORG507", HQ, *posts, *lines)) == 0
    assert len(judged("ORG506", HQ, *posts, line("l", "ghost", "boss"), line("s", "boss", "old", kind="solid"))) == 0


def test_where_all_lines_are_solid_there_is_no_dotted_one_to_judge() -> None:
    posts = [position("a"), position("b"), position("c", reports_to="a")]
    for code in ("ORG506", "ORG507"):
        assert len(judged(code, *posts, line("s", "c", "b", kind="solid"))) == 0


def test_a_solid_line_in_force_decides_what_a_dotted_one_doubles() -> None:
    posts = [position("a"), position("b"), position("c", reports_to="a")]
    moved = line("s", "c", "b", kind="solid", period=DateRange(DAY))
    dotted = [line("l1", "c", "a"), line("l2", "c", "b", kind="project")]
    (before,) = judged("ORG506", *posts, moved, *dotted, at=DAY - timedelta(1)).findings
    (after,) = judged("ORG506", *posts, moved, *dotted, at=DAY).findings
    assert (str(before.subject), str(after.subject)) == ("reporting_line:l1", "reporting_line:l2")


def test_a_dotted_line_to_the_solid_manager_is_no_second_manager() -> None:
    posts = [position("a"), position("b"), position("c", reports_to="a")]
    assert len(judged("ORG507", *posts, line("l1", "c", "a"), line("l2", "c", "b"))) == 0
    assert len(judged("ORG507", *posts, line("l1", "b", "a"), line("l2", "b", "c"))) == 1


def units(**parents: str | None) -> list[Unit]:
    return [Unit(id=id, name=id.upper(), parent=parent, heads=["boss"]) for id, parent in parents.items()]


def test_lines_across_are_gathered_by_pair_of_units() -> None:
    tree = units(a=None, b="a", c="a", d="c")
    posts = [
        position("top", "a"), position("x", "b", reports_to="y"), position("y", "c", reports_to="top"),
        position("z", "b", reports_to="y"), position("low", "d", reports_to="y"), position("up", "c", reports_to="low"),
        position("old", "b", reports_to="y", status="closed"), position("lost", "ghost", reports_to="y"),
        position("moved", "b", reports_to="y"), line("s", "moved", "low", kind="solid"),
    ]  # fmt: skip
    (found,) = judged("ORG508", *tree, *posts).findings
    assert found.message == "X and Z of B report to Y in C, which is neither above it nor part of it."
    alone = [post for post in posts if post.id not in ("x", "z")]
    assert len(judged("ORG508", *tree, *alone)) == 0


# -- letters -------------------------------------------------------------------------------------------------


def letter(subject: Ref, who: str, role: str, **fields: object) -> Responsibility:
    return Responsibility(id=f"{subject}{who}{role}", subject=subject, position=who, role=role, **fields)  # type: ignore[arg-type]


def test_only_things_in_the_chart_are_without_a_responsible() -> None:
    goals = [Goal(id=id, name=id, owner=owner) for id, owner in {"g1": "boss", "g2": "boss", "g3": None}.items()]
    duty = Duty(id="d", name="D", owner="boss")
    rows = [
        letter(Ref("goal", "g1"), "boss", "accountable"), letter(Ref("goal", "g3"), "boss", "informed"),
        letter(Ref("duty", "d"), "boss", "accountable"), letter(Ref("goal", "ghost"), "boss", "accountable"),
        letter(Ref("goal", "g2"), "boss", "consulted", period=DateRange(end=DAY)),
    ]  # fmt: skip
    report = judged("ORG509", position("boss"), *goals, duty, *rows, at=DAY + timedelta(1))
    assert [str(found.subject) for found in report.findings] == ["goal:g1"]
    assert len(judged("ORG509", position("boss"), *goals, duty, *rows, at=DAY)) == 2
    twice = letter(Ref("goal", "g1"), "other", "accountable")
    (found,) = judged("ORG509", position("boss"), position("other"), *goals, *rows[:1], twice).findings
    assert found.message == "Boss and Other are accountable for g1, but nobody is responsible for doing it."


@pytest.mark.parametrize(("busy", "idle", "count"), [(3, 1, 1), (2, 1, 0), (3, 2, 0), (6, 2, 1), (3, 0, 0)])
def test_where_the_chart_covers_a_unit(busy: int, idle: int, count: int) -> None:
    posts = [position(f"b{n}") for n in range(busy)] + [position(f"i{n}") for n in range(idle)]
    rows = [letter(Ref("goal", "g"), f"b{n}", "responsible") for n in range(busy)]
    away = [position("plan", status="planned"), position("shut", status="closed")]
    hq = Unit(id="hq", name="HQ")
    report = judged("ORG510", hq, *posts, *away, Goal(id="g", name="G"), *rows)
    assert len(report) == count
    if count:
        assert {ref.id for ref in report.findings[0].related} == {f"i{n}" for n in range(idle)}


# -- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [("Sales", "SALES"), ("Sales", "Ｓａｌｅｓ"), ("Sales", "Sa\u200bles"), ("A B", " A  B"), ("Sales", "S\u0430les")],
)
def test_names_that_look_the_same(a: str, b: str) -> None:
    pair = [Unit(id="u1", name=a, parent="hq"), Unit(id="u2", name=b, parent="hq")]
    (found,) = judged("ORG511", HQ, *pair).findings
    assert (str(found.subject), [ref.id for ref in found.related]) == ("unit:u1", ["u2"])
    apart = [pair[0], Unit(id="u2", name=b, parent="u1")]
    assert len(judged("ORG511", HQ, *apart)) == 0


@pytest.mark.parametrize(("a", "b"), [("Sales", "Sales"), ("Team I", "Team l"), ("社群", "社区"), ("Café", "Cafe")])
def test_names_that_are_the_same_or_do_not_look_so(a: str, b: str) -> None:
    pair = [Unit(id="u1", name=a, parent="hq"), Unit(id="u2", name=b, parent="hq")]
    assert len(judged("ORG511", HQ, *pair)) == 0


def test_titles_are_compared_within_a_unit_and_letters_that_only_look_latin_are_shown() -> None:
    posts = [
        Position(id="p1", title="Agent", unit="hq"),
        Position(id="p2", title="Agent", unit="hq"),
        Position(id="p3", title="\u0410gent", unit="hq"),
    ]
    (found,) = judged("ORG511", HQ, *posts).findings
    assert "Agent (p1) and \\u0410gent (p3)" in found.message
    closed = Position(id="p3", title="\u0410gent", unit="hq", status="closed")
    assert len(judged("ORG511", HQ, *posts[:2], closed)) == 0
    ended = Unit(id="u2", name="SALES", parent="hq", period=DateRange(end=DAY - timedelta(1)))
    assert len(judged("ORG511", HQ, Unit(id="u1", name="Sales", parent="hq"), ended, at=DAY)) == 0


# -- gaps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paid", "bare", "count"), [(3, 1, 1), (2, 1, 0), (3, 2, 0), (6, 2, 1), (0, 3, 0), (4, 0, 0)])
def test_where_a_cost_is_missed(paid: int, bare: int, count: int) -> None:
    posts = [position(f"p{n}", monthly_cost=Money(0, "CNY")) for n in range(paid)]
    posts += [position(f"b{n}") for n in range(bare)] + [position("plan", status="planned")]
    report = judged("ORG512", HQ, *posts)
    assert [[ref.id for ref in found.related] for found in report.findings] == [[f"b{n}" for n in range(bare)]] * count


@pytest.mark.parametrize(("said", "bare", "count"), [(3, 1, 1), (2, 2, 0), (3, 2, 0), (6, 2, 1), (0, 4, 0), (4, 0, 0)])
def test_where_a_purpose_is_missed(said: int, bare: int, count: int) -> None:
    teams = [Unit(id=f"s{n}", name=f"S{n}", parent="hq", mission="Serve.") for n in range(said)]
    teams += [Unit(id=f"b{n}", name=f"B{n}", parent="hq") for n in range(bare)]
    teams += [Unit(id="gone", name="Gone", parent="hq", period=DateRange(end=DAY - timedelta(1)))]
    report = judged("ORG513", HQ, *teams, at=DAY)
    named = [[found.subject.id, *(ref.id for ref in found.related)] for found in report.findings]
    assert named == [[*(f"b{n}" for n in range(bare)), "hq"]] * count


@pytest.mark.parametrize(("said", "bare", "count"), [(3, 1, 1), (2, 1, 0), (3, 2, 0), (6, 2, 1), (0, 3, 0), (4, 0, 0)])
def test_where_the_purpose_of_a_position_is_missed(said: int, bare: int, count: int) -> None:
    posts = [position(f"s{n}", mission="Serve.") for n in range(said)] + [position(f"b{n}") for n in range(bare)]
    posts += [position("plan", status="planned"), position("old", status="closed"), position("far", unit="ghost")]
    report = judged("ORG513", HQ, *posts, at=DAY)
    named = [[found.subject.id, *(ref.id for ref in found.related)] for found in report.findings]
    assert named == [["hq", *(f"b{n}" for n in range(bare))]] * count


# -- levels --------------------------------------------------------------------------------------------------


def test_levels_are_compared_along_lines_that_lead_to_a_top() -> None:
    posts = [
        position("top", level="executive"), position("a", level="specialist", reports_to="top"),
        position("b", level="specialist", reports_to="top"), position("c", level="lead", reports_to="top"),
        position("old", level="specialist", reports_to="top", status="closed"),
        position("x", level="executive", reports_to="y"), position("y", level="specialist", reports_to="x"),
    ]  # fmt: skip
    (found,) = judged("ORG514", *posts).findings
    assert found.message == "A and B report to Top, 3 levels above."
    own = Policy(id="p", rule="ORG514", values={"order": ["executive", "lead", "specialist"], "most": 0})
    assert len(judged("ORG514", *posts, own)) == 2
    same = [position("d", level="lead", reports_to="c"), position("e", level="lead", reports_to="c")]
    (found,) = judged("ORG515", *posts, *same).findings
    assert found.message == "D and E report to C, who is at the same level, lead."


def test_the_rules_of_this_page_say_nothing_of_an_empty_organisation() -> None:
    codes = [f"ORG5{n:02}" for n in range(1, 16)]
    assert OperatingModel().check(DAY, select=codes).findings == ()


def test_a_unit_whose_period_is_backward_was_not_dissolved() -> None:
    never = Unit(id="u", name="U", period=DateRange(date(2026, 2, 1), date(2026, 1, 31)))
    held = Assignment(id="a", person="ann", position="job")
    job = Position(id="job", title="Job", unit="u")
    assert len(judged("ORG505", never, job, Person(id="ann", name="Ann"), held, at=DAY)) == 0
