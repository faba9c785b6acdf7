"""Hôm nay: what stands on it, for whom, and the letter that one asks for there."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import Membership
from reports.briefing.subscribing import subscribe, subscription_of, token_of
from reports.models import Difference, Part, Score, Subscription
from tests import factories
from tests.officials.two import client_of
from tests.reports.briefing.months import THROUGH, morning

pytestmark = pytest.mark.django_db
HOME = "/bao-cao/"


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def page(client: Client, **asked: str) -> str:
    response = client.get(HOME, asked)
    assert response.status_code == 200
    return response.content.decode()


def test_a_head_reads_how_it_stands_and_what_is_due() -> None:
    with morning((90, 10), (60, 40), name="Trung tâm phường Tô Châu") as office:
        html = page(client_of(factories.official(office)))
    text = text_of(html)
    assert "Hôm nay, 10/06/2026" in text
    assert "Tháng 5/2026: 60,00 % hài lòng, 100 phiếu. Giảm 30,0 điểm so với tháng 4/2026" in text
    assert "Không có việc đến hạn." in text
    assert "40 trong 100 chưa hài lòng" in text
    assert html.count('class="dot') == 2
    assert reverse("officials:remarks", args=[office.slug]) in html
    assert f"{reverse('officials:office', args=[office.slug])}?ky=month&amp;tu=2026-05-01" in html


def test_a_figure_that_the_proof_doubts_says_so_where_people_read_it() -> None:
    with morning((40, 10), (40, 10)) as office:
        client = client_of(factories.official(office))
        assert "đang được kiểm tra" not in page(client)
        score = Score.objects.get(office=office, period="month", start=date(2026, 5, 1))
        Difference.objects.create(
            part=Part.OFFICES, office=office, period=score.period, first=score.start,
            last=date(2026, 5, 31), found_at=factories.at(THROUGH), table="reports_score",
            column="people", shown="50", proved="51", instrument_id=score.instrument_id,
        )  # fmt: skip
        html = page(client)
    assert "đang được kiểm tra" in html
    assert html.count('class="dot checked') == 1


def test_the_line_runs_between_what_was_seen() -> None:
    """The axis of two months near 90 % does not begin at 0."""
    with morning((90, 10), (88, 12)) as office:
        html = page(client_of(factories.official(office)))
    ends = re.search(r"trục (\d+)–(\d+)", html)
    assert ends is not None
    assert 70 <= int(ends[1]) < 88
    assert 90 < int(ends[2]) <= 100


def test_other_places_are_one_press_away_and_those_of_others_are_not_there() -> None:
    mine, second, other = (factories.office(name=f"Trung tâm {name}") for name in "ABC")
    user = factories.official(mine)
    factories.official(second, Membership.Role.CLERK, account=user)
    client = client_of(user)
    beside = f"office:{second.pk}"
    assert f'href="{HOME}?noi={beside}"' in page(client)
    assert "<h1>Trung tâm B</h1>" in page(client, noi=beside)
    for wrong in (
        f"office:{other.pk}",
        f"unit:{other.unit_id}",
        f"unit:{'9' * 40}",
        "x",
        "office:",
    ):
        assert client.get(HOME, {"noi": wrong}).status_code == 404


def test_a_province_is_told_of_its_own() -> None:
    with morning((90, 10), (60, 40)) as office:
        province = office.unit.province
        html = page(client_of(factories.official(province)))
        assert reverse("officials:compare", args=[province.pk]) in html
        assert reverse("officials:unit_progress", args=[province.pk]) in html
        assert page(client_of(factories.official(office.unit)), noi=f"unit:{office.unit_id}")


def test_one_asks_for_the_letter_and_ends_it() -> None:
    user = factories.official(factories.office(), account=factories.user(email="lan@example.vn"))
    client = client_of(user)
    assert "Đăng ký nhận thư" in page(client)
    assert client.post("/bao-cao/thu/", {"step": "ask"}).status_code == 302
    said = text_of(page(client))
    assert "được gửi đến lan@example.vn" in said
    assert "Từ ngày mai" in said
    Subscription.objects.update(sent_for=date(2026, 6, 8), returned="550 no such person")
    said = text_of(page(client))
    assert "khóa ngày 08/06/2026" in said
    assert "550 no such person" in said
    client.post("/bao-cao/thu/", {"step": "end"})
    assert subscription_of(user) is None


def test_without_an_address_nothing_is_asked_for() -> None:
    user = factories.official(factories.office(), account=factories.user(email=""))
    client = client_of(user)
    client.post("/bao-cao/thu/", {"step": "ask"})
    assert subscription_of(user) is None
    assert "Tài khoản chưa có địa chỉ thư" in text_of(page(client))


def test_opening_the_link_asks_and_pressing_ends() -> None:
    """A mail server that opens every link ends nothing."""
    user = factories.official(factories.office())
    subscribe(user)
    found = subscription_of(user)
    assert found is not None
    address = reverse("officials:end_letters", args=[token_of(found)])
    stranger = Client(enforce_csrf_checks=True)
    shown = stranger.get(address)
    assert shown.status_code == 200
    assert "Ngừng nhận thư sau mỗi đêm?" in shown.content.decode()
    assert subscription_of(user) is not None
    done = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert "Sẽ không gửi thư nữa." in done.content.decode()
    assert subscription_of(user) is None
    assert stranger.get("/bao-cao/thu/nonsense/").status_code == 404
    assert stranger.post("/bao-cao/thu/nonsense/").status_code == 404


def test_a_simulated_place_says_so_once() -> None:
    with morning((90, 10), (60, 40)) as office:
        Score.objects.update(simulated=True)
        html = page(client_of(factories.official(office)))
    assert html.count("Số liệu mô phỏng") == 1
