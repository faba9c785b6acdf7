"""The page where a head of office invites the people of finished dossiers.

Dossiers and contacts come from the portal: the head presses, a worker sends, and the page shows
numbers. Offices whose system tells us nothing bring a list (`invitation_lists`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from audit.recording import record
from offices import directory
from offices.access import may, require
from offices.models import Office
from offices.rights import Action
from offices.tables import FileRefused
from officials.access import office_or_404
from officials.office import invitation_lists as lists
from officials.uploads import OneSmallFile
from reports.counting.periods import span_of
from reports.models import Dimension, Period, Score
from reports.showing.breakdowns import tables
from reports.showing.subjects import Subjects
from reports.sipas.index.percentages import percent
from surveys.invitations import inviting, mailing, messages
from surveys.invitations.handing import is_time, wake
from surveys.invitations.listing import SHAPE
from surveys.models import Channel, DestroyedKey, InvitationCount
from surveys.questionnaires.catalogue import current

COUNTED_DAYS = 30


# The site takes no files; the handler must be in place before the CSRF check reads the request.
@csrf_exempt
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest, slug: str) -> HttpResponse:
    """How many were invited, and the form for another list."""
    request.upload_handlers = [OneSmallFile(request, SHAPE.most_bytes)]
    return _invitations(request, slug)


@csrf_protect
@sensitive_post_parameters()
@sensitive_variables()
def _invitations(request: HttpRequest, slug: str) -> HttpResponse:
    office = office_or_404(request.user, slug, Action.SEE_CHANNELS)
    if request.method != "POST":
        return _show(request, office)
    require(request.user, Action.SEND_INVITATIONS, office)
    if request.POST.get("step") in ("invite", "again"):
        return _invite(office, again=request.POST["step"] == "again")
    return _of_a_list(request, office)


def _of_a_list(request: HttpRequest, office: Office) -> HttpResponse:
    """Checks a list, hands its links out, has it sent, or forgets it."""
    step, entry = request.POST.get("step"), directory.current().office(office.slug)
    if step in ("retry", "end"):
        if (key := lists.key_of(request.POST)) is not None:
            change = lists.again if step == "retry" else lists.end
            change(office, key)
        return redirect("officials:invitations", office.slug)
    form = lists.ListForm(request.POST, request.FILES)
    if not form.is_valid() or entry is None:
        return _show(request, office, {"form": form}, status=422)
    brought = lists.Brought.of(form, entry)
    if brought.refused:
        return _show(request, office, brought.shown(), status=422)
    if brought.read is None or step not in ("file", "send") or not brought.is_seen(form):
        return _show(request, office, brought.shown())
    try:
        return lists.take_away(office, brought) if step == "file" else lists.send(office, brought)
    except FileRefused as wrong:
        return _show(request, office, replace(brought, refused=wrong).shown(), status=422)


def _invite(office: Office, *, again: bool) -> HttpResponse:
    """Lets a worker send what waits, or what could not be sent."""
    with transaction.atomic():
        asked = inviting.ask(office.pk, again=again)
        if asked:
            details = {"size": asked, "again": again}
            record("invitations.asked", subject=office.slug, office_id=office.pk, details=details)
    wake()
    return redirect("officials:invitations", office.slug)


@dataclass(frozen=True, slots=True)
class Year:
    """A closed year: invited dossiers, and the people who came by a link, where that is shown."""

    year: int
    issued: int
    people: int

    @property
    def rate(self) -> Decimal | None:
        """The response rate, in percent; None if fewer were invited than came."""
        if not self.issued or self.people > self.issued:
            return None
        return percent(Fraction(self.people, self.issued))


def _years(office: Office) -> list[Year]:
    """Closed years in which everybody's channel is told; newest year first."""
    kept = Score.objects.filter(office=office, period=Period.YEAR, closed=True)
    came: dict[int, int] = {}
    for start, instrument in kept.values_list("start", "instrument"):
        entry = current().by_id(instrument)
        span = span_of(Period.YEAR, start)
        for table in tables(Subjects.of_offices([office.pk]), entry, span) if entry else ():
            people = table.kinds.get(str(Channel.INVITATION.value))
            if table.dimension == Dimension.CHANNEL and people and not table.rest.people:
                came[start.year] = came.get(start.year, 0) + people.people
    issued = dict(
        InvitationCount.objects.filter(office=office)
        .order_by()
        .values_list("day__year")
        .annotate(Sum("issued"))
    )
    return [Year(year, issued.get(year, 0), came[year]) for year in sorted(came, reverse=True)]


def _show(
    request: HttpRequest,
    office: Office,
    more: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    first = timezone.localdate() - timedelta(days=COUNTED_DAYS)
    counts = (
        InvitationCount.objects.filter(office=office)
        .between(first, timezone.localdate())
        .values_list("field__name")
        .annotate(issued=Sum("issued"))
        .order_by("field__name_key")
    )
    may_invite = may(request.user, Action.SEND_INVITATIONS, office)
    progress = inviting.progress(office.pk, timezone.localdate())
    context: dict[str, object] = {
        "office": office,
        "form": lists.ListForm(),
        "invites": may_invite,
        "counts": [(name or _("not told"), issued) for name, issued in counts],
        "counted_days": COUNTED_DAYS,
        "years": _years(office),
        "destroyed": DestroyedKey.objects.first(),
        "columns": [str(column.title) for column in SHAPE.columns.values()],
        "most_lines": SHAPE.most_lines,
        "progress": progress,
        "failures": [(reason.label, times) for reason, times in progress.failures.items()],
        "now": is_time(timezone.localtime()),
        "lists": mailing.progress(office.pk) if may_invite else (),
        "hours": settings.INVITATION_HOURS,
        "kept_days": settings.INVITATION_DAYS,
        "may_send": messages.gateway() is not None or messages.sends_mail(),
    }
    return render(
        request, "officials/office/invitations.html", context | dict(more or {}), status=status
    )
