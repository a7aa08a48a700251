"""An example of each kind of record, made from its declaration: rows that load, with as many fields as possible."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

from community_ops.kernel import containers, shapes, written
from community_ops.kernel.declaration import Kind
from community_ops.kernel.layout import Layout
from community_ops.kernel.schema import Schema
from community_ops.kernel.text import BadValue

_PLAIN: dict[type[shapes.Shape], Any] = {
    shapes.Text: "...",
    written.Day: "2026-01-01",
    written.DayOrInstant: "2026-01-01",
    written.Instant: "2026-01-01T09:00:00+00:00",
    written.Duration: "P1DT30M",
    containers.Json: {"key": "value"},
}


def sample_row(kind: Kind, schema: Schema) -> dict[str, Any] | None:
    """Return an example of a kind as a row of a document.

    Fields that have a default get another value than that where there is one, so that the row shows them. Where a
    class asks more of a field than its declaration says, the first of the `examples` in its `json_hints` serves; an
    optional field for which no value can be found is left out.

    Args:
        kind: the kind.
        schema: the schema it belongs to, where references of any kind find a target.

    Returns:
        The row, or None where a required field asks for more than the declaration says.

    Example:
        >>> from community_ops import OperatingModel
        >>> schema = OperatingModel.schema
        >>> sample_row(schema.kinds["skill"], schema)
        {'id': 'skill-1', 'name': '...', 'description': '...'}
    """
    return _Sampler(next(iter(schema.kinds)), kind.name).row(kind.layout)


class _Sampler:
    def __init__(self, any_kind: str, kind: str) -> None:
        self.any_kind, self.kind = any_kind, kind

    def row(self, layout: Layout) -> dict[str, Any] | None:
        """Return a JSON object that a class reads, or None."""
        hints: Mapping[str, Mapping[str, Any]] = getattr(layout.cls, "json_hints", {})
        row: dict[str, Any] = {}
        for spec in layout.fields:
            if spec.name == "extra":  # which belongs to applications, and stays empty in most records
                continue
            value = next(iter(hints.get(spec.name, {}).get("examples", ())), None)
            row[spec.name] = self.value(spec.shape, spec.default) if value is None else value
        if not _reads(layout, row):
            row = self._thinned(layout, row)
        return layout.write(layout.read(row)) if _reads(layout, row) else None

    def _thinned(self, layout: Layout, row: dict[str, Any]) -> dict[str, Any]:
        """Return what is left of a row without the optional fields that spoil it."""
        kept = {spec.name: row[spec.name] for spec in layout.fields if spec.required}
        for spec in layout.fields:
            if spec.name in row and not spec.required and _reads(layout, {**kept, spec.name: row[spec.name]}):
                kept[spec.name] = row[spec.name]
        return kept

    def value(self, shape: shapes.Shape, default: Any) -> Any:
        """Return a JSON value for a shape, another than the default where that is easy."""
        if isinstance(shape, containers.Optional):
            return self.value(shape.inner, default)
        if isinstance(shape, containers.Nested):
            return self.row(shape.layout)
        if isinstance(shape, containers.Many):
            return [self.value(shape.item, attrs.NOTHING)]
        if isinstance(shape, containers.Fixed):
            return [self.value(item, attrs.NOTHING) for item in shape.items]
        if isinstance(shape, containers.Mapped):
            return {"...": self.value(shape.item, attrs.NOTHING)}
        return self._leaf(shape, default)

    def _leaf(self, shape: shapes.Shape, default: Any) -> Any:
        if isinstance(shape, shapes.Id):
            target = shape.target or self.kind
            return f"{target}-{2 if shape.target == self.kind else 1}"  # a record that refers to itself is a rare sight
        if isinstance(shape, shapes.AnyRef):
            return f"{self.any_kind}:{self.any_kind}-1"
        if isinstance(shape, shapes.Choice):
            return next((word for word in shape.words if word != default), shape.words[0])
        if isinstance(shape, shapes.Boolean):
            return default is not True
        if isinstance(shape, (shapes.Integer, shapes.Number, written.DecimalNumber)):
            return shape.write(_number(shape, default))
        return _PLAIN[type(shape)]


def _number(shape: shapes.Integer | shapes.Number | written.DecimalNumber, default: Any) -> Any:
    one: Any = Decimal(1) if isinstance(shape, written.DecimalNumber) else 1
    least = one if shape.minimum is None else max(shape.minimum, one)
    return least if least != default else least + one


def _reads(layout: Layout, row: dict[str, Any]) -> bool:
    try:
        layout.read(row)
    except BadValue:
        return False
    return True
