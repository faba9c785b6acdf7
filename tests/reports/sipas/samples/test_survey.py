import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.sipas.counts.layout import Layout
from reports.sipas.counts.sums import count
from reports.sipas.index import interval
from reports.sipas.samples import survey
from reports.sipas.samples.survey import Design, DesignError, Labels, mean, mean_of, ratio
from tests.reports.sipas.forms import criteria
from tests.reports.sipas.reference import DESIGNS, FOLDER, Reference, references
from tests.reports.sipas.reference import survey as survey_rows

ROWS = survey_rows()
CRITERIA = [name for name in ROWS[0] if len(name) == 2]
GROUPS = {code: [code] for code in CRITERIA}
GROUPS |= {factor: [c for c in CRITERIA if c[0] == factor] for factor in "ABCDE"}
GROUPS |= {"component": CRITERIA}
FACTOR = Layout(criteria({"A": 4}, "services"))
Floats = NDArray[np.float64]


def column(name: str) -> list[str]:
    if name == "both":
        return [f"{row['stratum']} {row['cluster']}" for row in ROWS]
    return [row[name] for row in ROWS]


def design_of(name: str) -> Design:
    columns = DESIGNS[name]
    strata, cluster, weight, fpc = (
        columns.get(role) for role in ("strata", "cluster", "weight", "fpc")
    )
    return Design.of(
        len(ROWS),
        strata=Labels.of(column(strata)) if strata else None,
        clusters=Labels.of(column(cluster)) if cluster else None,
        weights=np.array([float(x) for x in column(weight)]) if weight else None,
        fpc=np.array([float(x) for x in column(fpc)]) if fpc else None,
    )


def answered(codes: list[str]) -> tuple[Floats, Floats]:
    """Satisfied and valid answers of each respondent."""
    every = np.array([[row[code] for code in codes] for row in ROWS])
    return (
        np.isin(every, ["4", "5"]).sum(axis=1).astype(np.float64),
        np.isin(every, ["1", "2", "3", "4", "5"]).sum(axis=1).astype(np.float64),
    )


def estimate_of(reference: Reference, design: Design) -> survey.DesignEstimate | None:
    if reference.method == "svymean":
        return mean(answered(CRITERIA)[0], design)
    if reference.method == "pooled":
        return ratio(*answered(GROUPS[reference.figure]), design)
    if reference.method == "mean_of_criteria":
        parts = [[code] for code in GROUPS[reference.figure]]
    else:
        parts = [GROUPS[factor] for factor in "ABCDE"]
    return mean_of((ratio(*answered(part), design) for part in parts), design)


@pytest.mark.parametrize("name", DESIGNS)
def test_estimates_agree_with_r(name: str) -> None:
    design = design_of(name)
    compared = [reference for reference in references() if reference.design == name]
    assert len(compared) == 16 + 5 + 1 + 5 + 1 + 1 + 1
    for reference in compared:
        estimate = estimate_of(reference, design)
        assert estimate is not None
        assert estimate.value == pytest.approx(reference.value, rel=1e-9)
        assert estimate.standard_error == pytest.approx(reference.se, rel=1e-9)
        if reference.deff is not None:
            assert estimate.design_effect == pytest.approx(reference.deff, rel=1e-9)


def test_the_reference_says_which_programs_made_it() -> None:
    first = (FOLDER / "reference.csv").read_text("utf-8").splitlines()[0]
    assert first.startswith("# R 4.")
    assert ", survey 4." in first


@st.composite
def samples(draw: st.DrawFn) -> tuple[Floats, Floats, list[int], list[int], Floats]:
    """y, m, stratum, cluster and weight of a few people; two or more clusters a stratum."""
    people = draw(st.integers(4, 30))
    numbers = st.lists(st.integers(0, 4), min_size=people, max_size=people)
    m = np.array(draw(numbers), dtype=np.float64)
    y = np.minimum(m, np.array(draw(numbers), dtype=np.float64))
    assume(m.sum() > 0)
    stratum = [i % 2 for i in range(people)]
    cluster = [0, 0, 1, 1, *draw(st.lists(st.integers(0, 3), min_size=30, max_size=30))][:people]
    weights = st.floats(0.1, 100)
    w = np.array(draw(st.lists(weights, min_size=people, max_size=people)))
    return y, m, stratum, cluster, w


Sample = tuple[Floats, Floats, list[int], list[int], Floats]


def both(sample: Sample, factor: float = 1.0) -> tuple[survey.DesignEstimate, interval.Interval]:
    y, m, stratum, cluster, w = sample
    design = Design.of(len(y), Labels.of(stratum), Labels.of(cluster), w * factor)
    estimate = ratio(y, m, design)
    assert estimate is not None
    return estimate, survey.limits(estimate, m, design)


def assert_same(first: Sample, second: Sample, factor: float = 1.0) -> None:
    (a, a_limits), (b, b_limits) = both(first), both(second, factor)
    assert b.value == pytest.approx(a.value, rel=1e-9)
    assert b.standard_error == pytest.approx(a.standard_error, rel=1e-6, abs=1e-9)
    assert b_limits.low == pytest.approx(a_limits.low, rel=1e-6, abs=1e-6)
    assert b_limits.high == pytest.approx(a_limits.high, rel=1e-6, abs=1e-6)


@given(samples(), st.floats(1e-3, 1e3))
def test_weights_count_only_against_each_other(sample: Sample, factor: float) -> None:
    assert_same(sample, sample, factor)


@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(sample: Sample, random: object) -> None:
    order = list(range(len(sample[0])))
    random.shuffle(order)  # type: ignore[attr-defined]  # random.Random
    y, m, stratum, cluster, w = sample
    turned = ([stratum[i] for i in order], [cluster[i] for i in order])
    assert_same(sample, (y[order], m[order], *turned, w[order]))


@given(samples(), st.lists(st.sampled_from([0, 1e-10, 1, 1e10]), min_size=30, max_size=30))
def test_the_smallest_beside_the_largest_weights_have_figures(
    sample: Sample, weights: list[float]
) -> None:
    y, m, stratum, cluster, _ = sample
    w = np.array(weights[: len(y)])
    assume(w.any())
    estimate = ratio(y, m, design := Design.of(len(y), Labels.of(stratum), Labels.of(cluster), w))
    assert (estimate is None) == (float(w @ m) == 0)
    if estimate is not None:
        limits = survey.limits(estimate, m, design)
        assert 0 <= limits.low <= 100 * estimate.value <= limits.high <= 100
        assert estimate.standard_error is not None
        assert math.isfinite(estimate.standard_error)


@given(samples())
def test_limits_enclose_the_value(sample: Sample) -> None:
    estimate, limits = both(sample)
    assert 0 <= limits.low <= 100 * estimate.value <= limits.high <= 100
    assert limits.low < limits.high


@given(samples(), st.booleans())
def test_asking_everybody_leaves_no_error(sample: Sample, as_fraction: bool) -> None:
    y, m, stratum, cluster, w = sample
    drawn = [len({c for c, t in zip(cluster, stratum, strict=True) if t == s}) for s in stratum]
    fpc = np.ones(len(y)) if as_fraction else np.array(drawn, dtype=np.float64)
    design = Design.of(len(y), Labels.of(stratum), Labels.of(cluster), w, fpc)
    estimate = ratio(y, m, design)
    assert estimate is not None
    assert estimate.standard_error == 0
    limits = survey.limits(estimate, m, design)
    assert limits.low == pytest.approx(100 * estimate.value)
    assert limits.high == pytest.approx(100 * estimate.value)


answer_rows = st.lists(
    st.lists(st.integers(0, 9), min_size=4, max_size=4), min_size=2, max_size=40
).map(lambda rows: np.array(rows, dtype=np.uint8))


@given(answer_rows)
def test_without_a_design_it_is_the_interval_that_reports_show(packed: NDArray[np.uint8]) -> None:
    sums = count(FACTOR, packed)
    moments = sums.moments[0]
    m = np.isin(packed, [1, 2, 3, 4, 5]).sum(axis=1)
    y = np.isin(packed, [4, 5]).sum(axis=1)
    design = Design.of(len(packed))
    estimate = ratio(y, m, design)
    if estimate is None:
        assert moments[1] == 0
        return
    assert estimate.standard_error is not None
    assert 100 * estimate.standard_error == pytest.approx(
        interval.standard_error(len(packed), moments), rel=1e-9, abs=1e-9
    )
    shown, limits = interval.ratio(len(packed), moments), survey.limits(estimate, m, design)
    assert shown is not None
    assert limits.design_effect == pytest.approx(shown.design_effect, rel=1e-9)
    assert limits.low == pytest.approx(shown.low, rel=1e-6, abs=1e-9)
    assert limits.high == pytest.approx(shown.high, rel=1e-6)


def test_people_outside_the_domain_stay_in_the_design() -> None:
    """By hand: two of four clusters have answers, and n/(n-1) is that of four."""
    y, m = np.array([1.0, 0, 0, 0]), np.array([1.0, 1, 0, 0])
    estimate = ratio(y, m, Design.of(4))
    assert estimate is not None
    assert estimate.standard_error == pytest.approx(math.sqrt(4 / 3 * (0.25**2 + 0.25**2)))


def test_clusters_of_one_name_in_two_strata_are_two() -> None:
    design = Design.of(8, Labels.of("aaaabbbb"), Labels.of("11221122"))
    assert len(set(design.psu.tolist())) == 4


def test_people_of_one_cluster_who_agree_are_worth_less() -> None:
    y = np.repeat([1.0, 1, 1, 1, 0, 1, 1, 0, 1, 1], 10)
    m = np.ones(100)
    clustered = Design.of(100, clusters=Labels.of(np.repeat(np.arange(10), 10).tolist()))
    estimate = ratio(y, m, clustered)
    assert estimate is not None
    assert estimate.design_effect == pytest.approx(11, rel=0.01)
    alone = ratio(y, m, Design.of(100))
    assert alone is not None
    wide, narrow = (
        survey.limits(one, m, design)
        for one, design in ((estimate, clustered), (alone, Design.of(100)))
    )
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)
    assert 9 < wide.effective_n < 12


def test_a_single_person_has_no_standard_error_but_a_wide_interval() -> None:
    design = Design.of(1)
    estimate = ratio(np.array([4.0]), np.array([4.0]), design)
    assert estimate is not None
    assert estimate.standard_error is None
    limits = survey.limits(estimate, np.array([4.0]), design)
    assert limits.high - limits.low > 80


def test_nobody_and_no_answer_have_no_estimate() -> None:
    assert ratio(np.zeros(3), np.zeros(3), Design.of(3)) is None
    only_first = Design.of(2, weights=np.array([1.0, 0]))
    assert ratio(np.array([0, 1]), np.array([0, 1]), only_first) is None
    assert mean(np.zeros(0), Design.of(0)) is None
    assert mean_of([], Design.of(0)) is None


def test_a_stratum_with_one_cluster_is_named() -> None:
    strata, clusters = Labels.of(["north", "north", "south", "south"]), Labels.of("1233")
    with pytest.raises(DesignError, match=r"'south' has a single cluster.*Join it") as raised:
        Design.of(4, strata, clusters)
    assert raised.value.row == 2
    with pytest.raises(DesignError, match=r"the sample \(one stratum\) has a single cluster"):
        Design.of(2, clusters=Labels.of("11"))


def test_a_cluster_drawn_with_certainty_adds_no_variance() -> None:
    strata, clusters = Labels.of("aaabb"), Labels.of("12333")
    y, m = np.array([1.0, 0, 1, 1, 0]), np.ones(5)
    fpc = np.array([9.0, 9, 9, 1, 1])
    design = Design.of(5, strata, clusters, None, fpc)
    estimate = ratio(y, m, design)
    assert estimate is not None
    d = (y - 0.6) / 5
    z = d[:3] - d[:3].mean()
    assert estimate.standard_error == pytest.approx(math.sqrt((1 - 3 / 9) * 3 / 2 * (z**2).sum()))


@pytest.mark.parametrize(
    ("fpc", "row", "problem"),
    [
        ([9, 9, 9, 8], 3, "has the fpc 8 here and 9 above"),
        ([9, 9, 0.5, 0.5], 2, "is a fraction, others are numbers"),
        ([9, 9, 0, 0], 2, "not above 0"),
        ([9, math.nan, 9, 9], 1, "not above 0"),
        ([9, 9, 1e300, 1e300], 2, "not from 1e-10 to 1e"),
        ([9, 9, math.inf, math.inf], 2, "not from 1e-10 to 1e"),
        ([0.5, 0.5, 1e-300, 1e-300], 2, "not from 1e-10 to 1e"),
        ([9, 9, 1.5, 1.5], 2, "'b' has 2 clusters in the sample but an fpc of 1.5"),
    ],
)
def test_a_population_that_cannot_be_is_refused(fpc: list[float], row: int, problem: str) -> None:
    with pytest.raises(DesignError, match=problem) as raised:
        Design.of(4, Labels.of("aabb"), None, None, np.array(fpc))
    assert raised.value.row == row


@pytest.mark.parametrize("weight", [-1, math.nan, math.inf, 1e200, 1.01e10, 9e-11, 5e-324])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(DesignError, match="weight") as raised:
        Design.of(3, weights=np.array([1, 0, weight]))
    assert (raised.value.row, raised.value.parts) == (2, ("weights",))


def test_weights_that_are_all_0_are_refused() -> None:
    with pytest.raises(DesignError, match="every weight is 0"):
        Design.of(3, weights=np.zeros(3))
    assert Design.of(0, weights=np.zeros(0)).weights.tolist() == []


@pytest.mark.parametrize(("clusters", "truth"), [(8, 0.8), (10, 0.95), (20, 0.99)])
def test_limits_cover_the_truth(clusters: int, truth: float) -> None:
    """20 people a cluster, 16 questions, latent correlation 0.1 in a cluster, 0.5 in a person."""
    rng = np.random.default_rng(11)
    people, rounds = 20 * clusters, 400
    threshold = NormalDist().inv_cdf(truth)
    cluster = np.repeat(np.arange(clusters), 20)
    design = Design.of(people, clusters=Labels.of(cluster.tolist()))
    m = np.full(people, 16.0)
    covered = 0
    for _ in range(rounds):
        shared = math.sqrt(0.1) * rng.normal(size=clusters)[cluster]
        shared += math.sqrt(0.4) * rng.normal(size=people)
        latent = shared + math.sqrt(0.5) * rng.normal(size=(16, people))
        y = (latent < threshold).sum(axis=0).astype(np.float64)
        estimate = ratio(y, m, design)
        assert estimate is not None
        limits = survey.limits(estimate, m, design)
        covered += limits.low <= 100 * truth <= limits.high
    assert covered / rounds >= 0.93
