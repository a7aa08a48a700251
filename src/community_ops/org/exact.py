"""Sums of exact decimals as sums of whole numbers, which is several times faster and never rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import frozen


@frozen
class Scale:
    """A power of ten small enough that every decimal of a set is a whole number of its parts.

    Attributes:
        digits: how many digits after the point one part stands for.

    Example:
        >>> scale = Scale.of([Decimal("0.5"), Decimal("0.25")])
        >>> scale.parts([Decimal("0.5"), Decimal("0.25")]), scale.decimal(75)
        ([50, 25], Decimal('0.75'))
    """

    digits: int

    @classmethod
    def of(cls, values: Iterable[Decimal]) -> Scale:
        """Return the scale that holds every one of the values exactly."""
        exponents = [value.as_tuple().exponent for value in set(values)]
        return cls(max([-exponent for exponent in exponents if isinstance(exponent, int)], default=0))

    def part(self, value: Decimal) -> int:
        """Return a value as a whole number of parts; it must have no more digits than the scale."""
        numerator, denominator = value.as_integer_ratio()
        parts: int = numerator * (10**self.digits // denominator)
        return parts

    def parts(self, values: Sequence[Decimal]) -> list[int]:
        """Return values as whole numbers of parts."""
        known = {value: self.part(value) for value in set(values)}
        return list(map(known.__getitem__, values))

    def decimal(self, parts: int) -> Decimal:
        """Return a number of parts as the shortest decimal of that value."""
        digits = self.digits
        while digits and parts % 10 == 0:
            parts //= 10
            digits -= 1
        return Decimal(f"{parts}E-{digits}") if digits else Decimal(parts)
