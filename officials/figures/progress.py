"""How many forms came in, of how many dossiers, and how many there should be."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from offices.access import may
from offices.models import AdministrativeUnit, Office
from offices.names import province_in_order
from offices.rights import Action
from officials.access import Reader, office_or_404, unit_or_404
from officials.checking import checking, marked
from officials.figures.allocation import AllocationForm
from officials.figures.choice import (
    Choice,
    choice_before_forms,
    for_reader,
    on_a_map_of,
    read_choice,
)
from officials.figures.collecting import listed
from officials.figures.devices import collected_through
from officials.figures.lines import ProgressLine, kinds_of, lines_of_country, lines_of_unit
from officials.figures.reminding import reminding
from reports.counting.policy import POLICY
from reports.models import Period, Score
from reports.showing.collecting import of_office
from reports.showing.figures import HIDDEN, Figure, headlines
from reports.showing.parts import whole_and_parts
from reports.showing.progress import (
    AllocatedShare,
    Progress,
    Stratum,
    allocate,
    together,
    told_in,
)
from reports.showing.subjects import Subjects
from reports.sipas.samples import sampling
from surveys.models import Target
from surveys.targets.setting import newest

Level = AdministrativeUnit.Level


@login_required
@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One office's dossiers, target and answers."""
    shown = office_or_404(request.user, slug)
    figure_of = Subjects.of_offices([shown.pk])
    choice = for_reader(_choice(figure_of, request.GET.dict()), request.user)
    proof = checking(request.user)
    sees_channels = may(request.user, Action.SEE_CHANNELS, shown)
    context = {
        "name": shown.name,
        "office": shown,
        "back": _page_of(shown, choice),
        "enters_dossiers": may(request.user, Action.IMPORT_DOSSIERS, shown),
        **proof.context,
    }
    if choice is not None:
        figure, score = _figure(choice.of(figure_of), choice)
        stands = proof.of_office(shown.pk, choice.instrument.id)
        found = of_office(
            *(shown, choice.span, choice.instrument, choice.policy, timezone.localdate()),
            figure=figure,
        )
        devices, asked_in = collected_through(shown, choice.span) if sees_channels else (None, None)
        context |= {
            **_shared(choice, score),
            "figure": marked(figure, any(one.concerns(choice.span) for one in stands)),
            "progress": Progress(found.finished, figure.people),
            "state": found.state,
            "told": told_in(choice.span, [shown.pk]).get(shown.pk),
            "ledger": _ledger(request.user, shown),
            "goal": _goal(shown, choice),
            "turn": found.turn,
            "devices": devices,
            "asked_in": asked_in,
        }
    return render(request, "officials/figures/progress.html", context)


def _ledger(user: Reader, office: Office) -> str:
    """The address of who entered the dossiers, for whoever may read it."""
    rights = (Action.IMPORT_DOSSIERS, Action.READ_AUDIT)
    if any(may(user, right, office) for right in rights):
        return reverse("officials:dossier_changes", args=[office.slug])
    return ""


@login_required
@require_safe
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's dossiers, target and answers, those of its offices, and how to divide a sample."""
    shown = unit_or_404(request.user, pk)
    asked, territory = on_a_map_of(shown, request.GET.dict())
    figure_of = Subjects.of_unit(shown, territory)
    choice = for_reader(_choice(figure_of, asked), request.user)
    proof = checking(request.user)
    context: dict[str, object] = {
        "name": shown.full_name_on(choice.span.last if choice else timezone.localdate()),
        "back": _page_of(shown, choice),
        "enters_dossiers": may(request.user, Action.IMPORT_DOSSIERS, shown),
        **proof.context,
    }
    if choice is not None:
        whole, parts = whole_and_parts(shown, choice)
        figure, score = _figure(whole, choice)
        is_country = shown.level == Level.COUNTRY
        lines = (
            lines_of_country(shown, choice, parts, proof)
            if is_country
            else lines_of_unit(request.user, shown, choice, parts, proof)
        )
        listing = listed(lines, choice, asked)
        stands = proof.of_unit(shown.pk, figure_of, territory, choice.instrument.id)
        finished = together(line.progress.finished for line in lines)
        missing = sum(line.progress.finished is None or not line.progress.whole for line in lines)
        context |= {
            **_shared(choice, score),
            "has_two_maps": shown.valid_to is None,
            "figure": marked(figure, any(one.concerns(choice.span) for one in stands)),
            "progress": Progress(finished, figure.people, whole=not missing),
            "goal": _goal(shown, choice),
            "lines": lines,
            "listing": listing,
            "kept": listing.kept,
            "kinds": kinds_of(lines),
            "behind": sum(line.state.is_behind for line in lines),
            "short_ones": sum(bool(line.state.missing) for line in lines),
            "listed_open": any(line.state.open for line in lines),
            "reminding": reminding(request.user, shown, choice, lines),
            "unit": shown,
            "lines_are_provinces": is_country,
            "missing": missing,
            "targets": _sum_of(line.state.target for line in lines),
            **_allocation(sorted(lines, key=_by_name), figure, request.GET.dict()),
        }
    return render(request, "officials/figures/progress.html", context)


def _sum_of(targets: Iterable[int | None]) -> int | None:
    """The sum; None where one of them is not known."""
    known = list(targets)
    return None if None in known else sum(target or 0 for target in known)


def _choice(figure_of: Subjects, asked: dict[str, str]) -> Choice | None:
    today = timezone.localdate()
    return read_choice(figure_of, asked, today) or choice_before_forms(asked, today)


def _page_of(subject: Office | AdministrativeUnit, choice: Choice | None) -> str:
    """The address of the page with the figures of the same view."""
    address = (
        reverse("officials:office", args=[subject.slug])
        if isinstance(subject, Office)
        else reverse("officials:unit", args=[subject.pk])
    )
    return address + (choice.query() if choice else "")


def _figure(score: Score | None, choice: Choice) -> tuple[Figure, Score | None]:
    """What is shown of the chosen score; hidden where there is none: none is too few as well."""
    return (HIDDEN, None) if score is None else (headlines([score], choice.policy)[0], score)


def _shared(choice: Choice, score: Score | None) -> dict[str, object]:
    return {
        "choice": choice,
        "periods": Period,
        "open": choice.span.last >= timezone.localdate() if score is None else not score.closed,
        "simulated": score is not None and score.simulated,
        "batch": POLICY.batch,
        "expected": _weekday_before(
            min(choice.span.last, timezone.localdate() - timedelta(days=1))
        ),
    }


def _goal(place: Office | AdministrativeUnit, choice: Choice) -> Target | None:
    """What is to be reached in the year in which the period ends, as it was set from above."""
    found = newest(place, choice.span.last.year)
    return found if found is not None and found.is_set else None


def _weekday_before(day: date) -> date:
    """The day itself or the Friday before: offices need not count on Saturdays and Sundays."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _by_name(line: ProgressLine) -> tuple[bool, str]:
    return (not line.address, province_in_order(line.name))


def _allocation(
    lines: list[ProgressLine], whole: Figure, asked: dict[str, str]
) -> dict[str, object]:
    """The form of the allocation and, once somebody has filled it in well, its table."""
    strata = [
        Stratum(line.name, line.progress.finished.dossiers, line.figure)
        for line in lines
        if line.progress.finished is not None and line.progress.finished.dossiers
    ]
    if len(strata) < 2:
        return {}
    sizes = [stratum.dossiers for stratum in strata]
    form = AllocationForm(asked, sizes, sampling.target(sum(sizes)))
    shares: list[AllocatedShare] = []
    if "tong" in asked and form.is_valid():
        chosen = form.cleaned_data
        shares = allocate(chosen["tong"], strata, whole, chosen["it_nhat"])
    return {
        "allocation": form,
        "shares": shares,
        "shares_dossiers": sum(sizes),
        "shares_total": sum(share.proportional for share in shares),
        "borrowed": any(share.borrowed for share in shares),
    }
