"""What officials find on their office's page to put up and to read."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from offices.models import Office
from tests import factories
from tests.officials.figures.test_pages import signed_in

pytestmark = pytest.mark.django_db


def page(office: Office) -> tuple[Client, str]:
    client = signed_in(factories.official(office))
    return client, client.get(reverse("officials:office", args=[office.slug])).content.decode()


def test_the_office_page_leads_to_what_is_printed_and_to_the_advice() -> None:
    factories.instrument()
    office = factories.office(slug="phuong-ha-tien")
    client, html = page(office)
    for address in (
        "/ks/phuong-ha-tien/ap-phich.pdf",
        "/ks/phuong-ha-tien/the-ban.pdf",
        "/ks/phuong-ha-tien/poster/",
        "/ks/huong-dan-can-bo/",
    ):
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200


def test_a_closed_office_has_nothing_to_print() -> None:
    factories.instrument()
    office = factories.office(slug="tp-ha-tien", valid_to=date(2025, 6, 30))
    _, html = page(office)
    assert ".pdf" not in html
