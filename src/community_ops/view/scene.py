"""What a chart shows, before anybody decides where it goes: boxes, who is above whom, further lines, notes.

A scene is small whatever the model: it holds the top levels up to a number of boxes, and says how much it leaves out.
Every picture, table and text of the organisation is made from the same scene, so that they state the same facts.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Literal

from attrs import frozen

from community_ops.kernel.text import clean_line
from community_ops.org.structure import Hierarchy
from community_ops.validation.wording import Language
from community_ops.view.textwidth import clusters
from community_ops.view.words import say

LIMIT = 400
"""The most boxes a chart draws, unless told otherwise."""
HOLDERS_NAMED = 30
"""The most people a box knows by name."""
LABEL_LENGTH = 240
"""The most characters, as readers count them, of one label."""

State = Literal["filled", "part", "vacant", "absent", "plain"]


@frozen(kw_only=True)
class Box:
    """One box: a position or a unit.

    Attributes:
        id: the record's id.
        title: what it is called.
        caption: where it belongs: a position's unit, a unit's kind.
        above: what is directly above it, in words; for tables.
        holders: who holds the position, or heads the unit; the first of them.
        unnamed: how many more there are.
        seats: how many seats there are; None where that is not a question.
        filled: how many of them are filled; None where it is not known.
        seating: that in words, where it is worth saying; "" for one holder in one seat.
        state: filled; part (some seats open); vacant; absent (not in force on the day); plain (no such question).
        vacancy: the word for a vacant or absent position; else "".
        lines: its dotted lines, in words.
        faults: what is broken about its place in the tree, in words.
        remarks: whatever else must not be overlooked.
        hidden: how many directly below it are not shown.
    """

    id: str
    title: str
    caption: str = ""
    above: str = ""
    holders: tuple[str, ...] = ()
    unnamed: int = 0
    seats: int | None = None
    filled: int | None = None
    seating: str = ""
    state: State = "plain"
    vacancy: str = ""
    lines: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    hidden: int = 0


@frozen
class Tie:
    """A line beside the tree.

    Attributes:
        source: which box it starts from, by its place.
        target: which box it leads to.
        kind: `functional`, `project`, `administrative`, `second` (solid), or `cycle`.
        label: what it says, in words.
    """

    source: int
    target: int
    kind: str
    label: str


@frozen(kw_only=True)
class Scene:
    """What a chart shows.

    Attributes:
        title: what it is.
        summary: the counts, in a line.
        language: the language of its words.
        kind: `"position"` or `"unit"`.
        boxes: the boxes, level by level.
        above: for each the place of the box above it, cycles cut open; None at the top.
        ties: further lines between boxes shown.
        notes: sentences that belong under the chart.
        hidden: how many records are not shown.
    """

    title: str
    summary: str
    language: Language
    kind: str
    boxes: tuple[Box, ...]
    above: tuple[int | None, ...]
    ties: tuple[Tie, ...] = ()
    notes: tuple[str, ...] = ()
    hidden: int = 0


@frozen
class Selection:
    """The records to show.

    Attributes:
        ids: their ids, level by level.
        places: the place of each id in `ids`.
        above: for each the place of the one above it, cycles cut open; None at the top.
        hidden: for each how many directly below it are left out.
        faults: for each what is wrong with its line upwards, as a key of `words`: `in_cycle`, `to_itself`, `dangling`;
            else "".
        left_out: how many are left out in all.
        cuts: the places at which a cycle was cut open, with the place the missing line leads to, if shown.
    """

    ids: tuple[str, ...]
    places: Mapping[str, int]
    above: tuple[int | None, ...]
    hidden: tuple[int, ...]
    faults: tuple[str, ...]
    left_out: int
    cuts: tuple[tuple[int, int | None], ...]


def select(tree: Hierarchy, limit: int = LIMIT) -> Selection:
    """Choose what to show of a hierarchy: its top levels, siblings in table order.

    Every cycle is cut open above its first member, which then tops what hangs together with it.

    Args:
        tree: the hierarchy.
        limit: the most records to show.
    """
    cut = {loop[0]: tree.parents[tree.place(loop[0])] for loop in tree.cycles}
    ids: list[str] = []
    above: list[int | None] = []
    waiting: deque[tuple[str, int | None]] = deque((id, None) for id in islice((*tree.roots, *cut), limit))
    while waiting:
        id, over = waiting.popleft()
        place = len(ids)
        ids.append(id)
        above.append(over)
        room = limit - len(ids) - len(waiting)
        below = (child for child in tree.children(id) if child not in cut) if room > 0 else ()
        waiting.extend((child, place) for child in islice(below, room))
    places = {id: place for place, id in enumerate(ids)}
    cuts = [
        (places[id], None if over is None else places.get(tree.ids[over])) for id, over in cut.items() if id in places
    ]
    drawn = Counter([*above, *(target for _, target in cuts)])
    return Selection(
        ids=tuple(ids),
        places=places,
        above=tuple(above),
        hidden=tuple([tree.span(id) - drawn[place] for place, id in enumerate(ids)]),
        faults=_faults(tree, ids),
        left_out=len(tree) - len(ids),
        cuts=tuple(cuts),
    )


def _faults(tree: Hierarchy, ids: list[str]) -> tuple[str, ...]:
    wrong = dict.fromkeys(tree.dangling, "dangling")
    for loop in tree.cycles:
        wrong.update(dict.fromkeys(loop, "in_cycle" if len(loop) > 1 else "to_itself"))
    return tuple([wrong.get(id, "") for id in ids])


def fault_words(fault: str, above: str | None, language: Language) -> Iterator[str]:
    """Yield in words what is wrong with a box's line upwards, if anything.

    Args:
        fault: one of `Selection.faults`.
        above: what the record calls its superior: a name, or an id where there is no such record; None if unknown.
        language: of the words.
    """
    if fault == "dangling" and above is None:
        yield say("dangling_unknown", language)
    elif fault:
        yield say(fault, language, name=label(above or ""), id=label(above or ""))


def cycle_ties(chosen: Selection, language: Language) -> Iterator[Tie]:
    """Yield the lines that close the cycles which were cut open."""
    for source, target in chosen.cuts:
        if target is not None:
            yield Tie(source, target, "cycle", say("cycle", language))


def label(text: str, otherwise: str = "") -> str:
    r"""Return text fit to be a label: one line, bounded, never empty if `otherwise` is not.

    Example:
        >>> label("  Head of\n sales "), label("", "head-of-sales")
        ('Head of sales', 'head-of-sales')
    """
    # A long text is cut before it is looked at closely: it may hold a million characters.
    short = clean_line(text[: 8 * LABEL_LENGTH]) or clean_line(otherwise)
    parts = list(islice(clusters(short), LABEL_LENGTH + 1))
    return short if len(parts) <= LABEL_LENGTH else "".join(parts[:LABEL_LENGTH]) + "…"
