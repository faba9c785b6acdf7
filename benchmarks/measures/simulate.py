"""Rows a second of simulating and loading, and of COPY into a table without index or key."""

import json

from django.db import connection, transaction

from benchmarks.measures import province
from demo.simulation import load
from demo.simulation.draw import draw
from demo.simulation.rows import COPY_IN, HEADER, TRAILER, binary_rows
from surveys.models import Response


def measure(responses: int) -> dict[str, float]:
    """Draws, copies bare, and loads; each with the same people."""
    province.build()
    plan = province.plan()
    instrument_id = plan.form.instrument.id
    with province.Stopwatch() as drawing:
        portions = [
            rows
            for people in draw(plan, responses, seed=1)
            for rows in binary_rows(people, plan.days, instrument_id)
        ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (LIKE surveys_response INCLUDING DEFAULTS)")
        with (
            province.Stopwatch() as floor,
            transaction.atomic(),
            cursor.copy(COPY_IN.replace("COPY surveys_response", "COPY bare")) as copy,
        ):
            for portion in (HEADER, *portions, TRAILER):
                copy.write(portion)
        cursor.execute("DROP TABLE bare")
    with province.Stopwatch() as loading:
        loaded = load(plan, responses, seed=1)
    return {
        "responses": Response.objects.count(),
        "remarks": loaded.remarks,
        "megabytes": round(sum(map(len, portions)) / 1e6, 1),
        "drawing_s": round(drawing.seconds, 2),
        "load_s": round(loading.seconds, 2),
        "rows_per_s": round(responses / loading.seconds),
        "floor_s": round(floor.seconds, 2),
        "floor_rows_per_s": round(responses / floor.seconds),
        "ratio_to_floor": round(loading.seconds / floor.seconds, 2),
    }


if __name__ == "__main__":
    print(json.dumps({"benchmark": "simulate", **measure(province.how_many(100_000))}))
