"""Which texts for people there are, and which lack a Vietnamese translation.

`python -m scripts.messages` lists what is missing; `--add` appends the missing ones, empty, to the
`django.po` of the app that owns them. Texts of templates/<app>/ belong to the app, other templates
to `config`.
"""

import re
import sys
from ast import literal_eval
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
OWNERS = ("config", "offices", "surveys", "reports")
KEYWORDS = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Message = tuple[str | None, str]


def po_file(owner: str, language: str = "vi") -> Path:
    """Where the translations of an app stand."""
    return ROOT / owner / "locale" / language / "LC_MESSAGES" / "django.po"


def _in_python(owner: str) -> Iterator[Message]:
    for path in sorted((ROOT / owner).rglob("*.py")):
        with path.open("rb") as source:
            for _line, text, _comments, context in extract(
                "python", source, keywords=KEYWORDS, options={"encoding": "utf-8"}
            ):
                yield context, text[0] if isinstance(text, tuple) else text


# What Django's `templatize` leaves of a template is no Python as a whole, only calls in disorder.
CALL = re.compile(
    r"""\b(n?p?gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""(?:\s*,\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?"""
)


def _in_templates(owner: str) -> Iterator[Message]:
    templates = ROOT / "templates"
    for path in sorted(templates.rglob("*.html")) + sorted(templates.rglob("*.txt")):
        folder = path.relative_to(templates).parts[0]
        if (folder if folder in OWNERS else "config") == owner:
            for call in CALL.finditer(templatize(path.read_text("utf-8"))):
                name, first, second = call.groups()
                if "p" in name.removesuffix("gettext"):
                    yield literal_eval(first), literal_eval(second)
                else:
                    yield None, literal_eval(first)


def messages(owner: str) -> set[Message]:
    """All texts of an app, with their context."""
    return {
        (context, text) for context, text in chain(_in_python(owner), _in_templates(owner)) if text
    }


def catalog(owner: str, language: str = "vi") -> Catalog:
    """The translations of an app; empty where there is no file yet."""
    path = po_file(owner, language)
    if not path.exists():
        return Catalog(locale=language, domain="django", fuzzy=False)
    with path.open("rb") as lines:
        return read_po(lines, locale=language, domain="django")


def untranslated(owner: str, language: str = "vi") -> list[Message]:
    """The texts of an app without a translation."""
    known = catalog(owner, language)
    missing = []
    for context, text in messages(owner):
        entry = known.get(text, context)
        if entry is None or not entry.string or not all(_strings(entry.string)):
            missing.append((context, text))
    return sorted(missing, key=lambda message: message[1])


def _strings(string: object) -> tuple[str, ...]:
    return string if isinstance(string, tuple) else (str(string),)


def main() -> int:
    """Lists what is missing; 1 if anything is."""
    missing = {owner: untranslated(owner) for owner in OWNERS}
    for owner, texts in missing.items():
        for _context, text in texts:
            print(f"{owner}: {text}")
        if "--add" in sys.argv and texts:
            known = catalog(owner)
            for context, text in texts:
                if known.get(text, context) is None:
                    known.add(text, "", context=context)
            path = po_file(owner)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, known, sort_output=True, omit_header=False, width=100)
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
