"""What stands out at the offices of a list, for auditors: one row an office, the oddest first.

Nothing is computed from single forms: shares of flagged ones are sums of whole cells of closed
months, forms by evidence and forms that wait are told in tens, and everything else counts acts.

A cell stands out where its share lies STANDS_OUT points above that of the whole list (of open
forms: where FEWEST_FORMS or more are told), the figure
moves by MOVES points without the flagged forms, there are more forms than dossiers, or there is
anything at all of what should not be: forms that wait, exclusions made in the months of the table
or of their days, numbers of dossiers that were changed after their month was closed (a first entry
changes none), numbers that the proof or a release did not give again. Rows go by how many of their
cells stand out, then by how many people answered, then by name.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import connection

from offices.calendar import closes_on
from offices.models import DossierSource, Office, Proposal
from reports.counting.labels import CLEAN, FLAGGED
from reports.counting.periods import Span, previous
from reports.models import Score
from reports.showing.figures import headlines
from reports.sipas.hiding.suppression import Policy
from surveys.models import Evidence, Hold

MONTHS = 12
STANDS_OUT = Fraction(15, 100)
MOVES = Fraction(3, 100)
TENS = 10
FEWEST_FORMS = 50
EXCLUDING = ("exclusion", "exclusion_lift")

# By office and name: a number, and up to two more or a text that go with it.
COUNTED = """
WITH here AS MATERIALIZED (SELECT unnest(%(offices)s::bigint[]) AS office_id),
months AS MATERIALIZED (
    SELECT * FROM unnest(%(starts)s::date[], %(closings)s::date[]) AS given (start, closed)
),
checked AS (
    SELECT DISTINCT ON (release_id) release_id, differences FROM reports_releasecheck
    ORDER BY release_id, made_at DESC, id DESC
)
SELECT office_id, 'cell:' || c.labels[2], sum(c.people)::bigint, sum(c.moments[1])::bigint,
       sum(c.moments[2])::bigint, ''
FROM here JOIN reports_partition p USING (office_id) JOIN reports_cell c ON c.partition_id = p.id
WHERE p.start BETWEEN %(first)s AND %(last)s GROUP BY 1, 2
UNION ALL
SELECT office_id, 'evidence:' || e.evidence, sum(e.forms)::bigint, 0, 0, ''
FROM here JOIN surveys_evidencecount e USING (office_id) WHERE e.month = %(month)s GROUP BY 1, 2
UNION ALL
SELECT office_id, 'in_force', count(*), 0, 0, ''
FROM here JOIN surveys_exclusion x USING (office_id)
WHERE x.lifted_at IS NULL
  AND (x.last_day >= %(first)s OR (x.made_at AT TIME ZONE %(zone)s)::date >= %(first)s) GROUP BY 1
UNION ALL
SELECT office_id, 'proposed', count(*), 0, 0, ''
FROM here JOIN offices_proposal o USING (office_id)
WHERE o.state = %(open)s AND o.kind = ANY(%(excluding)s) GROUP BY 1
UNION ALL
SELECT office_id, 'edits', count(*), 0, 0, ''
FROM here JOIN offices_dossierchange d USING (office_id)
JOIN months m ON d.day >= m.start AND d.day < m.start + interval '1 month'
WHERE d.source <> ALL(%(unwritten)s) AND d.was IS NOT NULL
  AND (d.at AT TIME ZONE %(zone)s)::date > m.closed GROUP BY 1
UNION ALL
SELECT office_id, 'dossiers', sum(n.finished)::bigint, 0, 0, ''
FROM here JOIN offices_dossiercount n USING (office_id)
WHERE n.day >= %(month)s AND n.day < %(month)s::date + interval '1 month' GROUP BY 1
UNION ALL
SELECT office_id, 'held', sum(h.forms)::bigint, count(*), 0, ''
FROM here JOIN surveys_hold h USING (office_id) WHERE h.state = %(waiting)s GROUP BY 1
UNION ALL
SELECT office_id, 'differences', count(*), 0, 0, ''
FROM here JOIN reports_difference f USING (office_id) WHERE f.ended_at IS NULL GROUP BY 1
UNION ALL
SELECT office_id, 'unlike', count(DISTINCT r.id), 0, 0, max(r.slug)
FROM here JOIN reports_releasecut USING (office_id) JOIN reports_release r ON r.id = release_id
JOIN checked ON checked.release_id = r.id
WHERE checked.differences > 0 AND r.unit_id = ANY(%(units)s) GROUP BY 1
"""


class Column(StrEnum):
    """What is looked at, in the order of the table."""

    FLAGGED = "flagged"
    EVIDENCE = "evidence"
    WITHOUT = "without"
    EXCLUSIONS = "exclusions"
    EDITS = "edits"
    DOSSIERS = "dossiers"
    FLOODS = "floods"
    PROOF = "proof"
    RELEASES = "releases"


@dataclass(frozen=True)
class Row:
    """One office. Shares are exact; None is what is not told: too few people, or nothing known.

    people: of the newest closed month, by the questionnaire that most of them filled in, because
    one person may fill in several; flagged: of the people of closed months; evidence: by what
    forms of that month rest on, in tens; open_share: open ones among these; without: by how much
    the share of satisfied answers moves without the flagged forms; held: forms that wait, in tens,
    of `holds` decisions; unlike: releases that were not the same when they were computed again, and
    the newest of them; simulated: whether the month is made up.
    """

    office: Office
    people: int | None = None
    flagged: Fraction | None = None
    evidence: Mapping[Evidence, int] = field(default_factory=dict)
    open_share: Fraction | None = None
    without: Fraction | None = None
    in_force: int = 0
    proposed: int = 0
    edits: int = 0
    dossiers: int | None = None
    held: int = 0
    holds: int = 0
    differences: int = 0
    unlike: int = 0
    release: str = ""
    simulated: bool = False
    odd: frozenset[Column] = frozenset()

    @property
    def without_points(self) -> Decimal | None:
        """The same in points, one decimal."""
        if self.without is None:
            return None
        return Decimal(round(self.without * 1000)) / 10


@dataclass(frozen=True)
class _Counts:
    """What the statement gave of one office."""

    numbers: Mapping[str, tuple[int, int, int, str]]

    def of(self, name: str) -> int:
        return self.numbers.get(name, (0, 0, 0, ""))[0]

    @property
    def told_apart(self) -> int:
        """The people of all cells, told apart or not."""
        return sum(row[0] for name, row in self.numbers.items() if name.startswith("cell:"))

    @property
    def evidence(self) -> dict[Evidence, int]:
        """Forms by what they rest on, as they are; told in tens only."""
        kinds = (one for one in Evidence if one != Evidence.FROM_BEFORE)
        return {one: self.of(f"evidence:{one.value}") for one in kinds}

    def without(self, fewest: int) -> Fraction | None:
        """Satisfied answers of clean forms less those of clean and flagged ones together."""
        clean = self.numbers.get(f"cell:{CLEAN}", (0, 0, 0, ""))
        flagged = self.numbers.get(f"cell:{FLAGGED}", (0, 0, 0, ""))
        if min(clean[0], flagged[0]) < fewest or not clean[2] or not flagged[2]:
            return None
        both = Fraction(clean[1] + flagged[1], clean[2] + flagged[2])
        return Fraction(clean[1], clean[2]) - both


def rows_of(
    offices: Collection[Office], units: Collection[int], month: Span, policy: Policy
) -> list[Row]:
    """One row for each office, the oddest first.

    month: the newest closed one. units: whose releases the reader sees, by key.
    """
    counted = _counted([office.pk for office in offices], units, month)
    people, made_up = _people(offices, month, policy)
    fewest = policy.minimum_people
    found = [
        replace(_row(one, counted[one.pk], people.get(one.pk), fewest), simulated=one.pk in made_up)
        for one in offices
    ]
    flagged = _whole((c.of(f"cell:{FLAGGED}"), c.told_apart) for c in counted.values())
    opened = _whole(
        (row.evidence.get(Evidence.OPEN, 0), sum(row.evidence.values())) for row in found
    )
    judged = [_judged(row, flagged, opened) for row in found]
    return sorted(judged, key=lambda row: (-len(row.odd), -(row.people or 0), row.office.name_key))


def _counted(offices: list[int], units: Collection[int], month: Span) -> dict[int, _Counts]:
    months = [month]
    while len(months) < MONTHS:
        months.append(previous(months[-1]))
    given: dict[str, Any] = {  # Any: arrays
        "offices": offices,
        "units": list(units),
        "month": month.first,
        "first": months[-1].first,
        "last": month.last,
        "starts": [one.first for one in months],
        "closings": [_closing(one.last) for one in months],
        "open": Proposal.State.OPEN.value,
        "waiting": Hold.State.WAITING.value,
        "excluding": list(EXCLUDING),
        "unwritten": [DossierSource.SIMULATED.value, DossierSource.BEFORE.value],
        "zone": settings.TIME_ZONE,
    }
    numbers: dict[int, dict[str, tuple[int, int, int, str]]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, given)
        for office, name, *row in cursor.fetchall():
            numbers[office][name] = tuple(row)
    return {office: _Counts(numbers[office]) for office in offices}


def _closing(last: date) -> date:
    return closes_on(last, settings.CLOSING_WORKING_DAYS)


def _people(
    offices: Collection[Office], month: Span, policy: Policy
) -> tuple[dict[int, int], set[int]]:
    """By office the people of the month's figure with the most, and whose are simulated."""
    scores = list(
        Score.objects.filter(
            office__in=[office.pk for office in offices],
            period=month.kind,
            start=month.first,
            closed=True,
        )
    )
    found: dict[int, int] = defaultdict(int)
    for score, figure in zip(scores, headlines(scores, policy), strict=True):
        if score.office_id is not None and figure.people is not None:
            found[score.office_id] = max(found[score.office_id], figure.people)
    made_up = {score.office_id for score in scores if score.simulated and score.office_id}
    return dict(found), made_up


def _row(office: Office, counts: _Counts, people: int | None, fewest: int) -> Row:
    forms = counts.evidence
    in_tens = {one: number // TENS * TENS for one, number in forms.items() if number >= TENS}
    opened, all_forms = in_tens.get(Evidence.OPEN, 0), sum(in_tens.values())
    flagged = counts.of(f"cell:{FLAGGED}")
    held = counts.numbers.get("held", (0, 0, 0, ""))
    unlike = counts.numbers.get("unlike", (0, 0, 0, ""))
    return Row(
        office,
        people,
        Fraction(flagged, counts.told_apart) if flagged >= fewest else None,
        in_tens,
        Fraction(opened, all_forms) if all_forms >= FEWEST_FORMS else None,
        counts.without(fewest),
        counts.of("in_force"),
        counts.of("proposed"),
        counts.of("edits"),
        counts.of("dossiers") if "dossiers" in counts.numbers else None,
        held[0] // TENS * TENS,
        held[1],
        counts.of("differences"),
        unlike[0],
        unlike[3],
    )


def _whole(parts: Iterable[tuple[int, int]]) -> Fraction | None:
    """The share of the whole list; None where there is nothing to divide."""
    pairs = list(parts)
    all_of_them = sum(whole for _part, whole in pairs)
    return Fraction(sum(part for part, _whole in pairs), all_of_them) if all_of_them else None


def _judged(row: Row, flagged: Fraction | None, opened: Fraction | None) -> Row:
    """The row with the columns that stand out."""
    stands = {
        Column.FLAGGED: _above(row.flagged, flagged),
        Column.EVIDENCE: _above(row.open_share, opened),
        Column.WITHOUT: row.without is not None and abs(row.without) >= MOVES,
        Column.EXCLUSIONS: bool(row.in_force or row.proposed),
        Column.EDITS: bool(row.edits),
        Column.DOSSIERS: (row.people or 0) > row.dossiers if row.dossiers is not None else False,
        Column.FLOODS: bool(row.holds),
        Column.PROOF: bool(row.differences),
        Column.RELEASES: bool(row.unlike),
    }
    odd = frozenset(column for column, out in stands.items() if out)
    return replace(row, odd=odd)


def _above(share: Fraction | None, whole: Fraction | None) -> bool:
    return share is not None and whole is not None and share >= whole + STANDS_OUT
