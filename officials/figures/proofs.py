"""The page of the proof: when what was proved, what differs now, and how differences ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices.access import Reader, everywhere, offices_where, require, units_where
from offices.models import AdministrativeUnit
from offices.names import province_in_order
from offices.rights import Action
from officials.checking import checking
from officials.figures.differing import told
from reports.models import Difference, Part, Proof, Repair

Level = AdministrativeUnit.Level
LISTED = 200  # differences on one page; more are only counted
HISTORY = 50


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
    require(request.user, Action.SEE_PROOFS)
    user = request.user
    proof = checking(user)
    seen = _seen(user)
    standing = seen.filter(ended_at=None).order_by("-found_at", "pk")
    places = _places(user)
    context = {
        **proof.context,
        "standing": told(standing[:LISTED]),
        "count": standing.count() if proof.summary.differences else 0,
        "listed": LISTED,
        "places": [place for place in places if not place.is_quiet],
        "quiet": [place for place in places if place.is_quiet],
        "parts": _parts(places),
        "ended": told(seen.filter(ended_at__isnull=False).order_by("-ended_at")[:HISTORY]),
        "repairs": Repair.objects.filter(
            office__in=offices_where(user, Action.SEE_PROOFS)
        ).select_related("office")[:HISTORY],
    }
    return render(request, "officials/figures/proofs.html", context)


def _seen(user: Reader) -> QuerySet[Difference]:
    """The differences of offices that the reader sees, and of units seen whole."""
    if everywhere(user, Action.SEE_PROOFS):
        return Difference.objects.all()
    offices = offices_where(user, Action.SEE_PROOFS).values("pk")
    units = units_where(user, Action.SEE_PROOFS).values("pk")
    return Difference.objects.filter(Q(office__in=offices) | Q(office=None, unit__in=units))


def _places(user: Reader) -> list[ProvedPlace]:
    """The last proofs of what the reader sees: provinces by name, then what lies in none."""
    last = _latest(Proof.objects.filter(offices=[], ended_at__isnull=False))
    whole = _latest(Proof.objects.filter(offices=[], ended_at__isnull=False, whole=True))
    provinces = units_where(user, Action.SEE_PROOFS).filter(level=Level.PROVINCE, valid_to=None)
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
