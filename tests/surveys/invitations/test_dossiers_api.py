"""What a portal tells of finished dossiers, and what it is told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from offices.models import AdministrativeUnit, DossierChange, DossierCount, DossierSource, Office
from reports.models import Night
from surveys.invitations import integrations
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)


@pytest.fixture
def province() -> AdministrativeUnit:
    return factories.province("An Giang", code="91")


@pytest.fixture
def office(province: AdministrativeUnit) -> Office:
    return factories.office(factories.unit(parent=province))


@pytest.fixture
def key(province: AdministrativeUnit) -> str:
    return integrations.make("Cổng dịch vụ công", province).key


def tell(key: str, *counts: dict[str, Any]) -> Any:
    return Client().post(
        "/api/ho-so",
        json.dumps({"counts": counts}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def count(office: Office, **given: object) -> dict[str, Any]:
    return {"office": office.slug, "day": f"{TODAY}", "finished": 14, **given}


def test_a_portal_tells_numbers_and_the_same_again_changes_nothing(
    key: str, office: Office
) -> None:
    field = factories.procedure(field="Hộ tịch").field
    sent = [count(office), count(office, field=field.slug, finished=3)]
    said = tell(key, *sent)
    assert said.json() == {"new": 2, "changed": 0, "unchanged": 0, "replaced": 0}
    assert "no-store" in said["Cache-Control"]
    assert tell(key, *sent).json()["unchanged"] == 2
    assert set(DossierCount.objects.values_list("source", flat=True)) == {"portal"}
    change = DossierChange.objects.first()
    assert change is not None
    assert change.system.startswith("Cổng dịch vụ công")
    assert len(change.file_hash) == 64


def test_it_takes_the_place_of_what_an_office_told_of_itself(key: str, office: Office) -> None:
    DossierCount.objects.create(office=office, day=TODAY, finished=5, source=DossierSource.OWN)
    assert tell(key, count(office)).json()["changed"] == 1
    assert DossierCount.objects.get().source == "portal"


def test_a_key_reaches_its_own_offices_only(key: str, office: Office) -> None:
    for other in (factories.office().slug, "khong-co"):
        said = tell(key, count(office), {**count(office), "office": other})
        assert said.status_code == 403
        assert said.json()["row"] == 1
    assert tell("falsch", count(office)).status_code == 401
    assert not DossierCount.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"day": f"{TODAY + timedelta(days=1)}"}, "day"),
        ({"day": "1990-01-01"}, "day"),
        ({"field": "khong-co"}, "field"),
        ({"finished": -1}, "fields"),
        ({"finished": 10**7}, "fields"),
        ({"day": "hôm nay"}, "fields"),
        ({}, "twice"),
    ],
)
def test_one_wrong_number_keeps_out_all(
    key: str, office: Office, wrong: dict[str, Any], error: str
) -> None:
    said = tell(key, count(office), count(office, **wrong))
    assert said.status_code == 422
    assert said.json()["error"] == error
    assert "hôm nay" not in said.content.decode()
    assert not DossierCount.objects.exists()


def test_nothing_and_too_much_are_refused(key: str, office: Office) -> None:
    assert tell(key).status_code == 422
    many = [count(office, day=f"{TODAY - timedelta(days=n)}") for n in range(5001)]
    said = tell(key, *many)
    assert said.status_code == 422
    assert "5000" in said.json()["message"]["vi"]


def test_a_closed_month_stays_as_it_is(key: str, office: Office) -> None:
    now = timezone.now()
    Night.objects.create(day=LAST_MONTH, began_at=now, closed_at=now)
    DossierCount.objects.create(office=office, day=LAST_MONTH, finished=5, source="portal")
    said = tell(key, count(office), count(office, day=f"{LAST_MONTH}"))
    assert (said.status_code, said.json()["error"], said.json()["row"]) == (422, "closed", 1)
    assert "khóa sổ" in said.json()["message"]["vi"]
    assert DossierCount.objects.get().finished == 5
