"""How often an office's open figures move: chosen once a year from the year before, and kept."""

from collections.abc import Sequence

import numpy as np
from django.db import connection

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.policy import POLICY
from reports.models import OfficeRhythm
from reports.sipas.hiding.blocks import Rhythm, Waiting, rhythm
from surveys.models.standing import STANDING

# Fewer months of a past say too little of it.
FEWEST_MONTHS = 3

PAST = f"""
SELECT string_agg(answers, ''::bytea) FROM surveys_response
WHERE office_id = %s AND instrument_id = %s AND day >= make_date(%s, 1, 1)
  AND day < make_date(%s, 1, 1) AND {STANDING} AND NOT excluded
GROUP BY date_trunc('month', day)
"""  # noqa: S608 - constants of ours


def waiting_of(instrument_id: int, answers: bytes) -> Waiting:
    """How many people these packed answers are of, and how many of them count as people."""
    layout = layout_of(instrument_of(instrument_id))
    packed = np.frombuffer(answers, np.uint8).reshape(-1, layout.n_items)
    return Waiting(len(packed), int(layout.anchored(packed).sum()))


def rhythm_of(office: int, instrument: int, year: int) -> Rhythm:
    """The rhythm of this year; it is chosen with the first question and never changes."""
    of = {"office_id": office, "instrument_id": instrument, "year": year}
    known = OfficeRhythm.objects.filter(**of).values_list("turn", flat=True).first()
    if known is None:
        chosen = choose(_past(office, instrument, year))
        OfficeRhythm.objects.create(**of, turn=chosen.value)
        return chosen
    return Rhythm(known)


def choose(anchored: Sequence[int]) -> Rhythm:
    """By how many people counted in each month of the year before; by the month without a past."""
    return rhythm(anchored, POLICY.batch) if len(anchored) >= FEWEST_MONTHS else Rhythm.MONTH


def _past(office: int, instrument: int, year: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(PAST, [office, instrument, year - 1, year])
        return [waiting_of(instrument, answers).anchored for (answers,) in cursor.fetchall()]
