"""Hides in free text what says who wrote it: telephone, identity and account numbers, e-mails.

    mask("Gọi 0912 345 678 giúp tôi").text  # "Gọi [số điện thoại đã ẩn] giúp tôi"

What stays is what is known to be of nobody: dates, times, years, amounts of money, procedure codes,
public service numbers (1900…), lists. Any other long number is hidden, whatever stands between its
digits and however they are written: the office can answer without it. Names are not recognised;
the form asks to leave them out. How much is found: `tests/surveys/remarks/test_labelled.py`.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from surveys.remarks import labels
from surveys.remarks.patterns import LONGEST, READER
from surveys.remarks.spelling import NOTHING, plain

# Addresses of authorities.
PUBLIC = re.compile(r"(?:https?://)?(?:[\w\-]+\.)*gov\.vn(?![\w.])", re.IGNORECASE)


class MaskedKind(Enum):
    """What was hidden; the value stands in its place. No digit and no @, so it is never hidden."""

    PHONE = "[số điện thoại đã ẩn]"
    IDENTITY = "[số giấy tờ đã ẩn]"
    EMAIL = "[thư điện tử đã ẩn]"
    DOSSIER = "[mã hồ sơ đã ẩn]"
    NUMBER = "[dãy số đã ẩn]"
    BIRTH = "[ngày sinh đã ẩn]"
    PLATE = "[biển số đã ẩn]"
    LINK = "[liên kết đã ẩn]"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as it may be kept, and what was hidden in it."""

    text: str
    hidden: frozenset[MaskedKind]


# Fewest digits of a number that may stand for a person: that of an old identity card (CMND).
LONG = 9
# Numbers that rise by no more than this are numbers that were called at a counter.
RISE = 200
# And these, in any order, are neighbours: 113, 115, 114.
NEAR = 20

# So many letters on both sides of something hidden are read again.
BESIDE = 80
Read = tuple[int, int, MaskedKind]  # start and end of what must be hidden, and what it is
Window = tuple[int, int]


def mask(text: str) -> Masked:
    """The text with what may say who wrote it replaced by words; doing it again changes nothing.

    text: composed (NFC), as `surveys.remarks.text.clean_text` gives it. Digits of all scripts
    count. Twice as long a text is twice the work, whatever it says.
    """
    hidden = frozenset[MaskedKind]()
    # What is hidden may change how the letters beside it are read.
    while found := _read(text):
        text = _with_words(text, found)
        hidden |= {kind for *_, kind in found}
    return Masked(text, hidden)


def _read(text: str) -> list[Read]:
    """What must be hidden of the text, in order."""
    read, hidden = plain(text), list[Read]()
    letters = read.letters
    found = _found_in(letters, kept := list[tuple[int, int]](), [(0, len(letters))])
    # What is hidden may have kept its neighbour from being seen as a number.
    while found:
        hidden += found
        letters = _without(letters, found)
        found = _found_in(letters, kept, _beside(found, kept))
    places = read.places
    return sorted((places[start], places[end], kind) for start, end, kind in hidden)


def _with_words(text: str, found: Sequence[Read]) -> str:
    parts, place = [], 0
    for start, end, kind in found:
        parts += [text[place:start], kind.value]
        place = end
    return "".join([*parts, text[place:]])


def _found_in(letters: str, kept: list[tuple[int, int]], windows: Iterable[Window]) -> list[Read]:
    """What must be hidden of what begins in these windows, which are in order and lie apart.

    kept: by place, from where to where was read what may stay; brought up to date.
    """
    found = list[Read]()
    place = 0
    for first, last in windows:
        place = max(place, first)
        _forget(kept, place, last)
        while place < last and (match := READER.search(letters, place, last + LONGEST)):
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


def _without(letters: str, found: Sequence[Read]) -> str:
    """The text at the same places, with nothing where something was found."""
    parts, place = [], 0
    for start, end, _kind in found:
        parts += [letters[place:start], NOTHING * (end - start)]
        place = end
    return "".join([*parts, letters[place:]])


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
    before = match.string[max(match.start() - labels.BEFORE, 0) : match.start()]
    match name:
        case "NUMBER":
            return _kind_of_number(match.group(), before)
        case "date" | "years":
            return MaskedKind.BIRTH if labels.says_birth(before) else None
        case "plate":
            return MaskedKind.PLATE if labels.says_vehicle(before) else None
        case "address":
            return None if PUBLIC.match(match.group()) else MaskedKind.LINK
        case _:
            return MaskedKind.__members__.get(name)


def _kind_of_number(number: str, before: str) -> MaskedKind | None:
    digits = sum(letter.isdigit() for letter in number)
    if labels.says_birth(before):
        return MaskedKind.BIRTH
    if _is_list(number):
        return None
    if digits < LONG:
        return MaskedKind.NUMBER if labels.says_number(before) else None
    return MaskedKind.IDENTITY if digits in (LONG, 12) else MaskedKind.NUMBER


def _after(match: re.Match[str]) -> int:
    """Where to read on behind what stays; behind its first group if that is a number."""
    if not (match.lastgroup or "").startswith("NUMBER"):
        return match.end()
    return match.start() + len(re.split(r"\D", match.group(), maxsplit=1)[0])


def _is_list(number: str) -> bool:
    """Whether these are several numbers: times, days, or what is called at a counter."""
    groups = [group for group in re.split(r"\D+", number) if group]
    lengths = {len(group) for group in groups}
    if max(lengths) <= 2 and lengths != {1}:
        return True
    values = [int(group) for group in groups]
    rises = all(first < second for first, second in pairwise(values))
    span = max(values) - min(values)
    return len(values) > 2 and ((min(lengths) > 2 and span <= NEAR) or (rises and span <= RISE))
