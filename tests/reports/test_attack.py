"""All that was ever shown, taken together, leaves every hidden figure a range of at least k."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from offices.models import Office, Procedure
from reports.models import Cell, Partition
from reports.night import steps
from surveys.models import Channel, Instrument, Mark, Response, Stage, State
from tests import factories
from tests.reports.attacker import Attacker

pytestmark = pytest.mark.django_db
K = 10
FIRST = date(2025, 5, 1)
END = date(2025, 6, 30)  # the old map's last day


class Story:
    """Two provinces of which one ends, their offices, and what random days bring them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.form: Instrument = factories.instrument({"A": 1, "B": 1})
        self.procedures: list[Procedure] = [
            factories.procedure("1.001193", "Hộ tịch"),
            factories.procedure("1.012783", "Đất đai"),
            factories.procedure("2.000815", "Chứng thực"),
        ]
        old = factories.province("Kiên Giang", valid_to=END)
        new = factories.province("An Giang")
        heir = factories.office(factories.unit(parent=new))
        self.offices: list[Office] = [
            heir,
            factories.office(factories.unit(parent=old, valid_to=END), heir=heir, valid_to=END),
            factories.office(
                factories.unit("district", old, valid_to=END), today_unit=new, valid_to=END
            ),
        ]
        self.today = FIRST
        self.ids = count(1)
        self.attacker = Attacker(K)

    def arrivals(self, late: bool) -> None:
        """Some people at each office, today or on one of the last forty days."""
        rows = []
        for office in self.offices:
            if self.random.random() < 0.3:
                continue
            day = self.today - timedelta(self.random.randrange(40)) if late else self.today
            day = max(day, FIRST)
            if office.valid_to is not None and day > office.valid_to:
                continue
            people = self.random.choice([1, 2, 3, 5, 9, 10, 12, 14, 23])
            rows += [self._response(office, day) for _ in range(people)]
            Mark.objects.create(office=office, day=day)
        Response.objects.bulk_create(rows)

    def _response(self, office: Office, day: date) -> Response:
        number = next(self.ids)
        return Response(
            office=office,
            id=UUID(int=number),
            instrument=self.form,
            procedure=self.random.choices(self.procedures, [8, 4, 1])[0],
            channel=Channel.PHONE,
            stage=Stage.RECEIVED,
            state=State.FINISHED,
            step=1,
            answers=bytes([self.random.randint(1, 5), self.random.choice([0, 3, 4, 5])]),
            valid=True,
            day=day,
            received_on=day,
            hour=9,
            language="vi",
            arrival=number,
        )

    def exclusion(self) -> None:
        """An auditor leaves some people of an office out, or takes them back."""
        office = self.random.choice(self.offices)
        ids = list(Response.objects.filter(office=office).values_list("id", flat=True))
        chosen: Sequence[UUID] = self.random.sample(sorted(ids), k=len(ids) // 2)
        for response in Response.objects.filter(office=office, id__in=chosen):
            Response.objects.filter(office=office, id=response.id).update(
                excluded=not response.excluded
            )
            Mark.objects.create(office=office, day=response.day)

    def live(self, turns: int) -> None:
        """Days pass; after each step everybody looks at everything."""
        for _ in range(turns):
            what = self.random.random()
            self.arrivals(late=what < 0.3)
            if what > 0.9:
                self.exclusion()
            if what < 0.5:
                steps.count_marked()
            else:
                steps.close(self.today)
            self.attacker.look()
            self.today += timedelta(self.random.choice([1, 1, 2, 5, 12]))
        for day in (self.today, date(2025, 12, 31)):
            steps.close(day)
            self.attacker.look()


class AttackTest(TestCase):
    """Hypothesis rolls the database back after every example."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 10**6))
    def test_linear_programming_finds_no_hidden_figure(self, seed: int) -> None:
        # the files of the audit's heads go with each example, as the database does
        with TemporaryDirectory() as heads, override_settings(AUDIT_HEADS=Path(heads)):
            story = Story(Random(seed))
            story.live(turns=10)
        for name, width in story.attacker.widths():
            assert width >= K - 1e-6, name

    def test_the_attack_finds_what_is_not_protected(self) -> None:
        """The attacker is no straw man: one more figure than is shown gives a small day away."""
        story = Story(Random(3))
        office = story.offices[0]
        factories.rhythm(office)
        for day, people in ((FIRST, 40), (FIRST + timedelta(1), 3), (FIRST + timedelta(2), 40)):
            rows = [story._response(office, day) for _ in range(people)]
            Response.objects.bulk_create(rows)
            Mark.objects.create(office=office, day=day)
            steps.close(day)
        steps.close(date(2025, 5, 31))
        story.attacker.look()
        widths = dict(story.attacker.widths())
        small = f"{office.pk} day {FIRST + timedelta(1)}"
        assert widths[small] >= K
        story.attacker.give_away(office.pk, FIRST + timedelta(2))
        assert dict(story.attacker.widths())[small] == pytest.approx(0)


def test_people_are_told_apart_once_and_never_otherwise() -> None:
    story = Story(Random(5))
    for _ in range(6):
        story.arrivals(late=False)
        story.today += timedelta(9)
    steps.close(date(2025, 12, 31))
    made = list(Partition.objects.order_by("pk").values())
    cells = list(Cell.objects.order_by("pk").values())
    assert made
    assert len(cells) > len(made)
    story.arrivals(late=True)
    steps.close(date(2026, 1, 1))
    known = [partition["id"] for partition in made]
    assert list(Partition.objects.filter(pk__in=known).order_by("pk").values()) == made
    assert list(Cell.objects.filter(partition__in=known).order_by("pk").values()) == cells
