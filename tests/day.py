"""The day of the tests, fixed before the first of them is read.

Every test begins at the same moment, from which the clock of this process goes on: a suite that
runs across midnight in Việt Nam stays on one day. `--today 2026-12-31T23:59` chooses the moment.
What drives another program, such as Chromium or a worker, shares a clock with it: the real one.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta, timezone

import time_machine

VIETNAM = timezone(timedelta(hours=7))
MORNING = time(10)  # far from midnight, whatever a test takes
LONGEST = timedelta(minutes=3)  # what a test with the real clock takes at most


def real_now() -> datetime:
    """What the clock of this machine says, in Việt Nam."""
    if not time_machine.escape_hatch.is_travelling():
        return datetime.now(VIETNAM)
    return time_machine.escape_hatch.datetime.datetime.now(VIETNAM)


def moment(asked: str | None) -> datetime:
    """The moment asked for, as `2026-12-31T23:59`; else this morning. Raises ValueError."""
    if asked is None:
        return datetime.combine(real_now().date(), MORNING, VIETNAM)
    return datetime.fromisoformat(asked).replace(tzinfo=VIETNAM)


def until_tomorrow(now: datetime) -> float:
    """Seconds to wait so that a test with the real clock has one day; 0 when midnight is far."""
    later = now + LONGEST
    if later.date() == now.date():
        return 0
    return (datetime.combine(later.date(), time(), VIETNAM) - now).total_seconds()


@contextmanager
def real_clock() -> Iterator[None]:
    """The clock of this machine, on one day."""
    threading.Event().wait(until_tomorrow(real_now()))
    with time_machine.travel(real_now().astimezone(UTC), tick=True):
        yield
