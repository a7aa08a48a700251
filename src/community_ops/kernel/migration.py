"""Old documents made new: what changed from one version to the next, and where things stood before.

A migration takes the data of a document of one version and returns it as the next version has it. `RenamedField` and
`RenamedTable` say what they do, so that a problem found afterwards is reported where its value stands in the document
as it was given. Anything else is a plain function of the data; problems found after one keep the place they have in
its result, and say so.

There are two counts. `version` is that of this library's own kinds; `model_version` that of a model class that
declares `migrations` of its own, one more than there are of them. The library's migrations run first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import frozen

from community_ops.errors import InvalidDocument, Problem
from community_ops.kernel.jsontext import RepeatedKeys, blemishes, pointer
from community_ops.kernel.layout import REFUSALS
from community_ops.kernel.text import shown

Data = dict[str, Any]
Path = tuple[str, ...]
Change = Callable[[Data], Data]
"""Takes a document's data, which it must not change, and returns it changed."""
Migration = Change | tuple[Change, ...]
"""What leads from one version to the next: one change, or several in a row."""


class Step:
    """A change that knows where things stood before it."""

    def __call__(self, data: Data) -> Data:
        """Return the data as the next version has it; what does not fit is passed on as it is."""
        raise NotImplementedError

    def problems(self, data: Data) -> Iterator[Problem]:
        """Yield what the older version would have refused, and the newer one would take for its own."""
        raise NotImplementedError

    def origin(self, path: Path) -> Path:
        """Return where what stands at a path of the new data stood in the old."""
        raise NotImplementedError


def _with_key(data: Data, old: str, new: str) -> Data:
    changed = {new if key == old else key: value for key, value in data.items() if key != new}
    if not isinstance(data, RepeatedKeys):
        return changed
    marked = RepeatedKeys(changed)
    marked.keys_twice = tuple([new if key == old else key for key in data.keys_twice if key != new])
    return marked


@frozen
class RenamedField(Step):
    """The field of a kind has another name.

    Attributes:
        table: the kind's table.
        old: the field's name so far.
        new: its name from now on.

    Example:
        >>> RenamedField("positions", "cost", "monthly_cost")({"positions": [{"id": "a", "cost": None}]})
        {'positions': [{'id': 'a', 'monthly_cost': None}]}
    """

    table: str
    old: str
    new: str

    def __call__(self, data: Data) -> Data:
        """Return the data with the field renamed in every record."""
        rows = data.get(self.table)
        if not isinstance(rows, list):
            return data
        changed = [_with_key(row, self.old, self.new) if isinstance(row, dict) else row for row in rows]
        return _with_value(data, self.table, changed)

    def problems(self, data: Data) -> Iterator[Problem]:
        """Yield every record of the older version that has a field of the newer name."""
        rows = data.get(self.table)
        for i, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) and self.new in row:
                text = f"is not a field of this version of the document, which calls it {self.old!r}"
                yield Problem("unknown-key", pointer(self.table, i, self.new), text)

    def origin(self, path: Path) -> Path:
        """Return the path with the field's former name in it."""
        if len(path) > 2 and path[0] == self.table and path[2] == self.new:
            return (*path[:2], self.old, *path[3:])
        return path


@frozen
class RenamedTable(Step):
    """The table of a kind has another name.

    Attributes:
        old: the table's name so far.
        new: its name from now on.

    Example:
        >>> RenamedTable("agreements", "contracts")({"agreements": []})
        {'contracts': []}
    """

    old: str
    new: str

    def __call__(self, data: Data) -> Data:
        """Return the data with the table renamed."""
        return _with_key(data, self.old, self.new)

    def problems(self, data: Data) -> Iterator[Problem]:
        """Yield the table, where a document of the older version has one of the newer name."""
        if self.new in data:
            text = f"is not a table of this version of the document, which calls it {self.old!r}"
            yield Problem("unknown-key", pointer(self.new), text)

    def origin(self, path: Path) -> Path:
        """Return the path with the table's former name in it."""
        return (self.old, *path[1:]) if path[:1] == (self.new,) else path


def _with_value(data: Data, key: str, value: Any) -> Data:
    if not isinstance(data, RepeatedKeys):
        return {**data, key: value}
    marked = RepeatedKeys({**data, key: value})
    marked.keys_twice = data.keys_twice
    return marked


@frozen
class Journey:
    """The migrations that lead from the versions of a document to those of today.

    Attributes:
        stages: each change, with the words for the step that it is part of, in order.
    """

    stages: tuple[tuple[str, Change], ...] = ()

    @classmethod
    def of(cls, *legs: tuple[str, int, Iterable[Migration]]) -> Journey:
        """Put together the migrations that are left.

        Args:
            *legs: what is counted, the version the document has, and the migrations from there on.
        """
        return cls(
            tuple(
                (f"from {what} {version} to {version + 1}", part)
                for what, first, migrations in legs
                for version, migration in enumerate(migrations, start=first)
                for part in (migration if isinstance(migration, tuple) else (migration,))
            )
        )

    def made(self, data: Data, problems: list[Problem], string_limit: int) -> Data:
        """Return the data as the versions of today have it.

        Args:
            data: the document; left as it is.
            problems: what is wrong with it so far; what is found wrong on the way is added.
            string_limit: the longest text a value may hold, in characters.

        Raises:
            InvalidDocument: a function cannot be asked, or failed.
        """
        for number, (what, stage) in enumerate(self.stages):
            before = Journey(self.stages[:number])
            if isinstance(stage, Step):
                problems += before.traced(stage.problems(data))
                data = stage(data)
                continue
            # A function sees plain JSON only; what it copies would no longer say that a key stood twice.
            marks = [*blemishes(data, (), string_limit)]
            if marks:
                raise InvalidDocument([*problems, *before.traced(marks)])
            try:
                data = _asked(stage, data, what)
            except InvalidDocument as error:
                raise InvalidDocument([*problems, *before.traced(error.problems)]) from error.__cause__
        return data

    def traced(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems of the migrated data as problems of the document it came from."""
        if not self.stages:
            return list(problems)
        asked = [what for what, stage in self.stages if not isinstance(stage, Step)]
        note = f" (after the migration {', '.join(dict.fromkeys(asked))})" if asked else ""
        return [
            Problem(problem.code, self.origin(problem.pointer), problem.message + note, problem.location)
            for problem in problems
        ]

    def origin(self, place: str) -> str:
        """Return the JSON pointer into the document of what stands at a pointer of the migrated data."""
        path = tuple([step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:]])
        for _, stage in reversed(self.stages):
            if isinstance(stage, Step):
                path = stage.origin(path)
        return pointer(*path)


def _asked(change: Change, data: Data, what: str) -> Data:
    name = getattr(change, "__name__", type(change).__name__)
    try:
        result: Any = change(data)
    except InvalidDocument:
        raise
    except REFUSALS as error:
        said = f"{type(error).__name__}: {error}"
        problem = Problem("cannot-migrate", "", f"the migration {what} ({name}) does not get by with it: {said}")
        raise InvalidDocument([problem]) from error
    if not isinstance(result, dict):
        text = f"the migration {what} ({name}) gave {shown(result)} back; a document is an object"
        raise InvalidDocument([Problem("cannot-migrate", "", text)])
    return result
