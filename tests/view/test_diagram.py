from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops import OperatingModel, Position, templates
from community_ops.view import dot, mermaid
from tests.view.sample import DAY, broken


def titled(title: str) -> OperatingModel:
    return OperatingModel.of(Position(id='"] --> n7', title=title, unit="u"))


def test_mermaid_names_nodes_by_number_and_draws_every_line() -> None:
    lines = [line.strip() for line in mermaid(broken(), DAY).splitlines()]
    assert lines[0] == "flowchart TD"
    assert "%% Units without positions#58; Empty." in lines
    nodes = [line for line in lines if re.fullmatch(r'n\d+\[".*"\]', line)]
    solid = [line for line in lines if re.fullmatch(r"n\d+ --- n\d+", line)]
    dotted = [line for line in lines if re.fullmatch(r'n\d+ -\.->\|"[^"|]*"\| n\d+', line)]
    # 14 positions; five stand at the top (one a cycle, one on itself); nine lines beside them, one to nowhere, and
    # one solid line that the tree already shows; two more close the cycles.
    assert (len(nodes), len(solid), len(dotted)) == (14, 10, 9)
    assert lines[-1].endswith(" vacant")


def test_dot_names_nodes_by_number_and_draws_every_line() -> None:
    lines = dot(broken(), DAY).splitlines()
    assert (lines[0], lines[-1]) == ("digraph organisation {", "}")
    nodes = [line for line in lines if re.match(r"    n\d+ \[label=", line)]
    edges = [line for line in lines if re.match(r"    n\d+ -> n\d+", line)]
    assert (len(nodes), len(edges)) == (14, 19)
    assert sum("style=dashed" in line for line in edges) == 9


@given(st.text(max_size=30))
def test_no_title_can_break_out_of_a_mermaid_label(title: str) -> None:
    (node,) = [line for line in mermaid(titled(title), DAY).split("\n") if line.startswith("    n0[")]
    label = node.removeprefix('    n0["').removesuffix('<br/>vacant"]')
    assert not set(label) & set('"<>`[]{}|\\$&\n')
    assert re.fullmatch(r"([^#]|#\d+;)*", label)


@given(st.text(max_size=30))
def test_no_title_can_break_out_of_a_dot_label(title: str) -> None:
    (node,) = [line for line in dot(titled(title), DAY).split("\n") if line.startswith("    n0 ")]
    label = node.removeprefix('    n0 [label="').removesuffix('\\nvacant", style=dashed, color="#b3261e"]')
    assert re.fullmatch(r'([^"\\&]|\\"|\\\\|&amp;)*', label)


@pytest.mark.parametrize(
    ("title", "in_mermaid", "in_dot"),
    [
        ('a "b"', "a #34;b#34;", 'a \\"b\\"'),
        ("a\\N", "a#92;N", "a\\\\N"),
        ("R&D &lt;", "R#38;D #38;lt;", "R&amp;D &amp;lt;"),
        ("#1", "#35;1", "#1"),
        ("$$x$$", "#36;#36;x#36;#36;", "$$x$$"),
        ("fa:fa-car", "fa#58;fa-car", "fa:fa-car"),
        ("两\n行", "两 行", "两 行"),
    ],
)
def test_special_characters_are_written_as_the_syntax_has_it(title: str, in_mermaid: str, in_dot: str) -> None:
    assert f'n0["{in_mermaid}<br/>' in mermaid(titled(title), DAY)
    assert f'n0 [label="{in_dot}\\n' in dot(titled(title), DAY)


def test_both_are_in_the_language_asked_for() -> None:
    model = templates.community_operations("zh")
    assert "职能虚线" in mermaid(model, DAY, "zh")
    assert "职能虚线" in dot(model, DAY, "zh")


def test_both_say_what_is_left_out() -> None:
    model = OperatingModel(Position(id=f"p{number}", title="P", unit="u") for number in range(9))
    assert "%% Further positions not shown#58; 4; the chart stops at 5 boxes." in mermaid(model, DAY, limit=5)
    assert "// Further positions not shown: 4; the chart stops at 5 boxes." in dot(model, DAY, limit=5)
