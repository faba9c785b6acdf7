"""Floods at a province's own centre: an auditor proposes what becomes of them, another approves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.access import Missing
from offices.models import Office, Proposal, User
from offices.proposals import CannotCarryOut, Kind, Preview, propose, register
from offices.rights import Action
from surveys.floods.deciding import FloodNotDecided, decide
from surveys.models import Hold

DECIDE = "flood"


def propose_decision(
    office: Office, holds: Sequence[int], reason: str, by: User, *, accept: bool
) -> Proposal:
    """The decision waits for a second person. Raises NotProposed."""
    return propose(DECIDE, office, {"holds": sorted(holds), "accept": accept}, by, reason)


def _preview(proposal: Proposal) -> Preview:
    found = Hold.objects.filter(pk__in=proposal.payload["holds"])
    forms = sum(one.forms for one in found)
    days = sorted({day for one in found for day in one.days})
    about = [
        (_("Forms, at least"), str(forms // 10 * 10)),
        (_("Days"), f"{days[0]:%d/%m/%Y} – {days[-1]:%d/%m/%Y}" if days else "–"),
        (
            _("Decision"),
            _("accept: they are honest and count")
            if proposal.payload["accept"]
            else _("refuse: they never count"),
        ),
    ]
    return Preview(about, points=[])


def _carry_out(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    said, office = proposal.payload, proposal.office
    if office is None:
        raise CannotCarryOut(_("The office is gone."))
    try:
        decided = decide(
            office,
            said["holds"],
            said["accept"],
            proposal.reason,
            proposal.proposed_by,
            approved=proposal.pk,
        )
    except (FloodNotDecided, Hold.DoesNotExist):
        raise CannotCarryOut(
            _("It is not possible any more. Look at what still waits at the office.")
        ) from None
    except Missing:
        raise CannotCarryOut(_("Whoever proposed it is no longer an auditor there.")) from None
    return {"holds": [one.pk for one in decided]}


register(
    Kind(
        DECIDE,
        gettext_lazy("Decision about forms that wait at a province's own centre"),
        Action.EXCLUDE,
        Action.APPROVE,
        carry_out=_carry_out,
        preview=_preview,
    )
)
