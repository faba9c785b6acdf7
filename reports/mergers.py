"""Mergers of communes with their figures: what the second of two persons approves is done here.

What is shown of the commune that ended stays as it was on the map as of then. On today's map its
figures go over into the successor's: they are summed again from its offices, which are not touched.
No release changes, because it names its offices and units.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from audit.models import Entry
from audit.recording import record
from offices.changing import merging
from offices.changing.merging import Merger, Preview
from offices.locks import Lock, wait_for
from offices.models import AdministrativeUnit
from reports.counting.periods import span_of
from reports.models import Score, TerritoryMap
from reports.scores.offices import mark_stale
from surveys.models import Response

PROPOSED = "merger.proposed"


def propose(province: AdministrativeUnit, merger: Merger, reason: str) -> int:
    """Puts a merger before a second person; returns the number of the proposal.

    Until there is somebody else with the right, `manage.py carry_out_merger NUMBER` does it.
    """
    record(
        PROPOSED,
        subject=province.full_name,
        unit_id=province.pk,
        details={"payload": merger.payload(), "reason": reason},
    )
    newest = Entry.objects.filter(action=PROPOSED, unit_id=province.pk).latest("pk")
    return newest.pk


def last_answers(offices: list[int]) -> dict[int, date]:
    """By office, the last day on which people answered there."""
    answered = Response.objects.filter(office__in=offices).order_by()
    return dict(answered.values_list("office").annotate(last=Max("day")))


def carry_out(payload: Mapping[str, Any]) -> Preview:  # Any: JSON
    """Merges as `payload` says, in one transaction. Raises ChangeRefused; then nothing is stored.

    Figures of today's map follow with the next count; until then the proof leaves them out.
    """
    merger = Merger.of(payload)
    with transaction.atomic():
        for province in _provinces(merger):
            wait_for(Lock.UNIT_COUNT, province)
        before = merging.preview(merger)
        done = merging.carry_out(merger, last_answers([one.pk for one in before.ending]))
        ended = [unit.pk for unit in done.predecessors]
        Score.objects.filter(unit__in=ended, map=TerritoryMap.TODAY).delete()
        for office in done.moving:
            spans = Score.objects.filter(office=office).values_list("period", "start").distinct()
            mark_stale(office.pk, {span_of(*span) for span in spans})
    return done


def _provinces(merger: Merger) -> list[int]:
    units = AdministrativeUnit.objects.filter(pk__in=merger.predecessors).order_by("parent")
    found = units.values_list("parent", flat=True).distinct()
    return [key for key in found if key is not None]
