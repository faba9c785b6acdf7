"""Whatever happens by right, the proof finds nothing, and everything can be made again."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from offices.models import AdministrativeUnit, Membership, User
from reports.counting.closing import closed_through
from reports.models import Batch, Night, Proof, Score
from reports.night import steps
from reports.proof.run import turns as turns_of
from reports.scores.anew import make_anew
from reports.scores.units import catch_up_country, catch_up_provinces
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import ExclusionNotPossible, exclude, lift
from surveys.flags.rules import Flag
from surveys.models import Exclusion, Mark, Response, State
from tests import factories
from tests.reports.proof.proved import differences
from tests.reports.test_attack import Story

pytestmark = pytest.mark.django_db
WHY = "Nhiều phiếu giống nhau trong ít phút"
Rows = list[tuple[object, ...]]


class History(Story):
    """A story in which auditors make and lift rules, and settled forms go on."""

    def __init__(self, random: Random) -> None:
        super().__init__(random)
        country = AdministrativeUnit.objects.get(level="country")
        self.auditor: User = factories.user()
        Membership.objects.create(user=self.auditor, unit=country, role=Membership.Role.AUDITOR)

    def exclusion(self) -> None:
        """A burst is found and left out by a rule, or a rule is lifted."""
        office = self.random.choice(self.offices)
        standing = Exclusion.objects.filter(office=office, lifted_at=None).first()
        if standing is not None and self.random.random() < 0.5:
            lift(standing.pk, WHY, self.auditor, approved=1)
            return
        days = Response.objects.filter(office=office).values_list("day", flat=True)
        if not days:
            return
        day = self.random.choice(sorted(set(days)))
        some = Response.objects.filter(office=office, day__gte=day, day__lte=day + timedelta(3))
        keys = sorted(some.values_list("id", flat=True))
        chosen = self.random.sample(keys, k=len(keys) * 3 // 4)
        Response.objects.filter(office=office, id__in=chosen, batch=None).update(
            flags=Flag.BURST.value
        )
        with suppress(ExclusionNotPossible):
            exclude(
                Rule(office.pk, day, day + timedelta(3), Flag.BURST), WHY, self.auditor, approved=1
            )

    def goes_on(self) -> None:
        """Somebody whose form was settled goes on with it, before it is shown."""
        waiting = Response.objects.filter(batch=None, state=State.FINISHED).first()
        if waiting is not None:
            Response.objects.filter(office=waiting.office_id, id=waiting.id).update(
                state=State.OPEN
            )
            Mark.objects.create(office_id=waiting.office_id, day=waiting.day)


def everything() -> tuple[Rows, Rows]:
    """Every column of every batch and score but its key and time."""
    batches = Batch.objects.order_by("office", "instrument", "number", "day").values()
    scores = Score.objects.order_by(
        "office", "unit", "map", "instrument", "period", "start"
    ).values()
    return tuple(  # type: ignore[return-value]
        [
            tuple(
                bytes(value) if isinstance(value, memoryview) else value
                for name, value in row.items()
                if name not in ("id", "computed_at")
            )
            for row in rows
        ]
        for rows in (batches, scores)
    )


def turns(history: History, number: int) -> Iterator[None]:
    """Days pass; what happens on each is done when it is given back."""
    for _ in range(number):
        what = history.random.random()
        history.arrivals(late=what < 0.3)
        if what > 0.6:
            history.exclusion()
        if what < 0.4:
            history.goes_on()
        if what < 0.5:
            steps.count_marked()
        else:
            steps.close(history.today)
        yield
        history.today += timedelta(history.random.choice([1, 2, 5, 12, 25]))
    for day in (history.today, date(2025, 12, 31)):
        steps.close(day)
        yield


@pytest.mark.parametrize("seed", range(4))
def test_the_proof_raises_no_false_alarm_and_all_is_made_again(seed: int) -> None:
    history = History(Random(seed))
    for _ in turns(history, 8):
        assert differences() == []
    assert Night.objects.filter(differences__gt=0).count() == 0
    before = everything()
    for office in history.offices:
        make_anew(office.pk)
    catch_up_provinces(closed_through())
    catch_up_country(closed_through())
    assert everything() == before


def test_rows_of_the_future_take_no_turn_away_and_close_nothing() -> None:
    province = factories.province()
    ahead = timezone.now() + timedelta(days=300)
    Proof.objects.create(province=province, whole=True, began_at=ahead, ended_at=ahead)
    others = [factories.province() for _ in range(20)]
    for other in others:
        now = timezone.now()
        Proof.objects.create(province=other, whole=True, began_at=now, ended_at=now)
    assert province.pk in turns_of({province.pk, *(other.pk for other in others)})
    today = timezone.localdate()
    for days in (-1, 0, 40):
        Night.objects.create(
            day=today + timedelta(days), began_at=timezone.now(), closed_at=timezone.now()
        )
    assert closed_through() == today - timedelta(1)
