"""The page that compares the places of a unit: which stand high, which low, a few side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
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
from officials.figures.comparison_charts import funnel_chart, scale_of
from officials.figures.comparison_table import beside_columns, table_of, tiles_of
from officials.figures.group_choice import (
    FIGURE,
    GAP,
    MOST_BESIDE,
    PROVINCES,
    STANDARDISED,
    GroupChoice,
    Sort,
    read_beside,
    read_page,
    read_sort,
    read_words,
)
from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import Span, previous, span_of
from reports.counting.policy import POLICY
from reports.models import Period, Score
from reports.showing import comparison
from reports.showing.comparison import ComparedGroup, Comparison, Standardiser
from reports.showing.planned import planned
from reports.showing.side_by_side import factor_rows
from reports.showing.standardised import standardiser
from reports.showing.subjects import Subjects
from reports.showing.summed import HEADLINE_ONLY

DAY = timedelta(days=1)
NAMED = 6  # places named in the sentence; more are only counted there
Words = str | Promise
NO_SUCH_ORDER = _lazy("There is no such order; the rows stand by tier.")


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """A list that may be compared, as a link: of one kind of offices, or of the provinces."""

    words: str
    address: str
    count: int
    chosen: bool


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
        provinces = None
        if unit.level == AdministrativeUnit.Level.COUNTRY:
            provinces = comparison.provinces_of(territory, choice.span)
        group = _asked_group(groups, asked, of_provinces=provinces is not None)
        members = _members(offices, groups, group, provinces)
        chosen, notes = _read(choice, group, members, asked, request.GET.getlist("canh"))
        context |= {"choice": chosen, "kept": chosen.kept, "notes": notes}
        context["groups"] = _links(chosen, groups, provinces)
        context |= _compared(unit, figure_of, chosen, groups, members, standardised, proof)
    return render(request, "officials/figures/compare.html", context)


def _asked_group(
    groups: Mapping[ComparedGroup, list[int]], asked: Mapping[str, str], *, of_provinces: bool
) -> ComparedGroup | None:
    """The group that is asked for; else a country's provinces, or the largest group."""
    known = {group.key: group for group in groups}
    largest = next(iter(groups), ComparedGroup("", ""))
    return known.get(asked.get("loai", ""), None if of_provinces else largest)


def _members(
    offices: QuerySet[Office],
    groups: Mapping[ComparedGroup, list[int]],
    group: ComparedGroup | None,
    provinces: list[AdministrativeUnit] | None,
) -> list[Office] | list[AdministrativeUnit]:
    """The places of the list; one more than may be compared where they are too many."""
    if group is None:
        return provinces or []
    return list(offices.filter(pk__in=groups.get(group, [])[: comparison.MOST + 1]))


def _links(
    choice: GroupChoice,
    groups: Mapping[ComparedGroup, list[int]],
    provinces: list[AdministrativeUnit] | None,
) -> list[PlaceGroup]:
    """What else may be compared here; what is ticked belongs to one list only."""
    plain = replace(choice, page=1, beside=(), alone="")
    found = []
    if provinces is not None:
        words = _("Provinces and cities")
        address = plain.query(loai=PROVINCES)
        found.append(PlaceGroup(words, address, len(provinces), choice.group is None))
    for group, members in groups.items():
        words = str(Office.Kind(group.kind).label)
        if group.key.count(".") > 1:
            words = _("%(kind)s, level %(level)s") % {"kind": words, "level": group.evidence}
        address = plain.query(loai=group.key)
        found.append(PlaceGroup(words, address, len(members), group == choice.group))
    return found


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
        return listed(choice.answered, instrument, kind, date.max, closed_only=True)
    through = closed_through()
    if through is None:
        return ()
    until = through if kind == Period.DAY else previous(span_of(kind, through + DAY)).last
    spans = listed(choice.answered, instrument, kind, until)
    return newest_first(figure_of, instrument, spans, until)


def _read(
    choice: Choice,
    group: ComparedGroup | None,
    members: list[Office] | list[AdministrativeUnit],
    asked: Mapping[str, str],
    beside_asked: list[str],
) -> tuple[GroupChoice, list[Words]]:
    """The view of the list that the address means, and what of it could not be done, in words."""
    sort = read_sort(asked)
    keys = [comparison.key_of(member) for member in members]
    notes: list[Words] = []
    beside, more, unknown = read_beside(beside_asked, keys)
    if asked.get("loai") and asked["loai"] != (group.key if group else PROVINCES):
        notes.append(_("There is no such list here; this is another."))
    if sort is None:
        notes.append(NO_SUCH_ORDER)
    if more:
        notes.append(
            _("At most %(most)s places stand side by side; the first %(most)s are shown.")
            % {"most": MOST_BESIDE}
        )
    if unknown:
        notes.append(_("What was ticked and is not of this list has been left out."))
    chosen = GroupChoice(
        choice.span,
        choice.instrument,
        choice.territory,
        choice.spans,
        choice.instruments,
        policy=choice.policy,
        group=group,
        sort=sort or Sort(),
        called=read_words(asked),
        apart_only=asked.get("ro") == "1",
        page=read_page(asked),
        beside=beside,
        alone=asked.get("rieng", ""),
    )
    return chosen, notes


def _compared(
    unit: AdministrativeUnit,
    figure_of: Subjects,
    choice: GroupChoice,
    groups: Mapping[ComparedGroup, list[int]],
    members: list[Office] | list[AdministrativeUnit],
    standardised: Standardiser | None,
    proof: Checking,
) -> dict[str, object]:
    """The comparison with its tiles, table and charts, or why there is none (`state`)."""
    whole = choice.of(figure_of)
    if not (whole.closed if whole is not None else is_closed(choice.span, closed_through())):
        closed = [span for span in choice.spans if span != choice.span]
        return {"state": "open", "is_closed": False, "newest_closed": max(closed, default=None)}
    if whole is None:
        return {"state": "empty"}
    if len(members) > comparison.MOST:
        return {"state": "many", "most": comparison.MOST}
    if choice.group is None:
        units = [one for one in members if isinstance(one, AdministrativeUnit)]
        view = (whole, choice.span, choice.instrument)
        found = comparison.compare_provinces(units, choice.territory, *view, choice.policy)
    else:
        if standardised is None:
            keys = [office.pk for office in members]
            standardised = standardiser(keys, choice.instrument.id, choice.span)
        found = comparison.compare(
            groups,
            [one for one in members if isinstance(one, Office)],
            whole,
            choice.span,
            choice.instrument,
            standardised,
            choice.policy,
        )
    found = _checked(found, unit, choice, proof)
    return {
        "state": "compared",
        "is_closed": True,
        "found": found,
        "reference": found.reference,
        "all_simulated": all(line.score.simulated for line in found.lines),
        **_verdicts(found),
        **_table(found, choice, with_standardised=bool(choice.group and standardised)),
        **_beside(found, choice, whole),
        **_alone(found, choice, whole, unit, proof),
    }


def _checked(
    found: Comparison, unit: AdministrativeUnit, choice: GroupChoice, proof: Checking
) -> Comparison:
    """The same with the mark at each number that is being checked."""
    if not proof.summary.differences:
        return found
    keys = [line.place.pk for line in found.lines]
    place = (choice.instrument.id, choice.territory)
    if choice.group is None:
        now = proof.listed(choice.span, *place, units=[*keys, unit.pk])
        differing = now.units
    else:
        now = proof.listed(choice.span, *place, offices=keys, units=[unit.pk])
        differing = now.offices
    lines = tuple(
        replace(line, figure=marked(line.figure, line.place.pk in differing))
        for line in found.lines
    )
    return replace(found, lines=lines, reference=marked(found.reference, unit.pk in now.units))


def _verdicts(found: Comparison) -> dict[str, object]:
    """What the first sentences say."""
    return {
        "judged": sum(line.standing is not None for line in found.lines),
        "higher": [line for line in found.lines if line.high],
        "lower": [line for line in found.lines if line.low],
        "named": NAMED,
    }


def _table(found: Comparison, choice: GroupChoice, *, with_standardised: bool) -> dict[str, object]:
    scale = scale_of([line.figure for line in found.lines])
    share = found.reference.share
    notes: list[Words] = []
    if choice.sort.column == STANDARDISED and not with_standardised:
        choice = replace(choice, sort=Sort())
        notes.append(NO_SUCH_ORDER)
    table = table_of(found, choice, scale, with_standardised=with_standardised)
    if choice.page > table.pages:
        words = _("The list has no such page; this is page %(page)s, the last.")
        notes.append(words % {"page": table.pages})
    return {
        "table": table,
        "table_notes": notes,
        "tiles": tiles_of(found, choice),
        "by_figure": choice.sort.column in (FIGURE, GAP, STANDARDISED),
        "with_standardised": with_standardised,
        "scale": scale,
        "reference_x": None if share is None else scale.x(float(share) * 100),
        "chart": None if share is None else funnel_chart(found.lines, share),
        "unfiltered": replace(choice, called="", apart_only=False, page=1).query(),
        "for_beside": choice.without("canh"),
        "most_beside": MOST_BESIDE,
    }


def _beside(found: Comparison, choice: GroupChoice, whole: Score) -> dict[str, object]:
    """What was ticked, factor by factor, with the whole as the last column."""
    columns = beside_columns(found, choice)
    if not columns:
        return {"beside": []}
    lines = [column.line for column in columns]
    scores = [line.score if line else None for line in lines]
    scores.append(None if found.reference.hidden else whole)
    checks = [bool(line and line.figure.checked) for line in lines] + [found.reference.checked]
    factors = [
        (row.title, [marked(*pair) for pair in zip(row.cells, checks, strict=True)])
        for row in factor_rows(scores, choice.policy)
    ]
    return {
        "beside": columns,
        "factors": factors,
        "nothing_beside": replace(choice, beside=()).query(),
        "headline_only": choice.span.kind in HEADLINE_ONLY,
    }


def _alone(
    found: Comparison, choice: GroupChoice, whole: Score, unit: AdministrativeUnit, proof: Checking
) -> dict[str, object]:
    """The planned comparisons of the office that was asked for, if it is on the page."""
    line = next((line for line in found.lines if line.key == choice.alone), None)
    if line is None or not isinstance(line.place, Office):
        return {"alone": None}
    office = line.place
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
    return {"alone": line, "planned": one}
