from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from hypothesis import given
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from community_ops import OperatingModel, Report, Severity
from community_ops.validation.formats import render
from tests.validation.formats.material import (
    BASELINE,
    BOOK,
    DAY,
    INSTANT,
    MODEL,
    REPORT,
    UNTIMED,
    WAIVER,
    Lines,
    read_from,
    reports,
    suppressed,
)


def cases(text: str) -> dict[str, TestCase]:
    """Return the test cases of the only suite, by name."""
    (suite,) = JUnitXml.fromstring(text.encode())
    return {case.name: case for case in suite}


def test_a_rule_is_a_case_that_fails_by_what_fails_the_check() -> None:
    found = cases(render([("a.json", REPORT)], "junit"))
    assert list(found) == ["TST601 stray", "TST602 small", "TST603 brief", "TST604 dated", "TST605 placed"]
    (failure,) = found["TST601 stray"].result
    assert isinstance(failure, Failure)
    assert (failure.message, failure.type) == ("2 findings", "error")
    assert failure.text.splitlines() == [
        "TST601 error unit:it  IT has no parent; see Head office.",
        "TST601 error unit:社群  社群运营 has no parent; see Head office.",
    ]
    assert found["TST602 small"].result == []  # a status fails nothing
    assert found["TST602 small"].system_out.count("is small.") == 3
    assert found["TST603 brief"].system_out == "TST603 info unit:it  IT is brief."
    assert {case.classname for case in found.values()} == {"a.json"}


def test_what_fails_follows_the_severity_the_check_fails_on() -> None:
    strict = cases(render([("a.json", REPORT)], "junit", "zh", fail_on=Severity.INFO))
    (failure,) = strict["TST603 brief"].result
    assert (failure.message, failure.type) == ("IT很短。", "info")


def test_rules_that_were_not_judged_are_skipped_and_say_why() -> None:
    found = cases(REPORT.to("junit", "zh"))
    assert [found[name].result[0].message for name in ("TST604 dated", "TST605 placed")] == [
        "未给出日期，无法判断",
        "没有可判断的内容",
    ]
    assert all(isinstance(found[name].result[0], Skipped) for name in ("TST604 dated", "TST605 placed"))
    assert {name: case.result[0].message for name, case in cases(UNTIMED.to("junit")).items()} == {
        "TST604 dated": "not judged without a date",
        "TST607 timed": "not judged without an instant",
    }


def test_a_suite_says_when_it_was_checked_at() -> None:
    suites = [ET.fromstring(BOOK.check(MODEL, at).to("junit")) for at in (DAY, INSTANT, None)]
    told = [suite.find(".//property[@name='at']") for suite in suites]
    assert [None if one is None else one.get("value") for one in told] == [
        "2026-03-02", "2026-03-02T09:30:00+00:00", None,
    ]  # fmt: skip


def test_what_does_not_count_fails_nothing_and_is_told_with_its_reason() -> None:
    known = suppressed(suppressed(REPORT, WAIVER, "it"), BASELINE, "社群")
    case = cases(known.to("junit"))["TST601 stray"]
    assert case.result == []
    waived, before = case.system_out.splitlines()
    assert waived.endswith("see Head office. [waived: Is being | merged.; granted by position:ceo; until 2026-12-31]")
    assert before.endswith("see Head office. [in the baseline]")


def test_a_case_points_at_the_line_of_its_first_failure() -> None:
    placed = BOOK.check(read_from(Lines("dir/a.json", "hq", "it"), MODEL)).to("junit")
    case = ET.fromstring(placed).find(".//testcase[@name='TST601 stray']")
    assert case is not None
    assert (case.get("file"), case.get("line")) == ("dir/a.json", "2")
    lines = Lines("a.json", "hq", "it")
    lines.lines = {ref: type(place)(place.file) for ref, place in lines.lines.items()}
    fileonly = ET.fromstring(BOOK.check(read_from(lines, MODEL)).to("junit")).find(".//testcase[@name='TST601 stray']")
    assert fileonly is not None
    assert (fileonly.get("file"), fileonly.get("line")) == ("a.json", None)


def test_a_rule_that_crashed_is_an_error_of_its_own_case() -> None:
    found = cases(BOOK.select("TST603", "TST606").check(MODEL).to("junit"))
    assert list(found) == ["TST603 brief", "TST606 broken"]
    (error,) = found["TST606 broken"].result
    assert isinstance(error, Error)
    assert "out of paper ::error::]]>" in error.message


def test_every_file_is_a_suite_and_the_counts_add_up(tmp_path: Path) -> None:
    several = [("a.json", REPORT), ("b.json", BOOK.check(OperatingModel(), DAY))]
    path = tmp_path / "report.xml"
    path.write_text(render(several, "junit"), encoding="utf-8")
    document = JUnitXml.fromfile(str(path))
    assert [(suite.name, suite.tests, suite.failures, suite.skipped, suite.errors) for suite in document] == [
        ("a.json", 5, 1, 2, 0),
        ("b.json", 5, 0, 1, 0),
    ]
    assert (document.tests, document.failures, document.skipped, document.errors) == (10, 1, 3, 0)
    assert [[(p.name, p.value) for p in suite.properties()] for suite in document] == [[], [("at", "2026-03-02")]]
    document.write(str(path))
    assert [suite.name for suite in JUnitXml.fromfile(str(path))] == ["a.json", "b.json"]


@given(reports())
def test_any_report_is_well_formed_and_holds_every_finding(given_reports: list[tuple[str, Report]]) -> None:
    text = render(given_reports, "junit")
    root = ET.fromstring(text.encode())
    assert len(root) == len(given_reports)
    told = [line for tag in ("failure", "error", "system-out") for node in root.iter(tag) for line in node.itertext()]
    assert sum(len(text.splitlines()) for text in told) == sum(len(report) for _, report in given_reports)
    JUnitXml.fromstring(text.encode())
