"""What a field can hold: one small object per annotation, from which checking, JSON and references follow.

A `Shape` is compiled once from a field's annotation (see `declaration.py`). It is plain data, so that other rooms
derive more from it - Hypothesis strategies, JSON Schema, documentation - without a second declaration.

The same rule is applied through three doors: `check` takes a Python value given to a constructor, `read` takes a
JSON value, and `read_column` takes the JSON values of one field of many records at once, which is what makes
loading fast. `read_column` may raise `Unclean` for any reason; the caller then goes one by one through `read`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, frozen

from community_ops.kernel.frozenmap import MAX_INT_BITS, clean_int
from community_ops.kernel.quantities import duration_text, parse_duration
from community_ops.kernel.ref import Ref
from community_ops.kernel.text import BadValue, clean_id, clean_text, ids_are_clean, is_utf8, shown

Rewrite = Callable[[Ref], Ref]
"""Maps every reference to what it should become; returns the same object where nothing changes."""


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


def _all_of(column: list[Any], kind: type) -> bool:
    return set(map(type, column)) <= {kind}


@frozen
class Text(Shape):
    """Any text that UTF-8 can carry."""

    plain: ClassVar[bool] = True

    def check(self, value: Any) -> str:
        return clean_text(value)

    def read_column(self, column: list[Any]) -> list[Any]:
        if not _all_of(column, str) or not is_utf8("".join(column)):
            raise Unclean
        return column


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
        if not _all_of(column, str) or not ids_are_clean(column):
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
        if not _all_of(column, str) or not set(column) <= set(self.words):
            raise Unclean
        return column


@frozen
class Boolean(Shape):
    """True or false; never 0 or 1."""

    plain: ClassVar[bool] = True

    def check(self, value: Any) -> bool:
        if type(value) is not bool:
            raise BadValue(f"must be true or false, got {shown(value)}")
        return value

    def read_column(self, column: list[Any]) -> list[Any]:
        if not _all_of(column, bool):
            raise Unclean
        return column


def _check_minimum(value: Any, minimum: Any) -> None:
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
        _check_minimum(clean_int(value), self.minimum)
        return int(value)

    def read_column(self, column: list[Any]) -> list[Any]:
        if not _all_of(column, int) or max(map(abs, column), default=0).bit_length() > MAX_INT_BITS:
            raise Unclean
        if self.minimum is not None and column and min(column) < self.minimum:
            raise Unclean
        return column


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
        _check_minimum(number, self.minimum)
        return number


@frozen
class Scalar(Shape):
    """A value that JSON writes as text: subclasses say how."""

    def parse(self, text: str) -> Any:
        """Return the value that a JSON text stands for, or raise `BadValue`."""
        raise NotImplementedError

    def read(self, data: Any) -> Any:
        return self.parse(clean_text(data))

    def read_column(self, column: list[Any]) -> list[Any]:
        if not _all_of(column, str):
            raise Unclean
        try:  # real columns repeat themselves: every distinct text is parsed once
            parsed = {text: self.parse(text) for text in set(column)}
        except BadValue:
            raise Unclean from None
        return [parsed[text] for text in column]


_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
DECIMAL_DIGITS = 60


@frozen
class DecimalNumber(Scalar):
    """An exact decimal number, written in JSON as text of plain ASCII digits, such as `"12.50"`.

    Attributes:
        minimum: the least value that has a meaning, if there is one.
    """

    minimum: Decimal | None = field(default=None)

    def check(self, value: Any) -> Any:
        if type(value) is not Decimal:
            raise BadValue(f"must be a Decimal, got {shown(value)}")
        if not value.is_finite():
            raise BadValue(f"must be a finite number, got {value}", "bad-number")
        sign, digits, exponent = value.as_tuple()
        if not isinstance(exponent, int) or len(digits) + abs(exponent) > DECIMAL_DIGITS:
            raise BadValue(f"has more than {DECIMAL_DIGITS} digits", "bad-number")
        if exponent > 0 or (sign and not any(digits)):
            value = Decimal(f"{value:f}") if any(digits) else Decimal(0)  # 1E+3 and -0 have no plain writing
        _check_minimum(value, self.minimum)
        return value

    def parse(self, text: str) -> Any:
        if not _DECIMAL.fullmatch(text):
            raise BadValue(f"must be a decimal number as text, such as '12.50'; got {shown(text)}", "bad-number")
        return self.check(Decimal(text))

    def write(self, value: Any) -> Any:
        return f"{value:f}"


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@frozen
class Day(Scalar):
    """A calendar date, written `YYYY-MM-DD`."""

    def check(self, value: Any) -> date:
        if type(value) is not date:
            raise BadValue(f"must be a date, got {shown(value)}")
        return value

    def parse(self, text: str) -> date:
        if not _DATE.fullmatch(text):
            raise BadValue(f"must be a date written YYYY-MM-DD, got {shown(text)}", "bad-date")
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadValue(f"is a date that does not exist: {text}", "bad-date") from None

    def write(self, value: Any) -> Any:
        return value.isoformat()


# Newer versions of Python read 24:00 as the next day's midnight; a document means the same everywhere.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)",
    re.ASCII,
)


@frozen
class Instant(Scalar):
    """An aware date and time, kept with its offset from UTC and written as RFC 3339.

    Any other time zone is replaced by the offset it has at that moment, which is all that JSON can carry.
    """

    def check(self, value: Any) -> datetime:
        if not isinstance(value, datetime):
            raise BadValue(f"must be a date and time, got {shown(value)}")
        offset = value.utcoffset()
        if offset is None:
            raise BadValue(f"must name its time zone; {value.isoformat()} is naive", "naive-datetime")
        if offset.microseconds:
            raise BadValue(f"must be a whole number of seconds away from UTC, got {offset}", "bad-date")
        date_and_time = value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond
        plain = datetime(*date_and_time, tzinfo=timezone(offset))
        return value if repr(value) == repr(plain) else plain

    def parse(self, text: str) -> datetime:
        if not _INSTANT.fullmatch(text):
            raise BadValue(f"must be a date and time with an offset, got {shown(text)}", "bad-date")
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise BadValue(f"is a date and time that does not exist: {text}", "bad-date") from None

    def write(self, value: Any) -> Any:
        return value.isoformat()


@frozen
class Duration(Scalar):
    """A length of real elapsed time, written as an ISO 8601 duration such as `P1DT30M` (a day is 24 hours)."""

    def check(self, value: Any) -> timedelta:
        if not isinstance(value, timedelta):
            raise BadValue(f"must be a timedelta, got {shown(value)}")
        return value if type(value) is timedelta else timedelta(value.days, value.seconds, value.microseconds)

    def parse(self, text: str) -> timedelta:
        return parse_duration(text)

    def write(self, value: Any) -> Any:
        return duration_text(value)
