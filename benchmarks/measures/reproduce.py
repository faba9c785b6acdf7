"""Seconds to publish a quarter, and to compute it again from the responses.

All responses lie in one closed quarter of one province. The floor reads the same answers out of
the table and counts them as one heap, without offices, units, hashes or figures.
"""

import json
from datetime import date

from django.db import connection

from benchmarks.measures import province
from demo.simulation import load
from offices.models import AdministrativeUnit
from reports.counting.layouts import instrument_of, layout_of
from reports.counting.periods import span_of
from reports.models import Period
from reports.night.steps import close
from reports.release import publish, reproduce
from reports.sipas.counts.sums import count

QUARTER = span_of(Period.QUARTER, date(2026, 3, 31))
ALL = "SELECT answers FROM surveys_response WHERE batch IS NOT NULL"


def measure(responses: int) -> dict[str, float]:
    """Loads, closes, publishes, and computes the release again; raises if they differ."""
    province.build()
    plan = province.plan(QUARTER.first, QUARTER.last)
    load(plan, responses, seed=1)
    close(QUARTER.last)
    layout = layout_of(instrument_of(plan.form.instrument.id))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    root = AdministrativeUnit.objects.get(level=AdministrativeUnit.Level.PROVINCE)
    with province.Stopwatch() as publishing:
        release = publish(root, QUARTER)
    with province.Stopwatch() as reproducing:
        again = reproduce(release)
    # Last, because it holds all answers at once.
    with connection.cursor() as cursor, province.Stopwatch() as floor:
        cursor.execute(ALL)
        people = count(layout, b"".join(row for (row,) in cursor.fetchall())).people
    if again.differences:
        raise AssertionError("\n".join(again.differences[:10]))
    return {
        "responses": responses,
        "published_people": release.people,
        "batched_people": people,
        "offices": release.memberships.count(),
        "figures": again.figures,
        "differences": len(again.differences),
        "publish_s": round(publishing.seconds, 2),
        "reproduce_s": round(reproducing.seconds, 2),
        "floor_s": round(floor.seconds, 2),
        "publish_to_floor": round(publishing.seconds / floor.seconds, 2),
        "reproduce_to_floor": round(reproducing.seconds / floor.seconds, 2),
    }


if __name__ == "__main__":
    print(json.dumps({"benchmark": "reproduce", **measure(province.how_many(1_000_000))}))
