"""Every text for people has its Vietnamese, and what citizens see its Khmer."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from scripts.messages import (
    CITIZENS_OWNERS,
    LANGUAGES,
    OWNERS,
    ROOT,
    in_python,
    messages,
    po_file,
    untranslated,
)

INSTRUMENTS = sorted((ROOT / "surveys" / "questionnaires").glob("*.yaml"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("owner", OWNERS)
def test_nothing_lacks_its_translation(owner: str, language: str) -> None:
    assert untranslated(owner, language) == []


@pytest.mark.parametrize("owner", [owner for owner in OWNERS if po_file(owner).exists()])
def test_people_are_addressed_as_an_office_does(owner: str) -> None:
    with po_file(owner).open("rb") as file:
        texts = [(message.id, str(message.string)) for message in read_po(file, locale="vi")]
    assert [
        said for known, said in texts if known and re.search(r"\b[Bb]ạn\b|[Ôô]ng/bà|ông/Bà", said)
    ] == []


def test_no_text_stands_inside_an_f_string() -> None:
    """The extractor does not look into them, so that such a text stays English."""
    guilty = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for owner in OWNERS
        for path in sorted((ROOT / owner).rglob("*.py"))
        for value in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(value, ast.FormattedValue)
        for call in ast.walk(value)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"_", "gettext", "ngettext", "pgettext"}
    ]
    assert guilty == []


def test_texts_are_found_in_code_and_in_templates() -> None:
    found = {text for _, text in messages("surveys")}
    assert {"Which procedure was it?", "Your receipt code", "Part %(number)s of %(count)s"} <= found


@pytest.mark.parametrize("owner", CITIZENS_OWNERS)
def test_khmer_has_all_that_citizens_may_see(owner: str) -> None:
    assert messages(owner, "km") == messages(owner)


def test_other_apps_say_which_of_their_texts_citizens_see() -> None:
    source = b"""
from django.utils.translation import gettext as _
mine = _("Entry of officials")
# For citizens: the list of offices.
yours = _("Open today")
# Another remark.
theirs = _("Closed")
"""
    assert list(in_python(BytesIO(source), for_citizens=True)) == [(None, "Open today")]
    assert len(list(in_python(BytesIO(source)))) == 3
    assert messages("reports", "km") < messages("reports")


def files() -> Iterator[tuple[Path, str]]:
    """The files with translations that there are, and their language."""
    for language in LANGUAGES:
        for owner in OWNERS:
            if po_file(owner, language).exists():
                yield po_file(owner, language), language


def entries() -> Iterator[tuple[str, Message]]:
    """All translations, each with the name of its file."""
    for path, language in files():
        with path.open("rb") as lines:
            for entry in read_po(lines, locale=language):
                if entry.id:
                    yield str(path.relative_to(ROOT)), entry


def texts(entry: Message) -> list[str]:
    """The forms of a translation that are filled in."""
    forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
    return [form for form in forms if form]


def source(entry: Message) -> str:
    """The English text of a translation."""
    return entry.id if isinstance(entry.id, str) else entry.id[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_two_translations(language: str) -> None:
    """Django merges the files of all apps: of two translations one would win everywhere."""
    found: dict[tuple[str | None, str], dict[tuple[str, ...], str]] = {}
    for path, entry in entries():
        if f"/{language}/" in path and texts(entry):
            key = entry.context or None, source(entry)
            found.setdefault(key, {})[tuple(texts(entry))] = path
    assert len(found) > 100
    assert {key: list(said.items()) for key, said in found.items() if len(said) > 1} == {}


def test_placeholders_survive_the_translation() -> None:
    lost = [
        (path, source(entry))
        for path, entry in entries()
        for text in texts(entry)
        if placeholders(source(entry)) != placeholders(text)
    ]
    assert lost == []


def placeholders(text: str) -> list[str]:
    """What stands for something else: `%(name)s`, also with another letter, and `{name}`."""
    percent = [f"{name}){rest[:1]}" for name, _, rest in (
        part.partition(")") for part in text.split("%(")[1:]
    )]  # fmt: skip
    braces = [part.partition("}")[0] for part in text.split("{")[1:]]
    return sorted(percent) + sorted(braces)


def test_no_translation_is_a_guess() -> None:
    assert [(path, source(entry)) for path, entry in entries() if entry.fuzzy] == []
    assert [str(path) for path, _ in files() if "#, fuzzy" in path.read_text("utf-8")] == []


def test_khmer_is_written_in_khmer() -> None:
    """A copied English or Vietnamese text is no translation."""
    guilty = [
        source(entry)
        for path, entry in entries()
        if "/km/" in path
        for text in texts(entry)
        if not any("\u1780" <= letter <= "\u17ff" for letter in text)
    ]
    assert guilty == []


def test_khmer_says_that_it_is_a_draft() -> None:
    """Until a native speaker has reviewed it: docs/languages.md says what to do then."""
    drafts = [path for path, language in files() if language == "km"]
    assert {path.parents[3].name for path in drafts} >= set(CITIZENS_OWNERS)
    for path in drafts:
        header = path.read_text("utf-8").partition('msgid ""')[0]
        assert "DRAFT, AWAITING REVIEW BY A NATIVE SPEAKER" in header


@pytest.mark.parametrize("path", INSTRUMENTS, ids=lambda path: path.stem)
def test_every_questionnaire_has_all_three_languages(path: Path) -> None:
    def lacking(node: object, where: str) -> Iterator[str]:
        if isinstance(node, dict):
            if "vi" in node and not all(node.get(language) for language in ("vi", "en", "km")):
                yield where
            for key, value in node.items():
                yield from lacking(value, f"{where}.{key}")
        elif isinstance(node, list):
            for number, value in enumerate(node):
                yield from lacking(value, f"{where}[{number}]")

    questionnaire = yaml.safe_load(path.read_text("utf-8"))
    assert set(questionnaire["languages"]) == {"vi", "en", "km"}
    assert "km" in questionnaire["draft_languages"]
    assert list(lacking(questionnaire, path.stem)) == []


def test_compiled_translations_are_not_kept() -> None:
    ignored = Path(ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "*.mo" in ignored
