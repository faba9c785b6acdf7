"""Settings, addresses and the Celery application; nothing here knows the domain.

It may name the views it leads to and nothing else of the apps. Start reading at `settings`.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
