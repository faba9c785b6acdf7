"""Which language a page speaks: a person's choice, for citizens else their browser's, else ours."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

# The parameter of an address that chooses a language, such as `?ngon-ngu=km`.
CHOICE = "ngon-ngu"
# Among citizens' addresses those that are no page of one person: what is printed and hung up, what
# a tablet, an official or a program asks for. A browser's own language says nothing of them.
NOBODYS = re.compile(r"/(poster|may-tinh-bang|ngoai-tuyen|giao|huong-dan-can-bo)/|\.[a-z]+$")


def is_of_citizens(path: str) -> bool:
    """Whether it is the bare address, a page of citizens or an invitation."""
    return path == "/" or path.startswith((settings.CITIZENS_PATH, settings.INVITATIONS_PATH))


def offered_at(path: str) -> tuple[str, ...]:
    """The codes of the languages that the page at `path` has.

    Officials' pages have no Khmer: half of such a page would be Vietnamese, so all of it is.
    """
    codes = tuple(code for code, _ in settings.LANGUAGES)
    if is_of_citizens(path):
        return codes
    return tuple(code for code in codes if code in settings.LANGUAGES_OF_OFFICIALS)


def offered_languages(request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """For every template: the codes of the languages that this page may be switched to."""
    return {"offered_languages": offered_at(request.path_info)}


def of_the_browser(request: HttpRequest) -> str:
    """Ours if the browser asks for it at all, else the first it asks for that this page has.

    Phones are sold with English menus, and their owners add Vietnamese below: they read ours.
    On citizens' pages alone: officials' computers come with English menus, their work does not.
    """
    path = request.path_info
    if is_of_citizens(path) and not NOBODYS.search(path):
        offered = offered_at(path)
        accepted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
        asked = [tag.partition("-")[0] for tag, quality in accepted if quality]
        if settings.LANGUAGE_CODE not in asked:
            return next((code for code in asked if code in offered), settings.LANGUAGE_CODE)
    return settings.LANGUAGE_CODE


class VietnameseFirstMiddleware:
    """Uses the language the person chose (address, else cookie), else the browser's, else ours.

    The browser's is a first guess and chooses nothing: one press changes it, and no cookie is made
    of it. A page that changes the language (a form that was sent with another) sets
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
        usual = remembered if remembered in offered else of_the_browser(request)
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
            guessed = is_of_citizens(request.path_info)
            patch_vary_headers(response, ["Cookie", "Accept-Language"] if guessed else ["Cookie"])
        return response
