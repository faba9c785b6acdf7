"""Differences in words: which figure, which of its numbers, what is shown and what was proved."""

import re
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from reports.counting.periods import Span, span_of
from reports.models import Difference, Part, Period, TerritoryMap
from surveys.questionnaires import catalogue

# As the proof says of sums, of which single numbers would be answers of few.
SOME = re.compile(r"(\d+) of (\d+) numbers differ")
LONGEST = 40


@dataclass(frozen=True, slots=True)
class DifferingNumber:
    """One number of a figure; `column`: where it stands in the database."""

    what: str
    shown: str
    proved: str
    column: str


@dataclass(frozen=True, slots=True)
class DifferingFigure:
    """A figure with its numbers that differ; `address` leads to it, empty without a page.

    one: the first of its differences, for what they have in common.
    """

    one: Difference
    name: str
    address: str
    span: Span | None
    row: str
    numbers: list[DifferingNumber] = field(default_factory=list)


def told(differences: QuerySet[Difference]) -> list[DifferingFigure]:
    """These differences, those of one figure together, in the order of the first of each."""
    places = ("office__unit__parent__parent__parent", "unit__parent")
    found: dict[tuple[object, ...], DifferingFigure] = {}
    for one in differences.select_related(*places):
        place = (one.part, one.office_id, one.unit_id, one.map, one.instrument_id)
        when = (one.period, one.first, one.last, one.key, one.ended_at)
        figure = found.setdefault((*place, *when), _figure(one))
        figure.numbers.append(
            DifferingNumber(
                _what(one),
                _number(one.column, one.shown),
                "" if SOME.fullmatch(one.shown) else _number(one.column, one.proved),
                f"{one.table}.{one.column}",
            )
        )
    return list(found.values())


def _figure(one: Difference) -> DifferingFigure:
    span = span_of(one.period, one.first) if one.period else None
    if one.office is not None:
        name = one.office.name
    elif one.unit is not None:
        name = one.unit.full_name_on(one.unit.valid_to or timezone.localdate())
    else:
        name = _("The whole country")
    batch = re.fullmatch(r"batch (\d+)", one.key)
    row = _("batch %(number)s") % {"number": batch[1]} if batch else one.key
    return DifferingFigure(one, name, _address(one, span), span, row)


def _number(column: str, stored: str) -> str:
    """A stored number as people read it; what is no number, such as a seal, not at length."""
    some = SOME.fullmatch(stored)
    if some:
        return _("%(some)s of %(all)s numbers differ") % {"some": some[1], "all": some[2]}
    if column == "digest":
        return f"{stored[:8]}…" if stored else ""
    if re.fullmatch(r"-?\d+", stored):
        return number_format(int(stored))
    if re.fullmatch(r"-?\d+\.\d+", stored):
        return number_format(round(float(stored), 4), decimal_pos=4)
    return stored if len(stored) <= LONGEST else f"{stored[:LONGEST]}…"


def _address(one: Difference, span: Span | None) -> str:
    """Where the figure is shown; of what has no period of its own its month."""
    if one.part == Part.RELEASES and one.key:
        return reverse("officials:release", args=[one.key.partition(":")[0]])
    shown = span or span_of(Period.MONTH, one.first)
    asked = {"ky": shown.kind.value, "tu": shown.first.isoformat()}
    entry = catalogue.current().by_id(one.instrument_id) if one.instrument_id else None
    if entry is not None:
        asked["phieu"] = f"{entry.slug}.{entry.version}"
    if one.office is not None:
        return reverse("officials:office", args=[one.office.slug]) + "?" + urlencode(asked)
    if one.unit is not None:
        asked["ban-do"] = one.map or TerritoryMap.TODAY.value
        return reverse("officials:unit", args=[one.unit.pk]) + "?" + urlencode(asked)
    return ""


def _what(one: Difference) -> str:
    """The number in words, with its column for whoever looks for it in the database."""
    words = {
        "people": _("forms"),
        "answered": _("valid answers"),
        "satisfied": _("satisfied answers"),
        "low": _("lower limit"),
        "high": _("upper limit"),
        "closed": _("closed or open"),
        "simulated": _("whether simulated"),
        "sums": _("answers to the criteria"),
        "moments": _("sums of the headline"),
        "withdrawn": _("people who left the figure"),
        "digest": _("seal of the month"),
        "percent": _("percentage"),
        "hidden": _("whether hidden"),
        "row": _("the row itself: missing, or one too many"),
    }
    return words.get(one.column, one.column)
