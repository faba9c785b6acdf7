"""What every answer tells browsers and whatever stands in between: what may be kept, what is off.

The outermost middleware, so that it speaks for refusals and errors as well. Strict is the rule: an
address that nothing here names is kept by nobody. Citizens' pages have rules of their own
(`surveys.citizen.browsers`), which stay as they are.
"""

from collections.abc import Callable
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class Keeping(StrEnum):
    """Who may keep the answers of an address."""

    NOBODY = "nobody"  # figures, persons, accounts, programs' answers
    AS_SAID = "as said"  # pages of everybody, which say it themselves
    EVERYBODY = "everybody"  # static files


NOTHING_KEPT = "no-store, private"
ASK_AGAIN = "no-cache"
# Whoever signs out at a shared computer leaves no page behind. Never "storage": the same browser
# may be a paired tablet, or a phone with answers that wait. Never "cookies": those of the whole
# domain would go, so the portal beside us would sign people out.
CLEARED_AT_SIGN_OUT = '"cache"'
SIGN_OUT = ("/dang-xuat/", "/quan-tri/logout/")

# A one-time link is in no Referer, so in no log of a proxy that notes where a file was asked from.
# Never "no-referrer": a form of such a page is sent from the origin "null", and refused.
LINKS = "/lien-ket/"
NO_PATH_TOLD = "strict-origin"

# What browsers offer to pages. A name that Chromium does not know is an error in its console.
FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
PASSKEYS = frozenset({"publickey-credentials-create", "publickey-credentials-get"})
# The few pages that use something, by how their addresses begin.
USED: dict[str, frozenset[str]] = {
    "/dang-nhap/": PASSKEYS,
    "/tai-khoan/": PASSKEYS,
    # the address of a view, a link or a key is copied by a press
    "/bao-cao/": frozenset({"clipboard-write"}),
    "/ks/may-tinh-bang/": frozenset({"fullscreen", "screen-wake-lock"}),
    # the receipt's code, which takes the place of the form in the same document
    "/ks/": frozenset({"clipboard-write"}),
    "/m/": frozenset({"clipboard-write"}),
}
# The bare address alone, below which every other begins: the office that is near is found on the
# device (decision 0061).
HOME = "/"
USED_AT_HOME = frozenset({"geolocation"})


def policy(used: frozenset[str] = frozenset()) -> str:
    """The header Permissions-Policy with everything off but what is used."""
    return ", ".join(f"{name}={'(self)' if name in used else '()'}" for name in FEATURES)


# The header says something of documents alone. On scripts and styles it would be a tenth of what a
# citizen's first page weighs.
PARTS_OF_PAGES = ("text/javascript", "text/css", "font/")
POLICIES = tuple((path, policy(used)) for path, used in USED.items())
AT_HOME = policy(USED_AT_HOME)
ALL_OFF = policy()


def keeping(path: str) -> Keeping:
    """Who may keep what stands at a path."""
    said = (settings.CITIZENS_PATH, settings.INVITATIONS_PATH, settings.RESULTS_PATH)
    if path.startswith(said):
        return Keeping.AS_SAID
    if path.startswith(settings.STATIC_URL):
        return Keeping.EVERYBODY
    return Keeping.NOBODY


def permissions(path: str) -> str:
    """The header Permissions-Policy of a path."""
    if path == HOME:
        return AT_HOME
    return next((said for begin, said in POLICIES if path.startswith(begin)), ALL_OFF)


class WireMiddleware:
    """Sets the headers; asks nobody and reads nothing but the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers, path = response.headers, request.path_info
        kept = keeping(path)
        said = headers.get("Cache-Control", "")
        wrong = response.status_code >= 400
        if kept is Keeping.NOBODY or said == "no-store" or (wrong and not said):
            headers["Cache-Control"] = NOTHING_KEPT
        elif not said:
            headers["Cache-Control"] = ASK_AGAIN
        if not headers.get("Content-Type", "").startswith(PARTS_OF_PAGES):
            headers["Permissions-Policy"] = permissions(path)
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if path.startswith(LINKS):
            headers["Referrer-Policy"] = NO_PATH_TOLD
        if request.method == "POST" and path in SIGN_OUT and not wrong:
            headers["Clear-Site-Data"] = CLEARED_AT_SIGN_OUT
        return response
