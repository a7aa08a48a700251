"""`records`: strategies for one record by itself, with anything in it that its kind can hold."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, overload

from hypothesis.strategies import SearchStrategy

from community_ops.kernel.declaration import Kind, kind_of
from community_ops.kernel.record import Record
from community_ops.kernel.schema import Schema
from community_ops.operating_model import OperatingModel
from community_ops.strategies.shaping import Sort, instances

R = TypeVar("R", bound=Record)


@overload
def records(kind: type[R], schema: Schema | None = None) -> SearchStrategy[R]: ...
@overload
def records(kind: str, schema: Schema | None = None) -> SearchStrategy[Record]: ...
def records(kind: str | type[Record], schema: Schema | None = None) -> SearchStrategy[Any]:
    """Return a strategy for records of a kind: each valid by itself, with references that may point anywhere.

    Text comes in many scripts, dates reach from year 1 to 9999, periods may be open or backward: whatever a
    constructor accepts may come. For records that fit together, see `models`.

    Args:
        kind: a record class, or the name of a kind.
        schema: where a name is looked up, and whose class of a replaced kind is meant; the built-in schema if a name
            is given without one.

    Raises:
        LookupError: the schema has no such kind.
        InvalidSchema: the class is no complete declaration of a kind.

    Example:
        >>> from community_ops import Position
        >>> from hypothesis import given
        >>> @given(records(Position))
        ... def a_position_has_an_id(position):
        ...     assert 0 < len(position.id) <= 200
        >>> a_position_has_an_id()
    """
    among = schema or OperatingModel.schema
    found = kind_of(kind) if schema is None and not isinstance(kind, str) else among.kind(kind)
    return _records(found, tuple(among.kinds))


@cache
def _records(kind: Kind, kinds: tuple[str, ...]) -> SearchStrategy[Any]:
    return instances(kind.cls, Sort(draft=False, kinds=kinds))
