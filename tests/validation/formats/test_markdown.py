from __future__ import annotations

import html
import re

from attrs import evolve
from hypothesis import given
from markdown_it import MarkdownIt

from community_ops import OperatingModel, Report, Severity, Unit
from community_ops.kernel.text import clean_line
from community_ops.validation.formats import render
from tests.validation.formats.material import (
    BASELINE,
    BOOK,
    DAY,
    MODEL,
    REPORT,
    UNTIMED,
    WAIVER,
    Lines,
    read_from,
    reports,
    suppressed,
)

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def rows(text: str) -> list[list[str]]:
    """Return the text of the cells of all tables, row by row, as an independent reader of Markdown shows them."""
    shown = READER.render(text)
    return [
        [
            html.unescape(re.sub(r"<[^>]+>", "", cell.replace("<br>", " "))).replace("\u200b", "")
            for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", shown, re.DOTALL)
    ]


def test_a_comment_has_a_heading_the_counts_and_a_table() -> None:
    placed = BOOK.check(read_from(Lines("a.json", "hq", "it"), MODEL)).where(code="TST601")
    text = render([("a.json", placed), ("b|c.json", REPORT.where(code="TST603"))], "markdown", "zh")
    assert text.startswith(
        "### ❌ 检查结果\n\n**错误 2 个，提示 1 个；共 2 个文件**\n\n| 级别 | 规则 | 位置 | 问题 |\n"
    )
    assert text.endswith("\n\n未给出日期，无法判断：TST604")
    assert rows(text) == [
        [],  # the headings
        ["❌ 错误", "TST601 stray", "a.json:2:5 unit:it", "IT没有上级，见Head office。"],
        ["❌ 错误", "TST601 stray", "a.json unit:社群", "社群运营没有上级，见Head office。"],
        ["ℹ️ 提示", "TST603 brief", "b|c.json unit:it", "IT很短。"],
    ]


def test_what_wants_a_date_and_what_wants_an_instant_are_paragraphs() -> None:
    assert UNTIMED.to("markdown").endswith(
        "\n\nnot judged without a date: TST604\n\nnot judged without an instant: TST607"
    )


def test_the_heading_says_whether_the_check_fails() -> None:
    fine = BOOK.select("TST603").check(MODEL, DAY)
    assert fine.to("markdown").startswith("### ✅ Check\n\n**1 info**")
    assert render([("", fine)], "markdown", fail_on=Severity.INFO).startswith("### ❌ Check")
    assert Report(()).to("markdown") == "### ✅ Check\n\n**No findings.**"


def test_what_does_not_count_is_folded_with_its_reason() -> None:
    known = suppressed(suppressed(REPORT, WAIVER, "it"), BASELINE, "社群").where(code="TST601")
    text = known.to("markdown")
    assert "<details>\n<summary>Do not count: 1 waived, 1 in the baseline</summary>\n\n|" in text
    assert [row[-1] for row in rows(text)[1:]] == [
        "waived: Is being | merged.; granted by position:ceo; until 2026-12-31",
        "in the baseline",
    ]
    zh = suppressed(REPORT, WAIVER, "it").to("markdown", "zh")
    assert "已豁免：Is being &#124; merged.；批准者 position:ceo；至 2026-12-31 止" in zh


def test_a_long_report_fits_a_comment_and_says_what_it_left_out() -> None:
    model = OperatingModel(Unit(id=f"u{n}", name=f"Unit {'|' * 50} {n}") for n in range(600))
    report = BOOK.select("TST601", "TST602").check(model)
    known = evolve(report, findings=tuple(evolve(f, suppression=BASELINE) for f in report.findings))
    text = render([("a.json", report), ("b.json", known)], "markdown")
    assert len(text) <= 65_536
    left_out = sum(int(number) for number in re.findall(r"^\.\.\. and (\d+) more$", text, re.MULTILINE))
    assert left_out + sum(bool(row) for row in rows(text)) == 2 * len(report)


@given(reports())
def test_a_reader_shows_every_name_as_it_is(given_reports: list[tuple[str, Report]]) -> None:
    text = render(given_reports, "markdown")
    ordered = sorted(
        [(found, name) for name, report in given_reports for found in report.findings],
        key=lambda pair: pair[0].suppression is not None,
    )
    shown = [" ".join(row[3].split()) for row in rows(text) if row]
    assert shown == [" ".join(clean_line(found.text()).split()) for found, _ in ordered]
    assert "<b>" not in READER.render(text)
    assert "<a " not in READER.render(text)
