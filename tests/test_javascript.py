"""`make check` lints every script of ours and checks its types."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_house import ROOT, tracked

WRONG = """
debugger;
/** @type {number} */
export const wrong = "text";
"""


def scripts() -> set[str]:
    """The names of our scripts; those in static/vendor/ are other people's, a template is none."""
    ours = {path.relative_to(ROOT) for path in tracked("*.js")}
    return {
        str(path)
        for path in ours
        if path.parts[0] not in {".venv", "templates"} and path.parts[:2] != ("static", "vendor")
    }


def command(tool: str) -> str:
    """The line of `make check` that runs a tool of deno."""
    planned = subprocess.run(
        ["make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    (line,) = [line for line in planned.stdout.splitlines() if f"bin/deno {tool}" in line]
    return line


@pytest.mark.parametrize("tool", ["lint", "check"])
def test_a_fault_in_any_script_is_found(tool: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "deno.json", tmp_path)
    shutil.copytree(ROOT / "declarations", tmp_path / "declarations")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    assert scripts()
    for name in scripts():
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text((ROOT / name).read_text("utf-8") + WRONG, "utf-8")
    done = subprocess.run(
        ["sh", "-c", f"NO_COLOR=1 {command(tool)}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert set(re.findall(rf"{re.escape(str(tmp_path))}/(\S+?\.js):\d", said)) == scripts(), said
