"""What of a request the audit learns: which official sent it, and that they were refused."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from audit.actors import NOBODY, Actor, acting, source_of
from audit.models import Entry
from audit.recurring import record_sparingly

# What an address names, of what its pages are called by; nothing else of an address is kept.
NAMING = ("slug", "pk", "key")
# An official's refusals of one page and day that have an entry each; more are only counted.
MOST_REFUSALS = 10


class ActorMiddleware:
    """Names the signed-in official of a request in whatever is recorded; citizens never."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(lambda: _actor(request)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Notes that a signed-in official was refused, however this ends for the page."""
        actor = _actor(request)
        if not isinstance(exception, PermissionDenied) or actor.account_id is None:
            return
        found = request.resolver_match
        named = (
            {name: str(found.kwargs[name])[:60] for name in NAMING if name in found.kwargs}
            if found
            else {}
        )
        office, unit = _place(exception)
        record_sparingly(
            "access.refused",
            most=MOST_REFUSALS,
            subject=found.view_name if found else "",
            office_id=office,
            unit_id=unit,
            details={
                "method": str(request.method),
                **named,
                **({"right": str(exception.action)} if hasattr(exception, "action") else {}),
            },
            outcome=Entry.Outcome.REFUSED,
            by=actor,
        )


def _actor(request: HttpRequest) -> Actor:
    if request.path_info.startswith(
        (settings.CITIZENS_PATH, settings.INVITATIONS_PATH, settings.RESULTS_PATH)
    ):
        return NOBODY
    user = getattr(request, "user", None)
    if user is None or isinstance(user, AnonymousUser) or not user.is_authenticated:
        return NOBODY
    return Actor(user.get_username(), user.pk, source_of(request))


def _place(refused: Exception) -> tuple[int | None, int | None]:
    """The office or the unit in which the right was missing, where the refusal says so.

    An office is told by its short name: its model stands on a floor above.
    """
    place = getattr(refused, "place", None)
    if place is None:
        return None, None
    return (place.pk, None) if hasattr(place, "slug") else (None, place.pk)
