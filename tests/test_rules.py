"""Every built-in rule: its examples do what they claim, its page and messages are whole, its fix mends."""

from __future__ import annotations

import re

import pytest

from community_ops import OperatingModel, Position, Report, Rule, Unit
from community_ops.validation.book import tried
from community_ops.validation.pages import rule_page
from community_ops.validation.rule import Example

RULES = OperatingModel.rules().rules
SECTIONS = ("Why it ", "How to fix", "When it is wrong to heed it")


def judged(rule: Rule, example: Example) -> Report:
    report = tried(rule, example, OperatingModel)
    assert rule.code in report.judged, "the example gives the rule nothing to judge"
    return report


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_examples_and_they_do_what_they_claim(rule: Rule) -> None:
    assert rule.fire_examples, "no example fires"
    assert rule.silent_examples, "no example is silent"
    for example in rule.fire_examples:
        assert [found.code for found in judged(rule, example).findings] == [rule.code]
    for example in rule.silent_examples:
        assert judged(rule, example).findings == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_message_variant_is_shown_by_an_example_in_both_languages(rule: Rule) -> None:
    shown = set()
    for example in rule.fire_examples:
        for found in judged(rule, example).findings:
            english, chinese = found.text("en"), found.text("zh")
            assert re.search(r"[\u4e00-\u9fff]", chinese)
            assert not re.search(r"[\u4e00-\u9fff]", english)
            assert "{" not in english + chinese
            shown.add(next(name for name, text in rule.templates.items() if text is found._templates))
    assert shown == rule.templates.keys()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_fix_removes_the_finding_and_brings_no_error(rule: Rule) -> None:
    if rule.fixer is None:
        assert not any(found.fixable for example in rule.fire_examples for found in judged(rule, example).findings)
        return
    mended = 0
    for example in rule.fire_examples:
        model = example.model(OperatingModel)
        before = model.check(example.at)
        for found in judged(rule, example).findings:
            if found.fix is not None:
                after = model.apply(found.fix)
                assert found.fingerprint not in {f.fingerprint for f in after.check(example.at).findings}
                known = {f.fingerprint for f in before.errors}
                assert {f.fingerprint for f in after.check(example.at).errors} <= known
                assert after.apply(found.fix.invert()) == model
                mended += 1
    assert mended


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_says_why_how_and_when_not(rule: Rule) -> None:
    assert all(section in rule.page for section in SECTIONS)
    page = rule_page(rule, OperatingModel)
    assert page.startswith(f"{rule.code} {rule.name}")
    assert rule.page in page
    for example in rule.fire_examples:
        for found in judged(rule, example).findings:
            assert found.message in page
            assert found.text("zh") in rule_page(rule, OperatingModel, "zh")


def test_names_and_codes_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len({rule.code for rule in RULES}) == len(RULES)


def test_an_empty_model_is_silent() -> None:
    assert OperatingModel().check().findings == ()


def test_a_cycle_is_one_finding_and_not_also_a_narrow_span() -> None:
    lines = {"a": "b", "b": "a", "c": "a"}
    model = OperatingModel.of(
        Unit(id="u", name="U", heads=["a"]),
        *(Position(id=id, title=id.upper(), unit="u", reports_to=to) for id, to in lines.items()),
    )
    assert [found.code for found in model.check(select=["ORG1", "ORG2", "ORG204"]).findings] == ["ORG101"]
