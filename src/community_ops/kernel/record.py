"""`Record` and `Value`: the two bases of everything a model is made of, and the words to declare their fields.

A record is a value: frozen, keyword-only, compared by its fields; it refers to others by id, and knows no clock, no
input or output and no randomness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

import attrs

from community_ops.kernel.declaration import _META, Reference, is_generated, layout_of
from community_ops.kernel.frozenmap import EMPTY, same
from community_ops.kernel.ref import Ref

R = TypeVar("R", bound="Record")


def ref(
    kind: str | None,
    label: str,
    *,
    acyclic: bool = False,
    inverse: str = "",
    checked_by: str = "",
    historic: bool = False,
) -> dict[str, Any]:
    """Declare, as field metadata, that a field holds the id of another record.

    Args:
        kind: the kind pointed at; None for a field annotated `Ref`, which may point at any kind.
        label: the relation in words, from the holder to the target: "reports to".
        acyclic: whether following the relation must never come back to where it started.
        inverse: the relation in words, from the target to the holder: "manages".
        checked_by: the code of a rule that finds this relation's cycles in place of the general one.
        historic: whether it tells of what was, as a snapshot does: what it points at may be removed, and gone.

    Example:
        >>> sorted(ref("position", "owned by"))
        ['community_ops']
    """
    return {_META: {"reference": Reference(kind, label, acyclic, inverse, checked_by, historic)}}


def at_least(minimum: int | Decimal) -> dict[str, Any]:
    """Declare, as field metadata, the least number that has a meaning in a field.

    Example:
        >>> at_least(0)
        {'community_ops': {'minimum': 0}}
    """
    return {_META: {"minimum": minimum}}


class _Checked:
    """What records and values share: the one check after construction, and a short repr."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        layout_of(type(self)).check(self)

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        """Yield `(field, complaint)` for what is of the right type but has no meaning; a hook for subclasses."""
        return ()

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        if is_generated(cls.__dict__.get("__repr__")):
            cls.__repr__ = _Checked.__repr__  # type: ignore[method-assign]  # attrs writes its own on every subclass

    def __repr__(self) -> str:
        layout = layout_of(type(self))
        shown = ", ".join(
            f"{spec.name}={spec.get(self)!r}"
            for spec in layout.fields
            if spec.required or not same(spec.get(self), spec.default)
        )
        return f"{type(self).__name__}({shown})"


@attrs.frozen(repr=False)
class Value(_Checked):
    """The base of small values inside records, such as `Money`; written in JSON as an object.

    A subclass is decorated with attrs' `frozen`; references inside it count like any other. What its own checks demand
    of a field's JSON form it may say in `json_hints`, keywords of JSON Schema by field.
    """

    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {}


@attrs.frozen(kw_only=True, repr=False)
class Record(_Checked):
    """The base of every kind of record.

    A subclass is decorated with `@frozen(kw_only=True)` and names its kind and its table:

    Example:
        >>> from attrs import field, frozen
        >>> @frozen(kw_only=True)
        ... class Contract(Record):
        ...     kind_name = "contract"
        ...     table_name = "contracts"
        ...     title: str
        ...     owner: str | None = field(default=None, metadata=ref("position", "owned by"))
        >>> Contract(id="c1", title="Hosting", owner="coo")
        Contract(id='c1', title='Hosting', owner='coo')

    What its own checks demand of a field's JSON form a kind may say in `json_hints`, as a `Value` may.

    Attributes:
        id: unique among the records of its kind.
        extra: JSON values that an embedding application owns: kept and round-tripped, never interpreted.
    """

    kind_name: ClassVar[str]
    table_name: ClassVar[str]
    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    id: str
    extra: Mapping[str, Any] = EMPTY

    @property
    def ref(self) -> Ref:
        """The record's own address."""
        return Ref(self.kind_name, self.id)
