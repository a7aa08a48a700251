"""YAML documents as the plain data of the JSON form, which the one strict codec then reads.

The field a plain scalar stands in decides what it means, not its looks: `0.5` keeps its digits in a decimal field and
`2026-01-01` is a date where a date belongs. `no` is a name where a name belongs, and no way to say false. Where no
field decides, as in `extra`, what readers of YAML 1.1 and 1.2 take for different things is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from community_ops.errors import Problem
from community_ops.io.yaml_nodes import Node, parse_nodes, refuse, versions_of
from community_ops.kernel import containers, jsontext, shapes, written
from community_ops.kernel.envelope import journey_of
from community_ops.kernel.jsontext import RepeatedKeys, fail, pointer
from community_ops.kernel.model import Model

Path = tuple[str | int, ...]

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", re.ASCII)
# What the core schema of YAML 1.2 takes for a number.
_NUMBER = re.compile(
    r"[-+]?([0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))|\.(nan|NaN|NAN)",
    re.ASCII,
)
# What YAML 1.1 takes for a truth value or a number beyond that: words, 1_000 and 1:30.
_OLDER = re.compile(
    r"y|yes|n|no|on|off|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|[-+]?0[xb][0-9a-f_]+",
    re.ASCII | re.I,
)
_TEXTS = (shapes.Text, shapes.Id, shapes.AnyRef, shapes.Choice)
_ANYTHING = containers.Json()


def parse_yaml(text: str, model: type[Model], document_limit: int, *, part: bool = False) -> Any:
    """Parse a YAML document into the plain data of its JSON form.

    Args:
        text: the text; a byte-order mark is ignored.
        model: the class of model, whose schema says what the scalars mean.
        document_limit: the longest text, in characters.
        part: whether it is one of several that make up a document, which may be empty.

    Raises:
        MissingExtra: ruamel.yaml is not installed.
        InvalidDocument: the text is no YAML, or says something in a way that is refused.
    """
    if not isinstance(text, str):
        raise TypeError(f"a document is text, got {type(text).__name__}; read bytes as UTF-8 first")
    if len(text) > document_limit:
        fail("too-large", "", f"the document has {len(text):,} characters; the limit is {document_limit:,}")
    root, problems = parse_nodes(text.removeprefix("\ufeff"))
    refuse(problems)
    if part and (root is None or root.missing):
        return {}
    data = None if root is None else document_data(root, model, problems)
    refuse(problems)
    return data


def document_data(root: Node, model: type[Model], problems: list[Problem]) -> Any:
    """Return the plain data of a document; what cannot be told is added to the problems."""
    reader = _Reader(problems)
    if root.members is None:
        return reader.read(root, _ANYTHING, ())
    return reader.mapping(root, _fields_then(versions_of(root), model), ())


@frozen
class _Table(shapes.Shape):
    """The records of a kind, by the names their fields had in the version of the document."""

    fields: Mapping[str, shapes.Shape]


def _fields_then(versions: Mapping[str, int], model: type[Model]) -> dict[str, shapes.Shape]:
    """Return what a document holds by the names of its own versions."""
    journey = journey_of(versions, model)
    tables: dict[str, dict[str, shapes.Shape]] = {}
    for kind in model.schema.kinds.values():
        for name, spec in kind.layout.by_name.items():
            table, _, *inside = journey.origin(pointer(kind.table, 0, name))[1:].split("/")
            if len(inside) == 1:
                tables.setdefault(table, {})[inside[0]] = spec.shape
    envelope = {"format": shapes.Text(), "version": shapes.Integer(), "model_version": shapes.Integer()}
    return {**{table: containers.Many(_Table(fields)) for table, fields in tables.items()}, **envelope}


class _Reader:
    """Reads nodes as the fields they stand in; recursion is bounded by the depth that nodes are allowed."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def read(self, node: Node, shape: shapes.Shape, path: Path) -> Any:
        while isinstance(shape, containers.Optional):
            shape = shape.inner
        if node.text is not None:
            return self.scalar(node.text, shape, path) if node.plain else node.text
        if node.members is not None:
            if isinstance(shape, _Table):
                return self.mapping(node, shape.fields, path)
            if isinstance(shape, containers.Nested):
                return self.mapping(node, {name: spec.shape for name, spec in shape.layout.by_name.items()}, path)
            item = shape.item if isinstance(shape, containers.Mapped) else _ANYTHING
            return self.mapping(node, {}, path, item)
        places: tuple[shapes.Shape, ...] = shape.items if isinstance(shape, containers.Fixed) else ()
        rest = shape.item if isinstance(shape, containers.Many) else _ANYTHING
        return [
            self.read(item, places[i] if i < len(places) else rest, (*path, i)) for i, item in enumerate(node.items)
        ]

    def mapping(
        self, node: Node, fields: Mapping[str, shapes.Shape], path: Path, other: shapes.Shape = _ANYTHING
    ) -> dict[str, Any]:
        pairs = [
            (key.text or "", self.read(value, fields.get(key.text or "", other), (*path, key.text or "")))
            for key, value in node.members or []
        ]
        data = dict(pairs)
        if len(data) < len(pairs):
            data = RepeatedKeys(data)
            names = [name for name, _ in pairs]
            data.keys_twice = tuple([name for name in data if names.count(name) > 1])
        return data

    def scalar(self, text: str, shape: shapes.Shape, path: Path) -> Any:
        if text in _NULL:
            return None
        if isinstance(shape, _TEXTS):
            if text in _TRUTH or _NUMBER.fullmatch(text):
                what = "a truth value" if text in _TRUTH else "a number"
                self._complain("wrong-type", path, f'must be text, and {text} is {what}; write "{text}" in quotes')
            return text
        if isinstance(shape, shapes.Boolean):
            return _TRUTH.get(text, text)
        if isinstance(shape, (shapes.Integer, shapes.Number)):
            return jsontext.parse(text) if _JSON_NUMBER.fullmatch(text) else text
        return text if isinstance(shape, written.Scalar) else self._free(text, path)

    def _free(self, text: str, path: Path) -> Any:
        if text in _TRUTH:
            return _TRUTH[text]
        if _JSON_NUMBER.fullmatch(text):
            return jsontext.parse(text)
        if _NUMBER.fullmatch(text) or _OLDER.fullmatch(text):
            message = f"some readers of YAML take {text} for text and others do not; put it in quotes, or write a plain"
            self._complain("ambiguous", path, f"{message} number, true or false")
        return text

    def _complain(self, code: str, path: Path, message: str) -> None:
        self.problems.append(Problem(code, pointer(*path), message))


def plain_means_text(text: str) -> bool:
    """Tell whether every reader takes a plain scalar for the text it shows, as far as its looks go.

    Example:
        >>> [plain_means_text(text) for text in ("HQ", "no", "12", "2026-01-01", "~")]
        [True, False, False, False, False]
    """
    return not (
        text in _NULL or text in _TRUTH or _NUMBER.fullmatch(text) or _OLDER.fullmatch(text) or _LIKE_A_DATE(text)
    )


_LIKE_A_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}").match
