"""Handing remarks to officials: many people's together, so that none is joined to its answers.

Whoever sees a figure change and a remark appear would look for its writer among the few who made
the change. So remarks are handed over at night only, and only when at least the policy's minimum
for remarks (20) of people have come into the office's figures since the last time: then those of
all of them at once, and with them the remarks whose answers are in no figure (of people who still
wait for their result, or who answered too little). The day of handing over is all that officials
see, and the working days for the reply begin there. Decision 0011.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import date

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from offices.locks import Lock, wait_for
from offices.models import Office
from reports.counting.batching import standing_of
from reports.counting.policy import POLICY
from reports.models import Batch, Handover
from reports.sipas.hiding.suppression import About
from surveys.models.standing import FINISHED, STANDING
from surveys.remarks.erasing import erase_asked
from surveys.remarks.reopening import make_known
from surveys.remarks.steps import REPLY_WITHIN
from surveys.remarks.urgent import look_for_urgent
from surveys.remarks.workdays import after_working_days, own_days

# One statement for all remarks of an office: the ORM has no join of two tables by two columns.
RELEASE = f"""
UPDATE surveys_remark w SET released_on = %(today)s, due_on = %(due)s
WHERE w.office_id = %(office)s AND w.released_on IS NULL AND w.erased_on IS NULL AND EXISTS (
    SELECT 1 FROM surveys_response r
    WHERE r.office_id = w.office_id AND r.id = w.response_id
      AND {FINISHED}
      AND (
        (r.instrument_id, r.batch) IN (
            SELECT * FROM unnest(%(instruments)s::bigint[], %(numbers)s::int[])
        )
        OR r.batch IS NULL AND NOT ({STANDING} AND NOT excluded)
      )
)
"""  # noqa: S608 - constants of ours


def hand_over_everywhere(
    beat: Callable[[str], None] = lambda _slug: None,
    trying: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> int:
    """Hands over whatever may be handed over; returns how many remarks that were.

    beat: called with the slug before each office; trying: holds what an office may raise, so that
    the others have their turn.

    Also offices without a remark move on: otherwise the first one to come would be handed over
    with people who were shown long before, and so with the few who came last.
    What has words of bribery or danger stands first from then on. What people said of replies
    since the last night is made known, and what they asked to be erased is erased first.
    """
    erase_asked(trying)
    before = dict(Handover.objects.values_list("office_id", "people"))
    batched = Batch.objects.values_list("office_id").annotate(Sum("people")).order_by("office_id")
    least = POLICY.minimum(About.REMARKS)
    grown = [office for office, people in batched if people - before.get(office, 0) >= least]
    slugs = dict(Office.objects.filter(pk__in=grown).values_list("pk", "slug"))
    remarks = 0
    for office in grown:
        beat(slugs[office])
        with trying(slugs[office]):
            remarks += hand_over(office)
    make_known()
    look_for_urgent()
    return remarks


@transaction.atomic
def hand_over(office_id: int) -> int:
    """Hands over an office's remarks if enough people are newly shown; returns how many."""
    wait_for(Lock.OFFICE_COUNT, office_id)  # while rows are written anew, one would be missed
    shown = _shown_batches(office_id)
    people = sum(number for *_, number in shown)
    Handover.objects.get_or_create(office_id=office_id)
    last = Handover.objects.select_for_update().get(office_id=office_id)
    if people - last.people < POLICY.minimum(About.REMARKS):
        return 0
    last.people = people
    last.save(update_fields=["people"])
    return _hand_over(office_id, shown, timezone.localdate())


def _hand_over(office_id: int, shown: Collection[tuple[int, int, int]], today: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            RELEASE,
            {
                "office": office_id,
                "today": today,
                "due": after_working_days(today, REPLY_WITHIN, own_days(office_id)),
                "instruments": [instrument for instrument, *_ in shown],
                "numbers": [number for _, number, _ in shown],
            },
        )
        return int(cursor.rowcount)


def _shown_batches(office_id: int) -> list[tuple[int, int, int]]:
    """Instrument, number and people of every batch that somebody may have seen."""
    shown = []
    for instrument, standing in standing_of(office_id).items():
        held = {batch.number for batch in standing.held.values()}
        shown += [
            (instrument, batch.number, batch.people)
            for batch in standing.made
            if batch.number not in held
        ]
    return shown
