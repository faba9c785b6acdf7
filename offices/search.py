"""Finding units and offices as people type: without diacritics, with the usual short forms.

`ha tien`, `TP Ha Tien`, `p. 4`, `30769` and `phuong-ha-tien` find what they mean. The database
looks in `name_key`, which holds the letters without their marks; see `offices.names`.
"""

from collections.abc import Sequence
from typing import TypeVar, cast

from django.db.models import CharField, F, Func, Model, Q, QuerySet, Value
from django.db.models.functions import Concat

from offices.models import AdministrativeUnit, Office
from offices.names import in_order, plain

M = TypeVar("M", bound=Model)

LONGEST = 100
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


def words_of(typed: str) -> list[str]:
    """The words to look for, as `name_key` has them without its marks; short forms written out."""
    letters = plain(typed[:LONGEST]).replace(".", " ").replace("-", " ")
    spelt = " ".join(SHORT.get(word, word) for word in letters.split())
    return in_order(spelt).partition("\t")[0].split()[:MOST_WORDS]


def _with_letters(things: QuerySet[M, M]) -> QuerySet[M, M]:
    """With `letters`: the words of the name without diacritics, a blank before each."""
    key = Func(
        F("name_key"),
        Value("\t"),
        Value(1),
        function="split_part",
        output_field=CharField(db_collation="C"),
    )
    bare = Func(key, Value('[!"#$&{|}]'), Value(""), Value("g"), function="regexp_replace")
    words = Concat(Value(" "), bare, output_field=CharField(db_collation="C"))
    return cast("QuerySet[M, M]", things.alias(letters=words))


def find_units(
    units: QuerySet[AdministrativeUnit], typed: str, most: int
) -> list[AdministrativeUnit]:
    """The first of `units_called`, with those above them; those that hold today stand first."""
    nearest = F("valid_to").desc(nulls_first=True)
    known = units_called(units, typed).select_related("parent__parent__parent")
    return list(known.order_by(nearest, "name_key", "pk")[:most])


def units_called(units: QuerySet[AdministrativeUnit], typed: str) -> QuerySet[AdministrativeUnit]:
    """The units that have all words in their kind or name, or this code. Nothing typed: none."""
    words = words_of(typed)
    if not words:
        return units.none()
    kinds = _kinds()
    found = Q()
    for word in words:
        of_kind = [kind for kind, spelt in kinds.items() if word in spelt]
        found &= Q(letters__contains=f" {word}") | Q(kind__in=of_kind)
    return _with_letters(units).filter(found | Q(code=typed.strip()))


def _kinds() -> dict[str, Sequence[str]]:
    listed = AdministrativeUnit.objects.order_by().values_list("kind", flat=True).distinct()
    return {kind: words_of(kind) for kind in listed}


def find_offices(offices: QuerySet[Office], typed: str) -> QuerySet[Office]:
    """The offices that have all words in their name, or the text in their short name.

    Nothing typed finds all.
    """
    if not typed.strip():
        return offices
    found = Q()
    for word in words_of(typed):
        found &= Q(letters__contains=f" {word}")
    if not words_of(typed):
        found = Q(pk__in=[])
    slug = typed.strip().casefold()
    same = Q(slug__contains=slug) | Q(former_addresses__slug=slug) | Q(unit__code=typed.strip())
    keys = _with_letters(offices).filter(found | same).values("pk")
    return offices.filter(pk__in=keys)
