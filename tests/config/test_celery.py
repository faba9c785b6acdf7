"""Names under which work waits in the queue: a worker of the version before must know them."""

from config.celery import app

# Those of 0.1.0. A name that goes stays one version longer as an alias.
NAMES = {
    "reports.tasks.count_marked",
    "reports.tasks.nightly",
    "reports.tasks.close_offices",
    "reports.tasks.finish_night",
    "surveys.tasks.settle",
    "surveys.tasks.delete_contacts",
    "surveys.tasks.destroy_keys",
}


def test_tasks_keep_the_names_under_which_they_wait() -> None:
    app.loader.import_default_modules()
    assert set(app.tasks) >= NAMES


def test_the_clock_asks_for_tasks_that_there_are() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
