"""What the rules on independence, responsibility and holding do at their edges, beyond their own examples."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve, frozen

from community_ops import (
    Assignment,
    DateRange,
    Duty,
    OperatingModel,
    Person,
    Position,
    Record,
    Ref,
    Report,
    ReportingLine,
    Responsibility,
    Unit,
)
from community_ops.org.rules.naming import fresh_id, in_chinese
from tests.org.rules.material import judged, position

DAY = date(2026, 3, 2)


FIRM = [
    Unit(id="hq", name="HQ", kind="organisation", heads=["ceo"]),
    Unit(id="finance", name="Finance", parent="hq", heads=["cfo"]),
    Unit(id="ledger", name="Ledger", parent="finance"),
    position("ceo"),
    position("cfo", unit="finance", reports_to="ceo"),
]


def mended(*records: Record, at: date | None = None) -> OperatingModel:
    model = OperatingModel.of(*FIRM, *records)
    for found in model.check(at, select=["ORG301"]).findings:
        assert found.fix is not None
        model = model.apply(found.fix)
        break
    assert model.check(at, select=["ORG301"]).findings == ()
    return model


def test_sitting_in_a_part_of_the_unit_is_sitting_in_it() -> None:
    auditor = position("auditor", unit="ledger", reports_to="ceo", independent_of=["finance"])
    (found,) = judged("ORG301", *FIRM, auditor).findings
    assert found.message == "Auditor must be independent of Finance, but sits in it."


def test_a_manager_further_up_who_heads_the_unit_counts() -> None:
    aide = position("aide", reports_to="cfo")
    auditor = position("auditor", reports_to="aide", independent_of=["finance"])
    (found,) = judged("ORG301", *FIRM, aide, auditor).findings
    assert found.parameters["manager"] == (Ref("position", "cfo"),)


def test_independence_of_a_unit_that_does_not_exist_is_left_to_the_reference_rule() -> None:
    assert len(judged("ORG301", *FIRM, position("auditor", independent_of=["ghost"]))) == 0


def test_the_mend_ends_every_line_into_the_unit_and_keeps_others() -> None:
    after = mended(
        position("auditor", unit="finance", reports_to="cfo", independent_of=["finance"]),
        ReportingLine(id="into", position="auditor", manager="cfo", kind="project"),
        ReportingLine(id="solid", position="auditor", manager="cfo", kind="solid"),
        ReportingLine(id="harmless", position="auditor", manager="ceo"),
    )
    auditor = after.positions["auditor"]
    assert (auditor.reports_to, auditor.unit) == ("ceo", "auditor-office")
    assert after.units["auditor-office"].parent == "hq"
    assert after.reporting_lines.ids == ("harmless",)


def test_the_mend_moves_only_what_has_to_move() -> None:
    stays = mended(position("auditor", unit="hq", reports_to="cfo", independent_of=["finance"]))
    assert (stays.positions["auditor"].unit, stays.positions["auditor"].reports_to) == ("hq", "ceo")
    moves = mended(position("auditor", unit="ledger", reports_to="ceo", independent_of=["finance"]))
    assert (moves.positions["auditor"].unit, moves.positions["auditor"].reports_to) == ("auditor-office", "ceo")
    line = ReportingLine(id="l", position="auditor", manager="cfo")
    cut = mended(position("auditor", unit="hq", reports_to="ceo", independent_of=["finance"]), line)
    assert len(cut.reporting_lines) == 0


def test_the_mend_works_on_the_lines_of_the_day() -> None:
    spring = DateRange(date(2026, 3, 1), date(2026, 5, 31))
    after = mended(
        position("auditor", reports_to="ceo", independent_of=["finance"]),
        ReportingLine(id="l", position="auditor", manager="cfo", kind="solid", period=spring),
        at=DAY,
    )
    assert after.reporting_lines["l"].period == DateRange(date(2026, 3, 1), date(2026, 3, 1)), "the past stays"


def test_nothing_is_proposed_where_everyone_above_is_tied() -> None:
    firm = [Unit(id="finance", name="Finance", heads=["cfo"]), position("cfo", unit="finance")]
    auditor = position("auditor", unit="finance", reports_to="cfo", independent_of=["finance"])
    (found,) = judged("ORG301", *firm, auditor).findings
    assert found.fix is None


def test_new_ids_avoid_those_in_use_and_names_follow_the_language() -> None:
    model = OperatingModel.of(Unit(id="a", name="A"), Unit(id="a-2", name="A2"))
    assert fresh_id(model, "unit", "a") == "a-3"
    assert fresh_id(model, "unit", "b") == "b"
    assert len(fresh_id(model, "unit", "x" * 300)) <= 200
    assert in_chinese("审计 A")
    assert not in_chinese("Audit")


def test_a_subject_that_does_not_exist_is_left_to_the_reference_rule() -> None:
    row = Responsibility(id="r", subject=Ref("duty", "ghost"), position="ceo")
    assert len(judged("ORG302", *FIRM, row)) == 0


def test_a_responsibility_of_last_year_no_longer_counts() -> None:
    duty = Duty(id="d", name="D", owner="ceo")
    row = Responsibility(id="r", subject=duty.ref, position="cfo", period=DateRange(None, date(2025, 12, 31)))
    other = Responsibility(id="s", subject=Ref("unit", "hq"), position="cfo")
    assert len(judged("ORG303", *FIRM, duty, row, other, at=DAY)) == 1
    assert len(judged("ORG303", *FIRM, duty, row, other, at=date(2025, 12, 31))) == 0


def test_parts_of_different_duties_are_gathered_apart() -> None:
    duties = [Duty(id=id, name=id) for id in ("x", "y")]
    parts = [Duty(id=f"{id}{n}", name=f"{id}{n}", part_of=id) for id in ("x", "y") for n in range(2)]
    lost = Duty(id="lost", name="lost", part_of="ghost")
    row = Responsibility(id="r", subject=Ref("unit", "hq"), position="cfo")
    report = judged("ORG303", *FIRM, *duties, *parts, lost, row)
    assert [found.parameters["duties"] for found in report.findings] == [
        (Ref("duty", "x0"), Ref("duty", "x1")),
        (Ref("duty", "y0"), Ref("duty", "y1")),
        (Ref("duty", "lost"),),
    ]


def test_a_mandate_that_is_no_duty_is_left_to_the_reference_rule() -> None:
    units = [Unit(id=id, name=id, mandates=["ghost"]) for id in ("a", "b")]
    assert len(judged("ORG304", *units, Duty(id="d", name="D"))) == 0


@pytest.mark.parametrize(("people", "count"), [(6, 0), (7, 1)])
def test_a_small_team_may_be_led_from_outside(people: int, count: int) -> None:
    team = Unit(id="team", name="Team", parent="hq", heads=["ceo"])
    agent = position("agent", unit="team", reports_to="ceo", seats=people)
    held = [
        record
        for n in range(people)
        for record in (Person(id=f"p{n}", name="P"), Assignment(id=f"a{n}", person=f"p{n}", position="agent"))
    ]
    report = judged("ORG305", *FIRM, team, agent, *held, at=DAY)
    assert len(report) == count


def test_opening_a_lead_hands_over_only_the_duties_that_the_unit_carries_out_alone() -> None:
    team = Unit(id="team", name="客服", parent="hq", heads=["ceo"])
    agent = position("agent", unit="team", reports_to="ceo", seats=7)
    outsider = position("outsider", unit="team", reports_to="cfo")
    people = [Person(id=f"p{n}", name="P") for n in range(7)]
    held = [Assignment(id=f"a{n}", person=f"p{n}", position="agent") for n in range(7)]
    duties = [Duty(id=id, name=id, owner="ceo") for id in ("alone", "shared", "idle")]
    rows = [
        Responsibility(id="r1", subject=Ref("duty", "alone"), position="agent"),
        Responsibility(id="r2", subject=Ref("duty", "shared"), position="agent"),
        Responsibility(id="r3", subject=Ref("duty", "shared"), position="cfo"),
    ]
    model = OperatingModel.of(*FIRM, team, agent, outsider, *people, *held, *duties, *rows)
    (found,) = model.check(DAY, select=["ORG305"]).findings
    assert found.fix is not None
    after = model.apply(found.fix)
    assert after.positions["team-lead"].title == "客服负责人"
    assert after.units["team"].heads == ("team-lead",)
    assert (after.positions["agent"].reports_to, after.positions["outsider"].reports_to) == ("team-lead", "cfo")
    assert [after.duties[id].owner for id in ("alone", "shared", "idle")] == ["team-lead", "ceo", "ceo"]


def vacancies(*records: Record, at: date = DAY) -> list[str]:
    return [found.message for found in judged("ORG401", *records, at=at).findings]


def test_vacancies_of_a_unit_are_one_finding_that_says_since_when() -> None:
    hq = Unit(id="hq", name="HQ", heads=["ceo"])
    assert vacancies(hq, position("ceo"), position("clerk", opened=date(2025, 12, 1))) == [
        "Ceo and Clerk in HQ: nobody holds them, the longest since 2025-12-01."
    ]
    assert vacancies(hq, position("ceo", opened=date(2026, 3, 1))) == ["Ceo in HQ: nobody holds it since 2026-03-01."]
    assert vacancies(hq, position("ceo")) == ["Ceo in HQ: nobody holds it."]


def test_sixty_days_are_not_yet_long() -> None:
    hq = Unit(id="hq", name="HQ")
    for days, count in ((60, 0), (61, 1)):
        opened = date.fromordinal(DAY.toordinal() - days)
        assert len(vacancies(hq, position("clerk", opened=opened))) == count


def test_a_frozen_position_is_judged_only_if_it_matters() -> None:
    hq = Unit(id="hq", name="HQ", heads=["ceo"])
    frozen = {"status": "frozen", "opened": date(2025, 1, 1)}
    assert vacancies(Unit(id="hq", name="HQ"), position("clerk", **frozen)) == []
    assert len(vacancies(hq, position("ceo", **frozen))) == 1
    assert (
        len(vacancies(Unit(id="hq", name="HQ"), position("clerk", **frozen), Duty(id="d", name="D", owner="clerk")))
        == 1
    )


def test_a_vacancy_in_a_unit_that_does_not_exist_is_not_lost() -> None:
    report = judged("ORG401", position("clerk", unit="ghost", opened=date(2025, 1, 1)), at=DAY)
    assert [str(found.subject) for found in report.findings] == ["position:clerk"]


def test_an_acting_holder_at_no_fte_fills_the_position() -> None:
    hq = Unit(id="hq", name="HQ", heads=["ceo"])
    acting = Assignment(id="a", person="ann", position="ceo", fte=0, acting=True)
    assert vacancies(hq, position("ceo"), Person(id="ann", name="Ann"), acting) == []


def test_a_handover_of_two_weeks_does_not_over_fill() -> None:
    def overlap(days: int) -> Report:
        start = date(2026, 3, 1)
        old = Assignment(
            id="o", person="a", position="ceo", period=DateRange(None, date.fromordinal(start.toordinal() + days - 1))
        )
        new = Assignment(id="n", person="b", position="ceo", period=DateRange(start))
        people = [Person(id="a", name="A"), Person(id="b", name="B")]
        return judged("ORG402", Unit(id="hq", name="HQ"), position("ceo"), *people, old, new, at=DAY)

    assert len(overlap(14)) == 0
    assert len(overlap(15)) == 1


def test_the_mend_passes_over_a_free_manager_below_a_tied_one() -> None:
    after = mended(
        position("secretary", reports_to="cfo"),
        position("auditor", reports_to="secretary", independent_of=["finance"]),
    )
    assert after.positions["auditor"].reports_to == "ceo"


def test_the_mend_leaves_lines_of_other_times_alone() -> None:
    past = DateRange(date(2020, 1, 1), date(2020, 12, 31))
    lines = [
        ReportingLine(id="old", position="auditor", manager="cfo", kind="solid", period=past),
        ReportingLine(id="today", position="auditor", manager="cfo", period=DateRange(DAY)),
    ]
    after = mended(position("auditor", reports_to="cfo", independent_of=["finance"]), *lines, at=DAY)
    assert [line.id for line in after.reporting_lines] == ["old"]


def test_independence_cannot_be_mended_below_a_cycle() -> None:
    lines = {"x": "y", "y": "x", "spy": "x"}
    ring = [position(id, reports_to=up) for id, up in lines.items()]
    (found,) = judged(
        "ORG301",
        Unit(id="hq", name="HQ"),
        Unit(id="f", name="F", heads=["spy"]),
        *ring,
        position("auditor", reports_to="spy", independent_of=["f"]),
    ).findings
    assert found.fix is None


def test_a_closed_auditor_need_not_be_independent_and_a_unit_named_twice_counts_once() -> None:
    auditor = position("auditor", unit="finance", reports_to="cfo", independent_of=["finance", "finance"])
    assert len(judged("ORG301", *FIRM, auditor)) == 1
    assert judged("ORG301", *FIRM, evolve(auditor, status="closed")).findings == ()


@frozen(kw_only=True)
class CostedUnit(Unit):
    cost_centre: str


@frozen(kw_only=True)
class GradedPosition(Position):
    grade: str


class Costed(OperatingModel):
    schema = OperatingModel.schema.extend(CostedUnit, GradedPosition)


def graded(id: str, unit: str, reports_to: str | None = None, **fields: object) -> GradedPosition:
    more: dict[str, Any] = {"title": id, "unit": unit, "reports_to": reports_to, **fields}
    return GradedPosition(id=id, grade="7", **more)


def test_a_fix_that_cannot_know_a_required_field_is_none() -> None:
    floor = [graded(f"a{n}", "floor", "boss") for n in range(7)]
    model = Costed.of(
        CostedUnit(id="hq", name="HQ", heads=["boss"], cost_centre="1"),
        CostedUnit(id="floor", name="Floor", parent="hq", heads=["boss"], cost_centre="2"),
        graded("boss", "hq"),
        graded("auditor", "floor", "boss", independent_of=["floor"]),
        *floor,
        *(Person(id=f"p{n}", name=f"P{n}") for n in range(7)),
        *(Assignment(id=f"h{n}", person=f"p{n}", position=f"a{n}") for n in range(7)),
        graded("top", "hq"),
    )
    model = model.replace(evolve(model.positions["boss"], reports_to="top"))
    for code in ("ORG301", "ORG305"):
        (found,) = model.check(DAY, select=[code]).findings
        assert found.fix is None


def test_a_head_that_no_longer_exists_gets_no_lead_below_it() -> None:
    def office(**fields: object) -> Report:
        return judged(
            "ORG305",
            Unit(id="hq", name="HQ", heads=["boss"]),
            Unit(id="floor", name="Floor", parent="hq", heads=["boss"]),
            position("boss", **fields),
            *(position(f"a{n}", unit="floor", reports_to="boss") for n in range(7)),
            *(Person(id=f"p{n}", name=f"P{n}") for n in range(7)),
            *(Assignment(id=f"h{n}", person=f"p{n}", position=f"a{n}") for n in range(7)),
            at=DAY,
        )

    assert [found.fix is None for found in office().findings] == [False]
    assert [found.fix is None for found in office(period=DateRange(end=date(2026, 1, 1))).findings] == [True]
    assert office(status="closed").findings == ()


def test_a_mandate_above_all_its_holders_is_found_wherever_it_stands_in_the_table() -> None:
    def shared(*ids: str) -> int:
        above = {"a": "top", "b": "top", "top": None, "far": None}
        units = [Unit(id=id, name=id, parent=above[id], mandates=["d"]) for id in ids]
        rest = [Unit(id=id, name=id) for id in above if id not in ids]
        return len(judged("ORG304", *units, *rest, Duty(id="d", name="D")))

    assert [shared("a", "b", "top"), shared("top", "a", "b"), shared("a", "top", "b")] == [0, 0, 0]
    assert [shared("a", "b"), shared("a", "top", "far")] == [1, 1]


def test_a_head_named_twice_is_told_once() -> None:
    unit = Unit(id="hq", name="HQ", heads=["boss", "boss"])
    (found,) = judged("ORG403", unit, position("boss", seats=2)).findings
    assert found.related == (Ref("unit", "hq"),)


def test_periods_are_told_in_the_language_of_the_message() -> None:
    jobs = [Assignment(id=id, person="p", position=id, period=DateRange(DAY)) for id in ("a", "b")]
    (found,) = judged("ORG404", Person(id="p", name="Ann"), *jobs).findings
    assert found.message == "Ann is assigned 2 FTE in sum (from 2026-03-02)."
    assert found.text("zh") == "Ann合计分配了 2 FTE（自 2026-03-02 起）。"
