"""Cookies whose names begin with `__Host-`, where TLS is in front.

A browser takes such a cookie only from this host, encrypted, for all of its addresses: no
neighbour below the same domain can put one in its place.

Until this release the names were plain. On the day of the upgrade what a browser has under a plain
name is read once and given its new name, so that nobody is signed out and no form in somebody's
hands is refused. Later a plain name of a session or of a form's token is nothing but what a
neighbour may have put there: it is thrown away unread.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

HOST_ONLY = "__Host-"
# The first migration of the release that renamed them: when it was applied is when it came.
FIRST_MIGRATION = ("audit", "0001_entry")


class RenamedCookiesMiddleware:
    """Takes over cookies that were given before the upgrade, and throws their plain names away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.upgraded: datetime | None = None
        if not settings.SESSION_COOKIE_NAME.startswith(HOST_ONLY):
            raise MiddlewareNotUsed
        language = settings.LANGUAGE_COOKIE_NAME
        self.lives = {
            settings.SESSION_COOKIE_NAME: settings.SESSION_COOKIE_AGE,
            settings.CSRF_COOKIE_NAME: settings.CSRF_COOKIE_AGE,
            language: settings.LANGUAGE_COOKIE_AGE,
        }
        self.hidden = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
        self.plain = {name.removeprefix(HOST_ONLY): name for name in self.lives}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = [plain for plain in self.plain if plain in request.COOKIES]
        # what is kept for everybody carries nobody's cookie
        if not found or request.path_info.startswith((settings.RESULTS_PATH, settings.STATIC_URL)):
            return self.get_response(request)
        taken = {}
        for plain in found:
            value, name = request.COOKIES.pop(plain), self.plain[plain]
            if name not in request.COOKIES and (name not in self.hidden or self._is_recent()):
                request.COOKIES[name] = taken[name] = value
        response = self.get_response(request)
        for name, value in taken.items():
            if name not in response.cookies:
                response.set_cookie(
                    name,
                    value,
                    max_age=self.lives[name],
                    secure=True,
                    httponly=name in self.hidden,
                    samesite="Lax",
                )
        for plain in found:
            response.delete_cookie(plain, samesite="Lax")
        return response

    def _is_recent(self) -> bool:
        """Whether a session from before the upgrade can still be alive."""
        if self.upgraded is None:
            app, name = FIRST_MIGRATION
            try:
                applied = MigrationRecorder.Migration.objects.filter(app=app, name=name)
                self.upgraded = applied.values_list("applied", flat=True).first()
            except DatabaseError:  # away: the page says so, and the cookie is read next time
                return False
        lives = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return self.upgraded is not None and timezone.now() - self.upgraded < lives
