"""The figures of offices, from batches to every column of every month, quarter and year."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from reports.models import Part, Period
from reports.proof.batches import Shares, prove_batches
from reports.proof.cells import CellProof, stored_partitions
from reports.proof.forms import Form
from reports.proof.found import Ledger, Place
from reports.proof.months import closed_months, prove_seals, wrong_row
from reports.proof.numbers import Vector, nobody
from reports.proof.openings import Block, OpeningProof, stored_openings
from reports.proof.periods import Stretch, stretch, stretches
from reports.proof.scope import Behind, Days
from reports.proof.scores import (
    Right,
    StoredScore,
    added,
    closed_through_leniently,
    compare,
    extra,
    missing,
    stored_scores,
)
from surveys.models.standing import STANDING

Of = tuple[int, int]  # office, instrument

# Who would stand in figures if no auditor had left them out, batched or not.
STANDING_DAYS = f"""
SELECT office_id, instrument_id, day, bool_or(simulated) FROM surveys_response
WHERE office_id = ANY(%s) AND day BETWEEN %s AND %s AND {STANDING} GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of ours

YEARS = """
SELECT extract(year FROM day)::int FROM reports_batch WHERE office_id = ANY(%(offices)s)
UNION SELECT extract(year FROM day)::int FROM surveys_response WHERE office_id = ANY(%(offices)s)
UNION SELECT extract(year FROM start)::int FROM reports_score WHERE office_id = ANY(%(offices)s)
UNION
SELECT extract(year FROM start)::int FROM reports_closedmonth WHERE office_id = ANY(%(offices)s)
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Night:
    """Up to which day is closed, and which day it is."""

    through: date | None
    today: date


def prove_offices(
    forms: Mapping[int, Form],
    offices: Collection[int],
    days: Days,
    behind: Behind,
    night: Night,
    ledger: Ledger,
) -> None:
    """Proves batches, closed months and scores of these offices, year by year."""
    with connection.cursor() as cursor:
        cursor.execute(YEARS, {"offices": list(offices)})
        years = [year for (year,) in cursor.fetchall()]
    for year in years:
        window = Days(date(year, 1, 1), date(year, 12, 31))
        looked_at = Days(max(days.first, window.first), min(days.last, window.last))
        if looked_at.first <= looked_at.last:
            prove_seals(offices, looked_at, ledger)
            shares = prove_batches(forms, offices, looked_at, window, behind, ledger)
            _OfficeYear(forms, offices, looked_at, window, behind, night).prove(shares, ledger)


class _OfficeYear:
    """The scores of some offices in one year."""

    def __init__(
        self,
        forms: Mapping[int, Form],
        offices: Collection[int],
        days: Days,
        window: Days,
        behind: Behind,
        night: Night,
    ) -> None:
        self.forms, self.days, self.behind, self.night = forms, days, behind, night
        self.closed = closed_months(offices, window)
        self.openings = stored_openings(offices, window)
        self.partitions = stored_partitions(offices, window.first, window.last)
        self.scores: dict[Of, dict[Stretch, StoredScore]] = defaultdict(dict)
        self.misplaced: list[StoredScore] = []
        for score in stored_scores(
            office__in=offices, start__range=(window.first, window.last), unit=None
        ):
            of = stretch(score.period, score.start)
            if of.first == score.start:
                self.scores[score.office_id or 0, score.instrument][of] = score
            else:
                self.misplaced.append(score)
        self.standing: dict[Of, dict[date, bool]] = defaultdict(dict)
        with connection.cursor() as cursor:
            cursor.execute(STANDING_DAYS, [list(offices), days.first, days.last])
            for office, instrument, day, simulated in cursor.fetchall():
                if not behind.day(office, day):
                    self.standing[office, instrument][day] = simulated

    def prove(self, shares: Shares, ledger: Ledger) -> None:
        """Compares all scores that the days meet."""
        for score in self.misplaced:
            ledger.note(extra(Part.OFFICES, score))
        closed = {(office, instrument) for office, instrument, _ in self.closed}
        every = self.standing.keys() | self.scores.keys() | shares.of.keys() | closed
        for of in sorted(every | self.openings.keys() | self.partitions.keys()):
            left = {number for *place, number in shares.left if tuple(place) == of}
            self._prove_one(of, shares.of.get(of, {}), left, ledger)

    def _prove_one(
        self,
        of: Of,
        batches: Mapping[int, Mapping[date, Vector]],
        left: Collection[int],
        ledger: Ledger,
    ) -> None:
        office, instrument = of
        form, scores = self.forms[instrument], self.scores.get(of, {})
        evidence = self._evidence(of)
        self._prove_closed(of, evidence, ledger)
        extents = {
            number: (min(by_day), max(by_day), added(list(by_day.values()), nobody(form)))
            for number, by_day in batches.items()
        }
        held = self._held(of, {number: e[:2] for number, e in extents.items()})
        marked = self.behind.marked.get(office, ())
        beside = OpeningProof(
            form,
            of,
            self.openings[of],
            {n: Block(*e, left=n in left) for n, e in extents.items() if n not in held},
            {start for o, i, start in self.closed if (o, i) == of},
        )
        ended = [
            one for one, score in scores.items() if score.closed and one.period != Period.MONTH
        ]
        for found in beside.found(ended):
            if not marked and self.days.meet(Stretch(found.period, found.first, found.last)):
                ledger.note(found)
        ledger.figures[Part.OPENINGS] += len(beside.right)
        cells = CellProof(form, of, self.openings[of].rows)
        for found in cells.found(self.partitions.get(of, ())):
            if not marked and self.days.meet(Stretch(found.period, found.first, found.last)):
                ledger.note(found)
        ledger.figures[Part.TABLES] += cells.looked_at
        wanted = stretches(evidence) | scores.keys()
        for one in sorted(wanted, key=lambda one: (one.first, one.last)):
            if not self.days.meet(one):
                continue
            ledger.figures[Part.OFFICES] += 1
            score = scores.get(one)
            seen = [simulated for day, simulated in evidence.items() if one.holds(day, day)]
            unsure = self.behind.office(office, one)
            if score is None:
                if not unsure:
                    ledger.note(missing(Part.OFFICES, Place(office), instrument, one))
                continue
            if not seen and not unsure:
                ledger.note(extra(Part.OFFICES, score))
                continue
            people = added(
                [
                    vector
                    for number, (first, last, vector) in extents.items()
                    if number not in held and one.holds(first, last)
                ],
                nobody(form),
            )
            closed = (
                (office, instrument, one.first) in self.closed
                if one.period == Period.MONTH
                else closed_through_leniently(
                    one, self.night.through, self.night.today, unsure=bool(marked)
                )
            )
            right = Right(people, None if unsure else any(seen), closed, beside.of_period(one))
            for found in compare(Part.OFFICES, form, score, right):
                ledger.note(found)

    def _evidence(self, of: Of) -> dict[date, bool]:
        """Days on which somebody stands, and whether any is simulated.

        Outside of the days that are looked at, the months' own scores are believed.
        """
        known = dict(self.standing.get(of, {}))
        for one, score in self.scores.get(of, {}).items():
            if one.period == Period.MONTH and not self.days.meet(one):
                known[one.first] = score.simulated
        return known

    def _prove_closed(self, of: Of, evidence: Mapping[date, bool], ledger: Ledger) -> None:
        office, instrument = of
        seen = {stretch(Period.MONTH, day) for day in evidence}
        starts = [start for o, i, start in self.closed if (o, i) == of]
        known = {stretch(Period.MONTH, start) for start in starts if start.day == 1}
        for start in starts:
            if start.day != 1 and self.days.hold(start):
                ledger.note(wrong_row((office, instrument, start), missing=False))
        for month in seen | known:
            if not self.days.meet(month) or self.behind.office(office, month):
                continue
            right: bool | None = False
            if month in seen:
                unsure = bool(self.behind.marked.get(office))
                right = closed_through_leniently(
                    month, self.night.through, self.night.today, unsure=unsure
                )
            if right is not None and right != (month in known):
                ledger.note(wrong_row((office, instrument, month.first), missing=right))

    def _held(self, of: Of, extents: Mapping[int, tuple[date, date]]) -> set[int]:
        """The batches that nobody sees: the newest one of each month that is not closed."""
        office, instrument = of
        newest: dict[Stretch, int] = {}
        for number, (first, last) in extents.items():
            month = stretch(Period.MONTH, first)
            if month.holds(first, last):
                newest[month] = max(number, newest.get(month, number))
        return {
            number
            for month, number in newest.items()
            if (office, instrument, month.first) not in self.closed
        }
