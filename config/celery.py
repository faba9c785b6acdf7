"""The Celery application: one queue over Redis, tasks found in each app's `tasks.py`."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun, worker_process_init, worker_process_shutdown
from django.db import connections

from audit.actors import Actor, become

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hailong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def forget_inherited_connections(**_: Any) -> None:  # Any: Celery's signal arguments
    """A forked worker must not share its parent's database connections."""
    _close_connections()


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def close_pool(**_: Any) -> None:  # Any: Celery's signal arguments
    """A worker's process that ends says so to the server."""
    _close_connections()


@task_prerun.connect  # type: ignore[untyped-decorator]
def name_the_task(task: Any, **_: Any) -> None:  # Any: Celery's signal arguments
    """What a task does stands under its name in the audit."""
    become(Actor(f"task {task.name}"))


def _close_connections() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
