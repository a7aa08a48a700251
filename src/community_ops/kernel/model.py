"""`Model`: the tables of a schema's kinds and the memo of what was derived from them; an immutable value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast, overload

from community_ops.errors import DuplicateRecord, StillReferenced, UnknownRecord
from community_ops.kernel.derived import Memo
from community_ops.kernel.provenance import NOTHING_KNOWN, Provenance
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.schema import Schema
from community_ops.kernel.table import Column, Table
from community_ops.kernel.view import ModelView

if TYPE_CHECKING:
    import networkx as nx

    from community_ops.kernel.changes import ChangeSet
    from community_ops.kernel.declaration import Kind
    from community_ops.kernel.migration import Migration

R = TypeVar("R", bound=Record)


class TableOf(Generic[R]):
    """Names a kind's table on a model class: `positions = TableOf(Position)`."""

    def __init__(self, cls: type[R]) -> None:
        """Name the table of a record class."""
        self.cls: type[R] = cls
        self.__doc__ = f"The table of all {cls.table_name.replace('_', ' ')}."

    @overload
    def __get__(self, model: None, owner: type) -> TableOf[R]: ...
    @overload
    def __get__(self, model: Model, owner: type) -> Table[R]: ...
    def __get__(self, model: Model | None, owner: type) -> TableOf[R] | Table[R]:
        """Return the table of a model."""
        return self if model is None else cast("Table[R]", model._tables[self.cls.kind_name])


class Model(ModelView):
    """An immutable set of records of one schema; a subclass names the schema.

    Equal to another of the same class with the same records, in whatever order. Every editing method returns a new
    model that shares all it did not change, and the memo, with this one.

    Args:
        records: the records; each of a kind of the schema.

    Raises:
        DuplicateRecord: two records of one kind carry the same id.
        InvalidRecord: a record's kind is not in the schema.

    Example:
        >>> from community_ops import OperatingModel, Position, Unit
        >>> model = OperatingModel.of(Unit(id="hq", name="HQ"), Position(id="ceo", title="CEO", unit="hq"))
        >>> model
        <OperatingModel: 1 unit, 1 position>
    """

    __slots__ = ("__weakref__", "_memo", "_provenance", "_tables")

    schema: ClassVar[Schema] = Schema.of()  # pyright: ignore[reportIncompatibleMethodOverride] - fixed by the class here
    migrations: ClassVar[tuple[Migration, ...]] = ()
    """What turns documents of older versions of this very class into those of the next, from version 1 on."""
    _built_in_migrations: ClassVar[tuple[Migration, ...]] = ()

    def __init__(self, records: Iterable[Record] = ()) -> None:
        """Collect records into tables."""
        schema = self.schema
        sorted_out: dict[str, list[Record]] = {name: [] for name in schema.kinds}
        for record in records:
            adopted = schema.adopt(record)
            sorted_out[adopted.kind_name].append(adopted)
        self._tables = {name: Table(schema.kinds[name], found) for name, found in sorted_out.items()}
        self._memo = Memo()
        self._provenance = NOTHING_KNOWN

    @classmethod
    def of(cls, *records: Record) -> Self:
        """Make a model of the given records."""
        return cls(records)

    @classmethod
    def _of_tables(
        cls, tables: Mapping[str, Table[Any]], memo: Memo | None = None, provenance: Provenance = NOTHING_KNOWN
    ) -> Self:
        model = cls.__new__(cls)
        model._tables = dict(tables)
        model._memo = memo if memo is not None else Memo()
        model._provenance = provenance
        return model

    @property
    def provenance(self) -> Provenance:
        """Where it was read from, and what of the document it does not understand; edits keep it, pickling does not."""
        return self._provenance

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (tuple(self),)

    # -- reading ------------------------------------------------------------------------------------------------

    def _cell(self, kind: str, field: str) -> Column:
        return self._tables[kind]._cell(field)

    def _row(self, kind: str, id: str) -> Record | None:
        return self._tables[kind].get(id)

    def _whole(self, kind: Kind) -> Table[Any]:
        return self._tables[kind.name]

    def _origin(self) -> Model:
        return self

    @property
    def tables(self) -> tuple[Table[Any], ...]:
        """All tables, in the order of the schema."""
        return tuple(self._tables.values())

    def __iter__(self) -> Iterator[Record]:
        """Yield every record, table by table."""
        return (record for table in self._tables.values() for record in table)

    def __len__(self) -> int:
        return sum(map(len, self._tables.values()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return type(self) is type(other) and self._tables == other._tables

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # compared by content; too large to hash

    def __repr__(self) -> str:
        held = [
            f"{len(table)} {(table.kind.name if len(table) == 1 else table.kind.table).replace('_', ' ')}"
            for table in self._tables.values()
            if len(table)
        ]
        return f"<{type(self).__name__}: {', '.join(held) or 'empty'}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from community_ops.kernel.display import bundle  # noqa: PLC0415 - only when something is shown

        return bundle("model", self)

    def graph(self) -> nx.MultiDiGraph[str]:
        """Return the relation graph as a frozen networkx `MultiDiGraph`.

        Nodes are named `"kind:id"`; there is one edge a reference, keyed `"relation"`, or `"relation#2"` and so on
        where the same relation repeats between two records. Fields beside a reference inside a value object are edge
        attributes. A node that something points at but nothing defines has the attribute `missing=True`.
        """
        from community_ops.kernel.graph import relation_graph  # noqa: PLC0415 - networkx is slow to import

        return relation_graph(self)

    # -- editing ------------------------------------------------------------------------------------------------

    def _edited(self, put: Iterable[Record] = (), remove: Iterable[Ref] = ()) -> Self:
        fresh: dict[str, list[Record]] = {}
        gone: dict[str, list[str]] = {}
        for record in put:
            fresh.setdefault(record.kind_name, []).append(record)
        for ref in remove:
            gone.setdefault(ref.kind, []).append(ref.id)
        tables = dict(self._tables)
        for name in {**fresh, **gone}:
            tables[name] = tables[name].edited(fresh.get(name, ()), gone.get(name, ()))
        return type(self)._of_tables(tables, self._memo, self._provenance)

    def _adopted(self, records: Iterable[Record]) -> list[Record]:
        adopted = [self.schema.adopt(record) for record in records]
        seen: set[tuple[str, str]] = set()
        for record in adopted:
            if (record.kind_name, record.id) in seen:
                raise DuplicateRecord(record.kind_name, record.id)
            seen.add((record.kind_name, record.id))
        return adopted

    def add(self, *records: Record) -> Self:
        """Return a model with more records.

        Raises:
            DuplicateRecord: a record of that kind and id is already there.
        """
        adopted = self._adopted(records)
        for record in adopted:
            if record.id in self._tables[record.kind_name]:
                raise DuplicateRecord(record.kind_name, record.id)
        return self._edited(adopted)

    def replace(self, *records: Record) -> Self:
        """Return a model in which records take the place of those with the same kind and id.

        Raises:
            UnknownRecord: there is no record of that kind and id.

        Example:
            >>> from attrs import evolve
            >>> from community_ops import OperatingModel, Unit
            >>> model = OperatingModel.of(Unit(id="hq", name="HQ"))
            >>> model.replace(evolve(model.units["hq"], name="Head office")).units["hq"].name
            'Head office'
        """
        adopted = self._adopted(records)
        for record in adopted:
            if record.id not in self._tables[record.kind_name]:
                raise UnknownRecord(record.kind_name, record.id)
        return self._edited(adopted)

    def put(self, *records: Record) -> Self:
        """Return a model with records added, or put in the place of those with the same kind and id."""
        return self._edited(self._adopted(records))

    def remove(self, *refs: Ref, dangling: bool = False) -> Self:
        """Return a model without some records.

        Args:
            *refs: what to remove; several are removed together, so that they may point at one another.
            dangling: whether to remove them even while others point at them.

        Raises:
            UnknownRecord: there is no such record.
            StillReferenced: another record points at one of them, and `dangling` is false.
        """
        going = set(refs)
        for ref in refs:
            if ref not in self:
                raise UnknownRecord(ref.kind, ref.id)
            if not dangling:
                holders = [record.ref for record in self.referrers(ref, historic=False) if record.ref not in going]
                if holders:
                    raise StillReferenced(ref, holders)
        return self._edited((), refs)

    def rename(self, ref: Ref, new_id: str) -> Self:
        """Return a model in which a record has another id, and every reference to it says so.

        The record keeps its place in the table. References that already pointed at the new id, where nothing was,
        point at the record from then on.

        Raises:
            UnknownRecord: there is no such record.
            DuplicateRecord: a record of the kind already has the new id.
        """
        from community_ops.kernel.changes import renamed  # noqa: PLC0415 - changes are built on models

        return renamed(self, {ref: Ref(ref.kind, new_id)})

    def apply(self, changes: ChangeSet) -> Self:
        """Return the model that a change set makes of this one.

        Raises:
            Conflict: the model does not hold what the change set expects to find; names records and fields.
        """
        from community_ops.kernel.changes import applied  # noqa: PLC0415 - changes are built on models

        return applied(self, changes)
