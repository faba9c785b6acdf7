"""Mergers of communes: entered, looked at with what follows, put before a second person."""

from collections.abc import Mapping, Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from offices.access import units_where
from offices.changing.merging import preview
from offices.changing.refusal import ChangeRefused
from offices.models import AdministrativeUnit, Office, Succession, User
from offices.proposals import NotDone
from offices.rights import Action
from officials.administration.merger_forms import MergerForm
from officials.administration.office_forms import refuse
from officials.administration.places import managed_unit, require_manager
from reports.mergers import consequences, propose

Level = AdministrativeUnit.Level


@login_required
@require_safe
def merger_places(request: HttpRequest) -> HttpResponse:
    """The provinces in which the reader may merge communes."""
    require_manager(request.user)
    units = units_where(request.user, Action.MANAGE_OFFICES).filter(
        level=Level.PROVINCE, valid_to=None
    )
    places = list(units.order_by("name_key"))
    if len(places) == 1:
        return redirect("officials:merge", places[0].pk)
    return render(request, "officials/administration/merger_places.html", {"places": places})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a merger, what follows from it, and the proposal."""
    province = managed_unit(request.user, pk)
    if province.level != Level.PROVINCE or province.valid_to is not None:
        raise Http404
    waiting = _with_open_offices(province)
    communes = list(
        AdministrativeUnit.objects.filter(parent=province, valid_to=None).order_by("name_key")
    )
    posted = request.method == "POST"
    known = _registered(waiting, request.GET.get("xa", ""))
    form = MergerForm([*waiting, *communes], request.POST if posted else None, known)
    context: dict[str, object] = {"unit": province, "form": form, "waiting": waiting}
    if posted and form.is_valid() and request.POST.get("step") != "change":
        merger = form.merger()
        try:
            seen = preview(merger)
            if request.POST.get("step") == "propose":
                by = cast(User, request.user)
                made = propose(province, merger, by, form.cleaned_data["reason"])
                said = _("It is proposed. Another person has to approve it now.")
                messages.success(request, said)
                return redirect("officials:proposal", made.pk)
        except ChangeRefused as refused:
            refuse(form, refused)
        except NotDone as refused_to_propose:
            form.add_error(None, str(refused_to_propose))
        else:
            follows = consequences(seen, merger.effective_on)
            context |= {"consequences": follows, "carried": form.carried()}
            context |= {"merger": merger, "seen": seen}
    status = 422 if form.errors else 200
    return render(request, "officials/administration/merge.html", context, status=status)


def _with_open_offices(province: AdministrativeUnit) -> list[AdministrativeUnit]:
    """Communes that went over whole by the registry, while an office of theirs is still open."""
    became = Succession.objects.filter(successor__parent=province).exclude(relation="split")
    units = AdministrativeUnit.objects.filter(
        successions__in=became,
        level=Level.COMMUNE,
        valid_to__isnull=False,
        pk__in=Office.objects.filter(valid_to=None).values("unit"),
    )
    return list(units.order_by("name_key"))


def _registered(waiting: Sequence[AdministrativeUnit], asked: str) -> Mapping[str, object]:
    """The form as the registry would fill it in for one of these, by its key."""
    unit = next((one for one in waiting if str(one.pk) == asked), None)
    became = Succession.objects.filter(predecessor=unit).first() if unit else None
    if unit is None or became is None:
        return {}
    return {
        "predecessors": [unit.pk],
        "successor": became.successor_id,
        "effective_on": became.effective_on,
        "basis": became.legal_basis,
    }
