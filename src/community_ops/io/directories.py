"""A directory of files as one document: each file holds some of its records, and gets them back."""

from __future__ import annotations

import errno
import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from attrs import field, frozen

from community_ops.errors import InvalidDocument, Problem
from community_ops.io.documents import INDEXES, format_of, with_places, with_source
from community_ops.io.files import FileText, read_text
from community_ops.io.places import DocumentSource, FileSource, TextSource, located, normal_id
from community_ops.kernel import codec, jsontext
from community_ops.kernel.envelope import envelope_problems, is_from_the_future, journey_of
from community_ops.kernel.migration import Journey
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import Location, Source
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import shown

M = TypeVar("M", bound=Model)
Unknown = Literal["refuse", "keep"]
SUFFIXES = (".json", ".yaml", ".yml")


class DirectorySource(Source):
    """The files of a directory, and which record stood in which of them.

    Attributes:
        path: the directory's absolute path.
        parts: its documents, in the order they were read.
    """

    __slots__ = ("_ids", "_seats", "_starts", "parts", "path")

    def __init__(self, path: str, parts: tuple[DocumentSource, ...], merged: _Merged, model: Model) -> None:
        """Remember which rows of each table came from which part."""
        self.path: str = os.path.abspath(path)
        self.parts: tuple[DocumentSource, ...] = parts
        self._starts = {table.kind.name: merged.rows.get(table.kind.table, []) for table in model.tables}
        self._ids = {table.kind.name: table.ids for table in model.tables}
        self._seats: dict[str, dict[str, int]] = {}

    def home(self, ref: Ref) -> DocumentSource | None:
        """Return the document in which a record stood when it was read; None if in none."""
        if ref.kind not in self._ids:
            return None
        if ref.kind not in self._seats:
            self._seats[ref.kind] = {id: row for row, id in enumerate(self._ids[ref.kind])}
        row = self._seats[ref.kind].get(ref.id)
        return None if row is None else self.parts[_part_of(self._starts[ref.kind], row)[0]]

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        """Return where a record stands, or one of its fields; None where no file held it."""
        home = self.home(ref)
        return None if home is None else home.locate(ref, field)


def files_below(directory: str | os.PathLike[str]) -> list[str]:
    """Return the documents below a directory, sorted by their paths in it; hidden ones are left out.

    Raises:
        OSError: a directory cannot be read, or a symbolic link leads back to one it lies in.
    """
    top = os.fsdecode(directory)
    found: list[str] = []
    waiting: list[tuple[str, frozenset[str]]] = [(top, frozenset([os.path.realpath(top)]))]
    while waiting:
        here, around = waiting.pop()
        for name in os.listdir(here):
            path = os.path.join(here, name)
            if name.startswith("."):
                continue
            if os.path.isdir(path):
                real = os.path.realpath(path)
                if real in around:
                    raise OSError(errno.ELOOP, "a symbolic link leads back to a directory it lies in", path)
                waiting.append((path, around | {real}))
            elif os.path.splitext(name)[1].lower() in SUFFIXES:
                found.append(path)
    return sorted(found, key=lambda path: Path(path).relative_to(top).parts)


@frozen
class _Part:
    """One document of a directory, with its data as the versions of today have it."""

    source: DocumentSource
    data: dict[str, Any]
    journey: Journey


@frozen
class _Merged:
    """The data of several documents as that of one, and from which part the rows of a table come."""

    data: dict[str, Any]
    rows: dict[str, list[tuple[int, int]]] = field(factory=dict)  # by table: (first row, part), ascending


def _part_of(starts: list[tuple[int, int]], row: int) -> tuple[int, int]:
    """Return the part that a row comes from, and which row it is in it."""
    first, part = starts[bisect_right(starts, row, key=lambda start: start[0]) - 1]
    return part, row - first


def load_directory(
    path: str | os.PathLike[str], model: type[M], string_limit: int, document_limit: int, unknown: Unknown
) -> M:
    """Read a model from all documents below a directory; see `documents.load`.

    Raises:
        OSError: a file or directory cannot be read.
        InvalidDocument: some file is no valid document, or all of them together are none.
    """
    files = files_below(path)
    top = os.fsdecode(path)
    if not files:
        message = f"the directory holds no document: no file below it ends in {', '.join(SUFFIXES)}"
        raise InvalidDocument([Problem("no-documents", "", message, Location(top))])
    parts: list[_Part] = []
    problems: list[Problem] = []
    for name in files:
        try:
            parts.append(read_part(read_text(name, document_limit), model, string_limit, document_limit))
        except InvalidDocument as error:
            problems += error.problems
    if problems:
        raise InvalidDocument(problems)
    merged = _merged(parts, model)
    try:
        made = codec.from_data(merged.data, model, string_limit=string_limit, unknown=unknown)
    except InvalidDocument as error:
        raise InvalidDocument(list(_at_home(error.problems, merged, parts))) from None
    return with_source(made, DirectorySource(top, tuple(part.source for part in parts), merged, made))


def read_part(file: FileText, model: type[Model], string_limit: int, document_limit: int) -> _Part:
    """Return the data of one document of a directory; where it names no format or version, it has today's.

    Raises:
        InvalidDocument: it is no document; every problem names its place in the file.
    """
    format = format_of(file.name)
    source: DocumentSource
    if file.digest is None:
        source = TextSource(file.name, model, INDEXES[format], file.text)
    else:
        source = FileSource(file.name, model, INDEXES[format], file.digest)
    try:
        if format == "yaml":
            from community_ops.io.yaml_reader import parse_yaml  # noqa: PLC0415 - an extra

            given = parse_yaml(file.text, model, document_limit, part=True)
        else:
            given = jsontext.parse(file.text, document_limit=document_limit)
        if not isinstance(given, dict):
            jsontext.fail("wrong-type", "", f"a document is an object, got {shown(given)}")
    except InvalidDocument as error:
        raise with_places(error, source, file.text) from None
    return _of_today(given, source, model, string_limit)


def _of_today(given: dict[str, Any], source: DocumentSource, model: type[Model], string_limit: int) -> _Part:
    data = {**codec.envelope(model), **given}
    problems = [*envelope_problems(data, model)]
    journey = journey_of(data, model)
    try:
        if not is_from_the_future(data, model):
            problems += jsontext.repeated_keys(given)
            data = journey.made(data, problems, string_limit)
            wrong = [key for key in model.schema.tables if not isinstance(data.get(key, []), list)]
            found = [Problem("wrong-type", jsontext.pointer(k), f"must be a list, got {shown(data[k])}") for k in wrong]
            problems += journey.traced(found)
    except InvalidDocument as error:
        problems = list(error.problems)
    if problems:
        raise located(problems, source)
    return _Part(source, {key: data[key] for key in data if key not in codec.envelope(model)}, journey)


def _merged(parts: list[_Part], model: type[Model]) -> _Merged:
    merged = _Merged(codec.envelope(model))
    problems: list[Problem] = []
    for n, part in enumerate(parts):
        for table, rows in part.data.items():
            if isinstance(rows, list) and isinstance(merged.data.get(table, []), list):
                together = merged.data.setdefault(table, [])
                if rows:
                    merged.rows.setdefault(table, []).append((len(together), n))
                together += rows
            elif table in merged.data:
                text = f"the key {shown(table)} stands in another file too, and not both are lists"
                problems += located([Problem("duplicate-key", jsontext.pointer(table), text)], part.source).problems
            else:
                merged.data[table] = rows
    if problems:
        raise InvalidDocument(problems)
    return merged


def _at_home(problems: tuple[Problem, ...], merged: _Merged, parts: list[_Part]) -> Iterator[Problem]:
    """Yield the problems of the whole as problems of the files they are in."""
    for problem in problems:
        steps = problem.pointer.split("/")[1:]
        table = steps[0].replace("~1", "/").replace("~0", "~") if steps else ""
        if len(steps) > 1 and table in merged.rows:
            part, place = _home_of(merged, parts, table, int(steps[1]), steps[2:])
            message = problem.message
            if problem.code == "duplicate-id":
                message = _also_used(merged, parts, table, int(steps[1]))
            yield Problem(problem.code, place, message, part.source.place(place))
            continue
        holders = [part for part in parts if table in part.data]
        for part in holders:
            place = part.journey.origin(problem.pointer)
            yield Problem(problem.code, place, problem.message, part.source.place(place))
        if not holders:
            yield problem


def _home_of(merged: _Merged, parts: list[_Part], table: str, row: int, rest: list[str]) -> tuple[_Part, str]:
    number, inside = _part_of(merged.rows[table], row)
    here = "/".join([jsontext.pointer(table, inside), *rest])
    return parts[number], parts[number].journey.origin(here)


def _also_used(merged: _Merged, parts: list[_Part], table: str, row: int) -> str:
    rows = merged.data[table]
    id = _id_of(rows[row])
    first = next(n for n, other in enumerate(rows) if _id_of(other) == id)
    part, place = _home_of(merged, parts, table, first, ["id"])
    return f"the id {id!r} is already used at {part.source.place(place)}"


def _id_of(row: Any) -> Any:
    return normal_id(row.get("id")) if isinstance(row, Mapping) else None
