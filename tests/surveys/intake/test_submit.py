"""The one way in: what is stored, what a repeat does, what is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from offices import directory
from surveys.intake.settling import settle
from surveys.intake.submit import (
    LONGEST_REMARK,
    NotTakenReason,
    Outcome,
    Submission,
    SubmissionNotTaken,
    submit,
)
from surveys.models import Instrument, Mark, Remark, Response, Stage, State
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def first() -> Submission:
    """A finished submission of three answers, not yet sent."""
    factories.instrument({"A": 2, "B": 1})
    return factories.submission(factories.office(), [5, 4, 1])


def test_it_stores_packed_answers_and_a_mark(first: Submission) -> None:
    receipt = submit(first, factories.at(date(2026, 11, 20), hour=14))
    response = Response.objects.get()
    assert receipt.outcome is Outcome.STORED
    assert bytes(response.answers) == bytes([5, 4, 1])
    assert (response.state, response.valid) == (State.FINISHED, True)
    assert (response.day, response.hour) == (date(2026, 11, 20), 14)
    assert response.office_id == first.office.id
    assert list(Mark.objects.values_list("office_id", "day")) == [
        (first.office.id, date(2026, 11, 20))
    ]


def test_sending_twice_is_one_response_and_succeeds_twice(first: Submission) -> None:
    receipts = [submit(first) for _ in range(2)]
    assert [r.outcome for r in receipts] == [Outcome.STORED, Outcome.REPEATED]
    assert receipts[0].code == receipts[1].code
    assert Response.objects.count() == Mark.objects.count() == 1


def test_a_different_second_finish_is_refused_and_changes_nothing(first: Submission) -> None:
    submit(first)
    with pytest.raises(SubmissionNotTaken) as refused:
        submit(replace(first, answers={"A1": 1}, step=9))
    assert refused.value.reason is NotTakenReason.FROZEN
    assert bytes(Response.objects.get().answers) == bytes([5, 4, 1])


def test_the_first_answer_is_stored_and_later_steps_enrich_it(first: Submission) -> None:
    submit(replace(first, answers={"A1": 5}, step=1, finished=False))
    assert Response.objects.get().state == State.OPEN
    assert not Mark.objects.exists()
    submit(replace(first, step=2))
    response = Response.objects.get()
    assert (response.state, bytes(response.answers)) == (State.FINISHED, bytes([5, 4, 1]))


def test_an_older_step_that_arrives_late_changes_nothing(first: Submission) -> None:
    submit(replace(first, answers={"A1": 5, "A2": 2}, step=2, finished=False))
    late = submit(replace(first, answers={"A1": 1}, step=1, finished=False))
    assert late.outcome is Outcome.OLDER
    assert bytes(Response.objects.get().answers) == bytes([5, 2, 0])


def test_an_older_step_after_the_finish_changes_nothing(first: Submission) -> None:
    submit(replace(first, step=3))
    late = submit(replace(first, answers={"A1": 1}, step=1, finished=False))
    assert late.outcome is Outcome.OLDER
    assert bytes(Response.objects.get().answers) == bytes([5, 4, 1])


def test_a_finish_closes_the_response_even_after_going_back_in_the_browser(
    first: Submission,
) -> None:
    submit(replace(first, answers={"A1": 5}, step=9, finished=False))
    assert submit(replace(first, step=6)).outcome is Outcome.STORED
    response = Response.objects.get()
    assert (response.state, response.step) == (State.FINISHED, 0)
    assert bytes(response.answers) == bytes([5, 4, 1])


def test_blank_and_dont_know_are_kept_apart(first: Submission) -> None:
    submit(replace(first, answers={"A1": 5, "A2": 9}))
    assert bytes(Response.objects.get().answers) == bytes([5, 9, 0])


@pytest.mark.parametrize(
    ("answers", "valid"), [({"A1": 5}, False), ({"A1": 5, "B1": 1}, True), ({"A1": 9}, False)]
)
def test_a_form_counts_when_half_of_its_criteria_are_answered(
    first: Submission, answers: dict[str, int], valid: bool
) -> None:
    submit(replace(first, answers=answers))
    assert Response.objects.get().valid is valid


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: replace(s, answers={"A1": 7}), NotTakenReason.WRONG_ANSWER),
        (lambda s: replace(s, answers={"A1": 8}), NotTakenReason.WRONG_ANSWER),
        (lambda s: replace(s, answers={"Z9": 1}), NotTakenReason.WRONG_ANSWER),
        (lambda s: replace(s, step=0), NotTakenReason.WRONG_STEP),
        (lambda s: replace(s, step=70_000), NotTakenReason.WRONG_STEP),
        (lambda s: replace(s, remark="x" * (LONGEST_REMARK + 1)), NotTakenReason.LONG_REMARK),
        (lambda s: replace(s, day=date(2999, 1, 1)), NotTakenReason.WRONG_DAY),
        (lambda s: replace(s, day=date(2001, 1, 1)), NotTakenReason.ENDED_OFFICE),
        (
            lambda s: replace(s, instrument=replace(s.instrument, offered=False)),
            NotTakenReason.OLD_INSTRUMENT,
        ),
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    first: Submission, change: Callable[[Submission], Submission], reason: NotTakenReason
) -> None:
    with pytest.raises(SubmissionNotTaken) as refused:
        submit(change(first))
    assert refused.value.reason is reason
    assert not Response.objects.exists()
    assert not Mark.objects.exists()


def test_an_office_that_has_closed_takes_no_answers() -> None:
    factories.instrument()
    closed = factories.office(valid_to=date(2025, 6, 30))
    with pytest.raises(SubmissionNotTaken) as refused:
        factories.answer(closed, [5, 5, 5])
    assert refused.value.reason is NotTakenReason.ENDED_OFFICE


def test_a_procedure_of_another_level_is_refused(first: Submission) -> None:
    factories.procedure("2.000111", levels="province")
    foreign = next(p for p in directory.current().by_level["province"])
    with pytest.raises(SubmissionNotTaken) as refused:
        submit(replace(first, procedure=foreign))
    assert refused.value.reason is NotTakenReason.FOREIGN_PROCEDURE


def test_a_remark_is_kept_once_composed_and_without_control_characters(first: Submission) -> None:
    decomposed = "Ha\u0300 Tie\u0302n\x00 \x07tốt\r\n"
    sending = replace(first, remark=decomposed)
    submit(sending)
    submit(sending)
    assert Remark.objects.get().text == "Hà Tiên tốt"


def test_a_remark_added_after_going_back_from_the_receipt_is_kept(first: Submission) -> None:
    submit(first)
    receipt = submit(replace(first, step=2, remark="Quầy 2 rất chu đáo"))
    assert receipt.outcome is Outcome.REPEATED
    assert Remark.objects.get().text == "Quầy 2 rất chu đáo"


def test_emptied_after_going_back_it_stands_and_the_receipt_says_so(first: Submission) -> None:
    told = replace(first, remark="Quầy 2 rất chu đáo", contact="0987654321")
    given = submit(told)
    again = submit(replace(first, step=2))
    assert again.outcome is Outcome.REPEATED
    assert (again.remark, again.contact_until) == (given.remark, given.contact_until)
    assert again.contact_until is not None
    # of a link that others may hold nothing is told
    link = replace(told, id=uuid4(), receipt="AAAAA-BBBBB-CCCCC")
    submit(link)
    assert submit(replace(link, step=2, remark="", contact="")).remark == ""
    Remark.objects.update(text="")  # as one that was erased
    assert submit(replace(first, step=3)).remark == ""


def test_a_second_remark_is_refused_and_never_thanked_for(first: Submission) -> None:
    submit(replace(first, remark="Cảm ơn"))
    with pytest.raises(SubmissionNotTaken) as refused:
        submit(replace(first, remark="Phải chờ lâu"))
    assert refused.value.reason is NotTakenReason.FROZEN
    assert Remark.objects.get().text == "Cảm ơn"


@pytest.mark.parametrize("step", [1, 3, 9])
def test_a_different_second_finish_is_refused_whatever_its_step(
    first: Submission, step: int
) -> None:
    submit(replace(first, step=3))
    with pytest.raises(SubmissionNotTaken) as refused:
        submit(replace(first, answers={"A1": 1, "A2": 1, "B1": 1}, step=step))
    assert refused.value.reason is NotTakenReason.FROZEN
    assert bytes(Response.objects.get().answers) == bytes([5, 4, 1])


@pytest.mark.parametrize("step", [1, 4])
def test_an_id_used_for_another_questionnaire_is_not_thanked_for(
    first: Submission, step: int
) -> None:
    submit(replace(first, step=3))
    factories.instrument({"A": 2, "B": 1}, default=False, slug="khac")
    other = catalogue.current().instrument("khac")
    assert other is not None
    with pytest.raises(SubmissionNotTaken):
        submit(replace(first, instrument=other, step=step))
    assert Response.objects.get().instrument_id == first.instrument.id


@pytest.mark.parametrize("state", [State.OPEN, State.SETTLED])
@pytest.mark.parametrize("slug", ["phieu", "phieu-moi"])
def test_a_questionnaire_that_changes_meanwhile_is_finished_as_the_new_one(
    state: State, slug: str
) -> None:
    old_form = factories.instrument({"A": 2, "B": 1}, slug="phieu")
    begun = factories.submission(factories.office(), [5], step=1, finished=False)
    submit(begun)
    Instrument.objects.filter(pk=old_form.pk).update(offered=False, is_default=False)
    factories.instrument({"A": 1, "C": 3}, slug=slug, version=2)
    Response.objects.update(state=state)
    new = catalogue.current().default
    assert new is not None
    after = replace(begun, instrument=new, answers={"A1": 5, "C3": 2}, step=2)
    assert submit(after).outcome is Outcome.STORED
    # what waited on a device comes later, and is old
    assert submit(replace(begun, any_version=True)).outcome is Outcome.OLDER
    assert submit(replace(after, finished=True, step=3)).outcome is Outcome.STORED
    with pytest.raises(SubmissionNotTaken):
        submit(replace(begun, any_version=True, finished=True, step=9))
    stored = Response.objects.get()
    assert (stored.instrument_id, bytes(stored.answers)) == (new.id, bytes([5, 0, 0, 2]))


@pytest.mark.parametrize("state", [State.OPEN, State.SETTLED])
def test_a_form_that_counts_is_not_given_up_for_one_that_does_not_yet(state: State) -> None:
    factories.instrument({"A": 2}, slug="phieu")
    begun = factories.submission(factories.office(), [5, 4], finished=False)
    submit(begun)
    Response.objects.update(state=state)
    Instrument.objects.update(offered=False, is_default=False)
    factories.instrument({"A": 1, "C": 3}, slug="phieu", version=2)
    new = catalogue.current().default
    assert new is not None
    after = replace(begun, instrument=new, answers={"A1": 5}, step=2)
    assert submit(after).outcome is Outcome.OLDER
    assert bytes(Response.objects.get().answers) == bytes([5, 4])
    assert submit(replace(after, answers={"A1": 5, "C1": 1}, step=3)).outcome is Outcome.STORED
    assert Response.objects.get().instrument_id == new.id


def test_an_id_used_at_two_offices_is_two_responses(first: Submission) -> None:
    submit(first)
    slug = factories.office().slug
    elsewhere = directory.current().office(slug)
    assert elsewhere is not None
    receipt = submit(replace(first, office=elsewhere, answers={"A1": 1, "A2": 1, "B1": 1}))
    assert receipt.outcome is Outcome.STORED
    assert Response.objects.count() == 2


def test_what_became_of_the_dossier_is_kept(first: Submission) -> None:
    submit(replace(first, stage=Stage.REFUSED))
    assert Response.objects.get().stage == Stage.REFUSED


def test_a_finish_takes_two_statements_with_a_remark_or_again_three(first: Submission) -> None:
    submit(factories.submission(factories.office(), [1, 1, 1]))
    with CaptureQueriesContext(connection) as plain:
        submit(first)
    with CaptureQueriesContext(connection) as remarked:
        submit(replace(first, id=uuid4(), remark="Cảm ơn"))
    with CaptureQueriesContext(connection) as repeated:
        submit(first)
    with CaptureQueriesContext(connection) as added:
        submit(replace(first, remark="Cảm ơn"))
    assert [_statements(c) for c in (plain, remarked, repeated, added)] == [2, 3, 3, 3]


def _statements(captured: CaptureQueriesContext) -> int:
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


def test_a_settled_response_may_still_be_finished_until_it_is_shown(first: Submission) -> None:
    submit(replace(first, answers={"A1": 5}, step=1, finished=False))
    Response.objects.update(state=State.SETTLED)
    submit(replace(first, step=2))
    assert Response.objects.get().state == State.FINISHED


def test_a_settled_response_in_a_batch_is_closed(first: Submission) -> None:
    submit(replace(first, answers={"A1": 5, "A2": 5}, step=1, finished=False))
    Response.objects.update(state=State.SETTLED, batch=1)
    with pytest.raises(SubmissionNotTaken):
        submit(replace(first, step=2))


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_eight_times_at_once_is_one_response(first: Submission) -> None:
    def send(_: int) -> Outcome:
        try:
            return submit(first).outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(send, range(8)))
    assert sorted(o.value for o in outcomes) == ["repeated"] * 7 + ["stored"]
    assert Response.objects.count() == Mark.objects.count() == 1


def test_an_old_version_that_is_still_offered_is_stored_as_that_version() -> None:
    factories.instrument({"A": 1}, slug="phieu", version=1, default=False)
    factories.instrument({"A": 2}, slug="phieu", version=2)
    old = catalogue.current().instrument("phieu", 1)
    assert old is not None
    assert not old.newest
    factories.answer(factories.office(), [5], instrument=old)
    assert Response.objects.get().instrument_id == old.id


def test_a_response_left_open_is_settled_half_an_hour_later() -> None:
    factories.instrument({"A": 2})
    left = factories.at(date(2026, 11, 20), hour=9)
    factories.answer(factories.office(), [5], now=left, finished=False)
    assert settle(left + timedelta(minutes=30)) == 0
    assert settle(left + timedelta(minutes=90)) == 1
    assert Response.objects.get().state == State.SETTLED
    assert Mark.objects.count() == 1


def test_a_settled_response_that_goes_on_is_counted_again_without_it() -> None:
    factories.instrument({"A": 2})
    left = factories.at(date(2026, 11, 20), hour=9)
    first = factories.submission(factories.office(), [5, 5], finished=False)
    submit(first, left)
    submit(replace(first, step=2), left)
    assert not Mark.objects.exists()  # it never counted
    settle(left + timedelta(minutes=90))
    Mark.objects.all().delete()
    submit(replace(first, step=3), left + timedelta(minutes=100))
    assert Response.objects.get().state == State.OPEN
    assert list(Mark.objects.values_list("day", flat=True)) == [left.date()]
    submit(replace(first, step=4), left + timedelta(minutes=101))
    assert Mark.objects.count() == 1
    assert settle(left + timedelta(hours=4)) == 1
    assert Response.objects.filter(arrival=None).count() == 0
