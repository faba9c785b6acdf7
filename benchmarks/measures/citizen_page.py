"""Serves a province as `make demo` does and opens the first page of an office on a phone.

bytes, requests: the first page without fonts, compressed; server_ms: the median of a request in a
warm process; usable_s: on slow 3G (400 kbit/s, 2000 ms a request, DevTools' preset) until the first
question can be tapped, saving_s until each tap is sent at once; usable_400_ms_s: with 400 ms;
performance, accessibility, best_practices: Lighthouse, its mobile preset, the median of three runs,
null where npm is missing.
"""

import json
import os
import socket
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import sync_playwright

from benchmarks.measures import province
from benchmarks.measures.chromium import ARGUMENTS, chromium
from benchmarks.measures.lighthouse import marks
from benchmarks.measures.phone import SLOW_3G, SLOW_3G_ROUND_TRIP, FirstPage, Network, first_page
from launch.failure import Failure
from launch.processes import Process

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
WARM, MEASURED = 30, 200
# A phone's browser says so; what it gets is compressed.
READS_GZIP = {"Accept-Encoding": "gzip"}


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a web server like that of the demo. Raises Failure."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    environment = {**os.environ, "DATABASE_POOL": "1", "ALLOWED_HOSTS": "127.0.0.1"}
    web = Process("web", command, folder / "web.log", environment, ROOT)
    address = f"http://127.0.0.1:{port}"
    web.start()
    try:
        deadline = time.monotonic() + PATIENCE
        while not answers(address):
            if web.ended() is not None or time.monotonic() > deadline:
                raise Failure(f"The web server does not answer: {web.last_words()}")
            time.sleep(0.05)
        yield address
    finally:
        web.stop()


def answers(address: str) -> bool:
    """Whether the server is there."""
    with suppress(urllib.error.URLError, OSError):
        return bool(urllib.request.urlopen(f"{address}/healthz", timeout=2).status == 200)
    return False


def milliseconds(path: str) -> list[float]:
    """How long each of MEASURED requests took in this process, without a network."""
    client = Client(headers=READS_GZIP, SERVER_NAME="localhost")
    for _ in range(WARM):
        if client.get(path).status_code != 200:
            raise AssertionError(f"{path} is no page")
    taken = []
    for _ in range(MEASURED):
        began = perf_counter()
        client.get(path)
        taken.append((perf_counter() - began) * 1000)
    return taken


def opened(address: str, networks: Sequence[Network | None]) -> list[FirstPage]:
    """The page on each network (None: the machine's own), always in an empty browser."""
    with sync_playwright() as playwright:
        program = chromium(playwright)
        if program is None:
            raise Failure("No Chromium was found: install one, or name one in CHROMIUM.")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        found = []
        for network in networks:
            context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
            found.append(first_page(context.new_page(), address, network))
            context.close()
        browser.close()
    return found


def main() -> None:
    """Builds, serves, measures; the last line is one JSON object."""
    province.build()
    call_command("collectstatic", interactive=False, verbosity=0)
    path = reverse("surveys:start", args=["commune-0"])
    taken = milliseconds(path)
    with tempfile.TemporaryDirectory(prefix="hl-") as folder, served(Path(folder)) as server:
        for _ in range(WARM):
            urllib.request.urlopen(server + path, timeout=10).read()
        fast, slow, round_trip = opened(server + path, (None, SLOW_3G, SLOW_3G_ROUND_TRIP))
        lighthouse = marks(server + path, ROOT / "var" / "lighthouse")
    print(
        json.dumps(
            {
                "bytes": fast.bytes_without_fonts,
                "requests": fast.requests,
                "server_ms": round(statistics.median(taken), 2),
                "server_ms_95": round(sorted(taken)[MEASURED * 95 // 100], 2),
                "usable_s": slow.usable_s,
                "saving_s": slow.saving_s,
                "usable_400_ms_s": round_trip.usable_s,
                "bytes_with_fonts": fast.bytes,
                "network": "Slow 3G of DevTools: 400 kbit/s, 2000 ms a request",
                **lighthouse,
            }
        )
    )


if __name__ == "__main__":
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs an event loop here
    main()
