"""What waits for somebody, wherever they hold a role: each with words and the page that does it.

Only counts that their own pages show; what one may not look at is not counted.
"""

from datetime import date, timedelta

from django.db.models import Aggregate, Count, Min, Q, Sum, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from offices.access import highest_unit, may, memberships_with, offices_where, units_where
from offices.calendar import after_working_days
from offices.lists import Asked, Row, read_lists
from offices.models import Office, Proposal, User
from offices.names import short
from offices.proposals import KINDS, may_decide
from offices.rights import Action
from reports.briefing.due_tablets import SILENT, WEAKENED
from reports.briefing.kinds import Due as Due
from reports.briefing.kinds import Kind, most
from reports.briefing.last_night import failed_night
from reports.briefing.missing import expected_words, needed_words
from reports.briefing.pages import Page, path_of
from reports.briefing.placing import answered_of, place_of
from reports.counting.periods import span_of
from reports.models import Period, Plan
from reports.showing.collecting import of_office
from reports.showing.policy import policy_of
from reports.showing.written import grouped
from surveys.models import Hold, Remark
from surveys.remarks.steps import WITH_OFFICE, WITH_THOSE_ABOVE

SOON = 5  # working days
TENS = 10
NEW = timedelta(days=10)  # so long a result of a plan is news


def due_of(user: User, today: date) -> list[Due]:
    """What waits for this person; what is late comes first, else as `KINDS_OF_DUE` lists it."""
    rows = read_lists(**{name: kind.asked(user, today) for name, kind in KINDS_OF_DUE.items()})
    found = [
        one for name, kind in KINDS_OF_DUE.items() for one in kind.told(user, today, rows[name])
    ]
    return sorted(found, key=lambda one: not one.late)


def _remarks_asked(user: User, today: date) -> Asked | None:
    """By office the remarks whose reply is late or due soon; praise has no day."""
    if not may(user, Action.SEE_REMARKS):
        return None
    late = Q(due_on__lt=today)
    waiting = Remark.objects.filter(
        WITH_OFFICE,
        office__in=offices_where(user, Action.SEE_REMARKS).values("pk"),
        released_on__isnull=False,
        due_on__lte=after_working_days(today, SOON),
    )
    counted = waiting.values("office__slug", "office__name").annotate(
        late=Count("key", filter=late), soon=Count("key", filter=~late)
    )
    return counted.order_by("-late", "-soon", "office__name_key")


def _remarks(_user: User, _today: date, rows: list[Row]) -> list[Due]:
    """Late ones and those due soon, and the queue of the office with the most."""
    several = len(rows) > 1
    made = []
    overdue, coming = sum(row["late"] for row in rows), sum(row["soon"] for row in rows)
    if overdue:
        said = ngettext(
            "%(number)s remark is past its day for a reply.",
            "%(number)s remarks are past their day for a reply.",
            overdue,
        ) % {"number": grouped(overdue)}
        where = most(rows[0]["office__name"], rows[0]["late"]) if several else ""
        queue = Page("remarks", (rows[0]["office__slug"],), "han=qua")
        made.append(Due(f"{said}{where}", path_of(queue), late=True))
    if coming:
        said = ngettext(
            "%(number)s remark is due within %(days)s working days.",
            "%(number)s remarks are due within %(days)s working days.",
            coming,
        ) % {"number": grouped(coming), "days": SOON}
        first = max(rows, key=lambda row: row["soon"])
        where = most(first["office__name"], first["soon"]) if several else ""
        queue = Page("remarks", (first["office__slug"],))
        made.append(Due(f"{said}{where}", path_of(queue)))
    return made


def _reopened_asked(user: User, today: date) -> Asked | None:
    """Remarks whose first reply did not answer them, for whoever writes the second."""
    if not memberships_with(user, Action.ANSWER_REOPENED):
        return None
    waiting = Remark.objects.filter(
        WITH_THOSE_ABOVE, office__in=offices_where(user, Action.ANSWER_REOPENED).values("pk")
    )
    late = Count("key", filter=Q(due_on__lt=today))
    return _as_one(waiting, number=Count("key"), late=late)


def _reopened(user: User, _today: date, rows: list[Row]) -> list[Due]:
    found = next(iter(rows), None)
    if found is None or not found["number"]:
        return []
    said = ngettext(
        "%(number)s remark waits for a second reply, because the first did not answer it.",
        "%(number)s remarks wait for a second reply, because the first did not answer them.",
        found["number"],
    ) % {"number": grouped(found["number"])}
    held = memberships_with(user, Action.ANSWER_REOPENED)
    page = Page("unit_remarks", (held[0].unit_id or 0,))
    return [Due(said, path_of(page), late=bool(found["late"]))]


def _as_one(rows: Asked, **numbers: Aggregate) -> Asked:
    """One row that counts all of these."""
    one: Asked = rows.order_by().annotate(one=Value(1)).values("one").annotate(**numbers)
    return one


def _approving() -> list[Action]:
    return sorted({kind.approving for kind in KINDS.values()})


def _proposals_asked(user: User, _today: date) -> Asked | None:
    held = [action for action in _approving() if memberships_with(user, action)]
    if not held:
        return None
    theirs = Q(pk__in=[])  # looked at one by one below, so not those of the whole country
    for action in held:
        theirs |= Q(office__in=offices_where(user, action).values("pk"))
        theirs |= Q(unit__in=units_where(user, action).values("pk"))
    standing = Proposal.objects.filter(theirs, state=Proposal.State.OPEN).exclude(proposed_by=user)
    return standing.order_by("pk").values("pk")


def _proposals(user: User, _today: date, rows: list[Row]) -> list[Due]:
    if not rows:
        return []
    standing = Proposal.objects.filter(pk__in=[row["pk"] for row in rows])
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


def _floods_asked(user: User, _today: date) -> Asked | None:
    """Holds that wait for a decision."""
    if not may(user, Action.EXCLUDE):
        return None
    holds = Hold.objects.filter(
        state=Hold.State.WAITING, office__in=offices_where(user, Action.EXCLUDE).values("pk")
    )
    return _as_one(holds, held=Sum("forms"), first=Min("office__slug"))


def _floods(user: User, _today: date, rows: list[Row]) -> list[Due]:
    """In tens of forms, as their own page tells them."""
    found = next(iter(rows), None)
    if found is None or not found["first"]:
        return []
    if found["held"] < TENS:
        said = _("Fewer than 10 forms wait for a decision whether they count.")
    else:
        said = _("About %(forms)s forms wait for a decision whether they count.") % {
            "forms": grouped(found["held"] - found["held"] % TENS)
        }
    return [Due(said, path_of(_page_of_floods(user, found["first"])))]


def _page_of_floods(user: User, first: str) -> Page:
    """The list of the highest unit held, or the page of the first office."""
    highest = highest_unit(user, Action.EXCLUDE)
    return Page("floods", (first,)) if highest is None else Page("unit_floods", (highest.pk,))


def _forms(user: User, today: date, _rows: list[Row]) -> list[Due]:
    """Offices that one serves in and that will not have enough forms by the end of the month."""
    serving = memberships_with(user, Action.SEE_FIGURES)
    held = {one.office_id for one in serving if one.office_id is not None}
    month, found = span_of(Period.MONTH, today), []
    for office in _serving(user, held):
        instrument = next(iter(answered_of(office).instruments), None)
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


def _serving(user: User, held: set[int]) -> list[Office]:
    """Those of these offices that stand, by name; what was read for this page is not read again."""
    first = place_of(user)
    if isinstance(first, Office) and held == {first.pk}:
        return [first] if first.valid_to is None else []
    return list(Office.objects.filter(pk__in=held, valid_to=None).order_by("name_key"))


def _night(user: User, _today: date, _rows: list[Row]) -> list[Due]:
    failed = failed_night() if may(user, Action.SEE_NIGHTS) else None
    if failed is None:
        return []
    said = _("A step of the night that closes %(day)s has failed.") % {"day": f"{failed:%d/%m/%Y}"}
    return [Due(said, path_of(Page("nights")), late=True)]


def _plans_asked(user: User, today: date) -> Asked | None:
    """Plans of this person: late, due soon, or measured again."""
    if not may(user, Action.SEE_FIGURES):
        return None
    soon, news = after_working_days(today, SOON), today - NEW
    found = Plan.objects.filter(
        Q(state=Plan.State.OPEN, due_on__lte=soon) | Q(measured_on__gt=news),
        owner=user,
        office__in=offices_where(user, Action.SEE_FIGURES).values("pk"),
    )
    return found.order_by("due_on", "pk").values("state", "due_on", "measured_on", "office__slug")


def _plans(_user: User, today: date, rows: list[Row]) -> list[Due]:
    """The page of the first one's office.

    What was found is not said: who reads this may see fewer figures than the page of the office.
    """
    soon, now, news = (
        day.isoformat() for day in (after_working_days(today, SOON), today, today - NEW)
    )
    is_open = [row for row in rows if row["state"] == Plan.State.OPEN and row["due_on"] <= soon]
    overdue = [row for row in is_open if row["due_on"] < now]
    coming = [row for row in is_open if row["due_on"] >= now]
    measured = [row for row in rows if (row["measured_on"] or "") > news]
    made = []
    if overdue:
        said = ngettext(
            "%(number)s plan of yours is past its day.",
            "%(number)s plans of yours are past their day.",
            len(overdue),
        ) % {"number": grouped(len(overdue))}
        made.append(Due(said, _page_of_plans(overdue), late=True))
    if coming:
        said = ngettext(
            "%(number)s plan of yours is due within %(days)s working days.",
            "%(number)s plans of yours are due within %(days)s working days.",
            len(coming),
        ) % {"number": grouped(len(coming)), "days": SOON}
        made.append(Due(said, _page_of_plans(coming)))
    if measured:
        said = ngettext(
            "%(number)s plan of yours was measured again: see what came of it.",
            "%(number)s plans of yours were measured again: see what came of them.",
            len(measured),
        ) % {"number": grouped(len(measured))}
        made.append(Due(said, _page_of_plans(measured)))
    return made


def _page_of_plans(rows: list[Row]) -> str:
    return path_of(Page("plans", (rows[0]["office__slug"],)))


KINDS_OF_DUE = {
    "remarks": Kind(_remarks, _remarks_asked),
    "reopened": Kind(_reopened, _reopened_asked),
    "proposals": Kind(_proposals, _proposals_asked),
    "floods": Kind(_floods, _floods_asked),
    "forms": Kind(_forms),
    "tablets": SILENT,
    "weak": WEAKENED,
    "night": Kind(_night),
    "plans": Kind(_plans, _plans_asked),
}
