"""Whoever holds a unit sees all below it and nothing beside it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject

from offices.access import actions_at, holders, may, offices_where, visible_offices, visible_units
from offices.models import AdministrativeUnit, Membership, Office, Succession, User
from offices.rights import NOT_WHERE_ONE_SERVES, TABLE, Action, Role, Scope
from tests import factories

pytestmark = pytest.mark.django_db
SEE = Action.SEE_FIGURES
END = date(2025, 6, 30)
NEW = END + timedelta(days=1)


def holding(unit: AdministrativeUnit | None = None, office: Office | None = None) -> User:
    """An official with one membership."""
    place = unit or office
    assert place is not None
    return factories.official(place)


def test_a_province_shows_all_offices_below_and_none_beside() -> None:
    province = factories.province()
    district = factories.unit("district", province)
    offices = [
        factories.office(province),
        factories.office(district),
        factories.office(factories.unit("commune", district)),
    ]
    factories.office()
    assert set(visible_offices(holding(province))) == set(offices)


def test_an_office_head_sees_the_office_only() -> None:
    commune = factories.unit(parent=factories.province())
    office, neighbour = factories.office(commune), factories.office(commune)
    head = holding(office=office)
    assert may(head, SEE, office)
    assert not may(head, SEE, neighbour)
    assert not visible_units(head).exists()


def test_what_the_office_inherited_is_seen_with_it() -> None:
    heir = factories.office()
    old = factories.office(heir=heir, valid_to=END)
    assert set(visible_offices(holding(office=heir))) == {heir, old}


def test_the_past_of_a_province_is_seen_with_it_on_both_maps() -> None:
    old = factories.province(valid_to=END)
    new = factories.province(valid_from=NEW)
    Succession.objects.create(
        predecessor=old, successor=new, effective_on=NEW, relation=Succession.Relation.MERGED
    )
    district = factories.unit("district", old, valid_to=END)
    desk = factories.office(district, today_unit=new, valid_to=END)
    officer = holding(new)
    assert may(officer, SEE, desk)
    assert may(officer, SEE, old)
    assert may(officer, SEE, district)


def test_a_part_of_a_divided_unit_does_not_show_the_whole() -> None:
    divided, part = factories.unit(valid_to=END), factories.unit(valid_from=NEW)
    Succession.objects.create(
        predecessor=divided, successor=part, effective_on=NEW, relation=Succession.Relation.SPLIT
    )
    assert not may(holding(part), SEE, divided)


def test_strangers_and_retired_accounts_see_nothing() -> None:
    office = factories.office()
    retired = holding(office.unit)
    retired.is_active = False
    retired.save()
    for user in (AnonymousUser(), factories.user(), retired):
        assert not visible_offices(user).exists()
        assert not visible_units(user).exists()


def test_a_superuser_is_an_operator_of_the_country_and_no_more() -> None:
    office = factories.office()
    user = factories.user(is_superuser=True)
    given = TABLE[Role.OPERATOR][Scope.COUNTRY]
    assert actions_at(user, office) == actions_at(user, office.unit) == given
    assert not given & {
        *(Action.SEE_REMARKS, Action.ANSWER, Action.LOOK_AT_CONTACTS, Action.READ_AUDIT),
        *(Action.PUBLISH, Action.APPROVE, Action.EXCLUDE, Action.IMPORT_DOSSIERS),
    }


def test_a_membership_is_in_a_unit_or_an_office_never_in_both_or_neither() -> None:
    office = factories.office()
    for wrong in ({}, {"unit": office.unit, "office": office}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=factories.user(), role=Membership.Role.AUDITOR, **wrong)


def test_only_auditors_audit_and_what_they_see_of_the_past_as_well() -> None:
    old = factories.province(valid_to=END)
    new = factories.province(valid_from=NEW)
    here = factories.office(factories.unit(parent=new, valid_from=NEW))
    past = factories.office(factories.unit(parent=old, valid_to=END), today_unit=new, valid_to=END)
    beside = factories.office()
    auditor, officer = factories.official(new, Role.AUDITOR), holding(new)
    factories.official(beside, account=auditor)
    assert set(offices_where(auditor, Action.EXCLUDE)) == {here, past}
    assert set(visible_offices(auditor)) == {here, past, beside}
    assert may(auditor, Action.EXCLUDE, past)
    assert not may(auditor, Action.EXCLUDE, beside)
    assert may(officer, SEE, here)
    assert not offices_where(officer, Action.EXCLUDE).exists()
    assert not offices_where(AnonymousUser(), Action.EXCLUDE).exists()
    auditor.is_active = False
    assert not offices_where(auditor, Action.EXCLUDE).exists()
    assert not offices_where(factories.user(is_superuser=True), Action.EXCLUDE).exists()
    above = factories.official(factories.country(), Role.AUDITOR)
    assert offices_where(above, Action.EXCLUDE).count() == 3


def test_a_role_that_is_held_where_it_may_not_be_gives_nothing() -> None:
    office = factories.office()
    province = office.unit.parent
    for role in Role:
        for unit, desk in (
            *((factories.country(), None), (province, None), (office.unit, None)),
            (None, office),
        ):
            place = desk or unit
            assert place is not None
            user = factories.user()
            Membership.objects.create(user=user, role=role, unit=unit, office=desk)
            assert bool(actions_at(user, office)) == (role in factories.roles_of(place))
            assert visible_offices(user).exists() == (role in factories.roles_of(place))


def test_whoever_holds_a_right_is_whoever_may() -> None:
    """Both ways of asking agree, on today's map and for what was before it."""
    gone = factories.province("Kiên Giang", valid_to=END)
    today = factories.province("An Giang", valid_from=NEW)
    Succession.objects.create(
        predecessor=gone, successor=today, effective_on=NEW, relation=Succession.Relation.MERGED
    )
    old, new = factories.unit(parent=gone, valid_to=END), factories.unit(parent=today)
    part = factories.unit(parent=today, valid_from=NEW)
    Succession.objects.create(
        predecessor=old, successor=part, effective_on=NEW, relation=Succession.Relation.SPLIT
    )
    heir = factories.office(new)
    past = factories.office(old, heir=heir, valid_to=END)
    beside = factories.office(factories.unit(parent=factories.province()))
    units = [factories.country(), gone, today, old, new, part, beside.unit]
    places: list[AdministrativeUnit | Office] = [*units, heir, past, beside]
    for place in places:
        for role in factories.roles_of(place):
            factories.official(place, role)
            factories.official(place, role, account=factories.user(is_active=False))
    everybody = list(User.objects.all())
    for action in (SEE, Action.EXCLUDE, Action.ANSWER, Action.MANAGE_ACCOUNTS, Action.SEE_REMARKS):
        for place in places:
            found = {one.user for one in holders(action, place)}
            assert found == {user for user in everybody if may(user, action, place)}, (
                action,
                place,
            )


def test_the_user_of_a_request_is_read_once() -> None:
    office = factories.office()
    user = factories.official(office)
    wrapped = SimpleLazyObject(lambda: User.objects.get(pk=user.pk))
    with CaptureQueriesContext(connection) as asked:
        assert may(wrapped, Action.ANSWER, office)  # type: ignore[arg-type]
        assert not may(wrapped, Action.EXCLUDE, office)  # type: ignore[arg-type]
    assert len(asked.captured_queries) == 2  # the account, and what it holds
    user.memberships.all().delete()
    assert not may(user, Action.ANSWER, office)
    again = SimpleLazyObject(lambda: User.objects.get(pk=user.pk))
    assert not may(again, Action.ANSWER, office)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", sorted(NOT_WHERE_ONE_SERVES))
@pytest.mark.parametrize("serving", [Role.CLERK, Role.OFFICE_HEAD])
def test_nobody_decides_about_an_office_in_which_they_serve(action: Action, serving: Role) -> None:
    """Whatever they hold above it; what it took over from is theirs as well."""
    beside, here, before = (factories.office(factories.unit()) for _ in range(3))
    Office.objects.filter(pk=before.pk).update(heir=here)
    before.refresh_from_db()
    both = factories.user()
    role = Role.AUDITOR if action == Action.EXCLUDE else Role.COUNTRY_OFFICER
    Membership.objects.create(user=both, role=role, unit=factories.country())
    assert may(both, action, here)
    Membership.objects.create(user=both, role=serving, office=here)
    for office in (here, before):
        assert not may(both, action, office)
        assert action not in actions_at(both, office)
        assert not holders(action, office).filter(user=both).exists()
    assert list(offices_where(both, action)) == [beside]
    assert may(both, action, beside)
    assert may(both, action)
