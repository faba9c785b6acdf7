"""Quantiles and tails of Student's t and the incomplete beta function, without scipy."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
_LARGE = 1000.0  # from here on the expansion alone is good to more than 9 digits


def normal_quantile(p: float) -> float:
    """z with P(Z <= z) = p; ValueError unless 0 < p < 1."""
    if not 0.0 < p < 1.0:
        raise ValueError("a probability between 0 and 1 is needed")
    return _NORMAL.inv_cdf(p)


@lru_cache(maxsize=65_536)
def t_quantile(p: float, df: float) -> float:
    """t with P(T <= t) = p for `df` > 0 degrees of freedom (not necessarily whole).

    Newton's method on the distribution function, which is the regularised incomplete beta
    function (Abramowitz & Stegun 26.7.1), from the expansion of A&S 26.7.5. Relative error below
    1e-8. ValueError for p outside (0, 1) or df <= 0.
    """
    if not 0.0 < p < 1.0 or not df > 0.0:
        raise ValueError("a probability between 0 and 1 and positive degrees of freedom are needed")
    if p == 0.5:
        return 0.0
    if p < 0.5:
        return -t_quantile(1.0 - p, df)
    t = _expansion(normal_quantile(p), max(df, 1.0))
    if df >= _LARGE:
        return t
    tail = 1.0 - p
    below = 0.0  # the tail is convex: Newton's steps from below never pass the root
    for _ in range(500):
        excess = t_tail(t, df) - tail
        if excess > 0.0:
            below = t
        following = t + excess / _density(t, df)
        if following <= below:
            following = (below + t) / 2.0
        if abs(following - t) <= 1e-13 * following:
            return following
        t = following
    return t


def _expansion(z: float, df: float) -> float:
    """The first terms of t in powers of 1/df (A&S 26.7.5)."""
    z2 = z * z
    g1 = (z2 + 1.0) * z / 4.0
    g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) * z / 96.0
    g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) * z / 384.0
    return z + (g1 + (g2 + g3 / df) / df) / df


def _density(t: float, df: float) -> float:
    log_scale = math.lgamma((df + 1.0) / 2.0) - math.lgamma(df / 2.0)
    return math.exp(log_scale - (df + 1.0) / 2.0 * math.log1p(t * t / df)) / math.sqrt(df * math.pi)


def t_tail(t: float, df: float) -> float:
    """P(T > t) for t >= 0 and `df` > 0 degrees of freedom, not necessarily whole."""
    squared = t * t
    return 0.5 * incomplete_beta(df / 2.0, 0.5, df / (df + squared), squared / (df + squared))


def incomplete_beta(a: float, b: float, x: float, complement: float) -> float:
    """Regularised I_x(a, b) for a, b > 0 (Abramowitz & Stegun 26.5.1).

    `complement` is 1 - x, passed in because subtracting loses digits.
    """
    if x <= 0.0:
        return 0.0
    if complement <= 0.0:
        return 1.0
    log_front = (
        math.lgamma(a + b)
        - math.lgamma(a)
        - math.lgamma(b)
        + a * math.log(x)
        + b * math.log(complement)
    )
    front = math.exp(log_front)
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _continued_fraction(a, b, x) / a
    return 1.0 - front * _continued_fraction(b, a, complement) / b


def _continued_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of A&S 26.5.8, evaluated forwards by Lentz's method."""
    tiny = 1e-300
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 5_000):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for numerator in (even, odd):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > tiny else tiny)
            c = 1.0 + numerator / c
            c = c if abs(c) > tiny else tiny
            result *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return result
