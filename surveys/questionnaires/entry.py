"""A mapping of a questionnaire's file, read key by key, with its place for error messages."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NoReturn

from surveys.questionnaires.questionnaire import Texts

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
MISSING = object()


class BadFile(Exception):
    """A file is no questionnaire. The message names the file, the place and what to do."""


class FileEntry:
    """What stands at one place of the file. Whoever has taken all it knows calls `finish`."""

    def __init__(self, file: str, place: str, value: object) -> None:
        self.file = file
        self.place = place
        if not isinstance(value, Mapping):
            self.refuse("is not a mapping", "Write `key: value` lines.")
        self._left: dict[object, object] = dict(value)

    def refuse(self, problem: str, remedy: str) -> NoReturn:
        """Raises BadFile with this place."""
        raise BadFile(f"{self.file}: {self.place}: {problem}. {remedy}")

    def has(self, key: str) -> bool:
        """Whether the key is there and not taken yet."""
        return key in self._left

    def finish(self) -> None:
        """Refuses keys that nobody took: most are misspelt."""
        if self._left:
            names = ", ".join(sorted(f"`{key}`" for key in self._left))
            self.refuse(f"unknown key {names}", "Correct the spelling or delete it.")

    def _take(self, key: str, default: object) -> object:
        value = self._left.pop(key, default)
        if value is MISSING:
            self.refuse(f"`{key}` is missing", f"Add `{key}:`.")
        return value

    def _wrong(self, key: str, value: object, wanted: str) -> NoReturn:
        self.refuse(f"`{key}` is {value!r}", f"Give {wanted}.")

    def string(self, key: str, default: object = MISSING) -> str:
        """A string that is not empty, composed (NFC) and without outer blanks."""
        value = self._take(key, default)
        if value is default and isinstance(value, str):
            return value
        return self._clean(key, value)

    def _clean(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            self._wrong(key, value, "text in quotation marks")
        if not value.strip():
            self.refuse(f"`{key}` is empty", "Write the text.")
        if not unicodedata.is_normalized("NFC", value):
            self.refuse(
                f"`{key}` is not composed Unicode (NFC)",
                "Save the file with composed letters; see unicodedata.normalize.",
            )
        if value != value.strip():
            self.refuse(f"`{key}` begins or ends with a blank", "Remove it.")
        if any(unicodedata.category(c) == "Cc" and c != "\n" for c in value):
            self.refuse(f"`{key}` contains a control character", "Remove it.")
        return value

    def code(self, key: str, pattern: str, example: str) -> str:
        """A string that matches `pattern` whole."""
        value = self.string(key)
        if not re.fullmatch(pattern, value):
            self._wrong(key, value, f"something like {example}")
        return value

    def number(self, key: str, first: float, last: float) -> float:
        """A number between `first` and `last`, both allowed."""
        value = self._take(key, MISSING)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, value, f"a number from {first} to {last}")
        if not first <= value <= last:
            self._wrong(key, value, f"a number from {first} to {last}")
        return value

    def flag(self, key: str, default: object = MISSING) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            self._wrong(key, value, "true or false")
        return value

    def day(self, key: str) -> date | None:
        """A date such as 2025-07-01, or None if the key is absent."""
        value = self._take(key, None)
        # A moment is a date too, for Python.
        if value is not None and type(value) is not date:
            self._wrong(key, value, "a date such as 2025-07-01, without quotation marks")
        return value

    def sequence(self, key: str, default: object = MISSING) -> Sequence[object]:
        """A list; without `default` it must hold something."""
        value = self._take(key, default)
        if not isinstance(value, list | tuple):
            self._wrong(key, value, "a list")
        if not value and default is MISSING:
            self.refuse(f"`{key}` is empty", "List at least one, or delete it.")
        return value

    def entries(self, key: str, default: object = MISSING) -> Iterator["FileEntry"]:
        """The mappings of a list, each named by its code where it has one."""
        for number, value in enumerate(self.sequence(key, default), start=1):
            code = value.get("code", number) if isinstance(value, Mapping) else number
            yield FileEntry(self.file, f"{self.place} › {key} {code}", value)

    def mapping(self, key: str, default: object = MISSING) -> Iterator[tuple[str, object]]:
        """Names and values of a mapping."""
        value = self._take(key, default)
        if not isinstance(value, Mapping):
            self._wrong(key, value, "a mapping")
        for name, inner in value.items():
            if not isinstance(name, str):
                self._wrong(key, name, "names in letters")
            yield name, inner

    def texts(
        self, key: str, languages: Sequence[str], placeholders: frozenset[str] = frozenset()
    ) -> Texts:
        """A text in exactly `languages`, with known placeholders, the same in each language."""
        return self.texts_of(key, self._take(key, MISSING), languages, placeholders)

    def texts_of(
        self, key: str, value: object, languages: Sequence[str], placeholders: frozenset[str]
    ) -> Texts:
        """As `texts`, for a value already in hand."""
        inner = FileEntry(self.file, f"{self.place} › {key}", value)
        found = {language: inner.string(language) for language in languages}
        inner.finish()
        for language, text in found.items():
            inner.check_placeholders(language, text, found["vi"], placeholders)
        return found

    def check_placeholders(
        self, language: str, text: str, vietnamese: str, known: frozenset[str]
    ) -> None:
        """Refuses stray braces, unknown names, and names the Vietnamese text does not have."""
        names = set(PLACEHOLDER.findall(text))
        for name in sorted(names - known):
            listed = ", ".join(f"{{{k}}}" for k in sorted(known)) or "none"
            self.refuse(
                f"`{language}` has the unknown placeholder {{{name}}}",
                f"Known here: {listed}. Add it under `labels` or correct it.",
            )
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            self.refuse(f"`{language}` has a single brace", "Write placeholders as {office}.")
        if names != set(PLACEHOLDER.findall(vietnamese)):
            self.refuse(
                f"`{language}` has other placeholders than `vi`", "Use the same ones in both."
            )
