"""The plans of an office: what is done about weak criteria, by whom, and what came of it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from offices.access import may, require
from offices.models import Office, User
from offices.rights import Action
from officials.access import Reader, office_or_404
from officials.office.plan_forms import PlanForm, value_of
from reports.counting.periods import KEPT, span_of
from reports.models import Period, Plan, Score
from reports.plans import FigureNotShown, PlanNotOpen, end, make, rows_of
from reports.showing.answered import instruments_of
from reports.showing.policy import policy_of
from reports.showing.subjects import Subjects
from surveys.questionnaires.catalogue import InstrumentEntry

ENDS = {"done": Plan.State.DONE, "give_up": Plan.State.GIVEN_UP}
MOST_PERIODS = 40  # two years of months, and their quarters


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, and for whoever may plan the form and the buttons."""
    office = office_or_404(request.user, slug)
    asked = request.GET.dict()
    if request.method != "POST":
        form = _form(request, office, asked) if may(request.user, Action.PLAN, office) else None
        return _show(request, office, form)
    step = request.POST.get("step", "")
    key = request.POST.get("plan", "")
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 18 else 0
    own = Plan.objects.filter(office=office, pk=number, owner=cast(User, request.user))
    if not (step == "done" and own.exists()):  # whoever sees to a plan says when it is done
        require(request.user, Action.PLAN, office)
    if step == "make":
        return _make(request, office, asked)
    if step not in ENDS:
        raise Http404
    try:
        end(office, number, ENDS[step], cast(User, request.user), timezone.localdate())
    except PlanNotOpen:
        messages.error(request, _("This plan is not open any more. Please look at the list."))
    else:
        done = step == "done"
        messages.success(
            request,
            _("The plan is done. The next whole period is measured by itself.")
            if done
            else _("The plan is given up."),
        )
    return redirect("officials:plans", office.slug)


def _make(request: HttpRequest, office: Office, asked: dict[str, str]) -> HttpResponse:
    form = _form(request, office, asked)
    if form is None:
        messages.error(request, _("A plan begins with a figure of a closed period."))
        return redirect("officials:plans", office.slug)
    if not form.is_valid():
        return _show(request, office, form, status=422)
    user, today = cast(User, request.user), timezone.localdate()
    try:
        make(office, form.wish(), user, today, policy_of(user))
    except FigureNotShown:
        form.add_error("criterion", _("This criterion is not shown in this period."))
        return _show(request, office, form, status=422)
    messages.success(request, _("The plan is stored."))
    return redirect("officials:plans", office.slug)


def _form(request: HttpRequest, office: Office, asked: dict[str, str]) -> PlanForm | None:
    """The form for the questionnaire that the address names, else the usual one; filled in from it.

    None where the office has no closed period of it.
    """
    instrument = _instrument(office, asked.get("phieu", ""))
    if instrument is None:
        return None
    closed = Score.objects.filter(
        office=office, instrument=instrument.id, closed=True, period__in=KEPT
    )
    rows = list(closed.order_by("-start").values_list("period", "start")[:MOST_PERIODS])
    spans = sorted((span_of(*row) for row in rows), key=lambda span: KEPT.index(Period(span.kind)))
    if not spans:
        return None
    wanted = {
        "criterion": asked.get("tieu-chi", ""),
        "period": f"{asked.get('ky', '')}.{asked.get('tu', '')}",
        "owner": request.user.pk,
    }
    if wanted["period"] not in {value_of(span) for span in spans}:
        wanted["period"] = value_of(spans[0])
    sent = request.POST if request.method == "POST" else None
    return PlanForm(office, instrument, spans, sent, wanted)


def _instrument(office: Office, named: str) -> InstrumentEntry | None:
    known = instruments_of(Subjects.of_offices([office.pk]))
    asked = (one for one in known if f"{one.slug}.{one.version}" == named)
    return next(asked, known[0] if known else None)


def _show(
    request: HttpRequest, office: Office, form: PlanForm | None, status: int = 200
) -> HttpResponse:
    reader: Reader = request.user
    context = {
        "office": office,
        "form": form,
        "may_plan": may(reader, Action.PLAN, office),
        "rows": rows_of(office, timezone.localdate(), policy_of(reader)),
    }
    return render(request, "officials/office/plans.html", context, status=status)
