"""Waking workers for steps that are due. What is not woken, the next tick finds."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

from reports.night import leases

logger = logging.getLogger(__name__)
# More workers than this find nothing to do at once: a country has 34 provinces.
MOST = 40
EXPIRES = 120  # seconds; by then the next tick has asked again


def wake(most: int = MOST) -> bool:
    """Asks for one worker for each step that is due; False if the queue cannot be reached."""
    try:
        for _ in range(min(leases.count_due(), most)):
            current_app.send_task("reports.tasks.run_step", expires=EXPIRES, retry=False)
    except OperationalError as error:
        logger.warning("the queue cannot be reached; the next tick goes on: %s", error)
        return False
    return True
