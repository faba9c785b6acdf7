"""One box: places without diacritics, short forms, old names, codes; and procedures."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices.access import Reader, units_where, visible_offices
from offices.finding import find
from offices.rights import Action
from offices.search import LONGEST_SEARCH, words_of
from officials.figures.procedures import find_procedures
from officials.places import MOST, FoundPlace, find_places, shown_place, value_of

LONGEST_CODE = 8


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """This reader's places and procedures that are called so; to an only place it leads at once."""
    asked = " ".join(request.GET.get("tim", "").replace("\0", " ").split())[:LONGEST_SEARCH]
    found, more = _found(request.user, asked)
    procedures = find_procedures(request.user, asked, timezone.localdate())
    home = reverse("officials:home")
    listed = [(place, f"{home}?{urlencode({'noi': place.value})}") for place in found]
    named = any(one.exact for one in procedures)
    if len(listed) == 1 and not more and not named:
        return redirect(listed[0][1])
    context = {"asked": asked, "found": listed, "more": more, "procedures": procedures}
    return render(request, "officials/figures/search.html", context)


def _found(user: Reader, asked: str) -> tuple[list[FoundPlace], bool]:
    """By code, else by the names of today, else by those of before; and whether there are more."""
    if not words_of(asked):
        return [], False
    if asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_CODE:
        there = units_where(user, Action.SEE_FIGURES).filter(code=asked)
        coded = there.select_related("parent__parent__parent").order_by("-valid_from", "pk")
        places = [shown_place(unit) for unit in coded[:MOST]]
        if places:
            return places, False
    named = find_places(user, Action.SEE_FIGURES, asked)
    if named.places:
        return named.places, named.more
    return _formerly(user, asked), False


def _formerly(user: Reader, asked: str) -> list[FoundPlace]:
    """The offices that serve today where a place was called so."""
    theirs = visible_offices(user)
    keys = frozenset(theirs.values_list("pk", flat=True))
    known = {one.office.id: one for one in find(asked, timezone.localdate(), keys)}
    seen = theirs.filter(pk__in=known).select_related("unit__parent__parent__parent")
    return [
        FoundPlace(
            value_of(office),
            office.name,
            _("today in the place of %(former)s") % {"former": known[office.pk].former}
            if known[office.pk].former
            else shown_place(office).where,
        )
        for office in seen.order_by("name_key")[:MOST]
    ]
