"""Rules of the house that no other tool checks."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 400
TEXT = {".py", ".md", ".txt", ".in", ".toml", ".yaml", ".json", ".sh", ".html", ".css", ".js", ""}


def tracked(*patterns: str) -> list[Path]:
    """The files of the repository that fit, as git lists them; all files without git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return [path for pattern in patterns for path in ROOT.rglob(pattern) if path.is_file()]
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_files_fit_in_a_head() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "managers", "misc"])
def test_no_file_is_called_something_that_says_nothing(name: str) -> None:
    assert [path for path in tracked("*.py") if path.stem == name or name in path.parts] == []


def test_no_file_names_a_package_registry_or_a_machine_path() -> None:
    # Written in two parts, so that this file does not find itself.
    forbidden = re.compile(
        "|".join(
            [
                "pypi" + r"\.org",
                "pythonhosted" + r"\.org",
                "registry" + r"\.npmjs",
                "/wo" + "rk/main",
            ]
        )
    )
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix
        in {".py", ".md", ".txt", ".in", ".toml", ".yaml", ".yml", ".json", ".sh", ""}
        and forbidden.search(path.read_text("utf-8", errors="ignore"))
    ]
    assert guilty == []
