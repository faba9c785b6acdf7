"""What goes wrong at the start of a demo is one sentence that says what to do."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launch.demo import ROOT, free_port, only_one, secret_key
from launch.failure import Failure
from launch.page import Form
from launch.redis import Redis
from launch.smoke import answers_of, by_hand, headline


def start(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make demo`'s program with this environment, to its end."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, "-m", "launch.demo"],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(tmp_path / "demo", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is busy" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["eighty", "", "99999999"])
def test_a_port_that_is_none_is_one_sentence_or_the_usual_one(tmp_path: Path, port: str) -> None:
    (tmp_path / "demo").write_text("so that nothing is started")
    done = start(tmp_path / "demo", PORT=port)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = start(tmp_path / "file")
    assert done.returncode == 1
    assert "DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_demos_never_share_a_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Failure, match="running on"), only_one(tmp_path):
        pass


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    done = start(tmp_path / "demo", DATABASE_URL=nowhere, PORT="0")
    assert done.returncode == 1
    assert "DATABASE_URL does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert secret_key(tmp_path) == key
    assert len(key) > 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


def test_a_free_port_is_free() -> None:
    assert free_port(0) == 0


def test_redis_answers_on_its_socket_and_stops(tmp_path: Path) -> None:
    redis = Redis(tmp_path / "redis", tmp_path / "log")
    redis.start()
    assert redis.url.startswith("redis+socket://")
    process = redis.process
    assert process is not None
    assert process.ended() is None
    redis.stop()
    assert process.ended() is not None


def test_an_old_python_is_told_what_to_install() -> None:
    program = (
        "import runpy, sys; sys.version_info = (3, 9, 0); sys.argv = ['environment.py'];"
        f"runpy.run_path({str(ROOT / 'launch' / 'environment.py')!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "CPython 3.11 or 3.12" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_form_is_read_as_a_browser_sends_it() -> None:
    form = Form(
        '<form><input type="hidden" name="id" value="7"><input type="radio" name="A1" value="1">'
        '<input type="radio" name="A1" value="5" checked><select name="p"><option value="">–'
        '<option value="x" selected>X</select><textarea name="t">\nTốt</textarea></form>'
    )
    assert form.filled == {"id": "7", "A1": "5", "p": "x", "t": "Tốt"}
    assert form.offered == {"A1": ["1", "5"], "p": ["", "x"]}


def test_the_sum_by_hand() -> None:
    assert by_hand([{"A1": "5", "A2": "9"}, {"A1": "1", "A2": "4"}]) == "66.67"
    assert headline('<data class="headline" value="66.67" data-n="20">') == ("66.67", 20)
    assert headline("<p>nothing</p>") is None
    assert set(answers_of(3, ["A1", "B1"]).values()) <= set("123459")
