"""What stands behind the figures of some offices beside their answers, by one statement.

Pages say it in words: what the forms rest on (`evidence`), what happened to the offices
(`happened`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from offices.models import Office
from offices.validity import Days
from reports.counting.periods import Span
from surveys.models import Evidence, Hold

# One statement, because the offices of a unit are found by four columns: asked six times over,
# that costs more than all that is read here.
READ = """
WITH here (id) AS MATERIALIZED ({offices})
SELECT 'level', office_id, year::integer, level::bigint, NULL::date
FROM surveys_evidencelevel WHERE office_id IN (SELECT id FROM here)
UNION ALL
SELECT 'forms', 0, evidence, sum(forms)::bigint, NULL
FROM surveys_evidencecount WHERE office_id IN (SELECT id FROM here) AND month BETWEEN %s AND %s
GROUP BY evidence
UNION ALL
SELECT 'waiting', 0, 0, coalesce(sum(forms), 0)::bigint, NULL
FROM surveys_hold WHERE office_id IN (SELECT id FROM here) AND state = %s AND days && %s::date[]
UNION ALL
SELECT DISTINCT 'merged', 0::bigint, 0, 0::bigint, greatest(heir.valid_from, old.valid_to + 1)
FROM offices_office_predecessors step
JOIN offices_office heir ON heir.id = step.from_office_id
JOIN offices_office old ON old.id = step.to_office_id
WHERE heir.id IN (SELECT id FROM here) AND old.valid_to IS NOT NULL
UNION ALL
SELECT DISTINCT 'revised', 0::bigint, 0, 0::bigint, release.start
FROM reports_release release JOIN reports_releasecut membership ON release.id = release_id
WHERE release.revision > 1 AND membership.office_id IN (SELECT id FROM here)
  AND (membership.added > 0 OR membership.removed > 0)
"""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """levels: of evidence, by office and year; where none is set, all forms count (C).

    forms: how many of a period came with which evidence, as far as its months are closed; waiting:
    how many stand in holds that touch the period; merged: the first days on which offices had taken
    over from others; revised: the first days of periods whose release was revised at any of them.
    """

    levels: Mapping[tuple[int, int], int]
    forms: Mapping[Evidence, int]
    waiting: int
    merged: frozenset[date]
    revised: frozenset[date]


def circumstances_of(offices: QuerySet[Office], span: Span) -> Circumstances:
    """Those of these offices, and of a period what is told of periods."""
    here, given = offices.order_by().values("pk").query.sql_with_params()
    days = list(Days(span.first, span.last).each())
    with connection.cursor() as cursor:
        cursor.execute(
            READ.format(offices=here), (*given, span.first, span.last, Hold.State.WAITING, days)
        )
        rows = cursor.fetchall()
    return Circumstances(
        levels={(office, at): n for what, office, at, n, _ in rows if what == "level"},
        forms={Evidence(at): n for what, _, at, n, _ in rows if what == "forms"},
        waiting=sum(n for what, _, _, n, _ in rows if what == "waiting"),
        merged=frozenset(day for what, *_, day in rows if what == "merged"),
        revised=frozenset(day for what, *_, day in rows if what == "revised"),
    )
