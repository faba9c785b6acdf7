"""The measure of patient floods plays its smallest story as it says: every night, and the figures.

`python -m benchmarks floods_patient` plays all of them and prints the table.
"""

from datetime import date

import pytest

from benchmarks.measures.floods_patient import measure, table
from tests import factories

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 4, 6), date(2026, 4, 30)


def test_of_290_forms_over_six_weeks_a_small_office_shows_none_in_april() -> None:
    factories.instrument({"A": 2, "B": 1})
    (line,), _ = measure((30,), ("six weeks",), FIRST, LAST)
    forged = line["forged"]
    assert isinstance(forged, int)
    assert forged > 150
    counted = line["forged counted, %"]
    assert isinstance(counted, float)
    assert counted < 10.0
    assert line["honest held at the control, %"] == 0.0
    assert line["days until the first hold"] == 0
    periods = line["periods"]
    assert isinstance(periods, list)
    april = periods[0]
    assert april["period"] == "month from 2026-04"
    # what stands aside takes the month's figure along, and the forger's figure is not shown
    assert april["with"] is None
    assert april["without"] is not None
    assert april["unjudged"] > april["without"] + 10
    assert len([*table([line])]) == 2 + len(periods)
