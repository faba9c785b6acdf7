"""Django's own texts are all there in Vietnamese: where its catalogues lack some, ours has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils.translation.trans_real import DjangoTranslation

from tests.walk.words import english

ROOT = Path(django.__file__).parent
APPS = ("contrib/admin", "contrib/auth", "contrib/contenttypes", "contrib/sessions", "conf")
# Of Django's core what forms, pages of lists and the admin may say; not its names of languages,
# nor what only a developer meets.
SAID = ("core/validators", "core/paginator", "db/models/", "forms/", "contrib/messages", "utils/")
# Formats, marks and words that stand in Vietnamese sentences as they are.
PLACEHOLDERS = frozenset(
    ("strong", "href", "absolute", "url", "get", "YYYY", "uuuuuu", "IPv", "byte")
)


def texts(domain: str) -> Iterator[Message]:
    """The texts of Django that somebody may meet here."""
    for app in APPS:
        path = ROOT / app / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if path.exists():
            with path.open("rb") as lines:
                for entry in read_po(lines, locale="en"):
                    places = [place for place, _line in entry.locations]
                    if entry.id and (app != "conf" or any(p.startswith(SAID) for p in places)):
                        yield entry


def translated(translation: DjangoTranslation, entry: Message) -> str | None:
    """The Vietnamese; None if there is none."""
    catalog: Any = vars(translation)["_catalog"]  # Any: Django's, which its types do not know
    first = entry.id if isinstance(entry.id, str) else entry.id[0]
    key = f"{entry.context}\x04{first}" if entry.context else first
    said = catalog.get(key if isinstance(entry.id, str) else (key, 0))
    return said or None


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_all_of_django_speaks_vietnamese(domain: str) -> None:
    paths = [str(ROOT / "contrib" / "admin" / "locale")] if domain == "djangojs" else None
    catalog = DjangoTranslation("vi", domain=domain, localedirs=paths)
    found = {str(entry.id): translated(catalog, entry) for entry in texts(domain)}
    assert len(found) > 50
    assert sorted(text for text, said in found.items() if said is None) == []
    assert sorted(said for said in found.values() if said and english(said, PLACEHOLDERS)) == []
