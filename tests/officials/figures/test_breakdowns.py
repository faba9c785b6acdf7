"""What closed periods show beside their own figures, and what they hide for each other's sake."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, Office, Procedure
from reports.models import Breakdown, Score
from reports.night import steps
from reports.showing.figures import figures
from surveys.flags.rules import Flag
from surveys.models import Channel, Instrument, Mark
from tests import factories

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year - 1
MAY = date(YEAR, 5, 11)
END = date(YEAR, 12, 31)


@pytest.fixture(autouse=True)
def form() -> None:
    factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def province() -> AdministrativeUnit:
    return factories.province("An Giang")


def official(unit: AdministrativeUnit) -> Client:
    client = Client()
    client.force_login(factories.official(unit))
    return client


def office_in(province: AdministrativeUnit, name: str) -> Office:
    return factories.office(factories.unit(parent=province), name=name)


def answered(office: Office, people: int, procedure: Procedure, **columns: object) -> None:
    factories.responses(office, people, day=MAY, procedure=procedure, **columns)
    Mark.objects.create(office=office, day=MAY)


def text_of(client: Client, name: str, key: object, **query: str) -> str:
    page = client.get(reverse(name, args=[key]), {"ky": "year", "tu": f"{YEAR}-01-01", **query})
    assert page.status_code == 200
    return page.content.decode()


def two_fields(province: AdministrativeUnit) -> list[Office]:
    """Two offices with many people in two fields, and few in a third."""
    civil = factories.procedure("1.001193", "Hộ tịch")
    land = factories.procedure("1.012783", "Đất đai")
    seal = factories.procedure("2.000815", "Chứng thực")
    offices = [office_in(province, name) for name in ("Alpha", "Beta")]
    for number, office in enumerate(offices):
        answered(office, 40, civil, answers=bytes([5, 5, 5]))
        answered(office, 20 + 20 * number, land, answers=bytes([2, 5, 5]))
        answered(office, 3, seal, channel=Channel.TABLET, flags=Flag.STRAIGHT_LINED.value)
    steps.close(END)
    return offices


def test_a_closed_year_shows_its_fields_and_channels(province: AdministrativeUnit) -> None:
    alpha, _ = two_fields(province)
    client = official(province)
    for text in (
        text_of(client, "officials:office", alpha.slug),
        text_of(client, "officials:unit", province.pk, **{"ban-do": "then"}),
    ):
        assert "Theo lĩnh vực" in text
        assert "Hộ tịch" in text
        assert "Theo kênh trả lời" in text
    fields = Breakdown.objects.get(dimension="field")
    assert "other" in fields.columns
    assert not fields.cells.filter(key="other", people__lt=10).exists()


def test_no_field_of_few_people_is_in_the_page(province: AdministrativeUnit) -> None:
    alpha, _ = two_fields(province)
    text = text_of(official(province), "officials:office", alpha.slug)
    assert "không hiển thị" in text
    assert "Chứng thực" not in text


def test_flagged_forms_stand_beside_the_others_by_month(province: AdministrativeUnit) -> None:
    office = office_in(province, "Alpha")
    civil = factories.procedure("1.001193", "Hộ tịch")
    answered(office, 30, civil)
    answered(office, 12, civil, flags=Flag.BURST.value)
    steps.close(END)
    client = official(province)
    text = text_of(client, "officials:office", office.slug, ky="month", tu=f"{YEAR}-05-01")
    assert "Theo chất lượng phiếu" in text
    assert "Phiếu có dấu nghi vấn" in text


def test_offices_are_compared_under_a_common_mix_of_fields(province: AdministrativeUnit) -> None:
    two_fields(province)
    page = official(province).get(
        reverse("officials:compare", args=[province.pk]), {"ky": "year", "tu": f"{YEAR}-01-01"}
    )
    assert "Theo cơ cấu lĩnh vực chung" in page.content.decode()


def test_no_office_hides_a_factor_for_another(province: AdministrativeUnit) -> None:
    Instrument.objects.update(is_default=False)
    factories.instrument({"A": 1, "B": 1, "C": 1})
    civil = factories.procedure("1.001193", "Hộ tịch")
    few, some, many = (office_in(province, name) for name in ("Alpha", "Beta", "Gamma"))
    for office, answering in ((few, 3), (some, 15), (many, 60)):
        answered(office, answering, civil, answers=bytes([5, 4, 3]))
        answered(office, 300 if office is many else 70 - answering, civil, answers=bytes([5, 4, 0]))
    steps.close(END)
    of_year = Score.objects.filter(period="year")

    def hidden(**whose: object) -> set[str]:
        shown = figures(of_year.get(**whose)).factors
        return {factor.code for factor in shown if factor.figure.hidden}

    # from the headline, A and B one could subtract C
    assert hidden(office=few) == {"B", "C"}
    assert hidden(office=some) == hidden(office=many) == set()
    assert hidden(unit=some.unit, map="then") == set()
    # of the province's 500 people 430 stand behind what it shows
    assert hidden(unit=province, map="then") == set()
