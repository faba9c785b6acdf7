"""What a country costs to count: first everything, then 60,000 new answers at all its offices.

    python -m benchmarks country 3000000

CPU seconds of the process that counts and, beside them, of its PostgreSQL backend; the greatest
memory of the process; the bytes of what is derived against those of the responses, both without
indexes. The floor is read and counted by numpy alone, by office and day, in the same run.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from django.db import connection
from django.utils import timezone

from benchmarks.measures import province
from demo.simulation import load
from offices.models import AdministrativeUnit, Office
from reports.counting.layouts import instrument_of, layout_of
from reports.night.steps import count_marked
from reports.sipas.counts.sums import count
from surveys.models import Mark

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
PROVINCES, COMMUNES = 34, 3321
NEW = 60_000
Level = AdministrativeUnit.Level
SINGLE = "country-part"

# Everybody has the answers of somebody who is there, and came today.
ARRIVE = """
WITH arrived AS (
    INSERT INTO surveys_response (
        office_id, id, procedure_id, counter_id, instrument_id, channel, stage, respondent, state,
        step, answers, valid, day, received_on, hour, language, flags, simulated, arrival
    )
    -- the labels of closed months are folded away: everybody comes by phone, with a result
    SELECT office_id, gen_random_uuid(), NULL, NULL, instrument_id, 1, 1,
           0, 1, step, answers, valid, %(day)s, %(day)s, 9, language, 0, simulated, 1
    FROM (
        SELECT *, row_number() OVER (PARTITION BY office_id ORDER BY id) AS nth
        FROM surveys_response WHERE day >= %(since)s
    ) r WHERE nth <= %(each)s
    RETURNING office_id, day
)
INSERT INTO surveys_mark (office_id, day) SELECT office_id, day FROM arrived
"""
RAW = """
SELECT office_id, string_agg(answers, ''::bytea) FROM surveys_response
WHERE valid AND state IN (1, 2) AND day >= %s GROUP BY office_id, day
"""
DERIVED = ("reports_tally", "reports_batch", "reports_score", "reports_closedmonth")


def build() -> None:
    """The country's provinces and communes with an office each."""
    country = AdministrativeUnit.objects.create(
        level=Level.COUNTRY, code="VN", kind="nước", name="Việt Nam", valid_from=FIRST
    )
    units, offices = [], []
    for number in range(PROVINCES):
        units.append(_unit(Level.PROVINCE, f"{number:02}", country))
        units[-1].save()
        offices.append(_office(units[-1], f"p{number}", Office.Kind.PROVINCIAL_CENTRE))
    for number in range(COMMUNES):
        units.append(_unit(Level.COMMUNE, f"{number:05}", units[number % PROVINCES]))
        units[-1].save()
        offices.append(_office(units[-1], f"c{number}", Office.Kind.COMMUNE_CENTRE))
    Office.objects.bulk_create(offices)
    Office.objects.first().save()  # type: ignore[union-attr]  # tells the directory


def _unit(level: str, code: str, parent: AdministrativeUnit) -> AdministrativeUnit:
    return AdministrativeUnit(
        level=level, code=code, kind="xã", name=f"Số {code}", valid_from=FIRST, parent=parent
    )


def _office(unit: AdministrativeUnit, slug: str, kind: str) -> Office:
    return Office(slug=slug, name=slug, kind=kind, unit=unit, today_unit=unit, valid_from=FIRST)


def _backend_cpu() -> float:
    """CPU seconds of this connection's backend so far; 0 where it is on another machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Statements:
    """How many statements were executed; COPY comes on top."""

    made = 0

    def __call__(self, execute: Callable[..., object], *given: object) -> object:
        self.made += 1
        return execute(*given)


def part() -> dict[str, float]:
    """Counts what is marked, in this process."""
    wrapper = Statements()
    counting: AbstractContextManager[None] = connection.execute_wrapper(wrapper)
    before, began, wall = _backend_cpu(), time.process_time(), time.perf_counter()
    with counting:
        offices = count_marked()
    return {
        "offices": offices,
        "cpu_s": round(time.process_time() - began, 2),
        "postgresql_cpu_s": round(_backend_cpu() - before, 2),
        "wall_s": round(time.perf_counter() - wall, 1),
        "statements_an_office": round(wrapper.made / max(1, offices), 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _in_a_process() -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.measures.country", SINGLE]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def floor(since: date) -> float:
    """CPU seconds of reading answers by office and day, and of counting them with numpy."""
    layout = layout_of(instrument_of(province.instrument().id))
    began = time.process_time()
    with connection.cursor() as cursor:
        cursor.execute(RAW, [since])
        for _, answers in cursor:
            count(layout, bytes(answers))
    return round(time.process_time() - began, 2)


def _bytes() -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM FULL surveys_response")
        sizes = {}
        for table in ("surveys_response", *DERIVED):
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0] is None:
                continue
            cursor.execute(f"VACUUM FULL {table}")
            cursor.execute("SELECT pg_table_size(%s::regclass)", [table])
            sizes[table] = cursor.fetchone()[0]
    derived = sum(size for table, size in sizes.items() if table != "surveys_response")
    megabytes = {f"{table}_mb": round(size / 1e6, 1) for table, size in sizes.items()}
    return {
        **megabytes,
        "derived_per_response_byte": round(derived / sizes["surveys_response"], 3),
    }


def measure(responses: int) -> dict[str, object]:
    """Builds, loads, counts everything, then what came today."""
    build()
    plan = province.plan(FIRST, LAST)
    load(plan, responses, seed=1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response")
    reading = floor(FIRST)
    first = _in_a_process()
    sizes = _bytes()
    today = timezone.localdate()
    each = max(1, NEW // (PROVINCES + COMMUNES) + 1)
    with connection.cursor() as cursor:
        cursor.execute(ARRIVE, {"day": today, "since": LAST.replace(day=1), "each": each})
        cursor.execute("VACUUM ANALYZE surveys_response")
    arrived = Mark.objects.count()
    floor_today = floor(today)
    new = _in_a_process()
    return {
        "responses": responses,
        "floor_cpu_s": reading,
        **{f"first_{name}": value for name, value in first.items()},
        "first_ratio_to_floor": round(first["cpu_s"] / reading, 1),
        **sizes,
        "new_responses": arrived,
        "new_floor_cpu_s": floor_today,
        **{f"new_{name}": value for name, value in new.items()},
        "new_ratio_to_floor": round(new["cpu_s"] / max(floor_today, 0.01), 1),
    }


if __name__ == "__main__":
    import django

    if sys.argv[1:] == [SINGLE]:
        django.setup()
        print(json.dumps(part()))
    else:
        print(json.dumps({"benchmark": "country", **measure(province.how_many(300_000))}))
