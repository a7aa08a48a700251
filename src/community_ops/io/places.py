"""Where things stand in a document's text, found when somebody asks.

Reading a document keeps no positions, which would cost time and memory that few need. A `Source` reads the text again
when it is asked, makes one index of where each record begins, and walks into one record to find a field.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Protocol

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel.envelope import journey_of
from community_ops.kernel.jsontext import pointer
from community_ops.kernel.migration import Journey
from community_ops.kernel.model import Model
from community_ops.kernel.provenance import Location, Source
from community_ops.kernel.ref import Ref

Steps = Sequence[str | int]
_INDEX = re.compile(r"0|[1-9][0-9]{0,11}", re.ASCII)
# The sequences that end a line in an editor, which are also those of JSON and YAML 1.2.
_LINE_END = re.compile(r"\r\n?|\n")


class Lines:
    r"""Turns offsets into lines and columns, both from 1; columns count characters.

    A line ends with a line feed, a carriage return, or both together.

    Example:
        >>> Lines("a\r\nbc").location("x.json", 4)
        Location(file='x.json', line=2, column=2)
    """

    def __init__(self, text: str) -> None:
        """Find where the lines of a text begin."""
        if "\r" in text:
            self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        else:
            self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]  # many times as fast

    def location(self, file: str, offset: int) -> Location:
        """Return the location of an offset into the text, in characters."""
        line = bisect_right(self._starts, offset)
        return Location(file, line, offset - self._starts[line - 1] + 1)


class Places(Protocol):
    """Knows where the parts of one text stand."""

    def versions(self) -> dict[str, int]:
        """Return the versions that the document names."""
        raise NotImplementedError

    def row(self, table: str, id: str) -> int | None:
        """Return which row of a table has an id in Unicode normal form C; None if none has."""
        raise NotImplementedError

    def offset(self, steps: Steps) -> int:
        """Return where the value begins to which keys and indexes lead; the nearest enclosing one where it is not."""
        raise NotImplementedError


def digest_of(data: bytes) -> bytes:
    """Return the digest by which a file is known again."""
    return hashlib.blake2b(data, digest_size=16).digest()


def normal_id(id: object) -> str | None:
    """Return an id as a model holds it; None for what is none."""
    if type(id) is not str:
        return None
    return id if id.isascii() else unicodedata.normalize("NFC", id)


Index = tuple[Places, Lines, Journey]


class DocumentSource(Source):
    """Finds the places of records in one document.

    Attributes:
        file: the document's name.
        model: the class of model it describes.
    """

    __slots__ = ("_open", "file", "model")

    def __init__(self, file: str, model: type[Model], index: Callable[[str], Places]) -> None:
        """Remember what is needed to look at the text later."""
        self.file: str = file
        self.model: type[Model] = model
        self._open = index

    def indexed(self) -> Index | None:
        """Return what knows the places in the text; None where the text that was read is no longer there."""
        raise NotImplementedError

    def index(self, text: str) -> Index:
        """Return what knows the places in a text; its byte-order mark takes up no column."""
        text = text.removeprefix("\ufeff")
        places = self._open(text)
        return places, Lines(text), journey_of(places.versions(), self.model)

    def place(self, where: str) -> Location:
        """Return where the value of a JSON pointer stands, or the nearest around it; the file for the document."""
        # What is wrong with a document as a whole may be that it is none, which no index can be made of.
        indexed = self.indexed() if where else None
        if indexed is None:
            return Location(self.file)
        places, lines, _ = indexed
        return lines.location(self.file, places.offset(steps_of(where)))

    def locate(self, ref: Ref, field: str | None = None) -> Location | None:
        """Return where a record stands, or a field of it, also one inside a value object such as `"period.start"`.

        Returns:
            The location; the file alone where its text is no longer what was read; None where no record in it has
            this kind and id, as after a rename.
        """
        kind = self.model.schema.kinds.get(ref.kind)
        if kind is None:
            return None
        indexed = self.indexed()
        if indexed is None:
            return Location(self.file)
        places, lines, journey = indexed
        # An old document has it under the names of its time.
        table, *_ = steps_of(journey.origin(pointer(kind.table)))
        row = places.row(str(table), ref.id)
        if row is None:
            return None
        inside = field.split(".") if field else ()
        return lines.location(self.file, places.offset(steps_of(journey.origin(pointer(kind.table, row, *inside)))))


class TextSource(DocumentSource):
    """A document that was text from the start, or cannot be read a second time; keeps it."""

    __slots__ = ("_found", "_text")

    def __init__(self, file: str, model: type[Model], index: Callable[[str], Places], text: str) -> None:
        """Keep the text."""
        super().__init__(file, model, index)
        self._text = text
        self._found: Index | None = None

    def indexed(self) -> Index:
        """Return what knows the places in the text."""
        if self._found is None:
            self._found = self.index(self._text)
        return self._found


class FileSource(DocumentSource):
    """A file, of which only the path and a digest are kept until somebody asks.

    Attributes:
        path: the file's absolute path.
        digest: the digest of what was read.
    """

    __slots__ = ("_found", "_seen", "digest", "path")

    def __init__(self, file: str, model: type[Model], index: Callable[[str], Places], digest: bytes) -> None:
        """Remember the file as it is known from where the process is now."""
        super().__init__(file, model, index)
        self.path: str = os.path.abspath(file)
        self.digest: bytes = digest
        self._seen: tuple[int, ...] | None = None
        self._found: Index | None = None

    def indexed(self) -> Index | None:
        """Return what knows the places in the file; None where it is gone or holds something else now."""
        try:
            status = os.stat(self.path)
            seen = (status.st_ino, status.st_size, status.st_mtime_ns)
            if seen != self._seen:
                with open(self.path, "rb") as file:
                    data = file.read()
                self._found = self.index(data.decode("utf-8")) if digest_of(data) == self.digest else None
                self._seen = seen
        except OSError:
            return None
        return self._found


def steps_of(where: str) -> list[str | int]:
    """Return the keys and indexes of a JSON pointer; a number may be either, which only the document tells.

    Example:
        >>> steps_of("/units/0/a~1b")
        ['units', 0, 'a/b']
    """
    steps = [step.replace("~1", "/").replace("~0", "~") for step in where.split("/")[1:]]
    return list(map(_step, steps))


def _step(text: str) -> str | int:
    return int(text) if _INDEX.fullmatch(text) else text


def located(problems: Iterable[Problem], source: DocumentSource) -> InvalidDocument:
    """Return the error for a document's problems, each with the place it stands at where that is not known yet."""
    return InvalidDocument(
        [problem if problem.location else problem.at(source.place(problem.pointer)) for problem in problems]
    )
