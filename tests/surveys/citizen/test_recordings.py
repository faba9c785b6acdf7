"""Recordings by a person and a clip in sign language: shown where a file is, and only there."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from offices import directory
from offices.models import Office
from surveys.citizen import recordings
from surveys.devices.definition import definition
from surveys.questionnaires import catalogue
from tests import factories

pytestmark = pytest.mark.django_db
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture
def office() -> Office:
    """An open office with a form of two pages."""
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office(slug="ha-tien")


def forget() -> None:
    """What a process has found is looked for anew."""
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]
    recordings._files.cache_clear()


@pytest.fixture
def files(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """Files as an operator lays them down, and some that belong to nothing."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path]
    of_form = tmp_path / "recordings" / "phieu.1"
    for name in ("vi/A1.mp3", "vi/A2.txt", "vi/Z9.mp3", "en/B1.opus", "ky-hieu.mp4"):
        (of_form / name).parent.mkdir(parents=True, exist_ok=True)
        (of_form / name).write_bytes(b"x")
    forget()
    yield
    forget()


def first_page(query: str = "") -> str:
    """The first page of the form."""
    return unescape(Client().get(f"/ks/ha-tien/{query}").content.decode())


@pytest.mark.usefixtures("files", "office")
def test_each_language_has_its_own_recordings_and_the_first_page_the_clip() -> None:
    html = first_page()
    assert 'data-recordings="{"A1": "/static/recordings/phieu.1/vi/A1.mp3"}"' in html
    assert 'href="/static/recordings/phieu.1/ky-hieu.mp4"' in html
    assert 'data-recordings="{"B1": "/static/recordings/phieu.1/en/B1.opus"}"' in first_page(
        "?ngon-ngu=en"
    )
    later = Client().post("/ks/ha-tien/", {"form": "phieu.1", "A1": "4"}).content.decode()
    assert "ky-hieu.mp4" not in later


@pytest.mark.usefixtures("files")
def test_tablets_are_told_of_recordings(office: Office) -> None:
    entry, form = directory.current().office(office.slug), catalogue.current().default
    assert entry is not None
    assert form is not None
    assert definition(entry, form)["recordings"]["vi"] == {
        "A1": "/static/recordings/phieu.1/vi/A1.mp3"
    }


@pytest.mark.usefixtures("office")
def test_where_no_file_is_nothing_is_said_of_it() -> None:
    html = first_page()
    assert "data-recordings" not in html
    assert "ngôn ngữ ký hiệu" not in html
