"""The night's judgement of one office: counts from PostgreSQL, bounds, holds.

Once a night and before batches are formed, finished and settled forms alike, by evidence, from
counts alone: no answer, no address, nothing finer than an hour, no Redis.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q

from offices import directory
from offices.directory import OfficeEntry
from offices.models import DossierSource
from offices.opening import is_open_in
from offices.validity import Days
from surveys.flags.rules import Flag
from surveys.floods import bounds
from surveys.floods.bounds import AT_A_COUNTER, Cell, Counts, Excess, Rule, Standing
from surveys.floods.expecting import FEWEST_MONTHS, Pace, rate_of
from surveys.floods.holding import AWAY, hold, hold_newcomers
from surveys.floods.pacing import pace_of
from surveys.floods.past import REACH, Past, dossiers_of, past_of, remember
from surveys.labels import EVIDENCE
from surveys.models import Evidence, Hold, NewNormal, State, Tablet
from surveys.models.standing import FINISHED

WINDOWS = frozenset({Rule.DAYS_5, Rule.DAYS_21, Rule.YEAR, Rule.DOSSIERS})
DAY = timedelta(days=1)
# Forms a day of one tablet, whose office has no past with any.
A_DAY = 150
# Of an office that told no hours of its own.
NOBODY_WORKS = frozenset({*range(6), *range(20, 24)})
MONTHS = 12
# Where nobody knows what is ordinary: more than any office has.
UNKNOWN = 1e12

# What a tablet brings that was away is judged as its days came, over hours of which nothing is
# known.
SOME_HOUR = "8 + mod(get_byte(uuid_send(r.id), 0), 8)"

# What a window holds undecided counts on in windows; nothing else that is held is looked at.
CELLS = f"""
SELECT {EVIDENCE}, r.day, CASE WHEN {AWAY} THEN r.day ELSE r.received_on END,
       CASE WHEN {AWAY} THEN {SOME_HOUR} ELSE r.hour END, r.counter_id, count(*),
       count(*) FILTER (WHERE r.flags & {Flag.UNSTARTED.value} <> 0),
       count(*) FILTER (WHERE r.state = {State.SETTLED.value}),
       bool_or(r.batch IS NULL AND r.hold IS NULL)
FROM surveys_response r LEFT JOIN surveys_hold h ON h.id = r.hold
WHERE r.office_id = %(office)s AND r.{FINISHED} AND r.labels IS NULL AND r.hour IS NOT NULL
  AND (r.day >= %(open_from)s OR r.batch IS NULL AND r.hold IS NULL)
  AND r.received_on <= %(until)s AND r.day <= %(until)s
  AND (r.hold IS NULL OR h.state = '{Hold.State.WAITING.value}' AND h.rule = ANY(%(windows)s))
GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - constants of ours


# What there is at all of an office, so that an ordinary night asks for no more: holds of open days,
# numbers that somebody announced, the newest month of its past, and dossiers that a feed told.
THERE = f"""
SELECT
    EXISTS (SELECT 1 FROM surveys_hold WHERE office_id = %(office)s AND days && %(days)s::date[]),
    EXISTS (SELECT 1 FROM surveys_newnormal WHERE office_id = %(office)s),
    (SELECT max(month) FROM surveys_evidencecount WHERE office_id = %(office)s),
    EXISTS (SELECT 1 FROM offices_dossiercount
            WHERE office_id = %(office)s AND source = '{DossierSource.PORTAL.value}')
"""  # noqa: S608 - constants of ours


@dataclass(slots=True)
class Came:
    """The forms of one evidence in open months, as counts; fresh: days with anything new."""

    cells: dict[Cell, int] = field(default_factory=dict)
    startless: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    unfinished: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    fresh: set[date] = field(default_factory=set)


def judge_office(office_id: int, day: date, closed: date | None) -> list[Hold]:
    """Judges what came to an office until `day`, which is over, and holds what exceeds its past.

    closed: the last day of the newest closed month. Running it again holds nothing more. Must run
    in a transaction, under the office's locks OFFICE_COUNT and EXCLUSIONS.
    """
    open_from = (closed + DAY) if closed else date(day.year - 1, 1, 1)
    days = list(Days(open_from, day).each())
    with connection.cursor() as cursor:
        cursor.execute(THERE, {"office": office_id, "days": days})
        holds, announced, newest, told = cursor.fetchone()
    if closed and (newest is None or newest < closed.replace(day=1)):
        remember(office_id, closed)
    known = list(Hold.objects.filter(office=office_id, days__overlap=days)) if holds else []
    hold_newcomers(known, open_from)
    came = _came(office_id, open_from, day)
    if not any(one.fresh for one in came.values()):
        return []
    past = past_of(office_id, day) if closed or newest else {one: Past() for one in came}
    place = directory.current().offices_by_id.get(office_id)
    still = Q(last_day__gte=open_from) | Q(last_day=None, first_day__year=day.year)
    normals = (
        list(NewNormal.objects.filter(still, office=office_id, first_day__lte=day))
        if announced
        else []
    )
    dossiers, before = dossiers_of(office_id, day) if told else ({}, 0)
    judged_by_months = any(one.months for one in past.values())
    usual = pace_of(place.province_name if place and judged_by_months else "", day)
    made = []
    for evidence, found in came.items():
        if not found.fresh:
            continue
        own = past[evidence]
        said = [one for one in normals if one.evidence == evidence]
        rate, pace = _expectation(evidence, own, said, day, usual)
        counts = Counts(
            found.cells,
            own.closed,
            found.startless,
            found.unfinished,
            _outside(place, found.cells) if evidence is Evidence.TABLET else (),
            dossiers,
        )
        if evidence is Evidence.TABLET and rate >= UNKNOWN:
            for excess in _beyond_tablets(found, _tablets(office_id)):
                held = hold(office_id, evidence, excess, 0, day, open_from)
                made += [held] if held is not None else []
        exceeding = bounds.judge(
            counts,
            rate,
            pace,
            day,
            since=max(min(found.fresh), open_from),
            open_from=open_from,
            standing=_standing(one for one in known if one.evidence == evidence),
            # what somebody above announced is not held against last year's share
            share=None if said or rate >= UNKNOWN else _share(own, before),
        )
        for excess in exceeding:
            expected = _expected(excess, rate, pace)
            held = hold(office_id, evidence, excess, expected, day, open_from)
            if held is not None:
                made.append(held)
    return made


def _came(office_id: int, open_from: date, until: date) -> dict[Evidence, Came]:
    came: dict[Evidence, Came] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            CELLS,
            {
                "office": office_id,
                "open_from": open_from,
                "until": until,
                "windows": [rule.value for rule in WINDOWS],
                "opener": None,
            },
        )
        for evidence, day, received_on, hour, counter, forms, *rest in cursor.fetchall():
            startless, unfinished, fresh = rest
            found = came.setdefault(Evidence(evidence), Came())
            cell = Cell(day, received_on, hour, counter)
            found.cells[cell] = found.cells.get(cell, 0) + forms
            for of, such in ((found.startless, startless), (found.unfinished, unfinished)):
                if such:
                    of[cell] += such
            if fresh:
                found.fresh |= {day, received_on}
    return came


def _expectation(
    evidence: Evidence, own: Past, normals: Sequence[NewNormal], last: date, pace: Pace
) -> tuple[float, Pace]:
    """Forms a month and their pace; a rate without an end where nothing is known.

    An office that was asked for less than three months of last year has no rate. Nor has evidence
    of which there was nothing, unless it is open: a credential is new because somebody above gave
    it, an open form is anybody's.
    """
    unknown = len(own.months) < FEWEST_MONTHS
    unknown |= evidence is not Evidence.OPEN and not any(n for _, n in own.months)
    rate = UNKNOWN if unknown else rate_of([n / pace.months[month - 1] for month, n in own.months])
    if not normals:
        return rate, pace
    begin = date(last.year, 1, 1) - REACH
    raised = dict.fromkeys(Days(begin, last).each(), rate)
    for one in normals:
        until = min(one.last_day or last, last)
        raised |= dict.fromkeys(Days(one.first_day, until).each(), float(one.a_month))
    return 1.0, replace(pace, raised=raised)


def _share(own: Past, dossiers: int) -> float | None:
    """Last year's forms per dossier; None where not all of its months or no dossiers are known."""
    if len(own.months) < MONTHS or not dossiers:
        return None
    return sum(forms for _, forms in own.months) / dossiers


def _standing(holds: Iterable[Hold]) -> Standing:
    waiting, apart, emptied = set[date](), set[date](), set[date]()
    for one in holds:
        rule = Rule(one.rule)
        if rule in WINDOWS and one.state == Hold.State.WAITING:
            waiting.update(one.days)
        elif rule in WINDOWS or rule is Rule.DAY:
            apart.update(one.days)
        elif rule is Rule.ARRIVALS:
            emptied.update(one.days)
    return Standing(frozenset(waiting - apart), frozenset(apart), frozenset(emptied))


def _tablets(office_id: int) -> int:
    """How many tablets of the office may bring forms; one where nobody knows."""
    paired = Tablet.objects.filter(office=office_id, paired_on__isnull=False, revoked_on=None)
    return max(1, paired.count())


def _beyond_tablets(found: Came, tablets: int) -> list[Excess]:
    """What came faster than so many tablets take forms, where an office has no past with them."""
    hours, days = defaultdict[tuple[date, int], int](int), defaultdict[date, int](int)
    for cell, forms in found.cells.items():
        if cell.received_on in found.fresh:
            hours[cell.received_on, cell.hour] += forms
        if cell.day in found.fresh:
            days[cell.day] += forms
    most, whole = AT_A_COUNTER * tablets, A_DAY * tablets
    of_hours = [
        Excess(Rule.COUNTER, (day,), forms, most, (hour,), by_arrival=True)
        for (day, hour), forms in sorted(hours.items())
        if forms > most
    ]
    of_days = [
        Excess(Rule.DAY, (day,), forms, whole)
        for day, forms in sorted(days.items())
        if forms > whole
    ]
    return of_hours + of_days


def _expected(excess: Excess, rate: float, pace: Pace) -> int:
    """How many honest people stand in the held cells; none that one could count on without a past.

    Of one counter or of what never began with us nobody says how many are expected.
    """
    if rate >= UNKNOWN or excess.counter is not None or excess.rule is Rule.STARTLESS:
        return 0
    share = sum(pace.hours[hour] for hour in excess.hours) if excess.hours else 1.0
    mean = sum(pace.expected(rate, day) for day in excess.days) * share
    return int(mean) if mean < UNKNOWN / 1000 else 0


def _outside(place: OfficeEntry | None, cells: Iterable[Cell]) -> set[tuple[date, int]]:
    """Days and hours in which the office was closed, by its own hours; else at night."""
    if place is None:
        return set()
    if not place.hours:
        found = {(cell.received_on, cell.hour) for cell in cells if cell.day == cell.received_on}
        return {(day, hour) for day, hour in found if hour in NOBODY_WORKS}
    spans = {cell.received_on: place.open_spans(cell.received_on) for cell in cells}
    return {
        (cell.received_on, cell.hour)
        for cell in cells
        if cell.day == cell.received_on and not is_open_in(cell.hour, spans[cell.received_on])
    }
