"""Lengths are drawn from the distributions that they are said to be: Kolmogorov and Smirnov's test, exact moments."""

from __future__ import annotations

from math import comb, sqrt
from random import Random

import pytest

from community_ops.plan.simulating_shapes import Shape, drawer

DRAWS = 20_000
LIMIT = 1.95 / sqrt(DRAWS)  # exceeded once in a thousand times by what is right; the seed is fixed


def beta(p: int, q: int, x: float) -> float:
    """The distribution function of a beta distribution of whole parameters: at least p of p + q - 1 succeed."""
    n = p + q - 1
    return sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(p, n + 1))


def triangular(mode: float, x: float) -> float:
    return x * x / mode if x < mode else 1 - (1 - x) ** 2 / (1 - mode)


def distance(values: list[float], function) -> float:
    """The greatest difference between what was drawn and a distribution function."""
    values.sort()
    return max(abs(function(x) - (place + 0.5) / len(values)) for place, x in enumerate(values))


def drawn(shape: Shape, mode: float) -> list[float]:
    draw = drawer(shape, 10, 10 + 2 * mode, 12, Random(f"{shape} {mode}"))
    return [(draw() - 10) / 2 for _ in range(DRAWS)]


@pytest.mark.parametrize(("p", "mode"), [(1, 0), (2, 0.25), (3, 0.5), (4, 0.75), (5, 1)])
def test_pert_is_the_beta_distribution_of_its_two_parameters(p, mode) -> None:
    assert distance(drawn("pert", mode), lambda x: beta(p, 6 - p, x)) < LIMIT


@pytest.mark.parametrize("mode", [0.01, 0.1, 0.33, 0.49, 0.9, 0.999])
def test_pert_has_its_exact_mean_and_variance(mode) -> None:
    values = drawn("pert", mode)
    mean = (4 * mode + 1) / 6
    variance = mean * (1 - mean) / 7
    found = sum(values) / DRAWS
    assert abs(found - mean) < 4 * sqrt(variance / DRAWS)
    assert abs(sum((x - mean) ** 2 for x in values) / DRAWS - variance) < 4 * variance * sqrt(3 / DRAWS)
    assert 0 <= min(values) < max(values) <= 1


@pytest.mark.parametrize("mode", [0.25, 0.5, 0.75])
def test_triangular_is_the_triangular_distribution(mode) -> None:
    assert distance(drawn("triangular", mode), lambda x: triangular(mode, x)) < LIMIT


@pytest.mark.parametrize("shape", ["pert", "triangular"])
def test_what_has_no_width_is_always_the_same(shape) -> None:
    assert drawer(shape, 3, 3, 3, Random(0))() == 3


def test_what_has_no_logarithm_is_drawn_again() -> None:
    class Odd(Random):
        numbers = [0.0, 0.5, 0.5, 0.0, 0.25, 0.5]  # noqa: RUF012 - a script

        def random(self) -> float:
            return self.numbers.pop(0)

    odd = Odd()
    value = drawer("pert", 0, 1, 2, odd)()
    assert 0 < value < 1  # below the middle, as a first number of a quarter has it
    assert odd.numbers == []
