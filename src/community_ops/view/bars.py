"""Bars that count things: how many findings by rule, how many records by kind."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from attrs import frozen

from community_ops.validation.wording import Language
from community_ops.view import svg
from community_ops.view.svg import Rect
from community_ops.view.textwidth import cut, drawn_width, ems
from community_ops.view.words import say

BARS_SHOWN = 30
_MARGIN, _ROW, _LABEL_MOST, _LENGTH, _SIZE = 20.0, 24.0, 260.0, 300.0, 12.0


@frozen
class Bar:
    """One bar.

    Attributes:
        name: what is counted.
        count: how many there are.
        colour: of the bar; says nothing that `name` does not.
    """

    name: str
    count: int
    colour: str = "#4e79a7"


def draw_bars(title: str, summary: str, bars: Sequence[Bar], language: Language) -> ET.Element:
    """Draw counts as horizontal bars, each with its name and number.

    Args:
        title: what the picture is.
        summary: what it says, in a line.
        bars: what to draw; of more than 30 the first.
        language: of the title.
    """
    shown = bars[:BARS_SHOWN]
    names = [cut(bar.name, _LABEL_MOST / _SIZE, ems) for bar in shown]
    left = _MARGIN + max((drawn_width(name, _SIZE) for name in names), default=0.0) + 12
    top = _MARGIN + 48
    more = len(bars) - len(shown)
    width = max(left + _LENGTH + 90, _MARGIN * 2 + drawn_width(summary, _SIZE))
    height = top + _ROW * (len(shown) + (more > 0)) + _MARGIN
    root = svg.picture(width, height, say("titled", language, title=title, summary=summary), summary, language)
    svg.text(root, (_MARGIN, _MARGIN + 14), title, size=16, bold=True)
    svg.text(root, (_MARGIN, _MARGIN + 34), summary, size=_SIZE, fill=svg.MUTED)
    most = max((bar.count for bar in shown), default=0)
    for row, (bar, name) in enumerate(zip(shown, names, strict=True)):
        y = top + _ROW * row
        svg.text(root, (_MARGIN, y + 14), name, size=_SIZE)
        length = _LENGTH * bar.count / most if most else 0.0
        svg.rect(root, Rect(left, y + 3, max(length, 1.0), _ROW - 9), fill=bar.colour, radius=2)
        svg.text(root, (left + max(length, 1.0) + 8, y + 14), str(bar.count), size=_SIZE)
    if more > 0:
        svg.text(root, (_MARGIN, top + _ROW * len(shown) + 14), say("more_rows", language, n=more), size=_SIZE)
    return root
