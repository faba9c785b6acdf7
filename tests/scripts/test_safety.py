"""The bill of materials is of today's pins; nothing of ours is passed over unread."""

import json
from pathlib import Path

import pytest

from scripts.safety import BILL, LOOKED_AT, PIN, PINS, UNREAD, bill, materials, written
from tests.test_house import ROOT, tracked


def test_the_bill_is_of_todays_pins_and_others_can_read_it() -> None:
    assert list(materials()) == []
    names = {one["name"] for one in json.loads(BILL.read_text("utf-8"))["components"]}
    assert {"django", "django-allauth", "bootstrap", "idb", "@fontsource/noto-sans-khmer"} <= names
    assert len(names) > 60


def test_it_is_the_same_text_every_time() -> None:
    assert written(bill()) == written(bill())


def test_a_changed_pin_is_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pins = tmp_path / "run.txt"
    pins.write_text(PIN.sub(r"\1==0.0.1", PINS.read_text("utf-8")))
    monkeypatch.setattr("scripts.safety.PINS", pins)
    assert any("--write" in line for line in materials())


def test_all_of_our_code_is_read_for_secrets() -> None:
    passed_over = [path for path in tracked() if UNREAD.fullmatch(str(path.relative_to(ROOT)))]
    assert {path.suffix for path in passed_over} <= {
        *(".txt", ".csv", ".po", ".ttf", ".woff2", ".png", ".gz", ".svg", ".json", ".baseline"),
        *(".pdf", ".xlsx"),
        *(".R", ".py", ".ts"),
        *(".css", ".js", ".md", ""),
    }
    ours = {
        path.relative_to(ROOT).parts[0] for path in passed_over if path.suffix in (".js", ".css")
    }
    assert ours == {"static"}
    assert not UNREAD.fullmatch("static/js/seal.js")
    assert not UNREAD.fullmatch("config/settings.py")


def test_what_was_looked_at_names_files_that_are_there() -> None:
    looked_at = json.loads(LOOKED_AT.read_text("utf-8"))["results"]
    assert [name for name in looked_at if not (ROOT / name).exists()] == []
