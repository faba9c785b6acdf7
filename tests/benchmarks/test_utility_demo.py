"""What the measure of utility counts: what enough people answered, shown or not."""

import pytest

from benchmarks.measures.utility_demo import shares
from reports.models import Score
from reports.night import steps
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()


def month() -> dict[str, object]:
    """The shares of closed months."""
    return shares()["month"]


def test_what_twenty_people_answered_is_asked_for_and_what_is_missing_is_seen() -> None:
    factories.instrument({"A": 2, "B": 1, "E": 1})
    office, small = factories.office(), factories.office()
    factories.responses(office, 100, day=LAST, answers=bytes([5, 5, 4, 0]))
    factories.responses(office, 20, day=LAST, answers=bytes([5, 5, 4, 3]))
    factories.responses(small, 19, day=LAST)
    assert month() == {}
    steps.close(LAST)
    assert month() == {
        "headline": {"percent": 100.0, "figures": 1},
        "factors": {"percent": 100.0, "figures": 3},
        "criteria": {"percent": 100.0, "figures": 4},
        "seldom": {"percent": 100.0, "figures": 1},
    }
    Score.objects.filter(office=office).update(people=0, opened=b"")
    assert month() == {
        "headline": {"percent": 0.0, "figures": 1},
        "factors": {"percent": 0.0, "figures": 3},
        "criteria": {"percent": 0.0, "figures": 4},
        "seldom": {"percent": 0.0, "figures": 1},
    }
