"""The page of somebody above an office: which forms stand aside as a possible flood, and why.

It shows counts in tens, days and hours; never a form, an answer or a score.
"""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from offices.access import may, offices_where
from offices.models import Office, User
from offices.proposals import NotProposed
from offices.rights import Action
from officials.access import office_or_404, unit_or_404
from officials.approving.floods import propose_decision
from officials.office.flood_forms import DecisionForm, NormalForm
from officials.office.flood_words import about, sentence_of
from surveys.floods.deciding import (
    FloodNotDecided,
    FloodObstacle,
    announce,
    decide,
    needs_two,
)
from surveys.floods.levels import level_of
from surveys.models import Hold

SENTENCES = {
    FloodObstacle.SHORT_REASON: gettext_lazy(
        "Give the reason in a sentence of at least 10 characters."
    ),
    FloodObstacle.DECIDED: gettext_lazy(
        "Somebody has decided about some of them meanwhile. Look at what still waits."
    ),
    FloodObstacle.TWO_PERSONS: gettext_lazy("A second person has to approve this decision."),
    FloodObstacle.NOT_ABOVE: gettext_lazy(
        "Only somebody above the office's own unit says what is ordinary there."
    ),
    FloodObstacle.WRONG_DAYS: gettext_lazy(
        "The last day must not be before the first day, and the month of the first day must not "
        "be closed."
    ),
    FloodObstacle.WRONG_NUMBER: gettext_lazy("Give a number from 1 to 100000."),
}


@login_required
def floods(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits, what was decided, what is ordinary; and the forms to decide and to say so."""
    office = office_or_404(request.user, slug, Action.EXCLUDE)
    waiting = [(one, sentence_of(one)) for one in _holds(office, Hold.State.WAITING)]
    deciding, normal = DecisionForm(waiting), NormalForm()
    if request.method != "POST":
        return _show(request, office, deciding, normal)
    user = cast(User, request.user)
    if request.POST.get("step") == "announce":
        normal = NormalForm(request.POST)
        if normal.is_valid() and _announced(request, office, normal, user):
            return redirect("officials:floods", office.slug)
    else:
        deciding = DecisionForm(waiting, request.POST)
        if deciding.is_valid():
            answer = _decided(request, office, deciding, user)
            if answer is not None:
                return answer
    return _show(request, office, deciding, normal, status=422)


def _decided(
    request: HttpRequest, office: Office, form: DecisionForm, user: User
) -> HttpResponse | None:
    chosen, reason = form.cleaned_data["holds"], form.cleaned_data["reason"]
    accept = form.cleaned_data["decision"] == "accept"
    try:
        if needs_two(office, user):
            made = propose_decision(office, chosen, reason, user, accept=accept)
            return redirect("officials:proposal", made.pk)
        decided = decide(office, chosen, accept, reason, user)
    except NotProposed as refused:
        form.add_error(None, str(refused))
    except FloodNotDecided as refused:
        form.add_error(None, str(SENTENCES[refused.obstacle]))
    else:
        said = _("It is decided. Figures follow with the next count, where they may.")
        if any(one.state == Hold.State.LATE for one in decided):
            said += " " + _(
                "Some of the forms are of a month that is closed, and so few honest people are "
                "among them that whoever sent the others could read them: those count in no figure."
            )
        messages.success(request, said)
        return redirect("officials:floods", office.slug)
    return None


def _announced(request: HttpRequest, office: Office, form: NormalForm, user: User) -> bool:
    said = form.cleaned_data
    try:
        announce(
            office,
            said["evidence"],
            said["first_day"],
            said["last_day"],
            said["a_month"],
            said["reason"],
            user,
        )
    except FloodNotDecided as refused:
        form.add_error(None, str(SENTENCES[refused.obstacle]))
        return False
    messages.success(request, _("From the next night on it is judged by this number."))
    return True


def _holds(office: Office, *states: Hold.State) -> list[Hold]:
    return list(
        Hold.objects.filter(office=office, state__in=states).select_related("decided_by", "counter")
    )


def _show(
    request: HttpRequest,
    office: Office,
    deciding: DecisionForm,
    normal: NormalForm,
    status: int = 200,
) -> HttpResponse:
    decided = _holds(office, Hold.State.ACCEPTED, Hold.State.LATE, Hold.State.REFUSED)
    context = {
        "office": office,
        "waits": bool(deciding.fields["holds"].choices),  # type: ignore[attr-defined]
        "deciding": deciding,
        "normal": normal,
        "two": needs_two(office, cast(User, request.user)),
        "decided": [(one, sentence_of(one)) for one in decided],
        "normals": office.new_normals.select_related("set_by").order_by("-first_day"),
        "level": level_of(office.pk, timezone.localdate().year),
        "sets_level": may(request.user, Action.MANAGE_POLICIES, office),
    }
    return render(request, "officials/office/floods.html", context, status=status)


@login_required
@require_safe
def unit_floods(request: HttpRequest, pk: int) -> HttpResponse:
    """All offices of a unit in which something waits, the most first."""
    unit = unit_or_404(request.user, pk, Action.EXCLUDE)
    within = Office.objects.within(unit) | Office.objects.within(unit, "today_unit")
    offices = offices_where(request.user, Action.EXCLUDE).filter(pk__in=within.values("pk"))
    found = (
        Hold.objects.filter(office__in=offices.values("pk"), state=Hold.State.WAITING)
        .values("office", "office__name", "office__slug")
        .annotate(holds=Count("pk"), forms=Sum("forms"))
        .order_by("-forms", "office__name")
    )
    rows = [(row, about(row["forms"])) for row in found]
    context = {"unit": unit, "rows": rows}
    return render(request, "officials/office/unit_floods.html", context)
