"""Offices that live through a year, drawn at random: who answers, what happens, which nights are.

A story may have two questionnaires (of one or of two versions), a second office in the commune, a
merger into the neighbour half-way through the year, and releases. Most of its nights do only what
makes figures; the last one does all there is, with the proof.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from django.utils import timezone

from offices.changing.merging import Merger
from offices.models import Office, User
from offices.rights import Role
from reports import mergers
from reports.counting.periods import Span, span_of
from reports.models import Night, Period, Turn
from reports.night import steps
from reports.scores.units import catch_up_country, catch_up_provinces
from surveys.exclusions import steps as exclusions
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import ExclusionNotPossible
from surveys.flags.rules import NO_FLAG, Flag
from surveys.models import Channel, Exclusion, Instrument, Mark
from tests import factories

FACTORS = {"A": 2, "B": 1, "C": 2, "E": 2}
CODES = {f: [f"{f}{n}" for n in range(1, size + 1)] for f, size in FACTORS.items()}
POSITIONS = [code for codes in CODES.values() for code in codes]
BEGIN, END = date(2025, 1, 1), date(2026, 1, 31)
REASON = "Máy tính bảng ở quầy 1 do cán bộ tự bấm"


def questionnaires() -> list[Instrument]:
    """Two versions of one questionnaire, and another; all ask the same, each has its figures."""
    known = list(Instrument.objects.order_by("pk"))
    return known or [
        factories.instrument(FACTORS, slug="phieu", version=1),
        factories.instrument(FACTORS, slug="phieu", version=2, default=False),
        factories.instrument(FACTORS, slug="phieu-khac", version=1, default=False),
    ]


@dataclass
class Desk:
    """Where people answer: an office, one of its questionnaires, how many and what they answer."""

    office: Office
    instrument: Instrument
    volume: int
    share: dict[str, float]
    first: date = BEGIN
    last: date = date(2025, 12, 31)

    def said(self, random: Random, people: int) -> list[bytes]:
        """What so many people say; who answers a factor leaves out some of its criteria."""
        forms = []
        for _ in range(people):
            told = {
                code: random.choice((3, 5, 5))
                for factor, codes in CODES.items()
                if random.random() < self.share[factor]
                for code in codes
                if random.random() < 0.9
            }
            forms.append(bytes(told.get(code, 0) for code in POSITIONS))
        return [form for form in forms if any(form)]


class Life:
    """The offices of one story, in one province."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.province = factories.province()
        self.desks: list[Desk] = []
        commune = factories.unit(parent=self.province)
        asked = random.choice(((0,), (0,), (0, 1), (0, 2)))
        self.office = self._begin(factories.office(commune), asked, random.choice((3, 6, 10)))
        if random.random() < 0.5:
            self._begin(factories.office(commune), asked[-1:], random.choice((2, 5, 8)))
        self.audited = random.random() < 0.6  # whether answers are left out and taken in again
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
            share = {f: random.choice((0.1, 0.3, 0.5, 0.95)) for f in FACTORS} | {"A": 1.0}
            self.desks.append(Desk(office, known[number], volume, share, first))
        return office

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
        Mark.objects.get_or_create(office=desk.office, day=day)

    def between(self, day: date) -> None:
        """What happens before the night of this day."""
        random = self.random
        if self.merges_on is not None and day >= self.merges_on:
            self._merge(day)
        for desk in self.desks:
            if desk.first <= day <= desk.last:
                self.arrive(desk, day, random.randint(1, 5 * desk.volume))
            if random.random() < 0.15:
                late = day - timedelta(days=random.randrange(5, 60))
                late = min(max(late, desk.first), desk.last)
                if late <= day:
                    self.arrive(desk, late, random.randint(1, 12))
        if self.audited and random.random() < 0.25:
            self.exclude(random.choice(self.desks).office, day)
        if self.audited and random.random() < 0.15:
            self.lift()

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

    @cached_property
    def auditor(self) -> User:
        """Who may leave answers out."""
        return factories.official(self.province, Role.AUDITOR)

    def exclude(self, office: Office, day: date) -> Exclusion | None:
        """An auditor leaves out some days, a channel or a flag; None where that is refused."""
        first = max(BEGIN, day - timedelta(days=self.random.randrange(1, 90)))
        last = min(day, first + timedelta(days=self.random.randrange(40)))
        if self.random.random() < 0.6:
            month = span_of(Period.MONTH, first)
            first, last = month.first, min(day, month.last)
        rule = Rule(
            office.pk,
            first,
            last,
            self.random.choice((NO_FLAG, Flag.BURST, Flag.BURST)),
            self.random.choice((None, None, Channel.PAPER)),
        )
        with suppress(ExclusionNotPossible):  # too few, or too close to what was left out before
            return exclusions.exclude(rule, REASON, self.auditor, approved=1)
        return None

    def lift(self) -> Exclusion | None:
        """An auditor takes one of the rules back; None where there is none."""
        standing = Exclusion.objects.filter(office__unit__parent=self.province, lifted_at=None)
        keys = list(standing.order_by("pk").values_list("pk", flat=True))
        if not keys:
            return None
        return exclusions.lift(self.random.choice(keys), REASON, self.auditor, approved=1)


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
