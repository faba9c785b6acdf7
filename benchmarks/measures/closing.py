"""What closing a month costs an office: its blocks, its rows and what opens of them.

    python -m benchmarks closing 100000

The responses of a year lie in a province: of ten months as nights would have shown them, closed
before; all of November and December wait. November is closed as an ordinary month (`month_…`),
December with its quarter and year (`year_…`). CPU seconds of this process: `blocks_s` forms who
comes together, `openings_s` forms rows and opens what they show, `closing_s` is everything that
`close_office` does, those two and the counting among them.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from django.db import connection

from benchmarks.measures import province
from demo.simulation import load
from offices.models import Office
from reports.counting import recount
from reports.counting.batching import form_batches
from reports.counting.closing import closing_day
from reports.counting.periods import span_of
from reports.models import Batch, BlockRow, Opening, Period
from reports.night.steps import close_office, count_marked
from reports.scores.openings import OfficeOpenings

P = ParamSpec("P")
T = TypeVar("T")
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
BEFORE, ORDINARY = date(2025, 10, 31), date(2025, 11, 1)

# As if every night of these months had been without a batch.
WAIT = """
WITH waiting AS (
    UPDATE surveys_response SET batch = NULL WHERE day >= %s RETURNING office_id, day
)
INSERT INTO surveys_mark (office_id, day) SELECT DISTINCT office_id, day FROM waiting
"""


def timed(spent: Counter[str], name: str, done: Callable[P, T]) -> Callable[P, T]:
    """The same function, whose CPU seconds are added up under this name."""

    def measured(*given: P.args, **named: P.kwargs) -> T:
        began = time.process_time_ns()
        try:
            return done(*given, **named)
        finally:
            spent[name] += time.process_time_ns() - began

    return measured


def close(day: date) -> dict[str, float]:
    """Closes the month of this day for every office; what was formed and how long it took."""
    spent: Counter[str] = Counter()
    before = _standing()
    with (
        patch.object(recount, "form_batches", timed(spent, "blocks", form_batches)),
        patch.object(OfficeOpenings, "catch_up", timed(spent, "openings", OfficeOpenings.catch_up)),
    ):
        one = timed(spent, "closing", close_office)
        for office in Office.objects.order_by("pk").values_list("pk", flat=True):
            one(office, closing_day(span_of(Period.MONTH, day)))
    made = {name: now - before[name] for name, now in _standing().items()}
    return {
        **made,
        **{f"{name}_s": round(spent[name] / 1e9, 3) for name in ("blocks", "openings", "closing")},
        "closing_ms_an_office": round(spent["closing"] / 1e6 / Office.objects.count(), 2),
    }


def _standing() -> dict[str, int]:
    return {
        "blocks": Batch.objects.values("office", "number").distinct().count(),
        "rows": BlockRow.objects.count(),
        "openings": Opening.objects.count(),
    }


def measure(responses: int) -> dict[str, float]:
    """Builds, loads, counts, closes what came before, then November and December."""
    province.build()
    load(province.plan(FIRST, LAST), responses, seed=1)
    with connection.cursor() as cursor:
        cursor.execute(WAIT, [ORDINARY])
        cursor.execute("VACUUM ANALYZE surveys_response")
    count_marked()
    close(BEFORE)
    month, year = close(ORDINARY), close(LAST)
    if not all(of[name] for of in (month, year) for name in ("blocks", "rows", "openings")):
        raise AssertionError(f"nothing was formed: {month}, {year}")
    return {
        "responses": responses,
        "offices": Office.objects.count(),
        **{f"month_{name}": value for name, value in month.items()},
        **{f"year_{name}": value for name, value in year.items()},
    }


if __name__ == "__main__":
    print(json.dumps({"benchmark": "closing", **measure(province.how_many(100_000))}))
