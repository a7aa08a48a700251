"""Primitives of SVG as element trees: every label is escaped by construction, every look is an attribute.

There are no style sheets, scripts, markers or embedded HTML, because viewers strip or differ on them: a picture made
here shows the same in a browser, an `<img>`, an office document or a notebook nobody trusts.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from attrs import frozen

from community_ops.kernel.text import clean_line
from community_ops.validation.wording import Language

Point = tuple[float, float]

FONTS = (
    "Arial, Helvetica, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'Noto Sans SC', sans-serif"
)
INK, MUTED, PAPER = "#1b1f24", "#4d5560", "#ffffff"
# Every colour of text or line here has a contrast of at least 4.5 to 1 to white (WCAG 2.1, 1.4.3, level AA).
RED, ORANGE, BLUE, NAVY, PURPLE, GREEN = "#b3261e", "#8a5300", "#0b57b0", "#2b3f66", "#7a2e9d", "#1e6b3a"
LINE_HEIGHT = 1.35


@frozen
class Rect:
    """A rectangle, in user units, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends to the right."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends below."""
        return self.y + self.height


def number(value: float) -> str:
    """Write a coordinate, to a tenth of a unit.

    Example:
        >>> number(3.0), number(2.25), number(-0.04)
        ('3', '2.2', '0')
    """
    rounded = round(value, 1)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)


def picture(width: float, height: float, title: str, description: str, language: Language) -> ET.Element:
    """Return an empty picture with a white ground.

    Args:
        width: in user units, which are pixels where nothing scales the picture.
        height: likewise.
        title: what it is, in a few words; read out by screen readers.
        description: what it shows, in a sentence or two.
        language: the language of its labels.
    """
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": number(width),
        "height": number(height),
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "role": "img",
        "aria-label": clean_line(title),
        "lang": "zh-Hans" if language == "zh" else "en",
        "font-family": FONTS,
    }
    root = ET.Element("svg", attributes)
    ET.SubElement(root, "title").text = clean_line(title)
    ET.SubElement(root, "desc").text = clean_line(description)
    rect(root, Rect(0, 0, width, height), fill=PAPER)
    return root


def group(parent: ET.Element, title: str = "") -> ET.Element:
    """Add a group, with a title that browsers show when the pointer rests on it."""
    element = ET.SubElement(parent, "g")
    if title:
        ET.SubElement(element, "title").text = clean_line(title)
    return element


def rect(
    parent: ET.Element, at: Rect, *, fill: str = "none", stroke: str = "", radius: float = 0, dash: str = ""
) -> None:
    """Add a rectangle."""
    attributes = {
        "x": number(at.x),
        "y": number(at.y),
        "width": number(at.width),
        "height": number(at.height),
        "fill": fill,
    }
    if radius:
        attributes["rx"] = number(radius)
    ET.SubElement(parent, "rect", {**attributes, **_stroke(stroke, dash, 1.4)})


def path(
    parent: ET.Element,
    *lines: Sequence[Point],
    stroke: str,
    width: float = 1.4,
    dash: str = "",
    title: str = "",
) -> None:
    """Add lines through points; where several lie on one another they show as one."""
    steps = " ".join(
        f"{'L' if i else 'M'}{number(x)} {number(y)}" for points in lines for i, (x, y) in enumerate(points)
    )
    element = ET.SubElement(parent, "path", {"d": steps, "fill": "none", **_stroke(stroke, dash, width)})
    if title:
        ET.SubElement(element, "title").text = clean_line(title)


def arrow(parent: ET.Element, tip: Point, before: Point, *, fill: str, size: float = 7) -> None:
    """Add an arrow head that ends at a point, seen from the point before it on a line along an axis."""
    x, y = tip
    along_x = (x > before[0]) - (x < before[0])
    along_y = (y > before[1]) - (y < before[1])
    base = (x - size * along_x, y - size * along_y)
    half = size * 0.45
    corners = [tip, (base[0] + half * along_y, base[1] + half * along_x)]
    corners.append((base[0] - half * along_y, base[1] - half * along_x))
    points = " ".join(f"{number(px)},{number(py)}" for px, py in corners)
    ET.SubElement(parent, "polygon", {"points": points, "fill": fill})


def text(parent: ET.Element, at: Point, words: str, *, size: float, fill: str = INK, bold: bool = False) -> None:
    """Add one line of text; the point is the left end of its base line."""
    attributes = {"x": number(at[0]), "y": number(at[1]), "font-size": number(size), "fill": fill}
    if bold:
        attributes["font-weight"] = "bold"
    ET.SubElement(parent, "text", attributes).text = clean_line(words)


def lines_of_text(
    parent: ET.Element, at: Point, lines: Iterable[str], *, size: float, fill: str = INK, bold: bool = False
) -> float:
    """Add lines of text below one another, and return where the next would have its upper edge.

    Args:
        parent: what to add them to.
        at: the upper left corner of the first line.
        lines: the lines.
        size: the font size, in user units.
        fill: the colour.
        bold: whether to write them in bold.
    """
    x, y = at
    for words in lines:
        text(parent, (x, y + size * (LINE_HEIGHT + 0.7) / 2), words, size=size, fill=fill, bold=bold)
        y += size * LINE_HEIGHT
    return y


def svg_text(root: ET.Element) -> str:
    """Write a picture as a stand-alone SVG document."""
    return ET.tostring(root, encoding="unicode")


def data_uri(svg: str) -> str:
    """Return an address that holds a whole SVG document, for use in `<img src>`.

    Example:
        >>> data_uri("<svg/>")
        'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _stroke(stroke: str, dash: str, width: float) -> dict[str, str]:
    if not stroke:
        return {}
    attributes = {"stroke": stroke, "stroke-width": number(width)}
    return {**attributes, "stroke-dasharray": dash} if dash else attributes
