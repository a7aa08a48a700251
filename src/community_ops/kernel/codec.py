"""JSON documents: a model as text and back, strictly.

Reading goes column by column: all values of one field of one kind are checked together, by functions that run at the
speed of the interpreter's own loops. A kind in which anything is out of order is read again record by record, which
names every problem with its code and pointer. Both ways apply the same `Shape`s; a property test holds them equal.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from functools import partial
from itertools import chain
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from community_ops.errors import DuplicateRecord, InvalidDocument, Problem
from community_ops.kernel.declaration import Kind
from community_ops.kernel.envelope import FORMAT, VERSION, envelope, envelope_problems, is_from_the_future, journey_of
from community_ops.kernel.frozenmap import EMPTY, FrozenMap, freeze, thaw
from community_ops.kernel.jsontext import (
    DEPTH_LIMIT,
    DOCUMENT_LIMIT,
    STRING_LIMIT,
    RepeatedKeys,
    UnreadableNumber,
    blemishes,
    fail,
    parse,
    pointer,
    repeated_keys,
)
from community_ops.kernel.layout import REFUSALS
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import NOTHING_KNOWN, Provenance
from community_ops.kernel.record import Record
from community_ops.kernel.ref import Ref
from community_ops.kernel.shapes import Unclean
from community_ops.kernel.table import Table, loaded_table
from community_ops.kernel.text import BadValue, shown

__all__ = ["DOCUMENT_LIMIT", "FORMAT", "STRING_LIMIT", "VERSION", "dumps", "envelope", "from_data", "lines", "loads"]

M = TypeVar("M", bound=Model)
Path = tuple[str | int, ...]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


@contextmanager
def collector_paused() -> Iterator[None]:
    # Loading makes many objects and no garbage; the cyclic collector would walk all of them again and again.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def from_data(
    data: Any, model: type[M], *, string_limit: int = STRING_LIMIT, unknown: Literal["refuse", "keep"] = "refuse"
) -> M:
    """Return the model that a parsed document describes; see `loads`."""
    if unknown not in ("refuse", "keep"):
        raise ValueError(f'unknown must be "refuse" or "keep", got {unknown!r}')
    if not isinstance(data, dict):
        fail("wrong-type", "", f"a document is an object, got {shown(data)}")
    problems = [*envelope_problems(data, model)]
    if is_from_the_future(data, model):  # what else does not fit is what the newer version has changed
        raise InvalidDocument(problems)
    journey = journey_of(data, model)
    data = journey.made(data, problems, string_limit)
    tables, found, provenance = _contents(data, model, string_limit, unknown == "keep")
    problems += journey.traced(found)
    if problems:
        raise InvalidDocument(problems)
    return model._of_tables(tables, None, provenance)


def _contents(
    data: Mapping[str, Any], model: type[Model], string_limit: int, keep: bool
) -> tuple[dict[str, Table[Any]], list[Problem], Provenance]:
    strange = {
        key: value for key, value in data.items() if key not in model.schema.tables and key not in envelope(model)
    }
    kept, problems = _kept(strange, (), string_limit) if keep else (EMPTY, list(_unknown_keys(strange, model)))
    problems += repeated_keys(data)
    fields: dict[Ref, FrozenMap] = {}
    tables = {}
    for kind in model.schema.kinds.values():
        rows = data.get(kind.table, [])
        if not isinstance(rows, list):
            problems.append(Problem("wrong-type", pointer(kind.table), f"must be a list, got {shown(rows)}"))
            continue
        try:
            tables[kind.name] = _table_by_columns(kind, rows, string_limit, fields if keep else None)
        except Unclean:
            records, complaints = _table_by_records(kind, rows, string_limit, fields if keep else None)
            problems += complaints
            if not complaints:
                tables[kind.name] = Table(kind, records)
    provenance = Provenance(tables=kept, fields=MappingProxyType(fields)) if kept or fields else NOTHING_KNOWN
    return tables, problems, provenance


def _unknown_keys(strange: Mapping[str, Any], model: type[Model]) -> Iterator[Problem]:
    known = ", ".join(model.schema.tables)
    for key in strange:
        text = f"is not a table of this model; its tables are {known}"
        if key == "model_version":
            text = f"is that of a model class with versions of its own, which {model.__name__} is not"
        yield Problem("unknown-key", pointer(key), text)


def _kept(strange: Mapping[str, Any], path: Path, string_limit: int) -> tuple[FrozenMap, list[Problem]]:
    """Return what the schema does not know in its immutable form, and what is wrong with it as JSON."""
    problems = [*blemishes(strange, path, string_limit)]
    try:
        return freeze(strange, DEPTH_LIMIT), problems
    except BadValue as bad:
        return EMPTY, [*problems, *_new_problems(bad, path, problems)]


def _new_problems(bad: BadValue, path: Path, known: list[Problem]) -> list[Problem]:
    at = {problem.pointer for problem in known}
    found = [Problem(part.code, pointer(*path, *part.path), str(part)) for part in bad.parts]
    return [problem for problem in found if problem.pointer not in at]


def _table_by_records(
    kind: Kind, rows: list[Any], string_limit: int, kept: dict[Ref, FrozenMap] | None = None
) -> tuple[list[Record], list[Problem]]:
    records: list[Record] = []
    problems: list[Problem] = []
    places: dict[str, int] = {}
    for i, row in enumerate(rows):
        marks = list(blemishes(row, (kind.table, i), string_limit))
        strange = EMPTY
        if kept is not None and isinstance(row, dict):
            row, unread = _apart(row, kind)
            strange, found = _kept(unread, (kind.table, i), string_limit)
            marks += [problem for problem in found if problem not in marks]
        problems += marks
        try:
            record = kind.layout.read(row)
        except BadValue as bad:
            problems += _new_problems(bad, (kind.table, i), marks)
            continue
        if record.id in places:
            text = f"the id {record.id!r} is already used at {pointer(kind.table, places[record.id])}"
            problems.append(Problem("duplicate-id", pointer(kind.table, i, "id"), text))
        places.setdefault(record.id, i)
        records.append(record)
        if kept is not None and strange:
            kept[Ref(kind.name, record.id)] = strange
    return records, problems


def _apart(row: Mapping[str, Any], kind: Kind) -> tuple[dict[str, Any], dict[str, Any]]:
    known = kind.layout.by_name
    own = {key: value for key, value in row.items() if key in known}
    return own, {key: value for key, value in row.items() if key not in known}


# -- the fast way -----------------------------------------------------------------------------------------------------


def _table_by_columns(
    kind: Kind, rows: list[Any], string_limit: int, kept: dict[Ref, FrozenMap] | None = None
) -> Table[Any]:
    if not set(map(type, rows)) <= {dict}:
        raise Unclean
    names = set(chain.from_iterable(rows))
    if names <= kind.layout.by_name.keys():
        return _known_columns(kind, rows, names, string_limit)
    if kept is None:
        raise Unclean
    table = _known_columns(kind, rows, names, string_limit)
    kept.update(_strange_fields(kind, rows, table.ids, string_limit))
    return table


def _strange_fields(kind: Kind, rows: list[Any], ids: tuple[str, ...], string_limit: int) -> dict[Ref, FrozenMap]:
    found = {}
    for id, row in zip(ids, rows, strict=True):
        _, strange = _apart(row, kind)
        if strange:
            frozen, problems = _kept(strange, (), string_limit)
            if problems:
                raise Unclean
            found[Ref(kind.name, id)] = frozen
    return found


def _known_columns(kind: Kind, rows: list[Any], names: Set[str], string_limit: int) -> Table[Any]:
    layout = kind.layout
    columns: dict[str, list[Any]] = {}
    for spec in layout.fields:
        given = _given(rows, spec.name) if spec.name in names else []
        if len(given) < len(rows) and spec.required:
            raise Unclean
        _look_inside(given, string_limit)
        read = spec.shape.read_column(given)
        if not given:
            read = [spec.default] * len(rows)
        elif len(given) < len(rows):
            following = iter(read)
            read = [next(following) if spec.name in row else spec.default for row in rows]
        columns[spec.name] = read
    try:
        if layout.adjusted:  # converters, validators or checks of its own: only its constructor knows what is right
            return Table(kind, _constructed(kind, columns))
        return loaded_table(kind, columns, partial(_records, kind, columns, len(rows)))
    except DuplicateRecord:
        raise Unclean from None


def table_of_columns(
    kind: Kind, count: int, given: Mapping[str, list[Any]], ready: Mapping[str, list[Any]] | None = None
) -> Table[Any]:
    """Return the table that whole columns describe; a field that none of them gives holds its default.

    Args:
        kind: the kind of the records; one without converters or checks of its own beyond its fields' types.
        count: how many records there are.
        given: JSON values by field, as a document has them, the longest text within its limit.
        ready: values by field in the form that records hold them in; they are not looked at again.

    Raises:
        Unclean: a value is not what its field holds.
        DuplicateRecord: two ids are the same.
    """
    columns = {spec.name: spec.shape.read_column(given[spec.name]) for spec in kind.layout.fields if spec.name in given}
    columns.update(ready or {})
    whole = {spec.name: columns.get(spec.name) or [spec.default] * count for spec in kind.layout.fields}
    if kind.layout.adjusted:
        return Table(kind, _constructed(kind, whole))
    return loaded_table(kind, whole, partial(_records, kind, whole, count))


def _given(rows: list[Any], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row[name] for row in rows if name in row]


def _look_inside(given: list[Any], string_limit: int) -> None:
    kinds = set(map(type, given))
    if kinds & {dict, list, RepeatedKeys, UnreadableNumber, float}:
        for _ in blemishes(given, (), string_limit):
            raise Unclean
    if str in kinds:
        texts = given if kinds == {str} else [value for value in given if type(value) is str]
        if max(map(len, texts)) > string_limit:
            raise Unclean


def _constructed(kind: Kind, columns: Mapping[str, list[Any]]) -> list[Any]:
    names = list(columns)
    try:
        return [kind.cls(**dict(zip(names, values, strict=True))) for values in zip(*columns.values(), strict=True)]
    except REFUSALS:
        raise Unclean from None


def _records(kind: Kind, columns: Mapping[str, list[Any]], count: int) -> list[Any]:
    records: list[Any] = list(map(object.__new__, [kind.cls] * count))
    for spec in kind.layout.fields:
        for _ in map(spec.set, records, columns[spec.name]):
            pass
    return records


# -- the public functions ---------------------------------------------------------------------------------------------


def loads(
    text: str,
    model: type[M],
    *,
    string_limit: int = STRING_LIMIT,
    document_limit: int = DOCUMENT_LIMIT,
    unknown: Literal["refuse", "keep"] = "refuse",
) -> M:
    """Read a model from JSON text.

    Args:
        text: the document, of this version or an older one; a byte-order mark is ignored.
        model: the class of model to read, which names the schema.
        string_limit: the longest text a field may hold, in characters.
        document_limit: the longest document, in characters.
        unknown: what becomes of tables, and of fields of records, that the schema does not know: `"refuse"` makes
            them problems, `"keep"` keeps their values in `model.provenance` for `dumps` to write back. Inside value
            objects they are refused either way.

    Raises:
        InvalidDocument: with everything that is wrong with it, each with a code and a JSON pointer.
    """
    with collector_paused():
        data = parse(text, document_limit=document_limit)
        return from_data(data, model, string_limit=string_limit, unknown=unknown)


def lines(model: Model) -> Iterator[str]:
    """Yield the JSON document of a model in pieces: one record a line, in table order, what was kept unread last."""
    yield "{\n" + ",\n".join(f"{_encode(key)}: {_encode(value)}" for key, value in envelope(type(model)).items())
    kept: dict[str, dict[str, Mapping[str, Any]]] = {}
    for ref, fields in model.provenance.fields.items():
        kept.setdefault(ref.kind, {})[ref.id] = fields
    for table in model.tables:
        if len(table):
            yield from _rows(table.kind.table, _written(table, kept.get(table.kind.name)))
    for name, value in model.provenance.tables.items():
        plain = thaw(value)
        yield from (
            _rows(name, plain) if isinstance(plain, list) and plain else [f",\n{_encode(name)}: {_encode(plain)}"]
        )
    yield "\n}\n"


def _rows(name: str, rows: Iterable[Any]) -> Iterator[str]:
    yield f",\n{_encode(name)}: [\n"
    for i, row in enumerate(rows):
        yield (",\n" if i else "") + _encode(row)
    yield "\n]"


def _written(table: Table[Any], kept: Mapping[str, Mapping[str, Any]] | None) -> Iterable[dict[str, Any]]:
    write = table.kind.layout.write
    if kept is None:
        return map(write, table)
    return ({**write(record), **thaw(kept.get(record.id, EMPTY))} for record in table)


def dumps(model: Model) -> str:
    """Return a model as JSON text: deterministic, one record a line, so that versions compare well.

    Fields that hold their default are left out.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> print(dumps(OperatingModel.of(Unit(id="hq", name="HQ"))), end="")
        {
        "format": "community-ops",
        "version": 2,
        "units": [
        {"id": "hq", "name": "HQ"}
        ]
        }
    """
    return "".join(lines(model))
