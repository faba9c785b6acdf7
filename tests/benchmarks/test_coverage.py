import numpy as np
import pytest

from benchmarks.measures.coverage import exact, measure
from benchmarks.measures.families import FAMILIES, moments
from reports.sipas.index.headline import FORMULAS


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("truth", [0.5, 0.95])
def test_the_truth_of_a_family_is_the_share_that_was_asked_for(name: str, truth: float) -> None:
    rng = np.random.default_rng(5)
    y, m, *_ = moments(FAMILIES[name], rng, truth, surveys=20, people=2_000).sum(axis=0)
    assert y / m == pytest.approx(truth, abs=0.01)
    # 13 criteria that 97 % answer, and three that 30 % of those do.
    assert m / 40_000 == pytest.approx(0.97 * (13 + 0.3 * 3), abs=0.05)


def test_answers_hang_together_as_strongly_as_a_family_says() -> None:
    """The design effect of m answers with correlation r is about 1 + r (Σm²/Σm - 1)."""
    rng = np.random.default_rng(6)
    for correlation in (0.2, 0.6):
        y, m, yy, mm, ym = moments(
            FAMILIES[f"beta {correlation}"], rng, 0.8, surveys=20, people=2_000
        ).sum(axis=0)
        p = y / m
        variance = (yy - 2 * p * ym + p * p * mm) / (m * p * (1 - p))
        assert (variance - 1) / (mm / m - 1) == pytest.approx(correlation, abs=0.02)


def test_a_row_tells_covering_from_naive_intervals() -> None:
    row = measure("ordinal", 100, 80, replications=400)
    assert row.coverage > 90 > 75 > row.naive_coverage
    assert row.coverage == pytest.approx(100 - row.too_high - row.too_low)
    assert row.width > row.naive_width
    assert 0 < row.error < 2
    assert measure("ordinal", 100, 80, replications=400) == row


def test_all_or_nothing_people_are_added_up_exactly() -> None:
    """Forty people, of whom 5 % are angry at everything: a lost one in eight before, by hand."""
    nobody_came = 0.95**40
    before, narrow = exact(40, 5, FORMULAS[2])
    now, wide = exact(40, 5, FORMULAS[3])
    assert before == pytest.approx(82.3, abs=0.1)
    assert before + 100 * nobody_came == pytest.approx(95.2, abs=0.1)
    assert now > 95
    assert 0 < wide - narrow < 2
