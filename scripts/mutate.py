"""Breaks one line at a time, as `tests/mutations.yaml` lists them, and demands that a test notices.

`make mutations` runs all of them in a copy of the repository, ARGS="words" those whose name has the
words. A mutation that survives is a missing test.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "mutations.yaml"


@dataclass(frozen=True)
class Mutation:
    """`old` stands once in `file` and becomes `new`; `test` must fail then."""

    name: str
    file: str
    old: str
    new: str
    test: str


def mutations() -> list[Mutation]:
    """All that are listed."""
    return [Mutation(**entry) for entry in yaml.safe_load(LIST.read_text("utf-8"))]


def broken(mutation: Mutation, folder: Path) -> str:
    """The file's text with the mutation. Raises ValueError unless the line stands there once."""
    text = (folder / mutation.file).read_text("utf-8")
    if text.count(mutation.old) != 1:
        raise ValueError(f"{mutation.name}: {mutation.file} has {mutation.old!r} not just once")
    return text.replace(mutation.old, mutation.new)


def copied(folder: Path) -> None:
    """A copy of all files of the repository, with the same packages."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for compiled in ROOT.glob("*/locale/*/LC_MESSAGES/*.mo"):
        shutil.copy2(compiled, folder / compiled.relative_to(ROOT))


def survivors(folder: Path, words: str) -> Iterator[str]:
    """The names of the mutations that no test noticed."""
    for mutation in mutations():
        if words not in mutation.name:
            continue
        place = folder / mutation.file
        before = place.read_text("utf-8")
        place.write_text(broken(mutation, folder), "utf-8")
        command = [sys.executable, "-m", "launch.test", mutation.test, "-x", "-q"]
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider"], cwd=folder, capture_output=True, text=True
        )
        place.write_text(before, "utf-8")
        noticed = done.returncode == 1 and " failed" in done.stdout
        print(
            f"{'noticed' if noticed else 'SURVIVED'}  {mutation.name}  {mutation.test}", flush=True
        )
        if not noticed:
            yield mutation.name


def main() -> int:
    """0 if tests notice all of them."""
    with tempfile.TemporaryDirectory(prefix="hl-mutated-") as folder:
        Path(folder).chmod(0o711)
        copied(Path(folder))
        return 1 if list(survivors(Path(folder), " ".join(sys.argv[1:]))) else 0


if __name__ == "__main__":
    sys.exit(main())
