"""What the measure of utility counts of simulated offices."""

import numpy as np
import pytest

from benchmarks.measures.utility import month
from benchmarks.measures.utility_country import CLASSES, class_of, measure, office, table
from benchmarks.measures.utility_rules import K, Tally, drawn, shown
from reports.sipas.counts.sums import Sums


def of_e(*answered: int, people: int = 40) -> list[Sums]:
    """Months of so many people, of whom so many of a hundred answered E."""
    return [drawn(np.random.default_rng(n), people, s / 100, 1.0) for n, s in enumerate(answered)]


def test_a_figure_shows_what_opened_within_it_and_its_months_are_asked_besides() -> None:
    months = of_e(14, 30, 100, *[100] * 9)
    found = {(period, start): (columns, parts) for period, start, columns, parts in shown(months)}
    assert len(found) == 12 + 4 + 1
    assert "f:A" in found["month", 0][0]
    assert not {"f:D", "f:E"} & (found["month", 0][0] | found["month", 1][0])
    columns, parts = found["quarter", 0]
    assert "h" in columns
    assert {"f:D", "f:E"} <= columns
    assert all("f:E" in parts[n] for n in range(3))


def test_shares_are_of_what_2k_people_answered() -> None:
    tally = Tally()
    tally.add([drawn(np.random.default_rng(1), K, 0.5, 1.0) for _ in range(12)])
    assert tally.percent("now", "headline") == [None, 100.0, 100.0]
    assert tally.percent("now", "opened") == [None, None, None]
    tally.add(of_e(*[100] * 12, people=60))
    assert tally.percent("now", "opened") == [100.0, 100.0, 100.0]
    assert tally.wanted["month", "headline"] == 12
    assert tally.wanted["month", "factors"] == 60


def test_people_answer_e_as_seldom_as_is_said() -> None:
    rng = np.random.default_rng(3)
    answered = sum(int(month(rng, 400, "15", 85).counts[-1, 1:6].sum()) for _ in range(20))
    assert answered / 8_000 == pytest.approx(0.15, abs=0.02)


def test_a_country_has_small_offices_and_is_the_same_for_the_same_seed() -> None:
    rng = np.random.default_rng(4)
    sizes = sorted(office(rng, "")[0] for _ in range(60))
    assert 20 < sizes[30] < 45
    names = [class_of(size) for size in (0, *CLASSES)]
    assert names == ["under 10", "10 to 20", "20 to 40", "40 to 100", "100 and more"]
    found = measure(6, 5)
    assert found == measure(6, 5)
    assert sum(line["offices"] for name, line in found["shares"].items() if "E" not in name) == 12


def test_the_table_has_two_lines_for_each_class() -> None:
    lines = list(table({"one": Tally()}, {"one": 3}))
    assert len(lines) == 3
    assert lines[1].split()[:3] == ["one", "3", "before"]
