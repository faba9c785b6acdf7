"""Whether counts of dossiers are what their ledger says last.

The trigger writes both at once: whoever switched it off is found here, every night.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

LISTED = 100

# The last row of a cell in the ledger against the cell; either may be missing.
UNEQUAL = """
SELECT coalesce(known.office_id, last.office_id), coalesce(known.day, last.day),
    coalesce(known.field_id, last.field_id), known.finished, last.now, count(*) OVER ()
FROM offices_dossiercount known
FULL JOIN (
    SELECT DISTINCT ON (office_id, day, field_id) office_id, day, field_id, now, source
    FROM offices_dossierchange ORDER BY office_id, day, field_id, id DESC
) last ON known.office_id = last.office_id AND known.day = last.day
    AND coalesce(known.field_id, 0) = coalesce(last.field_id, 0)
WHERE (known.finished, known.source) IS DISTINCT FROM (last.now, last.source)
    AND (known.finished IS NOT NULL OR last.now IS NOT NULL)
ORDER BY 1, 2, 3 LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Unequal:
    """A cell whose count is not what the ledger says last; None: there is none."""

    office: int
    day: date
    field: int | None
    count: int | None
    ledger: int | None

    def __str__(self) -> str:
        cell = f"offices_dossiercount {self.office} {self.day} {self.field or '-'}"
        return f"{cell}: {self.count}, ledger {self.ledger}"


def unequal() -> tuple[int, list[Unequal]]:
    """How many cells differ from the ledger, and the first hundred of them."""
    with connection.cursor() as cursor:
        cursor.execute(UNEQUAL, [LISTED])
        rows = cursor.fetchall()
    return (rows[0][-1] if rows else 0), [Unequal(*row[:-1]) for row in rows]
