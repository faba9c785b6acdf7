"""Names under which work waits in the queue: a worker of the version before must know them."""

import pytest
from celery.signals import worker_process_shutdown
from django.db import connection

from config.celery import app

# Those of 0.1.0, and the night's since. A name that goes stays one version longer as an alias.
NAMES = {
    "reports.tasks.count_marked",
    "reports.tasks.nightly",
    "reports.tasks.close_offices",
    "reports.tasks.finish_night",
    "reports.tasks.run_step",
    "reports.tasks.send_reminders",
    "reports.tasks.tick",
    "surveys.tasks.settle",
    "surveys.tasks.delete_contacts",
    "surveys.tasks.destroy_keys",
    "surveys.tasks.send_invitations",
}


def test_tasks_keep_the_names_under_which_they_wait() -> None:
    app.loader.import_default_modules()
    assert set(app.tasks) >= NAMES


def test_the_clock_asks_for_tasks_that_there_are() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


@pytest.mark.django_db(transaction=True)
def test_a_process_of_the_pool_closes_its_connections_when_it_ends() -> None:
    connection.ensure_connection()
    worker_process_shutdown.send(sender=None, pid=1, exitcode=0)
    assert connection.connection is None


def test_a_task_goes_back_to_the_queue_when_its_process_dies_and_not_while_it_runs() -> None:
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_acks_late
    # the first count of a country took 1,285 s
    assert app.conf.broker_transport_options["visibility_timeout"] > 10 * 1285


def test_what_is_away_for_a_night_is_waited_for() -> None:
    assert app.conf.broker_connection_max_retries is None
