"""What happens again and again has no entry each time: a few, and their number at night.

So nobody fills the audit by asking a thousand times for what they are refused, and a system that
asks for every dossier leaves two entries a day.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from audit.actors import Actor, current
from audit.models import Entry, Recurrence
from audit.recording import LONGEST_ACCOUNT, LONGEST_SUBJECT, ZERO, own_transaction, record

# One statement, for the ORM cannot add to a row that may be there already.
COUNT = """
INSERT INTO audit_recurrence AS seen
    (day, action, outcome, account_id, account, subject, office_id, unit_id, size)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 1)
ON CONFLICT (day, action, outcome, account, subject, office_id, unit_id)
DO UPDATE SET size = seen.size + 1
RETURNING size
"""


def record_sparingly(
    action: str,
    *,
    most: int,
    subject: str = "",
    office_id: int | None = None,
    unit_id: int | None = None,
    details: Mapping[str, object] | None = None,
    outcome: Entry.Outcome = Entry.Outcome.DONE,
    by: Actor | None = None,
) -> None:
    """Writes an entry apart, unless `most` of this kind were written today; counts it either way.

    A kind is what one account does to one subject with one outcome. The arguments are those of
    `recording.record`.
    """
    actor = by or current()
    kind = [
        action,
        outcome.value,
        actor.account_id,
        actor.name.replace(ZERO, "")[:LONGEST_ACCOUNT],
        subject.replace(ZERO, "")[:LONGEST_SUBJECT],
        office_id,
        unit_id,
    ]
    with own_transaction() as cursor:
        cursor.execute(COUNT, [timezone.localdate(), *kind])
        (size,) = cursor.fetchone()
    if size <= most:
        record(
            action,
            subject=subject,
            office_id=office_id,
            unit_id=unit_id,
            details=details,
            outcome=outcome,
            by=actor,
            apart=True,
        )


@transaction.atomic
def sum_up() -> int:
    """Writes how often what was counted on days that are over had happened; how many sums."""
    over = Recurrence.objects.filter(day__lt=timezone.localdate()).select_for_update()
    sums = list(over.order_by("pk"))
    for one in sums:
        record(
            one.action,
            subject=one.subject,
            office_id=one.office_id,
            unit_id=one.unit_id,
            details={"day": one.day.isoformat(), "size": one.size},
            outcome=Entry.Outcome(one.outcome),
            by=Actor(one.account, one.account_id),
        )
    Recurrence.objects.filter(pk__in=[one.pk for one in sums]).delete()
    return len(sums)
