"""What was typed when a session ended."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import drafts
from accounts.models import Draft
from tests.accounts.people import official, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/bao-cao/co-quan/phuong-ha-tien/loai-tru/?trang=2"
TEXT = "Xin cảm ơn ông bà đã góp ý."
OURS = {"Origin": "http://testserver"}


def send(client: Client, text: str = TEXT, page: str = PAGE, **headers: str) -> Any:
    fields = {"reply": text, "step": "answer", "password": "bí mật", "csrfmiddlewaretoken": "x"}
    return client.post(page, fields, headers={**OURS, **headers})


def lost(name: str = "lan") -> Client:
    """A browser whose session has ended."""
    client = Client()
    sign_in(client, name)
    return client


def later(minutes: float = 20) -> Any:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes))


def test_it_is_offered_to_its_account_and_sent_by_nobody_else() -> None:
    user = official()
    official("tam")
    client = lost()
    with later():
        assert send(client)["Location"].startswith("/dang-nhap/")
        (unsent,) = drafts.unsent_of(user)
        assert unsent.fields == (("reply", TEXT), ("step", "answer"))
        assert TEXT.encode() not in bytes(Draft.objects.get().sealed)
        other = Client()
        assert sign_in(other, "tam")["Location"] == "/bao-cao/"
        assert TEXT not in other.get("/tai-khoan/chua-gui/").content.decode()
        assert other.post(f"/tai-khoan/chua-gui/{unsent.draft.pk}/bo/").status_code == 404
        assert sign_in(client)["Location"] == "/tai-khoan/chua-gui/"
        offered = client.get("/tai-khoan/chua-gui/").content.decode()
        assert TEXT in offered
        assert f'action="{PAGE}"' in offered
        assert "bí mật" not in offered
        client.post(f"/tai-khoan/chua-gui/{unsent.draft.pk}/bo/")
        assert not Draft.objects.exists()


def test_a_page_of_somebody_elses_puts_nothing_there() -> None:
    official()
    client = lost()
    with later():
        for origin in ("https://example.org", "null", ""):
            send(client, Origin=origin)
    assert not Draft.objects.exists()


def test_a_page_that_is_older_than_its_sign_in_keeps_what_was_typed() -> None:
    user = official()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert send(client)["Location"] == "/tai-khoan/chua-gui/"
    assert TEXT in client.get("/tai-khoan/chua-gui/").content.decode()
    assert send(client, Origin="https://example.org").status_code == 403
    assert len(drafts.unsent_of(user)) == 1


@pytest.mark.parametrize("page", ["/tai-khoan/mat-khau/", "/dang-nhap/", "/ks/phuong-ha-tien/"])
def test_of_pages_with_secrets_and_of_citizens_nothing_is_kept(page: str) -> None:
    official()
    client = lost()
    with later():
        send(client, page=page)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 70_000])
def test_nothing_and_too_much_are_not_kept(text: str) -> None:
    official()
    client = lost()
    with later():
        client.post(PAGE, {"reply": text}, headers=OURS)
    assert not Draft.objects.exists()


def test_a_key_that_was_never_a_session_keeps_nothing() -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    send(client)
    assert not Draft.objects.exists()


def test_it_is_kept_for_a_day_and_the_newest_stand_for_a_page() -> None:
    user = official()
    client = lost()
    with later():
        send(client, "cũ")
        send(client, "mới")
        assert [one.fields[0][1] for one in drafts.unsent_of(user)] == ["mới"]
        for nth in range(30):
            send(client, page=f"/bao-cao/?{nth}")
        assert Draft.objects.count() == drafts.MOST_OF_A_USER
        assert drafts.forget_drafts() == 0
    with later(26 * 60):
        assert drafts.unsent_of(user) == []
        assert drafts.forget_drafts() == drafts.MOST_OF_A_USER
