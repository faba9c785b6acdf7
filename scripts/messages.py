"""Which texts for people there are, and which lack a translation.

`python -m scripts.messages` lists what is missing; `--add` appends the missing ones, empty, to the
`django.po` of the app that owns them. Texts of templates/<app>/ belong to the app, those of the
admin to `offices`, other templates to `config`.

Everything has to be there in Vietnamese, and what citizens see in Khmer: all of `config` and
`surveys`, and of the other apps' Python the texts with a comment before them that begins with
`For citizens`.
"""

import re
import sys
from ast import literal_eval
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
OWNERS = ("config", "audit", "offices", "accounts", "surveys", "reports", "officials", "demo")
KEYWORDS = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

# Templates of pages that are Django's, and whose they are.
PAGES_OF = {"admin": "offices", "socialaccount": "accounts"}
# Whose texts citizens see without a mark.
CITIZENS_OWNERS = ("config", "surveys")
FOR_CITIZENS = "For citizens"
LANGUAGES = ("vi", "km")
KHMER_HEADER = """\
# Khmer translations for Hài Lòng.
# DRAFT, AWAITING REVIEW BY A NATIVE SPEAKER. How to review it: docs/languages.md.
# The words for answers, office, procedure and so on are those of surveys/questionnaires/*.yaml."""

Message = tuple[str | None, str]


def po_file(owner: str, language: str = "vi") -> Path:
    """Where the translations of an app stand."""
    return ROOT / owner / "locale" / language / "LC_MESSAGES" / "django.po"


def in_python(source: IO[bytes], *, for_citizens: bool = False) -> Iterator[Message]:
    """The texts of a Python file; `for_citizens`: only those that are marked so."""
    for _line, text, comments, context in extract(
        "python",
        source,
        keywords=KEYWORDS,
        comment_tags=(FOR_CITIZENS,),
        options={"encoding": "utf-8"},
    ):
        if comments or not for_citizens:
            yield context, text[0] if isinstance(text, tuple) else text


def _in_files(owner: str, *, for_citizens: bool = False) -> Iterator[Message]:
    for path in sorted((ROOT / owner).rglob("*.py")):
        with path.open("rb") as source:
            yield from in_python(source, for_citizens=for_citizens)


# What Django's `templatize` leaves of a template is no Python as a whole, only calls in disorder.
CALL = re.compile(
    r"""\b(n?p?gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""(?:\s*,\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?"""
)


def _in_templates(owner: str) -> Iterator[Message]:
    templates = ROOT / "templates"
    for path in sorted(templates.rglob("*.html")) + sorted(templates.rglob("*.txt")):
        folder = path.relative_to(templates).parts[0]
        if PAGES_OF.get(folder, folder if folder in OWNERS else "config") == owner:
            for call in CALL.finditer(templatize(path.read_text("utf-8"))):
                name, first, second = call.groups()
                if "p" in name.removesuffix("gettext"):
                    yield literal_eval(first), literal_eval(second)
                else:
                    yield None, literal_eval(first)


def messages(owner: str, language: str = "vi") -> set[Message]:
    """The texts of an app that must be there in `language`, with their context."""
    if language == "km" and owner not in CITIZENS_OWNERS:
        found = _in_files(owner, for_citizens=True)
    else:
        found = chain(_in_files(owner), _in_templates(owner))
    return {(context, text) for context, text in found if text}


def catalog(owner: str, language: str = "vi") -> Catalog:
    """The translations of an app; empty where there is no file yet."""
    path = po_file(owner, language)
    if not path.exists():
        header = {"header_comment": KHMER_HEADER} if language == "km" else {}
        return Catalog(locale=language, domain="django", fuzzy=False, **header)
    with path.open("rb") as lines:
        return read_po(lines, locale=language, domain="django")


def untranslated(owner: str, language: str = "vi") -> list[Message]:
    """The texts of an app without a translation."""
    known = catalog(owner, language)
    missing = []
    for context, text in messages(owner, language):
        entry = known.get(text, context)
        if entry is None or not entry.string or not all(_strings(entry.string)):
            missing.append((context, text))
    return sorted(missing, key=lambda message: message[1])


def _strings(string: object) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (str(string),)


def add(owner: str, language: str, texts: Iterable[Message]) -> None:
    """Appends the texts, empty, to the app's file of a language."""
    known = catalog(owner, language)
    for context, text in texts:
        if known.get(text, context) is None:
            known.add(text, "", context=context)
    path = po_file(owner, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, known, sort_output=True, omit_header=False, width=100)


def main() -> int:
    """Lists what is missing; 1 if anything is."""
    complete = True
    for language in LANGUAGES:
        for owner in OWNERS:
            texts = untranslated(owner, language)
            complete = complete and not texts
            for _context, text in texts:
                print(f"{language} {owner}: {text}")
            if "--add" in sys.argv and texts:
                add(owner, language, texts)
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
