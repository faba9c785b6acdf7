"""A database of 0.1.0, loaded beside that of the tests, migrated, and taken for the system's own.

`dump_0.1.0.sql.gz`, `keys/`, `releases/` and `facts.json` were written by `make.py` with the code
of that time and never change. What a test changes is rolled back.
"""

import gzip
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from tests.upgrade.old import FACTS, HERE, NOW, Old, counts, migrations

# No process may take this database for that of other tests, which it knows by this number.
FAR = """
SELECT setval('offices_directory_revision_seq', 1000000000);
UPDATE offices_directoryrevision SET revision = nextval('offices_directory_revision_seq');
"""


@contextmanager
def database(name: str, template: str = "template0") -> Iterator[None]:
    """A database of the tests' server, to which the connection leads meanwhile."""
    before = connection.settings_dict["NAME"]
    _lead_to(before)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f"""CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING 'UTF8'""")
    try:
        _lead_to(name)
        yield
    finally:
        _lead_to(before)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _lead_to(name: str) -> None:
    server: Any = connection  # Any: its types know no pool
    server.close()
    server.close_pool()
    server.settings_dict["NAME"] = django_settings.DATABASES["default"]["NAME"] = name
    ContentType.objects.clear_cache()


@pytest.fixture(scope="module")
def old(django_db_blocker: DjangoDbBlocker) -> Iterator[Old]:
    """Loaded and migrated once for all tests of a module."""
    name = f"hailong_old_{os.getpid()}"
    text = gzip.decompress((HERE / "dump_0.1.0.sql.gz").read_bytes()).decode()
    with django_db_blocker.unblock(), database(name):
        with connection.cursor() as cursor:
            cursor.execute(text)
        _lead_to(name)  # the dump has left settings of the session behind
        with connection.cursor() as cursor:
            cursor.execute(FAR)
        loaded = Old(name, counts(), migrations())
        call_command("migrate", verbosity=0)
        yield loaded


@pytest.fixture
def unchanged(old: Old) -> Iterator[None]:
    """Whatever the test changes is as it was for the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def that_day(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment at which the database was written down, its secret and its keys."""
    keys = tmp_path / "keys"
    shutil.copytree(HERE / "keys", keys)
    keys.chmod(0o700)
    settings.INVITATION_KEYS = keys
    settings.SECRET_KEY = FACTS["secret_key"]
    set_clock(monkeypatch, NOW)


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From now on it is this moment."""
    monkeypatch.setattr(timezone, "now", lambda: moment)
    monkeypatch.setattr(time, "time", moment.timestamp)
