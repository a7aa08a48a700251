"""The distributions that lengths are drawn from, each as a function that draws once.

**PERT-beta.** Of an estimate (a, m, b): a beta distribution over [a, b] with the parameters 1 + 4(m - a)/(b - a) and
1 + 4(b - m)/(b - a), which make 6 together (D. Vose, Risk Analysis, 3rd ed., 2008). Its mean is (a + 4m + b)/6, and
its variance (mean - a)(b - mean)/7, of which the ((b - a)/6)^2 of PERT is an approximation.

**Triangular.** Its mean is (a + m + b)/3, its variance (a^2 + m^2 + b^2 - am - ab - mb)/18.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from random import Random

Shape = Literal["pert", "triangular"]
SHAPES = ("pert", "triangular")
Drawer: TypeAlias = Callable[[], float]
_SUM = 6.0  # of the two parameters of a PERT-beta
_LOG_SUM = log(_SUM)
_LOG_4 = log(4)
_ONE_AND_LOG_5 = 1 + log(5)


def drawer(shape: Shape, low: float, mode: float, high: float, rnd: Random) -> Drawer:
    """Return what draws a length.

    Args:
        shape: from which distribution.
        low: the least it can be.
        mode: what it most likely is.
        high: the most it can be; where that is the least as well, that is what it always is.
        rnd: the source of randomness.
    """
    if high == low:
        return lambda: low
    if shape == "triangular":
        return lambda: rnd.triangular(low, high, mode)
    near, far = 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
    # Drawn from the end that is nearer to the mode, so that the first parameter is the smaller.
    start, width = (low, high - low) if near <= far else (high, low - high)
    draw = _from_the_mode if min(near, far) <= 1 else _beta
    return draw(start, width, min(near, far), max(near, far), rnd.random)


def _from_the_mode(start: float, width: float, near: float, far: float, random: Drawer) -> Drawer:
    """Draw where the mode is an end: of the parameters 1 and 5 the distribution function can be inverted."""
    return lambda: start + width * (1 - random() ** (1 / far))


def _beta(start: float, width: float, near: float, far: float, random: Drawer) -> Drawer:
    """Draw by rejection, in a third of the time of two gamma variates.

    The method is BB of R. Cheng, Generating beta variates with nonintegral shape parameters, Communications of the ACM
    21, 1978, for two parameters above 1.
    """
    scale = sqrt((_SUM - 2) / (2 * near * far - _SUM))
    slope = near + 1 / scale

    def draw() -> float:
        while True:
            u = random()
            z = u * u * random()
            if not z:  # one in 2 ** 52, and has no logarithm
                continue
            v = scale * log(u / (1 - u))
            w = near * exp(v)
            r = slope * v - _LOG_4
            s = near + r - w
            if s + _ONE_AND_LOG_5 >= 5 * z:  # nearly always
                break
            t = log(z)
            if s >= t or r + _SUM * (_LOG_SUM - log(far + w)) >= t:
                break
        return start + width * w / (far + w)

    return draw
