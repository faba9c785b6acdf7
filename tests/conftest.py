"""What every test may rely on."""

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings

from surveys.intake import limits

# How long an example takes says how busy the machine is.
hypothesis_settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test that uses the database as `db`, so that CI can pick them."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"db", "transactional_db", "live_server"} or item.get_closest_marker(
            "django_db"
        ):
            item.add_marker("db")


@pytest.fixture(autouse=True)
def _directory_is_checked_at_once(settings: Settings) -> None:
    """Tests change offices and instruments all the time; processes here ask before every use."""
    settings.DIRECTORY_CHECK_SECONDS = 0


@pytest.fixture(autouse=True)
def _redis_is_given_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no Redis that never answers."""
    monkeypatch.setattr(limits, "PATIENCE", 10.0)
    limits._rest.until.clear()
