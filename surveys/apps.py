"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """See docs/architecture.md for what the app is for."""

    name = "surveys"
    verbose_name = _("Questionnaires and answers")

    def ready(self) -> None:
        """What needs two persons is known from here on."""
        for room in ("devices", "exclusions", "questionnaires"):
            import_module(f"surveys.{room}.proposing")
