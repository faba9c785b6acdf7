"""Folders that a server's user can reach."""

import os
import signal
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


@pytest.fixture(autouse=True)
def _a_terminal_may_close() -> Iterator[None]:
    """Under nohup, programs started here would ignore a closed terminal, as they should."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)
