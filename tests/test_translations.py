"""Every text for people has its Vietnamese."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from scripts.messages import OWNERS, ROOT, messages, po_file, untranslated


@pytest.mark.parametrize("owner", OWNERS)
def test_nothing_lacks_its_vietnamese(owner: str) -> None:
    assert untranslated(owner) == []


def test_texts_are_found_in_code_and_in_templates() -> None:
    found = {text for _, text in messages("surveys")}
    assert {"Which procedure was it?", "Your receipt code", "Part %(number)s of %(count)s"} <= found


@pytest.mark.parametrize("owner", OWNERS)
def test_placeholders_survive_the_translation(owner: str) -> None:
    with po_file(owner).open("rb") as lines:
        for entry in read_po(lines, locale="vi"):
            texts = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
            for text in filter(None, texts):
                source = entry.id if isinstance(entry.id, str) else entry.id[0]
                assert sorted(_placeholders(source)) == sorted(_placeholders(text)), source


def _placeholders(text: str) -> list[str]:
    return [part.split(")")[0] for part in text.split("%(")[1:]]


def test_compiled_translations_are_not_kept() -> None:
    ignored = Path(ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "*.mo" in ignored
