"""The pages of two persons: what waits for me, what I proposed, what became of it; and deciding."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from offices.access import Missing, memberships_with, offices_where, units_where
from offices.models import Office, Proposal, User
from offices.proposals import (
    KINDS,
    ChangedMeanwhile,
    Kind,
    Line,
    NotDone,
    approve,
    kind_of,
    may_decide,
    may_look,
    others_who_may,
    refuse,
    withdraw,
)
from offices.rights import ACTION_NAMES, Action
from officials.fields import ReasonField

A_PAGE = 30
FEW = 12  # differences that stand on the page at once; the others are folded
# The rights with which one proposes or approves anything, or reads what became of it.
OPENING = (
    *(Action.PUBLISH, Action.APPROVE, Action.EXCLUDE, Action.IMPORT_DOSSIERS),
    *(Action.IMPORT_FILES, Action.MANAGE_OFFICES, Action.MANAGE_QUESTIONNAIRES),
    *(Action.MANAGE_POLICIES, Action.PAIR_TABLETS, Action.READ_AUDIT),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal in a list."""

    proposal: Proposal
    kind: Kind
    place: str
    subject: str


class Refusal(forms.Form):
    """Why somebody says no."""

    use_required_attribute = False
    reason = ReasonField(
        label=gettext_lazy("Why it is refused"),
    )


@login_required
@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I proposed, and what became of the others in my places."""
    user = cast(User, request.user)
    if not any(memberships_with(user, action) for action in OPENING):
        raise Missing(Action.APPROVE)
    found = Proposal.objects.select_related("office", "unit", "proposed_by", "decided_by")
    standing = list(found.filter(state=Proposal.State.OPEN))
    mine = [one for one in standing if one.proposed_by_id == user.pk]
    for_me = [one for one in standing if may_decide(user, one)]
    beside = [
        one for one in standing if one not in mine and one not in for_me and may_look(user, one)
    ]
    decided = found.exclude(state=Proposal.State.OPEN).filter(pk__in=_seen(user))
    page = Paginator(decided, A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "for_me": _entries(for_me),
        "mine": _entries(mine),
        "beside": _entries(beside),
        "decided": _entries(page.object_list),
        "page": page,
    }
    return render(request, "officials/approving/waiting.html", context)


@login_required
@never_cache
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: what it would change and what is open; whoever may, decides here."""
    user = cast(User, request.user)
    found = Proposal.objects.select_related("office", "unit", "proposed_by", "decided_by")
    shown = found.filter(pk=pk).first()
    if shown is None or not may_look(user, shown):
        raise Http404
    if request.method != "POST":
        return _show(request, user, shown)
    steps: dict[str, Callable[[], HttpResponse]] = {
        "approve": lambda: _approve(request, user, shown),
        "refuse": lambda: _refuse(request, user, shown),
        "withdraw": lambda: _withdraw(request, user, shown),
    }
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        return _show(request, user, shown)
    try:
        return step()
    except ChangedMeanwhile as refused:
        return _show(request, user, shown, said=str(refused), changes=refused.changes)
    except NotDone as refused:
        shown.refresh_from_db()
        return _show(request, user, shown, said=str(refused))


def _approve(request: HttpRequest, user: User, shown: Proposal) -> HttpResponse:
    approve(shown, user)
    messages.success(request, _("Approved and carried out."))
    return redirect("officials:proposal", shown.pk)


def _refuse(request: HttpRequest, user: User, shown: Proposal) -> HttpResponse:
    form = Refusal(request.POST)
    if not form.is_valid():
        return _show(request, user, shown, form=form)
    refuse(shown, user, form.cleaned_data["reason"])
    messages.success(request, _("Refused. Whoever proposed it reads why."))
    return redirect("officials:proposal", shown.pk)


def _withdraw(request: HttpRequest, user: User, shown: Proposal) -> HttpResponse:
    if shown.proposed_by_id != user.pk:
        raise PermissionDenied  # nobody else is offered it, and no right would give it
    withdraw(shown, user)
    messages.success(request, _("Withdrawn."))
    return redirect("officials:proposal", shown.pk)


def _show(
    request: HttpRequest,
    user: User,
    shown: Proposal,
    *,
    form: Refusal | None = None,
    said: str = "",
    changes: tuple[Line, ...] = (),
) -> HttpResponse:
    kind = kind_of(shown)
    is_open = shown.state == Proposal.State.OPEN
    preview = kind.preview(shown)
    others = others_who_may(shown) if is_open else []
    context = {
        "proposal": shown,
        "kind": kind,
        "place": _place(shown),
        "subject": kind.subject(shown),
        "lists": any(memberships_with(user, action) for action in OPENING),
        "few": preview.lines[:FEW],
        "more": preview.lines[FEW:],
        "preview": preview,
        # the page where all of it stands is opened by whoever may propose such a thing
        "address": preview.address if memberships_with(user, kind.proposing) else "",
        "said": said,
        "changes": changes,
        "is_open": is_open,
        "decides": may_decide(user, shown),
        "proposes": is_open and shown.proposed_by_id == user.pk,
        "others": [one.get_full_name() or one.get_username() for one in others],
        "right": ACTION_NAMES[kind.approving],
        "form": form or Refusal(),
        "release": shown.result.get("release", ""),
    }
    status = 422 if said or (form is not None and form.errors) else 200
    return render(request, "officials/approving/proposal.html", context, status=status)


def _seen(user: User) -> list[int]:
    """The keys of decided proposals that the user may read; by the places of each right."""
    decided = Proposal.objects.exclude(state=Proposal.State.OPEN)
    found = set(decided.filter(proposed_by=user).values_list("pk", flat=True))
    for right in OPENING:
        kinds = [
            kind.name
            for kind in KINDS.values()
            if right in (kind.proposing, kind.approving, Action.READ_AUDIT)
        ]
        here = decided if right == Action.READ_AUDIT else decided.filter(kind__in=kinds)
        for column, places in (
            ("office", offices_where(user, right)),
            ("unit", units_where(user, right)),
        ):
            found |= set(
                here.filter(**{f"{column}__in": places.values("pk")}).values_list("pk", flat=True)
            )
    return list(found)


def _entries(proposals: Iterable[Proposal]) -> list[Entry]:
    kinds = [(one, kind_of(one)) for one in proposals]
    return [Entry(one, kind, _place(one), kind.subject(one)) for one, kind in kinds]


def _place(proposal: Proposal) -> str:
    place = proposal.place
    return place.name if isinstance(place, Office) else place.full_name
