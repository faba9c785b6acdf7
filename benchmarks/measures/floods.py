"""Floods at simulated offices: false alarms, and how much of what is forged would be counted.

    python -m benchmarks floods [offices of each size]
    python -m benchmarks floods --refit counts.csv

By size (forms a month): decisions a year at an ordinary office, with campaigns, with a new poster;
then 290 forms in one hour, 290 in six weeks, one more a working day all year: what share of the
year's forms that would be (`forged`), what share of those that count it is (`counted`), and in how
many offices there is a decision that would not have been (`alarm`). Unseen: what share of all forms
of a year can be forged in the office's own rhythm (Poisson around what is expected) and still raise
no alarm in half of the offices that have none without, by the windows of a day, 5, 21 days and the
year; and how many points that is from 79.27, if all of them say yes, or no. At the end decisions a
week in a hundred offices of the simulated country (`utility_country`), ordinary ones. What is
assumed: `floods_offices`.

`--refit` reads the counts of a first closed year instead (`floods_refit`).
"""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.measures.floods_offices import (
    PACE,
    WORKING,
    YEAR,
    Kind,
    nights,
    office,
)
from benchmarks.measures.floods_refit import read, refit
from benchmarks.measures.utility_country import ANSWERING_DIFFERS, CENTRES, COMMUNES, FORMS
from demo.simulation.calendar import HOURS
from demo.simulation.plan import VISITORS, VISITORS_DIFFER
from surveys.floods import bounds

Forms = NDArray[np.int64]
SIZES = (3, 10, 30, 60, 120, 400)
SEED = 20_261_130
HEADLINE = 79.27
FORGED, SIX_WEEKS = 290, 30
SHARES = np.arange(0.02, 0.62, 0.02)  # forged forms in relation to honest ones, up to 38 % of all
COUNTRY = 100


def burst(rng: np.random.Generator) -> Forms:
    """290 forms within one hour of one working day."""
    forged = _nothing()
    forged[rng.integers(len(WORKING)), rng.integers(len(HOURS))] = FORGED
    return forged


def thin(rng: np.random.Generator) -> Forms:
    """290 forms over the working days of six weeks, at any hour."""
    start = int(rng.integers(len(WORKING) - SIX_WEEKS))
    days = start + rng.integers(0, SIX_WEEKS, FORGED)
    return _at(rng, days)


def one_a_day(rng: np.random.Generator) -> Forms:
    """One form on each working day."""
    return _at(rng, np.arange(len(WORKING)))


def _nothing() -> Forms:
    return np.zeros((len(WORKING), len(HOURS)), dtype=np.int64)


def _at(rng: np.random.Generator, days: Forms) -> Forms:
    forged = _nothing()
    np.add.at(forged, (days, rng.integers(0, len(HOURS), len(days))), 1)
    return forged


def unseen(rng: np.random.Generator, size: float, offices: int) -> float:
    """The share of all forms of a year, in percent, that goes unseen in half of the offices."""
    passes = np.zeros(len(SHARES))
    means, judged = _expected(size), 0
    for _ in range(offices):
        one = office(rng, size)
        honest, forged = one.forms.sum(axis=1).astype(float), np.zeros(len(WORKING))
        limits = _limits(one.rate)
        if _is_seen(honest, limits):
            continue
        judged += 1
        for place, step in enumerate(np.diff(SHARES, prepend=0.0)):
            forged += rng.poisson(step * means)
            passes[place] += not _is_seen(honest + forged, limits)
    passes /= max(1, judged)
    half = np.interp(0.5, passes[::-1], SHARES[::-1])
    return float(100.0 * half / (1.0 + half))


def _expected(rate: float) -> NDArray[np.float64]:
    return np.array([PACE.expected(rate, day) for day in WORKING])


def _limits(rate: float) -> dict[bounds.Window, Forms]:
    """By window the bound of each that ends on a working day of the year."""
    expected = _expected(rate)
    return {
        window: np.array([window.bound(mean) for mean in _sums(expected, window)])
        for window in (bounds.DAY, bounds.DAYS_5, bounds.DAYS_21, bounds.YEAR)
    }


def _is_seen(forms: NDArray[np.float64], limits: Mapping[bounds.Window, Forms]) -> bool:
    return any((_sums(forms, window) > limit).any() for window, limit in limits.items())


def _sums(by_day: NDArray[np.float64], window: bounds.Window) -> NDArray[np.float64]:
    """What comes in the window that ends on each working day; weekends bring nothing."""
    until = np.concatenate([[0.0], np.cumsum(by_day)])
    starts = [(day - timedelta(days=window.days - 1)).toordinal() for day in WORKING]
    first = np.searchsorted([day.toordinal() for day in WORKING], starts)
    whole: NDArray[np.float64] = until[1:] - until[first]
    return whole


ATTACKS: Mapping[str, Callable[[np.random.Generator], Forms]] = {
    "290 in an hour": burst,
    "290 in six weeks": thin,
    "1 a day": one_a_day,
}


def measure(size: int, offices: int) -> dict[str, object]:
    """One line of the table."""
    honest = {}
    for kind in Kind:
        rng = np.random.default_rng([SEED, size])
        here = [office(rng, size, kind) for _ in range(offices)]
        honest[kind] = [(one, nights(one)) for one in here]
    ordinary = honest[Kind.ORDINARY]
    attacks = {}
    for name, forge in ATTACKS.items():
        pairs = [(was, nights(one, forge(rng))) for one, was in ordinary]
        attacks[name] = {
            "forged, %": _mean(100.0 * now.forged for _, now in pairs),
            "counted, %": _mean(100.0 * now.counted for _, now in pairs),
            "alarm, %": _mean(100.0 * (now.decisions > was.decisions) for was, now in pairs),
        }
    share = unseen(np.random.default_rng([SEED, size, 9]), size, 2 * offices)
    return {
        "forms a month": size,
        "bound of a Monday": bounds.DAY.bound(PACE.expected(size, date(YEAR, 4, 6))),
        "bound of 21 days": bounds.DAYS_21.bound(size),
        "decisions a year": {
            kind.value: _mean(year.decisions for _, year in honest[kind]) for kind in Kind
        },
        "honest forms that waited in an ordinary year, %": _mean(
            100.0 * year.waited for _, year in ordinary
        ),
        "attacks": attacks,
        "unseen, %": _mean([share]),
        "points up": _mean([(100.0 - HEADLINE) * share / 100.0]),
        "points down": _mean([HEADLINE * share / 100.0]),
    }


def _mean(numbers: Iterable[float]) -> float:
    return round(float(np.mean(list(numbers))), 1)


def country(offices: int) -> dict[str, float]:
    """Decisions a week in a hundred ordinary offices of the simulated country."""
    rng = np.random.default_rng([SEED, CENTRES + COMMUNES])
    spread = np.hypot(VISITORS_DIFFER, ANSWERING_DIFFERS)
    centres = round(offices * CENTRES / (CENTRES + COMMUNES))
    decided = 0
    for n in range(offices):
        times = VISITORS["provincial_centre"] if n < centres else 1.0
        size = FORMS * times * float(np.exp(spread * rng.standard_normal()))
        decided += nights(office(rng, size)).decisions
    return {
        "offices": offices,
        "decisions a week in 100 offices": round(100.0 * decided / offices / 52.0, 2),
    }


def main() -> None:
    """A line for each size, then the country; or what a closed year says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("offices", nargs="?", type=int, default=15)
    parser.add_argument("--refit", type=Path, metavar="CSV")
    options = parser.parse_args()
    if options.refit is not None:
        print(json.dumps({"benchmark": "floods refit", **refit(read(options.refit))}))
        return
    lines = []
    for size in SIZES:
        lines.append(measure(size, options.offices))
        print(json.dumps(lines[-1]), flush=True)
    found = country(COUNTRY if options.offices >= 15 else options.offices)
    print(json.dumps({"benchmark": "floods", **found, "lines": lines}))


if __name__ == "__main__":
    main()
