"""Where a request of an official comes from: its address, its browser in words."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

from audit.actors import Actor, is_handed_on_by_a_stranger, source_of
from offices.models import User

# The first that fits; several browsers name others too.
BROWSERS = (
    ("Cốc Cốc", r"coc_coc_browser"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Opera", r"OPR/|Opera"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux"),
)


def network_of(source: str | None) -> str:
    """What counts as one address when somebody tries: an IPv6 customer has 2^64 of them."""
    if source is None:
        return ""
    address = ipaddress.ip_address(source)
    if address.version == 4:
        return source
    return str(ipaddress.ip_network((source, 64), strict=False))


def browser_of(request: HttpRequest) -> str:
    """The browser and its system in words, such as `Firefox, Windows`; empty if unknown."""
    agent = request.headers.get("User-Agent", "")
    found = [
        next((name for name, pattern in names if re.search(pattern, agent)), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


def needs_no_second_factor(request: HttpRequest) -> bool:
    """Whether the request comes from a network that SECOND_FACTOR_FREE_NETWORKS names.

    Never where a proxy that nobody has named hands it on: everybody would come from its address.
    """
    source = source_of(request)
    if source is None or is_handed_on_by_a_stranger(request):
        return False
    address = ipaddress.ip_address(source)
    return any(address in network for network in settings.SECOND_FACTOR_FREE_NETWORKS)


def actor_of(request: HttpRequest, user: User | None = None) -> Actor:
    """Who acts in this request, for the audit. user: else whoever is signed in, else nobody."""
    source = source_of(request)
    if user is None and isinstance(getattr(request, "user", None), User):
        user = request.user  # type: ignore[assignment]
    return Actor("", None, source) if user is None else Actor(user.username, user.pk, source)
