"""A database that restarts under the real processes: nobody fails, no answer is lost or doubled."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from launch.page import Form
from tests.faults.clients import OFFICE, SURVEY, Answer, Client, at_once, finished_form, warm
from tests.faults.system import System, running_system, wait_until

pytestmark = pytest.mark.worker

WAYS = ("fast", "immediate", "kill", "sessions")


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Web server and worker on a database that may be stopped; each test leaves it running."""
    with (
        tempfile.TemporaryDirectory(prefix="hl-") as folder,
        running_system(Path(folder)) as running,
    ):
        yield running


@pytest.fixture
def anybody(system: System) -> Client:
    """A citizen without JavaScript."""
    return Client(system)


@pytest.fixture(scope="module")
def official(system: System) -> Client:
    """The head of the office, signed in."""
    client = Client(system)
    assert client.sign_in().status == 302
    return client


def restart(system: System, way: str) -> None:
    """The database goes in this way, and is back."""
    if way == "sessions":
        assert system.terminate_sessions()
    else:
        system.restart_database(way)


def statuses(answers: list[Answer]) -> set[int]:
    """What came back, without the repeats."""
    return {answer.status for answer in answers}


@pytest.mark.parametrize("way", WAYS)
def test_after_a_restart_nobody_meets_it(
    system: System, anybody: Client, official: Client, way: str
) -> None:
    assert warm(system) >= 8
    restart(system, way)
    begin = len(system.said("worker"))
    forms = at_once(40, lambda _: anybody.post(SURVEY, finished_form()))
    assert all(answer.is_receipt for answer in forms), statuses(forms)
    assert max(answer.seconds for answer in forms) < 5
    assert statuses(at_once(16, lambda _: official.get(OFFICE))) == {200}
    assert statuses(at_once(16, lambda _: anybody.get("/healthz"))) == {200}
    assert statuses(at_once(2, lambda _: Client(system).sign_in(), 2)) == {302}
    wait_until(lambda: sum(system.tasks(begin)), "the worker runs tasks")
    assert system.tasks(begin)[1] == 0


def test_while_it_is_away_everything_typed_comes_back_at_once(
    system: System, anybody: Client, official: Client
) -> None:
    warm(system)
    sent = finished_form(remark="Chờ hai tiếng, quạt hỏng.")
    typed = {"reason": "Hai dòng.\nHai dòng.", "csrfmiddlewaretoken": official.cookies["csrftoken"]}
    system.stop_database()
    try:
        forms = at_once(40, lambda _: anybody.post(SURVEY, sent))
        written = official.post(f"{OFFICE}gop-y/{uuid4()}/", typed)
        looked = official.get(OFFICE)
        health = anybody.get("/healthz")
    finally:
        system.start_database()
    every = [*forms, written, looked, health]
    assert statuses(every) == {503}
    # far less than anybody ever waited for a connection of the pool
    assert max(answer.seconds for answer in every) < 2
    assert all(answer.headers["retry-after"] for answer in [*forms, written, looked])
    assert Form(written.page).filled["reason"].replace("\r", "") == typed["reason"]
    for form in forms:
        assert sent.items() <= Form(form.page).filled.items()
    assert anybody.post(SURVEY, Form(forms[0].page).filled).is_receipt
    assert stored(system, {UUID(sent["id"])}) == (1, 1)


def test_a_server_that_says_nothing_is_away_soon(system: System, anybody: Client) -> None:
    number = system.postmaster()
    system.terminate_sessions()
    os.kill(number, signal.SIGSTOP)
    try:
        answer = anybody.get("/healthz")
    finally:
        os.kill(number, signal.SIGCONT)
    assert answer.status == 503
    assert answer.seconds < 6
    assert anybody.get("/healthz").status == 200


def stored(system: System, ids: set[UUID]) -> tuple[int, int]:
    """How many finished responses with these ids the database has, and how many remarks of them."""
    with psycopg.connect(system.postgres.url) as own:
        row = own.execute(
            "SELECT count(*), count(remark.key) FROM surveys_response AS response"
            " LEFT JOIN surveys_remark AS remark ON remark.office_id = response.office_id"
            " AND remark.response_id = response.id"
            " WHERE response.id = ANY(%s) AND response.state = 1",
            [list(ids)],
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


class Citizens:
    """People who answer all the time, each form until it is received."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.enough = threading.Event()
        self.received: set[UUID] = set()
        self.again = 0

    def answer(self, _hand: int) -> None:
        """One form after the other, until it is enough and the last one was received."""
        client = Client(self.system)
        while not self.enough.is_set():
            form = finished_form(remark="Chờ hai tiếng.")
            while not client.post(SURVEY, form).is_receipt:
                self.again += 1
            self.received.add(UUID(form["id"]))


@pytest.mark.parametrize("way", WAYS)
def test_what_was_received_is_there_once_and_the_rest_after_its_retry(
    system: System, way: str
) -> None:
    citizens = Citizens(system)
    with ThreadPoolExecutor(6) as hands:
        running = [hands.submit(citizens.answer, number) for number in range(6)]
        try:
            wait_until(lambda: len(citizens.received) > 60, "answers come")
            before = set(citizens.received)
            restart(system, way)
            wait_until(lambda: len(citizens.received) > len(before) + 60, "answers come again")
        finally:
            citizens.enough.set()
    for ended in running:
        ended.result()
    people = len(citizens.received)
    # a form and its remark are one transaction: neither is there without the other
    assert stored(system, citizens.received) == (people, people)
    assert way == "sessions" or citizens.again
