"""Phones without network: a form on a ticket that the phone fetched counts on its day."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.models import Office
from surveys.devices.delivery.sealing import seal
from surveys.intake import starts
from surveys.models import Response
from tests import factories
from tests.surveys.devices.test_delivery import DAY, begun, now, record, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    factories.instrument({"O": 1, "A": 1}, slug="counter")
    return factories.office()


def test_a_phone_s_day_is_believed_from_the_day_on_which_its_ticket_was_fetched(
    office: Office,
) -> None:
    today = timezone.localdate()
    assert send(*(seal(begun(office, 3, at=now() - n * DAY)) for n in (3, 4))) == ["stored"] * 2
    days = Response.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [today - timedelta(days=3), today]


def test_a_phone_without_a_ticket_of_its_own_counts_today(office: Office) -> None:
    then, other = now() - 2 * DAY, factories.office()
    given = begun(office, 5, at=then)
    foreign = {**begun(other, 5, at=then), "office": office.slug}
    lent = {**given, "id": str(uuid4())}
    made_up = {**given, "start": given["start"][:-1] + "A", "id": str(uuid4())}
    sent = [record(office, at=then), foreign, lent, made_up]
    assert send(*(seal(one) for one in sent)) == ["stored"] * 4
    assert set(Response.objects.values_list("day", flat=True)) == {timezone.localdate()}


def test_a_phone_gets_three_tickets_each_for_one_form_of_this_office(office: Office) -> None:
    address = reverse("surveys:questionnaire", args=[office.slug])
    told = Client().get(address).json()["tickets"]
    assert len({one["id"] for one in told}) == 3
    for one in told:
        start = starts.begun(one["start"], office.pk, UUID(one["id"]))
        assert start is not None
        assert timezone.now() - start < timedelta(minutes=1)
