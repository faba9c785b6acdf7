"""Each tap is saved behind the person's back; nothing of it is a finish."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices.models import Office
from surveys.citizen.sheet import start_of
from surveys.intake import ceiling
from surveys.intake.blinding import step_of
from surveys.models import Channel, Evidence, Instrument, Mark, Response, State
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def form() -> Instrument:
    return factories.instrument({"A": 2, "B": 1})


def tap(client: Client, office: Office, form: Instrument, **sent: object) -> int:
    address = reverse("surveys:start", args=[office.slug])
    visit = sent["id"]
    began = start_of(office.pk, visit) if isinstance(visit, UUID) else ""
    fields = {"form": f"{form.slug}.1", "start": began, "step": 0, "page": 0, "save": "1", **sent}
    return client.post(address, fields).status_code


def test_a_tap_is_an_open_response_and_no_figure(client: Client, form: Instrument) -> None:
    office, key = factories.office(), uuid4()
    assert tap(client, office, form, id=key, A1=5) == 204
    stored = Response.objects.get()
    assert (stored.id, stored.state, step_of(stored.step, key)) == (key, State.OPEN, 1)
    assert bytes(stored.answers) == bytes([5, 0, 0])
    assert not Mark.objects.exists()


def test_it_costs_one_statement(client: Client, form: Instrument, settings: Settings) -> None:
    office, key = factories.office(), uuid4()
    tap(client, office, form, id=key, A1=5)
    settings.DIRECTORY_CHECK_SECONDS = 60  # the process knows the office by now
    with CaptureQueriesContext(connection) as captured:
        assert tap(client, office, form, id=key, A1=5, A2=4, step=1) == 204
    said = [query["sql"] for query in captured.captured_queries]
    assert len([sql for sql in said if "SAVEPOINT" not in sql]) == 1


def test_what_is_kept_open_for_long_is_of_the_day_on_which_it_goes_on(
    client: Client, form: Instrument
) -> None:
    office, key = factories.office(), uuid4()
    tap(client, office, form, id=key, A1=5)
    for ago, kept in ((4, True), (5, False)):
        begun = timezone.localdate() - timedelta(days=ago)
        Response.objects.update(day=begun)
        tap(client, office, form, id=key, A1=5, step=15 - 2 * ago if kept else 20)
        assert Response.objects.get().day == (begun if kept else timezone.localdate())


def test_an_older_tap_never_overwrites_a_newer_one(client: Client, form: Instrument) -> None:
    office, key = factories.office(), uuid4()
    tap(client, office, form, id=key, A1=5, A2=4, step=3)
    assert tap(client, office, form, id=key, A1=1, step=1) == 204
    assert bytes(Response.objects.get().answers) == bytes([5, 4, 0])


def test_what_is_wrong_is_refused_quietly(client: Client, form: Instrument) -> None:
    assert tap(client, factories.office(), form, id=uuid4(), A1=77) == 422
    assert not Response.objects.exists()


def test_what_comes_after_the_finish_changes_nothing(client: Client, form: Instrument) -> None:
    office, key = factories.office(), uuid4()
    tap(client, office, form, id=key, A1=5, A2=5)
    Response.objects.update(state=State.FINISHED)
    assert tap(client, office, form, id=key, A1=1, step=4) == 204
    assert bytes(Response.objects.get().answers) == bytes([5, 5, 0])


def test_what_never_began_with_us_is_answered_and_not_stored(
    client: Client, form: Instrument
) -> None:
    office, key = factories.office(), uuid4()
    assert tap(client, office, form, id=key, start="", A1=5) == 204
    assert (
        tap(client, office, form, id=key, start=start_of(office.pk, uuid4()), A1=5, step=2) == 204
    )
    assert not Response.objects.exists()


def test_junk_stops_being_stored_and_nobody_notices(client: Client, form: Instrument) -> None:
    office = factories.office()
    for _ in range(ceiling.LEAST + 5):
        ceiling.forget()  # as if seconds had passed
        assert tap(client, office, form, id=uuid4(), A1=5) == 204
    assert Response.objects.count() == ceiling.LEAST
    assert factories.acts().filter(action="flood.ceiling", office_id=office.pk).count() == 1
    # an honest citizen is answered as always, and the finish counts
    honest, address = uuid4(), reverse("surveys:start", args=[office.slug])
    begun = {
        "form": f"{form.slug}.1",
        "id": honest,
        "start": start_of(office.pk, honest),
        "A1": 5,
        "A2": 4,
    }
    begun |= {"B1": 4}
    assert client.post(address, {**begun, "page": 1, "step": 1}).status_code == 200
    assert not Response.objects.filter(id=honest).exists()
    # what was kept before goes on
    known = Response.objects.earliest("id")
    assert tap(client, office, form, id=known.id, A1=1, A2=2, step=5) == 204
    assert bytes(Response.objects.get(id=known.id).answers) == bytes([1, 2, 0])
    assert client.post(address, {**begun, "page": 2, "step": 2}).status_code == 200
    assert Response.objects.get(id=honest).state == State.FINISHED


def test_a_link_and_a_tablet_are_not_bounded_by_the_junk_of_others(
    client: Client, form: Instrument
) -> None:
    office = factories.office()
    for _ in range(ceiling.LEAST + 1):
        ceiling.forget()
        tap(client, office, form, id=uuid4(), A1=5)
    before = Response.objects.count()
    for given in ({"receipt": "A"}, {"channel": Channel.TABLET}, {}):
        factories.answer(office, [5, 4, 0], finished=False, **given)
    assert before == ceiling.LEAST
    assert Response.objects.count() == before + 2


def test_junk_that_claims_another_day_is_bounded_by_the_day_on_which_it_comes(
    form: Instrument,
) -> None:
    office, today = factories.office(), timezone.localdate()
    for number in range(ceiling.LEAST + 5):
        ceiling.forget()
        claimed = today - timedelta(days=1 + number % 7)
        factories.answer(office, [5, 4, 0], finished=False, day=claimed)
    assert Response.objects.count() == ceiling.LEAST
    assert factories.acts().filter(action="flood.ceiling", office_id=office.pk).exists()


def test_what_lies_unfinished_on_tablets_takes_no_room_from_phones(form: Instrument) -> None:
    office = factories.office()
    factories.responses(
        office,
        ceiling.LEAST,
        day=timezone.localdate(),
        state=State.OPEN,
        channel=Channel.TABLET,
        evidence=Evidence.TABLET,
    )
    ceiling.forget()
    factories.answer(office, [5, 4, 0], finished=False)
    assert Response.objects.count() == ceiling.LEAST + 1
