"""A tablet on a counter: an office asks for it, somebody of the unit above consents.

Only then there is one, and the office can make the code that pairs it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.models import Counter, Office, Proposal, User
from offices.proposals import CannotCarryOut, Kind, Preview, propose, register
from offices.rights import Action
from surveys.devices import tablets
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import text_in

KIND = "tablet"


def propose_tablet(
    office: Office, counter: Counter | None, name: str, form: str, by: User
) -> Proposal:
    """The tablet waits for the consent of the unit above. Raises NotProposed, Missing.

    form: the short name of the questionnaire that it will ask.
    """
    payload = {"name": name, "form": form, "counter": counter.pk if counter else None}
    return propose(KIND, office, payload, by, "")


def waiting_tablets(office: Office) -> list[Proposal]:
    """Those of the office to which nobody has consented yet, the oldest first."""
    asked = Proposal.objects.filter(kind=KIND, office=office, state=Proposal.State.OPEN)
    return list(asked.select_related("proposed_by").order_by("pk"))


def _counter(proposal: Proposal) -> Counter | None:
    key = proposal.payload["counter"]
    return Counter.objects.filter(pk=key or 0, office=proposal.office, active=True).first()


def _title(slug: str) -> str:
    asked = catalogue.current().instrument(slug)
    return text_in(asked.title, "vi") if asked is not None else slug


def _preview(proposal: Proposal) -> Preview:
    said, counter = proposal.payload, _counter(proposal)
    about = [
        (_("Tablet"), said["name"]),
        (_("Counter"), str(counter) if counter else _("No single counter")),
        (_("Form it asks"), _title(said["form"])),
    ]
    points = [
        _(
            "Whoever holds a tablet can answer on it. Consent where you know that it will stand "
            "where citizens answer by themselves."
        )
    ]
    return Preview(about, points=points)


def _carry_out(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    said, counter = proposal.payload, _counter(proposal)
    if said["counter"] and counter is None:
        raise CannotCarryOut(_("This counter is not open any more. Ask again."), final=True)
    admitted = tablets.admit(proposal, counter.pk if counter else None, said["name"], said["form"])
    return {"tablet": admitted.pk}


register(
    Kind(
        KIND,
        gettext_lazy("Tablet on a counter"),
        Action.PAIR_TABLETS,
        Action.APPROVE,
        carry_out=_carry_out,
        preview=_preview,
        says_why=False,
        subject=lambda proposal: f"“{proposal.payload['name']}”",
    )
)
