"""Django's entry for the app."""

from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse

if TYPE_CHECKING:
    from reports.briefing.pages import Page


class OfficialsConfig(AppConfig):
    """The officials' site; it has no tables."""

    name = "officials"

    def ready(self) -> None:
        """What needs two persons is known from here on, and where letters lead to."""
        for kind in ("drafts", "exclusions", "outbox", "questionnaires", "tablets"):
            import_module(f"officials.approving.{kind}")
        import_module("reports.briefing.pages").register(_path)


def _path(page: "Page") -> str:
    return reverse(f"officials:{page.name}", args=page.args) + (page.asked and f"?{page.asked}")
