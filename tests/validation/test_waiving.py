"""Waivers let findings pass, and are judged themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from attrs import evolve, frozen

import community_ops as co
from community_ops import (
    Context,
    Finding,
    Model,
    ModelView,
    OperatingModel,
    Ref,
    RuleBook,
    Severity,
    Unit,
    Waiver,
    rule,
)
from community_ops.kernel.schema import Schema
from community_ops.validation.book import CRASHED
from community_ops.validation.waiving import Waivers

DAY = date(2026, 3, 2)
WVR = ["WVR"]


@rule("TST801", name="broken", en="x", zh="x", needs=("unit",))
def broken(m: ModelView, context: Context) -> Iterator[Finding]:
    """Crashes."""
    raise RuntimeError


@rule("TST802", name="optional", en="{subject} is there.", zh="{subject}存在。", opt_in=True)
def optional(m: ModelView, context: Context) -> Iterator[Finding]:
    """Runs only when asked for."""
    for id in m.ids(Unit):
        yield optional.finding(Ref("unit", id))


@rule("TST803", name="dated", en="x", zh="x", date_use="needed")
def dated(m: ModelView, context: Context) -> Iterator[Finding]:
    """Needs a date."""
    return iter(())


@rule("TST804", name="bad-review", en="x", zh="x", reviews=True)
def bad_review(m: ModelView, context: Context) -> Iterator[Finding]:
    """Looks at the check, and crashes."""
    raise RuntimeError(f"after {len(context.run.findings)} findings")


@rule("TST805", name="nosy", en="x", zh="x")
def nosy(m: ModelView, context: Context) -> Iterator[Finding]:
    """Looks at the check without having said so."""
    yield nosy.finding(Ref("unit", str(context.run)))


BOOK = OperatingModel.rules().extend(broken, optional, dated, bad_review, nosy).ignore("TST801", "TST804", "TST805")


def waiver(id: str, code: str, subject: str, **fields: Any) -> Waiver:
    given = {"reason": "Known.", "granted_by": Ref("unit", "sales"), **fields}
    return Waiver(id=id, code=code, subject=Ref.parse(subject), **given)


def model(*waivers: Waiver) -> OperatingModel:
    """One dangling reference: the group that Sales is part of is not in the model."""
    return OperatingModel.of(Unit(id="sales", name="Sales", parent="group"), *waivers)


def found(report: co.Report) -> list[tuple[str, str]]:
    return [(each.code, str(each.subject)) for each in report.findings if each.suppression is None]


NEEDED = waiver("w", "REF101", "unit:sales", reason="Elsewhere.", expires=DAY)


def test_a_waived_finding_stays_marked_and_fails_no_check() -> None:
    report = model(NEEDED).check(DAY)
    (only,) = report.findings
    assert only.suppression is not None
    assert (only.suppression.by, only.suppression.reason, only.suppression.waiver) == ("waiver", "Elsewhere.", "w")
    assert (only.suppression.granted_by, only.suppression.expires) == (Ref("unit", "sales"), DAY)
    assert report.ok
    assert report.failing(Severity.INFO) == report.errors == ()
    assert report.suppressed == (only,)
    assert len(report) == 1
    report.raise_for_errors()
    assert report.where(code="REF").suppressed == (only,)
    assert report.summary() == "No findings (1 waived)."


@pytest.mark.parametrize(
    "other",
    [waiver("w", "REF102", "unit:sales"), waiver("w", "REF1", "unit:sales"), waiver("w", "REF101", "waiver:w")],
    ids=["other-code", "prefix", "other-subject"],
)
def test_a_waiver_is_for_one_rule_and_one_record(other: Waiver) -> None:
    assert ("REF101", "unit:sales") in found(model(other).check(DAY))


@pytest.mark.parametrize("at", [DAY, date(2026, 3, 3), None], ids=str)
def test_a_waiver_counts_up_to_its_last_day_and_without_a_date_for_good(at: date | None) -> None:
    report = model(NEEDED).check(at)
    over = at == date(2026, 3, 3)
    assert found(report) == ([("REF101", "unit:sales"), ("WVR102", "waiver:w")] if over else [])
    assert ("WVR102" in report.skipped) == (at is None)
    if over:
        expected = "w let REF101 on Sales pass until 2026-03-02; it counts again."
        assert report.where(code="WVR102").findings[0].message == expected
        assert not report.where(code="WVR102").failing(Severity.INFO), "a status makes no check fail"


def test_of_two_waivers_the_one_that_has_not_expired_counts_and_neither_is_blamed() -> None:
    old = waiver("old", "REF101", "unit:sales", expires=date(2025, 12, 31))
    report = model(old, waiver("new", "REF101", "unit:sales", reason="Renewed.")).check(DAY)
    assert found(report) == []
    suppression = report.findings[0].suppression
    assert suppression is not None
    assert suppression.waiver == "new"


def test_of_two_waivers_that_both_count_the_first_is_named() -> None:
    report = model(waiver("b", "REF101", "unit:sales"), waiver("a", "REF101", "unit:sales")).check(DAY)
    assert [s.waiver for each in report.findings if (s := each.suppression)] == ["b"]


def test_two_expired_waivers_are_both_named() -> None:
    past = date(2025, 1, 1)
    both = [waiver(id, "REF101", "unit:sales", expires=past) for id in ("a", "b")]
    assert found(model(*both).check(DAY, select=WVR)) == []
    assert found(model(*both).check(DAY))[1:] == [("WVR102", "waiver:a"), ("WVR102", "waiver:b")]


@pytest.mark.parametrize("expires", [None, date(2025, 1, 1)])
def test_a_waiver_with_nothing_to_waive_is_unused_whether_or_not_it_has_expired(expires: date | None) -> None:
    healthy = OperatingModel.of(Unit(id="sales", name="Sales"), waiver("w", "REF101", "unit:sales", expires=expires))
    report = healthy.check(DAY)
    assert found(report) == [("WVR101", "waiver:w")]
    assert report.findings[0].message == "w waives REF101 on Sales, and there is no such finding."


def test_a_finding_that_gathers_records_passes_by_a_waiver_of_any_of_them() -> None:
    units = [Unit(id="sales", name="Sales")] + [Unit(id=id, name=id, parent="SALES") for id in "abc"]
    gathered = OperatingModel(units).check(select=["REF101"])
    assert [each.gathered for each in gathered.findings] == [True]
    for id in "abc":
        assert found(OperatingModel([*units, waiver("w", "REF101", f"unit:{id}")]).check(DAY)) == []
    other = OperatingModel([*units, waiver("w", "REF101", "unit:sales")]).check(DAY)
    assert [code for code, _ in found(other)] == ["REF101", "WVR101"]


def test_rules_that_were_not_judged_leave_their_waivers_in_peace() -> None:
    for code in ("TST801", "TST802", "TST803"):  # ignored, opt-in, skipped without a date
        assert found(BOOK.check(model(waiver("w", code, "unit:sales")))) == [("REF101", "unit:sales")]
    assert found(model(waiver("w", "ORG101", "unit:sales")).check(DAY, select=["WVR"])) == []


def test_an_opt_in_rule_that_runs_is_held_to_its_waivers() -> None:
    used, unused = waiver("w", "TST802", "unit:sales"), waiver("v", "TST802", "waiver:w")
    report = BOOK.enable("TST802").check(model(used, unused, NEEDED_TOO), DAY)
    assert found(report) == [("WVR101", "waiver:v")]


NEEDED_TOO = waiver("n", "REF101", "unit:sales")


def test_a_crash_cannot_be_waived_and_blames_no_waiver_of_the_rule() -> None:
    book = OperatingModel.rules().extend(broken)
    of_rule, of_crash = waiver("w", "TST801", "unit:sales"), waiver("c", CRASHED, "rule:TST801")
    report = book.select("TST", "WVR").check(model(of_rule, of_crash), DAY)
    assert found(report) == [(CRASHED, "rule:TST801"), ("WVR104", "waiver:c")]
    assert not report.ok


def test_a_crash_inside_a_review_is_reported_and_the_other_reviews_go_on() -> None:
    book = OperatingModel.rules().extend(bad_review, nosy)
    report = book.select("TST", "WVR").check(model(waiver("w", "REF9", "unit:sales", reason="")), DAY)
    crashes = {each.subject.id: each.message for each in report.where(code=CRASHED).findings}
    assert crashes.keys() == {"TST804", "TST805"}
    assert "reviews=True" in crashes["TST805"]
    assert found(report)[2:] == [("WVR103", "waiver:w"), ("WVR104", "waiver:w")]


def test_waivers_of_other_meta_findings_work_and_are_judged() -> None:
    unused = waiver("u", "REF101", "waiver:u")
    passing = waiver("p", "WVR101", "waiver:u")
    assert found(model(unused, passing, NEEDED_TOO).check(DAY)) == []
    assert found(model(waiver("x", "WVR104", "waiver:x"), NEEDED_TOO).check(DAY)) == [("WVR101", "waiver:x")]
    wrong = waiver("y", "REF999", "unit:sales")
    assert found(model(wrong, waiver("x", "WVR104", "waiver:y"), NEEDED_TOO).check(DAY)) == []


def test_a_waiver_without_a_reason_still_waives() -> None:
    report = model(evolve(NEEDED, reason=" \n")).check(DAY)
    assert found(report) == [("WVR103", "waiver:w")]
    assert report.warnings[0].field == "reason"


def test_the_severity_of_a_review_can_be_changed() -> None:
    book = OperatingModel.rules().with_severity({"WVR104": Severity.ERROR, "WVR101": Severity.INFO})
    unknown, unused = waiver("a", "REF999", "unit:sales"), waiver("b", "ORG103", "unit:sales")
    report = book.check(model(unknown, unused, NEEDED_TOO), DAY)
    assert [(each.code, each.severity.value) for each in report.findings if not each.suppression] == [
        ("WVR104", "error"),
        ("WVR101", "info"),
    ]
    assert not report.ok


def test_editing_a_waiver_is_heard_at_once_and_runs_no_other_rule_again() -> None:
    ran: list[date | None] = []

    @rule("TST806", name="counted", en="{subject}.", zh="{subject}。")
    def counted(m: ModelView, context: Context) -> Iterator[Finding]:
        """Counts how often it runs."""
        ran.append(context.at)
        yield counted.finding(Ref("unit", m.ids(Unit)[0]))

    book = RuleBook.of(counted)
    before = model(waiver("w", "TST806", "unit:sales"))
    assert found(book.check(before, DAY)) == []
    edited = before.replace(evolve(before.waivers["w"], expires=date(2026, 3, 1)))
    assert found(book.check(edited, DAY)) == [("TST806", "unit:sales")]
    assert found(book.check(edited.remove(Ref("waiver", "w")), DAY)) == [("TST806", "unit:sales")]
    assert found(book.check(before, DAY)) == []
    assert ran == [DAY]


@frozen(kw_only=True)
class Thing(co.Record):
    kind_name = "thing"
    table_name = "things"
    part_of: str | None = co.field(default=None, metadata=co.ref("thing", "part of"))


@frozen(kw_only=True)
class Disclaimer(co.Record):
    """What another trade calls a waiver."""

    kind_name = "waiver"
    table_name = "waivers"


@frozen(kw_only=True)
class Insurance(co.Record):
    """What another trade calls a policy."""

    kind_name = "policy"
    table_name = "policies"


class Things(Model):
    schema = Schema.of(Thing)


class Trade(Model):
    schema = Schema.of(*(k.cls for k in OperatingModel.schema.kinds.values() if k.name not in ("waiver", "policy")))
    schema = schema.extend(Disclaimer, Insurance)


def test_a_schema_without_waivers_and_policies_can_be_checked() -> None:
    report = OperatingModel.rules().check(Things.of(Thing(id="a", part_of="b")), DAY)
    assert found(report) == [("REF101", "thing:a")]
    assert {"WVR101", "WVR102", "WVR103", "WVR104", "WVR201", "WVR202"} <= {*report.not_applicable}


def test_kinds_that_only_share_the_names_are_no_waivers_and_no_policies() -> None:
    spans = [co.Position(id=f"p{n}", title="P", unit="u", reports_to="p0" if n else None) for n in range(18)]
    trade = Trade.of(Unit(id="u", name="U", heads=("p0",)), *spans, Disclaimer(id="d"), Insurance(id="i"))
    assert found(OperatingModel.rules().check(trade)) == [("ORG201", "position:p0")]


def test_waivers_can_be_asked_one_by_one() -> None:
    asked = Waivers.of(model(NEEDED), DAY)
    assert [each.id for each in asked] == ["w"]
    assert asked.matching(Finding(code="REF101", subject=Ref("unit", "other"))) == ()
    assert Waivers.of(model(), DAY).suppression(Finding(code="REF101", subject=Ref("unit", "sales"))) is None
