"""Offices that live through a year, drawn at random: who answers, what happens, which nights are.

A story may have two questionnaires (of one or of two versions), a second office in the commune, a
merger into the neighbour half-way through the year, auditors (`auditors`), and releases that are
revised. Its questionnaires ask more than their headline sums. Most of its nights do only what makes
figures; the last one does all there is, with the proof.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from offices.changing.merging import Merger
from offices.models import Office
from reports import mergers
from reports.counting.periods import Span, span_of
from reports.models import Night, Period, Turn
from reports.night import steps
from reports.scores.units import catch_up_country, catch_up_provinces
from surveys.flags.rules import NO_FLAG, Flag
from surveys.models import Channel, Criterion, Factor, Instrument, Mark
from tests import factories
from tests.reports.auditors import Auditor

FACTORS = {"A": 2, "B": 1, "C": 2, "E": 2}
CODES = {f: [f"{f}{n}" for n in range(1, size + 1)] for f, size in FACTORS.items()}
POSITIONS = [code for codes in CODES.values() for code in codes]
# Beside the headline: a factor of another component, a criterion without a factor, questions.
BESIDE = {"P1": "satisfaction", "O1": "satisfaction", "Q1": "level4", "Q2": "yesno", "T1": "box"}
QUESTIONS = ("Q1", "Q2", "T1")
PARTS = CODES | {"P": ["P1"], "#O1": ["O1"]}
ASKED = [*POSITIONS, *BESIDE]
DONT_KNOW = 9
BEGIN, END = date(2025, 1, 1), date(2026, 1, 31)


def questionnaires() -> list[Instrument]:
    """Two versions of one questionnaire, and another; all ask the same, each has its figures."""
    known = list(Instrument.objects.order_by("pk"))
    return known or [
        _questionnaire("phieu", 1, default=True),
        _questionnaire("phieu", 2, default=False),
        _questionnaire("phieu-khac", 1, default=False),
    ]


def _questionnaire(slug: str, version: int, *, default: bool) -> Instrument:
    made = factories.instrument(FACTORS, slug=slug, version=version, default=default)
    policies = Factor.objects.create(
        instrument=made, position=len(FACTORS), code="P", component="policies", title={"vi": "P"}
    )
    for position, (code, scale) in enumerate(BESIDE.items(), len(POSITIONS)):
        values = range(1, {"level4": 5, "satisfaction": 6}.get(scale, 3))
        Criterion.objects.create(
            instrument=made,
            factor=policies if code == "P1" else None,
            position=position,
            code=code,
            scale=scale,
            text={"vi": f"Câu hỏi {code}"},
            options=[{"value": value, "text": {"vi": f"Mức {value}"}} for value in values],
        )
    return made


@dataclass
class Desk:
    """Where people answer: an office, one of its questionnaires, how many and what they answer."""

    office: Office
    instrument: Instrument
    volume: int
    share: dict[str, float]
    least: int = 1
    first: date = BEGIN
    last: date = date(2025, 12, 31)

    def said(self, random: Random, people: int) -> list[bytes]:
        """What so many people say; who answers a factor leaves out some of its criteria.

        On some days a busy desk asks nobody what few answer on others.
        """
        forms = []
        skipped = self.least > 1 and random.random() < 0.5
        for _ in range(people):
            told = {
                code: random.choice((3, 5, 5))
                for factor, codes in CODES.items()
                if random.random() < self.share[factor]
                and not (skipped and self.share[factor] < 0.5)
                for code in codes
                if random.random() < 0.9
            }
            if told:
                told |= {code: self._beside(random, code) for code in BESIDE}
                forms.append(bytes(told.get(code, 0) for code in ASKED))
        return forms

    def _beside(self, random: Random, code: str) -> int:
        """An answer that no headline sums, or none; an empty box is an answer, too."""
        if random.random() >= self.share[code]:
            return DONT_KNOW
        return random.choice({"satisfaction": (3, 5, 5), "box": (0, 1)}.get(BESIDE[code], (1, 2)))


class Life:
    """The offices of one story, in one province."""

    def __init__(self, random: Random, *, plans: bool = False) -> None:
        """plans: there is a busy desk, and an auditor who lets people in again late."""
        self.random = random
        self.province = factories.province()
        self.desks: list[Desk] = []
        commune = factories.unit(parent=self.province)
        asked = random.choice(((0,), (0,), (0, 1), (0, 2)))
        self.office = self._begin(factories.office(commune), asked, random.choice((3, 6, 10)))
        self.auditor: Auditor | None = None
        chance = random.random() * (0.4 if plans else 1.0)
        if chance < 0.4:
            planned = plans or random.random() < 0.6
            self.auditor = Auditor(random, self.province, BEGIN, plans=planned)
            self._begin_busy(factories.office(commune))
        elif chance < 0.6:
            self.auditor = Auditor(random, self.province, BEGIN)
        if chance > 0.5:
            self._begin(factories.office(commune), asked[-1:], random.choice((2, 5, 8)))
        self.merges_on: date | None = None
        if random.random() < 0.5:
            self.merges_on = date(2025, random.randint(4, 9), random.randint(1, 28))
            neighbour = factories.office(factories.unit(parent=self.province))
            begins = random.choice((BEGIN, self.merges_on))
            self._begin(neighbour, asked, random.choice((3, 6)), begins)
            self.heir = neighbour

    def _begin(
        self, office: Office, asked: Sequence[int], volume: int, first: date = BEGIN
    ) -> Office:
        known, random = questionnaires(), self.random
        for number in asked:
            factories.rhythm(office, random.choice(Turn.values), known[number])
            share = self._shares(FACTORS, 0.95) | self._shares(BESIDE, 0.0) | {"A": 1.0}
            self.desks.append(Desk(office, known[number], volume, share, first=first))
        return office

    def _begin_busy(self, office: Office) -> None:
        """A desk whose every night is shown, so that people leave and come back with ease."""
        random, form = self.random, questionnaires()[0]
        factories.rhythm(office, Turn.NIGHT, form)
        share = dict.fromkeys(FACTORS, 0.95) | dict.fromkeys(BESIDE, 0.0) | {"A": 1.0}
        if random.random() < 0.6:
            share[random.choice("CE")] = random.choice((0.1, 0.2))
        self.desks.append(Desk(office, form, 10, share, least=20))

    def _shares(self, codes: Iterable[str], plain: float) -> dict[str, float]:
        """How many answer each; half of the desks differ in one of them only."""
        random, rare = self.random, (0.1, 0.3, 0.5, 0.95)
        if random.random() < 0.5:
            return {code: random.choice(rare) for code in codes}
        return dict.fromkeys(codes, plain) | {random.choice([*codes]): random.choice(rare)}

    def arrive(self, desk: Desk, day: date, people: int) -> None:
        """So many people answer at a desk on this day, or are heard of later."""
        factories.answered(
            desk.office,
            desk.said(self.random, people),
            instrument_id=desk.instrument.pk,
            day=day,
            channel=self.random.choice((Channel.PHONE, Channel.PAPER)),
            flags=self.random.choice((NO_FLAG, Flag.BURST)).value,
        )
        Mark.objects.create(office=desk.office, day=day)

    def between(self, day: date) -> None:
        """What happens before the night of this day."""
        random = self.random
        if self.merges_on is not None and day >= self.merges_on:
            self._merge(day)
        for desk in self.desks:
            if desk.first <= day <= desk.last:
                self.arrive(desk, day, random.randint(desk.least, 5 * desk.volume))
            if random.random() < 0.15:
                late = day - timedelta(days=random.randrange(5, 60))
                late = min(max(late, desk.first), desk.last)
                if late <= day:
                    self.arrive(desk, late, random.randint(1, 12))
        if self.auditor is not None:
            busy = [desk for desk in self.desks if desk.least > 1]
            self.auditor.act([desk.office.pk for desk in busy or self.desks], day)

    def _merge(self, day: date) -> None:
        """The first commune goes over into its neighbour; late answers of its offices may come."""
        ending = self.office.unit
        successor = self.heir.unit_id
        merger = Merger((ending.pk,), successor, None, day, "Nghị quyết 1")
        mergers.carry_out(merger.payload())
        self.merges_on = None
        for desk in self.desks:
            if desk.office.unit_id == ending.pk:
                desk.last = day - timedelta(days=1)


def night(day: date) -> None:
    """Closes a day as `steps.close` does, without the steps that make no figures of offices."""
    for office in steps.offices_to_close(day):
        steps.close_office(office, day)
    catch_up_provinces(day)
    catch_up_country(day)
    now = timezone.now()
    Night.objects.create(day=day, began_at=now, closed_at=now, ended_at=now)


def closed_span(random: Random, day: date) -> Span:
    """A month or quarter that is closed when the night of this day is over, and was so before."""
    before = day.replace(day=1) - timedelta(days=1)
    if random.random() < 0.5:
        return span_of(Period.MONTH, before)
    quarter = span_of(Period.QUARTER, before)
    return quarter if quarter.last <= day else span_of(Period.MONTH, before)
