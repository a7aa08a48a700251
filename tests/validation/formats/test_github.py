from __future__ import annotations

import re

from hypothesis import given

from community_ops import OperatingModel, Report, Unit
from community_ops.kernel.text import clean_line
from community_ops.validation.formats import render
from tests.validation.formats.material import (
    BOOK,
    MODEL,
    REPORT,
    UNTIMED,
    WAIVER,
    Lines,
    read_from,
    reports,
    suppressed,
)

SEVERITIES = {"error": "error", "warning": "warning", "notice": "info"}


def unescaped(text: str, property: bool) -> str:
    """Undo the escaping the way the runner's documentation has it: the percent sign last."""
    for escape, character in [("%0D", "\r"), ("%0A", "\n"), *([("%3A", ":"), ("%2C", ",")] if property else [])]:
        text = text.replace(escape, character)
    return text.replace("%25", "%")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as a runner does: a word, properties between commas, and after `::` the message."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match is not None
    pairs = [pair.partition("=") for pair in match[2].split(",")]
    return match[1], {key: unescaped(value, True) for key, _, value in pairs}, unescaped(match[3], False)


def test_an_annotation_names_file_line_and_column() -> None:
    placed = BOOK.select("TST601").check(read_from(Lines("org/a,b:c.json", "hq", "it"), MODEL))
    assert render([("other.json", placed)], "github").splitlines() == [
        "::error file=org/a%2Cb%3Ac.json,line=2,col=5,title=TST601 stray::IT has no parent; see Head office.",
        "::error file=other.json,title=TST601 stray::社群运营 has no parent; see Head office.",
        "2 errors",
    ]
    line_only = BOOK.select("TST603").check(read_from(Lines("a.json", "hq", "it", column=False), MODEL))
    assert line_only.to("github").splitlines()[0] == "::notice file=a.json,line=2,title=TST603 brief::IT is brief."


def test_signs_of_the_notation_are_escaped() -> None:
    model = OperatingModel.of(Unit(id="a", name="A unit"), Unit(id="b", name="100%0A::error::"))
    assert "::100%250A::error:: has no parent" in BOOK.check(model).to("github")


def test_what_does_not_count_is_no_annotation() -> None:
    text = suppressed(REPORT, WAIVER, "it").where(code="TST601").to("github")
    assert "IT has" not in text
    assert text.splitlines()[1:] == ["not judged without a date: TST604", "1 error (1 waived)"]


def test_what_wants_a_date_and_what_wants_an_instant_are_lines_of_the_log() -> None:
    assert UNTIMED.to("github").splitlines()[:2] == [
        "not judged without a date: TST604",
        "not judged without an instant: TST607",
    ]


@given(reports())
def test_a_runner_reads_back_every_finding(given_reports: list[tuple[str, Report]]) -> None:
    lines = render(given_reports, "github").splitlines()
    commands = [read(line) for line in lines if line.startswith("::")]
    read_back = [(SEVERITIES[word], at.get("file", ""), at["title"], text) for word, at, text in commands]
    assert read_back == [
        (
            str(found.severity),
            clean_line(name if found.location is None else found.location.file),
            f"{found.code} {found.rule}",
            clean_line(found.text()),
        )
        for name, report in given_reports
        for found in report.findings
        if found.suppression is None
    ]
