"""Scatter and chances of the windows, from the counts of a closed year.

Reads a CSV with the columns office, class, day (2027-01-31), forms. By office and class the rate is
that of the year itself (`rate_of`), weekdays and months are those of all offices together. The
scatter c of a window is that of all its windows that do not overlap: the sum of (N - m)² - m over
the sum of m², N seen and m expected; the largest hundredth of the windows is left out, as it may be
a flood. The chance is the largest of 1e-2 … 1e-7 at which an office exceeds that window in at most
a tenth of its years. An hour keeps its proportion to the day, as a day's counts do not tell it; a
year to date needs a second year, and stays.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from surveys.floods import bounds
from surveys.floods.expecting import WORKDAYS, Pace, rate_of

COLUMNS = ("office", "class", "day", "forms")
WINDOWS = {"day": bounds.DAY, "5 days": bounds.DAYS_5, "21 days": bounds.DAYS_21}
CHANCES = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
ALARMS_A_YEAR = 0.1
LEFT_OUT = 0.01
LEAST_SCATTER = 0.005
SATURDAY, DAY_OFF = 5, 0.2


class NotReadable(Exception):
    """The file is not what is asked for; the text says where."""


@dataclass(frozen=True)
class Series:
    """One office and class: forms by day."""

    office: str
    evidence: str
    forms: Mapping[date, int]


def read(path: Path) -> list[Series]:
    """Raises NotReadable with the line."""
    found: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise NotReadable(f"{path.name} has no column {', '.join(missing)}")
        for row in rows:
            try:
                day, forms = date.fromisoformat(row["day"]), int(row["forms"])
            except ValueError:
                raise NotReadable(
                    f"line {rows.line_num} of {path.name}: {row['day']!r} is not a day as "
                    f"2027-01-31, or {row['forms']!r} not a number"
                ) from None
            series = found[row["office"], row["class"]]
            series[day] = series.get(day, 0) + forms
    if not found:
        raise NotReadable(f"{path.name} has no counts")
    return [Series(office, evidence, forms) for (office, evidence), forms in found.items()]


def pace_of(series: Iterable[Series], days: list[date]) -> Pace:
    """Weekdays, months and days off of all offices together, over these days.

    A day off is one on which fewer than a fifth of that weekday's median came in the whole file.
    """
    total: dict[date, int] = defaultdict(int)
    for one in series:
        for day, forms in one.forms.items():
            total[day] += forms
    counts = np.array([total[day] for day in days], dtype=float)
    of_weekday = np.array([day.weekday() for day in days])
    of_month = np.array([day.month - 1 for day in days])
    medians = np.array([np.median(counts[of_weekday == n]) for n in range(7)])
    off = (of_weekday < SATURDAY) & (counts < DAY_OFF * medians[of_weekday])
    weekdays = np.array([counts[(of_weekday == n) & ~off].mean() for n in range(7)])
    weekdays *= 5.0 / weekdays.sum()
    # A month against what its weekdays let expect, so that one with five Mondays is not busier.
    usual = np.bincount(of_month[~off], weekdays[of_weekday[~off]], 12)
    months = np.bincount(of_month[~off], counts[~off], 12) / np.maximum(usual, 1e-9)
    return Pace(
        weekdays=tuple(weekdays),
        months=tuple(months / months[usual > 0].mean()),
        holidays=frozenset(day for day, shut in zip(days, off, strict=True) if shut),
    )


def refit(series: list[Series]) -> dict[str, object]:
    """By window: the scatter and chance in use, those that fit, alarms an office-year of each."""
    first = min(min(one.forms) for one in series)
    last = max(max(one.forms) for one in series)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    pace = pace_of(series, days)
    rows = [_row(one, days, pace) for one in series]
    seen = np.array([row[0] for row in rows])
    expected = np.array([row[1] for row in rows])
    years = len(series) * len(days) / 365.25
    found: dict[str, object] = {
        name: _window(window, seen, expected, years) for name, window in WINDOWS.items()
    }
    fitted = found["day"]
    assert isinstance(fitted, dict)
    proportion = bounds.HOUR.scatter / bounds.DAY.scatter
    found["hour"] = {
        "scatter": bounds.HOUR.scatter,
        "fitted scatter": round(proportion * fitted["fitted scatter"], 3),
    }
    return {"series": len(series), "days": len(days), "windows": found}


def _row(
    one: Series, days: list[date], pace: Pace
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    seen = np.array([one.forms.get(day, 0) for day in days], dtype=float)
    shares = np.array([pace.expected(1.0, day) for day in days])
    months = [(day.year, day.month) for day in days]
    rates = []
    for month in sorted(set(months)):
        here = np.array([of == month for of in months])
        if shares[here].sum() > 5.0 / WORKDAYS:  # a month of which a week is there
            rates.append(seen[here].sum() / shares[here].sum())
    rate = rate_of(rates, otherwise=seen.sum() / max(shares.sum(), 1e-9))
    return seen, rate * shares


def _window(
    window: bounds.Window, seen: NDArray[np.float64], expected: NDArray[np.float64], years: float
) -> dict[str, float]:
    """seen, expected: float64[series, days]."""
    whole = seen.shape[1] // window.days * window.days
    n = seen[:, :whole].reshape(len(seen), -1, window.days).sum(axis=2).ravel()
    m = expected[:, :whole].reshape(len(seen), -1, window.days).sum(axis=2).ravel()
    kept = m > 0.0
    n, m = n[kept], m[kept]
    excess = n - m
    honest = excess <= np.quantile(excess / np.sqrt(m), 1.0 - LEFT_OUT) * np.sqrt(m)
    n_, m_ = n[honest], m[honest]
    scatter = max(LEAST_SCATTER, float(((n_ - m_) ** 2 - m_).sum() / (m_**2).sum()))
    alarms = {
        chance: _alarms(bounds.Window(window.days, scatter, chance), n, m) / years
        for chance in CHANCES
    }
    chance = next((one for one in CHANCES if alarms[one] <= ALARMS_A_YEAR), CHANCES[-1])
    return {
        "scatter": window.scatter,
        "chance": window.chance,
        "alarms a year": round(_alarms(window, n, m) / years, 3),
        "fitted scatter": round(scatter, 3),
        "fitted chance": chance,
        "fitted alarms a year": round(alarms[chance], 3),
    }


def _alarms(window: bounds.Window, n: NDArray[np.float64], m: NDArray[np.float64]) -> int:
    return sum(window.is_exceeded(int(seen), float(mean)) for seen, mean in zip(n, m, strict=True))
