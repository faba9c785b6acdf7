"""Seconds to sum days and weeks of a country when they are read, against the bare scan of a week.

    python -m benchmarks weeks 3400

So many offices, with one to three batches each on every day of three months, a tenth of them over
several days; the last month is open. Times are the database's own, of the statement alone.
"""

import argparse
import json
from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.measures import province
from offices.models import AdministrativeUnit, Office
from reports.counting.periods import Span, previous, span_of
from reports.models import Period, TerritoryMap
from reports.showing.subjects import Subjects
from reports.showing.summed import newest_shown, scores_in

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
PROVINCES = 34
Level = AdministrativeUnit.Level

# 1: batches of one day, as many as the office is large; 2: a tenth reaches over two days more.
FILL = """
INSERT INTO reports_batch (office_id, instrument_id, number, day, people, sums, moments)
SELECT o.id, %(form)s, 3 * (d - %(first)s::date) + n + 10, d, 11,
       decode(repeat(md5(o.id::text || d::text), 12), 'hex'), ARRAY[200, 240, 4100, 5300, 4500]
FROM offices_office o
CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS day (moment)
CROSS JOIN LATERAL (SELECT moment::date AS d) AS days
CROSS JOIN generate_series(1, 1 + (o.id %% 3)::int) AS n;
INSERT INTO reports_batch (office_id, instrument_id, number, day, people, sums, moments)
SELECT office_id, instrument_id, number, day + later, 4, sums, moments
FROM reports_batch CROSS JOIN generate_series(1, 2) AS later WHERE (office_id + number) %% 10 = 0;
INSERT INTO reports_closedmonth
    (office_id, instrument_id, start, newest, people, digest, closed_at)
SELECT o.id, %(form)s, m, 1, 1, '', now() FROM offices_office o
CROSS JOIN unnest(ARRAY['2026-07-01', '2026-08-01']::date[]) AS m;
INSERT INTO reports_score (office_id, map, instrument_id, period, start, closed, people, answered,
    satisfied, simulated, sums, method, computed_at)
SELECT o.id, '', %(form)s, 'month', m, false, 1, 1, 1, false, '', '', now() FROM offices_office o
CROSS JOIN unnest(ARRAY['2026-07-01', '2026-08-01', '2026-09-01']::date[]) AS m;
INSERT INTO reports_score (unit_id, map, instrument_id, period, start, closed, people, answered,
    satisfied, simulated, sums, method, computed_at)
SELECT u.id, 'today', %(form)s, 'month', m, false, 1, 1, 1, false, '', '', now()
FROM offices_administrativeunit u
CROSS JOIN unnest(ARRAY['2026-07-01', '2026-08-01', '2026-09-01']::date[]) AS m;
"""


def build(offices: int) -> AdministrativeUnit:
    """Makes the country with so many communes and an office in each; returns it."""
    country = _unit(Level.COUNTRY, "VN", None)
    provinces = [_unit(Level.PROVINCE, f"{number:02}", country) for number in range(PROVINCES)]
    made = []
    for number in range(offices):
        unit = _unit(Level.COMMUNE, f"{number:05}", provinces[number % PROVINCES])
        kind = Office.Kind.COMMUNE_CENTRE
        made.append(
            Office(slug=f"c{number}", name="", kind=kind, unit=unit, today_unit=unit,
                   valid_from=FIRST)
        )  # fmt: skip
    Office.objects.bulk_create(made)
    return country


def _unit(level: str, code: str, parent: AdministrativeUnit | None) -> AdministrativeUnit:
    return AdministrativeUnit.objects.create(
        level=level, code=code, kind="xã", name=f"Số {code}", valid_from=FIRST, parent=parent
    )


def measure(offices: int) -> dict[str, float]:
    """Fills the tables and reads each kind of view three times; the best counts."""
    country, form = build(offices), province.instrument()
    with connection.cursor() as cursor:
        given: dict[str, int | date] = {"form": form.id, "first": FIRST, "last": LAST}
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, given)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM reports_batch")
        (rows,) = cursor.fetchone()
    today = TerritoryMap.TODAY
    whole, provinces = Subjects.of_unit(country, today), Subjects.of_level(Level.PROVINCE, today)
    one_province = AdministrativeUnit.objects.filter(level=Level.PROVINCE)[0]
    within = list(Office.objects.within(one_province, "today_unit").values_list("pk", flat=True))
    closed, opened = span_of(Period.WEEK, date(2026, 8, 12)), span_of(Period.WEEK, LAST)
    day = span_of(Period.DAY, date(2026, 9, 15))
    weeks = [closed]
    while len(weeks) < 24:
        weeks.append(previous(weeks[-1]))
    days = [span_of(Period.DAY, LAST - timedelta(n)) for n in range(24)]
    found = {
        "country_closed_week_s": _seconds(whole, [closed]),
        "country_open_week_s": _seconds(whole, [opened]),
        "country_day_s": _seconds(whole, [day]),
        "provinces_open_week_s": _seconds(provinces, [opened]),
        "offices_of_a_province_week_s": _seconds(Subjects.of_offices(within), [opened]),
        "one_office_24_days_s": _seconds(Subjects.of_offices(within[:1]), days),
        "country_24_days_s": _seconds(whole, days),
        "country_24_weeks_s": _seconds(whole, weeks),
    }
    with province.Stopwatch() as newest:
        newest_shown(whole, form, Period.DAY, LAST)
    with connection.cursor() as cursor, province.Stopwatch() as floor:
        cursor.execute(
            "SELECT sum(people), sum(moments[1]) FROM reports_batch WHERE day BETWEEN %s AND %s",
            [opened.first, opened.last],
        )
    return {
        "offices": offices,
        "batch_rows": rows,
        **found,
        "newest_day_s": round(newest.seconds, 3),
        "floor_s": round(floor.seconds, 3),
    }


def _seconds(subjects: Subjects, spans: list[Span]) -> float:
    """The time of the statement that sums, by its own account."""
    form, times = province.instrument(), []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            scores_in(form, spans, subjects)
        (summing,) = [q["time"] for q in captured.captured_queries if "WITH members" in q["sql"]]
        times.append(float(summing))
    return min(times)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("offices", type=int, nargs="?", default=3400)
    print(json.dumps({"benchmark": "weeks", **measure(parser.parse_args().offices)}))
