"""Reads a drawn chart back: boxes, texts and lines, with the geometry that tests need."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

from attrs import frozen

SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]
# Coordinates are rounded to a tenth of a unit.
ROUNDING = 0.16


@frozen
class Box:
    x: float
    y: float
    width: float
    height: float
    title: str = ""
    dash: str = ""
    texts: tuple[tuple[float, float, float, bool, str], ...] = ()

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def has_on_border(self, point: Point) -> bool:
        x, y = point
        within_x = self.x - ROUNDING <= x <= self.right + ROUNDING
        within_y = self.y - ROUNDING <= y <= self.bottom + ROUNDING
        on_side = min(abs(x - self.x), abs(x - self.right)) <= ROUNDING
        on_end = min(abs(y - self.y), abs(y - self.bottom)) <= ROUNDING
        return (within_x and within_y) and (on_side or on_end)


@frozen
class Line:
    points: tuple[Point, ...]
    dash: str


@frozen
class Drawing:
    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    texts: tuple[str, ...]
    root: ET.Element


def read(svg: str) -> Drawing:
    root = ET.fromstring(svg)
    boxes, lines = [], []
    for group in root.iter(f"{SVG}g"):
        outline = group.find(f"{SVG}rect")
        if outline is not None:
            boxes.append(_box(group, outline))
    for path in root.iter(f"{SVG}path"):
        dash = path.get("stroke-dasharray", "")
        lines += [Line(points, dash) for points in _subpaths(path.attrib["d"])]
    texts = tuple("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    return Drawing(float(root.attrib["width"]), float(root.attrib["height"]), tuple(boxes), tuple(lines), texts, root)


def _box(group: ET.Element, outline: ET.Element) -> Box:
    texts = tuple(
        (
            float(text.attrib["x"]),
            float(text.attrib["y"]),
            float(text.attrib["font-size"]),
            text.get("font-weight") == "bold",
            text.text or "",
        )
        for text in group.iter(f"{SVG}text")
    )
    x, y, width, height = (float(outline.attrib[name]) for name in ("x", "y", "width", "height"))
    title = group.findtext(f"{SVG}title") or ""
    return Box(x, y, width, height, title, outline.get("stroke-dasharray", ""), texts)


def _subpaths(d: str) -> list[tuple[Point, ...]]:
    parts = [re.findall(r"-?[0-9.]+", part) for part in d.split("M") if part.strip()]
    return [tuple((float(x), float(y)) for x, y in zip(part[::2], part[1::2], strict=True)) for part in parts]


def chart_lines(drawing: Drawing) -> list[Line]:
    """Return the lines between boxes, without those of the legend below them."""
    foot = max((box.bottom for box in drawing.boxes), default=0.0)
    return [line for line in drawing.lines if min(y for _, y in line.points) <= foot + ROUNDING]


def overlaps(boxes: tuple[Box, ...] | list[Box]) -> list[tuple[Box, Box]]:
    return [
        (a, b) for a, b in combinations(boxes, 2) if _cross(a.x, a.right, b.x, b.right, a.y, a.bottom, b.y, b.bottom)
    ]


def _cross(
    left: float, right: float, other_left: float, other_right: float, top: float, foot: float, up: float, down: float
) -> bool:
    return (
        left < other_right - ROUNDING
        and other_left < right - ROUNDING
        and top < down - ROUNDING
        and up < foot - ROUNDING
    )


def crossed(points: tuple[Point, ...], boxes: tuple[Box, ...] | list[Box]) -> list[Box]:
    """Return the boxes through whose inside a line goes."""
    found = []
    for (x1, y1), (x2, y2) in pairwise(points):
        left, right, top, foot = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        found += [
            box
            for box in boxes
            if left < box.right - ROUNDING
            and right > box.x + ROUNDING
            and top < box.bottom - ROUNDING
            and foot > box.y + ROUNDING
        ]
    return found
