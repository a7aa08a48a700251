from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from community_ops import OperatingModel, Ref, Report, Unit
from community_ops.validation.formats import FORMATS, render
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

PLACED = BOOK.check(read_from(Lines("model.json", "hq", "it"), MODEL))


def test_a_line_starts_with_the_place_as_compilers_write_it() -> None:
    assert PLACED.to_text().splitlines() == [
        "model.json:2:5: TST601 error unit:it  IT has no parent; see Head office.",
        "TST601 error unit:社群  社群运营 has no parent; see Head office.",
        "model.json:1:5: TST602 warning unit:hq  Head office is small.",
        "model.json:2:5: TST602 warning unit:it  IT is small.",
        "TST602 warning unit:社群  社群运营 is small.",
        "model.json:2:5: TST603 info unit:it  IT is brief.",
        "not judged without a date: TST604",
        "2 errors, 3 warnings, 1 info",
    ]


def test_several_files_are_named_and_counted_together() -> None:
    empty = BOOK.check(OperatingModel(), DAY)
    assert render([("a.json", PLACED.where(code="TST601")), ("b.json", empty)], "text", "zh").splitlines() == [
        "model.json:2:5: TST601 错误 unit:it  IT没有上级，见Head office。",
        "a.json: TST601 错误 unit:社群  社群运营没有上级，见Head office。",
        "未给出日期，无法判断：TST604",
        "错误 2 个；共 2 个文件",
    ]


def test_what_does_not_count_is_only_counted() -> None:
    known = suppressed(suppressed(REPORT, WAIVER, "it"), BASELINE, "hq", "it", code="TST602").where(code="TST60")
    assert "TST601 error unit:it" not in known.to_text()
    assert known.to_text().splitlines()[-1] == "1 error, 1 warning, 1 info (1 waived, 2 in the baseline)"
    assert known.summary("zh") == "错误 1 个，警告 1 个，提示 1 个（已豁免 1 个，基线内 2 个）"
    waived = suppressed(REPORT, WAIVER, "it").where(code="TST601", subject=Ref("unit", "it"))
    assert waived.summary() == "No findings (1 waived)."
    assert waived.summary("zh") == "没有发现问题（已豁免 1 个）。"
    assert render([], "text") == "No findings."


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match="'xml'; there are text, rich, json, sarif, junit, github, markdown"):
        Report(()).to("xml")


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_writes_nothing_and_a_report_in_both_languages(format: str) -> None:
    assert "社群运营 has no parent" in REPORT.to(format, "en")
    assert "社群运营没有上级" in REPORT.to(format, "zh")
    assert render([], format)
    assert Report(()).to(format)


@given(reports())
def test_nothing_in_a_text_acts_on_a_terminal(given_reports: list[tuple[str, Report]]) -> None:
    text = render(given_reports)
    assert all(unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in text.replace("\n", ""))
    counting = sum(f.suppression is None for _, report in given_reports for f in report.findings)
    skipped = {code for _, report in given_reports for code in report.skipped}
    assert skipped <= {"TST604", "TST607"}  # of which each has a line of its own
    assert len(text.split("\n")) == counting + len(skipped) + 1


def test_what_wants_a_date_and_what_wants_an_instant_are_told_apart() -> None:
    assert UNTIMED.to_text().splitlines() == [
        "not judged without a date: TST604",
        "not judged without an instant: TST607",
        "No findings.",
    ]
    several = [("a.json", UNTIMED), ("b.json", BOOK.select("TST604", "TST607").check(MODEL, DAY))]
    assert render(several, "text", "zh").splitlines() == [
        "未给出日期，无法判断：TST604",
        "未给出具体时刻，无法判断：TST607",
        "没有发现问题；共 2 个文件。",
    ]
    assert Report((), skipped=("X101",)).to_text().startswith("not judged without a date: X101")  # for all it knows


def test_a_name_with_line_breaks_stays_in_its_line() -> None:
    model = OperatingModel.of(Unit(id="a", name="A unit"), Unit(id="b", name="x\n\x1b[2Jy"))
    (line, _) = BOOK.select("TST601").check(model).to_text().splitlines()
    assert line == "TST601 error unit:b  x \ufffd[2Jy has no parent; see A unit."
