"""The file of a tablet: a head brings it, another person approves, and only then it counts.

The file waits encrypted with its proposal and is deleted with the decision.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.models import Office, Proposal, User
from offices.proposals import (
    CannotCarryOut,
    Kind,
    NotProposed,
    Preview,
    content_of,
    propose,
    register,
)
from offices.rights import Action
from offices.sealing import CannotOpen
from surveys.devices.delivery.deliver import import_file
from surveys.devices.delivery.sealing import Unreadable

KIND = "outbox"
# Why records of a file are not taken, for officials.
REASONS: Mapping[str, Promise] = {
    "other_office": gettext_lazy("belong to another office; bring the file there"),
    "revoked": gettext_lazy("given after the tablet was revoked, or not proved to be from before"),
    "unsigned": gettext_lazy("not signed by the tablet that they name"),
    "unknown_tablet": gettext_lazy("from a tablet that was never paired here"),
    "invitation_ended": gettext_lazy(
        "answered by an invitation that has ended; it may have been counted before"
    ),
    "frozen": gettext_lazy("change a form that counts already"),
    "unreadable": gettext_lazy("cannot be read: damaged, or sealed for another system"),
    "closed_office": gettext_lazy("given on a day on which the office did not serve citizens"),
}
MOST_BYTES = 10 * 1024 * 1024
NEW = "stored"
KNOWN = ("repeated", "older")


def propose_outbox(content: bytes, office: Office, by: User, reason: str) -> Proposal:
    """Keeps the file until another person approves; nothing of it counts before.

    Raises Unreadable where it is no such file, NotProposed with a sentence.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable
    counts = _tried(content, office)
    if not counts.get(NEW):
        raise NotProposed(
            _(
                "Nothing of this file would be counted: everything in it is here already or cannot "
                "be taken. Nothing was stored."
            )
        )
    return propose(KIND, office, {"counts": counts}, by, reason, content)


def _tried(content: bytes, office: Office) -> dict[str, int]:
    """What would become of the records, by the words of a verdict; changes nothing."""
    with transaction.atomic():
        imported = import_file(content, office.pk)
        transaction.set_rollback(True)
    return dict(imported.counts)


def _preview(proposal: Proposal) -> Preview:
    counts: Mapping[str, int] = proposal.payload["counts"]
    refused = sum(counts.values()) - counts.get(NEW, 0) - sum(counts.get(w, 0) for w in KNOWN)
    about = [
        (_("Forms that would count"), f"{counts.get(NEW, 0)}"),
        (_("Forms that are here already"), f"{sum(counts.get(word, 0) for word in KNOWN)}"),
        (_("Forms that cannot be taken"), f"{refused}"),
        *(
            (str(REASONS.get(word, word)), f"{count}")
            for word, count in sorted(counts.items())
            if word not in (NEW, *KNOWN)
        ),
    ]
    points = [_("Answers in the file are sealed; nobody has read them.")]
    return Preview(about, points=points)


def _carry_out(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    try:
        content = content_of(proposal)
        if content is None:
            raise CannotCarryOut(_("The file is not there any more."), final=True)
        return {"counts": dict(import_file(content, proposal.office_id or 0).counts)}
    except (CannotOpen, Unreadable):
        raise CannotCarryOut(
            _("The file cannot be opened any more. Bring it once more."), final=True
        ) from None


register(
    Kind(
        KIND,
        gettext_lazy("File of a tablet"),
        Action.IMPORT_FILES,
        Action.APPROVE,
        carry_out=_carry_out,
        preview=_preview,
        most_bytes=MOST_BYTES,
    )
)
