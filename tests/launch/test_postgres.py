"""The private PostgreSQL: private, durable, and back after any kind of end."""

import os
import signal
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from launch.failure import Failure
from launch.postgres import Postgres


@pytest.fixture
def folder(place: Path) -> Path:
    """Where the server is going to live."""
    return place / "postgres"


@pytest.fixture
def server(folder: Path) -> Iterator[Postgres]:
    """A running server."""
    running = Postgres(folder, durable=False)
    running.start()
    yield running
    running.stop()


def number_of(server: Postgres) -> int:
    """The process number of the server."""
    return int((server.data / "postmaster.pid").read_text().split()[0])


def wait_for_the_end(number: int) -> None:
    deadline = time.monotonic() + 20
    pause = threading.Event()
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{number}/stat").read_text().split()[2:3]
        except OSError:
            return
        if "Z" in state:
            return
        pause.wait(0.02)


def test_it_answers_on_a_private_socket_only(server: Postgres) -> None:
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
    assert row == ("",)
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.secret.stat().st_mode) == 0o600


@pytest.mark.parametrize(("durable", "limit"), [(True, "0"), (False, "5min")])
def test_only_statements_of_tests_have_an_end(folder: Path, durable: bool, limit: str) -> None:
    """A night's or a migration's may take as long as it takes."""
    server = Postgres(folder, durable=durable)
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SHOW statement_timeout").fetchone() == (limit,)
    finally:
        server.stop()


def test_its_log_tells_no_statement_that_failed(server: Postgres) -> None:
    with psycopg.connect(server.url) as connection, pytest.raises(psycopg.Error, match="division"):
        connection.execute("SELECT 'Hộ tịch nộp thêm tiền', 1 / 0")
    log = server.log.read_text("utf-8")
    assert "division by zero" in log
    assert "nộp thêm" not in log


def test_a_wrong_password_is_refused(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url, password="wrong")


def test_the_server_never_runs_as_root(server: Postgres) -> None:
    owner = Path(f"/proc/{number_of(server)}").stat().st_uid
    assert owner != 0
    assert owner == (server.user.pw_uid if server.user else os.geteuid())


def test_a_second_start_keeps_the_data(folder: Path) -> None:
    for _ in range(2):
        server = Postgres(folder, durable=False)
        server.start()
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('vẫn còn')")
            rows = connection.execute("SELECT count(*) FROM kept").fetchone()
        server.stop()
    assert rows == (2,)


def test_it_comes_back_after_kill_9(folder: Path) -> None:
    server = Postgres(folder, durable=False)
    server.start()
    number = number_of(server)
    os.kill(number, signal.SIGKILL)
    wait_for_the_end(number)
    again = Postgres(folder, durable=False)
    again.start()
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    again.stop()


def test_a_server_that_was_left_running_is_taken_over(server: Postgres, folder: Path) -> None:
    again = Postgres(folder, durable=False)
    again.start()
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_note_that_names_a_living_stranger_does_not_stop_it(folder: Path) -> None:
    server = Postgres(folder, durable=False)
    server.start()
    server.stop()
    note = server.data / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{server.data}\n")
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()


def test_a_file_in_the_place_of_the_folder_is_one_sentence(folder: Path) -> None:
    folder.write_text("not a folder")
    with pytest.raises(Failure, match="a folder is needed"):
        Postgres(folder).start()


def test_a_folder_with_something_else_is_left_alone(folder: Path) -> None:
    server = Postgres(folder)
    server.data.mkdir(parents=True)
    (server.data / "thesis.txt").write_text("mine")
    with pytest.raises(Failure, match="move it away"):
        server.start()
    assert (server.data / "thesis.txt").read_text() == "mine"


def test_a_broken_database_is_one_sentence(folder: Path) -> None:
    server = Postgres(folder, durable=False)
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(Failure, match=r"does not start.*FATAL") as failure:
        server.start()
    assert "\n" not in str(failure.value)


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    deep = folder.parent / ("x" * 60) / ("y" * 60)
    server = Postgres(deep, durable=False)
    server.start()
    assert len(bytes(server.sockets)) < 90
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()
    assert not server.sockets.exists()


@pytest.mark.parametrize("version", ["", "garbage", "9.6\n"])
def test_a_broken_version_file_is_one_sentence(folder: Path, version: str) -> None:
    server = Postgres(folder, durable=False)
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text(version)
    with pytest.raises(Failure, match="does not start") as failure:
        server.start()
    assert "\n" not in str(failure.value)


def test_it_comes_back_after_kill_9_of_everything(folder: Path) -> None:
    server = Postgres(folder)
    server.start()
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
    numbers = [int(process.name) for process in Path("/proc").glob("[0-9]*")]
    family = [number_of(server)]
    family += [number for number in numbers if parent_of(number) == family[0]]
    assert len(family) > 2
    for number in family:
        with suppress(ProcessLookupError):  # ended with its parent
            os.kill(number, signal.SIGKILL)
    for number in family:
        wait_for_the_end(number)
    again = Postgres(folder, durable=False)
    again.start()
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    again.stop()


def parent_of(number: int) -> int:
    """The parent's process number; 0 when it has ended meanwhile."""
    try:
        return int(Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def test_a_making_that_was_cut_short_begins_anew(folder: Path) -> None:
    server = Postgres(folder, durable=False)
    half = server.base / "data-being-made"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()
    assert not half.exists()


def test_a_file_in_the_place_of_the_data_is_one_sentence(folder: Path) -> None:
    server = Postgres(folder)
    server.folder.mkdir()
    server.base.mkdir(exist_ok=True)
    server.data.write_text("not a folder")
    with pytest.raises(Failure, match="a folder is needed"):
        server.start()


def test_a_lost_password_is_one_sentence(folder: Path) -> None:
    server = Postgres(folder, durable=False)
    server.start()
    server.stop()
    server.secret.unlink()
    with pytest.raises(Failure, match="password file"):
        server.start()


def test_a_complaint_of_last_week_is_not_told_today(folder: Path) -> None:
    server = Postgres(folder, durable=False)
    server.start()
    server.stop()
    with server.log.open("a") as log:
        log.write("FATAL:  the complaint of last week\n")
    (server.data / "PG_VERSION").write_text("")
    with pytest.raises(Failure, match="does not start") as failure:
        server.start()
    assert "last week" not in str(failure.value)


@pytest.mark.parametrize("name", ["Hài Lòng của tôi", "it's, 100% #1?"])
def test_any_name_of_a_folder_will_do(folder: Path, name: str) -> None:
    server = Postgres(folder.parent / name, durable=False)
    server.start()
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()
