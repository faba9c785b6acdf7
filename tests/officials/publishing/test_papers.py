"""Reports to take away: who may, of which periods, and what is written down."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from audit.models import Entry
from offices.rights import Role
from reports.night import steps
from reports.release import publish
from tests import factories
from tests.reports.papers.opening import catalog, sheets, text
from tests.reports.papers.reporting import JUNE, Reported, answer, reported

pytestmark = pytest.mark.django_db
ASKED = "?ky=month&tu=2025-06-01"


@pytest.fixture
def world() -> Reported:
    """Two months of a province."""
    return reported(months=(5, 6))


def client_of(place: object, role: Role | None = None) -> Client:
    """Somebody who holds the place, signed in."""
    client = Client()
    client.force_login(factories.official(place, role))  # type: ignore[arg-type]
    return client


def addresses(world: Reported) -> dict[str, str]:
    """The four files of June."""
    made: dict[str, str] = {}
    for kind in ("pdf", "xlsx"):
        office = reverse(f"officials:office_{kind}", args=[world.office.slug])
        unit = reverse(f"officials:unit_{kind}", args=[world.province.pk])
        made |= {f"office.{kind}": office + ASKED, f"unit.{kind}": unit + ASKED}
    return made


def test_the_files_open_and_show_what_the_page_shows(world: Reported) -> None:
    client = client_of(world.province)
    for of, page in (
        ("office", reverse("officials:office", args=[world.office.slug])),
        ("unit", reverse("officials:unit", args=[world.province.pk])),
    ):
        shown = client.get(page + ASKED).content.decode()
        found = re.search(r'class="headline" value="([^"]*)" data-n="([^"]*)"', shown)
        assert found is not None
        value, people = found.groups()
        pdf = client.get(addresses(world)[f"{of}.pdf"])
        assert pdf["Content-Type"] == "application/pdf"
        assert f"{value.replace('.', ',')} %" in text(pdf.content)
        book = client.get(addresses(world)[f"{of}.xlsx"])
        summary = {row[0]: row[1] for row in sheets(book.content)["Tóm tắt"]}
        assert summary["Hài lòng và rất hài lòng về việc cung ứng dịch vụ"] == float(value)
        assert summary["Số phiếu"] == int(people)
        assert 'filename="bao-cao-' in book["Content-Disposition"]


def test_taking_one_away_is_written_down(world: Reported) -> None:
    client = client_of(world.province)
    for name, address in addresses(world).items():
        file = client.get(address).content
        entry = Entry.objects.filter(action="report.exported").latest("pk")
        assert entry.details == {"size": len(file)}
        if name.startswith("office"):
            assert (entry.office_id, entry.unit_id) == (world.office.pk, None)
        else:
            assert (entry.office_id, entry.unit_id) == (None, world.province.pk)
        assert entry.subject.endswith(f"2025-06-01.{name.rpartition('.')[2]}")


def test_who_may_not_take_figures_away_gets_none_and_is_offered_none(world: Reported) -> None:
    clerk = client_of(world.office, Role.CLERK)
    for address in addresses(world).values():
        assert clerk.get(address).status_code == (403 if "co-quan" in address else 404)
    page = clerk.get(reverse("officials:office", args=[world.office.slug])).content.decode()
    assert "Báo cáo (PDF, XLSX)" not in page
    stranger = client_of(factories.office())
    for address in addresses(world).values():
        assert stranger.get(address).status_code == 404
    assert not Entry.objects.filter(action="report.exported").exists()


def test_the_page_of_a_place_leads_to_its_reports(world: Reported) -> None:
    client = client_of(world.province)
    for page, listing in (
        (
            reverse("officials:office", args=[world.office.slug]),
            reverse("officials:office_papers", args=[world.office.slug]),
        ),
        (
            reverse("officials:unit", args=[world.province.pk]),
            reverse("officials:unit_papers", args=[world.province.pk]),
        ),
    ):
        assert f'href="{listing}?' in client.get(page).content.decode()
        shown = client.get(listing).content.decode()
        links = re.findall(r'href="([^"]*bao-cao\.(?:pdf|xlsx)[^"]*)"', shown)
        assert len(links) == 2 * 3  # two months and their quarter
        for link in links:
            assert client.get(link.replace("&amp;", "&")).status_code == 200
        assert shown.index("Theo quý") < shown.index("Tháng 6/2025") < shown.index("Tháng 5/2025")


def test_without_a_day_the_newest_report_is_meant(world: Reported) -> None:
    client = client_of(world.province)
    for _ in range(12):
        answer(world.office, [5, 5, 5], date(2025, 8, 5))
    bare = client.get(addresses(world)["office.pdf"].partition("?")[0])
    assert "tháng 6 năm 2025" in text(bare.content)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("?ky=month&tu=2025-08-01", "kỳ chưa khóa sổ"),
        ("?ky=month&tu=2020-01-01", "chưa đủ số phiếu"),
        ("?ky=day&tu=2025-06-10", "Báo cáo được lập theo tháng, quý và năm"),
    ],
)
@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_period_without_a_report_says_so_and_leads_to_the_newest(
    world: Reported, asked: str, said: str, kind: str
) -> None:
    client = client_of(world.province)
    address = reverse(f"officials:office_{kind}", args=[world.office.slug])
    answered = client.get(address + asked)
    shown = answered.content.decode()
    assert answered.status_code == 404
    assert answered["Content-Type"].startswith("text/html")
    assert said in shown
    assert "tu=2025-06-01" in shown
    assert not Entry.objects.filter(action="report.exported").exists()


def test_a_place_without_forms_says_when_the_first_report_comes(world: Reported) -> None:
    for place, page in ((world.few, "office_papers"), (factories.office(), "office_papers")):
        client = client_of(place)
        shown = client.get(reverse(f"officials:{page}", args=[place.slug])).content.decode()
        assert "Chưa có báo cáo nào" in shown
        assert re.search(r"sớm nhất là ngày \d\d/\d\d/\d{4}", shown)
        refused = client.get(reverse("officials:office_pdf", args=[place.slug]))
        assert refused.status_code == 404
        assert "Chưa có báo cáo của kỳ này" in refused.content.decode()


def test_whoever_needs_more_people_gets_a_stricter_file(
    world: Reported, settings: Settings
) -> None:
    settings.MINIMUM_PEOPLE = {Role.PROVINCIAL_OFFICER.value: 30}
    client = client_of(world.province)
    assert client.get(addresses(world)["office.pdf"]).status_code == 404
    rows = sheets(client.get(addresses(world)["unit.xlsx"]).content)["Các đơn vị"]
    told = {row[0]: row[1] for row in rows}
    assert told["Trung tâm Mỹ Thới"] == "chưa đủ số phiếu"
    assert isinstance(told["Trung tâm Hà Tiên"], float)


def test_a_release_of_the_period_is_named_to_whoever_sees_it(world: Reported) -> None:
    release = publish(world.province, JUNE)
    officer, head = client_of(world.province), client_of(world.office)
    told = f"manage.py reproduce {release.slug}"
    for name in ("office.pdf", "unit.pdf"):
        assert told in text(officer.get(addresses(world)[name]).content)
    assert told not in text(head.get(addresses(world)["office.pdf"]).content)


def test_both_maps_are_had(world: Reported) -> None:
    client = client_of(world.province)
    for territory, said in (("then", "theo địa giới thời điểm đó"), ("today", "bản đồ hiện nay")):
        file = client.get(addresses(world)["unit.pdf"] + f"&ban-do={territory}").content
        assert said in text(file)


def test_two_readers_get_the_same_bytes(world: Reported) -> None:
    one, other = client_of(world.province), client_of(world.province)
    for address in addresses(world).values():
        assert one.get(address).content == other.get(address).content


def test_the_statements_do_not_grow_with_the_offices(world: Reported) -> None:
    client = client_of(world.province)
    asked = [*addresses(world).values(), reverse("officials:unit_papers", args=[world.province.pk])]

    def statements() -> list[int]:
        counted = []
        for address in asked:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counted.append(len(queries))
        return counted

    statements()
    before = statements()
    for _ in range(9):
        office = factories.office(factories.unit(parent=world.province))
        for _ in range(11):
            answer(office, [5, 4, 1], date(2025, 6, 11))
    steps.close(date(2025, 8, 1))
    statements()  # the process reads once more what it keeps of the directory
    assert statements() == before
    assert max(before) < 60


def test_the_pdf_is_one_that_machines_read_aloud(world: Reported) -> None:
    file = client_of(world.province).get(addresses(world)["unit.pdf"]).content
    assert catalog(file)["/MarkInfo"]["/Marked"]
