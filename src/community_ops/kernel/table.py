"""`Table`: all records of one kind - immutable, in order, found by id, readable by column.

An edit makes a new table that keeps every `Column` it did not change. A column's identity is therefore the proof
that nothing in it changed, which is all that `derived.py` needs to know when a result may be used again.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar

from attrs import frozen

from community_ops.errors import DuplicateRecord, UnknownRecord
from community_ops.kernel.declaration import Kind, kind_of
from community_ops.kernel.frozenmap import same
from community_ops.kernel.record import Record
from community_ops.kernel.text import BadValue

R = TypeVar("R", bound=Record)
# Two threads that make a table's records at once would make two sets; identity is what `derived` goes by.
_making = threading.RLock()


def _index_of(kind: Kind, ids: tuple[str, ...]) -> dict[str, int]:
    index = dict(zip(ids, range(len(ids)), strict=True))
    if len(index) != len(ids):
        # Every id is found where it stands last, so the first found elsewhere stands there for the first time.
        raise DuplicateRecord(kind.name, next(id for place, id in enumerate(ids) if index[id] != place))
    return index


@frozen
class _Unread:
    records: tuple[Any, ...]
    get: Callable[[Any], Any]


class Column:
    """The values of one field in table order; computed when first read, shared by tables that agree on it."""

    __slots__ = ("__weakref__", "_held")

    def __init__(self, held: _Unread | tuple[Any, ...]) -> None:
        """Take the values, or what to read them from."""
        # One slot for both, so that no thread can see the one gone and the other not yet there.
        self._held = held

    @property
    def values(self) -> tuple[Any, ...]:
        """The values, one a record, in table order."""
        held = self._held
        if isinstance(held, _Unread):
            held = self._held = tuple(map(held.get, held.records))
        return held

    def patched(self, changes: Mapping[int, Any], unread: _Unread) -> Column:
        """Return a column that differs from this one at a few places."""
        if isinstance(self._held, _Unread):
            return Column(unread)
        values = list(self.values)
        for place, value in changes.items():
            values[place] = value
        return Column(tuple(values))


class Table(Generic[R]):
    """An immutable, ordered, id-indexed collection of records of one kind; compares without order.

    Example:
        >>> from community_ops.org import Unit
        >>> from community_ops.kernel.declaration import kind_of
        >>> table = Table(kind_of(Unit), [Unit(id="hq", name="HQ"), Unit(id="ops", name="Operations", parent="hq")])
        >>> table["ops"].name, len(table), "hr" in table
        ('Operations', 2, False)
        >>> [unit.id for unit in table.where(parent="hq")]
        ['ops']
    """

    __slots__ = ("__weakref__", "_columns", "_index", "_make", "_records", "kind")

    def __init__(self, kind: Kind, records: Iterable[R] = ()) -> None:
        """Collect records of a kind.

        Raises:
            DuplicateRecord: two records carry the same id.
        """
        self.kind: Kind = kind
        self._records: tuple[R, ...] | None = tuple(records)
        self._make: Callable[[], list[R]] | None = None
        ids = tuple([record.id for record in self._records])
        self._index = _index_of(kind, ids)
        self._columns = {spec.name: Column(_Unread(self._records, spec.get)) for spec in kind.layout.fields}
        self._columns["id"] = Column(ids)

    @classmethod
    def _of_parts(
        cls, kind: Kind, records: tuple[R, ...], index: dict[str, int], columns: dict[str, Column]
    ) -> Table[R]:
        table = cls.__new__(cls)
        table.kind, table._records, table._index, table._columns = kind, records, index, columns
        table._make = None
        return table

    @property
    def records(self) -> tuple[R, ...]:
        """The records, in table order; a loaded table makes them when they are first asked for."""
        held = self._records
        if held is None:
            with _making:
                held = self._records
                if held is None:
                    assert self._make is not None
                    held = self._records = tuple(self._make())
                    self._make = None
        return held

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in table order."""
        return self._columns["id"].values

    @property
    def id_set(self) -> Set[str]:
        """The ids as a set."""
        return self._index.keys()

    @property
    def index(self) -> Mapping[str, int]:
        """Where in the table the record of each id stands."""
        return MappingProxyType(self._index)

    def place(self, id: str) -> int | None:
        """Return where in the table the record with this id stands; None if there is none."""
        return self._index.get(id)

    def _cell(self, field: str) -> Column:
        return self._columns[field]

    def column(self, field: str) -> tuple[Any, ...]:
        """Return the values of one field, in table order.

        Raises:
            LookupError: the kind has no such field.
        """
        try:
            return self._columns[field].values
        except KeyError:
            raise LookupError(f"{self.kind.name} has no field {field!r}") from None

    def get(self, id: str) -> R | None:
        """Return the record with this id, or None; the id may be in any Unicode normal form."""
        place = self._index.get(id)
        if place is None and isinstance(id, str) and not id.isascii():
            place = self._index.get(unicodedata.normalize("NFC", id))
        return None if place is None else self.records[place]

    def __getitem__(self, id: str) -> R:
        found = self.get(id)
        if found is None:
            raise UnknownRecord(self.kind.name, id)
        return found

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self.get(id) is not None

    def __iter__(self) -> Iterator[R]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self._index)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        if self is other:
            return True
        if self.kind is not other.kind or len(self) != len(other):
            return False
        return self.records == other.records or all(other.get(record.id) == record for record in self.records)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # compared by content; too large to hash

    def __repr__(self) -> str:
        return f"<Table {self.kind.table}: {len(self)} records>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from community_ops.kernel.display import bundle  # noqa: PLC0415 - only when something is shown

        return bundle("table", self)

    def where(self, test: Callable[[R], bool] | None = None, /, **fields: Any) -> Table[R]:
        """Return the table of the records that pass a test and have the given field values.

        Args:
            test: called with each record; None lets all pass.
            **fields: values that a record must have, by field name, as its constructor takes them.

        Raises:
            LookupError: the kind has no such field.
        """
        kept = list(range(len(self)))
        for name, wanted in fields.items():
            column = self.column(name)
            with suppress(BadValue):  # a list is a tuple here, an id is in normal form; what is neither matches nothing
                wanted = self.kind.layout.by_name[name].shape.check(wanted)
            kept = [place for place in kept if column[place] == wanted]
        records = [self.records[place] for place in kept]
        return Table(self.kind, records if test is None else [record for record in records if test(record)])

    def rows(self) -> list[dict[str, Any]]:
        """Return plain dicts, one a record, with every field: what a data frame is made from.

        Example:
            >>> from community_ops.org import Skill
            >>> from community_ops.kernel.declaration import kind_of
            >>> Table(kind_of(Skill), [Skill(id="sql", name="SQL")]).rows()
            [{'id': 'sql', 'name': 'SQL', 'description': '', 'extra': {}}]
        """
        specs = self.kind.layout.fields
        return [
            {spec.name: spec.get(record) if spec.shape.plain else spec.shape.write(spec.get(record)) for spec in specs}
            for record in self.records
        ]

    def edited(self, put: Iterable[R] = (), remove: Iterable[str] = ()) -> Table[R]:
        """Return a table with records taken out, and then others added or replaced by id."""
        fresh = {record.id: record for record in put}
        gone = set(remove) - fresh.keys()
        kept = {id: record for id, record in fresh.items() if id in self._index}
        if not gone and len(kept) == len(fresh):
            return self.replaced(kept)
        records = [kept.get(record.id, record) for record in self.records if record.id not in gone]
        return Table(self.kind, records + [record for id, record in fresh.items() if id not in kept])

    def replaced(self, others: Mapping[str, R]) -> Table[R]:
        """Return a table with other records in the places of those with the given ids.

        The others may have other ids; every column in which no value changed is kept.

        Raises:
            DuplicateRecord: a new id is held by another place.
        """
        replaced = {self._index[id]: record for id, record in others.items()}
        mutable = list(self.records)
        for place, record in replaced.items():
            mutable[place] = record
        records = tuple(mutable)
        columns = dict(self._columns)
        for spec in self.kind.layout.fields:
            changes = {
                place: spec.get(record)
                for place, record in replaced.items()
                if not same(spec.get(self.records[place]), spec.get(record))
            }
            if changes:
                columns[spec.name] = columns[spec.name].patched(changes, _Unread(records, spec.get))
        ids = columns["id"]
        index = self._index if ids is self._columns["id"] else _index_of(self.kind, ids.values)
        return Table._of_parts(self.kind, records, index, columns)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self.kind.cls, self.records)


def _rebuilt(cls: type[R], records: tuple[R, ...]) -> Table[R]:
    return Table(kind_of(cls), records)


def loaded_table(kind: Kind, columns: Mapping[str, list[Any]], make: Callable[[], list[Any]]) -> Table[Any]:
    """Make a table from its columns.

    Args:
        kind: the kind of the records.
        columns: the values of every field, in order.
        make: makes the records, in order; called at most once, when a record is first asked for.

    Raises:
        DuplicateRecord: two ids are the same.
    """
    cells = {name: Column(tuple(values)) for name, values in columns.items()}
    index = _index_of(kind, cells["id"].values)
    table: Table[Any] = Table._of_parts(kind, (), index, cells)
    table._records, table._make = None, make
    return table
