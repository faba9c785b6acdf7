"""Which shown figures are being checked, for the pages that show them: one statement a page.

A difference stands until a later proof no longer finds it. A figure that it concerns is neither
hidden nor corrected: it bears "being checked".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from offices.models import Office
from offices.reading import keep, once
from reports.counting.periods import Span
from reports.models import Difference, Part, Release, TerritoryMap


@dataclass(frozen=True, slots=True)
class ProofSummary:
    """What the foot of a page says of the proof of everything.

    `newest`: when something was last proved; `oldest`: since when every part of the country (its
    provinces, and what lies in none) was proved on all days; None before the first proof.
    `responses` and `figures` are those of the last proofs of all days, `differences` how many
    stand now.
    """

    oldest: datetime | None
    newest: datetime | None
    responses: int
    figures: int
    differences: int


# The last whole proof of each part of the country: a later one of the open periods proves less.
LATEST = """
SELECT min(ended_at), (SELECT max(ended_at) FROM reports_proof),
       coalesce(sum(responses), 0)::bigint,
       coalesce(sum(figures), 0)::bigint,
       (SELECT count(*) FROM reports_difference WHERE ended_at IS NULL)
FROM (
    SELECT DISTINCT ON (province_id) ended_at, responses, figures FROM reports_proof
    WHERE ended_at IS NOT NULL AND whole AND offices = '[]' ORDER BY province_id, ended_at DESC
) latest
"""


ANY_STANDING = "any difference stands"  # under which a page keeps it


def any_standing() -> bool:
    """Whether any difference stands."""
    return once(ANY_STANDING, Difference.objects.filter(ended_at=None).exists)


def summary() -> ProofSummary:
    """What the foot of a page says."""
    return once("proof", _summary)


def _summary() -> ProofSummary:
    with connection.cursor() as cursor:
        cursor.execute(LATEST)
        found = ProofSummary(*cursor.fetchone())
    keep(ANY_STANDING, bool(found.differences))
    return found


# Who counts in each of the wanted units on a map, offices and units alike, and what differs there.
# A batch or a closed month is in every figure that its days overlap, and so is what stands for very
# many differences (it has no period); a score is in its own period.
CONCERNED = """
WITH RECURSIVE below (root, id) AS (
    SELECT id, id FROM offices_administrativeunit WHERE id = ANY(%(units)s)
    UNION
    SELECT below.root, u.id FROM offices_administrativeunit u JOIN below ON u.parent_id = below.id
), here AS (
    SELECT office_id, unit_id, map FROM reports_difference
    WHERE ended_at IS NULL AND (instrument_id IS NULL OR instrument_id = %(instrument)s)
      AND CASE WHEN part IN ('tables', 'releases') THEN false
               WHEN period = '' THEN first <= %(last)s AND last >= %(first)s
               ELSE period = %(period)s AND first = %(first)s END
)
SELECT 'office', office_id FROM here WHERE office_id = ANY(%(offices)s)
UNION
SELECT 'unit', below.root
FROM here
LEFT JOIN offices_office o ON o.id = here.office_id
JOIN below ON below.id = CASE
    WHEN here.unit_id IS NOT NULL THEN CASE WHEN here.map = %(map)s THEN here.unit_id END
    WHEN %(map)s = 'today' THEN o.today_unit_id ELSE o.unit_id END
"""


@dataclass(frozen=True, slots=True)
class BeingChecked:
    """The keys of those whose figure bears "being checked"."""

    offices: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()


def being_checked(
    span: Span,
    instrument: int,
    territory: TerritoryMap | str,
    *,
    offices: Collection[int] = (),
    units: Collection[int] = (),
) -> BeingChecked:
    """Which of these offices and units have a difference in this figure, for a page that lists.

    instrument, offices, units: keys. An office has no map; `territory` is the units'.
    """
    found: dict[str, set[int]] = {"office": set(), "unit": set()}
    with connection.cursor() as cursor:
        cursor.execute(
            CONCERNED,
            {
                "offices": list(offices),
                "units": list(units),
                "instrument": instrument,
                "map": str(territory),
                "period": span.kind.value,
                "first": span.first,
                "last": span.last,
            },
        )
        for kind, key in cursor.fetchall():
            found[kind].add(key)
    return BeingChecked(frozenset(found["office"]), frozenset(found["unit"]))


def standing_of(
    span: Span,
    instrument: int,
    territory: TerritoryMap | str = "",
    *,
    office: int | None = None,
    unit: int | None = None,
) -> bool:
    """Whether the figure of this office, or of this unit on a map, bears "being checked"."""
    found = being_checked(
        span,
        instrument,
        territory,
        offices=[] if office is None else [office],
        units=[] if unit is None else [unit],
    )
    return bool(found.offices or found.units)


def standing_tables(
    members: QuerySet[Office, tuple[int, int]], instrument: int, span: Span
) -> bool:
    """Whether something differs of which the tables of these offices in a period are made."""
    offices = [office for office, _ in members]
    return Difference.objects.filter(
        Q(instrument=instrument) | Q(instrument=None),
        ended_at=None,
        part=Part.TABLES,
        office__in=offices,
        first__lte=span.last,
        last__gte=span.first,
    ).exists()


def standing_release(release: Release) -> bool:
    """Whether something of a release differs from what its responses give."""
    return bool(standing_releases({release.slug}))


def standing_releases(slugs: Collection[str]) -> set[str]:
    """Those of these releases of which something differs, by their names."""
    keys = Difference.objects.filter(ended_at=None, part=Part.RELEASES).values_list(
        "key", flat=True
    )
    return {slug for key in keys if (slug := key.partition(":")[0]) in slugs}
