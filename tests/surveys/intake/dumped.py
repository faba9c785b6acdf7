"""Forty phones at one office, the log of the proxy before it, and a dump of the tables."""

import csv
import io
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client

from offices.models import Office
from surveys.models import Contact, Remark, Response

PHONES = 40
Row = Mapping[str, str]


@dataclass
class Line:
    """A line as most proxies write it: who, and what they asked for; its place is its time."""

    address: str
    asked: str


@dataclass
class Phone:
    """One person's way through the form: how often they tap, whether they look back, and write."""

    address: str
    taps: int
    looks_back: bool
    writes: bool
    wants_reply: bool
    id: UUID = field(default_factory=uuid4)

    def sendings(self) -> Iterable[dict[str, object]]:
        """What is posted, one after the other."""
        answers: dict[str, object] = {"A1": 5, "A2": 4, "B1": 3}
        step = 0
        for tap in range(self.taps):
            yield {"page": 0, "step": step, "save": "1", "A1": 5 - tap % 3}
            step += 1
        ways = [{"page": 0, "go": "next"}, {"page": 1, "go": "next"}]
        if self.looks_back:
            ways[1:] = [{"page": 1, "go": "back"}, *ways]
        for way in ways:
            yield {**answers, **way, "step": step}
            step += 1
        said: dict[str, object] = {"remark": f"Phòng chờ nóng, ghế {self.taps}."}
        if self.wants_reply:
            said |= {"wants_reply": "1", "contact": "0912345678"}
        yield {**answers, **(said if self.writes else {}), "page": 2, "step": step}


@dataclass
class Story:
    """What happened, of which an attacker knows the log and the dump and never `phones`."""

    office: Office
    phones: Sequence[Phone]
    log: list[Line]

    @property
    def requests(self) -> dict[str, int]:
        """How often each address sent, by the log."""
        found: dict[str, int] = defaultdict(int)
        for line in self.log:
            found[line.address] += 1
        return found

    @property
    def order(self) -> list[str]:
        """The addresses in the order of their last request, by the log."""
        last = {line.address: place for place, line in enumerate(self.log)}
        return sorted(last, key=lambda address: last[address])

    @property
    def begun(self) -> list[str]:
        """The addresses in the order of their first request, by the log."""
        return list(dict.fromkeys(line.address for line in self.log))


def story(office: Office, seed: int, phones: int = PHONES) -> Story:
    """People come one after the other and overlap; each request is a line of the log."""
    drawn = random.Random(seed)
    people = [
        Phone(
            address=f"10.0.{number // 250}.{number % 250}",
            taps=drawn.randrange(12),
            looks_back=drawn.random() < 0.3,
            writes=number % 2 == 0,
            wants_reply=number % 4 == 0,
        )
        for number in range(phones)
    ]
    drawn.shuffle(people)
    # everybody's requests, begun a little after those of who came before
    moments = []
    for place, phone in enumerate(people):
        moment = place * 10.0
        for sent in phone.sendings():
            moment += drawn.uniform(0.5, 6)
            moments.append((moment, phone, sent))
    client, log = Client(), list[Line]()
    for _, phone, sent in sorted(moments, key=lambda one: one[0]):
        address = f"/ks/{office.slug}/"
        form = {"form": "phieu.1", "id": str(phone.id), **sent}
        answered = client.post(address, form)
        assert answered.status_code in (200, 204)
        log.append(Line(phone.address, f"POST {address}"))
    assert Response.objects.filter(state=1).count() == phones
    return Story(office, people, log)


def dump(table: str) -> list[Row]:
    """The rows of a table as `pg_dump` writes them: all columns, in the order in which they lie."""
    written = io.StringIO()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} TO STDOUT (FORMAT csv, HEADER)") as copy,
    ):
        for portion in copy:
            written.write(bytes(portion).decode())
    return list(csv.DictReader(io.StringIO(written.getvalue())))


def in_order(claimed: Sequence[Hashable], true: Sequence[Hashable]) -> int:
    """How many of those claimed stand, among themselves, as in `true` or the other way round.

    The longest row of them; of 40 in no order it has 9, give or take 2.
    """
    place = {one: number for number, one in enumerate(true)}
    found = [place[one] for one in claimed if one in place]
    return max(_longest(found), _longest(found[::-1]))


def _longest(numbers: Sequence[int]) -> int:
    ends: list[int] = []
    for number in numbers:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(ends)


def smallest_group(rows: Iterable[Row], *columns: str) -> int:
    """How many rows share these columns, where the fewest do."""
    groups: dict[tuple[str, ...], int] = defaultdict(int)
    for row in rows:
        groups[tuple(row[column] for column in columns)] += 1
    return min(groups.values())


TABLES = {model: model._meta.db_table for model in (Response, Remark, Contact)}
