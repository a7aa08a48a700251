"""Shapes made of other shapes: optional values, sequences, mappings, nested value objects, free JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from community_ops.kernel.frozenmap import EMPTY, FrozenMap, freeze, thaw
from community_ops.kernel.ref import Ref
from community_ops.kernel.shapes import Define, Rewrite, Shape, Unclean
from community_ops.kernel.text import BadValue, clean_items, collect, shown

if TYPE_CHECKING:
    from community_ops.kernel.declaration import Layout


def _below(step: str, path: str) -> str:
    return f"{step}.{path}" if path else step


@frozen
class Optional(Shape):
    """The inner shape, or None."""

    inner: Shape

    @property
    def plain(self) -> bool:  # type: ignore[override]
        return self.inner.plain

    @property
    def has_references(self) -> bool:  # type: ignore[override]
        return self.inner.has_references

    def check(self, value: Any) -> Any:
        return None if value is None else self.inner.check(value)

    def read(self, data: Any) -> Any:
        return None if data is None else self.inner.read(data)

    def write(self, value: Any) -> Any:
        return None if value is None else self.inner.write(value)

    def read_column(self, column: list[Any]) -> list[Any]:
        given = [data for data in column if data is not None]
        read = self.inner.read_column(given)
        if len(given) == len(column) or read is given:
            return column if read is given else read
        following = iter(read)
        return [None if data is None else next(following) for data in column]

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        return iter(()) if value is None else self.inner.references(value)

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        return None if value is None else self.inner.rewrite(value, change)

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"anyOf": [self.inner.json_schema(define), {"type": "null"}]}


def _sequence(value: Any) -> tuple[Any, ...]:
    if type(value) is tuple:
        return value
    if isinstance(value, (list, tuple)):
        return tuple(value)
    raise BadValue(f"must be a list, got {shown(value)}")


@frozen
class Many(Shape):
    """Any number of values of one shape, kept as a tuple."""

    item: Shape

    @property
    def plain(self) -> bool:  # type: ignore[override]
        return False

    @property
    def has_references(self) -> bool:  # type: ignore[override]
        return self.item.has_references

    def _each(self, value: Any, door: str) -> tuple[Any, ...]:
        values = _sequence(value)
        act = getattr(self.item, door)
        done = collect((step, act, item) for step, item in enumerate(values))
        unchanged = values is value and all(a is b for a, b in zip(values, done, strict=True))
        return values if unchanged else tuple(done)

    def check(self, value: Any) -> Any:
        return self._each(value, "check")

    def read(self, data: Any) -> Any:
        if type(data) is not list:
            raise BadValue(f"must be a list, got {shown(data)}")
        return self._each(data, "read")

    def write(self, value: Any) -> Any:
        return [self.item.write(item) for item in value]

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        for item in value:
            yield from self.item.references(item)

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        changed = tuple([self.item.rewrite(item, change) for item in value])
        return value if all(a is b for a, b in zip(value, changed, strict=True)) else changed

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "array", "items": self.item.json_schema(define)}


@frozen
class Fixed(Shape):
    """A tuple of fixed length, each place with its own shape."""

    items: tuple[Shape, ...]

    @property
    def has_references(self) -> bool:  # type: ignore[override]
        return any(item.has_references for item in self.items)

    def _each(self, value: tuple[Any, ...], door: str) -> tuple[Any, ...]:
        if len(value) != len(self.items):
            raise BadValue(f"must have {len(self.items)} entries, got {len(value)}")
        pairs = enumerate(zip(self.items, value, strict=True))
        return tuple(collect((step, getattr(shape, door), item) for step, (shape, item) in pairs))

    def check(self, value: Any) -> Any:
        return self._each(_sequence(value), "check")

    def read(self, data: Any) -> Any:
        if type(data) is not list:
            raise BadValue(f"must be a list, got {shown(data)}")
        return self._each(tuple(data), "read")

    def write(self, value: Any) -> Any:
        return [shape.write(item) for shape, item in zip(self.items, value, strict=True)]

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        for shape, item in zip(self.items, value, strict=True):
            yield from shape.references(item)

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        changed = tuple([shape.rewrite(item, change) for shape, item in zip(self.items, value, strict=True)])
        return value if all(a is b for a, b in zip(value, changed, strict=True)) else changed

    def json_schema(self, define: Define) -> dict[str, Any]:
        places = {"prefixItems": [item.json_schema(define) for item in self.items]} if self.items else {}
        return {"type": "array", **places, "minItems": len(self.items), "maxItems": len(self.items)}


@frozen
class Mapped(Shape):
    """A mapping from text to values of one shape, kept as a `FrozenMap`."""

    item: Shape

    @property
    def has_references(self) -> bool:  # type: ignore[override]
        return self.item.has_references

    def _each(self, value: Any, door: str) -> FrozenMap:
        if not isinstance(value, Mapping):
            raise BadValue(f"must be an object, got {shown(value)}")
        done = clean_items(value, getattr(self.item, door))
        if type(value) is FrozenMap and all(value[key] is item for key, item in done.items()):
            return value
        return FrozenMap(done)

    def check(self, value: Any) -> Any:
        return self._each(value, "check")

    def read(self, data: Any) -> Any:
        return self._each(data, "read")

    def write(self, value: Any) -> Any:
        return {key: self.item.write(item) for key, item in value.items()}

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        for item in value.values():
            yield from self.item.references(item)

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        changed = {key: self.item.rewrite(item, change) for key, item in value.items()}
        return value if all(value[key] is item for key, item in changed.items()) else FrozenMap(changed)

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.item.json_schema(define)}


@frozen
class Json(Shape):
    """A JSON object that an embedding application owns: kept and round-tripped, never interpreted."""

    def check(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise BadValue(f"must be a mapping, got {shown(value)}")
        return freeze(value)

    def write(self, value: Any) -> Any:
        return thaw(value)

    def read_column(self, column: list[Any]) -> list[Any]:
        if any(column):
            return super().read_column(column)
        if not set(map(type, column)) <= {dict}:
            raise Unclean
        return [EMPTY] * len(column)

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "object"}


@frozen
class Nested(Shape):
    """A value object, written as a JSON object of its fields.

    Attributes:
        layout: the fields of the value's class.
    """

    layout: Layout = field(repr=False)

    @property
    def has_references(self) -> bool:  # type: ignore[override]
        return any(spec.shape.has_references for spec in self.layout.fields)

    def check(self, value: Any) -> Any:
        if type(value) is not self.layout.cls:
            raise BadValue(f"must be a {self.layout.cls.__name__}, got {shown(value)}")
        return value

    def read(self, data: Any) -> Any:
        return self.layout.read(data)

    def write(self, value: Any) -> Any:
        return self.layout.write(value)

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        for spec in self.layout.fields:
            if spec.shape.has_references:
                for path, target, nearer in spec.shape.references(spec.get(value)):
                    yield _below(spec.name, path), target, {**self._beside(value, spec.name), **nearer}

    def _beside(self, value: Any, name: str) -> Mapping[str, Any]:
        return {spec.name: spec.get(value) for spec in self.layout.fields if spec.name != name}

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        return self.layout.rewrite(value, change)

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"$ref": define(self.layout)}
