"""`FrozenMap`: a hashable, deeply frozen mapping that tells 1, 1.0 and true apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from community_ops.kernel.text import BadValue, clean_items, clean_text, collect, shown

MAX_DEPTH = 64
# json refuses to read or write integers of more than 4,300 digits; such a number would not survive a round trip.
MAX_INT_BITS = 14_000


def same(a: Any, b: Any) -> bool:
    """Tell whether two field values are the same in every observable way: equal, and written alike.

    `Decimal("1.0") == Decimal("1")`, but whoever prints them sees two things.

    Example:
        >>> from decimal import Decimal
        >>> same(Decimal("1.0"), Decimal("1"))
        False
    """
    return a is b or (bool(a == b) and repr(a) == repr(b))


class FrozenMap(Mapping[str, Any]):
    """An immutable mapping from text to immutable values; keeps order, compares without it.

    Equal only where the types of the values agree too: `{"n": 1}`, `{"n": 1.0}` and `{"n": True}` differ, as
    they do in JSON.

    Example:
        >>> FrozenMap({"a": 1, "b": 2}) == FrozenMap({"b": 2, "a": 1})
        True
        >>> FrozenMap({"a": 1}) == FrozenMap({"a": True})
        False
    """

    __slots__ = ("_data", "_hash", "_key", "_sealed")

    def __init__(self, data: Mapping[str, Any] = {}) -> None:
        """Take the items of a mapping whose values are already immutable; `freeze` makes them so."""
        self._data = dict(data)
        self._key: frozenset[Any] | None = None
        self._hash: int | None = None
        self._sealed = False

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def _identity(self) -> frozenset[Any]:
        if self._key is None:
            self._key = frozenset((name, _typed(value)) for name, value in self._data.items())
        return self._key

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(self._identity())
        return self._hash

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMap):
            return self is other or self._identity() == other._identity()
        if isinstance(other, Mapping):
            try:
                return self._identity() == _frozen_or_as_is(other)._identity()
            except TypeError:  # a value that cannot be hashed cannot be one of ours
                return False
        return NotImplemented

    def __repr__(self) -> str:
        return repr(thaw(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenMap, (self._data,)


def _frozen_or_as_is(other: Mapping[Any, Any]) -> FrozenMap:
    try:
        frozen: FrozenMap = freeze(other)
    except BadValue:  # a field may also map to what JSON cannot say directly, such as dates
        return FrozenMap(other)
    return frozen


def _typed(value: Any) -> Any:
    if isinstance(value, tuple):
        return (tuple, tuple(map(_typed, value)))
    if isinstance(value, float):
        return (float, repr(value))  # 0.0 and -0.0 are two numbers in JSON
    return (type(value), value)


def freeze(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return a deeply frozen copy of a JSON value: mappings become `FrozenMap`, lists become tuples.

    Args:
        value: anything JSON can say; a finite float, an int of at most 4,300 digits, text that UTF-8 can carry.
        depth: how many levels of nesting are still allowed.

    Raises:
        BadValue: with the path inside the value to what JSON cannot say.

    Example:
        >>> freeze({"tags": ["a", "b"]})["tags"]
        ('a', 'b')
    """
    if value is None or type(value) is bool:
        return value
    if isinstance(value, str):
        return clean_text(value)
    if type(value) is int:
        return clean_int(value)
    if type(value) is float:
        if not math.isfinite(value):
            raise BadValue(f"must be a finite number, got {value}", "bad-number")
        return value
    if isinstance(value, FrozenMap) and value._sealed and depth == MAX_DEPTH:
        return value
    if isinstance(value, (Mapping, list, tuple)):
        if depth == 0:
            raise BadValue(f"is nested more than {MAX_DEPTH} levels deep", "too-deep")
        return _freeze_container(value, depth)
    raise BadValue(f"must be a value that JSON can say, got {shown(value)}")


def _freeze_container(value: Mapping[Any, Any] | list[Any] | tuple[Any, ...], depth: int) -> Any:
    def inside(item: Any) -> Any:
        return freeze(item, depth - 1)

    if not isinstance(value, Mapping):
        return tuple(collect((step, inside, item) for step, item in enumerate(value)))
    result = FrozenMap(clean_items(value, inside))
    result._sealed = True  # walked once; a later freeze of the same object need not look again
    return result


EMPTY: FrozenMap = freeze({})


def clean_int(value: Any) -> int:
    """Return an integer that JSON can carry both ways, or raise `BadValue`."""
    if type(value) is not int:
        raise BadValue(f"must be a whole number, got {shown(value)}")
    if value.bit_length() > MAX_INT_BITS:
        raise BadValue(f"is {shown(value)}, more than JSON readers accept", "bad-number")
    return value


def thaw(value: Any) -> Any:
    """Return a plain, mutable copy: dicts and lists all the way down.

    Example:
        >>> thaw(freeze({"tags": ["a"]}))
        {'tags': ['a']}
    """
    if isinstance(value, Mapping):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [thaw(item) for item in value]
    return value
