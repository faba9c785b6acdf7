"""Writing down what was done.

with transaction.atomic():
    office.save()
    record("office.changed", subject=office.slug, office_id=office.pk, details={...})
"""

from collections.abc import Mapping

from audit.actors import Actor, current
from audit.models import Entry

Outcome = Entry.Outcome


def record(
    action: str,
    *,
    subject: str = "",
    office_id: int | None = None,
    unit_id: int | None = None,
    details: Mapping[str, object] | None = None,
    outcome: Outcome = Outcome.DONE,
    by: Actor | None = None,
    apart: bool = False,
) -> None:
    """Writes one entry in the transaction of the act.

    action: `noun.verb`, such as `office.changed`. subject: what it was done to, in words that an
    auditor finds again (a short name, a number). details: small, JSON; old and new values under
    `was` and `now`, sizes under `size`; never an answer, a text of a citizen, a contact, a token.
    by: who; else whoever acts now. apart: in a transaction of its own, which stays when the
    caller's is rolled back: for refusals and failures.
    """
    actor = by or current()
    Entry.objects.create(
        action=action,
        outcome=outcome,
        account_id=actor.account_id,
        account=actor.name,
        source=actor.source,
        subject=subject[:200],
        office_id=office_id,
        unit_id=unit_id,
        details=dict(details or {}),
    )
