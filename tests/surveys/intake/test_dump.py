"""Whoever holds a dump and the log of the proxy joins nobody's answers to a line of it.

Decision 0034 says what was tried. Each attack below named people before it was mended.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from offices.locks import Lock, wait_for
from offices.models import Office
from surveys.intake import shuffling
from surveys.intake.blinding import LAST_STEP, NUMBERS, blind_of, blinded, step_of
from surveys.intake.settling import settle
from surveys.intake.submit import Outcome, submit
from surveys.models import Contact, Remark, Response, State, Waiting
from surveys.remarks import contacts
from tests import factories
from tests.overlapping import held, on_own_connection
from tests.surveys.intake.dumped import PHONES, Row, Story, dump, in_order, smallest_group, story

pytestmark = pytest.mark.django_db
FEWEST = 10
# Of 40 in no order the longest row in order has 9, give or take 2; of 20 it has 7.
BY_CHANCE = {PHONES: 20, PHONES // 2: 15}
# What the log says of a phone: where it was, on which day, by which channel, and whether it ended.
KNOWN = ("office_id", "channel", "day", "received_on", "batch", "state", "language")


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def block(office: Office) -> None:
    """What the night does: everybody who waits gets one block, and rows lie in no order."""
    Response.objects.filter(office=office, batch=None).update(batch=1, arrival=None)
    with transaction.atomic():
        wait_for(Lock.OFFICE_COUNT, office.pk, also=Lock.EXCLUSIONS)
        shuffling.shuffle(office.pk, [timezone.localdate()])


def test_neither_a_dump_with_the_log_by_day_nor_one_after_the_night_names_anybody(
    office: Office,
) -> None:
    told = story(office, seed=1)
    assert len(set(told.requests.values())) > 5
    shuffling.mix()  # as docs/operations.md says, right before a backup
    attack(told)
    block(office)
    attack(told)


def attack(told: Story) -> None:
    """Every join that has named somebody once."""
    responses, remarks = dump("surveys_response"), dump("surveys_remark")
    no_place_and_no_column_follows_the_log(told, responses, "id", "id")
    no_place_and_no_column_follows_the_log(told, remarks, "response_id", "key")
    contacts_follow_neither_remarks_nor_the_log(told)
    assert {row["step"] for row in responses} == {"0"}
    assert smallest_group(responses, *KNOWN, "step", "arrival") >= min(FEWEST, len(responses))
    assert smallest_group(remarks, "office_id", "day", "state", "released_on") >= FEWEST
    assert len({row["delete_on"] for row in dump("surveys_contact")}) == 1


def no_place_and_no_column_follows_the_log(
    told: Story, rows: Sequence[Row], response: str, at_random: str
) -> None:
    """response: the column that only we know the owner of; at_random: one that says nothing."""
    whose = {str(phone.id): phone.address for phone in told.phones}
    claims = {"place": [whose[row[response]] for row in rows]}
    for column in rows[0]:
        ranked = sorted((len(r[column]), r[column], r[at_random], r[response]) for r in rows)
        claims[column] = [whose[one] for *_, one in ranked]
    for name, claimed in claims.items():
        for order in (told.order, told.begun):
            assert in_order(claimed, order) <= BY_CHANCE[len(rows)], name


def contacts_follow_neither_remarks_nor_the_log(told: Story) -> None:
    """By the rows' places; their keys say nothing without our secret, which this test has."""
    remark_of = {
        str(row_key): str(remark.response_id)
        for remark in Remark.objects.all()
        for row_key in contacts._row_keys(remark.key)
    }
    whose = {str(phone.id): phone.address for phone in told.phones}
    claimed = [remark_of[row["key"]] for row in dump("surveys_contact")]
    assert len(claimed) == PHONES // 4
    lying = [row["response_id"] for row in dump("surveys_remark")]
    assert in_order(claimed, lying) < len(claimed)
    assert in_order([whose[response] for response in claimed], told.order) < len(claimed)


def test_a_form_that_is_open_tells_no_number_of_requests(office: Office) -> None:
    steps = range(1, PHONES + 1)
    sent = [factories.submission(office, [5], step=step, finished=False) for step in steps]
    for one in sent:
        submit(one)
    kept = {row["id"]: int(row["step"]) for row in dump("surveys_response")}
    claimed = sorted(sent, key=lambda one: kept[str(one.id)])
    assert in_order([one.step for one in claimed], steps) <= BY_CHANCE[PHONES]
    assert all(step_of(kept[str(one.id)], one.id) == one.step for one in sent)


def test_what_another_secret_has_blinded_is_older_than_any_step(office: Office) -> None:
    first = factories.submission(office, [5], step=7, finished=False)
    submit(first)
    strange = (blind_of(first.id) + LAST_STEP + 1) % NUMBERS
    Response.objects.update(step=strange)
    assert step_of(strange, first.id) == 0
    later = factories.submission(office, [4], id=first.id, step=2, finished=False)
    assert submit(later).outcome is Outcome.STORED
    assert Response.objects.get().step == blinded(2, first.id)


def test_a_settled_form_still_knows_which_step_is_late(office: Office) -> None:
    now = timezone.localtime()
    first = factories.submission(office, [5], step=3, finished=False)
    submit(first, now)
    assert settle(now + timedelta(hours=2)) == 1
    shuffling.mix()
    late = factories.submission(office, [1], id=first.id, step=2, finished=False)
    assert submit(late, now).outcome is Outcome.OLDER
    later = factories.submission(office, [5, 2], id=first.id, step=4, finished=False)
    assert submit(later, now).outcome is Outcome.STORED
    assert Response.objects.get().state == State.OPEN
    # whoever goes on is written anew with those who finish after them
    submit(factories.submission(office, [5, 2, 1], id=first.id, step=5), now)
    assert Response.objects.get().arrival == Waiting.AS_IT_CAME


def test_rows_are_written_anew_as_they_were(office: Office) -> None:
    for answers in ([5, 4, 3], [1], [2, 9, 5]):
        factories.answer(office, answers, remark="Ghế chờ ít", contact="0912345678")
    before = {model: sorted(map(str, model.objects.values())) for model in (Remark, Contact)}
    rows = {row["id"]: row for row in Response.objects.values()}
    assert shuffling.mix() == 1
    assert {m: sorted(map(str, m.objects.values())) for m in (Remark, Contact)} == before
    changed = {row["id"]: row for row in Response.objects.values()}
    assert changed == {key: {**row, "arrival": Waiting.MIXED} for key, row in rows.items()}
    assert shuffling.mix() == 0


def test_what_came_late_and_of_other_days_is_mixed_too(office: Office) -> None:
    today = timezone.localdate()
    for ago in (0, 1, 40):
        factories.answer(office, [5], day=today - timedelta(days=ago))
    shuffling.mix()
    assert set(Response.objects.values_list("arrival", flat=True)) == {Waiting.MIXED}


def test_only_days_that_are_asked_for_are_shuffled(office: Office) -> None:
    today = timezone.localdate()
    for ago in (0, 3):
        factories.responses(office, 5, day=today - timedelta(days=ago), batch=1, step=4)
    with transaction.atomic():
        assert shuffling.shuffle(office.pk, [today]) == 5
    steps = dict(Response.objects.values_list("day", "step"))
    assert steps == {today: 0, today - timedelta(days=3): 4}


@pytest.mark.django_db(transaction=True)
def test_who_sends_while_rows_are_written_anew_loses_nothing(office: Office) -> None:
    first = factories.submission(office, [5], step=1, finished=False)
    submit(first)
    factories.answer(office, [4])
    with held(shuffling.mix, before="surveys_remark") as mixing:
        later = factories.submission(office, [5, 3], id=first.id, step=2)
        assert submit(later).outcome is Outcome.STORED
    mixing.result()
    assert bytes(Response.objects.get(id=first.id).answers) == bytes([5, 3, 0])
    assert Response.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_is_writing_is_not_waited_for(office: Office) -> None:
    for answers in ([5], [4]):
        factories.answer(office, answers)
    busy = Response.objects.first()
    assert busy is not None

    def mix() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")  # whoever waits for the row fails
        shuffling.mix()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        Response.objects.select_for_update().get(pk=busy.pk)
        pool.submit(on_own_connection, mix).result()
    assert dict(Response.objects.values_list("id", "arrival")) == {
        row.id: Waiting.AS_IT_CAME if row.id == busy.id else Waiting.MIXED
        for row in Response.objects.all()
    }
