"""Makes .venv with the pinned packages and compiles the translations; run by the system's Python.

Only the standard library and nothing newer than Python 3.8 in here, so that an old Python can say
that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
SUPPORTED = ((3, 11), (3, 12))


def fail(sentence: str) -> NoReturn:
    """Says what is missing and ends."""
    sys.exit(sentence)


def wanted_stamp(requirements: str) -> str:
    """What .venv must have been made from: this Python and these pins."""
    text = (ROOT / "requirements" / requirements).read_bytes()
    version = "%d.%d.%d" % sys.version_info[:3]  # noqa: UP031
    return f"{version} {requirements} {hashlib.sha256(text).hexdigest()}"


def make_venv() -> None:
    """An empty virtual environment in the place of whatever is there."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        fail("Python's venv module is missing: install it (Debian: python3-venv) and run again.")
    if VENV.exists():
        shutil.rmtree(VENV)
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        fail(f"The virtual environment .venv could not be made: {last_line(done)}")


def last_line(done: "subprocess.CompletedProcess[str]") -> str:
    """The last thing a command said."""
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[-1].strip() if lines else f"exit code {done.returncode}"


def install(requirements: str) -> None:
    """Installs the pins into .venv."""
    print(f"Installing the packages of requirements/{requirements} …", flush=True)
    done = subprocess.run(
        [
            str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--require-hashes", "-r", str(ROOT / "requirements" / requirements),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
    )  # fmt: skip
    if done.returncode:
        if shutil.disk_usage(ROOT).free < 50 * 1024 * 1024:
            fail("The disk is full: the packages need about 500 MB beside this folder.")
        said = [line for line in done.stdout.splitlines() if "ERROR" in line]
        reason = said[-1] if said else done.stdout.strip()[-300:]
        fail(
            "The packages could not be installed; is a Python package registry reachable? "
            f"pip says: {reason}"
        )


def compile_translations() -> None:
    """Makes the .mo files that are older than their .po files."""
    for po in sorted(ROOT.glob("*/locale/*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        done = subprocess.run(
            [str(VENV / "bin" / "pybabel"), "compile", "-i", str(po), "-o", str(mo),
             "-l", po.parent.parent.name],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        if done.returncode:
            fail(f"{po.relative_to(ROOT)} cannot be compiled: {last_line(done)}")


def main() -> None:
    """`environment.py` for running, `environment.py --dev` for tests and checks as well."""
    if sys.version_info[:2] not in SUPPORTED:
        fail(
            "Hài Lòng needs CPython 3.11 or 3.12, and this is Python %d.%d: install one of them, or name it: "  # noqa: E501, UP031
            "make PYTHON=/path/to/python3.12 …" % sys.version_info[:2]
        )
    wanted = ["dev.txt"] if "--dev" in sys.argv else ["run.txt", "dev.txt"]
    stamp = VENV / "installed"
    found = stamp.read_text() if stamp.exists() and PYTHON.exists() else ""
    if found not in [wanted_stamp(name) for name in wanted]:
        if not found or found.split()[0] != wanted_stamp(wanted[0]).split()[0]:
            make_venv()
        else:
            stamp.unlink()
        install(wanted[0])
        stamp.write_text(wanted_stamp(wanted[0]))
    compile_translations()


if __name__ == "__main__":
    try:
        main()
    except OSError as problem:
        fail(f"The set-up stopped: {problem}.")
    except KeyboardInterrupt:
        fail("Stopped.")
