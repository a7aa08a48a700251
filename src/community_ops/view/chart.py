"""Organisation charts as SVG: boxes, elbows for solid lines, dashes for dotted ones, a legend, and what is left out.

Nothing is told by colour alone: a vacant position has a dashed border and the word, a dotted line a dash pattern of
its own, an arrow head and its name in the box it starts from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from xml.etree import ElementTree as ET

from attrs import frozen

from community_ops.kernel.view import ModelView
from community_ops.validation.wording import Language
from community_ops.view import svg
from community_ops.view.layout import Layout, arrange
from community_ops.view.organisation import position_scene
from community_ops.view.routing import routes
from community_ops.view.scene import LIMIT, Box, Scene
from community_ops.view.svg import Point, Rect
from community_ops.view.textwidth import drawn_width, ems, wrap, wrap_items
from community_ops.view.units import unit_scene
from community_ops.view.words import listed, say

BOX_WIDTH, PAD_LEFT, PAD_RIGHT, PAD_Y, BAR = 190.0, 15.0, 9.0, 7.0, 5.0
MARGIN = 24.0
NARROWEST = 460.0
TIES_DRAWN = 60
PEOPLE_IN_BOX = 6
SMALL, NORMAL, LARGE, HEADING = 10.0, 11.0, 12.5, 16.0

# How each sort of line looks: colour, dash pattern, width.
LINES: Mapping[str, tuple[str, str, float]] = MappingProxyType(
    {
        "solid": ("#5b6672", "", 1.4),
        "functional": (svg.BLUE, "7 4", 1.6),
        "project": (svg.PURPLE, "2 3", 1.8),
        "administrative": (svg.GREEN, "10 3 2 3", 1.6),
        "second": (svg.ORANGE, "14 4", 1.6),
        "cycle": (svg.RED, "4 2", 2.0),
    }
)
# How a box looks by its state: ground, border, dash pattern.
BOXES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "filled": ("#ffffff", "#7a848f", ""),
        "plain": ("#ffffff", "#7a848f", ""),
        "part": ("#fffaf0", svg.ORANGE, "9 3"),
        "vacant": ("#fff4f2", svg.RED, "5 3"),
        "absent": ("#f2f3f5", "#6b7580", "2 3"),
    }
)
_UNIT_COLOURS = ("#4e79a7", "#e19c3c", "#59a14f", "#b07aa1", "#76b7b2", "#d37295", "#9c755f", "#8cd17d", "#bab0ac")


@frozen
class _Label:
    """Lines of text in a box that look alike."""

    lines: tuple[str, ...]
    size: float
    fill: str
    bold: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * svg.LINE_HEIGHT


def org_chart(m: ModelView, at: date | None = None, language: Language = "en", *, limit: int = LIMIT) -> str:
    """Draw who reports to whom, who holds what and what is vacant.

    Args:
        m: the model.
        at: the day; None leaves out reporting lines with a period, and names every holder on record.
        language: of the words; names are as the model has them.
        limit: the most boxes to draw; beyond it the top levels are drawn, and the chart says how much is not.

    Returns:
        A stand-alone SVG document.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> model = OperatingModel.of(Position(id="ceo", title="CEO", unit="hq"))
        >>> "vacant" in org_chart(model, date(2026, 3, 2))
        True
    """
    return svg.svg_text(draw(position_scene(m, at, language, limit)))


def unit_chart(m: ModelView, language: Language = "en", *, limit: int = LIMIT) -> str:
    """Draw which unit is part of which, and who heads it; see `org_chart`.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> "Head office" in unit_chart(OperatingModel.of(Unit(id="hq", name="Head office")))
        True
    """
    return svg.svg_text(draw(unit_scene(m, language, limit)))


def draw(scene: Scene) -> ET.Element:
    """Draw a scene as an SVG element tree."""
    labels = [tuple(_labels(box, scene.language)) for box in scene.boxes]
    sizes = [(BOX_WIDTH, 2 * PAD_Y + sum(label.height for label in written)) for written in labels]
    layout = arrange(scene.above, sizes)
    drawn = scene.ties[:TIES_DRAWN]
    ways = list(zip(drawn, routes(layout, [(tie.source, tie.target) for tie in drawn]), strict=True))
    used = _extent(layout, [way for _, way in ways])
    width = max(NARROWEST, used.width + 2 * MARGIN)
    lead = _wrapped(scene.summary, NORMAL, width - 2 * MARGIN)
    top = MARGIN + (HEADING + NORMAL * len(lead)) * svg.LINE_HEIGHT + 14
    shift = ((width - used.width) / 2 - used.x, top - used.y)
    foot = top + used.height + 22
    keys = list(key_rows(_keys(scene, layout), width - 2 * MARGIN))
    notes = [line for note in _all_notes(scene) for line in _wrapped(note, NORMAL, width - 2 * MARGIN)]
    height = foot + 20 * len(keys) + NORMAL * svg.LINE_HEIGHT * len(notes) + MARGIN - 6

    root = svg.picture(width, height, headline(scene), _description(scene), scene.language)
    svg.text(root, (MARGIN, MARGIN + HEADING), scene.title, size=HEADING, bold=True)
    svg.lines_of_text(root, (MARGIN, MARGIN + HEADING * svg.LINE_HEIGHT), lead, size=NORMAL, fill=svg.MUTED)
    _draw_elbows(root, scene, layout, shift)
    for tie, way in ways:
        _draw_tie(root, _moved(way, shift), tie.kind, f"{scene.boxes[tie.source].title}: {tie.label}")
    _draw_boxes(root, scene, layout, labels, shift)
    _draw_keys(root, keys, foot)
    svg.lines_of_text(root, (MARGIN, foot + 20 * len(keys)), notes, size=NORMAL, fill=svg.MUTED)
    return root


# -- what is written in a box --------------------------------------------------------------------------------------


def _labels(box: Box, language: Language) -> Iterator[_Label]:
    room = BOX_WIDTH - PAD_LEFT - PAD_RIGHT
    ink = svg.MUTED if box.state == "absent" else svg.INK

    def label(text: str, size: float, fill: str, most: int, *, bold: bool = False) -> _Label:
        return _Label(tuple(_wrapped(text, size, room, most)), size, fill, bold)

    if box.caption:
        yield label(box.caption, SMALL, svg.MUTED, 2)
    yield label(box.title, LARGE, ink, 4, bold=True)
    if box.vacancy:
        fill = svg.RED if box.state == "vacant" else svg.MUTED
        yield label(box.vacancy, NORMAL, fill, 2, bold=True)
    if box.holders:
        between = listed(("", ""), language)
        names = wrap_items(people(box, language, PEOPLE_IN_BOX), between, room / NORMAL, ems, 5)
        yield _Label(tuple(names), NORMAL, ink)
    if box.seating:
        yield label(box.seating, NORMAL, svg.ORANGE if box.state == "part" else svg.MUTED, 2, bold=box.state == "part")
    for line in box.lines[:3]:
        yield label(line, SMALL, svg.NAVY, 3)
    for fault in box.faults:
        yield label(fault, NORMAL, svg.RED, 4, bold=True)
    for remark in box.remarks:
        yield label(remark, SMALL, svg.ORANGE, 3)


def people(box: Box, language: Language, most: int) -> list[str]:
    """Return the names of who holds a position, as many as are wanted, and how many more there are."""
    more = len(box.holders[most:]) + box.unnamed
    return [*box.holders[:most], *([say("more_people", language, n=more)] if more else [])]


def _wrapped(text: str, size: float, width: float, most: int | None = None) -> list[str]:
    return wrap(text, width / size, ems, most)


def spelled(box: Box, language: Language) -> Iterator[str]:
    """Yield everything a box states beside its title, for those who read rather than look."""
    names = listed(people(box, language, len(box.holders)), language)
    yield from filter(None, (box.caption, box.vacancy, names, box.seating, *box.lines, *box.faults, *box.remarks))


# -- the picture ---------------------------------------------------------------------------------------------------


def headline(scene: Scene) -> str:
    """Return what a scene is and its counts, in a line."""
    return say("titled", scene.language, title=scene.title, summary=scene.summary)


def _description(scene: Scene) -> str:
    return " ".join([scene.summary, *_all_notes(scene)])


def _all_notes(scene: Scene) -> list[str]:
    undrawn = len(scene.ties) - TIES_DRAWN
    more = [say("lines_not_drawn", scene.language, n=undrawn)] if undrawn > 0 else []
    empty = [] if scene.boxes else [say("nothing", scene.language)]
    return [*scene.notes, *more, *empty]


def _extent(layout: Layout, ways: Iterable[Sequence[Point]]) -> Rect:
    """Return the rectangle that holds all boxes and lines."""
    boxes = layout.extent()
    xs, ys = [boxes.x, boxes.right], [boxes.y, boxes.bottom]
    for way in ways:
        for x, y in way:
            xs += (x - 3, x + 3)
            ys += (y - 3, y + 3)
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _moved(points: Sequence[Point], shift: Point) -> list[Point]:
    return [(x + shift[0], y + shift[1]) for x, y in points]


def _draw_elbows(root: ET.Element, scene: Scene, layout: Layout, shift: Point) -> None:
    stroke, dash, width = LINES["solid"]
    below: dict[int | None, list[list[Point]]] = {}
    for parent, elbow in zip(scene.above, layout.elbows, strict=True):
        if elbow:
            below.setdefault(parent, []).append(_moved(elbow, shift))
    for elbows in below.values():
        svg.path(root, *elbows, stroke=stroke, width=width, dash=dash)


def _draw_tie(root: ET.Element, way: list[Point], kind: str, title: str) -> None:
    stroke, dash, width = LINES[kind]
    svg.path(root, way, stroke=stroke, width=width, dash=dash, title=title)
    svg.arrow(root, way[-1], way[-2], fill=stroke)


def _draw_boxes(
    root: ET.Element, scene: Scene, layout: Layout, labels: Sequence[tuple[_Label, ...]], shift: Point
) -> None:
    colours: dict[str, str] = {}
    for box, place, written in zip(scene.boxes, layout.boxes, labels, strict=False):  # shelves come last
        at = Rect(place.x + shift[0], place.y + shift[1], place.width, place.height)
        fill, stroke, dash = BOXES[box.state]
        group = svg.group(root, " - ".join([box.title, *spelled(box, scene.language)]))
        svg.rect(group, at, fill=fill, stroke=svg.RED if box.faults else stroke, dash=dash, radius=4)
        if box.caption:
            colour = colours.setdefault(box.caption, _UNIT_COLOURS[len(colours) % len(_UNIT_COLOURS)])
            svg.rect(group, Rect(at.x + 3, at.y + 4, BAR, at.height - 8), fill=colour)
        y = at.y + PAD_Y
        for label in written:
            start = (at.x + PAD_LEFT, y)
            y = svg.lines_of_text(group, start, label.lines, size=label.size, fill=label.fill, bold=label.bold)


# -- the legend ----------------------------------------------------------------------------------------------------


def _keys(scene: Scene, layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield what the legend explains: what it looks like, as a key of `LINES` or `BOXES`, and what it means."""
    if any(layout.elbows):
        yield "solid", say("part_of_line" if scene.kind == "unit" else "solid", scene.language)
    drawn = {tie.kind for tie in scene.ties[:TIES_DRAWN]}
    for kind in LINES:
        if kind in drawn:
            yield kind, say(kind, scene.language)
    states = {box.state for box in scene.boxes}
    for state in ("part", "vacant", "absent"):
        if state in states:
            yield state, say("state_" + state, scene.language)


SAMPLE, _BESIDE = 30.0, 26.0


def key_rows(keys: Iterable[tuple[str, str]], width: float) -> Iterator[list[tuple[float, str, str]]]:
    """Yield the rows of the legend: how far in each key stands, its look and its meaning."""
    row: list[tuple[float, str, str]] = []
    x = 0.0
    for look, meaning in keys:
        needed = SAMPLE + 6 + drawn_width(meaning, NORMAL)
        if row and x + needed > width:
            yield row
            row, x = [], 0.0
        row.append((x, look, meaning))
        x += needed + _BESIDE
    if row:
        yield row


def _draw_keys(root: ET.Element, rows: list[list[tuple[float, str, str]]], top: float) -> None:
    for number, row in enumerate(rows):
        middle = top + 20 * number + 7
        for x, look, meaning in row:
            left = MARGIN + x
            if look in LINES:
                stroke, dash, width = LINES[look]
                svg.path(root, [(left, middle), (left + SAMPLE, middle)], stroke=stroke, width=width, dash=dash)
            else:
                fill, stroke, dash = BOXES[look]
                svg.rect(root, Rect(left, middle - 6, SAMPLE, 12), fill=fill, stroke=stroke, dash=dash, radius=2)
            svg.text(root, (left + SAMPLE + 6, middle + 4), meaning, size=NORMAL, fill=svg.MUTED)
