"""The file with the middle of each office's commune, which everybody gets whole."""

import gzip
import json
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from offices.models import AdministrativeUnit, Office
from offices.registry.slugs import ascii_slug
from tests import factories

pytestmark = pytest.mark.django_db
NEW = date(2025, 7, 1)
ADDRESS = "/ks/gan-toi.json"
KILOBYTE = 1000


def commune(code: str, name: str, kind: str = "phường") -> AdministrativeUnit:
    """A commune of An Giang with a code of the statistics office."""
    above = AdministrativeUnit.objects.filter(code="91").first()
    above = above or factories.province("An Giang", code="91", valid_from=NEW)
    return factories.unit(parent=above, code=code, name=name, kind=kind, valid_from=NEW)


def shown() -> list[tuple[str, str, str, float, float]]:
    """Province, address, name, latitude and longitude of all offices in the file."""
    answer = Client().get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    rows: list[list[Any]] = json.loads(answer.content)  # Any: as it is in the file
    return [
        (province, address or ascii_slug(name), name, north / 200, east / 200)
        for province, addresses, names, norths, easts, _ in rows
        for address, name, north, east in zip(
            addresses, names, accumulate(norths), accumulate(easts), strict=True
        )
    ]


def test_each_office_stands_in_the_middle_of_its_commune() -> None:
    factories.office(commune("30769", "Hà Tiên"), slug="phuong-ha-tien")
    factories.office(commune("30766", "Tô Châu"), slug="to-chau-moi")
    assert shown() == [
        ("Tỉnh An Giang", "to-chau-moi", "Phường Tô Châu", 10.32, 104.55),
        ("Tỉnh An Giang", "phuong-ha-tien", "Phường Hà Tiên", 10.405, 104.47),
    ]


def test_an_address_is_left_out_only_where_the_name_says_it() -> None:
    factories.office(commune("30769", "Hà Tiên"), slug="phuong-ha-tien")
    factories.office(commune("30766", "Tô Châu"), slug="to-chau-moi")
    ((_, addresses, *_),) = json.loads(Client().get(ADDRESS).content)
    assert addresses == ["to-chau-moi", ""]


def test_offices_of_one_commune_are_told_apart() -> None:
    here = commune("30769", "Hà Tiên")
    factories.office(here, name="Trung tâm một")
    factories.office(here, name="Trung tâm hai")
    factories.office(commune("30766", "Tô Châu"), name="Trung tâm ba")
    assert {name for _, _, name, *_ in shown()} == {
        *("Trung tâm một", "Trung tâm hai", "Phường Tô Châu")
    }


def test_only_offices_that_serve_today_are_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    here = commune("30769", "Hà Tiên")
    factories.office(here, slug="a", valid_to=today)
    factories.office(commune("30766", "Tô Châu"), slug="b", valid_from=today + timedelta(days=1))
    assert [slug for _, slug, *_ in shown()] == ["a"]
    monkeypatch.setattr(timezone, "localdate", lambda: today + timedelta(days=1))
    assert [slug for _, slug, *_ in shown()] == ["b"]


def test_a_unit_of_the_old_map_has_no_point_though_its_code_is_used_again() -> None:
    """30769 was phường Đông Hồ; its office is counted where its unit lies today, or not at all."""
    old = factories.unit(code="30769", name="Đông Hồ", valid_to=date(2025, 6, 30))
    factories.office(old, slug="dong-ho", today_unit=factories.province())
    factories.office(factories.province(), slug="tinh")
    assert shown() == []
    factories.office(old, slug="heir", today_unit=commune("30769", "Hà Tiên"))
    assert [slug for _, slug, *_ in shown()] == ["heir"]


def test_it_is_not_sent_again_until_an_office_changes() -> None:
    office = factories.office(commune("30769", "Hà Tiên"))
    first = Client().get(ADDRESS)
    assert first.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = Client().get(ADDRESS, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    Office.objects.filter(pk=office.pk).update(slug="moi")
    assert b'"moi"' in Client().get(ADDRESS, headers=known).content


def test_the_whole_country_is_small() -> None:
    factories.the_whole_country()
    assert len(shown()) == 3_321
    answer = Client().get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) <= 40 * KILOBYTE
    names = gzip.decompress(answer.content).decode()
    for island in ("Kiên Hải", "Phú Quốc", "Thổ Châu", "Côn Đảo", "Trường Sa", "Hoàng Sa"):
        assert f'"Đặc khu {island}"' in names
