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
