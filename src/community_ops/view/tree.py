"""The organisation chart as plain text, for a terminal: box-drawing characters, aligned by display width."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from attrs import frozen

from community_ops.kernel.view import ModelView
from community_ops.org.structure import Hierarchy
from community_ops.validation.wording import Language
from community_ops.view.organisation import has_positions, position_scene
from community_ops.view.scene import LIMIT, Box, Scene
from community_ops.view.textwidth import display_width, wrap
from community_ops.view.units import has_units, hierarchy_scene, unit_scene
from community_ops.view.words import say

_BRANCH, _LAST, _BAR, _GAP = "├─ ", "└─ ", "│  ", "   "
_NARROWEST = 40
_TITLE_LEAST = 20


@frozen
class _Row:
    """One box as text: what leads to its first line and to the lines after it, and what they say."""

    first: str
    rest: str
    title: str
    count: str
    note: str


def text_tree(
    shown: ModelView | Hierarchy,
    at: date | None = None,
    language: Language = "en",
    width: int = 100,
    *,
    limit: int = LIMIT,
) -> str:
    """Return who reports to whom as lines of text, with seats, vacancies and dotted lines.

    Args:
        shown: a model, of which the positions are shown, or the units if it has no position; or a hierarchy.
        at: the day; None leaves out reporting lines with a period, and counts no seats as filled or open.
        language: of the words; names are as the model has them.
        width: how many cells wide the lines may be, at least 40; wide characters count as two.
        limit: the most positions to show; beyond it the top levels are shown, with how much is not.

    Returns:
        Lines without trailing spaces: after the title how many of how many seats are filled (`?` where that is not
        known), `!` before what needs attention, and dotted lines by kind.

    Example:
        >>> from community_ops import OperatingModel, Position
        >>> lines = {"首席执行官": None, "运营": "首席执行官", "Marketing": "首席执行官"}.items()
        >>> model = OperatingModel(Position(id=i, title=i, unit="hq", reports_to=up) for i, up in lines)
        >>> print(text_tree(model, date(2026, 3, 2)))
        首席执行官    0/1  ! vacant
        ├─ 运营       0/1  ! vacant
        └─ Marketing  0/1  ! vacant
    """
    if isinstance(shown, Hierarchy):
        scene = hierarchy_scene(shown, language, limit)
    elif has_positions(shown):
        scene = position_scene(shown, at, language, limit)
    elif has_units(shown):
        scene = unit_scene(shown, language, limit)
    else:
        return say("nothing", language)
    wide = max(width, _NARROWEST)
    lines = [*_lines(scene, wide), *(line for note in _notes(scene) for line in wrap(note, wide))]
    return "\n".join(line.rstrip() for line in lines)


def _notes(scene: Scene) -> list[str]:
    if not scene.boxes:
        return [say("nothing", scene.language)]
    names_nobody = {say("undated", scene.language): say("undated_tree", scene.language)}
    return ["", *(names_nobody.get(note, note) for note in scene.notes)] if scene.notes else []


def _lines(scene: Scene, width: int) -> Iterator[str]:
    most = width * 11 // 20
    rows = list(_rows(scene, most))
    needed = max((display_width(row.first) + display_width(row.title) for row in rows), default=0)
    left = min(most, needed)
    counts = max((len(row.count) for row in rows), default=0)
    start = left + (counts + 4 if counts else 2)
    for row in rows:
        room = left - display_width(row.first)
        title = [row.title] if display_width(row.title) <= room else wrap(row.title, left - display_width(row.rest))
        note = wrap(row.note, width - start)
        parts = zip_longest(title, [row.count], note, fillvalue="")
        for number, (words, count, said) in enumerate(parts):
            lead = (row.rest if number else row.first) + words
            middle = f"  {count:>{counts}}  " if counts else "  "
            yield lead + " " * (left - display_width(lead)) + middle + said


def _rows(scene: Scene, most: int) -> Iterator[_Row]:
    """Yield the boxes in pre-order; levels too deep to be indented say how deep they are."""
    below: dict[int | None, list[int]] = {}
    for place, above in enumerate(scene.above):
        below.setdefault(above, []).append(place)
    deepest = max(1, (most - _TITLE_LEAST) // len(_BAR))
    waiting = [(place, 0, "", "", "") for place in reversed(below.get(None, []))]
    while waiting:
        place, depth, indent, hook, after = waiting.pop()
        box, children = scene.boxes[place], below.get(place, [])
        first, beyond = indent + hook, indent + after
        title = box.title if depth <= deepest else say("deep", scene.language, n=depth + 1) + box.title
        yield _Row(first, beyond + (_BAR if children else _GAP), title, _count(box), _note(box))
        if depth < deepest:
            indent = beyond
        for number, child in enumerate(reversed(children)):
            waiting.append((child, depth + 1, indent, _BRANCH if number else _LAST, _BAR if number else _GAP))


def _count(box: Box) -> str:
    if box.seats is None:
        return ""
    known = box.filled if box.filled is not None else 0 if box.state == "vacant" else "?"
    return f"{known}/{box.seats}"


def _note(box: Box) -> str:
    urgent = [*filter(None, [box.vacancy]), *box.faults, *box.remarks]
    return "; ".join([*(f"! {text}" for text in urgent), *box.lines])
