"""Which people stand in a shown figure: those of its blocks.

Every figure of an office or unit, for whatever period, is the sum of whole batches (blocks) of at
least k people; see `reports.sipas.hiding.batches`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Max, Min

from reports.counting.periods import Span
from reports.models import Batch

Key = tuple[int, int]  # office, instrument


def batches_within(offices: Collection[int], span: Span) -> Mapping[Key, list[int]]:
    """By office and instrument: the numbers of the shown batches that lie wholly in `span`."""
    reaching = Batch.objects.filter(office__in=offices, day__range=(span.first, span.last))
    found: dict[Key, list[int]] = defaultdict(list)
    extents = (
        Batch.objects.filter(office__in=offices, number__in=reaching.values("number"))
        .values_list("office_id", "instrument_id", "number")
        .annotate(first=Min("day"), last=Max("day"))
        .order_by("office_id", "instrument_id", "number")
    )
    for office, instrument, number, first, last in extents:
        if first in span and last in span:
            found[office, instrument].append(number)
    return found
