"""Tablets that want a hand: silent for a working day, nearly empty, or with answers of days ago."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.access import may, offices_where
from offices.calendar import is_working_day
from offices.lists import Asked, Row
from offices.models import User
from offices.names import short
from offices.rights import Action
from reports.briefing.kinds import Due, Kind, most
from reports.briefing.pages import Page, path_of
from reports.showing.batteries import level_words, told_at_words, waiting_words
from reports.showing.written import grouped
from surveys.devices.tablets import WEAK, is_weak
from surveys.models import Tablet


def _tablets_asked(user: User, today: date) -> Asked | None:
    """By office the tablets not heard for a whole working day."""
    last = _last_working_day(today)
    silent = _tablets_of(user)
    if silent is None:
        return None
    silent = silent.filter(Q(heard_at=None) | Q(heard_at__date__lt=last), paired_on__lt=last)
    counted = silent.values(slug=F("office__slug"), named=F("office__name")).annotate(
        number=Count("pk"), waits=Sum("waiting")
    )
    return counted.order_by("-number", "office__name_key")


def _tablets(_user: User, today: date, rows: list[Row]) -> list[Due]:
    """How many, and the page of the office with the most."""
    if not rows:
        return []
    last = _last_working_day(today)
    number = sum(row["number"] for row in rows)
    waits = sum(row["waits"] or 0 for row in rows)
    said = ngettext(
        "%(number)s tablet has not been heard since before %(day)s.",
        "%(number)s tablets have not been heard since before %(day)s.",
        number,
    ) % {"number": grouped(number), "day": f"{last:%d/%m/%Y}"}
    where = most(rows[0]["named"], rows[0]["number"]) if len(rows) > 1 else ""
    if waits:
        unsent = ngettext(
            "%(number)s answer waits on them.", "%(number)s answers wait on them.", waits
        )
        said += " " + unsent % {"number": grouped(waits)}
    return [Due(f"{said}{where}", path_of(Page("tablets", (rows[0]["slug"],))))]


def _tablets_of(user: User) -> QuerySet[Tablet] | None:
    """The paired tablets of offices that stand, where one sees through what they collect."""
    if not may(user, Action.SEE_CHANNELS):
        return None
    offices = offices_where(user, Action.SEE_CHANNELS).filter(valid_to=None)
    return Tablet.objects.filter(office__in=offices.values("pk"), revoked_on=None)


def _last_working_day(today: date) -> date:
    last = today - timedelta(days=1)
    while not is_working_day(last):
        last -= timedelta(days=1)
    return last


def _weak_tablets_asked(user: User, today: date) -> Asked | None:
    """Tablets that were heard and want a hand: nearly empty, or with answers of days ago."""
    tablets = _tablets_of(user)
    if tablets is None:
        return None
    weak = Q(battery__lt=WEAK, charging=False)
    unsent = Q(waits_long=True, waiting__gt=0)
    heard = tablets.filter(weak | unsent, heard_at__date__gte=_last_working_day(today))
    return heard.order_by("pk").values("pk")


def _weak_tablets(_user: User, _today: date, keys: list[Row]) -> list[Due]:
    if not keys:
        return []
    found = Tablet.objects.filter(pk__in=[row["pk"] for row in keys]).select_related("office")
    rows = sorted(found.order_by("heard_at", "name", "pk"), key=lambda one: one.office.name_key)
    made = []
    empty = [one for one in rows if is_weak(one)]
    if empty:
        said = ngettext(
            "%(number)s tablet is nearly empty and not charging",
            "%(number)s tablets are nearly empty and not charging",
            len(empty),
        ) % {"number": grouped(len(empty))}
        made.append(_of_tablets(said, empty, level_words))
    waiting = [one for one in rows if one.waits_long and one.waiting]
    if waiting:
        said = ngettext(
            "%(number)s tablet has held answers for over a day",
            "%(number)s tablets have held answers for over a day",
            len(waiting),
        ) % {"number": grouped(len(waiting))}
        made.append(_of_tablets(said, waiting, waiting_words))
    return made


def _of_tablets(said: str, rows: list[Tablet], words: Callable[[Tablet], str]) -> Due:
    """The first one by its name, and what it told when."""
    first = rows[0]
    told = {
        "said": said,
        "tablet": first.name,
        "office": short(first.office.name),
        "words": words(first),
        "at": told_at_words(first),
    }
    page = path_of(Page("tablets", (first.office.slug,)))
    return Due(_("%(said)s: %(tablet)s, %(office)s (%(words)s, %(at)s).") % told, page)


SILENT = Kind(_tablets, _tablets_asked)
WEAKENED = Kind(_weak_tablets, _weak_tablets_asked)
