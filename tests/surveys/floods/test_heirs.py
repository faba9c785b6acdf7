"""An office that takes over from others has their past and, until somebody says so, their level."""

from datetime import date

import pytest
import time_machine

from offices.models import Office
from reports.models import NightStep
from reports.night import steps
from surveys.floods.levels import Level, LevelNotSet, level_of, set_level, take_over
from surveys.floods.past import past_of
from surveys.models import Evidence, EvidenceCount, EvidenceLevel, Response
from tests import factories

pytestmark = pytest.mark.django_db
MERGED, TODAY = date(2026, 7, 1), date(2026, 7, 14)


@pytest.fixture
def heir() -> Office:
    """It took two offices over, on the first of July."""
    factories.instrument({"A": 2, "B": 1})
    office = factories.office(valid_from=MERGED)
    for name in ("A", "B"):
        factories.office(name=name, valid_to=date(2026, 6, 30), heir=office)
    return office


def counted(office: Office, month: date, forms: int, days: list[int]) -> None:
    EvidenceCount.objects.create(
        office=office, month=month, evidence=Evidence.OPEN, forms=forms, days=days, held=0
    )


def test_its_past_is_the_sum_of_theirs(heir: Office) -> None:
    for one, forms in zip(heir.inherits_from.order_by("name"), (40, 25), strict=True):
        counted(one, date(2025, 8, 1), forms, [])
        counted(one, date(2026, 5, 1), forms, [])
        counted(one, date(2026, 6, 1), 3, [0, 3, *[0] * 28])
    counted(factories.office(), date(2025, 8, 1), 999, [])
    past = past_of(heir.pk, TODAY)[Evidence.OPEN]
    assert past.months == [(8, 65)]
    assert past.closed == {date(2026, 5, 1): 65, date(2026, 6, 2): 6}


def level(office: Office, year: int, of: Level) -> None:
    EvidenceLevel.objects.create(
        office=office, year=year, level=of, set_at=factories.at(date(2026, 1, 2))
    )


@pytest.mark.parametrize(
    ("levels", "taken"),
    [
        ((Level.A, Level.B), Level.B),
        ((Level.A, Level.A), Level.A),
        ((Level.B, None), Level.C),
        ((None, None), Level.C),
    ],
)
def test_its_level_is_the_weakest_of_theirs(
    heir: Office, levels: tuple[Level | None, Level | None], taken: Level
) -> None:
    for one, of in zip(heir.predecessors.order_by("name"), levels, strict=True):
        if of is not None:
            level(one, 2026, of)
    with time_machine.travel(factories.at(TODAY, 2), tick=False):
        assert take_over(TODAY) == (taken != Level.C)
        assert level_of(heir.pk, 2026) == taken
        assert take_over(TODAY) == 0


def test_what_somebody_above_has_said_is_kept(heir: Office) -> None:
    for one in heir.predecessors.all():
        level(one, 2026, Level.A)
    level(heir, 2026, Level.C)
    with time_machine.travel(factories.at(TODAY, 2), tick=False):
        assert take_over(TODAY) == 0
    assert level_of(heir.pk, 2026) == Level.C


def test_of_a_merger_at_new_year_the_level_of_the_old_year_is_taken(heir: Office) -> None:
    Office.objects.filter(pk=heir.pk).update(valid_from=date(2026, 1, 1))
    for one in heir.predecessors.all():
        level(one, 2025, Level.B)
    with time_machine.travel(factories.at(date(2026, 1, 5), 2), tick=False):
        assert take_over(date(2026, 1, 5)) == 1
    assert level_of(heir.pk, 2026) == Level.B


def test_the_night_gives_it_before_it_counts(heir: Office) -> None:
    for one in heir.predecessors.all():
        level(one, 2026, Level.B)
    with time_machine.travel(factories.at(TODAY, 2), tick=False):
        factories.responses(heir, 12, day=date(2026, 7, 13), evidence=Evidence.OPEN)
        factories.responses(heir, 12, day=date(2026, 7, 13), evidence=Evidence.PAPER)
        night = steps.close(date(2026, 7, 13))
    assert night.steps.get(name=NightStep.Name.BEGIN).result["heirs"] == 1
    assert level_of(heir.pk, 2026) == Level.B
    aside = Response.objects.filter(office=heir, excluded=True)
    assert {one.evidence for one in aside} == {Evidence.OPEN}
    assert aside.count() == 12


def test_once_its_first_month_is_closed_nothing_is_taken(heir: Office) -> None:
    for one in heir.predecessors.all():
        level(one, 2026, Level.B)
    with time_machine.travel(factories.at(date(2026, 8, 20), 2), tick=False):
        steps.close(date(2026, 8, 15))
        EvidenceLevel.objects.filter(office=heir).delete()
        assert take_over(date(2026, 8, 20)) == 0


def test_whoever_is_above_may_set_another_until_its_own_first_month_closes(heir: Office) -> None:
    above = factories.official(factories.country())
    with time_machine.travel(factories.at(TODAY, 2), tick=False):
        steps.close(date(2026, 7, 13))
        set_level(heir, 2026, Level.A, "Tiếp tục mức của nơi cũ", above)
        assert level_of(heir.pk, 2026) == Level.A
        old = factories.office()
        with pytest.raises(LevelNotSet):
            set_level(old, 2026, Level.A, "Tiếp tục mức của nơi cũ", above)
    with time_machine.travel(factories.at(date(2026, 8, 20), 2), tick=False):
        steps.close(date(2026, 8, 15))
        with pytest.raises(LevelNotSet):
            set_level(heir, 2026, Level.B, "Tiếp tục mức của nơi cũ", above)
