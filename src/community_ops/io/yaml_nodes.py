"""YAML text as a tree of nodes that know where they stand; what hides or repeats a value is refused.

A document says what it holds where it says it, so anchors, aliases, merge keys and tags are refused; without them no
text can unfold to more than its own size. What a plain scalar means is left open here: the field it belongs to decides
that (see `yaml_reader.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from attrs import define, field

from community_ops.errors import InvalidDocument, MissingExtra, Problem
from community_ops.io.places import Lines, Steps, normal_id
from community_ops.kernel.jsontext import DEPTH_LIMIT, fail, pointer
from community_ops.kernel.layout import REFUSALS

# Line breaks to YAML 1.1 and characters to YAML 1.2: whichever is meant, half of the readers get it wrong.
_odd_break = re.compile("[\x85\u2028\u2029]").search
_count = re.compile(r"[0-9]{1,9}", re.ASCII).fullmatch
_colon = re.compile(r"[ \t]*:").match


class BrokenYaml(ValueError):
    """Text is no YAML from an offset on."""

    def __init__(self, pos: int, message: str) -> None:
        """Say what is wrong from where on."""
        self.pos = pos
        super().__init__(message)


@define(eq=False)
class Node:
    """A scalar, a list or a mapping in a YAML text.

    Attributes:
        start: where it begins.
        end: where its last character has been; comments and blank lines after it do not count.
        text: a scalar's text; None for a list or a mapping.
        plain: whether a scalar stands without quotes.
        block: whether a scalar is a block of lines (`|` or `>`), or a collection is written without brackets.
        items: a list's items.
        members: a mapping's keys and values; None for a scalar or a list.
    """

    start: int
    end: int
    text: str | None = None
    plain: bool = False
    block: bool = False
    items: list[Node] = field(factory=list)
    members: list[tuple[Node, Node]] | None = None

    @property
    def missing(self) -> bool:
        """Whether nothing is written where a value could be."""
        return self.plain and self.text == "" and self.start == self.end

    def get(self, key: str) -> Node | None:
        """Return the value of a mapping's key, the last where it stands twice; None where there is none."""
        return next((value for name, value in reversed(self.members or []) if name.text == key), None)


def parse_nodes(text: str) -> tuple[Node | None, list[Problem]]:
    """Return the root of a YAML document, None where it is empty, and what in it is refused.

    Raises:
        MissingExtra: ruamel.yaml is not installed.
        InvalidDocument: the text is no YAML, is nested too deep, or holds several documents.
    """
    try:
        if (odd := _odd_break(text)) is not None:
            raise BrokenYaml(odd.start(), f"the character U+{ord(odd[0]):04X} stands for itself only as an escape")
        builder = _Builder(text)
        for event in _events(text):
            builder.take(event)
    except BrokenYaml as broken:
        place = Lines(text).location("", broken.pos)
        fail("bad-yaml", "", f"line {place.line}, column {place.column}: {broken}")
    return builder.root, builder.problems


def _events(text: str) -> Iterator[Any]:
    try:
        from ruamel.yaml import YAML  # noqa: PLC0415 - an extra
        from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415
    except ImportError:
        raise MissingExtra("ruamel.yaml", "yaml") from None
    at = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            at = event.end_mark.index
            yield event
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(filter(None, (error.context, error.problem)))
        raise BrokenYaml(0 if mark is None else mark.index, said) from None
    except YAMLError as error:
        raise BrokenYaml(getattr(error, "position", 0), str(getattr(error, "reason", error))) from None
    except REFUSALS as error:  # its scanner lets some through, such as an escape for no character
        raise BrokenYaml(at, f"what follows cannot be read: {error}") from None


class _Builder:
    """Makes nodes of ruamel's events, without recursion; knows the path it is at."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[Node] = []
        self._keys: list[Node | None] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        what = type(event).__name__
        if what == "DocumentStartEvent":
            self._begin(event)
        elif what in ("SequenceStartEvent", "MappingStartEvent"):
            self._refuse_marks(event)
            members: list[tuple[Node, Node]] | None = [] if what == "MappingStartEvent" else None
            start = event.start_mark.index
            self._enter(Node(start, start, block=not event.flow_style, members=members))
        elif what in ("SequenceEndEvent", "MappingEndEvent"):
            self._leave(event)
        elif what == "AliasEvent":
            self._refuse("alias", f"the alias *{event.anchor} is not read; write the value itself")
            self._put(Node(event.start_mark.index, event.end_mark.index, text="", plain=True))
        elif what == "ScalarEvent":
            self._refuse_marks(event)
            self._put(self._scalar(event))

    def _begin(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise BrokenYaml(event.start_mark.index, "a second document begins; a file holds one")
        version = event.version
        if event.tags or (version is not None and tuple(version) != (1, 2)):
            raise BrokenYaml(event.start_mark.index, "directives other than %YAML 1.2 are not read")

    def _scalar(self, event: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        plain, block = event.style is None, event.style in ("|", ">")
        if plain and start == end:
            start = end = self._after_key(start)
        elif block:  # its mark stands behind the blank lines that follow
            end = start + len(self.text[start:end].rstrip())
        return Node(start, end, text=event.value, plain=plain, block=block)

    def _after_key(self, start: int) -> int:
        """Return where a value that is not written would begin; its own mark stands before whatever comes next."""
        key = self._keys[-1] if self._open else None
        if key is None:
            return start
        colon = _colon(self.text, key.end)
        return key.end if colon is None else colon.end()

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse("alias", f"the anchor &{event.anchor} is not read; write the value wherever it is meant")
        if event.tag is not None:
            self._refuse("tag", f"the tag {event.tag} is not read; what a value is follows from its field")

    def _refuse(self, code: str, message: str) -> None:
        self.problems.append(Problem(code, pointer(*self._path()), message))

    def _path(self) -> Iterator[str | int]:
        for node, key in zip(self._open, self._keys, strict=True):
            if node.members is None:
                yield len(node.items)
            elif key is not None:
                yield key.text or ""

    def _enter(self, node: Node) -> None:
        if len(self._open) >= DEPTH_LIMIT:
            fail("too-deep", "", f"the document nests more than {DEPTH_LIMIT} levels deep")
        if self._open and self._open[-1].members is not None and self._keys[-1] is None:
            raise BrokenYaml(node.start, "a key is a list or a mapping; keys are text")
        self._open.append(node)
        self._keys.append(None)

    def _leave(self, event: Any) -> None:
        node = self._open.pop()
        self._keys.pop()
        if not node.block:
            node.end = event.end_mark.index
        self._put(node)

    def _put(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        around = self._open[-1]
        around.end = max(around.end, node.end)
        if around.members is None:
            around.items.append(node)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = node
            self._check_key(node)
        else:
            around.members.append((key, node))
            self._keys[-1] = None

    def _check_key(self, key: Node) -> None:
        if key.plain and key.text == "<<":
            self._refuse("merge-key", "merge keys are not read; write the fields themselves")
        elif key.plain and key.text == "":
            self._refuse("bad-key", "a key is empty; keys are text")


def versions_of(root: Node) -> dict[str, int]:
    """Return the versions that a document names."""
    named = {key: root.get(key) for key in ("version", "model_version")}
    return {key: int(node.text) for key, node in named.items() if node is not None and node.text and _count(node.text)}


class YamlPlaces:
    """Knows where the tables, records and fields of a YAML text stand."""

    def __init__(self, text: str) -> None:
        """Index a text that is YAML."""
        self._root, _ = parse_nodes(text)
        self._ids: dict[str, dict[str, int]] = {}
        for key, table in (self._root.members or []) if self._root else []:
            ids = self._ids[key.text or ""] = {}
            for row, node in enumerate(table.items):
                found = node.get("id")
                id = None if found is None else normal_id(found.text)
                if id is not None:
                    ids.setdefault(id, row)

    def versions(self) -> dict[str, int]:
        """Return the versions that the document names."""
        return {} if self._root is None else versions_of(self._root)

    def row(self, table: str, id: str) -> int | None:
        """Return which row of a table has an id; None if none has."""
        return self._ids.get(table, {}).get(id)

    def offset(self, steps: Steps) -> int:
        """Return where a value begins, or the nearest one around it that there is."""
        node = self._root
        if node is None:
            return 0
        for step in steps:
            inner = node.get(str(step))
            if isinstance(step, int) and step < len(node.items):
                inner = node.items[step]
            if inner is None:
                break
            node = inner
        return node.start


def refuse(problems: list[Problem]) -> None:
    """Raise what is wrong, if anything is."""
    if problems:
        raise InvalidDocument(problems)
