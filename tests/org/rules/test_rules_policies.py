"""Policies that do nothing, and policies that compete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from attrs import frozen

from community_ops import (
    Context,
    Finding,
    ModelView,
    OperatingModel,
    Policy,
    Ref,
    Report,
    Severity,
    Unit,
    Value,
    rule,
)
from community_ops.validation.book import CRASHED

HQ = Unit(id="hq", name="HQ")
OWN = Ref("unit", "hq")


@frozen
class Band(Value):
    least: int = 1
    most: int = 9

    def __meaning__(self) -> Iterator[tuple[str, str]]:
        if self.least > self.most:
            yield "least", "must not be above most"


@rule("TST721", name="banded", en="x", zh="x", thresholds=Band(), scoped=True)
def banded(m: ModelView, context: Context) -> Iterator[Finding]:
    """Has thresholds that must go together."""
    return iter(())


BOOK = OperatingModel.rules().extend(banded)


def judged(*policies: Policy, select: str = "WVR2") -> Report:
    return BOOK.select(select, "TST721").check(OperatingModel.of(HQ, *policies))


def policy(code: str, scope: Ref | None = None, id: str = "p", **values: Any) -> Policy:
    return Policy(id=id, rule=code, scope=scope, values=values)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        (policy("XYZ101", most=1), "rule", "p is for XYZ101, and there is no rule of that code."),
        (policy("ORG2", widest=1), "rule", "p is for ORG2, and there is no rule of that code."),
        (policy("ORG101", most=1), "rule", "p is for ORG101, which has no thresholds."),
        (policy("ORG203", OWN, most=1), "scope", "p is for HQ, but ORG203 is judged for the organisation as a whole."),
        (
            policy("ORG201", Ref("position", "x"), widest=1), "scope",
            "p is for x; only a unit can have thresholds of its own.",
        ),
        (
            policy("ORG201", most=1), "values",
            "p sets 'most', which ORG201 does not have; it has widest, by_level and narrowest.",
        ),
        (policy("ORG201", widest=-1), "values", "p sets 'widest', which must be at least 0, got -1."),
        (policy("TST721", least=3, most=2), "values", "p sets 'least', which must not be above most."),
    ],
)  # fmt: skip
def test_what_a_policy_cannot_do_is_said(wrong: Policy, field: str, said: str) -> None:
    (found,) = judged(wrong).findings
    assert (found.code, found.field, found.message, found.fault) == ("WVR201", field, said, True)


def test_everything_wrong_with_a_policy_is_found_and_can_be_told_apart() -> None:
    wrong = policy("ORG201", Ref("position", "x"), widest="a", narrowest=-1, most=1, least=2)
    findings = judged(wrong).findings
    assert len(findings) == 5
    assert len({found.fingerprint for found in findings}) == 5


def test_a_rule_that_does_not_run_is_a_rule_all_the_same() -> None:
    assert judged(policy("ORG203", most=3)).findings == ()
    assert OperatingModel.of(HQ, policy("ORG203", most=3)).check(ignore=["ORG203"]).findings == ()


def test_a_policy_that_is_partly_usable_is_used_and_blamed() -> None:
    report = OperatingModel.of(HQ, policy("ORG203", most=3, widest=1)).check()
    assert [found.code for found in report.findings] == ["WVR201"]


def test_values_that_do_not_go_together_crash_no_rule() -> None:
    each = [policy("ORG201", widest=5, id="a"), policy("TST721", OWN, least=20, id="b")]
    report = BOOK.check(OperatingModel.of(HQ, *each))
    assert not report.where(code=CRASHED).findings
    assert [(found.code, found.subject.id) for found in report.findings] == [("WVR201", "b")]


def test_competing_policies_are_gathered_whatever_their_order() -> None:
    three = [policy("ORG203", id=id, most=3) for id in "abc"]
    (found,) = judged(*three, policy("ORG201", OWN, id="d"), policy("ORG201", id="e")).findings
    assert (found.code, found.subject.id, found.gathered) == ("WVR202", "a", True)
    assert found.message == "a, b and c are all for ORG203 everywhere; a counts."
    (other,) = judged(*reversed(three)).findings
    assert other.fingerprint == found.fingerprint
    assert other.subject.id == "c"


def test_competing_policies_for_two_scopes_are_two_findings() -> None:
    here = [policy("ORG201", OWN, id=id) for id in "ab"]
    findings = judged(*here, policy("ORG201", id="c"), policy("ORG201", id="d")).findings
    assert [found.message for found in findings] == [
        "a and b are all for ORG201 in HQ; a counts.",
        "c and d are all for ORG201 everywhere; c counts.",
    ]
    assert len({found.fingerprint for found in findings}) == 2


def test_severities_of_these_rules_can_be_changed() -> None:
    book = BOOK.with_severity({"WVR201": Severity.INFO, "WVR202": Severity.ERROR})
    report = book.check(OperatingModel.of(HQ, policy("X", id="a"), policy("X", id="b")))
    assert [(found.code, found.severity.value) for found in report.findings] == [
        ("WVR202", "error"), ("WVR201", "info"), ("WVR201", "info"),
    ]  # fmt: skip
