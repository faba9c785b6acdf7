"""How the offices of a unit reply: what waits, what is late, how many days a reply took.

Only remarks that were handed over are counted; the days run from that day to the first reply.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from offices.models import Office
from surveys.models import Remark
from surveys.remarks.steps import WITH_OFFICE, WITH_THOSE_ABOVE

State = Remark.State
# A median of fewer replies tells of single ones.
FEWEST_REPLIES = 5


@dataclass(frozen=True, slots=True)
class Timeliness:
    """One office. median: days from the handing over to the first reply, of the replies of a year.

    on_time: the share of them that came by their day, 0 to 1; of those that had one. Both are None
    where fewer than FEWEST_REPLIES are known. late: waits past its day; raised: opened again and
    with those above; urgent: waits and has words of alarm.
    """

    slug: str
    name: str
    waiting: int
    late: int
    urgent: int
    raised: int
    replies: int
    median: float | None
    on_time: Fraction | None


# No foreign key leads from a step to its remark, so no ORM join. The first step out of waiting is
# the first reply, or the reason why there is none; what was opened again had another day before.
REPLIES = """
SELECT office_id, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY replied - released_on),
       count(*) FILTER (WHERE due IS NOT NULL),
       count(*) FILTER (WHERE replied <= due)
FROM (
    SELECT remark.office_id, remark.released_on,
           CASE WHEN remark.reopened_on IS NULL THEN remark.due_on ELSE remark.first_due_on END
               AS due,
           min((step.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS replied
    FROM surveys_remark AS remark JOIN surveys_remarkstep AS step
      ON step.office_id = remark.office_id AND step.remark_key = remark.key
    WHERE remark.office_id = ANY(%(offices)s) AND remark.released_on >= %(since)s
      AND step.after = ANY(%(replies)s)
    GROUP BY remark.office_id, remark.key, remark.released_on, due
) AS first
GROUP BY office_id
"""


def timeliness_of(offices: QuerySet[Office], today: date) -> list[Timeliness]:
    """Offices to which a remark was handed over in a year: the most late first, then by name."""
    since = today.replace(year=today.year - 1, day=1)
    waits = _waiting(offices, today)
    handed_over = Remark.objects.filter(office=OuterRef("pk"), released_on__gte=since)
    known = offices.filter(Exists(handed_over) | Q(pk__in=waits)).order_by("name_key")
    named = list(known.values_list("pk", "slug", "name"))
    replied = _replies([office for office, _slug, _name in named], since)
    made = []
    for office, slug, name in named:
        waiting, late, urgent, raised = waits.get(office, (0, 0, 0, 0))
        number, median, with_day, by_day = replied.get(office, (0, None, 0, 0))
        made.append(
            Timeliness(
                slug=slug,
                name=name,
                waiting=waiting,
                late=late,
                urgent=urgent,
                raised=raised,
                replies=number,
                median=median if number >= FEWEST_REPLIES else None,
                on_time=Fraction(by_day, with_day) if with_day >= FEWEST_REPLIES else None,
            )
        )
    return sorted(made, key=lambda one: -one.late)  # those of one number stay by name


def _waiting(offices: QuerySet[Office], today: date) -> dict[int, tuple[int, int, int, int]]:
    """By office with any: what waits there, is late, is urgent, waits with those above.

    Only what waits is read: an index has it apart from the remarks of all years.
    """
    waiting = Remark.objects.filter(
        WITH_OFFICE | WITH_THOSE_ABOVE,
        office__in=offices.values("pk"),
        released_on__isnull=False,
    )
    counted = waiting.values_list("office_id").annotate(
        waiting=Count("key", WITH_OFFICE),
        late=Count("key", WITH_OFFICE & Q(due_on__lt=today)),
        alarms=Count("key", Q(urgent=True)),
        above=Count("key", WITH_THOSE_ABOVE),
    )
    return {
        office: (here, late, urgent, up) for office, here, late, urgent, up in counted.order_by()
    }


def _replies(offices: list[int], since: date) -> dict[int, tuple[int, float | None, int, int]]:
    """By office: replies, their median in days, those that had a day, those in time."""
    replies = [State.ANSWERED.value, State.DONE.value]
    with connection.cursor() as cursor:
        cursor.execute(REPLIES, {"offices": offices, "since": since, "replies": replies})
        return {office: (number, *rest) for office, number, *rest in cursor.fetchall()}
