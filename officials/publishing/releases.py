"""The pages of releases: what was published, how to check it, and publishing itself."""

from collections.abc import Iterator
from datetime import date
from typing import cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.recording import record
from offices.access import may
from offices.models import AdministrativeUnit, Office, Proposal, User
from offices.proposals import NotProposed, may_look
from offices.rights import Action
from officials.access import may_publish_here, province_or_404, release_or_404, unit_or_404
from officials.checking import checking
from officials.publishing.columns import COLUMNS, MARKS
from officials.publishing.released import parts_of, sheets_of
from reports.counting.closing import closed_through
from reports.counting.periods import Span, previous, span_of
from reports.models import Period, Release
from reports.proof.standing import standing_release
from reports.release.changes import changes
from reports.release.export import csv_lines
from reports.release.proposing import KIND, propose_release, span_of_proposal
from reports.release.public import KIND as PUBLIC
from reports.release.public import propose_public, refused_to_public
from reports.release.publish import PERIODS, newest_release, refusal
from reports.showing.evidence import waiting_words

Level = AdministrativeUnit.Level
OFFERED = {Period.MONTH: 12, Period.QUARTER: 8, Period.YEAR: 3}


class Confirmation(forms.Form):
    """What whoever proposes has to say; a revision needs a reason."""

    reason = forms.CharField(
        label=_("Reason for the revision"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the figures are published again.")},
    )
    confirmed = forms.BooleanField(
        label=_("I have checked the period. I know that what is published stays for ever."),
        error_messages={"required": _("Tick the box to propose it.")},
    )

    def __init__(self, data: object = None, *, revision: bool) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # whatever a POST holds
        if not revision:
            del self.fields["reason"]


@login_required
@require_safe
def releases(request: HttpRequest, pk: int) -> HttpResponse:
    """What has been published of a unit, newest first."""
    unit = unit_or_404(request.user, pk)
    proof = checking(request.user)
    rows = unit.releases.select_related("revised_by").prefetch_related("checks")
    context = {
        "unit": unit,
        "name": unit.full_name_on(unit.valid_to or timezone.localdate()),
        "rows": [(row, span_of(row.period, row.start), row.checks.first()) for row in rows],
        **proof.context,
        "waiting": [
            (one, span_of_proposal(one), may_look(cast(User, request.user), one))
            for one in unit.proposals.filter(kind=KIND, state=Proposal.State.OPEN).select_related(
                "proposed_by"
            )
        ],
        "offered": list(_offered()) if may_publish_here(request.user, unit) else [],
    }
    return render(request, "officials/publishing/releases.html", context)


def _offered() -> Iterator[Span]:
    """The newest closed periods, the longest kind last."""
    through = closed_through()
    if through is None:
        return
    for kind in PERIODS:
        span = span_of(kind, through)
        if span.last > through:
            span = previous(span)
        for _nth in range(OFFERED[kind]):
            yield span
            span = previous(span)


@login_required
def publish_period(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then proposes; `ky` is the period, such as `month.2026-05-01`."""
    unit = province_or_404(request.user, pk, Action.PUBLISH)
    span = _asked(request.GET.get("ky", ""))
    if span is None:
        return redirect("officials:releases", unit.pk)
    earlier = newest_release(unit, span)
    refused = blocked = refusal(unit, span)
    form = Confirmation(request.POST or None, revision=earlier is not None)
    if request.method == "POST" and not blocked and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            made = propose_release(unit, span, cast(User, request.user), reason)
        except NotProposed as error:
            refused = str(error)
        else:
            return redirect("officials:proposal", made.pk)
    context = {
        "unit": unit,
        "name": unit.full_name_on(span.last),
        "span": span,
        "earlier": earlier,
        "form": form,
        "refused": refused,
        "blocked": blocked,
        **checking(request.user).context,
    }
    return render(request, "officials/publishing/release_confirm.html", context)


def _asked(text: str) -> Span | None:
    kind, _dot, start = text.partition(".")
    try:
        return span_of(kind, date.fromisoformat(start))
    except (ValueError, OverflowError):
        return None


@login_required
@require_safe
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """One release: its figures, what they came from, and how to compute them again."""
    shown = release_or_404(request.user, slug)
    same = Release.objects.filter(unit=shown.unit, period=shown.period, start=shown.start)
    revisions = list(same.select_related("public").order_by("revision"))
    publishes = may(request.user, Action.PUBLISH, shown.unit)
    is_public = any(one.pk == shown.pk and hasattr(one, "public") for one in revisions)
    span = span_of(shown.period, shown.start)
    proof = checking(request.user)
    context = {
        "release": shown,
        "name": shown.unit.full_name_on(span.last),
        "span": span,
        "sheets": sheets_of(shown),
        "parts": parts_of(shown),
        "parts_are_provinces": shown.unit.level == Level.COUNTRY,
        "check": shown.checks.first(),
        "exports": may(request.user, Action.EXPORT, shown.unit),
        "release_checked": bool(proof.summary.differences) and standing_release(shown),
        **proof.context,
        "revisions": revisions,
        "newest": revisions[-1],
        "public": next((one for one in revisions if is_public and one.pk == shown.pk), None),
        "public_waits": _waiting_to_be_public(shown) if publishes and not is_public else None,
        "publishes": publishes,
        # what may still be decided of this period, as of now
        "waits": waiting_words(Office.objects.within(shown.unit), span, closed=True),
        "changes": changes(shown),
        "batch": shown.policy["batch"],
        "columns": COLUMNS.items(),
        "marks": MARKS.items(),
    }
    return render(request, "officials/publishing/release.html", context)


class PublicConfirmation(forms.Form):
    """What whoever proposes to make a release public has to say."""

    confirmed = forms.BooleanField(
        label=_("I know that everybody can read it from then on, and that it is never undone."),
        error_messages={"required": _("Tick the box to propose it.")},
    )


@login_required
def make_public(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks once more, then proposes that everybody may read the release."""
    shown = release_or_404(request.user, slug, Action.PUBLISH)
    refused = blocked = refused_to_public(shown)
    form = PublicConfirmation(request.POST or None)
    if request.method == "POST" and not blocked and form.is_valid():
        try:
            made = propose_public(shown, cast(User, request.user))
        except NotProposed as error:
            refused = str(error)
        else:
            return redirect("officials:proposal", made.pk)
    span = span_of(shown.period, shown.start)
    context = {
        "release": shown,
        "name": shown.unit.full_name_on(span.last),
        "span": span,
        "form": form,
        "refused": refused,
        "blocked": blocked,
        **checking(request.user).context,
    }
    return render(request, "officials/publishing/make_public.html", context)


def _waiting_to_be_public(shown: Release) -> Proposal | None:
    waiting = shown.unit.proposals.filter(kind=PUBLIC, state=Proposal.State.OPEN)
    return waiting.filter(payload__release=shown.slug).first()


@login_required
@require_safe
def release_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All published figures, a line each; hidden ones are empty and say why."""
    shown = release_or_404(request.user, slug, Action.EXPORT)
    record(
        "release.exported",
        subject=shown.slug,
        unit_id=shown.unit_id,
        details={"size": shown.figures.count()},
    )
    return StreamingHttpResponse(
        csv_lines(shown),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{shown.slug}.csv"'},
    )
