"""Seconds for recounting everything, for numpy alone, and for reading and counting in one go."""

import json
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.measures import province
from demo.simulation import load
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.recount import Recount, marked_offices, recount
from reports.models import Batch
from reports.sipas.counts.sums import count

ALL = "SELECT string_agg(answers, ''::bytea), count(*) FROM surveys_response WHERE valid"


def measure(responses: int) -> dict[str, float]:
    """Loads, counts as one heap, then recounts every office and day into cells."""
    province.build()
    plan = province.plan()
    load(plan, responses, seed=1)
    layout = layout_of(instrument_of(plan.form.instrument.id))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response")
        with province.Stopwatch() as reading:
            cursor.execute(ALL)
            packed, people = cursor.fetchone()
    with province.Stopwatch() as floor:
        heap = count(layout, bytes(packed))
    with province.Stopwatch() as recounting:
        recounts = [_recounted(office) for office in marked_offices()]
    batched = sum(Batch.objects.values_list("people", flat=True))
    if heap.people != people or not batched:
        raise AssertionError(f"{batched} in batches, {heap.people} counted, {people} there")
    return {
        "responses": responses,
        "in_batches": batched,
        "offices": len(recounts),
        "days": sum(len(recount.days) for recount in recounts),
        "batches": Batch.objects.count(),
        "recount_s": round(recounting.seconds, 2),
        "responses_per_s": round(responses / recounting.seconds),
        "floor_s": round(floor.seconds, 3),
        "floor_with_reading_s": round(floor.seconds + reading.seconds, 3),
        "ratio_to_floor": round(recounting.seconds / floor.seconds, 1),
        "ratio_to_floor_with_reading": round(
            recounting.seconds / (floor.seconds + reading.seconds), 1
        ),
    }


def _recounted(office: int) -> Recount:
    """One office counted as the night does, but for its scores."""
    with transaction.atomic():
        yesterday = timezone.localdate() - timedelta(days=1)
        return recount(office, None, nights=[yesterday])


if __name__ == "__main__":
    print(json.dumps({"benchmark": "recount", **measure(province.how_many(100_000))}))
