from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given

from community_ops import DateRange, Model, OperatingModel, Position, ReportingLine, Unit, templates
from community_ops.kernel.schema import Schema
from community_ops.org.structure import Hierarchy, hierarchy
from community_ops.view import text_tree
from community_ops.view.textwidth import display_width
from tests.view.sample import DAY, broken, forests


def test_an_organisation_reads_as_a_tree() -> None:
    model = OperatingModel.of(
        Position(id="ceo", title="首席执行官", unit="hq", seats=0),
        Position(id="coo", title="COO", unit="hq", reports_to="ceo"),
        Position(id="agent", title="Agent", unit="hq", reports_to="coo", seats=12),
        Position(id="cmo", title="CMO", unit="hq", reports_to="ceo"),
        ReportingLine(id="1", position="agent", manager="cmo"),
    )
    assert text_tree(model, DAY).splitlines() == [
        "首席执行官    0/0",
        "├─ COO        0/1  ! vacant",
        "│  └─ Agent  0/12  ! vacant; functional → CMO",
        "└─ CMO        0/1  ! vacant",
    ]


def test_the_template_shows_every_position_in_both_languages() -> None:
    for model, words in (
        (templates.community_operations("en"), "! open since 2025-12-17"),
        (templates.community_operations("zh"), "! 自 2025-12-17 起缺员"),
    ):
        text = text_tree(model, DAY, "zh" if "自" in words else "en")
        assert all(position.title in text for position in model.positions)
        (engineers,) = [line for line in text.splitlines() if words in line]
        assert "2/3" in engineers


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_asked(width: int, language: str) -> None:
    text = text_tree(broken(), DAY, "zh" if language == "zh" else "en", width)
    assert max(map(display_width, text.splitlines())) <= width
    assert all(line == line.rstrip() for line in text.splitlines())


def test_wrapped_titles_and_notes_lose_nothing() -> None:
    # The column of titles takes 11 of 20 parts of the width.
    lines = text_tree(broken(), DAY, width=60).splitlines()
    titles = "".join(left_of(line, 33).lstrip("│├└─ ") for line in lines).replace(" ", "")
    for word in ("非常非常长的岗位名称用于测试换行", "Donaudampfschifffahrtsgesellschaftskapitän"):
        assert word in titles


def left_of(line: str, width: int) -> str:
    """Return what stands in the first cells of a line."""
    end = next((end for end in range(len(line) + 1) if display_width(line[:end]) > width), len(line) + 1)
    return line[: end - 1]


def test_seats_are_in_one_column() -> None:
    lines = text_tree(templates.community_operations("zh"), DAY, "zh").splitlines()[:22]
    found = [re.search(r"\d/\d", line) for line in lines]
    assert len({display_width(line[: match.start()]) for line, match in zip(lines, found, strict=True) if match}) == 1
    assert all(found)


def test_nothing_broken_is_lost_and_nothing_acts_on_the_terminal() -> None:
    text = text_tree(broken(), DAY, width=200)
    assert "! in a cycle: above it is Bob" in text
    assert "ghost" in text
    assert "! closed" in text
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "\u202e" not in text


def test_without_a_date_seats_filled_are_unknown_unless_nobody_ever_held_the_position() -> None:
    from community_ops import Assignment

    model = OperatingModel.of(
        Position(id="a", title="A", unit="u"),
        Position(id="b", title="B", unit="u"),
        Assignment(id="1", person="x", position="a", period=DateRange(date(2020, 1, 1))),
    )
    lines = text_tree(model).splitlines()
    assert lines[:2] == ["A  ?/1", "B  0/1  ! vacant"]
    assert "No date given: ? stands where" in lines[-1]


def test_a_hierarchy_by_itself_is_shown_by_ids() -> None:
    tree = Hierarchy.of("position", ["a", "b", "c"], [None, "a", "ghost"])
    assert text_tree(tree).splitlines() == ["a", "└─ b", "c     ! what is above it does not exist"]


def test_a_model_without_positions_shows_its_units() -> None:
    model = OperatingModel.of(Unit(id="hq", name="HQ"), Unit(id="s", name="Sales", parent="hq"))
    assert text_tree(model, DAY) == "HQ\n└─ Sales"


def test_where_there_is_nothing_it_says_so() -> None:
    class Bare(Model):
        schema = Schema.of()

    assert text_tree(Bare.of()) == "Nothing to show."
    assert text_tree(OperatingModel.of(), language="zh") == "没有可显示的内容。"
    assert text_tree(Hierarchy.of("position", [], [])) == "Nothing to show."


def test_a_limit_bounds_the_lines_and_says_what_is_missing() -> None:
    model = OperatingModel(
        Position(id=f"p{number}", title="P", unit="u", reports_to="p0" if number else None) for number in range(50)
    )
    lines = text_tree(model, DAY, limit=10).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "Further positions not shown: 40; the chart stops at 10 boxes."


def test_levels_too_deep_to_indent_say_how_deep_they_are() -> None:
    ids = [f"p{number}" for number in range(100)]
    tree = Hierarchy.of("position", ids, [None, *ids[:-1]])
    lines = text_tree(tree, width=60).splitlines()
    assert len(lines) == 100
    assert lines[-1].endswith("[level 100] p99")
    assert max(map(display_width, lines)) <= 60


@given(forests(20))
def test_indentation_tells_who_is_below_whom(above: list[int | None]) -> None:
    ids = [f"p{node}" for node in range(len(above))]
    tree = Hierarchy.of("position", ids, [None if over is None else f"p{over}" for over in above])
    lines = text_tree(tree, width=200).splitlines() if ids else []
    depths = {line[line.index("p") :]: line.index("p") // 3 for line in lines}
    assert depths == dict(zip(tree.ids, tree.depths, strict=True))


def test_hierarchies_of_models_are_accepted_too() -> None:
    assert text_tree(hierarchy(broken())).count("\n") == 13
