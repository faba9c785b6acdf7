"""How a province begins, all offices at once, and a commune, from nothing to its first poster."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access import holders, may
from offices.changing.bulk import found_all, plan
from offices.changing.refusal import ChangeRefused
from offices.models import AdministrativeUnit, Office
from offices.rights import Action
from officials.administration.office_forms import BeginningForm, refuse
from officials.administration.offices import place_words
from officials.administration.places import managed_unit, place_or_404
from surveys.models import Response, Tablet

Level = AdministrativeUnit.Level


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin_province(request: HttpRequest, pk: int) -> HttpResponse:
    """All offices of a province as the registry proposes them: a preview, then one press."""
    province = managed_unit(request.user, pk)
    if province.level != Level.PROVINCE or province.valid_to is not None:
        raise Http404
    today = timezone.localdate()
    posted = request.method == "POST"
    form = BeginningForm(request.POST if posted else None, initial={"begins": today})
    begins = form.cleaned_data["begins"] if posted and form.is_valid() else today
    planned = None
    try:
        planned = plan(province, begins)
        if posted and form.is_valid() and request.POST.get("step") == "begin":
            made = found_all(province, begins)
            messages.success(request, _said(len(made)))
            return redirect("officials:begin_province", province.pk)
    except ChangeRefused as refused:
        refuse(form, refused)
        planned = planned or plan(province, province.valid_from)
    context = {"unit": province, "form": form, "plan": planned, "begins": begins}
    status = 422 if form.errors else 200
    return render(request, "officials/administration/begin_province.html", context, status=status)


def _said(size: int) -> str:
    if not size:
        return _("Nothing was left to do: every commune has its centre.")
    return _("%(size)s offices have begun.") % {"size": size}


@dataclass(frozen=True, slots=True)
class Steps:
    """What is done of the way from nothing to the first answer."""

    office: Office | None
    tablets: int
    people: int
    answers: bool


@login_required
@require_safe
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """One commune, from nothing to its first poster, tablet and account."""
    unit = place_or_404(request.user, pk)
    today = timezone.localdate()
    offices = list(Office.objects.filter(unit=unit).exclude(valid_to__lt=today))
    office = min(offices, key=lambda one: one.pk, default=None)
    context = {
        "place": place_words(unit),
        "steps": _steps(office),
        "office": office,
        "others": [one for one in offices if one != office],
        "opens_later": office is not None and office.valid_from > today,
        "ended": unit.valid_to is not None,
        "pairs": office is not None and may(request.user, Action.PAIR_TABLETS, office),
        "pairing": holders(Action.PAIR_TABLETS, office)[:5] if office else (),
        "invites": may(request.user, Action.MANAGE_ACCOUNTS, office or unit),
    }
    return render(request, "officials/administration/begin.html", context)


def _steps(office: Office | None) -> Steps:
    if office is None:
        return Steps(None, 0, 0, answers=False)
    paired = Tablet.objects.filter(office=office, revoked_on=None, secret__isnull=False)
    people = {one.user_id for one in holders(Action.ANSWER, office) if one.office_id == office.pk}
    answers = Response.objects.filter(office=office).exists()
    return Steps(office, paired.count(), len(people), answers)
