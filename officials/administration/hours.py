"""When an office is open, and on which days of the year nobody works."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access import units_where
from offices.calendar import official_days
from offices.calendar_end import last_day_to_tell
from offices.changing import holidays
from offices.changing.hours import set_week, week_of
from offices.changing.refusal import ChangeRefused
from offices.models import AdministrativeUnit, Holiday
from offices.opening import usual_week
from offices.rights import Action
from officials.administration.office_forms import HolidayForm, WeekForm, refuse
from officials.administration.places import managed_office, managed_unit, require_manager

Level = AdministrativeUnit.Level


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def office_hours(request: HttpRequest, slug: str) -> HttpResponse:
    """The week of an office: its own hours, or the usual ones again."""
    office = managed_office(request.user, slug)
    own = week_of(office)
    form = WeekForm(own or usual_week(settings.OFFICE_HOURS))
    if request.method == "POST":
        usual = request.POST.get("step") == "usual"
        form = WeekForm(data=request.POST)
        if usual or form.is_valid():
            try:
                set_week(office, [] if usual else form.week())
            except ChangeRefused as refused:
                form.refuse(refused)
            else:
                said = _("The hours hold from now on. What was judged before stays as it is.")
                messages.success(request, said)
                return redirect("officials:office_hours", office.slug)
    opens, closes = settings.OFFICE_HOURS
    context = {"office": office, "form": form, "own": own, "opens": opens, "closes": closes}
    status = 422 if form.is_bound else 200
    return render(request, "officials/administration/office_hours.html", context, status=status)


@login_required
@require_safe
def holiday_places(request: HttpRequest) -> HttpResponse:
    """The country and the provinces for which the reader decides days off."""
    require_manager(request.user)
    places = _places(request)
    if len(places) == 1:
        return redirect("officials:holidays", places[0].pk)
    return render(request, "officials/administration/holiday_places.html", {"places": places})


def _places(request: HttpRequest) -> list[AdministrativeUnit]:
    units = units_where(request.user, Action.MANAGE_OFFICES).filter(valid_to=None)
    known = units.filter(level__in=holidays.PLACES).order_by("name_key")
    return sorted(known, key=lambda unit: unit.level != Level.COUNTRY)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def holiday_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's official list with the place's own days; `nam` chooses the year."""
    unit = managed_unit(request.user, pk)
    if unit.level not in holidays.PLACES or unit.valid_to is not None:
        raise Http404
    year = _year(request.GET.get("nam", ""))
    form = HolidayForm(request.POST if request.POST.get("step") == "add" else None)
    if request.POST.get("step") == "remove":
        number = request.POST.get("day", "")
        holidays.remove(unit, int(number) if number.isdecimal() and len(number) < 19 else 0)
        messages.success(request, _("The day is again what the official list says."))
        return redirect(f"{request.path}?nam={year}")
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            made = holidays.add(unit, said["day"], works=said["works"], why=said["why"])
        except ChangeRefused as refused:
            refuse(form, refused)
        else:
            messages.success(
                request, _("The day is decided. Deadlines that were set before stay as they are.")
            )
            return redirect(f"{request.path}?nam={made.day.year}")
    above = [one.pk for one in unit.chain()][1:]
    known = {one.year for one in (day.day for day in official_days())} | {year}
    context = {
        "unit": unit,
        "year": year,
        "years": sorted(known),
        "official": [day for day in official_days() if day.day.year == year],
        "own": Holiday.objects.filter(unit=unit, day__year=year),
        "of_country": Holiday.objects.filter(unit__in=above, day__year=year),
        "form": form,
        "calendar_ends": last_day_to_tell(timezone.localdate()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "officials/administration/holidays.html", context, status=status)


def _year(text: str) -> int:
    """The year that was asked for, else this one."""
    if text.isascii() and text.isdecimal() and len(text) == len("2026") and int(text) > 0:
        return date(int(text), 1, 1).year
    return timezone.localdate().year
