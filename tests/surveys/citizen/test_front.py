"""The bare address: citizens' ways first, the officials' way in below."""

import gzip
import re

import pytest
from django.test import Client
from pytest_django import Settings

from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.officials.figures.test_pages import signed_in


def page(query: str = "") -> str:
    response = Client().get(f"/{query}")
    assert response.status_code == 200
    return response.content.decode()


# without the mark of the database: a statement would be an error
def test_the_bare_address_asks_for_no_row_and_sets_no_cookie() -> None:
    client = Client()
    html = client.get("/").content.decode()
    assert not client.cookies
    assert '<form class="search" method="get" action="/ks/"' in html
    assert html.index('href="/bao-cao/"') > html.index('name="code"') > html.index('name="tim"')


def test_the_bare_address_is_small() -> None:
    response = Client().get("/", headers={"Accept-Encoding": "gzip"})
    assert len(response.content) < 5_000
    assert "mã QR" in gzip.decompress(response.content).decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Dành cho cán bộ"), ("en", "For officials"), ("km", "សម្រាប់មន្ត្រី")],
)
def test_the_bare_address_speaks_the_citizens_languages(
    settings: Settings, language: str, words: str
) -> None:
    settings.LANGUAGES = [(code, code) for code in ("vi", "en", "km")]
    html = page(f"?ngon-ngu={language}")
    assert words in html
    assert f'<html lang="{language}">' in html


@pytest.mark.django_db
def test_a_code_typed_on_the_bare_address_is_read() -> None:
    action = re.search(r'method="post" action="([^"]+)"', page())
    assert action
    response = Client().post(action[1], {"code": "AAAAA-AAAAA-AAAAA", "ngon-ngu": "vi"})
    assert response.status_code == 200
    assert Client().post(action[1], {"code": "A", "ngon-ngu": "vi"}).status_code == 422


@pytest.mark.django_db
def test_whoever_is_signed_in_is_one_link_from_the_reports() -> None:
    client = signed_in(factories.official(factories.province()))
    assert 'href="/bao-cao/"' in client.get("/").content.decode()
    assert client.get("/bao-cao/").status_code in (200, 302)
    assert Client().get("/bao-cao/")["Location"].startswith("/dang-nhap/")


@pytest.mark.django_db
def test_whoever_still_lacks_a_second_factor_sees_it_too(settings: Settings) -> None:
    settings.SECOND_FACTOR_FREE_NETWORKS = ()
    client = signed_in(factories.official(factories.province()))
    assert client.get("/").status_code == 200
    assert client.get("/bao-cao/").status_code == 302


@pytest.mark.django_db
def test_no_page_of_citizens_names_the_software_or_its_version(settings: Settings) -> None:
    settings.SOFTWARE = "hai-long 9.8.7+mark"
    load_instruments()
    office = factories.office()
    for place in ("", "poster/", "thong-bao/", "tra-loi/"):
        html = Client().get(f"/ks/{office.slug}/{place}").content.decode()
        assert '<footer class="bottom">' in html
        assert "9.8.7" not in html, place
    for html in (page(), Client().get("/ks/").content.decode()):
        assert "9.8.7" not in html
