"""`@derived`: results that are remembered until something they read has changed.

How it works. A derived function is called with a *reader* of the model in place of the model. The reader notes every
column, row and table it hands out, in whatever thread. When the function returns, its result is stored in the memo
that a model shares with all models made from it by edits, together with the notes. The next call, on any of these
models, compares the notes with what the model now holds: columns, rows and tables are immutable objects that an edit
keeps unless it changed them, so `is` is the whole test.

The memo holds inputs weakly: when the last model that holds an input is gone, results that read it go too.

*Early cutoff.* Whoever calls a function declared with `@derived(cutoff=True)` has not read what that function read,
but its value, in a `_Cell`. When its inputs change and it comes to an equal value, the cell is used again, and what
was made from the value still holds. It pays where a small value stands between many records and much work: which of
them are in force, say, before all that is held by them.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar, cast, overload

from community_ops.errors import LateRead
from community_ops.kernel.frozenmap import same
from community_ops.kernel.view import ModelView

if TYPE_CHECKING:
    from community_ops.kernel.declaration import Kind
    from community_ops.kernel.model import Model
    from community_ops.kernel.record import Record
    from community_ops.kernel.schema import Schema
    from community_ops.kernel.table import Column, Table

P = ParamSpec("P")
T = TypeVar("T")
Note = tuple[Any, Any]
"""What was read: `(kind, field)` for a column, `(kind, "#id")` for a row, `(kind, "*")` for a whole table;
`(function, arguments)` for the value of a derived function with a cutoff."""

MEMO_SIZE = 2048
# A result that read more rows of a table than this is tied to the whole table: looking once beats looking 256 times.
ROWS_AT_MOST = 256
CELLS_AT_MOST = 256
_MUTABLE = (list, dict, set, bytearray, deque)
_LAZY = (inspect.isgeneratorfunction, inspect.iscoroutinefunction, inspect.isasyncgenfunction)


class Reader(ModelView):
    """A view of a model that notes what is read through it; handed to derived functions.

    Raises:
        LateRead: on any read after the derived function has returned.
    """

    __slots__ = ("_model", "_notes", "_open", "_rows")

    def __init__(self, model: Model) -> None:
        """Open a reader of a model."""
        self._model = model
        self._notes: dict[Note, Any] = {}
        self._rows: dict[str, int] = {}
        self._open = True

    @property
    def schema(self) -> Schema:
        """The model's schema, which is the same for every model that shares its memo."""
        return self._model.schema

    def __getattr__(self, name: str) -> Table[Any]:
        """Return a table by its name, so that a function written against a model reads the same here."""
        kind = None if name.startswith("_") else self.schema.tables.get(name)
        if kind is None:
            raise AttributeError(name)
        return self._whole(kind)

    def _note(self, kind: str, what: str, held: Any) -> None:
        if not self._open:
            raise LateRead(
                "a derived function read the model after it had returned; read everything it needs before, "
                "and return a finished value rather than a generator"
            )
        self._notes[kind, what] = held

    def _cell(self, kind: str, field: str) -> Column:
        cell = self._model._tables[kind]._cell(field)
        self._note(kind, field, cell)
        return cell

    def _whole(self, kind: Kind) -> Table[Any]:
        table = self._model._tables[kind.name]
        self._note(kind.name, "*", table)
        return table

    def _row(self, kind: str, id: str) -> Record | None:
        table: Table[Record] = self._model._tables[kind]
        row = table.get(id)
        count = self._rows[kind] = self._rows.get(kind, 0) + 1
        if count > ROWS_AT_MOST:
            self._note(kind, "*", table)
        else:
            self._note(kind, "#" + id, row)
        return row

    def _origin(self) -> Model:
        return self._model

    def _inherit(self, notes: Iterable[tuple[Note, Any]]) -> None:
        for (kind, what), held in notes:
            self._note(kind, what, held)


class _Cell:
    """The value of a derived function with a cutoff; what reads it is tied to the cell as to a column."""

    __slots__ = ("__weakref__", "arguments", "value")

    def __init__(self, arguments: tuple[Any, ...], value: Any) -> None:
        self.arguments: tuple[Any, ...] = arguments
        self.value: Any = value


def _current(model: Model, note: Note, was: Any) -> Any:
    kind, what = note
    if type(was) is _Cell:
        return cast("Derived[..., Any]", kind)._cell_for(model, was.arguments)
    table = model._tables[kind]
    if what == "*":
        return table
    return table.get(what[1:]) if what[0] == "#" else table._columns[what]


class _Entry:
    """One remembered result: the notes, weakly held, and the value."""

    __slots__ = ("__weakref__", "absent", "alive", "key", "notes", "tick", "value")

    def __init__(self, key: Any, notes: dict[Note, Any], value: Any, tick: int, gone: Callable[[_Entry], None]) -> None:
        self.key: Any = key
        self.value: Any = value
        self.tick: int = tick
        self.alive: bool = True
        me = weakref.ref(self)

        def dropped(_: weakref.ref[Any]) -> None:
            # Nothing global is used: when the interpreter shuts down, those names may be gone before the last model.
            entry = me()
            if entry is not None:  # what died before it, of the same input, may have taken it along
                gone(entry)

        self.absent: tuple[Note, ...] = tuple(note for note, held in notes.items() if held is None)
        self.notes: tuple[tuple[Note, weakref.ref[Any]], ...] = tuple(
            (note, weakref.ref(held, dropped)) for note, held in notes.items() if held is not None
        )

    def holds_for(self, model: Model) -> bool:
        # Loops rather than all(): this is the whole cost of a hit.
        for note, held in self.notes:
            was = held()  # a dead input reads as None, and so does a row that is not there: it proves nothing
            if was is None or was is not _current(model, note, was):
                return False
        for note in self.absent:  # noqa: SIM110 - see above
            if _current(model, note, None) is not None:
                return False
        return True


class Memo:
    """What models made from one another by edits remember together; bounded, and safe to use from threads."""

    def __init__(self, size: int = MEMO_SIZE) -> None:
        """Make an empty memo for at most `size` results."""
        self._size = size
        self._entries: dict[Any, list[_Entry]] = {}
        self._count = 0
        self._clock = itertools.count()
        self._lock = threading.RLock()
        self._dead: deque[_Entry] = deque()
        # The last cell of every function with a cutoff stays, so that an edit which drops the model it was made from
        # still finds it. Among thousands of arguments the oldest go.
        self._cells: dict[Any, _Cell] = {}

    def __len__(self) -> int:
        return sum(entry.alive for entries in list(self._entries.values()) for entry in list(entries))

    def find(self, key: Any, model: Model) -> _Entry | None:
        """Return the entry under a key that holds for a model, or None."""
        for entry in self._entries.get(key, ()):
            if entry.holds_for(model):  # then the model keeps its inputs, and so its value, alive
                entry.tick = next(self._clock)
                return entry
        return None

    def store(self, key: Any, notes: dict[Note, Any], value: Any) -> None:
        """Remember a result with what it read."""
        entry = _Entry(key, notes, value, next(self._clock), self._gone)
        with self._lock:
            self._bury()
            # A new list each time: `find` may be walking the old one in another thread.
            self._entries[key] = [entry, *self._entries.get(key, ())]
            self._count += 1
            if self._count > self._size:
                self._evict()

    def cell(self, key: Any, arguments: tuple[Any, ...], value: Any) -> _Cell:
        """Return the cell of a value: the one before if that holds an equal value, else a new one."""
        with self._lock:
            cell = self._cells.pop(key, None)
            if cell is None or not same(cell.value, value):
                cell = _Cell(arguments, value)
            self._cells[key] = cell  # last again
            if len(self._cells) > CELLS_AT_MOST:
                del self._cells[next(iter(self._cells))]
        return cell

    def _gone(self, entry: _Entry) -> None:
        # Called when an input dies, possibly in the middle of anything: free the value now, tidy up later.
        entry.alive = False
        entry.value = None
        self._dead.append(entry)

    def _bury(self) -> None:
        while self._dead:
            self._forget(self._dead.popleft())

    def _forget(self, entry: _Entry) -> None:
        entries = self._entries.get(entry.key, [])
        kept = [other for other in entries if other is not entry]
        self._count -= len(entries) - len(kept)
        if kept:
            self._entries[entry.key] = kept
        else:
            self._entries.pop(entry.key, None)

    def _evict(self) -> None:
        # A quarter at once, so that the sort is paid for rarely.
        every = sorted((e for entries in self._entries.values() for e in entries), key=lambda e: e.tick)
        for entry in every[: max(1, self._size // 4)]:
            self._forget(entry)


def _exact_key(argument: Any) -> Any:
    """Return a key that tells 1, 1.0 and True apart, also inside tuples."""
    kind = type(argument)
    if argument is None or kind is str or kind is date:
        return argument
    if kind is tuple:
        return (tuple, tuple(map(_exact_key, argument)))
    if kind in (int, bool):
        return (kind, argument)
    return (kind, argument, repr(argument))


class Derived(Generic[P, T]):
    """A function whose results are remembered until what they read has changed; made by `@derived`."""

    def __init__(self, function: Callable[Concatenate[ModelView, P], T], cutoff: bool = False) -> None:
        """Wrap a function of a model and hashable arguments."""
        self._cutoff = cutoff
        if any(test(function) for test in _LAZY):
            raise TypeError(f"{function.__qualname__} is lazy: a derived function returns a finished value")
        self.function = function
        functools.update_wrapper(self, function)
        parameters = list(inspect.signature(function).parameters.values())[1:]
        if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
            raise TypeError(f"{function.__qualname__} takes any number of arguments: a derived function names each")
        self._names = tuple(parameter.name for parameter in parameters)
        self._places = sum(parameter.kind is not parameter.KEYWORD_ONLY for parameter in parameters)
        self._defaults = {p.name: p.default for p in parameters if p.default is not p.empty}

    def __call__(self, m: ModelView, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the remembered result, or compute and remember it."""
        arguments = args if len(args) == len(self._names) == self._places and not kwargs else self._bind(args, kwargs)
        model = m._origin()
        key = (self, tuple(map(_exact_key, arguments)))
        entry = model._memo.find(key, model)
        if entry is None:
            return self._compute(m, model, key, arguments)
        if m is not model:
            pairs = [(note, held()) for note, held in entry.notes] + [(note, None) for note in entry.absent]
            cast("Reader", m)._inherit([(key, entry.value)] if self._cutoff else pairs)
        return self._opened(entry.value)

    def _opened(self, value: Any) -> T:
        return cast("T", value.value if self._cutoff else value)

    def _cell_for(self, model: Model, arguments: tuple[Any, ...]) -> Any:
        """Return the cell that holds for a model; None where the function fails, which says that nothing holds."""
        key = (self, tuple(map(_exact_key, arguments)))
        entry = model._memo.find(key, model)
        if entry is not None:
            return entry.value
        with suppress(Exception):  # whoever reads it will meet the failure again, and let it pass
            self._compute(model, model, key, arguments)
            entry = model._memo.find(key, model)
        return None if entry is None else entry.value

    def __reduce__(self) -> str:
        return self.function.__qualname__  # pickled by name, as functions are

    def _compute(self, m: ModelView, model: Model, key: Any, arguments: tuple[Any, ...]) -> T:
        reader = Reader(model)
        by_name = dict(zip(self._names[self._places :], arguments[self._places :], strict=True))
        try:
            value = cast("Callable[..., T]", self.function)(reader, *arguments[: self._places], **by_name)
            self._refuse_mutable(value)
        except BaseException:
            reader._open = False
            self._hand_on(m, model, reader._notes.copy())
            raise
        reader._open = False
        notes = reader._notes.copy()  # a thread that outlived the function may be about to write its last note
        held = model._memo.cell(key, arguments, value) if self._cutoff else value
        self._hand_on(m, model, {key: held} if self._cutoff else notes)
        model._memo.store(key, notes, held)
        return self._opened(held)

    def _refuse_mutable(self, value: Any) -> None:
        if isinstance(value, (*_MUTABLE, Iterator)):
            raise TypeError(
                f"{self.function.__qualname__} returned a {type(value).__name__}; "
                "a derived value is shared, so it must be immutable, such as a tuple"
            )

    def _hand_on(self, m: ModelView, model: Model, notes: dict[Note, Any]) -> None:
        if m is not model:
            cast("Reader", m)._inherit(notes.items())

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        given = dict(zip(self._names, args, strict=False))
        if len(args) > self._places or not kwargs.keys() <= set(self._names) - given.keys():
            raise TypeError(f"{self.function.__qualname__}() takes {', '.join(self._names) or 'no arguments'}")
        values = {**self._defaults, **given, **kwargs}
        missing = [name for name in self._names if name not in values]
        if missing:
            raise TypeError(f"{self.function.__qualname__}() needs {', '.join(missing)}")
        return tuple([values[name] for name in self._names])


@overload
def derived(function: Callable[Concatenate[ModelView, P], T], /) -> Derived[P, T]: ...
@overload
def derived(*, cutoff: bool) -> Callable[[Callable[Concatenate[ModelView, P], T]], Derived[P, T]]: ...
def derived(function: Callable[Concatenate[ModelView, P], T] | None = None, /, *, cutoff: bool = False) -> Any:
    """Remember a function's results until what they read of the model has changed.

    Args:
        function: takes a view of a model and hashable arguments; returns an immutable value. What it reads of the
            model it reads through the view, before it returns.
        cutoff: whether what is made from the value is kept when the function runs again and comes to an equal one.
            Worth it for a small value that stays the same through most changes of what it reads.

    Returns:
        The function, to be called with a model or, inside another derived function, with that function's view.

    Example:
        >>> from community_ops import OperatingModel, Unit
        >>> @derived
        ... def names(m):
        ...     return frozenset(m.column(Unit.name))
        >>> model = OperatingModel.of(Unit(id="hq", name="HQ"))
        >>> names(model) is names(model)
        True
    """
    if function is None:
        return functools.partial(Derived, cutoff=cutoff)
    return Derived(function)
