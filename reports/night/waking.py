"""Waking workers for steps and reports that are due. What is not woken, the next tick finds."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

from reports.night import leases, papers

logger = logging.getLogger(__name__)
# More workers than this find nothing to do at once: a country has 34 provinces.
MOST = 40
EXPIRES = 120  # seconds; by then the next tick has asked again


def wake_makers(most: int = papers.MAKERS) -> None:
    """Asks for makers of reports, where any wait."""
    if papers.are_waiting():
        _send("reports.tasks.make_papers", most)


def wake(most: int = MOST) -> bool:
    """Asks for one worker for each step that is due; False if the queue cannot be reached."""
    return _send("reports.tasks.run_step", min(leases.count_due(), most))


def _send(task: str, times: int) -> bool:
    try:
        for _ in range(times):
            current_app.send_task(task, expires=EXPIRES, retry=False)
    except OperationalError as error:
        logger.warning("the queue cannot be reached; the next tick goes on: %s", error)
        return False
    return True
