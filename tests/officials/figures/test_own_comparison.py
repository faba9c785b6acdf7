"""The comparison of whoever is measured: own past, the province, others without names."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from offices.models import Office
from officials.figures.own_comparison import strip
from reports.night import steps
from reports.showing.beside_others import Among
from surveys.models import EvidenceLevel
from tests import factories
from tests.officials.two import client_of
from tests.reports.briefing.months import APRIL, MAY, TODAY, said

pytestmark = pytest.mark.django_db
NAMES = ("Bình An", "Châu Thành", "Giồng Riềng", "Gò Quao", "Kiên Lương", "Vĩnh Thuận")


@pytest.fixture
def office() -> Iterator[Office]:
    """70 % in May among six others of 50, 60, … 100 %, and one with too few forms."""
    with time_machine.travel(factories.at(TODAY, 7), tick=False):
        factories.instrument({"A": 2, "B": 1})
        province = factories.province("An Giang")
        own = factories.office(factories.unit(parent=province), name="Trung tâm Hà Tiên")
        said(own, date(2025, 5, 14), 20, 20)
        said(own, APRIL, 38, 2)
        said(own, MAY, 28, 12)
        for number, name in enumerate(NAMES):
            one = factories.office(factories.unit(parent=province), name=f"Trung tâm {name}")
            said(one, MAY, 20 + 4 * number, 20 - 4 * number)
        said(factories.office(factories.unit(parent=province), name="Trung tâm Ít"), MAY, 0, 7)
        steps.close(date(2026, 6, 9))
        yield own


def page(client: Client, office: Office, **asked: str) -> str:
    response = client.get(reverse("officials:compare_office", args=[office.slug]), asked)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_own_past_the_year_before_and_the_province(office: Office) -> None:
    text = text_of(page(client_of(factories.official(office)), office))
    assert "Tháng 5/2026: 70,00 %" in text
    assert re.search(r"−25,0 từ −\d+,\d đến −\d+,\d; khi đó: 40 phiếu", text), text
    assert re.search(r"So với cùng kỳ năm trước \+20,0 ", text)
    assert re.search(r"So với Tỉnh An Giang [+−]\d+,\d từ", text)


def test_others_are_dots_without_names(office: Office) -> None:
    html = page(client_of(factories.official(office)), office)
    assert not any(name in html for name in NAMES)
    assert html.count('class="other"') == 6, "who has too few forms is none of them"
    assert html.count('class="own"') == 1
    assert "6 nơi khác có số liệu: nơi ở giữa 75 %, một nửa nằm từ 63 % đến 88 %." in text_of(html)
    assert "co-quan-" not in html.replace(office.slug, "")


def test_fewer_than_five_others_are_no_crowd(office: Office) -> None:
    other = Office.objects.filter(name__in=[f"Trung tâm {name}" for name in NAMES[:2]])
    for one in other:
        EvidenceLevel.objects.create(
            office=one, year=2026, level=EvidenceLevel.Level.B, set_at=factories.at(MAY)
        )
    html = page(client_of(factories.official(office)), office)
    assert 'class="other"' not in html
    assert "Chưa đến năm nơi khác" in html


def test_an_open_or_unknown_period_says_so(office: Office) -> None:
    client = client_of(factories.official(office))
    for asked in ({"ky": "month", "tu": "2026-06-01"}, {"ky": "month", "tu": "2031-01-01"}):
        assert "Kỳ này chưa khóa sổ" in page(client, office, **asked)
    assert "Tháng 5/2026" in page(client, office, ky="nonsense", tu="nonsense")
    assert page(client, office, ky="week")


def test_only_whoever_holds_the_office_sees_it(office: Office) -> None:
    address = reverse("officials:compare_office", args=[office.slug])
    assert client_of(factories.official(factories.office())).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_strip_holds_everybody_and_ten_points() -> None:
    near = tuple(Fraction(90 + n, 100) for n in range(5))
    found = strip(Among(near, Fraction(95, 100), near[1], near[2], near[3]))
    assert (found.low, found.high) == (88, 98)
    assert found.own is not None
    assert list(found.others) == sorted(found.others)
    assert found.others[-1] < found.own < 640
    assert found.half[0] < found.median < found.half[1]
    assert found.width == pytest.approx(found.half[1] - found.half[0])
