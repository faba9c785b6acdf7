"""Which software made a figure: the version, and the commit where whoever installs names it."""

import os
import platform
import tomllib
from importlib.metadata import version
from pathlib import Path


def software(root: Path) -> str:
    """For example `hailong 0.1.0 (commit 1a2b3c4), Python 3.11.9, numpy 2.3.1`.

    root: the folder of pyproject.toml. The commit comes from the variable SOFTWARE_COMMIT.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    commit = os.environ.get("SOFTWARE_COMMIT", "").strip()[:40]
    named = f" (commit {commit})" if commit else ""
    return (
        f"{project['name']} {project['version']}{named}, "
        f"Python {platform.python_version()}, numpy {version('numpy')}"
    )
