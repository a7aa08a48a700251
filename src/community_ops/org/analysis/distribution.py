"""How whole numbers are distributed: least, quartiles, median, most, and how many lie in each band."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise

from attrs import frozen

from community_ops.org.exact import Scale

_CENTS = Scale(2)


@frozen
class Band:
    """How many values lie between two limits.

    Attributes:
        low: the least value that belongs to it.
        high: the greatest; None where there is no limit.
        count: how many values it holds.
    """

    low: int
    high: int | None
    count: int

    @property
    def label(self) -> str:
        """The limits as people write them, such as `"3-5"`."""
        if self.high is None:
            return f"{self.low}+"
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


@frozen(kw_only=True)
class Distribution:
    """How some whole numbers are distributed.

    Quartiles and median interpolate linearly between the two nearest values, the least and the greatest being the
    0 % and the 100 % point: `statistics.quantiles(..., method="inclusive")`, type 7 of Hyndman and Fan (1996). They
    are exact: a multiple of a quarter.

    Attributes:
        counts: what the numbers count, in words.
        count: how many numbers there are.
        total: their sum.
        least: the smallest; like all that follow None where there are no numbers.
        lower: the lower quartile.
        median: the median.
        upper: the upper quartile.
        most: the greatest.
        bands: how many lie in each band.

    Example:
        >>> spans = Distribution.of([3, 4, 8, 17], "direct reports of a manager", (5, 10))
        >>> print(spans)
        4 x direct reports of a manager: 3 | 3.75 6 10.25 | 17
        1-5: 2, 6-10: 1, 11+: 1
    """

    counts: str
    count: int
    total: int
    least: int | None
    lower: Decimal | None
    median: Decimal | None
    upper: Decimal | None
    most: int | None
    bands: tuple[Band, ...] = ()

    @classmethod
    def of(cls, values: Iterable[int], counts: str, edges: Sequence[int] = (), low: int = 1) -> Distribution:
        """Return the distribution of some numbers; takes time in proportion to how many there are.

        Args:
            values: the numbers.
            counts: what they count, in words.
            edges: the greatest value of every band but the last, in rising order; none for no bands.
            low: the least value of the first band, into which smaller ones are counted as well.

        Raises:
            ValueError: the edges do not rise, or the first is below `low`.
        """
        if any(a >= b for a, b in pairwise((low - 1, *edges))):
            raise ValueError(f"band edges must rise from at least {low}, got {', '.join(map(str, edges))}")
        tally = sorted(Counter(values).items())
        numbers, reached = [number for number, _ in tally], list(accumulate(times for _, times in tally))
        count = reached[-1] if reached else 0
        lower, median, upper = (_quarter(numbers, reached, part) for part in (1, 2, 3))
        return cls(
            counts=counts,
            count=count,
            total=sum(number * times for number, times in tally),
            least=numbers[0] if numbers else None,
            lower=lower,
            median=median,
            upper=upper,
            most=numbers[-1] if numbers else None,
            bands=_bands(numbers, reached, edges, low),
        )

    @property
    def mean(self) -> float | None:
        """The arithmetic mean; None where there are no numbers."""
        return self.total / self.count if self.count else None

    @property
    def range(self) -> str:
        """The distribution in a few characters: least, the three quartiles, most."""
        return f"{self.least} | {self.lower} {self.median} {self.upper} | {self.most}"

    def __str__(self) -> str:
        if self.count == 0:
            return f"no {self.counts}"
        first = f"{self.count} x {self.counts}: {self.range}"
        bands = ", ".join(f"{band.label}: {band.count}" for band in self.bands)
        return f"{first}\n{bands}" if bands else first


def _quarter(numbers: Sequence[int], reached: Sequence[int], part: int) -> Decimal | None:
    """Return a quartile of numbers given once each with how many values there are up to it."""
    if not numbers:
        return None
    place, quarters = divmod((reached[-1] - 1) * part, 4)
    here = numbers[bisect_right(reached, place)]
    after = numbers[min(bisect_right(reached, place + 1), len(numbers) - 1)]
    return _CENTS.decimal(25 * (4 * here + (after - here) * quarters))


def _bands(numbers: Sequence[int], reached: Sequence[int], edges: Sequence[int], low: int) -> tuple[Band, ...]:
    if not edges:
        return ()
    upto = [0, *reached]
    found, before = [], 0
    for edge in edges:
        so_far = upto[bisect_right(numbers, edge)]
        found.append(Band(low, edge, so_far - before))
        low, before = edge + 1, so_far
    return (*found, Band(low, None, upto[-1] - upto[bisect_left(numbers, low)]))
