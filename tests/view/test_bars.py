from __future__ import annotations

from community_ops.view import svg
from community_ops.view.bars import BARS_SHOWN, Bar, draw_bars
from community_ops.view.textwidth import drawn_width
from tests.view.drawing import SVG, read


def test_bars_are_as_long_as_their_counts() -> None:
    root = draw_bars("Records", "6 records", [Bar("units", 4), Bar("people", 2), Bar("none", 0)], "en")
    lengths = [float(rect.attrib["width"]) for rect in root.iter("rect")][1:]
    assert lengths[0] == 2 * lengths[1]
    assert lengths[2] == 1
    assert read(svg.svg_text(root)).texts == ("Records", "6 records", "units", "4", "people", "2", "none", "0")


def test_names_stay_clear_of_the_bars_and_all_of_it_in_the_picture() -> None:
    bars = [Bar("非常长的名称" * 20, 3), Bar("W" * 100, 1)]
    root = read(svg.svg_text(draw_bars("标题", "概要" * 60, bars, "zh"))).root
    left = min(float(rect.attrib["x"]) for rect in list(root.iter(f"{SVG}rect"))[1:])
    for text in root.iter(f"{SVG}text"):
        end = float(text.attrib["x"]) + drawn_width(text.text or "", float(text.attrib["font-size"]))
        assert end <= float(root.attrib["width"])
        if (text.text or "").endswith("…"):
            assert end <= left


def test_more_bars_than_fit_are_counted() -> None:
    drawing = read(svg.svg_text(draw_bars("T", "S", [Bar(f"b{i}", 1) for i in range(BARS_SHOWN + 3)], "en")))
    assert drawing.texts[-1] == "Not shown: 3 more."
    assert f"b{BARS_SHOWN}" not in drawing.texts


def test_no_bars_make_an_empty_picture() -> None:
    assert read(svg.svg_text(draw_bars("T", "S", [], "en"))).texts == ("T", "S")
