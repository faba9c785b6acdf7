"""What tests of invitations need: a finished dossier, its link, a visitor who opens it."""

from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from launch.page import Form
from offices import directory
from offices.directory import OfficeEntry
from offices.models import Office
from surveys.invitations.issuing import Issued, checked, issue
from surveys.models import Stage

DOSSIER = "H15.50.05.13-261009-4711"
INVITED = "/m/"


def entry(office: Office) -> OfficeEntry:
    """The office as the intake knows it."""
    found = directory.current().office(office.slug)
    assert found is not None
    return found


def link(office: Office, dossier: str = DOSSIER, **given: Any) -> Issued:
    """The link for a dossier that was finished today, unless told otherwise."""
    fields = {"finished_on": timezone.localdate(), "stage": Stage.RECEIVED, **given}
    wish = checked(entry(office), dossier=dossier, **fields)
    (issued,) = issue([wish], fields.get("today"))
    return issued


def token_of(issued: Issued) -> str:
    """The token in a link."""
    return issued.path.removeprefix(INVITED).strip("/")


def answer(
    office: Office, issued: Issued, pages: list[dict[str, str]], client: Client | None = None
) -> str:
    """Opens the link, fills in page after page and sends them; the last page that came back."""
    browser = client or Client()
    html = browser.get(issued.path).content.decode()
    for given in pages:
        sent = {**Form(html).filled, **given}
        html = browser.post(f"/ks/{office.slug}/", sent).content.decode()
    return html


def far(day: date, days: int) -> date:
    """So many days after `day`."""
    return date.fromordinal(day.toordinal() + days)
