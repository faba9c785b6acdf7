"""Citizens and officials of a fault test: plain HTTP, no JavaScript, every answer kept."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from launch.page import Form
from tests.faults import filling
from tests.faults.system import System

SURVEY = f"/ks/{filling.SLUG}/"
OFFICE = f"/bao-cao/co-quan/{filling.SLUG}/"
FORMS = {"Content-Type": "application/x-www-form-urlencoded"}


class Answer(NamedTuple):
    """What came back, and after how many seconds; status 0: no answer. Headers in small letters."""

    status: int
    page: str
    seconds: float
    headers: Mapping[str, str]
    cookies: Mapping[str, str]

    @property
    def is_receipt(self) -> bool:
        """Whether a form was received."""
        return self.status == 200 and 'id="thanks"' in self.page


def _cookies(answer: HTTPResponse) -> dict[str, str]:
    given = answer.headers.get_all("Set-Cookie") or []
    pairs = (cookie.partition(";")[0].partition("=") for cookie in given)
    return {name: value for name, _, value in pairs}


class Client:
    """One person at a browser that keeps its cookies."""

    def __init__(self, system: System) -> None:
        self.host = urlsplit(system.url).netloc
        self.url = system.url
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own; never raises for what the server does."""
        body = urlencode(fields) if fields is not None else None
        headers = {"Referer": self.url + path, **(FORMS if body is not None else {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        begun = time.monotonic()
        connection = HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, HTTPException):
            return Answer(0, "", time.monotonic() - begun, {}, {})
        finally:
            connection.close()
        cookies = _cookies(answer)
        self.cookies |= cookies
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, page, time.monotonic() - begun, found, cookies)

    def get(self, path: str) -> Answer:
        """A page."""
        return self.ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """The page that answers a form."""
        return self.ask("POST", path, fields)

    def sign_in(self) -> Answer:
        """Signs in as the head of the office; 302 where that went well."""
        found = self.get("/dang-nhap/")
        if found.status != 200:
            return found
        form = Form(found.page)
        given = {"username": filling.NAME, "password": filling.PASSWORD}
        return self.post("/dang-nhap/", {**form.filled, **given})


def finished_form(response: UUID | None = None, **more: str) -> dict[str, str]:
    """The last page of the survey as it is sent; `more`: what is typed there."""
    answers = {"A1": "5", "A2": "4", "B1": "3"}
    return {
        "form": "phieu.1", "id": str(response or uuid4()), "step": "1", "page": "2",
        "ngon-ngu": "vi", **answers, **more,
    }  # fmt: skip


def at_once(times: int, do: Callable[[int], Answer], hands: int = 16) -> list[Answer]:
    """So many requests, `hands` of them at the same time."""
    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(do, range(times)))


def warm(system: System) -> int:
    """Lets every process of the web server open all the connections it ever will; how many."""
    anybody = Client(system)
    most = -1
    while (now := system.sessions()) > most:
        most = now
        at_once(150, lambda _: anybody.post(SURVEY, finished_form()), 48)
    return most


def tally(answers: list[Answer], good: Callable[[Answer], bool]) -> dict[str, object]:
    """How many there were, how many failed and with what, how slow the slowest was."""
    failed = Counter(answer.status for answer in answers if not good(answer))
    return {
        "asked": len(answers),
        "failed": sum(failed.values()),
        "statuses": dict(failed),
        "over_1_s": sum(answer.seconds > 1 for answer in answers),
        "slowest_s": round(max((answer.seconds for answer in answers), default=0.0), 2),
    }
