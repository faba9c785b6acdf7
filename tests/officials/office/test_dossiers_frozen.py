"""Counts of a closed month change by two persons only: whoever is measured changes none of them."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offices.models import AdministrativeUnit, DossierCount, Membership, Office, User
from offices.models.dossier import DossierSource
from offices.models.proposal import Proposal
from reports.models import Night
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)
Role = Membership.Role
State = Proposal.State


@pytest.fixture
def office() -> Office:
    """An office of a province whose last month is closed."""
    province = factories.province("An Giang", code="91")
    return factories.office(factories.unit(parent=province), slug="phuong-ha-tien")


def holder(place: Office | AdministrativeUnit, role: Role) -> User:
    """An account that holds the place."""
    made = factories.user()
    where = {"office": place} if isinstance(place, Office) else {"unit": place}
    Membership.objects.create(user=made, role=role, **where)
    return made


def client_of(user: User) -> Client:
    """A browser in which the account is signed in."""
    client = Client()
    client.force_login(user)
    return client


def close_last_month() -> None:
    """The night has closed all of it."""
    now = timezone.now()
    Night.objects.create(day=LAST_MONTH, began_at=now, closed_at=now)


def send(client: Client, office: Office, day: date, finished: int, **more: str) -> tuple[int, str]:
    """Status and text after a file with one count."""
    content = f"office,day,finished\n{office.slug},{day},{finished}\n".encode()
    file = SimpleUploadedFile("ho-so.csv", content, "text/csv")
    answer = client.post(reverse("officials:dossiers"), {"file": file, **more}, follow=True)
    return answer.status_code, answer.content.decode()


def test_one_file_of_the_head_changes_no_rate_of_a_closed_month(office: Office) -> None:
    DossierCount.objects.create(
        office=office, day=LAST_MONTH, finished=500, source=DossierSource.OWN
    )
    close_last_month()
    status, html = send(client_of(holder(office, Role.OFFICE_HEAD)), office, LAST_MONTH, 81)
    assert status == 422
    assert DossierCount.objects.get().finished == 500
    assert "đã khóa sổ" in html
