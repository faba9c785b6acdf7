"""What becomes of forms that stand aside: somebody above decides, by counts and never by answers.

decide(hold_id, State.REFUSED, reason, auditor)
announce(office, evidence, first, last, a_month, reason, auditor)   # campaigns, new posters
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum

from django.db import connection, transaction
from django.utils import timezone

from audit.actors import official
from audit.recording import record
from offices.access import may_from_above, require
from offices.closing import in_closed_month
from offices.locks import Lock, wait_for
from offices.models import Office, User
from offices.rights import Action
from surveys.exclusions.steps import LEFT_OUT
from surveys.labels import opener
from surveys.models import SHORTEST_REASON, Evidence, Hold, NewNormal, Response
from surveys.remarks.text import one_line

# People who must be expected among those who are let in after their month was closed: with fewer,
# whoever sent the flood knows all the others and could read them (the policy's minimum).
FEWEST_PEOPLE = 10
MOST_A_MONTH = 100_000

# Also of closed months: shown figures follow where nothing then tells of few people.
APPLY_AND_MARK = f"""
WITH changed AS (
    UPDATE surveys_response r
    SET excluded = {LEFT_OUT}, hold = CASE WHEN r.labels IS NULL OR %(keeps)s THEN r.hold END
    WHERE r.hold = %(hold)s AND r.office_id = %(office)s
    RETURNING r.day
)
INSERT INTO surveys_mark (office_id, day) SELECT DISTINCT %(office)s, day FROM changed
"""  # noqa: S608 - constants of ours

EMPTY = """
DELETE FROM surveys_response r WHERE r.hold = %s AND r.office_id = %s AND r.batch IS NULL
"""


class FloodObstacle(Enum):
    """Why nothing was decided."""

    SHORT_REASON = "short_reason"
    DECIDED = "decided"
    TWO_PERSONS = "two_persons"
    NOT_ABOVE = "not_above"
    WRONG_DAYS = "wrong_days"
    WRONG_NUMBER = "wrong_number"


class FloodNotDecided(Exception):
    """Nothing was changed; `obstacle` says why."""

    def __init__(self, obstacle: FloodObstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


def needs_two(office: Office, by: User) -> bool:
    """Whether a second person has to approve: where nobody above the office's own unit decides.

    That is so at a province's own centre, unless the country decides, and for a commune's auditor.
    """
    return not may_from_above(by, Action.EXCLUDE, office)


def decide(
    office: Office,
    holds: Sequence[int],
    accept: bool,
    reason: str,
    by: User,
    *,
    approved: int | None = None,
) -> list[Hold]:
    """Accepts or refuses holds of one office, all of them or none; returns them as decided.

    What is accepted before its month closes counts with it. Afterwards it counts where ten honest
    people may be expected among it, and else in no figure (`Hold.State.LATE`). approved: the
    proposal of two persons. Raises FloodNotDecided, Hold.DoesNotExist, and Missing for anyone who
    is not an auditor of the office.
    """
    require(by, Action.EXCLUDE, office)
    reason = _checked(reason)
    if approved is None and needs_two(office, by):
        raise FloodNotDecided(FloodObstacle.TWO_PERSONS)
    with transaction.atomic():
        wait_for(Lock.OFFICE_COUNT, office.pk, also=Lock.EXCLUSIONS)
        found = [Hold.objects.get(pk=key, office=office) for key in sorted(set(holds))]
        if any(one.state != Hold.State.WAITING for one in found):
            raise FloodNotDecided(FloodObstacle.DECIDED)
        for one in found:
            one.state = _state(one, accept=accept)
            one.decided_by, one.decided_at, one.reason = by, timezone.now(), reason
            one.save(update_fields=["state", "decided_by", "decided_at", "reason"])
            with connection.cursor() as cursor:
                cursor.execute(
                    APPLY_AND_MARK,
                    {
                        "hold": one.pk,
                        "office": office.pk,
                        "keeps": one.state != Hold.State.ACCEPTED,
                        "opener": opener(office.pk),
                    },
                )
            record(
                "flood.decided",
                subject=f"{one.pk}",
                office_id=office.pk,
                details={"state": one.state, "forms": one.forms, "approved": approved},
                by=official(by),
            )
    return found


def announce(
    office: Office,
    evidence: Evidence,
    first: date,
    last: date | None,
    a_month: int,
    reason: str,
    by: User,
) -> NewNormal:
    """Says how many forms a month are ordinary from a day on (last: None), or in a campaign.

    Only somebody above the office's own unit may: it silences the judgement. Raises
    FloodNotDecided, and Missing for anyone who is not an auditor of the office.
    """
    require(by, Action.EXCLUDE, office)
    reason = _checked(reason)
    if needs_two(office, by):
        raise FloodNotDecided(FloodObstacle.NOT_ABOVE)
    if (last is not None and last < first) or in_closed_month(first):
        raise FloodNotDecided(FloodObstacle.WRONG_DAYS)
    if not 0 < a_month <= MOST_A_MONTH:
        raise FloodNotDecided(FloodObstacle.WRONG_NUMBER)
    with transaction.atomic():
        made = NewNormal.objects.create(
            office=office,
            evidence=evidence,
            first_day=first,
            last_day=last,
            a_month=a_month,
            reason=reason,
            set_by=by,
            set_at=timezone.now(),
        )
        record(
            "flood.announced",
            subject=f"{made.pk}",
            office_id=office.pk,
            details={
                "evidence": evidence.value,
                "first_day": f"{first}",
                "last_day": f"{last}" if last else None,
                "a_month": a_month,
            },
            by=official(by),
        )
    return made


def empty_refused(today: date | None = None) -> int:
    """Deletes the forms of holds that were refused a year ago; returns how many.

    The numbers stay. Forms that stood in a figure before they were held stay too: the proof of it
    needs them.
    """
    on = today or timezone.localdate()
    deleted = 0
    old = Hold.objects.filter(
        state=Hold.State.REFUSED, emptied_on=None, decided_at__date__lt=on - timedelta(days=365)
    )
    for one in old:
        with transaction.atomic(), connection.cursor() as cursor:
            wait_for(Lock.OFFICE_COUNT, one.office_id, also=Lock.EXCLUSIONS)
            cursor.execute(EMPTY, [one.pk, one.office_id])
            deleted += cursor.rowcount
            one.emptied_on = on
            one.save(update_fields=["emptied_on"])
    return deleted


def _state(one: Hold, *, accept: bool) -> Hold.State:
    """The forms say whether their month is closed: days of a hold may be those of arrival."""
    if not accept:
        return Hold.State.REFUSED
    held = Response.objects.filter(hold=one.pk, office=one.office_id)
    oldest = held.order_by("day").values_list("day", flat=True).first()
    closed = held.filter(labels__isnull=False).exists() or (
        oldest is not None and in_closed_month(oldest)
    )
    return Hold.State.LATE if closed and one.expected < FEWEST_PEOPLE else Hold.State.ACCEPTED


def _checked(reason: str) -> str:
    cleaned = one_line(reason)
    if len(cleaned) < SHORTEST_REASON:
        raise FloodNotDecided(FloodObstacle.SHORT_REASON)
    return cleaned
