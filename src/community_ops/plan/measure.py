"""Numbers as whole multiples of one common fraction, so that sums of them are exact and quick.

Sums of floats depend on the order in which they are added, and decimals round at 28 digits: a task on the critical path
would come out with a float of 0.00000000000000006. Here all numbers become integers before the first addition, and are
turned back after the last. A float counts as the decimal it prints as, as everywhere here: 0.1 and 0.2 make 0.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import count
from math import isfinite, lcm
from typing import Any, TypeAlias

from attrs import frozen

from community_ops.kernel.quantities import exact
from community_ops.kernel.text import shown
from community_ops.org.exact import Scale

Number: TypeAlias = int | float | Decimal | Fraction
Complaint: TypeAlias = tuple[str, Any, str]
"""Where the value stands, the value, and what is wrong with it."""
Column: TypeAlias = tuple[str, Sequence[Any], bool]
"""What the numbers are called, with `{}` for the place of each; the numbers; whether they may be negative."""

_OTHERS = (float, Decimal, Fraction)
_DIGITS = 1_000
"""Decimals beyond 10 ** 1,000 are refused: an exponent takes a few characters to write and gigabytes to work out."""


@frozen
class Measure:
    """A fraction of one of which every number of a set is a whole multiple, a part.

    Attributes:
        kind: what the numbers are: `int`, or the one other type among them.
        one: how many parts one has.

    Example:
        >>> measure = Measure.of([0.1, 2, 0.25])
        >>> measure.parts([0.1, 2, 0.25]), measure.numbers([2, 45])
        ([2, 40, 5], (0.1, 2.25))
    """

    kind: type[Number]
    one: int

    @classmethod
    def of(cls, numbers: Sequence[Number]) -> Measure:
        """Return the measure of numbers about which `complaints` has nothing to say."""
        kinds = {_kind(cls) for cls in set(map(type, numbers))} - {int}
        if not kinds:
            return cls(int, 1)
        return cls(kinds.pop(), lcm(*{_ratio(number)[1] for number in set(numbers)}))

    def parts(self, numbers: Sequence[Number]) -> list[int]:
        """Return numbers as whole parts."""
        if self.kind is int:
            return list(map(int, numbers))
        known: dict[Number, int] = {}
        for number in set(numbers):
            numerator, denominator = _ratio(number)
            known[number] = numerator * (self.one // denominator)
        return list(map(known.__getitem__, numbers))

    def numbers(self, parts: Iterable[int]) -> tuple[Any, ...]:
        """Return parts as numbers of the measure's type, floats rounded once.

        Raises:
            OverflowError: a float cannot hold the number.
        """
        one = self.one
        if self.kind is int:
            return tuple(parts)
        if self.kind is float:
            return tuple([part / one for part in parts])
        if self.kind is Fraction:
            return tuple([Fraction(part, one) for part in parts])
        digits = next(digits for digits in count() if 10**digits % one == 0)
        scale, times = Scale(digits), 10**digits // one
        return tuple([scale.decimal(part * times) for part in parts])


def complaints(columns: Iterable[Column]) -> list[Complaint]:
    """Return what is wrong with numbers that are to be measured together.

    Example:
        >>> complaints([("durations[{}]", [1, -2], False)])
        [('durations[1]', -2, 'must not be negative, got -2 (int)')]
    """
    found: list[Complaint] = []
    other = ""  # where the first number stands that is no int
    kind: type[Number] = int
    for name, values, negative in columns:
        if set(map(type, values)) <= {int} and (negative or min(values, default=0) >= 0):
            continue
        for place, value in enumerate(values):
            wrong = _wrong(value, negative)
            if not wrong and not isinstance(value, int):
                if not other:
                    other, kind = name.format(place), _kind(type(value))
                elif not isinstance(value, kind):
                    wrong = f"must be an int or a {kind.__name__}, as {other} is, got {shown(value)}"
            if wrong:
                found.append((name.format(place), value, wrong))
    return found


def _wrong(value: Any, negative: bool) -> str:
    """Say what is wrong with one number, or nothing."""
    if isinstance(value, bool) or not isinstance(value, (int, *_OTHERS)):
        return f"must be an int, a float, a Decimal or a Fraction, got {shown(value)}"
    if isinstance(value, float) and not isfinite(value):
        return f"must be finite, got {shown(value)}"
    if isinstance(value, Decimal):
        if not value.is_finite():
            return f"must be finite, got {shown(value)}"
        if max(abs(value.adjusted()), len(value.as_tuple().digits)) > _DIGITS:
            return f"must have at most {_DIGITS:,} digits before and after the point, got {shown(value)}"
    return "" if negative or value >= 0 else f"must not be negative, got {shown(value)}"


def _kind(cls: type) -> type[Number]:
    """Return which type of number a class is, which may be a subclass."""
    return next((kind for kind in _OTHERS if issubclass(cls, kind)), int)


def _ratio(number: Number) -> tuple[int, int]:
    # A subclass of float, as other libraries have them, may print as something else.
    return (exact(float(number)) if isinstance(number, float) else number).as_integer_ratio()
