"""Values that records are made of: `Money`, `DateRange`, `Estimate`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, ClassVar

from attrs import field, frozen

from community_ops.kernel.quantities import exact
from community_ops.kernel.record import Value

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
# The digits of two amounts fit with room to spare; the default context would round to 28 without a word.
_EXACT = Context(prec=1_000, traps=[Inexact, InvalidOperation])


@frozen
class Money(Value):
    """An exact amount in one currency.

    Args:
        amount: the amount; an int, a decimal, or a float taken as the decimal it prints as.
        currency: the three-letter code of ISO 4217.

    Example:
        >>> Money(12_000, "CNY") + Money("0.50", "CNY")
        Money(amount=Decimal('12000.50'), currency='CNY')
    """

    json_hints: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "currency": {"pattern": f"^{_CURRENCY.pattern}$", "maxLength": 3, "examples": ["CNY"]}
    }

    amount: Decimal = field(converter=exact)
    currency: str

    def __meaning__(self) -> Iterable[tuple[str, str]]:
        if not _CURRENCY.fullmatch(self.currency):
            yield "currency", f"must be a three-letter code of ISO 4217, got {self.currency!r}"

    def __add__(self, other: Money) -> Money:
        return Money(_EXACT.add(self.amount, self._same_currency(other)), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(_EXACT.subtract(self.amount, self._same_currency(other)), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        return Money(_EXACT.multiply(self.amount, factor), self.currency)

    def __str__(self) -> str:
        return f"{self.amount:,f} {self.currency}"

    def _same_currency(self, other: Money) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"only Money can be added to Money, not {type(other).__name__}")
        if other.currency != self.currency:
            raise ValueError(f"cannot combine {self.currency} and {other.currency}: convert first")
        return other.amount


@frozen
class DateRange(Value):
    """A period of whole days; `end` is the last day that counts, as contracts and budgets write it.

    Args:
        start: the first day; None where it has always been so.
        end: the last day, inclusive; None where no end is known.

    A period that ends before it starts is kept as it is, covers no day, and is found by a rule.

    Example:
        >>> year = DateRange(date(2026, 1, 1), date(2026, 12, 31))
        >>> year.covers(date(2026, 12, 31)), year.days
        (True, 365)
    """

    start: date | None = None
    end: date | None = None

    @property
    def backward(self) -> bool:
        """Whether the period ends before it starts."""
        return self.start is not None and self.end is not None and self.end < self.start

    @property
    def days(self) -> int | None:
        """The number of days, both ends included; None where an end is open; 0 for a backward period."""
        if self.start is None or self.end is None:
            return None
        return max(0, (self.end - self.start).days + 1)

    def covers(self, day: date) -> bool:
        """Tell whether the day lies in the period, its last day included."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlap(self, other: DateRange) -> DateRange | None:
        """Return the days both periods share, or None where they share none."""
        starts = [start for start in (self.start, other.start) if start is not None]
        ends = [end for end in (self.end, other.end) if end is not None]
        shared = DateRange(max(starts, default=None), min(ends, default=None))
        return None if shared.backward or self.backward or other.backward else shared

    def __contains__(self, day: date) -> bool:
        return self.covers(day)

    def __str__(self) -> str:
        return f"{self.start or '...'} to {self.end or '...'}"


@frozen
class Estimate(Value):
    """A three-point estimate, in whatever unit its field says.

    Args:
        optimistic: the value if all goes well.
        most_likely: the value if all goes as usual.
        pessimistic: the value if all goes badly.

    Points out of order are kept and found by a rule.

    Example:
        >>> Estimate(5, 20, 50).mean
        Decimal('22.5')
    """

    optimistic: Decimal = field(converter=exact)
    most_likely: Decimal = field(converter=exact)
    pessimistic: Decimal = field(converter=exact)

    @property
    def ordered(self) -> bool:
        """Whether optimistic <= most likely <= pessimistic."""
        return self.optimistic <= self.most_likely <= self.pessimistic

    @property
    def mean(self) -> Decimal:
        """The PERT mean, (o + 4m + p) / 6 (Malcolm, Roseboom, Clark and Fazar, 1959)."""
        return (self.optimistic + 4 * self.most_likely + self.pessimistic) / 6

    @property
    def deviation(self) -> Decimal:
        """The PERT standard deviation, (p - o) / 6 (Malcolm, Roseboom, Clark and Fazar, 1959)."""
        return (self.pessimistic - self.optimistic) / 6
