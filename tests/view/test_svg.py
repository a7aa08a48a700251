from __future__ import annotations

import base64
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_ops.view import svg
from tests.view.drawing import SVG


@pytest.mark.parametrize(
    ("value", "written"), [(3, "3"), (3.04, "3"), (2.96, "3"), (2.26, "2.3"), (-0.01, "0"), (-1.5, "-1.5")]
)
def test_numbers_are_written_short(value: float, written: str) -> None:
    assert svg.number(value) == written


@given(st.text(max_size=50))
def test_any_text_makes_well_formed_markup(words: str) -> None:
    root = svg.picture(10, 10, words, words, "en")
    svg.text(svg.group(root, words), (1, 2), words, size=10)
    svg.path(root, [(0, 0), (1, 1)], stroke="#000", title=words)
    again = ET.fromstring(svg.svg_text(root))
    assert again.attrib["lang"] == "en"
    assert {element.tag for element in again} == {f"{SVG}title", f"{SVG}desc", f"{SVG}rect", f"{SVG}g"} | (
        {f"{SVG}path"}
    )


@pytest.mark.parametrize(
    ("tip", "before", "corners"),
    [
        ((10, 5), (0, 5), "10,5 0,10 0,0"),
        ((0, 5), (10, 5), "0,5 10,0 10,10"),
        ((5, 10), (5, 0), "5,10 10,0 0,0"),
        ((5, 0), (5, 10), "5,0 0,10 10,10"),
    ],
)
def test_arrow_heads_point_where_the_line_goes(tip: svg.Point, before: svg.Point, corners: str) -> None:
    root = ET.Element("svg")
    svg.arrow(root, tip, before, fill="#000", size=10)
    points = {tuple(map(float, pair.split(","))) for pair in root[0].attrib["points"].split()}
    expected = {tuple(map(float, pair.split(","))) for pair in corners.split()}
    # The base is 10 back from the tip and 9 wide.
    assert tip in points
    assert len(points) == 3
    for point in points - {tip}:
        assert any(abs(point[0] - x) <= 0.5 and abs(point[1] - y) <= 0.5 for x, y in expected - {tip})


def test_lines_of_text_follow_one_another_downwards() -> None:
    root = ET.Element("svg")
    end = svg.lines_of_text(root, (5, 100), ["a", "b"], size=10)
    assert end == 100 + 2 * 10 * svg.LINE_HEIGHT
    first, second = (float(text.attrib["y"]) for text in root)
    assert second - first == pytest.approx(10 * svg.LINE_HEIGHT, abs=0.11)  # written to a tenth
    assert 100 < first < second < end


def test_a_data_address_holds_the_whole_document() -> None:
    address = svg.data_uri("<svg>社群</svg>")
    assert base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode() == "<svg>社群</svg>"
