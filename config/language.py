"""Which language a page speaks: Vietnamese until a person chooses another."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

# The parameter of an address that chooses a language, such as `?ngon-ngu=km`.
CHOICE = "ngon-ngu"


def offered_at(path: str) -> tuple[str, ...]:
    """The codes of the languages that the page at `path` has.

    Officials' pages have no Khmer: half of such a page would be Vietnamese, so all of it is.
    """
    codes = tuple(code for code, _ in settings.LANGUAGES)
    if path == "/" or path.startswith((settings.CITIZENS_PATH, settings.INVITATIONS_PATH)):
        return codes
    return tuple(code for code in codes if code in settings.LANGUAGES_OF_OFFICIALS)


def offered_languages(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """For every template: the codes of the languages that this page may be switched to."""
    return {"offered_languages": offered_at(request.path_info)}


class VietnameseFirstMiddleware:
    """Uses the language the person chose (address, else cookie), else Vietnamese.

    Never the browser's guess: a phone bought with English menus is no sign that its owner reads
    English best. A page that changes the language (a form that was sent with another) sets
    `request.LANGUAGE_CODE`; either way a choice is remembered by one cookie, and no choice by none.
    Who prints a poster in another language has not chosen it for the pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = offered_at(request.path_info)
        # Public results are kept by whoever stands in between: their address alone says it.
        is_shared = request.path_info.startswith(settings.RESULTS_PATH)
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        remembered = "" if is_shared else cookie
        usual = remembered if remembered in offered else settings.LANGUAGE_CODE
        asked = request.GET.get(CHOICE, "") if request.method in ("GET", "HEAD") else ""
        request.LANGUAGE_CODE = asked if asked in offered else usual
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and not is_shared and usual != request.LANGUAGE_CODE:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                request.LANGUAGE_CODE,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        # What only the person's browser may keep is found again whatever its cookies are by then:
        # else going back to a page that answered a form is an error, once the language changed.
        if not is_shared and "private" not in response.headers.get("Cache-Control", ""):
            patch_vary_headers(response, ["Cookie"])
        return response
