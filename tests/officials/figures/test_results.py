"""A figure's page: changes, the lowest first, the unit above beside it, one page a criterion."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from offices.models import AdministrativeUnit, Office
from reports.models import Score
from reports.night import steps
from surveys.models import EvidenceLevel
from tests import factories
from tests.officials.two import client_of
from tests.reports.briefing.months import APRIL, MAY, TODAY

pytestmark = pytest.mark.django_db
A_YEAR_AGO = date(2025, 5, 14)
CLOSED = {"ky": "month", "tu": "2026-05-01"}


def say(office: Office, day: date, people: int, answers: list[int]) -> None:
    for _ in range(people):
        factories.answer(office, answers, now=factories.at(day))


@pytest.fixture
def office() -> Iterator[Office]:
    """Of A, B, C in May 100, 0 and 50 %; another office of the province lifts B to half."""
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        factories.instrument({"A": 1, "B": 1, "C": 1})
        province = factories.province("An Giang")
        own = factories.office(factories.unit(parent=province, name="Hà Tiên"))
        other = factories.office(factories.unit(parent=province, name="Tô Châu"))
        for day in (A_YEAR_AGO, APRIL):
            say(own, day, 40, [5, 5, 5])
        for last in (5, 2):
            say(own, MAY, 20, [5, 1, last])
        say(other, MAY, 40, [5, 5, 5])
        steps.close(date(2026, 6, 9))
        yield own


def page(client: Client, name: str, *of: str | int, **asked: str) -> str:
    response = client.get(reverse(f"officials:{name}", args=of), asked)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def codes(html: str, title: str) -> list[str]:
    """The codes in a section's rows, in their order."""
    section = html.partition(f'id="{title}"')[2].partition("</section>")[0]
    return re.findall(r'<th scope="row">(?:<a [^>]*>)?(\w+)\. ', section)


def test_a_closed_month_stands_beside_the_one_before_and_a_year_ago(office: Office) -> None:
    text = text_of(page(client_of(factories.official(office)), "office", office.slug, **CLOSED))
    assert re.search(r"So với kỳ trước −50,0 từ .* – đã giảm\.", text), text
    assert re.search(r"So với cùng kỳ năm trước −50,0 từ ", text)


def test_nothing_is_compared_across_other_evidence(office: Office) -> None:
    EvidenceLevel.objects.create(
        office=office, year=2026, level=EvidenceLevel.Level.A, set_at=factories.at(TODAY)
    )
    text = text_of(page(client_of(factories.official(office)), "office", office.slug, **CLOSED))
    assert re.search(r"So với kỳ trước −50,0", text)
    assert "So với cùng kỳ năm trước Không có gì để so" in text
    assert "01/01/2026: đổi mức chứng cứ được tính" in text


def test_an_open_month_is_compared_with_nothing(office: Office) -> None:
    Score.objects.filter(start=date(2026, 5, 1)).update(closed=False)
    text = text_of(page(client_of(factories.official(office)), "office", office.slug, **CLOSED))
    assert "So với" not in text


def test_the_lowest_come_first_unless_the_form_is_asked_for(office: Office) -> None:
    client = client_of(factories.official(office))
    html = page(client, "office", office.slug, **CLOSED)
    assert codes(html, "factors-title") == ["B", "C", "A"]
    assert codes(html, "criteria-title") == ["B1", "C1", "A1"]
    as_asked = page(client, "office", office.slug, **CLOSED, **{"thu-tu": "phieu"})
    assert codes(as_asked, "factors-title") == ["A", "B", "C"]
    assert codes(as_asked, "criteria-title") == ["A1", "B1", "C1"]


def test_what_has_no_figure_stands_last(office: Office) -> None:
    province = office.unit.province
    rare = factories.office(factories.unit(parent=province, name="Hiếm"))
    for number in range(30):
        factories.answer(rare, [5, 2, 9 if number > 3 else 5], now=factories.at(MAY))
    steps.close(date(2026, 6, 9))
    html = page(client_of(factories.official(province)), "office", rare.slug, **CLOSED)
    assert codes(html, "factors-title")[-1] == "C"
    assert "chưa đủ câu trả lời" in html


def test_the_province_stands_beside_each_factor(office: Office) -> None:
    client = client_of(factories.official(office))
    text = text_of(page(client, "office", office.slug, **CLOSED))
    assert re.search(r"B\. Yếu tố B 0,00 % Tỉnh An Giang: 50,00 %", text), text
    quarter = text_of(page(client, "office", office.slug, ky="quarter", tu="2026-04-01"))
    assert "Tỉnh An Giang:" not in quarter  # it goes on


def test_the_axis_fits_the_figures_and_can_be_whole(office: Office) -> None:
    client = client_of(factories.official(office))
    assert "truc=0-100" in page(client, "office", office.slug, **CLOSED)
    whole = page(client, "office", office.slug, **CLOSED, truc="0-100")
    assert re.findall(r'dominant-baseline="middle">(\d+)&nbsp;%', whole) == [
        "0",
        "25",
        "50",
        "75",
        "100",
    ]


def test_a_criterion_has_a_page_with_its_answers_its_line_and_the_province(office: Office) -> None:
    client = client_of(factories.official(office))
    listed = page(client, "office", office.slug, **CLOSED)
    address = reverse("officials:office_criterion", args=[office.slug, "B1"])
    assert f'href="{address}?ky=month&amp;tu=2026-05-01' in listed
    html = page(client, "office_criterion", office.slug, "B1", **CLOSED)
    assert 'class="headline" value="0.00" data-n="40"' in html
    text = text_of(html)
    assert re.search(r"Tỉnh An Giang: 50,00 % \(từ \d+,\d đến \d+,\d\)", text), text
    assert re.search(r"40 100,00 %", text)
    assert re.search(r"04/2026 100,00 %", text)


@pytest.mark.parametrize("asked", [{"ky": "day"}, {"ky": "week", "tu": "2026-05-14"}])
def test_of_days_and_weeks_a_criterion_shows_the_month(
    office: Office, asked: dict[str, str]
) -> None:
    html = page(
        client_of(factories.official(office)), "office_criterion", office.slug, "B1", **asked
    )
    assert "<strong>Tháng " in html


def test_a_criterion_that_the_form_does_not_have_is_not_found(office: Office) -> None:
    client = client_of(factories.official(office))
    for code in ("Z9", "%00", "a1"):
        address = reverse("officials:office_criterion", args=[office.slug, code])
        assert client.get(address).status_code == 404


def test_a_unit_has_the_same_pages(office: Office) -> None:
    province: AdministrativeUnit = office.unit.province
    client = client_of(factories.official(province))
    html = page(client, "unit_criterion", province.pk, "B1", **CLOSED)
    assert 'class="headline" value="50.00" data-n="80"' in html
    assert codes(page(client, "unit", province.pk, **CLOSED), "factors-title")[0] == "B"
    stranger = client_of(factories.official(factories.province("Cà Mau")))
    address = reverse("officials:unit_criterion", args=[province.pk, "B1"])
    assert stranger.get(address).status_code == 404


def test_arrows_lead_to_the_neighbours_that_have_figures_and_say_the_state(office: Office) -> None:
    client = client_of(factories.official(office))
    html = page(client, "office", office.slug, **CLOSED)
    before = re.search(r'rel="prev" href="[^"]*tu=([\d-]+)', html)
    assert before
    assert before[1] == "2026-04-01"
    assert 'rel="next"' not in html
    assert ">đã khóa sổ<" in html
    gap = page(client, "office", office.slug, ky="month", tu="2025-09-01")
    assert re.findall(r'rel="(?:prev|next)" href="[^"]*tu=([\d-]+)', gap) == [
        "2025-05-01",
        "2026-04-01",
    ]
