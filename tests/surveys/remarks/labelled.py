"""Remarks as people write them, with what must be hidden in them between ⟦ and ⟧.

`labelled.csv` marks as blind the half that was written before the rule of masking.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

SECRET = re.compile("⟦([^⟧]*)⟧")
# So many digits in a row, or letters of a name, tell a person apart.
TELLING = 5
NAME = 4
SPOKEN = {
    word: str(digit)
    for digit, words in enumerate(
        (
            ("không", "khong", "ko", "zero"),
            ("một", "mot", "mốt"),
            ("hai",),
            ("ba",),
            ("bốn", "bon", "tư"),
            ("năm", "nam", "lăm"),
            ("sáu", "sau"),
            ("bảy", "bay", "bẩy"),
            ("tám", "tam"),
            ("chín", "chin"),
        )
    )
    for word in words
}
SAID = re.compile("|".join(sorted(SPOKEN, key=len, reverse=True)))
LOOKALIKE = str.maketrans("oliı\N{CYRILLIC SMALL LETTER O}\N{CYRILLIC SMALL LETTER ZE}", "011103")
BOTH = (False, True)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One remark."""

    text: str
    secrets: tuple[str, ...]
    blind: bool

    def is_right(self, hide: Callable[[str], str]) -> bool:
        """Whether nothing of the secrets can be read afterwards; unchanged where there is none."""
        left = hide(self.text)
        if not self.secrets:
            return left == self.text
        return left != self.text and not any(survives(secret, left) for secret in self.secrets)


def labelled() -> Iterator[Labelled]:
    """All of them."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            secrets = tuple(SECRET.findall(row["remark"]))
            yield Labelled(SECRET.sub(r"\1", row["remark"]), secrets, row["blind"] == "blind")


def survives(secret: str, text: str) -> bool:
    """Whether the secret, or enough of it to find somebody, can be read in the text."""
    digits = _digits(secret, words=True, alike=True)
    if len(digits) < TELLING:
        if _letters(secret) in _letters(text):
            return True
    else:
        # words between the digits may look like digits themselves
        left = [_digits(text, words=words, alike=alike) for words in BOTH for alike in BOTH]
        for first in range(len(digits) - TELLING + 1):
            if any(digits[first : first + TELLING] in one for one in left):
                return True
    words = re.findall(rf"[^\W\d_]{{{NAME},}}", secret.lower())
    return any(word in text.lower() for word in words if word not in SPOKEN)


def _digits(text: str, *, words: bool, alike: bool) -> str:
    """The digits alone; what is hidden stands as a blank."""
    plain = _plain(text)
    parts = re.split(r"\[[^\]\d]*đã ẩn\]", plain)
    if words:
        parts = [SAID.sub(lambda said: SPOKEN[said.group()], part) for part in parts]
    if alike:
        parts = [part.translate(LOOKALIKE) for part in parts]
    return " ".join("".join(re.findall(r"\d", part)) for part in parts)


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", _plain(text)))


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text).lower()
    return "".join(str(unicodedata.digit(letter, letter)) for letter in composed)
