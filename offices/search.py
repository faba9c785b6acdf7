"""Finding units and offices as people type: without diacritics, with the usual short forms.

`ha tien`, `TP Ha Tien`, `p. 4`, `30769` and `phuong-ha-tien` find what they mean. The database
looks in `search_key`, which holds the letters without their marks; see `offices.names.plain`.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet

from offices.models import AdministrativeUnit, Office
from offices.names import plain

M = TypeVar("M", bound=Model)

LONGEST_SEARCH = 100
MOST_WORDS = 8
# What officials write for kinds of units.
SHORT = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "p": "phuong",
    "q": "quan",
    "h": "huyen",
    "x": "xa",
    "t": "tinh",
    "dk": "dac khu",
    "tthcc": "trung tam phuc vu hanh chinh cong",
    "ttpvhcc": "trung tam phuc vu hanh chinh cong",
}
APOSTROPHES = "'\u2019"


def words_of(typed: str) -> list[str]:
    """The words to look for: without case, diacritics and signs."""
    return words_in(typed[:LONGEST_SEARCH])[:MOST_WORDS]


def words_in(text: str) -> list[str]:
    """All words of a text as they are looked for, in their order."""
    letters = re.sub(f"[{APOSTROPHES}]", "", plain(text))
    return re.sub(r"[\W_]+", " ", letters).split()


def _spelt(typed: str) -> list[str]:
    """The same, short forms of kinds of places written out."""
    return " ".join(SHORT.get(word, word) for word in words_of(typed)).split()


def _beginning_with(word: str) -> str:
    """A regular expression of PostgreSQL: a word that begins so, or is this number."""
    if word.isascii() and word.isdecimal():
        return rf"\m0*{word.lstrip('0') or '0'}\M"
    return r"\m" + f"[{APOSTROPHES}]?".join(word)


def with_words(
    rows: QuerySet[M, M], words: Sequence[str], above: Sequence[str] = ()
) -> QuerySet[M, M]:
    """The rows of a model with `search_key` in which all the words stand, each at its beginning.

    above: relations to what they lie in, whose words count too. No words: all rows.
    """
    for word in words:
        pattern = _beginning_with(word)
        found = Q(search_key__regex=pattern)
        for place in above:
            found |= Q(**{f"{place}__search_key__regex": pattern})
        rows = rows.filter(found)
    return rows


def units_called(
    units: QuerySet[AdministrativeUnit, AdministrativeUnit], typed: str
) -> QuerySet[AdministrativeUnit, AdministrativeUnit]:
    """The units with these words in their names, or in those of what they lie in."""
    return with_words(units, _spelt(typed), ("parent", "parent__parent"))


def offices_called(offices: QuerySet[Office, Office], typed: str) -> QuerySet[Office, Office]:
    """The offices with these words in their names, or in those of what they lie in."""
    return with_words(offices, _spelt(typed), ("unit", "unit__parent", "unit__parent__parent"))


def is_called(name: str, typed: str) -> bool:
    """Whether all the words stand in the name, each at its beginning, as in `with_words`."""
    there = words_in(name)
    return all(
        any(_is_number(word, one) if word.isdecimal() else one.startswith(word) for one in there)
        for word in _spelt(typed)
    )


def _is_number(word: str, other: str) -> bool:
    return other.isdecimal() and other.lstrip("0") == word.lstrip("0")


def find_units(
    units: QuerySet[AdministrativeUnit], typed: str, most: int
) -> list[AdministrativeUnit]:
    """The first that are called so, with those above them; those that hold today stand first.

    Nothing typed: none.
    """
    if not words_of(typed):
        return []
    nearest = F("valid_to").desc(nulls_first=True)
    known = with_words(units, _spelt(typed)).select_related("parent__parent__parent")
    return list(known.order_by(nearest, "name_key", "pk")[:most])


def find_offices(offices: QuerySet[Office], typed: str) -> QuerySet[Office]:
    """The offices that are called so, have or had this in their short name, or lie in this unit.

    Nothing typed finds all.
    """
    if not typed.strip():
        return offices
    words = _spelt(typed)
    found = with_words(offices, words) if words else offices.none()
    slug = typed.strip().casefold()
    same = Q(slug__contains=slug) | Q(former_addresses__slug=slug) | Q(unit__code=typed.strip())
    keys = offices.filter(same | Q(pk__in=found.values("pk"))).values("pk")
    return offices.filter(pk__in=keys)
