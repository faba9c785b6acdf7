"""A night of the country: 60,000 new answers, 34 provincial reports, a letter to each province.

    python -m benchmarks night 3000000

Three months of responses at 3,355 offices are counted and closed first. Then everybody of a working
day comes, and the product's own night runs in one process: seconds and CPU seconds of each of its
steps, those of the reports of the provinces and the country (PDF and XLSX, of the quarter), the
letters a real SMTP server took, and the greatest memory. The floor is the answers of that day read
and counted by numpy alone, in the same run.
"""

import json
import resource
import socket
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from aiosmtpd.controller import Controller
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import override_settings

from benchmarks.measures import province
from benchmarks.measures.country import (
    ARRIVE,
    COMMUNES,
    FIRST,
    LAST,
    NEW,
    PROVINCES,
    build,
    floor,
)
from benchmarks.measures.pages import CLOSES
from demo.simulation import load
from offices.models import AdministrativeUnit, Membership
from reports.briefing.subscribing import subscribe
from reports.models import Paper, Period
from reports.night import nights, papers, steps

DAY = date(2026, 10, 12)  # the first working day after the closing
Level = AdministrativeUnit.Level


class _Box:
    """Takes every letter."""

    def __init__(self) -> None:
        self.letters = 0

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        """Any: aiosmtpd's."""
        self.letters += 1
        return "250 OK"


@contextmanager
def _mail() -> Iterator[_Box]:
    box = _Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(
            EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_USE_TLS=False
        ):
            yield box
    finally:
        server.stop()


def _readers() -> None:
    """An officer of every province who asked for the letter of the night."""
    for unit in AdministrativeUnit.objects.filter(level=Level.PROVINCE):
        user = get_user_model().objects.create_user(f"o{unit.pk}", f"o{unit.pk}@example.vn")
        Membership.objects.create(user=user, role=Membership.Role.PROVINCIAL_OFFICER, unit=unit)
        subscribe(user)


def _run() -> dict[str, dict[str, float]]:
    """Runs the night's steps; seconds and CPU seconds of each kind, and how many there were."""
    found: dict[str, dict[str, float]] = defaultdict(lambda: {"steps": 0, "s": 0.0, "cpu_s": 0.0})
    wall, cpu = time.perf_counter(), time.process_time()
    for ran in steps.run_all(nights.start(DAY)):
        if ran.parts.failures:
            raise AssertionError(f"the night failed: {ran.parts.failures}")
        of = found[str(ran.step.name)]
        of["steps"] += 1
        of["s"] += time.perf_counter() - wall
        of["cpu_s"] += time.process_time() - cpu
        wall, cpu = time.perf_counter(), time.process_time()
    return {name: {key: round(value, 2) for key, value in of.items()} for name, of in found.items()}


def _papers() -> dict[str, float]:
    """The reports of the quarter of the provinces and the country, as the workers make them."""
    theirs = Paper.objects.filter(
        unit__level__in=(Level.PROVINCE, Level.COUNTRY), period=Period.QUARTER
    ).select_related("unit")
    wall, cpu = time.perf_counter(), time.process_time()
    for paper in theirs:
        papers.make(paper)
    made = theirs.filter(state=Paper.State.MADE).count()
    return {
        "reports": made,
        "s": round(time.perf_counter() - wall, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
    }


def measure(responses: int) -> dict[str, object]:
    """Builds, loads, counts and closes; then a working day, its night, reports and letters."""
    build()
    load(province.plan(FIRST, LAST), responses, seed=1)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE surveys_response")
    steps.count_marked()
    steps.close(CLOSES)
    _readers()
    each = NEW // (PROVINCES + COMMUNES) + 1
    with connection.cursor() as cursor:
        cursor.execute(ARRIVE, {"day": DAY, "since": LAST.replace(day=1), "each": each})
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM surveys_response WHERE day = %s", [DAY])
        (arrived,) = cursor.fetchone()
    reading = floor(DAY)
    wall, cpu = time.perf_counter(), time.process_time()
    with _mail() as box:
        by_step = _run()
    night = {
        "s": round(time.perf_counter() - wall, 1),
        "cpu_s": round(time.process_time() - cpu, 1),
    }
    made = _papers()
    return {
        "responses": responses,
        "new_responses": arrived,
        "floor_cpu_s": reading,
        "night": night,
        "ratio_to_floor": round(night["cpu_s"] / max(reading, 0.01), 1),
        "steps": by_step,
        "reports": made,
        "letters": box.letters,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"benchmark": "night", **measure(province.how_many(300_000))}, indent=1))
