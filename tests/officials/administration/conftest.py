"""A province with three communes, and who manages its offices."""

from datetime import date

import pytest
from django.test import Client

from offices.models import AdministrativeUnit, Membership, Office, User
from tests import factories

Level = AdministrativeUnit.Level
Role = Membership.Role
CHANGE = date(2025, 7, 1)


@pytest.fixture
def an_giang() -> AdministrativeUnit:
    """A province of today's map with three communes, of which one has an office."""
    factories.instrument({"A": 2})
    made = factories.province("An Giang", valid_from=CHANGE, code="91")
    for code, kind, name in (
        ("30769", "phường", "Hà Tiên"),
        ("30766", "phường", "Tô Châu"),
        ("30337", "phường", "Châu Đốc"),
    ):
        factories.unit(Level.COMMUNE, made, kind=kind, name=name, code=code, valid_from=CHANGE)
    factories.office(commune("30766"), slug="phuong-to-chau", name="Trung tâm Tô Châu")
    return made


def commune(code: str) -> AdministrativeUnit:
    """One of them."""
    return AdministrativeUnit.objects.get(code=code, valid_from=CHANGE)


def signed_in(role: str, unit: AdministrativeUnit | None, office: Office | None = None) -> Client:
    """The browser of somebody with this role, in English."""
    user = User.objects.create_user(f"{role}-{User.objects.count()}")
    Membership.objects.create(user=user, role=role, unit=unit, office=office)
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


@pytest.fixture
def officer(an_giang: AdministrativeUnit) -> Client:
    """Who manages the province's offices."""
    return signed_in(Role.PROVINCIAL_OFFICER, an_giang)
