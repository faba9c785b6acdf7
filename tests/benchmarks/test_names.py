"""`python -m benchmarks NAME` finds every measure, and says which there are."""

import subprocess
import sys

from benchmarks.__main__ import NAMES
from tests.test_house import ROOT


def test_every_measure_that_prints_a_result_has_its_name() -> None:
    measures = (ROOT / "benchmarks" / "measures").glob("*.py")
    runs = {path.stem for path in measures if "__main__" in path.read_text("utf-8")}
    assert set(NAMES) == runs


def test_whoever_names_none_is_told_which_there_are() -> None:
    for given in ([], ["nothing"]):
        asked = subprocess.run(
            [sys.executable, "-m", "benchmarks", *given],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.returncode == 1
        assert all(name in asked.stderr for name in NAMES)
