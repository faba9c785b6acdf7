"""One office for whoever is measured: against its own past, and among others that have no name."""

from dataclasses import dataclass
from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.models import Office
from offices.names import short
from officials.access import office_or_404
from officials.checking import checking
from officials.figures.charts import WIDTH
from officials.figures.choice import Choice, for_reader, read_choice
from officials.figures.compare import closed_choice
from officials.figures.history import earlier
from reports.counting.periods import previous
from reports.models import Period, TerritoryMap
from reports.showing.beside_others import Among, among
from reports.showing.change import Change, changes_of
from reports.showing.evidence import breaks_of
from reports.showing.planned import planned_from
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY, scores_in

MARGIN = 12
LEAST_STRETCH = 0.1


@dataclass(frozen=True, slots=True)
class Strip:
    """The others as places on a line `WIDTH` wide, darker where several lie; own: the office's.

    low, high: the percentages at its ends; half: from the lower to the upper quartile.
    """

    others: tuple[float, ...]
    own: float | None
    median: float
    half: tuple[float, float]
    low: int
    high: int

    @property
    def width(self) -> float:
        """From the lower to the upper quartile."""
        return round(self.half[1] - self.half[0], 1)


def strip(found: Among) -> Strip:
    """Where the figures lie, on a stretch that holds all of them and at least ten points."""
    values = [float(one) for one in found.others]
    if found.own is not None:
        values.append(float(found.own))
    low, high = min(values), max(values)
    missing = max(LEAST_STRETCH - (high - low), 0.0) / 2
    low, high = max(low - missing, 0.0), min(high + missing, 1.0)

    def x(share: Fraction) -> float:
        return round(MARGIN + (float(share) - low) / (high - low) * (WIDTH - 2 * MARGIN), 1)

    return Strip(
        tuple(x(one) for one in found.others),
        None if found.own is None else x(found.own),
        x(found.median),
        (x(found.lower), x(found.upper)),
        round(low * 100),
        round(high * 100),
    )


@login_required
@require_safe
def compare_office(request: HttpRequest, slug: str) -> HttpResponse:
    """The office against its period before, the same a year ago, its province, and others."""
    office = office_or_404(request.user, slug)
    figure_of = Subjects.of_offices([office.pk])
    asked = request.GET.dict()
    choice = for_reader(read_choice(figure_of, asked, timezone.localdate()), request.user)
    proof = checking(request.user)
    context: dict[str, object] = {
        "office": office,
        "name": short(office.name),
        "choice": choice,
        "periods": [kind for kind in Period if kind not in HEADLINE_ONLY],
        **proof.context,
    }
    if choice is not None:
        choice = closed_choice(figure_of, choice, asked)
        context |= {"choice": choice, **_compared(office, figure_of, choice)}
        stands = proof.of_office(office.pk, choice.instrument.id)
        context["checked"] = any(one.concerns(choice.span) for one in stands)
    return render(request, "officials/figures/own_comparison.html", context)


def _compared(office: Office, figure_of: Subjects, choice: Choice) -> dict[str, object]:
    province = office.today_unit.province
    unit = Subjects.of_unit(province, TerritoryMap.TODAY)
    wholes = scores_in(choice.instrument, [choice.span], unit)
    whole = next((score for score in wholes if score.closed), None)
    found = among(office, province, choice.span, choice.instrument, choice.policy)
    change, year_ago = _changes(office, figure_of, choice)
    return {
        "province": province.full_name,
        "planned": planned_from(office, change, whole, choice.instrument, choice.policy),
        "year_ago": year_ago,
        "among": found,
        "strip": strip(found) if found else None,
        "is_closed": True if whole else None,  # the province closes with its offices
    }


def _changes(
    office: Office, figure_of: Subjects, choice: Choice
) -> tuple[Change | None, Change | None]:
    """Against the period before, and against the same a year ago; None where there is none."""
    span, breaks = choice.span, breaks_of(Office.objects.filter(pk=office.pk))
    against = earlier(span) or [previous(span)]
    view = (choice.instrument, choice.policy, breaks)
    before, *year_ago = changes_of(figure_of, span, *view, against)
    return before, next(iter(year_ago), None)
