"""Folders that a server's user can reach."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of one's own; pytest's are closed to others at every start of a pytest."""
    with tempfile.TemporaryDirectory(prefix="hl-test-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o711)
        yield Path(folder)
