"""Django's admin is the operator's: it finds without diacritics, and obeys the rules of giving."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from offices.models import Membership, User
from offices.rights import Role
from surveys.models import Contact, Integration, QuestionnaireDraft, Remark, Response, Target
from tests import factories

pytestmark = pytest.mark.django_db
NO_ROLES = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}


def browser(**given: object) -> tuple[Client, User]:
    """Somebody with these flags."""
    user = factories.user(**given)  # type: ignore[arg-type]
    client = Client()
    client.force_login(user)
    return client, user


def root() -> tuple[Client, User]:
    """A superuser."""
    return browser(is_superuser=True, is_staff=True)


def test_staff_alone_does_not_come_in() -> None:
    client, user = browser(is_staff=True)
    assert client.get(reverse("admin:index")).status_code == 302
    Membership.objects.create(user=user, role=Role.COUNTRY_OFFICER, unit=factories.country())
    client.force_login(user)  # a role that is given ends the session
    assert client.get(reverse("admin:index")).status_code == 302
    Membership.objects.create(user=user, role=Role.OPERATOR, unit=factories.country())
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 200
    assert root()[0].get(reverse("admin:index")).status_code == 200
    outside, operator = browser()
    Membership.objects.create(user=operator, role=Role.OPERATOR, unit=factories.country())
    outside.force_login(operator)
    assert outside.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("typed", ["ha tien", "Hà Tiên", "HA TIÊN", "tien an giang"])
def test_offices_and_units_are_found_without_diacritics(typed: str) -> None:
    ward = factories.unit(parent=factories.province("An Giang"), name="Hà Tiên")
    office = factories.office(ward, name="Trung tâm phường Hà Tiên")
    client, _user = root()
    for name, shown in (("office", office.name), ("administrativeunit", "Phường Hà Tiên")):
        page = client.get(reverse(f"admin:offices_{name}_changelist"), {"q": typed})
        assert shown in page.content.decode()
        field = {"app_label": "offices", "model_name": "membership", "term": typed}
        asked = {**field, "field_name": "office" if name == "office" else "unit"}
        found = client.get(reverse("admin:autocomplete"), asked).json()["results"]
        assert [one["text"] for one in found] == [shown]


def test_nobody_makes_themselves_mightier() -> None:
    client, user = root()
    page = reverse("admin:offices_user_change", args=[user.pk])
    country = factories.country()
    given = {
        **NO_ROLES,
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-role": Role.AUDITOR,
        "memberships-0-unit": country.pk,
        "username": user.username,
    }
    assert client.get(page).status_code == 200
    assert client.post(page, given).status_code == 403
    assert not user.memberships.exists()


def test_roles_given_in_the_admin_obey_the_rules_and_are_recorded() -> None:
    client, _user = root()
    person = factories.user("lan")
    page = reverse("admin:offices_user_change", args=[person.pk])
    province = factories.province()
    factories.country()
    given = {
        **NO_ROLES,
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-role": Role.OFFICE_HEAD,
        "memberships-0-unit": province.pk,
        "username": "lan",
    }
    refused = client.post(page, given)
    assert refused.status_code == 200
    assert "không ai tự giao vai trò" in refused.content.decode()
    assert not person.memberships.exists()
    answer = client.post(page, {**given, "memberships-0-role": Role.PROVINCIAL_OFFICER})
    assert answer.status_code == 302
    held = person.memberships.get()
    assert Entry.objects.filter(action="role.given", subject="lan").exists()
    taken = {
        **given,
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": held.pk,
        "memberships-0-user": person.pk,
        "memberships-0-DELETE": "on",
    }
    assert client.post(page, taken).status_code == 302
    assert not person.memberships.exists()
    assert Entry.objects.filter(action="role.taken", subject="lan").exists()


def test_accounts_are_closed_elsewhere_and_never_deleted() -> None:
    client, _user = root()
    person = factories.user("lan")
    page = reverse("admin:offices_user_change", args=[person.pk])
    sent = {**NO_ROLES, "username": "lan", "last_name": "Lan", "last_login_0": "01/01/2020"}
    assert client.post(page, sent).status_code == 302
    person.refresh_from_db()
    assert person.is_active
    assert person.last_login is None
    delete = reverse("admin:offices_user_delete", args=[person.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    changed = Entry.objects.get(action="user.changed")
    assert changed.details["now"]["last_name"] == "Lan"


def test_an_operator_without_the_superuser_changes_no_flags() -> None:
    client, operator = browser(is_staff=True)
    Membership.objects.create(user=operator, role=Role.OPERATOR, unit=factories.country())
    client.force_login(operator)
    operator.user_permissions.set(Permission.objects.filter(content_type__app_label="offices"))
    person = factories.user("lan")
    page = reverse("admin:offices_user_change", args=[person.pk])
    sent = {**NO_ROLES, "username": "lan", "is_superuser": "on", "is_staff": "on"}
    assert client.post(page, sent).status_code == 302
    person.refresh_from_db()
    assert not person.is_superuser
    assert not person.is_staff
    mighty = factories.user(is_superuser=True)
    password = reverse("admin:auth_user_password_change", args=[mighty.pk])
    new = {"password1": "Mot-mat-khau-dai-2026", "password2": "Mot-mat-khau-dai-2026"}
    assert client.post(password, new).status_code == 403


def test_a_password_that_is_set_by_hand_is_recorded() -> None:
    client, _user = root()
    person = factories.user("lan")
    password = reverse("admin:auth_user_password_change", args=[person.pk])
    new = {"password1": "Mot-mat-khau-dai-2026", "password2": "Mot-mat-khau-dai-2026"}
    assert client.post(password, {**new, "usable_password": "true"}).status_code == 302
    assert Entry.objects.filter(action="account.password_set", subject="lan").exists()
    assert "Mot-mat" not in str(list(Entry.objects.values()))


@pytest.mark.parametrize(
    "model", [Response, Remark, Contact, Integration, QuestionnaireDraft, Target]
)
def test_what_has_pages_of_its_own_is_not_there(model: type) -> None:
    assert model not in admin.site._registry


def test_an_operator_of_an_office_is_none() -> None:
    """Rows of old: such a role gives nothing, and opens nothing."""
    client, user = browser(is_staff=True)
    Membership.objects.create(user=user, role=Role.OPERATOR, office=factories.office())
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 302


def test_nobody_widens_the_group_that_they_are_in() -> None:
    client, user = browser(is_staff=True)
    Membership.objects.create(user=user, role=Role.OPERATOR, unit=factories.country())
    group = Group.objects.create(name="vận hành")
    group.permissions.add(*Permission.objects.filter(codename__endswith="_group"))
    user.groups.add(group)
    client.force_login(user)
    more = Permission.objects.get(codename="change_office")
    page = reverse("admin:auth_group_change", args=[group.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": group.name, "permissions": [more.pk]}).status_code == 403
    assert client.get(reverse("admin:auth_group_add")).status_code == 403
    assert client.post(reverse("admin:auth_group_delete", args=[group.pk])).status_code == 403
    assert more not in group.permissions.all()
    above, _root = root()
    assert above.post(page, {"name": group.name, "permissions": [more.pk]}).status_code == 302
    assert more in group.permissions.all()
