"""Hôm nay: what a reader should know of their place this morning, and the letter that says it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from offices.access import may, memberships_with
from offices.models import Office, User
from offices.rights import Action
from officials.access import Reader
from officials.checking import checking
from officials.figures import following, trends
from officials.places import named_place, place_with, value_of
from reports.briefing import subscribing
from reports.briefing.alerting import alerts_of
from reports.briefing.brief import brief_of
from reports.briefing.due import due_of
from reports.briefing.last_night import night_words
from reports.briefing.placing import Place, place_of
from surveys.invitations.messages import sends_mail


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The brief of the highest place that is held, or of another that is asked for by address."""
    user = cast(User, request.user)
    place = _asked(user, request.GET.get("noi", "")) or place_of(user)
    if place is None:
        return render(request, "officials/figures/nothing.html")
    today = timezone.localdate()
    # first: they read what the others ask as well, the last day that is closed and what differs
    night, proof = night_words(today), checking(user)
    brief = brief_of(user, place, today)
    points = [trends.TrendPoint(one.day, one.figure, one.closed) for one in brief.months]
    post = subscribing.post_of(user)
    context = {
        "today": today,
        "brief": brief,
        "due": [*due_of(user, today), *alerts_of(user, today)],
        "spark": trends.spark(points, brief.breaks),
        "months": points,
        "office" if isinstance(place, Office) else "unit": place,
        "others": _others(user, place),
        "night": night,
        "sees_nights": may(user, Action.SEE_NIGHTS),
        "subscription": post if post and post.nightly else None,
        "post": post,
        "followed": following.followed_places(user) if post else [],  # a place has a post
        "sends_mail": sends_mail(),
        **proof.context,
    }
    return render(request, "officials/figures/today.html", context)


def _asked(user: Reader, wanted: str) -> Place | None:
    """Another place of this reader's. Raises Http404 for one that is not, or is none."""
    if not wanted:
        return None
    place = place_with(user, Action.SEE_FIGURES, wanted)
    if place is None:
        raise Http404
    return place


def _others(user: Reader, shown: Place) -> list[tuple[str, str]]:
    """The other places that are held: names, and the addresses of their briefs."""
    here = reverse("officials:home")
    known = shown.pk if isinstance(shown, Office) else None
    held = memberships_with(user, Action.SEE_FIGURES)
    places = [one.unit or one.office for one in held if one.unit or one.office_id != known]
    found = {place for place in places if place is not None and place != shown}
    return sorted((named_place(place), f"{here}?noi={value_of(place)}") for place in found)


@login_required
@never_cache
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """Asks for the letter of the night, or ends it; or the same of closed periods of a place."""
    user = cast(User, request.user)
    step = request.POST.get("step")
    if step == "follow":
        return following.follow(request)
    if step == "unfollow":
        return following.unfollow(request)
    if step == "end":
        subscribing.unsubscribe(user)
        messages.success(request, _("No more mail will come."))
    elif not user.email:
        messages.error(request, _("Your account has no mail address. Ask whoever manages it."))
    else:
        subscribing.subscribe(user)
        messages.success(request, _("From tomorrow on a mail comes after every night."))
    return redirect("officials:home")


@csrf_exempt  # mail programs end it with one press, without a page; the token is the right
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_letters(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a letter: asks once, and ends what it names when it is sent."""
    ends = subscribing.ended_by(token)
    if not ends:
        raise Http404
    if request.method == "POST":
        subscribing.end_by_token(token)
    context = {
        "ended": request.method == "POST",
        "nightly": ends != subscribing.PLACES,
        "places": ends != subscribing.NIGHTLY,
    }
    return render(request, "officials/figures/end_letters.html", context)
