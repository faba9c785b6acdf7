"""Targets of offices and units: set from above, with a reason; the history stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import DecimalField, IntegerField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from offices.access import offices_where, require, units_where
from offices.models import AdministrativeUnit, Office, User
from offices.rights import Action
from officials.administration.place_forms import PlaceForm
from officials.fields import ReasonField, frameless
from officials.places import named_place, value_of
from surveys.models import Target
from surveys.targets.setting import (
    FIRST_YEAR,
    LAST_YEAR,
    TargetNotSet,
    TargetObstacle,
    Wish,
    obstacle_to_setting,
    of_place,
    set_target,
    that_hold,
)

MOST_FORMS = 10_000_000
SENTENCES: Mapping[TargetObstacle, Promise] = {
    TargetObstacle.NOT_YOURS: gettext_lazy(
        "You set no targets there. Ask who sets targets of the unit above."
    ),
    TargetObstacle.OWN: gettext_lazy(
        "Nobody sets a target for what is their own. Ask who sets targets of the unit above."
    ),
}


class TargetForm(PlaceForm):
    """What a place is to reach in a year, and why."""

    action = Action.SET_TARGETS
    year = IntegerField(
        label=gettext_lazy("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        localize=False,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            gettext_lazy("Give the year, such as 2026."),
        ),
    )
    forms = IntegerField(
        label=gettext_lazy("Forms in the year"),
        help_text=gettext_lazy("Left empty, there is no target for the number of forms."),
        min_value=1,
        max_value=MOST_FORMS,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Give a whole number from 1.")
        ),
    )
    satisfied = DecimalField(
        label=gettext_lazy("Satisfied, of a hundred"),
        help_text=gettext_lazy("Such as 90 or 92,5. Left empty, there is no such target."),
        min_value=0,
        max_value=100,
        decimal_places=1,
        required=False,
        localize=True,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places"),
            gettext_lazy("Give a percentage from 0 to 100 with at most one decimal."),
        ),
    )
    reason = ReasonField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Such as the number and the day of the decision."),
        max_length=300,
    )
    helper = frameless("year", "forms", "satisfied", "reason")

    def wish(self) -> Wish:
        """What was asked for; only of a valid form."""
        given = self.cleaned_data
        return Wish(given["year"], given["forms"], given["satisfied"], given["reason"])


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What a place is to reach in a year, and what was set for it before."""

    place: str
    value: str
    target: Target
    before: list[Target]
    may_set: bool


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest) -> HttpResponse:
    """What holds in one's scope, and the form for another; `noi` in the address names the place."""
    require(request.user, Action.SET_TARGETS)
    by = cast(User, request.user)
    if request.method != "POST":
        asked = {"year": timezone.localdate().year, "place": request.GET.get("noi", "")}
        return _show(request, by, TargetForm(by, initial=asked))
    if request.POST.get("step") == "search":
        return _show(request, by, TargetForm(by, initial=request.POST.dict()))
    form = TargetForm(by, request.POST)
    if not form.is_valid():
        return _show(request, by, form, status=422)
    try:
        set_target(by, form.cleaned_data["where"], form.wish())
    except TargetNotSet as refused:
        form.add_error("search", str(SENTENCES[refused.obstacle]))
        return _show(request, by, form, status=422)
    messages.success(request, _("The target is set."))
    return redirect("officials:targets")


def _show(request: HttpRequest, by: User, form: TargetForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "rows": _rows(by)}
    return render(request, "officials/administration/targets.html", context, status=status)


def _rows(by: User) -> list[TargetRow]:
    """Of this year and those after it first; the place with its province."""
    units = units_where(by, Action.SET_TARGETS).filter(targets__isnull=False)
    offices = offices_where(by, Action.SET_TARGETS).filter(targets__isnull=False)
    rows = []
    pks = units.values_list("pk", flat=True), offices.values_list("pk", flat=True)
    for target in that_hold(*pks):
        place = _place(target)
        earlier = of_place(place).filter(year=target.year).exclude(pk=target.pk)
        rows.append(
            TargetRow(
                named_place(place),
                value_of(place),
                target,
                list(earlier),
                obstacle_to_setting(by, place) is None,
            )
        )
    return sorted(rows, key=lambda row: (-row.target.year, row.place))


def _place(target: Target) -> Office | AdministrativeUnit:
    place = target.office if target.unit is None else target.unit
    assert place is not None  # noqa: S101 - a constraint of the table
    return place
