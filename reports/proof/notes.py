"""Writes down what a proof found, once for as long as it stands, and ends what is found no more."""

import logging
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from offices.locks import Lock, wait_for
from reports.models import Difference
from reports.proof.found import Ledger

log = logging.getLogger("reports.proof")

STAND = """
INSERT INTO reports_difference
    (part, "table", "column", office_id, unit_id, map, instrument_id, period, first, last, key,
     shown, proved, found_at, ended_how)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '')
ON CONFLICT ("table", "column", office_id, unit_id, map, instrument_id, period, first, last, key)
    WHERE ended_at IS NULL
DO UPDATE SET shown = excluded.shown, proved = excluded.proved
"""


def write_down(ledger: Ledger, proved: Callable[[Difference], bool], how: Difference.End) -> int:
    """Notes the ledger's differences, each at ERROR in the log too; returns how many there are.

    proved: whether this proof would have found a difference that stands; those are ended, and
    `how` says why.
    """
    differences = list(ledger.differences())
    known = {one.identity for one in differences}
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        wait_for(Lock.PROOF, 0)
        for standing in Difference.objects.filter(ended_at=None):
            if identity(standing) not in known and proved(standing):
                standing.ended_at, standing.ended_how = now, how
                standing.save(update_fields=["ended_at", "ended_how"])
        for one in differences:
            place = (one.place.office, one.place.unit, one.place.map, one.instrument)
            row = (one.period, one.first, one.last, one.key, one.shown, one.proved)
            cursor.execute(STAND, [one.part.value, one.table, one.column, *place, *row, now])
    for one in differences:
        log.error(
            "%s.%s differs: office %s, unit %s %s, instrument %s, %s %s to %s, %s",
            *(one.table, one.column, one.place.office, one.place.unit, one.place.map or "-"),
            *(one.instrument, one.period or "-", one.first, one.last, one.key or "-"),
        )
    return len(differences)


def identity(standing: Difference) -> tuple[object, ...]:
    """What makes a difference that stands the same as one that is found."""
    place = (standing.office_id, standing.unit_id, standing.map)
    days = (standing.first, standing.last)
    row = (standing.instrument_id, standing.period, *days, standing.key)
    return (standing.table, standing.column, *place, *row)
