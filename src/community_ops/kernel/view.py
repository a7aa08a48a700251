"""`ModelView`: what can be read of a model, by a user directly or through the reader of a derived function."""

from __future__ import annotations

from collections.abc import Mapping, Set
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, TypeVar

from community_ops.errors import NotInSchema, UnknownRecord
from community_ops.kernel.ref import Ref

if TYPE_CHECKING:
    from community_ops.kernel.declaration import Kind
    from community_ops.kernel.model import Model
    from community_ops.kernel.record import Record
    from community_ops.kernel.schema import Schema
    from community_ops.kernel.table import Column, Table

T = TypeVar("T")
R = TypeVar("R", bound="Record")


class ModelView:
    """The reading half of a model: columns, rows, tables, and navigation in both directions."""

    __slots__ = ()

    @property
    def schema(self) -> Schema:
        """The kinds this model is made of."""
        raise NotImplementedError

    def _cell(self, kind: str, field: str) -> Column:
        raise NotImplementedError

    def _row(self, kind: str, id: str) -> Record | None:
        raise NotImplementedError

    def _whole(self, kind: Kind) -> Table[Any]:
        raise NotImplementedError

    def _origin(self) -> Model:
        raise NotImplementedError

    def column(self, field: T) -> tuple[T, ...]:
        """Return the values of one field of all records of a kind, in table order.

        Args:
            field: the field as an attribute of the record class, such as `Position.title`.

        Raises:
            TypeError: it is no field, or one that several kinds have, such as `Record.extra`.
            NotInSchema: no kind of this schema has it.

        Example:
            >>> from community_ops import OperatingModel, Unit
            >>> OperatingModel.of(Unit(id="hq", name="HQ")).column(Unit.name)
            ('HQ',)
        """
        if not isinstance(field, MemberDescriptorType):
            raise TypeError(f"column() takes a field of a record class, such as Position.title; got {field!r}")
        kinds = self.schema.heirs(field.__objclass__)
        if len(kinds) > 1:  # one inherits the field of another, and nothing in `field` says which of them is meant
            several = f"{len(kinds)} kinds have {field.__name__!r}"
            raise TypeError(f"{several}: use ids() or column_of() to say which is meant")
        if not kinds:
            raise NotInSchema(f"no kind of this schema has the field {field.__objclass__.__name__}.{field.__name__}")
        return self._cell(kinds[0], field.__name__).values

    def column_of(self, kind: str | type[Record], field: str) -> tuple[Any, ...]:
        """Return the values of one field of all records of a kind, by names."""
        found = self.schema.kind(kind)
        if field not in found.layout.by_name:
            raise LookupError(f"{found.name} has no field {field!r}")
        return self._cell(found.name, field).values

    def ids(self, kind: str | type[Record]) -> tuple[str, ...]:
        """Return the ids of all records of a kind, in table order."""
        return self._cell(self.schema.kind(kind).name, "id").values

    def id_set(self, kind: str | type[Record]) -> Set[str]:
        """Return the ids of all records of a kind as a set; costs nothing to make."""
        name = self.schema.kind(kind).name
        self._cell(name, "id")  # whoever asks for the set has read the ids
        return self._origin()._tables[name].id_set

    def place_index(self, kind: str | type[Record]) -> Mapping[str, int]:
        """Return where in the table of a kind the record of each id stands; costs nothing to make."""
        name = self.schema.kind(kind).name
        self._cell(name, "id")  # whoever asks for the places has read the ids
        return self._origin()._tables[name].index

    def table(self, kind: type[R]) -> Table[R]:
        """Return the table of a kind."""
        return self._whole(self.schema.kind(kind))

    def get(self, ref: Ref) -> Record | None:
        """Return the record at an address, or None."""
        return self._row(ref.kind, ref.id) if ref.kind in self.schema.kinds else None

    def __getitem__(self, ref: Ref) -> Record:
        found = self.get(ref)
        if found is None:
            raise UnknownRecord(ref.kind, ref.id)
        return found

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, Ref) and self.get(ref) is not None

    def label(self, ref: Ref) -> str:
        """Return what a person calls a record: its title or name; its id where it has none or is missing."""
        record = self.get(ref)
        if record is None:
            return ref.id
        return str(getattr(record, self.schema.kind(ref.kind).label_field) or ref.id)

    def follow(self, record: Record, relation: str) -> Any:
        """Return what a record points at through a relation.

        Args:
            record: the record to start from.
            relation: the relation's name, such as `"unit"`.

        Returns:
            The record, or None where the reference is unset or dangles; for a relation that may hold several, the
            tuple of the records that exist.

        Raises:
            LookupError: the kind has no such relation.

        Example:
            >>> from community_ops import OperatingModel, Position, Unit
            >>> model = OperatingModel.of(Unit(id="hq", name="HQ"), Position(id="ceo", title="CEO", unit="hq"))
            >>> model.follow(model.positions["ceo"], "unit").name
            'HQ'
        """
        from community_ops.kernel.relations import is_single, targets  # noqa: PLC0415 - it is built on views

        kind = self.schema.kind(record)
        found = self.schema.relation(kind.name, relation)
        record = record if isinstance(record, kind.cls) else self.schema.adopt(record)
        reached = [self.get(target) for target in targets(kind, found, record)]
        if is_single(kind, found):
            return reached[0] if reached else None
        return tuple([target for target in reached if target is not None])

    def referrers(self, ref: Ref, relation: str | None = None, *, historic: bool = True) -> tuple[Record, ...]:
        """Return the records that point at an address, whether or not anything is there.

        Args:
            ref: the address pointed at.
            relation: only through relations of this name, such as `"reports_to"`; None for all.
            historic: whether relations count that merely tell of what was.

        Example:
            >>> from community_ops import OperatingModel, Position, Ref, Unit
            >>> model = OperatingModel.of(Unit(id="hq", name="HQ"), Position(id="ceo", title="CEO", unit="hq"))
            >>> [record.id for record in model.referrers(Ref("unit", "hq"))]
            ['ceo']
        """
        from community_ops.kernel.relations import referrers_by  # noqa: PLC0415 - it is built on views

        found = {}
        for candidate in self.schema.pointing_at(ref.kind):
            if relation in (None, candidate.name) and (historic or not candidate.reference.historic):
                for id in referrers_by(self, candidate.kind, candidate.name).get(ref, ()):
                    found[candidate.kind, id] = self._row(candidate.kind, id)
        return tuple([record for record in found.values() if record is not None])
