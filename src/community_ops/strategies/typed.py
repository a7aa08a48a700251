"""The strategy for a class, whatever it is a class of: what `hypothesis.strategies.from_type` hands out for ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from community_ops.kernel.model import Model
from community_ops.kernel.record import Record, Value
from community_ops.kernel.ref import Ref
from community_ops.kernel.shapes import AnyRef
from community_ops.operating_model import OperatingModel
from community_ops.strategies.population import models
from community_ops.strategies.shaping import Sort, instances, strategy_for
from community_ops.strategies.single import records


def strategy_of(cls: type) -> SearchStrategy[Any] | None:
    """Return the strategy for a record, value, reference or model class; None for any other type.

    A base that several kinds share stands for all of them.

    Example:
        >>> from community_ops.org import Position
        >>> strategy_of(Position) is records(Position), strategy_of(int)
        (True, None)
    """
    free = Sort(draft=False, kinds=tuple(OperatingModel.schema.kinds))
    if cls is Ref:
        return strategy_for(AnyRef(), free)
    if issubclass(cls, Model):
        return models(cls)
    if issubclass(cls, Record):
        return records(cls) if hasattr(cls, "kind_name") else st.deferred(lambda: _any_of(cls))
    if issubclass(cls, Value) and cls is not Value:
        return instances(cls, free)
    return None


def _any_of(base: type[Record]) -> SearchStrategy[Any]:
    return st.one_of([records(cls) for cls in _declared_below(base) if hasattr(cls, "kind_name")])


def _declared_below(base: type[Any]) -> Iterator[type[Any]]:
    for cls in base.__subclasses__():
        if "__attrs_attrs__" in cls.__dict__:  # or else attrs made the real, slotted class from it
            yield cls
            yield from _declared_below(cls)


def classes_so_far() -> list[type]:
    """Return every record and value class declared so far, the built-in ones among them, and the built-in model."""
    return [*_declared_below(Record), *_declared_below(Value), Ref, OperatingModel]
