"""All sides of a proof are seen at one moment, while citizens go on answering."""

import pytest

from reports.models import Difference, Score
from reports.night import steps
from reports.proof.run import prove
from tests import factories
from tests.overlapping import held

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_counted_during_a_proof_is_no_difference() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    for _ in range(30):
        factories.answer(office, [5, 4, 1])
    steps.count_marked()
    before = Score.objects.get(office=office, period="month").people
    # the batches have been compared with the responses, and the scores are about to be read
    with held(prove, before="SELECT office_id, instrument_id, start FROM reports_closedmonth"):
        for _ in range(30):
            factories.answer(office, [1, 1, 1])
        steps.count_marked()
        assert Score.objects.get(office=office, period="month").people > before
    assert list(Difference.objects.values_list("table", "column", "shown", "proved")) == []
