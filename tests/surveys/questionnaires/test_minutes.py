"""How long a form takes is counted from its own texts, and said the same everywhere."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from offices import directory
from surveys.invitations import messages
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry
from surveys.questionnaires.load import load_instruments
from surveys.questionnaires.minutes import DECIDE, READ, minutes, usual_minutes
from tests import factories


@pytest.fixture
def shipped(db: None) -> None:
    load_instruments()


def form(name: str) -> InstrumentEntry:
    found = catalogue.current().instrument(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "expected"), [("sipas-2026-services", 4), ("local-9", 2), ("counter", 1)]
)
def test_the_shipped_forms(shipped: None, name: str, expected: int) -> None:
    assert minutes(form(name)) == expected


def test_a_form_without_texts_takes_as_long_as_its_taps(shipped: None) -> None:
    silent = form("counter").items[0]
    silent = replace(silent, text={}, hint={}, question={}, options=())
    for count in (1, 60 // DECIDE, 60 // DECIDE + 1, 5 * 60 // DECIDE):
        empty = replace(form("counter"), factors=(), items=(silent,) * count)
        assert minutes(empty) == -(-count * DECIDE // 60)
    assert minutes(replace(form("counter"), factors=(), items=())) == 1


def test_each_text_is_read_once_and_its_placeholders_as_the_words_they_stand_for(
    shipped: None,
) -> None:
    item = replace(form("counter").items[0], hint={}, question={}, options=())
    some = replace(form("counter"), factors=())
    # one second less than a minute for reading, so that the tap leads beyond it
    words = READ - READ * DECIDE // 60

    def of(*texts: str, labels: str = "cơ quan") -> int:
        office = tuple(
            replace(label, text={"vi": labels}) for label in form("counter").labels["office"]
        )
        items = tuple(replace(item, text={"vi": text}) for text in texts)
        return minutes(replace(some, items=items, labels={"office": office}))

    text = " ".join(["chữ"] * words)
    assert of(text) == 1
    assert of(f"{text} chữ") == 2
    assert of(text, text) == 2
    assert of(text, text) < of(text, f"{text} khác") == 3
    placed = text.replace("chữ chữ", "{office}", 1)
    assert of(placed) == 1
    assert of(placed, labels="một cơ quan") == 2


def test_no_language_takes_longer_than_another(shipped: None) -> None:
    for language in ("vi", "en", "km"):
        with translation.override(language):
            assert minutes(form("sipas-2026-services")) == 4


def test_posters_and_invitations_say_the_minutes_of_the_usual_form(shipped: None) -> None:
    assert usual_minutes() == minutes(form("sipas-2026-services"))
    office = factories.office(slug="phuong-ha-tien")
    page = Client().get(f"/ks/{office.slug}/poster/").content.decode()
    assert f"khoảng {usual_minutes()} phút" in page
    entry = directory.current().offices[office.slug]
    sent = messages.mail(entry, "https://x.example.vn/", "a@example.vn", None).body
    assert f"khoảng {usual_minutes()} phút" in str(sent)


def test_without_any_form_nothing_breaks(db: None) -> None:
    assert usual_minutes() == 1
