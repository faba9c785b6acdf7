"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    """See docs/architecture.md for what the app is for."""

    name = "offices"
    verbose_name = _("Offices and accounts")

    def ready(self) -> None:
        """What needs two persons is known from here on; who runs it hears of the calendar's end."""
        import_module("offices.dossiers.proposing")
        calendar_end = import_module("offices.calendar_end")
        checks.register(calendar_end.list_ends)
        checks.register(calendar_end.list_has_ended, deploy=True)
