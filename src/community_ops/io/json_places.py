"""Where the parts of a JSON document stand: one pass over the text, which is known to be JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json import decoder, scanner
from typing import Any

from community_ops.io.places import Steps, normal_id

_blank = re.compile(r"[ \t\n\r]*").match
_count = re.compile(r"[0-9]{1,9}", re.ASCII).fullmatch
# The interpreter's own scanner skips a value at the speed of C; numbers of any size are left as they are written.
_decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_skip: Any = scanner.make_scanner(_decoder)  # type: ignore[arg-type]  # typeshed knows neither
_string: Any = decoder.scanstring  # type: ignore[attr-defined]  # of these


def _after_blanks(text: str, offset: int) -> int:
    return _blank(text, offset).end()  # type: ignore[union-attr]  # it matches nothing, if need be


def _next(text: str, end: int) -> int:
    """Return where the next member or item begins, or the closing bracket stands, after one that ends at an offset."""
    at = _after_blanks(text, end)
    return _after_blanks(text, at + 1) if text[at] == "," else at


def _key(text: str, at: int) -> tuple[str, int]:
    """Return the key that begins at an offset, and where its value begins."""
    key, end = _string(text, at + 1)
    return key, _after_blanks(text, _after_blanks(text, end) + 1)


def _members(text: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield each key of the object that begins at an offset, with the offset of its value."""
    at = _after_blanks(text, start + 1)
    while text[at] != "}":
        key, value = _key(text, at)
        yield key, value
        at = _next(text, _skip(text, value)[1])


class _Rows:
    """Where the items of an array begin, and which of them have which id."""

    def __init__(self, text: str, start: int) -> None:
        self.offsets: list[int] = []
        self.ids: dict[str, int] = {}
        at = _after_blanks(text, start + 1)
        while text[at] != "]":
            item, end = _skip(text, at)
            id = normal_id(item.get("id")) if type(item) is dict else None
            if id is not None:
                self.ids.setdefault(id, len(self.offsets))
            self.offsets.append(at)
            at = _next(text, end)
        self.end = at + 1


class JsonPlaces:
    """Knows where the tables, records and fields of a JSON text stand.

    Where a key stands twice, the last counts, as it does for who reads the document.

    Example:
        >>> text = '{"units": [{"id": "hq", "name": "HQ"}]}'
        >>> text[JsonPlaces(text).offset(["units", 0, "name"]) :]
        '"HQ"}]}'
    """

    def __init__(self, text: str) -> None:
        """Index a text that is JSON."""
        self._text = text
        self._start = _after_blanks(text, 0)
        self._tables: dict[str, int] = {}
        self._rows: dict[str, _Rows] = {}
        if text[self._start] != "{":
            return
        at = _after_blanks(text, self._start + 1)
        while text[at] != "}":
            table, value = _key(text, at)
            self._tables[table] = value
            self._rows.pop(table, None)
            if text[value] == "[":
                self._rows[table] = _Rows(text, value)
                at = _next(text, self._rows[table].end)
            else:
                at = _next(text, _skip(text, value)[1])

    def versions(self) -> dict[str, int]:
        """Return the versions that the document names."""
        named = {key: _skip(self._text, at)[0] for key, at in self._tables.items() if key.endswith("version")}
        return {key: int(value) for key, value in named.items() if type(value) is str and _count(value)}

    def row(self, table: str, id: str) -> int | None:
        """Return which row of a table has an id; None if none has."""
        rows = self._rows.get(table)
        return None if rows is None else rows.ids.get(id)

    def offset(self, steps: Steps) -> int:
        """Return where a value begins, or the nearest one around it that there is."""
        if not steps or str(steps[0]) not in self._tables:
            return self._start
        table = str(steps[0])
        at = self._tables[table]
        for depth, step in enumerate(steps[1:]):
            opening = self._text[at]
            if opening == "{":
                inner = dict(_members(self._text, at)).get(str(step))
            elif opening == "[" and isinstance(step, int):
                offsets = (self._rows[table] if depth == 0 else _Rows(self._text, at)).offsets
                inner = offsets[step] if step < len(offsets) else None
            else:
                inner = None
            if inner is None:
                return at
            at = inner
        return at
