"""Values that JSON writes as text: exact decimals, days, instants, durations.

Each `Scalar` is a shape (see `shapes.py`) that says how its text is read and written.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from community_ops.kernel.quantities import duration_text, parse_duration
from community_ops.kernel.shapes import Define, Shape, Unclean, all_of, check_least
from community_ops.kernel.text import BadValue, clean_text, shown


@frozen
class Scalar(Shape):
    """A value that JSON writes as text: subclasses say how."""

    def parse(self, text: str) -> Any:
        """Return the value that a JSON text stands for, or raise `BadValue`."""
        raise NotImplementedError

    def read(self, data: Any) -> Any:
        return self.parse(clean_text(data))

    def read_column(self, column: list[Any]) -> list[Any]:
        if not all_of(column, str):
            raise Unclean
        try:  # real columns repeat themselves: every distinct text is parsed once
            parsed = {text: self.parse(text) for text in set(column)}
        except BadValue:
            raise Unclean from None
        return [parsed[text] for text in column]


def _all_of_it(pattern: str) -> dict[str, Any]:
    # In some dialects, Python's among them, `$` also matches in front of a last line break.
    return {"type": "string", "pattern": f"^({pattern})$", "not": {"pattern": "\n"}}


_UNSIGNED = r"(0|[1-9][0-9]*)(\.[0-9]+)?"
_DECIMAL = re.compile(rf"-?{_UNSIGNED}", re.ASCII)
DECIMAL_DIGITS = 60


def _expected(got: Any) -> str:
    return f"must be a decimal number as text, such as '12.50'; got {shown(got)}"


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
        check_least(value, self.minimum)
        return value

    def read(self, data: Any) -> Any:
        if type(data) in (int, float):  # the likeliest slip, as most formats write numbers without quotes
            raise BadValue(_expected(data))
        return super().read(data)

    def parse(self, text: str) -> Any:
        if not _DECIMAL.fullmatch(text):
            raise BadValue(_expected(text), "bad-number")
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


_DAY_SHAPE, _INSTANT_SHAPE = Day(), Instant()


@frozen
class DayOrInstant(Scalar):
    """A calendar date, or an aware date and time where the hour is known; annotated `date | datetime`."""

    def check(self, value: Any) -> date:
        return _INSTANT_SHAPE.check(value) if isinstance(value, datetime) else _DAY_SHAPE.check(value)

    def parse(self, text: str) -> date:
        return _INSTANT_SHAPE.parse(text) if "T" in text else _DAY_SHAPE.parse(text)

    def write(self, value: Any) -> Any:
        return value.isoformat()

    def json_schema(self, define: Define) -> dict[str, Any]:
        return {"anyOf": [_DAY_SHAPE.json_schema(define), _INSTANT_SHAPE.json_schema(define)]}


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
