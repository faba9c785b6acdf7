"""Which people stand in a shown figure: those of its blocks.

Every figure of an office or unit, for whatever period, is the sum of whole batches (blocks) of at
least k people; see `reports.sipas.hiding.batches`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Max, Min

from reports.counting.periods import Span
from reports.models import Batch, BreakdownMembership

Key = tuple[int, int]  # office, instrument

SAME_BATCH = """
({0}.office_id, {0}.instrument_id, {0}.number) = ({1}.office_id, {1}.instrument_id, {1}.number)
"""

# Whether batch `b` (office_id, instrument_id, number, and `first` and `last`, its first and last
# day) is shown: `batches.held_back` in SQL. A month that is not closed holds the newest batch back
# of those that lie wholly within it.
IS_SHOWN = f"""(
    date_trunc('month', b.last::timestamp) > b.first
    OR EXISTS (
        SELECT 1 FROM reports_closedmonth closed
        WHERE closed.office_id = b.office_id AND closed.instrument_id = b.instrument_id
          AND closed.start = date_trunc('month', b.first::timestamp)::date
    )
    OR EXISTS (
        SELECT 1 FROM reports_batch newer
        WHERE newer.office_id = b.office_id AND newer.instrument_id = b.instrument_id
          AND newer.number > b.number
          AND newer.day >= date_trunc('month', b.first::timestamp)
          AND newer.day < date_trunc('month', b.first::timestamp) + interval '1 month'
          AND NOT EXISTS (
              SELECT 1 FROM reports_batch beyond
              WHERE {SAME_BATCH.format("beyond", "newer")}
                AND date_trunc('month', beyond.day::timestamp)
                    <> date_trunc('month', newer.day::timestamp)
          )
    )
)"""  # noqa: S608 - constants of ours


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


def in_former_tables(office: int, instrument: int, blocks: Collection[int]) -> set[int]:
    """Which of these blocks stand in tables of the former kind.

    Such a table stays as it was: beside it their people are told apart by nothing else.
    """
    tables = BreakdownMembership.objects.filter(
        office=office, breakdown__instrument=instrument, batches__overlap=list(blocks)
    )
    named = tables.values_list("batches", flat=True)
    return {block for of in named for block in of} & set(blocks)
