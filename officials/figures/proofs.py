"""The page of the proof: when what was proved, what differs now, and how differences ended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices.access import may_see_proofs, visible_offices, visible_units
from offices.models import AdministrativeUnit, User
from offices.names import province_in_order
from officials.checking import checking
from reports.counting.periods import Span, span_of
from reports.models import Difference, Part, Period, Proof, Repair, TerritoryMap
from surveys.questionnaires import catalogue

Level = AdministrativeUnit.Level
LISTED = 200  # differences on one page; more are only counted
HISTORY = 50


@dataclass(frozen=True, slots=True)
class Differing:
    """A difference as the page tells it; `address` leads to the figure, empty without a page."""

    difference: Difference
    name: str
    address: str
    span: Span | None
    what: str


@dataclass(frozen=True, slots=True)
class ProvedPlace:
    """A province, or what lies in none: its last proofs, each None where there was none."""

    name: str
    whole: Proof | None
    recent: Proof | None

    @property
    def is_quiet(self) -> bool:
        """Whether everything was proved and there was nothing yet."""
        return self.whole is not None and not self.whole.figures and not self.whole.differences


@dataclass(frozen=True, slots=True)
class ProvedPart:
    """A part of the derived data: how many figures, and the oldest proof that is still the last."""

    name: str
    figures: int
    oldest: datetime


@login_required
@require_safe
def proofs(request: HttpRequest) -> HttpResponse:
    """What the proof found, as far as the reader sees the offices and units it concerns."""
    if not may_see_proofs(request.user) or not isinstance(request.user, User):
        raise PermissionDenied
    user = request.user
    proof = checking(user)
    seen = _seen(user)
    standing = seen.filter(ended_at=None).order_by("-found_at", "pk")
    places = _places(user)
    context = {
        **proof.context,
        "standing": list(_told(standing[:LISTED])),
        "count": standing.count() if proof.summary.differences else 0,
        "listed": LISTED,
        "places": [place for place in places if not place.is_quiet],
        "quiet": [place for place in places if place.is_quiet],
        "parts": _parts(places),
        "ended": list(_told(seen.filter(ended_at__isnull=False).order_by("-ended_at")[:HISTORY])),
        "repairs": Repair.objects.filter(office__in=visible_offices(user)).select_related("office")[
            :HISTORY
        ],
    }
    return render(request, "officials/figures/proofs.html", context)


def _seen(user: User) -> QuerySet[Difference]:
    """The differences of offices that the reader sees, and of units seen whole."""
    if user.is_superuser:
        return Difference.objects.all()
    offices, units = visible_offices(user).values("pk"), visible_units(user).values("pk")
    return Difference.objects.filter(Q(office__in=offices) | Q(office=None, unit__in=units))


def _told(differences: QuerySet[Difference]) -> Iterator[Differing]:
    places = ("office__unit__parent__parent__parent", "unit__parent")
    today = timezone.localdate()
    for one in differences.select_related(*places):
        span = span_of(one.period, one.first) if one.period else None
        if one.office is not None:
            name = one.office.name
        elif one.unit is not None:
            name = one.unit.full_name_on(one.unit.valid_to or today)
        else:
            name = _("The whole country")
        yield Differing(one, name, _address(one, span), span, _what(one))


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


def _places(user: User) -> list[ProvedPlace]:
    """The last proofs of what the reader sees: provinces by name, then what lies in none."""
    last = _latest(Proof.objects.filter(offices=[], ended_at__isnull=False))
    whole = _latest(Proof.objects.filter(offices=[], ended_at__isnull=False, whole=True))
    provinces = visible_units(user).filter(level=Level.PROVINCE, valid_to=None)
    known = {province.pk: province.full_name for province in provinces}
    rows = [ProvedPlace(name, whole.get(key), last.get(key)) for key, name in known.items()]
    rows.sort(key=lambda row: province_in_order(row.name))
    country = ProvedPlace(_("Country and releases"), whole.get(None), last.get(None))
    return [*rows, country]


def _latest(made: QuerySet[Proof]) -> dict[int | None, Proof]:
    newest = made.order_by("province_id", "-ended_at").distinct("province_id")
    return {proof.province_id: proof for proof in newest}


def _parts(places: Sequence[ProvedPlace]) -> list[ProvedPart]:
    """By part what the last whole proofs of these places computed again, and the oldest of them."""
    whole: Iterable[Proof] = [place.whole for place in places if place.whole is not None]
    rows = []
    for part in Part:
        of_part = [proof for proof in whole if proof.parts.get(part.value)]
        ages = [proof.ended_at for proof in of_part if proof.ended_at is not None]
        if ages:
            figures = sum(proof.parts[part.value] for proof in of_part)
            rows.append(ProvedPart(str(part.label), figures, min(ages)))
    return rows
