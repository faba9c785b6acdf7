"""What the measure of floods simulates, and what it reads from a closed year."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.measures.floods import FORGED, burst, country, measure, one_a_day, thin, unseen
from benchmarks.measures.floods_offices import PACE, WORKING, Kind, Office, nights, office
from benchmarks.measures.floods_refit import NotReadable, read, refit
from demo.simulation.calendar import HOURS
from surveys.floods.expecting import WORKDAYS

BEGIN = date(2026, 1, 1)


def steady(forms: int = 2) -> Office:
    """An office at which so many come each working day, spread over its hours."""
    by_hour = np.zeros((len(WORKING), len(HOURS)), dtype=np.int64)
    for place in range(len(WORKING)):
        by_hour[place, [(place + n) % len(HOURS) for n in range(forms)]] = 1
    return Office(forms * WORKDAYS, by_hour)


def test_simulated_offices_are_as_large_as_said_and_judged_by_that() -> None:
    rng = np.random.default_rng(1)
    offices = [office(rng, 120.0) for _ in range(12)]
    assert np.mean([one.rate for one in offices]) == pytest.approx(120.0, rel=0.1)
    assert np.mean([one.forms.sum() for one in offices]) == pytest.approx(
        sum(PACE.expected(120.0, day) for day in WORKING), rel=0.1
    )


def test_campaigns_and_posters_bring_more() -> None:
    sums = {
        kind: sum(int(office(np.random.default_rng(n), 60.0, kind).forms.sum()) for n in range(8))
        for kind in Kind
    }
    assert sums[Kind.ORDINARY] < sums[Kind.CAMPAIGNS] < sums[Kind.POSTER]


def test_a_steady_office_is_never_asked_anything() -> None:
    year = nights(steady())
    assert (year.decisions, year.forged, year.counted, year.waited) == (0, 0.0, 0.0, 0.0)


def test_a_burst_is_held_without_the_honest_and_takes_one_decision() -> None:
    forged = burst(np.random.default_rng(2))
    assert forged.sum() == FORGED
    year = nights(steady(), forged)
    assert (year.decisions, year.counted) == (1, 0.0)
    assert year.forged == pytest.approx(FORGED / (FORGED + 2 * len(WORKING)))
    assert year.waited <= 1 / (2 * len(WORKING))


def test_a_thin_flood_is_held_nearly_whole() -> None:
    year = nights(steady(), thin(np.random.default_rng(3)))
    assert year.decisions >= 2
    assert year.counted < 0.02
    assert year.waited < 0.25


def test_one_form_a_day_is_found_in_a_small_office_and_not_in_a_large_one() -> None:
    each = one_a_day(np.random.default_rng(4))
    assert each.sum() == len(WORKING)
    assert nights(steady(1), each).decisions > 0
    assert nights(steady(9), each).decisions == 0


def test_a_fifth_or_so_goes_unseen_and_more_does_not() -> None:
    assert 10.0 < unseen(np.random.default_rng(5), 60.0, 8) < 35.0


def test_a_line_has_what_the_table_needs() -> None:
    line = measure(10, 1)
    assert line["bound of a Monday"] == 6
    attacks = line["attacks"]
    assert isinstance(attacks, dict)
    assert attacks["290 in an hour"]["counted, %"] == 0.0
    assert country(2)["offices"] == 2


def write(path: Path, scatter: float, offices: int = 40) -> Path:
    """A year's counts: gamma noise of this variance on each day, on its own."""
    rng = np.random.default_rng(6)
    lines = ["office,class,day,forms"]
    for number in range(offices):
        for n in range(365):
            day = BEGIN + timedelta(days=n)
            mean = PACE.expected(200.0, day) * rng.gamma(1 / scatter, scatter)
            lines.append(f"o{number},open,{day},{rng.poisson(mean)}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("scatter", [0.05, 0.3])
def test_a_closed_year_tells_how_days_scatter(tmp_path: Path, scatter: float) -> None:
    found = refit(read(write(tmp_path / "counts.csv", scatter)))
    assert (found["series"], found["days"]) == (40, 365)
    windows = found["windows"]
    assert isinstance(windows, dict)
    # the largest hundredth is left out, so that it comes out a little lower
    assert windows["day"]["fitted scatter"] == pytest.approx(scatter, rel=0.25)
    assert windows["hour"]["fitted scatter"] == pytest.approx(
        2.5 * windows["day"]["fitted scatter"], abs=0.001
    )
    # days apart from one another: five of them scatter a fifth as much
    assert windows["5 days"]["fitted scatter"] < 0.4 * windows["day"]["fitted scatter"]
    for name in ("day", "5 days", "21 days"):
        assert windows[name]["fitted alarms a year"] <= 0.1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("office,day,forms\n", "no column class"),
        ("office,class,day,forms\n", "no counts"),
        ("office,class,day,forms\na,open,31/12/2026,3\n", "line 2 of .* is not a day"),
        ("office,class,day,forms\na,open,2026-12-31,many\n", "'many' not a number"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_by_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "counts.csv").write_text(text, "utf-8")
    with pytest.raises(NotReadable, match=said):
        read(tmp_path / "counts.csv")
