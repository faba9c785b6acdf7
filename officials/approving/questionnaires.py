"""What becomes of a version that is there: offered, the default, or retired; by two persons.

propose_state(instrument, LIVE, by, reason)      # then another approves

A new version comes into use as a draft (`surveys.questionnaires.drafts`); older ones by this.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from audit.actors import official
from audit.recording import record
from offices.models import AdministrativeUnit, Proposal, User
from offices.proposals import CannotCarryOut, Kind, Line, NotProposed, Preview, propose, register
from offices.rights import Action
from officials.approving.drafts import default_name, in_words, open_points
from surveys.models import Instrument
from surveys.questionnaires.catalogue import text_in
from surveys.questionnaires.live import (
    DEFAULT,
    LIVE,
    RETIRED,
    StillAsked,
    alone,
    go_live,
    others,
    retire,
    state_of,
)

KIND = "questionnaire_state"
STATES = {
    LIVE: gettext_lazy("citizens can answer it"),
    DEFAULT: gettext_lazy("asked unless another is chosen"),
    RETIRED: gettext_lazy("nobody is asked any more"),
}
CHOOSE_ANOTHER = gettext_lazy("Choose first which other questionnaire is asked by default.")


def propose_state(instrument: Instrument, to: str, by: User, reason: str) -> Proposal:
    """to: LIVE, DEFAULT or RETIRED. Raises Missing, NotProposed."""
    country = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.COUNTRY).first()
    if country is None or to not in STATES:
        raise NotProposed(_("There is no such state."))
    if state_of(instrument) == to:
        raise NotProposed(_("The questionnaire is in this state already."))
    if to not in others(instrument):
        raise NotProposed(str(CHOOSE_ANOTHER))
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
    return {
        "content": found.content_hash if found else "",
        "state": state_of(found) if found else "",
        "default": default_name(),
    }


def _preview(proposal: Proposal) -> Preview:
    found = _instrument(proposal)
    if found is None:
        return Preview(points=[_("The questionnaire is not there any more.")])
    to = str(proposal.payload["to"])
    title = text_in(found.title, get_language() or "vi")
    about = [(_("Questionnaire"), f"{title} ({found.slug}.{found.version})")]
    was = proposal.facts.get("state", "") or state_of(found)
    lines = [Line(_("State"), STATES[was], STATES[to])]
    points: list[str] = []
    if to == DEFAULT:
        other = in_words(proposal.facts.get("default"))
        lines.append(Line(_("Asked unless another is chosen"), other, about[0][1]))
    if to != RETIRED:
        unconfirmed = found.criteria.filter(confirmed=False).count()
        points = open_points(found.draft_languages, unconfirmed)
    return Preview(about, lines, points)


def _said(fact: str | None) -> str | Promise | None:
    """A state or a questionnaire in words; what a hash says differs to the eye as well."""
    return STATES.get(fact or "") or in_words(fact)


def _carry_out(proposal: Proposal, by: User | None) -> Mapping[str, Any]:  # Any: JSON
    found = _instrument(proposal)
    if found is None:
        raise CannotCarryOut(_("The questionnaire is not there any more."), final=True)
    to = proposal.payload["to"]
    alone()
    try:
        if to == RETIRED:
            retire(found)
        else:
            go_live(found, default=to == DEFAULT)
    except StillAsked:
        raise CannotCarryOut(str(CHOOSE_ANOTHER)) from None
    record(
        "questionnaire.retired" if to == RETIRED else "questionnaire.live",
        subject=f"{found.slug} v{found.version}",
        details={"was": {"state": state_of(found)}, "now": {"state": to}},
        by=official(by) if by is not None else None,
    )
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
