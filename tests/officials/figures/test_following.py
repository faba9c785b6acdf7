"""Asking on a place's page for mail when it closes, ending it, and the list on Hôm nay."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from offices.models import Office, User
from reports.briefing.subscribing import closings_token, follow, follows, subscribe, token_of
from reports.models import Following, Subscription
from tests import factories
from tests.officials.figures.test_today import page, text_of
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
PRESS = "/bao-cao/thu/"
ASK, END = "Gửi thư cho tôi khi khóa sổ", "Ngừng nhận thư về nơi này"


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_HOST = "127.0.0.1"


def head(office: Office) -> User:
    return factories.official(office, account=factories.user(email="lan@example.vn"))


def html_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_press_on_the_page_asks_and_one_ends() -> None:
    office = factories.office()
    user = head(office)
    client = client_of(user)
    value = f"office:{office.pk}"
    for name, back in (("officials:office", ""), ("officials:office_papers", "bao-cao")):
        address = reverse(name, args=[office.slug])
        shown = html_of(client, address)
        assert ASK in shown
        assert f'name="noi" value="{value}"' in shown
        assert f'name="ve" value="{back}"' in shown
        asked = {"step": "follow", "noi": value, "ve": back}
        answer = client.post(PRESS, asked)
        assert answer["Location"].partition("#")[0] == address
        assert follows(user, office)
        shown = html_of(client, address)
        assert "Sẽ có thư khi một kỳ của nơi này khóa sổ." in shown
        assert END in shown
        client.post(PRESS, {**asked, "step": "unfollow"})
        assert not Following.objects.exists()
        assert not Subscription.objects.exists()


def test_a_unit_has_the_same_and_hom_nay_lists_all_with_a_press_each() -> None:
    office = factories.office()
    unit = office.unit
    user = factories.official(unit, account=factories.user(email="lan@example.vn"))
    client = client_of(user)
    assert ASK in html_of(client, reverse("officials:unit", args=[unit.pk]))
    assert ASK in html_of(client, reverse("officials:unit_papers", args=[unit.pk]))
    for value in (f"unit:{unit.pk}", f"office:{office.pk}"):
        client.post(PRESS, {"step": "follow", "noi": value})
    shown = page(client)
    assert "Đăng ký nhận thư" in shown, "the letter of each morning is asked for apart"
    for value in (f"unit:{unit.pk}", f"office:{office.pk}"):
        assert f'name="noi" value="{value}"' in shown
    ended = client.post(PRESS, {"step": "unfollow", "noi": f"unit:{unit.pk}", "ve": "hom-nay"})
    assert ended["Location"] == "/bao-cao/"
    assert follows(user, office)
    assert not follows(user, unit)


def test_nobody_asks_for_a_place_that_they_may_not_see() -> None:
    mine, other = factories.office(), factories.office()
    client = client_of(head(mine))
    for value in (f"office:{other.pk}", f"unit:{other.unit_id}", "office:x", ""):
        for step in ("follow", "unfollow"):
            assert client.post(PRESS, {"step": step, "noi": value}).status_code == 404
    assert not Following.objects.exists()
    assert Client().post(PRESS, {"step": "follow", "noi": f"office:{mine.pk}"}).status_code == 302
    assert not Following.objects.exists()


def test_a_lost_role_is_said_and_the_place_can_be_ended() -> None:
    mine, lost = factories.office(), factories.office(name="Trung tâm phường Tô Châu")
    user = head(mine)
    follow(user, lost)
    Subscription.objects.update(returned="550 no such person")
    client = client_of(user)
    shown = text_of(page(client))
    assert "Hiện không còn giữ vai trò đối với nơi này" in shown
    assert "550 no such person" in shown
    assert reverse("officials:office", args=[lost.slug]) not in page(client)
    client.post(PRESS, {"step": "unfollow", "noi": f"office:{lost.pk}", "ve": "hom-nay"})
    assert not Following.objects.exists()


def test_without_an_address_nothing_is_asked_for() -> None:
    office = factories.office()
    client = client_of(factories.official(office, account=factories.user(email="")))
    client.post(PRESS, {"step": "follow", "noi": f"office:{office.pk}"})
    assert not Following.objects.exists()
    assert "Tài khoản chưa có địa chỉ thư" in page(client)


def test_the_link_of_a_mail_says_what_it_ends_and_asks_first() -> None:
    office = factories.office()
    user = head(office)
    follow(user, office)
    subscribe(user)
    letter = Subscription.objects.get()
    night, places = "Ngừng nhận thư sau mỗi đêm?", "thư về các kỳ khóa sổ của mọi nơi"
    stranger = Client(enforce_csrf_checks=True)
    for token, said in (
        (token_of(letter), (True, False)),
        (closings_token(user, letter), (True, True)),
        (closings_token(user), (False, True)),
    ):
        shown = stranger.get(reverse("officials:end_letters", args=[token])).content.decode()
        assert (night in shown, places in shown) == said
    assert follows(user, office)
    address = reverse("officials:end_letters", args=[closings_token(user)])
    done = stranger.post(address, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert "Sẽ không gửi thư về các kỳ khóa sổ nữa." in done
    assert not follows(user, office)
    assert Subscription.objects.get().nightly
