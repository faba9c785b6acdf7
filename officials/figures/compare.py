"""The page that compares the offices of a unit: which stand high, which low, and one by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.access import visible_offices
from offices.models import AdministrativeUnit, Office
from officials.access import unit_or_404
from officials.checking import Checking, checking, marked
from officials.figures.choice import (
    Choice,
    for_reader,
    is_day,
    listed,
    newest_first,
    on_a_map_of,
    read_choice,
)
from officials.figures.comparison_charts import dot_rows, funnel_chart, scale_of
from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import Span, previous, span_of
from reports.counting.policy import POLICY
from reports.models import Period, Score
from reports.showing import comparison
from reports.showing.comparison import ComparedGroup, ComparedOffice, Comparison, Standardiser
from reports.showing.planned import planned
from reports.showing.standardised import standardiser
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY

BY_TIER = "nhom"
DAY = timedelta(days=1)
NAMED = 6  # offices named in the sentence; more are only counted there


@dataclass(frozen=True)
class GroupChoice(Choice):
    """What is compared: besides period, form and map the group of offices and the order.

    alone: the short name of the office whose planned comparisons are shown, empty for none.
    """

    group: ComparedGroup
    by_tier: bool
    alone: str = ""

    def query(self, **changed: str) -> str:
        """The address's query for this view with some of it changed."""
        return super().query(**{**dict(self.kept), **changed})

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What the form of the view carries along unseen."""
        kept = ("loai", self.group.key), ("xep", BY_TIER if self.by_tier else "ten")
        return (*kept, ("rieng", self.alone)) if self.alone else kept

    @property
    def carried(self) -> tuple[tuple[str, str], ...]:
        """What the form that chooses an office carries along: all but the office."""
        return tuple(pair for pair in parse_qsl(self.query()[1:]) if pair[0] != "rieng")


@login_required
@require_safe
def compare(
    request: HttpRequest, pk: int, standardised: Standardiser | None = None
) -> HttpResponse:
    """The offices of one kind and level in a unit, in one closed period.

    standardised: where figures under a common mix of fields come from; of a closed year, the
    breakdowns by field. No column without it.
    """
    unit = unit_or_404(request.user, pk)
    asked, territory = on_a_map_of(unit, request.GET.dict())
    figure_of = Subjects.of_unit(unit, territory)
    choice = for_reader(read_choice(figure_of, asked, timezone.localdate()), request.user)
    proof = checking(request.user)
    context: dict[str, object] = {
        "unit": unit,
        "name": unit.full_name_on(choice.span.last if choice else timezone.localdate()),
        "choice": choice,
        "periods": Period,
        "has_two_maps": unit.valid_to is None,
        "territory": territory,
        "minimum": POLICY.minimum_people,
        **proof.context,
    }
    if choice is not None:
        choice = closed_choice(figure_of, choice, asked)
        offices = comparison.offices_of(unit, territory, choice.span).filter(
            pk__in=visible_offices(request.user).values("pk")
        )
        groups = comparison.groups_of(offices, choice.span.first.year)
        chosen = _group_choice(choice, groups, asked)
        context |= {"choice": chosen, "kept": chosen.kept, "groups": groups}
        context |= _compared(unit, figure_of, chosen, groups, standardised, proof)
    return render(request, "officials/figures/compare.html", context)


def closed_choice(figure_of: Subjects, choice: Choice, asked: Mapping[str, str]) -> Choice:
    """The same view among closed periods; the newest of them unless a period is asked for."""
    spans = _closed_spans(figure_of, choice)
    if spans and not is_day(asked.get("tu", "")):
        return replace(choice, span=spans[0], spans=tuple(sorted(spans, reverse=True)))
    return replace(choice, spans=tuple(sorted({choice.span, *spans}, reverse=True)))


def _closed_spans(figure_of: Subjects, choice: Choice) -> tuple[Span, ...]:
    """The newest closed periods; of days and weeks the newest with a figure comes first."""
    kind, instrument = choice.span.kind, choice.instrument
    if kind not in HEADLINE_ONLY:
        closed = replace(figure_of, stored=figure_of.stored.filter(closed=True))
        return listed(closed, instrument, kind, date.max)
    through = closed_through()
    if through is None:
        return ()
    until = through if kind == Period.DAY else previous(span_of(kind, through + DAY)).last
    return newest_first(figure_of, instrument, listed(figure_of, instrument, kind, until), until)


def _group_choice(
    choice: Choice, groups: Mapping[ComparedGroup, list[Office]], asked: Mapping[str, str]
) -> GroupChoice:
    known = {group.key: group for group in groups}
    fallback = next(iter(groups), ComparedGroup("", ""))
    return GroupChoice(
        choice.span,
        choice.instrument,
        choice.territory,
        choice.spans,
        choice.instruments,
        policy=choice.policy,
        group=known.get(asked.get("loai", ""), fallback),
        by_tier=asked.get("xep") == BY_TIER,
        alone=asked.get("rieng", ""),
    )


def _compared(
    unit: AdministrativeUnit,
    figure_of: Subjects,
    choice: GroupChoice,
    groups: Mapping[ComparedGroup, list[Office]],
    standardised: Standardiser | None,
    proof: Checking,
) -> dict[str, object]:
    """The comparison and its charts, or why there is none (`state`)."""
    whole = choice.of(figure_of)
    if not (whole.closed if whole is not None else is_closed(choice.span, closed_through())):
        closed = [span for span in choice.spans if span != choice.span]
        return {"state": "open", "newest_closed": max(closed, default=None)}
    if whole is None:
        return {"state": "empty"}
    if len(groups.get(choice.group, ())) > comparison.MOST:
        return {"state": "many", "most": comparison.MOST}
    if standardised is None:
        keys = [office.pk for office in groups.get(choice.group, ())]
        standardised = standardiser(keys, choice.instrument.id, choice.span)
    found = comparison.compare(
        groups, choice.group, whole, choice.span, choice.instrument, standardised, choice.policy
    )
    found = _checked(found, unit, choice, proof)
    return {
        "state": "compared",
        "found": found,
        "reference": found.reference,
        "all_simulated": all(line.simulated for line in found.lines),
        "with_standardised": standardised is not None,
        **_verdicts(found),
        **_charts(found, choice.by_tier),
        **_alone(found, choice, whole, unit, proof),
    }


def _checked(
    found: Comparison, unit: AdministrativeUnit, choice: Choice, proof: Checking
) -> Comparison:
    """The same with the mark at each number that is being checked."""
    if not proof.summary.differences:
        return found
    keys = [line.office.pk for line in found.lines]
    place = (choice.instrument.id, choice.territory)
    now = proof.listed(choice.span, *place, offices=keys, units=[unit.pk])
    lines = tuple(
        replace(line, figure=marked(line.figure, line.office.pk in now.offices))
        for line in found.lines
    )
    return replace(found, lines=lines, reference=marked(found.reference, bool(now.units)))


def _verdicts(found: Comparison) -> dict[str, object]:
    """What the first sentences say."""
    return {
        "judged": sum(line.standing is not None for line in found.lines),
        "higher": [line for line in found.lines if line.high],
        "lower": [line for line in found.lines if line.low],
        "named": NAMED,
    }


def _charts(found: Comparison, by_tier: bool) -> dict[str, object]:
    lines = sorted(found.lines, key=_tier) if by_tier else list(found.lines)
    scale = scale_of([line.figure for line in lines])
    share = found.reference.share
    chart = None if share is None else funnel_chart(found.lines, share)
    return {
        "rows": dot_rows(lines, scale),
        "scale": scale,
        "reference_x": None if share is None else scale.x(float(share) * 100),
        "chart": chart,
    }


def _tier(line: ComparedOffice) -> int:
    """High ones first; inside a tier the order stays that of names, for chance makes any other."""
    return 0 if line.high else 2 if line.low else 1 if line.standing is not None else 3


def _alone(
    found: Comparison, choice: GroupChoice, whole: Score, unit: AdministrativeUnit, proof: Checking
) -> dict[str, object]:
    """The planned comparisons of the office that was asked for, if it is on the page."""
    asked = [line for line in found.lines if line.office.slug == choice.alone]
    if not asked:
        return {"alone": None}
    office = asked[0].office
    one = planned(office, whole, choice.span, choice.instrument, choice.policy)
    if one is not None and proof.summary.differences:
        place = (choice.instrument.id, choice.territory)
        now = proof.listed(choice.span, *place, offices=[office.pk])
        before = proof.listed(previous(choice.span), *place, offices=[office.pk])
        one = replace(
            one,
            figure=marked(one.figure, office.pk in now.offices),
            earlier=one.earlier and marked(one.earlier, office.pk in before.offices),
        )
    return {"alone": asked[0], "planned": one}
