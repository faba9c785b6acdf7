"""What waits to be sent is in no backup: restored it would be sent a second time."""

import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from psycopg.conninfo import make_conninfo
from pytest_django.fixtures import Settings

from launch.postgres import installed
from offices.models import Office
from surveys.intake.submit import submit
from surveys.models import Mailing, MailingMessage, Remark, ReplyNews
from surveys.remarks import telling
from tests import factories
from tests.officials.figures.test_pages import signed_in
from tests.surveys.invitations.mailed import sent, written
from tests.test_house import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
SEALED = "gAAAA"  # how everything begins that Fernet has sealed
OPERATIONS = ROOT / "docs" / "operations.md"


@pytest.fixture
def head(settings: Settings, tmp_path: Path) -> Client:
    settings.INVITATION_KEYS = tmp_path / "keys"
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return signed_in(factories.official(factories.office()))


def dump(*options: str) -> str:
    """A dump of the test's database by the real program."""
    given = connection.settings_dict
    address = {
        "dbname": given["NAME"],
        "user": given["USER"],
        "password": given["PASSWORD"],
        "host": given["HOST"],
        "port": given["PORT"],
    }
    command = [str(installed() / "bin" / "pg_dump"), *options, "--data-only"]
    command += [f"--dbname={make_conninfo(**{k: v for k, v in address.items() if v})}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tables(content: str) -> set[str]:
    """The tables of which a dump has rows, or that were empty."""
    return set(re.findall(r"^COPY public\.(\w+) ", content, re.MULTILINE))


def test_the_documented_dump_has_every_table_but_what_waits_to_be_sent(head: Client) -> None:
    office = Office.objects.get()
    sent(head, office, written("0912345601"))
    submit(factories.submission(office, [5, 4, 1], remark="Phòng chờ thiếu ghế"))
    telling.ask(Remark.objects.get(), "an@example.vn", "vi")
    options = re.findall(r"--exclude-table-data='([^']+)'", OPERATIONS.read_text("utf-8"))
    documented = dump(*(f"--exclude-table-data={option}" for option in options))
    every = dump()
    left_out = {model._meta.db_table for model in (Mailing, MailingMessage, ReplyNews)}
    assert tables(every) - tables(documented) == left_out
    assert {model._meta.db_table for model in apps.get_models()} <= tables(every)
    # as `bytea` is written
    assert SEALED.encode().hex() in every
    assert SEALED.encode().hex() not in documented
