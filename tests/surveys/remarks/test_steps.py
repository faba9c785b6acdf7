"""What becomes of a remark, and how its writer reads the reply."""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from offices.access import Missing
from offices.models import Office
from offices.rights import Action, Role
from surveys.intake import limits
from surveys.intake.submit import Receipt, Submission, submit
from surveys.models import Remark, RemarkStep
from surveys.remarks import steps
from surveys.remarks.masking import MaskedKind
from surveys.remarks.receipts import all_keyed, keyed, read_code, receipt_code
from surveys.remarks.steps import STEPS, RemarkNotPossible, RemarkObstacle
from tests import factories

State = Remark.State
REPLY = "Cảm ơn Ông/Bà. Cơ quan đã thêm ghế ngồi chờ."
PAGE = "/ks/phan-hoi/"


@pytest.fixture
def first(db: None) -> Submission:
    """A finished form with a remark, not yet sent."""
    factories.instrument({"A": 2, "B": 1})
    return factories.submission(factories.office(), [5, 4, 1], remark="Phòng chờ thiếu ghế")


@pytest.fixture
def receipt(first: Submission) -> Receipt:
    """The same, sent."""
    return submit(first)


def released() -> Remark:
    """The one remark, handed to its office."""
    today = timezone.localdate()
    Remark.objects.update(released_on=today, due_on=today)
    return Remark.objects.select_related("office").get()


def shown(code: str) -> str:
    """What the page says about a code."""
    return Client().post(PAGE, {"code": code}).content.decode()


# The text that is kept


def test_numbers_are_hidden_before_anything_is_stored(first: Submission) -> None:
    with CaptureQueriesContext(connection) as statements:
        receipt = submit(replace(first, remark="Gọi lại 0912 345 678 cho tôi"))
    assert Remark.objects.get().text == "Gọi lại [số điện thoại đã ẩn] cho tôi"
    assert receipt.hidden == {MaskedKind.PHONE}
    assert not [query for query in statements.captured_queries if "345 678" in query["sql"]]


def test_a_repeat_with_a_number_is_the_same_remark(first: Submission) -> None:
    sending = replace(first, remark="Gọi lại 0912 345 678 cho tôi")
    assert submit(sending).code == submit(sending).code
    assert submit(replace(first, remark=submit(sending).remark)).hidden == frozenset()
    assert Remark.objects.count() == 1


# The code


def test_a_code_has_75_bits_in_three_groups() -> None:
    codes = {receipt_code(uuid4()) for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [5, 5, 5]
        assert read_code(code) == code


@given(st.uuids(version=4), st.sampled_from(["", " ", "-", " - ", "."]))
def test_a_code_is_read_as_people_type_it(response: UUID, between: str) -> None:
    code = receipt_code(response)
    typed = between.join(code.replace("-", "").lower())
    assert read_code(typed.replace("o", "0").replace("i", "1").replace("b", "8")) == code


@pytest.mark.parametrize("typed", ["", "ABCDE", "ABCDE-FGHIJ-KLMN9", "ÁBCDE-FGHIJ-KLMNO", "A" * 16])
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_only_a_keyed_hash_of_the_code_is_kept(receipt: Receipt) -> None:
    kept = bytes(Remark.objects.get().receipt or b"")
    assert kept == keyed(receipt.code)
    assert receipt.code.encode() not in kept


def test_replies_are_found_after_the_key_was_changed(receipt: Receipt, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" + "y" * 50
    assert len(all_keyed(receipt.code)) == 2
    assert steps.find(receipt.code) == Remark.objects.get()


# The citizen's page


def test_the_reply_is_read_with_the_code_alone(receipt: Receipt) -> None:
    assert "sẽ được chuyển" in shown(receipt.code)
    remark = released()
    assert "trả lời trước hết ngày" in shown(receipt.code)
    steps.answer(remark, REPLY, factories.official(remark.office))
    page = Client().post(PAGE, {"code": receipt.code.lower().replace("-", " ")})
    assert REPLY in page.content.decode()
    assert "Phòng chờ thiếu ghế" not in page.content.decode()
    assert page["Cache-Control"] == "no-store, private"
    assert not page.cookies


def test_a_code_that_was_never_given_looks_like_one_without_a_remark(first: Submission) -> None:
    silent = submit(replace(first, id=uuid4(), remark="")).code
    submit(first)
    never = receipt_code(uuid4())
    pages, statements = [], []
    for code in (silent, never):
        with CaptureQueriesContext(connection) as captured:
            pages.append(shown(code).replace(code, "CODE"))
        statements.append(len(captured))
    assert pages[0] == pages[1]
    assert "Không tìm thấy góp ý" in pages[0]
    assert statements == [1, 1]


@pytest.mark.parametrize("typed", ["", "ABC", "x" * 5000, "0" * 15 + "é"])
def test_a_mistyped_code_is_explained(db: None, typed: str) -> None:
    response = Client().post(PAGE, {"code": typed})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


def test_a_code_in_the_address_is_not_read(receipt: Receipt) -> None:
    answer = Client().get(PAGE, {"code": receipt.code})
    assert receipt.code not in answer.content.decode()


def test_published_replies_are_for_everybody_and_others_are_not(receipt: Receipt) -> None:
    remark = released()
    head = factories.official(remark.office)
    address = reverse("surveys:published", args=[remark.office.slug])
    remark = steps.answer(remark, REPLY, head)
    assert REPLY not in Client().get(address).content.decode()
    steps.publish(remark, head)
    page = Client().get(address).content.decode()
    assert REPLY in page
    assert "Phòng chờ thiếu ghế" in page
    assert str(Remark.objects.get().response_id) not in page


# The limits


@pytest.fixture
def _own_counters(settings: Settings) -> None:
    settings.CELERY_TASK_DEFAULT_QUEUE = f"test-{uuid4()}"


@pytest.mark.usefixtures("db", "_own_counters")
def test_one_beginning_may_be_tried_so_often_in_a_minute() -> None:
    code, now = "ABCDE-FGHIJ-KLMNO", time.time()
    for minute in (now, now + limits.WINDOW):
        tries = [limits.may_try(code, minute) for _ in range(limits.TRIES_BY_BEGINNING + 1)]
        assert tries == [True] * limits.TRIES_BY_BEGINNING + [False]
        assert limits.may_try("ABDDE-FGHIJ-KLMNO", minute)
    response = Client().post(PAGE, {"code": code})
    assert response.status_code == 429
    assert "thử lại" in response.content.decode()
    assert limits.may_try(code, now + 2 * limits.WINDOW)


@pytest.mark.usefixtures("_own_counters")
def test_everybody_together_may_try_so_often_in_a_minute() -> None:
    codes = [receipt_code(UUID(int=number)) for number in range(limits.TRIES_BY_ALL + 2)]
    tries = [limits.may_try(code, 1_800_000_000.0) for code in codes]
    assert tries == [True] * limits.TRIES_BY_ALL + [False] * 2


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere/redis.sock"])
def test_without_redis_replies_can_be_read(
    receipt: Receipt, settings: Settings, address: str
) -> None:
    settings.REDIS_URL = address
    assert "sẽ được chuyển" in shown(receipt.code)


# The steps


def at_state(receipt: Receipt, state: State) -> Remark:
    """The remark, brought into this state."""
    remark = released()
    Remark.objects.update(state=state, reply=REPLY if state not in steps.WAITING else "")
    remark.refresh_from_db()
    return remark


@pytest.mark.parametrize(
    ("before", "after"), list(product(State, set(State) - {State.NEW, State.REOPENED}))
)
def test_only_the_steps_of_the_table_are_taken(
    receipt: Receipt, before: State, after: State
) -> None:
    remark = at_state(receipt, before)
    head = factories.official(remark.office)
    ways: dict[State, Callable[[], Remark]] = {
        State.ASSIGNED: lambda: steps.assign(remark, head, head),
        State.ANSWERED: lambda: steps.answer(remark, REPLY, head),
        State.PUBLISHED: lambda: steps.publish(remark, head),
        State.DONE: lambda: steps.finish(remark, head, "Thuộc cơ quan khác"),
    }
    take = ways[after]
    if after not in STEPS[before]:
        with pytest.raises(RemarkNotPossible) as refused:
            take()
        assert refused.value.obstacle is RemarkObstacle.NO_SUCH_STEP
        assert Remark.objects.get().state == before
        assert not RemarkStep.objects.exists()
        return
    assert take().state == after == Remark.objects.get().state
    step = RemarkStep.objects.get()
    assert (step.by, step.before, step.after) == (head, before, after)
    assert abs((timezone.now() - step.at).total_seconds()) < 60
    assert steps.history(remark) == [step]


def test_of_two_officials_at_once_the_second_is_told(receipt: Receipt) -> None:
    remark = released()
    stale = released()
    head = factories.official(remark.office)
    steps.answer(remark, REPLY, head)
    with pytest.raises(RemarkNotPossible):
        steps.finish(stale, head, "Không trả lời được")
    assert Remark.objects.get().reply == REPLY


def test_closing_without_a_reply_needs_a_reason_that_the_citizen_reads(receipt: Receipt) -> None:
    remark = released()
    head = factories.official(remark.office)
    with pytest.raises(RemarkNotPossible) as refused:
        steps.finish(remark, head, "…")
    assert refused.value.obstacle is RemarkObstacle.SHORT_REPLY
    steps.finish(remark, head, "Góp ý về cơ quan khác")
    assert "Góp ý về cơ quan khác" in shown(receipt.code)


def test_who_is_no_head_takes_no_step_unless_it_was_assigned(receipt: Receipt) -> None:
    remark = released()
    head = factories.official(remark.office)
    officer = factories.official(remark.office.unit)
    with pytest.raises(Missing):
        steps.answer(remark, REPLY, officer)
    remark = steps.assign(remark, officer, head)
    assert steps.steps_of(officer, remark) == {State.ANSWERED, State.DONE}
    remark = steps.answer(remark, REPLY, officer)
    with pytest.raises(Missing):
        steps.publish(remark, officer)
    with pytest.raises(PermissionDenied):
        steps.answer(remark, REPLY, factories.official(factories.office()))


def test_a_clerk_answers_and_ends_but_neither_assigns_nor_publishes(receipt: Receipt) -> None:
    remark = released()
    clerk = factories.official(remark.office, Role.CLERK)
    assert steps.steps_of(clerk, remark) == {State.ANSWERED, State.DONE}
    with pytest.raises(Missing) as refused:
        steps.assign(remark, clerk, clerk)
    assert refused.value.action == Action.ASSIGN
    remark = steps.answer(remark, REPLY, clerk)
    with pytest.raises(Missing) as refused:
        steps.publish(remark, clerk)
    assert refused.value.action == Action.PUBLISH_REPLIES
    steps.finish(remark, clerk)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST])
def test_no_remark_is_given_to_whoever_audits_or_does_not_read_it(
    receipt: Receipt, role: Role
) -> None:
    remark = released()
    with pytest.raises(RemarkNotPossible):
        steps.assign(
            remark, factories.official(remark.office.unit, role), factories.official(remark.office)
        )


def test_a_remark_is_assigned_only_to_who_may_see_the_office(receipt: Receipt) -> None:
    remark = released()
    stranger = factories.official(factories.office())
    with pytest.raises(RemarkNotPossible) as refused:
        steps.assign(remark, stranger, factories.official(remark.office))
    assert refused.value.obstacle is RemarkObstacle.NOT_OF_THE_OFFICE


def test_a_remark_that_was_not_handed_over_cannot_be_answered(receipt: Receipt) -> None:
    remark = Remark.objects.get()
    with pytest.raises(PermissionDenied):
        steps.answer(remark, REPLY, factories.official(remark.office))


# What is typed too late


def test_a_remark_that_comes_too_late_is_given_back(first: Submission) -> None:
    submit(first)
    office = Office.objects.get()
    sent = {"form": f"{first.instrument.slug}.1", "id": str(first.id), "step": "3", "page": "2"}
    late = Client().post(
        f"/ks/{office.slug}/",
        {**sent, "A1": "1", "A2": "1", "B1": "1", "remark": "Xin đừng </textarea> mất"},
    )
    assert late.status_code == 409
    page = late.content.decode()
    assert "Xin đừng &lt;/textarea&gt; mất</textarea>" in page
    assert "chưa được gửi" in page


def test_the_receipt_says_how_to_read_the_reply_and_what_was_hidden(first: Submission) -> None:
    office = Office.objects.get()
    sent = {"form": f"{first.instrument.slug}.1", "step": "2", "page": "2", "A1": "5", "A2": "5"}
    quiet = Client().post(f"/ks/{office.slug}/", {**sent, "id": str(uuid4())}).content.decode()
    assert PAGE not in quiet
    said = {**sent, "id": str(uuid4()), "remark": "Gọi 0912345678"}
    page = Client().post(f"/ks/{office.slug}/", said).content.decode()
    assert f"testserver{PAGE}" in page
    assert "Gọi [số điện thoại đã ẩn]" in page
    assert "0912345678" not in page
