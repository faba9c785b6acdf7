"""The arithmetic side of an instrument says what the instrument says."""

import numpy as np
import pytest

from reports.counting.layouts import layout_of
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.55, 2 / 3, 1.0])
@pytest.mark.parametrize("criteria", [1, 2, 3, 16, 20])
def test_whoever_counts_on_the_pages_counts_in_the_command(share: float, criteria: int) -> None:
    factories.instrument({"A": criteria}, minimum_answered=share)
    entry = catalogue.current().default
    assert entry is not None
    rows = [[1, 5] * 10, [9, 8] * 10, *([4] * told + [0, 8, 9] * 20 for told in range(21))]
    people = [row[:criteria] for row in rows]
    found = layout_of(entry).enough(np.array(people, dtype=np.uint8).T)
    assert found.tolist() == [entry.enough(bytes(row)) for row in people]
    assert found.any()
    assert not found.all()


def test_of_whoever_waits_the_criteria_count_that_were_asked() -> None:
    made = factories.instrument({"A": 4, "D": 4}, minimum_answered=0.5)
    made.criteria.filter(factor__code="D").update(about_result=True)
    entry = catalogue.current().default
    assert entry is not None
    # two of the four that were asked; fewer; four of all; what only the person left out
    rows = [
        [4, 4, 0, 0] + [8] * 4,
        [4, 0, 0, 0] + [8] * 4,
        [4] * 4 + [0] * 4,
        [8, 8, 0, 0, 4, 0, 0, 0],
    ]
    found = layout_of(entry).enough(np.array(rows, dtype=np.uint8).T)
    assert found.tolist() == [True, False, True, False]
    assert found.tolist() == [entry.enough(bytes(row)) for row in rows]
