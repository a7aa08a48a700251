"""What the structure rules do at their edges, beyond their own examples."""

from __future__ import annotations

from datetime import date

from community_ops import (
    DateRange,
    Duty,
    Goal,
    OperatingModel,
    Ref,
    ReportingLine,
    Responsibility,
    Unit,
)
from tests.org.rules.material import judged, position

DAY = date(2026, 3, 2)


def test_a_long_cycle_is_shown_in_part_but_names_all_members() -> None:
    ring = [position(f"{n:02}", reports_to=f"{(n + 1) % 20:02}") for n in range(20)]
    (found,) = judged("ORG101", Unit(id="hq", name="HQ"), *ring).findings
    assert found.parameters["path"] == " → ".join(f"{n:02}" for n in range(12)) + " → …"
    assert {ref.id for ref in (found.subject, *found.related)} == {f"{n:02}" for n in range(20)}


def test_a_dated_line_that_breaks_a_cycle_breaks_it_only_while_in_force() -> None:
    spring = DateRange(date(2026, 3, 1), date(2026, 5, 31))
    records = [
        Unit(id="hq", name="HQ"),
        position("top"),
        position("a", reports_to="b"),
        position("b", reports_to="a"),
        ReportingLine(id="l", position="a", manager="top", kind="solid", period=spring),
    ]
    assert len(judged("ORG101", *records)) == 1
    assert len(judged("ORG101", *records, at=date(2026, 4, 1))) == 0
    assert len(judged("ORG101", *records, at=date(2026, 6, 1))) == 1


def test_closed_positions_may_report_to_closed_ones() -> None:
    boss = position("boss", status="closed")
    assert len(judged("ORG102", boss, position("clerk", reports_to="boss", status="closed"))) == 0
    both = [boss, position("clerk", reports_to="boss", status="closed"), position("cook", reports_to="boss")]
    assert judged("ORG102", *both).findings[0].parameters["reports"] == (Ref("position", "cook"),)


def test_a_position_that_ends_today_is_not_closed_yet() -> None:
    boss = position("boss", period=DateRange(None, DAY))
    clerk = position("clerk", reports_to="boss")
    assert len(judged("ORG102", boss, clerk, at=DAY)) == 0
    assert len(judged("ORG102", boss, clerk, at=date(2026, 3, 3))) == 1
    assert len(judged("ORG102", boss, clerk)) == 0


def test_groups_and_networks_need_no_head() -> None:
    for kind in ("group", "network"):
        assert len(judged("ORG103", Unit(id="hq", name="HQ", kind=kind), position("a"))) == 0  # type: ignore[arg-type]


def test_closed_positions_do_not_make_a_unit_need_a_head() -> None:
    assert len(judged("ORG103", Unit(id="hq", name="HQ"), position("a", status="closed"))) == 0


def test_heads_that_do_not_exist_or_sit_nowhere_are_left_to_the_reference_rule() -> None:
    records = [Unit(id="hq", name="HQ", heads=["ghost", "lost"]), position("lost", unit="nowhere")]
    assert len(judged("ORG104", *records)) == 0


def test_an_empty_part_of_an_empty_department_is_the_same_fault() -> None:
    records = [
        Unit(id="outer", name="Outer", kind="division"),
        Unit(id="inner", name="Inner", kind="department", parent="outer"),
        Unit(id="hq", name="HQ", kind="department"),
        Unit(id="empty", name="Empty", kind="department", parent="hq"),
        position("a"),
    ]
    assert [found.subject.id for found in judged("ORG105", *records).findings] == ["outer", "empty"]


def test_dissolving_a_department_hands_its_parts_and_goals_upwards() -> None:
    model = OperatingModel.of(
        Unit(id="hq", name="HQ", kind="organisation"),
        Unit(id="empty", name="Empty", kind="department", parent="hq"),
        Unit(id="part", name="Part", parent="empty"),
        Goal(id="g", name="Grow", unit="empty"),
        Responsibility(id="r", subject=Ref("unit", "empty"), position="a"),
        position("a", independent_of=["empty", "part"]),
        position("old", unit="empty", status="closed"),
    )
    (found,) = model.check(select=["ORG105"]).findings
    assert found.fix is not None
    after = model.apply(found.fix)
    assert "empty" not in after.units
    assert (after.units["part"].parent, after.goals["g"].unit, after.positions["old"].unit) == ("hq", "hq", "hq")
    assert after.positions["a"].independent_of == ("part",)
    assert after.responsibilities["r"].subject == Ref("unit", "hq")
    assert after.check(select=["REF"]).ok


def test_a_department_without_anything_above_is_dissolved_only_if_nothing_needs_it() -> None:
    free = [Unit(id="empty", name="Empty", kind="department"), Unit(id="hq", name="HQ"), position("a")]
    (found,) = judged("ORG105", *free).findings
    assert found.fix is not None
    (found,) = judged("ORG105", *free, Unit(id="part", name="Part", parent="empty")).findings
    assert found.fix is None


def test_several_roots_do_not_count_dangling_ones_twice() -> None:
    records = [position("a"), position("b", reports_to="ghost"), position("c")]
    (found,) = judged("ORG106", *records).findings
    assert found.parameters["roots"] == (Ref("position", "a"), Ref("position", "c"))


def test_a_unit_with_parts_is_no_one_position_unit() -> None:
    records = [Unit(id="hq", name="HQ"), Unit(id="part", name="Part", parent="hq"), position("a")]
    assert len(judged("ORG107", *records)) == 0
    assert len(judged("ORG107", records[0], position("a"), position("b", status="closed"))) == 1


def test_a_head_from_elsewhere_named_twice_is_one_finding() -> None:
    units = [Unit(id="a", name="A", heads=["p", "p"]), Unit(id="b", name="B")]
    assert len(judged("ORG104", *units, position("p", unit="b"))) == 1


def test_a_unit_with_one_closed_and_one_open_head_has_a_head() -> None:
    unit = Unit(id="hq", name="HQ", heads=["old", "new"])
    assert judged("ORG103", unit, position("old", status="closed"), position("new")).findings == ()


def test_closed_positions_are_no_forgotten_roots() -> None:
    records = [Unit(id="hq", name="HQ"), position("a"), position("b", status="closed")]
    assert judged("ORG106", *records).findings == ()


def test_a_department_is_not_dissolved_into_what_is_not_there() -> None:
    for parent in ("ghost", "team"):
        hollow = Unit(id="d", name="D", kind="department", parent=parent)
        team = Unit(id="team", name="Team", parent="d" if parent == "team" else None)
        (found,) = judged("ORG105", hollow, team, Unit(id="hq", name="HQ"), position("a")).findings
        assert found.fix is None


def test_names_fit_into_the_line_of_the_finding() -> None:
    unit = Unit(id="hq", name="Head\n office")
    report = judged("ORG103", unit, position("a"))
    assert report.findings[0].message == "Head office has 1 position and nobody at its head."
    blank = judged("ORG103", Unit(id="hq", name=" \t"), position("a"))
    assert blank.findings[0].message.startswith("hq has ")


def test_a_unit_of_the_past_is_left_alone() -> None:
    past = DateRange(None, date(2026, 3, 1))
    gone = [
        Unit(id="hq", name="HQ", kind="department", period=past, mandates=["d"], heads=["cook"]),
        Unit(id="empty", name="Empty", kind="department", period=past, mandates=["d"]),
        Unit(id="canteen", name="Canteen", heads=["cook"]),
        position("cook", unit="canteen"),
        position("clerk"),
        Duty(id="d", name="D"),
    ]
    for code in ("ORG103", "ORG104", "ORG105", "ORG107", "ORG304"):
        then, now = judged(code, *gone, at=date(2026, 3, 1)), judged(code, *gone, at=DAY)
        about_past = {"hq", "empty", "d"}
        assert not {found.subject.id for found in now.findings} & about_past, code
        if code in ("ORG104", "ORG105", "ORG107", "ORG304"):
            assert {found.subject.id for found in then.findings} & about_past, code
