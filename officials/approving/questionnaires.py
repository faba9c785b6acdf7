"""A questionnaire goes live or is retired: two persons of the country.

propose_state(instrument, LIVE, by, reason)      # then another approves
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Proposal, User
from offices.proposals import CannotCarryOut, Kind, Line, NotProposed, Preview, propose, register
from offices.rights import Action
from surveys.models import Instrument
from surveys.questionnaires.catalogue import text_in
from surveys.questionnaires.live import DEFAULT, KIND, LIVE, RETIRED, go_live, retire, state_of

STATES = {
    LIVE: gettext_lazy("citizens can answer it"),
    DEFAULT: gettext_lazy("asked unless another is chosen"),
    RETIRED: gettext_lazy("nobody is asked any more"),
}


def propose_state(instrument: Instrument, to: str, by: User, reason: str) -> Proposal:
    """to: LIVE, DEFAULT or RETIRED. Raises PermissionDenied, NotProposed."""
    country = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.COUNTRY).first()
    if country is None or to not in STATES:
        raise NotProposed(_("There is no such state."))
    if state_of(instrument) == to:
        raise NotProposed(_("The questionnaire is in this state already."))
    if instrument.is_default:
        raise NotProposed(_("Choose first which other questionnaire is asked by default."))
    payload = {
        "instrument": [instrument.slug, instrument.version],
        "content": instrument.content_hash,
        "to": to,
    }
    return propose(KIND, country, payload, by, reason)


def _instrument(proposal: Proposal) -> Instrument | None:
    slug, version = proposal.payload["instrument"]
    return Instrument.objects.filter(slug=slug, version=version).first()


def _facts(proposal: Proposal) -> Mapping[str, str]:
    found = _instrument(proposal)
    default = Instrument.objects.filter(is_default=True).first()
    return {
        "content": found.content_hash if found else "",
        "state": state_of(found) if found else "",
        "default": str(default or ""),
    }


def _preview(proposal: Proposal) -> Preview:
    found = _instrument(proposal)
    if found is None:
        return Preview(points=[_("The questionnaire is not there any more.")])
    to = str(proposal.payload["to"])
    title = text_in(found.title, get_language() or "vi")
    about = [(_("Questionnaire"), f"{title} ({found.slug}.{found.version})")]
    lines = [Line(_("State"), STATES[state_of(found)], STATES[to])]
    points = []
    default = Instrument.objects.filter(is_default=True).exclude(pk=found.pk).first()
    if to == DEFAULT and default is not None:
        other = text_in(default.title, get_language() or "vi")
        lines.append(Line(_("Asked unless another is chosen"), other, title))
    if found.draft_languages and to != RETIRED:
        languages = ", ".join(found.draft_languages)
        points.append(
            _("Languages that are still drafts: %(languages)s") % {"languages": languages}
        )
    unconfirmed = found.criteria.filter(confirmed=False).count()
    if unconfirmed and to != RETIRED:
        points.append(
            _("Criteria whose wording is not confirmed: %(count)s") % {"count": unconfirmed}
        )
    return Preview(about, lines, points)


def _said(fact: str | None) -> str | Promise | None:
    """A state in words; what a hash says differs to the eye as well."""
    return STATES.get(fact or "", fact and fact[:12])


def _carry_out(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    found = _instrument(proposal)
    if found is None:
        raise CannotCarryOut(_("The questionnaire is not there any more."), final=True)
    to = proposal.payload["to"]
    if to == RETIRED:
        retire(found)
    else:
        go_live(found, default=to == DEFAULT)
    return {"state": to}


register(
    Kind(
        KIND,
        gettext_lazy("Questionnaire goes into use or out of it"),
        Action.MANAGE_QUESTIONNAIRES,
        Action.MANAGE_QUESTIONNAIRES,
        carry_out=_carry_out,
        facts=_facts,
        preview=_preview,
        said=_said,
        words={
            "content": gettext_lazy("Questionnaire"),
            "state": gettext_lazy("State"),
            "default": gettext_lazy("Asked unless another is chosen"),
        },
    )
)
