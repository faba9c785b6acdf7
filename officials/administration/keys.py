"""Keys of other systems: made, replaced, stopped; a key is shown once, when it is made."""

from datetime import date
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from offices.access import require, units_where
from offices.models import User
from offices.rights import Action, Scope
from officials.administration.place_forms import PlaceForm
from officials.fields import day_field, frameless
from surveys.invitations import integrations
from surveys.invitations.integrations import MOST_DAYS_TOGETHER, Made
from surveys.models import KEY_LIVES, Integration


class KeyForm(PlaceForm):
    """What a key is for, and whose offices it reaches."""

    action = Action.MANAGE_INTEGRATIONS
    scopes = frozenset(Scope) - {Scope.OFFICE}
    name = forms.CharField(
        label=gettext_lazy("Name of the other system"),
        help_text=gettext_lazy("By which colleagues know it, such as: public service portal."),
        max_length=100,
        error_messages={"required": gettext_lazy("Give the system a name.")},
    )
    ends_on = day_field(
        gettext_lazy("Last day of the key"),
        help_text=gettext_lazy("Left empty: it serves for a year. At most two years."),
        required=False,
    )
    helper = frameless("name", "ends_on")

    def clean_ends_on(self) -> date | None:
        """The last day; None for a year."""
        day: date | None = self.cleaned_data["ends_on"]
        today = timezone.localdate()
        if day is not None and not today <= day <= today + 2 * KEY_LIVES:
            raise forms.ValidationError(_("Give a day from today on, at most two years ahead."))
        return day


class RotationForm(forms.Form):
    """How long the old key goes on serving."""

    days = forms.IntegerField(
        label=gettext_lazy("Days for which the old key serves too"),
        min_value=0,
        max_value=MOST_DAYS_TOGETHER,
        initial=7,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Give a number of days from 0 to 30."),
        ),
    )


@login_required
@never_cache
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of one's units, and the form for another."""
    by = _managing(request)
    if request.method != "POST":
        return _show(request, by)
    if request.POST.get("step") == "search":
        return _show(request, by, form=KeyForm(by, initial=request.POST.dict()))
    form = KeyForm(by, request.POST)
    if not form.is_valid():
        return _show(request, by, form=form, status=422)
    cleaned = form.cleaned_data
    made = integrations.make(cleaned["name"], cleaned["where"], by, cleaned["ends_on"])
    return _show(request, by, made=made)


@login_required
@never_cache
@sensitive_variables()
@require_POST
def key(request: HttpRequest, integration: int) -> HttpResponse:
    """Replaces or stops a key, as `step` says; 404 for one of another's unit."""
    by = _managing(request)
    found = get_object_or_404(_seen(by), pk=integration)
    if request.POST.get("step") == "stop":
        integrations.stop(found, by)
        messages.success(request, _("The key is stopped: no request with it is taken any more."))
        return redirect("officials:keys")
    form = RotationForm(request.POST, auto_id=f"id_{found.pk}_%s")
    if not form.is_valid():
        return _show(request, by, rotating={found.pk: form}, status=422)
    made = integrations.rotate(found, form.cleaned_data["days"], by)
    return _show(request, by, made=made)


def _managing(request: HttpRequest) -> User:
    require(request.user, Action.MANAGE_INTEGRATIONS)
    return cast(User, request.user)


def _seen(by: User) -> QuerySet[Integration]:
    units = units_where(by, Action.MANAGE_INTEGRATIONS)
    return Integration.objects.filter(unit__in=units.values("pk")).select_related("unit")


def _show(
    request: HttpRequest,
    by: User,
    *,
    form: KeyForm | None = None,
    made: Made | None = None,
    rotating: dict[int, RotationForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """made: a key to show once; rotating: forms with errors, by the key of the integration."""
    today = timezone.localdate()
    rows = [
        (one, one.has_ended(today), _old_until(one, today), _rotation(one, rotating or {}))
        for one in _seen(by).order_by("-active", "name", "pk")
    ]
    context = {"rows": rows, "form": form or KeyForm(by), "made": made}
    return render(request, "officials/administration/keys.html", context, status=status)


def _old_until(integration: Integration, today: date) -> date | None:
    return integration.old_key_until if integration.old_key_serves(today) else None


def _rotation(integration: Integration, sent: dict[int, RotationForm]) -> RotationForm:
    blank = RotationForm(auto_id=f"id_{integration.pk}_%s")
    return sent.get(integration.pk, blank)
