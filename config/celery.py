"""The Celery application: one queue over Redis, tasks found in each app's `tasks.py`."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hailong")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def forget_inherited_connections(**_: Any) -> None:  # Any: Celery's signal arguments
    """A forked worker must not share its parent's database connections."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
