from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from attrs import evolve

from community_ops import (
    ChangeSet,
    Context,
    Finding,
    Model,
    ModelView,
    OperatingModel,
    Ref,
    Report,
    RuleBook,
    Severity,
    Unit,
    diff,
    rule,
)
from community_ops.validation.finding import Suppression
from community_ops.validation.report import FindingError


@rule("TST501", name="shouting", en="{subject} shouts in {field}, says {who}.", zh="{subject}的{field}太吵（{who}）。")
def shouting(m: ModelView, context: Context) -> Iterator[Finding]:
    """Names in capitals shout."""
    for id, name in zip(m.ids(Unit), m.column(Unit.name), strict=True):
        if name.isupper():
            yield shouting.finding(Ref("unit", id), field="name", related=[Ref("unit", "hq")], who=Ref("unit", "hq"))


@shouting.fix
def _calm(model: Model, found: Finding) -> ChangeSet:
    quiet = model[found.subject]
    return diff(model, model.replace(evolve(quiet, name=quiet.name.capitalize())))  # type: ignore[attr-defined, call-arg]


@rule("TST502", name="small", severity=Severity.WARNING, status=True, en="{subject} is small.", zh="{subject}很小。")
def small(m: ModelView, context: Context) -> Iterator[Finding]:
    """Small units are a situation, not a fault."""
    for id in m.ids(Unit):
        yield small.finding(Ref("unit", id))


@rule("TST503", name="notice", severity=Severity.INFO, en="Look at {subject}.", zh="请看{subject}。")
def notice(m: ModelView, context: Context) -> Iterator[Finding]:
    """Worth knowing."""
    yield notice.finding(Ref("unit", "hq"))


MODEL = OperatingModel.of(Unit(id="hq", name="Head office"), Unit(id="it", name="IT", parent="hq"))
REPORT = RuleBook.of(shouting, small, notice).check(MODEL, date(2026, 3, 2))


def test_findings_are_sorted_into_severities() -> None:
    assert [len(REPORT.errors), len(REPORT.warnings), len(REPORT.infos), len(REPORT)] == [1, 2, 1, 4]


def test_ok_counts_faults_that_are_errors_only() -> None:
    assert not REPORT.ok
    assert REPORT.where(test=lambda f: f.severity is not Severity.ERROR).ok
    assert [f.code for f in REPORT.failing(Severity.ERROR)] == ["TST501"]
    assert [f.code for f in REPORT.failing(Severity.WARNING)] == ["TST501"]  # the warnings are status
    assert [f.code for f in REPORT.failing(Severity.INFO)] == ["TST501", "TST503"]


def test_a_finding_names_records_as_the_model_at_hand_does() -> None:
    found = REPORT.errors[0]
    assert found.message == "IT shouts in name, says Head office."
    assert found.text("zh") == "IT的name太吵（Head office）。"
    assert str(found) == "TST501 error unit:it  IT shouts in name, says Head office."
    moved = MODEL.replace(evolve(MODEL.units["hq"], name="Centre"))
    assert found.bound(moved).message == "IT shouts in name, says Centre."
    assert evolve(found, model=None).message == "it shouts in name, says hq."


def test_findings_are_values_whatever_their_parameters() -> None:
    words = {"en": "one", "zh": "一"}
    a, b = (shouting.finding(Ref("unit", "it"), who=words, people=(Ref("person", "p"),)) for _ in range(2))
    assert a == b
    assert hash(a) == hash(b)
    assert a != shouting.finding(Ref("unit", "it"), who={"en": "two", "zh": "二"}, people=(Ref("person", "p"),))


def test_a_fix_is_built_on_demand_and_mends() -> None:
    found = REPORT.errors[0]
    assert found.fixable
    assert found.fix is not None
    assert MODEL.apply(found.fix).units["it"].name == "It"
    assert evolve(found, model=None).fix is None
    assert not REPORT.warnings[0].fixable
    assert REPORT.warnings[0].fix is None


def test_filters_by_code_kind_and_subject() -> None:
    assert [f.code for f in REPORT.where(code="TST50", subject=Ref("unit", "it")).findings] == ["TST501", "TST502"]
    assert len(REPORT.where(kind="position")) == 0
    assert len(REPORT.where(kind="unit")) == 4
    assert REPORT.where(code="TST502").at == date(2026, 3, 2)


def test_errors_are_raised_as_a_group() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        REPORT.raise_for_errors()
    (error,) = caught.value.exceptions
    assert isinstance(error, FindingError)
    assert (error.code, error.finding) == ("TST501", REPORT.errors[0])
    REPORT.where(code="TST502").raise_for_errors()


def test_text_has_a_line_a_finding_and_the_counts() -> None:
    assert REPORT.to_text().splitlines() == [
        "TST501 error unit:it  IT shouts in name, says Head office.",
        "TST502 warning unit:hq  Head office is small.",
        "TST502 warning unit:it  IT is small.",
        "TST503 info unit:hq  Look at Head office.",
        "1 error, 2 warnings, 1 info",
    ]
    assert REPORT.to_text("zh").splitlines()[-1] == "错误 1 个，警告 2 个，提示 1 个"
    assert str(REPORT) == REPORT.to_text()
    assert repr(REPORT) == "<Report: 1 error, 2 warnings, 1 info>"
    assert Report(()).to_text("zh") == "没有发现问题。"


def test_json_says_everything_a_program_needs() -> None:
    data = json.loads(REPORT.to_json("zh"))
    assert (data["format"], data["version"], data["at"], data["ok"]) == ("community-ops-report", 1, "2026-03-02", False)
    assert data["judged"] == ["TST501", "TST502", "TST503"]
    first = data["findings"][0]
    assert first.pop("fingerprint") == REPORT.errors[0].fingerprint
    assert first == {
        "code": "TST501",
        "rule": "shouting",
        "severity": "error",
        "status": False,
        "subject": "unit:it",
        "subject_name": "IT",
        "field": "name",
        "message": "IT的name太吵（Head office）。",
        "related": ["unit:hq"],
        "related_names": ["Head office"],
        "fixable": True,
        "fix_safe": False,
        "location": None,
        "suppression": None,
    }
    assert Report(()).to_data()["at"] is None


def test_a_fingerprint_depends_on_the_fault_and_on_nothing_else() -> None:
    base = shouting.finding(Ref("unit", "it"), field="name", who="x")
    assert (
        base.fingerprint
        == shouting.finding(Ref("unit", "it"), field="name", related=[Ref("unit", "b")], who="y").fingerprint
    )
    others = [
        shouting.finding(Ref("unit", "hq"), field="name", who="x"),
        shouting.finding(Ref("unit", "it"), who="x"),
        shouting.finding(Ref("unit", "it"), field="name", key=["a"], who="x"),
        small.finding(Ref("unit", "it"), field="name"),
    ]
    assert len({base.fingerprint, *(other.fingerprint for other in others)}) == 5
    # printf '["TST501", "unit:it", "name"]' | sha256sum
    assert base.fingerprint == "2f454e7afdb5fe30"


def test_what_does_not_count_is_a_finding_and_no_error() -> None:
    first, *rest = REPORT.findings
    known = evolve(REPORT, findings=(evolve(first, suppression=Suppression("waiver")), *rest))
    assert REPORT.suppressed == ()
    assert known.suppressed == known.where(code="TST501").findings
    assert [len(known.errors), len(known.warnings), len(known.infos), len(known)] == [0, 2, 1, 4]
    assert known.ok
    known.raise_for_errors()


def test_a_part_of_a_report_is_like_the_whole_in_all_else() -> None:
    compared = evolve(REPORT, compared=True)
    part = compared.where(code="TST501")
    assert evolve(part, findings=compared.findings) == compared
    assert (part.compared, part.model, part.rules) == (True, MODEL, REPORT.rules)
