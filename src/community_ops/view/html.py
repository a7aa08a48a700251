"""HTML as element trees: figures, tables and whole texts, escaped by construction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from community_ops.kernel.text import clean_line
from community_ops.validation.wording import Language
from community_ops.view import svg


def element(tag: str, text: str = "", children: Iterable[ET.Element] = (), **attributes: str) -> ET.Element:
    """Return an element with text, then children; an underscore after an attribute's name is dropped.

    Example:
        >>> html_text(element("p", "a < b", class_="note"))
        '<p class="note">a &lt; b</p>'
    """
    made = ET.Element(tag, {name.rstrip("_"): clean_line(value) for name, value in attributes.items()})
    made.text = clean_line(text) or None
    made.extend(children)
    return made


def html_text(*elements: ET.Element) -> str:
    """Write elements as HTML."""
    return "".join(ET.tostring(each, encoding="unicode", method="html") for each in elements)


def image_figure(picture: ET.Element, caption: Sequence[str]) -> ET.Element:
    """Return a figure that holds a picture as an image, which no notebook strips, with its label as alternative text.

    Args:
        picture: the picture, an SVG element tree.
        caption: sentences to stand below it.
    """
    source = svg.data_uri(svg.svg_text(picture))
    image = element("img", alt=picture.attrib["aria-label"], src=source)
    return element("figure", children=[image, element("figcaption", " ".join(caption))])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> ET.Element:
    """Return a table with a row of heads.

    Args:
        heads: the heads of the columns.
        rows: the rows, as texts.
        caption: what it shows.
    """
    made = element("table", children=[element("caption", caption)] if caption else [])
    head = ET.SubElement(made, "thead")
    head.append(element("tr", children=[element("th", text, scope="col") for text in heads]))
    body = ET.SubElement(made, "tbody")
    body.extend(element("tr", children=[element("td", text) for text in row]) for row in rows)
    return made


def details(summary: str, *content: ET.Element, open_: bool = False) -> ET.Element:
    """Return content that a reader can fold away."""
    made = element("details", children=[element("summary", summary), *content])
    if open_:
        made.set("open", "open")
    return made


def lang_of(language: Language) -> str:
    """Return the tag of a language for the `lang` attribute (BCP 47)."""
    return "zh-Hans" if language == "zh" else "en"
