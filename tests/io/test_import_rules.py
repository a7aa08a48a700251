"""Every rule about spreadsheets: its examples do what they claim, its page and messages are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import community_ops as co
from community_ops.io.import_rules import RULES, sheet_rules
from community_ops.validation.book import tried
from community_ops.validation.pages import rule_page

SECTIONS = ("Why it ", "How to fix", "When it is wrong to heed it")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_examples_do_what_they_claim_and_show_every_message(rule: co.Rule) -> None:
    shown = set()
    for example in rule.fire_examples:
        (found,) = tried(rule, example, co.OperatingModel).findings
        english, chinese = found.text("en"), found.text("zh")
        assert re.search(r"[\u4e00-\u9fff]", chinese)
        assert "{" not in english + chinese
        assert found.location is not None
        assert found.location.file == "posts.csv"
        shown.add(next(name for name, text in rule.templates.items() if text is found._templates))
    assert shown == rule.templates.keys()
    assert rule.silent_examples
    for example in rule.silent_examples:
        assert tried(rule, example, co.OperatingModel).findings == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_says_why_how_and_when_not(rule: co.Rule) -> None:
    assert all(section in rule.page for section in SECTIONS)
    page = rule_page(rule, co.OperatingModel)
    assert page.startswith(f"{rule.code} {rule.name}")
    for example in rule.fire_examples:
        assert all(line.strip() in page for line in example.source.splitlines())
    assert rule_page(rule, co.OperatingModel, "zh").startswith(f"{rule.code} {rule.name}")


def test_codes_and_names_are_unique_among_all_rules() -> None:
    rules = sheet_rules().rules
    assert len({rule.code for rule in rules}) == len({rule.name for rule in rules}) == len(rules)


def test_they_have_nothing_to_say_of_a_model_made_in_memory_or_read_from_json() -> None:
    model = co.OperatingModel.of(co.Unit(id="u", name="U"))
    read = co.loads(co.dumps(model), name="model.json")
    for one in (model, read):
        assert sheet_rules().select("IMP").check(one).findings == ()


def test_the_guide_lists_every_code() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "spreadsheets.md").read_text("utf-8")
    listed = re.findall(r"^\| (IMP\d+) \|", guide, re.MULTILINE)
    assert sorted(listed) == sorted(rule.code for rule in RULES)


@pytest.mark.parametrize("format", ["text", "json", "sarif", "junit", "github", "markdown"])
def test_findings_about_files_and_rows_can_be_written_in_every_format(tmp_path: Path, format: str) -> None:
    (tmp_path / "posts.csv").write_text("ref,title,unit,reports to,name\n,Chief,HQ,XX,Ann\n2,Clerk,HQ,XX,Ben\n")
    _, report = co.io.read_posts_csv(tmp_path / "posts.csv")
    text = report.to(format)
    assert "IMP301" in text
    assert "IMP201" in text
