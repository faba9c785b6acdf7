"""Whoever sends any number of forms and takes their own answers away again: what they learn.

Offices of one, three and twenty honest people a day live through a month with someone who sends
forms, watches every figure after every night, and takes away what they know. What is left are sums
over honest people. As long as k of them come together in a block and answer what is asked, no
combination of all figures rests on fewer than k of them; where fewer come together, these few are
not protected. docs/methodology.md says so, and the rhythm of an office keeps it from happening.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.utils import timezone

from reports.counting.policy import POLICY
from reports.models import BlockRow, OfficeRhythm, Period, Score, Turn
from reports.night import steps
from surveys.models import Evidence, Mark, NewNormal, Remark, Response
from tests import factories
from tests.reports.lives import FACTORS, POSITIONS
from tests.reports.seen import Sight, sights_of
from tests.reports.sipas.hiding.combining import Answer, Figure, fewest

pytestmark = pytest.mark.django_db
K = POLICY.batch
YEAR = 2026
PAST = [date(YEAR - 1, month, day) for month in (8, 9, 10) for day in range(1, 21)]
DAYS = [date(YEAR, 1, day) for day in range(1, 29) if date(YEAR, 1, day).isoweekday() < 6]
CLOSING = date(YEAR, 2, 20)  # January is closed
QUARTER = date(YEAR, 4, 20)
VOLUMES = (1, 3, 20)
# How many forms are sent on a day beside the honest ones.
STEADY, SPARSE, NOBODY = (39,), (0, 1, 2), (0,)
VARYING = (0, 1, 9, 10, 39, 200)
ROOT = Path(__file__).parents[3]


class Watched:
    """An office of so many honest people a day, watched by someone who sends forms to it."""

    def __init__(self, volume: int, turn: str, sent: Sequence[int], random: Random) -> None:
        """turn: how often its figures move; empty for what follows from its honest past."""
        self.office = factories.office()
        self.volume, self.sent, self.random = volume, sent, random
        self.seen: set[Figure] = set()
        self._kept: set[object] = set()
        self.candidates: list[int] = []
        self.known: set[int] = set()
        self.honest: set[UUID] = set()  # of the year that is watched
        # Whoever forges is not noticed here: what blocks do against it is asked alone.
        NewNormal.objects.create(
            office=self.office,
            evidence=Evidence.OPEN,
            first_day=DAYS[0].replace(day=1),
            a_month=100_000,
            reason="Bảng mới",
            set_by=factories.user(),
            set_at=timezone.now(),
        )
        if turn:
            factories.rhythm(self.office, turn)
        for day in PAST:
            factories.responses(self.office, volume, day=day)
            Mark.objects.create(office=self.office, day=day)

    def live(self, day: date) -> None:
        """Of a day the honest people, of whom one writes a remark, and what is sent beside them."""
        self.honest |= self._send(day, self.volume, rare=0.3)
        writer = Response.objects.filter(office=self.office, day=day).order_by("id").first()
        assert writer is not None
        Remark.objects.create(office=self.office, response_id=writer.id, day=day, text="Trễ hẹn")
        if forged := self.random.choice(self.sent):
            self._send(day, forged, rare=1.0)  # fills up what is rarely answered
        Mark.objects.create(office=self.office, day=day)

    def _send(self, day: date, people: int, *, rare: float) -> set[UUID]:
        said = []
        for _ in range(people):
            answers_e = self.random.random() < rare
            said.append(
                bytes(
                    self.random.choice((3, 5)) if answers_e or code[0] != "E" else 0
                    for code in POSITIONS
                )
            )
        return set(factories.answered(self.office, said, day=day))

    def look(self) -> None:
        """Keeps the figures of the year that are shown now, and who may have written remarks."""
        (sight,) = sights_of([self.office.pk])
        of = Response.objects.filter(office=self.office, day__year=YEAR - 1)
        past = {str(key) for key in of.values_list("id", flat=True)}
        new = sight.figures(self._kept)
        self.seen |= {f for f in new if not any(one in past for one, _ in f)}
        month = Score.objects.filter(office=self.office, period=Period.MONTH, start=DAYS[0])
        together = Response.objects.filter(office=self.office, day__in=DAYS)
        batched = together.filter(batch__in=sight.blocks.keys()).count()
        assert sum(month.values_list("people", flat=True)) == batched  # pages show no more
        self._look_at_remarks(sight)

    def _look_at_remarks(self, sight: Sight) -> None:
        handed = Remark.objects.filter(office=self.office, released_on__isnull=False)
        if len(self.candidates) == handed.count():
            return
        shown = set(sight.blocks)
        honest = Response.objects.filter(office=self.office, id__in=self.honest)
        new = honest.filter(batch__in=shown - self.known).count()
        self.candidates += [new] * (handed.count() - len(self.candidates))
        self.known = shown

    @cached_property
    def blocks(self) -> Mapping[str, int]:
        """By honest person of the year the block in which they are shown; read at the end."""
        of = Response.objects.filter(office=self.office, id__in=self.honest)
        return {str(key): batch for key, batch in of.values_list("id", "batch") if batch}

    @cached_property
    def exposed(self) -> frozenset[str]:
        """Honest people who stand in a block with fewer than k of them."""
        together = Counter(self.blocks.values())
        return frozenset(one for one, block in self.blocks.items() if together[block] < K)

    @cached_property
    def learnt(self) -> set[Figure]:
        """The figures without the answers that the sender knows: those that they sent."""
        found = {frozenset(one for one in f if one[0] in self.blocks) for f in self.seen}
        return found - {frozenset()}

    def rare(self) -> set[Answer]:
        """Answers that fewer than k honest people of a row gave, of those who are not exposed.

        What one person answered to two criteria is an answer too.
        """
        rows = BlockRow.objects.filter(office=self.office).values_list("number", "blocks")
        row_of = {block: row for row, blocks in rows for block in blocks}
        given: dict[tuple[int, str], set[Answer]] = defaultdict(set)
        for person, code in {answer for figure in self.learnt for answer in figure}:
            if person not in self.exposed:
                given[row_of[self.blocks[str(person)]], code].add((person, code))
        return {one for answers in given.values() if len(answers) < K for one in answers}

    @property
    def turn(self) -> str:
        """How often its figures move in the year."""
        found: str = OfficeRhythm.objects.get(office=self.office, year=YEAR).turn
        return found


def lived(turn: str, sent: Sequence[int], volumes: Sequence[int] = VOLUMES) -> list[Watched]:
    """January goes by night after night, then it and its quarter are closed; by volume."""
    random = Random(f"{turn} {sent}")
    lives = [Watched(volume, turn, sent, random) for volume in volumes]
    steps.close(date(YEAR - 1, 12, 31))
    for day in (*DAYS, CLOSING, QUARTER):
        for life in lives if day in DAYS else ():
            life.live(day)
        steps.close(day)
        for life in lives:
            life.look()
    return lives


def people(figure: Figure) -> int:
    """How many people stand in it."""
    return len({person for person, _ in figure})


@pytest.fixture(autouse=True)
def form() -> None:
    """A questionnaire whose last factor few answer."""
    factories.instrument(FACTORS)


@pytest.mark.parametrize(
    ("turn", "sent"), [("", VARYING), (Turn.NIGHT.value, SPARSE), (Turn.NIGHT.value, STEADY)]
)
def test_only_who_is_few_in_a_block_or_few_to_answer_is_learnt_of(
    turn: str, sent: Sequence[int]
) -> None:
    """However many forms are sent: all else rests on k honest people, whatever is combined."""
    for life in lived(turn, sent, VOLUMES):
        rare = life.rare()
        left = {
            frozenset(one for one in figure if one not in rare and one[0] not in life.exposed)
            for figure in life.learnt
        }
        assert len(life.learnt) > 5
        assert bool(left - {frozenset()}) == (len(life.exposed) < len(life.blocks))
        assert fewest(left - {frozenset()}, K) is None, life.volume


@pytest.mark.parametrize("sent", [NOBODY, VARYING])
def test_by_the_rhythm_of_an_honest_past_k_honest_people_stand_in_every_block(
    sent: Sequence[int],
) -> None:
    """Whoever sends forms cannot make the figures of an office move more often within a year."""
    lives = lived("", sent)
    assert [life.turn for life in lives] == [Turn.MONTH, Turn.MONTH, Turn.WEEK]
    for life in lives:
        assert len(life.blocks) == life.volume * len(DAYS)
        assert not life.exposed
        headlines = [figure for figure in life.learnt if any(c == "A1" for _, c in figure)]
        assert min(map(people, headlines)) >= K
        assert len(life.candidates) == len(DAYS)
        assert min(life.candidates) >= K
    assert [len(set(life.blocks.values())) for life in lives[:2]] == [1, 1]
    assert set(lives[0].candidates) == {len(DAYS)}


def test_by_the_night_a_sender_learns_of_the_few_who_came_on_a_day() -> None:
    """What a past that was forged too makes possible; the methodology says so."""
    one, three, twenty = lived(Turn.NIGHT.value, STEADY)
    assert Counter(Counter(one.blocks.values()).values()) == {1: len(DAYS)}
    assert Counter(Counter(three.blocks.values()).values()) == {3: len(DAYS)}
    assert len(one.exposed) == len(DAYS)
    assert len(three.exposed) == 3 * len(DAYS)
    assert not twenty.exposed
    assert {1} == {min(map(people, one.learnt))}
    assert sum(people(figure) == 1 for figure in one.learnt) >= len(DAYS)
    assert set(one.candidates) == {1}  # whose remark it is, is known too
    assert min(twenty.candidates) >= K


def test_a_factor_that_few_honest_people_answer_is_opened_by_forged_answers() -> None:
    """Twenty honest people stand in the block, but fewer than k of them answered E."""
    honest, *_ = lived("", NOBODY)
    assert fewest(honest.learnt, K) is None
    forged, *_ = lived("", STEADY)
    few = [f for f in forged.learnt if all(code[0] == "E" for _, code in f)]
    assert few
    assert max(map(people, few)) < K


def test_the_methodology_says_so_in_both_languages() -> None:
    text = " ".join((ROOT / "docs" / "methodology.md").read_text("utf-8").split())
    assert "office that forges forms, fewer than k honest people" in text
    assert "fewer than k honest people who answered a factor" in text
    assert "chính cơ quan gửi phiếu giả thì ít hơn k người thật" in text
    assert "ít hơn k người thật trả lời một yếu tố" in text
