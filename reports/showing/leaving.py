"""What figures do with the rules by which an auditor leaves forms out, month by month.

Nothing said here may tell whether a rule means few people in a month or nobody: a closed month
follows a rule where at least ten people left whom no earlier rule means, everything else is one
answer. What is said of an open month depends on the calendar alone.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from django.db import connection

from reports.counting.closing import closed_through, is_closed
from reports.counting.periods import Span, span_of
from reports.counting.policy import POLICY
from reports.models import Period
from surveys.exclusions.steps import MEANT
from surveys.labels import opener_or_none
from surveys.models import Exclusion


class Follows(Enum):
    """Whether the figures of a month follow a rule or its lifting; OPEN: when the month closes."""

    YES = "yes"
    IN_PART = "in_part"
    COUNTING = "counting"
    OPEN = "open"
    WAITS = "waits"


class MonthOfRule(NamedTuple):
    """A month of a rule's days, and what its figures do."""

    month: Span
    follows: Follows


# Of a rule in force: whoever left, said of the first rule that means them; of a lifted one: whoever
# has not come back. Then, of the months with figures: whether there are enough people of it for
# some questionnaire, for all, and whether a day of the month is about to be counted.
FOLLOWING = f"""
WITH shown AS (
    SELECT DISTINCT e.id, b.instrument_id, date_trunc('month', b.day)::date AS start
    FROM surveys_exclusion e
    JOIN reports_batch b ON b.office_id = e.office_id AND b.day BETWEEN e.first_day AND e.last_day
    WHERE e.office_id = %(office)s
), people AS (
    SELECT (SELECT min(e.id) FROM surveys_exclusion e WHERE e.lifted_at IS NULL AND {MEANT}) AS id,
           r.instrument_id, date_trunc('month', r.day)::date AS start, count(*) AS number
    FROM surveys_response r
    WHERE r.office_id = %(office)s AND r.batch IS NOT NULL AND r.withdrawn AND r.excluded
      AND r.day >= (SELECT min(first_day) FROM surveys_exclusion WHERE office_id = %(office)s)
      AND r.day <= (SELECT max(last_day) FROM surveys_exclusion WHERE office_id = %(office)s)
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT e.id, r.instrument_id, date_trunc('month', r.day)::date, count(*)
    FROM surveys_response r JOIN surveys_exclusion e ON e.lifted_at IS NOT NULL AND {MEANT}
    WHERE r.office_id = %(office)s AND r.batch IS NOT NULL AND r.withdrawn AND NOT r.excluded
    GROUP BY 1, 2, 3
)
SELECT e.id, s.start, bool_or(coalesce(p.number, 0) >= %(k)s),
       bool_and(coalesce(p.number, 0) >= %(k)s),
       EXISTS (
           SELECT 1 FROM surveys_mark m WHERE m.office_id = e.office_id
             AND m.day BETWEEN e.first_day AND e.last_day
             AND date_trunc('month', m.day)::date = s.start
       )
FROM surveys_exclusion e JOIN shown s USING (id)
LEFT JOIN people p USING (id, instrument_id, start)
GROUP BY e.id, s.start ORDER BY s.start
"""  # noqa: S608 - constants of ours


def months_of_rules(
    office_id: int, rules: list[Exclusion], today: date
) -> Mapping[int, list[MonthOfRule]]:
    """By the key of a rule: its months in order, and whether their figures follow it.

    rules: all of the office. A closed month is named if it has figures of days of the rule; an open
    one always, unless the rule is lifted: nobody left such a month.
    """
    through = closed_through()
    lifted = {rule.pk for rule in rules if rule.lifted_at is not None}
    found: dict[int, list[MonthOfRule]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            FOLLOWING, {"office": office_id, "k": POLICY.batch, "opener": opener_or_none()}
        )
        for key, start, some, every, marked in cursor.fetchall():
            month = span_of(Period.MONTH, start)
            if not is_closed(month, through):
                continue
            follows = Follows.COUNTING if marked else _follows(some, every, key in lifted)
            found[key].append(MonthOfRule(month, follows))
    for rule in rules:
        if rule.pk not in lifted:
            found[rule.pk] += [
                MonthOfRule(month, Follows.OPEN)
                for month in _months(rule.first_day, min(rule.last_day, today))
                if not is_closed(month, through)
            ]
    return found


def _follows(some: bool, every: bool, lifted: bool) -> Follows:
    """some, every: whether enough people left, or came not back, of a questionnaire, of each."""
    if lifted:
        return Follows.WAITS if some else Follows.YES
    if every:
        return Follows.YES
    return Follows.IN_PART if some else Follows.WAITS


def _months(first: date, last: date) -> list[Span]:
    found = [span_of(Period.MONTH, first)]
    while found[-1].last < last:
        found.append(span_of(Period.MONTH, found[-1].last + timedelta(days=1)))
    return found
