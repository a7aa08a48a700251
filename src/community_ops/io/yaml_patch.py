"""Edits of a model written into the YAML text it was read from: all that did not change stays byte for byte.

The text is not written anew from a tree; only the places where a field, a record or a table changed are replaced, so
comments, order, quotes and blank lines elsewhere cannot be touched. What comes out is read again and compared with the
model before it is used; a layout that cannot be edited like this is written anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from community_ops.errors import InvalidDocument
from community_ops.io.files import read_text
from community_ops.io.places import FileSource
from community_ops.io.yaml_nodes import Node, parse_nodes
from community_ops.io.yaml_reader import document_data
from community_ops.io.yaml_writer import (
    content,
    document_of,
    entry_shape,
    field_lines,
    has_ids,
    inline,
    row_lines,
    row_shapes,
    table_lines,
    yaml_text,
)
from community_ops.kernel import codec, containers
from community_ops.kernel.changes import diff
from community_ops.kernel.codec import DOCUMENT_LIMIT
from community_ops.kernel.model import Model
from community_ops.kernel.shapes import Shape

Edit = tuple[int, int, str]
Row = dict[str, Any]

_colon = re.compile(r"[ \t]*:").match
_dash = re.compile(r"[ ]*-[ ]+").fullmatch
_ANYTHING = containers.Json()


class _Unusual(Exception):
    """The text is laid out in a way that is not edited in place."""


def yaml_file_text(model: Model, path: str | os.PathLike[str]) -> str:
    """Return what is to stand in a YAML file: the edited text where the model was read from it, else a new one."""
    source = model.provenance.source
    if isinstance(source, FileSource):
        try:
            if os.path.samefile(source.path, path):
                return patched(read_text(path, DOCUMENT_LIMIT).text, model) or yaml_text(model)
        except (OSError, InvalidDocument):  # gone, or no longer what was read
            pass
    return yaml_text(model)


def patched(text: str, model: Model, *, part: bool = False) -> str | None:
    """Return YAML text edited so that it says what a model says; None where it cannot be edited in place.

    Args:
        text: a document.
        model: what it has to say.
        part: whether it is one of several that make up a document, whose `format` and `version` may be left out.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    wanted = document_of(model)
    try:
        before = _understood(text, type(model), part)
        if before is None:
            return None
        root, old = before
        edited = _edited(text, _Patch(text, root, type(model)).edits(old, wanted, _renames(old, model)))
        after = _understood(edited, type(model), part)
    except (_Unusual, InvalidDocument):
        return None
    return mark + edited if after is not None and content(document_of(after[1])) == content(wanted) else None


def _understood(text: str, model: type[Model], part: bool) -> tuple[Node, Model] | None:
    root, problems = parse_nodes(text)
    if root is None or root.members is None or not root.block:
        return None
    data = document_data(root, model, problems)
    if problems:
        return None
    given = {**codec.envelope(model), **data} if part else data
    return root, codec.from_data(given, model, unknown="keep")


def _renames(old: Model, new: Model) -> dict[str, dict[str, str]]:
    """Return the new ids by the old ones, by table."""
    tables: dict[str, dict[str, str]] = {}
    for ref, id in diff(old, new).renamed:
        tables.setdefault(old.schema.kinds[ref.kind].table, {})[ref.id] = id
    return tables


def _edited(text: str, edits: Iterable[Edit]) -> str:
    pieces = []
    at = 0
    for start, end, replacement in sorted(edits, key=lambda edit: edit[:2]):
        if start < at:
            raise _Unusual
        pieces += [text[at:start], replacement]
        at = end
    return "".join([*pieces, text[at:]])


class _Patch:
    """Finds the edits that turn one document into another."""

    def __init__(self, text: str, root: Node, model: type[Model]) -> None:
        self.text = text
        self.root = root
        self.model = model
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def edits(self, old: Model, wanted: Mapping[str, Any], renames: Mapping[str, Mapping[str, str]]) -> Iterator[Edit]:
        for key in codec.envelope(self.model):
            for name, node in self.root.members or []:
                if name.text == key and node.text != str(wanted[key]):
                    yield self.value(name, node, inline(wanted[key], _ANYTHING))
        before = document_of(old)
        for table in dict.fromkeys([*before, *wanted]):
            was, rows = before.get(table, []), wanted.get(table, [])
            if was != rows:
                yield from self.table(table, was, rows, renames.get(table, {}))

    # -- tables and records -----------------------------------------------------------------------------------

    def table(self, table: str, was: Any, rows: Any, renames: Mapping[str, str]) -> Iterator[Edit]:
        node = self.root.get(table)
        if node is None:
            yield self.below(len(self.text), table_lines(table, rows, self.model))
            return
        new = {row["id"]: row for row in rows} if has_ids(rows) and has_ids(was) else {}
        ids = [renames.get(row["id"], row["id"]) for row in was] if new else []
        stays = set(ids) & new.keys() if node.block or set(ids) == new.keys() else None
        if not stays or len(ids) != len(node.items):
            yield self.whole_table(table, node, rows)
            return
        fields = row_shapes(table, self.model)
        for item, id, row in zip(node.items, ids, was, strict=True):
            if id not in new:
                self.dash(item)
                yield self.line_start(item.start), self.line_end(item.end), ""
            elif row != new[id]:
                yield from self.record(item, row, new[id], fields)
        added = [row for id, row in new.items() if id not in set(ids)]
        if added:
            dash = self.dash(node.items[-1])
            lines = [line for row in added for line in row_lines(row, fields, dash, " " * len(dash))]
            yield self.below(self.line_end(node.end), lines)

    def whole_table(self, table: str, node: Node, rows: Any) -> Edit:
        """Replace a table written in brackets, one that ends up empty, or one of which nothing stays."""
        key = next(key for key, value in self.root.members or [] if value is node)
        if key.start != self.line_start(key.start):
            raise _Unusual
        lines = table_lines(table, rows, self.model) if rows else ()
        return key.start, self.line_end(node.end), "".join(line + self.newline for line in lines)

    def dash(self, item: Node) -> str:
        """Return what stands before a record on its first line."""
        before = self.text[self.line_start(item.start) : item.start]
        if not _dash(before):
            raise _Unusual
        return before

    # -- fields -----------------------------------------------------------------------------------------------

    def record(self, node: Node, was: Row, row: Row, fields: Mapping[str, Shape]) -> Iterator[Edit]:
        members = node.members or []
        written = {key.text for key, _ in members}
        gone = {name for name in was if name not in row}
        added = {name: value for name, value in row.items() if name not in written}
        if not node.block and (gone or added):
            yield node.start, node.end, _flow(row, fields)
            return
        for key, value in members:
            name = key.text or ""
            if name in row and (name not in was or was[name] != row[name]):
                shape = fields.get(name, _ANYTHING)
                entries = [*self.entries(value, was.get(name), row[name], shape)]
                yield from entries or [self.value(key, value, inline(row[name], shape))]
        yield from self.without(members, gone)
        if added:
            margin = " " * (members[0][0].start - self.line_start(members[0][0].start))
            lines = [
                margin + line
                for name, value in added.items()
                for line in field_lines(name, value, fields.get(name, _ANYTHING))
            ]
            yield self.below(self.line_end(node.end), lines)

    def value(self, key: Node, value: Node, written: str) -> Edit:
        if value.text is not None and not value.block and not value.missing:
            return value.start, value.end, written
        colon = _colon(self.text, key.end)
        if colon is None:
            raise _Unusual
        return colon.end(), max(value.end, colon.end()), f" {written}"

    def entries(self, node: Node, was: Any, values: Any, shape: Shape) -> Iterator[Edit]:
        """Change single entries of a list that has a line for each; nothing where none of them stays."""
        if not (node.block and node.items and isinstance(was, list) and isinstance(values, list)):
            return
        item = entry_shape(shape)
        before, after = ([json.dumps(value) for value in some] for some in (was, values))
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        steps = matcher.get_opcodes() if len(was) == len(node.items) else []
        if not any(step[0] == "equal" for step in steps):
            return
        dash = self.dash(node.items[0])
        for what, first, last, new_first, new_last in steps:
            if what == "equal":
                continue
            old, new = node.items[first:last], [inline(value, item) for value in values[new_first:new_last]]
            for each, written in zip(old, new, strict=False):
                yield each.start, each.end, written
            for each in old[len(new) :]:
                self.dash(each)
                yield self.line_start(each.start), self.line_end(each.end), ""
            if new[len(old) :]:
                at = self.line_end(node.items[last - 1].end) if last else self.line_start(node.start)
                yield self.below(at, [dash + written for written in new[len(old) :]])

    def without(self, members: list[tuple[Node, Node]], gone: set[str]) -> Iterator[Edit]:
        """Take fields away: their lines, or where the first shares its line with the dash, up to the next to stay."""
        stays = [n for n, (key, _) in enumerate(members) if key.text not in gone]
        first = stays[0]
        if first:
            yield members[0][0].start, members[first][0].start, ""
        for n, (key, value) in enumerate(members):
            if n > first and key.text in gone:
                yield self.line_start(key.start), self.line_end(value.end), ""

    # -- lines ------------------------------------------------------------------------------------------------

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    def below(self, offset: int, lines: Iterable[str]) -> Edit:
        lead = self.newline if offset and not self.text[:offset].endswith("\n") else ""
        return offset, offset, lead + "".join(line + self.newline for line in lines)


def _flow(row: Row, fields: Mapping[str, Shape]) -> str:
    return "{" + ", ".join(f"{name}: {inline(value, fields.get(name, _ANYTHING))}" for name, value in row.items()) + "}"
