"""Whoever runs pytest by itself is told in one line what to run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launch.demo import ROOT

SET_BY_MAKE = (
    *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DEMO"),
    "PYTEST_PLUGINS",
)


@pytest.mark.parametrize(
    ("folder", "words", "missing"),
    [
        (ROOT, [], ""),
        (ROOT, ["--today", "2026-12-31", str(Path(__file__))], ""),
        (ROOT / "tests" / "surveys", [], ""),
        (ROOT, [], "1"),
    ],
)
def test_bare_pytest_is_one_line_that_says_what_to_run(
    folder: Path, words: list[str], missing: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in SET_BY_MAKE}
    # without its plugins where `missing` is set
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=folder,
        env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": missing},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = (done.stdout + done.stderr).strip()
    assert "make test" in said
    assert "\n" not in said
