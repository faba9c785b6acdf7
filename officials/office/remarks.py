"""The officials' pages about remarks: what citizens wrote, what is due, and what is replied.

Nothing here says which answers a remark came with, nor when it was written: only remarks that
were handed over (`reports.handover`) are shown, with the day on which that happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from audit.recurring import record_sparingly
from offices.access import may
from offices.calendar import Exceptions
from offices.models import Office, User
from offices.names import plain
from offices.rights import Action
from offices.search import LONGEST_SEARCH
from officials.access import Missing, office_or_404
from officials.office.remark_forms import AnswerForm, AssignForm, CloseForm
from surveys.models import Remark
from surveys.remarks import contacts, steps
from surveys.remarks.steps import WAITING, RemarkNotPossible, RemarkObstacle
from surveys.remarks.workdays import own_days, working_days_left

State = Remark.State
ON_A_PAGE = 20
# The filters as the address names them.
FILTERS: Mapping[str, tuple[Promise, tuple[State, ...]]] = {
    "cho": (gettext_lazy("Waiting for a reply"), (State.NEW, State.ASSIGNED)),
    "da-tra-loi": (gettext_lazy("Answered"), (State.ANSWERED,)),
    "cong-khai": (gettext_lazy("Published"), (State.PUBLISHED,)),
    "ket-thuc": (gettext_lazy("Closed"), (State.DONE,)),
    "tat-ca": (gettext_lazy("All"), tuple(State)),
}
SENTENCES: Mapping[RemarkObstacle, Promise] = {
    RemarkObstacle.NO_SUCH_STEP: gettext_lazy(
        "Somebody else has dealt with this remark meanwhile. Please look at it once more."
    ),
    RemarkObstacle.SHORT_REPLY: gettext_lazy("Write at least 10 characters."),
    RemarkObstacle.NOT_OF_THE_OFFICE: gettext_lazy("This official may not see the office."),
}
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
}


@dataclass(frozen=True)
class RemarkRow:
    """A remark with the working days left for its reply; None if it has one."""

    remark: Remark
    days_left: int | None

    @property
    def days_over(self) -> int:
        """By how many working days the reply is late; 0 where it is not."""
        return max(-(self.days_left or 0), 0)


@dataclass
class Forms:
    """What may be done with a remark; None for what may not."""

    assign: AssignForm | None
    answer: AnswerForm | None
    close: CloseForm | None


@login_required
@require_safe
@never_cache
def remarks(request: HttpRequest, slug: str) -> HttpResponse:
    """The remarks of an office: those that wait first, the most urgent on top."""
    office = office_or_404(request.user, slug, Action.SEE_REMARKS)
    chosen = request.GET.get("trang-thai", "")
    chosen = chosen if chosen in FILTERS else "cho"
    known = _known(office)
    today = timezone.localdate()
    waiting = known.filter(state__in=WAITING)
    counted = dict(known.values_list("state").annotate(Count("state")))
    shown = known.filter(state__in=FILTERS[chosen][1]).select_related("assigned_to")
    late = chosen == "cho" and request.GET.get("han") == "qua"
    if late:
        shown = shown.filter(due_on__lt=today)
    wanted = " ".join(request.GET.get("tim", "").replace("\0", " ").split())[:LONGEST_SEARCH]
    if wanted:
        shown = shown.filter(key__in=_with_words(shown, wanted))
    own = own_days(office.pk)
    order = ("due_on", "key") if chosen == "cho" else ("-released_on", "key")
    record_sparingly("remarks.seen", most=1, subject=office.slug, office_id=office.pk)
    page = Paginator(shown.order_by(*order), ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "office": office,
        "page": page,
        "rows": [_row(remark, today, own) for remark in page],
        "chosen": chosen,
        "late": late,
        "wanted": wanted,
        "overdue": waiting.filter(due_on__lt=today).count(),
        "filters": [
            (name, label, sum(counted.get(state, 0) for state in states))
            for name, (label, states) in FILTERS.items()
        ],
        "within": steps.REPLY_WITHIN,
    }
    return render(request, "officials/office/remarks.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def remark(request: HttpRequest, slug: str, key: UUID) -> HttpResponse:
    """One remark: its text, what may be done with it, its history."""
    office = office_or_404(request.user, slug, Action.SEE_REMARKS)
    shown = get_object_or_404(_known(office).select_related("office", "assigned_to"), key=key)
    user = cast(User, request.user)
    forms = _forms(user, shown)
    if request.method != "POST":
        record_sparingly("remark.seen", most=1, subject=str(key), office_id=office.pk)
        return _show(request, shown, forms)
    step = request.POST.get("step", "")
    if step == "contact":
        # a look that is noted, and changes nothing
        return _show(request, shown, forms, consent=contacts.show(shown, user))
    if step not in LEADS:
        raise Http404
    if not steps.may_take(user, LEADS[step], shown):
        raise Missing(steps.NEEDED[LEADS[step]], office)
    sent = request.POST.get("seen") or ""
    if sent != str(shown.state):
        messages.error(request, str(SENTENCES[RemarkObstacle.NO_SUCH_STEP]))
        return redirect("officials:remark", slug, key)
    try:
        done = _take(request, shown, forms, user)
    except RemarkNotPossible as refused:
        messages.error(request, str(SENTENCES[refused.obstacle]))
        return redirect("officials:remark", slug, key)
    if done is None:
        return _show(request, shown, forms, status=422)
    messages.success(request, str(DONE[State(done.state)]))
    if request.GET.get("tiep") != "1":
        return redirect("officials:remark", slug, key)
    following = _following(office, done)
    if following is None:
        return redirect("officials:remarks", slug)
    return redirect("officials:remark", slug, following.key)


def _with_words(remarks: QuerySet[Remark], wanted: str) -> list[UUID]:
    """The keys of those in which all the words stand, in the remark or its reply.

    Letters are compared without case and diacritics, which the database cannot.
    """
    words = plain(wanted).split()
    return [
        key
        for key, text, reply in remarks.values_list("key", "text", "reply")
        if all(word in plain(f"{text} {reply}") for word in words)
    ]


def _following(office: Office, done: Remark) -> Remark | None:
    """The next remark that waits in the order of the queue; None where none does."""
    waiting = _known(office).filter(state__in=WAITING).exclude(key=done.key)
    return waiting.order_by("due_on", "key").first()


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
    if step == "answer":
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


def _forms(user: User, shown: Remark) -> Forms:
    possible = steps.steps_of(user, shown)
    return Forms(
        assign=AssignForm(shown.office) if State.ASSIGNED in possible else None,
        answer=AnswerForm(initial={"reply": shown.reply}) if State.ANSWERED in possible else None,
        close=CloseForm() if State.DONE in possible and shown.state in WAITING else None,
    )


def _show(
    request: HttpRequest,
    shown: Remark,
    forms: Forms,
    status: int = 200,
    consent: contacts.Consent | None = None,
) -> HttpResponse:
    possible = steps.steps_of(cast(User, request.user), shown)
    context = {
        "office": shown.office,
        "row": _row(shown, timezone.localdate(), own_days(shown.office_id)),
        "remark": shown,
        "forms": forms,
        "others_wait": _following(shown.office, shown) is not None,
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


def _known(office: Office) -> QuerySet[Remark]:
    """What was handed to the office."""
    return Remark.objects.filter(office=office, released_on__isnull=False)


def _row(remark: Remark, today: date, own: Exceptions) -> RemarkRow:
    if remark.state not in WAITING or remark.due_on is None:
        return RemarkRow(remark, None)
    return RemarkRow(remark, working_days_left(today, remark.due_on, own))
