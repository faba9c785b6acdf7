"""What every test may rely on."""

import pytest
from pytest_django import Settings


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
