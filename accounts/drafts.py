"""What was typed when a session ended: kept for its account, for a day.

A form that arrives after its session has ended goes nowhere. Its fields are sealed and offered to
whoever signs in with that account; they are never sent by themselves. No passwords, no codes, no
files.
"""

import json
import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Draft
from accounts.sealing import InvalidToken, opened, sealed
from offices.models import User

KEPT = timedelta(days=1)
PURPOSE = "drafts"
MOST_LETTERS = 64_000
MOST_OF_A_USER = 20
# The field by which a form that is sent again says which draft it was.
AGAIN = "unsent_form"
LEFT_OUT = re.compile(r"csrfmiddlewaretoken|password|code|credential|token|secret|" + AGAIN)


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was not sent: fields as (name, value), in their order."""

    draft: Draft
    fields: tuple[tuple[str, str], ...]


def _is_kept_here(path: str) -> bool:
    return path.startswith(tuple(settings.DRAFT_PATHS))


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether one of our own pages sent the form: nobody else may put words into a draft."""
    return request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"


def keep(user_id: int, request: HttpRequest) -> Draft | None:
    """Keeps the fields of a form for an account; None where there is nothing to keep."""
    if not _is_kept_here(request.path) or not is_from_our_page(request):
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if not LEFT_OUT.search(name.lower())
        for value in values
        if isinstance(value, str)
    ]
    said = json.dumps(fields)
    path = request.get_full_path()
    if not any(value.strip() for _, value in fields) or len(said) > MOST_LETTERS or len(path) > 500:
        return None
    with transaction.atomic():
        draft, _ = Draft.objects.update_or_create(
            user_id=user_id,
            path=path,
            defaults={"sealed": sealed(said, PURPOSE).encode(), "made_at": timezone.now()},
        )
        kept = Draft.objects.filter(user_id=user_id).order_by("-made_at")
        too_many = list(kept.values_list("pk", flat=True)[MOST_OF_A_USER:])
        Draft.objects.filter(pk__in=too_many).delete()
    return draft


def unsent_of(user: User) -> list[Unsent]:
    """What the account has left unsent during the last day, the latest first."""
    since = timezone.now() - KEPT
    found = []
    for draft in Draft.objects.filter(user=user, made_at__gte=since).order_by("-made_at"):
        try:
            said = json.loads(opened(bytes(draft.sealed).decode(), PURPOSE))
        except InvalidToken:
            continue  # sealed under a key that nobody has any more
        found.append(Unsent(draft, tuple((str(name), str(value)) for name, value in said)))
    return found


def offers(user: User) -> str | None:
    """The address where unsent forms are offered; None if there are none."""
    since = timezone.now() - KEPT
    if not Draft.objects.filter(user=user, made_at__gte=since).exists():
        return None
    return reverse("unsent")


def was_sent(user: User, request: HttpRequest) -> None:
    """Forgets the draft that a form was sent from, once the form was taken."""
    number = request.POST.get(AGAIN, "")
    if number.isascii() and number.isdecimal() and len(number) < 16:
        Draft.objects.filter(user=user, pk=int(number), path=request.get_full_path()).delete()


def forget_drafts() -> int:
    """Deletes what is older than a day; how many."""
    return Draft.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]
