"""A portal tells of dossiers one by one: each is known, counts once, and its contact waits."""

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from offices.models import AdministrativeUnit, DossierCount, DossierSource, Office
from surveys.invitations import integrations, waiting
from surveys.invitations.keys import key_folder
from surveys.models import Sending, Teller, ToldDossier, WaitingInvitation
from tests import factories
from tests.overlapping import held, on_own_connection
from tests.surveys.intake.dumped import dump
from tests.surveys.invitations.invited import link

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PHONE = "0912 345 678"


@pytest.fixture
def province(settings: Settings, tmp_path: Path) -> AdministrativeUnit:
    settings.INVITATION_KEYS = tmp_path / "keys"
    return factories.province("An Giang", code="91")


@pytest.fixture
def office(province: AdministrativeUnit) -> Office:
    return factories.office(factories.unit(parent=province))


@pytest.fixture
def key(province: AdministrativeUnit) -> str:
    return integrations.make("Cổng dịch vụ công", province).key


def tell(key: str, *dossiers: dict[str, Any], **more: object) -> Any:  # Any: a test's response
    return Client().post(
        "/api/ho-so",
        json.dumps({"dossiers": dossiers, **more}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def code(number: int) -> str:
    return f"H15.50.05.13-{TODAY.year % 100:02}0108-{number:04}"


def one(office: Office, number: int = 1, **given: object) -> dict[str, Any]:
    fields = {"dossier": code(number), "finished_on": f"{TODAY}", "stage": "received"}
    return {"office": office.slug, **fields, **given}


def counts() -> dict[tuple[int, date, int | None], int]:
    """Finished dossiers by office, day and field."""
    return {(c.office_id, c.day, c.field_id): c.finished for c in DossierCount.objects.all()}


def test_dossiers_are_known_and_counted_by_day_and_field(key: str, office: Office) -> None:
    procedure = factories.procedure()
    yesterday = TODAY - timedelta(days=1)
    said = tell(
        key,
        one(office, 1),
        one(office, 2, procedure=f"{procedure.code}.H13", stage="refused"),
        one(office, 3, procedure="9.999999", finished_on=f"{yesterday}"),
    )
    assert said.status_code == 200
    assert said.json()["dossiers"] == {"new": 3, "unchanged": 0, "contacts": 0}
    assert said.json()["new"] == 3
    assert counts() == {
        (office.pk, TODAY, None): 1,
        (office.pk, TODAY, procedure.field_id): 1,
        (office.pk, yesterday, None): 1,
    }
    assert set(DossierCount.objects.values_list("source", flat=True)) == {"portal"}
    assert link(office, code(1)).known
    assert not link(office, code(9)).known


def test_the_same_again_changes_nothing_and_counts_once(key: str, office: Office) -> None:
    tell(key, one(office, 1, contact=PHONE), one(office, 2))
    later = one(office, 1, finished_on=f"{TODAY - timedelta(days=2)}", contact="chi@example.vn")
    said = tell(key, later, one(office, 2, procedure="1.001193"))
    assert said.json()["dossiers"] == {"new": 0, "unchanged": 2, "contacts": 0}
    assert counts() == {(office.pk, TODAY, None): 2}
    assert set(ToldDossier.objects.values_list("finished_on", flat=True)) == {TODAY}
    tell(key, one(office, 3))
    assert counts() == {(office.pk, TODAY, None): 3}


def test_it_takes_the_place_of_what_the_office_told(key: str, office: Office) -> None:
    field = factories.procedure().field
    own = DossierCount.objects.create
    own(office=office, day=TODAY, field=field, finished=50, source=DossierSource.OWN)
    assert tell(key, one(office)).json()["replaced"] == 1
    assert counts() == {(office.pk, TODAY, None): 1, (office.pk, TODAY, field.pk): 0}


def test_what_only_links_were_asked_for_counts_when_it_is_told(key: str, office: Office) -> None:
    link(office, code(1), teller=Teller.KEY)
    tell(key, one(office, 2))
    assert counts() == {(office.pk, TODAY, None): 1}
    assert tell(key, one(office, 1)).json()["dossiers"]["new"] == 1
    assert counts() == {(office.pk, TODAY, None): 2}


def test_a_dossier_counts_at_the_office_for_which_it_was_told_first(
    key: str, office: Office
) -> None:
    other = factories.office(office.unit)
    tell(key, one(office))
    said = tell(key, one(other, contact=PHONE))
    assert said.json()["dossiers"] == {"new": 0, "unchanged": 1, "contacts": 0}
    assert counts() == {(office.pk, TODAY, None): 1}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"dossier": "12345"}, "dossier"),
        ({"dossier": f"H15.50.05.13-{TODAY.year % 100 + 1:02}0108-0001"}, "dossier"),
        ({"dossier": f"H15.50.05.13-{TODAY.year % 100 - 3:02}0108-0001"}, "dossier"),
        ({"finished_on": f"{TODAY + timedelta(days=1)}"}, "finished_on"),
        ({"finished_on": "1990-01-01"}, "finished_on"),
        ({"procedure": "đất đai"}, "procedure"),
        ({"contact": "ở nhà"}, "contact"),
        ({"contact": "0212345678"}, "contact"),
        ({"dossier": code(1)}, "twice"),
    ],
)
def test_one_bad_row_keeps_out_all_and_is_told(
    key: str, office: Office, wrong: dict[str, Any], error: str
) -> None:
    said = tell(key, one(office, 1, contact=PHONE), one(office, 2, **wrong))
    assert (said.status_code, said.json()["error"], said.json()["row"]) == (422, error, 1)
    assert set(said.json()["message"]) == {"vi", "en"}
    assert said.json()["message"]["vi"] != said.json()["message"]["en"]
    for secret in (code(1), "ở nhà", "đất đai", PHONE):
        assert secret not in said.content.decode()
    for model in (ToldDossier, WaitingInvitation, DossierCount):
        assert not model._default_manager.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stage": "waiting"}, "stage"),
        ({"finished_on": "hôm nay"}, "finished_on"),
        ({"contact": "x" * 200}, "contact"),
        ({"dossier": None}, "dossier"),
    ],
)
def test_fields_of_the_wrong_shape_are_named(
    key: str, office: Office, wrong: dict[str, Any], field: str
) -> None:
    said = tell(key, one(office), one(office, 2, **wrong))
    assert said.status_code == 422
    assert field in said.json()["fields"]
    assert "dossiers" in said.json()["message"]["en"]
    assert not ToldDossier.objects.exists()


def test_nothing_too_much_and_both_at_once_are_refused(key: str, office: Office) -> None:
    count = {"office": office.slug, "day": f"{TODAY}", "finished": 3}
    assert tell(key).status_code == 422
    assert tell(key, *(one(office, n) for n in range(1001))).status_code == 422
    assert tell(key, one(office), counts=[count]).status_code == 422
    assert not DossierCount.objects.exists()


def test_a_key_reaches_its_own_offices_only(key: str, office: Office) -> None:
    said = tell(key, one(office), one(factories.office(), 2))
    assert (said.status_code, said.json()["row"]) == (403, 1)
    assert not ToldDossier.objects.exists()


def test_a_contact_stands_nowhere_in_clear(
    key: str, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        long = f"{'chi' * 20}@example.vn"
        tell(key, one(office, 1, contact=PHONE), one(office, 2, contact=long))
        tell(key, one(office, 3, contact=PHONE), one(office, 4, contact="x"))
    rows = dump("surveys_waitinginvitation")
    assert len({len(row["sealed"]) for row in rows}) == 1
    text = str(rows) + str(dump("surveys_tolddossier")) + caplog.text
    for secret in ("912345678", "345 678", long, code(1), code(2), code(3)):
        assert secret not in text
        assert secret.encode().hex() not in text
    row = WaitingInvitation.objects.get(seen=ToldDossier.objects.order_by("pk")[0].seen)
    assert row.sealed is not None
    contact = waiting.opened(office.pk, bytes(row.sealed)).contact
    assert contact in ("+84912345678", long)


def many(office: Office) -> dict[str, bool]:
    """Whether the contacts that wait are one of many, by the dossier's code."""
    return {
        waiting.opened(office.pk, bytes(row.sealed or b"")).dossier: row.is_one_of_many
        for row in WaitingInvitation.objects.all()
    }


def test_of_one_contact_only_three_dossiers_a_day_prove_something(key: str, office: Office) -> None:
    tell(key, one(office, 1, contact=PHONE), one(office, 2, contact="+84912345678"))
    tell(key, one(office, 3, contact="0912.345.678"), one(office, 4, contact=PHONE))
    tell(key, one(office, 5, contact="a@example.vn"), one(office, 6, contact=PHONE))
    for n, contact in ((8, "A@example.vn"), (9, "a@EXAMPLE.vn"), (10, "A@Example.vn")):
        tell(key, one(office, n, contact=contact))
    proving = {4: True, 6: True, 10: True}
    assert many(office) == {code(n): proving.get(n, False) for n in (*range(1, 7), 8, 9, 10)}
    # with the key of another day nobody knows whether it is the same
    (key_folder().of_day(TODAY) / "key").unlink()
    tell(key, one(office, 7, contact=PHONE))
    assert many(office)[code(7)] is False


def test_who_tells_of_many_at_once_counts_them_too(key: str, office: Office) -> None:
    tell(key, *(one(office, n, contact=PHONE) for n in range(1, 7)))
    assert sorted(many(office).values()) == [False, False, False, True, True, True]


def test_contacts_of_dossiers_that_are_too_old_are_not_kept(key: str, office: Office) -> None:
    early = TODAY - timedelta(days=31)
    said = tell(key, one(office, 1, contact=PHONE, finished_on=f"{early}"))
    if said.status_code == 422:  # its month is closed
        assert said.json()["error"] == "closed"
    assert not WaitingInvitation.objects.exists()


def test_contacts_end_with_their_links_and_after_they_were_sent(key: str, office: Office) -> None:
    tell(key, *(one(office, n, contact=f"09123456{n}0") for n in range(1, 5)))
    first, second, *_rest = ToldDossier.objects.order_by("seen")
    for row, state in ((first, Sending.SENT), (second, Sending.TAKEN)):
        ToldDossier.objects.filter(pk=row.pk).update(sending=state)
    assert waiting.delete_ended() == 2
    assert waiting.delete_ended(TODAY + timedelta(days=30)) == 0
    assert waiting.delete_ended(TODAY + timedelta(days=31)) == 2
    # told again it does not wait again
    said = tell(key, *(one(office, n, contact=f"09123456{n}0") for n in range(1, 5)))
    assert said.json()["dossiers"]["contacts"] == 0


def test_a_link_that_was_asked_for_elsewhere_stays_there(key: str, office: Office) -> None:
    other = factories.office(office.unit)
    link(other, code(1), teller=Teller.KEY)
    said = tell(key, one(office, 1), one(office, 2))
    assert said.json()["dossiers"] == {"new": 1, "unchanged": 1, "contacts": 0}
    assert counts() == {(office.pk, TODAY, None): 1}


def waits() -> bool:
    """Whether somebody waits for a lock of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_two_that_tell_of_one_day_at_once_are_both_counted(key: str, office: Office) -> None:
    other = integrations.make("Một cửa", office.unit).key
    with ThreadPoolExecutor(1) as pool:
        # the first has counted and is about to store
        with held(lambda: tell(key, one(office, 1)), before="(source = 'own' AND held)") as first:
            second = pool.submit(on_own_connection, lambda: tell(other, one(office, 2)))
            deadline = time.monotonic() + 30
            while not waits():
                assert time.monotonic() < deadline
        assert (first.result().status_code, second.result().status_code) == (200, 200)
    assert counts() == {(office.pk, TODAY, None): 2}
