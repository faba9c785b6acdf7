"""A real Chromium: the one named in CHROMIUM, any on the machine, else Playwright's own."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium(playwright: Playwright) -> str | None:
    """The program to start; None if there is none."""
    named = os.environ.get("CHROMIUM")
    for candidate in [named] if named else NAMES:
        found = shutil.which(candidate or "")
        if found:
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else None
