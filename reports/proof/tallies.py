"""Whether tallies equal the responses, found out by another way than the tally itself.

The tally packs answers together and counts them with numpy; here PostgreSQL takes them apart byte
by byte. People are compared on all days, every answer on the most recent ones.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from reports.counting.layouts import instrument_of, layout_of
from reports.counting.stored import inflate
from reports.models import Batch
from reports.sipas.counts.sums import Counts
from surveys.models import Mark

RECENT = timedelta(days=31)

UNMARKED = """
NOT EXISTS (SELECT 1 FROM surveys_mark m WHERE m.office_id = {0}.office_id AND m.day = {0}.day)
"""

PEOPLE = f"""
SELECT office_id, day, instrument_id, coalesce(r.people, 0), coalesce(t.people, 0)
FROM (
    SELECT office_id, day, instrument_id, count(*) AS people
    FROM surveys_response r WHERE batch IS NOT NULL AND {UNMARKED.format("r")} GROUP BY 1, 2, 3
) r FULL JOIN (
    SELECT office_id, day, instrument_id, sum(people) AS people
    FROM reports_batch t WHERE {UNMARKED.format("t")} GROUP BY 1, 2, 3
) t USING (office_id, day, instrument_id)
WHERE r.people IS DISTINCT FROM t.people
ORDER BY 1, 2, 3
"""  # noqa: S608 - constants of this module

ANSWERS = f"""
SELECT r.office_id, r.day, r.instrument_id, i.position, get_byte(r.answers, i.position), count(*)
FROM surveys_response r JOIN surveys_criterion i ON i.instrument_id = r.instrument_id
WHERE r.day >= %s AND r.batch IS NOT NULL AND {UNMARKED.format("r")}
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - constants of this module

Answer = tuple[int, date, int, int, int]


def differences(since: date | None = None) -> list[str]:
    """What differs between tallies and responses, one sentence each; empty when all is right.

    Answers are compared one by one from the day `since` on (default: the last 31 days). Days that
    are marked for counting are left out: they are known to be behind.
    """
    first = since or timezone.localdate() - RECENT
    snapshot = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if snapshot:
            # Both sides must be seen at one moment, while citizens go on answering.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return [*_people(), *_answers(first)]


def _people() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE)
        for office, day, instrument, responses, tallied in cursor.fetchall():
            yield (
                f"office {office}, {day}, instrument {instrument}: "
                f"{responses} responses, {tallied} in the tally"
            )


def _answers(first: date) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(ANSWERS, [first])
        said: Counter[Answer] = Counter({row[:5]: row[5] for row in cursor.fetchall()})
    tallied: Counter[Answer] = Counter()
    marked = Mark.objects.filter(office=OuterRef("office"), day=OuterRef("day"))
    for tally in Batch.objects.filter(~Exists(marked), day__gte=first):
        sums = inflate(layout_of(instrument_of(tally.instrument_id)), tally.sums)
        for (position, answer), n in _cells(sums.counts):
            tallied[tally.office_id, tally.day, tally.instrument_id, position, answer] += n
    for key in sorted(said.keys() | tallied.keys()):
        if said[key] != tallied[key]:
            office, day, instrument, position, answer = key
            yield (
                f"office {office}, {day}, instrument {instrument}, item {position}, "
                f"answer {answer}: {said[key]} in the responses, {tallied[key]} in the tally"
            )


def _cells(counts: Counts) -> Iterator[tuple[tuple[int, int], int]]:
    for position, answer in np.argwhere(counts):
        yield (int(position), int(answer)), int(counts[position, answer])
