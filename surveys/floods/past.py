"""What an office's own past is: forms of each day by evidence, written down once a month is closed.

remember(office, through)      # months that closed meanwhile; in the night
past_of(office, day)           # what the year's judgements go by
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q, Sum

from offices.models import DossierCount, DossierSource
from surveys.exclusions.aside import HELD
from surveys.labels import EVIDENCE, opener
from surveys.models import Evidence, EvidenceCount
from surveys.models.standing import FINISHED

CLASSES = tuple(one for one in Evidence if one is not Evidence.FROM_BEFORE)
# A window of 21 days reaches so far behind an open month.
REACH = timedelta(days=20)

COUNTS = f"""
SELECT date_trunc('month', r.day)::date, {EVIDENCE}, r.day,
       count(*) FILTER (WHERE NOT {HELD}), count(*) FILTER (WHERE {HELD})
FROM surveys_response r
WHERE r.office_id = %(office)s AND r.{FINISHED} AND r.day >= %(first)s AND r.day < %(next)s
GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of ours


@dataclass(slots=True)
class Past:
    """Of one office and evidence. months: last year's, 1 to 12, with their forms, where known.

    closed: forms that count of this year's closed months and of 20 days before it: by claimed day
    of the newest one, of others all on their first day.
    """

    months: list[tuple[int, int]] = field(default_factory=list)
    closed: dict[date, int] = field(default_factory=dict)


def remember(office_id: int, through: date) -> None:
    """Writes down the months up to `through`, the last day of a closed one, that are not yet.

    From the begin of last year, at most. Must run under the office's lock.
    """
    first = date(through.year - 1, 1, 1)
    newest = (
        EvidenceCount.objects.filter(office=office_id, month__gte=first)
        .order_by("-month")
        .values_list("month", flat=True)
        .first()
    )
    first = first if newest is None else _next(newest)
    if first > through:
        return
    forms: dict[tuple[date, int], list[int]] = defaultdict(lambda: [0] * 31)
    held: dict[tuple[date, int], int] = defaultdict(int)
    with connection.cursor() as cursor:
        cursor.execute(
            COUNTS,
            {
                "office": office_id,
                "first": first,
                "next": through + timedelta(days=1),
                "opener": opener(office_id),
            },
        )
        for month, evidence, day, counted, aside in cursor.fetchall():
            forms[month, evidence][day.day - 1] = counted
            held[month, evidence] += aside
    # a day on which all came with one evidence says what that of each of its forms is
    EvidenceCount.objects.filter(office=office_id).exclude(days=[]).update(days=[])
    months = []
    while first <= through:
        months.append(first)
        first = _next(first)
    EvidenceCount.objects.bulk_create(
        EvidenceCount(
            office_id=office_id,
            month=month,
            evidence=evidence,
            days=forms[month, evidence] if month == months[-1] else [],
            forms=sum(forms[month, evidence]),
            held=held[month, evidence],
        )
        for month in months
        for evidence in CLASSES
    )


def past_of(office_id: int, day: date) -> dict[Evidence, Past]:
    """What is known of the office on this day, by evidence, with all that it took over from.

    Months before its first form ever say nothing of it: it may not have been asking yet.
    """
    found: dict[Evidence, Past] = {one: Past() for one in CLASSES}
    year = date(day.year, 1, 1)
    rows = EvidenceCount.objects.filter(
        Q(office=office_id) | Q(office__heir=office_id), month__gte=date(day.year - 1, 1, 1)
    ).order_by("month")
    begun = False
    by_month: dict[date, list[EvidenceCount]] = defaultdict(list)
    for row in rows:
        by_month[row.month].append(row)
    for month, of in by_month.items():
        begun = begun or any(row.forms for row in of)
        forms: dict[int, int] = defaultdict(int)
        for row in of:
            forms[row.evidence] += row.forms
            closed = found[Evidence(row.evidence)].closed
            if not row.days and row.forms and month >= year:
                closed[month] = closed.get(month, 0) + row.forms
            for number, number_of in enumerate(row.days):
                if number_of and (on := month + timedelta(days=number)) >= year - REACH:
                    closed[on] = closed.get(on, 0) + number_of
        if begun and month < year:
            for evidence, number in forms.items():
                found[Evidence(evidence)].months.append((month.month, number))
    return found


def dossiers_of(office_id: int, day: date) -> tuple[dict[date, int], int]:
    """What a feed says of finished dossiers: this year's by day, and how many there were last year.

    Numbers that the office itself brings are no measure of it.
    """
    told = (
        DossierCount.objects.filter(
            office=office_id,
            source=DossierSource.PORTAL,
            day__range=(date(day.year - 1, 1, 1), day),
        )
        .values("day")
        .annotate(finished=Sum("finished"))
        .order_by()
    )
    days = {row["day"]: row["finished"] for row in told}
    return (
        {on: n for on, n in days.items() if on.year == day.year},
        sum(n for on, n in days.items() if on.year < day.year),
    )


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
