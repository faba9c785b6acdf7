"""The page about nights: who sees it, what failed stands there, and runs again with one press."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.access import may
from offices.calendar import reaches_until
from offices.calendar_end import SOON
from offices.models import Membership, User
from offices.rights import Action
from reports.models import MarkWatch, Night, NightStep
from reports.night import leases, nights
from surveys.models import Mark
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = reverse("officials:nights")
Role, State = Membership.Role, NightStep.State


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator() -> Client:
    """Somebody who may let steps run again."""
    return signed_in(factories.official(factories.country()))


@pytest.fixture
def failed() -> NightStep:
    """A province of last night with an office that could not be closed."""
    office = factories.office(factories.unit(parent=factories.province("An Giang")))
    office.name = "Trung tâm Rạch Giá"
    office.save()
    night = nights.start(nights.due_day())
    begin = leases.take()
    assert begin is not None
    others = [factories.province().pk for _ in range(2)]
    nights.plan_provinces(night, [office.unit.parent_id, *others])
    leases.finish(begin, {"provinces": 3})
    for _ in range(3):
        step = leases.take(failed=False)
        assert step is not None
        if step.step.province_id in others:
            leases.finish(step, {"done": 1})
        else:
            leases.finish(step, {"failed": [office.slug]}, f"{office.slug}: ValueError: <3>")
    return night.steps.get(state=State.FAILED)


def test_who_sees_nights_and_who_lets_them_run() -> None:
    province, country = factories.province(), factories.country()
    commune = factories.unit(parent=province)
    sees = {
        factories.official(province, Role.AUDITOR): (True, False),
        factories.official(country, Role.AUDITOR): (True, False),
        factories.official(commune, Role.AUDITOR): (False, False),
        factories.official(province): (False, False),
        factories.official(country): (True, True),
        factories.official(country, Role.OPERATOR): (True, True),
        factories.official(country, Role.ANALYST): (False, False),
        factories.user(is_superuser=True): (True, True),
        factories.user(is_superuser=True, is_active=False): (False, False),
        factories.user(): (False, False),
    }
    assert {
        user: (may(user, Action.SEE_NIGHTS), may(user, Action.RUN_NIGHTS)) for user in sees
    } == sees


def test_for_others_there_is_no_page(failed: NightStep) -> None:
    client = signed_in(factories.official(factories.province()))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"step": failed.pk}).status_code == 403
    failed.refresh_from_db()
    assert failed.state == State.FAILED


def test_an_auditor_reads_and_presses_nothing(failed: NightStep) -> None:
    client = signed_in(factories.official(factories.country(), Role.AUDITOR))
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Chạy lại" not in page.content.decode()
    assert client.post(PAGE, {"step": failed.pk}).status_code == 403
    failed.refresh_from_db()
    assert failed.state == State.FAILED


def test_what_failed_is_named_with_its_office(operator: Client, failed: NightStep) -> None:
    text = operator.get(PAGE).content.decode()
    assert "An Giang" in text
    assert "Trung tâm Rạch Giá" in text
    assert "ValueError: &lt;3&gt;" in text
    assert text.count("Chạy lại</button>") == 1
    # two provinces about which there is nothing to say
    assert "2 tỉnh" in text
    assert f"{nights.due_day():%d/%m/%Y}" in text


def test_an_office_at_which_one_process_after_the_other_ended_is_named(
    operator: Client, failed: NightStep
) -> None:
    (slug,) = failed.result["failed"]
    office = {"at": slug, "result": {}, "last_error": f"{slug}: the process ended here 3 times"}
    NightStep.objects.filter(pk=failed.pk).update(**office)
    text = operator.get(PAGE).content.decode()
    assert text.count("Trung tâm Rạch Giá") == 1


def test_one_press_lets_it_run_again(operator: Client, failed: NightStep) -> None:
    answer = operator.post(PAGE, {"step": failed.pk}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "đang được chạy lại" in answer.content.decode()
    failed.refresh_from_db()
    assert failed.state == State.WAITING
    answer = operator.post(PAGE, {"step": failed.pk}, follow=True)
    assert "đã được chạy lại rồi" in answer.content.decode()


@pytest.mark.parametrize("step", ["", "x", "9" * 16, "999999"])
def test_what_is_no_step_is_not_found(operator: Client, step: str) -> None:
    assert operator.post(PAGE, {"step": step}).status_code == 404


def test_fourteen_nights_are_shown(operator: Client) -> None:
    day, now = nights.due_day(), timezone.now()
    for age in range(16):
        Night.objects.create(
            day=day - timedelta(days=age), began_at=now, closed_at=now, ended_at=now
        )
    text = operator.get(PAGE).content.decode()
    assert text.count("Đêm khóa sổ ngày") == 14
    assert f"{day - timedelta(days=13):%d/%m/%Y}" in text
    assert f"{day - timedelta(days=14):%d/%m/%Y}" not in text


def test_answers_that_wait_too_long_are_told(operator: Client) -> None:
    assert "hơn 15 phút" not in operator.get(PAGE).content.decode()
    Mark.objects.create(office=factories.office(), day=timezone.localdate())
    MarkWatch.objects.create(at=timezone.now() - timedelta(minutes=16), newest=0)
    assert "hơn 15 phút" in operator.get(PAGE).content.decode()


def test_who_may_finds_a_link(operator: Client) -> None:
    country = factories.country()
    unit = reverse("officials:unit", args=[country.pk])
    assert PAGE in operator.get(unit).content.decode()
    province = factories.province()
    officer = signed_in(factories.official(province))
    page = officer.get(reverse("officials:unit", args=[province.pk]))
    assert PAGE not in page.content.decode()


@pytest.mark.parametrize(("early", "told"), [(1, False), (0, True), (-SOON.days - 1, True)])
@pytest.mark.parametrize("address", ["nights", "holidays"])
def test_pages_say_a_year_before_that_the_list_of_days_off_ends(
    address: str, early: int, told: bool
) -> None:
    country = factories.country()
    page = PAGE if address == "nights" else reverse("officials:holidays", args=[country.pk])
    day = datetime.combine(reaches_until() - SOON - timedelta(days=early), time(5), UTC)
    with time_machine.travel(day, tick=True):
        operator = signed_in(factories.user(is_superuser=True))
        text = operator.get(page).content.decode()
        ready = operator.get("/readyz").content.decode()
    assert (f"chỉ có đến ngày {reaches_until():%d/%m/%Y}" in text) is told
    assert "list of days off" not in ready
