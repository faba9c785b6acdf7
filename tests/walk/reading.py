"""What a person reads of a page, or a script shows of it."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

ATTRIBUTES = {
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-roledescription",
}
BUTTONS = {"submit", "button", "reset"}
# Literal words for machines stand in these, and no sentences.
UNREAD = {"script", "style", "code", "kbd", "samp"}
VOID = {
    *(
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
    ),
    "wbr",
}


class Reader(HTMLParser):
    """The texts of a page in `language`; what is marked as another language is left out."""

    def __init__(self, html: str, language: str) -> None:
        super().__init__()
        self.language = language
        self.texts: list[str] = []
        self.data: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._json = False
        self.feed(html)
        self.close()

    @property
    def _read(self) -> bool:
        return all(read for _tag, read in self._open)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        read = tag not in UNREAD and given.get("lang", self.language) == self.language
        if tag not in VOID:
            self._open.append((tag, read))
        if read and self._read:
            self.texts += _of_attributes(tag, given)
        self._json = tag == "script" and given.get("type") == "application/json"

    def handle_endtag(self, tag: str) -> None:
        if any(tag == known for known, _read in self._open):
            while self._open.pop()[0] != tag:
                pass
        self._json = False

    def handle_data(self, data: str) -> None:
        if self._json:
            self.texts += of_json(json.loads(data), self.language)
        elif self._read:
            self.texts.append(data)


def _of_attributes(tag: str, given: dict[str, str]) -> Iterator[str]:
    for name, value in given.items():
        if name in ATTRIBUTES:
            yield value
        elif name == "data-inline-formset":
            options = json.loads(value)["options"]
            yield from (options["addText"], options["deleteText"])
        elif name.startswith("data-") and (" " in value or name in SAID):
            yield value
    if tag == "input" and given.get("type") in BUTTONS:
        yield given.get("value", "")
    if tag in ("option", "optgroup"):
        yield given.get("label", "")
    if tag == "meta" and given.get("name") == "description":
        yield given.get("content", "")


# Texts of one word that scripts show.
SAID = {"data-label", "data-saved", "data-said"}


def of_html(html: str, language: str) -> list[str]:
    """The texts of a page, each without the spaces around it."""
    return [" ".join(text.split()) for text in Reader(html, language).texts if text.strip()]


def of_json(found: Any, language: str) -> Iterator[str]:  # Any: JSON
    """The texts of JSON in `language`: where all languages are given, of that one."""
    if isinstance(found, dict):
        if "vi" in found:
            yield from _all_of(found[language])
        else:
            for name, value in found.items():
                if name in SENTENCES and isinstance(value, str):
                    yield value
                else:
                    yield from of_json(value, language)
    elif isinstance(found, list):
        for value in found:
            yield from of_json(value, language)


# Keys of JSON that hold what a person reads; others hold words for programs.
SENTENCES = {"name", "field", "error", "message", "sentence", "short_name", "title"}


def _all_of(found: Any) -> Iterator[str]:  # Any: JSON
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for value in found.values():
            yield from _all_of(value)
    elif isinstance(found, list):
        for value in found:
            yield from _all_of(value)
