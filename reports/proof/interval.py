"""The interval of a headline, written from the text of docs/methodology.md in plain Python.

Apart from `reports.sipas.index`: no function of it is used, and the quantile of Student's t is
found by integrating its density.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from reports.proof.forms import Form
from reports.proof.numbers import Vector, answers, moments

TAIL = 0.025
REVISIONS = (2, 3)  # of the arithmetic; the last is today's
NODES, WEIGHTS = np.polynomial.legendre.leggauss(96)


def limits(form: Form, vector: Vector, revision: int = 3) -> tuple[float, float] | None:
    """The two limits of the headline in percent; None without a valid answer."""
    of = moments(form, vector, form.headline).tolist()
    return of_headline(int(vector[0]), of, *_by_method(form, vector), revision) if of[1] else None


def pooled_limits(people: int, of: Sequence[int], revision: int = 3) -> tuple[float, float] | None:
    """Those of all answers together, from Σy, Σm, Σy², Σm², Σym."""
    return of_headline(people, of, of[0] / of[1], 1.0, revision) if of[1] else None


def of_headline(
    people: int, of: Sequence[int], share: float, weighting: float, revision: int
) -> tuple[float, float]:
    """The limits around `share`, where answers that weigh unequally count as fewer.

    In revision 2 of the arithmetic a correlation of 0.4 was borrowed, with the weight of five
    people; since 3 it is one more person who answers everything alike.
    """
    y, m, yy, mm, ym = of
    p = y / m
    # Σd² with d = y - p m, times m², in whole numbers
    squares = yy * m * m - 2 * y * m * ym + y * y * mm
    own = None
    if people > 1 and 0 < y < m:
        variance = people / (people - 1) * (squares / (m * m)) / (m * m)
        own = max(1.0, variance / (p * (1 - p) / m))
    mean_answers = mm / m
    borrowed, supposed = (1 + 0.4 * (mean_answers - 1), 5) if revision == 2 else (mean_answers, 1)
    answering = m * m / mm
    quantile = t_quantile(max(answering / weighting - 1, 1.0))

    def effect(side: float) -> float:
        if own is None:
            return borrowed
        weight = answering * side * own
        return (weight * own + supposed * borrowed) / (weight + supposed)

    below, above = m / weighting / effect(1 - p), m / weighting / effect(p)
    low, _ = _wilson(share, below, quantile)
    _, high = _wilson(share, above, quantile)
    if revision > 2 and share > 0.5:
        nearer = share + _skewness(share, above, quantile)
        high = _wilson(nearer, above, quantile)[1] if nearer < 1 else 100.0
    elif revision > 2 and share < 0.5:
        nearer = share - _skewness(1 - share, below, quantile)
        low = _wilson(nearer, below, quantile)[0] if nearer > 0 else 0.0
    return low, high


def _skewness(p: float, n: float, z: float) -> float:
    """How much nearer to its end the limit beyond a share above one half takes the share to be."""
    return max(0.0, z * z - 1) / 6 * (p - (1 - p)) / n


def _wilson(p: float, n: float, z: float) -> tuple[float, float]:
    """The p0 in percent at which (p - p0)² = z² p0 (1 - p0) / n."""
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if p == 0 else max(0.0, middle - half)
    high = 1.0 if p == 1 else min(1.0, middle + half)
    return 100 * min(low, p), 100 * max(high, p)


def _by_method(form: Form, vector: Vector) -> tuple[float, float]:
    """The headline by the questionnaire's own method, and how unequal answers weigh in it."""
    if form.method == "pooled":
        y, m = (int(number) for number in moments(form, vector, form.headline)[:2])
        return y / m, 1.0
    parts: tuple[tuple[int, ...], ...]
    if form.method == "mean_of_criteria":
        parts = tuple((position,) for position in form.groups[form.headline])
    else:
        parts = form.headline_factors
    told = []
    for positions in parts:
        satisfied = valid = 0
        for position in positions:
            row = answers(form, vector, position)
            satisfied += sum(int(row[answer]) for answer in form.satisfied)
            valid += sum(int(row[answer]) for answer in form.valid)
        if valid:
            told.append((satisfied, valid))
    if not told:
        y, m = (int(number) for number in moments(form, vector, form.headline)[:2])
        return y / m, 1.0
    share = math.fsum(satisfied / valid for satisfied, valid in told) / len(told)
    everything = sum(valid for _, valid in told)
    kish = everything * math.fsum(1 / valid for _, valid in told) / len(told) ** 2
    return share, kish


@lru_cache(maxsize=65_536)
def t_quantile(df: float) -> float:
    """t that Student's t of `df` degrees of freedom exceeds with 2.5 %.

    With t = √df tan θ the density of θ is cos^(df - 1) θ over a constant; its integral to 0 is
    sought that is 47.5 %.
    """
    constant = math.sqrt(math.pi) / 2 / _ratio(df / 2)
    angle = math.atan(NormalDist().inv_cdf(1 - TAIL) / math.sqrt(df))
    for _ in range(60):
        points = angle / 2 * (NODES + 1)
        area = float(angle / 2 * (WEIGHTS @ np.cos(points) ** (df - 1)))
        step = ((1 - 2 * TAIL) * constant - area) / math.cos(angle) ** (df - 1)
        angle += max(min(step, (math.pi / 2 - angle) / 2), -angle / 2)
        if abs(step) < 1e-15 * angle:
            break
    return math.sqrt(df) * math.tan(angle)


def _ratio(a: float) -> float:
    """Γ(a + 1/2) / Γ(a); for large a by its series, where the logarithms lose digits."""
    if a < 100:
        return math.exp(math.lgamma(a + 0.5) - math.lgamma(a))
    b = 1 / a
    return math.sqrt(a) * (1 - b / 8 + b**2 / 128 + 5 * b**3 / 1024 - 21 * b**4 / 32768)
