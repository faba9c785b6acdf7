"""Whoever keeps every figure that was ever shown finds no combination of a few people.

Random offices live through a year (`lives`): rhythms, nights that are missed, late answers, rare
factors and criteria, two questionnaires, a merger, months, quarters and years that close, releases.
What is shown is kept (`seen`) and `fewest` searches all its combinations, exactly. `make attack`
tells more stories, with seeds of its own (STORIES, SEED), and prints one JSON object.
"""

import json
import os
import sys
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.models import BlockRow, Cell, Opening, Release
from reports.night import steps
from reports.release.publish import CannotPublish, publish
from tests.reports.events import KINDS
from tests.reports.lives import BEGIN, END, PARTS, Life, closed_span, night, questionnaires
from tests.reports.seen import Eyes, figure_of, told
from tests.reports.sipas.hiding.combining import fewest

pytestmark = pytest.mark.django_db
STORIES = int(os.environ.get("STORIES", "30"))
SEED = int(os.environ.get("SEED", "13"))
K = POLICY.batch


def lived(random: Random, *, plans: bool = False) -> tuple[Life, Eyes]:
    """A year of offices, and the month in which late answers may still come together.

    plans: with an auditor who lets people in again after the quarter has opened.
    """
    life = Life(random, plans=plans)
    eyes = Eyes({desk.office.pk for desk in life.desks})
    day = BEGIN
    while day < END:
        life.between(day)
        step = random.choice((9, 13, 19))
        if random.random() < 0.8 or (day + timedelta(days=step)).month != day.month:
            night(day)
            eyes.look()
            if random.random() < 0.1:
                _publish(life, eyes, random, day)
            if random.random() < 0.4:
                _revise(life, eyes, random)
        day += timedelta(days=step)
    steps.close(END)
    eyes.look(last=True)
    _publish(life, eyes, random, END)
    _revise(life, eyes, random)
    return life, eyes


def _publish(life: Life, eyes: Eyes, random: Random, day: date) -> None:
    span = closed_span(random, day)
    if not Release.objects.filter(period=span.kind, start=span.first).exists():
        with suppress(CannotPublish):  # nothing is shown in it
            eyes.read(publish(life.province, span))


def _revise(life: Life, eyes: Eyes, random: Random) -> None:
    """A release that stands is made again, if its figures have moved since."""
    made = list(Release.objects.filter(unit=life.province, revised_by=None).order_by("pk"))
    if made:
        one = random.choice(made)
        with suppress(CannotPublish):  # nothing differs
            span = span_of(one.period, one.start)
            eyes.read(publish(life.province, span, reason="Tính lại sau khi bỏ phiếu"))


@pytest.mark.parametrize("half", [0, 1])  # so that two processes tell them
def test_no_combination_of_all_that_was_shown_rests_on_few_people(
    settings: Settings, tmp_path: Path, half: int
) -> None:
    questionnaires()
    told = Counter[str]()
    for number in range(half, STORIES, 2):
        settings.AUDIT_HEADS = tmp_path / str(number)  # the audit's chain begins anew, too
        with transaction.atomic():
            _, eyes = lived(Random(f"{SEED} {number}"))
            told["openings"] += Opening.objects.filter(office__in=eyes.offices).count()
            told["cells"] += Cell.objects.filter(partition__office__in=eyes.offices).count()
            transaction.set_rollback(True)
        found = fewest(eyes.seen, K)
        assert found is None, f"story {number}: {len(found or ())} people"
        told["stories"] += 1
        told["views"] += eyes.looks
        told["figures"] += len(eyes.seen)
        told["scores"] += eyes.scores
        told.update(eyes.events.found)
    sys.stdout.write(json.dumps({**told, "smallest": f"at least {K}"}) + "\n")
    stories = told["stories"]
    assert told["figures"] > 30 * stories
    assert told["openings"] > 5 * stories
    assert told["scores"] > 100 * stories
    assert told["releases"] >= stories / 2
    assert told["cells"] > 10 * stories
    assert told["left"] > 5 * stories
    assert told["back"] > stories
    if STORIES >= 30:
        # who left early and comes back after more has opened is rare: the next test sees to it
        assert [kind for kind in KINDS if not told[kind] and kind != "back_early"] == []


@pytest.mark.parametrize("number", [5, 7, 14])
def test_who_left_early_and_comes_back_late_tells_of_nobody(number: int) -> None:
    """In these stories they were known alone where only whoever never left was asked alone."""
    questionnaires()
    _, eyes = lived(Random(f"plans {number}"), plans=True)
    assert fewest(eyes.seen, K) is None
    assert eyes.events.found["early"] > 0
    assert eyes.events.found["back_late"] > 0
    if number == 5:
        assert eyes.events.found["back_early"] > 0


def test_the_attacker_finds_a_month_of_a_rare_factor_that_is_shown_beside_its_quarter() -> None:
    """What was shown before: the factor of a month alone, however few answered it."""
    questionnaires()
    for story in range(20):
        _, eyes = lived(Random(f"leak {story}"))
        rare = BlockRow.objects.filter(office__in=eyes.offices).exclude(closed=[]).first()
        if rare is not None:
            break
    assert rare is not None
    place = (rare.office_id, rare.instrument_id)
    sight = next(sight for sight in eyes.sights if sight.place == place)
    said = {key: one for n in rare.blocks for key, one in sight.blocks[n].people.items()}

    def answering(factor: str) -> int:
        return sum(any(told(one, code) for code in PARTS[factor]) for one in said.values())

    few = min(rare.closed, key=answering)
    assert fewest(eyes.seen | {figure_of(said, PARTS[few], pairs=False)}, K) is not None
