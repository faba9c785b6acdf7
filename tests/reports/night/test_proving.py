"""The proof of a night gives signs of life that others see, and stops once its step is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from reports.models import Night, NightStep, Proof
from reports.night import leases, nights, steps
from reports.night.leases import LostLease
from reports.night.parts import Parts
from reports.night.proving import prove
from tests import factories

Name, State = NightStep.Name, NightStep.State


@pytest.fixture
def night() -> Night:
    """Last night, of a country with an office and answers."""
    factories.instrument({"A": 2, "B": 1})
    office = factories.office()
    for _ in range(12):
        factories.answer(office, [5, 4, 1], now=factories.at(factories.last_month_end()))
    return nights.start(nights.due_day())


@pytest.mark.django_db(transaction=True)
def test_signs_of_life_are_given_outside_of_the_snapshot(night: Night) -> None:
    inside = []
    prove(night, lambda _at: inside.append(connection.in_atomic_block))
    # per part of the country: before it and for its units
    assert len(inside) >= 2 * Proof.objects.count() > 0
    assert set(inside) == {False}


@pytest.mark.django_db(transaction=True)
def test_somebody_else_may_write_to_the_step_while_a_province_is_read(night: Night) -> None:
    NightStep.objects.exclude(name=Name.PROOF).update(state=State.DONE, result={"provinces": 0})
    held = leases.take(night)
    assert held is not None

    def write() -> None:  # as a province does that is closed after all
        NightStep.objects.filter(pk=held.step.pk).update(again=True)
        connection.close()

    def beat(at: str) -> None:
        with ThreadPoolExecutor(1) as somebody:
            somebody.submit(write).result()
        held.beat(at)

    prove(night, beat)
    leases.finish(held, {})
    assert night.steps.get(name=Name.PROOF).state == State.WAITING


@pytest.mark.django_db
def test_a_lost_lease_ends_the_proof_and_is_no_failure(night: Night) -> None:
    def beat(at: str) -> None:
        raise LostLease("proof")

    with pytest.raises(LostLease):
        prove(night, beat)
    assert not Proof.objects.exists()


@pytest.mark.django_db
def test_what_kept_a_province_from_being_proved_stands_with_the_step(night: Night) -> None:
    NightStep.objects.exclude(name=Name.PROOF).update(state=State.DONE, result={"provinces": 0})
    held = leases.take(night)
    assert held is not None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reports_score RENAME TO reports_score_away")
    parts = Parts()
    steps.WORK[Name.PROOF](held, parts)
    assert "while proving province" in parts.error
    assert "reports_score" in parts.error
