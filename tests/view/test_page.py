from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from community_ops import Link, OperatingModel, Plan, Position, Ref, Task, Unit, Waiver, templates
from community_ops.validation.wording import Language
from community_ops.view import gantt_chart, html_page
from community_ops.view.plans import PLANS_SHOWN
from tests.view.drawing import read
from tests.view.reading import Page
from tests.view.sample import DAY, EVIL, broken


def page_of(model: OperatingModel, language: str = "en", at: date = DAY) -> tuple[str, Page]:
    html = html_page(model, model.check(at), at, "zh" if language == "zh" else "en")
    return html, Page(html)


@pytest.fixture(scope="module", params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def template(language: str) -> tuple[OperatingModel, str, Page]:
    model = templates.community_operations("zh" if language == "zh" else "en")
    return model, *page_of(model, language)


def test_the_page_stands_alone(template: tuple[OperatingModel, str, Page]) -> None:
    _, html, page = template
    assert html.startswith("<!DOCTYPE html>\n<html lang=")
    assert page.all("meta")[0] == {"charset": "utf-8"}
    assert not page.unclosed
    assert not {"script", "link", "iframe", "object", "img"} & {tag for tag, _ in page.tags}
    addresses = re.findall(r"https?://[^\"'\s)]+", html)
    assert set(addresses) == {"http://www.w3.org/2000/svg"}
    assert "url(" not in html
    assert "@import" not in html


def test_the_page_is_in_one_language(template: tuple[OperatingModel, str, Page], language: str) -> None:
    _, _, page = template
    assert page.all("html")[0]["lang"] == ("zh-Hans" if language == "zh" else "en")
    headings = {"zh": ["关键数据", "检查结果", "首个修正及其效果"], "en": ["Key figures", "Findings", "The first fix"]}
    assert all(heading in page.text for heading in headings[language])


def test_the_page_has_the_chart_before_and_after_the_fix(template: tuple[OperatingModel, str, Page]) -> None:
    model, html, _ = template
    before, _, after = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    charts = [read(before), read(after)]
    assert [len(chart.boxes) for chart in charts] == [len(model.positions)] * 2
    assert charts[0].lines != charts[1].lines


def test_the_page_has_the_plan_with_its_chart_and_table(
    template: tuple[OperatingModel, str, Page], language: str
) -> None:
    model, html, page = template
    words: Language = "zh" if language == "zh" else "en"
    gantt = re.findall(r"<svg.*?</svg>", html, re.DOTALL)[1]
    assert ET.canonicalize(gantt) == ET.canonicalize(gantt_chart(model, "community-plan", DAY, words))
    (shown,) = [rows for rows in page.tables if len(rows[0]) == 9]
    assert [row[0] for row in shown[1:]].count(model.tasks["launch"].name) == 1
    assert len(shown) == 1 + len(model.tasks)
    assert "2026-05-06" in page.text


def test_a_plan_that_cannot_be_dated_is_named_with_the_reason() -> None:
    model = OperatingModel.of(
        Plan(id="p", name="Spring", start=DAY),
        Task(id="a", name="A", plan="p", links=(Link("b"),)),
        Task(id="b", name="B", plan="p", links=(Link("a"),)),
    )
    html, page = page_of(model)
    assert "Spring: cannot be dated: tasks depend on each other in a circle" in page.text
    assert html.count("<svg") == 1


def test_of_many_plans_the_first_are_shown() -> None:
    model = OperatingModel(Plan(id=f"p{n}", name=f"Plan {n}", start=DAY) for n in range(PLANS_SHOWN + 2))
    html, page = page_of(model)
    assert html.count("<svg") == 1 + PLANS_SHOWN
    assert f"Plan {PLANS_SHOWN - 1}" in page.text
    assert f"Plan: Plan {PLANS_SHOWN}" not in page.text


def test_the_page_shows_figures_before_and_after(template: tuple[OperatingModel, str, Page]) -> None:
    model, _, page = template
    rows = {row[0]: row[1:] for row in page.tables[0][1:]}
    units = rows.get("units") or rows["单位"]
    assert units == [str(len(model.units)), str(len(model.units) + 1)]


def test_the_page_lists_every_finding_and_what_the_first_fix_resolves(
    template: tuple[OperatingModel, str, Page], language: str
) -> None:
    model, _, page = template
    report = model.check(DAY)
    words: Language = "zh" if language == "zh" else "en"
    messages = [row[3] for table in page.tables for row in table if len(row) == 4]
    for found in report.findings:
        assert any(message.startswith(found.text(words)) for message in messages)
    fixed = next(found for found in report.findings if found.fix is not None)
    assert sum(message.startswith(fixed.text(words)) for message in messages) == 2
    assert str(fixed.fix).splitlines()[1] in page.text


def test_nothing_in_a_name_can_act_on_the_page() -> None:
    _, page = page_of(broken())
    assert not page.unclosed
    assert not page.all("script")
    assert not page.all("img")
    assert not page.all("i")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert EVIL.split()[0] in page.text


def test_an_organisation_without_findings_has_no_fix() -> None:
    model = OperatingModel.of(Unit(id="hq", name="HQ"))
    html = html_page(model, model.check(DAY, select=("ORG101",)), DAY)
    page = Page(html)
    assert "No findings." in page.text
    assert "No finding comes with a fix." in page.text
    assert len(re.findall("<svg", html)) == 1


def test_an_organisation_without_units_is_still_named() -> None:
    _, page = page_of(OperatingModel.of(Position(id="p", title="P", unit="nowhere")))
    assert "Organisation: organisation and findings" in page.text


def test_the_first_fix_is_of_a_finding_that_counts() -> None:
    at = Ref("unit", "lab")
    chart = [Unit(id="HQ", name="Head office"), Unit(id="lab", name="Lab", parent="hq")]
    waiver = Waiver(id="w", code="REF101", subject=at, granted_by=at, reason="Is being split.")
    _, open_page = page_of(OperatingModel.of(*chart))
    _, waived_page = page_of(OperatingModel.of(*chart, waiver))
    assert "No finding comes with a fix." not in open_page.text
    assert "No finding comes with a fix." in waived_page.text
    assert "[waived: Is being split.; granted by unit:lab]" in waived_page.text
