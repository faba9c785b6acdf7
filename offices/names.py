"""Vietnamese names: how they are searched, in which order they are listed, how namesakes differ.

The order is that of Vietnamese dictionaries: word by word; in a word first the letters a ă â b c d
đ e ê … o ô ơ … u ư …, with f j w z in their Latin places, then the tone (none, huyền, hỏi, ngã,
sắc, nặng). So `tuân thủ` stands before `tuần chay`. Numbers go by their value, before letters.
Signs part words, an apostrophe does not (`M'Drắk`). Capitals only decide between equal names.

The database has no collation for it (the embedded build has no ICU), so the key is computed, here
and by the database's function `offices_name_key`, which fills the columns `name_key`. Both must
say the same: a change of one is a change of the other, in a migration that computes the columns
anew.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from offices.letters import composed

Thing = TypeVar("Thing")

# What stands before the name of a province and says nothing about where to look for it.
KINDS = ("tỉnh ", "thành phố ")

# What stands before the place in the name of an office.
OFFICES = re.compile(
    r"^(?:Trung tâm Phục vụ hành chính công|Bộ phận Tiếp nhận và Trả kết quả|Bộ phận Một cửa)"
    r"\s+(?:của\s+)?(?:UBND\s+|Ủy ban nhân dân\s+)?(?=\S)",
    re.IGNORECASE,
)

# A tone goes behind its word as a sign that sorts after a blank and before digits and letters.
TONES = {"\u0300": "!", "\u0309": '"', "\u0303": "#", "\u0301": "$", "\u0323": "&"}
# Breve, circumflex and horn stay behind their letter and sort after z, so that ă follows all of a.
MARKS = {"\u0306": "{", "\u0302": "|", "\u031b": "}"}
CAPITALS = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)} | {"Đ": "đ"}
FOLD = str.maketrans(TONES | MARKS | CAPITALS | dict.fromkeys("'\u2019", ""))
# ASCII and general punctuation but the apostrophes.
SIGNS = re.compile(
    "[\u0001-\u0026\u0028-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u2018\u201a-\u206f]+"
)
TONE_IN_WORD = re.compile(r'([!"#$&])([^ ]+)')
NUMBER = re.compile(r"([0-9]+)")
PADDED = re.compile(r"0*([0-9]{12})(?![0-9])")
ZEROS = "0" * 11


def plain(text: str) -> str:
    """Without case and diacritics, for searching: `Hà Tiên` is found by `ha tien`."""
    decomposed = composed(text.casefold().replace("đ", "d"), "NFD")
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def short(name: str) -> str:
    """An office's name without what it is: `Phường Hà Tiên`; whole where nothing else is left."""
    rest = OFFICES.sub("", name, count=1)
    return rest[:1].upper() + rest[1:]


def in_order(name: str) -> str:
    """The key under which Vietnamese readers look for a name; keys are compared as they are."""
    words = SIGNS.sub(" ", composed(name, "NFD")).strip(" ")
    letters = TONE_IN_WORD.sub(r"\2\1", words.translate(FOLD).replace("đ", "d}"))
    numbers = PADDED.sub(r"\1", NUMBER.sub(rf"{ZEROS}\1", letters))
    return f"{numbers}\t{composed(name)}"


def province_in_order(name: str) -> str:
    """The same for a province, under its own name: `Thành phố Đà Nẵng` among the D."""
    own = composed(name)
    for kind in KINDS:
        if own.casefold().startswith(kind):
            return in_order(own[len(kind) :])
    return in_order(own)


def person_in_order(name: str) -> tuple[str, str]:
    """The same for a person, who is looked for under the last word: `Nguyễn Văn An` among the A."""
    family, _blank, given = name.strip().rpartition(" ")
    return in_order(given), in_order(family)


@dataclass(frozen=True, slots=True)
class Named:
    """What stands in a list: its name, what it lies in (the nearest first), and its days."""

    name: str
    above: tuple[str, ...]
    valid_from: date
    valid_to: date | None


def told_apart(listed: Sequence[Named], *, with_last_days: bool = False) -> list[str]:
    """The names as they stand in one list; those that occur twice say where or when they were.

    The nearest place that differs for all of one name is added, such as the district; where there
    is none, the last day of what has ended and the first day of what has not. with_last_days: the
    list itself says until when each existed, so namesakes are only those of one last day.
    """
    namesakes: dict[tuple[str, date | None], list[Named]] = defaultdict(list)
    for named in dict.fromkeys(listed):
        key = in_order(named.name).partition("\t")[0]
        namesakes[key, named.valid_to if with_last_days else None].append(named)
    shown = {
        named: name
        for members in namesakes.values()
        for named, name in zip(members, _apart(members), strict=True)
    }
    return [shown[named] for named in listed]


def under_names(
    listed: Iterable[tuple[Named, Thing]], *, with_last_days: bool = False
) -> list[tuple[str, Thing]]:
    """What stands in one list, each under its name as `told_apart` gives it, in their order."""
    things = list(listed)
    names = told_apart([named for named, _ in things], with_last_days=with_last_days)
    pairs = ((name, thing) for name, (_, thing) in zip(names, things, strict=True))
    return sorted(pairs, key=lambda pair: in_order(pair[0]))


def _apart(members: Sequence[Named]) -> list[str]:
    if len(members) == 1:
        return [members[0].name]
    days = [_days(named) for named in members]
    places = [list(at) for at in zip(*(named.above for named in members), strict=False)]
    whole = [f"{', '.join(named.above)}, {when}" for named, when in zip(members, days, strict=True)]
    differ = (said for said in (*places, days, whole) if len(set(said)) == len(members))
    said = next(differ, whole)
    return [f"{named.name} ({words})" for named, words in zip(members, said, strict=True)]


def _days(named: Named) -> str:
    if named.valid_to is not None:
        # For citizens: behind the name of an office.
        return _("until %(last)s") % {"last": f"{named.valid_to:%d/%m/%Y}"}
    # For citizens: behind the name of an office.
    return _("from %(first)s") % {"first": f"{named.valid_from:%d/%m/%Y}"}
