"""Days and weeks: figures that are summed from whole batches when somebody reads them.

Months and longer are stored: they also show factors, and lose the people who are withdrawn. A day
or a week is nothing but the sum of the shown batches that lie wholly within it, with everybody who
was in them when they were first shown.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain

from django.db import connection
from django.db.models import Q

from offices.reading import once
from reports.counting.closing import closed_through, is_closed
from reports.counting.layouts import layout_of
from reports.counting.periods import Span, span_of
from reports.counting.shown import IS_SHOWN, SAME_BATCH
from reports.counting.stored import ScorePart, headline_group, inflate, score_of
from reports.models import Period, Score
from reports.showing.subjects import Subjects
from reports.sipas.counts.cells import total
from reports.sipas.counts.layout import Layout, Method
from reports.sipas.counts.sums import Sums
from surveys.questionnaires.catalogue import InstrumentEntry

# Days and weeks are shown before one knows what will be left over of their month: factors and
# criteria of a few people in it could be found by subtraction. They begin with the month.
HEADLINE_ONLY = (Period.DAY, Period.WEEK)

# The shown batches within each period. Those that reach beyond the first or the last day of all
# periods are left out before they are judged.
SUMMED = f"""
WITH members (office_id, subject) AS MATERIALIZED ({{members}}),
months (subject, start, simulated) AS MATERIALIZED ({{months}}),
span AS (
    SELECT * FROM unnest(%s::text[], %s::date[], %s::date[]) AS given (kind, first, last)
),
b AS (
    SELECT office_id, instrument_id, number, min(day) AS first, max(day) AS last,
           sum(people) AS people, sum(moments[1]) AS y, sum(moments[2]) AS m,
           sum(moments[3]) AS yy, sum(moments[4]) AS mm, sum(moments[5]) AS ym
    FROM reports_batch
    WHERE office_id IN (SELECT office_id FROM members)
      AND instrument_id = %s AND day BETWEEN %s AND %s
    GROUP BY 1, 2, 3
),
shown AS (
    SELECT members.subject, span.kind, span.first AS start, b.*
    FROM b
    JOIN members USING (office_id)
    JOIN span ON b.first >= span.first AND b.last <= span.last
    WHERE NOT EXISTS (
        SELECT 1 FROM reports_batch beyond
        WHERE {SAME_BATCH.format("beyond", "b")} AND beyond.day NOT BETWEEN %s AND %s
    ) AND {IS_SHOWN}
),
summed AS ({{summed}})
SELECT months.subject, span.kind, span.first, bool_or(months.simulated),
       max(summed.people), max(summed.material)
FROM months
JOIN span ON months.start IN (
    date_trunc('month', span.first::timestamp)::date,
    date_trunc('month', span.last::timestamp)::date
)
LEFT JOIN summed ON (summed.subject, summed.kind, summed.start)
    = (months.subject, span.kind, span.first)
GROUP BY 1, 2, 3 ORDER BY 3, 2, 1
"""  # noqa: S608 - constants of ours

POOLED = """
SELECT subject, kind, start, sum(people)::bigint AS people,
       ARRAY[sum(y), sum(m), sum(yy), sum(mm), sum(ym)]::bigint[] AS material
FROM shown GROUP BY 1, 2, 3
"""

# A mean of criteria or factors needs the answers to each of them.
WHOLE = """
SELECT subject, kind, start, sum(share.people)::bigint AS people,
       array_agg(share.sums) AS material
FROM shown JOIN reports_batch share USING (office_id, instrument_id, number) GROUP BY 1, 2, 3
"""

# The newest day of a batch that a figure of this kind shows, office by office.
NEWEST = f"""
WITH members (office_id, subject) AS MATERIALIZED ({{members}})
SELECT max(newest.day) FROM members CROSS JOIN LATERAL (
    SELECT share.day FROM reports_batch share CROSS JOIN LATERAL (
        SELECT share.office_id, share.instrument_id, share.number,
               min(day) AS first, max(day) AS last
        FROM reports_batch whole WHERE {SAME_BATCH.format("whole", "share")}
    ) b
    WHERE share.office_id = members.office_id AND share.instrument_id = %s AND share.day <= %s
      AND date_trunc(%s, b.first::timestamp) = date_trunc(%s, b.last::timestamp)
      AND {IS_SHOWN}
    ORDER BY share.day DESC LIMIT 1
) newest
"""  # noqa: S608 - constants of ours


def scores_in(
    instrument: InstrumentEntry, spans: Iterable[Span], *subjects: Subjects
) -> list[Score]:
    """The figures in these periods, by one statement; days and weeks by one for each `Subjects`.

    Those of days and weeks are not saved, and hold no more than a headline needs. There is one for
    every subject that has a figure of the month, also where nobody stands in it.
    """
    wanted = sorted(set(spans))
    short = [span for span in wanted if span.kind in HEADLINE_ONLY]
    asked = Q()
    for kind in sorted({span.kind for span in wanted if span not in short}):
        asked |= Q(period=kind, start__in=[span.first for span in wanted if span.kind == kind])
    stored = [
        some.stored.filter(asked, instrument=instrument.id).order_by() for some in subjects if asked
    ]
    several = stored[0].union(*stored[1:], all=True) if len(stored) > 1 else None
    found = list(several if several is not None else chain(*stored))
    found.sort(key=lambda one: (one.period, one.start, one.office_id or 0, one.unit_id or 0))
    if short:
        through = closed_through()
        for some in subjects:
            found += _summed(some, instrument, short, through)
    return found


def kept_scores(
    instrument: InstrumentEntry, spans: Iterable[Span], subject: Subjects
) -> dict[Span, Score]:
    """One subject's figures by period; what this page has read already is not read again."""
    key = ("scores", instrument.id, subject.key)
    # None: was asked for, and there is nothing
    read: dict[Span, Score | None] = {} if subject.key is None else once(key, dict)
    wanted = set(spans)
    if unread := wanted - read.keys():
        found = scores_in(instrument, unread, subject)
        read.update(dict.fromkeys(unread))
        read.update({span_of(score.period, score.start): score for score in found})
    return {span: score for span in sorted(wanted) if (score := read[span]) is not None}


def together(scores: Sequence[Score], instrument: InstrumentEntry) -> Score | None:
    """The sum of figures of one day or week, such as a unit's from its offices; None for none."""
    if not scores:
        return None
    layout = layout_of(instrument)
    part = ScorePart(
        total(layout, [inflate(layout, score.sums) for score in scores]),
        any(score.simulated for score in scores),
    )
    one = scores[0]
    return score_of(part, instrument.id, span_of(one.period, one.start), one.closed)


def newest_shown(
    subjects: Subjects, instrument: InstrumentEntry, kind: Period, until: date
) -> Span | None:
    """The newest day or week with somebody in it that began by `until`; None without one."""
    members, given = subjects.members.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            NEWEST.format(members=members), (*given, instrument.id, until, kind.value, kind.value)
        )
        (day,) = cursor.fetchone()
    return None if day is None else span_of(kind, day)


def _summed(
    subjects: Subjects, instrument: InstrumentEntry, spans: Sequence[Span], through: date | None
) -> list[Score]:
    layout = layout_of(instrument)
    pooled = layout.method is Method.POOLED
    days = {day for span in spans for day in (span.first, span.last)}
    stored = subjects.stored.filter(
        instrument=instrument.id,
        period=Period.MONTH,
        start__in={day.replace(day=1) for day in days},
    )
    months = stored.order_by().values_list(subjects.column, "start", "simulated")
    members_sql, members = subjects.members.query.sql_with_params()
    months_sql, of_months = months.query.sql_with_params()
    columns = (
        [span.kind.value for span in spans],
        [span.first for span in spans],
        [span.last for span in spans],
    )
    reach = (min(days), max(days))
    with connection.cursor() as cursor:
        cursor.execute(
            SUMMED.format(
                members=members_sql, months=months_sql, summed=POOLED if pooled else WHOLE
            ),
            (*members, *of_months, *columns, instrument.id, *reach, *reach),
        )
        rows = cursor.fetchall()
    found = []
    for subject, kind, start, simulated, people, material in rows:
        span = span_of(kind, start)
        if people is None:
            sums = Sums.zero(layout)
        elif pooled:
            sums = _headline_sums(layout, people, material)
        else:
            sums = total(layout, [inflate(layout, stored) for stored in material])
        score = score_of(ScorePart(sums, simulated), instrument.id, span, is_closed(span, through))
        setattr(score, subjects.column, subject)
        score.map = subjects.territory or ""
        found.append(score)
    return found


def _headline_sums(layout: Layout, people: int, moments: Sequence[int]) -> Sums:
    """Sums that know nothing but the headline."""
    sums = Sums.zero(layout)
    sums.moments[layout.group_of(*headline_group(layout))] = moments
    return Sums(layout, people, sums.counts, sums.moments)
