"""The page that dossier counts come in by."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from offices.dossiers.file import SHAPE
from offices.models import AdministrativeUnit, DossierCount, Field, Membership, Office
from tests import factories
from tests.officials.figures.test_pages import office_with, signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YESTERDAY = TODAY - timedelta(days=1)


def official(unit: AdministrativeUnit | None = None, office: Office | None = None) -> Client:
    """A browser of an officer of the unit, or of the head of the office."""
    role = Membership.Role.OFFICE_HEAD if office else Membership.Role.PROVINCIAL_OFFICER
    user = factories.user()
    Membership.objects.create(user=user, unit=unit, office=office, role=role)
    return signed_in(user)


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province without any figure."""
    return factories.province("An Giang")


def send(client: Client, content: bytes, name: str = "ho-so.csv") -> tuple[int, str]:
    """Status and text after sending a file."""
    file = SimpleUploadedFile(name, content, "text/csv")
    answer = client.post(reverse("officials:dossiers"), {"file": file})
    return answer.status_code, answer.content.decode()


def test_a_file_is_taken_in_and_sending_it_again_changes_nothing(
    province: AdministrativeUnit,
) -> None:
    office = office_with(0, province)
    client = official(office=office)
    content = f"office,day,finished\n{office.slug},{YESTERDAY},14\n".encode()
    status, html = send(client, content)
    assert status == 200
    assert "1 ô số liệu mới, 0 ô thay đổi, 0 ô giữ nguyên" in html
    assert "0 ô số liệu mới, 0 ô thay đổi, 1 ô giữ nguyên" in send(client, content)[1]
    assert DossierCount.objects.get().finished == 14


def test_mistakes_are_listed_in_vietnamese_and_nothing_is_stored(
    province: AdministrativeUnit,
) -> None:
    office = office_with(0, province)
    rows = [f"{office.slug},{YESTERDAY},3", f"{office.slug},{TODAY + timedelta(days=1)},-1"]
    status, html = send(official(office=office), "\n".join(["office,day,finished", *rows]).encode())
    assert status == 422
    assert "Chưa lưu gì. Số lỗi trong tệp: 2" in html
    assert "chưa đến" in html
    assert "không phải là số hồ sơ" in html
    assert not DossierCount.objects.exists()


def test_counts_of_an_office_one_does_not_hold_are_refused(province: AdministrativeUnit) -> None:
    mine, other = office_with(0, province), office_with(0, province)
    content = f"office,day,finished\n{other.slug},{YESTERDAY},14\n".encode()
    status, html = send(official(office=mine), content)
    assert status == 422
    assert "không thuộc các cơ quan" in html
    assert other.name not in html
    assert not DossierCount.objects.exists()
    assert send(official(province), content)[0] == 200


def test_a_file_that_is_too_large_is_refused_and_not_kept(
    province: AdministrativeUnit, settings: Settings, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")  # writing there would fail
    office = office_with(0, province)
    row = f"{office.slug},{YESTERDAY},1\n".encode()
    content = b"office,day,finished\n" + row * (SHAPE.most_bytes // len(row) + 1)
    status, html = send(official(office=office), content)
    assert status == 422
    assert "Tệp lớn hơn 5 MB" in html


def test_without_a_file_the_form_says_so(province: AdministrativeUnit) -> None:
    client = official(office=office_with(0, province))
    answer = client.post(reverse("officials:dossiers"), {})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert send(client, b"")[0] == 422


def test_only_a_signed_in_official_with_offices_may_send_and_only_with_a_token(
    province: AdministrativeUnit,
) -> None:
    office = office_with(0, province)
    content = f"office,day,finished\n{office.slug},{YESTERDAY},14\n".encode()
    assert send(Client(), content)[0] == 302
    assert send(signed_in(factories.user()), content)[0] == 403
    strict = Client(enforce_csrf_checks=True)
    head = official(office=office)
    strict.cookies = head.cookies
    assert send(strict, content)[0] == 403
    assert not DossierCount.objects.exists()
    page = strict.get(reverse("officials:dossiers")).content.decode()
    found = re.search(r'enctype.*?name="csrfmiddlewaretoken" value="([^"]+)"', page, re.S)
    assert found
    sent = strict.post(
        reverse("officials:dossiers"),
        {"file": SimpleUploadedFile("a.csv", content), "csrfmiddlewaretoken": found[1]},
    )
    assert sent.status_code == 200
    assert DossierCount.objects.get().finished == 14


def test_the_page_shows_what_a_file_looks_like(province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    html = official(office=office).get(reverse("officials:dossiers")).content.decode()
    sample = html.split("<pre")[1].split(">", 1)[1].split("</pre>")[0]
    heading, row = sample.strip().splitlines()
    assert heading == "Cơ quan,Ngày,Lĩnh vực,Số hồ sơ đã giải quyết"
    assert row.startswith(f"{office.slug},{TODAY:%d/%m/%Y},")
    assert send(official(office=office), sample.strip().encode())[0] == 200


def test_the_page_names_offices_and_fields_as_the_file_does(province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    field = Field.objects.create(name="Nông nghiệp", slug="nong-nghiep")
    html = official(office=office).get(reverse("officials:dossiers")).content.decode()
    assert f"<code>{office.slug}</code>" in html
    assert f"<code>{field.slug}</code>" in html


def test_only_the_first_of_several_files_is_read(province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    rows = [f"office,day,finished\n{office.slug},{YESTERDAY},{n}\n".encode() for n in (1, 2)]
    files = [SimpleUploadedFile(f"{n}.csv", row) for n, row in enumerate(rows)]
    sent = official(office=office).post(
        reverse("officials:dossiers"), {"file": files[0], "other": files[1]}
    )
    assert sent.status_code == 200
    assert DossierCount.objects.get().finished == 1


def test_the_short_names_that_a_file_needs_are_listed(province: AdministrativeUnit) -> None:
    office = office_with(0, province)
    field = factories.procedure(field="Đất đai").field
    html = official(office=office).get(reverse("officials:dossiers")).content.decode()
    for place in (office, field):
        assert f'<th scope="row">{place.name}</th><td><code>{place.slug}</code></td>' in html
