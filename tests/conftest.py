"""What every test may rely on."""

import inspect
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from audit import guards
from surveys import windows
from tests import day

# How long an example takes says how busy the machine is.
hypothesis_settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("busy")


# Rooms with statements, locks, migrations and Redis commands of ours. Pages repeat them, through a
# walk over every address too, so a second server learns nothing from the pages' own tests.
DECIDED_BY_SERVERS = (
    "tests/audit/",
    "tests/config/postgresql/",
    "tests/offices/",
    "tests/officials/test_access.py",
    "tests/rights/",
    "tests/reports/",
    "tests/surveys/devices/",
    "tests/surveys/exclusions/",
    "tests/surveys/flags/",
    "tests/surveys/intake/",
    "tests/surveys/invitations/",
    "tests/surveys/models/",
    "tests/surveys/questionnaires/",
    "tests/surveys/remarks/",
    "tests/upgrade/",
    "tests/worker/",
)
LONGEST = ("tests/rights/", "tests/walk/")
ASKS_FOR_THE_DAY = ("localdate", "localtime", "timezone.now", "last_month_end", "today", "TODAY")
MOMENT = pytest.StashKey[datetime]()
CLOCK = pytest.StashKey[time_machine.Traveller]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The moment at which every test begins."""
    parser.addoption("--today", help="such as 2026-12-31T23:59, in Việt Nam; else 10:00 today")


def pytest_configure(config: pytest.Config) -> None:
    """Stops the clock while tests are collected: what a module reads of it holds for its tests."""
    try:
        moment = day.moment(config.getoption("--today"))
    except ValueError:
        raise pytest.UsageError("--today takes a moment such as 2026-12-31T23:59.") from None
    config.stash[MOMENT] = moment
    # whoever only hands tests on to processes of their own collects none, and waits for them
    hands_on = config.getoption("dist", "no") != "no"
    travel = time_machine.travel(moment.astimezone(UTC), tick=hands_on)
    config.stash[CLOCK] = travel.start()
    config.add_cleanup(travel.stop)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Lets the clock go on: servers and browsers that are started now wait by it."""
    session.config.stash[CLOCK].move_to(session.config.stash[MOMENT].astimezone(UTC), tick=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests as `db` (they use the database), `servers` and `day` (they ask for the day).

    So CI can pick the second, and `make test-days` the third. A test asks for the day if its module
    does. What takes longest begins first, else one of two processes ends long after the other.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"db", "transactional_db", "live_server"} or item.get_closest_marker(
            "django_db"
        ):
            item.add_marker("db")
        marks = {mark.name for mark in item.iter_markers()}
        if marks & {"db", "worker"} and item.nodeid.startswith(DECIDED_BY_SERVERS):
            item.add_marker("servers")
        source = inspect.getsource(item.module) if isinstance(item, pytest.Function) else ""
        if any(word in source for word in ASKS_FOR_THE_DAY):
            item.add_marker("day")
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """Argon2 as in service, but without the work that keeps guessers off."""
    with pytest.MonkeyPatch.context() as patched:
        for name, little in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
            patched.setattr(Argon2PasswordHasher, name, little)
        yield


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[None]:
    """Every test begins at the chosen moment, but for those whose clock another program reads."""
    clock: AbstractContextManager[object]
    if request.node.get_closest_marker("browser") or request.node.get_closest_marker("worker"):
        clock = day.real_clock()
    else:
        clock = time_machine.travel(pytestconfig.stash[MOMENT].astimezone(UTC), tick=True)
    with clock:
        yield


@pytest.fixture
def today(_clock: None) -> date:
    """The day of this test in Việt Nam."""
    return datetime.now(day.VIETNAM).date()


# Tests that commit empty all tables at their end, which those that only grow refuse by rule.
LET_GO_BY_TESTS = frozenset(
    {"audit_table_stays", "audit_watches_table", "dossier_ledger_stays", "proposal_table_stays"}
)
LET_GO = """
SELECT format('ALTER TABLE %%s %%s TRIGGER %%I', tgrelid::regclass, %s::text, tgname)
FROM pg_trigger WHERE tgname = ANY(%s)
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The database of the tests; TRUNCATE is refused only where a test asks for it."""
    with django_db_blocker.unblock():
        _switch("DISABLE")
    connection.close()


def _switch(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LET_GO, [how, list(LET_GO_BY_TESTS)])
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


@pytest.fixture
def guarded(transactional_db: None) -> Iterator[None]:
    """All triggers are on, as processes of their own find them in service."""
    _switch("ENABLE")
    yield
    _switch("DISABLE")


@pytest.fixture
def let_go_again(transactional_db: None) -> Iterator[None]:
    """For whoever makes tables anew, with all their triggers on."""
    yield
    _switch("DISABLE")


@pytest.fixture(autouse=True)
def _what_tests_let_go_is_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is on, only a test asks that switches it on again."""
    monkeypatch.setattr(guards, "LET_GO", LET_GO_BY_TESTS)


@pytest.fixture(autouse=True)
def _heads_are_the_tests_own(settings: Settings, tmp_path: Path) -> None:
    """Where the audit's chain ended is of no concern to the next test."""
    settings.AUDIT_HEADS = tmp_path / "audit-heads"


@pytest.fixture(autouse=True)
def _directory_is_checked_at_once(settings: Settings) -> None:
    """Tests change offices and instruments all the time; processes here ask before every use."""
    settings.DIRECTORY_CHECK_SECONDS = 0


@pytest.fixture(autouse=True)
def _redis_is_given_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no Redis that never answers."""
    monkeypatch.setattr(windows, "PATIENCE", 10.0)
    windows._rest.until.clear()
