"""The auditor's page of an office: which forms are left out of the count, why, and by whom.

It shows rules and their history, never a form. Making a rule takes two steps: a preview that says
how many people it concerns (tens only), then the confirmation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from offices.closing import in_closed_month
from offices.models import Counter, Office, User
from offices.proposals import NotProposed
from offices.rights import Action
from officials.access import office_or_404
from officials.approving.exclusions import propose_exclusion, propose_lifting
from officials.office.exclusion_forms import ExclusionForm, LiftForm
from officials.office.exclusion_words import sentences_of
from reports.showing.leaving import months_of_rules
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import (
    ExclusionNotPossible,
    ExclusionObstacle,
    exclude,
    lift,
    preview,
    rule_of,
)
from surveys.flags.rules import names_of
from surveys.models import Exclusion

SENTENCES: Mapping[ExclusionObstacle, Promise] = {
    ExclusionObstacle.WRONG_DAYS: gettext_lazy(
        "The last day must not be before the first day, nor after today."
    ),
    ExclusionObstacle.SHORT_REASON: gettext_lazy(
        "Give the reason in a sentence of at least 10 characters."
    ),
    ExclusionObstacle.TOO_FEW: gettext_lazy(
        "Fewer than 10 more people would be left out. This is not possible, because the change "
        "would show single answers. Choose more days or more marks."
    ),
    ExclusionObstacle.TOO_CLOSE: gettext_lazy(
        "This differs by fewer than 10 people from what was left out earlier. This is not "
        "possible, because the change would show single answers. Choose the same days and marks "
        "as earlier, or quite different ones."
    ),
    ExclusionObstacle.CLOSED: gettext_lazy(
        "The days lie in a month that is closed: a second person has to approve."
    ),
    ExclusionObstacle.LIFTED: gettext_lazy("This exclusion has already been lifted."),
}


@dataclass(frozen=True)
class Proposal:
    """A rule that waits for confirmation."""

    rule: Rule
    flags: list[str]
    counter: Counter | None
    people: int
    reason: str
    carried: list[tuple[str, str]]

    @property
    def waits(self) -> bool:
        """Whether a second person has to approve it."""
        return in_closed_month(self.rule.first_day)


@dataclass(frozen=True)
class RuleEntry:
    """A rule of the history; `form` lifts it, None if it is lifted.

    months: sentences on what the figures of its months do with it.
    """

    exclusion: Exclusion
    flags: list[str]
    months: list[str]
    form: LiftForm | None


@login_required
def exclusions(request: HttpRequest, slug: str) -> HttpResponse:
    """The history, and the form for another rule."""
    office = office_or_404(request.user, slug, Action.EXCLUDE)
    form = ExclusionForm(office, _counters(office), request.POST or None)
    if request.method != "POST":
        return _show(request, office, form)
    if not form.is_valid():
        return _show(request, office, form, status=422)
    if request.POST.get("step") == "exclude":
        user = cast(User, request.user)
        try:
            if in_closed_month(form.rule().first_day):
                made = propose_exclusion(office, form.rule(), form.cleaned_data["reason"], user)
                return redirect("officials:proposal", made.pk)
            exclude(form.rule(), form.cleaned_data["reason"], user)
        except NotProposed as refused:
            form.add_error(None, str(refused))
            return _show(request, office, form, status=422)
        except ExclusionNotPossible as refused:
            return _refuse(request, office, form, refused.obstacle)
        messages.success(
            request,
            _(
                "The exclusion holds. Where the figures may follow, they do so in the next "
                "minutes; where they wait, and until when, stands beside the rule."
            ),
        )
        return redirect("officials:exclusions", office.slug)
    seen = preview(form.rule())
    if seen.people is None or seen.obstacle is not None:
        return _refuse(request, office, form, seen.obstacle or ExclusionObstacle.TOO_FEW)
    return _show(request, office, form, proposal=_proposal(form, seen.people))


@login_required
@require_POST
def lift_exclusion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Lifts a rule of the office, with a reason."""
    office = office_or_404(request.user, slug, Action.EXCLUDE)
    exclusion = get_object_or_404(Exclusion, pk=pk, office=office)
    form = LiftForm(request.POST, auto_id=f"id_lift_{pk}_%s")
    if form.is_valid():
        user = cast(User, request.user)
        try:
            if exclusion.lifted_at is None and in_closed_month(exclusion.first_day):
                made = propose_lifting(exclusion, form.cleaned_data["reason"], user)
                return redirect("officials:proposal", made.pk)
            lift(exclusion.pk, form.cleaned_data["reason"], user)
        except NotProposed as refused:
            messages.error(request, str(refused))
        except ExclusionNotPossible as refused:
            messages.error(request, str(SENTENCES[refused.obstacle]))
        else:
            messages.success(
                request,
                _(
                    "The exclusion is lifted. Where the figures may follow, they do so in the next "
                    "minutes; where they wait stands beside the rule."
                ),
            )
        return redirect("officials:exclusions", office.slug)
    blank = ExclusionForm(office, _counters(office))
    return _show(request, office, blank, lifting={pk: form}, status=422)


def _counters(office: Office) -> list[Counter]:
    """All of them: what came from one that is out of use may have to go as well."""
    return list(office.counters.order_by("number"))


def _proposal(form: ExclusionForm, people: int) -> Proposal:
    rule = form.rule()
    return Proposal(
        rule=rule,
        flags=names_of(rule.flags),
        counter=next((c for c in _counters(form.office) if c.pk == rule.counter_id), None),
        people=people,
        reason=form.cleaned_data["reason"],
        carried=form.carried(),
    )


def _refuse(
    request: HttpRequest, office: Office, form: ExclusionForm, obstacle: ExclusionObstacle
) -> HttpResponse:
    """The page again, with the reason why not beside what was filled in."""
    fields = {ExclusionObstacle.WRONG_DAYS: "last_day", ExclusionObstacle.SHORT_REASON: "reason"}
    form.add_error(fields.get(obstacle), str(SENTENCES[obstacle]))
    return _show(request, office, form, status=422)


def _show(
    request: HttpRequest,
    office: Office,
    form: ExclusionForm,
    *,
    proposal: Proposal | None = None,
    lifting: Mapping[int, LiftForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """lifting: forms that were sent and have errors to show, by the key of the rule."""
    entries = _entries(office, lifting or {})
    context = {"office": office, "form": form, "proposal": proposal, "entries": entries}
    return render(request, "officials/office/exclusions.html", context, status=status)


def _entries(office: Office, lifting: Mapping[int, LiftForm]) -> list[RuleEntry]:
    """The history, the newest rule first."""
    found = list(office.exclusions.select_related("counter", "made_by", "lifted_by"))
    today = timezone.localdate()
    months = months_of_rules(office.pk, found, today) if found else {}
    return [
        RuleEntry(
            exclusion,
            names_of(rule_of(exclusion).flags),
            sentences_of(
                months.get(exclusion.pk, []), today, lifted=exclusion.lifted_at is not None
            ),
            _lift_form(exclusion, lifting),
        )
        for exclusion in found
    ]


def _lift_form(exclusion: Exclusion, lifting: Mapping[int, LiftForm]) -> LiftForm | None:
    if exclusion.lifted_at is not None:
        return None
    blank = LiftForm(auto_id=f"id_lift_{exclusion.pk}_%s")
    return lifting.get(exclusion.pk, blank)
