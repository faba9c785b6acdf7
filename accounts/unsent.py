"""The pages of forms that were not sent because a session had ended."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.csrf import csrf_failure as django_csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import drafts
from accounts.drafts import AGAIN, Unsent
from accounts.models import Draft
from offices.models import User


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an unsent form. is_text: somebody typed it; else a choice or a button."""

    name: str
    value: str
    is_text: bool


def _fields(unsent: Unsent) -> list[Field]:
    return [Field(name, value, " " in value or "\n" in value) for name, value in unsent.fields]


@login_required
@never_cache
@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """What one has left unsent, with a button to send each, and one to throw it away."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- login_required came first
    found = [
        {"draft": one.draft, "fields": _fields(one), "page": one.draft.path.partition("?")[0]}
        for one in drafts.unsent_of(user)
    ]
    return render(request, "accounts/unsent.html", {"found": found, "again": AGAIN})


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throws one away."""
    get_object_or_404(Draft, pk=pk, user=request.user).delete()
    return redirect(drafts.offers(request.user) or "officials:home")  # type: ignore[arg-type]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was opened before its reader signed in anew: what was typed is kept.

    Else what Django answers, in our frame.
    """
    user = request.user
    if isinstance(user, User) and drafts.keep(user.pk, request):
        return redirect("unsent")
    lost_by = getattr(request.session, "lost_by", None)
    if not user.is_authenticated and lost_by is not None and drafts.keep(lost_by, request):
        return redirect(f"{reverse('login')}?next={reverse('unsent')}")
    return django_csrf_failure(request, reason)
