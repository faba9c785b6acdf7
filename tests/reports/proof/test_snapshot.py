"""All sides of a proof are seen at one moment, while citizens go on answering."""

import pytest

from reports.models import Difference, Score
from reports.night import steps
from reports.proof.run import prove
from surveys.models import Mark, Response
from tests import factories
from tests.overlapping import held

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_counted_during_a_proof_is_no_difference() -> None:
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    last = factories.last_month_end()
    for _ in range(30):
        factories.answer(office, [5, 4, 1], now=factories.at(last))
    steps.close(last)
    before = Score.objects.get(office=office, period="month").satisfied
    # the batches have been compared with the responses, and the scores are about to be read
    with held(prove, before="SELECT office_id, instrument_id, start FROM reports_closedmonth"):
        Response.objects.update(answers=b"\x01\x01\x01")
        Mark.objects.create(office=office, day=last)
        steps.count_marked()
        assert Score.objects.get(office=office, period="month").satisfied < before
    assert list(Difference.objects.values_list("table", "column", "shown", "proved")) == []
