"""A real Chromium: the one named in CHROMIUM, any on the machine, else Playwright's own."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
HOW = (
    "BROWSER TESTS DID NOT RUN: no Chromium was found. Install one (Debian: apt-get install "
    "chromium; or .venv/bin/playwright install chromium), or name one in CHROMIUM."
)


def chromium(playwright: Playwright) -> str | None:
    """The program to start; None where there is none."""
    named = os.environ.get("CHROMIUM")
    for candidate in [named] if named else NAMES:
        found = shutil.which(candidate or "")
        if found:
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@pytest.fixture(autouse=True, scope="session")
def static_files_as_in_production() -> Iterator[None]:
    """WhiteNoise serves the collected files; Django's test server knows no hashed names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "_should_handle", lambda *_: False)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one, one loud line, and a failure where CHROMIUM_REQUIRED is set."""
    # Playwright runs an event loop in this thread, which Django would take for asynchronous code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        program = chromium(playwright)
        if program is None:
            if os.environ.get("CHROMIUM_REQUIRED"):
                pytest.fail(HOW)
            print(f"\n{HOW}", file=sys.__stderr__)
            pytest.skip(HOW)
        running = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
