"""What waits for somebody, wherever they hold a role: each with words and the page that does it.

Only counts that their own pages show; what one may not look at is not counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.access import may, memberships_with, offices_where, units_where
from offices.calendar import after_working_days, is_working_day
from offices.models import AdministrativeUnit, Office, Proposal, User
from offices.names import short
from offices.proposals import KINDS, may_decide
from offices.rights import Action
from reports.briefing.missing import expected_words, needed_words
from reports.briefing.pages import Page, path_of
from reports.counting.periods import span_of
from reports.models import Night, NightStep, Period, Plan
from reports.showing.answered import instruments_of
from reports.showing.batteries import level_words, told_at_words, waiting_words
from reports.showing.collecting import of_office
from reports.showing.policy import policy_of
from reports.showing.subjects import Subjects
from surveys.devices.tablets import WEAK, is_weak
from surveys.models import Hold, Remark, Tablet
from surveys.remarks.steps import WITH_OFFICE, WITH_THOSE_ABOVE

SOON = 5  # working days
TENS = 10
NEW = timedelta(days=10)  # so long a result of a plan is news


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do. late: it should have been done already. address: a path on our site.

    fresh: whether letters tell it too; what stands for long is on the page only.
    """

    words: str
    address: str
    late: bool = False
    fresh: bool = True


def due_of(user: User, today: date) -> list[Due]:
    """What waits for this person; what is late comes first, else as listed below."""
    finders: tuple[Callable[[User, date], list[Due]], ...] = (
        _remarks,
        _reopened,
        _proposals,
        _floods,
        _forms,
        _tablets,
        _weak_tablets,
        _night,
        _plans,
    )
    found = [one for finder in finders for one in finder(user, today)]
    return sorted(found, key=lambda one: not one.late)


def _remarks(user: User, today: date) -> list[Due]:
    """Remarks whose reply is late or due soon, and the queue of the office with the most.

    Praise has no day, so it is in neither.
    """
    if not may(user, Action.SEE_REMARKS):
        return []
    soon = after_working_days(today, SOON)
    late = Q(due_on__lt=today)
    waiting = Remark.objects.filter(
        WITH_OFFICE,
        office__in=offices_where(user, Action.SEE_REMARKS).values("pk"),
        released_on__isnull=False,
        due_on__lte=soon,
    )
    rows = list(
        waiting.values("office__slug", "office__name")
        .annotate(late=Count("key", filter=late), soon=Count("key", filter=~late))
        .order_by("-late", "-soon", "office__name_key")
    )
    if not rows:
        return []
    several = len(rows) > 1
    made = []
    overdue, coming = sum(row["late"] for row in rows), sum(row["soon"] for row in rows)
    if overdue:
        said = ngettext(
            "%(number)s remark is past its day for a reply.",
            "%(number)s remarks are past their day for a reply.",
            overdue,
        ) % {"number": _counted(overdue)}
        where = _most(rows[0]["office__name"], rows[0]["late"]) if several else ""
        queue = Page("remarks", (rows[0]["office__slug"],), "han=qua")
        made.append(Due(f"{said}{where}", path_of(queue), late=True))
    if coming:
        said = ngettext(
            "%(number)s remark is due within %(days)s working days.",
            "%(number)s remarks are due within %(days)s working days.",
            coming,
        ) % {"number": _counted(coming), "days": SOON}
        first = max(rows, key=lambda row: row["soon"])
        where = _most(first["office__name"], first["soon"]) if several else ""
        queue = Page("remarks", (first["office__slug"],))
        made.append(Due(f"{said}{where}", path_of(queue)))
    return made


def _reopened(user: User, today: date) -> list[Due]:
    """Remarks whose first reply did not answer them, for whoever writes the second."""
    held = memberships_with(user, Action.ANSWER_REOPENED)
    if not held:
        return []
    waiting = Remark.objects.filter(
        WITH_THOSE_ABOVE, office__in=offices_where(user, Action.ANSWER_REOPENED).values("pk")
    )
    found = waiting.aggregate(number=Count("key"), late=Count("key", filter=Q(due_on__lt=today)))
    if not found["number"]:
        return []
    said = ngettext(
        "%(number)s remark waits for a second reply, because the first did not answer it.",
        "%(number)s remarks wait for a second reply, because the first did not answer them.",
        found["number"],
    ) % {"number": _counted(found["number"])}
    page = Page("unit_remarks", (held[0].unit_id or 0,))
    return [Due(said, path_of(page), late=bool(found["late"]))]


def _most(name: str, number: int) -> str:
    said = {"office": short(name), "number": _counted(number)}
    return " " + _("Most at %(office)s: %(number)s.") % said


def _counted(number: int) -> str:
    return str(number_format(number, force_grouping=True))


def _approving() -> list[Action]:
    return sorted({kind.approving for kind in KINDS.values()})


def _proposals(user: User, _today: date) -> list[Due]:
    held = [action for action in _approving() if memberships_with(user, action)]
    if not held:
        return []
    theirs = Q(pk__in=[])  # looked at one by one below, so not those of the whole country
    for action in held:
        theirs |= Q(office__in=offices_where(user, action).values("pk"))
        theirs |= Q(unit__in=units_where(user, action).values("pk"))
    standing = Proposal.objects.filter(theirs, state=Proposal.State.OPEN).exclude(proposed_by=user)
    waiting = [one for one in standing.select_related("office", "unit") if may_decide(user, one)]
    if not waiting:
        return []
    said = ngettext(
        "%(number)s proposal waits for your approval.",
        "%(number)s proposals wait for your approval.",
        len(waiting),
    ) % {"number": len(waiting)}
    page = Page("proposal", (waiting[0].pk,)) if len(waiting) == 1 else Page("waiting")
    return [Due(said, path_of(page))]


def _floods(user: User, _today: date) -> list[Due]:
    """Holds that wait for a decision, in tens of forms as their own page tells them."""
    if not may(user, Action.EXCLUDE):
        return []
    holds = Hold.objects.filter(
        state=Hold.State.WAITING, office__in=offices_where(user, Action.EXCLUDE).values("pk")
    )
    found = holds.aggregate(forms=Sum("forms"), offices=Count("office", distinct=True))
    if not found["offices"]:
        return []
    if found["forms"] < TENS:
        said = _("Fewer than 10 forms wait for a decision whether they count.")
    else:
        said = _("About %(forms)s forms wait for a decision whether they count.") % {
            "forms": _counted(found["forms"] - found["forms"] % TENS)
        }
    return [Due(said, path_of(_page_of_floods(user, holds)))]


def _page_of_floods(user: User, holds: QuerySet[Hold]) -> Page:
    """The list of the highest unit held, or the page of the one office."""
    units = [one.unit for one in memberships_with(user, Action.EXCLUDE) if one.unit]
    levels = AdministrativeUnit.Level.values
    if units:
        highest = min(units, key=lambda unit: levels.index(unit.level))
        return Page("unit_floods", (highest.pk,))
    slug = holds.values_list("office__slug", flat=True).order_by("office__slug")[0]
    return Page("floods", (slug,))


def _forms(user: User, today: date) -> list[Due]:
    """Offices that one serves in and that will not have enough forms by the end of the month."""
    serving = memberships_with(user, Action.SEE_FIGURES)
    held = {one.office_id for one in serving if one.office_id is not None}
    month, found = span_of(Period.MONTH, today), []
    for office in Office.objects.filter(pk__in=held, valid_to=None).order_by("name_key"):
        instrument = next(iter(instruments_of(Subjects.of_offices([office.pk]))), None)
        if instrument is None:
            continue
        state = of_office(office, month, instrument, policy_of(user), today).state
        if not (state.is_behind and state.needed):
            continue
        said = [needed_words(state, month), *expected_words(state, month)]
        asked = f"ky={month.kind.value}&tu={month.first.isoformat()}"
        page = Page("office_progress", (office.slug,), asked)
        name = f"{short(office.name)}: " if len(held) > 1 else ""
        found.append(Due(name + " ".join(said), path_of(page)))
    return found


def _tablets(user: User, today: date) -> list[Due]:
    """Tablets not heard for a whole working day, and the page of the office with the most."""
    last = _last_working_day(today)
    silent = _tablets_of(user).filter(
        Q(heard_at=None) | Q(heard_at__date__lt=last), paired_on__lt=last
    )
    rows = list(
        silent.values(slug=F("office__slug"), named=F("office__name"))
        .annotate(number=Count("pk"), waits=Sum("waiting"))
        .order_by("-number", "office__name_key")
    )
    if not rows:
        return []
    number = sum(row["number"] for row in rows)
    waits = sum(row["waits"] or 0 for row in rows)
    said = ngettext(
        "%(number)s tablet has not been heard since before %(day)s.",
        "%(number)s tablets have not been heard since before %(day)s.",
        number,
    ) % {"number": _counted(number), "day": f"{last:%d/%m/%Y}"}
    where = _most(rows[0]["named"], rows[0]["number"]) if len(rows) > 1 else ""
    if waits:
        unsent = ngettext(
            "%(number)s answer waits on them.", "%(number)s answers wait on them.", waits
        )
        said += " " + unsent % {"number": _counted(waits)}
    return [Due(f"{said}{where}", path_of(Page("tablets", (rows[0]["slug"],))))]


def _tablets_of(user: User) -> QuerySet[Tablet]:
    """The paired tablets of offices that stand, where one sees through what they collect."""
    if not may(user, Action.SEE_CHANNELS):
        return Tablet.objects.none()
    offices = offices_where(user, Action.SEE_CHANNELS).filter(valid_to=None)
    return Tablet.objects.filter(office__in=offices.values("pk"), revoked_on=None)


def _last_working_day(today: date) -> date:
    last = today - timedelta(days=1)
    while not is_working_day(last):
        last -= timedelta(days=1)
    return last


def _weak_tablets(user: User, today: date) -> list[Due]:
    """Tablets that were heard and want a hand: nearly empty, or with answers of days ago."""
    heard = _tablets_of(user).filter(heard_at__date__gte=_last_working_day(today))
    weak = Q(battery__lt=WEAK, charging=False)
    unsent = Q(waits_long=True, waiting__gt=0)
    found = heard.filter(weak | unsent).select_related("office").order_by("heard_at", "name", "pk")
    rows = sorted(found, key=lambda one: one.office.name_key)
    made = []
    empty = [one for one in rows if is_weak(one)]
    if empty:
        said = ngettext(
            "%(number)s tablet is nearly empty and not charging",
            "%(number)s tablets are nearly empty and not charging",
            len(empty),
        ) % {"number": _counted(len(empty))}
        made.append(_of_tablets(said, empty, level_words))
    waiting = [one for one in rows if one.waits_long and one.waiting]
    if waiting:
        said = ngettext(
            "%(number)s tablet has held answers for over a day",
            "%(number)s tablets have held answers for over a day",
            len(waiting),
        ) % {"number": _counted(len(waiting))}
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


def _night(user: User, _today: date) -> list[Due]:
    if not may(user, Action.SEE_NIGHTS):
        return []
    newest = Night.objects.order_by("-day").first()
    if newest is None or not newest.steps.filter(state=NightStep.State.FAILED).exists():
        return []
    said = _("A step of the night that closes %(day)s has failed.") % {
        "day": f"{newest.day:%d/%m/%Y}"
    }
    return [Due(said, path_of(Page("nights")), late=True)]


def _plans(user: User, today: date) -> list[Due]:
    """Plans of this person: late, due soon, or measured again; the page of the first one's office.

    What was found is not said: who reads this may see fewer figures than the page of the office.
    """
    if not may(user, Action.SEE_FIGURES):
        return []
    is_open = Q(state=Plan.State.OPEN)
    soon, news = after_working_days(today, SOON), today - NEW
    rows = list(
        Plan.objects.filter(
            is_open & Q(due_on__lte=soon) | Q(measured_on__gt=news),
            owner=user,
            office__in=offices_where(user, Action.SEE_FIGURES).values("pk"),
        )
        .select_related("office")
        .order_by("due_on", "pk")
    )
    waiting = [plan for plan in rows if plan.state == Plan.State.OPEN and plan.due_on <= soon]
    overdue = [plan for plan in waiting if plan.due_on < today]
    coming = [plan for plan in waiting if plan.due_on >= today]
    measured = [plan for plan in rows if plan.measured_on is not None and plan.measured_on > news]
    made = []
    if overdue:
        said = ngettext(
            "%(number)s plan of yours is past its day.",
            "%(number)s plans of yours are past their day.",
            len(overdue),
        ) % {"number": _counted(len(overdue))}
        made.append(Due(said, _page_of_plans(overdue), late=True))
    if coming:
        said = ngettext(
            "%(number)s plan of yours is due within %(days)s working days.",
            "%(number)s plans of yours are due within %(days)s working days.",
            len(coming),
        ) % {"number": _counted(len(coming)), "days": SOON}
        made.append(Due(said, _page_of_plans(coming)))
    if measured:
        said = ngettext(
            "%(number)s plan of yours was measured again: see what came of it.",
            "%(number)s plans of yours were measured again: see what came of them.",
            len(measured),
        ) % {"number": _counted(len(measured))}
        made.append(Due(said, _page_of_plans(measured)))
    return made


def _page_of_plans(plans: list[Plan]) -> str:
    return path_of(Page("plans", (plans[0].office.slug,)))
