"""The officials' page about counting: the last nights, their steps, and what failed.

It says nothing of answers: an error's first line, which office, how often it was tried.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit.recording import record
from offices.access import may, require
from offices.calendar_end import last_day_to_tell
from offices.models import Office
from offices.rights import Action
from reports.briefing.last_night import night_words
from reports.models import Night, NightStep
from reports.night import nights
from reports.night.waking import wake
from reports.night.watching import are_marks_late

SHOWN = 14
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
        "calendar_ends": last_day_to_tell(timezone.localdate()),
    }
    return render(request, "officials/nights.html", context)


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
