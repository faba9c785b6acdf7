"""Finished dossiers: taken from a file, stored, replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet

from offices.dossiers.file import Cell, read
from offices.models import Office


@dataclass(frozen=True, slots=True)
class Stored:
    """How many cells were new, changed and the same as before.

    beside: days of offices that hold counts under other fields than the file's, which now add up.
    """

    new: int
    changed: int
    unchanged: int
    beside: int


def import_dossiers(content: bytes, offices: QuerySet[Office], today: date) -> Stored:
    """Stores the counts of a file (`offices.dossiers.file`). Raises FileRefused, storing nothing.

    offices: those whose counts may be entered; all others are refused. A cell that is there
    already is replaced, so sending a file twice changes nothing.
    """
    return store(read(content, offices, today))


# One statement tells new from changed, and two people importing at once cannot collide: the ORM's
# bulk_create updates on a conflict but does not say which rows were there.
STORE = """
WITH given AS (
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::bigint[], %s::int[])
        AS cell (office_id, day, field_id, finished)
), stored AS (
    INSERT INTO offices_dossiercount AS known (office_id, day, field_id, finished, simulated)
    SELECT office_id, day, field_id, finished, false FROM given
    ON CONFLICT (office_id, day, field_id) DO UPDATE
        SET finished = excluded.finished, simulated = false
        WHERE (known.finished, known.simulated) IS DISTINCT FROM (excluded.finished, false)
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM stored
"""
BESIDE = """
SELECT count(DISTINCT (known.office_id, known.day))
FROM offices_dossiercount AS known
JOIN (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::date[]) AS day (office_id, day)) AS given
    USING (office_id, day)
WHERE known.finished > 0 AND NOT EXISTS (
    SELECT FROM unnest(%s::bigint[], %s::date[], %s::bigint[]) AS cell (office_id, day, field_id)
    WHERE cell.office_id = known.office_id AND cell.day = known.day
        AND cell.field_id IS NOT DISTINCT FROM known.field_id
)
"""


def store(cells: Sequence[Cell]) -> Stored:
    """Puts the counts of `cells` in the place of the same cells' old ones, all or nothing."""
    # In one order, so that two imports wait for each other instead of locking each other out.
    ordered = sorted(cells, key=lambda cell: (cell.office, cell.day, cell.field or 0))
    offices = [cell.office for cell in ordered]
    days = [cell.day for cell in ordered]
    fields = [cell.field for cell in ordered]
    finished = [cell.finished for cell in ordered]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STORE, [offices, days, fields, finished])
        new, changed = cursor.fetchone()
        cursor.execute(BESIDE, [offices, days, offices, days, fields])
        (beside,) = cursor.fetchone()
    return Stored(new, changed, len(ordered) - new - changed, beside)
