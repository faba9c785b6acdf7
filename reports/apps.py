"""Django's entry for the app."""

from importlib import import_module

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _

from offices.closing import told_by


class ReportsConfig(AppConfig):
    """See docs/architecture.md for what the app is for."""

    name = "reports"
    verbose_name = _("Figures and releases")

    def ready(self) -> None:
        """Tells rooms that know no nights what these have closed; what needs two persons."""
        closing = import_module("reports.counting.closing")
        told_by(closing.months_through)
        for room in ("reports.release.proposing", "reports.release.public", "reports.mergers"):
            import_module(room)
        # settings are checked once there are models to check them by
        checks.register(import_module("reports.showing.policy").roles_are_known)
