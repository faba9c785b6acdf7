import pytest

from reports.sipas.index.quantile import normal_quantile, t_quantile

# scipy.stats.t.ppf(p, df), scipy 1.17.1.
SCIPY = [
    (0.6, 0.5, 0.3979754267847907),
    (0.6, 1.5, 0.30074539256979543),
    (0.6, 29.3, 0.25565958997119076),
    (0.6, 123456.0, 0.25334764909644747),
    (0.9, 1.0, 3.0776835371752544),
    (0.9, 3.7, 1.5575658388615072),
    (0.9, 700.0, 1.2827621381916148),
    (0.975, 0.5, 164.55767348048818),
    (0.975, 1.0, 12.706204736174694),
    (0.975, 1.5, 6.016663104427929),
    (0.975, 2.0, 4.302652729749462),
    (0.975, 3.7, 2.8675207071911895),
    (0.975, 9.0, 2.262157162798205),
    (0.975, 29.3, 2.044320421500141),
    (0.975, 99.0, 1.9842169515864174),
    (0.975, 700.0, 1.9633587110998183),
    (0.975, 123456.0, 1.9599832002451867),
    (0.995, 1.0, 63.656741162871526),
    (0.995, 9.0, 3.249835541592126),
    (0.995, 99.0, 2.626405457280827),
    (0.9999, 0.5, 10284911.563165644),
    (0.9999, 2.0, 70.70007107496818),
    (0.9999, 29.3, 4.247762406045561),
    (0.9999, 700.0, 3.7388091180058285),
]


@pytest.mark.parametrize(("p", "df", "expected"), SCIPY)
def test_t_quantiles_agree_with_scipy(p: float, df: float, expected: float) -> None:
    assert t_quantile(p, df) == pytest.approx(expected, rel=1e-8)
    assert t_quantile(1 - p, df) == pytest.approx(-expected, rel=1e-8)


def test_the_two_ways_of_computing_meet() -> None:
    for p in (0.6, 0.975, 0.9999):
        assert t_quantile(p, 999.999999) == pytest.approx(t_quantile(p, 1000.000001), rel=1e-8)


def test_t_becomes_normal() -> None:
    assert t_quantile(0.975, 1e9) == pytest.approx(normal_quantile(0.975), rel=1e-8)
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, rel=1e-12)


def test_the_median_is_zero() -> None:
    assert t_quantile(0.5, 7) == 0


@pytest.mark.parametrize(("p", "df"), [(0.0, 5.0), (1.0, 5.0), (0.9, 0.0), (0.9, float("nan"))])
def test_impossible_arguments_are_refused(p: float, df: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        t_quantile(p, df)


def test_an_impossible_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="probability"):
        normal_quantile(1.0)
