"""What every test may rely on."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test that uses the database as `db`, so that CI can pick them."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"db", "transactional_db", "live_server"} or item.get_closest_marker(
            "django_db"
        ):
            item.add_marker("db")
