"""How a number can be written: digits of any script, letters that look like them, words.

plain("O9I2 ba bốn năm sáu bảy tám").letters  # "0912 3 4 5 6 7 8"
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Stands for what was hidden; between two digits it says that they belong to different numbers.
NOTHING = "\0"
UNSEEN = "\u200b"
# What may stand between the digits of one number: anything but letters, digits and underlines.
GAP = r"(?:[^\w\0]|_){0,4}"

LIKE = {
    **dict.fromkeys("oO\N{CYRILLIC SMALL LETTER O}\N{CYRILLIC CAPITAL LETTER O}", "0"),
    **dict.fromkeys("\N{GREEK SMALL LETTER OMICRON}\N{GREEK CAPITAL LETTER OMICRON}", "0"),
    **dict.fromkeys("iIl\N{LATIN SMALL LETTER DOTLESS I}", "1"),
    "\N{CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I}": "1",
    "\N{CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I}": "1",
    **dict.fromkeys("\N{CYRILLIC SMALL LETTER ZE}\N{CYRILLIC CAPITAL LETTER ZE}", "3"),
}
# Only between many digits, because plates and certificates have these letters too.
LIKE_AMONG_MANY = {**LIKE, **dict.fromkeys("zZ", "2"), **dict.fromkeys("sS", "5"), "B": "8"}
MANY = 5

WORDS = {
    word: str(digit)
    for digit, words in enumerate(
        (
            ("không", "khong", "hông", "hong", "ko", "zero"),
            ("một", "mot", "mốt", "mười", "one"),
            ("hai", "two"),
            ("ba", "three"),
            ("bốn", "bon", "tư", "tu", "four"),
            ("năm", "nam", "lăm", "lam", "nhăm", "five"),
            ("sáu", "sau", "six"),
            ("bảy", "bay", "bẩy", "seven"),
            ("tám", "tam", "eight"),
            ("chín", "chin", "nine"),
        )
    )
    for word in words
}
# So many digits in a row are a number if some of them are words; people count no further than this.
SPOKEN = 8
FEWEST_WORDS = 3

_LETTER = r"[^\W\d_]"
# "năm 2024" is a year and no 5.
_WORD = (
    rf"(?<!{_LETTER})(?!n[ăa]m\W{{1,3}}(?:19|20)\d\d)"
    rf"(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?!{_LETTER})"
)
_FILLER = rf"(?<!{_LETTER})(?:mươi|muoi|trăm|tram|linh|lẻ)(?!{_LETTER})"
_ITEM = re.compile(rf"(?P<digit>\d)|(?P<word>{_WORD})|(?P<filler>{_FILLER})", re.IGNORECASE)
_RUN = re.compile(
    rf"(?:\d|{_WORD})(?:{GAP}(?:{_FILLER}{GAP})?(?:\d|{_WORD}))+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+")
_DIGIT_BEHIND = re.compile(r"[^\w\0]{1,3}\d")
_DIGIT_BEFORE = re.compile(r"\d[^\w\0]{1,3}\Z")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text with its numbers in ASCII; each letter stands for one or more of the text."""

    letters: str
    places: list[int]  # where each letter's begin in the text, and the text's end


def plain(text: str) -> Plain:
    """The text with every way of writing a digit read as that digit."""
    letters = "".join(map(_letter, text))
    letters = _TOKEN.sub(_without_lookalikes, letters)
    parts, places, done = list[str](), list[int](), 0
    for start, end, digit in _spoken(letters):
        parts += [letters[done:start], digit]
        places += [*range(done, start), start]
        done = end
    return Plain("".join([*parts, letters[done:]]), [*places, *range(done, len(text) + 1)])


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(letter)
    # also what puts a frame around a digit
    if category in ("Cf", "Me") or 0xFE00 <= ord(letter) <= 0xFE0F:
        return UNSEEN
    if category == "Zs":
        return " "
    if category == "Pd" or letter == "\N{MINUS SIGN}":
        return "-"
    composed = unicodedata.normalize("NFKC", letter)
    return composed if len(composed) == 1 else letter


def _without_lookalikes(match: re.Match[str]) -> str:
    """A word of digits and letters that look like them, as digits."""
    token = match.group()
    digits = sum(letter.isdigit() for letter in token)
    if digits == len(token) or len(token) > digits + 2 * MANY:
        return token
    if not digits:
        alone = len(token) <= 2 and all(letter in LIKE for letter in token)
        return _read(token, LIKE) if alone and _is_beside_digit(match) else token
    if digits < MANY:
        return _read(token, LIKE)
    return (
        token[0] + _read(token[1:], LIKE_AMONG_MANY)
        if token[0] not in LIKE
        else _read(token, LIKE_AMONG_MANY)
    )


def _read(token: str, like: dict[str, str]) -> str:
    if not all(letter.isdigit() or letter in like for letter in token):
        return token
    return "".join(like.get(letter, letter) for letter in token)


def _is_beside_digit(match: re.Match[str]) -> bool:
    return bool(
        _DIGIT_BEHIND.match(match.string, match.end())
        or _DIGIT_BEFORE.search(match.string, max(match.start() - 4, 0), match.start())
    )


def _spoken(letters: str) -> Iterator[tuple[int, int, str]]:
    """Words to be read as a digit: from where to where, and the digit."""
    for run in _RUN.finditer(letters):
        items = list(_ITEM.finditer(letters, run.start(), run.end()))
        words = [item for item in items if item["word"]]
        glued = any(
            letters[item.start() - 1 : item.start()].isdigit()
            or letters[item.end() : item.end() + 1].isdigit()
            for item in words
        )
        digits = sum(not item["filler"] for item in items)
        if digits < SPOKEN or not (len(words) >= FEWEST_WORDS or glued):
            continue
        for item in items:
            if item["word"]:
                yield item.start(), item.end(), WORDS[item["word"].lower()]
            elif item["filler"]:
                yield item.start(), item.end(), UNSEEN
