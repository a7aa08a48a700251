"""What stands for a task in a Gantt chart: bars, diamonds and brackets, each told apart by more than its colour."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from community_ops.view import svg
from community_ops.view.svg import Point, Rect

BAR = 12.0
"""How high a bar is, and a diamond."""
# How the bars look by what they stand for: ground, border, dash pattern.
_BARS = {
    "task": ("#7fa6d1", svg.NAVY, ""),
    "critical": ("#f3b8b2", svg.RED, ""),
    "level_of_effort": ("#ffffff", "#6b7580", "4 2"),
    "recurring": ("#b9d8bf", svg.GREEN, ""),
}


def draw_mark(group: ET.Element, look: str, start: float, finish: float, middle: float) -> None:
    """Draw what stands for a stretch of work, or for a moment."""
    if look == "milestone":
        _diamond(group, (finish, middle))
    elif look == "summary":
        _bracket(group, start, finish, middle)
    else:
        fill, stroke, dash = _BARS[look]
        bar = Rect(start, middle - BAR / 2, max(finish - start, 1.0), BAR)
        svg.rect(group, bar, fill=fill, stroke=stroke, dash=dash, radius=2)
        if look == "critical":
            _hatch(group, bar)


def _hatch(group: ET.Element, bar: Rect) -> None:
    """Draw slanted strokes over a bar; each lies wholly within it."""
    count = int((bar.width - bar.height) // 6) + 1 if bar.width >= bar.height else 0
    strokes = [
        [(bar.x + 6 * n, bar.bottom), (bar.x + 6 * n + bar.height, bar.y)] for n in range(count)
    ]  # a bar narrower than it is high has none: its name is in bold
    if strokes:
        svg.path(group, *strokes, stroke=svg.RED, width=1)


def _polygon(group: ET.Element, *points: Point, fill: str) -> None:
    corners = " ".join(f"{svg.number(x)},{svg.number(y)}" for x, y in points)
    ET.SubElement(group, "polygon", {"points": corners, "fill": fill})


def _diamond(group: ET.Element, at: Point) -> None:
    (x, y), half = at, BAR / 2
    _polygon(group, (x - half, y), (x, y - half), (x + half, y), (x, y + half), fill=svg.INK)


def _bracket(group: ET.Element, start: float, finish: float, middle: float) -> None:
    top, under, tip = middle - 4, middle, middle + 5
    finish = max(finish, start + 1)
    nib = min(4.0, (finish - start) / 2)
    _polygon(
        group, (start, top), (finish, top), (finish, tip), (finish - nib, under), (start + nib, under), (start, tip),
        fill=svg.INK,
    )  # fmt: skip
