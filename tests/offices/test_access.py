"""Whoever holds a unit sees all below it and nothing beside it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from offices.access import (
    audited_offices,
    may_audit_office,
    may_see_office,
    may_see_unit,
    visible_offices,
    visible_units,
)
from offices.models import AdministrativeUnit, Membership, Office, Succession, User
from offices.rights import Role
from tests import factories

pytestmark = pytest.mark.django_db
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
    assert may_see_office(head, office)
    assert not may_see_office(head, neighbour)
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
    assert may_see_office(officer, desk)
    assert may_see_unit(officer, old)
    assert may_see_unit(officer, district)


def test_a_part_of_a_divided_unit_does_not_show_the_whole() -> None:
    divided, part = factories.unit(valid_to=END), factories.unit(valid_from=NEW)
    Succession.objects.create(
        predecessor=divided, successor=part, effective_on=NEW, relation=Succession.Relation.SPLIT
    )
    assert not may_see_unit(holding(part), divided)


def test_strangers_and_retired_accounts_see_nothing() -> None:
    office = factories.office()
    retired = holding(office.unit)
    retired.is_active = False
    retired.save()
    for user in (AnonymousUser(), factories.user(), retired):
        assert not visible_offices(user).exists()
        assert not visible_units(user).exists()


def test_a_superuser_sees_everything() -> None:
    office = factories.office()
    user = factories.user(is_superuser=True)
    assert may_see_office(user, office)
    assert may_see_unit(user, office.unit)


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
    assert set(audited_offices(auditor)) == {here, past}
    assert set(visible_offices(auditor)) == {here, past, beside}
    assert may_audit_office(auditor, past.pk)
    assert not may_audit_office(auditor, beside.pk)
    assert may_see_office(officer, here)
    assert not audited_offices(officer).exists()
    assert not audited_offices(AnonymousUser()).exists()
    auditor.is_active = False
    assert not audited_offices(auditor).exists()
    assert not audited_offices(factories.user(is_superuser=True)).exists()
    assert audited_offices(factories.official(factories.country(), Role.AUDITOR)).count() == 3
