"""What stands between officials' requests and the pages."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from accounts import drafts
from accounts.drafts import AGAIN
from accounts.emergency import OPENED_SO
from accounts.second_factors import has_second_factor, is_proved, way_to_prove
from accounts.sessions import SessionStore, Visit
from accounts.sources import browser_of, needs_no_second_factor
from audit.actors import source_of
from offices.models import User

Answer = Callable[[HttpRequest], HttpResponse]


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, but the session knows for which request it is opened."""

    def process_request(self, request: HttpRequest) -> None:
        """Opens no session yet: that happens when somebody asks for what is in it."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        visit = Visit(request.path, browser_of(request), source_of(request))
        request.session = SessionStore(key, visit)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """As Django's, but the browser keeps the key of a session that has ended.

        It says whose the form is that may still be sent in it.
        """
        if getattr(request.session, "lost_by", None) is not None and request.session.is_empty():
            patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)


class SecondFactorMiddleware:
    """Leads whoever comes over the internet to a second factor before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, or the way to it."""
        way = self._way(request)
        return self.get_response(request) if way is None else HttpResponseRedirect(way)

    def _way(self, request: HttpRequest) -> str | None:
        path = request.path
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if path == "/":  # for citizens
            return None
        if path.startswith(tuple(settings.WITHOUT_SECOND_FACTOR)) or needs_no_second_factor(
            request
        ):
            return None
        user = request.user
        if not isinstance(user, User) or is_proved(request, user) or request.session.get(OPENED_SO):
            return None
        after = urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
        if has_second_factor(user):
            confirming = reverse("account_reauthenticate")
            return None if path.startswith(confirming) else f"{way_to_prove(request)}?{after}"
        setting_up = (reverse("second_factor"), reverse("account_reauthenticate"))
        return None if path.startswith(setting_up) else reverse("second_factor")


def _forget(request: HttpRequest) -> None:
    if isinstance(request.user, User):
        drafts.was_sent(request.user, request)


class UnsentFormMiddleware:
    """Keeps what was typed in a session that has ended, and forgets it once it was sent again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; what was sent in vain is kept for whose session it was."""
        response = self.get_response(request)
        if request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            lost_by = getattr(request.session, "lost_by", None)
            if lost_by is not None and not request.user.is_authenticated:
                drafts.keep(lost_by, request)
            elif AGAIN in request.POST and response.status_code == 302:
                _forget(request)
        return response
