"""Who chose English reads no Vietnamese of ours, and who chose Khmer no English."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings

from surveys.models import Integration
from tests.test_translations import entries, source, texts
from tests.upgrade.old import AUDITOR, HEAD, OFFICER
from tests.walk.conftest import ADMINISTRATOR, browser
from tests.walk.places import Place, places
from tests.walk.steps import citizens, done_by
from tests.walk.visiting import Visit, walk

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("filled")]
LANGUAGES = [("vi", "vi"), ("en", "en"), ("km", "km")]


def speaking(role: str, language: str) -> Client:
    """The browser of somebody who chose a language."""
    client = browser(role)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def of_citizens(place: Place) -> bool:
    """Whether citizens come there."""
    return place.address.startswith(("/ks/", "/m/"))


def ours_in_vietnamese() -> set[str]:
    """The whole sentences and labels of ours that have another English text."""
    return {
        text
        for path, entry in entries()
        if "/vi/" in path
        for text in texts(entry)
        if text != source(entry) and "%(" not in text and "{" not in text
    }


def all_in_english() -> Iterator[Visit]:
    """What citizens and every kind of official see."""
    everywhere = list(places())
    here = [place for place in everywhere if of_citizens(place)]
    yield from walk(speaking("", "en"), "", here, "en")
    yield from done_by("", speaking("", "en"), "en")
    for role in (OFFICER, HEAD, AUDITOR, ADMINISTRATOR):
        there = [place for place in everywhere if not of_citizens(place)]
        yield from walk(speaking(role, "en"), role, there, "en", forms=False)


def test_no_english_page_speaks_vietnamese() -> None:
    # what a portal was called when it got its key is nobody's text but theirs
    vietnamese = ours_in_vietnamese() - set(Integration.objects.values_list("name", flat=True))
    assert len(vietnamese) > 900
    found = {text: one.what for one in all_in_english() for text in one.texts}
    assert len(found) > 1000
    assert {text: what for text, what in found.items() if text in vietnamese} == {}


def test_no_khmer_page_speaks_english() -> None:
    with override_settings(LANGUAGES=LANGUAGES):
        client = speaking("", "km")
        here = [place for place in places() if of_citizens(place)]
        seen = [*walk(client, "", here, "km"), *citizens(client, "km")]
    khmer = {text for one in seen for text in one.texts if "\u1780" <= text[0] <= "\u17ff"}
    assert len(khmer) > 200
    assert sorted({line for one in seen for line in one.english()}) == []
