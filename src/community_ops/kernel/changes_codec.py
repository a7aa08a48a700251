"""The JSON form of a `ChangeSet`: written from its values alone, read strictly against a model's schema.

Flat like a document: `{"format": "community-ops-changes", "version": 1, "renamed": [{"ref": "unit:a", "to": "b"}],
"removed": [{"kind": "unit", "record": {...}}], "updated": [{"ref": "unit:hq", "field": "name", "before": "HQ",
"after": "Head office"}], "added": [...], "rename_last": true}`; parts that are empty are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel import shapes, written
from community_ops.kernel.changes import ChangeSet, Update
from community_ops.kernel.declaration import FieldSpec, Kind, layout_of
from community_ops.kernel.jsontext import STRING_LIMIT, blemishes, fail, pointer
from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, Value
from community_ops.kernel.ref import Ref
from community_ops.kernel.schema import Schema
from community_ops.kernel.text import BadValue, clean_id, clean_text, shown, together

FORMAT = "community-ops-changes"
VERSION = 1
_SCALARS: tuple[tuple[type, shapes.Shape], ...] = (
    (Decimal, written.DecimalNumber()),
    (datetime, written.Instant()),  # before date, which it is one of
    (date, written.Day()),
    (timedelta, written.Duration()),
    (Ref, shapes.AnyRef()),
)


def changes_to_data(changes: ChangeSet) -> dict[str, Any]:
    """Return a change set as plain data, ready for `json.dumps`.

    Raises:
        TypeError: an update holds a value that no field can hold.

    Example:
        >>> from community_ops import OperatingModel, Unit, diff
        >>> a = OperatingModel.of(Unit(id="hq", name="HQ"))
        >>> b = OperatingModel.of(Unit(id="hq", name="Head office"))
        >>> changes_to_data(diff(a, b))["updated"]
        [{'ref': 'unit:hq', 'field': 'name', 'before': 'HQ', 'after': 'Head office'}]
    """
    data: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "renamed": [{"ref": str(ref), "to": new} for ref, new in changes.renamed],
        "removed": [_record_data(record) for record in changes.removed],
        "updated": [
            {"ref": str(u.ref), "field": u.field, "before": _plain(u.before), "after": _plain(u.after)}
            for u in changes.updated
        ],
        "added": [_record_data(record) for record in changes.added],
        "rename_last": changes.rename_last,
    }
    return {key: value for key, value in data.items() if value}


def _record_data(record: Record) -> dict[str, Any]:
    return {"kind": record.kind_name, "record": layout_of(type(record)).write(record)}


def _plain(value: Any) -> Any:
    """Return the JSON value of a stored value: what its field's shape writes, found from the value itself."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Value):
        return layout_of(type(value)).write(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    for kind, shape in _SCALARS:
        if isinstance(value, kind):
            return shape.write(value)
    raise TypeError(f"no field holds {shown(value)}")


def changes_from_data(data: Any, model: type[Model], *, string_limit: int = STRING_LIMIT) -> ChangeSet:
    """Return the change set that plain data describes.

    Args:
        data: what `changes_to_data` made, perhaps sent through JSON text and `jsontext.parse`.
        model: the class of model that the changes are meant for.
        string_limit: the longest text, in characters.

    Raises:
        InvalidDocument: with everything that is wrong with it, each with a code and a JSON pointer.
    """
    if not isinstance(data, dict):
        fail("wrong-type", "", f"a change set is an object, got {shown(data)}")
    marks = list(blemishes(data, (), string_limit))
    parts: dict[str, Any] = {}
    found = [*_envelope(data), *_parts(data, model.schema, parts)]
    at = {problem.pointer for problem in marks}
    problems = marks + [problem for problem in found if problem.pointer not in at]
    if problems:
        raise InvalidDocument(problems)
    return ChangeSet(**parts)


def _envelope(data: Mapping[str, Any]) -> Iterator[Problem]:
    if data.get("format") != FORMAT:
        yield Problem("wrong-format", "/format", f'must be "{FORMAT}", got {shown(data.get("format"))}')
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        yield Problem("wrong-version", "/version", f"this library reads version {VERSION}, got {shown(version)}")
    for key in data:
        if key not in _READERS and key not in ("format", "version", "rename_last"):
            yield Problem("unknown-key", pointer(key), "is not a part of a change set")


def _parts(data: Mapping[str, Any], schema: Schema, parts: dict[str, Any]) -> Iterator[Problem]:
    """Read every part into `parts`; yield what is wrong."""
    parts["rename_last"] = data.get("rename_last", False)
    if type(parts["rename_last"]) is not bool:
        yield Problem("wrong-type", "/rename_last", f"must be true or false, got {shown(parts['rename_last'])}")
    for name, read in _READERS.items():
        items = data.get(name, [])
        if not isinstance(items, list):
            yield Problem("wrong-type", pointer(name), f"must be a list, got {shown(items)}")
            continue
        done = parts[name] = []
        for i, item in enumerate(items):
            try:
                done.append(read(schema, item))
            except BadValue as bad:
                yield from [Problem(part.code, pointer(name, i, *part.path), str(part)) for part in bad.parts]


class _Entry:
    """One JSON object under inspection: collects all that is wrong with it."""

    def __init__(self, data: Any, *keys: str) -> None:
        if not isinstance(data, dict):
            raise BadValue(f"must be an object, got {shown(data)}")
        self.data = data
        self.complaints = [BadValue("is not expected here", "unknown-key", (key,)) for key in data if key not in keys]
        self.complaints += [BadValue("is missing", "missing-key", (key,)) for key in keys if key not in data]

    def read(self, key: str, act: Callable[[Any], Any]) -> Any:
        """Return what a function makes of the value under a key; None where it is missing or bad."""
        try:
            return act(self.data[key]) if key in self.data else None
        except BadValue as bad:
            self.complaints.append(bad.under(key))
            return None

    def finish(self) -> None:
        """Raise `BadValue` if anything was wrong."""
        if self.complaints:
            raise together(self.complaints)


def _read_rename(schema: Schema, data: Any) -> tuple[Ref, str]:
    entry = _Entry(data, "ref", "to")
    renamed = entry.read("ref", partial(_known_ref, schema)), entry.read("to", clean_id)
    entry.finish()
    return renamed


def _read_record(schema: Schema, data: Any) -> Record:
    entry = _Entry(data, "kind", "record")
    kind: Kind | None = entry.read("kind", partial(_known_kind, schema))
    record = entry.read("record", kind.layout.read) if kind is not None else None
    entry.finish()
    return record  # type: ignore[return-value]  # None was a complaint


def _read_update(schema: Schema, data: Any) -> Update:
    entry = _Entry(data, "ref", "field", "before", "after")
    ref: Ref | None = entry.read("ref", partial(_known_ref, schema))
    spec: FieldSpec | None = entry.read("field", partial(_known_field, schema.kinds[ref.kind])) if ref else None
    before, after = (entry.read(key, spec.shape.read) if spec else None for key in ("before", "after"))
    entry.finish()
    return Update(ref, spec.name, before, after)  # type: ignore[arg-type,union-attr]  # None was a complaint


def _known_kind(schema: Schema, data: Any) -> Kind:
    found = schema.kinds.get(clean_text(data))
    if found is None:
        raise BadValue(f"is not a kind of this model, whose kinds are {', '.join(schema.kinds)}", "unknown-kind")
    return found


def _known_ref(schema: Schema, data: Any) -> Ref:
    ref = Ref.parse(clean_text(data))
    _known_kind(schema, ref.kind)
    return ref


def _known_field(kind: Kind, data: Any) -> FieldSpec:
    found = kind.layout.by_name.get(clean_text(data))
    if found is None or found.name == "id":
        raise BadValue(f"is not a field of {kind.cls.__name__} that an update can change", "unknown-field")
    return found


_READERS: dict[str, Callable[[Schema, Any], Any]] = {
    "renamed": _read_rename,
    "removed": _read_record,
    "updated": _read_update,
    "added": _read_record,
}
