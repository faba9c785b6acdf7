"""Goes to the addresses as somebody with a role, sends their forms empty and wrong, and reads."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.walk.places import Place
from tests.walk.reading import of_html, of_json
from tests.walk.words import english

JSON = ("application/json", "application/manifest+json")
PAGES = ("text/html", "image/svg+xml")
# What only programs ask for; their errors are said in both languages.
ELSEWHERE = "-"  # the route of what is not just looked at
FOR_PROGRAMS = ("api/", "healthz")


@dataclass(frozen=True, slots=True)
class Visit:
    """What stood at an address: the templates it was made of, and what a person reads there."""

    what: str
    route: str
    status: int
    kind: str
    templates: tuple[str, ...]
    texts: tuple[str, ...]

    def english(self) -> list[str]:
        """Each text with an English word, after the page on which it stands."""
        return [f"{self.what}: {text}" for text in self.texts if english(text)]


def visit(
    answer: Any, what: str, language: str, route: str = ELSEWHERE
) -> Visit:  # Any: a test answer
    """What an answer shows."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    texts: list[str] = []
    if route.startswith(FOR_PROGRAMS):
        texts = []
    elif kind in PAGES:
        texts = of_html(answer.content.decode(), language)
    elif kind in JSON:
        texts = list(of_json(json.loads(answer.content), language))
    elif kind == "text/plain":
        texts = [answer.content.decode()]
    templates = tuple(one.name for one in answer.templates if one.name)
    return Visit(what, route, answer.status_code, kind, templates, tuple(texts))


def around_a_test() -> transaction.Atomic:
    """A transaction that the product does not see, as Django's own tests have around them.

    So what it writes in a transaction of its own, such as a refusal, is undone as well.
    """
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    return block


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever is done is undone afterwards, in the database and in the browser."""
    cookies = client.cookies.output(header="", sep="\n")
    try:
        with around_a_test():
            yield
            transaction.set_rollback(True)
    finally:
        client.cookies.clear()
        client.cookies.load(cookies)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form of a page: where it is sent, what it sends by itself, what a person fills in."""

    action: str
    hidden: dict[str, str]
    fields: dict[str, str]
    buttons: tuple[tuple[str, str], ...]


class Sheets(HTMLParser):
    """The forms of a page that are sent by POST."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Sheet] = []
        self._now: dict[str, Any] | None = None  # Any: fields of a Sheet
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method", "").lower() == "post":
            action = urljoin(self.address, given.get("action", ""))
            self._now = {"action": action, "hidden": {}, "fields": {}, "buttons": []}
        name = given.get("name", "")
        if self._now is None or not name:
            return
        kind = given.get("type", "submit" if tag == "button" else "text")
        if tag == "button" or kind in ("submit", "button"):
            self._now["buttons"].append((name, given.get("value", "")))
        elif tag == "input" and kind == "hidden":
            self._now["hidden"][name] = given.get("value", "")
        elif tag in ("input", "select", "textarea"):
            self._now["fields"][name] = kind if tag == "input" else tag

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._now is not None:
            self.found.append(Sheet(**{**self._now, "buttons": tuple(self._now["buttons"])}))
            self._now = None


def walk(
    client: Client, role: str, places: list[Place], language: str = "vi", *, forms: bool = True
) -> Iterator[Visit]:
    """Every place, and every form of it once: empty, and filled with what nobody can take.

    forms: whether they are sent at all.
    """
    sent: set[tuple[str, tuple[str, ...]]] = set()
    for place in places:
        answer = client.get(place.address)
        what = f"{role or 'anybody'} at {place.address}"
        yield visit(answer, what, language, place.route)
        if forms and answer.headers.get("Content-Type", "").startswith("text/html"):
            for sheet in Sheets(answer.content.decode(), place.address).found:
                key = _kind_of(sheet)
                if key not in sent:
                    sent.add(key)
                    yield from _wrong(client, sheet, what, language)


def _kind_of(sheet: Sheet) -> tuple[str, tuple[str, ...]]:
    """Equal for forms that differ only in whom they are about."""
    path = "".join("0" if letter.isdigit() else letter for letter in urlsplit(sheet.action).path)
    return path, (*sorted(sheet.hidden), *sorted(sheet.fields), *map(str, sheet.buttons))


def _wrong(client: Client, sheet: Sheet, what: str, language: str) -> Iterator[Visit]:
    buttons = [dict([button]) for button in sheet.buttons] or [{}]
    for nth, pressed in enumerate(buttons):
        for how, values in WRONG.items():
            if nth and how != "empty":
                continue
            filled = {name: values(kind) for name, kind in sheet.fields.items()}
            data = {name: value for name, value in filled.items() if value is not None}
            with undone(client):
                answer = client.post(sheet.action, {**sheet.hidden, **data, **pressed}, follow=True)
            yield visit(answer, f"{what} sent {how} to {sheet.action}", language)


def _empty(kind: str) -> str | SimpleUploadedFile | None:
    return "" if kind in ("text", "textarea", "password") else None


def _nonsense(kind: str) -> str | SimpleUploadedFile | None:
    if kind == "file":
        return SimpleUploadedFile("x.csv", b"cha;me\n1;2\n", "text/csv")
    return {"checkbox": None, "select": "0"}.get(kind, "!")


def _too_long(kind: str) -> str | SimpleUploadedFile | None:
    if kind == "file":
        return SimpleUploadedFile("x.csv", b"\xff\x00", "text/csv")
    return "!" * 3000 if kind in ("text", "textarea", "password") else "0"


WRONG: Mapping[str, Any] = {  # Any: makers of values
    "empty": _empty,
    "nonsense": _nonsense,
    "too much": _too_long,
}
