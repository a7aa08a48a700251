"""Which rows of a spreadsheet are about which post: refs, rows without one, and refs that several rows bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from attrs import define, field

from community_ops.io.cells import Unique, number, usable_id
from community_ops.io.oddities import Oddity, row_ref
from community_ops.io.sentinels import meaning_of_holder, tops
from community_ops.io.sheet import Sheet
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import ids_are_clean
from community_ops.validation.finding import ERROR
from community_ops.validation.references import NORMALISERS


@define
class Rows:
    """The rows that are about a post, by column, and which post each is about.

    Attributes:
        sheet: the spreadsheet, without the rows that are about none.
        refs: the ref of every row as written.
        states: what the cell for the holder says, row by row; see `sentinels.meaning_of_holder`.
        managers: whom every row reports to; None for nobody.
        paths: the units every row names, the widest first.
        posts: the id of the post of every row.
        firsts: the rows that are the first about their post, in order.
        repeats: rows that say again, word for word, what another has said.
        seats: how many seats the posts have that have more than one.
        shared: the posts whose one seat several people share.
    """

    sheet: Sheet
    refs: Sequence[str]
    states: Sequence[str]
    managers: Sequence[str | None]
    paths: Sequence[tuple[str, ...]]
    posts: list[str] = field(factory=list)
    firsts: list[int] = field(factory=list)
    repeats: set[int] = field(factory=set)
    seats: dict[str, int] = field(factory=dict)
    shared: set[str] = field(factory=set)

    def cells(self, row: int) -> tuple[str, ...]:
        """Return the cells of a row."""
        return tuple([column[row] for column in self.sheet.columns])

    def post(self, row: int) -> Ref:
        """Return the address of the post of a row."""
        return Ref("position", self.posts[row])


def rows_of(sheet: Sheet) -> Rows:
    """Return the rows of a spreadsheet that are about posts; note what is odd about their refs."""
    refs = [*_refs(sheet)]
    if not all(refs) or not ids_are_clean(refs):
        refs = _usable(sheet, refs)
    names = sheet.column("name")
    meanings = {name: meaning_of_holder(name) for name in set(names or ())}
    states = ["open"] * len(sheet) if names is None else [meanings[name] for name in names]
    rows = Rows(sheet, refs, states, _managers(sheet, refs), _paths(sheet))
    _look_alikes(rows)
    _group(rows)
    return rows


# -- refs -------------------------------------------------------------------------------------------------------------


def _refs(sheet: Sheet) -> Sequence[str]:
    """Return what tells the posts apart: their refs, else the title or name that managers are called by."""
    refs = sheet.column("ref")
    if refs is not None:
        return refs
    titles, names = sheet.column("title"), sheet.column("name")
    managers = set(sheet.column("reports_to") or ()) - {""}
    if names is not None and (titles is None or len(managers & set(names)) > len(managers & set(titles))):
        sheet.note("IMP105", "ref", header=sheet.header("name"))
        return [
            title if meaning_of_holder(name) else name
            for name, title in zip(names, titles or [""] * len(names), strict=True)
        ]
    sheet.note("IMP105", "ref", header=sheet.header("title"))
    assert titles is not None  # `posts_of` has seen to it
    return titles


def _usable(sheet: Sheet, refs: Sequence[str]) -> list[str]:
    """Take out the rows whose ref is none; note them with all they say."""
    clean = {ref: usable_id(ref) for ref in set(refs)}
    for variant, gone in (
        ("none", [row for row, ref in enumerate(refs) if not ref]),
        ("unusable", [row for row, ref in enumerate(refs) if ref and clean[ref] is None]),
    ):
        if gone:
            lines = [sheet.lines[row] for row in gone]
            said = tuple(" | ".join([c[row] for c in sheet.columns if c[row]]) for row in gone)
            sheet.oddities.append(
                Oddity(
                    code="IMP301",
                    variant=variant,
                    subject=row_ref(lines[0]),
                    key=(variant,),
                    related=tuple(map(row_ref, lines[1:])),
                    parameters={"lines": lines, "count": len(lines), "cells": said, "said": said[0][:120]},
                )
            )
    kept = [row for row, ref in enumerate(refs) if clean[ref] is not None]
    if len(kept) < len(refs):
        sheet.columns = [tuple([column[row] for row in kept]) for column in sheet.columns]
        sheet.lines = [sheet.lines[row] for row in kept]
    return [clean[refs[row]] or "" for row in kept]


def _look_alikes(rows: Rows) -> None:
    """Note different refs that a careless eye, or another program, takes for one."""
    ids = list(dict.fromkeys(rows.refs))
    if all(map(str.isascii, ids)) and len({id.lower().lstrip("0") for id in ids}) == len(ids):
        return  # no two are alike in any of the ways below
    places = dict(zip(reversed(rows.refs), range(len(rows.refs) - 1, -1, -1), strict=True))
    seen: set[str] = set()
    for name, normal in NORMALISERS.items():
        normals = list(map(normal, ids))
        if len(set(normals)) == len(ids):
            continue
        counts = Counter(normals)
        alike: dict[str, list[str]] = {}
        for id, spelled in zip(ids, normals, strict=True):
            if counts[spelled] > 1 and id not in seen:
                alike.setdefault(spelled, []).append(id)
        for others in alike.values():
            if len(others) > 1:
                seen.update(others)
                lines = [rows.sheet.lines[places[id]] for id in others]
                rows.sheet.oddities.append(
                    Oddity(
                        code="IMP306",
                        subject=Ref("position", others[0]),
                        key=tuple(sorted(others)),
                        related=tuple(Ref("position", id) for id in others[1:]),
                        parameters={"refs": tuple(others), "normaliser": name, "lines": lines},
                    )
                )


# -- whom they report to, and where they sit --------------------------------------------------------------------------


def _managers(sheet: Sheet, refs: Sequence[str]) -> list[str | None]:
    column = sheet.column("reports_to")
    if column is None:
        return [None] * len(sheet)
    different = set(column)
    none = tops(different, frozenset(refs)) | {""}
    clean = {text: None if text in none else usable_id(text) for text in different}
    bad = {text for text, id in clean.items() if id is None and text not in none}
    if bad:
        lines = [line for text, line in zip(column, sheet.lines, strict=True) if text in bad]
        sheet.note("IMP401", "manager", severity=ERROR, field=sheet.header("reports_to"), lines=lines,
                   count=len(lines), header=sheet.header("reports_to"), texts=_shown(bad))  # fmt: skip
    return [clean[text] for text in column]


def _shown(texts: set[str]) -> tuple[str, ...]:
    return tuple(sorted([text[:40] for text in texts]))


def _paths(sheet: Sheet) -> list[tuple[str, ...]]:
    columns = [sheet.columns[place] for place in sheet.fields.units]
    if not columns:
        return [()] * len(sheet)
    cells = [*zip(*columns, strict=True)]
    # A unit that says again what the one above it has said is no further level.
    paths = {
        row: tuple([name for place, name in enumerate(row) if name and name not in row[max(place - 1, 0) : place]])
        for row in set(cells)
    }
    return [paths[row] for row in cells]


# -- one post, several rows -------------------------------------------------------------------------------------------


def _group(rows: Rows) -> None:
    refs = rows.refs
    rows.posts, rows.firsts = list(refs), list(range(len(refs)))
    if len(set(refs)) == len(refs):
        return
    counts = Counter(refs)
    groups: dict[str, list[int]] = {}
    for row, ref in enumerate(refs):
        if counts[ref] > 1:
            groups.setdefault(ref, []).append(row)
    unique = Unique(refs)
    later: set[int] = set()
    reporting: dict[str, list[int]] = {}
    for row, manager in enumerate(rows.managers):
        if manager in groups:
            reporting.setdefault(str(manager), []).append(row)
    reused: list[tuple[str, list[int], list[int]]] = []
    for ref, found in groups.items():
        posts: dict[tuple[object, ...], list[int]] = {}
        for row in found:
            posts.setdefault(_what(rows, row), []).append(row)
        for place, several in enumerate(posts.values()):
            id = unique(ref, "{}#{}") if place else ref
            for row in several:
                rows.posts[row] = id
            later.update(several[1:])
            _one_post(rows, id, several)
        if len(posts) > 1:
            reused.append((ref, [several[0] for several in posts.values()], found))
    for ref, first, found in reused:  # now that every row has its post
        _note_reuse(rows, ref, first, found, reporting.get(ref, []))
    rows.firsts = [row for row in rows.firsts if row not in later]


def _what(rows: Rows, row: int) -> tuple[object, ...]:
    titles = rows.sheet.column("title")
    title = "" if titles is None else titles[row]
    return title, rows.paths[row], rows.managers[row], rows.states[row] == "eliminated"


def _one_post(rows: Rows, id: str, several: list[int]) -> None:
    """Tell a row that was written twice from a second seat and from a job share."""
    seen: dict[tuple[str, ...], int] = {}
    left = []
    for row in several:
        cells = rows.cells(row)
        if cells in seen and rows.states[row] in ("", "eliminated"):
            rows.repeats.add(row)
        else:
            seen.setdefault(cells, row)
            left.append(row)
    repeated = [row for row in several if row in rows.repeats]
    if repeated:
        _note_post(rows, "IMP305", repeated, several[0])
    if len(left) > 1:
        shared = _all_part_time(rows, left)
        if shared:
            rows.shared.add(id)
        else:
            rows.seats[id] = len(left)
        _note_post(rows, "IMP302" if shared else "IMP303", left, left[0])


def _all_part_time(rows: Rows, several: list[int]) -> bool:
    column = rows.sheet.column("fte")
    parts = [] if column is None else [number(column[row], rows.sheet.delimiter == ";") for row in several]
    return bool(parts) and all(part is not None and part < 1 for part in parts)


def _note_post(rows: Rows, code: str, several: list[int], first: int) -> None:
    lines = [rows.sheet.lines[row] for row in several]
    rows.sheet.oddities.append(
        Oddity(
            code=code,
            subject=rows.post(first),
            parameters={"lines": lines, "count": len(lines), "ref": rows.refs[first], "line": rows.sheet.lines[first]},
        )
    )


def _note_reuse(rows: Rows, ref: str, firsts: list[int], found: list[int], below: list[int]) -> None:
    reporting = tuple(dict.fromkeys([rows.post(row) for row in below]))
    posts = tuple(rows.post(row) for row in firsts)
    rows.sheet.oddities.append(
        Oddity(
            code="IMP304",
            variant="reported" if reporting else "",
            subject=posts[0],
            related=tuple(dict.fromkeys([*posts[1:], *reporting])),
            parameters={
                "lines": [rows.sheet.lines[row] for row in found],
                "count": len(posts),
                "ref": ref,
                "ids": tuple(post.id for post in posts),
                "reports": reporting,
                "posts": posts,
            },
        )
    )
