"""The audit as an app of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The table of who did what."""

    name = "audit"
    verbose_name = _("audit")
