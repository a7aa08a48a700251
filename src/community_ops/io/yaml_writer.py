"""Models as YAML text: one field a line, quotes only where some reader would take a word for something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from community_ops.io.yaml_reader import plain_means_text
from community_ops.kernel import codec, containers, shapes, written
from community_ops.kernel.model import Model

WIDTH = 100
# Words, in any script, between single spaces, with such signs around them as mean nothing to YAML.
_SIMPLE = re.compile(r"[^\W_][\w./()+·，。、；：（）“”《》-]*(?: [\w/(&+·（“《][\w./()&+·，。、；：（）“”《》-]*)*")
# What YAML does not show, or takes for a line break.
_HIDDEN = re.compile("[\x7f-\xa0\xad\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_ANYTHING = containers.Json()


def yaml_text(model: Model) -> str:
    """Return a model as YAML text.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> print(yaml_text(OperatingModel.of(Unit(id="hq", name="No. 1"), Unit(id="no", name="HQ"))), end="")
        format: community-ops
        version: 2
        units:
          - id: hq
            name: No. 1
          - id: "no"
            name: HQ
    """
    return "".join(f"{line}\n" for line in document_lines(document_of(model), type(model)))


def document_of(model: Model) -> dict[str, Any]:
    """Return the plain data of a model's JSON document."""
    data: dict[str, Any] = json.loads(codec.dumps(model))
    return data


def content(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's data in a form that compares without the order of records."""
    return {
        key: {row["id"]: row for row in value} if has_ids(value) else value
        for key, value in document.items()
        if value != []
    }


def has_ids(rows: Any) -> bool:
    """Tell whether something is a list of records, each with an id."""
    return isinstance(rows, list) and all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows)


def document_lines(data: Mapping[str, Any], model: type[Model]) -> Iterator[str]:
    """Yield the lines of a document of plain data."""
    for key, value in data.items():
        if isinstance(value, list):
            yield from table_lines(key, value, model)
        else:
            yield f"{scalar(key)}: {inline(value, _ANYTHING)}"


def table_lines(table: str, rows: list[Any], model: type[Model]) -> Iterator[str]:
    """Yield the lines of a table."""
    if not rows:
        yield f"{scalar(table)}: []"
        return
    yield f"{scalar(table)}:"
    for row in rows:
        yield from row_lines(row, row_shapes(table, model))


def row_shapes(table: str, model: type[Model]) -> Mapping[str, shapes.Shape]:
    """Return the shapes of the fields of a table's records; nothing for a table the schema does not know."""
    for kind in model.schema.kinds.values():
        if kind.table == table:
            return {name: spec.shape for name, spec in kind.layout.by_name.items()}
    return {}


def row_lines(row: Any, fields: Mapping[str, shapes.Shape], dash: str = "  - ", margin: str = "    ") -> Iterator[str]:
    """Yield the lines of a record in a table, the first behind a dash."""
    if not isinstance(row, dict) or not row:
        yield dash + inline(row, _ANYTHING)
        return
    for n, (key, value) in enumerate(row.items()):
        for line in field_lines(key, value, fields.get(key, _ANYTHING)):
            yield (margin if n or line.startswith(" ") else dash) + line


def field_lines(key: str, value: Any, shape: shapes.Shape) -> Iterator[str]:
    """Yield the lines of a field: one, or one for each entry of a list that has no room on it."""
    line = f"{scalar(key)}: {inline(value, shape)}"
    inner = _bare(shape)
    if len(line) <= WIDTH or not isinstance(value, list) or not isinstance(inner, containers.Many):
        yield line
        return
    yield f"{scalar(key)}:"
    for item in value:
        yield f"  - {inline(item, inner.item)}"


def entry_shape(shape: shapes.Shape) -> shapes.Shape:
    """Return what the entries of a list are that a field holds."""
    inner = _bare(shape)
    return inner.item if isinstance(inner, containers.Many) else _ANYTHING


def _bare(shape: shapes.Shape) -> shapes.Shape:
    return shape.inner if isinstance(shape, containers.Optional) else shape


def inline(value: Any, shape: shapes.Shape) -> str:
    """Return a value on one line, as it may stand in any place of a YAML document."""
    shape = _bare(shape)
    if isinstance(value, dict):
        fields: Mapping[str, shapes.Shape] = {}
        if isinstance(shape, containers.Nested):
            fields = {name: spec.shape for name, spec in shape.layout.by_name.items()}
        other = shape.item if isinstance(shape, containers.Mapped) else _ANYTHING
        return "{" + ", ".join(f"{scalar(k)}: {inline(v, fields.get(k, other))}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        places = shape.items if isinstance(shape, containers.Fixed) else ()
        item = shape.item if isinstance(shape, containers.Many) else _ANYTHING
        return "[" + ", ".join(inline(v, places[i] if i < len(places) else item) for i, v in enumerate(value)) + "]"
    if isinstance(value, str):
        # Digits and dates need no quotes where the field says what they are; it has checked how they are written.
        bare = isinstance(shape, written.Scalar)
        return value if bare else scalar(value)
    return json.dumps(value)


def scalar(text: str) -> str:
    """Return text as a scalar, in quotes where some reader would take it for something else.

    Example:
        >>> print(scalar("Head office"), scalar("no"), scalar("a: b"))
        Head office "no" "a: b"
    """
    if _SIMPLE.fullmatch(text) and text.isprintable() and plain_means_text(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _HIDDEN.sub(lambda hidden: f"\\u{ord(hidden[0]):04x}", quoted)
