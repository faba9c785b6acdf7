"""Exclusions in a closed month, and their lifting: an auditor proposes, another person approves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.access import Missing
from offices.models import Counter, Office, Proposal, User
from offices.proposals import CannotCarryOut, Kind, Preview, propose, register
from offices.rights import Action
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import ExclusionNotPossible, exclude, lift, preview, rule_of
from surveys.flags.rules import Flag, names_of
from surveys.models import Channel, Exclusion

MAKE, LIFT = "exclusion", "exclusion_lift"
_FOLLOWS = gettext_lazy(
    "The days lie in a month that is closed: its figures change where nothing then tells of fewer "
    "than 10 people, and else wait. The page of exclusions says where."
)


def propose_exclusion(office: Office, rule: Rule, reason: str, by: User) -> Proposal:
    """The rule waits for a second person; nothing is left out before. Raises NotProposed."""
    payload = {
        "first_day": f"{rule.first_day}",
        "last_day": f"{rule.last_day}",
        "flags": rule.flags.value,
        "channel": rule.channel.value if rule.channel is not None else None,
        "counter": rule.counter_id,
    }
    return propose(MAKE, office, payload, by, reason)


def propose_lifting(exclusion: Exclusion, reason: str, by: User) -> Proposal:
    """The rule is lifted once a second person approves. Raises NotProposed."""
    return propose(LIFT, exclusion.office, {"exclusion": exclusion.pk}, by, reason)


def _rule(proposal: Proposal) -> Rule:
    said = proposal.payload
    return Rule(
        office_id=proposal.office_id or 0,
        first_day=date.fromisoformat(said["first_day"]),
        last_day=date.fromisoformat(said["last_day"]),
        flags=Flag(said["flags"]),
        channel=None if said["channel"] is None else Channel(said["channel"]),
        counter_id=said["counter"],
    )


def _facts(proposal: Proposal) -> Mapping[str, str]:
    """How many people it concerns, in tens: less would tell of single ones."""
    return {"people": str(preview(_rule(proposal)).people)}


def _words(rule: Rule) -> list[tuple[str, str]]:
    counter = Counter.objects.filter(pk=rule.counter_id or 0).first()
    return [
        (_("Days"), f"{rule.first_day:%d/%m/%Y} – {rule.last_day:%d/%m/%Y}"),
        (_("Which forms"), "; ".join(map(str, names_of(rule.flags))) or _("all forms")),
        (_("Channel"), str(rule.channel.label) if rule.channel else _("all channels")),
        (_("Counter"), str(counter) if counter else _("all counters")),
    ]


def _preview_of_rule(proposal: Proposal) -> Preview:
    people = proposal.facts["people"]
    about = [*_words(_rule(proposal)), (_("People left out, at least"), people)]
    points = [str(_FOLLOWS)]
    return Preview(about, points=points)


def _preview_of_lifting(proposal: Proposal) -> Preview:
    exclusion = Exclusion.objects.get(pk=proposal.payload["exclusion"])
    why = (_("Reason of the exclusion"), exclusion.reason)
    points = [str(_FOLLOWS)]
    return Preview([*_words(rule_of(exclusion)), why], points=points)


def _make(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    return _tried(
        lambda: exclude(
            _rule(proposal), proposal.reason, proposal.proposed_by, approved=proposal.pk
        )
    )


def _lift(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    key = proposal.payload["exclusion"]
    return _tried(lambda: lift(key, proposal.reason, proposal.proposed_by, approved=proposal.pk))


def _tried(act: Any) -> Mapping[str, Any]:  # Any: a function that gives an Exclusion
    try:
        return {"exclusion": act().pk}
    except ExclusionNotPossible:
        raise CannotCarryOut(
            _("It is not possible any more. Look at the exclusions of the office.")
        ) from None
    except Missing:
        raise CannotCarryOut(_("Whoever proposed it is no longer an auditor there.")) from None


register(
    Kind(
        MAKE,
        gettext_lazy("Exclusion in a closed month"),
        Action.EXCLUDE,
        Action.APPROVE,
        carry_out=_make,
        facts=_facts,
        preview=_preview_of_rule,
        words={"people": gettext_lazy("People left out, at least")},
    )
)
register(
    Kind(
        LIFT,
        gettext_lazy("Lifting of an exclusion in a closed month"),
        Action.EXCLUDE,
        Action.APPROVE,
        carry_out=_lift,
        preview=_preview_of_lifting,
    )
)
