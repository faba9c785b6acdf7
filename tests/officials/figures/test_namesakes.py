"""Units and offices of one name in one list: every page tells them apart, in the right order."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import AdministrativeUnit, DossierCount, Field, Office
from officials.office.remark_forms import AssignForm
from reports.night import steps
from tests import factories
from tests.officials.figures.comparing import GOOD, answered, table_rows

pytestmark = pytest.mark.django_db
END = date(2025, 6, 30)
YEAR = {"ky": "year", "tu": "2025-01-01", "ban-do": "then"}
OLD, NEW = "(đến hết ngày 30/06/2025)", "(từ ngày 01/07/2025)"
CENTRE = "Trung tâm Phục vụ hành chính công tỉnh An Giang"


def centre(province: AdministrativeUnit, day: date) -> Office:
    """The centre of a province, with ten forms and twenty dossiers of a day."""
    made = factories.office(
        province,
        name=CENTRE,
        kind=Office.Kind.PROVINCIAL_CENTRE,
        valid_from=province.valid_from,
        valid_to=province.valid_to,
    )
    answered(made, [(GOOD, 10)], day)
    DossierCount.objects.create(office=made, day=day, finished=20)
    return made


@pytest.fixture
def centres() -> tuple[Office, Office]:
    """The centres of the old and the new An Giang, in a year that both were open in."""
    factories.instrument({"A": 2, "B": 1})
    old = factories.province("An Giang", code="89", valid_to=END)
    new = factories.province("An Giang", code="91", valid_from=END + timedelta(days=1))
    made = centre(old, date(2025, 5, 6)), centre(new, date(2025, 8, 5))
    office = factories.office(factories.unit("province", factories.country(), name="Ân Thi"))
    answered(office, [(GOOD, 10)], date(2025, 5, 6))
    steps.close(factories.last_month_end())
    return made


def page(name: str, *args: object, **asked: str) -> str:
    """What one who sees everything is shown."""
    client = Client()
    client.force_login(factories.official(factories.country()))
    answer = client.get(reverse(f"officials:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def heads(html: str) -> list[str]:
    """The names of the rows of the tables, in their order."""
    found = re.findall(r'<th scope="row">(.*?)</th>', html)
    return [re.sub(r"<[^>]*>", "", head).strip() for head in found]


def test_the_country_tells_the_old_and_the_new_province_apart(
    centres: tuple[Office, Office],
) -> None:
    country = factories.country()
    apart = [f"Tỉnh An Giang {OLD}", f"Tỉnh An Giang {NEW}"]
    halves = ("01/01/2025 đến 30/06/2025", "01/07/2025 đến 31/12/2025")
    assert [h for h in heads(page("unit", country.pk, **YEAR)) if "Giang" in h] == [
        f"{name} nửa năm: {half}" for name, half in zip(apart, halves, strict=True)
    ]
    assert [h for h in heads(page("unit_progress", country.pk, **YEAR)) if "Giang" in h][
        :2
    ] == apart


def test_a_province_that_stands_alone_keeps_its_name(centres: tuple[Office, Office]) -> None:
    country = factories.country()
    today = page("unit", country.pk, ky="month", tu="2025-08-01")
    assert [h for h in heads(today) if "Giang" in h] == ["Tỉnh An Giang"]


def test_offices_of_one_name_are_told_apart_in_their_unit_and_beside_each_other(
    centres: tuple[Office, Office],
) -> None:
    old, new = centres
    new.predecessors.add(old)
    Office.objects.filter(pk=old.pk).update(today_unit=new.unit)
    country = factories.country()
    asked = {**YEAR, "ban-do": "then", "loai": "provincial_centre.province"}
    compared = page("compare", country.pk, **asked)
    assert list(table_rows(compared)) == [f"An Giang {OLD}", f"An Giang {NEW}"]
    assert CENTRE not in compared, "the kind stands once, in the heading"
    listed = page("dossiers")
    assert f'<th scope="row">{CENTRE} <small>{OLD}</small></th>' in listed
    assert f'<th scope="row">{CENTRE}</th>' in listed


def test_namesakes_of_several_districts_say_which() -> None:
    province = factories.province("Kiên Giang")
    after = factories.office(name="Trung tâm xã Vĩnh Phú")
    for name in ("Giồng Riềng", "Đất Đỏ"):
        district = factories.unit("district", province, name=name, kind="huyện", valid_to=END)
        commune = factories.unit(parent=district, name="Vĩnh Phú", kind="xã", valid_to=END)
        factories.office(commune, name="Bộ phận Một cửa xã Vĩnh Phú", valid_to=END, heir=after)
    html = page("office", after.slug)
    found = re.findall(r">(Xã Vĩnh Phú \([^<]*)<", html)
    assert found == ["Xã Vĩnh Phú (Huyện Đất Đỏ)", "Xã Vĩnh Phú (Huyện Giồng Riềng)"]


def test_the_list_of_citizens_tells_namesakes_apart() -> None:
    province = factories.province("Cà Mau")
    for name in ("Đất Mũi", "Dơi"):
        place = factories.unit(parent=province, name=name, kind="xã")
        factories.office(place, name="Trung tâm Phục vụ hành chính công")
    html = Client().get("/ks/").content.decode()
    assert re.findall(r">(Trung tâm Phục vụ[^<]*)<", html) == [
        "Trung tâm Phục vụ hành chính công (Xã Dơi)",
        "Trung tâm Phục vụ hành chính công (Xã Đất Mũi)",
    ]


def test_offices_and_fields_of_the_dossiers_page_are_in_the_order_of_names() -> None:
    for name in ("Đông Hồ", "Dương Hòa", "An Thới 10", "An Thới 2", "Ô Lâm", "Oai"):
        factories.office(name=name)
        Field.objects.create(slug=f"f-{len(name)}-{hash(name)}", name=name)
    html = page("dossiers")
    order = ["An Thới 2", "An Thới 10", "Dương Hòa", "Đông Hồ", "Oai", "Ô Lâm"]
    assert [head for head in heads(html) if head in order] == [*order, *order]


def test_officials_are_offered_by_their_given_name() -> None:
    office = factories.office()
    for last, first in (("Đức", "Lê Văn"), ("Dũng", "Vũ"), ("Ánh", "Trần"), ("An", "Đỗ")):
        factories.official(office, account=factories.user(first_name=first, last_name=last))
    names = [str(name) for _key, name in AssignForm(office).fields["to"].choices]  # type: ignore[attr-defined]
    assert names == ["—", "Đỗ An", "Trần Ánh", "Vũ Dũng", "Lê Văn Đức"]
