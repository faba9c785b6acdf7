"""What Celery runs for reports: the count every few seconds, and the steps of the night.

What is to be done stands in PostgreSQL; a task only says that somebody should look. Lost, doubled
or late, it changes nothing.
"""

from celery import shared_task

from audit import chain
from reports.briefing import reminding
from reports.models import NightStep
from reports.night import nights, papers, steps, watching
from reports.night.waking import wake, wake_makers

# Celery has no types, so its decorator is untyped.


@shared_task(name="reports.tasks.count_marked")  # type: ignore[untyped-decorator]
def count_marked() -> None:
    """Counts every office that is marked."""
    steps.count_marked()


@shared_task(name="reports.tasks.tick")  # type: ignore[untyped-decorator]
def tick() -> None:
    """Makes the night that is due, and wakes workers for whatever is left of any night."""
    watching.watch_marks()
    nights.make_due()
    wake()
    wake_makers()
    chain.seal()  # of triggers, and of processes that were killed before they did


@shared_task(name="reports.tasks.run_step")  # type: ignore[untyped-decorator]
def run_step() -> None:
    """Runs one step that is due, and wakes whoever may run the next ones.

    Without a queue this process goes on by itself.
    """
    while ran := steps.run_next():
        wake_makers()  # once the last step is over
        # now there are steps for many; after others, each runner asks for its own successor
        if wake() if ran.step.name == NightStep.Name.BEGIN else wake(1):
            return


@shared_task(name="reports.tasks.make_papers")  # type: ignore[untyped-decorator]
def make_papers() -> None:
    """Makes a portion of the reports that wait; the next one stands behind whatever else is due."""
    if papers.make_some():
        wake_makers(1)


@shared_task(name="reports.tasks.send_reminders", expires=60.0)  # type: ignore[untyped-decorator]
def send_reminders() -> None:
    """Sends the mails that somebody above asked to be sent to heads of offices."""
    reminding.send_reminders()


# Names of 0.1.0, which may still wait in a queue; what they began, the tick goes on with.


@shared_task(name="reports.tasks.nightly")  # type: ignore[untyped-decorator]
def nightly(day: str | None = None) -> None:
    """Does what the tick does."""
    tick()


@shared_task(name="reports.tasks.close_offices")  # type: ignore[untyped-decorator]
def close_offices(day: str, offices: list[int]) -> None:
    """Does what the tick does."""
    tick()


@shared_task(name="reports.tasks.finish_night")  # type: ignore[untyped-decorator]
def finish_night(closed: list[None], day: str) -> None:
    """Does what the tick does."""
    tick()
