"""When an office is open: a whole week at once, or the usual hours again."""

from collections.abc import Sequence
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from audit.recording import record
from offices.changing.refusal import ChangeRefused, Objection
from offices.models import Office, OpeningHours
from offices.opening import OpenSpan

SPANS_A_DAY = 2
Weekday = OpeningHours.Weekday


def week_of(office: Office) -> tuple[OpenSpan, ...]:
    """The office's own hours; empty where it keeps the usual ones."""
    rows = OpeningHours.objects.filter(office=office).order_by("weekday", "opens")
    return tuple(OpenSpan(row.weekday, row.opens, row.closes) for row in rows)


@transaction.atomic
def set_week(office: Office, week: Sequence[OpenSpan]) -> None:
    """Puts these hours in the place of those before; none: the usual ones. Raises ChangeRefused.

    What was judged by the hours before stays judged.
    """
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)
    wrong = list(_objections(week))
    if wrong:
        raise ChangeRefused(wrong)
    was, now = week_of(office), tuple(sorted(week))
    if was == now:
        return
    OpeningHours.objects.filter(office=office).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(office=office, weekday=one.weekday, opens=one.opens, closes=one.closes)
        for one in now
    )
    record(
        "hours.changed",
        subject=office.slug,
        office_id=office.pk,
        unit_id=office.unit_id,
        details={"was": _said(was), "now": _said(now)},
    )


def _objections(week: Sequence[OpenSpan]) -> list[Objection]:
    found = []
    for weekday in Weekday:
        spans = sorted(span for span in week if span.weekday == weekday)
        name = {"day": weekday.label}
        if len(spans) > SPANS_A_DAY:
            found.append(Objection(f"{weekday}", _("%(day)s has more than two spans.") % name))
        for span in spans:
            if span.closes <= span.opens:
                said = _("%(day)s: the office must close after it opens.")
                found.append(Objection(f"{weekday}", said % name))
        for one, after in pairwise(spans):
            if after.opens < one.closes:
                said = _("%(day)s: the second span must begin after the first has ended.")
                found.append(Objection(f"{weekday}", said % name))
    return found


def _said(week: Sequence[OpenSpan]) -> list[str]:
    return [f"{one.weekday} {one.opens:%H:%M}-{one.closes:%H:%M}" for one in week]
