"""What goes wrong at the start of a demo is one sentence that says what to do."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from kombu.connection import Connection

from launch.demo import ROOT, Demo, free_port, only_one, secret_key
from launch.failure import Failure
from launch.page import Form
from launch.processes import Process
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


def test_a_busy_port_is_one_sentence(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = start(place / "demo", PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is busy" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["eighty", "", "99999999", "²"])
def test_a_port_that_is_none_is_one_sentence_or_the_usual_one(place: Path, port: str) -> None:
    (place / "demo").write_text("so that nothing is started")
    done = start(place / "demo", PORT=port)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_is_a_file_is_one_sentence(place: Path) -> None:
    (place / "file").write_text("x")
    done = start(place / "file")
    assert done.returncode == 1
    assert "DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_demos_never_share_a_folder(place: Path) -> None:
    with only_one(place), pytest.raises(Failure, match="running on"), only_one(place):
        pass


def test_a_server_that_does_not_answer_is_one_sentence(place: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    done = start(place / "demo", DATABASE_URL=nowhere, PORT="0")
    assert done.returncode == 1
    assert "DATABASE_URL does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_key_is_made_once_and_private(place: Path) -> None:
    key = secret_key(place)
    assert secret_key(place) == key
    assert len(key) > 50
    assert (place / "secret-key").stat().st_mode & 0o077 == 0


def test_a_free_port_is_free() -> None:
    assert free_port(0) == 0


def test_redis_answers_on_its_socket_and_stops(place: Path) -> None:
    redis = Redis(place / "redis", place / "log")
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


@pytest.mark.parametrize("name", ["Hài Lòng của tôi", "100% #1?", "x" * 120])
def test_redis_is_reached_by_its_url_whatever_the_folder_is_called(place: Path, name: str) -> None:
    redis = Redis(place / name, place / "log")
    redis.start()
    with Connection(redis.url) as connection:  # type: ignore[no-untyped-call]
        connection.default_channel.queue_declare("answers")
    redis.stop()
    assert not redis.socket.exists()


def ended(process: Process) -> Process:
    """The process when it is over."""
    process.start()
    assert process.child is not None
    process.child.wait()
    return process


def test_a_child_that_ends_is_named_with_its_last_words_of_this_run(place: Path) -> None:
    log = place / "worker.log"
    log.write_text("an error of last week\n")
    demo = Demo(place, 0, {})
    demo.processes.append(
        ended(Process("worker", ["sh", "-c", "echo no memory left; exit 3"], log))
    )
    with pytest.raises(Failure, match=r"worker process ended with code 3; .* no memory left$"):
        demo.check()
    assert ended(Process("clock", ["true"], log)).last_words() == ""


def test_a_child_that_is_killed_is_named_with_the_signal(place: Path) -> None:
    demo = Demo(place, 0, {})
    demo.processes.append(ended(Process("web", ["sh", "-c", "kill -9 $$"], place / "log")))
    with pytest.raises(Failure, match="web process was killed by signal 9"):
        demo.check()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_preparing_stops_everything_without_a_traceback(
    place: Path, number: signal.Signals
) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    folder = place / "demo"
    with subprocess.Popen(
        [sys.executable, "-m", "launch.demo"],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(folder), "PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if "tables" in line:
                break
        demo.send_signal(number)
        demo.send_signal(number)
        said = demo.stdout.read()
    assert demo.returncode == 0
    assert "Stopped; the data are kept." in said
    assert "Traceback" not in said
    serving = [
        command
        for command in map(command_of, Path("/proc").glob("[0-9]*"))
        if bytes(folder) in command
    ]
    assert serving == []


def command_of(process: Path) -> bytes:
    """The command line of a process; empty when it has ended meanwhile."""
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_a_folder_that_may_not_be_used_is_one_sentence() -> None:
    program = (
        "import errno; from launch import failure\n"
        "def main(): raise OSError(errno.EROFS, 'Read-only file system', 'there')\n"
        "failure.run(main)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "The disk can only be read: there."


def test_what_fails_beside_the_tables_is_one_sentence(place: Path) -> None:
    demo = Demo(place, 0, os.environ)
    said = r"`manage\.py nonsense` failed: "
    with pytest.raises(Failure, match=said), demo.beside("styles", "nonsense"):
        pass
    assert "nonsense" in (place / "log" / "styles.log").read_text()
