"""What a person types for a place, taken apart: the words that tell places apart, and the others.

`UBND P. Hà Tiên, tỉnh An Giang` is `ha tien an giang`: what stands in the names of nearly all
offices says nothing, and a kind of place before a name only says which of its namesakes is meant.
But `Quan Sơn` and `Tịnh Biên` are names, though `quận` and `tỉnh` are kinds. So there are several
readings; whoever searches takes the first that finds something.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from offices.letters import composed
from offices.names import plain
from offices.search import APOSTROPHES, LONGEST_SEARCH

PARTS = re.compile(r"[,;()/|\n]+|\s-\s")
LETTER_AND_NUMBER = re.compile(r"\b(p|q|x|h|tp|tx|tt)(?=\d)")
# In the names of nearly all offices, the longest first.
FIXED = tuple(
    tuple(phrase.split())
    for phrase in (
        "tiep nhan va tra ket qua giai quyet thu tuc hanh chinh",
        "trung tam phuc vu hanh chinh cong",
        "phuc vu hanh chinh cong",
        "tiep nhan va tra ket qua",
        "uy ban nhan dan",
        "hanh chinh cong",
        "dich vu cong",
        "tiep nhan",
        "tra ket qua",
        "hanh chinh",
        "trung tam",
        "phuc vu",
        "bo phan",
        "mot cua",
        "van phong",
        "ubnd",
        "tthcc",
        "ttpvhcc",
        "pvhcc",
        "hcc",
    )
)
KINDS = {
    ("thanh", "pho"): "thanh pho",
    ("thi", "xa"): "thi xa",
    ("thi", "tran"): "thi tran",
    ("dac", "khu"): "dac khu",
    ("phuong",): "phuong",
    ("xa",): "xa",
    ("tinh",): "tinh",
    ("huyen",): "huyen",
    ("quan",): "quan",
    ("tp",): "thanh pho",
    ("tx",): "thi xa",
    ("tt",): "thi tran",
    ("dk",): "dac khu",
    ("p",): "phuong",
    ("x",): "xa",
    ("h",): "huyen",
    ("q",): "quan",
}
CITIES = {"tphcm": ["tp", "ho", "chi", "minh"], "hcm": ["ho", "chi", "minh"]}

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """One search. `readings`: each the words and the kind of place, if one was said.

    letters: as typed, to prefer among names that differ by diacritics; empty where none were typed.
    only_fixed: nothing but what most offices are called.
    """

    words: Words
    readings: tuple[tuple[Words, str], ...]
    letters: str
    only_fixed: bool


def words_in(text: str) -> list[str]:
    """The words without case, diacritics and signs; numbers without their first zeros."""
    letters = re.sub(f"[{APOSTROPHES}`´\u02bc\u2018]", "", plain(text))
    letters = LETTER_AND_NUMBER.sub(r"\1 ", re.sub(r"[\W_]+", " ", letters))
    found: list[str] = []
    for word in letters.split():
        found += CITIES.get(word, [word.lstrip("0") or "0" if word.isdecimal() else word])
    return found


def take_apart(text: str) -> Typed:
    """What was typed, as far as LONGEST_SEARCH."""
    text = composed(text[:LONGEST_SEARCH].replace("\0", " "))
    parts = [words for words in map(words_in, PARTS.split(text)) if words]
    whole = tuple(word for words in parts for word in words)
    told = [without_fixed(words, kinds=False)[0] for words in parts]
    bare = [without_fixed(words) for words in parts]
    kind = bare[0][1] if bare else ""
    readings: dict[tuple[Words, str], None] = {(whole, ""): None}
    readings[_joined(told), ""] = None
    readings[_joined([words for words, _ in bare]), kind] = None
    typed = " ".join(text.casefold().split())
    return Typed(
        words=whole,
        readings=tuple(reading for reading in readings if reading[0]),
        letters="" if typed == plain(typed) else typed,
        only_fixed=all(not words or tuple(words) in KINDS for words in told),
    )


def without_fixed(words: Sequence[str], *, kinds: bool = True) -> tuple[list[str], str]:
    """The words that are left of one part, and the kind of place that stood before them.

    Only one kind is taken away, and only where a name follows: `huyện Quan Sơn` is `quan son`.
    """
    kept: list[str] = []
    kind, at, kind_may_follow = "", 0, kinds
    while at < len(words):
        rest = tuple(words[at:])
        fixed = next((phrase for phrase in FIXED if rest[: len(phrase)] == phrase), None)
        if fixed:
            at += len(fixed)
            kind_may_follow = kinds and not kept
            continue
        said = next((length for length in (2, 1) if rest[:length] in KINDS), 0)
        if kind_may_follow and said and len(rest) > said:
            kind = KINDS[rest[:said]]
            at += said
        else:
            kept.append(words[at])
            at += 1
        kind_may_follow = False
    return kept, kind


def _joined(parts: Sequence[Sequence[str]]) -> Words:
    return tuple(word for words in parts for word in words)
