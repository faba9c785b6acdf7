"""Patient floods, played against the product: what is held, what counts, what the headline says.

    python -m benchmarks floods_patient

Offices with 100 and with 30 honest forms in an ordinary month, a fifth of them not satisfied, and
the year before. The honest forms are those of `floods_offices` and the same at every office of a
size. One office is attacked by nobody (the control), one by each of:

- six weeks: 290 forms at the best score over thirty working days, in office hours;
- ten a day: ten on each working day of May, at an office of which a feed tells ten dossiers for
  each ordinary form, so that no day has more forms than dossiers;
- one more a day: one on each working day of six months.

Every form goes through `intake.submit`; every night of the half year is run; months and
quarters close on their days. Nobody decides what waits. `with`, `without`: the shown headline of
the attacked office and of the control, in percent; `unjudged`: what it would be if nothing was
held. `forged of counted`: what share of the forms that count in the period is forged, in percent;
the page says beside the figure how much may be, and that sentence is printed last.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

import numpy as np
import time_machine
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone, translation

from benchmarks.measures import province
from benchmarks.measures.floods_offices import BEFORE, PACE, WORKING, office
from demo.simulation.calendar import HOURS, working_days
from offices import directory
from offices.directory import OfficeEntry
from offices.models import DossierCount, DossierSource, Office
from reports.counting.closing import closing_day, last_closed_month
from reports.counting.periods import Span, span_of
from reports.models import NightStep, Period, Score
from reports.night import nights, running, steps
from reports.night.leases import Held
from reports.night.parts import Parts
from reports.showing.evidence import evidence_words
from surveys.intake.submit import Submission, submit
from surveys.models import Channel, Criterion, Hold, Response

SEED = 20_261_130
SIZES = (100, 30)
FORGED, SIX_WEEKS = 290, 30
OFFICE_HOURS = range(8, 17)
DOSSIERS_A_FORM = 10
NOT_SATISFIED = 0.2
GOOD, BAD = 5, 2
DAY = timedelta(days=1)
NEW_YEAR, HALF = date(2026, 1, 1), date(2026, 6, 30)
# Nobody sends at this minute or sooner than an hour before a night.
MINUTE, NIGHT = 10, time(3)

# By day the hours in which forms come.
Coming = Mapping[date, Sequence[int]]


def six_weeks(rng: np.random.Generator) -> Coming:
    """290 forms on thirty working days from April on."""
    days = working_days(date(2026, 4, 6), HALF)[:SIX_WEEKS]
    drawn = rng.multinomial(FORGED, np.full(SIX_WEEKS, 1.0 / SIX_WEEKS))
    return {day: _hours(rng, n) for day, n in zip(days, drawn.tolist(), strict=True)}


def ten_a_day(rng: np.random.Generator) -> Coming:
    """Ten forms on each working day of May."""
    return {day: _hours(rng, 10) for day in working_days(date(2026, 5, 1), date(2026, 5, 31))}


def one_more_a_day(rng: np.random.Generator) -> Coming:
    """One form on each working day of half a year."""
    return {day: _hours(rng, 1) for day in working_days(NEW_YEAR, HALF)}


def _hours(rng: np.random.Generator, forms: int) -> list[int]:
    drawn: list[int] = rng.choice(OFFICE_HOURS, forms).tolist()
    return drawn


ATTACKS = {"six weeks": six_weeks, "ten a day": ten_a_day, "one more a day": one_more_a_day}
TOLD, TOLD_CONTROL = "ten a day", "control with dossiers"


@dataclass
class Place:
    """An office of the story. forged: the ids of forms that nobody honest sent."""

    entry: OfficeEntry
    size: int
    attack: str = ""
    coming: Coming = field(default_factory=dict)
    forged: set[UUID] = field(default_factory=set)
    honest: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED))
    others: np.random.Generator = field(default_factory=lambda: np.random.default_rng(SEED + 1))

    def send(self, day: date, hour: int, *, forged: bool = False) -> None:
        """One finished open form that says the same to every criterion."""
        rng = self.others if forged else self.honest
        form, id_ = province.instrument(), UUID(bytes=rng.bytes(16), version=4)
        level = BAD if not forged and rng.random() < NOT_SATISFIED else GOOD
        scale = Criterion.Scale.SATISFACTION
        one = Submission(
            id=id_,
            office=self.entry,
            instrument=form,
            answers={item.code: level for item in form.items if item.scale == scale},
            step=1,
            finished=True,
            channel=Channel.PHONE,
            language="vi",
            started=True,
        )
        submit(one, _at(day, time(hour, MINUTE)))
        if forged:
            self.forged.add(id_)

    def came(self, span: Span) -> QuerySet[Response]:
        """What is there of a period."""
        return Response.objects.filter(office=self.entry.id, day__range=(span.first, span.last))

    def headline(self, span: Span) -> float | None:
        """The shown score of a closed period, in percent."""
        row = Score.objects.filter(
            office=self.entry.id, period=span.kind, start=span.first, closed=True
        ).first()
        return None if row is None or not row.answered else 100.0 * row.satisfied / row.answered

    def unjudged(self, span: Span) -> float:
        """What the headline would be if every form counted, in percent; raises if none came."""
        said = [bytes(one)[_place()] for one in self.came(span).values_list("answers", flat=True)]
        return 100.0 * said.count(GOOD) / len(said)

    def forged_of_counted(self, span: Span) -> float:
        """What share of the forms that count in a period is forged, in percent."""
        counted = set(self.came(span).filter(excluded=False).values_list("id", flat=True))
        return 100.0 * len(counted & self.forged) / max(1, len(counted))


def _place() -> int:
    """Where the first criterion of satisfaction stands."""
    items = province.instrument().items
    return next(one.position for one in items if one.scale == Criterion.Scale.SATISFACTION)


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def build(sizes: Sequence[int], attacks: Sequence[str], last: date = HALF) -> list[Place]:
    """Of each size an office for each attack and a control; another where a feed tells dossiers."""
    kinds = ["", *([TOLD_CONTROL] if TOLD in attacks else []), *attacks]
    province.build(len(sizes) * len(kinds))
    known = directory.current()
    slugs = (f"commune-{number}" for number in range(len(sizes) * len(kinds)))
    places = []
    for size in sizes:
        for kind in kinds:
            entry = known.offices[next(slugs)]
            place = Place(entry, size, kind)
            if kind in ATTACKS:
                coming = ATTACKS[kind](np.random.default_rng([SEED, size]))
                place.coming = {day: hours for day, hours in coming.items() if day <= last}
            if kind in (TOLD, TOLD_CONTROL):
                _tell_dossiers(entry.id, size)
            places.append(place)
    return places


def _tell_dossiers(office_id: int, size: int) -> None:
    DossierCount.objects.bulk_create(
        DossierCount(
            office_id=office_id,
            day=day,
            finished=round(DOSSIERS_A_FORM * PACE.expected(size, day)),
            source=DossierSource.PORTAL,
        )
        for day in (*BEFORE, *(day for day in WORKING if day <= HALF))
    )


def play(places: Sequence[Place], first: date, last: date) -> None:
    """Sends everything until `last`, and runs the nights from the one of `first` on.

    What came before is closed by one night; the others go on until the month of `last` is closed,
    with June its quarter.
    """
    honest = {size: _honest(size) for size in {place.size for place in places}}
    end = closing_day(span_of(Period.MONTH, last))
    for day in (BEFORE[0] + timedelta(days=n) for n in range((end - BEFORE[0]).days + 1)):
        for place in places if day <= last else ():
            for hour in honest[place.size].get(day, ()):
                place.send(day, hour)
            for hour in place.coming.get(day, ()):
                place.send(day, hour, forged=True)
        if day >= first - DAY:
            with time_machine.travel(_at(day + DAY, NIGHT), tick=False):
                _night(day)


def _night(day: date) -> None:
    """The steps of a night; figures are proved only when a month closes, for that holds nothing."""
    closes = closing_day(last_closed_month(day)) == day
    work = steps.WORK if closes else {**steps.WORK, NightStep.Name.PROOF: _nothing}
    ran = list(running.run_all(work, nights.start(day)))
    failures = [failure for one in ran for _, failure in one.parts.failures]
    if failures:
        raise ExceptionGroup(f"the night of {day}", failures)


def _nothing(_held: Held, _parts: Parts) -> None:
    """What a step does that is left out."""


def _honest(size: int) -> Coming:
    one = office(np.random.default_rng([SEED, size]), size)
    if one.past is None:
        raise LookupError("an office without a past")
    days = [*zip(BEFORE, one.past, strict=True), *zip(WORKING, one.forms, strict=True)]
    return {day: np.repeat(HOURS, forms).tolist() for day, forms in days}


def line(place: Place, control: Place) -> dict[str, object]:
    """What became of one attack."""
    begun, ended = min(place.coming), max(place.coming)
    whole = Span(Period.DAY, begun, ended)
    came = dict(place.came(whole).values_list("id", "excluded"))
    honest = [held for id_, held in came.items() if id_ not in place.forged]
    spared = [held for _, held in control.came(whole).values_list("id", "excluded")]
    holds = Hold.objects.filter(office=place.entry.id, found_on__gte=begun).order_by("found_on")
    found = holds.first()
    return {
        "forms a month": place.size,
        "attack": place.attack,
        "forged": len(place.forged),
        "forged counted, %": _share([not came[id_] for id_ in place.forged]),
        "honest held, %": _share(honest),
        "honest held at the control, %": _share(spared),
        "days until the first hold": None if found is None else (found.found_on - begun).days,
        "by": None if found is None else found.rule,
        "holds": holds.count(),
        "forged of counted since January, %": _rounded(
            place.forged_of_counted(Span(Period.YEAR, NEW_YEAR, HALF))
        ),
        "periods": [_period(place, control, span) for span in _spans(begun, ended)],
    }


def _spans(begun: date, ended: date) -> list[Span]:
    """The months and quarters that an attack touches."""
    days = [begun + timedelta(days=n) for n in range((ended - begun).days + 1)]
    found = {span_of(kind, day) for kind in (Period.MONTH, Period.QUARTER) for day in days}
    return sorted(found, key=lambda span: (span.last, -span.first.toordinal()))


def _period(place: Place, control: Place, span: Span) -> dict[str, object]:
    shown, usual = place.headline(span), control.headline(span)
    return {
        "period": f"{span.kind.value} from {span.first:%Y-%m}",
        "with": _rounded(shown),
        "without": _rounded(usual),
        "moved": _rounded(None if shown is None or usual is None else shown - usual),
        "unjudged": _rounded(place.unjudged(span)),
        "forged of counted, %": _rounded(place.forged_of_counted(span)),
    }


def _share(held: Sequence[bool]) -> float:
    return round(100.0 * sum(held) / max(1, len(held)), 1)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)


def said(place: Place) -> list[str]:
    """What the page of the office says beside the figure of the quarter that was attacked last."""
    span = span_of(Period.QUARTER, max(place.coming))
    with translation.override("en"):
        return evidence_words(Office.objects.filter(pk=place.entry.id), span, closed=True)


def measure(
    sizes: Sequence[int] = SIZES,
    attacks: Sequence[str] = tuple(ATTACKS),
    first: date = NEW_YEAR,
    last: date = HALF,
) -> tuple[list[dict[str, object]], list[str]]:
    """The lines, and the sentences of the last one's page; first: the first night that is run."""
    places = build(sizes, attacks, last)
    play(places, first, last)
    controls = {(one.size, one.attack): one for one in places if one.attack not in ATTACKS}
    attacked = [one for one in places if one.attack in ATTACKS]
    lines = [
        line(one, controls[one.size, TOLD_CONTROL if one.attack == TOLD else ""])
        for one in attacked
    ]
    return lines, said(attacked[-1])


def table(lines: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """The lines, to be read: what became of each attack, then the periods that it touches."""
    for one in lines:
        periods = one["periods"]
        assert isinstance(periods, list)
        yield "\n" + "; ".join(f"{name}: {said}" for name, said in one.items() if name != "periods")
        yield "  " + "".join(f"{name:>{_wide(name)}}" for name in periods[0])
        for period in periods:
            cells = ((_wide(name), "–" if of is None else f"{of}") for name, of in period.items())
            yield "  " + "".join(f"{cell:>{wide}}" for wide, cell in cells)


def _wide(name: str) -> int:
    return max(10, len(name) + 2) if name != "period" else 20


if __name__ == "__main__":
    logging.disable(logging.INFO)
    with connection.cursor() as cursor:  # what a commit costs is measured elsewhere
        cursor.execute("SET synchronous_commit TO off")
    with province.Stopwatch() as watch:
        lines, sentences = measure()
    for text in (*table(lines), *sentences):
        print(text)
    print(json.dumps({"benchmark": "floods_patient", "s": round(watch.seconds), "lines": lines}))
