"""How a class of records or values is declared, and what is derived from that declaration.

A class is written as a frozen attrs class; `layout_of` reads its annotations and field metadata once and compiles
them into a `Layout`: for every field a `Shape`, a getter and a setter. `Kind` adds, for records, the kind's name, its
table and its relations. Nothing else in the library inspects a record class.
"""

from __future__ import annotations

import threading
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, Literal, cast

import attrs

from community_ops.errors import InvalidSchema
from community_ops.kernel import containers, shapes, written
from community_ops.kernel.layout import FieldSpec, Layout, Reference
from community_ops.kernel.quantities import exact
from community_ops.kernel.ref import KIND_NAME, Ref
from community_ops.kernel.text import BadValue

__all__ = [
    "FieldSpec",
    "Kind",
    "Layout",
    "Reference",
    "Relation",
    "compile_shape",
    "is_generated",
    "kind_of",
    "layout_of",
]

_META = "community_ops"
RESERVED = ("format", "version", "model_version")
"""The keys of a document that are no tables."""
_SCALARS: dict[Any, shapes.Shape] = {
    str: shapes.Text(),
    bool: shapes.Boolean(),
    date: written.Day(),
    datetime: written.Instant(),
    timedelta: written.Duration(),
}


class _Compiling(threading.local):
    """The classes that a thread is compiling at the moment, outermost first."""

    def __init__(self) -> None:
        self.classes: list[type] = []


_compiling = _Compiling()
_layouts: dict[type, Layout] = {}


def layout_of(cls: type) -> Layout:
    """Return the layout of a declared class, compiled on first use.

    Raises:
        InvalidSchema: the class is not a frozen attrs class, or an annotation has no JSON form.
    """
    found = _layouts.get(cls)
    return found if found is not None else _layouts.setdefault(cls, _compile_layout(cls))


def _compile_layout(cls: type) -> Layout:
    if "__attrs_attrs__" not in cls.__dict__:
        raise InvalidSchema(f"{cls.__name__} must be decorated with @frozen(kw_only=True) from attrs")
    if cls in _compiling.classes:
        raise InvalidSchema(f"{cls.__name__} contains itself; records refer to one another by id")
    _compiling.classes.append(cls)
    try:
        specs = _compile_fields(cls)
    finally:
        _compiling.classes.pop()
    return Layout(cls, specs, types.MappingProxyType({spec.name: spec for spec in specs}), _has_own_code(cls))


def _compile_fields(cls: type) -> tuple[FieldSpec, ...]:
    try:
        hints = typing.get_type_hints(cls)
    except (NameError, AttributeError, TypeError, SyntaxError) as error:
        raise InvalidSchema(f"{cls.__name__}: an annotation means nothing at run time: {error}") from error
    attributes = sorted(attrs.fields(cls), key=lambda a: (a.name != "id", a.name == "extra"))
    return tuple(_compile_field(cls, attribute, hints.get(attribute.name)) for attribute in attributes)


def _has_own_code(cls: type) -> bool:
    # `exact` leaves what the codec reads as it is; any other converter may do anything.
    changes_values = any(a.converter not in (None, exact) or a.validator is not None for a in attrs.fields(cls))
    written = [c.__dict__[name] for c in cls.__mro__[:-1] for name in ("__init__", "__new__") if name in c.__dict__]
    own_making = not all(map(is_generated, written)) or hasattr(cls, "__attrs_pre_init__")
    caches_hash = "_attrs_cached_hash" in getattr(getattr(cls.__hash__, "__code__", None), "co_names", ())
    own_hook = _overrides(cls, "__attrs_post_init__") or _overrides(cls, "__meaning__")
    return changes_values or own_making or caches_hash or own_hook


def is_generated(function: Any) -> bool:
    """Tell whether attrs wrote a method."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_filename.startswith("<attrs generated")


def _overrides(cls: type, name: str) -> bool:
    definers = [c for c in cls.__mro__ if name in c.__dict__]
    return len(definers) > 1


def _compile_field(cls: type, attribute: attrs.Attribute[Any], annotation: Any) -> FieldSpec:
    meta = attribute.metadata.get(_META, {})
    try:
        if not attribute.init or attribute.alias != attribute.name:
            raise InvalidSchema("a constructor takes every field, under its own name, which starts with no underscore")
        shape = compile_shape(annotation, meta)
    except InvalidSchema as error:
        raise InvalidSchema(f"{cls.__name__}.{attribute.name}: {error}") from None
    if attribute.name == "id" and isinstance(shape, shapes.Text):
        shape = shapes.Id()
    default, converter = attribute.default, cast("Any", attribute.converter)
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        if default.takes_self:  # type: ignore[union-attr]
            raise InvalidSchema(f"{cls.__name__}.{attribute.name}: a default may not depend on the other fields")
        default = default.factory()  # type: ignore[union-attr]
    slot = getattr(cls, attribute.name, None)
    setter = slot.__set__ if isinstance(slot, types.MemberDescriptorType) else _setter(attribute.name)
    if default is not attrs.NOTHING:
        default = exact(cast("Any", default)) if converter is exact else default
        default = _clean_default(cls, attribute.name, shape, default)
    return FieldSpec(attribute.name, shape, default, meta.get("reference"), attrgetter(attribute.name), setter)


def _clean_default(cls: type, name: str, shape: shapes.Shape, default: Any) -> Any:
    try:
        return shape.check(default)
    except BadValue as bad:
        raise InvalidSchema(f"{cls.__name__}.{name}: its default {bad}") from None


def _setter(name: str) -> Callable[[Any, Any], None]:
    return lambda instance, value: object.__setattr__(instance, name, value)


def compile_shape(annotation: Any, meta: Mapping[str, Any]) -> shapes.Shape:
    """Turn an annotation and its metadata into a shape.

    Raises:
        InvalidSchema: the annotation has no JSON form, or the metadata does not fit it.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        inner = [argument for argument in arguments if argument is not type(None)]
        leaf = _compile_union(annotation, inner, meta)
        return leaf if len(inner) == len(arguments) else containers.Optional(leaf)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return containers.Many(compile_shape(arguments[0], meta))
        return containers.Fixed(tuple(compile_shape(argument, meta) for argument in arguments))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if len(arguments) != 2 or arguments[0] is not str:
            raise InvalidSchema(f"{annotation} has no JSON form: an object maps text to something")
        return containers.Json() if arguments[1] is Any else containers.Mapped(compile_shape(arguments[1], meta))
    if origin is Literal and all(type(word) is str for word in arguments):
        return shapes.Choice(arguments)
    return _compile_leaf(annotation, meta)


def _compile_union(annotation: Any, inner: Sequence[Any], meta: Mapping[str, Any]) -> shapes.Shape:
    if set(inner) == {date, datetime}:
        return written.DayOrInstant()
    if len(inner) != 1:
        raise InvalidSchema(f"{annotation} has no JSON form: the unions are X | None and date | datetime")
    return compile_shape(inner[0], meta)


def _compile_leaf(annotation: Any, meta: Mapping[str, Any]) -> shapes.Shape:
    reference: Reference | None = meta.get("reference")
    if annotation is Ref:
        if reference is not None and reference.kind is not None:
            raise InvalidSchema("a reference to one kind is annotated str, not Ref")
        return shapes.AnyRef()
    if annotation is str and reference is not None:
        if reference.kind is None:
            raise InvalidSchema("a reference to any kind is annotated Ref, not str")
        return shapes.Id(reference.kind)
    minimum = meta.get("minimum")
    if minimum is not None and annotation not in (int, float, Decimal):
        raise InvalidSchema("only numbers have a least value")
    if annotation is int:
        return shapes.Integer(minimum)
    if annotation is float:
        return shapes.Number(minimum)
    if annotation is Decimal:
        return written.DecimalNumber(None if minimum is None else Decimal(minimum))
    if isinstance(annotation, type) and annotation in _SCALARS:
        return _SCALARS[annotation]
    if isinstance(annotation, type) and hasattr(annotation, "__meaning__"):
        if isinstance(getattr(annotation, "ref", None), property):
            raise InvalidSchema("a record is referred to by its id: `unit: str = field(metadata=ref('unit', 'in'))`")
        if reference is not None:
            raise InvalidSchema(f"a reference is declared on the field of {annotation.__name__} that holds it")
        return containers.Nested(layout_of(annotation))
    raise InvalidSchema(f"{annotation!r} has no JSON form")


@attrs.frozen
class Relation:
    """One way in which records of a kind point at others.

    Attributes:
        kind: the kind of the records that point.
        field: the field that holds the reference.
        name: the relation's name: the field, and the path inside a value object, as `"links.task"`.
        reference: the target kind and the words for it.
    """

    kind: str
    field: str
    name: str
    reference: Reference


@attrs.frozen(eq=False)
class Kind:
    """A kind of record: its class, names, fields and relations."""

    cls: type
    name: str
    table: str
    layout: Layout = attrs.field(repr=False)
    relations: tuple[Relation, ...] = attrs.field(repr=False)
    label_field: str

    def relations_of(self, field: str) -> tuple[Relation, ...]:
        """Return the relations that a field holds."""
        return tuple(relation for relation in self.relations if relation.field == field)


_kinds: dict[type, Kind] = {}


def kind_of(cls: type) -> Kind:
    """Return the kind that a record class declares, compiled on first use.

    Raises:
        InvalidSchema: the class is no complete declaration of a kind.
    """
    found = _kinds.get(cls)
    return found if found is not None else _kinds.setdefault(cls, _compile_kind(cls))


def _compile_kind(cls: type) -> Kind:
    name, table = (_lower_case_name(cls, attribute) for attribute in ("kind_name", "table_name"))
    if table in RESERVED:
        raise InvalidSchema(f"{cls.__name__}: no table can be called {table!r}, which is a key of every document")
    layout = layout_of(cls)
    if layout.by_name["id"].shape != shapes.Id():
        raise InvalidSchema(f"{cls.__name__}.id: an id is annotated str, and is no reference")
    if "ref" in layout.by_name:
        raise InvalidSchema(f"{cls.__name__}.ref: every record has a property of this name")
    label = next(field for field in ("title", "name", "subject", "id") if field in layout.by_name)
    label = getattr(cls, "label_field", label)
    if label not in layout.by_name:
        raise InvalidSchema(f"{cls.__name__}: label_field names {label!r}, which is no field")
    return Kind(cls, name, table, layout, _relations(name, layout), label)


def _lower_case_name(cls: type, attribute: str) -> str:
    value = getattr(cls, attribute, None)
    if not isinstance(value, str) or not KIND_NAME.fullmatch(value):
        raise InvalidSchema(f"{cls.__name__} must set {attribute} to a lower-case name, got {value!r}")
    return value


def _relations(kind: str, layout: Layout) -> tuple[Relation, ...]:
    found: dict[str, Relation] = {}
    for spec in layout.fields:
        for path, reference in _declared(spec):
            name = ".".join([spec.name, *path])
            relation = found.setdefault(name, Relation(kind, spec.name, name, reference))
            if relation.reference != reference:
                raise InvalidSchema(f"{layout.cls.__name__}: two relations are called {name!r}")
    return tuple(found.values())


def _declared(spec: FieldSpec) -> Iterator[tuple[tuple[str, ...], Reference]]:
    """Yield every reference that a field declares, with the path to it inside value objects."""
    if spec.reference is not None:
        if not spec.shape.has_references:
            raise InvalidSchema(f"{spec.name}: a reference is annotated str, or Ref where any kind may be meant")
        yield (), spec.reference
        return
    for leaf in _leaves(spec.shape):
        if isinstance(leaf, shapes.AnyRef):
            yield (), Reference(None, spec.name.replace("_", " "))
        elif isinstance(leaf, containers.Nested):
            for inner in leaf.layout.fields:
                for path, reference in _declared(inner):
                    yield (inner.name, *path), reference


def _leaves(shape: shapes.Shape) -> Iterator[shapes.Shape]:
    """Yield the shapes inside containers; a value object counts as one."""
    if isinstance(shape, containers.Optional):
        yield from _leaves(shape.inner)
    elif isinstance(shape, (containers.Many, containers.Mapped)):
        yield from _leaves(shape.item)
    elif isinstance(shape, containers.Fixed):
        for item in shape.items:
            yield from _leaves(item)
    else:
        yield shape
