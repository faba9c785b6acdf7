"""Accounts as an app of Django."""

from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """How officials sign in, and their sessions."""

    name = "accounts"
    verbose_name = _("accounts")

    def ready(self) -> None:
        """Connects what ends sessions; Django's administration gets no way in of its own."""
        from allauth.account.decorators import secure_admin_login

        from accounts import signals  # noqa: F401

        # rows of second factors and providers are changed on our pages, with their safeguards
        for model in list(admin.site._registry):
            if model.__module__.startswith("allauth."):
                admin.site.unregister(model)
        admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
