"""The demonstration's first night: two years of 70 offices, closed on all cores at once.

By what the night does for one office; workers do it side by side in the same way.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial

import django
from django.db import connections

from reports.models import NightStep
from reports.night import steps


def close_first(day: date, processes: int = 1) -> None:
    """Closes a day and all before it, the offices in so many processes, and leaves the rest.

    Of the rest, such as the proof, the next night does all, as after any night that was cut short.
    Raises an ExceptionGroup with whatever failed.
    """
    night = steps.begin(day)
    for ran in steps.run_all(night):
        if ran.parts.failures:
            raise ExceptionGroup(f"the night of {day}", [one for _, one in ran.parts.failures])
        if ran.step.name == NightStep.Name.BEGIN and processes > 1:
            # which set the levels by which offices are judged
            _close_offices(day, processes)
        night.refresh_from_db()
        if night.closed_at is not None:
            return


def _close_offices(day: date, processes: int) -> None:
    offices = steps.offices_to_close(day)
    connections.close_all()
    anew = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=anew, initializer=django.setup) as pool:
        list(pool.map(partial(_close_office, day), offices))  # raises what one of them raises


def _close_office(day: date, office: int) -> None:
    steps.close_office(office, day)


@contextmanager
def beside(work: Callable[[], None], processes: int) -> Iterator[None]:
    """Does some work on a connection of its own meanwhile; nothing where there is one process.

    Raises what the work raised, once what it stands beside is done.
    """
    if processes < 2:
        yield
        return

    def alone() -> None:
        try:
            work()
        finally:
            connections.close_all()  # this thread's

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(alone)
        yield
        working.result()
