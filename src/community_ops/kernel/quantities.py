"""Numbers and durations: the exact decimal behind a number, and durations as ISO 8601 text."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from decimal import Decimal

from community_ops.kernel.text import BadValue, shown

_PLAIN = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?", re.ASCII)


def exact(value: Decimal | int | float | str) -> Decimal:
    """Turn a number into an exact decimal; a float becomes the decimal it prints as.

    Meant as an attrs converter: what is not a plain number is handed on unchanged, for the record's own check
    to name.

    Example:
        >>> exact(0.1), exact(3), exact("12.50")
        (Decimal('0.1'), Decimal('3'), Decimal('12.50'))
    """
    if type(value) is float and math.isfinite(value):
        return Decimal(repr(value))
    if type(value) is int and value.bit_length() <= 200:
        return Decimal(value)
    if type(value) is str and _PLAIN.fullmatch(value):
        return Decimal(value)
    return value  # type: ignore[return-value]


_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,9})H)?(?:(?P<minutes>[0-9]{1,9})M)?(?:(?P<seconds>[0-9]{1,9})(?P<micro>\.[0-9]{1,6})?S)?)?",
    re.ASCII,
)


def parse_duration(text: str) -> timedelta:
    """Read an ISO 8601 duration of days, hours, minutes and seconds; a day is 24 hours.

    Raises:
        BadValue: the text is no such duration, or longer than a `timedelta` can be.

    Example:
        >>> parse_duration("P1DT30M")
        datetime.timedelta(days=1, seconds=1800)
    """
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith("P"):
        raise BadValue(f"must be a duration such as 'PT8H' or 'P1DT30M', got {shown(text)}", "bad-duration")
    parts = match.groupdict()
    micro = int((parts["micro"] or ".0")[1:].ljust(6, "0"))
    whole = {unit: int(parts[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")}
    try:
        length = timedelta(microseconds=micro, **whole)
        return -length if parts["sign"] else length
    except OverflowError:
        raise BadValue(f"is longer than a duration can be: {text}", "bad-duration") from None


def duration_text(value: timedelta) -> str:
    """Write a duration as ISO 8601, in the one form that `parse_duration` reads back to the same value.

    Example:
        >>> duration_text(timedelta(days=1, minutes=30)), duration_text(timedelta())
        ('P1DT30M', 'PT0S')
    """
    length = abs(value)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    clock = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{fraction}S" if seconds or fraction else "")
    )
    text = (f"{length.days}D" if length.days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + "P" + (text or "T0S")
