"""Django's entry for the app."""

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """See docs/architecture.md for what the app is for."""

    name = "offices"
