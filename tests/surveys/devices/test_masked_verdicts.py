"""A tablet is told what was hidden in a remark that it brought just now, and nobody else is."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from offices.models import Office
from surveys.devices import tablets
from surveys.devices.delivery.deliver import Bearer, deliver
from surveys.devices.delivery.sealing import seal
from surveys.models import Remark
from surveys.remarks.masking import MaskedKind
from tests.surveys.devices.test_delivery import now, record
from tests.surveys.devices.test_delivery import office as office  # fixtures
from tests.surveys.devices.test_delivery import paired as paired

pytestmark = pytest.mark.django_db
WROTE = "Gọi tôi 0912 345 678 hoặc an@example.vn, Ghế ít"


def results(*records: dict[str, Any]) -> list[dict[str, Any]]:
    sent = {"at": now(), "records": [seal(one) for one in records]}
    answer = Client().post("/ks/giao/", sent, content_type="application/json")
    said: list[dict[str, Any]] = answer.json()["results"]
    return said


def of_tablet(office: Office, paired: tablets.Paired, **given: object) -> dict[str, Any]:
    return record(office, channel="tablet", tablet=paired.secret, **{"remark": WROTE, **given})


def test_the_kinds_are_told_once_and_nothing_of_the_text(
    office: Office, paired: tablets.Paired
) -> None:
    given = of_tablet(office, paired)
    first, second = results(given), results(given)
    assert first == [{"outcome": "stored", "masked": ["phone", "email"]}]
    assert second == [{"outcome": "repeated"}]
    assert MaskedKind.PHONE.value in Remark.objects.get().text


def test_where_nothing_was_hidden_nothing_is_told(office: Office, paired: tablets.Paired) -> None:
    assert results(of_tablet(office, paired, remark="Ghế ít")) == [{"outcome": "stored"}]


def test_neither_a_phone_nor_a_file_nor_what_waited_is_told(
    office: Office, paired: tablets.Paired
) -> None:
    assert results(record(office, remark=WROTE)) == [{"outcome": "stored"}]
    by_file = deliver(seal(of_tablet(office, paired)), Bearer(sent=None, office=office.pk))
    assert by_file.as_json() == {"outcome": "stored"}
    before = round((timezone.now() - timedelta(days=2)).timestamp() * 1000)
    late = of_tablet(office, paired, at=before, id=str(uuid4()))
    assert results(late) == [{"outcome": "stored"}]
