"""Asking on a place's page for mail when a period of it closes, and ending it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from offices.models import Office, User
from offices.rights import Action
from officials.access import Reader
from officials.places import named_place, place_with, value_of
from reports.briefing import subscribing
from reports.briefing.closings import followed_by, is_asleep
from reports.briefing.placing import Place
from surveys.invitations.messages import sends_mail

# Where the button stood, and where it leads back to.
PAPERS, TODAY = "bao-cao", "hom-nay"


@dataclass(frozen=True, slots=True)
class FollowedPlace:
    """A place that somebody asked for. asleep: they hold no role over it, so nothing is told."""

    value: str
    name: str
    address: str
    asleep: bool


def follow_button(user: Reader, place: Place, back: str = "") -> Mapping[str, object]:
    """What the button on a page of this place needs."""
    return {
        "follow": {
            "value": value_of(place),
            "back": back,
            "is_on": subscribing.follows(cast(User, user), place),
            "sends_mail": sends_mail(),
        }
    }


def followed_places(user: User) -> list[FollowedPlace]:
    """The places that this person asked for, in the order in which they did."""
    return [
        FollowedPlace(
            value_of(one.place),
            named_place(one.place),
            _page_of(one.place),
            is_asleep(user, one),
        )
        for one in followed_by(user)
    ]


def follow(request: HttpRequest) -> HttpResponse:
    """Asks for mail about the place that was sent; 404 for one that this person may not see."""
    user = cast(User, request.user)
    place = place_with(user, Action.SEE_FIGURES, request.POST.get("noi", ""))
    if place is None:
        raise Http404
    if user.email:
        subscribing.follow(user, place)
        messages.success(request, _("A mail comes when a period of this place closes."))
    else:
        messages.error(request, _("Your account has no mail address. Ask whoever manages it."))
    return redirect(_back(request, place))


def unfollow(request: HttpRequest) -> HttpResponse:
    """Ends it, also of a place over which no role is held any more; 404 for one never asked for."""
    user = cast(User, request.user)
    asked = request.POST.get("noi", "")
    places = {value_of(one.place): one.place for one in followed_by(user)}
    place = places.get(asked) or place_with(user, Action.SEE_FIGURES, asked)
    if place is None:
        raise Http404
    subscribing.unfollow(user, place)
    messages.success(request, _("No more mail about closed periods of this place."))
    return redirect(_back(request, place))


def _back(request: HttpRequest, place: Place) -> str:
    """To the page on which the button stood."""
    back = request.POST.get("ve", "")
    if back == TODAY:
        return reverse("officials:home")
    return _page_of(place, "_papers") if back == PAPERS else f"{_page_of(place)}#follow-title"


def _page_of(place: Place, page: str = "") -> str:
    if isinstance(place, Office):
        return reverse(f"officials:office{page}", args=[place.slug])
    return reverse(f"officials:unit{page}", args=[place.pk])
