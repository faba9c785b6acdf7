"""Accounts as an app of Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """How officials sign in, and their sessions."""

    name = "accounts"
    verbose_name = _("accounts")
