"""JSON documents: a model as text and back, strictly.

Reading goes column by column: all values of one field of one kind are checked together, by functions that run at the
speed of the interpreter's own loops. A kind in which anything is out of order is read again record by record, which
names every problem with its code and pointer. Both ways apply the same `Shape`s; a property test holds them equal.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

from community_ops.errors import DuplicateRecord, InvalidDocument, Problem
from community_ops.kernel.declaration import Kind
from community_ops.kernel.jsontext import (
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
from community_ops.kernel.record import Record
from community_ops.kernel.shapes import Unclean
from community_ops.kernel.table import Table, loaded_table
from community_ops.kernel.text import BadValue, shown

__all__ = ["DOCUMENT_LIMIT", "FORMAT", "STRING_LIMIT", "VERSION", "dumps", "from_data", "lines", "loads"]

M = TypeVar("M", bound=Model)

FORMAT = "community-ops"
VERSION = 1


@contextmanager
def _collector_paused() -> Iterator[None]:
    # Loading makes many objects and no garbage; the cyclic collector would walk all of them again and again.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def from_data(data: Any, model: type[M], *, string_limit: int = STRING_LIMIT) -> M:
    """Return the model that a parsed document describes; see `loads`."""
    if not isinstance(data, dict):
        fail("wrong-type", "", f"a document is an object, got {shown(data)}")
    problems = [*_envelope(data, model), *repeated_keys(data)]
    tables = {}
    for kind in model.schema.kinds.values():
        rows = data.get(kind.table, [])
        if not isinstance(rows, list):
            problems.append(Problem("wrong-type", pointer(kind.table), f"must be a list, got {shown(rows)}"))
            continue
        try:
            tables[kind.name] = _table_by_columns(kind, rows, string_limit)
        except Unclean:
            records, complaints = _table_by_records(kind, rows, string_limit)
            problems += complaints
            if not complaints:
                tables[kind.name] = Table(kind, records)
    if problems:
        raise InvalidDocument(problems)
    return model._of_tables(tables)


def _envelope(data: Mapping[str, Any], model: type[Model]) -> Iterator[Problem]:
    if data.get("format") != FORMAT:
        yield Problem("wrong-format", "/format", f'must be "{FORMAT}", got {shown(data.get("format"))}')
    version = data.get("version")
    if type(version) is not int or version != VERSION:
        yield Problem("wrong-version", "/version", f"this library reads version {VERSION}, got {shown(version)}")
    for key in data:
        if key not in model.schema.tables and key not in ("format", "version"):
            known = ", ".join(model.schema.tables)
            yield Problem("unknown-key", pointer(key), f"is not a table of this model; its tables are {known}")


def _table_by_records(kind: Kind, rows: list[Any], string_limit: int) -> tuple[list[Record], list[Problem]]:
    records: list[Record] = []
    problems: list[Problem] = []
    places: dict[str, int] = {}
    for i, row in enumerate(rows):
        marks = list(blemishes(row, (kind.table, i), string_limit))
        problems += marks
        try:
            record = kind.layout.read(row)
        except BadValue as bad:
            at = {problem.pointer for problem in marks}
            found = [Problem(part.code, pointer(kind.table, i, *part.path), str(part)) for part in bad.parts]
            problems += [problem for problem in found if problem.pointer not in at]
            continue
        if record.id in places:
            text = f"the id {record.id!r} is already used at {pointer(kind.table, places[record.id])}"
            problems.append(Problem("duplicate-id", pointer(kind.table, i, "id"), text))
        places.setdefault(record.id, i)
        records.append(record)
    return records, problems


# -- the fast way -----------------------------------------------------------------------------------------------------


def _table_by_columns(kind: Kind, rows: list[Any], string_limit: int) -> Table[Any]:
    layout = kind.layout
    names = set(chain.from_iterable(rows)) if set(map(type, rows)) <= {dict} else {""}
    if not names <= layout.by_name.keys():
        raise Unclean
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


def loads(text: str, model: type[M], *, string_limit: int = STRING_LIMIT, document_limit: int = DOCUMENT_LIMIT) -> M:
    """Read a model from JSON text.

    Args:
        text: the document; a byte-order mark is ignored.
        model: the class of model to read, which names the schema.
        string_limit: the longest text a field may hold, in characters.
        document_limit: the longest document, in characters.

    Raises:
        InvalidDocument: with everything that is wrong with it, each with a code and a JSON pointer.
    """
    with _collector_paused():
        data = parse(text, document_limit=document_limit)
        return from_data(data, model, string_limit=string_limit)


def lines(model: Model) -> Iterator[str]:
    """Yield the JSON document of a model in pieces: one record a line, in table order."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    yield f'{{\n"format": {encode(FORMAT)},\n"version": {VERSION}'
    for table in model.tables:
        if not len(table):
            continue
        write = table.kind.layout.write
        yield f",\n{encode(table.kind.table)}: [\n"
        for i, record in enumerate(table):
            yield (",\n" if i else "") + encode(write(record))
        yield "\n]"
    yield "\n}\n"


def dumps(model: Model) -> str:
    """Return a model as JSON text: deterministic, one record a line, so that versions compare well.

    Fields that hold their default are left out.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> print(dumps(OperatingModel.of(Unit(id="hq", name="HQ"))), end="")
        {
        "format": "community-ops",
        "version": 1,
        "units": [
        {"id": "hq", "name": "HQ"}
        ]
        }
    """
    return "".join(lines(model))
