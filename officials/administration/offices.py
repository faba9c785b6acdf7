"""Offices: the list, a new one, and what changes of one that is there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access import offices_where, units_where
from offices.changing import counters
from offices.changing.founding import found, proposal
from offices.changing.hours import week_of
from offices.changing.offices import change, rename
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import AdministrativeUnit, Counter, Office
from offices.rights import Action
from offices.search import LONGEST_SEARCH, find_offices, find_units
from officials.administration.office_forms import (
    CounterForm,
    FactsForm,
    NewCounterForm,
    NewOfficeForm,
    SlugForm,
    refuse,
)
from officials.administration.places import managed_office, place_or_404, require_manager
from reports.models import ReleaseMembership
from surveys.models import Response

ON_A_PAGE = 50
MOST_PLACES = 30


@login_required
@require_safe
def manage_offices(request: HttpRequest) -> HttpResponse:
    """The offices that the reader manages; `tim` looks for some of them."""
    require_manager(request.user)
    asked = request.GET.get("tim", "")[:LONGEST_SEARCH].strip()
    mine = offices_where(request.user, Action.MANAGE_OFFICES)
    known = Office.objects.filter(pk__in=find_offices(mine, asked).values("pk"))
    shown = known.with_places().order_by("name_key", "valid_from")
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("trang"))
    provinces = units_where(request.user, Action.MANAGE_OFFICES).filter(
        level=AdministrativeUnit.Level.PROVINCE, valid_to=None
    )
    context = {"page": page, "asked": asked, "today": timezone.localdate()}
    context["provinces"] = provinces.order_by("name_key")
    return render(request, "officials/administration/offices.html", context)


@login_required
@require_safe
def office_place(request: HttpRequest) -> HttpResponse:
    """The first question of a new office: where. `tim` looks for units in the reader's scope."""
    require_manager(request.user)
    asked = request.GET.get("tim", "")[:LONGEST_SEARCH].strip()
    units = units_where(request.user, Action.MANAGE_OFFICES).exclude(
        level=AdministrativeUnit.Level.COUNTRY
    )
    places = find_units(units, asked, MOST_PLACES + 1)
    context = {
        "asked": asked,
        "places": [place_words(unit) for unit in places[:MOST_PLACES]],
        "more": len(places) > MOST_PLACES,
        "most": MOST_PLACES,
    }
    return render(request, "officials/administration/office_place.html", context)


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """A unit among its namesakes: what it lies in, and its days."""

    unit: AdministrativeUnit
    above: str


def place_words(unit: AdministrativeUnit) -> PlaceWords:
    """`Phường Hà Tiên`, `An Giang`; the days stand in the template."""
    above = [one.name for one in unit.chain()][1:-1]
    return PlaceWords(unit, " · ".join(above))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_new(request: HttpRequest, pk: int) -> HttpResponse:
    """An office in a place that was chosen: what is proposed, and what is refused."""
    unit = place_or_404(request.user, pk)
    proposed = proposal(unit, timezone.localdate())
    assert proposed is not None  # noqa: S101 - no country comes here
    posted = request.method == "POST"
    form = NewOfficeForm(unit, proposed, request.POST if posted else None)
    context = {
        "place": place_words(unit),
        "today_unit": proposed.today_unit if proposed.today_unit != unit else None,
        "there": Office.objects.filter(unit=unit).order_by("valid_from"),
    }
    if posted and form.is_valid():
        try:
            made = found(form.wish(), second=form.cleaned_data["second"])
        except ChangeRefused as refused:
            if any(one.confirmable for one in refused.objections):
                form.offer_a_second()
            refuse(form, refused)
        else:
            said = _("%(office)s is there. Three more steps and citizens can answer.")
            messages.success(request, said % {"office": made.name})
            return redirect("officials:begin", unit.pk)
    status = 422 if posted else 200
    page = "officials/administration/office_new.html"
    return render(request, page, {"form": form, **context}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, days, short name and counters of an office."""
    office = managed_office(request.user, slug)
    if request.method != "POST":
        return _show(request, office)
    step = STEPS.get(request.POST.get("step", ""), _facts)
    return step(request, office)


def _facts(request: HttpRequest, office: Office) -> HttpResponse:
    form = FactsForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                changed = change(office.pk, form.facts())
                _check_answers(changed)
        except ChangeRefused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("What you changed holds."))
            return redirect("officials:office_edit", office.slug)
    return _show(request, office, {"form": form}, 422)


def _check_answers(office: Office) -> None:
    """Raises ChangeRefused where people answered on a day on which the office was not there."""
    days = Response.objects.filter(office=office).order_by("day").values_list("day", flat=True)
    first, last = days.first(), days.last()
    wrong = []
    if first is not None and first < office.valid_from:
        said = _("People have answered since %(day)s. The first day cannot be later.")
        wrong.append(Objection("begins", said % {"day": f"{first:%d/%m/%Y}"}))
    if last is not None and office.valid_to is not None and last > office.valid_to:
        said = _("People answered until %(day)s. The last day cannot be earlier.")
        wrong.append(Objection("ends", said % {"day": f"{last:%d/%m/%Y}"}))
    if wrong:
        raise ChangeRefused(wrong)


def _slug(request: HttpRequest, office: Office) -> HttpResponse:
    form = SlugForm(request.POST, prefix="address")
    if form.is_valid():
        try:
            with transaction.atomic():
                renamed = rename(office.pk, form.cleaned_data["slug"].strip())
                if renamed.slug != office.slug:
                    _check_releases(renamed)
        except ChangeRefused as refused:
            refuse(form, refused)
        else:
            said = _("The new short name holds. What is printed with “%(was)s” leads here as well.")
            messages.success(request, said % {"was": office.slug})
            return redirect("officials:office_edit", renamed.slug)
    return _show(request, office, {"slug_form": form}, 422)


def stands_in_a_release(office: Office) -> bool:
    """Whether a release, which anyone can compute again, names the office by its short name."""
    return ReleaseMembership.objects.filter(office=office).exists()


def _check_releases(office: Office) -> None:
    if stands_in_a_release(office):
        said = _(
            "Published figures name this office by its short name, and anyone can compute them "
            "again. So it stays as it is."
        )
        raise ChangeRefused([Objection("slug", said)])


def _new_counter(request: HttpRequest, office: Office) -> HttpResponse:
    form = NewCounterForm(request.POST, prefix="counter")
    if form.is_valid():
        try:
            made = counters.add(office, form.cleaned_data["number"], form.cleaned_data["name"])
        except ChangeRefused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Counter %(counter)s is there.") % {"counter": made})
            return redirect("officials:office_edit", office.slug)
    return _show(request, office, {"counter_form": form}, 422)


def _counter(request: HttpRequest, office: Office) -> HttpResponse:
    number = request.POST.get("counter", "")
    known = office.counters.filter(pk=int(number) if number.isdecimal() and len(number) < 16 else 0)
    counter = get_object_or_404(known)
    form = _counter_form(counter, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        counters.change(office, counter.pk, name=said["name"], active=said["active"])
        messages.success(request, _("What you changed holds."))
        return redirect("officials:office_edit", office.slug)
    return _show(request, office, {"counter": (counter.pk, form)}, 422)


def _counter_form(counter: Counter, data: Mapping[str, Any] | None = None) -> CounterForm:
    """data: what a request sent."""
    initial = {"name": counter.name, "active": counter.active}
    return CounterForm(data, initial=initial, auto_id=f"id_counter_{counter.pk}_%s")


STEPS = {"facts": _facts, "slug": _slug, "new_counter": _new_counter, "counter": _counter}


def _show(
    request: HttpRequest,
    office: Office,
    more: Mapping[str, Any] | None = None,  # Any: forms with errors
    status: int = 200,
) -> HttpResponse:
    given = dict(more or {})
    wrong_counter: tuple[int, forms.Form] = given.pop("counter", (0, forms.Form()))
    rows = [
        (one, wrong_counter[1] if one.pk == wrong_counter[0] else _counter_form(one))
        for one in office.counters.order_by("number")
    ]
    context = {
        "office": office,
        "place": place_words(office.unit),
        "form": FactsForm.of(office),
        "slug_form": SlugForm(initial={"slug": office.slug}, prefix="address"),
        "counter_form": NewCounterForm(prefix="counter"),
        "counters": rows,
        "released": stands_in_a_release(office),
        "former": office.former_addresses.exclude(slug=office.slug),
        "own_hours": bool(week_of(office)),
        **given,
    }
    return render(request, "officials/administration/office_edit.html", context, status=status)
