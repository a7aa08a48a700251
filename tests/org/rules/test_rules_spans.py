"""What the span and layer rules do at their edges, beyond their own examples."""

from __future__ import annotations

from datetime import date

import pytest

from community_ops import Assignment, OperatingModel, Person, Position, Record, Ref, Report, Unit

DAY = date(2026, 3, 2)
HQ = Unit(id="hq", name="HQ", heads=["boss"])


def judged(code: str, *records: Record, at: date | None = None) -> Report:
    return OperatingModel.of(HQ, *records).check(at, select=[code])


def position(id: str, **fields: object) -> Position:
    return Position(id=id, title=id, unit="hq", **fields)  # type: ignore[arg-type]


def holder(person: str, place: str, **fields: object) -> Assignment:
    return Assignment(id=f"{person}-{place}", person=person, position=place, **fields)  # type: ignore[arg-type]


def people(count: int) -> list[Person]:
    return [Person(id=f"p{n}", name=f"P{n}") for n in range(count)]


def test_people_count_not_seats_when_a_date_is_given() -> None:
    team = position("agent", reports_to="boss", seats=20)
    assert len(judged("ORG201", position("boss"), team)) == 1
    few = [team, *people(15), *(holder(f"p{n}", "agent") for n in range(15))]
    assert len(judged("ORG201", position("boss"), *few, at=DAY)) == 0


def test_one_person_in_many_positions_is_one_person() -> None:
    places = [position(f"x{n}", reports_to="boss") for n in range(16)]
    one = [*people(1), *(holder("p0", f"x{n}", fte=0) for n in range(16))]
    assert len(judged("ORG201", position("boss"), *places, *one, at=DAY)) == 0
    assert len(judged("ORG201", position("boss"), *places)) == 1


def test_a_huge_number_of_seats_is_only_a_number() -> None:
    (found,) = judged("ORG201", position("boss"), position("agent", reports_to="boss", seats=10**12)).findings
    assert found.parameters["people"] == 10**12


def test_positions_that_do_not_exist_on_the_day_do_not_count() -> None:
    clerks = [position(f"c{n}", reports_to="boss", status="planned") for n in range(16)]
    held = [*people(16), *(holder(f"p{n}", f"c{n}") for n in range(16))]
    assert len(judged("ORG201", position("boss"), *clerks, *held, at=DAY)) == 0


@pytest.mark.parametrize(
    ("level", "size", "count"), [(None, 15, 0), (None, 16, 1), ("executive", 12, 0), ("executive", 13, 1)]
)
def test_the_level_decides_how_wide_is_too_wide(level: str | None, size: int, count: int) -> None:
    clerks = [position(f"c{n}", reports_to="boss") for n in range(size)]
    assert len(judged("ORG201", position("boss", level=level), *clerks)) == count


def test_a_person_whose_one_position_is_too_wide_already_is_not_named_again() -> None:
    wide = [position(f"c{n}", reports_to="boss") for n in range(16)]
    held = [*people(17), *(holder(f"p{n}", f"c{n}") for n in range(16))]
    other = [position("chair"), position("aide", reports_to="chair"), holder("p16", "aide")]
    both = [holder("p16", "boss"), holder("p16", "chair", fte=0)]
    report = judged("ORG201", position("boss"), *wide, *other, *held, *both, at=DAY)
    assert [str(found.subject) for found in report.findings] == ["position:boss"]


def test_a_person_leads_their_people_once_however_many_lines_lead_to_them() -> None:
    chairs = [position("chair0"), position("chair1")]
    clerks = [position(f"c{k}{n}", reports_to=f"chair{k}") for k in range(2) for n in range(10)]
    shared = [holder(f"p{n}", f"c{k}{n}", fte=0.5) for k in range(2) for n in range(10)]
    lead = [Person(id="lead", name="Lead"), holder("lead", "chair0"), holder("lead", "chair1", fte=0)]
    assert len(judged("ORG201", *chairs, *clerks, *people(10), *shared, *lead, at=DAY)) == 0


def test_the_top_and_first_line_managers_are_never_too_narrow() -> None:
    chain = [
        position("boss"),
        position("a", reports_to="boss"),
        position("b", reports_to="a"),
        position("c", reports_to="b"),
    ]
    assert [found.subject.id for found in judged("ORG202", *chain).findings] == ["a"]


def test_the_deepest_chain_of_each_tree_is_named_once() -> None:
    def tower(name: str, height: int) -> list[Position]:
        return [position(f"{name}{n}", reports_to=f"{name}{n - 1}" if n else None) for n in range(height)]

    report = judged("ORG203", *tower("x", 10), *tower("y", 9), *tower("z", 8), position("x8b", reports_to="x7"))
    assert [(found.subject.id, found.parameters["layers"]) for found in report.findings] == [("x9", 10), ("y8", 9)]
    assert report.findings[0].parameters["top"] == Ref("position", "x0")


def test_a_pair_with_several_seats_on_either_side_is_no_one_to_one_chain() -> None:
    assert len(judged("ORG204", position("boss"), position("a", reports_to="boss", seats=2))) == 0
    assert len(judged("ORG204", position("boss", seats=2), position("a", reports_to="boss"))) == 0
    assert len(judged("ORG204", position("boss"), position("a", reports_to="boss"))) == 1


def test_closed_and_planned_seats_do_not_widen_a_span() -> None:
    def wide(status: str, at: date | None = None) -> Report:
        clerks = [position(f"c{n}", reports_to="boss", status=status) for n in range(14)]
        two = [position(f"o{n}", reports_to="boss") for n in range(2)]
        held = [holder(f"p{n}", f"c{n}") for n in range(14)] + [holder(f"p{14 + n}", f"o{n}") for n in range(2)]
        return judged("ORG201", position("boss"), *clerks, *two, *people(16), *held, at=at)

    for at in (None, DAY):
        assert [wide(status, at).findings for status in ("closed", "planned")] == [(), ()]
        (found,) = wide("frozen", at).findings
        assert len(found.related) == 16


@pytest.mark.parametrize("at", [None, date(2026, 3, 2)])
def test_whoever_reports_to_themselves_is_no_report_of_theirs(at: date | None) -> None:
    def team(size: int) -> list[Record]:
        clerks = [position(f"c{n}", reports_to="boss") for n in range(size)]
        held = [holder(f"p{n}", f"c{n}") for n in range(size)]
        boss = [position("boss", reports_to="boss"), holder("x", "boss"), holder("y", "boss", fte="0.5")]
        return [*boss, *clerks, *people(size), *held]

    assert len(judged("ORG201", *team(15), at=at)) == 0
    (found,) = judged("ORG201", *team(16), at=at).findings
    assert (found.parameters["people"], len(found.related)) == (16, 16)


def test_a_person_who_is_not_there_does_not_stop_the_rule() -> None:
    clerks = [position(f"c{n}", reports_to=f"lead{n % 2}") for n in range(20)]
    held = [holder(f"p{n}", f"c{n}") for n in range(20)]
    ghost = [holder("ghost", "lead0"), holder("ghost", "lead1")]
    leads = [position("lead0"), position("lead1")]
    report = judged("ORG201", *leads, *clerks, *people(20), *held, *ghost, at=DAY)
    assert report.findings == ()


def test_limits_by_level_may_be_a_plain_dict() -> None:
    book = OperatingModel.rules().with_thresholds("ORG201", by_level={"lead": 1}).select("ORG201")
    team = [position("lead", level="lead"), *(position(f"c{n}", reports_to="lead") for n in range(2))]
    assert [found.code for found in book.check(OperatingModel.of(HQ, *team)).findings] == ["ORG201"]


def test_narrow_managers_below_one_another_are_one_finding() -> None:
    def tower(name: str, height: int) -> list[Position]:
        return [position(f"{name}{n}", reports_to=f"{name}{n - 1}" if n else None) for n in range(height)]

    report = judged("ORG202", *tower("x", 6), *tower("y", 4))
    assert [[found.subject.id, *(ref.id for ref in found.related)] for found in report.findings] == [
        ["x1", "x2", "x3"],
        ["y1", "y2"],
    ]
    assert report.findings[0].message.startswith("x1, x2 and x3 follow one another")


def test_those_who_hold_one_position_together_may_lead_as_many_times_the_people():
    from community_ops import OperatingModel, Position, Unit

    def judged(seats):
        boss = Position(id="boss", title="Chairs", unit="hq", seats=seats, level="coordinator")
        clerks = [Position(id=f"c{n}", title="Clerk", unit="hq", reports_to="boss") for n in range(31)]
        model = OperatingModel.of(Unit(id="hq", name="HQ", heads=("boss",)), boss, *clerks)
        return [finding.code for finding in model.check(select=["ORG201"]).findings]

    assert (judged(2), judged(3)) == (["ORG201"], [])
