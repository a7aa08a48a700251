"""Who holds the posts of a spreadsheet: people and assignments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from community_ops.io.cells import Unique, dated, id_of, usable_id
from community_ops.io.oddities import Oddity
from community_ops.io.posts_refs import Rows
from community_ops.io.posts_states import note_unreadable
from community_ops.kernel.frozenmap import EMPTY, FrozenMap, freeze
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import ids_are_clean
from community_ops.kernel.values import DateRange

UNDISCLOSED = "not_disclosed"
"""The key in a person's `extra` that says that the spreadsheet does not tell who it is."""

_SECRET = freeze({UNDISCLOSED: True})
_OF_HOLDER = ("email", "start", "end")


Cells = tuple[dict[str, list[Any]], dict[str, list[Any]]]
"""The columns of a table: as JSON values, and in the form that records hold them in."""


@frozen
class People:
    """The people of a spreadsheet.

    Attributes:
        tables: the columns of their tables, by kind.
        lines: the line each stands on, by kind and id.
    """

    tables: Mapping[str, Cells]
    lines: Mapping[str, Mapping[str, int]]


def people_of(rows: Rows, sizes: Sequence[Decimal], extras: Sequence[dict[str, Any]]) -> People:
    """Return who holds which post.

    Args:
        rows: the rows, with their posts.
        sizes: the full-time equivalents of every row.
        extras: what else the rows say; what is said of a holder where there is none is added to it.
    """
    sheet = rows.sheet
    names = sheet.column("name")
    periods = _periods(rows, extras)
    _keep_of_later_rows(rows, extras)
    _keep_without_holder(rows, extras)
    if names is None:
        return People({}, {})
    held = [row for row, state in enumerate(rows.states) if state in ("", "undisclosed") and row not in rows.repeats]
    numbers = sheet.column("person")
    given: list[str | None] = [None] * len(held)
    if numbers:
        given = [usable_id(numbers[row]) if numbers[row] else None for row in held]
    made = _ids([names[row] for row in held], [rows.posts[row] for row in held], given)
    first = dict(zip(reversed(made), reversed(held), strict=True))  # the row that names a person first
    people = _people(rows, first)
    assignment_ids = _assignment_ids(rows, held, made, given)
    firsts = set(rows.firsts)
    later = len(rows.firsts) < len(rows.posts)
    own = [dict(extras[row]) if later and row not in firsts else {} for row in held]
    _note_other_names(rows, held, made, first, own)
    _note_namesakes(rows, people, first)
    assignments: Cells = (
        {"id": assignment_ids, "person": made, "position": [rows.posts[row] for row in held]},
        {
            "fte": [sizes[row] for row in held],
            "period": [periods.get(row) for row in held],
            "extra": [FrozenMap(extra) if extra else EMPTY for extra in own],
        },
    )
    lines = {
        "person": {id: sheet.lines[first[id]] for id in people[0]["id"]},
        "assignment": dict(zip(assignment_ids, [sheet.lines[row] for row in held], strict=True)),
    }
    return People({"person": people, "assignment": assignments}, lines)


def _ids(names: list[str], posts: list[str], given: list[str | None]) -> list[str]:
    """Return the id of the person of every row: the staff number, else the name and the post."""
    made = [name if name == post else f"{name} @ {post}" for name, post in zip(names, posts, strict=True)]
    if not any(given) and ids_are_clean(made) and len(set(made)) == len(made):
        return made
    unique = Unique(filter(None, given))
    return [number or unique(id_of(id)) for number, id in zip(given, made, strict=True)]


def _people(rows: Rows, first: Mapping[str, int]) -> Cells:
    names, mails = rows.sheet.column("name") or (), rows.sheet.column("email")
    in_order = sorted(first, key=first.__getitem__)
    known: dict[str, list[Any]] = {
        "id": in_order,
        "name": [names[first[id]] for id in in_order],
        "email": [mails[first[id]] or None if mails else None for id in in_order],
    }
    return known, {"extra": [_SECRET if rows.states[first[id]] else EMPTY for id in in_order]}


def _assignment_ids(rows: Rows, held: list[int], made: list[str], given: list[str | None]) -> list[str]:
    if not any(given):
        return made
    unique = Unique()
    ends = [f" @ {rows.posts[row]}" for row in held]
    return [
        unique(id if not number or id.endswith(end) else id_of(id + end))  # as `write_posts_csv` writes what it read
        for id, end, number in zip(made, ends, given, strict=True)
    ]


def _periods(rows: Rows, extras: Sequence[dict[str, Any]]) -> dict[int, DateRange]:
    """Return from when to when the holder of a row holds the post, where it says so."""
    periods: dict[int, dict[str, date]] = {}
    for field in ("start", "end"):
        column = rows.sheet.column(field)
        if column is None:
            continue
        read = dated(column)
        bad = {text for text, day in read.items() if day is None}
        if bad:
            note_unreadable(rows, "date", field, bad, extras)
        for row, text in enumerate(column):
            day = read.get(text)
            if day is not None:
                periods.setdefault(row, {})[field] = day
    return {row: DateRange(**days) for row, days in periods.items()}


def _keep_of_later_rows(rows: Rows, extras: Sequence[dict[str, Any]]) -> None:
    """Leave with a later row about a post only what it says otherwise than the first, in whatever column."""
    if len(rows.firsts) == len(rows.posts):
        return
    first = {rows.posts[row]: row for row in reversed(rows.firsts)}
    told = [(rows.sheet.header(field), rows.sheet.column(field) or ()) for field in ("level", "mission")
            if field in rows.sheet.fields.by_field]  # fmt: skip
    firsts = set(rows.firsts)
    originals = [dict(extra) for extra in extras]
    for row, post in enumerate(rows.posts):
        if row in firsts or row in rows.repeats:
            continue
        other = first[post]
        own = {key: text for key, text in originals[row].items() if originals[other].get(key) != text}
        own.update({header: column[row] for header, column in told if column[row] and column[row] != column[other]})
        extras[row].clear()
        extras[row].update(own)


def _keep_without_holder(rows: Rows, extras: Sequence[dict[str, Any]]) -> None:
    """Keep with the post what a row says of a holder although there is none, and what a second vacant seat says."""
    first = {rows.posts[row]: row for row in reversed(rows.firsts)}
    columns = [(rows.sheet.header(field), rows.sheet.column(field) or ()) for field in _OF_HOLDER
               if field in rows.sheet.fields.by_field]  # fmt: skip
    if "person" in rows.sheet.fields.by_field:
        columns.append((rows.sheet.header("person"), rows.sheet.column("person") or ()))
    alone = len(rows.firsts) == len(rows.posts)
    if alone and not columns:
        return
    firsts = set(rows.firsts)
    for row, state in enumerate(rows.states):
        if state in ("vacant", "eliminated", "open") and row not in rows.repeats:
            said = {header: column[row] for header, column in columns if column[row]}
            if row in firsts:
                extras[row].update(said)
            elif said or extras[row]:
                extras[first[rows.posts[row]]][f"row {rows.sheet.lines[row]}"] = freeze({**extras[row], **said})


# -- what is odd ------------------------------------------------------------------------------------------------------


def _note_other_names(
    rows: Rows, held: list[int], made: list[str], first: Mapping[str, int], own: list[dict[str, Any]]
) -> None:
    """Note the people whose staff number stands beside several names; keep these with the assignments."""
    if len(first) == len(held):
        return
    names = rows.sheet.column("name") or ()
    others: dict[str, list[int]] = {}
    for place, (row, id) in enumerate(zip(held, made, strict=True)):
        if names[row] != names[first[id]]:
            others.setdefault(id, []).append(row)
            own[place][rows.sheet.header("name")] = names[row]
    for id, found in others.items():
        said = dict.fromkeys([names[first[id]], *[names[row] for row in found]])
        rows.sheet.oddities.append(
            Oddity(
                code="IMP402",
                subject=Ref("person", id),
                related=tuple(dict.fromkeys([rows.post(row) for row in found])),
                parameters={
                    "lines": sorted([rows.sheet.lines[row] for row in [first[id], *found]]),
                    "number": id,
                    "names": tuple(said),
                },
            )
        )


def _note_namesakes(rows: Rows, people: Cells, first: Mapping[str, int]) -> None:
    """Note the names that several people bear; those whose name is not told have none."""
    known = people[0]
    counts = Counter([name for name, id in zip(known["name"], known["id"], strict=True) if not rows.states[first[id]]])
    several = tuple([name for name, count in counts.items() if count > 1])
    if several:
        shared = set(several)
        everyone = [
            id
            for name, id in zip(known["name"], known["id"], strict=True)
            if name in shared and not rows.states[first[id]]
        ]
        refs = [Ref("person", id) for id in everyone]
        rows.sheet.oddities.append(
            Oddity(
                code="IMP403",
                subject=refs[0],
                related=tuple(refs[1:]),
                key=("namesakes",),
                parameters={
                    "lines": sorted([rows.sheet.lines[first[id]] for id in everyone]),
                    "names": several,
                    "count": len(everyone),
                },
            )
        )
