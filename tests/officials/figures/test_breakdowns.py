"""What closed periods show by field, channel and quality, all as sums of the same cells."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, Office, Procedure
from reports.counting.periods import span_of
from reports.models import Batch, Breakdown, Cell, Partition, Period, Score, TerritoryMap
from reports.night import steps
from reports.showing.breakdowns import LABELS, Counts, cells_within, tables
from reports.showing.figures import figures
from reports.showing.subjects import Subjects
from surveys.flags.rules import Flag
from surveys.models import Channel, Instrument, Mark
from surveys.questionnaires.catalogue import current
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


def two_fields(province: AdministrativeUnit, rare: int = 3) -> list[Office]:
    """Two offices with many people in two fields, and few in a third."""
    civil = factories.procedure("1.001193", "Hộ tịch")
    land = factories.procedure("1.012783", "Đất đai")
    seal = factories.procedure("2.000815", "Chứng thực")
    offices = [office_in(province, name) for name in ("Alpha", "Beta")]
    for number, office in enumerate(offices):
        answered(office, 40, civil, answers=bytes([5, 5, 5]))
        answered(office, 20 + 20 * number, land, answers=bytes([2, 5, 5]))
        answered(office, rare, seal, channel=Channel.TABLET, flags=Flag.STRAIGHT_LINED.value)
    steps.close(END)
    return offices


def test_a_closed_year_shows_its_fields_and_channels(province: AdministrativeUnit) -> None:
    alpha, _ = two_fields(province)
    client = official(province)
    for text in (
        text_of(client, "officials:office", alpha.slug),
        text_of(client, "officials:unit", province.pk, **{"ban-do": "then"}),
        text_of(client, "officials:unit", province.pk, **{"ban-do": "today"}),
        text_of(client, "officials:unit", alpha.unit_id, **{"ban-do": "then"}),
    ):
        assert "Theo lĩnh vực" in text
        assert "Hộ tịch" in text
        assert "Theo kênh trả lời" in text


def test_no_field_of_few_people_is_in_the_page(province: AdministrativeUnit) -> None:
    alpha, _ = two_fields(province)
    text = text_of(official(province), "officials:office", alpha.slug)
    assert "Chứng thực" not in text
    for cell in Cell.objects.all():
        assert cell.people >= 10


def test_tables_of_a_province_are_the_sums_of_its_offices_and_all_of_them(
    province: AdministrativeUnit,
) -> None:
    offices = two_fields(province)
    form = current().default
    assert form is not None
    year = span_of(Period.YEAR, MAY)
    of_unit = tables(Subjects.of_unit(province, TerritoryMap.THEN), form, year)
    each = list(cells_within(Subjects.of_offices([one.pk for one in offices]), form.id, year))
    assert {office for office, _, _ in each} == {office.pk for office in offices}
    assert [one.dimension for one in of_unit] == ["channel", "field", "quality"]
    for table in of_unit:
        for key, counts in table.kinds.items():
            place = LABELS[table.dimension]
            assert counts == sum((of for _, labels, of in each if labels[place] == key), Counts())
        everybody = sum((counts.people for counts in table.kinds.values()), table.rest.people)
        assert everybody == Score.objects.get(unit=province, map="then", period="year").people


def test_a_month_too_few_of_whom_can_be_told_apart_waits_for_its_year(
    province: AdministrativeUnit,
) -> None:
    office = office_in(province, "Alpha")
    civil = factories.procedure("1.001193", "Hộ tịch")
    land = factories.procedure("1.012783", "Đất đai")
    for month in (2, 5, 8, 11):
        factories.responses(office, 8, day=date(YEAR, month, 11), procedure=civil)
        factories.responses(office, 5, day=date(YEAR, month, 11), procedure=land)
        Mark.objects.create(office=office, day=date(YEAR, month, 11))
    steps.close(date(YEAR, 8, 31))
    assert not Partition.objects.exists()
    client = official(province)
    text = text_of(client, "officials:office", office.slug, ky="month", tu=f"{YEAR}-05-01")
    assert "được gộp với những người cùng quý và năm" in text
    steps.close(END)
    (made,) = Partition.objects.all()
    assert (made.period, made.start, len(made.rows)) == ("year", date(YEAR, 1, 1), 4)
    assert sorted(cell.people for cell in made.cells.all()) == [20, 32]
    text = text_of(client, "officials:office", office.slug)
    assert "Đất đai" in text


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


def test_no_table_tells_who_of_a_block_is_of_a_kind(province: AdministrativeUnit) -> None:
    """Ten of the twelve by phone are one block: phone less that block would be two people."""
    office = office_in(province, "Alpha")
    factories.rhythm(office)
    civil = factories.procedure("1.001193", "Hộ tịch")
    for day, phone, tablet in ((11, 10, 0), (12, 2, 18)):
        on = date(YEAR, 5, day)
        factories.responses(office, phone, day=on, procedure=civil)
        factories.responses(office, tablet, day=on, procedure=civil, channel=Channel.TABLET)
        Mark.objects.create(office=office, day=on)
        steps.close(on)
    steps.close(END)
    assert Batch.objects.count() == 2
    assert [cell.labels[2] for cell in Cell.objects.all()] == ["*"]


def test_a_table_of_the_former_kind_is_shown_as_such_and_nothing_beside_it(
    province: AdministrativeUnit,
) -> None:
    alpha, _ = two_fields(province)
    former = Breakdown.objects.create(
        unit=province, instrument=Instrument.objects.get(), dimension="channel", period="year",
        start=date(YEAR, 1, 1), columns=["1", "other"], computed_at=timezone.now(),
    )  # fmt: skip
    former.cells.create(
        office=alpha, key="1", people=60, satisfied=150, answered=180,
        moments=[150, 180, 400, 540, 450], low=77.0, high=88.0,
    )  # fmt: skip
    text = text_of(official(province), "officials:office", alpha.slug)
    assert "83,33" in text
    assert "theo phương pháp khi đó" in text
    assert "Theo lĩnh vực" not in text


def test_offices_are_compared_under_a_common_mix_of_fields(province: AdministrativeUnit) -> None:
    two_fields(province, rare=0)
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
