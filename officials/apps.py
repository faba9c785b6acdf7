"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig


class OfficialsConfig(AppConfig):
    """The officials' site; it has no tables."""

    name = "officials"

    def ready(self) -> None:
        """What needs two persons is known from here on."""
        for kind in ("drafts", "exclusions", "outbox", "questionnaires", "tablets"):
            import_module(f"officials.approving.{kind}")
