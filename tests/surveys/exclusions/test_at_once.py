"""Rules that are made, lifted and counted at the same moment end right."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from offices import directory
from offices.models import Office, User
from offices.rights import Role
from reports.models import Night
from surveys.exclusions.rules import Rule
from surveys.exclusions.steps import (
    ExclusionNotPossible,
    ExclusionObstacle,
    apply_exclusions,
    exclude,
    lift,
)
from surveys.flags.rules import Flag
from surveys.models import Exclusion, Response
from tests import factories
from tests.overlapping import held

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 2)
NEXT = DAY + timedelta(days=1)
REASON = "Máy tính bảng ở quầy 1 do cán bộ tự bấm"


@pytest.fixture
def office() -> Office:
    """An office with a form of three questions."""
    factories.instrument({"A": 2, "B": 1})
    return factories.office()


@pytest.fixture
def auditor(office: Office) -> User:
    """An auditor of the office's unit."""
    return factories.official(office.unit, Role.AUDITOR)


def forms(office: Office, people: int, flag: Flag, day: date = DAY) -> None:
    """So many finished forms with this flag."""
    factories.responses(office, people, flags=flag.value, day=day)


def excluded() -> int:
    return Response.objects.filter(excluded=True).count()


def in_threads(tasks: Sequence[Callable[[], object]]) -> list[object]:
    """Runs them all at once, each on a connection of its own; refusals are outcomes."""

    def run(task: Callable[[], object]) -> object:
        try:
            return task()
        except ExclusionNotPossible as refused:
            return refused.obstacle
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def recount(office: Office) -> None:
    with transaction.atomic():
        apply_exclusions(office.pk, [DAY, NEXT])


def test_the_same_rule_made_six_times_at_once_is_made_once(office: Office, auditor: User) -> None:
    forms(office, 40, Flag.BURST)
    bursts = Rule(office.pk, DAY, NEXT, Flag.BURST)
    outcomes = in_threads([lambda: exclude(bursts, REASON, auditor)] * 6)
    assert sum(isinstance(outcome, Exclusion) for outcome in outcomes) == 1
    assert outcomes.count(ExclusionObstacle.TOO_FEW) == 5
    assert (Exclusion.objects.count(), excluded()) == (1, 40)


def test_making_lifting_counting_and_answering_at_once_end_right(
    office: Office, auditor: User
) -> None:
    for flag in (Flag.BURST, Flag.TOO_FAST, Flag.STRAIGHT_LINED):
        forms(office, 15, flag)
        forms(office, 15, flag, NEXT)
    standing = exclude(Rule(office.pk, DAY, NEXT, Flag.BURST), REASON, auditor)
    directory.current()
    outcomes = in_threads(
        [
            lambda: lift(standing.pk, REASON, auditor),
            lambda: exclude(Rule(office.pk, DAY, NEXT, Flag.TOO_FAST), REASON, auditor),
            lambda: exclude(Rule(office.pk, DAY, DAY, Flag.STRAIGHT_LINED), REASON, auditor),
            lambda: recount(office),
            lambda: lift(standing.pk, REASON, auditor),
            lambda: factories.answer(office, [5, 4, 1], factories.at(NEXT)),
            lambda: recount(office),
        ]
    )
    assert outcomes.count(ExclusionObstacle.LIFTED) == 1
    assert excluded() == 45
    before = set(Response.objects.filter(excluded=True).values_list("id", flat=True))
    recount(office)
    assert set(Response.objects.filter(excluded=True).values_list("id", flat=True)) == before


def test_a_month_that_is_closed_while_somebody_waits_is_closed_to_them(
    office: Office, auditor: User
) -> None:
    """The night holds the office while it closes it; whoever waits comes after it."""
    closed = DAY.replace(month=10, day=7)
    forms(office, 10, Flag.BURST, closed)
    wanted = Rule(office.pk, closed, closed, Flag.BURST)

    def make() -> ExclusionObstacle | None:
        try:
            exclude(wanted, REASON, auditor)
        except ExclusionNotPossible as refused:
            return refused.obstacle
        return None

    with held(make, before="pg_advisory_xact_lock") as running:
        now = timezone.now()
        Night.objects.create(day=date(2026, 10, 31), began_at=now, closed_at=now)
    assert running.result() is ExclusionObstacle.CLOSED
    assert excluded() == 0
