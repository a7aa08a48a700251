"""References as pairs: what points at what through each relation, derived once per column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat
from types import MappingProxyType
from typing import Any

from community_ops.kernel import containers, shapes
from community_ops.kernel.declaration import FieldSpec, Kind, Relation
from community_ops.kernel.derived import derived
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.view import ModelView

Pair = tuple[str, Ref]


def is_single(kind: Kind, relation: Relation) -> bool:
    """Tell whether a relation holds at most one reference a record."""
    steps = iter(relation.name.split("."))
    shape = _given(kind.layout.by_name[next(steps)].shape)
    while isinstance(shape, containers.Nested):
        shape = _given(shape.layout.by_name[next(steps)].shape)
    return isinstance(shape, (shapes.Id, shapes.AnyRef))


def _given(shape: shapes.Shape) -> shapes.Shape:
    return shape.inner if isinstance(shape, containers.Optional) else shape


def edges(spec: FieldSpec, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
    """Yield `(relation name, target, neighbours)` of every reference in a field's value."""
    for path, target, beside in spec.shape.references(value):
        yield (f"{spec.name}.{path}" if path else spec.name), target, beside


def targets(kind: Kind, relation: Relation, record: Record) -> tuple[Ref, ...]:
    """Return what one record points at through a relation."""
    spec = kind.layout.by_name[relation.field]
    return tuple([target for name, target, _ in edges(spec, spec.get(record)) if name == relation.name])


@derived
def pairs(m: ModelView, kind: str, relation: str) -> tuple[Pair, ...]:
    """Return `(id, target)` for every reference that records of a kind hold through a relation, in table order.

    Args:
        m: the model.
        kind: the kind that points.
        relation: the relation's name.

    Raises:
        LookupError: there is no such relation.
    """
    found = m.schema.relation(kind, relation)
    spec = m.schema.kind(kind).layout.by_name[found.field]
    column = m.column_of(kind, found.field)
    return tuple(
        [
            (id, target)
            for id, value in zip(m.ids(kind), column, strict=True)
            if value or (value is not None and value != ())  # a value object may well be false and hold references
            for name, target, _ in edges(spec, value)
            if name == relation
        ]
    )


@derived
def referrers_by(m: ModelView, kind: str, relation: str) -> Mapping[Ref, tuple[str, ...]]:
    """Return, for every target of a relation, the ids of the records that point at it, in table order."""
    found: dict[Ref, list[str]] = {}
    for id, target in pairs(m, kind, relation):
        found.setdefault(target, []).append(id)
    return MappingProxyType({target: tuple(ids) for target, ids in found.items()})


@derived
def dangling(m: ModelView, kind: str, relation: str) -> tuple[Pair, ...]:
    """Return `(id, target)` for every reference of a relation whose target does not exist, in table order.

    Reads only the column and the ids of the target kind, so that it stays valid while other fields change.
    """
    reference = m.schema.relation(kind, relation).reference
    if reference.kind is None:
        known = {name: m.id_set(name) for name in m.schema.kinds}
        return tuple([pair for pair in pairs(m, kind, relation) if pair[1].id not in known.get(pair[1].kind, ())])
    there = m.id_set(reference.kind)
    plain = plain_column(m, kind, relation)
    if plain is not None:
        places, nowhere = target_places(m, kind, relation), len(there)
        if places.count(nowhere) == plain.count(None):
            return ()
        ids, lost = m.ids(kind), [i for i, place in enumerate(places) if place == nowhere and plain[i] is not None]
        return tuple([(ids[i], Ref(reference.kind, plain[i])) for i in lost])
    field, *path = relation.split(".")
    flat = _flat_ids(m.schema.kind(kind).layout.by_name[field].shape, path, m.column_of(kind, field))
    if flat is not None and all(map(there.__contains__, flat)):  # a healthy model needs to know no more
        return ()
    return tuple([pair for pair in pairs(m, kind, relation) if pair[1].id not in there])


def _flat_ids(shape: shapes.Shape, path: list[str], values: Iterable[Any]) -> Iterable[str] | None:
    """Return the ids that a column's values hold at a path, without saying where; None for shapes it cannot read."""
    steps = iter(path)
    while not isinstance(shape, shapes.Id):
        if isinstance(shape, containers.Optional):
            shape, values = shape.inner, [value for value in values if value is not None]
        elif isinstance(shape, containers.Many):
            shape, values = shape.item, chain.from_iterable(values)
        elif isinstance(shape, containers.Nested):
            spec = shape.layout.by_name[next(steps)]
            shape, values = spec.shape, map(spec.get, values)
        else:
            return None
    return values


@derived
def target_places(m: ModelView, kind: str, relation: str) -> tuple[int, ...]:
    """Return where in the table of the kind pointed at the target of each record stands, in table order.

    One look at every reference serves all that need to know where it leads: from here on there are only small
    numbers, which is what loops over many records are quick with.

    Args:
        m: the model.
        kind: the kind that points.
        relation: a relation that holds one plain id or None, such as `"reports_to"`.

    Returns:
        For each record a place, or the number of records of the kind pointed at where there is no target.

    Raises:
        LookupError: there is no such relation, or it is of another shape.
    """
    to, plain = m.schema.relation(kind, relation).reference.kind, plain_column(m, kind, relation)
    if to is None or plain is None:
        raise LookupError(f"{kind}.{relation} may hold more than a plain id")
    index = m.place_index(to)
    return tuple(map(index.get, plain, repeat(len(index))))


def plain_column(m: ModelView, kind: str, relation: str) -> tuple[Any, ...] | None:
    """Return the column of a relation whose every value is an id or None; None for other relations."""
    shape = _given(m.schema.kind(kind).layout.by_name[m.schema.relation(kind, relation).field].shape)
    return m.column_of(kind, relation) if isinstance(shape, shapes.Id) else None
