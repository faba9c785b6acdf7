"""Make-believe people for comparisons: moments of those who answer alike, estimates, surveys."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.sipas.comparing.difference import Estimate, estimate

Moments = NDArray[np.int64]


def moments(forms: Sequence[tuple[int, int]]) -> Moments:
    """int64[5] of people who gave (satisfied, valid) answers each."""
    y, m = np.array(forms, dtype=np.int64).reshape(-1, 2).T
    return np.array([y.sum(), m.sum(), (y * y).sum(), (m * m).sum(), (y * m).sum()])


def known(forms: Sequence[tuple[int, int]]) -> Estimate:
    """The estimate of these people, of whom somebody answered."""
    made = estimate(len(forms), moments(forms))
    assert made is not None
    return made


def plain(satisfied: int, people: int) -> Estimate:
    """One answer a person, nothing stabilised: what textbooks compare."""
    return Estimate(Fraction(satisfied, people), people, float(people), max(people - 1.0, 1.0))


def survey(
    rng: np.random.Generator, people: int, truth: float, repetitions: int, correlation: float = 0.4
) -> Moments:
    """int64[repetitions, 5]: 16 criteria, persons from a beta distribution."""
    spread = (1.0 - correlation) / correlation
    persons = rng.beta(truth * spread, (1.0 - truth) * spread, size=(repetitions, people, 1))
    y = (rng.random((repetitions, people, 16)) < persons).sum(axis=2)
    m = np.full_like(y, 16)
    columns = [y, m, y * y, m * m, y * m]
    return np.array(np.stack(columns, axis=2).sum(axis=1), dtype=np.int64)


form = st.integers(1, 6).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m)))
offices = st.lists(form, min_size=1, max_size=25).map(known)
