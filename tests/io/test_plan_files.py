"""Every rule about plan files: its examples do what they claim, its page and messages are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import community_ops as co
from community_ops.io.plan_files import RULES, plan_rules
from community_ops.validation.book import tried
from community_ops.validation.pages import rule_page


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_examples_do_what_they_claim_and_show_every_message(rule: co.Rule) -> None:
    shown = set()
    for example in rule.fire_examples:
        (found,) = tried(rule, example, co.OperatingModel).findings
        english, chinese = found.text("en"), found.text("zh")
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert "{" not in english + chinese
        assert found.location is not None
        assert found.location.file == "plan.xml"
        shown.add(next(name for name, text in rule.templates.items() if text is found._templates))
    assert shown == rule.templates.keys()
    assert rule.silent_examples
    for example in rule.silent_examples:
        assert tried(rule, example, co.OperatingModel).findings == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_says_why_how_and_when_not(rule: co.Rule) -> None:
    assert all(section in rule.page for section in ("Why it ", "How to fix", "When it is wrong to heed it"))
    assert rule_page(rule, co.OperatingModel).startswith(f"{rule.code} {rule.name}")
    assert rule_page(rule, co.OperatingModel, "zh").startswith(f"{rule.code} {rule.name}")


def test_codes_and_names_are_unique_among_all_rules() -> None:
    rules = (*plan_rules().rules, *(one for one in co.io.sheet_rules().rules if one.code.startswith("IMP")))
    known = {(rule.code, rule.name) for rule in rules}
    assert len({code for code, _ in known}) == len({name for _, name in known}) == len(known)


def test_the_guide_lists_every_code() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "plan-exchange.md").read_text("utf-8")
    listed = re.findall(r"^\| (IMP6\d+) \|", guide, re.MULTILINE)
    assert sorted(listed) == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize("format", ["text", "json", "sarif", "junit", "github", "markdown"])
def test_findings_about_plan_files_can_be_written_in_every_format(tmp_path: Path, format: str) -> None:
    (tmp_path / "plan.xml").write_text(RULES[0].fire_examples[0].source)
    _, report = co.io.read_mspdi(tmp_path / "plan.xml")
    assert "IMP601" in report.to(format)
