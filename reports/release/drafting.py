"""What a release would say: it is made as it would be, read, and taken back again."""

from collections.abc import Mapping

from django.db import connection, transaction

from offices.models import AdministrativeUnit
from reports.counting.periods import Span
from reports.models import Release, ReleaseFigure
from reports.release.membership import instrument_name
from reports.release.publish import alone, publish

HIDDEN = "-"


def draft(unit: AdministrativeUnit, span: Span, reason: str) -> dict[str, str]:
    """The facts of the release that would be made now. Raises CannotPublish; stores nothing."""
    snapshot = not connection.in_atomic_block
    with alone(span), transaction.atomic():
        if snapshot:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = facts_of(publish(unit, span, None, reason))
        transaction.set_rollback(True)
    return found


def facts_of(release: Release) -> dict[str, str]:
    """What of a release can be compared with another: hashes, people, the headline of each place.

    Headlines by `office|slug|questionnaire` or `unit|map|key|questionnaire`: the percentage and
    the people, or HIDDEN.
    """
    figures = release.figures.filter(kind=ReleaseFigure.Kind.HEADLINE).select_related("office")
    return {
        "people": str(release.people),
        "data": release.data_hash,
        "figures": release.figures_hash,
        **{
            _name(row): HIDDEN if row.hidden else f"{row.percent} {row.people}"
            for row in figures.iterator(chunk_size=2000)
        },
    }


def headlines(facts: Mapping[str, str]) -> dict[str, str]:
    """Those of the facts that are headlines."""
    return {name: said for name, said in facts.items() if "|" in name}


def _name(row: ReleaseFigure) -> str:
    questionnaire = instrument_name(row.instrument_id)
    if row.office is not None:
        return f"office|{row.office.slug}|{questionnaire}"
    return f"unit|{row.map}|{row.unit_id}|{questionnaire}"
