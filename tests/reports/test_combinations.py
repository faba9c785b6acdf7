"""Whoever keeps every figure that was ever shown finds no combination of a few people.

Random offices live through a year: rhythms, nights that are missed, late answers, rare factors and
criteria, months, quarters and years that close. Each headline of a batch and each opening is a sum
over answers, and so is every figure of an office, unit, map or release; `fewest` searches all their
combinations, over exact fractions. `make attack` tells more stories, with seeds of its own
(STORIES, SEED), and prints one JSON object.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from random import Random

import pytest

from offices.models import Office
from reports.counting.policy import POLICY
from reports.models import Batch, BlockRow, ClosedMonth, Opening, Turn
from reports.night import steps
from surveys.models import Instrument, Mark, Response
from tests import factories
from tests.reports.sipas.hiding.combining import Figure, fewest

pytestmark = pytest.mark.django_db
FACTORS = {"A": 2, "B": 1, "C": 2, "E": 2}
CODES = {f: [f"{f}{n}" for n in range(1, size + 1)] for f, size in FACTORS.items()}
POSITIONS = [code for codes in CODES.values() for code in codes]
STORIES = int(os.environ.get("STORIES", "3"))
SEED = int(os.environ.get("SEED", "13"))
K = POLICY.batch


class Life:
    """One office, and everything that was shown of it so far."""

    def __init__(self, random: Random) -> None:
        self.random = random
        if not Instrument.objects.exists():
            factories.instrument(FACTORS)
        self.office: Office = factories.office()
        factories.rhythm(self.office, random.choice(Turn.values))
        self.share = {f: random.choice((0.1, 0.3, 0.5, 0.95)) for f in FACTORS} | {"A": 1.0}
        self.volume = random.choice((3, 8, 15))
        self.seen: set[Figure] = set()

    def arrive(self, day: date, people: int) -> None:
        """So many people answer; whoever answers a factor leaves out some of its criteria."""
        for _ in range(people):
            said = {
                code: self.random.choice((3, 5, 5))
                for factor, codes in CODES.items()
                if self.random.random() < self.share[factor]
                for code in codes
                if self.random.random() < 0.9
            }
            answers = bytes(said.get(code, 0) for code in POSITIONS)
            if any(answers):
                factories.responses(self.office, 1, day=day, answers=answers)
        Mark.objects.create(office=self.office, day=day)

    def look(self) -> None:
        """Keeps every figure that is shown now."""
        self.seen.update(self.shown())

    def shown(self) -> Iterator[Figure]:
        """The sums that all figures of the office are made of."""
        people: dict[int, dict[str, bytes]] = {}
        batched = Response.objects.filter(office=self.office, batch__isnull=False)
        for key, batch, answers in batched.values_list("id", "batch", "answers"):
            people.setdefault(batch or 0, {})[str(key)] = bytes(answers)
        for number in self._shown_batches():
            yield _figure(people[number], POSITIONS)
        rows = dict(BlockRow.objects.filter(office=self.office).values_list("number", "blocks"))
        for one in Opening.objects.filter(office=self.office):
            of = {
                key: said
                for row in one.rows
                for block in rows[row]
                for key, said in people[block].items()
            }
            for column in one.columns:
                kind, code = column.split(":")
                if kind in "123":
                    yield frozenset(
                        (key, f"{column}") for key, said in of.items() if _told(said, code)
                    )
                else:
                    codes = CODES[code] if kind in "fp" else [code]
                    yield _figure(of, codes, pairs=kind == "p")

    def _shown_batches(self) -> set[int]:
        days: dict[int, set[date]] = {}
        rows = Batch.objects.filter(office=self.office).values_list("number", "day")
        for number, day in rows:
            days.setdefault(number, set()).add(day.replace(day=1))
        closed = set(ClosedMonth.objects.filter(office=self.office).values_list("start", flat=True))
        newest: dict[date, int] = {}
        for number, months in days.items():
            if len(months) == 1 and not months <= closed:
                (month,) = months
                newest[month] = max(number, newest.get(month, number))
        return days.keys() - newest.values()


def _told(said: bytes, code: str) -> bool:
    return said[POSITIONS.index(code)] != 0


def _figure(people: dict[str, bytes], codes: list[str], *, pairs: bool = True) -> Figure:
    """Answers of these people, and two of one person where moments tell of both together."""
    found = set()
    for key, said in people.items():
        told = [code for code in codes if _told(said, code)]
        found |= {(key, code) for code in told}
        if pairs:
            found |= {(key, f"{a} {b}") for a, b in combinations(told, 2)}
    return frozenset(found)


def lived(random: Random) -> Life:
    """A year of an office, and the months in which late answers may still come together."""
    life, day = Life(random), date(2025, 1, 1)
    while day < date(2026, 2, 1):
        if day < date(2026, 1, 1):
            life.arrive(day, random.randint(1, 5 * life.volume))
        if random.random() < 0.15:
            late = day - timedelta(days=random.randrange(5, 60))
            life.arrive(max(late, date(2025, 1, 1)), random.randint(1, 12))
        step = random.choice((9, 13, 19))
        if random.random() < 0.8 or (day + timedelta(days=step)).month != day.month:
            steps.close(day)
            life.look()
        day += timedelta(days=step)
    steps.close(date(2026, 1, 31))
    life.look()
    return life


def test_no_combination_of_all_that_was_shown_rests_on_few_people() -> None:
    told = {"stories": 0, "figures": 0, "openings": 0}
    for number in range(STORIES):
        life = lived(Random(f"{SEED} {number}"))
        figures = life.seen - {frozenset()}
        found = fewest(figures, K)
        assert found is None, f"story {number}: {len(found or ())} people"
        told["stories"] += 1
        told["figures"] += len(figures)
        told["openings"] += Opening.objects.filter(office=life.office).count()
    sys.stdout.write(json.dumps({**told, "smallest": f"at least {K}"}) + "\n")
    assert told["figures"] > 30 * STORIES
    assert told["openings"] > 5 * STORIES


def test_the_attacker_finds_a_month_of_a_rare_factor_that_is_shown_beside_its_quarter() -> None:
    """What was shown before: the factor of a month alone, however few answered it."""
    life = lived(Random("leak"))
    rare = next(row for row in BlockRow.objects.filter(office=life.office) if row.closed)
    whole = Response.objects.filter(office=life.office, batch__in=rare.blocks)
    said = {str(key): bytes(answers) for key, answers in whole.values_list("id", "answers")}

    def answering(factor: str) -> int:
        return sum(any(_told(one, code) for code in CODES[factor]) for one in said.values())

    few = min(rare.closed, key=answering)
    assert fewest(life.seen | {_figure(said, CODES[few], pairs=False)}, K) is not None
