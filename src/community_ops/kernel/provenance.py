"""Where a model was read from, and what of its document the schema does not know.

A model carries its `Provenance` through edits, so that a finding can still say on which line of which file the record
stands, and a document written back still holds what another program put into it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from attrs import evolve, field, frozen

from community_ops.kernel.frozenmap import FrozenMap
from community_ops.kernel.ref import Ref


@frozen
class Location:
    """A place in a file.

    Attributes:
        file: the file's name as it was given.
        line: the line, from 1; None where only the file is known.
        column: the column in characters, from 1; None where only the line is known.

    Example:
        >>> print(Location("model.json", 12, 3))
        model.json:12:3
    """

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class Source:
    """What a model was read from: finds the places of records in it, when somebody asks."""

    __slots__ = ()

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        """Return where a record stands, or one of its fields; the record where the field is not written out.

        Args:
            ref: the record's address at the time it was read.
            field: the field's name.

        Returns:
            The location; None where the source holds no such record.
        """
        raise NotImplementedError


_NO_FIELDS: Mapping[Ref, Mapping[str, Any]] = MappingProxyType({})


@frozen(eq=False, kw_only=True)
class Provenance:
    """What a model carries along from the document it was read from.

    Attributes:
        source: finds places in it; None where nothing is known.
        tables: tables the schema does not know, and any other key of the document, by name, as deeply frozen JSON.
        fields: fields the schema does not know, as deeply frozen JSON by name, by the record they belong to. What
            belongs to a record that has gone waits for its return.
    """

    source: Source | None = None
    tables: Mapping[str, Any] = field(factory=FrozenMap)
    fields: Mapping[Ref, Mapping[str, Any]] = _NO_FIELDS


NOTHING_KNOWN = Provenance()
"""The provenance of a model that was made in memory."""


def moved(provenance: Provenance, renames: Mapping[Ref, Ref]) -> Provenance:
    """Return the provenance of a model in which records have other ids: what was read with a record stays with it.

    Args:
        provenance: what the model carried before.
        renames: the new address by the old one; all take place at once.
    """
    if not provenance.fields:
        return provenance
    taken = renames.keys() | set(renames.values())
    fields = {ref: kept for ref, kept in provenance.fields.items() if ref not in taken}
    fields.update((new, provenance.fields[old]) for old, new in renames.items() if old in provenance.fields)
    return evolve(provenance, fields=MappingProxyType(fields))
