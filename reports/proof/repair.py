"""Counting days of an office again because an operator asks for it, and remembering that it was.

What differed is ended by a proof afterwards. A closed month whose responses are no longer those it
was closed with is counted again only where that is accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from audit.recording import record
from offices.locks import Lock, wait_for
from offices.models import Office
from reports.counting.closing import closed_through
from reports.models import (
    ROW,
    SEAL,
    ClosedMonth,
    Difference,
    Part,
    Repair,
)
from reports.proof.months import seals
from reports.proof.run import Chosen, prove
from reports.proof.scope import Days
from reports.scores.anew import make_anew
from reports.scores.units import catch_up_country, catch_up_provinces
from surveys.labels import ensured

SHORTEST_REASON = 10


class ResponsesChanged(ValueError):
    """Closed months are no longer made of the responses they were closed with; names them."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which days of an office are to be counted again, why, and who asks in words.

    accept: also where responses of closed months have changed since they were closed.
    """

    office: Office
    reason: str
    by: str
    first: date | None = None
    last: date | None = None
    accept: bool = False


def repair(order: Order) -> Repair:
    """Counts again, sums up the units above, proves, ends what no longer differs, remembers it.

    Raises ResponsesChanged, and ValueError for a reason too short to be followed later.
    """
    if len(order.reason.strip()) < SHORTEST_REASON:
        raise ValueError(f"a reason has at least {SHORTEST_REASON} letters")
    days = Days.of(order.first, order.last)
    standing = _standing()
    with transaction.atomic():
        wait_for(Lock.OFFICE_COUNT, order.office.pk)
        broken = [seal for seal in seals([order.office.pk], days) if seal.broken]
        extra = _extra(order.office, days)
        if (broken or extra) and not order.accept:
            months = sorted({*(seal.key[2] for seal in broken), *extra})
            raise ResponsesChanged(", ".join(f"{month:%Y-%m}" for month in months))
        ClosedMonth.objects.filter(pk__in=extra.values()).delete()
        make_anew(order.office.pk, days.first, days.last)
        after = _sealed_anew(order.office, [seal.key for seal in broken])
    through = closed_through()
    catch_up_provinces(through, [order.office.pk])
    catch_up_country(through)
    prove(Chosen(frozenset({order.office.pk}), days, Difference.End.RECOUNTED))
    still = _standing()
    return _remembered(
        Repair(
            office=order.office,
            first=order.first or order.office.valid_from,
            last=order.last or timezone.localdate(),
            reason=order.reason,
            made_at=timezone.now(),
            made_by=order.by,
            accepted=bool(broken or extra),
            before=[seal.told() for seal in broken],
            after=after,
            ended=len(standing - still),
            standing=len(still),
        )
    )


@transaction.atomic
def _remembered(repair: Repair) -> Repair:
    repair.save()
    record(
        "office.recounted",
        subject=repair.office.slug,
        office_id=repair.office_id,
        details={
            "first": repair.first.isoformat(),
            "last": repair.last.isoformat(),
            "reason": repair.reason,
            "accepted": repair.accepted,
            "asked_by": repair.made_by,
            "left": repair.standing,
        },
    )
    return repair


def _standing() -> set[int]:
    """The differences that stand, whosever: those of the units above go with the office's."""
    return set(Difference.objects.filter(ended_at=None).values_list("pk", flat=True))


def _extra(office: Office, days: Days) -> dict[date, int]:
    """By first day: the closed months that a proof found to be there wrongly."""
    found = Difference.objects.filter(
        office=office, ended_at=None, part=Part.CLOSED_MONTHS, column=ROW, proved="0"
    )
    rows = {}
    for wrong in found:
        of = ClosedMonth.objects.filter(
            office=office, instrument=wrong.instrument_id, start__range=(wrong.first, wrong.last)
        )
        rows.update({start: key for key, start in of.values_list("pk", "start")})
    return {start: key for start, key in rows.items() if days.hold(start)}


SEAL_ANEW = f"""
UPDATE reports_closedmonth c SET newest = now.newest, people = now.people, digest = now.digest,
    keyed = true
FROM (
    SELECT coalesce(max(r.batch), 0) AS newest, count(r.id) AS people, {SEAL} AS digest
    FROM surveys_response r
    WHERE r.office_id = %(office)s AND r.instrument_id = %(instrument)s AND r.batch IS NOT NULL
      AND r.day >= %(start)s AND r.day < %(start)s::date + interval '1 month'
) now
WHERE (c.office_id, c.instrument_id, c.start) = (%(office)s, %(instrument)s, %(start)s)
"""  # noqa: S608 - constants of ours


def _sealed_anew(office: Office, months: Sequence[tuple[int, int, date]]) -> list[object]:
    """Writes down of whom these months are made now, and returns it."""
    for _, instrument, start in months:
        with connection.cursor() as cursor:
            cursor.execute(
                SEAL_ANEW,
                {
                    "office": office.pk,
                    "instrument": instrument,
                    "start": start,
                    "opener": ensured(),
                },
            )
    wanted = set(months)
    every = seals([office.pk], Days())
    return [seal.told() for seal in every if seal.key in wanted]
