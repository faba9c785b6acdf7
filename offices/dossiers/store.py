"""Finished dossiers: taken from a file, compared with what stands there, stored or refused.

    import_dossiers(content, offices, today, by_official(user, content))

Every change is in the ledger (`DossierChange`), by a trigger. What a month of the past says stands:
its cells change only by two persons (`approved`). What an office tells of itself never replaces
what the portal or the unit above told, and these replace it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor, current
from audit.recording import record
from offices.closing import months_through
from offices.dossiers.entering import Entering
from offices.dossiers.file import Cell, read
from offices.locks import Lock, wait_for
from offices.models import Office
from offices.tables import LISTED, FileRefused, Mistake

# The portal or the unit above may tell of the days at the end of a month when it is just over:
# days of which nothing was known, up to so many days after it.
LATE_DAYS = 10

HELD = _(
    "The portal or the unit above has told the number of this day, or it is from before. "
    "Ask the unit above to correct it."
)
FROZEN = _(
    "The month is closed. A number in it changes only when a second person approves: "
    "send the file again with the reason, as a proposal."
)


class ClosedMonths(FileRefused):
    """Nothing is wrong with the file but that it changes closed months."""


@dataclass(frozen=True, slots=True)
class Stored:
    """How many cells were new, changed and the same as before.

    beside: days of offices that hold counts under other fields than the file's, which now add up.
    replaced: what offices had told of these days themselves and does not count any more.
    """

    new: int
    changed: int
    unchanged: int
    beside: int
    replaced: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that would change: was None for a new one."""

    office: int
    day: date
    field: int | None
    was: int | None
    now: int


def import_dossiers(
    content: bytes, offices: QuerySet[Office], today: date, entering: Entering
) -> Stored:
    """Stores the counts of a file (`offices.dossiers.file`). Raises FileRefused, storing nothing.

    offices: those whose counts may be entered; all others are refused. A cell that is there
    already is replaced, so sending a file twice changes nothing. Raises ClosedMonths where only
    two persons can do it.
    """
    return store(read(content, offices, today), entering, today)


GIVEN = """
given AS (
    SELECT * FROM unnest(
        %(offices)s::bigint[], %(days)s::date[], %(fields)s::bigint[], %(finished)s::int[],
        %(sources)s::text[], %(lines)s::int[]
    ) AS cell (office_id, day, field_id, finished, source, line)
)
"""
FROZEN_DAY = """
((date_trunc('month', given.day) + interval '1 month - 1 day')::date <= %(through)s::date)
"""
# What of a file would change. An office that repeats what is known already changes nothing.
CHANGING = f"""
WITH {GIVEN}, changing AS (
    SELECT given.*, known.finished AS was, {FROZEN_DAY} AS frozen, EXISTS (
        SELECT FROM offices_dossiercount other
        WHERE other.office_id = given.office_id AND other.day = given.day
    ) AS told, EXISTS (
        SELECT FROM offices_dossiercount other
        WHERE other.office_id = given.office_id AND other.day = given.day
            AND other.source IN ('portal', 'above', 'before') AND NOT other.simulated
    ) AS held
    FROM given LEFT JOIN offices_dossiercount known ON known.office_id = given.office_id
        AND known.day = given.day AND known.field_id IS NOT DISTINCT FROM given.field_id
    WHERE known.finished IS DISTINCT FROM given.finished
        OR (known.source <> given.source AND given.source <> 'own') OR known.simulated
)
"""  # noqa: S608 - constants of this module
REFUSED = f"""
{CHANGING}
SELECT line, source = 'own' AND held, count(*) OVER () FROM changing
WHERE (source = 'own' AND held) OR (frozen AND NOT %(approved)s AND (
    told OR source NOT IN ('portal', 'above')
    OR (date_trunc('month', day) + interval '1 month')::date + %(late)s <= %(today)s::date
))
ORDER BY 2 DESC, line LIMIT {LISTED}
"""  # noqa: S608 - constants of this module
DIFFERENCES = f"""
{CHANGING}
SELECT office_id, day, field_id, was, finished FROM changing ORDER BY day, office_id, field_id
"""  # noqa: S608 - constants of this module

# One statement tells new from changed: the ORM's bulk_create updates on a conflict but does not
# say which rows were there.
STORE = f"""
WITH {GIVEN}, stored AS (
    INSERT INTO offices_dossiercount AS known
        (office_id, day, field_id, finished, simulated, source)
    SELECT office_id, day, field_id, finished, false, source FROM given
    ON CONFLICT (office_id, day, field_id) DO UPDATE
        SET finished = excluded.finished, simulated = false, source = excluded.source
        WHERE known.finished <> excluded.finished OR known.simulated
            OR (known.source <> excluded.source AND excluded.source <> 'own')
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM stored
"""  # noqa: S608 - constants of this module
REPLACE_OWN = f"""
WITH {GIVEN}, days AS (
    SELECT DISTINCT ON (office_id, day) office_id, day, source FROM given
    WHERE source <> 'own' AND (%(approved)s OR {FROZEN_DAY} IS NOT TRUE)
)
UPDATE offices_dossiercount known SET finished = 0, source = days.source FROM days
WHERE known.office_id = days.office_id AND known.day = days.day
    AND known.source = 'own' AND known.finished > 0
"""  # noqa: S608 - constants of this module
BESIDE = f"""
WITH {GIVEN}
SELECT count(DISTINCT (known.office_id, known.day))
FROM offices_dossiercount AS known
JOIN (SELECT DISTINCT office_id, day FROM given) AS days USING (office_id, day)
WHERE known.finished > 0 AND NOT EXISTS (
    SELECT FROM given WHERE given.office_id = known.office_id AND given.day = known.day
        AND given.field_id IS NOT DISTINCT FROM known.field_id
)
"""  # noqa: S608 - constants of this module


def store(cells: Sequence[Cell], entering: Entering, today: date) -> Stored:
    """Puts the counts of `cells` in the place of the same cells' old ones, all or nothing.

    Raises FileRefused, or ClosedMonths if nothing else is wrong.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # What is compared must be what is replaced; imports are few and short.
        wait_for(Lock.DOSSIERS, 0)
        given = _given(cells, entering, today)
        cursor.execute(REFUSED, given)
        if wrong := cursor.fetchall():
            _refuse(wrong)
        cursor.execute("SELECT set_config('hailong.dossiers', %s, true)", [entering.said])
        cursor.execute(STORE, given)
        new, changed = cursor.fetchone()
        cursor.execute(REPLACE_OWN, given)
        replaced = cursor.rowcount
        cursor.execute("SELECT set_config('hailong.dossiers', '', true)")
        cursor.execute(BESIDE, given)
        (beside,) = cursor.fetchone()
        stored = Stored(new, changed, len(cells) - new - changed, beside, replaced)
        _record(cells, entering, stored)
    return stored


def differences(cells: Sequence[Cell], entering: Entering, today: date) -> list[Difference]:
    """What storing these would change, by day; changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES, _given(cells, entering, today))
        return [Difference(*row) for row in cursor.fetchall()]


def _given(cells: Sequence[Cell], entering: Entering, today: date) -> dict[str, Any]:  # Any: arrays
    ordered = sorted(cells, key=lambda cell: (cell.office, cell.day, cell.field or 0))
    return {
        "offices": [cell.office for cell in ordered],
        "days": [cell.day for cell in ordered],
        "fields": [cell.field for cell in ordered],
        "finished": [cell.finished for cell in ordered],
        "sources": [entering.source(cell.office).value for cell in ordered],
        "lines": [cell.line for cell in ordered],
        "through": months_through(),
        "approved": entering.approved is not None,
        "late": LATE_DAYS,
        "today": today,
    }


def _refuse(wrong: Sequence[tuple[int, bool, int]]) -> None:
    """Raises what is to be said of lines; the sentence depends on whether any of them is held."""
    mistakes = [Mistake(line, "", str(HELD if held else FROZEN)) for line, held, _count in wrong]
    refusal = FileRefused if any(held for _line, held, _count in wrong) else ClosedMonths
    raise refusal(mistakes, wrong[0][2])


def _record(cells: Sequence[Cell], entering: Entering, stored: Stored) -> None:
    offices = {cell.office for cell in cells}
    actor = current()
    if not entering.by or actor.account_id != entering.by:
        actor = Actor(entering.system, entering.by)
    record(
        "dossiers.import",
        subject=entering.file[:12] or entering.system,
        office_id=next(iter(offices)) if len(offices) == 1 else None,
        details={
            "file": entering.file,
            "size": len(cells),
            "offices": len(offices),
            "new": stored.new,
            "changed": stored.changed,
            "replaced": stored.replaced,
            "system": entering.system,
            "approved": entering.approved,
        },
        by=actor,
    )
