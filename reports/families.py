"""The parts of a shown figure that have shown figures of their own: shorter periods, offices."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q

from reports.layouts import instrument_of, layout_of
from reports.models import Period, Score
from reports.periods import span_of
from reports.scores import inflate
from reports.sipas.sums import Sums

# The shorter periods that lie within a longer one, whole.
WITHIN = {
    Period.DAY: (),
    Period.WEEK: (Period.DAY,),
    Period.MONTH: (Period.DAY, Period.WEEK),
    Period.QUARTER: (Period.MONTH,),
    Period.YEAR: (Period.MONTH, Period.QUARTER),
}


def families_of(
    score: Score, offices: Collection[int] = (), units: Collection[int] = ()
) -> list[list[Sums]]:
    """The families of parts of a score: by length of period, and the offices or units named."""
    layout = layout_of(instrument_of(score.instrument_id))
    span = span_of(score.period, score.start)
    found: dict[str, list[Sums]] = defaultdict(list)
    same = Score.objects.filter(
        office=score.office_id, unit=score.unit_id, map=score.map, instrument=score.instrument_id
    )
    for period, start, stored in same.filter(
        period__in=WITHIN[span.kind], start__range=(span.first, span.last)
    ).values_list("period", "start", "sums"):
        if span_of(period, start).last in span:
            found[period].append(inflate(layout, stored))
    if offices or units:
        parts = Score.objects.filter(
            Q(office__in=offices) | Q(unit__in=units, map=score.map),
            instrument=score.instrument_id,
            period=score.period,
            start=score.start,
        )
        found["places"] = [
            inflate(layout, stored) for stored in parts.values_list("sums", flat=True)
        ]
    return list(found.values())
