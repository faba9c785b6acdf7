"""A real Chromium, and phones that open pages in it."""

import datetime
import os
import sys
from collections.abc import Iterator
from socket import SHUT_WR, create_connection
from threading import Condition, Event
from typing import Any, NamedTuple

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from benchmarks.measures.chromium import ARGUMENTS, chromium
from offices.models import Office
from surveys.citizen import survey
from surveys.citizen.sheet import Sheet
from surveys.models import Instrument
from surveys.questionnaires.load import load_instruments
from tests import factories
from tests.browser.device import pair
from tests.browser.survey import Open

HOW = (
    "BROWSER TESTS DID NOT RUN: no Chromium was found. Install one (Debian: apt-get install "
    "chromium; or .venv/bin/playwright install chromium), or name one in CHROMIUM."
)
# A busy machine is slow; what waits for a condition costs nothing where it holds.
expect.set_options(timeout=20_000)

KIOSK = "/ks/may-tinh-bang/"


class Program(NamedTuple):
    """A Chromium on this machine."""

    kind: BrowserType
    path: str


@pytest.fixture(autouse=True, scope="session")
def static_files_as_in_production() -> Iterator[None]:
    """WhiteNoise serves the collected files; Django's test server knows no hashed names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "_should_handle", lambda *_: False)
        yield


class Connections:
    """How many connections the live server has taken and not yet ended."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.open = 0

    def count(self, change: int) -> None:
        """One more, or one fewer."""
        with self.changed:
            self.open += change
            self.changed.notify_all()

    def ended(self, server: LiveServer) -> bool:
        """Waits until all that came before has been taken and has ended; whether it has."""
        host, port = server.thread.host, server.thread.port
        with create_connection((host, port), timeout=30) as last:
            last.shutdown(SHUT_WR)  # taken in turn, so whoever came before was taken as well
            while last.recv(1024):
                pass
        with self.changed:
            return self.changed.wait_for(lambda: self.open <= 0, timeout=30)


@pytest.fixture(autouse=True, scope="session")
def connections() -> Iterator[Connections]:
    """Those of the live server, counted from when they are taken."""
    counted = Connections()
    take, serve = ThreadedWSGIServer.process_request, ThreadedWSGIServer.process_request_thread

    def taking(self: ThreadedWSGIServer, request: Any, address: Any) -> None:
        counted.count(1)
        take(self, request, address)

    def serving(self: ThreadedWSGIServer, request: Any, address: Any) -> None:
        try:
            serve(self, request, address)
        finally:
            counted.count(-1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ThreadedWSGIServer, "process_request", taking)
        patch.setattr(ThreadedWSGIServer, "process_request_thread", serving)
        yield counted


@pytest.fixture(autouse=True)
def tables_at_rest(
    transactional_db: None, live_server: LiveServer, connections: Connections
) -> Iterator[None]:
    """A page may be closed while the server still works for it; only then tables are emptied."""
    yield
    assert connections.ended(live_server)


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """Chromium; without one, one loud line, and a failure where CHROMIUM_REQUIRED is set."""
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = chromium(playwright)
        if found is None:
            if os.environ.get("CHROMIUM_REQUIRED"):
                pytest.fail(HOW)
            print(f"\n{HOW}", file=sys.__stderr__)
            pytest.skip(HOW)
        yield Program(playwright.chromium, found)
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(program: Program) -> Iterator[Browser]:
    """A running Chromium, for contexts that keep nothing."""
    running = program.kind.launch(executable_path=program.path, args=ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Opens an address on a phone, in a browser of its own; options are those of contexts."""
    contexts: list[BrowserContext] = []

    def opened(address: str, **options: Any) -> Page:  # Any: Playwright's own options
        usual = {"viewport": {"width": 390, "height": 844}, "locale": "vi-VN"}
        # what works without network has tests of its own
        options = {"base_url": live_server.url, **usual, "service_workers": "block", **options}
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A phone that may keep what works without network."""
    viewport: ViewportSize = {"width": 390, "height": 844}
    made = browser.new_context(base_url=live_server.url, viewport=viewport, locale="vi-VN")
    yield made
    made.close()


@pytest.fixture
def office() -> Office:
    """An office with the shipped questionnaires and one procedure."""
    load_instruments()
    factories.procedure()
    return factories.office(
        slug="phuong-ha-tien", name="Trung tâm Phục vụ hành chính công phường Hà Tiên"
    )


@pytest.fixture
def by_page(office: Office) -> None:
    """The counter's form in its first version: two pages, and all questions of a page in sight."""
    Instrument.objects.filter(slug="counter", version__gt=1).delete()


@pytest.fixture
def without_stage(office: Office) -> None:
    """The counter's form in its second version: six questions and none about the dossier."""
    Instrument.objects.filter(slug="counter", version__gt=2).delete()


class Held(NamedTuple):
    """A page that is sent is held by the server from `asked` until `let_go`."""

    asked: Event
    let_go: Event


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Holds what is sent whole, no tap, until it is let go, at the latest when the test ends."""
    events = Held(Event(), Event())
    take = survey._take

    def slow(request: HttpRequest, sheet: Sheet) -> HttpResponse:
        events.asked.set()
        events.let_go.wait()
        return take(request, sheet)

    monkeypatch.setattr(survey, "_take", slow)
    yield events
    events.let_go.set()


@pytest.fixture
def always_open(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of tablets run at any hour."""
    settings.OFFICE_HOURS = (datetime.time(0), datetime.time(23, 59))
    monkeypatch.setattr("offices.opening.MONDAY_TO_FRIDAY", range(1, 8))


@pytest.fixture
def tablet(browser: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Opens the tablet's page; its clock is ours, and runs by itself as well."""
    contexts: list[BrowserContext] = []

    def opened(size: tuple[int, int] = (1280, 800), **given: str) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=True,
            **given,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.clock.install()
        page.goto(live_server.url + KIOSK)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def paired(tablet: Open, office: Office) -> Page:
    """A tablet of the office, with its first question."""
    page = tablet()
    pair(page, office)
    return page
