"""The demonstration's first night: two years of 70 offices, closed on all cores at once.

By what the night does for one office; workers do it side by side in the same way.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial

import django
from django.db import connections

from reports.models import Night
from reports.night import steps


def close(day: date, processes: int = 1) -> Night:
    """As `steps.close`, but the offices in so many processes."""
    if processes > 1:
        steps.begin(day)
        steps.run_next()  # the first: settles, and sets the levels by which offices are judged
        offices = steps.offices_to_close(day)
        connections.close_all()
        anew = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=anew, initializer=django.setup) as pool:
            list(pool.map(partial(_close_office, day), offices))  # raises what one of them raises
    return steps.close(day)


def _close_office(day: date, office: int) -> None:
    steps.close_office(office, day)
