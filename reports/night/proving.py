"""The proof of a night: whether what is kept equals the responses, noted with the night."""

from collections.abc import Callable

from django.db import connection

from reports.models import Night
from reports.proof.tallies import differences

MOST_DETAILS = 100
PEOPLE = "SELECT coalesce(sum(people), 0)::bigint FROM reports_batch"


def prove(night: Night, beat: Callable[[str], None]) -> dict[str, object]:
    """Compares tallies with responses and notes what differs with the night; what was found.

    beat: called with a name before each part, outside of transactions.
    """
    beat("tallies")
    found = differences()
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        (people,) = cursor.fetchone()
    night.responses = people
    night.differences = len(found)
    night.details = found[:MOST_DETAILS]
    night.save(update_fields=["responses", "differences", "details"])
    return {"responses": people, "differences": len(found)}
