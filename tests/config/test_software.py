"""What released figures say they were made with."""

from pathlib import Path

import pytest

from config.software import software

ROOT = Path(__file__).parents[2]


def test_the_version_is_that_of_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOFTWARE_COMMIT", raising=False)
    named = software(ROOT)
    assert named.startswith("hailong 0.")
    assert "commit" not in named
    assert ", Python 3." in named
    assert ", numpy " in named


def test_the_commit_is_named_where_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTWARE_COMMIT", "0123456789abcdef" * 4)
    assert " (commit 0123456789abcdef0123456789abcdef01234567)," in software(ROOT)
    assert len(software(ROOT)) <= 120
