"""Keys of other systems: shown once, replaced without a pause, stopped at once, of one's units."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from offices.models import AdministrativeUnit, Membership
from offices.rights import Role
from surveys.invitations import integrations
from surveys.invitations.integrations import KeyEnded, integration_of
from surveys.models import Integration
from tests import factories
from tests.officials.two import client_of

pytestmark = pytest.mark.django_db
KEYS = reverse("officials:keys")


@pytest.fixture
def province() -> AdministrativeUnit:
    return factories.province("An Giang")


def browser(role: Role, unit: AdministrativeUnit) -> Client:
    """The browser of somebody with a role in a unit."""
    user = factories.user()
    Membership.objects.create(user=user, role=role, unit=unit)
    client = Client()
    client.force_login(user)
    return client


def test_only_who_manages_keys_sees_any(province: AdministrativeUnit) -> None:
    made = integrations.make("Cổng", province)
    address = reverse("officials:key", args=[made.integration.pk])
    assert Client().get(KEYS).status_code == 302
    assert browser(Role.ANALYST, province).get(KEYS).status_code == 403
    neighbour = browser(Role.PROVINCIAL_OFFICER, factories.province())
    assert "Cổng" not in neighbour.get(KEYS).content.decode()
    for step in ("stop", "rotate"):
        assert neighbour.post(address, {"step": step, "days": "3"}).status_code == 404
    assert integration_of(made.key) == made.integration


def test_a_key_is_made_and_shown_once(province: AdministrativeUnit) -> None:
    officer = browser(Role.PROVINCIAL_OFFICER, province)
    sent = {"name": "Cổng dịch vụ công", "place": f"unit:{province.pk}", "step": "make"}
    answer = officer.post(KEYS, sent)
    assert answer.status_code == 200
    key = answer.content.decode().partition('id="new-key">')[2].partition("<")[0]
    made = integration_of(key)
    assert made is not None
    assert made.unit == province
    assert key not in officer.get(KEYS).content.decode()
    assert key not in str(list(Entry.objects.values()))
    assert Entry.objects.filter(action="key.made").exists()


def test_no_key_is_made_for_the_unit_of_others(province: AdministrativeUnit) -> None:
    officer = browser(Role.PROVINCIAL_OFFICER, province)
    sent = {"name": "Cổng", "place": f"unit:{factories.province().pk}", "step": "make"}
    assert officer.post(KEYS, {**sent, "search": "khong co"}).status_code == 422
    assert not Integration.objects.exists()


def test_old_and_new_serve_side_by_side_and_then_one(province: AdministrativeUnit) -> None:
    old = integrations.make("Cổng", province)
    officer = browser(Role.PROVINCIAL_OFFICER, province)
    address = reverse("officials:key", args=[old.integration.pk])
    answer = officer.post(address, {"step": "rotate", "days": "7"})
    new = answer.content.decode().partition('id="new-key">')[2].partition("<")[0]
    assert integration_of(old.key) == integration_of(new) == old.integration
    row = Integration.objects.get()
    assert row.old_key_until == timezone.localdate() + timedelta(days=7)
    assert row.used_on == row.old_key_used_on == timezone.localdate()
    Integration.objects.update(old_key_until=timezone.localdate() - timedelta(days=1))
    assert integration_of(old.key) is None
    assert integration_of(new) == old.integration


def test_never_more_than_two_keys_serve(province: AdministrativeUnit) -> None:
    user = factories.user()
    first = integrations.make("Cổng", province)
    second = integrations.rotate(first.integration, 7, user)
    third = integrations.rotate(first.integration, 7, user)
    found = [integration_of(key) for key in (first.key, second.key, third.key)]
    assert found == [None, first.integration, first.integration]
    fourth = integrations.rotate(first.integration, 0, user)
    assert integration_of(third.key) is None
    assert integration_of(fourth.key) == first.integration


def test_a_stopped_key_stays_dead_when_a_new_one_is_made(province: AdministrativeUnit) -> None:
    officer = browser(Role.PROVINCIAL_OFFICER, province)
    made = integrations.make("Cổng", province)
    address = reverse("officials:key", args=[made.integration.pk])
    assert officer.post(address, {"step": "stop"}).status_code == 302
    assert integration_of(made.key) is None
    officer.post(address, {"step": "rotate", "days": "30"})
    assert integration_of(made.key) is None
    assert Integration.objects.get().active


@pytest.mark.parametrize("days", ["", "-1", "31", "x", "9" * 50])
def test_wrong_days_change_nothing_and_are_said(province: AdministrativeUnit, days: str) -> None:
    officer = browser(Role.PROVINCIAL_OFFICER, province)
    made = integrations.make("Cổng", province)
    address = reverse("officials:key", args=[made.integration.pk])
    answer = officer.post(address, {"step": "rotate", "days": days})
    assert answer.status_code == 422
    assert "Xin ghi số ngày từ 0 đến 30." in answer.content.decode()
    assert integration_of(made.key) == made.integration


def test_use_is_written_once_a_day_whatever_the_number_of_requests(
    province: AdministrativeUnit,
) -> None:
    made = integrations.make("Cổng", province)
    for _ in range(5):
        integration_of(made.key)
    assert Entry.objects.filter(action="key.used").count() == 1
    Integration.objects.update(used_on=timezone.localdate() - timedelta(days=1))
    integration_of(made.key)
    used = Entry.objects.filter(action="key.used")
    assert used.count() == 2
    assert used[0].account == "key: Cổng"
    assert used[0].source is None


def test_a_key_is_of_a_unit_whatever_is_sent() -> None:
    office = factories.office()
    client = client_of(factories.official(factories.country(), Role.OPERATOR))
    sent = {"step": "make", "name": "Cổng", "place": f"office:{office.pk}"}
    assert client.post(reverse("officials:keys"), sent).status_code == 422
    assert not Integration.objects.exists()


def test_a_key_ends_and_the_page_says_when(province: AdministrativeUnit) -> None:
    today = timezone.localdate()
    officer = browser(Role.PROVINCIAL_OFFICER, province)
    sent = {"name": "Cổng", "place": f"unit:{province.pk}", "step": "make"}
    for wrong in (today - timedelta(days=1), today + timedelta(days=731)):
        assert officer.post(KEYS, {**sent, "ends_on": f"{wrong}"}).status_code == 422
    assert not Integration.objects.exists()
    last = today + timedelta(days=90)
    html = officer.post(KEYS, {**sent, "ends_on": f"{last}"}).content.decode()
    assert f"Khóa dùng được đến hết ngày {last:%d/%m/%Y}" in html
    assert f"{last:%d/%m/%Y}" in officer.get(KEYS).content.decode()
    officer.post(KEYS, sent)
    ends = set(Integration.objects.values_list("ends_on", flat=True))
    assert ends == {last, today + timedelta(days=365)}
    yesterday = today - timedelta(days=1)
    Integration.objects.update(ends_on=yesterday)
    assert f"hết hạn ngày {yesterday:%d/%m/%Y}" in officer.get(KEYS).content.decode()


def test_a_key_serves_on_its_last_day_and_a_new_one_for_a_year(
    province: AdministrativeUnit,
) -> None:
    today, user = timezone.localdate(), factories.user()
    made = integrations.make("Cổng", province, ends_on=today)
    assert integration_of(made.key) == made.integration
    Integration.objects.update(ends_on=today - timedelta(days=1))
    with pytest.raises(KeyEnded):
        integration_of(made.key)
    new = integrations.rotate(made.integration, 30, user)
    # the one that has ended is not brought back beside it
    assert integration_of(made.key) is None
    assert integration_of(new.key) == made.integration
    assert Integration.objects.get().ends_on == today + timedelta(days=365)
