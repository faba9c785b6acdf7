"""Screens on walls: the page that makes and revokes them, and what one of them shows."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from audit.recording import record
from offices.addresses import public_url
from offices.models import Office
from offices.names import short
from offices.rights import Action
from officials.access import office_or_404
from officials.fields import frameless
from officials.figures.trends import TrendPoint, spark
from reports.briefing.screens import screen_of, shown_on, token_of
from reports.models import Screen

MOST = 10
HOUR = 3600
LONGEST_KEY = 16


class ScreenForm(forms.Form):
    """Where a screen hangs."""

    use_required_attribute = False
    words = forms.CharField(label=gettext_lazy("Where the screen hangs"), max_length=80)
    helper = frameless("words")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def screens(request: HttpRequest, slug: str) -> HttpResponse:
    """The screens of an office; makes one, or revokes one."""
    office = office_or_404(request.user, slug, Action.PAIR_TABLETS)
    form, status = ScreenForm(request.POST if request.POST.get("step") == "make" else None), 200
    if request.POST.get("step") == "revoke":
        _revoke(request, office)
        return redirect("officials:screens", office.slug)
    if form.is_bound:
        status = 422
        if form.is_valid() and _made(office, form.cleaned_data["words"]):
            messages.success(request, _("The screen is ready. Open its address on it once."))
            return redirect("officials:screens", office.slug)
    hanging = Screen.objects.filter(office=office, revoked_on=None).order_by("pk")
    context = {
        "office": office,
        "form": form,
        "most": MOST,
        "hanging": [
            (one, public_url(reverse("officials:screen", args=[token_of(one)]))) for one in hanging
        ],
    }
    return render(request, "officials/figures/screens.html", context, status=status)


def _made(office: Office, words: str) -> bool:
    """Makes one; False where there are as many as an office may have."""
    if Screen.objects.filter(office=office, revoked_on=None).count() >= MOST:
        return False
    made = Screen.objects.create(office=office, words=words, made_on=timezone.localdate())
    record("screen.made", subject=office.slug, office_id=office.pk, details={"screen": made.pk})
    return True


def _revoke(request: HttpRequest, office: Office) -> None:
    sent = request.POST.get("screen", "")
    key = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < LONGEST_KEY else 0
    hanging = Screen.objects.filter(pk=key, office=office, revoked_on=None)
    if not hanging.update(revoked_on=timezone.localdate()):
        messages.error(request, _("There is no such screen any more. Please look at the list."))
        return
    record("screen.revoked", subject=office.slug, office_id=office.pk, details={"screen": key})
    messages.success(request, _("The screen's address shows nothing any more."))


@require_safe
@cache_control(private=True, max_age=HOUR)
def screen(request: HttpRequest, token: str) -> HttpResponse:
    """What hangs on the wall; Http404 for a revoked address."""
    found = screen_of(token)
    if found is None:
        raise Http404
    shown = shown_on(found)
    points = [TrendPoint(day, figure, closed=True) for day, figure in shown.line]
    context = {
        "shown": shown,
        "name": short(shown.office.name),
        "spark": spark(points, shown.breaks),
        "survey": public_url(reverse("surveys:start", args=[shown.office.slug])),
        "today": timezone.localdate(),
    }
    return render(request, "officials/figures/screen.html", context)
