"""The page of one criterion: its line, its answers, and the unit above beside it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from offices.access import may
from offices.models import AdministrativeUnit, Office
from offices.names import short
from offices.rights import Action
from officials.access import Reader, office_or_404, unit_or_404
from officials.checking import Doubted, checking
from officials.figures.charts import diverging, legend
from officials.figures.choice import (
    Choice,
    choice_before_forms,
    for_reader,
    on_a_map_of,
    read_choice,
)
from officials.figures.history import History, history_of, months_in
from officials.figures.results import above_of
from officials.figures.trends import TrendPoint, trend
from reports.counting.periods import span_of
from reports.models import Period
from reports.plans import rows_of
from reports.showing.behind import unanswered
from reports.showing.evidence import breaks_of
from reports.showing.figures import (
    HIDDEN,
    CriterionFigure,
    Figures,
    Level,
    figures,
    marked,
)
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY
from surveys.questionnaires.catalogue import ItemEntry, text_in

MONTHS = 24


@login_required
@require_safe
def office_criterion(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A criterion of one office."""
    office = office_or_404(request.user, slug)
    subject, asked = Subjects.of_offices([office.pk]), request.GET.dict()
    choice = _choice(subject, asked, request.user, code)
    proof = checking(request.user)
    found = _Asked(subject, choice, Office.objects.filter(pk=office.pk), code)
    context = {
        "office": office,
        "name": short(office.name),
        **found.context(
            office.today_unit.province, proof.of_office(office.pk, choice.instrument.id)
        ),
        **proof.context,
        "plans": rows_of(
            office, timezone.localdate(), choice.policy, code=code, slug=choice.instrument.slug
        ),
        "may_plan": may(request.user, Action.PLAN, office),
    }
    return render(request, "officials/figures/criterion.html", context)


@login_required
@require_safe
def unit_criterion(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A criterion of a unit on the chosen map."""
    unit = unit_or_404(request.user, pk)
    asked, territory = on_a_map_of(unit, request.GET.dict())
    subject = Subjects.of_unit(unit, territory)
    choice = _choice(subject, asked, request.user, code)
    proof = checking(request.user)
    offices = Office.objects.within(unit, territory.column)
    stands = proof.of_unit(unit.pk, subject, territory, choice.instrument.id)
    context = {
        "unit": unit,
        "name": unit.full_name_on(choice.span.last),
        "has_two_maps": unit.valid_to is None,
        **_Asked(subject, choice, offices, code).context(unit.parent, stands),
        **proof.context,
    }
    return render(request, "officials/figures/criterion.html", context)


def _choice(subject: Subjects, asked: Mapping[str, str], user: Reader, code: str) -> Choice:
    """The view that is asked for, of a month where days or weeks were; raises Http404.

    That is for a code which the chosen form does not have.
    """
    whole = {**asked, "ky": Period.MONTH} if asked.get("ky") in HEADLINE_ONLY else asked
    today = timezone.localdate()
    found = read_choice(subject, whole, today) or choice_before_forms(whole, today)
    choice = for_reader(found, user)
    if choice is None or code not in {
        item.code for item in choice.instrument.items if item.scale == "satisfaction"
    }:
        raise Http404
    return choice


class _Asked:
    """One criterion of a subject in the chosen view."""

    def __init__(
        self, subject: Subjects, choice: Choice, offices: QuerySet[Office], code: str
    ) -> None:
        self.subject, self.choice, self.offices, self.code = subject, choice, offices, code

    def context(
        self, above: AdministrativeUnit | None, stands: Collection[Doubted]
    ) -> dict[str, object]:
        """What the page shows. stands: what the proof found of the subject."""
        choice, instrument = self.choice, self.choice.instrument
        history = history_of(self.subject, choice, above)
        score = history.own.get(choice.span)
        beside = above_of(above, choice, score, history)
        criterion = self.of(figures(score, choice.policy)) if score else None
        if criterion and any(one.concerns(choice.span) for one in stands):
            criterion = replace(criterion, figure=marked(criterion.figure, True))
        other = self.of(beside.figures) if beside else None
        points = self.months(history, stands)
        middle, bars = diverging([criterion] if criterion else [])
        item = next(one for one in instrument.items if one.code == self.code)
        reasons = criterion.reasons if criterion else ()
        return {
            "choice": choice,
            "periods": [kind for kind in Period if kind not in HEADLINE_ONLY],
            "score": score,
            "code": self.code,
            "text": item.text,
            "criterion": criterion,
            "pieces": bars[0] if bars else [],
            "middle": middle,
            "levels": _levels(criterion, item),
            "reasons": instrument.reasons.get(self.code, ()),
            "told": [one for one in reasons if not one.withheld],
            "withheld": [one for one in reasons if one.withheld],
            "without": unanswered(criterion.figure) if criterion else None,
            "legend": legend(instrument),
            "above": beside,
            "beside": other.figure if other and other.figure.share is not None else None,
            "trend": trend(points, breaks_of(self.offices) | instrument.asked_anew),
            "months": points,
        }

    def of(self, shown: Figures) -> CriterionFigure | None:
        """The criterion of one figure; None where the figure is hidden."""
        return next((one for one in shown.criteria if one.code == self.code), None)

    def months(self, history: History, stands: Collection[Doubted]) -> list[TrendPoint]:
        """The newest months of the criterion, the oldest first."""
        points = []
        for score in months_in(history, self.choice)[-MONTHS:]:
            found = self.of(figures(score, self.choice.policy))
            span = span_of(score.period, score.start)
            checked = any(one.concerns(span) for one in stands)
            figure = marked(found.figure, checked) if found else HIDDEN
            points.append(TrendPoint(score.start, figure, score.closed))
        return points


def _levels(
    criterion: CriterionFigure | None, item: ItemEntry
) -> list[tuple[str, Level, Fraction]]:
    """The answers that are told apart: words, people and share of all valid answers."""
    levels = criterion.levels if criterion else ()
    whole = sum(level.people for level in levels)
    words = {option.value: text_in(option.text, get_language() or "vi") for option in item.options}
    return [
        (
            " / ".join(words.get(answer, str(answer)) for answer in level.answers),
            level,
            Fraction(level.people, whole),
        )
        for level in levels
        if whole
    ]
