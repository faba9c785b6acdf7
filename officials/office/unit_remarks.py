"""The remarks of a unit, for those above: what must be read first, what came up, who replies when.

Like all pages about remarks it knows only what was handed over.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit.recurring import record_sparingly
from offices.access import offices_where
from offices.models import Office
from offices.names import short
from offices.rights import Action
from officials.access import unit_or_404
from officials.office.remark_queue import row_of
from surveys.models import Remark
from surveys.remarks.steps import IN_TURN, WITH_OFFICE, WITH_THOSE_ABOVE
from surveys.remarks.timeliness import FEWEST_REPLIES, timeliness_of
from surveys.remarks.workdays import own_days_of

# Of each list; the queues of the offices have all of them.
MOST = 20


@login_required
@require_safe
@never_cache
def unit_remarks(request: HttpRequest, pk: int) -> HttpResponse:
    """What was opened again, what is urgent, and one row an office."""
    unit = unit_or_404(request.user, pk, Action.SEE_REMARKS)
    today = timezone.localdate()
    within = Office.objects.within(unit) | Office.objects.within(unit, "today_unit")
    offices = offices_where(request.user, Action.SEE_REMARKS).filter(pk__in=within.values("pk"))
    known = Remark.objects.filter(
        office__in=offices.values("pk"), released_on__isnull=False, erased_on=None
    )
    lists = {
        "raised": known.filter(WITH_THOSE_ABOVE),
        "urgent": known.filter(WITH_OFFICE, urgent=True),
    }
    shown = {
        name: list(found.select_related("office", "assigned_to").order_by(*IN_TURN)[: MOST + 1])
        for name, found in lists.items()
    }
    own = own_days_of({one.office_id for listed in shown.values() for one in listed})
    # counted only where the list has an end
    more = {
        f"more_{name}": lists[name].count() - MOST if len(listed) > MOST else 0
        for name, listed in shown.items()
    }
    rows = {
        name: [row_of(one, today, own[one.office_id]) for one in listed[:MOST]]
        for name, listed in shown.items()
    }
    record_sparingly("remarks.seen", most=1, subject=str(unit.pk))
    context = {
        "unit": unit,
        **rows,
        **more,
        "offices": [(short(one.name), one) for one in timeliness_of(offices, today)],
        "fewest": FEWEST_REPLIES,
    }
    return render(request, "officials/office/unit_remarks.html", context)
