"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    """See docs/architecture.md for what the app is for."""

    name = "offices"
    verbose_name = _("Offices and accounts")

    def ready(self) -> None:
        """What needs two persons is known from here on."""
        import_module("offices.dossiers.proposing")
