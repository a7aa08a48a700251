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
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field, frozen

from community_ops.kernel.frozenmap import MAX_INT_BITS, clean_int
from community_ops.kernel.quantities import duration_text, parse_duration
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
        if not _all_of(column, str) or not set(column) <= set(self.words):
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
        if not _all_of(column, bool):
            raise Unclean
        return column

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "boolean"}


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

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "integer", **_minimum(self.minimum)}


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

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"type": "number", **_minimum(self.minimum)}


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


def _minimum(minimum: float | None) -> dict[str, Any]:
    return {} if minimum is None else {"minimum": minimum}


def _all_of_it(pattern: str) -> dict[str, Any]:
    # In some dialects, Python's among them, `$` also matches in front of a last line break.
    return {"type": "string", "pattern": f"^({pattern})$", "not": {"pattern": "\n"}}


_UNSIGNED = r"(0|[1-9][0-9]*)(\.[0-9]+)?"
_DECIMAL = re.compile(rf"-?{_UNSIGNED}", re.ASCII)
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

    def json_schema(self, define: Define) -> dict[str, Any]:
        pattern = _UNSIGNED if self.minimum is not None and self.minimum >= 0 else f"-?({_UNSIGNED})"
        if self.minimum == 0:
            pattern = rf"-0(\.0+)?|{_UNSIGNED}"  # minus nothing is nothing
        least = {} if self.minimum is None else {"x-minimum": self.write(self.minimum)}
        return {**_all_of_it(pattern), "maxLength": DECIMAL_DIGITS + 2, **least}


# What can be seen of a date and a time without a calendar: there is no year 0.
_DAY = (
    r"([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
    r"-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))"
)
_HOURS = "([01][0-9]|2[0-3])"
_SIXTY = "[0-5][0-9]"
_NINE = "[0-9]{1,9}"
_SECONDS = rf"{_NINE}(\.[0-9]{{1,6}})?S"
_CLOCK = rf"{_NINE}H({_NINE}M)?({_SECONDS})?|{_NINE}M({_SECONDS})?|{_SECONDS}"
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

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {**_all_of_it(_DAY), "format": "date"}


# Newer versions of Python read 24:00 as the next day's midnight; a document means the same everywhere.
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-5][0-9](:[0-5][0-9])?)",
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

    def json_schema(self, define: Define) -> dict[str, Any]:
        # No "format": date-time has no room for an offset with seconds, which history has.
        return _all_of_it(rf"{_DAY}T{_HOURS}:{_SIXTY}:{_SIXTY}(\.[0-9]{{1,6}})?(Z|[+-]{_HOURS}:{_SIXTY}(:{_SIXTY})?)")


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

    def json_schema(self, define: Define) -> dict[str, Any]:
        # No "format": a duration of RFC 3339 has neither a sign nor fractions.
        return _all_of_it(rf"-?P({_NINE}D(T({_CLOCK}))?|T({_CLOCK}))")
