"""A mapping of a questionnaire's file, read key by key, with its place for error messages."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NoReturn, TypeVar

from surveys.questionnaires.questionnaire import Texts

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
MISSING = object()


def told(text: str) -> str:
    """Marks what people are told of a mistake; officials.administration.mistakes translates it."""
    return text


NUMBER = told("Give a number from %(first)s to %(last)s.")
Value = TypeVar("Value")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a place of a file, and what to do; line: None where nobody knows it.

    problem and remedy are marked by `told`, with placeholders for `values`.
    """

    place: str
    line: int | None
    problem: str
    remedy: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English, as commands print it."""
        return f"{self.place}: {self.problem % self.values}. {self.remedy % self.values}"


WHOLE_FILE = told("the file")


class BadFile(Exception):
    """A file is no questionnaire. The message names the file, the places and what to do."""

    def __init__(self, message: str, mistakes: Sequence[Mistake] = ()) -> None:
        super().__init__(message)
        self.mistakes = tuple(mistakes)


def bad_file(file: str, mistakes: Sequence[Mistake]) -> BadFile:
    """The error that tells of these mistakes, each in a line of its own."""
    return BadFile("\n".join(f"{file}: {mistake}" for mistake in mistakes), mistakes)


class Found:
    """The mistakes found so far: what is wrong in one place keeps nobody from reading the next."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def value(self, read: Callable[[], Value], instead: Other) -> Value | Other:
        """What `read` gives, or `instead` with its mistakes remembered."""
        try:
            return read()
        except BadFile as error:
            self.mistakes += error.mistakes
            return instead

    def refuse_all(self, file: str) -> None:
        """Raises BadFile with all that was found, by line; nothing where nothing was."""
        if self.mistakes:
            ordered = sorted(self.mistakes, key=lambda one: one.line or 0)
            raise bad_file(file, ordered)


class LinedMapping(dict[object, object]):
    """A mapping of the file that knows on which lines it and its keys stand."""

    line: int | None = None
    lines: Mapping[object, int]


class FileEntry:
    """What stands at one place of the file. Whoever has taken all it knows calls `finish`."""

    def __init__(self, file: str, place: str, value: object, line: int | None = None) -> None:
        self.file = file
        self.place = place
        self.line = value.line if isinstance(value, LinedMapping) else line
        self._lines = value.lines if isinstance(value, LinedMapping) else {}
        self._asked: object = None
        if not isinstance(value, Mapping):
            self.refuse(told("is not a mapping"), told("Write `key: value` lines."))
        self._left: dict[object, object] = dict(value)

    @property
    def asked_line(self) -> int | None:
        """The line of the key that was taken last."""
        return self._lines.get(self._asked, self.line)

    def refuse(self, problem: str, remedy: str, **values: object) -> NoReturn:
        """Raises BadFile with this place. Both texts are marked by `told`."""
        mistake = Mistake(self.place, self.asked_line, problem, remedy, values)
        raise bad_file(self.file, [mistake])

    def has(self, key: str) -> bool:
        """Whether the key is there and not taken yet."""
        return key in self._left

    def finish(self) -> None:
        """Refuses keys that nobody took: most are misspelt."""
        if self._left:
            self._asked = next(iter(self._left))
            self.refuse(
                told("unknown key %(names)s"),
                told("Correct the spelling or delete it."),
                names=", ".join(sorted(f"`{key}`" for key in self._left)),
            )

    def _take(self, key: str, default: object) -> object:
        self._asked = key
        value = self._left.pop(key, default)
        if value is MISSING:
            self.refuse(told("`%(key)s` is missing"), told("Add `%(key)s:`."), key=key)
        return value

    def _wrong(self, key: str, value: object, wanted: str, **values: object) -> NoReturn:
        """wanted: what to give, marked by `told`."""
        problem = told("`%(key)s` is %(value)s")
        self.refuse(problem, wanted, key=key, value=repr(value), **values)

    def string(self, key: str, default: object = MISSING) -> str:
        """A string that is not empty, composed (NFC) and without outer blanks."""
        value = self._take(key, default)
        if value is default and isinstance(value, str):
            return value
        return self._clean(key, value)

    def _clean(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            self._wrong(key, value, told("Give text in quotation marks."))
        if not value.strip():
            self.refuse(told("`%(key)s` is empty"), told("Write the text."), key=key)
        if not unicodedata.is_normalized("NFC", value):
            self.refuse(
                told("`%(key)s` is not composed Unicode (NFC)"),
                told("Save the file with composed letters."),
                key=key,
            )
        if value != value.strip():
            self.refuse(
                told("`%(key)s` begins or ends with a blank"),
                told("Remove it."),
                key=key,
            )
        if any(unicodedata.category(c) == "Cc" and c != "\n" for c in value):
            self.refuse(
                told("`%(key)s` contains a control character"),
                told("Remove it."),
                key=key,
            )
        return value

    def code(self, key: str, pattern: str, example: str) -> str:
        """A string that matches `pattern` whole."""
        value = self.string(key)
        if not re.fullmatch(pattern, value):
            self._wrong(key, value, told("Give something like %(example)s."), example=example)
        return value

    def number(self, key: str, first: float, last: float) -> float:
        """A number between `first` and `last`, both allowed."""
        value = self._take(key, MISSING)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(key, value, NUMBER, first=first, last=last)
        if not first <= value <= last:
            self._wrong(key, value, NUMBER, first=first, last=last)
        return value

    def flag(self, key: str, default: object = MISSING) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            self._wrong(key, value, told("Give true or false."))
        return value

    def day(self, key: str) -> date | None:
        """A date such as 2025-07-01, or None if the key is absent."""
        value = self._take(key, None)
        # A moment is a date too, for Python.
        if value is not None and type(value) is not date:
            self._wrong(
                key,
                value,
                told("Give a date such as 2025-07-01, without quotation marks."),
            )
        return value

    def sequence(self, key: str, default: object = MISSING) -> Sequence[object]:
        """A list; without `default` it must hold something."""
        value = self._take(key, default)
        if not isinstance(value, list | tuple):
            self._wrong(key, value, told("Give a list."))
        if not value and default is MISSING:
            self.refuse(
                told("`%(key)s` is empty"),
                told("List at least one, or delete it."),
                key=key,
            )
        return value

    def entries(self, key: str, default: object = MISSING) -> Iterator["FileEntry"]:
        """The mappings of a list, each named by its code where it has one."""
        for number, value in enumerate(self.sequence(key, default), start=1):
            code = value.get("code", number) if isinstance(value, Mapping) else number
            yield FileEntry(self.file, f"{self.place} › {key} {code}", value, self._lines.get(key))

    def mapping(self, key: str, default: object = MISSING) -> Iterator[tuple[str, object]]:
        """Names and values of a mapping."""
        value = self._take(key, default)
        if not isinstance(value, Mapping):
            self._wrong(key, value, told("Give a mapping."))
        for name, inner in value.items():
            if not isinstance(name, str):
                self._wrong(key, name, told("Give names in letters."))
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
        inner = FileEntry(self.file, f"{self.place} › {key}", value, self.asked_line)
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
            self._asked = language
            self.refuse(
                told("`%(language)s` has the unknown placeholder %(name)s"),
                told("Known here: %(listed)s. Add it under `labels` or correct it."),
                language=language,
                name=f"{{{name}}}",
                listed=listed,
            )
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            self._asked = language
            self.refuse(
                told("`%(language)s` has a single brace"),
                told("Write placeholders as {office}."),
                language=language,
            )
        if names != set(PLACEHOLDER.findall(vietnamese)):
            self._asked = language
            self.refuse(
                told("`%(language)s` has other placeholders than `vi`"),
                told("Use the same ones in both."),
                language=language,
            )
