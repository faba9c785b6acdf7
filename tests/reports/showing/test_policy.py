"""Roles may need more people behind a figure, never fewer."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from offices.models import Membership
from offices.rights import Role
from reports.counting.policy import POLICY
from reports.night import steps
from reports.showing.policy import policy_of, roles_are_known
from tests import factories

pytestmark = pytest.mark.django_db
LAST = factories.last_month_end()
HEAD, AUDITOR = Role.OFFICE_HEAD, Role.AUDITOR


@pytest.fixture(autouse=True)
def form() -> None:
    factories.instrument({"A": 2, "B": 1})


def test_nobody_has_less_than_the_policy(settings: Settings) -> None:
    settings.MINIMUM_PEOPLE = {HEAD.value: 3}
    office = factories.office()
    user = factories.official(office)
    assert policy_of(user) == POLICY


def test_of_two_roles_the_one_that_sees_more_counts(settings: Settings) -> None:
    settings.MINIMUM_PEOPLE = {HEAD.value: 30, AUDITOR.value: 20}
    office = factories.office()
    user = factories.official(office)
    assert policy_of(user).minimum_people == 30
    factories.official(office.unit, AUDITOR, account=user)
    assert policy_of(user).minimum_people == 20


def test_a_role_that_is_held_where_it_may_not_be_is_no_way_around(settings: Settings) -> None:
    settings.MINIMUM_PEOPLE = {HEAD.value: 30}
    office = factories.office()
    user = factories.official(office)
    Membership.objects.create(user=user, office=office, role=AUDITOR)
    assert policy_of(user).minimum_people == 30


def test_a_superuser_has_that_of_an_operator(settings: Settings) -> None:
    factories.country()
    settings.MINIMUM_PEOPLE = {Role.OPERATOR.value: 30}
    assert policy_of(factories.user(is_superuser=True)).minimum_people == 30


def test_a_name_that_is_no_role_is_refused(settings: Settings) -> None:
    settings.MINIMUM_PEOPLE = {HEAD.value: 30, "head_of_office": 20}
    (error,) = roles_are_known()
    assert "'head_of_office'" in error.msg
    assert "office_head" in str(error.hint)


def test_the_page_shows_a_role_only_what_it_may_see(settings: Settings) -> None:
    settings.MINIMUM_PEOPLE = {HEAD.value: 30}
    office = factories.office()
    for _ in range(20):
        factories.answer(office, [5, 5, 1], now=factories.at(LAST))
    steps.close(LAST)
    for role, shown in ((HEAD, False), (AUDITOR, True)):
        client, place = Client(), office if role == HEAD else office.unit
        client.force_login(factories.official(place, role))
        page = client.get(reverse("officials:office", args=[office.slug]), {"ky": "month"})
        assert ("66,67" in page.content.decode()) is shown
