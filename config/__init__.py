"""Settings, addresses and the Celery application; nothing here knows the domain."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
