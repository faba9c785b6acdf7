"""Making an office's batches and scores again from its responses, whatever they say now.

What is derived can be thrown away: which response stands in which batch, who has left it and which
months are closed is kept with the responses and in `ClosedMonth`.
"""

from datetime import date

from django.db import connection, transaction

from reports.counting.closing import closed_through
from reports.counting.periods import Span, kept_spans_of, span_of
from reports.counting.recount import recount
from reports.models import Batch, Score
from reports.scores.offices import rescore_office

DAYS = """
SELECT DISTINCT day FROM surveys_response
WHERE office_id = %s
  AND day BETWEEN coalesce(%s, '-infinity'::date) AND coalesce(%s, 'infinity'::date)
"""


@transaction.atomic
def make_anew(office_id: int, first: date | None = None, last: date | None = None) -> set[Span]:
    """Counts all days of an office anew, or those from `first` to `last`, and writes its scores.

    Returns the periods whose figures were written; units are behind until they are summed again
    (`reports.scores.units`).
    """
    with connection.cursor() as cursor:
        cursor.execute(DAYS, [office_id, first, last])
        days = {day for (day,) in cursor.fetchall()}
    batches = Batch.objects.filter(office=office_id)
    scores = Score.objects.filter(office=office_id)
    if first is not None:
        batches, scores = batches.filter(day__gte=first), scores.exclude(start__lt=first)
    if last is not None:
        batches, scores = batches.filter(day__lte=last), scores.filter(start__lte=last)
    # what stands there although nobody answered goes as well
    days.update(batches.values_list("day", flat=True).distinct())
    spans = {span_of(period, start) for period, start in scores.values_list("period", "start")}
    spans |= {span for day in days for span in kept_spans_of(day)}
    through = closed_through()
    return rescore_office(recount(office_id, through, days), through, spans, anew=True)
