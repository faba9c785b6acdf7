"""Closed months against the responses they were made of, and which months must be closed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from reports.models import ROW, SEAL_OF, Part, Period
from reports.proof.found import Found, Ledger, Place
from reports.proof.periods import stretch
from reports.proof.scope import Days
from surveys.labels import opener_or_none

TABLE = "reports_closedmonth"
Key = tuple[int, int, date]  # office, instrument, start

READ = f"""
SELECT c.office_id, c.instrument_id, c.start, c.newest, c.people, c.digest,
       coalesce(max(r.batch), 0), count(r.id), {SEAL_OF}
FROM reports_closedmonth c
LEFT JOIN surveys_response r
    ON r.office_id = c.office_id AND r.instrument_id = c.instrument_id AND r.batch <= c.newest
    AND r.day >= c.start AND r.day < c.start + interval '1 month'
WHERE c.office_id = ANY(%(offices)s) AND c.start BETWEEN %(first)s AND %(last)s
GROUP BY c.id ORDER BY 1, 2, 3
"""  # noqa: S608 - constants of ours

KNOWN = """
SELECT office_id, instrument_id, start FROM reports_closedmonth
WHERE office_id = ANY(%s) AND start BETWEEN %s AND %s
"""

COLUMNS = ("newest", "people", "digest")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a closed month says it was made of (newest batch, people, digest), and what is there."""

    key: Key
    stored: tuple[int, int, str]
    found: tuple[int, int, str]

    @property
    def broken(self) -> bool:
        return self.stored != self.found

    def told(self) -> dict[str, object]:
        """The stored side, for the history."""
        _, instrument, start = self.key
        values = dict(zip(COLUMNS, self.stored, strict=True))
        return {"instrument": instrument, "start": start.isoformat(), **values}


def seals(offices: Collection[int], days: Days) -> Iterator[Seal]:
    """Each closed month of these offices with what its responses say now."""
    with connection.cursor() as cursor:
        cursor.execute(
            READ,
            {
                "offices": list(offices),
                "first": days.first,
                "last": days.last,
                "opener": opener_or_none(),
            },
        )
        rows = cursor.fetchall()
    for office, instrument, start, *numbers in rows:
        yield Seal((office, instrument, start), tuple(numbers[:3]), tuple(numbers[3:]))


def prove_seals(offices: Collection[int], days: Days, ledger: Ledger) -> None:
    """Compares what stands in the rows of these months with the responses as they are."""
    for seal in seals(offices, days):
        ledger.figures[Part.CLOSED_MONTHS] += 1
        for column, shown, proved in zip(COLUMNS, seal.stored, seal.found, strict=True):
            if shown != proved:
                ledger.note(_found(seal.key, column, str(shown), str(proved)))


def closed_months(offices: Collection[int], window: Days) -> set[Key]:
    """The closed months of these offices, as stored."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(offices), window.first, window.last])
        return set(cursor.fetchall())


def wrong_row(key: Key, *, missing: bool) -> Found:
    """A month that should be closed and is not (`missing`), or the other way round."""
    return _found(key, ROW, *(("0", "1") if missing else ("1", "0")))


def _found(key: Key, column: str, shown: str, proved: str) -> Found:
    office, instrument, start = key
    of = stretch(Period.MONTH, start)
    return Found(
        *(Part.CLOSED_MONTHS, TABLE, column, Place(office), instrument, "", of.first, of.last),
        *("", shown, proved),
    )
