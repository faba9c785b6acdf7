"""Shared by the tests of invitations; a module with an office of its own takes that one."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from offices.models import Office
from tests import factories
from tests.mailbox import post as post
from tests.officials.figures.test_pages import signed_in
from tests.surveys.invitations.mailed import Line


@pytest.fixture
def carriers(settings: Settings, tmp_path: Path) -> None:
    """Keys of its own, and a gateway of text messages that keeps what it takes."""
    settings.INVITATION_KEYS = tmp_path / "keys"
    settings.SMS_GATEWAY = f"{Line.__module__}.Line"
    Line.taken.clear()
    Line.raised.clear()


@pytest.fixture
def office() -> Office:
    """An office that asks a short form."""
    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    return factories.office()


@pytest.fixture
def head(office: Office) -> Client:
    """The browser of the office's head."""
    return signed_in(factories.official(office))
