"""The worker as a fixture."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.process import Worker, running_worker


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A real Celery worker with beat, on this test's database."""
    with running_worker(tmp_path) as running:
        yield running
