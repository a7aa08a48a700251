"""`Schema`: the explicit list of the kinds a model is made of, and the relations between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import attrs

from community_ops.errors import InvalidRecord, InvalidSchema, NotInSchema
from community_ops.kernel.declaration import Kind, Relation, kind_of
from community_ops.kernel.record import Record


@lru_cache(1024)
def _heirs(schema: Schema, cls: type) -> tuple[str, ...]:
    return tuple([kind.name for kind in schema.kinds.values() if issubclass(kind.cls, cls)])


@attrs.frozen(eq=False)
class Schema:
    """The kinds of a model, in table order. Make one with `Schema.of`, add to it with `extend`.

    Attributes:
        kinds: every kind by its name.
        tables: every kind by the name of its table.
        relations: every relation, in the order of the kinds.
    """

    kinds: Mapping[str, Kind]
    tables: Mapping[str, Kind] = attrs.field(repr=False)
    relations: tuple[Relation, ...] = attrs.field(repr=False)

    @classmethod
    def of(cls, *classes: type[Record]) -> Schema:
        """Make a schema of record classes; a subclass of one already there takes its place.

        Raises:
            InvalidSchema: two kinds share a name or a table, or a relation points at a kind that is not listed.
        """
        kinds: dict[str, Kind] = {}
        for kind in map(kind_of, classes):
            before = kinds.get(kind.name)
            if before is not None and not issubclass(kind.cls, before.cls):
                raise InvalidSchema(
                    f"{kind.cls.__name__} and {before.cls.__name__} are both called {kind.name!r}, "
                    "and the one is no subclass of the other"
                )
            kinds[kind.name] = kind
        tables = {kind.table: kind for kind in kinds.values()}
        if len(tables) != len(kinds):
            raise InvalidSchema("two kinds share a table name: " + ", ".join(kind.table for kind in kinds.values()))
        relations = tuple(relation for kind in kinds.values() for relation in kind.relations)
        for relation in relations:
            if relation.reference.kind is not None and relation.reference.kind not in kinds:
                raise InvalidSchema(
                    f"{relation.kind}.{relation.name} points at the kind {relation.reference.kind!r}, "
                    "which this schema does not have"
                )
        return cls(MappingProxyType(kinds), MappingProxyType(tables), relations)

    def extend(self, *classes: type[Record]) -> Schema:
        """Return a schema with more kinds; a subclass of a kind already there takes its place.

        Example:
            >>> from attrs import frozen
            >>> from community_ops import OperatingModel, Position
            >>> @frozen(kw_only=True)
            ... class Post(Position):
            ...     pay_band: str = ""
            >>> OperatingModel.schema.extend(Post).kinds["position"].cls.__name__
            'Post'
        """
        return Schema.of(*(kind.cls for kind in self.kinds.values()), *classes)

    def kind(self, of: str | type[Record] | Record) -> Kind:
        """Return a kind by its name, its class, a base of its class, or one of its records.

        Raises:
            NotInSchema: this schema has no such kind.
        """
        name = of if isinstance(of, str) else getattr(of, "kind_name", None)
        found = self.kinds.get(name) if isinstance(name, str) else None
        if found is None:
            raise NotInSchema(f"this schema has no kind {name or of!r}; it has {', '.join(self.kinds)}")
        return found

    def heirs(self, cls: type) -> tuple[str, ...]:
        """Return the names of the kinds whose class is, or inherits from, a class."""
        return _heirs(self, cls)

    def adopt(self, record: Any) -> Record:
        """Return the record as this schema's own class; a plain built-in record is lifted to the subclass in use.

        Raises:
            TypeError: it is no record.
            InvalidRecord: its kind is not in the schema, or its class is not this schema's.
        """
        if not isinstance(record, Record):
            raise TypeError(f"a model is made of records, got {type(record).__name__}")
        name = getattr(record, "kind_name", type(record).__name__)
        kind = self.kinds.get(name)
        if kind is not None and type(record) is kind.cls:
            return record
        if kind is None:
            raise InvalidRecord(name, record.id, [("kind", name, "is not a kind of this schema")])
        if not issubclass(kind.cls, type(record)):
            text = f"is a {type(record).__name__}; this schema's class is {kind.cls.__name__}"
            raise InvalidRecord(record.kind_name, record.id, [("class", record, text)])
        values = {attribute.name: getattr(record, attribute.name) for attribute in attrs.fields(type(record))}
        try:
            return kind.cls(**values)
        except TypeError as error:
            text = f"cannot become a {kind.cls.__name__}: {error}"
            raise InvalidRecord(record.kind_name, record.id, [("class", record, text)]) from None

    def relation(self, kind: str, name: str) -> Relation:
        """Return a relation by the kind that points and the relation's name.

        Raises:
            LookupError: there is no such relation.
        """
        for relation in self.kind(kind).relations:
            if relation.name == name:
                return relation
        raise LookupError(f"{kind} has no relation {name!r}")

    def pointing_at(self, kind: str) -> Iterator[Relation]:
        """Yield every relation that may point at a kind."""
        return (relation for relation in self.relations if relation.reference.kind in (kind, None))
