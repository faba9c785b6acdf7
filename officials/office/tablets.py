"""The officials' page about tablets: asking for one, pairing, last contact, revoking, import.

Nothing here says what was answered: answers that wait on a tablet are sealed.
"""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from offices.access import actions_at, require
from offices.addresses import public_name
from offices.models import Office, User
from offices.proposals import NotProposed
from offices.rights import Action
from officials.access import office_or_404
from officials.approving.outbox import MOST_BYTES, propose_outbox
from officials.approving.tablets import propose_tablet, waiting_tablets
from officials.office.tablet_forms import OutboxForm, TabletForm
from officials.uploads import OneSmallFile
from reports.showing.batteries import battery_words
from surveys.devices import tablets
from surveys.devices.delivery.sealing import Unreadable
from surveys.models import Tablet

WRONG_CLOCK = 10  # minutes


@dataclass(frozen=True)
class TabletRow:
    """A tablet and what deserves a look."""

    tablet: Tablet
    state: str
    quiet: bool

    @property
    def minutes_off(self) -> int:
        """By how many minutes its clock is off; 0 where that is tolerated."""
        off = abs(self.tablet.skew_minutes or 0)
        return off if off > WRONG_CLOCK else 0

    @property
    def battery(self) -> str:
        """Its battery in words; empty for one that was never heard."""
        return "" if self.tablet.heard_at is None else battery_words(self.tablet)

    @property
    def weak(self) -> bool:
        """Whether somebody should plug it in."""
        return tablets.is_weak(self.tablet)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_tablets(request: HttpRequest, slug: str) -> HttpResponse:
    """The tablets of an office; whoever may pairs and revokes."""
    office = office_or_404(request.user, slug, Action.SEE_CHANNELS)
    if request.method != "POST":
        return _show(request, office)
    require(request.user, Action.PAIR_TABLETS, office)
    if request.POST.get("step") == "revoke":
        tablet = get_object_or_404(Tablet, pk=_number(request.POST.get("tablet")), office=office)
        tablets.revoke(tablet)
        messages.success(request, _("The tablet is revoked."))
        return redirect("officials:tablets", slug)
    if request.POST.get("step") == "code":
        return _code(request, office)
    return _ask(request, office)


def _ask(request: HttpRequest, office: Office) -> HttpResponse:
    form = TabletForm(office, request.POST)
    if not form.is_valid():
        return _show(request, office, form=form, status=422)
    said = form.cleaned_data
    try:
        propose_tablet(
            office, said["counter"], said["name"], said["form"], cast(User, request.user)
        )
    except NotProposed as refused:
        form.add_error(None, str(refused))
        return _show(request, office, form=form, status=422)
    messages.success(
        request,
        _("Asked. Once somebody of the unit above has consented, you make the code here."),
    )
    return redirect("officials:tablets", office.slug)


def _code(request: HttpRequest, office: Office) -> HttpResponse:
    tablet = get_object_or_404(Tablet, pk=_number(request.POST.get("tablet")), office=office)
    code = tablets.make_code(tablet)
    if code is None:  # paired or revoked meanwhile
        return redirect("officials:tablets", office.slug)
    return _show(request, office, code=code, invited=tablet)


# The site takes no files; the handler must be in place before the CSRF check reads the request.
@csrf_exempt
@login_required
@never_cache
@require_POST
def import_outbox(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes a file that was exported from a device; it counts once another person approves."""
    request.upload_handlers = [OneSmallFile(request, MOST_BYTES)]
    return _import(request, slug)


@csrf_protect
def _import(request: HttpRequest, slug: str) -> HttpResponse:
    office = office_or_404(request.user, slug, Action.IMPORT_FILES)
    form = OutboxForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, office, outbox=form, status=422)
    content = form.cleaned_data["file"].read()
    try:
        reason = form.cleaned_data["reason"]
        made = propose_outbox(content, office, cast(User, request.user), reason)
    except NotProposed as refused:
        form.add_error(None, str(refused))
        return _show(request, office, outbox=form, status=422)
    except Unreadable:
        form.add_error(
            "file",
            _(
                "This is not a file exported from a tablet or phone of this system, or it is "
                "damaged. Nothing was stored. Export it once more; the device still has everything."
            ),
        )
        return _show(request, office, outbox=form, status=422)
    return redirect("officials:proposal", made.pk)


def _number(text: str | None) -> int:
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > 15:
        raise Http404
    return int(text)


def _row(tablet: Tablet) -> TabletRow:
    now = timezone.now()
    if tablet.revoked_on is not None:
        return TabletRow(tablet, "revoked", quiet=False)
    if tablet.secret is None:
        if tablet.code_until is not None and tablet.code_until >= now:
            return TabletRow(tablet, "invited", quiet=False)
        # nobody consented to what an office prepared in earlier versions and never paired
        return TabletRow(tablet, "consented" if tablet.consent_id else "expired", quiet=False)
    quiet = tablet.heard_at is None or now - tablet.heard_at > tablets.QUIET
    return TabletRow(tablet, "paired", quiet=quiet)


def _show(
    request: HttpRequest,
    office: Office,
    *,
    form: TabletForm | None = None,
    outbox: OutboxForm | None = None,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    rights = actions_at(request.user, office)
    rows = [_row(tablet) for tablet in office.tablets.select_related("counter")]
    context = {
        "office": office,
        "asked": waiting_tablets(office),
        "rows": [row for row in rows if row.state not in ("revoked", "expired")],
        "revoked": [row for row in rows if row.state == "revoked" and row.tablet.secret],
        "pairs": Action.PAIR_TABLETS in rights,
        "imports": Action.IMPORT_FILES in rights,
        "form": form or TabletForm(office),
        "outbox": outbox or OutboxForm(),
        "kiosk": public_name(reverse("surveys:kiosk")),
        "lives": int(tablets.CODE_LIVES.total_seconds() // 60),
        **more,
    }
    return render(request, "officials/office/tablets.html", context, status=status)
