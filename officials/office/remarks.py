"""One remark: what a citizen wrote, what a person says it is, and what is replied.

Nothing here says which answers a remark came with, nor when it was written; see `remark_queue`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from audit.recurring import record_sparingly
from offices.access import may, require
from offices.models import User
from offices.rights import Action
from officials.access import Missing, office_or_404
from officials.office.remark_forms import BLANK_LEFT, AnswerForm, AssignForm, CloseForm
from officials.office.remark_queue import Choice, chosen, following, known_to, neighbours, row_of
from officials.office.reply_templates import template_text, templates
from surveys.models import Remark, Theme, Tone
from surveys.remarks import contacts, sorting, steps
from surveys.remarks.steps import LONGEST_REPLY, WAITING, RemarkNotPossible, RemarkObstacle
from surveys.remarks.workdays import own_days

State = Remark.State
# One key each, on the page's card and nowhere else: praise (khen), criticism (chê), suggestion
# (đề nghị); the themes by their number.
TONE_KEYS, THEME_KEYS = "kcd", "12345678"
SENTENCES: Mapping[RemarkObstacle, Promise] = {
    RemarkObstacle.NO_SUCH_STEP: gettext_lazy(
        "Somebody else has dealt with this remark meanwhile. Please look at it once more."
    ),
    RemarkObstacle.SHORT_REPLY: gettext_lazy("Write at least 10 characters."),
    RemarkObstacle.NOT_OF_THE_OFFICE: gettext_lazy("This official may not see the office."),
    RemarkObstacle.BLANK_LEFT: BLANK_LEFT,
}
KEPT = gettext_lazy(
    "Somebody else has dealt with this remark meanwhile. What you typed is kept below; please look "
    "at the remark once more."
)
DONE: Mapping[State, Promise] = {
    State.ASSIGNED: gettext_lazy("The remark is assigned."),
    State.ANSWERED: gettext_lazy("The reply is stored. The citizen can read it now."),
    State.PUBLISHED: gettext_lazy("The remark and its reply are published."),
    State.DONE: gettext_lazy("The remark is closed."),
}


# Where the buttons of a remark's page lead it.
LEADS: Mapping[str, State] = {
    "assign": State.ASSIGNED,
    "answer": State.ANSWERED,
    "publish": State.PUBLISHED,
    "close": State.DONE,
    "answer_again": State.ANSWERED,
    "close_again": State.DONE,
}
# Of those above the office, for what was opened again.
AGAIN = frozenset({"answer_again", "close_again"})


@dataclass
class Forms:
    """What may be done with a remark; None for what may not."""

    assign: AssignForm | None
    answer: AnswerForm | None
    close: CloseForm | None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def remark(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """One remark: its text, what may be done with it, its history."""
    office = office_or_404(request.user, slug, Action.SEE_REMARKS)
    # whoever it may be assigned to is looked for in the units above
    known = known_to(office).select_related(
        "assigned_to", "office__unit__parent__parent", "office__today_unit__parent__parent"
    )
    shown = get_object_or_404(known, key=key)
    user = cast(User, request.user)
    forms = _forms(user, shown, template_text(request.GET.get("mau", "")))
    if request.method != "POST":
        record_sparingly("remark.seen", most=1, subject=str(key), office_id=office.pk)
        return _show(request, shown, forms)
    step = request.POST.get("step", "")
    if step == "contact":
        # a look that is noted, and changes nothing
        return _show(request, shown, forms, consent=contacts.show(shown, user))
    if step == "tag":
        return _sort(request, shown, user)
    if step not in LEADS:
        raise Http404
    if step in AGAIN:
        require(user, Action.ANSWER_REOPENED, office)
    elif not steps.may_take(user, LEADS[step], shown):
        raise Missing(steps.needed(LEADS[step], shown), office)
    sent = request.POST.get("seen") or ""
    if sent != str(shown.state) or (step in AGAIN and not shown.raised):
        return _stale(request, key, known)
    try:
        done = _take(request, shown, forms, user)
    except RemarkNotPossible as refused:
        if refused.obstacle is RemarkObstacle.NO_SUCH_STEP:
            return _stale(request, key, known)
        messages.error(request, str(SENTENCES[refused.obstacle]))
        return redirect("officials:remark", slug, key)
    if done is None:
        return _show(request, shown, forms, status=422)
    messages.success(request, str(DONE[State(done.state)]))
    if request.GET.get("tiep") != "1":
        return redirect("officials:remark", slug, key)
    then = following(office, done)
    if then is None:
        return redirect("officials:remarks", slug)
    return redirect("officials:remark", slug, then.key)


def _sort(request: HttpRequest, shown: Remark, user: User) -> HttpResponse:
    """Keeps the tone or theme whose button was pressed, and comes back to the buttons."""
    if not steps.may_take(user, State.ANSWERED, shown):
        raise Missing(steps.needed(State.ANSWERED, shown), shown.office)
    if shown.state not in WAITING:
        messages.error(request, str(SENTENCES[RemarkObstacle.NO_SUCH_STEP]))
    else:
        sent = request.POST
        tone, theme = _wanted(Tone, sent.get("tone")), _wanted(Theme, sent.get("theme"))
        sorting.sort(shown, user, tone=tone, theme=theme)
    page = reverse("officials:remark", args=[shown.office.slug, shown.key])
    return redirect(f"{page}#phan-loai")


def _wanted(kind: type[Choice], sent: str | None) -> Choice | sorting.Kept | None:
    """What a button says: a tone or theme, None for none of them; anything else changes nothing."""
    if sent == "":
        return None
    return chosen(kind, sent) or sorting.Kept.AS_IT_IS


def _stale(request: HttpRequest, key: UUID, known: QuerySet[Remark]) -> HttpResponse:
    """The remark as it stands now, with what was typed for it as it stood before."""
    shown = get_object_or_404(known, key=key)
    forms = _forms(cast(User, request.user), shown)
    step, sent = request.POST.get("step"), request.POST
    typed = ""
    if step in ("answer", "answer_again"):
        typed = sent.get("reply", "")[:LONGEST_REPLY]
        if forms.answer:
            forms.answer = AnswerForm(initial={"reply": typed})
    elif step in ("close", "close_again"):
        typed = sent.get("why", "")[:LONGEST_REPLY]
        if forms.close:
            forms.close = CloseForm(initial={"why": typed})
    carried = forms.answer if step in ("answer", "answer_again") else forms.close
    messages.error(request, str(KEPT if typed else SENTENCES[RemarkObstacle.NO_SUCH_STEP]))
    return _show(request, shown, forms, status=409, typed="" if carried else typed)


def _take(request: HttpRequest, shown: Remark, forms: Forms, user: User) -> Remark | None:
    """Takes the step that was sent; None if its form has something to mend, then in `forms`.

    What is no step is refused by `surveys.remarks.steps`, whatever the page offered.
    """
    step = request.POST.get("step")
    if step == "publish":
        return steps.publish(shown, user)
    if step == "assign":
        forms.assign = AssignForm(shown.office, request.POST)
        if not forms.assign.is_valid():
            return None
        return steps.assign(shown, forms.assign.official(), user)
    if step in ("answer", "answer_again"):
        forms.answer = AnswerForm(request.POST)
        if not forms.answer.is_valid():
            return None
        return steps.answer(shown, forms.answer.cleaned_data["reply"], user)
    if shown.state not in WAITING:
        return steps.finish(shown, user)
    forms.close = CloseForm(request.POST)
    if not forms.close.is_valid():
        return None
    return steps.finish(shown, user, forms.close.cleaned_data["why"])


def _forms(user: User, shown: Remark, reply: str = "") -> Forms:
    possible = steps.steps_of(user, shown)
    return Forms(
        assign=AssignForm(shown.office) if State.ASSIGNED in possible else None,
        answer=AnswerForm(initial={"reply": reply or shown.reply})
        if State.ANSWERED in possible
        else None,
        close=CloseForm() if State.DONE in possible and shown.state in WAITING else None,
    )


def _show(
    request: HttpRequest,
    shown: Remark,
    forms: Forms,
    status: int = 200,
    consent: contacts.Consent | None = None,
    typed: str = "",
) -> HttpResponse:
    possible = steps.steps_of(cast(User, request.user), shown)
    before, after = neighbours(shown)
    above = steps.needed(State.ANSWERED, shown) == Action.ANSWER_REOPENED
    sorts = sorting.may_sort(cast(User, request.user), shown)
    context = {
        "office": shown.office,
        "row": row_of(shown, timezone.localdate(), own_days(shown.office_id)),
        "remark": shown,
        "forms": forms,
        "typed": typed,
        "again": "_again" if above else "",
        "before": before,
        "after": after,
        "others_wait": bool(before or after or following(shown.office, shown)),
        "tones": list(zip(Tone, TONE_KEYS, strict=True)) if sorts else [],
        "themes": list(zip(Theme, THEME_KEYS, strict=True)) if sorts else [],
        "templates": templates() if forms.answer else [],
        "may_publish": State.PUBLISHED in possible,
        "may_close": State.DONE in possible and shown.state not in WAITING,
        "history": steps.history(shown),
        "consent": consent,
        "may_see_contact": consent is None
        and may(request.user, Action.LOOK_AT_CONTACTS, shown.office)
        and contacts.exists(shown),
        "looks": contacts.looks(shown),
    }
    return render(request, "officials/office/remark.html", context, status=status)
