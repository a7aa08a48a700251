"""How wide text is: in terminal cells, and estimated in a drawing; and wrapping by it, in any script.

A *cluster* is what a reader takes for one character: a letter with its accents, a flag, a family emoji, a Hangul
syllable spelt in jamo. Text is measured, broken and cut between clusters, never inside one. Widths come from
`unicodedata.east_asian_width` (UAX #11); the widths of Latin letters in a drawing are those of DejaVu Sans Bold, the
widest of the usual sans-serif fonts, so that what is estimated to fit does fit.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

Measure = Callable[[str], float]
"""Says how wide a cluster is."""

ELLIPSIS = "…"
_ZWJ, _EMOJI_STYLE, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"
# Line breaking after UAX #14, cut down to what labels need: what must not start a line, and what must not end one.
_NOT_FIRST = frozenset("、。，．・：；？！）〕］｝〉》」』】〗’”％‰℃…—～·,.:;?!)]}%»ー々")
_NOT_LAST = frozenset("（〔［｛〈《「『【〖‘“([{«￥¥$€£")
_BREAK_AFTER = frozenset(" -/–—|_")


def clusters(text: str) -> Iterator[str]:
    r"""Yield what a reader takes for single characters, in order; joined they are the text.

    Example:
        >>> [len(cluster) for cluster in clusters("e\u0301👩\u200d💻中")]
        [2, 3, 1]
    """
    if text.isascii():
        yield from text
        return
    held = ""
    for character in text:
        if held and _joins(held, character):
            held += character
            continue
        if held:
            yield held
        held = character
    if held:
        yield held


def _joins(held: str, character: str) -> bool:
    if held[-1] == _ZWJ:
        return unicodedata.category(character) == "So" or _extends(character)
    if _is_flag_letter(character):
        return len(held) == 1 and _is_flag_letter(held)
    return _extends(character)


@lru_cache(maxsize=4096)
def _extends(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf")
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0x1160 <= code <= 0x11FF  # Hangul vowels and final consonants
    )


def _is_flag_letter(character: str) -> bool:
    return 0x1F1E6 <= ord(character[0]) <= 0x1F1FF


def display_width(text: str, *, ambiguous: int = 1) -> int:
    r"""Return how many cells of a terminal the text fills.

    Args:
        text: the text, without control characters.
        ambiguous: cells of a character that is wide in East Asian fonts only (class A of UAX #11): 1, or 2.

    Example:
        >>> display_width("COO（首席运营官）"), display_width("e\u0301"), display_width("👩\u200d💻")
        (17, 1, 2)
    """
    return len(text) if text.isascii() else sum(cells(cluster, ambiguous=ambiguous) for cluster in clusters(text))


@lru_cache(maxsize=8192)
def cells(cluster: str, *, ambiguous: int = 1) -> int:
    """Return how many cells of a terminal one cluster fills: 0, 1 or 2."""
    first = cluster[0]
    if _EMOJI_STYLE in cluster or _is_flag_letter(first):
        return 2
    if unicodedata.category(first) in ("Mn", "Me", "Cf") or 0x1160 <= ord(first) <= 0x11FF:
        return 0
    kind = unicodedata.east_asian_width(first)
    if kind in ("W", "F"):
        return 2
    return ambiguous if kind == "A" else 1


# Advance widths in DejaVu Sans Bold, in thousandths of the font size, rounded up to the widest of each row.
_LATIN = {
    character: width / 1000
    for width, characters in (
        (348, " ijl'"),
        (380, "/\\|IJ,.‘’·"),
        (435, ":;-f"),
        (500, "!()[]t_`–r"),
        (600, '"*?zcs'),
        (665, "Lxvyk“”"),
        (700, "aeoTEF$0123456789"),
        (737, "hnubdgpqSYZPC{}"),
        (785, "BRXAVK"),
        (840, "UGDHN#+<=>^~"),
        (872, "OQ&"),
        (924, "w"),
        (1042, "mM@%—…"),
        (1105, "W"),
    )
    for character in characters
}


@lru_cache(maxsize=8192)
def ems(cluster: str) -> float:
    """Return an upper estimate of how wide one cluster is drawn, in units of the font size."""
    narrow = _LATIN.get(unicodedata.normalize("NFD", cluster[0])[0])  # é is as wide as e
    if narrow is not None and _KEYCAP not in cluster:
        return narrow
    wide = cells(cluster, ambiguous=2)
    if wide == 0:
        return 0.0
    if _EMOJI_STYLE in cluster or _is_flag_letter(cluster[0]) or ord(cluster[0]) >= 0x1F000:
        return 1.4
    if wide == 2:
        return 1.0
    # Below U+0530 stand Latin, Greek and Cyrillic; letters of other scripts may be wider.
    return 0.85 if ord(cluster[0]) < 0x530 and cluster[0].islower() else 1.1


def drawn_width(text: str, size: float) -> float:
    """Return an upper estimate of how wide a line of text is drawn in a sans-serif font, in the unit of its size.

    Example:
        >>> drawn_width("社群运营", 10)
        40.0
    """
    return size * sum(map(ems, clusters(text)))


def wrap(text: str, width: float, measure: Measure = cells, most: int | None = None) -> list[str]:
    """Break text into lines no wider than a width.

    Lines are broken after spaces and hyphens and between ideographs, with closing punctuation kept off the start of
    a line and opening punctuation off its end; a word that is wider than a line is broken where it must be.

    Args:
        text: the text, on one line.
        width: the width, in the unit of `measure`; a cluster wider than this has a line of its own.
        measure: how wide a cluster is; cells by default.
        most: how many lines at most; what does not fit is replaced by an ellipsis.

    Returns:
        At least one line.

    Example:
        >>> wrap("负责人（首席运营官）", 8)
        ['负责人', '（首席运', '营官）']
        >>> wrap("Head of community operations", 12, most=2)
        ['Head of', 'community…']
    """
    return _filled(_pieces(text), width, measure, most)


def wrap_items(
    items: Iterable[str], separator: str, width: float, measure: Measure = cells, most: int | None = None
) -> list[str]:
    """Break a list of names into lines no wider than a width, and a name only where it is wider than a line.

    Args:
        items: the names.
        separator: what stands between two of them; stays at the end of a line.
        width: see `wrap`.
        measure: see `wrap`.
        most: see `wrap`.

    Example:
        >>> wrap_items(["成员01", "成员02"], "、", 10)
        ['成员01、', '成员02']
    """
    names = list(items)
    return _filled(
        (name + (separator if i < len(names) else "") for i, name in enumerate(names, 1)), width, measure, most
    )


def _filled(pieces: Iterable[str], width: float, measure: Measure, most: int | None) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for piece in pieces:
        size = sum(map(measure, clusters(piece.rstrip(" "))))
        if line and used + size > width:
            lines.append(line.rstrip(" "))
            line, used = "", 0.0
        if size > width:
            *full, piece = _broken(piece, width, measure)
            lines += full
        line += piece
        used += sum(map(measure, clusters(piece)))
        if most is not None and len(lines) > most:
            break
    lines.append(line.rstrip(" "))
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], cut(lines[most - 1] + ELLIPSIS, width, measure)]
    return lines


def cut(text: str, width: float, measure: Measure = cells) -> str:
    """Return text shortened to a width, ending in an ellipsis where anything was left out.

    Example:
        >>> cut("社群运营人员", 8), cut("short", 8)
        ('社群运…', 'short')
    """
    parts = list(clusters(text))
    sizes = list(map(measure, parts))
    if sum(sizes) <= width:
        return text
    kept, used = 0, measure(ELLIPSIS)
    while used + sizes[kept] <= width:
        used += sizes[kept]
        kept += 1
    return "".join(parts[:kept]).rstrip(" …") + ELLIPSIS


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces between which a line may be broken; joined they are the text."""
    piece, last = "", ""
    for cluster in clusters(text):
        if piece and _may_break(last, cluster):
            yield piece
            piece = ""
        piece += cluster
        last = cluster
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after == " " or after[0] in _NOT_FIRST or before[-1] in _NOT_LAST:
        return False
    return before in _BREAK_AFTER or cells(before) == 2 or cells(after) == 2


def _broken(piece: str, width: float, measure: Measure) -> list[str]:
    """Break a piece that is wider than a line between its clusters."""
    lines, line, used = [], "", 0.0
    for cluster in clusters(piece):
        size = measure(cluster)
        if line and used + size > width and cluster != " ":
            lines.append(line)
            line, used = "", 0.0
        line += cluster
        used += size
    return [*lines, line]
