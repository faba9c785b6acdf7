"""One procedure for a list: equal offices stay together, what is drawn is what is judged."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.sipas.comparing.tiers import (
    Measured,
    Standing,
    Tier,
    _root,
    at_most,
    chance_limits,
    standings,
)
from reports.sipas.index.interval import UNKNOWN, within_person_correlation
from tests.reports.sipas.people import Moments, form, moments, survey

forms = st.lists(form, min_size=1, max_size=25).map(lambda given: (len(given), moments(given)))
lists = st.lists(forms, min_size=2, max_size=6)
centres = st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=60)


def measured(people: int, row: Moments, weighting: float = 1.0) -> Measured:
    return Measured(Fraction(int(row[0]), int(row[1])), people, row, weighting)


def judged(offices: list[tuple[int, Moments]]) -> list[Standing]:
    """All offices of a unit that is their sum."""
    whole = measured(sum(n for n, _ in offices), sum(row for _, row in offices))  # type: ignore[arg-type]
    found = standings([measured(n, row) for n, row in offices], whole)
    return [one for one in found if one is not None]


def alike(good: int, bad: int, size: int = 16) -> tuple[int, Moments]:
    """People who are satisfied with everything or with nothing."""
    return good + bad, moments([(size, size)] * good + [(0, size)] * bad)


@given(lists)
def test_tier_difference_and_funnel_never_disagree(offices: list[tuple[int, Moments]]) -> None:
    for one in judged(offices):
        share, centre = 100 * float(one.share), 100 * float(one.centre)
        assert -1e-9 <= one.reach.low <= share + 1e-9
        assert share - 1e-9 <= one.reach.high <= 100 + 1e-9
        edges = (one.reach.low - centre, one.reach.high - centre, one.chance.low - share)
        if min(map(abs, (*edges, one.chance.high - share))) < 1e-6:
            continue  # on the line itself
        expected = Tier.OPEN
        if one.gap_low > 0:
            expected = Tier.HIGH
        elif one.gap_high < 0:
            expected = Tier.LOW
        assert one.tier is expected
        outside = Tier.HIGH if share > one.chance.high else Tier.OPEN
        assert one.tier is (Tier.LOW if share < one.chance.low else outside)


@given(lists)
def test_the_order_of_the_list_does_not_matter(offices: list[tuple[int, Moments]]) -> None:
    assert judged(offices[::-1]) == judged(offices)[::-1]


@given(centres, st.integers(1, 400), st.sampled_from([0.05, 0.00125]))
def test_the_band_is_that_of_the_exact_binomial(centre: Fraction, n: int, error: float) -> None:
    """A whole count is too low where scipy says that so few are less likely than the tail."""
    found, counts = chance_limits(centre, n, error), np.arange(n + 1)
    at_least = stats.binom.sf(counts - 1, n, float(centre))
    for count, few, many in zip(
        counts, stats.binom.cdf(counts, n, float(centre)), at_least, strict=True
    ):
        share = 100 * count / n
        if share < 100 * centre and abs(few - error / 2) > 1e-7:
            assert (share < found.low) == (few < error / 2)
        if share > 100 * centre and abs(many - error / 2) > 1e-7:
            assert (share > found.high) == (many < error / 2)


@pytest.mark.parametrize(("good", "people"), [(50, 50), (40, 50), (3, 100), (0, 30), (380, 400)])
def test_what_a_level_may_be_are_clopper_and_pearsons_limits(good: int, people: int) -> None:
    one = Standing(Fraction(good, people), Fraction(1, 2), people, people, 0.05)
    low = stats.beta.ppf(0.025, good, people - good + 1) if good else 0.0
    high = stats.beta.ppf(0.975, good + 1, people - good) if good < people else 1.0
    assert (one.reach.low, one.reach.high) == pytest.approx((100 * low, 100 * high), abs=1e-6)


@pytest.mark.parametrize("n", [55.5, 1_234.5, 60_000.0])
def test_a_limit_takes_about_a_dozen_evaluations(n: float) -> None:
    """A page draws hundreds of them."""
    asked: list[float] = []

    def grows(share: float) -> float:
        asked.append(share)
        return at_most(0.86, n, share)

    found = _root(grows, 0.0005, 0.0, 0.86)
    assert at_most(0.86, n, found) == pytest.approx(0.0005)
    assert len(asked) <= 14


def test_all_or_nothing_people_are_as_many_as_they_are_by_hand() -> None:
    """Of 400 people 100 are in the office, so its 100 are worth 100 / (1 - 1/4)."""
    high, low = judged([alike(100, 0), alike(240, 60)])
    assert high.effective_n == pytest.approx(100 / 0.75)
    assert high.error == pytest.approx(0.025)
    assert high.tier is Tier.HIGH
    assert at_most(0.15, 100 / 0.75, 0.0) == pytest.approx(0.85 ** (100 / 0.75))
    assert low.tier is Tier.LOW


def test_an_office_is_not_surer_than_its_unit() -> None:
    """Nobody in it answers alike, and everybody elsewhere: the office has not met them yet."""
    calm = (40, moments([(15, 16)] * 40))
    calm_one, _ = judged([calm, alike(300, 60)])
    whole = alike(300, 60)[1] + calm[1]
    correlation = within_person_correlation(400, whole)
    assert correlation is not None
    assert correlation > 0.9
    assert calm_one.effective_n == pytest.approx(
        640 / (1 + 15 * correlation) / (1 - 640 / 6400), rel=1e-9
    )


def test_answers_that_weigh_unequally_are_worth_less() -> None:
    people, row = alike(30, 10)
    whole = measured(400, row * 10)
    plain, heavy = standings([measured(people, row), measured(people, row, 2.0)], whole)
    assert plain is not None
    assert heavy is not None
    assert heavy.effective_n == pytest.approx(plain.effective_n / 2)


def test_what_cannot_be_held_against_anything_is_not_judged() -> None:
    people, row = alike(30, 10)
    nobody = Measured(Fraction(0), 0, np.zeros(5, dtype=np.int64))
    one = measured(people, row)
    whole = measured(80, 2 * row)
    assert standings([one, None, nobody], whole)[1:] == [None, None]
    assert standings([one], one) == [None]
    assert standings([measured(120, 3 * row)], whole) == [None]
    assert standings([one], nobody) == [None]
    for centre, n in ((Fraction(3, 2), 5.0), (Fraction(1, 2), 0.0)):
        with pytest.raises(ValueError, match="centre"):
            chance_limits(centre, n, 0.05)


def test_more_offices_make_each_of_them_harder_to_tell_apart() -> None:
    striking, others = alike(29, 11), [alike(36, 4)] * 20
    assert judged([striking, alike(720, 80)])[0].tier is Tier.LOW
    assert judged([striking, *others])[0].tier is Tier.OPEN


def test_without_the_squares_a_person_is_one_answer() -> None:
    people, row = 40, np.array([600, 640, UNKNOWN, UNKNOWN, UNKNOWN])
    whole = measured(400, np.array([5000, 6400, UNKNOWN, UNKNOWN, UNKNOWN]))
    (found,) = standings([measured(people, row)], whole)
    assert found is not None
    assert found.effective_n == pytest.approx(40 / 0.9)


@pytest.mark.parametrize("angry", [0.02, 0.05])
def test_equal_offices_are_seldom_told_apart(angry: float) -> None:
    """Forty offices of 20 to 400 people, of whom some are angry at everything; fixed seed."""
    rng = np.random.default_rng(20_261_129)
    people = [round(n) for n in np.geomspace(20, 400, 40)]
    wrong = 0
    for _ in range(200):
        offices = [
            alike(n - bad, bad) for n, bad in zip(people, rng.binomial(people, angry), strict=True)
        ]
        wrong += any(one.tier is not Tier.OPEN for one in judged(offices))
    assert wrong <= 14  # 10 are 5 %


def test_offices_that_really_differ_are_found() -> None:
    rng = np.random.default_rng(3)
    found = 0
    for good, bad in zip(survey(rng, 150, 0.9, 100), survey(rng, 150, 0.7, 100), strict=True):
        _, worse = judged([(1500, good * 10), (150, bad)])
        found += worse.tier is Tier.LOW
    assert found >= 95


def test_an_office_is_judged_by_what_it_is_worth_on_the_side_on_which_it_lies() -> None:
    """Worth 100 on one side, 20 on the other: one of ten too few is found by the hundred only."""
    low = Standing(Fraction(7, 10), Fraction(8, 10), below=20.0, above=100.0, error=0.05)
    high = Standing(Fraction(9, 10), Fraction(8, 10), below=100.0, above=20.0, error=0.05)
    assert (low.tier, low.effective_n) == (Tier.LOW, 100.0)
    assert (high.tier, high.effective_n) == (Tier.HIGH, 100.0)
    weak = Standing(Fraction(7, 10), Fraction(8, 10), below=100.0, above=20.0, error=0.05)
    assert (weak.tier, weak.effective_n) == (Tier.OPEN, 20.0)
    for one in (low, high, weak):
        apart = not one.chance.low <= 100 * one.share <= one.chance.high
        assert apart == (one.tier is not Tier.OPEN)
