"""What the portal asks, and what it is told."""

import json
import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.models import Entry
from offices.models import AdministrativeUnit, Office
from surveys.invitations import integrations, rate
from surveys.models import Integration, InvitationCount
from tests import factories
from tests.surveys.invitations.invited import DOSSIER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings: Settings, tmp_path: Path) -> None:
    settings.INVITATION_KEYS = tmp_path / "keys"


@pytest.fixture
def province() -> AdministrativeUnit:
    factories.instrument({"A": 2, "B": 1})
    return factories.province("An Giang", code="91")


@pytest.fixture
def office(province: AdministrativeUnit) -> Office:
    return factories.office(factories.unit(parent=province))


@pytest.fixture
def key(province: AdministrativeUnit) -> str:
    return integrations.make("Cổng dịch vụ công", province).key


def ask(key: str, office: Office | None, **given: object) -> Any:
    body = {
        "office": office.slug if office else "khong-co",
        "dossier": DOSSIER,
        "finished_on": timezone.localdate().isoformat(),
        "stage": "received",
        **given,
    }
    return Client().post(
        "/api/loi-moi",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )


def test_a_portal_gets_a_link_a_last_day_and_a_code(key: str, office: Office) -> None:
    said = ask(key, office)
    assert said.status_code == 200
    link = said.json()
    assert link["url"].endswith(link["path"])
    assert len(link["path"]) <= 60
    assert "<svg" in link["qr_svg"]
    assert said["Cache-Control"] == "no-store, private"
    assert Client().get(link["path"]).status_code == 200
    assert ask(key, office).json() == link
    assert InvitationCount.objects.get().issued == 1


def test_a_key_reaches_the_offices_of_its_unit_only(key: str, office: Office) -> None:
    elsewhere = factories.office()
    assert ask(key, elsewhere).status_code == 403
    assert ask(key, None).status_code == 403
    assert not InvitationCount.objects.exists()


@pytest.mark.parametrize("wrong", ["", "x", "x" * 5000])
def test_without_a_good_key_nothing_is_made(office: Office, wrong: str) -> None:
    said = ask(wrong, office)
    assert said.status_code == 401
    assert set(said.json()["message"]) == {"vi", "en"}


def test_a_key_that_was_switched_off_is_none(key: str, office: Office) -> None:
    Integration.objects.update(active=False)
    assert ask(key, office).status_code == 401


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"dossier": "0912345678"}, ["dossier"]),
        ({"dossier": None}, ["dossier"]),
        ({"finished_on": "31/12/2026"}, ["finished_on"]),
        ({"finished_on": "2031-01-01"}, ["finished_on"]),
        ({"finished_on": "2020-01-01"}, ["finished_on"]),
        ({"stage": "waiting"}, ["stage"]),
        ({"procedure": "đất đai"}, ["procedure"]),
        ({"channel": "paper"}, ["channel"]),
    ],
)
def test_what_is_wrong_is_told_without_repeating_it(
    key: str,
    office: Office,
    given: dict[str, object],
    fields: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        said = ask(key, office, **given)
    assert said.status_code == 422
    assert said.json()["fields"] == fields
    text = said.content.decode()
    for secret in (DOSSIER, "0912345678", key):
        assert secret not in text
        assert secret not in caplog.text
    assert not InvitationCount.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", '"x"', "null"])
def test_what_is_no_json_is_told(key: str, body: str) -> None:
    said = Client().post(
        "/api/loi-moi",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    assert said.status_code in (400, 422)
    assert said.json()["error"] in ("body", "fields")
    assert set(said.json()["message"]) == {"vi", "en"}


def test_the_description_is_there_and_loads_nothing_from_elsewhere(key: str) -> None:
    said = Client().get("/api/openapi.json")
    assert said.status_code == 200
    # clients of 0.1.0 were made from this name
    assert said.json()["paths"]["/api/loi-moi"]["post"]["operationId"] == "surveys_api_invitation"
    assert Client().get("/api/docs").status_code == 404


def test_the_key_is_kept_as_a_hash_and_made_by_a_command(
    province: AdministrativeUnit, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("make_integration", "Một cửa", "91")
    key = capsys.readouterr().out.split()[-1]
    assert integrations.integration_of(key) is not None
    assert key not in str(list(Integration.objects.values()))


def test_wrong_keys_are_slowed_down_and_the_right_one_is_not(office: Office, key: str) -> None:
    answers = [ask("x" * 43, office) for _ in range(25)]
    assert [said.status_code for said in answers][:20] == [401] * 20
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1
    assert answers[-1].json()["message"]["vi"].startswith("Có quá nhiều khóa sai")
    assert ask(key, office).status_code == 200


def test_a_key_that_has_ended_is_told_so_and_nothing_is_made(key: str, office: Office) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Integration.objects.update(ends_on=yesterday)
    said = ask(key, office)
    assert (said.status_code, said.json()["error"]) == (401, "key_ended")
    for language in ("vi", "en"):
        assert f"{yesterday:%d/%m/%Y}" in said.json()["message"][language]
    assert not InvitationCount.objects.exists()
    # it is no guess, so nobody has to wait for it
    assert [ask(key, office).status_code for _ in range(25)] == [401] * 25
    Integration.objects.update(ends_on=timezone.localdate())
    assert ask(key, office).status_code == 200


def test_a_key_may_ask_so_often_in_a_minute_and_delays_no_other(
    key: str, office: Office, province: AdministrativeUnit
) -> None:
    found = Integration.objects.get()
    other = integrations.make("Một cửa", province).key
    now = time.time()
    for minute in (now, now + rate.WINDOW):  # it may turn meanwhile
        asked = [rate.may_ask(found.pk, minute) for _ in range(rate.REQUESTS + 1)]
        assert asked == [True] * rate.REQUESTS + [False]
    said = ask(key, office)
    assert (said.status_code, said["Retry-After"]) == (429, "60")
    assert said.json()["error"] == "wait"
    assert "600" in said.json()["message"]["vi"]
    assert ask(other, office).status_code == 200


def test_without_redis_every_key_goes_on(key: str, office: Office, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert [ask(key, office).status_code for _ in range(2)] == [200, 200]


def test_a_key_is_stopped_by_a_command(
    key: str, office: Office, province: AdministrativeUnit
) -> None:
    found = Integration.objects.get()
    with pytest.raises(CommandError, match="0 systems"):
        call_command("stop_integration", "Khác")
    integrations.make(found.name, province)
    with pytest.raises(CommandError, match="2 systems"):
        call_command("stop_integration", found.name)
    assert ask(key, office).status_code == 200
    call_command("stop_integration", str(found.pk))
    assert ask(key, office).status_code == 401
    assert list(Integration.objects.filter(active=True)) == [Integration.objects.last()]
    assert Entry.objects.filter(action="key.stopped").exists()


def test_a_key_is_made_by_a_command_with_its_end(
    province: AdministrativeUnit, capsys: pytest.CaptureFixture[str]
) -> None:
    last = timezone.localdate() + timedelta(days=10)
    call_command("make_integration", "Một cửa", "91", "--ends-on", f"{last}")
    assert f"{last:%d/%m/%Y}" in capsys.readouterr().out
    assert Integration.objects.get().ends_on == last
    with pytest.raises(CommandError, match="is over"):
        call_command("make_integration", "Một cửa", "91", "--ends-on", "2020-01-01")
