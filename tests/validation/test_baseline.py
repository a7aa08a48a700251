"""A baseline knows its findings again, lets no new one pass, and is read without surprises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import community_ops as co
from community_ops import (
    Context,
    Finding,
    FindingsBaseline,
    InvalidDocument,
    ModelView,
    OperatingModel,
    Position,
    Ref,
    Report,
    RuleBook,
    Severity,
    Unit,
    rule,
)
from community_ops.strategies import models, violating
from community_ops.validation.baseline import Known
from community_ops.validation.book import CRASHED

DAY = date(2026, 3, 2)
INFO = Severity.INFO


@rule("TST901", name="crowd", en="Too many units.", zh="单位过多。", status=False)
def crowd(m: ModelView, context: Context) -> Iterator[Finding]:
    """Finds the same once for each unit after the first: several findings of one fingerprint."""
    for id in m.ids(Unit)[1:]:
        yield crowd.finding(Ref("unit", id), gathered=True)


@rule("TST902", name="broken", en="x", zh="x")
def broken(m: ModelView, context: Context) -> Iterator[Finding]:
    """Crashes."""
    raise RuntimeError


BOOK = RuleBook.of(crowd)


def crowded(count: int, book: RuleBook = BOOK) -> Report:
    return book.check(OperatingModel(Unit(id=f"u{n}", name="U") for n in range(count)), DAY)


def old_and_new() -> tuple[OperatingModel, OperatingModel]:
    old = OperatingModel.of(Unit(id="it", name="IT", parent="gone"))
    return old, old.add(Unit(id="hr", name="HR", parent="gone too"))


def test_only_what_is_not_in_the_baseline_fails() -> None:
    old, new = old_and_new()
    report = FindingsBaseline.of([old.check(DAY)]).compared(new.check(DAY))
    assert [found.subject.id for found in report.errors] == ["hr"]
    assert [found.subject.id for found in report.suppressed] == ["it"]
    assert report.summary() == "1 error (1 in the baseline)"
    assert not report.ok
    assert FindingsBaseline.of([new.check(DAY)]).compared(new.check(DAY)).ok


def test_what_a_waiver_lets_pass_is_left_to_the_waiver() -> None:
    old, _ = old_and_new()
    at = Ref("unit", "it")
    waived = old.add(co.Waiver(id="w", code="REF101", subject=at, granted_by=at, reason="Known.", expires=DAY))
    baseline = FindingsBaseline.of([waived.check(DAY)])
    assert baseline.known == {}
    assert not baseline.compared(waived.check(date(2026, 3, 3))).ok
    suppressions = [
        found.suppression for found in FindingsBaseline.of([old.check(DAY)]).compared(waived.check(DAY)).findings
    ]
    assert [suppression and suppression.by for suppression in suppressions] == ["waiver"]


def test_of_equal_fingerprints_as_many_pass_as_there_were_across_all_files() -> None:
    baseline = FindingsBaseline.of([crowded(3), crowded(2)])
    assert [entry.times for entry in baseline.known.values()] == [3]
    assert [len(r.failing()) for r in baseline.all_compared([crowded(3), crowded(2)])] == [0, 0]
    assert [len(r.failing()) for r in baseline.all_compared([crowded(1), crowded(6)])] == [0, 2]
    assert FindingsBaseline.loads(baseline.dumps()) == baseline


def test_what_is_gone_is_told_with_how_often() -> None:
    baseline = FindingsBaseline.of([crowded(4)])
    assert baseline.gone([crowded(4)]) == baseline.gone([crowded(9)]) == ()
    assert [entry.times for entry in baseline.gone([crowded(2)])] == [2]
    assert [entry.times for entry in baseline.gone([crowded(2), crowded(2)])] == [1]
    assert [entry.times for entry in baseline.gone([crowded(0)])] == [3]
    assert baseline.gone([]) == ()


def test_what_was_not_looked_for_is_not_gone() -> None:
    book = RuleBook.of(crowd, broken)
    baseline = FindingsBaseline.of([crowded(4)])
    assert baseline.gone([crowded(0, book.select("TST902"))]) == ()
    assert baseline.gone([crowded(0, book)])
    assert baseline.gone([crowded(0), crowded(0, book.ignore("TST901"))]) == ()
    of_broken = FindingsBaseline({"x": Known("x", "TST902")})
    assert of_broken.gone([crowded(0, book)]) == ()


def test_a_finding_of_a_rule_with_nothing_to_judge_any_more_is_gone() -> None:
    chart = OperatingModel.of(Unit(id="u", name="U"), Position(id="p", title="P", unit="u"))
    baseline = FindingsBaseline.of([chart.check(select=["ORG103"])])
    assert len(baseline.known) == 1
    assert len(baseline.gone([chart.remove(Ref("position", "p")).check(select=["ORG103"])])) == 1


def test_a_crash_is_never_part_of_a_baseline() -> None:
    report = crowded(1, RuleBook.of(broken))
    assert [found.code for found in report.findings] == [CRASHED]
    assert FindingsBaseline.of([report]).known == {}
    by_hand = FindingsBaseline({report.findings[0].fingerprint: Known(report.findings[0].fingerprint, CRASHED)})
    assert not by_hand.compared(report).ok


def test_the_text_is_a_finding_a_line_in_an_order_of_its_own() -> None:
    _, new = old_and_new()
    baseline = FindingsBaseline.of([new.check(DAY)])
    lines = baseline.dumps().splitlines()
    assert lines[:4] == ["{", '"format": "community-ops-baseline",', '"version": 1,', '"findings": [']
    assert [json.loads(line.rstrip(","))["subject"] for line in lines[4:-2]] == ["unit:hr", "unit:it"]
    assert FindingsBaseline.of([OperatingModel(reversed(list(new))).check(DAY)]).dumps() == baseline.dumps()
    assert FindingsBaseline.loads(FindingsBaseline().dumps()) == FindingsBaseline()


# -- what findings are known by ---------------------------------------------------------------------------------------

_codes = st.sampled_from([r.code for r in OperatingModel.rules().rules if r.code.startswith(("REF1", "REF2", "ORG"))])
_faulty = _codes.flatmap(lambda code: violating(code, max_size=6))
NAMES = ("name", "title")
_orders = st.integers(0, 2**32)


def left_failing(before: OperatingModel, after: OperatingModel) -> list[str]:
    baseline = FindingsBaseline.of([before.check(DAY)])
    return [str(found) for found in baseline.compared(after.check(DAY)).findings if found.suppression is None]


@settings(max_examples=15)
@given(_faulty | models(max_size=10), _orders)
def test_a_baseline_survives_another_order_of_the_records(model: OperatingModel, order: int) -> None:
    records = list(model)
    Random(order).shuffle(records)
    assert left_failing(model, OperatingModel(records)) == []


@settings(max_examples=15)
@given(_faulty | models(max_size=10))
def test_a_baseline_survives_other_names_for_everything(model: OperatingModel) -> None:
    renamed = [
        evolve(record, **{kind.label_field: f"Quite another name {n}"}) if kind.label_field in NAMES else record
        for kind in model.schema.kinds.values()
        for n, record in enumerate(model.table(kind.cls))
    ]
    assert left_failing(model, OperatingModel(renamed)) == []


@settings(max_examples=15)
@given(_faulty | models(max_size=10), st.sampled_from([None, 0, 7, "\t"]), st.booleans())
def test_a_baseline_survives_reformatting(model: OperatingModel, indent: Any, ascii_only: bool) -> None:
    data = json.loads(co.dumps(model))
    again = co.loads(json.dumps(data, indent=indent, ensure_ascii=ascii_only, sort_keys=ascii_only), name="other.json")
    assert left_failing(model, again) == []


@settings(max_examples=15)
@given(_faulty | models(max_size=10))
def test_a_baseline_survives_its_own_text(model: OperatingModel) -> None:
    report = model.check(DAY)
    read = FindingsBaseline.loads(FindingsBaseline.of([report]).dumps())
    assert read == FindingsBaseline.of([report])
    assert read.gone([report]) == ()
    assert read.compared(report).failing(INFO) == ()


# -- reading ----------------------------------------------------------------------------------------------------------

HEAD = '{"format": "community-ops-baseline", "version": 1'
ROW = '{"fingerprint": "f", "code": "ORG101"}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "bad-json"),
        ("[]", "wrong-format /format"),
        ('{"format": "community-ops", "version": 2}', "wrong-format /format"),
        ('{"format": "community-ops-baseline", "version": 2, "findings": []}', "wrong-version /version"),
        ('{"format": "community-ops-baseline", "version": true, "findings": []}', "wrong-version /version"),
        (HEAD + "}", "wrong-type /findings"),
        (HEAD + ', "findings": {}}', "wrong-type /findings"),
        (HEAD + ', "findings": [], "note": 1}', "unknown-key /note"),
        (HEAD + ', "findings": [1]}', "wrong-type /findings/0"),
        (HEAD + ', "findings": [{"code": "a"}]}', "missing-key /findings/0/fingerprint"),
        (HEAD + ', "findings": [{"fingerprint": "a"}]}', "missing-key /findings/0/code"),
        (HEAD + ', "findings": [{"fingerprint": [], "code": "a"}]}', "wrong-type /findings/0/fingerprint"),
        (HEAD + ', "findings": [{"fingerprint": "a", "code": "a", "x": 1}]}', "unknown-key /findings/0/x"),
        (HEAD + ', "findings": [{"fingerprint": "a", "code": "a", "times": "2"}]}', "wrong-type /findings/0/times"),
        (HEAD + ', "findings": [{"fingerprint": "a", "code": "a", "times": -1}]}', "out-of-range /findings/0/times"),
        (HEAD + ', "findings": [{"fingerprint": "a", "code": "a", "times": 0}]}', "out-of-range /findings/0/times"),
        (HEAD + f', "findings": [{ROW}, {ROW}]}}', "duplicate-id /findings/1/fingerprint"),
    ],
)
def test_what_is_no_baseline_is_refused_with_the_place(text: str, expected: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        FindingsBaseline.loads(text)
    (problem,) = caught.value.problems
    assert f"{problem.code} {problem.pointer}".startswith(expected)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidDocument) as caught:
        FindingsBaseline.loads(HEAD.replace("1", "9") + ', "findings": [1, {"times": 0}]}')
    assert len(caught.value.problems) == 5


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=3,
)
_rows = st.dictionaries(st.sampled_from(["fingerprint", "code", "subject", "message", "times", "x"]), _values)
_near = st.fixed_dictionaries(
    {"format": st.just("community-ops-baseline") | _values, "version": st.just(1) | _values},
    optional={"findings": st.lists(_rows | _values, max_size=3) | _values, "x": _values},
)


@settings(max_examples=150)
@given(_near.map(json.dumps) | _values.map(json.dumps) | st.text(max_size=20))
def test_reading_anything_gives_a_baseline_or_says_that_it_is_none(text: str) -> None:
    try:
        baseline = FindingsBaseline.loads(text)
    except InvalidDocument as error:
        assert error.problems
    else:
        assert FindingsBaseline.loads(baseline.dumps()) == baseline
        assert all(entry.times > 0 for entry in baseline.known.values())
