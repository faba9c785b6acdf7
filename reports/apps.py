"""Django's entry for the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """See docs/architecture.md for what the app is for."""

    name = "reports"
    verbose_name = _("Figures and releases")
