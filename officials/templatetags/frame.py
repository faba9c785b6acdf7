"""The frame of the officials' pages: the rooms of the place that a page is about, and its place."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import pgettext

from offices.access import Reader, seen_among
from offices.models import AdministrativeUnit, Office
from offices.names import short
from officials.administration.index import may_administer
from officials.figures.choice import Choice
from officials.rooms import Place, Room, rooms_anywhere, rooms_of
from reports.briefing.placing import place_of

register = template.Library()


@register.inclusion_tag("officials/parts/rooms.html", takes_context=True)
def rooms(context: Context) -> dict[str, Any]:
    """The rooms of the page's place; of the reader's own where the page is about none of theirs.

    The place is what the page calls `office` or `unit`.
    """
    request: HttpRequest | None = context.get("request")
    user: Reader | None = getattr(request, "user", None)  # none where a refusal comes before it
    if request is None or user is None or not user.is_authenticated:
        return {}
    place = _place(context)
    five, more = rooms_of(user, place) if place else ([], [])
    if not five:
        place = place_of(user)
        five, more = rooms_of(user, place) if place else ([], [])
    more = [*more, *rooms_anywhere(user)]
    if may_administer(user):
        more.append(_administration())
    match = request.resolver_match
    page = match.url_name if match and match.namespace == "officials" else ""
    choice = context.get("choice")
    return {
        "asked": Choice.query(choice) if isinstance(choice, Choice) else "",
        "place": _called(place),
        "lists": [
            [(room, page in room.pages) for room in found] for found in (five, more) if found
        ],
    }


@register.inclusion_tag("officials/parts/path.html", takes_context=True)
def path(context: Context, whose: str = "") -> dict[str, Any]:
    """What the page's place lies in, from the country down: names, and addresses where seen.

    whose: more of the query that each address takes along, as `choice.query` gives it.
    """
    place = _place(context)
    user: Reader | None = getattr(context.get("request"), "user", None)
    if place is None or user is None:
        return {}
    above = list((place.unit if isinstance(place, Office) else place).chain())
    above = above[::-1] if isinstance(place, Office) else above[:0:-1]
    seen = seen_among(user, above)
    steps = [
        (unit.name, reverse("officials:unit", args=[unit.pk]) + whose if unit.pk in seen else "")
        for unit in above
    ]
    return {"steps": steps}


def _place(context: Context) -> Place | None:
    for name in ("office", "unit"):
        place = context.get(name)
        if isinstance(place, Office | AdministrativeUnit) and place.pk is not None:
            return place
    return None


def _called(place: Place | None) -> str:
    if place is None:
        return ""
    return short(place.name) if isinstance(place, Office) else place.full_name


def _administration() -> Room:
    return Room(
        pgettext("room", "Administration"), reverse("officials:administration"), frozenset()
    )
