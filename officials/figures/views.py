"""The pages: who may see them, and what stands on them."""

from collections.abc import Collection, Mapping
from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.access import visible_offices, visible_units
from offices.models import AdministrativeUnit, Office
from offices.names import short, under_names
from officials.access import office_or_404, unit_or_404
from officials.checking import Doubted, all_marked, checking, marked
from officials.figures import trends
from officials.figures.breakdowns import sections
from officials.figures.charts import axis_of, legend
from officials.figures.choice import Choice, for_reader, on_a_map_of, read_choice
from officials.figures.following import follow_button
from officials.figures.results import above_of, changes, rows_of
from officials.figures.rows import (
    checked_rows,
    one_kind,
    rows_of_country,
    rows_of_unit,
    whole_of,
)
from reports.counting.closing import closed_through
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.models import Period, Score, TerritoryMap
from reports.showing.behind import independent_answers
from reports.showing.counted import counted_words
from reports.showing.evidence import breaks_of, evidence_words
from reports.showing.figures import figures, headlines
from reports.showing.happened import happened
from reports.showing.lasting import lasting_level
from reports.showing.lifetime import lived_words
from reports.showing.other_measures import other_measures
from reports.showing.parts import parts_of
from reports.showing.reference import reference_figures
from reports.showing.rhythms import turn_in
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY
from reports.showing.waiting import waiting_words
from surveys.models import Instrument
from surveys.questionnaires.catalogue import InstrumentEntry

Level = AdministrativeUnit.Level
MONTHS = 36
WHOLE_AXIS = "0-100"


@login_required
@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A country, province, district or commune, on the chosen map."""
    shown = unit_or_404(request.user, pk)
    asked, territory = on_a_map_of(shown, request.GET.dict())
    figure_of = Subjects.of_unit(shown, territory)
    offices = Office.objects.within(shown, territory.column)
    choice = for_reader(read_choice(figure_of, asked, timezone.localdate()), request.user)
    rows, score = [], None
    is_country = shown.level == Level.COUNTRY
    proof = checking(request.user)
    stands: Collection[Doubted] = ()
    if choice is not None:
        stands = proof.of_unit(shown.pk, figure_of, territory, choice.instrument.id)
        parts = parts_of(shown, choice)
        score = whole_of(figure_of, choice, parts)
        rows = rows_of_country(choice, parts) if is_country else rows_of_unit(shown, choice, parts)
        rows = checked_rows(rows, shown, choice, proof)
    axis = axis_of(row.figure for row in rows)
    context = {
        "unit": shown,
        "name": shown.full_name_on(choice.span.last if choice else timezone.localdate()),
        "has_two_maps": shown.valid_to is None,
        "territory": territory,
        "rows": [(row, axis.whisker(row.figure)) for row in rows],
        "rows_axis": axis,
        "all_simulated": all(row.simulated for row in rows),
        "kind": one_kind(rows),
        "rows_are_provinces": is_country,
        "lived": lived_words(shown.days, choice.span)
        if choice and territory == TerritoryMap.THEN
        else "",
        **_published(shown),
        "evidence": _evidence(offices, choice, score),
        "predecessors": _seen(
            request, AdministrativeUnit.objects.filter(successions__successor=shown)
        ),
        "successors": _seen(
            request, AdministrativeUnit.objects.filter(precessions__predecessor=shown)
        ),
        **_figures(figure_of, choice, score, stands, offices, asked, shown.parent),
        **proof.context,
        **follow_button(request.user, shown),
        "sections": sections(shown, figure_of, choice, proof, closed=score.closed)
        if choice and score
        else [],
    }
    return render(request, "officials/figures/unit.html", context)


def _published(unit: AdministrativeUnit) -> dict[str, object]:
    """What others published about the country or a province, apart from ours."""
    if unit.level not in (Level.COUNTRY, Level.PROVINCE):
        return {}
    place = (unit.level, unit.code, unit.valid_to is None)
    return {"references": reference_figures(*place), "other_measures": other_measures(*place)}


def _seen(
    request: HttpRequest, units: QuerySet[AdministrativeUnit]
) -> list[tuple[str, AdministrativeUnit]]:
    """Those of the units that the official may see, in the order of their names."""
    seen = units.filter(pk__in=visible_units(request.user).values("pk"))
    today = timezone.localdate()
    listed = seen.select_related("parent__parent__parent")
    named = ((unit.named_on(unit.valid_to or today), unit) for unit in listed)
    return under_names(named, with_last_days=True)


def _seen_offices(request: HttpRequest, offices: QuerySet[Office]) -> list[tuple[str, Office]]:
    """Those of the offices that the official may see, in the order of their names."""
    seen = offices.filter(pk__in=visible_offices(request.user).values("pk"))
    listed = Office.objects.filter(pk__in=seen.values("pk")).with_places()
    named = under_names((office.named, office) for office in listed)
    return [(short(name), office) for name, office in named]


@login_required
@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office."""
    shown = office_or_404(request.user, slug)
    figure_of = Subjects.of_offices([shown.pk])
    offices = Office.objects.filter(pk=shown.pk)
    asked = request.GET.dict()
    choice = for_reader(read_choice(figure_of, asked, timezone.localdate()), request.user)
    score = choice.of(figure_of) if choice else None
    proof = checking(request.user)
    stands = proof.of_office(shown.pk, choice.instrument.id) if choice else ()
    province = shown.unit.province
    context = {
        "office": shown,
        "name": short(shown.name),
        "predecessors": _seen_offices(request, shown.predecessors.all()),
        "successors": _seen_offices(request, shown.successors.all()),
        "lived": lived_words(shown.days, choice.span) if choice else "",
        "evidence": _evidence(offices, choice, score),
        **_figures(figure_of, choice, score, stands, offices, asked, province),
        "lasting": lasting_level(score, figure_of, choice.policy) if choice and score else None,
        **proof.context,
        **follow_button(request.user, shown),
        "sections": sections(shown, figure_of, choice, proof, closed=score.closed)
        if choice and score
        else [],
    }
    if choice and score and not score.closed:
        context["turn"] = turn_in(shown.pk, choice.instrument.id, choice.span)
    return render(request, "officials/figures/office.html", context)


def _evidence(offices: QuerySet[Office], choice: Choice | None, score: Score | None) -> list[str]:
    """What the forms behind the figure rest on; days and weeks are answered with their month."""
    if choice is None or choice.span.kind in HEADLINE_ONLY:
        return []
    return evidence_words(offices, choice.span, closed=bool(score and score.closed))


def _figures(
    figure_of: Subjects,
    choice: Choice | None,
    score: Score | None,
    stands: Collection[Doubted],
    offices: QuerySet[Office],
    asked: Mapping[str, str],
    above: AdministrativeUnit | None,
) -> dict[str, object]:
    """What unit and office pages share: the chosen score unfolded, its trend, the choices.

    stands: what the proof found of the subject; offices: those it is made of; above: the unit
    beside whose figures it is seen.
    """
    if choice is None:
        return {"choice": None}
    unfolded, beside, breaks = None, above_of(above, choice, score), breaks_of(offices)
    if score is not None:
        unfolded = figures(score, choice.policy)
        if any(one.concerns(choice.span) for one in stands):
            unfolded = all_marked(unfolded)
    return {
        "choice": choice,
        "periods": Period,
        "score": score,
        "headline_only": choice.span.kind in HEADLINE_ONLY,
        "figures": unfolded,
        "waiting": waiting_words(
            choice.span,
            shown=unfolded is not None and unfolded.headline.value is not None,
            through=closed_through(),
            today=timezone.localdate(),
            working_days=settings.CLOSING_WORKING_DAYS,
        ),
        "parts": rows_of(unfolded, beside, asked) if unfolded else None,
        "above": beside,
        "changes": changes(figure_of, choice, score, breaks) if score else [],
        "independent": independent_answers(score, unfolded.headline)
        if score and unfolded
        else None,
        "minimum": choice.policy.minimum_people,
        "batch": POLICY.batch,
        "legend": legend(choice.instrument),
        **_counting(choice.instrument),
        **_trend(figure_of, choice, stands, offices, breaks, asked),
    }


def _counting(instrument: InstrumentEntry) -> dict[str, object]:
    """What a page says where a form counts in another way than usual; empty where it does not."""
    method = Instrument.Method(instrument.method)
    return {
        "method": "" if method is Instrument.Method.POOLED else method.label,
        "counted": counted_words(instrument),
    }


def _trend(
    figure_of: Subjects,
    choice: Choice,
    stands: Collection[Doubted],
    offices: QuerySet[Office],
    breaks: Collection[date],
    asked: Mapping[str, str],
) -> dict[str, object]:
    monthly = figure_of.stored.filter(period=Period.MONTH, instrument=choice.instrument.id)
    months = list(monthly.order_by("-start")[:MONTHS])[::-1]
    shown = headlines(months, choice.policy)
    points = [
        trends.TrendPoint(month.start, marked(figure, _checked(month, stands)), month.closed)
        for month, figure in zip(months, shown, strict=True)
    ]
    whole = asked.get("truc") == WHOLE_AXIS
    since = choice.instrument.one_by_one_since
    marks = happened(offices, breaks, since)
    # the month in which phones began to ask in another way is none of the line before
    anew = {*breaks, since.replace(day=1)} if since else breaks
    drawn = trends.trend(points, anew, whole=whole, marks=marks)
    return {"trend": drawn, "whole_axis": whole, "months": points}


def _checked(score: Score, stands: Collection[Doubted]) -> bool:
    span = span_of(score.period, score.start)
    return any(one.concerns(span) for one in stands)
