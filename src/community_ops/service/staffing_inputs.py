"""What the staffing formulas are given: exact numbers, lengths of time, and complaints about what has no meaning."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from decimal import Context, Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any, TypeAlias

from community_ops.errors import InvalidRecord
from community_ops.kernel.text import shown

Number: TypeAlias = int | float | Decimal | Fraction
Complaint: TypeAlias = tuple[str, Any, str]

MOST_LOAD = 1_000_000
MOST_AGENTS = 1_000_000_000
MOST_PATIENCE = 100_000
"""In handling times. Beyond these bounds nothing is wrong, but a sum may take minutes; no organisation gets there."""
_DIGITS = 400
_QUOTIENT = Context(prec=28)


def refuse(name: str, *complaints: Iterable[Complaint]) -> None:
    """Raise `InvalidRecord` if there is any complaint.

    Args:
        name: of what was asked for.
        complaints: what has no meaning.
    """
    found = [complaint for some in complaints for complaint in some]
    if found:
        raise InvalidRecord(name, None, found)


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number, neither truth nor text."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Decimal):
        # An exponent of a million digits would be a number to reckon with for a long time.
        return value.is_finite() and abs(value.adjusted()) < _DIGITS
    return isinstance(value, Rational) and not isinstance(value, bool)


def exactly(value: Number) -> Fraction:
    """Return the exact value of a number, a float's being the decimal it prints as.

    Example:
        >>> exactly(0.3), exactly(Decimal("1.5"))
        (Fraction(3, 10), Fraction(3, 2))
    """
    return Fraction(repr(float(value)) if isinstance(value, float) else value)


def decimal(value: Fraction) -> Decimal:
    """Return a fraction as a decimal of at most 28 digits."""
    return _QUOTIENT.divide(Decimal(value.numerator), Decimal(value.denominator))


def amount(name: str, value: Any, most: int | None = None) -> Iterable[Complaint]:
    """Complain about what is no number from 0 to the most."""
    if not is_number(value) or value < 0 or (most is not None and value > most):
        wanted = "of at least 0" if most is None else f"from 0 to {most:,}"
        yield name, value, f"must be a number {wanted}, got {shown(value)}"


def share(name: str, value: Any, *, low: bool = False, high: bool = False) -> Iterable[Complaint]:
    """Complain about what is no share of 1; `low` and `high` say whether 0 and 1 may be."""
    if not is_number(value) or not 0 <= value <= 1 or (value == 0 and not low) or (value == 1 and not high):
        wanted = f"{'at least' if low else 'more than'} 0 and {'at most' if high else 'less than'} 1"
        yield name, value, f"must be a number of {wanted}, got {shown(value)}"


def whole(name: str, value: object, least: int = 0) -> Iterable[Complaint]:
    """Complain about what is no whole number of agents."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST_AGENTS:
        yield name, value, f"must be a whole number from {least} to {MOST_AGENTS:,}, got {shown(value)}"


def length(name: str, value: object, *, zero: bool = False) -> Iterable[Complaint]:
    """Complain about what is no length of time; `zero` says whether none at all may be."""
    if not isinstance(value, timedelta) or value < timedelta() or (not value and not zero):
        wanted = "of at least 0" if zero else "of more than 0"
        yield name, value, f"must be a timedelta {wanted}, got {shown(value)}"


def patient(patience: object, handling_time: object) -> Iterable[Complaint]:
    """Complain about patience that is none, or has no end to speak of."""
    yield from length("patience", patience)
    lengths = [value for value in (patience, handling_time) if isinstance(value, timedelta) and value > timedelta()]
    if len(lengths) == 2 and lengths[0] / lengths[1] > MOST_PATIENCE:
        wanted = f"at most {MOST_PATIENCE:,} handling times (with Erlang C nobody gives up)"
        yield "patience", patience, f"must be {wanted}, got {shown(patience)}"
