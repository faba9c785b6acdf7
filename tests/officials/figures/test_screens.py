"""Screens on walls: closed figures without an account, by an address that can be revoked."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from offices.models import Office
from offices.rights import Role
from reports.briefing.screens import token_of
from reports.models import Score, Screen
from surveys.models import Remark
from tests import factories
from tests.officials.two import client_of
from tests.reports.briefing.months import morning

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Iterator[Office]:
    with morning((90, 10), (60, 40)) as made:
        yield made


def made(client: Client, office: Office, words: str = "Sảnh") -> str:
    """The path of a new screen of the office, as its page tells it."""
    address = reverse("officials:screens", args=[office.slug])
    assert client.post(address, {"step": "make", "words": words}).status_code == 302
    found = re.findall(
        r"<code>http://testserver(/bao-cao/man-hinh/[^<]+)</code>", text_of(client, address)
    )
    return str(found[-1])


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_stranger_sees_the_newest_closed_month_and_no_other(office: Office) -> None:
    html = text_of(Client(), made(client_of(factories.official(office)), office))
    assert re.search(r'class="wall-figure">60,00.%<', html)
    assert "đã giảm." in html
    assert "<form" not in html
    assert reverse("surveys:qr", args=[office.slug]) in html
    assert not Client().get(made(client_of(factories.official(office)), office)).cookies
    Score.objects.filter(office=office, start=date(2026, 5, 1)).update(closed=False)
    open_now = text_of(Client(), made(client_of(factories.official(office)), office))
    assert "60,00" not in open_now


def test_a_revoked_address_shows_nothing_and_both_acts_are_written_down(office: Office) -> None:
    head = client_of(factories.official(office))
    path = made(head, office)
    other = made(head, office, "Tầng hai")
    (screen, kept) = Screen.objects.order_by("pk")
    address = reverse("officials:screens", args=[office.slug])
    for _ in range(2):
        head.post(address, {"step": "revoke", "screen": screen.pk})
    assert Client().get(path).status_code == 404
    assert Client().get(other).status_code == 200
    assert kept.revoked_on is None
    acts = list(Entry.objects.filter(action__startswith="screen.").values_list("action", flat=True))
    assert sorted(acts) == ["screen.made", "screen.made", "screen.revoked"]
    assert "Tầng hai" in text_of(head, address)
    assert "Sảnh" not in text_of(head, address).partition("<main")[2].partition("new-title")[0]


def test_an_office_that_has_ended_asks_nobody_any_more(office: Office) -> None:
    path = made(client_of(factories.official(office)), office)
    Office.objects.filter(pk=office.pk).update(valid_to=date(2026, 6, 9))
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST])
def test_who_changes_nothing_hangs_no_screens(office: Office, role: Role) -> None:
    reader = client_of(factories.official(office.unit.province, role))
    address = reverse("officials:screens", args=[office.slug])
    assert reader.get(address).status_code == 403
    assert reader.post(address, {"step": "make", "words": "Sảnh"}).status_code == 403


@pytest.mark.parametrize("token", ["x", "1", "MQ:abc", "%00"])
def test_what_is_no_address_of_ours_shows_nothing(office: Office, token: str) -> None:
    made(client_of(factories.official(office)), office)
    assert Client().get(f"/bao-cao/man-hinh/{token}/").status_code == 404


def test_a_screen_of_another_office_cannot_be_revoked_here(office: Office) -> None:
    other = factories.office()
    screen = Screen.objects.create(office=other, words="Sảnh", made_on=date(2026, 6, 1))
    address = reverse("officials:screens", args=[office.slug])
    head = client_of(factories.official(office))
    for key in (screen.pk, "x", "", "9" * 30):
        sent = head.post(address, {"step": "revoke", "screen": key}, follow=True)
        assert "không còn màn hình này" in sent.content.decode()
    assert Client().get(f"/bao-cao/man-hinh/{token_of(screen)}/").status_code == 200


def test_who_may_not_take_figures_away_makes_none(office: Office) -> None:
    address = reverse("officials:screens", args=[office.slug])
    clerk = client_of(factories.official(office, Role.CLERK))
    assert clerk.post(address, {"step": "make", "words": "Sảnh"}).status_code == 403
    assert not Screen.objects.exists()


def test_words_are_asked_for_and_there_are_at_most_ten(office: Office) -> None:
    head, address = (
        client_of(factories.official(office)),
        reverse("officials:screens", args=[office.slug]),
    )
    assert head.post(address, {"step": "make", "words": "  "}).status_code == 422
    long = head.post(address, {"step": "make", "words": "x" * 81})
    assert long.status_code == 422
    assert "x" * 81 in long.content.decode()
    for number in range(10):
        made(head, office, f"Sảnh {number}")
    assert head.post(address, {"step": "make", "words": "một nữa"}).status_code == 422
    assert Screen.objects.count() == 10
    assert "tối đa 10 màn hình" in text_of(head, address)


def test_the_newest_published_reply_stands_there_and_no_remark(office: Office) -> None:
    state = {"state": Remark.State.PUBLISHED, "day": date(2026, 4, 1), "due_on": date(2026, 5, 9)}
    for day, reply in ((date(2026, 5, 1), "Đã cũ."), (date(2026, 6, 1), "Đã kê thêm ghế.")):
        Remark.objects.create(
            office=office, response_id=uuid4(), released_on=day, text="RIÊNG", reply=reply, **state
        )
    Remark.objects.create(
        office=office,
        response_id=uuid4(),
        released_on=date(2026, 6, 9),
        text="RIÊNG",
        reply="Chưa công khai.",
        **{**state, "state": Remark.State.ANSWERED},
    )
    html = text_of(Client(), made(client_of(factories.official(office)), office))
    assert "Đã kê thêm ghế." in html
    for hidden in ("Đã cũ.", "Chưa công khai.", "RIÊNG"):
        assert hidden not in html
