"""`make smoke`: the whole way once, as a browser without JavaScript goes it.

Starts the demo in a folder of its own, answers thirty surveys at one office over plain HTTP, signs
in as the head of that office and waits until the shown figure has moved and equals the sum done by
hand. Prints one JSON object as its last line.
"""

import json
import os
import re
import socket
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from http.cookiejar import CookieJar
from pathlib import Path

from launch import failure, stopping
from launch.demo import Demo, running, say
from launch.failure import Failure
from launch.page import Form

OFFICE = "phuong-ha-tien"
ACCOUNT = "hatien"
PEOPLE = 30
PATIENCE = 60.0
SATISFIED = {"4", "5"}


class Browser:
    """A browser without JavaScript: cookies, forms, nothing else."""

    def __init__(self, base: str) -> None:
        self.base = base
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> str:
        """The page at `path`."""
        with self.opener.open(self.base + path, timeout=30) as response:
            return str(response.read().decode())

    def post(self, path: str, fields: Mapping[str, str]) -> str:
        """The page that answers a form."""
        data = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.base + path, data, {"Referer": self.base + path})
        with self.opener.open(request, timeout=30) as response:
            return str(response.read().decode())


def answers_of(person: int, names: Sequence[str]) -> dict[str, str]:
    """What the n-th person answers; different for everybody, with a few left out."""
    levels = "54321459345"
    said = {}
    for rank, name in enumerate(names):
        if (person + rank) % 11:
            said[name] = levels[(person * 7 + rank * 3) % len(levels)]
    return said


def answer(browser: Browser, person: int) -> dict[str, str]:
    """One person answers every page; returns what they answered."""
    path = f"/ks/{OFFICE}/"
    page = browser.get(path)
    said: dict[str, str] = {}
    for _ in range(20):
        stopping.heed()
        if 'class="receipt"' in page:
            return said
        form = Form(page)
        # the questions of the form are the ones that offer the five levels
        criteria = [name for name, values in form.offered.items() if {"1", "5"} <= set(values)]
        chosen = answers_of(person, criteria)
        said |= chosen
        page = browser.post(path, {**form.filled, **chosen})
    raise Failure("The survey has no end: no receipt after twenty pages.")


def by_hand(people: Sequence[Mapping[str, str]]) -> str:
    """The percentage of satisfied among valid answers, two decimals, half up."""
    valid = [level for person in people for level in person.values() if level in "12345"]
    satisfied = sum(level in SATISFIED for level in valid)
    exact = Decimal(100 * satisfied) / Decimal(len(valid))
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def headline(page: str) -> tuple[str, int] | None:
    """The shown value and its people; None while too few are shown."""
    found = re.search(r'class="headline" value="([\d.]+)" data-n="(\d+)"', page)
    return (found[1], int(found[2])) if found else None


def sign_in(demo: Demo) -> Browser:
    """A browser of the office's head."""
    accounts = (demo.folder / "accounts.txt").read_text()
    found = re.search(rf"\s{ACCOUNT}\s+(\S+)\s*$", accounts, re.MULTILINE)
    if found is None:
        raise Failure(f"There is no account {ACCOUNT} among the demo accounts.")
    browser = Browser(demo.url)
    form = Form(browser.get("/dang-nhap/"))
    browser.post("/dang-nhap/", {**form.filled, "username": ACCOUNT, "password": found[1]})
    return browser


def check(demo: Demo) -> dict[str, object]:
    """Answers, waits, compares. Raises Failure when the figure is wrong or does not come."""
    official = sign_in(demo)
    # today alone: the demo data end yesterday, so all of today's people are ours
    today = f"/bao-cao/co-quan/{OFFICE}/?ky=day&tu={time.strftime('%Y-%m-%d', _vietnam())}"
    if headline(official.get(today)) is not None:
        raise Failure("There are figures for today before anybody has answered.")
    people = [answer(Browser(demo.url), person) for person in range(PEOPLE)]
    sent = time.monotonic()
    shown = None
    while shown is None or shown[1] < 20:
        if time.monotonic() - sent > PATIENCE:
            raise Failure(f"The figure has not moved within {PATIENCE:.0f} s; it shows {shown}.")
        demo.check()
        stopping.pause(0.1)
        shown = headline(official.get(today))
    seconds = time.monotonic() - sent
    value, n = shown
    expected = by_hand(people[:n])
    if value != expected:
        raise Failure(f"The page shows {value} % of {n} people; by hand it is {expected} %.")
    return {"ok": True, "submit_to_score_s": round(seconds, 2), "shown": value, "people": n}


def _vietnam() -> time.struct_time:
    return time.gmtime(time.time() + 7 * 3600)


def main() -> int:
    """Runs once; the last line is one JSON object."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ.pop("DATA_DIR", None)
    with tempfile.TemporaryDirectory(prefix="hl-smoke-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o711)
        with running(Path(folder) / "demo", port) as demo:
            say(f"Answering {PEOPLE} surveys …")
            result = check(demo)
        say(json.dumps(result))
    return 0


if __name__ == "__main__":
    failure.run(main)
