"""The audit at night: what is left is linked, the whole chain is verified, its head is written.

A chain that does not hold gets no head, so the file never vouches for what was changed.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import chain, heads, recurring
from audit.heads import Head
from audit.recording import record
from audit.verification import HEAD_WRITTEN, Verification, verify
from reports.models import Night


class AuditChanged(Exception):
    """What a part of the audit's verification found."""


def audit(night: Night, beat: Callable[[], None]) -> Verification:
    """Does all of it for a night; what was found. A second time it adds no second head."""
    recurring.sum_up()
    chain.seal()
    path = settings.AUDIT_HEADS / heads.NAME
    found = verify(path, beat)
    if found.holds and found.newest and not heads.is_written(heads.read(path), night.day):
        _write_head(night, *found.newest)
    return found


@transaction.atomic
def _write_head(night: Night, seq: int, made: str) -> None:
    """Adds the newest link that was verified to the file, and to the chain that it was added.

    The entry first: where the file cannot be written, none says that it was.
    """
    day = night.day.isoformat()
    head = Head(day, seq, made, timezone.localtime().isoformat(timespec="seconds"))
    record(HEAD_WRITTEN, subject=day, details={"seq": head.seq, "hash": head.hash})
    heads.append(settings.AUDIT_HEADS, head)
