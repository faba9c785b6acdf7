"""What tests of signing in share."""

import pytest
from pytest_django import Settings

from tests.mailbox import Post, post

__all__ = ["Post", "post"]


@pytest.fixture
def over_the_internet(settings: Settings) -> None:
    """No network is trusted: everybody needs a second factor."""
    settings.SECOND_FACTOR_FREE_NETWORKS = []
