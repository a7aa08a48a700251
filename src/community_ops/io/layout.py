"""Which file of a directory each record goes to, and writing those files that change."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Literal

from attrs import evolve, field, frozen

from community_ops.errors import DuplicateRecord, InvalidDocument
from community_ops.io.directories import DirectorySource, files_below, read_part
from community_ops.io.documents import Format, format_of
from community_ops.io.files import read_text, write_whole
from community_ops.kernel import codec
from community_ops.kernel.changes import diff
from community_ops.kernel.codec import DOCUMENT_LIMIT, STRING_LIMIT
from community_ops.kernel.declaration import Kind
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref

_NAME_BYTES = 150  # leaves room for a suffix and a temporary name below the 255 bytes of common file systems
# What some file system does not let a name hold, and the sign of our own escapes.
_UNFIT = re.compile(r"[^\w.-]|^\.|\.$|^(?=(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)).")


@frozen
class _File:
    """What is to stand in one file."""

    records: list[Record] = field(factory=list)
    tables: dict[str, Any] = field(factory=dict)  # those the schema does not know


def dump_directory(
    model: Model, path: str | os.PathLike[str], by: Literal["kind", "unit"], format: Format | None
) -> None:
    """Write a model to the files of a directory, each atomically and only where it changes; see `documents.dump`.

    Files that gain records are written before those that lose them: if writing breaks off, a record may stand twice,
    which loading reports, but none is lost.

    Raises:
        ValueError: `by` or `format` is none of those there are.
        FileExistsError: there are documents below the directory that the model was not read from.
        OSError: a file cannot be written; those before it are.
    """
    if by not in ("kind", "unit"):
        raise ValueError(f"records go to files by kind or by unit, not by {by!r}")
    top = os.fsdecode(path)
    os.makedirs(top, exist_ok=True)
    there = files_below(top)
    source = _source_at(model, top)
    before = {os.path.realpath(part.file): _now(part.file, type(model)) for part in source.parts} if source else {}
    wanted = _wanted(model, top, source, before, _Layout(model, top, by, _suffix(there, format)))
    strange = [name for name in there if os.path.realpath(name) not in wanted]
    if strange:
        message = f"holds documents that the model was not read from, such as {os.path.relpath(strange[0], top)}"
        raise FileExistsError(f"{top} {message}; write to an empty directory, or move them away")
    changed = []
    for name, file in wanted.items():
        old, new = before.get(name), _submodel(model, file)
        if old is None or not _same(old, new):
            gains = old is None or any(record.ref not in old for record in new)
            changed.append((not gains, name, new))
    for _, name, new in sorted(changed, key=lambda change: change[:2]):
        os.makedirs(os.path.dirname(name), exist_ok=True)
        write_whole(name, _text(name, new))


def _source_at(model: Model, top: str) -> DirectorySource | None:
    source = model.provenance.source
    if isinstance(source, DirectorySource):
        with suppress(OSError):
            return source if os.path.samefile(source.path, top) else None
    return None


def _now(name: str, model: type[Model]) -> Model | None:
    """Return what a file says now; None where it is gone or says nothing that can be read."""
    try:
        part = read_part(read_text(name, DOCUMENT_LIMIT), model, STRING_LIMIT, DOCUMENT_LIMIT)
        return codec.from_data({**codec.envelope(model), **part.data}, model, unknown="keep")
    except (OSError, InvalidDocument):
        return None


def _wanted(
    model: Model, top: str, source: DirectorySource | None, before: Mapping[str, Model | None], layout: _Layout
) -> dict[str, _File]:
    wanted = {name: _File() for name in before}
    former = _former_names(model, before.values())
    for record in model:
        home = None if source is None else source.home(former.get(record.ref, record.ref))
        name = layout.file_of(record) if home is None else os.path.realpath(home.file)
        wanted.setdefault(name, _File()).records.append(record)
    left = dict(model.provenance.tables)
    for name, old in before.items():
        for table in (old.provenance.tables if old is not None else {}).keys() & left.keys():
            value = old.provenance.tables[table]  # type: ignore[union-attr]
            if not isinstance(value, tuple):
                wanted[name].tables[table] = left.pop(table)
                continue
            kept = left.get(table)
            if isinstance(kept, tuple):
                # Rows of a table nobody knows are told apart by what they are.
                wanted[name].tables[table] = tuple(row for row in kept if row in value)
    held = {t: [row for file in wanted.values() for row in file.tables.get(t, ())] for t in left}
    for table, value in left.items():
        rest = tuple(row for row in value if row not in held[table]) if isinstance(value, tuple) else value
        if rest or not held[table]:
            wanted.setdefault(layout.file_of_table(table), _File()).tables[table] = rest
    return wanted


def _former_names(model: Model, before: Iterable[Model | None]) -> dict[Ref, Ref]:
    """Return under which address a record stands in the files, for those that were renamed."""
    try:
        old = type(model)(record for part in before if part is not None for record in part)
    except DuplicateRecord:  # somebody else is at work in the directory
        return {}
    return {Ref(ref.kind, id): ref for ref, id in diff(old, model).renamed}


def _submodel(model: Model, file: _File) -> Model:
    part = type(model)(file.records)
    return type(model)._of_tables(part._tables, None, evolve(model.provenance, source=None, tables=file.tables))


def _same(a: Model, b: Model) -> bool:
    from community_ops.io.yaml_writer import content, document_of  # noqa: PLC0415 - what compares for YAML does for all

    return a == b and content(document_of(a)) == content(document_of(b))


def _text(name: str, model: Model) -> Iterable[str]:
    if format_of(name) == "json":
        return codec.lines(model)
    from community_ops.io.yaml_patch import patched  # noqa: PLC0415 - an extra
    from community_ops.io.yaml_writer import yaml_text  # noqa: PLC0415

    try:
        edited = patched(read_text(name, DOCUMENT_LIMIT).text, model, part=True)
    except (OSError, InvalidDocument):
        edited = None
    return [edited or yaml_text(model)]


def _suffix(there: list[str], format: Format | None) -> str:
    if format is None:
        format = "yaml" if there and all(format_of(name) == "yaml" for name in there) else "json"
    return f".{format}"


class _Layout:
    """Names the files for records that have none yet."""

    def __init__(self, model: Model, top: str, by: Literal["kind", "unit"], suffix: str) -> None:
        self.model = model
        self.top = os.path.realpath(top)
        self.by = by
        self.suffix = suffix
        self._names: dict[str, str] = {}
        self._seats: dict[str, str] = {}
        if "assignment" in model.schema.kinds and by == "unit":
            record_kind = model.schema.kinds["assignment"]
            for record in model._tables["assignment"]:
                person, position = (_named(record, record_kind, target) for target in ("person", "position"))
                if person is not None and position is not None:
                    self._seats.setdefault(person, position)

    def file_of(self, record: Record) -> str:
        """Return the file for a record: that of its unit if it has one and that is asked for, else its kind's."""
        unit = self._unit(record) if self.by == "unit" else None
        if unit is None:
            return self.file_of_table(record.table_name)
        if unit not in self._names:
            self._names[unit] = os.path.join(self.top, "units", file_name(unit) + self.suffix)
        return self._names[unit]

    def file_of_table(self, table: str) -> str:
        """Return the file for the records of a table that go nowhere else."""
        return os.path.join(self.top, file_name(table) + self.suffix)

    def _unit(self, record: Record) -> str | None:
        """Return the unit a record belongs to: itself, the one it names, or that of the position it is about."""
        if record.kind_name == "unit":
            return record.id
        kind = self.model.schema.kinds[record.kind_name]
        unit = _named(record, kind, "unit")
        if unit is not None:
            return unit
        position = self._seats.get(record.id) if record.kind_name == "person" else _named(record, kind, "position")
        held = None if position is None else self.model._row("position", position)
        return None if held is None else _named(held, self.model.schema.kinds["position"], "unit")


def _named(record: Record, kind: Kind, target: str) -> str | None:
    """Return the id in the first field of a record that refers to a kind."""
    found: Iterator[Any] = (
        spec.get(record) for spec in kind.layout.fields if spec.reference is not None and spec.reference.kind == target
    )
    return next((id for id in found if isinstance(id, str)), None)


def file_name(id: str) -> str:
    """Return a name for a file, without suffix, that any file system takes and that no other id has.

    Capital letters and what some system refuses are written as `%` and their code, since not every system tells
    capitals from small letters.

    Example:
        >>> file_name("客服"), file_name("R&D/Lab")
        ('客服', '%52%26%44%2f%4cab')
    """
    fit = _UNFIT.sub(lambda unfit: _escaped(unfit[0]), id)
    name = "".join(character if character == character.lower() else _escaped(character) for character in fit)
    if len(name.encode()) <= _NAME_BYTES:
        return name
    digest = hashlib.blake2b(id.encode(), digest_size=8).hexdigest()
    return name.encode()[: _NAME_BYTES - 20].decode("utf-8", "ignore") + f"%~{digest}"


def _escaped(character: str) -> str:
    code = ord(character)
    return f"%{code:02x}" if code < 256 else f"%u{code:06x}"
