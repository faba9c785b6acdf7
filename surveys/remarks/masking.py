"""Hides in free text what says who wrote it: telephone, identity and account numbers, e-mails.

    mask("Gọi 0912 345 678 giúp tôi").text  # "Gọi [số điện thoại đã ẩn] giúp tôi"

Dates, times, years, amounts of money, procedure codes and public service numbers (1900…) stay.
In doubt a long number is hidden: the office can answer without it. Names, and numbers written out
in words, are not recognised; the form asks to leave them out.
"""

import re
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class MaskedKind(Enum):
    """What was hidden; the value stands in its place. No digit and no @, so it is never hidden."""

    PHONE = "[số điện thoại đã ẩn]"
    IDENTITY = "[số giấy tờ đã ẩn]"
    EMAIL = "[thư điện tử đã ẩn]"
    DOSSIER = "[mã hồ sơ đã ẩn]"
    NUMBER = "[dãy số đã ẩn]"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as it may be kept, and what was hidden in it."""

    text: str
    hidden: frozenset[MaskedKind]


# Fewest digits of a number that may stand for a person: that of an old identity card (CMND).
LONG = 9

# Stands for each letter that was hidden: no digit, letter, blank or sign of a number.
NOTHING = "\0"
# So many letters on both sides of something hidden are read again.
BESIDE = 80
# Of all patterns.
LONGEST = 600
Read = tuple[int, int, MaskedKind]  # start and end of what must be hidden, and what it is
Window = tuple[int, int]

# What may stand between the digits of one number. U+200B stands for anything invisible.
GAP = r"[ .\-_()\u200b]{0,3}"
ALONE = r"(?!\d)(?![.\-:/]\d)"
DAY, MONTH, YEAR = "(?:0?[1-9]|[12]\\d|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)\\d\\d"
UNIT = r"\s?(?:đồng(?!\schí)|đ|vnđ|vnd|nghìn|ngàn|triệu|tỷ|tỉ|₫|usd|%)(?!\w)"

GROUP = r"(?!0\d{9}(?!\d))\d{2,}"
IN_BRACKETS = r"(?:\((?=\+?\d{1,4}\)))?"

# In this order: of several that begin at the same place the first is taken. Names in capitals
# are kinds, others stay as they are.
PATTERNS = (
    (
        "DOSSIER",
        r"(?:\d{3}\.\d\d\.\d\d\.)?(?<![^\W\d])(?-i:[A-Z])\d\d(?:[.\-]\d{1,3}){0,4}-\d{6}-\d{4,6}",
    ),
    (
        "EMAIL",
        r"[\w.+%\-]{1,64}\s{0,2}(?:@|[(\[]\s?(?:at|@)\s?[)\]])\s{0,2}"
        r"(?:[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}|gmail|yahoo|hotmail|outlook|icloud)",
    ),
    ("procedure", r"[1-3]\.\d{6}(?:\.\d{3}\.\d\d\.\d\d(?:\.[A-Z]\d\d)?)?(?!\.?\d)"),
    (
        "date",
        rf"{DAY}[./\-]{MONTH}[./\-]{YEAR}{ALONE}|{YEAR}[./\-]{MONTH}[./\-]{DAY}{ALONE}"
        # with blanks only where no telephone number begins
        rf"|(?:[12]\d|3[01]) {MONTH} {YEAR}(?![ .\-]?\d{{3}}){ALONE}",
    ),
    ("IDENTITY", r"0\d{11}(?!\d)|0\d{2}(?:[ .\-]\d{3}){3}(?!\d)|0\d{3}(?:[ .\-]\d{4}){2}(?!\d)"),
    (
        "PHONE",
        r"0(?:[3-9]\d{8}|[12]\d{9})(?!\d)"
        rf"|{IN_BRACKETS}(?:\+{GAP}|00{GAP})?84{GAP}(?:0{GAP})?"
        rf"(?:[35789](?:{GAP}\d){{8}}|2(?:{GAP}\d){{9}}){ALONE}"
        rf"|{IN_BRACKETS}0{GAP}(?:[3-9](?:{GAP}\d){{8}}|[12](?:{GAP}\d){{9}}){ALONE}"
        rf"|\+\d(?:{GAP}\d){{7,14}}",
    ),
    ("service", r"1[89]00(?:[ .\-]?\d){4}(?:(?:[ .\-]?\d){2})?(?![ .\-]?\d)"),
    (
        "money",
        rf"[1-9]\d{{0,2}}(?:[. ]\d{{3}}){{1,9}}(?:,\d{{1,9}})?{UNIT}|[1-9]\d{{0,29}}{UNIT}"
        rf"|[1-9]\d{{0,2}}(?:\.\d{{3}}){{0,9}}\.000{ALONE}",
    ),
    ("time", rf"(?:[01]?\d|2[0-4])[.:h][0-5]\d{ALONE}"),
    ("years", rf"{YEAR}(?:[ \-]{{1,3}}{YEAR}){{0,30}}(?![ .\-]?\d)"),
    # passports
    ("IDENTITY", r"(?<![^\W\d])(?-i:[A-Z])\d{7,8}(?!\d)"),
    # any number: in groups with the same sign between them, or of single digits
    (
        "NUMBER",
        rf"\d{{2,}}(?P<sign>[ .\-]){GROUP}(?:(?P=sign){GROUP}){{0,40}}"
        rf"|\d{{{LONG},}}"
        rf"|\d(?:[ .\-\u200b]{{1,2}}\d){{{LONG - 1},60}}(?!\d)",
    ),
)
# Which alternative matched is the number behind the name of its group.
READER = re.compile(
    "|".join(
        rf"(?P<{name}_{number}>(?<!\d){pattern if '|' not in pattern else f'(?:{pattern})'})"
        for number, (name, pattern) in enumerate(PATTERNS)
    ),
    re.IGNORECASE,
)


def mask(text: str) -> Masked:
    """The text with what may say who wrote it replaced by words; doing it again changes nothing.

    text: composed (NFC), as `surveys.remarks.text.clean_text` gives it. Digits of all scripts
    count. Twice as long a text is twice the work, whatever it says.
    """
    plain, hidden = _plain(text), list[Read]()
    while found := _found_in(plain, kept := list[tuple[int, int]](), [(0, len(plain))]):
        # What is hidden may have kept its neighbour from being seen as a number.
        while found:
            hidden += found
            plain = _without(plain, found)
            found = _found_in(plain, kept, _beside(found, kept))
    for start, end, kind in sorted(hidden, reverse=True):
        text = text[:start] + kind.value + text[end:]
    return Masked(text, frozenset(kind for *_, kind in hidden))


def _plain(text: str) -> str:
    """The text, letter by letter at the same places, with the digits and signs of ASCII."""
    return "".join(_plain_letter(letter) for letter in text)


def _plain_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(letter)
    if category == "Cf":
        return "\u200b"
    if category == "Zs":
        return " "
    if category == "Pd" or letter == "\N{MINUS SIGN}":
        return "-"
    composed = unicodedata.normalize("NFKC", letter)
    return composed if len(composed) == 1 else letter


def _found_in(plain: str, kept: list[tuple[int, int]], windows: Iterable[Window]) -> list[Read]:
    """What must be hidden of what begins in these windows, which are in order and lie apart.

    kept: by place, from where to where was read what may stay; brought up to date.
    """
    found = list[Read]()
    place = 0
    for first, last in windows:
        place = max(place, first)
        _forget(kept, place, last)
        while place < last and (match := READER.search(plain, place, last + LONGEST)):
            start = match.start()
            if start >= last:
                break
            kind = _kind(match)
            if kind is None:
                place = _after(match)
                insort(kept, (start, place))
            else:
                place = match.end()
                found.append((start, place, kind))
    return found


def _forget(kept: list[tuple[int, int]], first: int, last: int) -> None:
    del kept[bisect_left(kept, (first, 0)) : bisect_left(kept, (last, 0))]


def _without(plain: str, found: Sequence[Read]) -> str:
    """The text at the same places, with nothing where something was found."""
    parts, place = [], 0
    for start, end, _kind in found:
        parts += [plain[place:start], NOTHING * (end - start)]
        place = end
    return "".join([*parts, plain[place:]])


def _beside(found: Sequence[Read], kept: Sequence[tuple[int, int]]) -> Iterator[Window]:
    """Where must be read again around what was found; not from the middle of what was kept."""
    windows = list[Window]()
    for start, end, _kind in found:
        first = max(start - BESIDE, 0)
        before = bisect_left(kept, (first, 0)) - 1
        if before >= 0 and kept[before][1] > first:
            first = kept[before][0]
        if windows and first <= windows[-1][1]:
            first, _last = windows.pop()
        windows.append((first, end + BESIDE))
    yield from windows


def _kind(match: re.Match[str]) -> MaskedKind | None:
    """What must be hidden there; None if it may stay."""
    name = (match.lastgroup or "").partition("_")[0]
    if name != "NUMBER":
        return MaskedKind.__members__.get(name)
    if not _is_long(match.group()):
        return None
    digits = sum(letter.isdigit() for letter in match.group())
    return MaskedKind.IDENTITY if digits in (LONG, 12) else MaskedKind.NUMBER


def _after(match: re.Match[str]) -> int:
    """Where to read on behind what stays; behind its first group if that is a number."""
    if not (match.lastgroup or "").startswith("NUMBER"):
        return match.end()
    return match.start() + len(re.split(r"\D", match.group(), maxsplit=1)[0])


def _is_long(number: str) -> bool:
    """Whether a number may stand for a person. Many short ones in a row are times or a list."""
    groups = [group for group in re.split(r"\D+", number) if group]
    lengths = {len(group) for group in groups}
    return sum(map(len, groups)) >= LONG and (max(lengths) > 2 or lengths == {1})
