"""What is odd about the cells of posts: words for a state instead of a name, and what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import evolve

from community_ops.io.cells import usable_id
from community_ops.io.posts_refs import Rows
from community_ops.kernel.ref import Ref


def note_states(rows: Rows) -> None:
    """Note the rows whose holder is a word for none, or for somebody who is not told."""
    if rows.sheet.column("name") is None:
        return
    names = rows.sheet.column("name") or ()
    for state in ("eliminated", "vacant", "undisclosed"):
        found = [row for row, at in enumerate(rows.states) if at == state]
        if found:
            words = tuple(dict.fromkeys([names[row] or "(blank)" for row in found]))
            posts = tuple(dict.fromkeys([rows.post(row) for row in found]))
            _note_words(rows, state, found, words, posts)


def _note_words(rows: Rows, variant: str, found: list[int], words: tuple[str, ...], posts: tuple[Ref, ...]) -> None:
    lines = [rows.sheet.lines[row] for row in found]
    rows.sheet.note("IMP201", variant, lines=lines, count=len(lines), words=words)
    rows.sheet.oddities[-1] = evolve(rows.sheet.oddities[-1], related=posts)


def note_tops(rows: Rows) -> None:
    """Note the rows that report to a word for the top, and which of them are roots."""
    column = rows.sheet.column("reports_to") or ()
    found = [row for row, text in enumerate(column) if text and rows.managers[row] is None and usable_id(text)]
    if not found:
        return
    words = tuple(dict.fromkeys([column[row] for row in found]))
    roots = tuple(dict.fromkeys([rows.post(row) for row in found if rows.states[row] != "eliminated"]))
    gone = sum(rows.states[row] == "eliminated" for row in found)
    _note_words(rows, "top", found, words, tuple(dict.fromkeys([rows.post(row) for row in found])))
    but = {"en": f"; {gone} of them are eliminated and no roots", "zh": f"；其中 {gone} 行已撤销，不是根岗位"}
    more = {"roots": roots, "eliminated": gone, "but": but if gone else {"en": "", "zh": ""}}
    last = rows.sheet.oddities[-1]
    rows.sheet.oddities[-1] = evolve(last, parameters={**last.parameters, **more})


def note_unreadable(rows: Rows, variant: str, field: str, bad: set[str], extras: Sequence[dict[str, Any]]) -> None:
    """Note the cells of a column that cannot be read, and keep them as they are."""
    sheet, header = rows.sheet, rows.sheet.header(field)
    column = sheet.column(field) or ()
    found = [row for row, text in enumerate(column) if text in bad]
    for row in found:
        extras[row][header] = column[row]
    lines = [sheet.lines[row] for row in found]
    texts = tuple(sorted([text[:40] for text in bad]))
    sheet.note("IMP401", variant, field=header, lines=lines, count=len(lines), header=header, texts=texts)
    posts = tuple(dict.fromkeys([rows.post(row) for row in found]))
    sheet.oddities[-1] = evolve(sheet.oddities[-1], related=posts)
