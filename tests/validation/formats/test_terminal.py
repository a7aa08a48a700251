from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from rich.cells import cell_len

from community_ops import MissingExtra, OperatingModel, Report, Unit
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


def test_a_table_a_file_and_the_counts() -> None:
    placed = BOOK.check(read_from(Lines("a.json", "hq", "it"), MODEL)).where(code="TST601")
    empty = BOOK.check(OperatingModel())
    text = render([("a.json", placed), ("b.json", empty)], "rich", width=78, colour=False)
    assert text.splitlines() == [
        "a.json",
        "Severity   Rule     Where        Finding",
        "─" * 73,
        "error      TST601   unit:it      IT has no parent; see Head office.",
        "                    a.json:2:5",
        "error      TST601   unit:社群    社群运营 has no parent; see Head office.",
        "",
        "not judged without a date: TST604",
        "2 errors; 2 files",
    ]


def test_what_wants_a_date_and_what_wants_an_instant_are_lines() -> None:
    assert UNTIMED.to("rich", "zh").splitlines() == [
        "未给出日期，无法判断：TST604",
        "未给出具体时刻，无法判断：TST607",
        "没有发现问题。",
    ]


def test_columns_line_up_in_cells_where_characters_are_wide() -> None:
    text = REPORT.where(code="TST601").to("rich", "zh")
    heading, _, first, second = [line for line in text.splitlines() if line][:4]
    starts = {
        cell_len(line[: line.index(word)])
        for line, word in [(heading, "问题"), (first, "IT没"), (second, "社群运营没")]
    }
    assert len(starts) == 1


def test_colours_follow_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" not in REPORT.to("rich")
    coloured = render([("", REPORT)], "rich", colour=True)
    assert "\x1b[1;31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == render([("", REPORT)], "rich", colour=False).split()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "\x1b[" in REPORT.to("rich")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in REPORT.to("rich")


def test_what_does_not_count_is_only_counted() -> None:
    text = suppressed(REPORT, WAIVER, "it").to("rich")
    assert "IT has no parent" not in text
    assert "(1 waived)" in text


def test_square_brackets_are_no_markup() -> None:
    model = OperatingModel.of(Unit(id="a", name="A unit"), Unit(id="b", name="[bold]x[/] :smile:"))
    assert "[bold]x[/] :smile: has" in render([("", BOOK.check(model))], "rich", width=200)


def test_without_rich_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with pytest.raises(MissingExtra, match=re.escape("pip install 'community-ops[rich]'")):
        REPORT.to("rich")


@given(reports())
def test_a_table_keeps_its_width_and_holds_nothing_that_acts(given_reports: list[tuple[str, Report]]) -> None:
    text = render(given_reports, "rich", width=60, colour=False)
    assert all(cell_len(line) <= 60 for line in text.split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
