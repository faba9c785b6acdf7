"""What citizens send leaves no trace but the response itself, whatever they send."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.views.debug import SafeExceptionReporterFilter
from pytest_django import Settings

from offices.models import Office
from surveys.citizen.survey import survey
from surveys.models import Response
from tests import factories
from tests.surveys.citizen.test_bad_input import last_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """An open office with a form of two pages."""
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


def test_files_are_passed_over_and_never_stored(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")  # writing there would fail
    big = SimpleUploadedFile("a.bin", b"x" * 6_000_000)
    answer = Client().post(f"/ks/{office.slug}/", {**last_page(), "file": big})
    assert answer.status_code == 200
    assert bytes(Response.objects.get().answers) == bytes([5, 4, 3])


@pytest.mark.parametrize("code", ["xx", "../../", "\x00", "km"])
def test_a_language_that_is_not_offered_changes_nothing(office: Office, code: str) -> None:
    answer = Client().post(f"/ks/{office.slug}/", last_page(language=code))
    assert 'lang="vi"' in answer.content.decode()
    assert not answer.cookies
    official = Client()
    sent = official.post("/ngon-ngu/setlang/", {"language": code, "next": "//evil.example"})
    assert sent["Location"] == "/"
    assert 'lang="vi"' in official.get("/dang-nhap/").content.decode()


def test_an_error_report_would_not_hold_what_was_answered(office: Office) -> None:
    request = RequestFactory().post(f"/ks/{office.slug}/", last_page(remark="Xin giữ kín"))
    survey(request, office.slug)
    report = SafeExceptionReporterFilter()
    shown = report.get_post_parameters(request)
    assert "Xin giữ kín" not in shown.values()
    assert set(shown.values()) == {report.cleansed_substitute}
