"""The pages: who may see them, and what stands on them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.access import visible_offices, visible_units
from offices.models import AdministrativeUnit, Office, Succession
from offices.names import short, under_names
from officials.access import Reader, office_or_404, unit_or_404
from officials.checking import Doubted, all_marked, checking, marked
from officials.figures import trends
from officials.figures.breakdowns import sections
from officials.figures.charts import axis_of, legend
from officials.figures.choice import Choice, for_reader, on_a_map_of, read_choice
from officials.figures.elsewhere import elsewhere
from officials.figures.following import follow_button
from officials.figures.history import History, history_of, months_in
from officials.figures.results import Above, above_of, changes, rows_of
from officials.figures.rows import (
    checked_rows,
    one_kind,
    rows_of_country,
    rows_of_unit,
    whole_of,
)
from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.models import Period, Score, TerritoryMap
from reports.showing.behind import independent_answers
from reports.showing.circumstances import Circumstances, circumstances_of
from reports.showing.counted import counted_words
from reports.showing.evidence import breaks_behind, words_behind
from reports.showing.figures import Figures, figures, headlines
from reports.showing.happened import happened
from reports.showing.lasting import lasting_level
from reports.showing.lifetime import lived_words
from reports.showing.parts import parts_of
from reports.showing.rhythms import turn_in
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY
from reports.showing.waiting import waiting_words
from surveys.models import Instrument
from surveys.questionnaires.catalogue import InstrumentEntry

Level = AdministrativeUnit.Level
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
    is_country = shown.level == Level.COUNTRY
    proof = checking(request.user)
    rows, read = [], None
    if choice is not None:
        stands = proof.of_unit(shown.pk, figure_of, territory, choice.instrument.id)
        parts = parts_of(shown, choice)
        history = history_of(figure_of, choice, shown.parent)
        score = whole_of(history.own.get(choice.span), choice, parts)
        read = _Read(
            *(history, score, above_of(shown.parent, choice, score, history)),
            *(circumstances_of(offices, choice.span), stands),
        )
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
        "elsewhere": elsewhere(shown),
        **_units_around(request.user, shown),
        **_figures(choice, read, offices, asked),
        **proof.context,
        **follow_button(request.user, shown),
        "sections": sections(shown, figure_of, choice, proof, read.score)
        if choice and read and read.score
        else [],
    }
    return render(request, "officials/figures/unit.html", context)


def _units_around(user: Reader, unit: AdministrativeUnit) -> dict[str, object]:
    """What the unit was and became, as far as the official may see it, in the order of names."""
    if unit.level == Level.COUNTRY:  # which became of nothing and goes into nothing
        return {}
    links = Succession.objects.filter(Q(predecessor=unit) | Q(successor=unit)).order_by()
    pairs = list(links.values_list("predecessor", "successor"))
    keys = {key for pair in pairs for key in pair} - {unit.pk}
    seen = visible_units(user).filter(pk__in=keys).select_related("parent__parent__parent")
    units = list(seen.prefetch_related(AdministrativeUnit.called())) if keys else []
    today = timezone.localdate()

    def named(keys: Collection[int]) -> list[tuple[str, AdministrativeUnit]]:
        some = ((one.named_on(one.valid_to or today), one) for one in units if one.pk in keys)
        return under_names(some, with_last_days=True)

    return _before_and_after(pairs, unit.pk, named)


def _offices_around(user: Reader, office: Office) -> dict[str, object]:
    """The same of an office."""
    links = Office.predecessors.through.objects.filter(Q(from_office=office) | Q(to_office=office))
    pairs = list(links.values_list("to_office", "from_office"))
    keys = {key for pair in pairs for key in pair} - {office.pk}
    seen = visible_offices(user).filter(pk__in=keys).values("pk")
    offices = list(Office.objects.filter(pk__in=seen).with_places()) if keys else []

    def named(keys: Collection[int]) -> list[tuple[str, Office]]:
        found = under_names((one.named, one) for one in offices if one.pk in keys)
        return [(short(name), one) for name, one in found]

    return _before_and_after(pairs, office.pk, named)


def _before_and_after(
    pairs: Collection[tuple[int, int]], key: int, named: Callable[[Collection[int]], object]
) -> dict[str, object]:
    """pairs: what one was, and what it became."""
    return {
        "predecessors": named([before for before, after in pairs if after == key]),
        "successors": named([after for before, after in pairs if before == key]),
    }


@login_required
@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office."""
    shown = office_or_404(request.user, slug)
    figure_of = Subjects.of_offices([shown.pk])
    offices = Office.objects.filter(pk=shown.pk)
    asked = request.GET.dict()
    choice = for_reader(read_choice(figure_of, asked, timezone.localdate()), request.user)
    proof = checking(request.user)
    read = None
    if choice is not None:
        province = shown.unit.province
        history = history_of(figure_of, choice, province)
        stored = choice.span.kind not in HEADLINE_ONLY
        score = history.own.get(choice.span) if stored else choice.of(figure_of)
        read = _Read(
            *(history, score, above_of(province, choice, score, history)),
            circumstances_of(offices, choice.span),
            proof.of_office(shown.pk, choice.instrument.id),
        )
    score = read.score if read else None
    context = {
        "office": shown,
        "name": short(shown.name),
        **_offices_around(request.user, shown),
        "lived": lived_words(shown.days, choice.span) if choice else "",
        **_figures(choice, read, offices, asked),
        "lasting": lasting_level(score, figure_of, choice.policy) if choice and score else None,
        **proof.context,
        **follow_button(request.user, shown),
        "sections": sections(shown, figure_of, choice, proof, score) if choice and score else [],
    }
    if choice and score and not score.closed:
        context["turn"] = turn_in(shown.pk, choice.instrument.id, choice.span)
    return render(request, "officials/figures/office.html", context)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read once for a page: its figure over time and beside the unit above, what is behind.

    stands: what the proof found of the subject.
    """

    history: History
    score: Score | None
    above: Above | None
    behind: Circumstances
    stands: Collection[Doubted]


def _figures(
    choice: Choice | None, read: _Read | None, offices: QuerySet[Office], asked: Mapping[str, str]
) -> dict[str, object]:
    """What unit and office pages share: the chosen score unfolded, its trend, the choices.

    offices: those that the subject is made of.
    """
    if choice is None or read is None:
        return {"choice": None, "evidence": []}
    score, unfolded, breaks = read.score, None, breaks_behind(read.behind)
    headline_only = choice.span.kind in HEADLINE_ONLY
    if score is not None:
        unfolded = figures(score, choice.policy)
        if any(one.concerns(choice.span) for one in read.stands):
            unfolded = all_marked(unfolded)
    closed = score is not None and score.closed
    return {
        "choice": choice,
        "periods": Period,
        "score": score,
        "headline_only": headline_only,
        # days and weeks are answered with their month
        "evidence": []
        if headline_only
        else words_behind(offices, read.behind, choice.span, closed=closed),
        "figures": unfolded,
        **_waiting(choice, score, unfolded),
        "parts": rows_of(unfolded, read.above, asked) if unfolded else None,
        "above": read.above,
        "changes": changes(read.history, choice, score, breaks) if score else [],
        "independent": independent_answers(score, unfolded.headline)
        if score and unfolded
        else None,
        "minimum": choice.policy.minimum_people,
        "batch": POLICY.batch,
        "legend": legend(choice.instrument),
        **_counting(choice.instrument),
        **_trend(choice, read, breaks, asked),
    }


def _waiting(choice: Choice, score: Score | None, unfolded: Figures | None) -> dict[str, object]:
    """When more comes and whether the period is closed; of what is shown whole nothing is asked."""
    shown = unfolded is not None and unfolded.headline.value is not None
    if shown and score and score.closed and choice.span.kind not in HEADLINE_ONLY:
        return {"waiting": "", "is_closed": True}
    through = closed_through()
    words = waiting_words(
        choice.span,
        shown=shown,
        through=through,
        today=timezone.localdate(),
        working_days=settings.CLOSING_WORKING_DAYS,
    )
    closed = score.closed if score else is_closed(choice.span, through)
    return {"waiting": words, "is_closed": closed}


def _counting(instrument: InstrumentEntry) -> dict[str, object]:
    """What a page says where a form counts in another way than usual; empty where it does not."""
    method = Instrument.Method(instrument.method)
    return {
        "method": "" if method is Instrument.Method.POOLED else method.label,
        "counted": counted_words(instrument),
    }


def _trend(
    choice: Choice, read: _Read, breaks: Collection[date], asked: Mapping[str, str]
) -> dict[str, object]:
    months = months_in(read.history, choice)
    shown = headlines(months, choice.policy)
    points = [
        trends.TrendPoint(month.start, marked(figure, _checked(month, read.stands)), month.closed)
        for month, figure in zip(months, shown, strict=True)
    ]
    whole = asked.get("truc") == WHOLE_AXIS
    asked_since = (choice.instrument.one_by_one_since, choice.instrument.stage_first_since)
    marks = happened(read.behind, breaks, *asked_since)
    # the month in which people began to be asked in another way is none of the line before
    drawn = trends.trend(points, {*breaks, *choice.instrument.asked_anew}, whole=whole, marks=marks)
    return {"trend": drawn, "whole_axis": whole, "months": points}


def _checked(score: Score, stands: Collection[Doubted]) -> bool:
    span = span_of(score.period, score.start)
    return any(one.concerns(span) for one in stands)
