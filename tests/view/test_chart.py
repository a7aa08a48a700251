from __future__ import annotations

import re
import time
import unicodedata
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from community_ops import OperatingModel, Position, ReportingLine, Unit, templates
from community_ops.view import org_chart, svg, unit_chart
from community_ops.view.chart import BOXES, LINES, TIES_DRAWN
from community_ops.view.textwidth import drawn_width
from tests.view.drawing import ROUNDING, SVG, Drawing, chart_lines, crossed, overlaps, read
from tests.view.sample import DAY, EVIL, broken


def template(language: str) -> OperatingModel:
    return templates.community_operations("zh" if language == "zh" else "en")


def wide() -> OperatingModel:
    """Return 300 positions: a head, 30 managers, and their reports; every manager with a dotted line to the next."""
    managers = [Position(id=f"m{i}", title=f"经理 {i}", unit="u", reports_to="head") for i in range(30)]
    reports = [Position(id=f"r{i}", title=f"Report {i}", unit="u", reports_to=f"m{i % 30}") for i in range(269)]
    lines = [ReportingLine(id=f"l{i}", position=f"m{i}", manager=f"m{(i * 7 + 1) % 30}") for i in range(30)]
    return OperatingModel.of(Position(id="head", title="Head", unit="u"), *managers, *reports, *lines)


CHARTS = {
    "template-en": lambda: org_chart(template("en"), DAY),
    "template-zh": lambda: org_chart(template("zh"), DAY, "zh"),
    "undated": lambda: org_chart(template("zh"), language="zh"),
    "broken": lambda: org_chart(broken(), DAY),
    "broken-zh": lambda: org_chart(broken(), DAY, "zh"),
    "wide": lambda: org_chart(wide(), DAY),
    "bounded": lambda: org_chart(wide(), DAY, limit=60),
    "units": lambda: unit_chart(broken(), "zh"),
    "empty": lambda: org_chart(OperatingModel.of(), DAY),
}


@pytest.fixture(params=CHARTS, scope="module")
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return read(CHARTS[request.param]())


def test_no_two_boxes_overlap(drawing: Drawing) -> None:
    assert not overlaps(drawing.boxes)


def test_every_text_fits_its_box(drawing: Drawing) -> None:
    for box in drawing.boxes:
        for x, y, size, _, words in box.texts:
            assert x >= box.x
            assert x + drawn_width(words, size) <= box.right, words
            assert box.y <= y - 0.7 * size
            assert y + 0.25 * size <= box.bottom


def test_lines_of_text_in_a_box_do_not_overlap(drawing: Drawing) -> None:
    for box in drawing.boxes:
        lines = sorted((y, size) for _, y, size, _, _ in box.texts)
        for (above, _), (below, size) in pairwise(lines):
            assert below - above >= size


def test_every_line_ends_on_the_borders_of_boxes_and_crosses_none(drawing: Drawing) -> None:
    for line in chart_lines(drawing):
        for end in (line.points[0], line.points[-1]):
            assert any(box.has_on_border(end) for box in drawing.boxes), end
        assert not crossed(line.points, drawing.boxes)


def test_everything_lies_within_the_picture(drawing: Drawing) -> None:
    for box in drawing.boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.right <= drawing.width + ROUNDING
        assert box.bottom <= drawing.height + ROUNDING
    for text in drawing.root.iter(f"{SVG}text"):
        end = float(text.attrib["x"]) + drawn_width(text.text or "", float(text.attrib["font-size"]))
        assert end <= drawing.width
        assert float(text.attrib["y"]) <= drawing.height
    for line in drawing.lines:
        assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in line.points)


def test_looks_are_attributes_only(drawing: Drawing) -> None:
    tags = {element.tag.removeprefix(SVG) for element in drawing.root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "path", "polygon", "text"}
    for element in drawing.root.iter():
        assert not {"style", "class", "id", "href"} & set(element.attrib)
        assert not any(name.startswith("on") for name in element.attrib)


def test_the_picture_says_what_it_is(drawing: Drawing) -> None:
    first, second = list(drawing.root)[:2]
    assert (first.tag, second.tag) == (f"{SVG}title", f"{SVG}desc")
    assert drawing.root.attrib["role"] == "img"
    assert drawing.root.attrib["aria-label"] == first.text


def test_a_chart_names_everybody_and_says_what_is_vacant() -> None:
    drawing = read(org_chart(template("zh"), DAY, "zh"))
    words = "".join(drawing.texts)
    model = template("zh")
    assert all(position.title in words for position in model.positions)
    assert len(drawing.boxes) == len(model.positions)
    assert "3 个席位，在岗 2 个" in words
    assert "自 2025-12-17 起缺员" in words
    assert "组织架构图（2026-03-02）" in words


def test_a_vacancy_is_told_by_word_border_and_legend() -> None:
    drawing = read(org_chart(broken(), DAY))
    vacant = next(box for box in drawing.boxes if box.title.startswith("Below"))
    held = next(box for box in drawing.boxes if box.title.startswith("总经理"))
    assert vacant.dash
    assert not held.dash
    assert "vacant" in [words for *_, words in vacant.texts]
    assert drawing.texts.count("vacant") > sum("vacant" in [w for *_, w in box.texts] for box in drawing.boxes)


def test_dotted_lines_look_different_from_solid_ones_and_from_one_another() -> None:
    drawing = read(org_chart(broken(), DAY))
    dashes = {line.dash for line in chart_lines(drawing)}
    assert dashes == {LINES[kind][1] for kind in LINES}
    assert len(dashes) == 6
    assert {"solid line", "functional", "project", "administrative", "second solid line"} <= set(drawing.texts)


def test_a_dotted_line_has_an_arrow_head_at_the_manager() -> None:
    drawing = read(org_chart(template("en"), DAY))
    arrows = list(drawing.root.iter(f"{SVG}polygon"))
    dashed = [line for line in chart_lines(drawing) if line.dash]
    assert len(arrows) == len(dashed) == 4
    for line, arrow in zip(dashed, arrows, strict=True):
        tip = tuple(float(part) for part in arrow.attrib["points"].split()[0].split(","))
        assert tip == line.points[-1]


def test_no_label_can_break_out() -> None:
    drawing = read(org_chart(broken(), DAY))
    assert any(EVIL.split()[0] in box.title for box in drawing.boxes)
    assert all("\x00" not in words and "\x1b" not in words and "\u202e" not in words for words in drawing.texts)
    assert "a\ufffdb\ufffd[31m\ufffdc" in drawing.texts


def test_beyond_the_limit_the_chart_says_how_many_are_not_shown() -> None:
    drawing = read(org_chart(wide(), DAY, limit=60))
    assert len(drawing.boxes) == 60
    assert "Further positions not shown: 240; the chart stops at 60 boxes." in drawing.texts
    assert "+ 9 direct reports not shown" in drawing.texts


def test_lines_beyond_what_can_be_told_apart_are_counted() -> None:
    positions = [Position(id=f"p{i}", title=f"P{i}", unit="u") for i in range(TIES_DRAWN + 5)]
    lines = [ReportingLine(id=p.id, position=p.id, manager="p0") for p in positions]
    drawing = read(org_chart(OperatingModel.of(*positions, *lines), DAY))
    assert len([line for line in chart_lines(drawing) if line.dash]) == TIES_DRAWN
    assert "Dotted lines named in their boxes but not drawn: 5." in drawing.texts


def test_an_empty_organisation_is_said_to_be_empty() -> None:
    assert "Nothing to show." in read(org_chart(OperatingModel.of(), DAY)).texts


def test_a_unit_chart_names_units_kinds_and_heads() -> None:
    model = OperatingModel.of(
        Unit(id="hq", name="Head office", kind="organisation", heads=("ceo", "ghost")),
        Unit(id="s", name="Sales", parent="hq", kind="department"),
        Unit(id="lost", name="Lost", parent="nowhere"),
        Position(id="ceo", title="CEO", unit="hq"),
    )
    words = read(unit_chart(model)).texts
    assert {"Head office", "organisation", "CEO, ghost", "Sales", "part of"} <= set(words)
    assert "above it stands 'nowhere', which does not exist" in " ".join(words)


@pytest.mark.parametrize("ground", ["#ffffff", *(look[0] for look in BOXES.values())])
@pytest.mark.parametrize("ink", [svg.INK, svg.MUTED, svg.RED, svg.ORANGE, svg.NAVY])
def test_text_has_enough_contrast(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5  # WCAG 2.1, success criterion 1.4.3, level AA


@pytest.mark.parametrize("colour", [look[0] for look in LINES.values()] + [look[1] for look in BOXES.values()])
def test_lines_and_borders_have_enough_contrast(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 3  # WCAG 2.1, success criterion 1.4.11


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2.1 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", colour)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_same_organisation_gives_the_same_picture() -> None:
    assert org_chart(broken(), DAY) == org_chart(broken(), DAY)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_picture_is_well_formed_on_its_own(language: str) -> None:
    text = org_chart(broken(), DAY, "zh" if language == "zh" else "en")
    assert ET.fromstring(text.encode()).tag == f"{SVG}svg"
    assert not any(unicodedata.category(character) == "Cc" for character in text)


@pytest.mark.scale
def test_the_template_is_drawn_in_a_twentieth_of_a_second() -> None:
    model = template("zh")
    org_chart(model, DAY, "zh")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        org_chart(model, DAY, "zh")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


@pytest.mark.scale
@pytest.mark.parametrize("shape", ["deep", "wide"])
def test_a_model_of_a_hundred_thousand_is_drawn_by_its_top(shape: str) -> None:
    def above(number: int) -> str | None:
        return f"p{number - 1 if shape == 'deep' else 0}" if number else None

    model = OperatingModel(
        Position(id=f"p{number}", title="P", unit="u", reports_to=above(number)) for number in range(100_000)
    )
    assert len(read(org_chart(model, DAY)).boxes) == 400


def test_a_legend_wider_than_the_chart_takes_several_rows() -> None:
    model = OperatingModel.of(
        Position(id="a", title="A", unit="u"),
        Position(id="b", title="B", unit="u", reports_to="a", status="closed"),
        *(
            ReportingLine(id=kind, position="b", manager="a", kind=kind)
            for kind in ("functional", "project", "administrative")
        ),
    )
    drawing = read(org_chart(model, DAY))
    heights = {
        float(text.attrib["y"])
        for text in drawing.root.iter(f"{SVG}text")
        if text.text in ("solid line", "functional", "project", "administrative", "not in force")
    }
    assert len(heights) == 2
