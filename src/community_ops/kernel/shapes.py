"""What a field can hold: one small object per annotation, from which checking, JSON and references follow.

A `Shape` is compiled once from a field's annotation (see `declaration.py`). It is plain data, so that other rooms
derive more from it - Hypothesis strategies, JSON Schema, documentation - without a second declaration.

`json_schema` says of the JSON form as much as JSON Schema can; a shape without it cannot be written down.

The same rule is applied through three doors: `check` takes a Python value given to a constructor, `read` takes a
JSON value, and `read_column` takes the JSON values of one field of many records at once, which is what makes
loading fast. `read_column` may raise `Unclean` for any reason; the caller then goes one by one through `read`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen

from community_ops.kernel.frozenmap import MAX_INT_BITS, clean_int
from community_ops.kernel.ref import KIND_NAME, Ref
from community_ops.kernel.text import (
    ID_LENGTH,
    BadValue,
    clean_id,
    clean_text,
    ids_are_clean,
    is_utf8,
    shown,
)

if TYPE_CHECKING:
    from community_ops.kernel.layout import Layout

Rewrite = Callable[[Ref], Ref]
"""Maps every reference to what it should become; returns the same object where nothing changes."""
Define = Callable[["Layout"], str]
"""Makes sure that a class has its own definition in a JSON Schema, and returns the JSON pointer to it."""


# The characters that `clean_id` refuses, as a class of a regular expression; written out, since dialects differ in
# how they escape. A test goes through all of Unicode.
_UNFIT_FOR_IDS = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"


class Unclean(Exception):
    """Some value of a column needs a closer look; says nothing about which or why."""


@frozen
class Shape:
    """What one field can hold; the base of all shapes."""

    plain: ClassVar[bool] = False
    """Whether the Python value is its own JSON value."""
    has_references: ClassVar[bool] = False

    def check(self, value: Any) -> Any:
        """Return the value as it is stored, or raise `BadValue`."""
        raise NotImplementedError

    def read(self, data: Any) -> Any:
        """Return the value that a JSON value stands for, or raise `BadValue`."""
        return self.check(data)

    def write(self, value: Any) -> Any:
        """Return the JSON value that stands for a stored value."""
        return value

    def json_schema(self, define: Define) -> dict[str, Any]:
        """Return what JSON Schema can say of the JSON values that `read` accepts: no less, and hardly more."""
        raise NotImplementedError

    def read_column(self, column: list[Any]) -> list[Any]:
        """Return the values of a whole column of JSON values, or raise `Unclean`."""
        try:
            return list(map(self.read, column))
        except BadValue:
            raise Unclean from None

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        """Yield `(path, target, neighbours)` of every reference inside the value; path "" is the value itself."""
        return iter(())

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        """Return the value with every reference changed; the same object where none was."""
        return value


def all_of(column: list[Any], kind: type) -> bool:
    """Tell whether every value is of exactly one class."""
    return set(map(type, column)) <= {kind}


@frozen
class Text(Shape):
    """Any text that UTF-8 can carry."""

    plain: ClassVar[bool] = True

    def check(self, value: Any) -> str:
        return clean_text(value)

    def read_column(self, column: list[Any]) -> list[Any]:
        if not all_of(column, str) or not is_utf8("".join(column)):
            raise Unclean
        return column

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "string"}


@frozen
class Id(Shape):
    """An id: a record's own, or - with `target` - that of the record it refers to.

    Attributes:
        target: the kind referred to; None for a record's own id.
    """

    plain: ClassVar[bool] = True
    target: str | None = None

    @property
    def has_references(self) -> bool:  # type: ignore[override]
        return self.target is not None

    def check(self, value: Any) -> str:
        return clean_id(value)

    def read_column(self, column: list[Any]) -> list[Any]:
        if not all_of(column, str) or not ids_are_clean(column):
            raise Unclean
        return column

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        if self.target is not None:
            yield "", Ref(self.target, value), {}

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        if self.target is None:
            return value
        changed = change(Ref(self.target, value)).id
        return value if changed == value else changed

    def json_schema(self, define: Define) -> dict[str, Any]:
        bounds = {"minLength": 1, "maxLength": ID_LENGTH}
        return {"type": "string", **bounds, "not": {"pattern": f"[{_UNFIT_FOR_IDS}]"}}


@frozen
class AnyRef(Shape):
    """A reference to a record of any kind, written `"campaign:spring"` in JSON."""

    has_references: ClassVar[bool] = True

    def check(self, value: Any) -> Ref:
        if type(value) is not Ref:
            raise BadValue(f"must be a Ref, got {shown(value)}")
        return value

    def read(self, data: Any) -> Ref:
        return Ref.parse(clean_text(data))

    def write(self, value: Any) -> Any:
        return str(value)

    def references(self, value: Any) -> Iterator[tuple[str, Ref, Mapping[str, Any]]]:
        yield "", value, {}

    def rewrite(self, value: Any, change: Rewrite) -> Any:
        return change(value)

    def json_schema(self, define: Define) -> dict[str, Any]:
        # Every line break is unfit for an id, so nothing hides behind `.` or in front of `$`.
        pattern = f"^{KIND_NAME.pattern}:.{{1,{ID_LENGTH}}}$"
        return {"type": "string", "pattern": pattern, "not": {"pattern": f"[{_UNFIT_FOR_IDS}]"}}


@frozen
class Choice(Shape):
    """One of a fixed list of words."""

    plain: ClassVar[bool] = True
    words: tuple[str, ...]

    def check(self, value: Any) -> str:
        if type(value) is not str or value not in self.words:
            raise BadValue(f"must be one of {', '.join(self.words)}; got {shown(value)}", "bad-choice")
        return value

    def read_column(self, column: list[Any]) -> list[Any]:
        if not all_of(column, str) or not set(column) <= set(self.words):
            raise Unclean
        return column

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"enum": list(self.words)}


@frozen
class Boolean(Shape):
    """True or false; never 0 or 1."""

    plain: ClassVar[bool] = True

    def check(self, value: Any) -> bool:
        if type(value) is not bool:
            raise BadValue(f"must be true or false, got {shown(value)}")
        return value

    def read_column(self, column: list[Any]) -> list[Any]:
        if not all_of(column, bool):
            raise Unclean
        return column

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "boolean"}


def least(minimum: float | None) -> dict[str, Any]:
    """Return what JSON Schema says of a least value."""
    return {} if minimum is None else {"minimum": minimum}


def check_least(value: Any, minimum: Any) -> None:
    """Raise `BadValue` for a number below the least that has a meaning."""
    if minimum is not None and value < minimum:
        raise BadValue(f"must be at least {minimum}, got {value}", "out-of-range")


@frozen
class Integer(Shape):
    """A whole number; never a float or a bool.

    Attributes:
        minimum: the least value that has a meaning, if there is one.
    """

    plain: ClassVar[bool] = True
    minimum: int | None = None

    def check(self, value: Any) -> int:
        check_least(clean_int(value), self.minimum)
        return int(value)

    def read_column(self, column: list[Any]) -> list[Any]:
        if not all_of(column, int) or max(map(abs, column), default=0).bit_length() > MAX_INT_BITS:
            raise Unclean
        if self.minimum is not None and column and min(column) < self.minimum:
            raise Unclean
        return column

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "integer", **least(self.minimum)}


@frozen
class Number(Shape):
    """A finite binary floating-point number; for money and shares use `Decimal`."""

    plain: ClassVar[bool] = True
    minimum: float | None = None

    def check(self, value: Any) -> float:
        if type(value) not in (float, int):
            raise BadValue(f"must be a number, got {shown(value)}")
        try:
            number = float(value)
        except OverflowError:
            raise BadValue(f"is {shown(value)}, too large for a float", "bad-number") from None
        if not math.isfinite(number):
            raise BadValue(f"must be a finite number, got {shown(value)}", "bad-number")
        check_least(number, self.minimum)
        return number

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "number", **least(self.minimum)}
