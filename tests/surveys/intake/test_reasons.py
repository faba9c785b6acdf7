"""Reasons at the intake: kept below low answers, gone with them, and nothing else is taken."""

from dataclasses import replace

import pytest

from surveys.intake.submit import NotTakenReason, Outcome, SubmissionNotTaken, pack, submit
from surveys.models import Response
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry
from tests import factories
from tests.reports.reasoned import questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def form() -> InstrumentEntry:
    questionnaire()
    entry = catalogue.current().default
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"A1": 1}, [1, 0, 2, 2]),
        ({"A1": 2, "A1_W": 1}, [2, 0, 1, 2]),
        ({"A1": 1, "A1_W": 1, "A1_F": 1}, [1, 0, 1, 1]),
        ({"A1": 1, "A1_W": 2}, [1, 0, 2, 2]),
        ({"A1": 3, "A1_W": 1}, [3, 0, 0, 0]),
        ({"A1": 5, "A1_W": 1, "A1_F": 2}, [5, 0, 0, 0]),
        ({"A1": 9, "A1_W": 1}, [9, 0, 0, 0]),
        ({"A1_W": 1}, [0, 0, 0, 0]),
        ({"B1": 1, "A1_W": 1}, [0, 1, 0, 0]),
    ],
)
def test_a_reason_stands_below_a_low_answer_alone(
    form: InstrumentEntry, given: dict[str, int], kept: list[int]
) -> None:
    assert list(pack(form, given)) == kept


@pytest.mark.parametrize("given", [{"A1": 1, "A1_X": 1}, {"A1": 1, "A1_W": 3}, {"A1_W": 9}])
def test_an_unknown_reason_is_refused_and_named(
    form: InstrumentEntry, given: dict[str, int]
) -> None:
    with pytest.raises(SubmissionNotTaken) as refused:
        submit(factories.submission(factories.office(), given))
    assert refused.value.reason is NotTakenReason.WRONG_ANSWER
    assert refused.value.detail in given
    assert not Response.objects.exists()


def test_each_change_is_the_newest_word_and_a_better_answer_takes_reasons_back(
    form: InstrumentEntry,
) -> None:
    first = factories.submission(factories.office(), {"A1": 1}, finished=False)
    said = []
    for step, answers in enumerate(
        ({"A1": 1}, {"A1": 1, "A1_W": 1}, {"A1": 1}, {"A1": 2, "A1_F": 1}, {"A1": 4, "A1_F": 1}), 1
    ):
        assert submit(replace(first, answers=answers, step=step)).outcome is Outcome.STORED
        said.append(list(bytes(Response.objects.get().answers)))
    assert said == [[1, 0, 2, 2], [1, 0, 1, 2], [1, 0, 2, 2], [2, 0, 2, 1], [4, 0, 0, 0]]
    # they neither make a form valid nor are they an answer
    assert form.levels(bytes([1, 0, 1, 2])) == [1]
    assert not form.enough(bytes([0, 0, 1, 2]))
