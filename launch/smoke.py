"""`make smoke`: the whole way once, as a browser without JavaScript goes it.

Starts the demo in a folder of its own, with data to the end of last month, and answers thirty
surveys at one office over plain HTTP. So many in an hour are held as a flood, unless somebody above
the office has said that they come: the auditor of the province does. The head of the office sees
none of them while the month is open. Then the clock of the night is moved to the end of the month:
the closed month shows exactly these thirty people, and the percentage that was done by hand. Prints
one JSON object as its last line.
"""

import json
import os
import re
import socket
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from http.cookiejar import CookieJar
from pathlib import Path

from launch import failure, stopping
from launch.demo import Demo, running, say
from launch.failure import Failure
from launch.page import Form

OFFICE = "phuong-ha-tien"
HEAD, AUDITOR = "hatien", "thanhtra"
PEOPLE = 30
PATIENCE = 60.0
SATISFIED = {"4", "5"}
OPEN_FORMS = "5"  # of `Evidence`: whoever opens the address may send one
# What the page of an office says once it knows of an answer in a month that is open.
OPEN = "Kỳ đang mở"


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
        if 'id="thanks"' in page:
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


def sign_in(demo: Demo, account: str = HEAD) -> Browser:
    """A browser of somebody with an account of the demonstration."""
    accounts = (demo.folder / "accounts.txt").read_text()
    found = re.search(rf"\s{account}\s+(\S+)\s*$", accounts, re.MULTILINE)
    if found is None:
        raise Failure(f"There is no account {account} among the demo accounts.")
    browser = Browser(demo.url)
    form = Form(browser.get("/dang-nhap/"))
    browser.post("/dang-nhap/", {**form.filled, "username": account, "password": found[1]})
    return browser


def announce(demo: Demo) -> None:
    """The auditor says that today is a day of campaign. Raises Failure where that is refused."""
    auditor, page = sign_in(demo, AUDITOR), f"/bao-cao/co-quan/{OFFICE}/phieu-cho/"
    today = f"{in_vietnam():%Y-%m-%d}"
    campaign = {
        "step": "announce",
        "evidence": OPEN_FORMS,
        "first_day": today,
        "last_day": today,
        "a_month": str(1000 * PEOPLE),
        "reason": "Thirty people answer at once, to try the whole way.",
    }
    try:
        auditor.post(page, {**Form(auditor.get(page)).filled, **campaign})
    except urllib.error.HTTPError as refused:
        raise Failure(f"A day of campaign cannot be announced: status {refused.code}.") from None


def check(demo: Demo, month: date) -> dict[str, object]:
    """Answers, closes the month, compares. Raises Failure when something is shown wrongly."""
    announce(demo)
    official = sign_in(demo)
    # this month alone: the demo data end with the one before, so all of its people are ours
    page = f"/bao-cao/co-quan/{OFFICE}/?ky=month&tu={month}"
    shows_nothing(official.get(page), "before anybody has answered")
    people = [answer(Browser(demo.url), person) for person in range(PEOPLE)]
    sent = time.monotonic()
    while OPEN not in (open_page := official.get(page)):
        if time.monotonic() - sent > PATIENCE:
            raise Failure(f"The answers have not been taken within {PATIENCE:.0f} s.")
        demo.check()
        stopping.pause(0.1)
    taken = time.monotonic() - sent
    shows_nothing(open_page, "while the month is open")
    say("Closing the month …")
    demo.manage("pass_time")
    # whoever has signed in for a month is signed out
    shown = headline(sign_in(demo).get(page))
    expected = (by_hand(people), PEOPLE)
    if shown != expected:
        raise Failure(f"The closed month shows {shown}; by hand it is {expected}.")
    return {
        "ok": True,
        "submit_to_open_s": round(taken, 2),
        "shown_while_open": None,
        "shown": shown[0],
        "people": shown[1],
    }


def shows_nothing(page: str, when: str) -> None:
    """Raises Failure where the page shows a figure."""
    shown = headline(page)
    if shown is not None:
        raise Failure(f"The page shows {shown} {when}.")


def in_vietnam() -> date:
    """Today in Việt Nam."""
    return (datetime.now(UTC) + timedelta(hours=7)).date()


def this_month() -> date:
    """The first day of the current month in Việt Nam."""
    return in_vietnam().replace(day=1)


def main() -> int:
    """Runs once; the last line is one JSON object."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ.pop("DATA_DIR", None)
    with tempfile.TemporaryDirectory(prefix="hl-smoke-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o711)
        month = this_month()
        until = f"--until={month - timedelta(days=1)}"
        with running(Path(folder) / "demo", port, [until]) as demo:
            say(f"Answering {PEOPLE} surveys …")
            result = check(demo, month)
        say(json.dumps(result))
    return 0


if __name__ == "__main__":
    failure.run(main)
