"""The rooms of a place: the same order for everybody, and nothing that does not open."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import Office
from offices.rights import Role
from reports.night import steps
from tests import factories
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    factories.instrument({"A": 1})
    return factories.office(factories.unit(parent=factories.province("An Giang"), name="Hà Tiên"))


def rail(html: str) -> list[tuple[str, str, bool]]:
    """Address, words and whether one is there, of every room."""
    bar = html.partition('<nav class="rail"')[2].partition("</nav>")[0]
    found = re.findall(r'<a href="([^"]+)"( aria-current="page")?>([^<]+)</a>', bar)
    return [(address, words, bool(here)) for address, here, words in found]


def shown(client: Client, address: str) -> list[tuple[str, str, bool]]:
    response = client.get(address)
    assert response.status_code == 200, address
    return rail(response.content.decode())


FIVE = ["Hôm nay", "Kết quả", "So sánh", "Góp ý", "Thu phiếu"]


def test_a_head_has_the_five_rooms_of_the_office_and_what_else_opens(office: Office) -> None:
    client = client_of(factories.official(office))
    rooms = shown(client, reverse("officials:office", args=[office.slug]))
    words = [words for _address, words, _here in rooms]
    assert words[:5] == FIVE
    assert [words for _address, words, here in rooms if here] == ["Kết quả"]
    assert {"Loại trừ phiếu", "Phiếu chờ xem xét", "Mức chứng cứ"}.isdisjoint(words)


@pytest.mark.parametrize("role", list(Role))
def test_every_room_opens_for_whoever_sees_it(office: Office, role: Role) -> None:
    """As every role, at the office, its province and the country, wherever the role can be held."""
    for place in (office, office.unit, office.unit.province, factories.country()):
        if role not in factories.roles_of(place):
            continue
        client = client_of(factories.official(place, role))
        for address, _words, _here in rail(client.get(reverse("officials:home")).content.decode()):
            assert client.get(address, follow=True).status_code == 200, (role, place, address)


def test_the_chosen_period_goes_along_to_what_shows_periods(office: Office) -> None:
    for _ in range(12):
        factories.answer(office, [5], now=factories.at(factories.last_month_end()))
    steps.close(factories.last_month_end())
    client = client_of(factories.official(office))
    page = reverse("officials:office", args=[office.slug])
    rooms = {words: address for address, words, _here in shown(client, f"{page}?ky=quarter")}
    for words in ("Kết quả", "So sánh", "Thu phiếu", "Báo cáo"):
        assert "?ky=quarter&amp;tu=" in rooms[words]
    assert "?" not in rooms["Máy tính bảng"]


def test_an_auditor_from_above_has_the_rooms_of_auditing(office: Office) -> None:
    client = client_of(factories.official(office.unit.province, Role.AUDITOR))
    words = [w for _a, w, _h in shown(client, reverse("officials:office", args=[office.slug]))]
    assert {"Loại trừ phiếu", "Phiếu chờ xem xét"} <= set(words)


def test_a_page_of_no_place_has_the_rooms_of_the_readers_own(office: Office) -> None:
    client = client_of(factories.official(office))
    rooms = shown(client, reverse("officials:methodology"))
    assert [words for _address, words, _here in rooms][:5] == FIVE
    assert [words for _address, words, here in rooms if here] == ["Cách tính chỉ số"]


def test_the_method_has_no_rooms_for_strangers(office: Office) -> None:
    assert rail(Client().get(reverse("officials:methodology")).content.decode()) == []


def test_the_path_leads_only_where_one_may_go(office: Office) -> None:
    address = reverse("officials:office", args=[office.slug])
    steps = {
        "head": client_of(factories.official(office)),
        "officer": client_of(factories.official(office.unit.province)),
    }
    found = {
        who: re.findall(
            r"<li>(?:<a [^>]*>)?([^<]+)(</a>)?</li>",
            client.get(address)
            .content.decode()
            .partition('class="path"')[2]
            .partition("</nav>")[0],
        )
        for who, client in steps.items()
    }
    assert found["head"] == [("Việt Nam", ""), ("An Giang", ""), ("Hà Tiên", "")]
    assert found["officer"] == [("Việt Nam", ""), ("An Giang", "</a>"), ("Hà Tiên", "</a>")]
