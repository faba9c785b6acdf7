"""The officials' page about counting: the last nights, their steps, and what failed.

It says nothing of answers: an error's first line, which office, how often it was tried.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit.recording import record
from offices.access import Reader, may, require, visible_offices, visible_units
from offices.calendar_end import last_day_to_tell
from offices.models import Office
from offices.rights import Action
from reports.briefing.last_night import night_words
from reports.counting.periods import Span, span_of
from reports.models import Night, NightStep, Paper
from reports.night import nights
from reports.night.papers import remake
from reports.night.waking import wake
from reports.night.watching import are_marks_late

SHOWN = 14
MOST_FAILED = 50
Name, State = NightStep.Name, NightStep.State


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as it stands in the table. `offices`: names of those that failed, or its one at work.

    provinces: how many of them the row stands for.
    """

    step: NightStep
    offices: Sequence[str]
    provinces: int = 0

    @property
    def seconds(self) -> float | None:
        """How long the last attempt took; None while it runs or where there was none."""
        began, ended = self.step.began_at, self.step.ended_at
        return _seconds(ended - began) if began and ended else None


@dataclass(frozen=True, slots=True)
class NightRows:
    """A night with its steps. `state`: done, running, failed or covered."""

    night: Night
    state: str
    rows: Sequence[StepRow]

    @property
    def seconds(self) -> float | None:
        """How long it took; None before its end."""
        ended = self.night.ended_at
        return _seconds(ended - self.night.began_at) if ended else None


def _seconds(length: timedelta) -> float:
    return max(0.0, length.total_seconds())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nights_page(request: HttpRequest) -> HttpResponse:
    """The newest nights; whoever may lets a step that failed run again."""
    require(request.user, Action.SEE_NIGHTS)
    if request.method == "POST":
        require(request.user, Action.RUN_NIGHTS)
        if "paper" in request.POST:
            remake_paper(request, Paper.objects.all())
            return redirect("officials:nights")
        step = get_object_or_404(NightStep, pk=_number(request.POST.get("step")))
        if nights.try_again(step):
            record(
                "night.repeated",
                subject=step.night.day.isoformat(),
                details={"step": step.name, "province": step.province_id},
            )
            wake(1)
            messages.success(request, _("The step runs again. Reload the page in a moment."))
        else:
            messages.info(request, _("The step has been taken up already."))
        return redirect("officials:nights")
    shown = list(Night.objects.prefetch_related("steps__province")[:SHOWN])
    names = _names(step for night in shown for step in night.steps.all())
    context = {
        "nights": [_night(night, names) for night in shown],
        "said": night_words(timezone.localdate()),
        "runs": may(request.user, Action.RUN_NIGHTS),
        "late": are_marks_late(),
        "papers": _papers(request.user),
        "calendar_ends": last_day_to_tell(timezone.localdate()),
    }
    return render(request, "officials/nights.html", context)


def remake_paper(request: HttpRequest, papers: QuerySet[Paper]) -> None:
    """Makes one of these reports again that failed, and says what became of it.

    Whoever calls it has asked for the right.
    """
    key = request.POST.get("paper", "")
    known = key.isascii() and key.isdecimal() and len(key) < 16
    paper = remake(papers, int(key)) if known else None
    if paper is None:
        messages.info(request, _("This report does not wait to be made again any more."))
        return
    record(
        "report.remade",
        subject=f"{paper.period}-{paper.start.isoformat()}",
        office_id=paper.office_id,
        unit_id=paper.unit_id,
        details={"state": paper.state if paper.pk else "none"},
    )
    if paper.pk is None:
        messages.info(request, _("The period shows no figure any more, so it has no report."))
    elif paper.state == Paper.State.FAILED:
        said = _("The report failed again: %(reason)s. The operator's log says more.")
        messages.error(request, said % {"reason": paper.get_reason_display()})
    else:
        messages.success(request, _("The report is made."))


@dataclass(frozen=True, slots=True)
class FailedPaper:
    """A report that could not be made: of which place and period, and why, in words."""

    pk: int
    name: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class PaperProgress:
    """How far the reports are that the newest night asked for, and which failed, of any night.

    more: how many failed besides those that are listed.
    """

    made: int
    total: int
    failed: Sequence[FailedPaper]
    more: int


def _papers(user: Reader) -> PaperProgress | None:
    """None where no night has asked for any. Failed ones are those of places that one sees."""
    night = Night.objects.filter(papers__isnull=False).order_by("-day").first()
    if night is None:
        return None
    counted = night.papers.aggregate(
        total=Count("pk"), made=Count("pk", filter=Q(state=Paper.State.MADE))
    )
    seen = Q(office__in=visible_offices(user).values("pk"))
    seen |= Q(unit__in=visible_units(user).values("pk"))
    failed = (
        Paper.objects.filter(seen, state=Paper.State.FAILED)
        .select_related("office", "unit")
        .prefetch_related("unit__designations")
    )
    listed = [_failed(one) for one in failed.order_by("-start", "pk")[:MOST_FAILED]]
    return PaperProgress(counted["made"], counted["total"], listed, failed.count() - len(listed))


def _failed(paper: Paper) -> FailedPaper:
    span = span_of(paper.period, paper.start)
    unit = paper.unit.full_name_on(span.last) if paper.unit else ""
    name = paper.office.name if paper.office else unit
    return FailedPaper(paper.pk, name, span, paper.get_reason_display())


def _number(text: str | None) -> int:
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise Http404
    return int(text)


def _slugs(step: NightStep) -> list[str]:
    """Those that failed, and the one at which work goes on or process after process ended."""
    failed = step.result.get("failed", []) if step.state == State.FAILED else []
    return [*dict.fromkeys([*failed, step.at])]


def _names(steps: Iterable[NightStep]) -> dict[str, str]:
    slugs = {slug for step in steps for slug in _slugs(step) if slug}
    return dict(Office.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}


def _night(night: Night, names: dict[str, str]) -> NightRows:
    steps = sorted(night.steps.all(), key=lambda step: (step.position, step.state, step.pk))
    rows: list[StepRow] = []
    for step in steps:
        offices = [names[slug] for slug in _slugs(step) if slug in names]
        last = rows[-1] if rows else None
        if (
            step.name == Name.PROVINCE
            and last is not None
            and step.name == last.step.name
            and step.state == last.step.state
            and step.state in (State.DONE, State.WAITING, State.COVERED)
        ):
            # provinces about which there is nothing to say stand in one row
            rows[-1] = StepRow(last.step, [], last.provinces + 1)
            continue
        rows.append(StepRow(step, offices, 1 if step.name == Name.PROVINCE else 0))
    return NightRows(night, _state(night, steps), rows)


def _state(night: Night, steps: Sequence[NightStep]) -> str:
    states = {step.state for step in steps}
    if State.FAILED in states:
        return State.FAILED
    if states & {State.RUNNING, State.WAITING} or not (steps or night.ended_at):
        return State.RUNNING
    return State.COVERED if State.COVERED in states else State.DONE
