"""The queue of an office's remarks: what is urgent or due first; thanks for praise, all at once.

Nothing here says which answers a remark came with, nor when it was written: only remarks that
were handed over (`reports.handover`) are shown, with the day on which that happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from audit.recurring import record_sparingly
from offices.access import Reader, may, memberships_with
from offices.calendar import Exceptions
from offices.models import Office, User
from offices.names import plain
from offices.rights import Action
from offices.search import LONGEST_SEARCH
from officials.access import Missing, office_or_404
from surveys.models import Remark, Theme, Tone
from surveys.remarks import steps
from surveys.remarks.steps import (
    IN_TURN,
    WAITING,
    WITH_OFFICE,
    WITH_THOSE_ABOVE,
    RemarkNotPossible,
)
from surveys.remarks.thanks import thanks_for
from surveys.remarks.workdays import own_days, working_days_left

State = Remark.State
Choice = TypeVar("Choice", Tone, Theme)
ON_A_PAGE = 20
# The filters as the address names them.
FILTERS: Mapping[str, tuple[Promise, Q]] = {
    "cho": (gettext_lazy("Waiting for a reply"), WITH_OFFICE),
    "mo-lai": (gettext_lazy("Opened again, with those above"), WITH_THOSE_ABOVE),
    "da-tra-loi": (gettext_lazy("Answered"), Q(state=State.ANSWERED)),
    "cong-khai": (gettext_lazy("Published"), Q(state=State.PUBLISHED)),
    "ket-thuc": (gettext_lazy("Closed"), Q(state=State.DONE)),
    "tat-ca": (gettext_lazy("All"), Q()),
}


@dataclass(frozen=True)
class RemarkRow:
    """A remark with the working days left for its reply; None if it has one, or needs none."""

    remark: Remark
    days_left: int | None
    waits: bool

    @property
    def days_over(self) -> int:
        """By how many working days the reply is late; 0 where it is not."""
        return max(-(self.days_left or 0), 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `tone` and `theme` are None for all of them."""

    state: str
    late: bool
    words: str
    tone: Tone | None
    theme: Theme | None

    @property
    def query(self) -> str:
        """The same as part of an address."""
        asked = {
            "trang-thai": self.state,
            "han": "qua" if self.late else "",
            "tim": self.words,
            "sac-thai": self.tone or "",
            "chu-de": self.theme or "",
        }
        return urlencode({name: value for name, value in asked.items() if value != ""})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def remarks(request: HttpRequest, slug: str) -> HttpResponse:
    """The remarks of an office: those that wait first, the most urgent on top."""
    office = office_or_404(request.user, slug, Action.SEE_REMARKS)
    asked = _asked(request)
    if request.method == "POST":
        return _thank(request, office, asked)
    known = known_to(office)
    today = timezone.localdate()
    counted = known.aggregate(
        **{name: Count("key", filter=which) for name, (_label, which) in FILTERS.items() if which},
        **{"tat-ca": Count("key"), "late": Count("key", WITH_OFFICE & Q(due_on__lt=today))},
    )
    shown = _matching(known.filter(FILTERS[asked.state][1]), asked, today)
    in_turn = asked.state in ("cho", "mo-lai")
    order = IN_TURN if in_turn else ("-released_on", "key")
    record_sparingly("remarks.seen", most=1, subject=office.slug, office_id=office.pk)
    pages = Paginator(shown.select_related("assigned_to").order_by(*order), ON_A_PAGE)
    page = pages.get_page(request.GET.get("trang"))
    own = own_days(office.pk)
    rows = [row_of(remark, today, own) for remark in page]
    thanks = may(request.user, Action.ANSWER, office)
    context = {
        "office": office,
        "page": page,
        "rows": rows,
        "simulated": bool(rows) and all(row.remark.simulated for row in rows),
        "filtered": asked,
        "kept": asked.query,
        "overdue": counted["late"],
        "filters": [
            (name, label, counted[name])
            for name, (label, _) in FILTERS.items()
            if counted[name] or name != "mo-lai" or asked.state == name
        ],
        "tones": Tone.choices,
        "themes": Theme.choices,
        "may_thank": thanks and any(is_praise(row.remark) for row in rows),
        "within": steps.REPLY_WITHIN,
        "above": _above(request.user),
    }
    return render(request, "officials/office/remarks.html", context)


def _above(user: Reader) -> int | None:
    """The key of a unit whose remarks this reader sees as a whole; None where there is none."""
    units = (one.unit_id for one in memberships_with(user, Action.SEE_REMARKS))
    return next((key for key in units if key is not None), None)


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    state = given.get("trang-thai", "")
    state = state if state in FILTERS else "cho"
    return Asked(
        state,
        state == "cho" and given.get("han") == "qua",
        " ".join(given.get("tim", "").replace("\0", " ").split())[:LONGEST_SEARCH],
        chosen(Tone, given.get("sac-thai")),
        chosen(Theme, given.get("chu-de")),
    )


def chosen(kind: type[Choice], sent: str | None) -> Choice | None:
    """The tone or theme with this number; None for anything else."""
    known = {str(one.value): one for one in kind}
    return known.get(sent or "")


def _matching(shown: QuerySet[Remark], asked: Asked, today: date) -> QuerySet[Remark]:
    if asked.late:
        shown = shown.filter(due_on__lt=today)
    if asked.tone is not None:
        shown = shown.filter(tone=asked.tone)
    if asked.theme is not None:
        shown = shown.filter(theme=asked.theme)
    if asked.words:
        shown = shown.filter(key__in=_with_words(shown, asked.words))
    return shown


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


def _thank(request: HttpRequest, office: Office, asked: Asked) -> HttpResponse:
    """Answers the praise among what was chosen with thanks, each for itself; says what was not."""
    if request.POST.get("step") != "thank":
        raise Http404
    user = cast(User, request.user)
    if not may(user, Action.ANSWER, office):
        raise Missing(Action.ANSWER, office)
    sent = request.POST.getlist("remark")[:ON_A_PAGE]
    wanted = [key for key in sent if is_key(key)]
    found = known_to(office).filter(key__in=wanted).select_related("office")
    done = sum(_thanked(remark, user) for remark in found)
    if done:
        said = ngettext(
            "%(number)s remark was answered with thanks.",
            "%(number)s remarks were answered with thanks.",
            done,
        )
        messages.success(request, said % {"number": done})
    left = len(sent) - done
    if left:
        said = ngettext(
            "%(number)s remark was not: only praise that waits gets thanks at once. Open it, say "
            "that it is praise, or answer it by itself.",
            "%(number)s remarks were not: only praise that waits gets thanks at once. Open them, "
            "say that they are praise, or answer them one by one.",
            left,
        )
        messages.error(request, said % {"number": left})
    if not sent:
        messages.error(request, gettext("Choose at least one remark."))
    return redirect(f"{reverse('officials:remarks', args=[office.slug])}?{asked.query}")


def _thanked(remark: Remark, user: User) -> bool:
    if not is_praise(remark):
        return False
    try:
        steps.answer(remark, thanks_for(remark.text), user)
    except RemarkNotPossible:
        return False  # somebody else was faster
    return True


def is_praise(remark: Remark) -> bool:
    """Whether thanks are enough: praise that waits for its first reply, without words of alarm."""
    with_office = remark.state in WAITING and remark.reopened_on is None
    return remark.tone == Tone.PRAISE and with_office and not remark.urgent


def is_key(sent: str) -> bool:
    """Whether a form sent what can be the key of a remark."""
    try:
        return bool(UUID(sent))
    except ValueError:
        return False


def known_to(office: Office) -> QuerySet[Remark]:
    """What was handed to the office, and was not erased."""
    return Remark.objects.filter(office=office, released_on__isnull=False, erased_on=None)


def following(office: Office, done: Remark) -> Remark | None:
    """The next remark that waits in the order of the queue; None where none does."""
    with_them = WITH_THOSE_ABOVE if done.raised else WITH_OFFICE
    waiting = known_to(office).filter(with_them).exclude(key=done.key)
    return waiting.order_by(*IN_TURN).first()


def neighbours(remark: Remark) -> tuple[UUID | None, UUID | None]:
    """The keys before and after it among those that wait with it; None at the ends."""
    waiting = WITH_THOSE_ABOVE if remark.raised else WITH_OFFICE
    there = known_to(remark.office).filter(waiting).order_by(*IN_TURN)
    keys = list(there.values_list("key", flat=True))
    at = keys.index(remark.key) if remark.key in keys else None
    if at is None:
        return None, None
    return keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None


def row_of(remark: Remark, today: date, own: Exceptions) -> RemarkRow:
    """How the remark stands today."""
    waits = remark.state in WAITING
    if not waits or remark.due_on is None:
        return RemarkRow(remark, None, waits)
    return RemarkRow(remark, working_days_left(today, remark.due_on, own), waits)
