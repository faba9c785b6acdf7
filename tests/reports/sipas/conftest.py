"""Files of answers, and the command run on them."""

import json
from pathlib import Path

import pytest

from reports.sipas.__main__ import main
from tests.reports.sipas.tables import Compute, Json, Refusal, Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "answers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


@pytest.fixture
def compute(capsys: pytest.CaptureFixture[str]) -> Compute:
    def run(path: Path, *options: str) -> Json:
        assert main([str(path), *options]) == 0, capsys.readouterr().err
        computed: Json = json.loads(capsys.readouterr().out)
        return computed

    return run


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Refusal:
    """What stands on stderr when the command refuses, with nothing on stdout and code 2."""

    def run(path: Path, *options: str) -> str:
        assert main([str(path), *options]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        return printed.err

    return run
