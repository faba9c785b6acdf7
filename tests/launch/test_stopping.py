"""Signals that follow each other stop a launcher once, in order, whatever it is doing."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from launch.demo import ROOT

KEPT = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DATA_DIR")}


def test_signals_before_every_line_leave_no_traceback_no_process_and_no_folder(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.launch.interrupted", str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["lines"] > 300


def working_on(folder: Path) -> list[str]:
    """The commands of the living processes whose command line or environment names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if command and bytes(folder) in command + environment:
            found.append(command.replace(b"\0", b" ").decode())
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_that_never_cease_stop_the_demo_in_order(
    place: Path, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "launch.demo"],
        cwd=ROOT,
        env={**KEPT, "DATA_DIR": str(place / "demo"), "PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if "tables" in line:
                break
        while demo.poll() is None:
            demo.send_signal(number)
        said = demo.stdout.read()
    assert demo.returncode == 0
    assert said == "\nStopped; the data are kept.\n"
    assert working_on(place) == []


def test_a_closed_terminal_stops_the_demo_in_order(place: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "launch.demo"],
        cwd=ROOT,
        env={**KEPT, "DATA_DIR": str(place / "demo"), "PORT": "0"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as demo:
        os.close(theirs)
        said = b""
        while b"tables" not in said:
            said += os.read(ours, 1024)
        os.close(ours)
        demo.send_signal(signal.SIGHUP)
    assert demo.returncode == 0
    assert working_on(place) == []


def test_what_is_said_to_a_closed_terminal_is_no_error() -> None:
    ours, theirs = pty.openpty()
    os.close(ours)
    said = "from launch.demo import say; say('tables'); say('styles')"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, stdout=theirs, stderr=theirs)
    os.close(theirs)
    assert done.returncode == 0


TESTS = """
import subprocess, time
def test_that_waits(tmp_path):
    child = subprocess.Popen(["sleep", "1000"])
    try:
        print("waiting", flush=True)
        child.wait()
    finally:
        child.terminate()
        child.wait()
        print("tidied", flush=True)
"""


def test_signals_let_the_tests_tidy_up_before_their_servers_stop(place: Path) -> None:
    (place / "test_waiting.py").write_text(TESTS)
    with subprocess.Popen(
        [sys.executable, "-m", "launch.test", str(place), "-s", "-c", "pyproject.toml"],
        cwd=ROOT,
        env={**KEPT, "TMPDIR": str(place)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as tests:
        assert tests.stdout is not None
        for line in tests.stdout:
            if "waiting" in line:
                break
        while tests.poll() is None:
            tests.send_signal(signal.SIGTERM)
        said = tests.stdout.read()
    assert "tidied" in said
    assert said.endswith("\nStopped.\n")
    assert "Traceback" not in said
    assert tests.returncode == 130
    assert working_on(place) == []
    assert [left.name for left in place.iterdir() if left.name.startswith("hl-")] == []


ONCE = """
import os, signal
from launch import stopping
stopping.listen()
os.kill(os.getpid(), signal.SIGTERM)
try:
    stopping.pause(0)
except KeyboardInterrupt:
    os.kill(os.getpid(), signal.SIGHUP)
    stopping.pause(0)
    print("stopped once")
"""


def test_a_wait_while_stopping_is_not_interrupted() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ONCE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "stopped once\n", "")
