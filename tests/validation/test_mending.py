"""Mending stops, breaks nothing, and leaves alone what is not safe, waived, or would not help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from community_ops import (
    ChangeSet,
    Context,
    ModelView,
    OperatingModel,
    Position,
    Ref,
    Rule,
    RuleBook,
    Unit,
    Waiver,
    rule,
)
from community_ops.kernel.changes import diff
from community_ops.kernel.model import Model
from community_ops.strategies import violating
from community_ops.validation.finding import WARNING, Finding, Suppression
from community_ops.validation.mending import Mended, mended
from community_ops.validation.pages import rule_page
from tests.properties.material import exact, some_models

RULES = OperatingModel.rules()
DAY = date(2026, 3, 2)
faulty = st.sampled_from([r.code for r in RULES.rules if r.fixer is not None]).flatmap(
    lambda code: violating(code, max_size=6)
)


@settings(max_examples=10)
@given(faulty | some_models, st.booleans())
def test_mending_ends_without_what_it_mended_and_without_new_errors(model: OperatingModel, unsafe: bool) -> None:
    done = mended(model, RULES, DAY, unsafe=unsafe)
    before, after = model.check(DAY), done.model.check(DAY)
    left = {found.fingerprint for found in after.findings}
    assert not left & {found.fingerprint for found in done.applied}
    assert {found.fingerprint for found in after.errors} <= {found.fingerprint for found in before.errors}
    assert exact(model.apply(done.changes)) == exact(done.model)
    again = mended(done.model, RULES, DAY, unsafe=unsafe)
    assert again.model is done.model
    assert (again.applied, again.changes) == ((), ChangeSet())
    assert unsafe or {found.code for found in done.applied} <= {"REF101"}


def units(*pairs: tuple[str, str | None]) -> OperatingModel:
    return OperatingModel(Unit(id=id, name=id, parent=parent) for id, parent in pairs)


def test_what_differs_in_case_only_is_mended_and_what_differs_in_zeros_only_on_demand() -> None:
    model = units(("HQ", None), ("007", None), ("a", "hq"), ("b", "7"))
    done = mended(model, RULES.select("REF"))
    assert [unit.parent for unit in done.model.units] == [None, None, "HQ", "7"]
    assert [unit.parent for unit in mended(model, RULES.select("REF"), unsafe=True).model.units] == [
        *[None, None, "HQ", "007"]
    ]
    assert [found.fix_safe for found in model.check(select=["REF"]).findings] == [True, False]


def test_empty_departments_inside_one_another_are_all_dissolved_on_demand() -> None:
    model = OperatingModel.of(
        Unit(id="hq", name="HQ"),
        Position(id="p", title="P", unit="hq"),
        *(Unit(id=id, name=id, kind="department", parent=to) for id, to in (("a", "hq"), ("b", "a"), ("c", "a"))),
    )
    done = mended(model, RULES.select("ORG105"), judges=RULES, unsafe=True)
    assert done.model.units.ids == ("hq",)
    assert [found.subject.id for found in done.applied] == ["a", "b", "c"]


def test_what_the_rules_given_do_not_name_stays() -> None:
    model = units(("HQ", None), ("a", "hq"))
    done = mended(model, RULES.select("ORG"), unsafe=True)
    assert done.model is model
    assert done.refused == ()


# -- rules that get into each other's way -----------------------------------------------------------------------------


def rename_rule(code: str, bad: str, good: str, **options: object) -> Rule:
    """A rule against one name of units, whose safe fix gives them another."""

    @rule(code, name=f"no-{bad}", en="{subject} is bad.", zh="{subject}不好。", severity=WARNING, **options)  # type: ignore[arg-type]
    def found(m: ModelView, context: Context) -> Iterator[Finding]:
        """Some names are bad."""
        for id, name in zip(m.ids(Unit), m.column(Unit.name), strict=True):
            if name == bad:
                yield found.finding(Ref("unit", id))

    @found.fix(safe=True)
    def mend(model: Model, finding: Finding) -> ChangeSet | None:
        unit = model[finding.subject]
        assert isinstance(unit, Unit)
        return diff(model, model.replace(evolve(unit, name=good)))

    return found


def reasons(done: Mended[OperatingModel]) -> list[str]:
    return [reason for _, reason in done.refused]


def test_two_fixes_that_undo_each_other_are_not_applied_for_ever() -> None:
    book = RuleBook.of(rename_rule("TST101", "a", "b"), rename_rule("TST102", "b", "a"))
    model = OperatingModel.of(Unit(id="u", name="a"))
    done = mended(model, book)
    assert done.model is model
    assert reasons(done) == ["its fix would bring as much to mend"]


def test_a_fix_that_bears_on_the_next_is_seen_by_it() -> None:
    model = OperatingModel.of(Unit(id="u", name="a"), Unit(id="v", name="b"))
    book = RuleBook.of(rename_rule("TST101", "a", "c"), rename_rule("TST102", "b", "c"))
    done = mended(model, book)
    assert [unit.name for unit in done.model.units] == ["c", "c"]
    assert [found.subject.id for found in done.applied] == ["u", "v"]


def test_a_fix_that_takes_turns_with_one_that_removes_comes_to_an_end() -> None:
    @rule("TST201", name="too-many", en="{subject}.", zh="{subject}。", severity=WARNING)
    def too_many(m: ModelView, context: Context) -> Iterator[Finding]:
        """Two are too many."""
        if len(m.ids(Unit)) > 1:
            yield too_many.finding(Ref("unit", m.ids(Unit)[-1]))

    @too_many.fix(safe=True)
    def _fewer(model: Model, finding: Finding) -> ChangeSet:
        return diff(model, model.remove(finding.subject))

    @rule("TST202", name="too-few", en="{subject}.", zh="{subject}。", severity=WARNING)
    def too_few(m: ModelView, context: Context) -> Iterator[Finding]:
        """One is too few, and that is bad in two ways."""
        if len(m.ids(Unit)) == 1:
            yield too_few.finding(Ref("unit", m.ids(Unit)[0]), field="name")
            yield too_few.finding(Ref("unit", m.ids(Unit)[0]), field="kind")

    @too_few.fix(safe=True)
    def _more(model: Model, finding: Finding) -> ChangeSet:
        return ChangeSet(added=[Unit(id="second", name="Second")])

    book = RuleBook.of(too_many, too_few)
    done = mended(OperatingModel.of(Unit(id="u", name="U")), book)
    left = {found.fingerprint for found in book.check(done.model).findings}
    assert left  # there is no end that both are content with,
    assert not left & {found.fingerprint for found in done.applied}  # and nothing that is left is said to be mended


def test_a_fix_that_leaves_its_finding_brings_an_error_fails_or_is_none_is_not_applied() -> None:
    @rule("TST301", name="odd", en="{subject}.", zh="{subject}。")
    def odd(m: ModelView, context: Context) -> Iterator[Finding]:
        """All units are odd."""
        for id in m.ids(Unit):
            yield odd.finding(Ref("unit", id), gathered=False)

    @odd.fix(safe=True)
    def _in_many_ways(model: Model, finding: Finding) -> ChangeSet | None:
        unit = model[finding.subject]
        assert isinstance(unit, Unit)
        if unit.name == "useless":
            return ChangeSet()
        if unit.name == "harmful":
            return diff(model, model.remove(unit.ref, dangling=True))
        if unit.name == "broken":
            raise ZeroDivisionError("oh")
        return None

    model = OperatingModel.of(
        *(Unit(id=name, name=name) for name in ("useless", "harmful", "broken", "none")),
        Position(id="p", title="P", unit="harmful"),
    )
    done = mended(model, RuleBook.of(odd), judges=RULES)
    assert done.model is model
    assert reasons(done) == [
        "it would still be there",
        "its fix would bring another error",
        "its fix failed: ZeroDivisionError: oh",
    ]


def test_what_is_waived_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    model = OperatingModel.of(Unit(id="u", name="a"))
    book = RuleBook.of(rename_rule("TST101", "a", "b"))
    report = book.check(model)
    waived = evolve(report, findings=tuple(evolve(f, suppression=Suppression("waiver")) for f in report.findings))
    monkeypatch.setattr(RuleBook, "check", lambda *_: waived)
    assert mended(model, book).model is model


# -- safety -----------------------------------------------------------------------------------------------------------


def test_a_fix_is_unsafe_unless_it_says_otherwise() -> None:
    plain = rename_rule("TST101", "a", "b")
    plain.fix(lambda model, finding: None)
    found = RuleBook.of(plain).check(OperatingModel.of(Unit(id="u", name="a"))).findings[0]
    assert (found.fixable, found.fix_safe) == (True, False)
    assert not Finding(code="TST101", subject=Ref("unit", "u"), fix_safe=True).fix_safe


@pytest.mark.parametrize(
    ("code", "english", "chinese"),
    [("REF101", "in some cases safely", "部分情形下"), ("ORG105", "not safely", "应先审阅")],
)
def test_the_page_of_a_rule_says_how_safe_its_fix_is(code: str, english: str, chinese: str) -> None:
    assert english in rule_page(RULES.rule(code), OperatingModel)
    assert chinese in rule_page(RULES.rule(code), OperatingModel, "zh")


def test_the_page_of_a_rule_with_a_safe_fix_says_so() -> None:
    assert "Knows how to mend it safely." in rule_page(rename_rule("TST101", "a", "b"), OperatingModel)


def test_a_waiver_in_the_model_keeps_its_finding_from_being_mended() -> None:
    at = Ref("unit", "lab")
    model = units(("HQ", None), ("lab", "hq"), ("den", "hq"))
    waiver = Waiver(id="w", code="REF101", subject=at, granted_by=at, reason="Is being split.", expires=DAY)
    apart = units(("HQ", None), ("lab", "hq"))
    assert mended(apart.add(waiver), RULES, DAY, unsafe=True).changes == ChangeSet()
    assert mended(apart.add(waiver), RULES, date(2026, 3, 3)).model.units["lab"].parent == "HQ"
    # The two that differ in case alike are one finding, so that the waiver of one holds for both.
    assert mended(model.add(waiver), RULES, DAY).changes == ChangeSet()
