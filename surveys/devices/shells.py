"""The shells of pages that build themselves in the browser, and what makes them work offline.

The shells are the same for everybody: no cookie, no address changes them, so that a service worker
may keep one of each. They carry all their texts in all languages.
"""

import hashlib
from collections.abc import Mapping

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from offices.addresses import public_url
from surveys.devices.wording import language_names, languages, wording

STYLES = ("site", "citizen", "kiosk", "offline")
SCRIPTS = (
    "aloud",
    "battery",
    "definition",
    "deliver",
    "draft",
    "elements",
    "fit",
    "kiosk",
    "kiosk-aids",
    "kiosk-key",
    "kiosk-panel",
    "kiosk-screens",
    "offline",
    "offline-setup",
    "older-phones",
    "outbox",
    "pictures",
    "questions",
    "seal",
    "session",
    "tablet",
    "text-size",
    "words",
)
FONTS = tuple(
    f"be-vietnam-pro/be-vietnam-pro-{script}-{weight}"
    for script in ("latin", "vietnamese")
    for weight in (400, 600, 700)
)
KHMER_FONTS = tuple(
    f"noto-sans-khmer/noto-sans-khmer-{cut}" for cut in ("khmer-400", "khmer-700", "name-400")
)
ICON_SIZES = (192, 512)
BLUE, WHITE = "#0b57a4", "#ffffff"


@require_safe
@cache_control(no_cache=True)
def kiosk(request: HttpRequest) -> HttpResponse:
    """The page of a tablet on a counter: pairing, then the questions."""
    return HttpResponse(_shell("surveys/devices/kiosk.html"))


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone without network shows in the place of the survey, and what waits on it."""
    return HttpResponse(_shell("surveys/devices/offline.html"))


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the shells and their files; another text whenever one changes."""
    files = kept_files()
    shells = [_shell("surveys/devices/kiosk.html"), _shell("surveys/devices/offline.html")]
    known = "\n".join([*files, *shells, settings.SOFTWARE])
    context = {
        "files": [reverse("surveys:kiosk"), reverse("surveys:offline"), *files],
        "version": hashlib.sha256(known.encode()).hexdigest()[:16],
    }
    text = render_to_string("surveys/devices/sw.js", context)
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


def kept_files() -> list[str]:
    """The addresses of all static files that the shells need."""
    fonts = FONTS + (KHMER_FONTS if "km" in languages() else ())
    return [
        *(static(f"css/{name}.css") for name in STYLES),
        *(static(f"js/{name}.js") for name in SCRIPTS),
        static("vendor/idb/idb.js"),
        *(static(f"vendor/{name}.woff2") for name in fonts),
    ]


def _shell(template: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        replies = segno.make(public_url(reverse("surveys:reply")), error="m", micro=False)
        context = {
            "wording": {"texts": wording(), "names": language_names()},
            # drawn by segno from our own address, the same for everybody
            "replies": mark_safe(replies.svg_inline(border=4, light="#fff", omitsize=True)),  # noqa: S308
        }
        return render_to_string(template, context)


@require_safe
@cache_control(max_age=3600)
def phone_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the survey among its apps."""
    return _manifest(
        {"name": "Hài Lòng", "start_url": reverse("surveys:offices"), "display": "standalone"}
    )


@require_safe
@cache_control(max_age=3600)
def tablet_manifest(request: HttpRequest) -> HttpResponse:
    """The same for a tablet on a counter, which fills the screen."""
    start = reverse("surveys:kiosk")
    name = _("Hài Lòng at the counter")
    return _manifest({"name": name, "start_url": start, "display": "fullscreen"})


def _manifest(own: Mapping[str, str]) -> JsonResponse:
    icons = [
        {
            "src": static(f"icons/{purpose}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for purpose in ("any", "maskable")
        for size in ICON_SIZES
    ]
    content = {
        **own,
        "id": own["start_url"],
        "short_name": "Hài Lòng",
        "lang": settings.LANGUAGE_CODE,
        "scope": reverse("surveys:offices"),
        "background_color": WHITE,
        "theme_color": BLUE,
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")
