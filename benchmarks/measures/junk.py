"""Junk ids at one office: what is stored of them, and whether honest people are.

    python -m benchmarks junk 500000

Each junk id is a new form that nobody finishes, handed to `intake.submit` as the citizen's page and
the outbox do, by four processes at once. A quarter each: without a start; with a forged one; with a
good one, fetched before; with a good one of yesterday, from an outbox that claims that day. Without
HTTP, so without the limits that Redis counts: those ask by id, and each of these is new.

Meanwhile, every twenty seconds and once more at the end, one citizen with the open link, one
invited and one at a tablet fill in a page and then finish. At last some junk is finished instead,
which is always taken (decision 0040): what each such form costs is told, and what half a million
would. Then the night of the day is run.

A hundred thousand unless another number is given: half a million take four minutes on two quiet
cores, and what is kept does not depend on the number.

Bytes are those of tables with their indexes (pg_total_relation_size).
"""

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ALL_COMPLETED, ProcessPoolExecutor, wait
from datetime import timedelta
from functools import cache
from multiprocessing import get_context
from uuid import UUID, uuid4

import time_machine
from django.db import connection
from django.utils import timezone, translation

from audit.models import Entry, Recurrence
from audit.recurring import sum_up
from benchmarks.measures import province
from offices import directory
from officials.administration.audit_words import ACTS
from reports.night import steps
from surveys.intake import starts
from surveys.intake.submit import Submission, submit
from surveys.models import Channel, Evidence, Hold, Response, State
from surveys.remarks.receipts import receipt_code

PROCESSES = 4
PARTS = 40
FINISHED, HALF_A_MILLION = 5_000, 500_000
EVERY = 20.0  # seconds; faster, tablets take more than one can in an hour
TABLES = ("surveys_response", "surveys_mark", "audit_entry", "audit_recurrence")
KINDS = ("no start", "forged start", "good start", "yesterday's, by outbox")
PEOPLE: Mapping[str, Mapping[str, object]] = {
    "open link": {"channel": Channel.PHONE},
    "invited": {"channel": Channel.PORTAL, "evidence": Evidence.INVITED},
    "tablet": {"channel": Channel.TABLET, "evidence": Evidence.TABLET},
}


def junk(slug: str, forms: int, *, finished: bool = False) -> dict[str, int]:
    """Sends so many junk forms; returns how many of each kind."""
    sent = Counter[str]()
    for number in range(forms):
        kind = KINDS[number % len(KINDS)]
        submit(_junk(slug, kind, finished=finished))
        sent[kind] += 1
    return dict(sent)


def _junk(slug: str, kind: str, *, finished: bool) -> Submission:
    office, id_ = directory.current().offices[slug], uuid4()
    now = timezone.localtime()
    good = starts.make(office.id, id_, now)
    start = {"no start": "", "forged start": good[:-1] + "~"}.get(kind, good)
    by_outbox = kind == KINDS[-1]
    started = starts.begun(start, office.id, id_) is not None
    return Submission(
        id=id_,
        office=office,
        instrument=province.instrument(),
        answers=_answers(1),
        step=1,
        finished=finished,
        channel=Channel.PHONE,
        language="vi",
        day=now.date() - timedelta(days=1) if by_outbox else None,
        # an outbox asks for the start of what is finished only
        started=None if by_outbox and not finished else started,
    )


@cache
def _answers(said: int) -> dict[str, int]:
    """Each question with five answers or more, answered alike."""
    items = province.instrument().items
    return {item.code: said for item in items if item.accepts(5) and item.accepts(said)}


class Honest:
    """Three people at a time, who fill in a page and then finish."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self.sent: dict[str, list[UUID]] = {who: [] for who in PEOPLE}
        self.pages: Counter[str] = Counter()

    def come(self) -> None:
        """One of each."""
        office = directory.current().offices[self.slug]
        for who, given in PEOPLE.items():
            id_ = uuid4()
            start = starts.make(office.id, id_, timezone.localtime())
            known = who != "open link"
            for step in (1, 2):
                submit(
                    Submission(
                        id=id_,
                        office=office,
                        instrument=province.instrument(),
                        answers=_answers(5 if step == 2 else 4),
                        step=step,
                        finished=step == 2,
                        language="vi",
                        started=None if known else starts.begun(start, office.id, id_) is not None,
                        receipt=receipt_code(id_) if who == "invited" else "",
                        **given,  # type: ignore[arg-type]
                    )
                )
                if step == 1:
                    self.pages[who] += Response.objects.filter(office=office.id, id=id_).exists()
            self.sent[who].append(id_)

    def stored(self, who: str) -> int:
        """How many of these people stand there, finished, with what they said last."""
        rows = Response.objects.filter(id__in=self.sent[who], state=State.FINISHED)
        return sum(5 in bytes(answers) for answers in rows.values_list("answers", flat=True))


def _bytes() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, pg_total_relation_size(t::regclass) FROM unnest(%s::text[]) AS t",
            [[*TABLES]],
        )
        return dict(cursor.fetchall())


def _flood(slug: str, forms: int, honest: Honest) -> Counter[str]:
    """The junk by several processes; honest people come until all of it is sent, and after it."""
    sent = Counter[str]()
    # each process connects for itself
    connection.close()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=_quiet) as pool:
        left = {pool.submit(junk, slug, forms // PARTS) for _ in range(PARTS)}
        while left:
            done, left = wait(left, EVERY, ALL_COMPLETED)
            for part in done:
                sent.update(part.result())
            honest.come()
    honest.come()
    return sent


def _quiet() -> None:
    logging.disable(logging.WARNING)


def measure(forms: int) -> dict[str, object]:
    """Floods one office and looks what is there."""
    province.build(1)
    slug = "commune-0"
    office = directory.current().offices[slug].id
    honest = Honest(slug)
    junk(slug, 1)
    Response.objects.all().delete()
    before = _bytes()
    with province.Stopwatch() as watch:
        sent = _flood(slug, forms, honest)
    after = _bytes()
    not_finished = Response.objects.filter(office=office).exclude(state=State.FINISHED)
    people = {
        who: {
            "came": len(ids),
            "first page kept": honest.pages[who],
            "finish stored": honest.stored(who),
        }
        for who, ids in honest.sent.items()
    }
    rows = not_finished.count()
    claiming = not_finished.exclude(day=timezone.localdate()).count()
    with province.Stopwatch() as finishing:
        junk(slug, FINISHED, finished=True)
    each = (_bytes()["surveys_response"] - after["surveys_response"]) / FINISHED
    return {
        "junk ids sent": dict(sent),
        "seconds": round(watch.seconds),
        "rows kept of them": rows,
        "of these claim yesterday": claiming,
        "bytes before": before,
        "bytes after": after,
        "honest people": people,
        "finished junk": {
            "sent and stored": FINISHED,
            "seconds": round(finishing.seconds),
            "bytes each": round(each),
            "MB of half a million (extrapolated)": round(each * HALF_A_MILLION / 1e6),
        },
        "audit": _audit(office),
        "night": _night(office, honest),
    }


def _audit(office: int) -> dict[str, object]:
    """What the page of the audit says of the ceiling, and how often it was counted that day."""
    action = "flood.ceiling"
    with translation.override("en"):
        words = f"{ACTS[action]}"
    seen = Recurrence.objects.filter(action=action, office_id=office).values_list("size", flat=True)
    return {
        "words": words,
        "entries": Entry.objects.filter(action=action, office_id=office).count(),
        "times it was found full": sum(seen),
    }


def _night(office: int, honest: Honest) -> dict[str, object]:
    """What the night of the day holds, junk and honest people apart."""
    today = timezone.localdate()
    tomorrow = (timezone.localtime() + timedelta(days=1)).replace(hour=3, minute=0)
    with time_machine.travel(tomorrow, tick=False):
        steps.close(today)
        sum_up()
    everybody = {id_ for ids in honest.sent.values() for id_ in ids}
    held = Response.objects.filter(office=office, hold__isnull=False)
    return {
        "holds": {one.rule: one.forms for one in Hold.objects.filter(office=office)},
        "junk held": held.exclude(id__in=everybody).count(),
        "honest held": held.filter(id__in=everybody).count(),
    }


def table(found: Mapping[str, object], before: str = "") -> Iterator[str]:
    """The result, a line for each number."""
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield from table(value, f"{before}{name}: ")
        else:
            yield f"{before}{name}: {value}"


if __name__ == "__main__":
    _quiet()
    found = measure(province.how_many(100_000))
    for text in table(found):
        print(text)
    print(json.dumps({"benchmark": "junk", **found}))
