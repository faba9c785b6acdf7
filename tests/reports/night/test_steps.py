"""The steps of a night: one office that fails keeps back no other, and is named."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from offices.models import AdministrativeUnit, Office
from reports.models import Night, NightStep, Period, Score, TerritoryMap
from reports.night import leases, nights, running, steps
from reports.night.parts import Parts
from surveys.models import Remark, Response
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
Name, State = NightStep.Name, NightStep.State


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province, and a form of three criteria."""
    factories.instrument({"A": 2, "B": 1})
    return factories.province()


def office_in(province: AdministrativeUnit, people: int = 12) -> Office:
    """An office with so many answers on the last day of last month."""
    office = factories.office(factories.unit(parent=province))
    for _ in range(people):
        factories.answer(office, [5, 4, 1], now=factories.at(LAST))
    return office


def break_one(office: Office) -> Callable[[], None]:
    """Shortens the answers of one response; what is returned mends it."""
    row = Response.objects.filter(office=office).first()
    assert row is not None
    good = bytes(row.answers)

    def write(answers: bytes) -> None:
        Response.objects.filter(office=office, pk=row.pk).update(answers=answers)

    write(good[:2])
    return lambda: write(good)


def is_closed(office: Office) -> bool:
    """Whether its month is."""
    return Score.objects.filter(office=office, period=Period.MONTH, closed=True).exists()


def state(night: Night, name: str) -> str:
    """How the step of this name stands."""
    return night.steps.get(name=name).state


def test_an_office_that_cannot_be_counted_is_named_and_keeps_back_no_other(
    province: AdministrativeUnit,
) -> None:
    broken, sound, elsewhere = office_in(province), office_in(province), factories.office()
    factories.answer(elsewhere, [5, 4, 1], now=factories.at(LAST))
    mend = break_one(broken)
    with pytest.raises(ExceptionGroup) as failed:
        steps.close(LAST)
    assert len(failed.value.exceptions) == 1
    assert (is_closed(broken), is_closed(sound), is_closed(elsewhere)) == (False, True, True)

    night = Night.objects.get()
    step = night.steps.get(name=Name.PROVINCE, province=province)
    assert (step.state, step.result["failed"]) == (State.FAILED, [broken.slug])
    assert step.last_error.startswith(f"{broken.slug}: ValueError: ")
    assert night.closed_at is not None
    assert night.ended_at is None
    others = night.steps.exclude(pk=step.pk)
    assert set(others.values_list("state", flat=True)) == {State.DONE}
    country = Score.objects.get(
        unit__level="country", map=TerritoryMap.TODAY, period=Period.MONTH, closed=True
    )
    assert country.people == 12

    mend()
    nights.try_again(step)
    assert [ran.step.name for ran in steps.run_all(night)] == [
        Name.PROVINCE,
        Name.COUNTRY,
        Name.HANDOVER,
        Name.PROOF,
    ]
    assert is_closed(broken)
    country = Score.objects.get(unit__level="country", map=TerritoryMap.TODAY, period=Period.MONTH)
    assert country.people == 24
    night.refresh_from_db()
    assert night.ended_at is not None
    step.refresh_from_db()
    assert step.last_error == ""


def test_the_office_at_which_somebody_died_comes_last(province: AdministrativeUnit) -> None:
    offices = [office_in(province, 1) for _ in range(3)]
    night = nights.start(LAST)
    steps.run_next()
    step = night.steps.get(name=Name.PROVINCE)
    seen: list[str] = []

    class Watched(leases.Held):
        """Says where it is."""

        def beat(self, at: str = "") -> None:
            """Notes it."""
            seen.append(at)

    watched = Watched(step, "nobody", offices[1].slug)
    steps.WORK[Name.PROVINCE](watched, Parts())
    assert seen == [offices[0].slug, offices[2].slug, offices[1].slug, ""]


def test_whoever_lost_the_lease_stops_before_the_next_office(
    province: AdministrativeUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = [office_in(province) for _ in range(2)]
    night = nights.start(LAST)
    steps.run_next()
    real = steps.close_office
    closed = []

    def and_then_lose(office: int, day: date) -> object:
        closed.append(office)
        night.steps.filter(state=State.RUNNING).update(holder="somebody else")
        return real(office, day)

    monkeypatch.setattr(steps, "close_office", and_then_lose)
    ran = steps.run_next()
    assert ran is not None
    assert ran.lost
    assert closed == [offices[0].pk]
    assert night.steps.get(name=Name.PROVINCE).holder == "somebody else"


def test_ctrl_c_leaves_the_step_to_the_next(province: AdministrativeUnit) -> None:
    night = nights.start(LAST)

    def interrupted(_held: leases.Held, _parts: Parts) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        running.run_next({Name.BEGIN: interrupted}, night)
    assert state(night, Name.BEGIN) == State.WAITING


def test_a_step_that_ends_its_process_has_failed_and_ends_no_second_one(
    province: AdministrativeUnit,
) -> None:
    night = nights.start(LAST)

    def ends(_held: leases.Held, _parts: Parts) -> None:
        raise SystemExit("no licence")

    with pytest.raises(SystemExit):
        running.run_next({Name.BEGIN: ends}, night)
    step = night.steps.get(name=Name.BEGIN)
    assert step.state == State.FAILED
    assert "SystemExit: no licence" in step.last_error
    assert leases.take() is None


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_an_error_that_the_database_cannot_store_is_told_without_its_signs(
    province: AdministrativeUnit, sign: str
) -> None:
    night = nights.start(LAST)

    def raises(_held: leases.Held, _parts: Parts) -> None:
        raise RuntimeError(f"not a text: {sign}")

    ran = running.run_next({Name.BEGIN: raises}, night)
    assert ran is not None
    assert ran.step.state == State.FAILED
    assert "RuntimeError: not a text: \N{REPLACEMENT CHARACTER}" in ran.step.last_error


def test_a_step_that_raises_has_failed_and_later_ones_go_on(
    province: AdministrativeUnit, settings: object
) -> None:
    office_in(province)

    def raises(_held: leases.Held, _parts: Parts) -> None:
        raise RuntimeError("no such folder\nand a second line")

    night = nights.start(LAST)
    work = {**steps.WORK, Name.KEYS: raises}
    assert [ran.step.name for ran in running.run_all(work, night)] == list(nights.ORDER)
    step = night.steps.get(name=Name.KEYS)
    assert step.state == State.FAILED
    assert "no such folder" in step.last_error
    assert "second line" not in step.last_error
    assert state(night, Name.SESSIONS) == State.DONE


def test_what_ends_at_night_has_a_step(province: AdministrativeUnit) -> None:
    night = steps.close(LAST)
    assert list(night.steps.values_list("name", flat=True)) == [
        name for name in nights.ORDER if name != Name.PROVINCE
    ]
    assert night.steps.get(name=Name.CONTACTS).result["contacts"] == 0
    assert night.steps.get(name=Name.KEYS).result["keys"] == 0


def test_remarks_of_others_are_handed_over_though_one_office_fails(
    province: AdministrativeUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports import handover

    offices = [office_in(province, 0) for _ in range(2)]
    for office in offices:
        for _ in range(25):
            factories.answer(office, [5, 4, 1], now=factories.at(LAST), remark="Thiếu ghế")
    real = handover.hand_over

    def not_the_first(office: int) -> int:
        if office == offices[0].pk:
            raise RuntimeError("boom")
        return real(office)

    monkeypatch.setattr(handover, "hand_over", not_the_first)
    with pytest.raises(ExceptionGroup):
        steps.close(LAST)
    step = Night.objects.get().steps.get(name=Name.HANDOVER)
    assert step.result["failed"] == [offices[0].slug]
    handed = Remark.objects.filter(released_on__isnull=False)
    assert set(handed.values_list("office", flat=True)) == {offices[1].pk}


def test_the_command_prints_each_step_and_goes_on_with_a_night(
    province: AdministrativeUnit,
) -> None:
    office_in(province)
    said = StringIO()
    call_command("nightly", day=LAST, stdout=said)
    lines = said.getvalue().splitlines()
    assert [line.split(":")[0].split()[0] for line in lines[:-1]] == list(nights.ORDER)
    assert lines[-1] == f"{LAST}: 12 responses proved, 0 differences"
    said = StringIO()
    call_command("nightly", day=LAST, stdout=said)
    assert said.getvalue().splitlines() == lines[-1:]
    call_command("nightly", day=LAST, again=True, stdout=said)
    assert len(said.getvalue().splitlines()) == 2 + len(nights.ORDER)


def test_the_command_says_what_failed_and_tries_it_again(province: AdministrativeUnit) -> None:
    broken = office_in(province)
    mend = break_one(broken)
    said = StringIO()
    with pytest.raises(CommandError, match=r"steps that failed: province"):
        call_command("nightly", day=LAST, stdout=StringIO(), stderr=said)
    assert broken.slug in said.getvalue()
    mend()
    call_command("nightly", day=LAST, stdout=StringIO())
    assert is_closed(broken)


def test_the_command_refuses_a_day_that_is_not_over() -> None:
    with pytest.raises(CommandError, match="not over"):
        call_command("nightly", day=timezone.localdate())


def test_the_night_of_an_older_day_leaves_nothing_open_that_is_closed(
    province: AdministrativeUnit,
) -> None:
    steps.close(LAST)
    office = office_in(province)  # whose answers come after their month was closed
    steps.close(LAST - timedelta(days=40))
    months = Score.objects.filter(period=Period.MONTH, start=LAST.replace(day=1))
    assert months.filter(office=office).exists()
    assert months.filter(unit=province).exists()
    assert months.filter(unit__level=AdministrativeUnit.Level.COUNTRY).exists()
    assert not months.filter(closed=False).exists()
