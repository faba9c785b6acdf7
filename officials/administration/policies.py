"""What counting obeys, in words, and who could change each: most of it nobody from a page."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from offices.access import Missing, may
from offices.rights import Action, Role
from reports.counting.policy import POLICY
from surveys.models import Instrument

IN_RELEASES = gettext_lazy(
    "Part of the software: every release says which it obeyed. It changes with a new version of "
    "the software only, which the administrator of the servers installs."
)
BY_SETTING = gettext_lazy(
    "A setting of the servers. The administrator of the servers changes it; it "
    "can only make a minimum larger."
)
BY_QUESTIONNAIRE = gettext_lazy(
    "Stands in the file of the questionnaire. It changes with a new version of it, which two "
    "persons put into use."
)
BY_OFFICES = gettext_lazy("A setting of the servers, unless an office has its own.")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, who changes it, and by which setting of the servers."""

    title: str | Promise
    said: str
    changes: str | Promise
    setting: str = ""


@login_required
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The rules; for whoever changes policies or audits."""
    if not any(may(request.user, one) for one in (Action.MANAGE_POLICIES, Action.READ_AUDIT)):
        raise Missing(Action.MANAGE_POLICIES)
    return render(request, "officials/administration/policies.html", {"rules": rules()})


def rules() -> list[Rule]:
    """What counting obeys at this moment."""
    people = _("At least %(people)s people stand behind every figure that is shown.")
    batch = _(
        "Answers are counted in batches of at least %(batch)s people, so that no single answer "
        "can be seen to arrive."
    )
    remarks = _("Remarks are handed over where at least %(people)s people left one.")
    found = [
        Rule(_("Fewest people"), people % {"people": POLICY.minimum_people}, IN_RELEASES),
        Rule(_("Batches"), batch % {"batch": POLICY.batch}, IN_RELEASES),
        Rule(_("Remarks"), remarks % {"people": POLICY.minimum_remarks}, IN_RELEASES),
        Rule(_("Fewest people for a role"), _by_role(), BY_SETTING, "MINIMUM_PEOPLE"),
        *[_of_questionnaire(one) for one in Instrument.objects.filter(offered=True)],
        Rule(_("Opening hours"), _hours(), BY_OFFICES, "OFFICE_HOURS"),
    ]
    return found


def _by_role() -> str:
    by_role: dict[str, int] = dict(settings.MINIMUM_PEOPLE)
    if not by_role:
        return _("All roles read figures from the same number of people on.")
    names = dict(Role.choices)
    return "; ".join(f"{names.get(role, role)}: {people}" for role, people in by_role.items())


def _hours() -> str:
    first, last = settings.OFFICE_HOURS
    return _("Answers from outside %(first)s to %(last)s on working days are flagged.") % {
        "first": f"{first:%H:%M}",
        "last": f"{last:%H:%M}",
    }


def _of_questionnaire(instrument: Instrument) -> Rule:
    said = _(
        "A form counts if at least %(share)s %% of its criteria are answered. Satisfied are the "
        "answers %(satisfied)s of %(valid)s. Method: %(method)s."
    ) % {
        "share": round(100 * instrument.minimum_answered),
        "satisfied": ", ".join(map(str, instrument.satisfied)),
        "valid": ", ".join(map(str, instrument.valid)),
        "method": instrument.get_method_display(),
    }
    return Rule(str(instrument), said, BY_QUESTIONNAIRE)
